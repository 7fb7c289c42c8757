"""Guards: what stops a run before anything is written, on either side (SYNC §7, §9)."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import httpx2
import pytest
from sync.worlds import GROUP, URL, Colleague, Desk, make_sandbox

from zotsync.config import Config
from zotsync.errors import UnsafeError, ZotsyncError
from zotsync.sync.deciding.guards import too_many_changes, too_many_deletions
from zotsync.sync.engine import Engine, Options


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "a", make_sandbox())


@pytest.fixture
def colleague(desk: Desk) -> Colleague:
    return Colleague(desk.sandbox)


def many(desk: Desk, colleague: Colleague, count: int) -> list[str]:
    """Return the keys of `count` synced items."""
    keys = [colleague.make(title=f"T{n:02}") for n in range(count)]
    desk.sync()
    return keys


def both_sides(desk: Desk, colleague: Colleague) -> tuple[object, ...]:
    """Return everything that a stopped run must leave as it is."""
    tree = desk.workspace.collections.read_text(encoding="utf-8")
    items = colleague.get("/items", limit=100, includeTrashed=1)
    return desk.files(), tree, items, colleague.get("/collections", limit=100)


def refused(desk: Desk, colleague: Colleague) -> UnsafeError:
    """Assert that a sync is refused as unsafe and has written nothing."""
    before = both_sides(desk, colleague)
    with pytest.raises(UnsafeError) as told:
        desk.sync()
    assert both_sides(desk, colleague) == before
    assert told.value.exit_code == 4
    return told.value


# Bounds


@pytest.mark.parametrize(
    ("count", "of", "suspicious"),
    [
        (2, 2, False),
        (3, 3, True),
        (3, 4, False),
        (5, 6, False),
        (6, 7, True),
        (5, 20, False),
        (6, 20, True),
        (6, 24, False),
        (25, 100, False),
        (26, 100, True),
        (100, 400, False),
        (101, 400, True),
        (100, 10_000, False),
        (101, 10_000, True),
    ],
)
def test_deletions_are_bounded_by_5_by_25_percent_and_by_100(
    count: int,
    of: int,
    suspicious: bool,  # noqa: FBT001
) -> None:
    assert too_many_deletions(count, of) is suspicious


@pytest.mark.parametrize(
    ("count", "of", "suspicious"),
    [(20, 20, False), (21, 21, True), (25, 100, False), (26, 100, True), (2_500, 10_000, False)],
)
def test_overwritten_items_are_bounded_by_20_and_by_25_percent(
    count: int,
    of: int,
    suspicious: bool,  # noqa: FBT001
) -> None:
    assert too_many_changes(count, of) is suspicious


# Deletions


def test_too_many_deletions_here_are_refused_by_name(desk: Desk, colleague: Colleague) -> None:
    keys = many(desk, colleague, 12)
    for key in keys[:6]:
        desk.file_of(key).unlink()
    error = refused(desk, colleague)
    assert "6 of 12 would go to Zotero's trash" in str(error)
    named = [f"T{number:02}" for number in range(6) if f"T{number:02}" in str(error)]
    assert len(named) == 5
    assert "and 1 more" in str(error)
    assert "--allow-mass-delete" in error.problem.hint
    desk.sync(allow_mass_delete=True)
    assert len(colleague.library()) == 6


def test_five_deletions_here_go_through(desk: Desk, colleague: Colleague) -> None:
    keys = many(desk, colleague, 12)
    for key in keys[:5]:
        desk.file_of(key).unlink()
    assert desk.sync().exit_code == 0
    assert len(colleague.library()) == 7


def test_too_many_deletions_there_are_refused(desk: Desk, colleague: Colleague) -> None:
    keys = many(desk, colleague, 12)
    for key in keys[:6]:
        colleague.trash(key)
    error = refused(desk, colleague)
    assert "6 of 12 would go to the trash here" in str(error)
    desk.sync(allow_mass_delete=True)
    assert len(desk.files()) == 6


def test_all_of_three_are_too_many_and_all_of_two_are_not(desk: Desk, colleague: Colleague) -> None:
    keys = many(desk, colleague, 3)
    for key in keys:
        colleague.erase(key)
    refused(desk, colleague)
    other = Desk(desk.root.parent / "b", make_sandbox())
    there = Colleague(other.sandbox)
    for key in many(other, there, 2):
        there.erase(key)
    assert other.sync().exit_code == 0
    assert other.files() == {}


def test_a_long_list_of_names_is_cut(desk: Desk, colleague: Colleague) -> None:
    keys = many(desk, colleague, 30)
    for key in keys[:25]:
        desk.file_of(key).unlink()
    lines = refused(desk, colleague).problem.message.splitlines()
    assert sum(line.startswith("  - ") for line in lines) == 5
    assert "and 20 more" in lines[-1]


def test_collections_are_counted_too(desk: Desk, colleague: Colleague) -> None:
    keys = {f"C{n}": colleague.collection(f"C{n}") for n in range(8)}
    item = colleague.make(title="T")
    desk.sync()
    lines = "".join(f'"C{n}" = "{keys[f"C{n}"]}"\n' for n in (6, 7))
    desk.workspace.collections.write_text(lines, encoding="utf-8")
    error = refused(desk, colleague)
    assert "6 of 8" in str(error)
    assert "C5" in str(error)
    desk.sync(allow_mass_delete=True)
    assert sorted(desk.collections()) == ["C6", "C7"]
    assert item in colleague.library()


def test_an_emptied_tree_of_three_is_refused(desk: Desk, colleague: Colleague) -> None:
    for name in ("Alpha", "Beta", "Gamma"):
        colleague.collection(name)
    desk.sync()
    desk.workspace.collections.write_text("", encoding="utf-8")
    refused(desk, colleague)


# Nothing there


def test_an_empty_folder_is_refused_with_names(desk: Desk, colleague: Colleague) -> None:
    many(desk, colleague, 1)
    desk.path("t00").unlink()
    error = refused(desk, colleague)
    assert "is empty" in str(error)
    assert "T00" in str(error)
    desk.sync(allow_mass_delete=True)
    assert colleague.library() == {}


def test_a_missing_folder_is_refused(desk: Desk, colleague: Colleague) -> None:
    many(desk, colleague, 1)
    shutil.rmtree(desk.workspace.items)
    error = refused(desk, colleague)
    assert "is not there" in str(error)
    assert "--allow-mass-delete" in error.problem.hint
    desk.sync(allow_mass_delete=True)
    assert colleague.library() == {}


def test_an_empty_folder_is_fine_where_nothing_was_agreed_on(
    desk: Desk, colleague: Colleague
) -> None:
    shutil.rmtree(desk.workspace.items)
    assert desk.sync().exit_code == 0
    colleague.make(title="T")
    assert desk.sync().exit_code == 0
    assert list(desk.files()) == ["t"]


# Reversals


def moved_on(desk: Desk, colleague: Colleague, count: int) -> dict[str, str]:
    """Return the old texts of `count` item files that a sync has written over since."""
    keys = many(desk, colleague, count)
    old = desk.files()
    for key in keys:
        colleague.change(key, title=f"{colleague.item(key)['title']}, corrigé")
    desk.sync()
    return old


def test_a_backup_put_back_over_the_files_is_refused(desk: Desk, colleague: Colleague) -> None:
    for name, text in moved_on(desk, colleague, 21).items():
        desk.write(name, text)
    error = refused(desk, colleague)
    assert "21 of 21 would go back to older values in Zotero" in str(error)
    assert "--allow-mass-change" in error.problem.hint
    assert "--allow-mass-delete" not in error.problem.hint
    assert desk.sync(allow_mass_change=True).exit_code == 0
    titles = {d["title"] for d in colleague.library().values()}
    assert not any("corrigé" in title for title in titles)


def test_twenty_go_through(desk: Desk, colleague: Colleague) -> None:
    for name, text in moved_on(desk, colleague, 20).items():
        desk.write(name, text)
    assert desk.sync().exit_code == 0


def test_new_values_are_no_reversal_however_many(desk: Desk, colleague: Colleague) -> None:
    for name, text in moved_on(desk, colleague, 21).items():
        desk.write(name, text.replace('title = "T', 'title = "Nouveau T'))
    assert desk.sync().exit_code == 0


def test_a_library_put_back_by_hand_is_refused_too(desk: Desk, colleague: Colleague) -> None:
    keys = many(desk, colleague, 21)
    for key in keys:
        desk.edit(key, 'title = "T', 'title = "Corrigé T')
    desk.sync()
    for number, key in enumerate(keys):
        colleague.change(key, title=f"T{number:02}")
    error = refused(desk, colleague)
    assert "would go back to older values here" in str(error)
    assert desk.sync(allow_mass_change=True).exit_code == 0
    assert not any("Corrigé" in text for text in desk.files().values())


# Another library, or an older one


def test_another_group_is_refused_and_nothing_gets_through(
    desk: Desk, colleague: Colleague
) -> None:
    many(desk, colleague, 1)
    before = both_sides(desk, colleague)
    config = Config(group=GROUP + 1, api_url=URL)
    options = Options(allow_mass_delete=True, allow_mass_change=True, rebase=True)
    with (
        desk.library() as library,
        Engine(desk.workspace, config, library, desk.schema) as engine,
        pytest.raises(UnsafeError, match=str(GROUP + 1)),
    ):
        engine.sync(options)
    assert both_sides(desk, colleague) == before
    assert desk.sync().requests == 1


class NamesItsVersion(httpx2.BaseTransport):
    """A server whose 304 says which version the library has."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._inner = httpx2.WSGITransport(app=desk.sandbox.app)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = self._inner.handle_request(request)
        if answer.status_code == 304:
            answer.headers["Last-Modified-Version"] = str(self._desk.sandbox.version(GROUP))
        return answer


