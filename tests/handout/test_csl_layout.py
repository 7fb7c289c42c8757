"""selection-bibliographique.csl beside the default layout: the same references, but for what CSL cannot say.

docs/citation-styles.md has the same list, for people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from handout.hundred import hundred
from handout.printed import sample_library

from zotsync.csljson.extra import NAMES
from zotsync.csljson.items import CslMap
from zotsync.handout import layout
from zotsync.handout.csl.finding import find_style
from zotsync.handout.csl.references import References, references
from zotsync.handout.entry import Role
from zotsync.handout.text import dates, titles
from zotsync.handout.theming import patterns
from zotsync.model import Fields
from zotsync.zotero.schema import bundled

HEAD = {Role.AUTHOR, Role.ENTRY_TITLE, Role.ENTRY_SUBTITLE, Role.SOURCE}
DOCS = Path(__file__).parents[2] / "docs"
STYLE = find_style("selection-bibliographique", [])
TYPES = bundled().item_types
CSL = CslMap.of(bundled())
ORDER = re.findall(r'<names variable="([^"]+)">', STYLE.data.decode().split('"people"')[1])
YEARLY = re.compile(
    "book|bookSection|dictionaryEntry|encyclopediaArticle|report|document|thesis|manuscript|standard"
)
NUMERIC = re.compile(r"[A-Za-z]*\d+[A-Za-z]*(?:\s*[-–,&]\s*[A-Za-z]*\d+[A-Za-z]*)*")
MONTH = f"(?:{'|'.join(dates.MONTHS)})"
AS_PRINTED = re.compile(
    rf"(?:(?:1er|[2-9]|[1-3]\d)(?:-\d+)? )?{MONTH}(?:-{MONTH})? \d{{4}}"
    r"|[^\W\d]+ \d{4}|\d{4}-\d{4}|\D*|2020-13"
)
"""Dates that are typed as they are printed: months, seasons, ranges, and what is no date."""


def value(item: Fields, base: str) -> str:
    """Return a field by its own name or by the one that types share."""
    own = TYPES[item["itemType"]].base_fields
    names = [base, *(name for name, shared in own.items() if shared == base)]
    return next((str(item[name]) for name in names if item.get(name)), "")


def kinds(item: Fields) -> list[str]:
    return [str(creator["creatorType"]) for creator in item.get("creators", ())]


def is_type(item: Fields, *names: str) -> bool:
    return item["itemType"] in names


def primary(item: Fields) -> str:
    return TYPES[item["itemType"]].creator_types[0]


def has_institution(item: Fields) -> bool:
    names = [str(c["name"]) for c in item.get("creators", ()) if "name" in c]
    return any(name != name.upper() for name in names)


def has_subtitle(item: Fields) -> bool:
    title = titles.title_of(item, TYPES[item["itemType"]])
    return bool(titles.split(title, str(item.get("shortTitle", "")))[1])


def has_other_order(item: Fields) -> bool:
    leading = primary(item) if primary(item) in kinds(item) else "editor"
    others = [kind for kind in kinds(item) if kind != leading]
    told = [ORDER.index(CSL.names[kind]) for kind in others if CSL.names.get(kind) in ORDER]
    return told != sorted(told)


def has_unknown_role(item: Fields) -> bool:
    return any(kind not in CSL.names and kind != primary(item) for kind in kinds(item))


def has_director_or_host_alone(item: Fields) -> bool:
    led = {
        "podcast": {"director"},
        "radioBroadcast": {"director", "host"},
        "tvBroadcast": {"host"},
        "videoRecording": {"director"},
    }
    return primary(item) not in kinds(item) and bool(
        led.get(item["itemType"], set()) & set(kinds(item))
    )


def is_typed_otherwise(item: Fields) -> bool:
    date = value(item, "date")
    iso = dates.parse_iso(date) is not None
    if YEARLY.fullmatch(item["itemType"]):
        return False
    return not iso and not AS_PRINTED.fullmatch(date)


def has_more_than_a_year(item: Fields) -> bool:
    date = value(item, "date")
    yearly = YEARLY.fullmatch(item["itemType"])
    return bool(yearly and not dates.parse_iso(date) and dates.sort_key(date)) and not (
        re.fullmatch(r"\d{4}-\d{4}", date)
    )


def has_unusual_pages(item: Fields) -> bool:
    pages = value(item, "pages")
    return bool(pages) and patterns.pages(pages) != pages and not NUMERIC.fullmatch(pages)


def has_unusual_number(item: Fields) -> bool:
    told = (value(item, name) for name in ("issue", "volume", "number"))
    return any(
        text and patterns.numbered(text) != text and not NUMERIC.fullmatch(text) for text in told
    )


def has_unusual_extent(item: Fields) -> bool:
    extent = str(item.get("numPages", ""))
    return patterns.extent(extent) != extent and not NUMERIC.fullmatch(extent)


EXCEPTIONS: Mapping[str, Callable[[Fields], bool]] = {
    "Institutions stand in capitals": has_institution,
    "A subtitle stays with its title": has_subtitle,
    "Those who are not authors stand in the style's order": has_other_order,
    "Some roles are missing": has_unknown_role,
    "Directors and hosts count as authors": has_director_or_host_alone,
    "Dates typed in another form are rewritten": is_typed_otherwise,
    "Books and reports show the year alone": has_more_than_a_year,
    "Unusual page numbers have no sign": has_unusual_pages,
    "Unusual issue and volume numbers have no sign": has_unusual_number,
    "Unusual numbers of pages stay as typed": has_unusual_extent,
    "A page range of a report is printed": lambda item: (
        (is_type(item, "report") and bool(NUMERIC.fullmatch(value(item, "pages"))))
        and not value(item, "pages").isdigit()
    ),
    "Typed dashes are hyphens": lambda item: "–" in value(item, "pages") + value(item, "date"),
    "Straight quotes become French ones": lambda item: '"' in str(item.get("title", "")),
    "An episode of no series has n°": lambda item: (
        is_type(item, "podcast") and "episodeNumber" in item and "seriesTitle" not in item
    ),
    "A talk without a day has no comma": lambda item: (
        is_type(item, "presentation")
        and "presentationType" in item
        and not dates.is_full(value(item, "date"))
        and bool(value(item, "date"))
    ),
    "A patent's country and assignee are missing": lambda item: (
        is_type(item, "patent") and bool({"country", "assignee"} & set(item))
    ),
}


@pytest.fixture(scope="module")
def items() -> dict[str, Fields]:
    return {**sample_library().items, **{f"H{n:03}": item for n, item in enumerate(hundred())}}


@pytest.fixture(scope="module")
def made(items: dict[str, Fields]) -> References:
    return references(items, items, STYLE, "fr", bundled())


def folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("’", "'").replace("\u2011", "-").strip()


def test_style_prints_the_default_layout_but_for_the_exceptions(
    items: dict[str, Fields], made: References, rules: layout.Rules
) -> None:
    wrong = []
    for key, item in items.items():
        ours = [folded(ln.text) for ln in layout.lay_out(key, item, rules).lines if ln.role in HEAD]
        styled = [folded(line.text) for line in made.lines.get(key, ())]
        excepted = [name for name, applies in EXCEPTIONS.items() if applies(item)]
        if (ours != styled) != bool(excepted):
            wrong.append((excepted, item["itemType"], ours, styled))
    assert not wrong


def test_there_are_more_than_a_hundred_items_of_all_types(items: dict[str, Fields]) -> None:
    assert len(items) > 16 + 100
    assert {item["itemType"] for item in items.values()} == set(TYPES) - {
        "attachment",
        "annotation",
        "note",
    }


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_every_exception_is_met_alone(name: str, items: dict[str, Fields]) -> None:
    met = [[n for n, applies in EXCEPTIONS.items() if applies(item)] for item in items.values()]
    assert [name] in met


def test_sample_has_two_kinds_of_exceptions_only(items: dict[str, Fields]) -> None:
    sample = sample_library().items
    met = {n for n, applies in EXCEPTIONS.items() for key in sample if applies(items[key])}
    assert met == {"Institutions stand in capitals", "A subtitle stays with its title"}


def test_documentation_lists_the_exceptions() -> None:
    english, french = (
        [row.split(" | ")[0].removeprefix("| ") for row in table(DOCS / f"citation-styles{end}")]
        for end in (".md", ".fr.md")
    )
    assert english == list(EXCEPTIONS)
    assert len(french) == len(english)


def table(file: Path) -> list[str]:
    rows = [row for row in file.read_text(encoding="utf-8").split("\n") if row.startswith("| ")]
    return rows[1:]


def test_every_role_of_csl_has_its_place_in_the_style() -> None:
    printed = {CSL.names[kind] for kind in CSL.names} & NAMES
    assert printed - {"author"} <= set(ORDER)
