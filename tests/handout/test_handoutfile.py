"""Handout files: read strictly, made new, amended."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from handout.printed import SAMPLE

from zotsync.errors import HandoutError
from zotsync.handout.handoutfile import Handout, parse_handout, read_handout
from zotsync.handout.handoutwriting import NewSection, new_handout_text, rename_in_handout

FULL = """\
title = "La pair-aidance"
date = 2021-10-01
collection = "Pair-aidance"
introduction = \"\"\"
sort = "not a setting"
[[sections]]
\"\"\"
rest = false
exclude = ["ABCD2345"]

[[sections]]
title = "Articles"
order = [
    "BBBB2345",  # Un titre
]

[[sections]]  # the second
title = "Ouvrages"
itemTypes = ["book"]
sort = "date"
repeat = true
"""


def parse(text: str) -> Handout:
    return parse_handout(text.encode(), "handouts/x.toml")


def test_everything_in_a_handout_file_is_read() -> None:
    handout = parse(FULL)
    assert (handout.title, handout.date, handout.rest) == ("La pair-aidance", "2021-10-01", None)
    assert handout.introduction == 'sort = "not a setting"\n[[sections]]'
    assert handout.exclude == ("ABCD2345",)
    articles, books = handout.sections
    assert (articles.order, articles.sort) == (("BBBB2345",), "manual")
    assert (books.item_types, books.sort, books.repeat) == (("book",), "date", True)


def test_places_skip_long_texts_and_find_the_right_section() -> None:
    handout = parse(FULL)
    assert handout.place("sections[0].title").line == 12
    assert handout.place("sections[1].sort").line == 20
    assert handout.place("sections[0].order", "BBBB2345").line == 14
    assert handout.place("sections[1]").line == 17
    assert handout.place("theme").line is None


def test_rest_is_the_theme_s_word_unless_named_or_refused() -> None:
    assert [parse(text).rest for text in ("", "rest = true", "rest = false", 'rest = "Plus"')] == [
        "",
        "",
        None,
        "Plus",
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("title = ", 1, "This value cannot be read"),
        ("title", 1, "An equals sign is missing"),
        ('a = 1\ntitel = "x"', 1, "Unknown setting: a"),
        ('title = "x"\ncolection = "x"', 2, "Do you mean collection?"),
        ("title = true", 1, "between quotes"),
        ("title = []", 1, "between quotes"),
        ('title = "x"\nrepeat = "yes"', 2, "true or false"),
        ('title = "x"\nexclude = "ABCD2345"', 2, "list of texts"),
        ('title = "x"\nsections = "x"', 2, "[[sections]]"),
        ('[sections]\ntitle = "x"', 1, "[[sections]]"),
        (
            '[[sections]]\ntitle = "x"\n\n[[sections]]\nsort = "auteur"',
            5,
            "sort: auteur is not known here",
        ),
        ("[[sections]]\norder = [1]", 2, "list of texts"),
        ('[[sections]]\nitemtypes = ["book"]', 2, "Do you mean itemTypes?"),
        ('[[sections]]\nkind = "book"', 2, "Do you mean itemTypes?"),
        ('itemType = "book"', 1, 'Do you mean by = "kind"?'),
        ('by = "itemType"', 1, "Do you mean kind?"),
        ('by = "type"', 1, "Do you mean kind?"),
        ('by = "Marqueur"', 1, "Do you mean tag?"),
        ('by = "xyz"', 1, "Known are: collection, kind, tag, year."),
    ],
)
def test_an_error_names_file_line_and_reason(text: str, line: int, words: str) -> None:
    with pytest.raises(HandoutError) as caught:
        parse(text)
    problem = caught.value.problem
    assert (problem.place.file, problem.place.line) == ("handouts/x.toml", line)
    assert words in str(problem)


def test_a_wrong_encoding_is_named_with_its_line() -> None:
    with pytest.raises(HandoutError) as caught:
        parse_handout('title = "x"\nsubtitle = "é"'.encode("latin-1"), "x.toml")
    assert caught.value.problem.place.line == 2


def test_bom_and_crlf_are_accepted() -> None:
    handout = parse_handout(b'\xef\xbb\xbftitle = "x"\r\nrest = false\r\n', "x.toml")
    assert (handout.title, handout.rest) == ("x", None)


def test_a_missing_file_and_a_folder_are_errors(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(HandoutError) as caught:
            read_handout(path, "handouts/none.toml")
        assert caught.value.problem.place.file == "handouts/none.toml"


def test_a_new_handout_reads_back() -> None:
    items = (("ABCD2345", "Un titre\nsur deux lignes # dièse"), ("BBBB2345", ""))
    sections = [NewSection('Art "A"', r"Top/Arts\/lettres", items), NewSection("Vide")]
    text = new_handout_text('Un "titre" \\ é\x7f', r"Top\/x", sections)
    handout = parse(text)
    assert (handout.title, handout.collection) == ('Un "titre" \\ é\x7f', r"Top\/x")
    assert handout.sections[0].title == 'Art "A"'
    assert handout.sections[0].collection == r"Top/Arts\/lettres"
    assert handout.sections[0].order == ("ABCD2345", "BBBB2345")
    assert "# Un titre sur deux lignes # dièse" in text
    assert r"'Top/Arts\/lettres'" in text


def test_handouts_follow_renamed_collections_and_files() -> None:
    text = (SAMPLE / "handouts/pair-aidance.toml").read_text("utf-8")
    text = text.replace('    "GRP7Q6S2",', '    "gardien-2017",')
    renamed = {
        "Pair-aidance": "Entraide",
        "Pair-aidance/Ouvrages": r"Entraide/Livres\/revues",
        "Pair-aidance/Articles et revues": "Entraide/Articles et revues",
    }
    after = rename_in_handout(text, renamed, {"gardien-2017": "gardien-2017-b"})
    data = tomllib.loads(after)
    assert data["collection"] == "Entraide"
    assert [section["collection"] for section in data["sections"]] == [
        "Entraide/Articles et revues",
        r"Entraide/Livres\/revues",
        "Pair-aidance/Guides et ressources en ligne",
    ]
    assert data["sections"][1]["order"][-1] == "gardien-2017-b"
    changed = set(after.splitlines()) - set(text.splitlines())
    assert len(changed) == 4
    assert "# L’accompagnement et le soutien par les pairs" in after


def test_comments_behind_renamed_settings_survive() -> None:
    text = '# mine\ncollection = "A"  # the big one\nexclude = ["x"]  # not this\n'
    after = rename_in_handout(text, {"A": "B"}, {"x": "y"})
    assert after == text.replace('"A"', '"B"').replace('"x"', '"y"')


def test_nothing_to_rename_leaves_every_byte() -> None:
    text = 'collection = "A"\r\nexclude = [ "x" ]'
    assert rename_in_handout(text, {"B": "C"}, {"y": "z"}) == text