def set_back(desk: Desk, colleague: Colleague) -> tuple[str, str, str, Colleague]:
    """Set the library back to before the second item was edited and the third one made.

    Return the keys of the three, and the colleague at the server as it is now.
    """
    same, edited = many(desk, colleague, 2)
    colleague.change(edited, title="Corrigé")
    made = colleague.make(title="Fait après")
    desk.sync()
    desk.sandbox = make_sandbox()
    items = [
        {"key": key, "itemType": "book", "title": title}
        for key, title in ((same, "T00"), (edited, "T01"))
    ]
    desk.sandbox.load_items(GROUP, items)
    return same, edited, made, Colleague(desk.sandbox)


def test_a_version_that_went_backwards_is_refused(desk: Desk, colleague: Colleague) -> None:
    _same, _edited, _made, colleague = set_back(desk, colleague)
    desk.transport = NamesItsVersion(desk)
    error = refused(desk, colleague)
    assert "went back from 4 to 2" in str(error)
    assert "sync --rebase" in error.problem.hint


def test_it_shows_after_a_write_at_the_latest(desk: Desk, colleague: Colleague) -> None:
    same, _edited, _made, colleague = set_back(desk, colleague)
    desk.edit(same, '"T00"', '"T00, ici"')
    with pytest.raises(UnsafeError, match="went back"):
        desk.sync()
    assert len(desk.files()) == 3


