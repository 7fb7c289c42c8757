"""The folder of item files, on the disk."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zotsync.bibliography import batches, files
from zotsync.bibliography.batches import Edit, replace_files, write_new_files
from zotsync.bibliography.folder import (
    ChangedError,
    FileStamp,
    left_in,
    move_to_trash,
    read_file,
    replace_file,
    restore_from_trash,
    scan,
    sweep,
)
from zotsync.errors import FileError
from zotsync.model import Phase

BOOK = 'itemType = "book"\n'
NEVER_RACY = 2**63


@pytest.fixture
def items(tmp_path: Path) -> Path:
    made = tmp_path / "bibliography" / "items"
    made.mkdir(parents=True)
    return made


def put(items: Path, path: str, text: str | bytes = BOOK) -> Path:
    file = items / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def stamp(items: Path, path: str) -> FileStamp:
    return read_file(items, path)[1]


def names(items: Path) -> list[str]:
    """Return everything below a folder, hidden files too."""
    return sorted(p.relative_to(items).as_posix() for p in items.rglob("*") if p.is_file())


# Looking


def test_a_scan_takes_toml_files_and_those_in_subfolders(items: Path) -> None:
    for path in ("b.toml", "a/c.toml", "a/d/é.TOML", "notes.txt"):
        put(items, path)
    assert [f.path for f in scan(items, {}).files] == ["a/c.toml", "a/d/é.TOML", "b.toml"]


def test_names_that_start_with_a_dot_a_tilde_or_a_hash_are_left_out(items: Path) -> None:
    for path in (".a.toml", "~a.toml", "#a.toml", ".git/a.toml", "~x/a.toml", "#x/a.toml"):
        put(items, path)
    assert scan(items, {}).files == ()
    assert scan(items, {}).problems == ()


def test_a_missing_folder_is_told_from_an_empty_one(items: Path) -> None:
    assert not scan(items, {}).missing
    items.rmdir()
    assert scan(items, {}).missing


def test_a_file_that_cannot_be_parsed_is_a_problem_with_the_path_that_users_know(
    items: Path,
) -> None:
    put(items, "sub/a.toml", BOOK + "title = \n")
    found = scan(items, {})
    assert found.files[0].problem is found.problems[0]
    assert (found.problems[0].place.file, found.problems[0].place.line) == (
        "bibliography/items/sub/a.toml",
        2,
    )


def test_a_file_that_cannot_be_opened_is_a_problem(
    items: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(items, "a.toml")
    monkeypatch.setattr(files, "read", failing(PermissionError(errno.EACCES, "Permission denied")))
    (found,) = scan(items, {}).files
    assert found.problem
    assert "Permission denied" in found.problem.message


def test_a_folder_that_cannot_be_read_is_a_problem(
    items: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(items, "sub/a.toml")
    put(items, "b.toml")
    real = os.scandir

    def scandir(path: Any) -> Any:
        if Path(path).name == "sub":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = scan(items, {})
    assert [f.path for f in found.files] == ["b.toml"]
    assert found.unreadable == ("sub",)
    assert found.problems[0].place.file == "bibliography/items/sub"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_are_not_followed_and_are_a_problem(items: Path, tmp_path: Path) -> None:
    put(tmp_path, "elsewhere/x.toml")
    (items / "x.toml").symlink_to(tmp_path / "elsewhere" / "x.toml")
    (items / "sub").symlink_to(tmp_path / "elsewhere")
    (items / "loop").symlink_to(items)
    found = scan(items, {})
    assert [(f.path, f.text) for f in found.files] == [("x.toml", None)]
    assert sorted(found.unreadable) == ["loop", "sub"]
    assert len(found.problems) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are always Unicode")
def test_a_name_that_is_not_utf_8_is_a_problem(items: Path) -> None:
    (Path(os.fsdecode(os.fsencode(items) + b"/\xe9.toml"))).write_text(BOOK, encoding="utf-8")
    found = scan(items, {})
    assert found.files == ()
    assert found.problems[0].place.file.isprintable()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Take note of the files that are read."""
    names: list[str] = []
    real = files.read

    def reading(path: Path) -> bytes:
        names.append(path.name)
        return real(path)

    monkeypatch.setattr(files, "read", reading)
    return names


