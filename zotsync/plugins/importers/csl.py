"""CSL-JSON: the tables of Zotero's schema, read backwards. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from zotsync.i18n import N_, _
from zotsync.model import Schema, is_key
from zotsync.plugins.importers.draft import Draft, person
from zotsync.plugins.importers.texts import MOST_REFERENCES, SEASONS, decoded, too_many
from zotsync.plugins.incoming import Importer, Reference, Source, Unread, UnreadableError

_BROADCAST = (
    "archive", "archive_location", "container-title", "event-place", "publisher",
    "publisher-place", "source",
)  # fmt: skip
_VIDEO = ("collection-title", "volume", "number-of-volumes", "ISBN")
_EVENT_PLACE = frozenset({"audioRecording", "presentation", "videoRecording"})
_BESIDE = frozenset(
    {"id", "type", "keyword", "custom", "categories", "citation-label", "citation-number"}
)
_SHORT = "container-title-short"
"""In no table of Zotero's, though it has a field for it."""
_YEAR = re.compile(r"\d{4}")
_OTHER_TYPES = {
    "book-chapter": "chapter",
    "dissertation": "thesis",
    "edited-book": "book",
    "journal-article": "article-journal",
    "monograph": "book",
    "posted-content": "article",
    "proceedings-article": "paper-conference",
    "reference-book": "book",
    "reference-entry": "entry",
    "report-component": "report",
}
"""What Crossref calls a type -> what CSL calls it."""
_OTHER_NAMES = {
    "page-first": "page",
    "published": "issued",
    "publisher-location": "publisher-place",
    "journalAbbreviation": _SHORT,
}
_OF_REGISTERS = frozenset(
    """alternative-id assertion content-created content-domain content-updated created deposited funder
    indexed is-referenced-by-count issn-type isbn-type journal-issue license link member
    posted prefix published-online published-other published-print reference
    reference-count references-count relation resource schema score short-container-title update-policy
    updated-by""".split()  # noqa: SIM905 - words, not code
)
"""What registers of DOIs note for themselves."""
_WEB_KEY = re.compile(r"(?:^|[/|])([2-9A-NP-Z]{8})$")


def read_json(data: bytes) -> Any:
    """Return what a JSON file says; raise UnreadableError where it says nothing, or goes too deep."""
    try:
        return json.loads(decoded(data))
    except RecursionError:
        raise UnreadableError(_("It is nested too deeply.")) from None
    except ValueError as exc:
        line = getattr(exc, "lineno", 0)
        reason = (
            _("It is no JSON (line {line}).").format(line=line) if line else _("It is no JSON.")
        )
        raise UnreadableError(reason) from exc


def read_csl(source: Source) -> Iterator[Reference | Unread]:
    """Yield the references of a CSL-JSON file."""
    document = read_json(source.data)
    if isinstance(document, dict):
        document = _listed(document)
    if not isinstance(document, list):
        raise UnreadableError(_("It is no list of references."))
    if len(document) > MOST_REFERENCES:
        raise too_many()
    reader = _Reader(source.schema)
    for number, item in enumerate(document, 1):
        if isinstance(item, dict) and ("type" in item or "title" in item):
            yield reader.reference(item, str(item.get("id") or number))
        else:
            yield Unread(str(number), _("this is no reference"))


def _listed(document: Mapping[str, Any]) -> Any:
    """Return the list of references in a document: as Zotero, pandoc and citeproc wrap it, or one alone."""
    for name in ("items", "references"):
        if isinstance(document.get(name), list) and "type" not in document:
            return document[name]
    inner = list(document.values())
    if inner and all(isinstance(item, dict) and "type" in item for item in inner):
        return inner
    return [document]


