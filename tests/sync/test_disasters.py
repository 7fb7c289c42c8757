"""The disasters people report of other tools, played to the end: seen, said, and with a way out."""

from __future__ import annotations

import os
import shutil
import sqlite3
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sync.setting import PatientDesk
from sync.worlds import GROUP, Colleague, Desk, make_sandbox

from zotsync.config import Config
from zotsync.errors import FileError, UnsafeError
from zotsync.sync.deciding.guards import is_garbled
from zotsync.sync.engine import Engine, Options


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return PatientDesk(tmp_path / "a", make_sandbox())


@pytest.fixture
def colleague(desk: Desk) -> Colleague:
    return Colleague(desk.sandbox)


def library(desk: Desk, colleague: Colleague, count: int = 24) -> list[str]:
    """Return the keys of `count` synced items with all that French texts have."""
    shelf = colleague.collection("Pair-aidance")
    keys = [
        colleague.make(
            title=f"Étude n° {n:02} « pair »",
            abstractNote="Première ligne.\nDeuxième – ligne…",
            tags=[{"tag": "santé"}],
            collections=[shelf],
        )
        for n in range(count)
    ]
    assert desk.sync().exit_code == 0
    return keys


def here(desk: Desk) -> dict[str, bytes]:
    root = desk.workspace.root / "bibliography"
    return {str(p): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def there(colleague: Colleague) -> Any:
    return colleague.get("/items", limit=100, includeTrashed=1), colleague.get("/collections")


def refused(desk: Desk, colleague: Colleague, **options: bool) -> UnsafeError:
    """Assert that a sync and a look ahead stop before anything is written; return what is told."""
    before = here(desk), there(colleague)
    plan = desk.preview(dry_run=True)
    with pytest.raises(UnsafeError) as told:
        desk.sync(**options)
    assert plan.stop is not None
    assert plan.stop.exit_code == told.value.exit_code == 4
    assert (here(desk), there(colleague)) == before
    assert "Nothing was written" in told.value.problem.hint
    return told.value


def at_rest(desk: Desk) -> None:
    outcome = desk.sync()
    assert (outcome.exit_code, outcome.steps, outcome.requests) == (0, (), 1)


def each(desk: Desk, change: Callable[[bytes], bytes]) -> None:
    for path in desk.workspace.items.rglob("*.toml"):
        path.write_bytes(change(path.read_bytes()))


# The folder is not there


def emptied(desk: Desk) -> None:
    for path in desk.workspace.items.iterdir():
        path.unlink()


def not_mounted(desk: Desk) -> None:
    shutil.rmtree(desk.workspace.root / "bibliography")


def empty_mount_point(desk: Desk) -> None:
    not_mounted(desk)
    (desk.workspace.root / "bibliography").mkdir()


def half_copied(desk: Desk) -> None:
    for path in sorted(desk.workspace.items.iterdir())[::2]:
        path.unlink()


LOSSES = [emptied, not_mounted, empty_mount_point, half_copied]


@pytest.mark.parametrize("lose", LOSSES)
def test_files_that_are_missing_delete_nothing_and_are_there_again_when_they_are_back(
    desk: Desk, colleague: Colleague, lose: Callable[[Desk], None]
) -> None:
    library(desk, colleague)
    kept = desk.root.with_name("ailleurs")
    shutil.copytree(desk.workspace.root / "bibliography", kept)
    lose(desk)
    error = refused(desk, colleague)
    assert "  - Étude n° " in str(error)
    assert "take them from a backup" in error.problem.hint
    shutil.copytree(kept, desk.workspace.root / "bibliography", dirs_exist_ok=True)
    outcome = desk.sync()
    assert (outcome.exit_code, outcome.steps) == (0, ())
    at_rest(desk)


@pytest.mark.parametrize("lose", LOSSES)
def test_files_that_are_lost_for_good_come_back_from_zotero(
    desk: Desk, colleague: Colleague, lose: Callable[[Desk], None]
) -> None:
    keys = library(desk, colleague)
    before = desk.fields(), desk.collections(), there(colleague)
    lose(desk)
    assert "sync --rebase" in refused(desk, colleague).problem.hint
    desk.sync(rebase=True)
    assert (desk.fields(), desk.collections(), there(colleague)) == before
    assert set(desk.fields()) == set(keys)
    at_rest(desk)


def test_half_copied_files_wait_by_name(desk: Desk, colleague: Colleague) -> None:
    library(desk, colleague, 4)
    before = there(colleague)
    each(desk, lambda raw: raw[: len(raw) * 2 // 3])
    outcome = desk.sync()
    assert (outcome.exit_code, outcome.steps, len(outcome.problems)) == (1, (), 4)
    assert there(colleague) == before


# Everything changed


@pytest.mark.parametrize(
    "harmless",
    [
        lambda raw: raw.replace(b"\n", b"\r\n"),
        lambda raw: b"\xef\xbb\xbf" + raw,
        lambda raw: b"\xef\xbb\xbf" + raw.replace(b"\n", b"\r\n") + b"\r\n",
    ],
)
def test_other_line_ends_and_a_bom_are_no_change(
    desk: Desk, colleague: Colleague, harmless: Callable[[bytes], bytes]
) -> None:
    keys = library(desk, colleague, 6)
    each(desk, harmless)
    outcome = desk.sync()
    assert (outcome.exit_code, outcome.steps, outcome.requests) == (0, (), 1)
    colleague.change(keys[0], title="Corrigé")
    desk.sync()
    assert desk.fields()[keys[0]]["title"] == "Corrigé"
    at_rest(desk)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_another_encoding_waits_by_name(desk: Desk, colleague: Colleague, encoding: str) -> None:
    library(desk, colleague, 6)
    before = there(colleague)
    each(desk, lambda raw: raw.decode().encode(encoding, "replace"))
    outcome = desk.sync()
    assert len(outcome.problems) == 6
    assert all("UTF-8" in problem.hint for problem in outcome.problems)
    assert there(colleague) == before


GARBLING: list[Callable[[str], str]] = [
    lambda text: text.encode().decode("latin-1"),
    lambda text: text.encode().decode("cp1252", "replace"),
    lambda text: text.encode("ascii", "replace").decode(),
    lambda text: text.encode("ascii", "ignore").decode(),
    lambda text: unicodedata.normalize("NFD", text),
]


@pytest.mark.parametrize("garble", GARBLING)
def test_texts_in_a_wrong_encoding_do_not_reach_zotero(
    desk: Desk, colleague: Colleague, garble: Callable[[str], str]
) -> None:
    library(desk, colleague, 8)
    good = here(desk)
    each(desk, lambda raw: garble(raw.decode()).encode())
    error = refused(desk, colleague)
    assert "8 of 8 would lose their accents in Zotero" in str(error)
    for path, raw in good.items():
        Path(path).write_bytes(raw)
    assert desk.sync().exit_code == 0
    at_rest(desk)


def test_a_wrong_encoding_can_be_settled_for_zoteros_side(desk: Desk, colleague: Colleague) -> None:
    library(desk, colleague, 8)
    before = {k: f["title"] for k, f in desk.fields().items()}
    each(desk, lambda raw: raw.decode("latin-1").encode())
    refused(desk, colleague)
    outcome = desk.sync(rebase=True)
    assert {c.field for c in outcome.conflicts} == {"title", "abstractNote"}
    desk.settle("remote")
    assert desk.sync().exit_code == 0
    assert {k: f["title"] for k, f in desk.fields().items()} == before
    assert {k: d["title"] for k, d in colleague.library().items()} == before


def test_a_wrong_encoding_in_zotero_does_not_reach_the_files(
    desk: Desk, colleague: Colleague
) -> None:
    for key in library(desk, colleague, 8):
        title = colleague.item(key)["title"]
        colleague.change(key, title=title.encode().decode("latin-1"))
    error = refused(desk, colleague)
    assert "8 of 8 would lose their accents here" in str(error)
    assert desk.sync(allow_mass_change=True).exit_code == 0


def test_a_script_that_empties_a_field_everywhere_is_stopped(
    desk: Desk, colleague: Colleague
) -> None:
    library(desk, colleague)
    before = desk.fields()

    def without_abstract(raw: bytes) -> bytes:
        head, _mark, tail = raw.partition(b"abstractNote")
        return head + tail[tail.index(b"tags =") :]

    each(desk, without_abstract)
    error = refused(desk, colleague)
    assert "24 of 24 would lose a field in Zotero" in str(error)
    assert desk.sync(rebase=True).exit_code == 0
    assert desk.fields() == before


def test_a_script_that_changes_a_word_everywhere_goes_through(
    desk: Desk, colleague: Colleague
) -> None:
    library(desk, colleague)
    each(desk, lambda raw: raw.replace("Étude".encode(), "Enquête".encode()))
    assert desk.sync().exit_code == 0
    assert all("Enquête" in d["title"] for d in colleague.library().values())


@given(st.text())
def test_no_text_is_its_own_garbling(text: str) -> None:
    assert not is_garbled(text, text)


@given(st.text(min_size=1), st.sampled_from(GARBLING))
@example("\u00fd", lambda text: unicodedata.normalize("NFD", text))
def test_a_garbled_text_is_known(text: str, garble: Callable[[str], str]) -> None:
    garbled = garble(unicodedata.normalize("NFC", text).encode("utf-8", "replace").decode())
    fine = unicodedata.normalize("NFC", text).encode("utf-8", "replace").decode()
    assert is_garbled(fine, garbled) == (fine != garbled)
    tags = [{"tag": fine}, {"tag": "x"}]
    assert is_garbled(tags, [{"tag": garbled}, {"tag": "x"}]) == (fine != garbled)


@pytest.mark.parametrize(
    ("before", "after"),
    [("été", "hiver"), ("l'été", "l’été"), ("", "été"), ("a", "b"), (["a"], ["a", "é"]), ("é", "")],
)
def test_an_edit_is_no_garbling(before: Any, after: Any) -> None:
    assert not is_garbled(before, after) or after == ""


# Backups


def test_an_old_backup_of_the_whole_workspace_takes_up_what_came_since(
    desk: Desk, colleague: Colleague
) -> None:
    keys = library(desk, colleague, 8)
    shutil.copytree(desk.root, desk.root.with_name("sauvegarde"), copy_function=shutil.copy2)
    colleague.change(keys[0], title="Corrigé")
    desk.edit(keys[1], "Étude", "Édité")
    desk.file_of(keys[2]).unlink()
    colleague.trash(keys[3])
    new = colleague.make(title="Neuf")
    desk.sync()
    now = desk.fields()
    shutil.rmtree(desk.root)
    shutil.copytree(desk.root.with_name("sauvegarde"), desk.root, copy_function=shutil.copy2)
    before = there(colleague)
    assert desk.sync().exit_code == 0
    assert desk.fields() == now
    assert new in now
    assert there(colleague) == before
    at_rest(desk)


def test_old_files_with_a_newer_state_are_stopped_and_can_be_settled(
    desk: Desk, colleague: Colleague
) -> None:
    keys = library(desk, colleague)
    old = here(desk)
    for key in keys:
        colleague.change(key, title="Corrigé " + key)
    desk.sync()
    for path, raw in old.items():
        Path(path).write_bytes(raw)
    error = refused(desk, colleague)
    assert "24 of 24 would go back to older values in Zotero" in str(error)
    assert desk.sync(rebase=True).exit_code == 3
    desk.settle("remote")
    assert desk.sync().exit_code == 0
    assert all("Corrigé" in f["title"] for f in desk.fields().values())
    assert all("Corrigé" in d["title"] for d in colleague.library().values())


def test_old_files_do_not_bring_back_what_was_deleted_since(
    desk: Desk, colleague: Colleague
) -> None:
    keys = library(desk, colleague)
    old = here(desk)
    for key in keys[:22]:
        colleague.trash(key)
    desk.sync(allow_mass_delete=True)
    for path, raw in old.items():
        Path(path).write_bytes(raw)
    error = refused(desk, colleague)
    assert "22 of 2 would go back to older values in Zotero" in str(error)
    assert "--allow-mass-change" in error.problem.hint
    assert desk.sync(allow_mass_change=True).exit_code == 0
    assert set(colleague.library()) == set(keys)


def test_newer_files_with_an_older_state_lose_nothing(desk: Desk, colleague: Colleague) -> None:
    keys = library(desk, colleague, 8)
    state = desk.workspace.state.read_bytes()
    colleague.change(keys[0], title="Corrigé")
    desk.edit(keys[1], "Étude", "Édité")
    desk.file_of(keys[2]).unlink()
    desk.write("neuf", 'itemType = "book"\ntitle = "Neuf"\n')
    desk.sync()
    now, before = desk.fields(), there(colleague)
    desk.edit(keys[4], "Étude", "Encore édité")
    desk.workspace.state.write_bytes(state)
    assert desk.sync().exit_code == 0
    assert set(desk.fields()) == set(now)
    assert "Encore édité" in colleague.item(keys[4])["title"]
    assert len(there(colleague)[0]) == len(before[0])
    at_rest(desk)


# Another library


@pytest.mark.parametrize(
    "config",
    [
        Config(group=GROUP + 1, api_url="http://127.0.0.1"),
        Config(group=GROUP, api_url="https://api.example.org"),
        Config(group=GROUP),
    ],
)
def test_another_group_or_server_is_refused_before_it_is_asked(
    desk: Desk, colleague: Colleague, config: Config
) -> None:
    library(desk, colleague, 3)
    before = here(desk), there(colleague)
    everything = Options(allow_mass_delete=True, allow_mass_change=True, rebase=True)
    with (
        desk.library() as opened,
        Engine(desk.workspace, config, opened, desk.schema) as engine,
        pytest.raises(UnsafeError) as told,
    ):
        engine.sync(everything)
    assert opened.requests == 0
    assert str(config.group) in str(told.value)
    assert "zotsync init" in told.value.problem.hint
    assert (here(desk), there(colleague)) == before
    at_rest(desk)


# Names that are the same elsewhere


def test_a_name_in_another_unicode_form_is_the_same_file_renamed(
    desk: Desk, colleague: Colleague
) -> None:
    (key,) = library(desk, colleague, 1)
    composed = desk.workspace.items / "Étude.toml"
    desk.file_of(key).rename(composed)
    at_rest(desk)
    composed.rename(desk.workspace.items / unicodedata.normalize("NFD", "Étude.toml"))
    at_rest(desk)


def test_both_forms_of_a_name_side_by_side_are_a_copy(desk: Desk, colleague: Colleague) -> None:
    (key,) = library(desk, colleague, 1)
    composed = desk.workspace.items / "Étude.toml"
    desk.file_of(key).rename(composed)
    desk.sync()
    twin = desk.workspace.items / unicodedata.normalize("NFD", "Étude.toml")
    shutil.copy(composed, twin)
    (problem,) = desk.sync().problems
    assert "same key" in problem.message
    assert set(colleague.library()) == {key}
    twin.unlink()
    at_rest(desk)


def test_a_collection_is_the_same_in_either_unicode_form(desk: Desk, colleague: Colleague) -> None:
    shelf = colleague.collection("Été/Hiver")
    key = colleague.make(title="T", collections=[shelf])
    desk.sync()
    for path in (desk.workspace.collections, desk.file_of(key)):
        text = unicodedata.normalize("NFD", path.read_text("utf-8"))
        path.write_text(text, encoding="utf-8")
    outcome = desk.sync()
    assert outcome.exit_code == 0
    assert [c["data"]["name"] for c in colleague.get("/collections")] == ["Été/Hiver"]
    assert colleague.item(key)["collections"] == [shelf]


# What other programs leave beside the files

EDITORS = [
    ".t.toml.swp",
    "4913",
    "t.toml~",
    "#t.toml#",
    ".#t.toml",
    "~$t.toml",
    ".~lock.t.toml#",
    "t.toml.bak",
    "t.toml.save",
    "t.toml.tmp",
    ".goutputstream-ABC123",
    ".DS_Store",
    "._t.toml",
    "desktop.ini",
    "Thumbs.db",
    "t.toml~RF12ab.TMP",
    ".t.toml.kate-swp",
    ".syncthing.t.toml.tmp",
    "~syncthing~t.toml.tmp",
]


@pytest.mark.parametrize("name", EDITORS)
def test_what_editors_and_systems_leave_is_nothing(
    desk: Desk, colleague: Colleague, name: str
) -> None:
    key = colleague.make(title="T")
    desk.sync()
    shutil.copy(desk.file_of(key), desk.workspace.items / name)
    at_rest(desk)


def test_an_editors_lock_that_leads_nowhere_is_nothing(desk: Desk, colleague: Colleague) -> None:
    colleague.make(title="T")
    desk.sync()
    (desk.workspace.items / ".#t.toml").symlink_to("moi@poste.1234:5678")
    at_rest(desk)


SERVICES = [
    "t (conflicted copy 2026-01-01).toml",
    "t (Copie en conflit de PC-DOC 2026-01-01).toml",
    "t (copie en conflit de Camille).toml",
    "t (conflicted copy 2026-01-01 101010).toml",
    "t.sync-conflict-20260101-101010-ABCDEFG.toml",
    "t_conflict-20260101-101010.toml",
    "t (SFConflict camille@example.org 2026-01-01-10-10-10).toml",
    "t [conflicted].toml",
    "t-DESKTOP-1A2B3C.toml",
    "t-PC-DOC.toml",
]
COPIES = [
    "t (1).toml",
    "t 2.toml",
    "t - Copie.toml",
    "t - Copie (2).toml",
    "Copie de t.toml",
    "t copie.toml",
    "t copy.toml",
    "Copy of t.toml",
    "t (copie).toml",
]


@pytest.mark.parametrize(
    ("name", "word"),
    [*((n, "file-sharing service") for n in SERVICES), *((n, "second copy") for n in COPIES)],
)
def test_copies_of_services_and_people_are_named_for_what_they_are(
    desk: Desk, colleague: Colleague, name: str, word: str
) -> None:
    key = colleague.make(title="T")
    desk.sync()
    copy = desk.workspace.items / name
    text = desk.file_of(key).read_text("utf-8")
    copy.write_text(text.replace('"T"', '"T, ailleurs"'), encoding="utf-8")
    outcome = desk.sync()
    (problem,) = outcome.problems
    assert word in problem.hint
    assert problem.place.file.endswith(name)
    assert outcome.exit_code == 1
    assert [d["title"] for d in colleague.library().values()] == ["T"]
    copy.unlink()
    at_rest(desk)


# The disk, and the clock


def test_a_database_that_cannot_grow_is_told_and_nothing_is_lost(
    desk: Desk, colleague: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = library(desk, colleague, 3)
    for key in keys:
        colleague.change(key, abstractNote="long " * 10_000)
    connect = sqlite3.connect

    def full(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        db: sqlite3.Connection = connect(*args, **kwargs)
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages + 2}")
        return db

    monkeypatch.setattr(sqlite3, "connect", full)
    with pytest.raises(FileError, match="full") as told:
        desk.sync()
    assert "state.db" in str(told.value.problem.place)
    monkeypatch.undo()
    assert desk.sync().exit_code == 0
    assert all(len(f["abstractNote"]) > 40_000 for f in desk.fields().values())
    at_rest(desk)


def test_a_database_that_may_not_be_written_is_told(
    desk: Desk, colleague: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    (key,) = library(desk, colleague, 1)
    colleague.change(key, title="Corrigé")
    before = here(desk)
    connect = sqlite3.connect

    def read_only(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        db: sqlite3.Connection = connect(*args, **kwargs)
        db.execute("PRAGMA query_only = ON")
        return db

    monkeypatch.setattr(sqlite3, "connect", read_only)
    with pytest.raises(FileError, match="readonly") as told:
        desk.sync()
    assert "state.db" in str(told.value.problem.place)
    assert here(desk) == before
    monkeypatch.undo()
    assert desk.sync().exit_code == 0
    at_rest(desk)


YEAR = 365 * 24 * 3600


@pytest.mark.parametrize("jump", [-30 * YEAR, -3600, 3600, 30 * YEAR])
def test_an_edit_is_seen_whatever_the_clock_says(
    desk: Desk, colleague: Colleague, monkeypatch: pytest.MonkeyPatch, jump: int
) -> None:
    key, other = library(desk, colleague, 2)
    now = os.stat(desk.file_of(key)).st_mtime_ns + jump * 10**9  # noqa: PTH116
    monkeypatch.setattr("time.time_ns", lambda: now)
    desk.edit(key, "Étude", "Enquê")  # as long as before
    os.utime(desk.file_of(key), ns=(now, now))
    assert desk.sync().exit_code == 0
    assert "Enquê" in colleague.item(key)["title"]
    monkeypatch.undo()
    colleague.change(other, title="Là")
    desk.edit(key, "Enquê", "Étude")
    assert desk.sync().exit_code == 0
    assert "Étude" in colleague.item(key)["title"]
    assert desk.fields()[other]["title"] == "Là"
    at_rest(desk)
