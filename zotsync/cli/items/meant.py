"""Which item is meant by what somebody typed: a key, a file, how its name begins, or words of one item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from zotsync.cli.frame import wording
from zotsync.cli.frame.opening import Opened
from zotsync.cli.items.listing_view import authors, title
from zotsync.errors import FileError, NotThereError, Problem
from zotsync.handout.order import Shelf
from zotsync.handout.sections import year_of
from zotsync.i18n import _, ngettext
from zotsync.model import Schema
from zotsync.searching.filters import Filter, found
from zotsync.searching.folding import folded
from zotsync.sync.applying.restoring import Restorer
from zotsync.sync.reading.finding import SeveralError, find_item
from zotsync.sync.reading.planning import Here
from zotsync.sync.trees import below_items

_MOST = 12
"""Items that are named where it is not clear which one is meant."""


def item_meant(here: Here, schema: Schema, typed: Sequence[str]) -> str:
    """Return the key of the item that is meant.

    Raises:
        NotThereError: it is none, or may be several, which are named.
        FileError: it is a file that cannot be read.

    """
    text = " ".join(typed).strip()
    by_name = [key for key in (text, _by_file(here, text)) if key in here.items]
    if by_name:
        return by_name[0]
    if text and len(begun := _beginning(here, text)) == 1:
        return begun[0]
    items = {**here.gone, **here.items}
    keys = found(items, schema.item_types, here.collections, Filter(words=tuple(typed)))
    if len(keys) == 1:
        return keys[0]
    if keys and text:
        raise _several(here, schema, keys, text)
    if faulty := unread_meant(here, typed):
        raise FileError(faulty.message, place=faulty.place, hint=faulty.hint)
    raise NotThereError(
        _("There is no item {item} here.").format(item=text or '""'),
        hint=_("Name a key, a file, how its name begins, or words that stand in the item."),
    )


def item_ever_meant(opened: Opened, typed: Sequence[str]) -> str:
    """Return the key of the item that is meant, be it no longer here.

    Raises:
        NotThereError: it is none, or may be several, which are named.

    """
    engine = opened.engine
    try:
        return engine.find(" ".join(typed).strip(), removed=True)
    except SeveralError:
        raise
    except NotThereError:
        here = engine.here()
        gone = Restorer(opened.workspace, engine.state).gone(here.paths)
        return item_meant(replace(here, gone=gone), opened.schema, typed)


def unread_meant(here: Here, typed: Sequence[str]) -> Problem | None:
    """Return what is wrong with the file that is meant, where it cannot be read; None for any other."""
    text = " ".join(typed).strip()
    faults = {below_items(problem.place.file): problem for problem in here.unread}
    try:
        return faults.get(find_item(text, [(file, file) for file in faults]))
    except NotThereError:
        return None


def _by_file(here: Here, text: str) -> str:
    """Return the key of the item whose file is called so; "" where none is, or several are."""
    try:
        return find_item(text, [(path, key) for key, path in here.paths.items()])
    except NotThereError:
        return ""


def _beginning(here: Here, text: str) -> list[str]:
    """Return the keys of the items whose files' names begin so."""
    wanted = folded(text)
    stems = ((key, PurePosixPath(path).stem) for key, path in here.paths.items())
    return [key for key, stem in stems if stem.casefold().startswith(wanted)]


def _several(here: Here, schema: Schema, keys: Sequence[str], text: str) -> NotThereError:
    count = len(keys)
    line = ngettext(
        "{n} item has the words {text}.", "{n} items have the words {text}.", count
    ).format(n=count, text=text)
    items = {**here.gone, **here.items}
    ordered = Shelf(items, schema.item_types).arranged(keys, "author")
    lines = [_("Name one by its key, or by more words:")]
    lines += [f"  {in_a_line(here, schema, key)}" for key in ordered[:_MOST]]
    if count > _MOST:
        lines.append("  " + _("… and {n} more").format(n=count - _MOST))
    return NotThereError(line, hint="\n".join(lines))


def in_a_line(here: Here, schema: Schema, key: str) -> str:
    """Return an item's key, authors, year and title, and whether it is no longer here."""
    fields = here.items.get(key) or here.gone[key]
    year = year_of(fields, schema.item_types)
    who = ", ".join(part for part in (authors(fields, schema), year) if part)
    name = wording.in_short(title(fields, schema, key))
    shown = _("(new)") if key in here.new else key
    line = f"{shown}  {who}  {name}" if who else f"{shown}  {name}"
    return line if key in here.items else _("{item} (no longer here)").format(item=line)
