"""Plain text: within 72 columns, nothing lost, and every line can be told apart again."""

from __future__ import annotations

import re
import unicodedata

import pytest
from handout.documents import (
    HEAD,
    all_lines,
    document,
    documents,
    entries,
    entry,
    letters,
    printed,
    texts,
)
from hypothesis import given
from hypothesis import strategies as st

from zotsync.handout.entry import (
    Block,
    Document,
    Entry,
    Face,
    Index,
    IndexRow,
    Line,
    Mark,
    Role,
    Run,
    plain,
)
from zotsync.handout.theming.themes import Theme
from zotsync.handout.writers.text import WIDTH, to_text


def text_of(whole: Document, theme: Theme) -> str:
    return to_text(whole, theme).decode()


def entries_of(text: str) -> list[list[str]]:
    """Return the lines of each entry of a document without headings, as a reader can tell them apart."""
    found: list[list[str]] = []
    begins, joins = True, ""
    for row in text.split("\n"):
        margin = re.match(" *", row)[0]  # type: ignore[index]
        if row and begins and not margin:
            found.append([])
        if row and margin and margin == joins and not begins:
            found[-1][-1] += f" {row.strip(' ')}"
        elif row:
            found[-1].append(row.strip(" "))
        joins = margin or "  "
        begins = not row
    return found


@given(whole=documents())
def test_every_character_is_there(classique: Theme, whole: Document) -> None:
    found = unicodedata.normalize("NFKC", text_of(whole, classique))
    for line in all_lines(whole):
        for run in line.runs:
            if not run.code:
                wanted = letters(unicodedata.normalize("NFKC", run.text))
                assert wanted in letters(found)


@given(several=st.lists(entries(), max_size=4))
def test_entries_and_their_lines_can_be_told_apart(classique: Theme, several: list[Entry]) -> None:
    plain_lines = [
        Entry(each.key, tuple(line._replace(runs=bare(line)) for line in each.lines))
        for each in several
    ]
    whole = Document((plain(Role.TITLE, "T"),), (Block(None, plain_lines),))
    head, _, rest = text_of(whole, classique).partition("\n\n")
    expected = [[printed(line) for line in each.lines if printed(line)] for each in plain_lines]
    assert head.rstrip("\n") == "T\n="
    assert [[letters(line) for line in one] for one in entries_of(rest)] == [
        each for each in expected if each
    ]


def bare(line: Line) -> tuple[Run, ...]:
    """Return a line's runs without what is written in another way: raised letters, hidden addresses."""
    return tuple(run._replace(faces=frozenset(), url="") for run in line.runs)


@given(text=texts(), role=st.sampled_from([*HEAD, Role.ABSTRACT, Role.INTRO]))
def test_lines_are_short_and_break_at_blanks_only(classique: Theme, text: str, role: Role) -> None:
    whole = document(entry(plain(Role.AUTHOR, "A"), plain(role, f"{text} {text} {text}")))
    said = re.sub(r"[\x00-\x08\x0e-\x1b\x1f\x7f]", "", f"{text} {text}")
    words = set(said.split()) if text.isascii() else None
    for row in text_of(whole, classique).splitlines():
        if row.isascii():
            margin = len(row) - len(row.lstrip(" "))
            assert len(row) <= WIDTH or " " not in row[margin:]
            if words and margin:
                assert set(row.split()) <= words


def test_addresses_are_never_broken(classique: Theme) -> None:
    url = f"https://example.org/{'a-b/' * 40}?q=1"
    lines = (
        plain(Role.ENTRY_TITLE, "Titre"),
        Line(Role.ACCESS, (Run(url, code=url), Run(url, Mark.LINK, url=url))),
        Line(Role.NOTE, (Run("Voir "), Run("ici", url=url), Run("."))),
    )
    found = text_of(document(entry(*lines)), classique).splitlines()
    assert url in found
    assert found[-2:] == ["    Voir ici", f"    <{url}>."]


