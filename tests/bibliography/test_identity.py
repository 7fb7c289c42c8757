"""Who is who among the item files (SYNC §7), on real folders."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zotsync.bibliography.folder import FileStamp, scan
from zotsync.bibliography.identity import Identified, Untied, Why, identify
from zotsync.bibliography.itemfile import ItemText
from zotsync.bibliography.scanned import Scan, ScannedFile
from zotsync.bibliography.untied import stray_kind, untied_problems
from zotsync.errors import Problem

A, B, C = "AAAAAAAA", "BBBBBBBB", "CCCCCCCC"


class Desk:
    """A folder of item files, and what was remembered of it when it was made."""

    def __init__(self, items: Path) -> None:
        self.items = items
        self.remembered = {"a.toml": A, "b.toml": B}
        for path, key in self.remembered.items():
            self.write(path, key)

    def write(self, path: str, key: str | None) -> None:
        file = self.items / path
        file.parent.mkdir(parents=True, exist_ok=True)
        head = f'key = "{key}"\n' if key else ""
        file.write_text(f'{head}itemType = "book"\n', encoding="utf-8")

    def rename(self, path: str, to: str) -> None:
        (self.items / to).parent.mkdir(parents=True, exist_ok=True)
        (self.items / path).rename(self.items / to)

    def look(self) -> Identified:
        return identify(scan(self.items, {}), self.remembered)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "bibliography" / "items")


def test_untouched_files_are_their_items(desk: Desk) -> None:
    assert desk.look() == Identified(items={A: "a.toml", B: "b.toml"})


def test_files_that_are_unchanged_are_what_is_remembered_at_their_path(desk: Desk) -> None:
    known = {f.path: f.stamp for f in scan(desk.items, {}).files if f.stamp}
    found = scan(desk.items, known, racy_after=2**63)
    assert all(f.unchanged and f.text is None for f in found.files)
    assert identify(found, desk.remembered).items == {A: "a.toml", B: "b.toml"}


def test_a_deleted_file_is_absent_and_nothing_blocks(desk: Desk) -> None:
    (desk.items / "a.toml").unlink()
    assert desk.look() == Identified(items={B: "b.toml"})


def test_a_renamed_or_moved_file_is_the_same_item(desk: Desk) -> None:
    desk.rename("a.toml", "Livres/été.toml")
    assert desk.look() == Identified(items={A: "Livres/été.toml", B: "b.toml"})


def test_files_that_change_names_with_each_other_are_the_same_items(desk: Desk) -> None:
    desk.rename("a.toml", "c.toml")
    desk.rename("b.toml", "a.toml")
    desk.rename("c.toml", "b.toml")
    assert desk.look() == Identified(items={A: "b.toml", B: "a.toml"})


def test_a_new_file_without_a_key_gets_one(desk: Desk) -> None:
    desk.write("new.toml", None)
    assert desk.look() == Identified(items={A: "a.toml", B: "b.toml"}, keyless=("new.toml",))


def test_a_new_file_with_a_key_of_its_own_is_that_item(desk: Desk) -> None:
    desk.write("c.toml", C)
    assert desk.look() == Identified(items={A: "a.toml", B: "b.toml", C: "c.toml"})


def test_of_two_files_with_one_key_the_one_at_the_remembered_path_is_the_item(desk: Desk) -> None:
    desk.write("a - Copie.toml", A)
    found = desk.look()
    assert found.items == {A: "a.toml", B: "b.toml"}
    assert found.untied == (Untied("a - Copie.toml", Why.COPY, A, ("a.toml",)),)
    assert found.blocked
    assert not found.waiting


def test_a_copy_is_told_to_remove_its_key_line(desk: Desk) -> None:
    desk.write("nouveau.toml", A)
    (problem,) = untied_problems(desk.look().untied, lambda path: f"items/{path}")
    assert str(problem.place) == "items/nouveau.toml · key · AAAAAAAA"
    assert "items/a.toml" in problem.message
    assert "copy? Remove its `key` line" in problem.hint


def test_a_copy_whose_key_line_was_removed_is_a_new_item(desk: Desk) -> None:
    desk.write("nouveau.toml", None)
    assert desk.look().keyless == ("nouveau.toml",)


def test_if_neither_file_is_at_the_remembered_path_both_wait_and_nothing_is_deleted(
    desk: Desk,
) -> None:
    desk.rename("a.toml", "a1.toml")
    desk.write("a2.toml", A)
    found = desk.look()
    assert found.items == {B: "b.toml"}
    assert found.untied == (
        Untied("a1.toml", Why.TWINS, A, ("a2.toml",)),
        Untied("a2.toml", Why.TWINS, A, ("a1.toml",)),
    )
    assert found.waiting == {A}
    assert found.blocked


def test_two_new_files_with_one_new_key_wait(desk: Desk) -> None:
    desk.write("c1.toml", C)
    desk.write("c2.toml", C)
    found = desk.look()
    assert [file.why for file in found.untied] == [Why.TWINS, Why.TWINS]
    assert found.waiting == {C}


def test_a_remembered_file_that_lost_its_key_gets_it_back(desk: Desk) -> None:
    desk.write("a.toml", None)
    found = desk.look()
    assert found == Identified(items={A: "a.toml", B: "b.toml"}, regained={"a.toml": A})


def test_a_file_without_key_is_new_if_its_old_key_stands_in_another_new_file(desk: Desk) -> None:
    desk.rename("a.toml", "moved.toml")
    desk.write("a.toml", None)
    assert desk.look() == Identified(items={A: "moved.toml", B: "b.toml"}, keyless=("a.toml",))


def test_a_file_without_key_waits_if_its_old_key_stands_in_two_new_files(desk: Desk) -> None:
    desk.rename("a.toml", "a1.toml")
    desk.write("a2.toml", A)
    desk.write("a.toml", None)
    found = desk.look()
    assert found.items == {B: "b.toml"}
    assert found.keyless == ()
    assert found.untied[0] == Untied("a.toml", Why.LOST_KEY, A, ("a1.toml", "a2.toml"))
    assert found.waiting == {A}


@pytest.mark.parametrize("other", [B, C])
def test_a_changed_key_at_a_remembered_path_is_refused_and_is_no_deletion(
    desk: Desk, other: str
) -> None:
    desk.write("a.toml", other)
    found = desk.look()
    (refused,) = found.untied
    assert (refused.path, refused.why, refused.key, refused.was) == (
        "a.toml",
        Why.CHANGED_KEY,
        other,
        A,
    )
    assert found.items == {B: "b.toml"}
    assert found.waiting == {A, other} - {B}
    assert found.blocked
    (problem,) = untied_problems(found.untied)
    assert 'key = "AAAAAAAA"' in problem.hint


def test_a_file_written_over_another_items_file_is_refused_too(desk: Desk) -> None:
    (desk.items / "b.toml").replace(desk.items / "a.toml")
    found = desk.look()
    assert found.items == {}
    assert found.waiting == {A, B}


def test_another_item_may_stand_at_a_remembered_path_once_its_own_has_moved(desk: Desk) -> None:
    desk.rename("a.toml", "moved.toml")
    desk.write("a.toml", C)
    assert desk.look().items == {A: "moved.toml", B: "b.toml", C: "a.toml"}


def test_a_malformed_key_at_a_remembered_path_is_no_deletion(desk: Desk) -> None:
    desk.write("a.toml", "pas une clé")
    found = desk.look()
    assert found.items == {B: "b.toml"}
    assert found.waiting == {A}
    assert found.blocked


def test_a_file_that_cannot_be_parsed_is_no_deletion_and_blocks_all_of_them(desk: Desk) -> None:
    (desk.items / "a.toml").write_text("title = ", encoding="utf-8")
    (desk.items / "b.toml").unlink()
    found = desk.look()
    assert found.items == {}
    assert found.waiting == {A}
    assert found.blocked


def test_a_new_file_that_cannot_be_parsed_blocks_deletions(desk: Desk) -> None:
    (desk.items / "new.toml").write_bytes(b"\xff")
    found = desk.look()
    assert (found.keyless, found.blocked) == ((), True)


def test_a_copy_of_a_file_that_cannot_be_parsed_waits(desk: Desk) -> None:
    desk.write("copy.toml", A)
    (desk.items / "a.toml").write_text("title = ", encoding="utf-8")
    found = desk.look()
    assert found.untied == (Untied("copy.toml", Why.COPY, A, ("a.toml",)),)
    assert found.waiting == {A}


def test_whatever_is_below_a_folder_that_cannot_be_read_waits() -> None:
    found = identify(Scan(unreadable=("sub",)), {"sub/x/a.toml": A, "subb.toml": B})
    assert found.waiting == {A}
    assert found.blocked
    assert identify(Scan(unreadable=("",)), {"a.toml": A}).waiting == {A}


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("a (1).toml", "second copy"),
        ("a - Copie.toml", "second copy"),
        ("Copie de a.toml", "second copy"),
        ("a - Copy.toml", "second copy"),
        ("a (Claire's conflicted copy 2026-01-02).toml", "file-sharing"),
        ("a (Copie en conflit de Claire).toml", "file-sharing"),
        ("a.sync-conflict-20260102-ABCDEFG.toml", "file-sharing"),
        ("a~.toml", "backup"),
        ("a.bak.toml", "backup"),
    ],
)
def test_copies_are_named_for_what_they_are(desk: Desk, name: str, word: str) -> None:
    desk.write(name, A)
    (problem,) = untied_problems(desk.look().untied)
    assert word in problem.hint


@pytest.mark.parametrize("name", ["copyright.toml", "adenot-2020-le-pair.toml", "conflits.toml"])
def test_ordinary_names_say_nothing(name: str) -> None:
    assert stray_kind(name) == ""


PATHS = ["p.toml", "q.toml", "r.toml", "s.toml"]
STAMP = FileStamp(1, 1, 1, "")


@given(
    st.dictionaries(st.sampled_from(PATHS), st.sampled_from([None, "broken", A, B, C])),
    st.permutations([A, B, C]),
    st.lists(st.sampled_from(PATHS), unique=True, max_size=3),
)
def test_no_key_is_ever_dropped_or_given_twice(
    there: dict[str, str | None], order: list[str], homes: list[str]
) -> None:
    remembered = dict(zip(homes, order, strict=False))
    files = tuple(
        ScannedFile(p, STAMP, problem=Problem("x"))
        if key == "broken"
        else ScannedFile(p, STAMP, ItemText(key, {}))
        for p, key in sorted(there.items())
    )
    found = identify(Scan(files), remembered)
    waiting_paths = [file.path for file in found.untied]
    readable = [file.path for file in files if not file.problem]
    # Every readable file is an item, a new one, or waits: exactly one of these.
    assert sorted([*found.items.values(), *found.keyless, *waiting_paths]) == readable
    # Every key in a file, or remembered at a file that is there, is an item or waits.
    typed = {key for key in there.values() if key and key != "broken"}
    kept = {
        key
        for path, key in remembered.items()
        if path in there and not (path in readable and key not in typed and path in found.keyless)
    }
    assert (typed | kept) <= found.items.keys() | found.waiting
    assert not found.items.keys() & found.waiting
    if found.waiting:
        assert found.blocked
