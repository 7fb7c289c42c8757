"""What importing references would do, shown: as lines, and as JSON data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from zotsync.cli.frame import wording
from zotsync.cli.frame.output import Output
from zotsync.cli.imports.evidence_view import evidence_document, show_guesses, show_shelves
from zotsync.cli.imports.proposal_view import show_addition, show_correction
from zotsync.figures import number
from zotsync.i18n import N_, _, ngettext
from zotsync.incoming.plan import Arrivals
from zotsync.model import Schema
from zotsync.proposal import Addition, Correction

_BY = {"key": N_("key"), "title": N_("title, year, author")}


def show_arrivals(
    output: Output, schema: Schema, arrivals: Arrivals, names: Mapping[str, str]
) -> None:
    """Print what is new, what is filled in, what is doubtful, and how much is here already."""
    show_guesses(output, schema, arrivals.additions)
    sure = [a for a in arrivals.additions if a.doubt is None]
    doubtful = [a for a in arrivals.additions if a.doubt is not None]
    fills = [c for c in arrivals.corrections if c.doubt is None and c.part != "collections"]
    differing = [c for c in arrivals.corrections if c.doubt is not None]
    _additions(output, schema, _("New:"), sure, names)
    _corrections(output, schema, _("Filled in where nothing stood:"), fills, names)
    _additions(output, schema, _("Doubtful, and taken only one by one:"), doubtful, names)
    heading = _("Different here, and changed only one by one:")
    _corrections(output, schema, heading, differing, names)
    show_shelves(output, arrivals)
    _there(output, arrivals)
    if not (arrivals.additions or arrivals.corrections):
        output.say(_("Nothing is new."))


def _additions(
    output: Output,
    schema: Schema,
    heading: str,
    additions: list[Addition],
    names: Mapping[str, str],
) -> None:
    if additions:
        output.line(heading, style="bold")
    for addition in additions:
        show_addition(output, schema, addition, names)


def _corrections(
    output: Output,
    schema: Schema,
    heading: str,
    corrections: list[Correction],
    names: Mapping[str, str],
) -> None:
    if corrections:
        output.line(heading, style="bold")
    before = None
    for one in corrections:
        show_correction(output, schema, one, names, headed=one.key != before)
        before = one.key


def _there(output: Output, arrivals: Arrivals) -> None:
    """Print how many are here already and by what they were recognised, and what was left out."""
    here = Counter(one.by for one in arrivals.there if one.key)
    twice = sum(not one.key for one in arrivals.there)
    if here:
        count = here.total()
        line = ngettext("{n} is here already ({ways}).", "{n} are here already ({ways}).", count)
        each = _("{name}: {value}")
        ways = ", ".join(each.format(name=_by(by), value=n) for by, n in here.most_common())
        output.line(line.format(n=number(count), ways=ways))
    if twice:
        line = ngettext("{n} stands twice in the files.", "{n} stand twice in the files.", twice)
        output.line(line.format(n=number(twice)))
    for one in arrivals.there:
        for name, value in one.unplaced:
            text = _("{title}, {place}: not taken over: {field}: {value}")
            told = text.format(
                title=wording.in_short(one.title),
                place=one.place,
                field=wording.field_word(arrivals.schema, name),
                value=wording.in_short(value),
            )
            output.spans([("  · ", ""), (told, "yellow")], indent=6)


def show_there(output: Output, arrivals: Arrivals) -> None:
    """Print which items are here already, and by what they were recognised."""
    for one in arrivals.there:
        if one.key:
            told = _("{key}  {title}  (the same {mark})")
            output.line("  = " + told.format(key=one.key, title=one.title, mark=_by(one.by)))


def _by(mark: str) -> str:
    word = _BY.get(mark, mark)
    return _(word)


def additions_document(arrivals: Arrivals) -> list[dict[str, Any]]:
    """Return the new items as JSON data."""
    return [
        {
            "key": a.key,
            "fields": dict(a.fields),
            "notes": list(a.notes),
            "place": a.place,
            "kept": list(a.kept),
            "like": a.like,
            "doubt": a.doubt.value if a.doubt else None,
            "evidence": evidence_document(a.evidence),
        }
        for a in arrivals.additions
    ]


def there_document(arrivals: Arrivals) -> list[dict[str, Any]]:
    """Return what is here already as JSON data; without a key: what stands in the files twice."""
    return [
        {
            "key": one.key,
            "title": one.title,
            "by": one.by,
            "place": one.place,
            "unplaced": [{"field": name, "value": value} for name, value in one.unplaced],
        }
        for one in arrivals.there
    ]
