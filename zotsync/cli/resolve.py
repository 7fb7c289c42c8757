"""`zotsync resolve`: settle conflicts."""

from __future__ import annotations

from collections.abc import Sequence

from zotsync.cli.group import argument, command, option
from zotsync.cli.opening import Opened, open_workspace
from zotsync.cli.plan_view import conflicts_document
from zotsync.cli.session import Session, pass_session
from zotsync.cli.settling import Choices, ask_about
from zotsync.errors import UsageError
from zotsync.i18n import N_, _, ngettext
from zotsync.sync.engine import Choice
from zotsync.sync.trees import Conflict


@command("resolve", N_("Settle conflicts, one by one or all for one side. The next sync sends it."))
@argument("items", nargs=-1, metavar=N_("[ITEM]..."))
@option("--local", is_flag=True, help=N_("What is here holds."))
@option("--remote", is_flag=True, help=N_("What Zotero has holds."))
@pass_session
def resolve(session: Session, items: tuple[str, ...], *, local: bool, remote: bool) -> int:
    """Settle conflicts."""
    if local and remote:
        raise UsageError(_("--local and --remote exclude each other."))
    with open_workspace(session, online=False, command="resolve") as opened:
        conflicts = conflicts_of(opened, items)
        if local or remote:
            side: Choice = "local" if local else "remote"
            choices: Choices = {(c.key, c.field): side for c in conflicts}
        else:
            choices = ask_about(session, opened, conflicts)
        if choices:
            opened.engine.resolve(choices)
        left = opened.engine.conflicts()
        _tell(session, conflicts, len(choices), left)
    return 3 if left else 0


def conflicts_of(opened: Opened, items: Sequence[str]) -> tuple[Conflict, ...]:
    """Return the open conflicts, of `items` alone where some are named."""
    keys = {opened.engine.find(item) for item in items}
    return tuple(c for c in opened.engine.conflicts() if not keys or c.key in keys)


def _tell(
    session: Session, asked: Sequence[Conflict], settled: int, left: Sequence[Conflict]
) -> None:
    output = session.output

    def text() -> None:
        if not asked:
            output.say(_("No open conflicts."))
        if settled:
            line = ngettext("{n} conflict settled.", "{n} conflicts settled.", settled)
            output.say(line.format(n=settled))
            output.say(_("To send it to Zotero: zotsync sync"))
        if left:
            line = ngettext("{n} conflict is left.", "{n} conflicts are left.", len(left))
            output.say(line.format(n=len(left)))

    output.emit({"settled": settled, "conflicts": conflicts_document(left)}, text)
