"""The references of a handout in a citation style."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from zotsync.csljson.dates import csl_date
from zotsync.csljson.extra import lift
from zotsync.csljson.items import CslItem, CslMap
from zotsync.handout import links
from zotsync.handout.csl import pandoc, tree
from zotsync.handout.csl.style import Style
from zotsync.handout.entry import Line, Run
from zotsync.model import Fields, Schema

_SEASONS = {
    name: number
    for number, names in enumerate(
        ("printemps spring", "été ete summer", "automne autumn fall", "hiver winter"), 1
    )
    for name in names.split()
}
_CAPS = re.compile(r"<span\s[^<>]*small-caps[^<>]*>")
_CAPS_OF_CSL = '<span style="font-variant:small-caps;">'
"""The one way of writing it that every engine knows."""
_ELISIONS = "'’ʻ‑-"
_BETWEEN = re.compile(r"\s*(?:[-\u2013\u2014/]|\b(?:au|à|et|and|to)\b)\s*")
_FROM = re.compile(r"^(?:du|de|d[’'])\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class References:
    """References by item key, and the order the style sorts them in."""

    lines: Mapping[str, tuple[Line, ...]]
    """Without the items of which the style prints nothing."""
    order: tuple[str, ...]


def references(
    items: Mapping[str, Fields], keys: Iterable[str], style: Style, language: str, schema: Schema
) -> References:
    """Return the references of `keys` in a citation style, numbered in this order if it sorts them not.

    `language` ("fr") is that of the words around, where the style does not bring its own. Abstracts are
    left out: they have lines of their own. Raises StyleError where the style cannot be applied.
    """
    wanted = tuple(dict.fromkeys(keys))
    csl = CslMap.of(schema)
    told = [for_engine(csl, str(n), items[key]) for n, key in enumerate(wanted)]
    made = {
        wanted[int(number)]: _elided(
            tree.lines(blocks, style.locale or language), told[int(number)]
        )
        for number, blocks in pandoc.bibliography(told, style, _locale(language))
    }
    lines = {key: said for key, said in made.items() if said}
    return References(lines, (*lines, *(key for key in wanted if key not in lines)))


def _elided(lines: tuple[Line, ...], item: CslItem) -> tuple[Line, ...]:
    """Return the lines with elided particles at their names: pandoc prints `D’ ORMESSON` in capitals."""
    names = (name for value in item.values() if isinstance(value, list) for name in value)
    pairs = ((n.get("non-dropping-particle", ""), n.get("family", "")) for n in names)
    elided = [f"{re.escape(p[:-1])}[{_ELISIONS}] {re.escape(f)}" for p, f in pairs if _elides(p)]
    if not elided:
        return lines
    apart = re.compile("|".join(elided), re.IGNORECASE)

    def joined(run: Run) -> Run:
        return run._replace(text=apart.sub(lambda found: _joined(found[0]), run.text))

    return tuple(line._replace(runs=tuple(map(joined, line.runs))) for line in lines)


def _elides(particle: str) -> bool:
    return particle.endswith(tuple(_ELISIONS))


def _joined(text: str) -> str:
    return re.sub(f"([{_ELISIONS}]) ", r"\1", text, count=1)


def _locale(language: str) -> str:
    return {"fr": "fr-FR", "en": "en-US"}.get(language, language)


def for_engine(csl: CslMap, identity: str, fields: Fields) -> CslItem:
    """Return an item as the citation engine gets it: what `extra` says is in its variables.

    pandoc knows seasons by number only, and Zotero reads the last month alone in `juillet-août 2019`:
    what is not understood stays as typed, and ranges are ranges.
    """
    item = lift(csl.item(identity, fields))
    item.pop("abstract", None)
    if "URL" in item:
        item["URL"] = links.unwrap(str(item["URL"]))
    if "<" in (title := str(item.get("title", ""))):
        item["title"] = _CAPS.sub(_CAPS_OF_CSL, title)
    kind = str(fields.get("itemType", ""))
    for variable, name in csl.dates.get(kind, ()):
        typed = str(fields.get(name, ""))
        if variable in item and item[variable] == csl_date(typed):
            item[variable] = _span(typed) or _season(item[variable], typed)
    return item


def _season(date: Mapping[str, Any], typed: str) -> dict[str, Any]:
    if "season" not in date:
        return dict(date)
    number = _SEASONS.get(str(date["season"]).lower())
    return {**date, "season": number} if number else {"literal": typed}


def _span(typed: str) -> dict[str, Any] | None:
    """Return the range of days or months in `juillet-août 2019`; None where there is none."""
    halves = _BETWEEN.split(_FROM.sub("", typed))
    if len(halves) != 2:  # noqa: PLR2004 - from and to
        return None
    last = _parts(halves[1])
    first = _parts(halves[0]) or _parts(f"{halves[0]} {last[0]}" if last else "")
    if halves[0].isdigit() and len(last) == len(("year", "month", "day")):
        first = [*last[:2], int(halves[0])]
    comparable = len(first) == len(last) > 1 and first < last
    return {"date-parts": [first, last]} if comparable else None


def _parts(text: str) -> list[int]:
    date = csl_date(text)
    parts = date.get("date-parts", [[]])
    return parts[0] if len(parts) == 1 and "season" not in date else []