def test_a_known_file_is_not_read_again(items: Path, read: list[str]) -> None:
    put(items, "a.toml")
    put(items, "b.toml")
    known = {f.path: f.stamp for f in scan(items, {}).files if f.stamp}
    put(items, "b.toml", BOOK + 'title = "x"\n')
    read.clear()
    found = scan(items, known, racy_after=NEVER_RACY)
    assert [(f.path, f.unchanged) for f in found.files] == [("a.toml", True), ("b.toml", False)]
    assert read == ["b.toml"]


def test_a_file_stamped_in_the_same_tick_of_the_clock_is_read_again(items: Path) -> None:
    file = put(items, "a.toml", BOOK + 'title = "a"\n')
    known = {"a.toml": stamp(items, "a.toml")}
    before = file.stat()
    with file.open("r+b") as handle:  # the same inode, size and, set back, the same time
        handle.write((BOOK + 'title = "b"\n').encode())
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    (found,) = scan(items, known, racy_after=before.st_mtime_ns).files
    assert found.text
    assert found.text.fields["title"] == "b"


def test_a_file_replaced_by_one_of_the_same_size_and_time_is_read_again(items: Path) -> None:
    file = put(items, "a.toml", BOOK + 'title = "a"\n')
    known = {"a.toml": stamp(items, "a.toml")}
    before = file.stat()
    other = put(items, "other", BOOK + 'title = "b"\n')
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(file)
    (found,) = scan(items, known, racy_after=NEVER_RACY).files
    assert found.unchanged == (sys.platform == "win32")  # no inodes in a listing there


def put_yesterday(items: Path, path: str, text: str = BOOK) -> Path:
    file = put(items, path, text)
    yesterday = time.time() - 86_400
    os.utime(file, (yesterday, yesterday))
    return file


def test_a_second_look_reads_what_is_new_or_changed_alone(items: Path, read: list[str]) -> None:
    for name in ("broken", "edited", "removed", "renamed", "same"):
        put_yesterday(items, f"{name}.toml", "key = \n" if name == "broken" else BOOK)
    first = scan(items, {})
    put(items, "edited.toml", BOOK + 'title = "x"\n')
    put(items, "new.toml")
    (items / "removed.toml").unlink()
    (items / "renamed.toml").rename(items / "called.toml")
    read.clear()
    second = scan(items, {}, before=first)
    assert sorted(read) == ["called.toml", "edited.toml", "new.toml"]
    again = scan(items, {})
    assert (second.files, second.problems) == (again.files, again.problems)
    assert second.problems == first.problems != ()


def test_what_was_taken_over_once_is_taken_over_again(items: Path, read: list[str]) -> None:
    put_yesterday(items, "a.toml")
    found = scan(items, {})
    read.clear()
    for _look in range(3):
        found = scan(items, {}, before=found)
    assert found.files[0].text
    assert read == []


def test_a_file_that_an_earlier_look_knew_unread_is_read_once_it_has_to_be(items: Path) -> None:
    put_yesterday(items, "a.toml")
    known = {"a.toml": stamp(items, "a.toml")}
    first = scan(items, known, racy_after=NEVER_RACY)
    assert first.files[0].unchanged
    (found,) = scan(items, {}, before=first).files
    assert found.text


def test_a_file_edited_in_the_tick_of_the_first_look_is_read_by_the_second(items: Path) -> None:
    file = put(items, "a.toml", BOOK + 'title = "a"\n')
    before = file.stat()
    first = scan(items, {})
    with file.open("r+b") as handle:  # the same inode, size and, set back, the same time
        handle.write((BOOK + 'title = "b"\n').encode())
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    (found,) = scan(items, {}, before=first).files
    assert found.text
    assert found.text.fields["title"] == "b"


