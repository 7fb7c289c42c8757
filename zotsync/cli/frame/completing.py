"""What a shell proposes while somebody types: names out of the workspace, read from state.db and folders.

Nothing is asked for over the network, nothing is written, and nothing heavy is loaded. What cannot be
read proposes nothing: a shell is no place for errors.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TypeAlias

import click
from click.shell_completion import CompletionItem

from zotsync.cli.frame.session import Session
from zotsync.errors import ZotsyncError
from zotsync.workspace import Workspace, find_workspace

Proposal: TypeAlias = "CompletionItem[str]"
Complete = Callable[[click.Context, click.Parameter, str], list[Proposal]]
_MOST = 500
"""Proposals beyond which a list helps nobody."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
"""What could act on a terminal; a line alone is what a shell is told."""
_TITLES = "SELECT path, key, json_extract(fields, '$.title') FROM files"
_GONE_TITLES = """
    SELECT file, json_extract(mirror.fields, '$.title')
    FROM journal JOIN mirror USING (kind, key)
    WHERE kind = 'item' AND file IN ({marks})
    UNION SELECT path, json_extract(fields, '$.title') FROM files WHERE path IN ({marks})
"""
_GONE_KEYS = """
    SELECT key, json_extract(fields, '$.title')
    FROM mirror WHERE kind = 'item' AND status != 'live' AND synced AND key GLOB ?
"""
_TAGS = """
    SELECT DISTINCT json_extract(tag.value, '$.tag')
    FROM files, json_each(files.fields, '$.tags') AS tag
"""


def _proposing(names: Callable[[Workspace, str], Iterable[tuple[str, str]]]) -> Complete:
    """Make what a shell calls of a function that yields (name, what it is) for a beginning."""

    def complete(
        context: click.Context, _parameter: click.Parameter, beginning: str
    ) -> list[Proposal]:
        try:
            workspace = find_workspace(context.ensure_object(Session).directory)
            found = sorted(set(names(workspace, beginning)))
        except (ZotsyncError, OSError, ValueError, sqlite3.Error):
            return []
        shown = [(name, told) for name, told in found if not _CONTROL.search(name)]
        return [CompletionItem(name, help=told or None) for name, told in shown[:_MOST]]

    return complete


def _begins(name: str, beginning: str) -> bool:
    return name.casefold().startswith(beginning.casefold())


def _rows(workspace: Workspace, sql: str, values: Iterable[str] = ()) -> list[tuple[str, ...]]:
    """Return what state.db answers; nothing where there is none."""
    if not workspace.state.is_file():
        return []
    address = f"{workspace.state.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=0.2)) as db:
        return db.execute(sql, list(values)).fetchall()


def _items(workspace: Workspace, beginning: str) -> Iterator[tuple[str, str]]:
    """Yield the stems of item files, and keys where what is typed may be the beginning of one."""
    return _of_files(workspace, beginning, _item_files(workspace))


