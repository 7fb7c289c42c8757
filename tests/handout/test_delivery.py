"""Documents put in their place: never over what somebody edited or has open, never without need."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zotsync.errors import FileError
from zotsync.handout.entry import Block, Document, Entry, Face, Line, Mark, Properties, Role, Run
from zotsync.handout.keeping.delivery import Delivered, Delivery, Status
from zotsync.handout.keeping.imprint import digest, imprinter
from zotsync.handout.keeping.openfiles import holder_of
from zotsync.handout.keeping.prints import NAME, Printing, Prints, printing_now
from zotsync.handout.keeping.record import Copy, Deed, Record, decide
from zotsync.handout.keeping.replacing import replace_file

Deliver = Callable[..., Delivered]
NOTHING = Record()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "handouts" / "essai.docx"


@pytest.fixture
def deliver(target: Path, tmp_path: Path) -> Deliver:
    """Deliver a text; its own first word is the fingerprint of its sources."""

    def delivered(text: str, record: Record = NOTHING, *, force: bool = False) -> Delivered:
        mark, replaced = text.split(maxsplit=1)[0], tmp_path / "replaced"
        return Delivery(target, mark, text.encode, record, replaced, force=force).carry_out()

    return delivered


def names(target: Path) -> list[str]:
    return sorted(file.name for file in target.parent.iterdir())


def test_the_first_one_is_written(deliver: Deliver, target: Path) -> None:
    made = deliver("one")
    assert (made.status, made.file) == (Status.WRITTEN, target)
    assert target.read_text() == "one"
    assert names(target) == ["essai.docx"]


def test_what_has_not_changed_is_not_made_again(deliver: Deliver, target: Path) -> None:
    record = deliver("one").record
    before = target.stat()
    made = deliver("one, otherwise".replace("one,", "one"), record)
    assert made.status is Status.UNCHANGED
    assert target.read_text() == "one"
    assert target.stat() == before
    assert deliver("one otherwise", record, force=True).status is Status.WRITTEN
    assert target.read_text() == "one otherwise"


def test_what_was_removed_is_written_again(deliver: Deliver, target: Path) -> None:
    record = deliver("one").record
    target.unlink()
    assert deliver("one", record).status is Status.WRITTEN


def test_what_was_edited_stays_and_the_new_one_stands_beside_it(
    deliver: Deliver, target: Path
) -> None:
    record = deliver("one").record
    target.write_text("edited")
    assert deliver("one", record).status is Status.EDITED
    assert names(target) == ["essai.docx"]
    made = deliver("two", record)
    assert (made.status, made.file.name) == (Status.BESIDE, "essai (new).docx")
    assert (target.read_text(), made.file.read_text()) == ("edited", "two")
    again = deliver("two otherwise", made.record)
    assert (again.status, again.file.read_text()) == (Status.BESIDE, "two")
    third = deliver("three", made.record)
    assert third.file == made.file
    assert third.file.read_text() == "three"
    assert target.read_text() == "edited"


def test_what_was_edited_beside_stays_too(deliver: Deliver, target: Path) -> None:
    record = deliver("one").record
    target.write_text("edited")
    record = deliver("two", record).record
    target.with_name("essai (new).docx").write_text("edited as well")
    made = deliver("three", record)
    assert made.file.name == "essai (new 2).docx"
    assert target.with_name("essai (new).docx").read_text() == "edited as well"


def test_what_is_open_beside_stays_too(deliver: Deliver, target: Path) -> None:
    record = deliver("one").record
    target.write_text("edited")
    record = deliver("two", record).record
    target.with_name(".~lock.essai (new).docx#").write_text(",camille,pc,;")
    made = deliver("three", record)
    assert made.file.name == "essai (new 2).docx"
    assert target.with_name("essai (new).docx").read_text() == "two"


def test_what_was_edited_beside_stays_when_the_new_one_is_in_its_place(
    deliver: Deliver, target: Path
) -> None:
    record = deliver("one").record
    target.write_text("edited")
    record = deliver("two", record).record
    target.with_name("essai (new).docx").write_text("edited as well")
    assert deliver("two", record, force=True).status is Status.WRITTEN
    assert target.with_name("essai (new).docx").read_text() == "edited as well"


def test_force_writes_over_what_was_edited_and_keeps_it(
    deliver: Deliver, target: Path, tmp_path: Path
) -> None:
    record = deliver("one").record
    target.write_text("edited")
    record = deliver("two", record).record
    made = deliver("two", record, force=True)
    assert made.status is Status.WRITTEN
    assert names(target) == ["essai.docx"]  # ours beside it has gone
    assert target.read_text() == "two"
    assert made.kept is not None
    assert made.kept.parent == tmp_path / "replaced"
    assert made.kept.read_text() == "edited"


def test_a_document_that_nobody_knows_of_is_kept(deliver: Deliver, target: Path) -> None:
    target.parent.mkdir()
    target.write_text("whose?")
    made = deliver("one")
    assert made.status is Status.WRITTEN
    assert made.kept is not None
    assert made.kept.read_text() == "whose?"


def test_documents_replaced_that_were_saved_in_the_same_second_are_both_kept(
    deliver: Deliver, target: Path
) -> None:
    target.parent.mkdir()
    kept = []
    for text in ("whose?", "and whose?", "whose?"):
        target.write_text(text)
        os.utime(target, (1_600_000_000, 1_600_000_000))
        kept.append(deliver("one").kept)
    assert [file.read_text() for file in kept if file] == ["whose?", "and whose?", "whose?"]
    assert kept[0] == kept[2] != kept[1]


@pytest.mark.parametrize("before", [None, "one"])
def test_a_document_saved_while_the_new_one_is_made_stays(
    deliver: Deliver, target: Path, tmp_path: Path, before: str | None
) -> None:
    record = NOTHING if before is None else deliver(before).record

    def make() -> bytes:
        target.parent.mkdir(exist_ok=True)
        target.write_text("saved meanwhile")
        return b"two"

    made = Delivery(target, "two", make, record, tmp_path / "replaced").carry_out()
    assert (made.status, made.file.name) == (Status.BESIDE, "essai (new).docx")
    assert (target.read_text(), made.file.read_text()) == ("saved meanwhile", "two")


def test_a_document_that_is_as_it_would_be_is_left(deliver: Deliver, target: Path) -> None:
    target.parent.mkdir()
    target.write_text("one")
    made = deliver("one")
    assert (made.status, made.kept) == (Status.UNCHANGED, None)
    assert made.record.written == Copy("one", digest(b"one"))


def word_owner(name: str) -> bytes:
    wide = name.encode("utf-16-le")
    narrow = name.encode("cp1252")
    counted = bytes([len(name)]) + narrow + bytes(53 - len(narrow))
    return counted + len(name).to_bytes(2, "little") + wide + bytes(106 - len(wide))


@pytest.mark.parametrize(
    ("owner", "raw", "program", "who"),
    [
        ("~$essai.docx", word_owner("Camille Zoë"), "Word", "Camille Zoë"),
        ("~$sai.docx", word_owner("Émile"), "Word", "Émile"),
        ("~$essai.docx", word_owner("Émile")[:20], "Word", "Émile"),
        ("~$essai.docx", b"", "Word", ""),
        (".~lock.essai.docx#", b"Camille,cam,poste12,22.11.2026 21:04,file:///x;", "LibreOffice", "Camille"),
        (".~lock.essai.docx#", b",cam,poste12,22.11.2026 21:04,file:///x;", "LibreOffice", "cam"),
        (".~lock.essai.docx#", b"", "LibreOffice", ""),
    ],
)  # fmt: skip
def test_an_open_document_stays_and_who_has_it_open_is_told(  # noqa: PLR0913, PLR0917
    deliver: Deliver, target: Path, owner: str, raw: bytes, program: str, who: str
) -> None:
    record = deliver("one").record
    target.with_name(owner).write_bytes(raw)
    assert deliver("one", record).status is Status.UNCHANGED
    made = deliver("two", record)
    assert (made.status, made.file.name) == (Status.BESIDE, "essai (new).docx")
    assert target.read_text() == "one"
    assert made.holder is not None
    assert (made.holder.program, made.holder.name) == (program, who)
    target.with_name(owner).unlink()
    free = deliver("two", made.record)
    assert free.status is Status.WRITTEN
    assert names(target) == ["essai.docx"]
    assert target.read_text() == "two"


def test_word_s_owner_files_have_no_longer_names_than_the_document(tmp_path: Path) -> None:
    for name in ("ab.docx", "pair-aidance.docx", "pair ai.docx"):
        for owner in (f"~${name}", f"~${name[1:]}", f"~${name[2:]}"):
            (tmp_path / owner).write_bytes(word_owner("A"))
            assert holder_of(tmp_path / name) is not None
            (tmp_path / owner).unlink()
        assert holder_of(tmp_path / name) is None


def test_a_document_that_the_system_has_locked(
    deliver: Deliver, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = deliver("one").record
    move = Path.replace

    def locked(self: Path, to: Path) -> Path:
        if Path(to) == target:
            raise PermissionError(13, "The process cannot access the file")
        return move(self, to)

    monkeypatch.setattr(Path, "replace", locked)
    made = deliver("two", record)
    assert (made.status, made.locked) == (Status.BESIDE, True)
    assert names(target) == ["essai (new).docx", "essai.docx"]
    assert deliver("two", made.record).file == made.file
    monkeypatch.undo()
    assert deliver("two", made.record).status is Status.WRITTEN
    assert names(target) == ["essai.docx"]


def test_a_document_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.docx").mkdir()
    (tmp_path / "file").write_text("")
    for target in (tmp_path / "x.docx", tmp_path / "file" / "x.docx"):
        with pytest.raises(FileError) as caught:
            Delivery(target, "1", lambda: b"one", Record(), tmp_path / "replaced").carry_out()
        assert caught.value.problem.place.file == str(target)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "x.docx"]


def test_a_folder_that_cannot_be_written_is_named(
    deliver: Deliver, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = deliver("one").record

    def refused(*_words: object, **_more: object) -> tuple[int, str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", refused)
    monkeypatch.setattr(os, "access", lambda *_words: False)
    with pytest.raises(FileError) as caught:
        deliver("two", record)
    assert caught.value.problem.place.file == str(target)


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    target = tmp_path / "new" / "x.docx"
    replace_file(target, b"one")
    replace_file(target, b"two")
    assert target.read_bytes() == b"two"
    assert list(target.parent.iterdir()) == [target]


MARKS = st.sampled_from(["a", "b", "c"])
COPIES = st.none() | st.builds(Copy, MARKS, MARKS)
RECORDS = st.builds(Record, COPIES, COPIES, st.just("x"))


@given(
    record=RECORDS,
    mark=MARKS,
    there=st.none() | MARKS,
    beside=st.none() | MARKS,
    force=st.booleans(),
)
def test_what_was_edited_is_never_written_over_without_being_kept(
    *, record: Record, mark: str, there: str | None, beside: str | None, force: bool
) -> None:
    deed = decide(record, mark, there, beside, force=force)
    ours = record.written is not None and there == record.written.digest
    assert deed is not Deed.WRITE or there is None or ours
    if force:
        assert deed in (Deed.WRITE, Deed.REPLACE)
    if deed is Deed.UNCHANGED:
        assert record.written == Copy(mark, there or "")
    if deed is Deed.WAITS:
        assert record.beside == Copy(mark, beside or "")


# Fingerprints


LINE = Line(Role.ENTRY_TITLE, (Run("Titre", faces=frozenset({Face.BOLD, Face.ITALIC})),))
DOCUMENT = Document(
    front=(Line(Role.TITLE, (Run("Bibliographie"),)),),
    blocks=(Block(Line(Role.SECTION, (Run("Livres"),)), [Entry("ABCD2345", (LINE,))]),),
    back=(Line(Role.CONTACT, (Run("Contact"),)),),
    properties=Properties(title="Bibliographie"),
)


def with_run(run: Run) -> Document:
    entries = [Entry("ABCD2345", (Line(Role.ENTRY_TITLE, (run,)),))]
    return replace(DOCUMENT, blocks=(replace(DOCUMENT.blocks[0], entries=entries),))


def test_every_part_of_a_document_counts() -> None:
    others = [
        replace(DOCUMENT, front=(*DOCUMENT.front, LINE)),
        replace(DOCUMENT, intro=(LINE,)),
        replace(DOCUMENT, back=()),
        replace(DOCUMENT, back=(), intro=DOCUMENT.back),
        replace(DOCUMENT, cover=True),
        replace(DOCUMENT, contents=LINE),
        replace(DOCUMENT, logo="logo.png"),
        replace(DOCUMENT, properties=Properties(title="x")),
        replace(DOCUMENT, blocks=(replace(DOCUMENT.blocks[0], heading=None),)),
        replace(DOCUMENT, blocks=(*DOCUMENT.blocks, *DOCUMENT.blocks)),
        with_run(Run("Titre")),
        with_run(Run("Titre", faces=frozenset({Face.BOLD}))),
        with_run(Run("Titre", mark=Mark.ORIGIN)),
        with_run(Run("Titre", url="https://example.org")),
        with_run(Run("Titre", code="https://example.org")),
    ]
    found = {imprinter(document)([]) for document in (DOCUMENT, *others)}
    assert len(found) == len(others) + 1
    told = imprinter(DOCUMENT)
    assert len({told([b"ab", b"c"]), told([b"a", b"bc"]), told([])}) == 3


def test_a_fingerprint_is_the_same_in_every_process() -> None:
    code = (
        "from handout.test_delivery import DOCUMENT, with_run, Run, Face, imprinter\n"
        "for document in DOCUMENT, with_run(Run('x', faces=frozenset(Face))):\n"
        "    print(imprinter(document)([]))"
    )
    found = set()
    for seed in ("1", "2", "3"):
        path = os.pathsep.join(sys.path)
        environ = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
        words = [sys.executable, "-c", code]
        done = subprocess.run(words, env=environ, check=True, capture_output=True, text=True)
        found.add(done.stdout)
    assert len(found) == 1


# What is remembered


def test_prints_are_kept_and_damage_is_nothing_to_stumble_over(tmp_path: Path) -> None:
    record = Record(Copy("a", "b"), Copy("c", "d"), "x (new).docx")
    Prints.of(tmp_path).remember("x.docx", record)
    Prints.of(tmp_path).remember_printing("x.toml", Printing("c", "2026-11-22", "2026"))
    kept = Prints.of(tmp_path)
    assert kept.record("x.docx") == record
    assert kept.printing("x.toml").day == "2026-11-22"
    whole = (tmp_path / NAME).read_text("utf-8")
    for damaged in ("", "[]", '{"documents": 3}', whole[:-9], whole.replace("written", "w"),
                    whole.replace('"day"', '"d"'), whole.replace('"digest"', '"d"')):  # fmt: skip
        (tmp_path / NAME).write_text(damaged, "utf-8")
        assert Prints.of(tmp_path).record("x.docx") in (Record(), record)
        Prints.of(tmp_path).printing("x.toml")
        Prints.of(tmp_path).remember("x.docx", replace(record, beside_name="y"))
        assert Prints.of(tmp_path).record("x.docx").beside_name == "y"


def test_what_was_edited_and_taken_over_may_be_written_again(
    deliver: Deliver, target: Path, tmp_path: Path
) -> None:
    prints = Prints.of(tmp_path)
    prints.remember("x", deliver("one").record)
    target.write_text("edited")
    prints.taken_over("x", digest(b"edited"))
    prints.taken_over("unknown", "?")
    made = deliver("two", prints.record("x"))
    assert made.status is Status.WRITTEN
    assert made.kept is not None  # comments, and what an undo takes back, stand in it alone
    assert made.kept.read_text() == "edited"
    assert prints.record("unknown") == Record()


def test_two_commands_at_once_do_not_forget_each_other_s_prints(tmp_path: Path) -> None:
    one, other = Prints.of(tmp_path), Prints.of(tmp_path)
    one.remember("a.docx", Record(Copy("a", "a")))
    other.remember("b.docx", Record(Copy("b", "b")))
    assert Prints.of(tmp_path).record("a.docx").written == Copy("a", "a")


def test_the_day_stays_as_long_as_the_content_does() -> None:
    first = printing_now(Printing(), "a", dt.datetime(2026, 9, 12, 12, tzinfo=dt.UTC))
    same = printing_now(first, "a", dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC))
    other = printing_now(same, "b", dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC))
    assert (first.day, same.day, other.day) == ("2026-09-12", "2026-09-12", "2026-11-22")
    assert same.printed.startswith("2026-11-22T12")
