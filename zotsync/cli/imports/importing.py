"""`zotsync import`: take over what others have written, once somebody has looked at it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from zotsync.cli.frame import completing
from zotsync.cli.frame.group import argument, command, option
from zotsync.cli.frame.opening import Opened, open_workspace
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.handouts.printing import taken_over
from zotsync.cli.imports.agreeing import agreed
from zotsync.cli.imports.proposal_view import proposal_document, show_left, show_proposal
from zotsync.cli.imports.readback import corrected_handout
from zotsync.cli.imports.references import Asked, import_references
from zotsync.cli.syncing.difference import names_of
from zotsync.errors import FileError, UsageError
from zotsync.figures import number
from zotsync.handout.keeping.imprint import digest
from zotsync.handout.keeping.printed import CORRECTABLE
from zotsync.handout.readback.reading import read_document
from zotsync.i18n import N_, _, ngettext
from zotsync.proposal import Correction, Proposal


@command(
    "import",
    N_(
        "Take over FILE: references as BibTeX, RIS, CSV, CSL-JSON or zotsync's JSON, a handout that somebody "
        "corrected, or any bibliography as .docx, .odt, .pdf, .html or .txt."
    ),
)
@argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar=N_("FILE..."),
)
@option(
    "--handout",
    metavar=N_("HANDOUT"),
    shell_complete=completing.handouts,
    help=N_("The handout that FILE was printed from."),
)
@option(
    "--format",
    "form",
    shell_complete=completing.plugins("importer"),
    metavar=N_("FORMAT"),
    help=N_("The format of FILE; else FILE itself says it."),
)
@option(
    "--collection",
    "collections",
    shell_complete=completing.collections,
    multiple=True,
    metavar=N_("COLLECTION"),
    help=N_("Put new items into COLLECTION, which is made where it is missing. Can be repeated."),
)
@option(
    "--map",
    "columns",
    multiple=True,
    metavar=N_("COLUMN=FIELD"),
    help=N_("For tables: what a column holds, as --map Cote=callNumber. Can be repeated."),
)
@option("-n", "--dry-run", is_flag=True, help=N_("Show what would be done, and do nothing."))
@pass_session
def import_(  # noqa: PLR0913 - its options
    session: Session,
    files: tuple[Path, ...],
    *,
    handout: str | None,
    form: str | None,
    collections: tuple[str, ...],
    columns: tuple[str, ...],
    dry_run: bool,
) -> int:
    """Show what files propose, ask, and write it. References are one run, every handout its own."""
    printed = [f for f in files if not form and _is_ours(session.directory / f, handout)]
    others = [session.directory / f for f in files if f not in printed]
    if printed and (collections or columns):
        raise UsageError(_("--collection and --map do not go with a handout that zotsync printed."))
    if others and handout:
        raise UsageError(_("--handout goes with a handout, as .docx or .odt."))
    asked = Asked(form, collections, columns, dry_run)
    done: list[dict[str, Any]] = []
    document: dict[str, Any] = {}
    with open_workspace(session, online=False, command="import") as opened:
        if others:
            document["references"] = import_references(session, opened, others, asked)
        for file in printed:
            path = session.directory / file
            seen = _seen(path)
            proposal = corrected_handout(opened, path, handout)
            opened.bars.stop()
            told, whole = _imported(session, opened, proposal, dry_run=dry_run)
            if whole and not dry_run:
                taken_over(opened, path, seen)
            done.append({"file": str(path.absolute()), **told})
    session.output.emit({"imports": done, **document}, lambda: None)
    waits = [one["waits"] for one in (*done, *document.values())]
    return int(any(waits))


def _is_ours(file: Path, handout: str | None) -> bool:
    """Return whether a document was printed by zotsync: it has entries' bookmarks, or somebody says so."""
    if file.suffix.lower().lstrip(".") not in CORRECTABLE:
        return False
    if handout:
        return True
    try:
        return any(paragraph.keys for paragraph in read_document(file).paragraphs)
    except FileError:  # told by who reads it as any other bibliography
        return False


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
        agreed_to = agreed(session, opened.schema, proposal, names)
        taken = agreed_to.corrections
        run, left = _written(session, opened, agreed_to)
    if not session.json:
        show_left(session.output, opened.schema, left, names)
    doubtful = [c for c in proposal.corrections if c.doubt and c not in taken]
    waits = len(proposal.unplaced) + len(left) + len(doubtful)
    counts = {"run": run, "written": len(taken) - len(left), "waits": waits}
    return {**proposal_document(proposal), **counts}, not waits and taken == proposal.corrections


def _written(
    session: Session, opened: Opened, taken: Proposal
) -> tuple[int, tuple[Correction, ...]]:
    """Write corrections; return the run (0: there was none) and what could not be written."""
    if not taken.corrections:
        return 0, ()
    imported = opened.engine.write_agreed(taken)
    count = len(taken.corrections) - len(imported.left)
    line = ngettext("{n} correction written.", "{n} corrections written.", count)
    session.output.say(line.format(n=number(count)))
    session.output.say(
        _("To have them in Zotero too: zotsync sync. To take them back: zotsync undo")
    )
    return imported.run, imported.left
