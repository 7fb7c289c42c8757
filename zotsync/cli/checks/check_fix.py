"""`check --fix`: what checks would mend is shown, agreed to, and written as one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zotsync.cli.checks.check_view import Findings
from zotsync.cli.frame.opening import Opened
from zotsync.cli.frame.session import Session
from zotsync.cli.imports.agreeing import agreed
from zotsync.cli.imports.proposal_view import proposal_document, show_left, show_proposal
from zotsync.cli.syncing.difference import names_of
from zotsync.curating.finding import Check, Facts
from zotsync.curating.mending import proposed
from zotsync.curating.table import look
from zotsync.figures import number
from zotsync.i18n import _, ngettext
from zotsync.proposal import Proposal
from zotsync.sync.reading.planning import Here


@dataclass(frozen=True)
class Fixed:
    """What came of it."""

    left: Findings
    """What is found still."""
    document: dict[str, Any]


def fix(  # noqa: PLR0913 - what was found, and how it was
    session: Session,
    opened: Opened,
    found: Findings,
    checks: Sequence[Check],
    facts: Facts,
    *,
    dry_run: bool,
) -> Fixed:
    """Show what would be mended, ask, and write what is agreed to."""
    clashing = {conflict.key for conflict in opened.engine.conflicts()}
    here = found.here
    items = {key: fields for key, fields in here.items.items() if key not in here.new}
    proposal = proposed(items, checks, facts, clashing)
    _tell_new(session, here)
    if not session.json:
        _show(session, opened, proposal)
    run, written = (0, 0) if dry_run else _written(session, opened, proposal)
    counts = {"run": run, "written": written}
    document = {"corrections": proposal_document(proposal)["corrections"], **counts}
    if not written:
        return Fixed(found, document)
    now = opened.engine.here()
    return Fixed(Findings(opened, now, tuple(look(now.items, checks, facts))), document)


def _tell_new(session: Session, here: Here) -> None:
    """Say that new files are left alone: they are told apart by the keys that a sync gives them."""
    if count := len(here.new):
        line = ngettext(
            "{n} new file is left as it is: sync first.",
            "{n} new files are left as they are: sync first.",
            count,
        )
        session.output.say(line.format(n=number(count)))


def _show(session: Session, opened: Opened, proposal: Proposal) -> None:
    if proposal.corrections:
        show_proposal(session.output, opened.schema, proposal, names_of(opened))
    else:
        session.output.say(_("There is nothing that can be mended here."))


def _written(session: Session, opened: Opened, proposal: Proposal) -> tuple[int, int]:
    """Write what somebody agrees to; return the run (0: there was none) and how much was written."""
    if not proposal.corrections:
        return 0, 0
    taken = agreed(session, opened.schema, proposal, names_of(opened))
    if not taken.corrections:
        return 0, 0
    mended = opened.engine.write_agreed(taken, "check")
    count = len(taken.corrections) - len(mended.left)
    line = ngettext("{n} correction written.", "{n} corrections written.", count)
    session.output.say(line.format(n=number(count)))
    session.output.say(
        _("To have them in Zotero too: zotsync sync. To take them back: zotsync undo")
    )
    if not session.json:
        show_left(session.output, opened.schema, mended.left, names_of(opened))
    return mended.run, count
