"""A folder of files and a library that meet for the first time: what both have is there once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sync.worlds import Colleague, Desk, make_sandbox

from zotsync.bibliography.batches import replace_files
from zotsync.sync.applying import rekeying

BOOK = 'itemType = "book"\ntitle = "{title}"\ndate = "2020"\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "a", make_sandbox())


@pytest.fixture
def colleague(desk: Desk) -> Colleague:
    return Colleague(desk.sandbox)


def by_doi(title: str, doi: str, more: str = "") -> str:
    return f'itemType = "journalArticle"\ntitle = "{title}"\nDOI = "{doi}"\n{more}'


def titles(colleague: Colleague) -> list[str]:
    return sorted(fields["title"] for fields in colleague.library().values())


def test_a_file_that_zotero_has_already_gets_its_key_and_is_merged(
    desk: Desk, colleague: Colleague
) -> None:
    key = colleague.make("journalArticle", title="Le pair aidant", DOI="10.1234/abc", volume="3")
    path = desk.write("pair", "# mine\n" + by_doi("Le pair aidant", "10.1234/ABC", 'issue = "7"\n'))
    desk.sync()
    text = path.read_text(encoding="utf-8")
    assert f'key = "{key}"' in text
    assert "# mine" in text
    assert 'volume = "3"' in text
    assert titles(colleague) == ["Le pair aidant"]
    assert colleague.item(key)["issue"] == "7"


def test_where_they_differ_that_field_is_a_conflict_and_nothing_is_lost(
    desk: Desk, colleague: Colleague
) -> None:
    key = colleague.make("journalArticle", title="Le pair aidant", DOI="10.1234/abc", volume="3")
    desk.write("pair", by_doi("Le pair aidant", "10.1234/abc", 'volume = "4"\n'))
    outcome = desk.sync()
    assert [(c.key, c.field) for c in outcome.conflicts] == [(key, "volume")]
    assert colleague.item(key)["volume"] == "3"


def test_what_only_looks_alike_is_another_item(desk: Desk, colleague: Colleague) -> None:
    colleague.make("journalArticle", title="Le pair aidant", DOI="10.1234/abc")
    desk.write("pair", by_doi("Le pair aidant", "10.1234/other"))
    desk.sync()
    assert titles(colleague) == ["Le pair aidant", "Le pair aidant"]


def test_two_files_never_become_one_item(desk: Desk, colleague: Colleague) -> None:
    colleague.make("journalArticle", title="Le pair aidant", DOI="10.1234/abc")
    for name in ("un", "deux"):
        desk.write(name, by_doi("Le pair aidant", "10.1234/abc"))
    desk.sync()
    assert len(colleague.library()) == 2


def test_an_item_that_has_a_file_is_not_given_to_another(desk: Desk, colleague: Colleague) -> None:
    key = colleague.make("journalArticle", title="Le pair aidant", DOI="10.1234/abc")
    desk.write("un", f'key = "{key}"\n' + by_doi("Le pair aidant", "10.1234/abc"))
    desk.write("deux", by_doi("Le pair aidant", "10.1234/abc"))
    desk.sync()
    assert len(colleague.library()) == 2


def test_what_is_in_the_trash_is_not_brought_back(desk: Desk, colleague: Colleague) -> None:
    key = colleague.make("journalArticle", title="Le pair aidant", DOI="10.1234/abc")
    colleague.trash(key)
    desk.write("pair", by_doi("Le pair aidant", "10.1234/abc"))
    desk.sync()
    assert colleague.item(key)["deleted"]
    assert len(colleague.library()) == 1


def test_after_the_first_agreement_a_new_file_is_a_new_item(
    desk: Desk, colleague: Colleague
) -> None:
    colleague.make("journalArticle", title="Le pair aidant", DOI="10.1234/abc")
    desk.sync()
    colleague.make("journalArticle", title="Autre", DOI="10.1234/new")
    desk.write("copie", by_doi("Autre", "10.1234/new"))
    desk.sync()
    assert titles(colleague) == ["Autre", "Autre", "Le pair aidant"]


def test_collections_of_one_path_are_one(desk: Desk, colleague: Colleague) -> None:
    shelf = colleague.collection("Pair-aidance")
    desk.write(
        "pair", by_doi("Nouveau", "10.1234/abc", 'collections = ["Pair-aidance/Articles"]\n')
    )
    desk.workspace.collections.parent.mkdir(parents=True, exist_ok=True)
    desk.workspace.collections.write_text('"Pair-aidance" = "FREMDE23"\n', encoding="utf-8")
    desk.sync()
    lines = desk.workspace.collections.read_text(encoding="utf-8")
    assert f'"Pair-aidance" = "{shelf}"' in lines
    assert "FREMDE23" not in lines


# Files from another library


def rekeyed(desk: Desk) -> int:
    with desk.library() as library, desk.engine(library) as engine:
        return engine.rekey()


def from_elsewhere(desk: Desk) -> None:
    """Write an item, a note below it and a handout, with keys of another library."""
    desk.write("pair", 'key = "FREMDE23"\n' + by_doi("Le pair aidant", "10.1234/abc"))
    desk.write(
        "note",
        'key = "FREMDE24"\nitemType = "note"\nparentItem = "FREMDE23"\nnote = "<p>n</p>"\n',
    )
    desk.workspace.handouts.mkdir(parents=True, exist_ok=True)
    handout = desk.workspace.handouts / "x.toml"
    handout.write_text('title = "x"\nexclude = ["FREMDE23"]\n', encoding="utf-8")


def stopping_after(calls: int) -> Callable[..., object]:
    """Return what writes so many times, and then stops as somebody who presses Ctrl-C."""
    left = [calls]

    def write(*words: Any) -> object:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return replace_files(*words)

    return write


def test_stopped_at_any_file_it_ends_as_if_it_had_not_been(
    desk: Desk, colleague: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = colleague.make("journalArticle", title="Le pair aidant", DOI="10.1234/abc")
    from_elsewhere(desk)
    for calls in (0, 1):  # before the note is written, and between the note and its item
        with monkeypatch.context() as patched:
            patched.setattr(rekeying, "replace_files", stopping_after(calls))
            with pytest.raises(KeyboardInterrupt):
                rekeyed(desk)
    rekeyed(desk)
    outcome = desk.sync()
    assert outcome.exit_code == 0
    assert set(colleague.library()) == {key, "FREMDE24"}
    assert colleague.item("FREMDE24")["parentItem"] == key
    handout = (desk.workspace.handouts / "x.toml").read_text(encoding="utf-8")
    assert f'exclude = ["{key}"]' in handout


def test_once_both_sides_have_agreed_keys_stay(desk: Desk, colleague: Colleague) -> None:
    colleague.make("journalArticle", title="Un autre", DOI="10.1234/other")
    desk.sync()
    colleague.make("journalArticle", title="Le pair aidant", DOI="10.1234/abc")
    from_elsewhere(desk)
    assert rekeyed(desk) == 0
