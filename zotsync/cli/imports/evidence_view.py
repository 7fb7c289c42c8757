"""What was read of a document that names no fields, shown: guesses first, with the words they came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zotsync.cli.frame import wording
from zotsync.cli.frame.output import Output
from zotsync.cli.frame.tables import Cell
from zotsync.handout.text.markup import plain_text
from zotsync.i18n import N_, _, ngettext
from zotsync.incoming.plan import Arrivals
from zotsync.model import Schema
from zotsync.plugins.incoming import Beside
from zotsync.proposal import Addition, Evidence, Trust
from zotsync.sync.trees import Kind

_TRUST = {Trust.SURE: N_("sure"), Trust.LIKELY: N_("likely"), Trust.GUESS: N_("a guess")}
_COLOURS = {Trust.GUESS: "yellow"}
_SIGNS = 90
"""Of a text in a table that are shown."""


def show_guesses(output: Output, schema: Schema, additions: Iterable[Addition]) -> None:
    """Print a table of the fields that are doubtful; with `--verbose` of all that had to be read out."""
    shown = (Trust.GUESS, Trust.LIKELY, Trust.SURE) if output.verbose else (Trust.GUESS,)
    told = [(a, e) for trust in shown for a in additions for e in a.evidence if e.trust is trust]
    if not told:
        return
    output.line(_("Look at these first, they had to be guessed:"), style="bold")
    headings = (_("Item"), _("Field"), _("Read as"), _("How sure"), _("In the document"))
    output.table(headings, [_row(schema, addition, one) for addition, one in told])


def _row(schema: Schema, addition: Addition, one: Evidence) -> Sequence[str | Cell]:
    return (
        _short(title_of(schema, addition)),
        wording.field_word(schema, one.name),
        _short(_value(schema, addition, one)),
        Cell(_(_TRUST[one.trust]), _COLOURS.get(one.trust, "")),
        _short(one.text),
    )


def guess_lines(schema: Schema, addition: Addition) -> list[str]:
    """Return the doubtful fields of a new item, a line each."""
    line = _("{field}: {value}  ({trust}, from “{text}”)")
    return [
        line.format(
            field=wording.field_word(schema, one.name),
            value=_short(_value(schema, addition, one)),
            trust=_(_TRUST[one.trust]),
            text=_short(one.text),
        )
        for one in addition.evidence
        if one.trust is Trust.GUESS
    ]


def title_of(schema: Schema, addition: Addition) -> str:
    """Return what a new item is called: its title; the beginning of a note; its place in the file."""
    kind = schema.item_types.get(str(addition.fields.get("itemType", "")))
    title = kind.value(addition.fields, "title") if kind else ""
    note = (
        wording.in_short(wording.title_of(Kind.ITEM, "", str(addition.fields["note"])))
        if "note" in addition.fields
        else ""
    )
    return plain_text(title) or note or addition.place


def _value(schema: Schema, addition: Addition, one: Evidence) -> str:
    value = addition.fields.get(one.name)
    if one.name == "itemType":
        return wording.type_word(schema, str(value))
    return plain_text(wording.value_text(one.name, value))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SIGNS else f"{line[: _SIGNS - 2].rstrip()} …"


def show_shelves(output: Output, arrivals: Arrivals) -> None:
    """Print the collections that sections become: how many items come into each, and which are new."""
    counts = dict(arrivals.shelved())
    if not counts:
        return
    output.line(_("Collections:"), style="bold")
    for path, count in counts.items():
        number = ngettext("{n} item", "{n} items", count).format(n=count)
        new = "" if path in arrivals.shelving.keys else _("new collection")
        spans = [("  · ", ""), (path, "bold"), (f"  {number}", ""), (f"  {new}".rstrip(), "green")]
        output.spans(spans, indent=6)


def show_beside(output: Output, beside: Sequence[Beside]) -> None:
    """Print what a document says and that belongs to no item."""
    if beside:
        output.line(_("In the document, but in no entry; it is not taken over:"), style="bold")
    for one in beside:
        output.spans([("  · ", ""), (" ".join(one.text.split()), "")], indent=4)


def evidence_document(evidence: Iterable[Evidence]) -> list[Mapping[str, Any]]:
    """Return what fields were read from as JSON data."""
    return [{"field": e.name, "text": e.text, "confidence": e.trust.name.lower()} for e in evidence]
