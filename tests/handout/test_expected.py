"""The 16 references of the sample data, through the handout file and the default theme."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from handout.printed import SAMPLE, paragraphs, sample_library

from zotsync.config import Centre
from zotsync.handout.entry import Role
from zotsync.handout.handoutfile import read_handout
from zotsync.handout.render import House, Rendered, outline, render_handout
from zotsync.handout.theming.themes import Theme
from zotsync.model import normal
from zotsync.zotero.schema import bundled

DATA = Path(__file__).parent / "data"
SECTIONS = ["Articles et revues", "Ouvrages", "Guides et ressources en ligne"]
CENTRE = Centre(institution="ITES – Centre de documentation", contact="Écrire à : doc@example.org")


@pytest.fixture(scope="module")
def rendered(classique: Theme) -> Rendered:
    handout = read_handout(SAMPLE / "handouts/pair-aidance.toml")
    return render_handout(handout, sample_library(), classique, bundled(), House(CENTRE))


def folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("’", "'").replace("\u2011", "-").strip()


def expected_entries() -> list[list[str]]:
    text = (DATA / "expected.txt").read_text("utf-8")
    body = "\n".join(line for line in text.split("\n") if not line.startswith("#"))
    return [[folded(line) for line in block.split("\n")] for block in body.strip().split("\n\n")]


def test_entries_read_as_the_original(rendered: Rendered) -> None:
    printed = [
        folded(text) for style, text in paragraphs(rendered.data) if style.startswith("Entry")
    ]
    assert printed == [line for entry in expected_entries() for line in entry]
    assert rendered.entries == len(expected_entries()) == 16
    assert rendered.remarks == ()


def test_sections_and_frame_stand_in_order(rendered: Rendered) -> None:
    frame = [pair for pair in paragraphs(rendered.data) if not pair[0].startswith("Entry")]
    assert [text for style, text in frame if style == "Section Heading"] == SECTIONS
    styles = [style for style, _ in frame if style != "Section Heading"]
    front = ["TITLE", "SUBTITLE", "INSTITUTION", "DATE", "INTRO", "INTRO", "CONTACT"]
    assert styles == [Role[name].value for name in front]
    assert dict(frame)["Handout Date"] == "octobre 2021"


def test_every_entry_line_has_its_style(rendered: Rendered) -> None:
    printed = paragraphs(rendered.data)
    at = next(i for i, (_, text) in enumerate(printed) if text.startswith("CASTRO"))
    assert [style for style, _ in printed[at : at + 6]] == [
        "Entry Author",
        "Entry Title",
        "Entry Subtitle",
        "Entry Source",
        "Entry Abstract",
        "Entry Access",
    ]


def test_nothing_invisible_is_printed(rendered: Rendered) -> None:
    text = "".join(text for _, text in paragraphs(rendered.data))
    assert "\u200b" not in text
    assert "difficulté\u00a0: tel" in text
    assert "«\u00a0savoir expérientiel\u00a0»" in text
    assert "mission\u202f?" in text


def test_outline_names_what_is_printed(classique: Theme) -> None:
    handout = read_handout(SAMPLE / "handouts/pair-aidance.toml")
    drawn = outline(handout, sample_library(), classique, bundled())
    assert [section.title for section in drawn.sections] == SECTIONS
    assert [len(section.entries) for section in drawn.sections] == [6, 4, 6]
    assert drawn.sections[1].entries[0].title == "Aller mieux - Approches sociologiques"


def test_sample_files_are_in_normal_form_and_of_their_type() -> None:
    types = bundled().item_types
    for file in (SAMPLE / "bibliography/items").glob("*.toml"):
        data = tomllib.loads(file.read_text("utf-8"))
        known = {*types[data["itemType"]].fields, "itemType", "creators", "tags", "collections"}
        del data["key"]
        assert set(data) <= known, file.name
        assert len(file.stem) <= 80
        changed = {**normal(data), "tags": [tag["tag"] for tag in normal(data)["tags"]]}
        assert changed == data, file.name