class _Reader:
    """The tables of a schema, from CSL to Zotero."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        csl = schema.csl
        self._types: Mapping[str, list[str]] = csl["types"]
        self._texts: Mapping[str, list[str]] = csl["fields"]["text"]
        self._dates: Mapping[str, str] = csl["fields"]["date"]
        self._names: dict[str, str] = {}
        for role, variable in csl["names"].items():
            self._names.setdefault(variable, role)

    def reference(self, item: Mapping[str, Any], place: str) -> Reference:
        """Return one item."""
        draft = Draft(self._schema, self._type(item), place)
        if found := _WEB_KEY.search(place):
            draft.key = found[1] if is_key(found[1]) else ""
        for typed, value in item.items():
            variable = _OTHER_NAMES.get(typed, typed)
            if variable != typed and variable in item:
                variable = typed
            if variable in self._names:
                self._people(draft, variable, value)
            elif variable in self._dates:
                self._date(draft, variable, value)
            elif variable not in _BESIDE and (isinstance(value, str) or typed not in _OF_REGISTERS):
                self._text(draft, variable, value)
        for word in re.split(r"[,;]\s*", _plain(item.get("keyword"))):
            draft.tag(word)
        return draft.finished()

    def _type(self, item: Mapping[str, Any]) -> str:
        kind = _OTHER_TYPES.get(str(item.get("type")), item.get("type"))
        if kind == "bill" and ("publisher" in item or "number-of-volumes" in item):
            return "hearing"
        if kind == "broadcast" and any(name in item for name in _BROADCAST):
            both = "author" in item and "director" in item
            return "radioBroadcast" if both else "tvBroadcast"
        if kind == "book" and "version" in item:
            return "computerProgram"
        if kind == "song" and "number" in item:
            return "podcast"
        if kind == "motion_picture" and any(name in item for name in _VIDEO):
            return "videoRecording"
        known = self._types.get(str(kind), ["document"])
        return known[0] if known[0] in self._schema.item_types else "document"

    def _text(self, draft: Draft, variable: str, value: Any) -> None:
        text = _plain(value)
        if variable == "event-place" and draft.item_type in _EVENT_PLACE:
            variable = "publisher-place"
        names = ["journalAbbreviation"] if variable == _SHORT else self._texts.get(variable, ())
        if variable == "note":
            draft.values["extra"] = text.strip()
        elif any(draft.has(name) for name in names):
            draft.put_first(tuple(names), text, _label(variable))
        else:
            draft.keep(_label(variable), text)

    def _people(self, draft: Draft, variable: str, value: Any) -> None:
        role = self._names[variable]
        for name in value if isinstance(value, list) else [value]:
            if isinstance(name, dict):
                draft.creator(role, csl_person(name))
            else:
                draft.creator(role, person(_plain(name)))

    def _date(self, draft: Draft, variable: str, value: Any) -> None:
        date = date_text(value)
        draft.put(self._dates[variable], date, _label(variable))


def csl_person(name: Mapping[str, Any]) -> dict[str, str]:
    """Return a CSL name as a creator, particles and suffix as people type them in Zotero."""
    if literal := _plain(name.get("literal") or name.get("name")):
        return {"name": literal}
    family, given = _plain(name.get("family")), _plain(name.get("given"))
    if staying := _plain(name.get("non-dropping-particle")):
        family = f"{staying}{'' if staying[-1:] in {chr(39), '’'} else ' '}{family}"
    if dropping := _plain(name.get("dropping-particle")):
        given = f"{given} {dropping}".strip()
    if suffix := _plain(name.get("suffix")):
        given = f"{given}, {suffix}" if given else suffix
    return person(family, given)


def date_text(value: Any) -> str:
    """Return a CSL date as Zotero has dates: ISO, a range with a slash, or the words."""
    if not isinstance(value, Mapping):
        return _plain(value)
    if words := _plain(value.get("literal") or value.get("raw") or value.get("string")):
        return words
    parts = value.get("date-parts")
    halves = [_iso(half) for half in parts] if isinstance(parts, list) else []
    date = "/".join(half for half in halves[:2] if half)
    season = _season(value.get("season"))
    if _YEAR.fullmatch(season) and _YEAR.fullmatch(date):
        return f"{date}/{season}"  # so Zotero's server tells where a range of years ends
    date = f"{season} {date}".strip() if season else date
    return f"{date}~" if date and value.get("circa") not in (None, False, "", 0) else date


def _season(value: Any) -> str:
    """Return the season of a date in words; CSL numbers them."""
    typed = _plain(value)
    return SEASONS.get(int(typed), typed) if typed in {"1", "2", "3", "4"} else typed


def _iso(half: Any) -> str:
    """Return the parts of a date as ISO; "" where they are none."""
    try:
        numbers = [int(part) for part in half if part not in (None, "", 0)][:3]
    except (TypeError, ValueError, OverflowError):
        return ""
    if not numbers or abs(numbers[0]) > 9999:  # noqa: PLR2004 - four digits
        return ""
    year = f"{'-' if numbers[0] < 0 else ''}{abs(numbers[0]):04}"
    return "-".join([year, *(f"{n:02}" for n in numbers[1:])])


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, list) and all(isinstance(one, (str, int)) for one in value):
        return "; ".join(map(_plain, value))
    return json.dumps(value, ensure_ascii=False)


def _label(variable: str) -> str:
    return variable if variable.isupper() else variable.replace("-", " ").replace("_", " ").title()


def _looks_like(head: bytes) -> bool:
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    return text[:1] in {"[", "{"} and '"format": "zotsync"' not in text[:200]


CSL_JSON = Importer(N_("CSL-JSON, of pandoc and citation tools"), ("json",), _looks_like, read_csl)
