"""Every kind of conflict shows in words what is here and what Zotero has."""

from __future__ import annotations

from typing import Any

import pytest

from zotsync import i18n
from zotsync.cli.syncing import settling
from zotsync.cli.syncing.difference import Sides, columns
from zotsync.i18n import LANGUAGES, _
from zotsync.sync.trees import EXISTENCE, UNIT, Kind
from zotsync.zotero.schema import bundled

SCHEMA = bundled()
NAMES = {"PARENT23": "Un parent", "SHELF234": "Fonds/Rayon"}


def shown(field: str, base: Any, here: Any, zotero: Any, **more: Any) -> dict[str, str]:
    sides = Sides(Kind.ITEM, "ABCD2345", "T", field, base, here, zotero, conflict=True, **more)
    found = columns(SCHEMA, sides, NAMES)
    return {c.heading: "".join(text for text, _style in c.spans) for c in found}


def person(last: str, role: str = "author") -> dict[str, str]:
    return {"creatorType": role, "lastName": last, "firstName": "E."}


@pytest.mark.parametrize(("status", "word"), [("trashed", "in the trash"), ("erased", "erased")])
def test_existence(status: str, word: str) -> None:
    sides = shown(EXISTENCE, "", "", status, file="livre.toml")
    assert sides == {"here": "the file livre.toml", "Zotero": word}


def test_creators_show_their_roles() -> None:
    before = [person("Gardien")]
    sides = shown("creators", before, [person("Gardien", "editor")], [*before, person("Jouet")])
    assert sides["before"] == "Gardien, E. (Author)"
    assert sides["here"] == "Gardien, E. ([-Author-]{+Editor+})"
    assert sides["Zotero"] == "Gardien, E. (Author)\n{+Jouet, E. (Author)+}"


def test_an_item_type_and_its_fields_in_words() -> None:
    base = {"itemType": "book", "edition": "12"}
    sides = shown(UNIT, base, {"itemType": "thesis"}, {**base, "edition": "13"})
    assert sides["before"] == "item type: Book\nEdition: 12"
    assert sides["here"] == "item type: Thesis\n[-Edition: 12-]"
    assert sides["Zotero"] == "item type: Book\nEdition: 13"


def test_a_note_is_read_without_its_markup() -> None:
    sides = shown("note", "<p>un mot</p>", "<p>un mot ici</p>", "<p>un mot là</p>")
    assert sides["here"] == "un mot{+ ici+}"


def test_what_looks_the_same_is_shown_as_it_stands() -> None:
    sides = shown("note", "<p>mot</p>", "<p><b>mot</b></p>", "<p><i>mot</i></p>")
    assert "b" in sides["here"]
    assert sides["here"] != sides["Zotero"]


@pytest.mark.parametrize(
    ("field", "key", "none"),
    [
        ("parentItem", "PARENT23", "(belongs to no item)"),
        ("parentCollection", "SHELF234", "(at the top)"),
    ],
)
def test_keys_are_named_and_so_is_their_absence(field: str, key: str, none: str) -> None:
    assert shown(field, "", key, "") == {"here": NAMES[key], "Zotero": none}


def test_without_a_base_zotero_is_compared_with_what_is_here() -> None:
    assert shown("title", "", "Un titre", "Un beau titre") == {
        "here": "Un titre",
        "Zotero": "Un {+beau +}titre",
    }


def test_a_text_beyond_measure_is_shown_whole_when_asked_for() -> None:
    sides = Sides(Kind.ITEM, "K", "T", "note", "", "ici " * 5000, "là " * 5000, conflict=True)
    for whole in (False, True):
        texts = ["".join(t for t, _s in c.spans) for c in columns(SCHEMA, sides, {}, whole=whole)]
        assert all((len(text) > 14_000) == whole for text in texts)


def test_who_changed_it_and_when_stands_with_zotero() -> None:
    sides = Sides(Kind.ITEM, "K", "T", "date", "1", "2", "3", conflict=True, zotero_by="dominique")
    assert columns(SCHEMA, sides, {})[-1].remark == "last changed by dominique"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_keys_are_the_same(language: str) -> None:
    keys = [
        settling.HERE,
        settling.ZOTERO,
        settling.BOTH,
        settling.EDIT,
        settling.SKIP,
        settling.BACK,
        settling.WHOLE,
        settling.FINISH,
        settling.QUIT,
        settling.HELP,
    ]
    i18n.install(language)
    try:
        for offered in (keys, [settling.YES, settling.BACK, settling.QUIT]):
            letters = [_(key)[0] for key in offered]
            assert len(set(letters)) == len(letters)
            assert all(_(key)[1] == " " for key in offered)
    finally:
        i18n.install("en")