# Writing


def test_a_replaced_file_says_the_new_text_and_its_stamp_fits(items: Path) -> None:
    put(items, "sub/a.toml")
    made = replace_file(items, "sub/a.toml", BOOK + "# é\n", stamp(items, "sub/a.toml"))
    assert made == stamp(items, "sub/a.toml")
    assert (items / "sub" / "a.toml").read_text(encoding="utf-8") == BOOK + "# é\n"
    assert names(items) == ["sub/a.toml"]


def test_a_replaced_file_keeps_crlf_bom_and_permissions(items: Path) -> None:
    file = put(items, "a.toml", b"\xef\xbb\xbf" + BOOK.replace("\n", "\r\n").encode())
    file.chmod(0o640)
    mode = file.stat().st_mode
    replace_file(items, "a.toml", "a = 1\nb = 2\n", stamp(items, "a.toml"))
    assert file.read_bytes() == b"\xef\xbb\xbfa = 1\r\nb = 2\r\n"
    assert file.stat().st_mode == mode


def test_a_file_edited_meanwhile_is_never_overwritten(items: Path) -> None:
    file = put(items, "a.toml")
    old = stamp(items, "a.toml")
    file.write_text("# mon texte\n", encoding="utf-8")
    with pytest.raises(ChangedError):
        replace_file(items, "a.toml", BOOK, old)
    assert file.read_text(encoding="utf-8") == "# mon texte\n"
    assert names(items) == ["a.toml"]