def test_rebase_takes_nothing_for_deleted_and_nothing_for_agreed_on(
    desk: Desk, colleague: Colleague
) -> None:
    same, edited, made, colleague = set_back(desk, colleague)
    outcome = desk.sync(rebase=True)
    assert [(c.key, c.local, c.zotero) for c in outcome.conflicts] == [(edited, "Corrigé", "T01")]
    assert colleague.item(made)["title"] == "Fait après"
    assert set(colleague.library()) == set(desk.fields()) == {same, edited, made}
    assert desk.sync().requests == 1
    desk.settle("local")
    assert desk.sync().exit_code == 0
    assert colleague.item(edited)["title"] == "Corrigé"


def test_rebase_keeps_what_changed_here_since(desk: Desk, colleague: Colleague) -> None:
    same, _edited, _made, colleague = set_back(desk, colleague)
    desk.edit(same, '"T00"\n', '"T00"\nplace = "Lyon"\n')
    desk.sync(rebase=True)
    assert colleague.item(same)["place"] == "Lyon"


def test_a_rebase_that_was_stopped_goes_on(desk: Desk, colleague: Colleague) -> None:
    _same, edited, made, colleague = set_back(desk, colleague)
    desk.transport = httpx2.MockTransport(lambda _request: httpx2.Response(500))
    with pytest.raises(ZotsyncError):
        desk.sync(rebase=True)
    desk.transport = None
    outcome = desk.sync()
    assert [c.key for c in outcome.conflicts] == [edited]
    assert made in colleague.library()


# A copied workspace


def test_a_copied_workspace_is_compared_in_full_and_safe(
    desk: Desk, colleague: Colleague, tmp_path: Path
) -> None:
    one, two = many(desk, colleague, 2)
    shutil.copytree(desk.root, tmp_path / "copie")
    colleague.change(one, title="Changé là")
    desk.edit(two, '"T01"', '"Changé ici"')
    desk.sync()
    copy = Desk(tmp_path / "copie", desk.sandbox, seed=9)
    assert copy.sync().exit_code == 0
    assert copy.fields() == desk.fields()
    assert {d["title"] for d in colleague.library().values()} == {"Changé là", "Changé ici"}
    assert copy.sync().requests == 1


def test_a_copy_whose_mirror_is_wrong_is_put_right(
    desk: Desk, colleague: Colleague, tmp_path: Path
) -> None:
    one, two = many(desk, colleague, 2)
    shutil.copytree(desk.root, tmp_path / "copie")
    copy = Desk(tmp_path / "copie", desk.sandbox, seed=9)
    with copy.engine(None) as engine:  # as a share that lost a write would leave it
        engine.state.db.execute("DELETE FROM mirror WHERE key = ?", [one])
        engine.state.db.execute("UPDATE mirror SET version = 0 WHERE key = ?", [two])
    outcome = copy.sync()
    assert (outcome.exit_code, outcome.steps) == (0, ())
    assert set(copy.fields()) == {one, two}


def test_another_host_at_the_same_path_compares_in_full(
    desk: Desk, colleague: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(desk, colleague, 2)
    assert desk.sync().requests == 1
    monkeypatch.setattr(socket, "gethostname", lambda: "ailleurs")
    outcome = desk.sync()
    assert outcome.requests > 1
    assert (outcome.exit_code, outcome.steps) == (0, ())
    assert desk.sync().requests == 1
