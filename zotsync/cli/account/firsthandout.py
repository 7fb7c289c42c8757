"""The first handout of a workspace, made from a collection."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from zotsync.bibliography.files import told, write_new
from zotsync.bibliography.paths import split_path
from zotsync.bibliography.slugs import ascii_words, is_file_name
from zotsync.cli.frame import ask
from zotsync.cli.frame.opening import Opened
from zotsync.cli.frame.session import Session
from zotsync.cli.handouts.handout import handout_text
from zotsync.cli.syncing.amounts import items_in_words
from zotsync.i18n import _

_SHOWN = 12
"""Collections to choose from: who has more knows `zotsync handout new`."""
_LONGEST = 50


def first_handout(session: Session, opened: Opened, wanted: str | None) -> Path | None:
    """Make a handout from a collection that was named or is asked for; None: none is wanted.

    Nobody is asked where there is a handout already, or no collection.
    """
    if wanted is None and any(opened.workspace.handouts.glob("*.toml")):
        return None
    collection = wanted if wanted is not None else _asked(session, opened)
    if not collection:
        return None
    text = handout_text(opened, collection, collection)
    file = opened.workspace.handouts / f"{_name(collection)}.toml"
    with told(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_new(file, text)
    session.output.say(_("A first handout: {file}").format(file=file))
    return file


def _asked(session: Session, opened: Opened) -> str:
    """Return the path of the collection to begin with; "" for none."""
    sizes = _sizes(opened)
    if not sizes:
        return ""
    paths = sorted(sizes, key=lambda path: -sizes[path])[:_SHOWN]
    if ask.interactive() and not session.yes:
        session.output.say(_("A handout prints a collection. Which one first?"))
    options = [f"{path} ({items_in_words(sizes[path])})" for path in paths]
    chosen = ask.choose(_("Your choice"), [*options, _("none")], default=0, yes=session.yes)
    return paths[chosen] if chosen < len(paths) else ""


def _sizes(opened: Opened) -> Mapping[str, int]:
    """Return path -> how many items are in it and below, for the collections at the top."""
    paths = opened.collection_paths()
    tops = {key: split_path(path)[0] for key, path in paths.items()}
    own = {split_path(path)[0]: path for path in paths.values() if len(split_path(path)) == 1}
    held: dict[str, set[str]] = {name: set() for name in own}
    for key, fields in opened.engine.items().items():
        for collection in fields.get("collections", ()):
            held.get(tops.get(collection, ""), set()).add(key)
    return {own[name]: len(keys) for name, keys in held.items() if keys}


def _name(collection: str) -> str:
    """Return a file's name for the handout of a collection."""
    name = "-".join(ascii_words(split_path(collection)[-1]))[:_LONGEST].strip("-")
    return name if is_file_name(name) else _("first-handout")