def test_a_file_edited_while_the_new_text_goes_to_the_disk_is_not_overwritten(
    items: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = put(items, "a.toml")
    old = stamp(items, "a.toml")
    real = files.write_temp

    def write_temp(*args: Any, **options: Any) -> Any:
        file.write_text("# mon texte\n", encoding="utf-8")
        return real(*args, **options)

    monkeypatch.setattr(files, "write_temp", write_temp)
    with pytest.raises(ChangedError):
        replace_file(items, "a.toml", BOOK, old)
    assert file.read_text(encoding="utf-8") == "# mon texte\n"
    assert names(items) == ["a.toml"]


def test_a_file_removed_meanwhile_is_not_made_again(items: Path) -> None:
    file = put(items, "a.toml")
    old = stamp(items, "a.toml")
    file.unlink()
    with pytest.raises(ChangedError):
        replace_file(items, "a.toml", BOOK, old)
    assert names(items) == []


def failing(error: OSError) -> Callable[..., Any]:
    def fail(*_args: Any, **_options: Any) -> Any:
        raise error

    return fail


NO_SPACE = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("effect", ["write_temp", "fsync", "copy_mode", "replace"])
def test_a_failure_before_the_replacement_leaves_the_old_text_and_nothing_else(
    items: Path, monkeypatch: pytest.MonkeyPatch, effect: str
) -> None:
    put(items, "a.toml", BOOK)
    old = stamp(items, "a.toml")
    monkeypatch.setattr(files, effect, failing(NO_SPACE))
    with pytest.raises(FileError, match="No space left"):
        replace_file(items, "a.toml", "a = 1\n", old)
    assert (items / "a.toml").read_text(encoding="utf-8") == BOOK
    assert names(items) == ["a.toml"]


@pytest.mark.parametrize("windows", [True, False])
def test_a_refused_write_says_why(
    items: Path, monkeypatch: pytest.MonkeyPatch, *, windows: bool
) -> None:
    put(items, "a.toml")
    old = stamp(items, "a.toml")
    monkeypatch.setattr(files, "_WINDOWS", windows)
    monkeypatch.setattr(files, "replace", failing(PermissionError(errno.EACCES, "denied")))
    with pytest.raises(FileError, match="open in another program" if windows else "No right"):
        replace_file(items, "a.toml", "a = 1\n", old)


def test_new_files_are_written_in_batches_with_stamps_that_fit(
    items: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    texts = [(f"d{n % 2}/{n}.toml", f"{BOOK}# {n}\n") for n in range(5)]
    written = list(write_new_files(items, iter(texts)))
    assert [len(batch.stamps) for batch in written] == [2, 2, 1]
    stamps = {path: made for batch in written for path, made in batch.stamps.items()}
    assert stamps == {path: stamp(items, path) for path, _text in texts}
    assert scan(items, stamps, racy_after=NEVER_RACY).files[0].unchanged
    assert names(items) == sorted(path for path, _text in texts)


def edits(items: Path, count: int) -> list[Edit]:
    """Make files, and return an edit of each."""
    paths = [f"d{n % 2}/{n}.toml" for n in range(count)]
    for path in paths:
        put(items, path)
    return [Edit(path, f"{BOOK}# {path}\n", stamp(items, path)) for path in paths]


def test_files_are_replaced_together_but_for_those_that_somebody_edited(items: Path) -> None:
    wanted = edits(items, 10)
    put(items, "d0/2.toml", "# à moi\n")
    (items / "d1" / "3.toml").unlink()
    done = replace_files(items, wanted)
    assert {path: type(error) for path, error in done.failed.items()} == {
        "d0/2.toml": ChangedError,
        "d1/3.toml": ChangedError,
    }
    assert done.stamps == {e.path: stamp(items, e.path) for e in wanted if e.path in done.stamps}
    assert len(done.stamps) == 8
    assert (items / "d0" / "2.toml").read_text(encoding="utf-8") == "# à moi\n"
    assert (items / "d1" / "1.toml").read_text(encoding="utf-8") == wanted[1].text
    assert names(items) == sorted(e.path for e in wanted if e.path != "d1/3.toml")


def test_one_that_is_edited_while_the_others_go_to_the_disk_is_left(
    items: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = edits(items, 10)
    sync_all = files.sync_all

    def somebody_edits() -> bool:
        put(items, "d0/2.toml", "# à moi\n")
        return sync_all()

    monkeypatch.setattr(files, "sync_all", somebody_edits)
    assert list(replace_files(items, wanted).failed) == ["d0/2.toml"]
    assert (items / "d0" / "2.toml").read_text(encoding="utf-8") == "# à moi\n"


@pytest.mark.parametrize(
    ("count", "waits", "expected"), [(2, True, 2), (10, True, 0), (10, False, 10)]
)
def test_replaced_files_are_on_the_disk_before_they_take_their_places(
    items: Path, monkeypatch: pytest.MonkeyPatch, count: int, *, waits: bool, expected: int
) -> None:
    done: list[str] = []
    real, sync_file = files.replace, files.sync_file

    def note_all() -> bool:
        done.append("all")
        return waits

    def note_file(path: str) -> None:
        done.append("file")
        sync_file(path)

    def note_place(source: str, target: Path) -> None:
        done.append("place")
        real(source, target)

    monkeypatch.setattr(files, "sync_all", note_all)
    monkeypatch.setattr(files, "sync_file", note_file)
    monkeypatch.setattr(files, "replace", note_place)
    replace_files(items, edits(items, count))
    together = ["all"] if count > 2 else []
    assert done == [*together, *["file"] * expected, *["place"] * count]


@pytest.mark.parametrize(
    ("effect", "left"), [("write_temp", 10), ("sync_all", 0), ("replace", 10), ("copy_mode", 10)]
)
def test_what_cannot_be_replaced_is_as_it_was(
    items: Path, monkeypatch: pytest.MonkeyPatch, effect: str, left: int
) -> None:
    wanted = edits(items, 10)
    monkeypatch.setattr(files, effect, failing(NO_SPACE))
    if effect == "sync_all":
        with pytest.raises(FileError, match="No space left"):
            replace_files(items, wanted)
    else:
        assert len(replace_files(items, wanted).failed) == left
    assert {(items / e.path).read_text(encoding="utf-8") for e in wanted} == {BOOK}
    assert names(items) == sorted(e.path for e in wanted)


def test_a_new_file_never_overwrites_one_that_is_there(items: Path) -> None:
    put(items, "a.toml", "# à moi\n")
    (batch,) = write_new_files(items, [("a.toml", BOOK), ("b.toml", BOOK)])
    assert batch.taken == ("a.toml",)
    assert list(batch.stamps) == ["b.toml"]
    assert (items / "a.toml").read_text(encoding="utf-8") == "# à moi\n"
    assert names(items) == ["a.toml", "b.toml"]


@pytest.mark.skipif(sys.platform == "win32", reason="hard links are not used there")
def test_new_files_come_without_hard_links_too(
    items: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", failing(OSError(errno.EPERM, "Operation not permitted")))
    put(items, "a.toml", "# à moi\n")
    (batch,) = write_new_files(items, [("a.toml", BOOK), ("b.toml", BOOK)])
    assert (batch.taken, list(batch.stamps)) == (("a.toml",), ["b.toml"])
    assert (items / "a.toml").read_text(encoding="utf-8") == "# à moi\n"
    assert names(items) == ["a.toml", "b.toml"]


@pytest.mark.parametrize("waits", [True, False])
def test_new_files_are_on_the_disk_before_they_have_their_names(
    items: Path, monkeypatch: pytest.MonkeyPatch, *, waits: bool
) -> None:
    done: list[str] = []
    put_new, sync_file = files.put_new, files.sync_file

    def note_all() -> bool:
        done.append("all")
        return waits

    def note_file(path: str) -> None:
        done.append("file")
        sync_file(path)

    def note_name(source: str, target: str) -> None:
        done.append("name")
        put_new(source, target)

    monkeypatch.setattr(files, "sync_all", note_all)
    monkeypatch.setattr(files, "sync_file", note_file)
    monkeypatch.setattr(files, "put_new", note_name)
    list(write_new_files(items, [("a.toml", BOOK), ("b.toml", BOOK)]))
    assert done == ["all", *([] if waits else ["file", "file"]), "name", "name"]


@pytest.mark.parametrize("effect", ["write_temp", "sync_all", "put_new", "sync_folder"])
def test_a_failing_batch_leaves_whole_files_or_none(
    items: Path, monkeypatch: pytest.MonkeyPatch, effect: str
) -> None:
    real, calls = getattr(files, effect), [0]

    def second_fails(*args: Any, **options: Any) -> Any:
        calls[0] += 1
        if calls[0] == 2 or effect in {"sync_all", "sync_folder"}:
            raise NO_SPACE
        return real(*args, **options)

    monkeypatch.setattr(files, effect, second_fails)
    with pytest.raises(FileError, match="No space left"):
        list(write_new_files(items, [("a.toml", BOOK), ("b.toml", BOOK)]))
    written = {"write_temp": [], "sync_all": [], "put_new": ["a.toml"]}
    assert names(items) == written.get(effect, ["a.toml", "b.toml"])


@pytest.mark.parametrize("path", ["../a.toml", "/etc/a.toml", "a/../../b.toml", "", "a\0.toml"])
def test_a_path_never_leads_out_of_the_folder(items: Path, path: str) -> None:
    with pytest.raises(FileError):
        list(write_new_files(items, [(path, BOOK)]))
    with pytest.raises(FileError):
        move_to_trash(items, path, items.parent / "trash", "1", FileStamp(0, 0, 0, ""))
    assert names(items.parent) == []


def test_what_a_stopped_run_left_is_swept_and_nothing_else(items: Path) -> None:
    put(items, f"sub/{files.temp_name()}")
    put(items, ".zotsync-hers.toml")
    put(items, "a.toml")
    found = scan(items, {})
    assert [f.path for f in found.files] == ["a.toml"]
    sweep(items, [*found.leftovers, "a.toml"])
    assert names(items) == [".zotsync-hers.toml", "a.toml"]


def test_what_was_left_right_in_a_folder_is_swept_too(tmp_path: Path) -> None:
    name = files.temp_name()
    put(tmp_path, name)
    put(tmp_path, "collections.toml")
    assert left_in(tmp_path) == [name]
    assert left_in(tmp_path / "nowhere") == []
    sweep(tmp_path, left_in(tmp_path))
    assert names(tmp_path) == ["collections.toml"]


# The trash


def test_a_file_goes_to_the_trash_and_comes_back(items: Path, tmp_path: Path) -> None:
    trash = tmp_path / ".zotsync" / "trash"
    put(items, "sub/a.toml", "# à moi\n")
    old = stamp(items, "sub/a.toml")
    name = move_to_trash(items, "sub/a.toml", trash, "7", old)
    assert (name, names(items), names(trash)) == ("a.toml", [], ["a.toml"])
    made = restore_from_trash(trash, name, items, "sub/a.toml")
    assert (made, names(items), names(trash)) == (old, ["sub/a.toml"], [])


def test_files_of_one_name_never_overwrite_each_other_in_the_trash(
    items: Path, tmp_path: Path
) -> None:
    trash = tmp_path / "trash"
    moved = []
    for number in range(4):
        put(items, "a.toml", f"# {number}\n")
        moved.append(move_to_trash(items, "a.toml", trash, "7", stamp(items, "a.toml")))
    assert moved == ["a.toml", "a.7.toml", "a.7-2.toml", "a.7-3.toml"]
    assert [(trash / n).read_text(encoding="utf-8") for n in moved] == [
        f"# {n}\n" for n in range(4)
    ]


def test_a_move_to_the_trash_that_was_stopped_half_way_leaves_one_copy(
    items: Path, tmp_path: Path
) -> None:
    trash = tmp_path / "trash"
    put(trash, "a.toml", "# une autre\n")
    put(trash, "a.6.toml", "# à moi\n")
    put(items, "a.toml", "# à moi\n")
    assert move_to_trash(items, "a.toml", trash, "6", stamp(items, "a.toml")) == "a.6.toml"
    assert (names(items), names(trash)) == ([], ["a.6.toml", "a.toml"])


def test_a_file_edited_meanwhile_does_not_go_to_the_trash(items: Path, tmp_path: Path) -> None:
    file = put(items, "a.toml")
    old = stamp(items, "a.toml")
    file.write_text("# mon texte\n", encoding="utf-8")
    with pytest.raises(ChangedError):
        move_to_trash(items, "a.toml", tmp_path / "trash", "7", old)
    assert names(items) == ["a.toml"]


def test_nothing_is_restored_over_a_file(items: Path, tmp_path: Path) -> None:
    put(tmp_path, "trash/a.toml", "# du passé\n")
    put(items, "a.toml", "# à moi\n")
    with pytest.raises(FileError, match="already"):
        restore_from_trash(tmp_path / "trash", "a.toml", items, "a.toml")
    assert (items / "a.toml").read_text(encoding="utf-8") == "# à moi\n"
    assert names(tmp_path / "trash") == ["a.toml"]


@pytest.mark.skipif(sys.platform == "win32", reason="hard links are not used there")
def test_a_trash_on_another_disk_works(
    items: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trash = tmp_path / "trash"
    put(items, "a.toml", "# à moi\n")
    real = os.link

    def link(source: str, target: str) -> None:
        if Path(source).parent != Path(target).parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        real(source, target)

    monkeypatch.setattr(os, "link", link)
    assert move_to_trash(items, "a.toml", trash, "7", stamp(items, "a.toml")) == "a.toml"
    assert (trash / "a.toml").read_text(encoding="utf-8") == "# à moi\n"
    assert (names(items), names(trash)) == ([], ["a.toml"])


def test_a_long_look_tells_how_far_it_is(items: Path) -> None:
    for n in range(120):
        (items / f"{n}.toml").write_text('itemType = "book"\n', encoding="utf-8")
    told: list[tuple[Phase, int, int | None]] = []
    scan(items, {}, progress=lambda *now: told.append(now))
    assert told == [(Phase.SCAN, 50, None), (Phase.SCAN, 100, None)]
