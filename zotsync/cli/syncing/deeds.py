"""What a run did, object by object: as lines, and as JSON data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zotsync.cli.frame import wording
from zotsync.cli.frame.changes import change_spans
from zotsync.cli.frame.opening import Opened
from zotsync.cli.frame.output import Output, Span
from zotsync.cli.syncing.difference import in_short, names_of
from zotsync.cli.syncing.plan_view import placed
from zotsync.i18n import N_, _
from zotsync.model import Schema
from zotsync.sync.deciding.steps import title_of
from zotsync.sync.remembering.entries import FILE, ZOTERO
from zotsync.sync.remembering.history import Deed
from zotsync.sync.remembering.objects import Objects
from zotsync.sync.trees import Kind

_WHAT = {
    "create": N_("new, made in Zotero"),
    "new file": N_("new in Zotero, has a file now"),
    "trash in Zotero": N_("removed here, went to Zotero's trash"),
    "trash the file": N_("removed in Zotero, the file went to the trash"),
    "restore in Zotero": N_("back here, left Zotero's trash"),
    "make again in Zotero": N_("made again in Zotero, where it was erased"),
    "restore the file": N_("back in Zotero, the file came back"),
    "restore in Zotero, edited": N_("removed in Zotero but edited here: left the trash again"),
    "make again in Zotero, edited": N_("erased in Zotero but edited here: made again"),
    "restore the file, edited": N_("removed here but edited in Zotero: the file came back"),
    "brought back": N_("has a file now"),
    "put into the trash": N_("the file went to the trash"),
}
_OF_COLLECTIONS = {
    "new file": N_("new in Zotero, came here"),
    "trash the file": N_("removed in Zotero, left here"),
    "restore the file": N_("back in Zotero, came back here"),
    "brought back": N_("is here now"),
    "put into the trash": N_("left here"),
}


def show_deeds(output: Output, opened: Opened, deeds: Sequence[Deed]) -> None:
    """Print what a run did: a line for each object, and one for each of its fields."""
    names = names_of(opened)
    titles = _titles(opened, deeds)
    for deed in deeds:
        _show(output, opened.schema, deed, titles[deed.kind, deed.key], names)


def _show(output: Output, schema: Schema, deed: Deed, title: str, names: Mapping[str, str]) -> None:
    mark = _mark(deed.sides) if deed.sides else wording.CLASH
    head: list[Span] = [
        (f"  {mark} ", wording.STYLES[mark]),
        (wording.title_of(deed.kind, deed.key, title), "bold"),
        (f"  {deed.key}", ""),
    ]
    phrases = [_phrase(deed, what) for what in deed.what]
    output.spans([*head, (f"  {', '.join(phrases)}" if phrases else "", "")], indent=6)
    for change in deed.changes:
        mark = _mark(change.sides)
        word = wording.field_word(schema, change.field)
        spans = change_spans(schema, change.field, change.before, change.after, names)
        label = _("{field}: ").format(field=word)
        output.spans([(f"      {mark} {label}", wording.STYLES[mark]), *spans], indent=10)
    for name, value in deed.kept.items():
        line = _("{field}: settled, {value} stays").format(
            field=wording.field_word(schema, name), value=in_short(schema, name, value, names)
        )
        output.spans([(f"      {wording.AGREED} {line}", "")], indent=10)
    for clash in deed.clashes:
        line = _("conflict on {field}: here {here}, in Zotero {zotero}").format(
            field=wording.field_word(schema, clash.field),
            here=in_short(schema, clash.field, clash.here, names),
            zotero=in_short(schema, clash.field, clash.zotero, names),
        )
        output.spans([(f"      {wording.CLASH} {line}", wording.STYLES[wording.CLASH])], indent=10)


def _mark(sides: Iterable[str]) -> str:
    here, there = FILE in sides, ZOTERO in sides
    if here and there:
        return wording.BOTH_WAYS
    return wording.TO_ZOTERO if there else wording.TO_FILES


def _phrase(deed: Deed, what: str) -> str:
    own = _OF_COLLECTIONS if deed.kind is Kind.COLLECTION else {}
    phrase = own.get(what) or _WHAT.get(what)
    return _(phrase) if phrase else what


def _titles(opened: Opened, deeds: Iterable[Deed]) -> dict[tuple[Kind, str], str]:
    """Return what objects are called: now, or else what the journal knows them by."""
    found = {(d.kind, d.key): title_of(d.fields or {}) for d in deeds}
    objects = Objects(opened.engine.state)
    for kind in Kind:
        known = objects.mirror(kind, [key for of, key in found if of is kind])
        for key, obj in known.items():
            found[kind, key] = title_of(obj.fields) or found[kind, key]
    return found


def deeds_document(opened: Opened, deeds: Sequence[Deed]) -> list[dict[str, Any]]:
    """Return what a run did as JSON data."""
    titles = _titles(opened, deeds)
    return [_document(deed, titles[deed.kind, deed.key]) for deed in deeds]


def _document(deed: Deed, title: str) -> dict[str, Any]:
    return {
        "kind": deed.kind.value,
        "key": deed.key,
        "title": title,
        **placed(deed.kind, deed.file),
        "sides": sorted(deed.sides),
        "what": list(deed.what),
        "changes": [
            {"field": c.field, "sides": sorted(c.sides), "before": c.before, "after": c.after}
            for c in deed.changes
        ],
        "settled": dict(deed.kept),
        "conflicts": [{"field": c.field, "here": c.here, "zotero": c.zotero} for c in deed.clashes],
    }
