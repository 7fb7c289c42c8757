"""A folder of files and a library that meet for the first time: what both have is there once."""

from __future__ import annotations

from pathlib import Path

import pytest
from sync.worlds import Colleague, Desk, make_sandbox

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
