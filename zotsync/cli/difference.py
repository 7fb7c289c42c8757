"""A field's three sides, one above the other, with the changed words marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zotsync.cli import wording
from zotsync.cli.output import Output, Span
from zotsync.i18n import _
from zotsync.model import Schema
from zotsync.sync.trees import EXISTENCE, Conflict, Kind
from zotsync.sync.worddiff import changed_words

_LONG = 160
"""A run of unchanged text longer than this is cut in its middle."""
_EDGE = 60
_MARKS = {"same": ("", "", ""), "old": ("[-", "-]", "red"), "new": ("{+", "+}", "green")}


@dataclass(frozen=True)
class Sides:
    """What a field was, is here, and is in Zotero."""

    kind: Kind
    key: str
    title: str
    field: str
    base: Any
    here: Any
    zotero: Any
    file: str = ""
    zotero_by: str = ""
    conflict: bool = False


def sides_of(conflict: Conflict) -> Sides:
    """Return the sides of a conflict."""
    return Sides(
        kind=conflict.kind,
        key=conflict.key,
        title=conflict.title,
        field=conflict.field,
        base=conflict.base,
        here=conflict.local,
        zotero=conflict.zotero,
        file=conflict.file,
        zotero_by=conflict.zotero_by,
        conflict=True,
    )


def show_sides(
    output: Output,
    schema: Schema,
    sides: Sides,
    *,
    collections: Mapping[str, str],
    err: bool = False,
) -> None:
    """Print the three sides of a field. `collections` gives the paths of collection keys."""
    title = wording.title_of(sides.kind, sides.key, sides.title)
    mark, style = (wording.CLASH, "bold red") if sides.conflict else ("·", "bold")
    head = f"{mark} {title} · {wording.field_word(schema, sides.field)}"
    output.spans([(head, style)], err=err)
    before, here, zotero = (
        _shown(sides.field, value, collections) for value in (sides.base, sides.here, sides.zotero)
    )
    by = f"  ({wording.with_local_times(sides.zotero_by)})" if sides.zotero_by else ""
    whole = sides.field == EXISTENCE
    lines = (
        (_("before"), [(_shortened(before) or _("(empty)"), "")]),
        (_("here"), _compared(before, here, whole=whole)),
        (_("Zotero"), [*_compared(before, zotero, whole=whole), (by, "")]),
    )
    width = max(len(label) for label, _text in lines)
    for label, spans in lines:
        output.spans([(f"  {label:<{width}}  ", "cyan"), *spans], err=err, indent=width + 4)
    output.spans([("", "")], err=err)


def _compared(before: str, now: str, *, whole: bool) -> list[Span]:
    """Return a value with what changed in it since `before`; `whole`: as it is."""
    if now == before:
        return [(_("(as before)"), "")]
    if whole:
        return [(now, "")]
    spans = list(_spans(changed_words(before, now)))
    return spans if now else [*spans, (" " if spans else "", ""), (_("(empty)"), "")]


def _shown(field: str, value: Any, collections: Mapping[str, str]) -> str:
    if field == EXISTENCE:
        return _("removed") if value in ("", None, {}) else _("there")
    return wording.value_text(field, value, collections)


def _spans(runs: list[tuple[Any, str]]) -> Iterator[Span]:
    """Return runs as coloured texts; the marks around them are for eyes and terminals without colour."""
    for kind, text in runs:
        before, after, style = _MARKS[kind]
        yield (_shortened(text) if kind == "same" else f"{before}{text}{after}", style)


def _shortened(text: str) -> str:
    if len(text) <= _LONG:
        return text
    return f"{text[:_EDGE].rstrip()} […] {text[-_EDGE:].lstrip()}"


def sides_document(sides: Sides) -> dict[str, Any]:
    """Return the sides as JSON data."""
    names = ("key", "title", "file", "field", "base", "here", "zotero", "zotero_by", "conflict")
    return {"kind": sides.kind.value, **{name: getattr(sides, name) for name in names}}
