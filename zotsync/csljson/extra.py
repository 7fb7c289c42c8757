"""Lines of Zotero's `extra` that name CSL variables: `Original Date: 1923`, `type: dataset`, `DOI: 10.…`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from zotsync.csljson.dates import csl_date
from zotsync.csljson.edtf import edtf_date
from zotsync.csljson.names import parted


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DATES = _words("accessed available-date event-date issued original-date publication-date submitted")
NAMES = _words(
    """author chair collection-editor compiler composer container-author contributor curator director
    editor editor-translator editorial-director executive-producer guest host illustrator interviewer
    narrator organizer original-author performer producer recipient reviewed-author script-writer
    series-creator translator"""
)
TEXTS = _words(
    """abstract annote archive archive-place archive_collection authority call-number chapter-number
    citation-label citation-number collection-number collection-title container container-title
    container-title-short dimensions division edition event event-place event-title
    first-reference-note-number genre issue jurisdiction keyword language license locator medium note
    number number-of-pages number-of-volumes original-publisher original-publisher-place
    original-title page page-first part-number part-title printing publisher publisher-place
    references reviewed-genre reviewed-title scale section source status supplement title
    title-short type version volume volume-title year-suffix"""
)
UPPER = _words("DOI ISBN ISSN PMCID PMID URL")
TYPES = _words(
    """article article-journal article-magazine article-newspaper bill book broadcast chapter
    classic collection dataset document entry entry-dictionary entry-encyclopedia event figure graphic
    hearing interview legal_case legislation manuscript map motion_picture musical_score pamphlet
    paper-conference patent performance periodical personal_communication post post-weblog regulation
    report review review-book software song speech standard thesis treaty webpage"""
)
_LABELLED = re.compile(r"^([A-Za-z -]+)(:\s*.+)", re.MULTILINE)
_VARIABLE = re.compile(r"([-_a-z]+|[A-Z]+):\s*([^}]+)")
_BRACED = re.compile(r"\{:([-_a-z]+|[A-Z]+):\s*([^}]+)\}")
_EDTF_DATES = DATES - {"accessed"}


def to_variables(extra: str, fields: Mapping[str, str]) -> str:
    """Return `extra` with the labels of its lines as CSL variables, other lines as they are.

    `fields`: Zotero field -> CSL variable, for labels such as `Publication Title`.
    """
    return _LABELLED.sub(lambda found: _variable(found[1], fields) + found[2], extra)


def _variable(label: str, fields: Mapping[str, str]) -> str:
    name = label.lower().replace(" ", "-")
    if name == "archive-location":
        return "archive_location"
    if name.upper() in UPPER:
        return name.upper()
    if name in DATES | NAMES | TEXTS:
        return name
    words = label.replace(" ", "", 1)
    if words[1:2] == words[1:2].lower():
        words = words[:1].lower() + words[1:]
    return fields.get(words, label)


def lift_dates(item: dict[str, Any]) -> None:
    """Take the EDTF dates out of an item's `note` into their variables: they go before its own dates."""
    lines = str(item["note"]).split("\n")
    for at, name, value in _said(lines):
        if name in _EDTF_DATES and (date := _whole(value)):
            item[name] = date
            lines[at] = ""
    item["note"] = "\n".join(lines)


def _whole(value: str) -> dict[str, Any] | None:
    date = csl_date(value)
    return date if value[:1] in '"“' and "literal" in date else edtf_date(value)


def lift(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item with what its `note` says of variables in them, as Zotero's citation engine does.

    Dates and the type go before the item's own; texts and names stand where it has none.
    """
    if not item.get("note"):
        return dict(item)
    found: dict[str, Any] = {}
    lines = _BRACED.sub(r"\n\1: \2\n", str(item["note"])).split("\n")
    for at, name, value in _said(lines):
        if name == "type":
            found |= {"type": value} if value in TYPES else {}
        elif name in DATES:
            found[name] = csl_date(value)
        elif name in NAMES:
            if name not in item:
                found.setdefault(name, []).append(_name(value))
        elif name not in item or name == "note":
            found[name] = value
        lines[at] = ""
    rest = "\n".join(line for line in lines if line.strip())
    merged = {**item, "note": rest, **found}
    return {name: value for name, value in merged.items() if value}


def _name(value: str) -> dict[str, Any]:
    family, bars, given = (part.strip() for part in value.partition("||"))
    return parted(family, given) if bars and given else {"literal": family}


def _said(lines: list[str]) -> list[tuple[int, str, str]]:
    """Return (line number, variable, value) of the lines that name one, up to the first that does not.

    The very first line need not.
    """
    said = []
    for at, line in enumerate(lines):
        found = _VARIABLE.fullmatch(line)
        if found:
            said.append((at, found[1], found[2].strip()))
        elif at and line.strip():
            break
    return said
