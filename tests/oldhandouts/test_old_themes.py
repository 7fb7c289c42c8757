"""Our own handouts, taken for unknown ones: every theme comes back whole from every format."""

from __future__ import annotations

import pytest
from handout.printed import sample_library
from oldhandouts.yardstick import by_title, differences, hand_made

from zotsync.config import Centre
from zotsync.handout.handoutfile import Handout
from zotsync.handout.render import House, render_handout
from zotsync.handout.theming.themes import load_theme
from zotsync.oldhandouts.opening import read_old_handout
from zotsync.oldhandouts.reading import read_bibliography
from zotsync.oldhandouts.values import ReadBibliography
from zotsync.zotero.schema import bundled

THEMES = ("classique", "sobre", "colonnes", "rapport")
SECTIONS = ["Articles et revues", "Guides et ressources en ligne", "Ouvrages"]


def read(theme: str, form: str) -> ReadBibliography:
    asked = Handout(
        title="La pair-aidance",
        date="2021-10",
        collection="Pair-aidance",
        introduction="Pour tous.",
    )
    house = House(Centre(institution="Centre de doc"))
    made = render_handout(
        asked,
        sample_library(),
        load_theme(theme),
        bundled(),
        house,
        form=form,
        overrides={"abstracts": True},
    )
    return read_bibliography(read_old_handout(made.data, f"old.{form}"))


def is_whole(found: ReadBibliography) -> None:
    items = hand_made()
    assert found.title == "La pair-aidance"
    headings = [section.heading.lstrip("123. ").casefold() for section in found.sections]
    assert headings == [name.casefold() for name in SECTIONS]  # one theme prints them in capitals
    assert len(found.entries) == len(items)
    for entry in found.entries:
        item = by_title(items, entry.item())
        assert item is not None, entry.source
        assert differences(entry.item(), item) == {}
        assert differences(entry.item(), item, ("abstractNote",)) == {}


@pytest.mark.parametrize("form", ["docx", "odt", "html", "txt"])
@pytest.mark.parametrize("theme", THEMES)
def test_a_handout_of_ours_comes_back_whole(theme: str, form: str) -> None:
    is_whole(read(theme, form))


@pytest.mark.needs("soffice")
@pytest.mark.parametrize("theme", THEMES)
def test_its_pdf_comes_back_whole(theme: str) -> None:
    is_whole(read(theme, "pdf"))
