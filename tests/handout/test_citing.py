"""Handouts whose references are in a citation style."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from handout.printed import library_of, plain_blanks

from zotsync.config import Centre
from zotsync.errors import StyleError
from zotsync.handout.entry import Role
from zotsync.handout.handoutfile import Handout, SectionSpec
from zotsync.handout.render import House, composed, outline
from zotsync.handout.theming.themes import Theme
from zotsync.zotero.schema import bundled

STYLE = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0" default-locale="fr-FR">
  <info>
    <title>Essai</title><id>http://www.zotero.org/styles/essai</id>
    <updated>2026-01-01T00:00:00Z</updated>
  </info>
  <citation><layout><text variable="title"/></layout></citation>
  <bibliography>
    <sort><key variable="title" sort="descending"/></sort>
    <layout suffix=".">
      <text variable="title" font-style="italic"/>
      <date variable="issued" prefix=", "><date-part name="year"/></date>
    </layout>
  </bibliography>
</style>
"""
BOOKS = [
    {"itemType": "book", "title": title, "date": date, "abstractNote": "Résumé."}
    for title, date in (("Alpha", "2001"), ("Zeta", "2002"), ("Mu", "2003"))
]


@pytest.fixture
def house(tmp_path: Path) -> House:
    (tmp_path / "essai.csl").write_text(STYLE, encoding="utf-8")
    return House(Centre(), styles=lambda: (tmp_path,))


def lines(theme: Theme, house: House, asked: Handout) -> list[list[tuple[Role, str]]]:
    made = composed(asked, library_of(*BOOKS), theme, bundled(), house)
    return [
        [(line.role, plain_blanks(line.text)) for line in entry.lines]
        for block in made.document.blocks
        for entry in block.entries
    ]


def test_the_reference_is_the_style_s_and_the_abstract_ours(classique: Theme, house: House) -> None:
    said = lines(classique, house, Handout(choices={"citation_style": "essai"}))
    assert said[0] == [(Role.REFERENCE, "Alpha, 2001."), (Role.ABSTRACT, "Résumé.")]
    assert [entry[0][1][:2] for entry in said] == ["Al", "Mu", "Ze"]


@pytest.mark.parametrize(
    "asked",
    [
        {"choices": {"citation_style": "essai", "sort": "style"}},
        {"choices": {"citation_style": "essai"}, "sections": (SectionSpec("Tout", sort="style"),)},
    ],
)
def test_entries_can_stand_as_the_style_sorts_them(
    classique: Theme, house: House, asked: dict[str, Any]
) -> None:
    handout = Handout(**asked)
    said = lines(classique, house, handout)
    assert [entry[0][1][:2] for entry in said] == ["Ze", "Mu", "Al"]
    shown = outline(handout, library_of(*BOOKS), classique, bundled(), house=house)
    assert [e.title for s in shown.sections for e in s.entries] == ["Zeta", "Mu", "Alpha"]


def test_a_style_that_is_nowhere_is_told_with_its_line(classique: Theme, house: House) -> None:
    text = 'citation_style = "nulle-part"\n'
    asked = Handout(file="h.toml", choices={"citation_style": "nulle-part"}, text=text)
    with pytest.raises(StyleError, match="nulle-part") as caught:
        lines(classique, house, asked)
    assert str(caught.value.problem.place).startswith("h.toml:1")
