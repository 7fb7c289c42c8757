"""`zotsync list`: the items there are, or those that are looked for."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import click

from zotsync.cli.frame.completing import one_of
from zotsync.cli.frame.failure import problem_document, tell
from zotsync.cli.frame.group import argument, command, option
from zotsync.cli.frame.opening import Opened, open_workspace
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.items.listing_view import DEFAULT, OWN, Listing, columns_named
from zotsync.cli.items.selecting import Asked, selecting
from zotsync.handout.order import Shelf
from zotsync.i18n import N_, _, ngettext
from zotsync.searching.filters import found
from zotsync.sync.reading.planning import Here
from zotsync.sync.remembering.item_dates import ItemDates, item_dates

_SHELVED = ("author", "title", "date", "newest")
_BY_DATE = ("added", "modified")
_NEVER = datetime.min.replace(tzinfo=UTC)


@command(
    "list",
    N_(
        "List items: all of them, or those that have every WORD and whatever the options ask for. "
        "For a file or a program: a line each, with tabs."
    ),
)
@argument("words", nargs=-1, metavar=N_("[WORD]..."))
@selecting
@option(
    "--sort",
    type=click.Choice([*_SHELVED, *_BY_DATE]),
    default="author",
    help=N_("The order; added and modified begin with the latest, as Zotero knows it."),
)
@option("--reverse", is_flag=True, help=N_("The order turned round."))
@option(
    "--columns",
    metavar=N_("NAMES"),
    shell_complete=one_of(*OWN),
    help=N_("What to show, with commas between: key,author,year,title, or any field of Zotero."),
)
@option(
    "--limit", type=click.IntRange(min=1), metavar=N_("N"), help=N_("The first N of them alone.")
)
@pass_session
def list_(  # noqa: PLR0913 - its options
    session: Session,
    words: tuple[str, ...],
    *,
    sort: str,
    reverse: bool,
    columns: str | None,
    limit: int | None,
    asked: Asked,
) -> int:
    """List what is asked for, as the files are now."""
    asked = replace(asked, with_words=(*asked.with_words, *words))
    with open_workspace(session, online=False, command="list") as opened:
        shown = columns_named(opened.schema, columns) if columns else DEFAULT
        here = opened.engine.here()
        wanted = asked.wanted(here.items, here.collections, opened.schema)
        keys = found(here.items, opened.schema.item_types, here.collections, wanted)
        dates = item_dates(opened.engine.state) if {sort, *shown} & {*_BY_DATE} else {}
    keys = _arranged(opened, here, keys, sort, dates)
    keys = keys[::-1] if reverse else keys
    listing = Listing(here, opened.schema, shown, dates)
    _tell(session, listing, keys[:limit], len(keys))
    return 1 if here.unread else 0


def _arranged(
    opened: Opened, here: Here, keys: list[str], sort: str, dates: Mapping[str, ItemDates]
) -> list[str]:
    """Return keys in the order that was asked for."""
    shelf = Shelf(here.items, opened.schema.item_types)
    if sort in _SHELVED:
        return shelf.arranged(keys, sort)

    def moment(key: str) -> datetime:
        known = dates.get(key)
        return (known and (known.added if sort == "added" else known.modified)) or _NEVER

    return sorted(shelf.arranged(keys, "title"), key=moment, reverse=True)


def _tell(session: Session, listing: Listing, keys: list[str], count: int) -> None:
    output = session.output
    problems = listing.here.unread
    document = {
        "count": count,
        "items": [listing.document(key) for key in keys] if session.json else [],
        "problems": [problem_document(problem) for problem in problems],
    }

    def text() -> None:
        if keys:
            listing.show(output, keys)
        if not keys:
            output.say(_("Nothing was found."))
        elif len(keys) < count:
            output.say(_("{n} of {of}").format(n=len(keys), of=count))
        elif sys.stdout.isatty():
            output.say(ngettext("{n} item", "{n} items", count).format(n=count))

    output.emit(document, text)
    for problem in problems:
        tell(_("Not listed"), problem, "yellow", plain=not output.color)