def test_a_document_looks_as_it_should(classique: Theme) -> None:
    source = "Les Cahiers de l’actif, dossier, n°538-539, mars-avril 2021. pp.12-24, suite"
    each = entry(
        Line(Role.AUTHOR, (Run("1.\u00a0", Mark.NUMBER), Run("GARDIEN Ève."))),
        Line(
            Role.ENTRY_TITLE, (Run("Le XXI"), Run("e", faces=frozenset({Face.SUP})), Run(" siècle"))
        ),
        plain(Role.SOURCE, source),
        plain(Role.ABSTRACT, "Premier paragraphe, " * 5),
        plain(Role.ABSTRACT, "Second."),
        plain(Role.ACCESS, "Disponible sur Cairn"),
        Line(Role.ACCESS, (Run("https://a.org/", Mark.LINK, url="https://a.org/"),)),
    )
    two = entry(plain(Role.ENTRY_TITLE, "Deux"), number=2)
    whole = Document(
        (plain(Role.TITLE, "La pair-aidance"), plain(Role.SUBTITLE, "Sélection")),
        (Block(plain(Role.SECTION, "Articles"), (each, two)),),
        (
            plain(Role.CONTACT, "1 rue X"),
            Line(Role.CONTACT, (Run("a@b.org", url="mailto:a@b.org"),)),
        ),
        contents=plain(Role.CONTENTS_HEADING, "Sommaire"),
        intro=(plain(Role.INTRO, "Bonjour,"), plain(Role.INTRO, "voici.")),
        indexes=(
            Index(plain(Role.SECTION, "Auteurs"), (IndexRow("Gardien", ((1, "ABCD2345"),)),)),
        ),
    )
    expected = """\
La pair-aidance
===============
Sélection


Sommaire
--------

- Articles
- Auteurs

Bonjour,

voici.


Articles
--------

1.\u00a0GARDIEN Ève.
Le XXIᵉ siècle
Les Cahiers de l’actif, dossier, n°538-539, mars-avril 2021. pp.12-24,
  suite
    Premier paragraphe, Premier paragraphe, Premier paragraphe, Premier
    paragraphe, Premier paragraphe,

    Second.
Disponible sur Cairn
https://a.org/

Deux


Auteurs
-------

Gardien, 1


------------------------------------------------------------------------

1 rue X
a@b.org
"""
    assert text_of(whole, classique) == expected


@pytest.mark.parametrize(
    ("face", "text", "shown"),
    [
        (Face.SUB, "2", "₂"),
        (Face.SUP, "er", "ᵉʳ"),
        (Face.SUP, "−12", "⁻¹²"),
        (Face.SUP, "é", "é"),
        (Face.SUP, "-", "-"),
        (Face.SUB, "CO", "CO"),
        (Face.ITALIC, "2", "2"),
    ],
)
def test_raised_letters_are_those_that_exist(
    classique: Theme, face: Face, text: str, shown: str
) -> None:
    line = Line(Role.ENTRY_TITLE, (Run(text, faces=frozenset({face})),))
    assert text_of(document(entry(line)), classique).endswith(f"\n\n{shown}\n")


def test_wide_and_combining_letters_count_as_they_show(classique: Theme) -> None:
    wide, accented = "漢字 " * 30, "e\u0301e\u0301 " * 60
    whole = document(entry(plain(Role.ENTRY_TITLE, wide), plain(Role.SOURCE, accented)))
    rows = text_of(whole, classique).splitlines()
    assert len(next(row for row in rows if "漢" in row)) == 41  # 14 × 4 columns and 13 blanks: 69
    assert max(len(row) for row in rows if "\u0301" in row) == 24 * 5 - 1


def test_a_text_is_utf_8_with_plain_line_ends(classique: Theme) -> None:
    data = to_text(
        document(entry(plain(Role.ENTRY_TITLE, "é\r\nà\u2028ü\x00\x85x")), title=""), classique
    )
    assert data == "Section\n-------\n\né à ü x\n".encode()
