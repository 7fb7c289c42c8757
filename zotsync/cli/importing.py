"""`zotsync import`: take over what others have written, once somebody has looked at it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from zotsync.cli.agreeing import agreed
from zotsync.cli.difference import names_of
from zotsync.cli.group import argument, command, option
from zotsync.cli.opening import Opened, open_workspace
from zotsync.cli.printing import taken_over
from zotsync.cli.proposal_view import proposal_document, show_left, show_proposal
from zotsync.cli.readback import corrected_handout
from zotsync.cli.session import Session, pass_session
from zotsync.errors import Place, UsageError
from zotsync.handout.keeping.imprint import digest
from zotsync.handout.keeping.printed import CORRECTABLE
from zotsync.i18n import N_, _, ngettext
from zotsync.proposal import Correction, Proposal


@command(
    "import",
    N_("Take over the corrections that somebody made in FILE, a handout as .docx or .odt."),
)
@argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar=N_("FILE..."),
)
@option("--handout", metavar=N_("HANDOUT"), help=N_("The handout that FILE was printed from."))
@option("-n", "--dry-run", is_flag=True, help=N_("Show what would be done, and do nothing."))
@pass_session
def import_(
    session: Session, files: tuple[Path, ...], *, handout: str | None, dry_run: bool
) -> int:
    """Show what each file proposes, ask, and write it. Every file is a run of its own."""
    for file in files:
        if file.suffix.lower().lstrip(".") not in CORRECTABLE:
            message = _("A file of this kind cannot be imported.")
            hint = _("Save it as .docx or .odt.")
            raise UsageError(message, place=Place(str(file)), hint=hint)
    done: list[dict[str, Any]] = []
    code = 0
    with open_workspace(session, online=False, command="import") as opened:
        for file in files:
            path = session.directory / file
            seen = _seen(path)
            proposal = corrected_handout(opened, path, handout)
            opened.bars.stop()
            document, whole = _imported(session, opened, proposal, dry_run=dry_run)
            if whole and not dry_run:
                taken_over(opened, path, seen)
            done.append({"file": str(file), **document})
            code = max(code, int(bool(document["waits"])))
    session.output.emit({"imports": done}, lambda: None)
    return code


def _seen(file: Path) -> str:
    """Return the digest of a document as it is now; "" where it cannot be read, which is told later."""
    try:
        return digest(file.read_bytes())
    except OSError:
        return ""


def _imported(
    session: Session, opened: Opened, proposal: Proposal, *, dry_run: bool
) -> tuple[dict[str, Any], bool]:
    """Show a proposal and write what is agreed to; return it as JSON data, and whether that is all."""
    names = names_of(opened)
    if not session.json:
        show_proposal(session.output, opened.schema, proposal, names)
    run = 0
    taken: tuple[Correction, ...] = ()
    left: tuple[Correction, ...] = ()
    if proposal.corrections and not dry_run:
        taken = agreed(session, opened.schema, proposal, names)
        run, left = _written(session, opened, proposal, taken)
    if not session.json:
        show_left(session.output, opened.schema, left, names)
    doubtful = [c for c in proposal.corrections if c.doubt and c not in taken]
    waits = len(proposal.unplaced) + len(left) + len(doubtful)
    counts = {"run": run, "written": len(taken) - len(left), "waits": waits}
    return {**proposal_document(proposal), **counts}, not waits and taken == proposal.corrections


def _written(
    session: Session, opened: Opened, proposal: Proposal, taken: tuple[Correction, ...]
) -> tuple[int, tuple[Correction, ...]]:
    """Write corrections; return the run (0: there was none) and what could not be written."""
    if not taken:
        return 0, ()
    imported = opened.engine.write_corrections(taken, proposal.handout)
    count = len(taken) - len(imported.left)
    line = ngettext("{n} correction written.", "{n} corrections written.", count)
    session.output.say(line.format(n=count))
    session.output.say(
        _("To have them in Zotero too: zotsync sync. To take them back: zotsync undo")
    )
    return imported.run, imported.left
