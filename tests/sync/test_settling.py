"""`resolve` as an edit of files: what was shown holds, nothing is written by half (SYNC §8)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sync.worlds import Colleague, Desk, make_sandbox

from zotsync.bibliography.folder import replace_file
from zotsync.errors import FileError
from zotsync.sync.engine import Settled
from zotsync.sync.trees import Conflict, NoticeKind


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "a", make_sandbox())


@pytest.fixture
def colleague(desk: Desk) -> Colleague:
    return Colleague(desk.sandbox)


def clash(desk: Desk, colleague: Colleague, title: str = "Base") -> str:
    """Return an item whose title is `title` in the base, `Ici` here and `Là` in Zotero."""
    key = colleague.make(title=title)
    desk.sync()
    colleague.change(key, title="Là")
    desk.edit(key, f'"{title}"', '"Ici"')
    return key


def seen(desk: Desk) -> tuple[Conflict, ...]:
    """Return the conflicts as `resolve` shows them: as Zotero has them now; no file is written."""
    return desk.preview().conflicts


def settle(desk: Desk, shown: tuple[Conflict, ...], choice: Any) -> int:
    with desk.engine(None) as engine:
        return engine.resolve({c.key_and_field: choice for c in shown}, shown)


@pytest.mark.parametrize(("side", "title"), [("local", "Ici"), ("remote", "Là")])
def test_a_conflict_is_settled_before_any_sync_has_marked_the_file(
    desk: Desk, colleague: Colleague, side: str, title: str
) -> None:
    key = clash(desk, colleague)
    assert settle(desk, seen(desk), side) == 1
    assert desk.sync().exit_code == 0
    assert colleague.item(key)["title"] == desk.fields()[key]["title"] == title


@pytest.mark.parametrize(("side", "title"), [("local", "Ici"), ("remote", "Là encore")])
def test_the_newest_value_is_what_was_shown(
    desk: Desk, colleague: Colleague, side: str, title: str
) -> None:
    key = clash(desk, colleague)
    desk.sync()
    colleague.change(key, title="Là encore")
    shown = seen(desk)
    assert [c.zotero for c in shown] == ["Là encore"]
    settle(desk, shown, side)
    assert desk.sync().exit_code == 0
    assert colleague.item(key)["title"] == desk.fields()[key]["title"] == title


def test_what_changed_here_since_it_was_shown_stays_open(desk: Desk, colleague: Colleague) -> None:
    key = clash(desk, colleague)
    desk.sync()
    shown = seen(desk)
    desk.edit(key, '"Ici"', '"Ici encore"')
    text = desk.file_of(key).read_text(encoding="utf-8")
    assert settle(desk, shown, "remote") == 0
    assert desk.file_of(key).read_text(encoding="utf-8") == text


def test_another_conflict_of_the_same_item_keeps_its_table(
    desk: Desk, colleague: Colleague
) -> None:
    key = clash(desk, colleague)
    colleague.change(key, place="Là-bas")
    desk.edit(key, 'title = "Ici"', 'title = "Ici"\nplace = "Ici même"')
    shown = tuple(c for c in seen(desk) if c.field == "title")
    settle(desk, shown, "local")
    assert "[conflict.place]" in desk.file_of(key).read_text(encoding="utf-8")
    assert [c.field for c in desk.sync().conflicts] == ["place"]
    assert colleague.item(key)["title"] == "Ici"


def test_a_file_that_cannot_be_amended_stops_all_of_it(desk: Desk, colleague: Colleague) -> None:
    good = clash(desk, colleague, "Un")
    bad = clash(desk, colleague, "Deux")
    desk.sync()
    before = desk.file_of(good).read_text(encoding="utf-8")
    shown = seen(desk)
    stray = desk.file_of(bad)
    stray.write_text(stray.read_text(encoding="utf-8") + 'place = "X"\n', encoding="utf-8")
    with pytest.raises(FileError):
        settle(desk, shown, "remote")
    assert desk.file_of(good).read_text(encoding="utf-8") == before


@pytest.mark.parametrize("stop", ["before", "after"])
def test_stopped_around_the_write_it_is_asked_again_and_nothing_is_lost(
    desk: Desk, colleague: Colleague, monkeypatch: pytest.MonkeyPatch, stop: str
) -> None:
    key = clash(desk, colleague)
    shown = seen(desk)

    def broken(*args: Any) -> Any:
        if stop == "after":
            replace_file(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr("zotsync.sync.applying.settling.replace_file", broken)
    with pytest.raises(KeyboardInterrupt):
        settle(desk, shown, Settled("Un troisième"))
    monkeypatch.undo()
    assert desk.sync().exit_code == 3
    assert colleague.item(key)["title"] == "Là"
    assert desk.fields()[key]["title"] == ("Un troisième" if stop == "after" else "Ici")


def test_zotero_s_trash_taken_as_the_answer_moves_the_file_to_the_trash(
    desk: Desk, colleague: Colleague
) -> None:
    key = colleague.make(title="T")
    other = Desk(desk.root.parent / "b", desk.sandbox, seed=1)
    desk.sync()
    other.write("t", desk.file_of(key).read_text(encoding="utf-8").replace('"T"', '"Autre"'))
    colleague.trash(key)
    shown = seen(other)
    assert [(c.field, c.zotero) for c in shown] == [("deleted", "trashed")]
    assert settle(other, shown, "remote") == 1
    assert [p.name for p in other.workspace.trash.iterdir()] == ["t.toml"]
    assert other.sync().exit_code == 0
    assert other.fields() == {}
    assert colleague.item(key)["deleted"]


def test_a_collection_that_was_never_agreed_on_is_settled_too(
    desk: Desk, colleague: Colleague
) -> None:
    key = colleague.collection("Là")
    desk.workspace.collections.write_text(f'"Ici" = "{key}"\n', encoding="utf-8")
    shown = seen(desk)
    assert [(c.field, c.base, c.local, c.zotero) for c in shown] == [("name", "", "Ici", "Là")]
    assert settle(desk, shown, "local") == 1
    assert desk.sync().exit_code == 0
    assert colleague.get(f"/collections/{key}")["data"]["name"] == "Ici"


# What is settled in a file is told before it is sent


def test_a_table_that_went_is_told_with_what_zotero_loses(desk: Desk, colleague: Colleague) -> None:
    key = clash(desk, colleague)
    path = desk.file_of(key)
    unseen = path.read_text(encoding="utf-8")
    desk.sync()
    path.write_text(unseen, encoding="utf-8")  # from the memory of an editor that never saw it
    told = [n for n in desk.preview(dry_run=True).notices if n.what is NoticeKind.SETTLED_HERE]
    assert [(n.fields, n.detail) for n in told] == [(("title",), {"title": "Là"})]
    assert colleague.item(key)["title"] == "Là"
    outcome = desk.sync()
    assert NoticeKind.SETTLED_HERE in {n.what for n in outcome.notices}
    assert colleague.item(key)["title"] == "Ici"
    assert not desk.sync().notices


def test_taking_zotero_s_value_is_no_loss_and_not_told(desk: Desk, colleague: Colleague) -> None:
    clash(desk, colleague)
    desk.sync()
    desk.settle("remote")
    assert not desk.sync().notices
