"""`zotsync tag`: add tags to items, or remove them."""

from __future__ import annotations

from functools import partial

from zotsync.cli.frame.completing import items, tags
from zotsync.cli.frame.group import argument, command, option
from zotsync.cli.frame.opening import open_workspace
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.items.naming import tags_named
from zotsync.cli.items.rearranging import Rearranging
from zotsync.cli.items.selecting import Asked, selecting
from zotsync.errors import UsageError
from zotsync.i18n import N_, _
from zotsync.model import normal_text
from zotsync.searching.rearranging import retagged


@command(
    "tag",
    N_(
        "Add tags to items, or remove them: to each ITEM, or to all that the options choose. "
        "It is shown first; zotsync undo takes it back."
    ),
)
@argument("chosen", nargs=-1, metavar=N_("[ITEM]..."), shell_complete=items)
@option(
    "--add",
    multiple=True,
    metavar=N_("TAG"),
    shell_complete=tags,
    help=N_("Add TAG. Can be repeated."),
)
@option(
    "--remove",
    multiple=True,
    metavar=N_("TAG"),
    shell_complete=tags,
    help=N_("Remove TAG. Can be repeated."),
)
@selecting
@option("-n", "--dry-run", is_flag=True, help=N_("Show what would be done, and do nothing."))
@pass_session
def tag(  # noqa: PLR0913 - its options
    session: Session,
    chosen: tuple[str, ...],
    *,
    add: tuple[str, ...],
    remove: tuple[str, ...],
    asked: Asked,
    dry_run: bool,
) -> int:
    """Change tags of items."""
    new = [text for text in map(normal_text, add) if text]
    if not (new or remove):
        raise UsageError(
            _("Which tags?"), hint=_("For example: --add logement --remove hébergement")
        )
    with open_workspace(session, online=False, command="tag") as opened:
        here = opened.engine.here()
        work = Rearranging(session, opened, here, "tags", "tag")
        keys = work.chosen(chosen, asked)
        gone = frozenset[str]().union(*(tags_named(here.items, name) for name in remove))
        change = partial(retagged, add=new, remove=gone)
        return work.carry_out(keys, change, {}, dry_run=dry_run)
