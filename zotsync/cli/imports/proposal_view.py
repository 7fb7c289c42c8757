"""What an import proposes, shown: as lines, and as JSON data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from zotsync.cli.frame import wording
from zotsync.cli.frame.changes import change_spans
from zotsync.cli.frame.marking import marked, worth_seeing
from zotsync.cli.frame.output import Output, Span
from zotsync.cli.imports.evidence_view import evidence_document, guess_lines, title_of
from zotsync.figures import number
from zotsync.handout.entry import Role
from zotsync.i18n import N_, _, ngettext
from zotsync.model import Schema
from zotsync.proposal import Addition, Correction, Doubt, Proposal, Said, Unplaced, Why
from zotsync.sync.trees import Kind

_LONG = 200
"""Signs of a text beyond which it is shown in part."""
_DOUBTS = {
    Doubt.CHANGED_SINCE: N_("changed here too since the document was printed"),
    Doubt.GUESSED: N_("a part of it is a guess"),
    Doubt.OLDER: N_("this is what it was before: the document may be an old one"),
    Doubt.NO_RECORD: N_(
        "it is not known whether somebody corrected this, or the file changed since"
    ),
    Doubt.IN_CONFLICT: N_("the item has an open conflict: zotsync resolve"),
    Doubt.DIFFERS: N_("it says something else here"),
    Doubt.LIKE_ANOTHER: N_("it may be here already"),
}
_WHYS = {
    Why.UNREADABLE: N_("what this changes cannot be told"),
    Why.NEW_ENTRY: N_("an entry that was typed in: make a file for it"),
    Why.ELSEWHERE: N_("the handout does not print this item"),
    Why.GONE: N_("the item is gone by now"),
    Why.NO_KEY: N_("no sync has given it a key yet: sync, then import again"),
    Why.LINK: N_("a click leads elsewhere than the address says"),
    Why.FORMATTING: N_("only its looks were changed"),
    Why.NOT_HERE: N_("this text comes from somewhere else than the handout's file"),
    Why.MOVED: N_("moved to another section, which is no collection of its own"),
    Why.ORDER: N_("the handout's file has no such section to keep an order in"),
    Why.SECTIONS: N_("sections in another order: move them in the handout's file"),
}
_PARTS = {
    Role.AUTHOR: N_("authors"),
    Role.ENTRY_TITLE: N_("title"),
    Role.SOURCE: N_("source"),
    Role.ABSTRACT: N_("abstract"),
    Role.KEYWORDS: N_("keywords"),
    Role.SHELFMARK: N_("shelf mark"),
    Role.NOTE: N_("note"),
    Role.ACCESS: N_("access"),
    Role.REFERENCE: N_("reference"),
    Role.SECTION: N_("section"),
    Role.TITLE: N_("title of the handout"),
    Role.SUBTITLE: N_("subtitle of the handout"),
    Role.DATE: N_("date of the handout"),
    Role.INTRO: N_("introduction"),
    Role.INSTITUTION: N_("institution"),
    Role.CONTACT: N_("contact"),
}
_PART_WORDS = {role.value: word for role, word in _PARTS.items()} | {
    "title": N_("title of the handout"),
    "subtitle": N_("subtitle of the handout"),
    "date": N_("date of the handout"),
    "introduction": N_("introduction"),
    "exclude": N_("taken out of the handout"),
    "order": N_("order"),
}


def show_proposal(
    output: Output, schema: Schema, proposal: Proposal, names: Mapping[str, str]
) -> None:
    """Print a proposal: what would be written, what is doubtful, what is left to people."""
    if not proposal.from_record:
        output.say(
            _(
                "What this document said when it was printed is not known here. It is compared "
                "with the bibliography as it is now: look at every correction."
            ),
            style="yellow",
        )
    sure = [c for c in proposal.corrections if c.doubt is None]
    doubtful = [c for c in proposal.corrections if c.doubt is not None]
    _show_all(output, schema, _("Corrections:"), sure, names)
    _show_all(output, schema, _("Doubtful, and taken only one by one:"), doubtful, names)
    if proposal.unplaced:
        output.line(_("Left to you:"), style="bold")
    for one in proposal.unplaced:
        _show_unplaced(output, one)
    if proposal.said:
        output.line(_("Written beside the text:"), style="bold")
    for said in proposal.said:
        _show_said(output, said)
    if not (proposal.corrections or proposal.unplaced):
        output.say(_("Nothing was corrected."))


def _show_all(
    output: Output,
    schema: Schema,
    heading: str,
    corrections: Sequence[Correction],
    names: Mapping[str, str],
) -> None:
    if corrections:
        output.line(heading, style="bold")
    before = None
    for correction in corrections:
        show_correction(output, schema, correction, names, headed=correction.key != before)
        before = correction.key


def show_correction(  # noqa: PLR0913 - what is shown, where, and how
    output: Output,
    schema: Schema,
    correction: Correction,
    names: Mapping[str, str],
    *,
    headed: bool = True,
    err: bool = False,
) -> None:
    """Print a correction: the item, and what becomes of each field."""
    key = correction.key
    if headed:
        title = wording.title_of(Kind.ITEM, key, correction.title) if key else correction.title
        spans: list[Span] = [(f"  {wording.TO_FILES} ", "green"), (title, "bold"), (f"  {key}", "")]
        output.spans(spans, indent=6, err=err)
    for name, value in correction.fields.items():
        label = wording.field_word(schema, name) if key else _part(name)
        change = _change(schema, name, correction, value, names)
        _line(output, label, change, err=err)
    if correction.doubt:
        output.spans([(f"      {_(_DOUBTS[correction.doubt])}", "yellow")], indent=6, err=err)
        for text in (wording.in_short(one.text) for one in correction.evidence):
            said = _("In the document: {text}").format(text=text)
            output.spans([(f"      {said}", "")], indent=8, err=err)


def show_addition(
    output: Output,
    schema: Schema,
    addition: Addition,
    names: Mapping[str, str],
    *,
    err: bool = False,
) -> None:
    """Print an item that is not here yet, in a line, and what it may be the same as."""
    fields = addition.fields
    kind = schema.item_types.get(str(fields.get("itemType", "")))
    title = title_of(schema, addition)
    who = [str(c.get("lastName") or c.get("name", "")) for c in fields.get("creators", ())[:2]]
    told = (", ".join(who), kind.value(fields, "date") if kind else "", addition.place)
    about = "  ".join(part for part in told if part)
    word = wording.type_word(schema, str(fields["itemType"]))
    spans: list[Span] = [(f"  {wording.TO_FILES} ", "green"), (title, "bold")]
    output.spans([*spans, (f"  {word}  {about}", "")], indent=6, err=err)
    for line in guess_lines(schema, addition) if err else ():
        output.spans([(f"      {line}", "yellow")], indent=8, err=err)
    for line in addition.kept:
        kept = _("kept in Extra: {text}").format(text=wording.in_short(line))
        output.spans([(f"      {kept}", "")], indent=8, err=err)
    if addition.doubt:
        reason = _(_DOUBTS[addition.doubt])
        if addition.like:
            other = f"{names.get(addition.like, '')}  {addition.like}"
            reason = _("{name}: {value}").format(name=reason, value=other)
        output.spans([(f"      {reason}", "yellow")], indent=6, err=err)


def _change(
    schema: Schema, name: str, correction: Correction, value: Any, names: Mapping[str, str]
) -> Sequence[Span]:
    """Return what becomes of a field; of a long text what is near to a change."""
    before = correction.before.get(name)
    if isinstance(before, str) and isinstance(value, str) and len(before) > _LONG:
        return marked(before, value, worth_seeing(before, value))
    if not correction.key and isinstance(value, list):  # in titles, not keys
        return (
            marked(correction.was, correction.now) if correction.now else [(correction.was, "red")]
        )
    return change_spans(schema, name, before, value, names)


def _line(output: Output, label: str, spans: Sequence[Span], *, err: bool = False) -> None:
    named = _("{field}: ").format(field=label)
    output.spans([(f"      {named}", "magenta"), *spans], indent=8, err=err)


def _part(part: str) -> str:
    """Return what a part is called: a role's name, or a setting's (`sections[1].title`)."""
    section, _dot, setting = part.rpartition(".")
    if section and setting == "title":
        return _("section")
    word = _PART_WORDS.get(part) or _PART_WORDS.get(setting)
    return _(word) if word else part


def _show_unplaced(output: Output, one: Unplaced) -> None:
    part = _part(one.part) if one.part else ""
    title = _("{title} · {fields}").format(title=one.title, fields=part) if one.title else part
    reason = _(_WHYS[one.why])
    head: list[Span] = [("  ✗ ", "yellow"), (f"{title}  " if title else "", "bold")]
    output.spans([*head, (reason, "yellow")], indent=6)
    change = marked(one.was, one.now) if one.was else [(one.now, "")]
    output.spans([("      ", ""), *(change if one.now else [(one.was, "red")])], indent=8)


def _show_said(output: Output, said: Said) -> None:
    who = said.author or (_("footnote") if said.footnote else _("remark"))
    where = _("{name}: {value}").format(name=who, value=said.text)
    output.spans([("  · ", ""), (said.title, "bold"), (f"  {where}", "")], indent=6)


def show_left(
    output: Output, schema: Schema, left: Sequence[Correction], names: Mapping[str, str]
) -> None:
    """Print what could not be written, because somebody edited the file meanwhile."""
    if left:
        count = len(left)
        line = ngettext(
            "{n} correction was left: the file was changed meanwhile.",
            "{n} corrections were left: their files were changed meanwhile.",
            count,
        )
        output.warn(line.format(n=number(count)), style="yellow")
    for correction in left:
        show_correction(output, schema, correction, names)


def proposal_document(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as JSON data."""
    return {
        "handout": proposal.handout,
        "from_record": proposal.from_record,
        "corrections": [
            {
                "key": c.key,
                "title": c.title,
                "part": c.part,
                "was": c.was,
                "now": c.now,
                "before": dict(c.before),
                "fields": dict(c.fields),
                "doubt": c.doubt.value if c.doubt else None,
                "evidence": evidence_document(c.evidence),
            }
            for c in proposal.corrections
        ],
        "unplaced": [{**asdict(u), "why": u.why.value} for u in proposal.unplaced],
        "said": [asdict(s) for s in proposal.said],
    }
