"""What of a proposal is taken: all of it, some of it, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from zotsync.cli.frame import ask
from zotsync.cli.frame.pressing import pressed
from zotsync.cli.frame.session import Session
from zotsync.cli.imports.proposal_view import show_addition, show_correction
from zotsync.figures import number
from zotsync.i18n import N_, _, ngettext
from zotsync.model import Schema
from zotsync.proposal import Addition, Correction, Proposal

# Translators: the first letter is the key that is pressed. No two of these may begin with the same one.
ALL, ONE_BY_ONE, NOTHING = N_("a all"), N_("o one by one"), N_("n nothing")
# Translators: and these, too.
YES, NO, STOP = N_("y yes"), N_("n no"), N_("s stop here")


def agreed(
    session: Session, schema: Schema, proposal: Proposal, names: Mapping[str, str]
) -> Proposal:
    """Return what of a proposal somebody agrees to; with `--yes` all that is not doubtful."""
    nothing = replace(proposal, corrections=(), additions=())
    sure = replace(
        proposal,
        corrections=tuple(c for c in proposal.corrections if c.doubt is None),
        additions=tuple(a for a in proposal.additions if a.doubt is None),
    )
    if session.yes or not ask.interactive():
        return sure if _count(sure) and _confirmed(session, sure) else nothing
    question = _("Write this?") if proposal.additions else _("Write these corrections?")
    answer = pressed(session.output, question, [ALL, ONE_BY_ONE, NOTHING], ALL)
    if answer == ONE_BY_ONE:
        taken = _one_by_one(session, schema, proposal, names)
    else:
        taken = sure if answer == ALL else nothing
    if not _count(taken):
        session.output.say(_("Nothing was written."))
    return taken


def _count(proposal: Proposal) -> int:
    return len(proposal.corrections) + len(proposal.additions)


def _confirmed(session: Session, proposal: Proposal) -> bool:
    count = _count(proposal)
    question = (
        ngettext("Write {n} item or field?", "Write {n} items and fields?", count)
        if proposal.additions
        else ngettext("Write {n} correction?", "Write {n} corrections?", count)
    )
    return ask.confirm(
        question.format(n=number(count)),
        default=True,
        yes=session.yes,
        instead=_("Look at it with --dry-run; to do it without being asked: --yes"),
    )


def _one_by_one(
    session: Session, schema: Schema, proposal: Proposal, names: Mapping[str, str]
) -> Proposal:
    taken: list[Correction | Addition] = []
    proposed: list[Correction | Addition] = [*proposal.additions, *proposal.corrections]
    for one in proposed:
        if isinstance(one, Addition):
            show_addition(session.output, schema, one, names, err=True)
        else:
            show_correction(session.output, schema, one, names, err=True)
        default = YES if one.doubt is None else NO
        answer = pressed(session.output, _("Take it?"), [YES, NO, STOP], default)
        if answer == STOP:
            break
        if answer == YES:
            taken.append(one)
    return replace(
        proposal,
        corrections=tuple(c for c in taken if isinstance(c, Correction)),
        additions=tuple(a for a in taken if isinstance(a, Addition)),
    )
