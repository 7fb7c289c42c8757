"""`zotsync show`: all there is of an item."""

from __future__ import annotations

from zotsync.cli.frame.completing import items
from zotsync.cli.frame.group import argument, command
from zotsync.cli.frame.opening import open_workspace
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.items.item_view import show_whole, whole, whole_document
from zotsync.cli.items.meant import item_meant
from zotsync.i18n import N_


@command(
    "show",
    N_(
        "Show all there is of ITEM: a key, a file, how its name begins, or words that one item alone "
        "has. Where several have them, they are named."
    ),
)
@argument("item", nargs=-1, required=True, metavar=N_("ITEM"), shell_complete=items)
@pass_session
def show(session: Session, item: tuple[str, ...]) -> int:
    """Show fields, notes, collections, places in handouts and open conflicts."""
    with open_workspace(session, online=False, command="show") as opened:
        here = opened.engine.here()
        one = whole(opened, here, item_meant(here, opened.schema, item))
    output = session.output
    output.emit({"item": whole_document(one)}, lambda: show_whole(output, one))
    return 0
