"""`zotsync move`: put items into a collection, take them out of one, or both."""

from __future__ import annotations

from functools import partial

from zotsync.bibliography.paths import tree_paths
from zotsync.bibliography.shapes import ShapeError, check_path
from zotsync.cli.frame.completing import collections, items
from zotsync.cli.frame.group import argument, command, option
from zotsync.cli.frame.opening import open_workspace
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.items.naming import collection_named
from zotsync.cli.items.rearranging import Rearranging
from zotsync.cli.items.selecting import Asked, selecting
from zotsync.errors import UsageError
from zotsync.i18n import N_, _
from zotsync.model import Fields
from zotsync.searching.rearranging import moved
from zotsync.sync.reading.planning import Here


@command(
    "move",
    N_(
        "Put items into a collection (--to), take them out of one (--from), or both: each ITEM, or all "
        "that the options choose. It is shown first; zotsync undo takes it back."
    ),
)
@argument("chosen", nargs=-1, metavar=N_("[ITEM]..."), shell_complete=items)
@option(
    "--to",
    multiple=True,
    metavar=N_("COLLECTION"),
    shell_complete=collections,
    help=N_("Put them into COLLECTION. They stay where they are besides. Can be repeated."),
)
@option(
    "--from",
    "out_of",
    multiple=True,
    metavar=N_("COLLECTION"),
    shell_complete=collections,
    help=N_("Take them out of COLLECTION. Alone it chooses what is right in it. Can be repeated."),
)
@option("--new", is_flag=True, help=N_("Make the collections of --to that are not there yet."))
@selecting
@option("-n", "--dry-run", is_flag=True, help=N_("Show what would be done, and do nothing."))
@pass_session
def move(  # noqa: PLR0913 - its options
    session: Session,
    chosen: tuple[str, ...],
    *,
    to: tuple[str, ...],
    out_of: tuple[str, ...],
    new: bool,
    asked: Asked,
    dry_run: bool,
) -> int:
    """Change in which collections items stand."""
    if not (to or out_of):
        raise UsageError(_("Where to?"), hint=_("Name a collection: --to, --from, or both"))
    with open_workspace(session, online=False, command="move") as opened:
        here = opened.engine.here()
        work = Rearranging(session, opened, here, "collections", "move")
        into = [_target(here, name, make=new) for name in to]
        sources = frozenset(collection_named(here.collections, name) for name in out_of)
        keys = _all_in(here, sources) if sources and not (chosen or asked) else []
        keys = keys or work.chosen(chosen, asked)
        _refuse_children(here, keys)
        change = partial(moved, to=into, out_of=sources)
        names = tree_paths(here.collections)
        return work.carry_out(keys, change, names, dry_run=dry_run)


def _all_in(here: Here, collections: frozenset[str]) -> list[str]:
    """Return what stands right in any of these collections."""

    def is_in(fields: Fields) -> bool:
        return not collections.isdisjoint(fields.get("collections", ()))

    return [key for key, fields in here.items.items() if is_in(fields)]


def _target(here: Here, name: str, *, make: bool) -> str:
    """Return the key of a collection; of one that is to be made its path."""
    try:
        return collection_named(here.collections, name)
    except UsageError as exc:
        if make:
            return _new_path(name)
        hint = " ".join(filter(None, [exc.problem.hint, _("To make it: --new")]))
        raise UsageError(exc.problem.message, hint=hint) from exc


def _new_path(name: str) -> str:
    try:
        check_path(name)
    except ShapeError as exc:
        raise UsageError(exc.message, hint=exc.hint) from exc
    return name


def _refuse_children(here: Here, keys: list[str]) -> None:
    for key in keys:
        if "parentItem" in here.items[key]:
            message = _(
                "{key} is a note that belongs to an item: it is in no collection of its own."
            )
            raise UsageError(message.format(key=key), hint=_("Move its item."))
