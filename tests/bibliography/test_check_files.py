"""The offline check of the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from zotsync.bibliography.check import check_bibliography
from zotsync.bibliography.scanned import ItemText
from zotsync.bibliography.scanning import scan
from zotsync.errors import Problem
from zotsync.zotero.schema import bundled


@pytest.fixture
def items(tmp_path: Path) -> Path:
    made = tmp_path / "bibliography" / "items"
    made.mkdir(parents=True)
    (made.parent / "collections.toml").write_text('"A" = "AAAAAAAA"\n', encoding="utf-8")
    return made


def check(items: Path, remembered: dict[str, str] | None = None) -> list[Problem]:
    known = {path: ItemText(key, {}) for path, key in (remembered or {}).items()}
    return check_bibliography(
        items, items.parent / "collections.toml", bundled(), scan(items, {}), known
    )


def one(items: Path, text: str) -> Problem:
    (items / "a.toml").write_text(text, encoding="utf-8")
    (problem,) = check(items)
    return problem


def test_good_files_have_nothing_wrong(items: Path) -> None:
    (items / "a.toml").write_text(
        'key = "ABCD2345"\nitemType = "journalArticle"\ntitle = "T"\ndate = "juillet-août 2019"\n'
        'creators = [{ creatorType = "author", name = "U" }]\ntags = ["x"]\ncollections = ["A"]\n'
        'accessDate = "2021-10-31 10:00:00"\nrelations = { a = "http://x" }\n',
        encoding="utf-8",
    )
    (items / "b.toml").write_text(
        'itemType = "note"\nnote = "<p>x</p>"\nparentItem = "ABCD2345"\n', encoding="utf-8"
    )
    assert check(items) == []


@pytest.mark.parametrize(
    ("line", "field", "message", "hint"),
    [
        ('itemType = "livre"', "itemType", "no item type livre", ""),
        ('itemType = "Book"', "itemType", "no item type Book", "`book`"),
        ('itemType = "attachment"', "itemType", "stay in Zotero", "Delete"),
        ('itemType = "book"\ntitel = "x"', "titel", "Zotero has no field titel", "`title`"),
        ('itemType = "book"\nissue = "3"', "issue", "book has no field issue", ""),
        ('itemType = "thesis"\npublisher = "Lyon 2"', "publisher", "thesis", "`university`"),
        (
            'itemType = "note"\ncreators = [{creatorType="author", name="U"}]',
            "creators",
            "note",
            "",
        ),
        (
            'itemType = "book"\ncreators = [{creatorType="autor", name="U"}]',
            "creators",
            "autor",
            "author",
        ),
        ('itemType = "book"\ntags = "x"', "tags", "list", 'tags = ["x"]'),
    ],
)
def test_what_is_wrong_with_an_item_is_told_with_line_and_hint(
    items: Path, line: str, field: str, message: str, hint: str
) -> None:
    problem = one(items, f'key = "ABCD2345"\n{line}\n')
    assert problem.place.file == "bibliography/items/a.toml"
    assert problem.place.line == line.count("\n") + 2
    assert problem.place.field == field
    assert message in problem.message
    assert hint in problem.hint


def test_files_that_cannot_be_parsed_and_second_copies_are_told(items: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (items / name).write_text('key = "ABCD2345"\nitemType = "book"\n', encoding="utf-8")
    (items / "c.toml").write_text("title = ", encoding="utf-8")
    assert [p.place.file.rpartition("/")[2] for p in check(items)] == ["c.toml", "a.toml", "b.toml"]
    known = [p.place.file.rpartition("/")[2] for p in check(items, {"a.toml": "ABCD2345"})]
    assert known == ["c.toml", "b.toml"]


def test_files_that_are_no_item_files_are_told(items: Path) -> None:
    (items / "sub").mkdir()
    (items / "sub" / "a.toml.txt").write_text('itemType = "book"', encoding="utf-8")
    (items / ".hidden").write_text("", encoding="utf-8")
    (problem,) = check(items)
    assert problem.place.file == "bibliography/items/sub/a.toml.txt"
    assert ".toml" in problem.hint


def test_a_broken_collection_tree_and_a_missing_folder_are_told(items: Path) -> None:
    (items.parent / "collections.toml").write_text('"A" = "x"\n', encoding="utf-8")
    (problem,) = check(items)
    assert problem.place.line == 1
    items.rmdir()
    assert [p.message for p in check(items)] == ["There is no folder of item files."]