def _of_files(
    workspace: Workspace, beginning: str, files: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Yield the same, with the files that there are."""
    paths = [path for path in files if _begins(PurePosixPath(path).stem, beginning)]
    wanted = dict.fromkeys(paths[:_MOST], "")
    marks = ", ".join("?" * len(wanted))
    known = _rows(workspace, f"{_TITLES} WHERE path IN ({marks})", wanted)
    wanted |= {path: title or "" for path, _key, title in known}
    yield from ((PurePosixPath(path).stem, _line(title)) for path, title in wanted.items())
    if _may_be_key(beginning):
        rows = _rows(workspace, f"{_TITLES} WHERE key GLOB ?", [f"{beginning}*"])
        yield from ((key, _line(title or "")) for _path, key, title in rows)


def _ever_items(workspace: Workspace, beginning: str) -> Iterator[tuple[str, str]]:
    """Yield what `_items` does, and the same of items whose file is no longer here."""
    from zotsync.i18n import _  # noqa: PLC0415 - most of what is proposed needs no words

    gone = _("{item} (no longer here)")
    here = dict.fromkeys(_item_files(workspace))
    yield from _of_files(workspace, beginning, here)
    away = [path for (path,) in _rows(workspace, "SELECT path FROM files") if path not in here]
    trash = [file.name for file in workspace.trash.glob("*.toml")]
    wanted = [name for name in (*away, *trash) if _begins(PurePosixPath(name).stem, beginning)]
    wanted = wanted[:_MOST]
    marks = ", ".join("?" * len(wanted))
    known = _rows(workspace, _GONE_TITLES.format(marks=marks), [*wanted, *wanted])
    titles = {path: title for path, title in known if title}
    for name in wanted:
        yield PurePosixPath(name).stem, gone.format(item=_line(titles.get(name, ""))).strip()
    if _may_be_key(beginning):
        for key, title in _rows(workspace, _GONE_KEYS, [f"{beginning}*"]):
            yield key, gone.format(item=_line(title or "")).strip()


def _may_be_key(beginning: str) -> bool:
    return (
        bool(beginning) and beginning.isalnum() and (beginning.isupper() or beginning.isdecimal())
    )


def _item_files(workspace: Workspace) -> Iterator[str]:
    for folder, _folders, names in os.walk(workspace.items):
        below = Path(folder).relative_to(workspace.items)
        for name in names:
            if name.endswith(".toml") and not name.startswith((".", "~", "#")):
                yield (below / name).as_posix()


def _line(title: str) -> str:
    return " ".join(_CONTROL.sub(" ", title).split())


def _collections(workspace: Workspace, beginning: str) -> Iterator[tuple[str, str]]:
    from zotsync.bibliography.collections import read_collections  # noqa: PLC0415

    paths = read_collections(workspace.collections)
    yield from ((path, "") for path in paths if _begins(path, beginning))


def _tags(workspace: Workspace, beginning: str) -> Iterator[tuple[str, str]]:
    yield from ((tag, "") for (tag,) in _rows(workspace, _TAGS) if _begins(tag, beginning))


def _handouts(workspace: Workspace, beginning: str) -> Iterator[tuple[str, str]]:
    stems = (file.stem for file in workspace.handouts.glob("*.toml") if file.name[0] not in ".~#")
    yield from ((stem, "") for stem in stems if _begins(stem, beginning))


def _themes(workspace: Workspace, beginning: str) -> Iterator[tuple[str, str]]:
    from zotsync.handout.theming.themes import list_themes  # noqa: PLC0415
    from zotsync.plugins.registry import installed  # noqa: PLC0415

    known = {one.name: one.package for one in installed("theme")}  # by name: nothing is loaded
    known |= {theme.name: theme.title for theme in list_themes(workspace.root / "templates")}
    yield from ((name, known[name]) for name in sorted(known) if _begins(name, beginning))


items, ever_items, collections, tags, handouts, themes = map(
    _proposing, (_items, _ever_items, _collections, _tags, _handouts, _themes)
)


def types(_context: click.Context, _parameter: click.Parameter, beginning: str) -> list[Proposal]:
    """Propose item types, by the words people know them by."""
    from zotsync.i18n import language  # noqa: PLC0415
    from zotsync.zotero.schema import bundled  # noqa: PLC0415

    schema = bundled()
    words = ((kind, schema.label("type", kind, language())) for kind in schema.item_types)
    return [CompletionItem(kind, help=word) for kind, word in words if _begins(kind, beginning)]


def _words(
    known: tuple[str, ...],
    _context: click.Context,
    _parameter: click.Parameter,
    beginning: str,
) -> list[Proposal]:
    return [CompletionItem(word) for word in known if _begins(word, beginning)]


def one_of(*known: str) -> Complete:
    """Propose words that are known beforehand."""
    return partial(_words, known)


def plugins(kind: str) -> Complete:
    """Propose the formats that are installed; `kind`: "exporter" or "importer"."""

    def complete(
        context: click.Context, parameter: click.Parameter, beginning: str
    ) -> list[Proposal]:
        from zotsync.plugins.registry import installed  # noqa: PLC0415

        names = dict.fromkeys(plugin.name for plugin in installed(kind))
        return _words(tuple(names), context, parameter, beginning)

    return complete
