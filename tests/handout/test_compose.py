"""A whole handout: what stands in it beside the entries, and what choices make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from handout.printed import plain_blanks

from zotsync.config import Centre
from zotsync.handout import compose as composing
from zotsync.handout.entry import Document, Role
from zotsync.handout.handoutfile import Handout, SectionSpec
from zotsync.handout.render import Composed, House, choices_of, composed
from zotsync.handout.select import What
from zotsync.handout.theming.themes import Theme
from zotsync.model import normal
from zotsync.zotero.schema import bundled

ROOT, BELOW = "RRRRRRRR", "BBBBBBBB"
TREE = {ROOT: ("Pair-aidance", None), BELOW: ("Ouvrages", ROOT)}
CENTRE = Centre(institution="Centre", contact="doc@example.org", licence="CC BY 4.0")


def item(title: str, **fields: Any) -> dict[str, Any]:
    return {"itemType": "book", "title": title, "collections": [ROOT], **fields}


def note(text: str, *tags: str, **fields: Any) -> dict[str, Any]:
    return {"itemType": "note", "note": text, "tags": [{"tag": tag} for tag in tags], **fields}


def made(theme: Theme, *items: Mapping[str, Any], **choices: Any) -> Document:
    return printed(theme, items, choices).document


def printed(theme: Theme, items: Sequence[Mapping[str, Any]], choices: dict[str, Any]) -> Composed:
    library = composing.Library(
        {f"ABCD222{number + 2}": normal(one) for number, one in enumerate(items)},
        TREE,
        lambda path: path if path in TREE else {"Pair-aidance": ROOT}.get(path),
    )
    own = {n: choices.pop(n) for n in ("introduction", "sections", "rest") if n in choices}
    asked = Handout(title="La pair-aidance", collection="Pair-aidance", choices=choices, **own)
    return composed(asked, library, theme, bundled(), House(CENTRE))


def entries(document: Document) -> list[list[tuple[Role, str]]]:
    return [
        [(line.role, plain_blanks(line.text)) for line in entry.lines]
        for block in document.blocks
        for entry in block.entries
    ]


def test_a_child_note_tagged_for_printing_is_printed_with_its_item(classique: Theme) -> None:
    shown = note("<p>À lire <b>vite</b> !</p>", "imprimer", parentItem="ABCD2222")
    hidden = note("<p>Pour nous</p>", parentItem="ABCD2222")
    asked = [item("Titre"), shown, hidden]
    assert entries(made(classique, *asked)) == [
        [(Role.ENTRY_TITLE, "Titre"), (Role.NOTE, "À lire vite !")]
    ]
    assert entries(made(classique, *asked, notes="")) == [[(Role.ENTRY_TITLE, "Titre")]]
    assert entries(made(classique, *asked, notes="autre")) == [[(Role.ENTRY_TITLE, "Titre")]]


def test_an_introduction_can_be_a_note_of_the_collection(classique: Theme) -> None:
    written = note("<p>Un.</p><p>Deux.</p>", "introduction", collections=[ROOT])
    elsewhere = note("<p>Ailleurs</p>", "introduction", collections=[BELOW])
    asked = [item("Titre"), elsewhere, written]
    told = [(line.role, line.text) for line in made(classique, *asked).intro]
    assert told == [(Role.INTRO, "Un."), (Role.INTRO, "Deux.")]
    own = made(classique, *asked, introduction="La mienne.").intro
    assert [line.text for line in own] == ["La mienne."]
    by_key = made(classique, *asked, introduction_note="ABCD2223").intro
    assert [line.text for line in by_key] == ["Ailleurs"]
    assert made(classique, *asked, introduction_note="").intro == ()


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"sort": "style"}, [(What.NO_STYLE, ())]),
        ({"no_links": ("book", "à lire", "livre")}, [(What.NO_LINKS_UNUSED, ("livre",))]),
        ({"no_links": ("book",)}, []),
        ({"notes": "imprimé"}, [(What.NOTES_UNUSED, ("imprimé",))]),
        ({"notes": "à lire"}, []),
        ({"notes": ""}, []),
        ({"introduction_note": "debut"}, [(What.INTRODUCTION_UNUSED, ("debut",))]),
        ({"introduction_note": "début"}, []),
        ({"introduction_note": "debut", "introduction": "La mienne."}, []),
        ({}, []),
    ],
)
def test_a_word_that_matches_nothing_is_told(
    classique: Theme, choices: dict[str, Any], told: list[Any]
) -> None:
    child = note("<p>Lire.</p>", "à lire", parentItem="ABCD2222")
    items = [item("Titre"), child, note("<p>Un.</p>", "début", collections=[ROOT])]
    found = printed(classique, items, choices).remarks
    assert [(remark.what, remark.names) for remark in found] == told


def test_a_handout_may_name_another_centre(classique: Theme) -> None:
    back = [line.text for line in made(classique, item("Titre")).back]
    assert back == ["doc@example.org", "CC BY 4.0"]
    own = made(classique, item("Titre"), institution="Annexe", licence="", contact="ici")
    assert [line.text for line in own.back] == ["ici"]
    assert own.properties.author == "Annexe"
    assert "Annexe" in [line.text for line in own.front]


def test_the_day_of_the_update_is_told_in_words(classique: Theme) -> None:
    front = made(classique, item("Titre"), updated="2026-11-22").front
    assert plain_blanks(front[-1].text) == "Mise à jour : 22 novembre 2026"
    assert front[-1].role is Role.DATE


def test_sections_and_entries_are_numbered_through_the_document(classique: Theme) -> None:
    asked = [item("Un"), item("Deux", collections=[BELOW]), item("Trois", collections=[BELOW])]
    document = made(classique, *asked, numbering=True, section_numbers=True)
    headings = [block.heading.text for block in document.blocks if block.heading]
    assert headings == ["1. Ouvrages", "2. Autres ressources"]
    numbers = [entry.number for block in document.blocks for entry in block.entries]
    assert numbers == [1, 2, 3]
    assert entries(document)[0][0] == (Role.ENTRY_TITLE, "1. Deux")


def test_a_table_of_contents_and_a_cover_stand_where_they_are_chosen(classique: Theme) -> None:
    plain = made(classique, item("Titre"))
    assert (plain.contents, plain.cover) == (None, False)
    asked = made(classique, item("Titre"), contents=True, cover=True)
    assert asked.contents is not None
    assert asked.contents.text == "Sommaire"
    assert asked.cover


def test_a_theme_chooses_unless_the_handout_does(classique: Theme) -> None:
    assert choices_of(Handout(), classique).abstracts is True
    assert choices_of(Handout(choices={"abstracts": 40}), classique).abstracts == 40
    over = choices_of(Handout(choices={"abstracts": 40}), classique, {"abstracts": False})
    assert over.abstracts is False


def test_indexes_tell_the_numbers_of_entries(classique: Theme) -> None:
    roy = {"creatorType": "author", "lastName": "Roy", "firstName": "Ève"}
    tags = [{"tag": "soin"}, {"tag": "automatique", "type": 1}]
    asked = [item("Un", creators=[roy], tags=tags), item("Deux", creators=[roy])]
    document = made(classique, *asked, indexes=["authors", "keywords"])
    told = [(index.heading.text, index.rows) for index in document.indexes]
    assert [heading for heading, _rows in told] == ["Index des auteurs", "Index des mots-clés"]
    both = ((1, "ABCD2223"), (2, "ABCD2222"))
    assert [(row.name, row.entries) for row in told[0][1]] == [("ROY Ève", both)]
    assert [(row.name, row.entries) for row in told[1][1]] == [("soin", ((2, "ABCD2222"),))]
    assert entries(document)[0][0] == (Role.AUTHOR, "1. ROY Ève.")
    assert made(classique, item("Un"), indexes=["keywords"]).indexes == ()


def test_what_is_wanted_this_once_goes_over_the_handout_s_own_sections(classique: Theme) -> None:
    items = [item("Un", date="2020"), item("Deux", date="2021")]
    keys = ("AAAA2222", "AAAA2223")
    sections = (SectionSpec("Tous", sort="manual", order=keys),)
    handout = Handout(title="T", sections=sections, choices={"by": "year"})

    def told(**overrides: str) -> list[tuple[str, list[str]]]:
        library = composing.Library(
            {key: normal(fields) for key, fields in zip(keys, items, strict=True)},
            {},
            lambda _path: None,
        )
        house = House(Centre())
        document = composed(handout, library, classique, bundled(), house, overrides).document
        return [
            (block.heading.text if block.heading else "", [entry.key for entry in block.entries])
            for block in document.blocks
        ]

    assert told() == [("Tous", list(keys))]
    assert told(sort="newest") == [("Tous", list(reversed(keys)))]
    assert told(by="year") == [("2021", [keys[1]]), ("2020", [keys[0]])]


def test_addresses_of_the_contact_are_true_links(classique: Theme) -> None:
    contact = "Écrire à doc@example.org, ou https://www.example.org/doc."
    line = made(classique, item("Titre"), contact=contact).back[0]
    told = [(run.text, run.url) for run in line.runs if run.url]
    assert told == [
        ("doc@example.org", "mailto:doc@example.org"),
        ("https://www.example.org/doc", "https://www.example.org/doc"),
    ]
    assert line.text == contact
