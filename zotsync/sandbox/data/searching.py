"""Which objects an address and a query name, as conditions in SQL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zotsync.sandbox.data.records import Kind
from zotsync.sandbox.data.rights import View
from zotsync.sandbox.data.transaction import marks
from zotsync.sandbox.rules.refused import bad
from zotsync.sandbox.rules.texts import folded

_MAX_SOUGHT = 100  # SQLite's expressions have an end
# A phrase in quotes, or a word.
_PART = re.compile(r'"([^"]+)"|(\S+)')
_NAMES = (
    "EXISTS (SELECT 1 FROM json_each(o.data, '$.creators') AS c WHERE folded(trim(coalesce("
    "json_extract(c.value, '$.name'), json_extract(c.value, '$.firstName') || ' ' || "
    "json_extract(c.value, '$.lastName')))) LIKE ? ESCAPE '\\')"
)


@dataclass(frozen=True)
class Scope:
    """Which part of a library an address names."""

    top: bool = False
    trash: bool = False
    parent: str | None = None
    """Children of this item, or of this collection."""
    collection: str | None = None
    """Items of this collection, and what is below them."""


@dataclass(frozen=True)
class Query:
    """What a list request asks for. `limit` 0: everything in one answer."""

    format: str
    keys: tuple[str, ...]
    since: int
    include_trashed: bool
    start: int
    limit: int
    sort: str
    descending: bool
    tags: tuple[str, ...]
    item_type: str
    q: str
    mode: str
    content: str
    """What entries in Atom hold: `json`, `html` or `none`."""
    raw: tuple[tuple[str, str], ...]
    """What the `Link` header repeats."""


class Where:
    """Conditions joined by AND, with their values."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.values: list[Any] = []

    def add(self, condition: str, *values: Any) -> None:
        """Add a condition."""
        self._parts.append(condition)
        self.values.extend(values)

    @property
    def text(self) -> str:
        """Return the conditions as SQL."""
        return " AND ".join(self._parts)


def conditions(library: str, kind: Kind, scope: Scope, query: Query, view: View) -> Where:
    """Return what holds of the objects (`o`) that an address and a query name."""
    where = Where()
    where.add("o.library = ? AND o.kind = ?", library, kind)
    if scope.top:
        where.add("o.parent IS NULL")
    if scope.parent:
        where.add("o.parent = ?", scope.parent)
    if query.since:
        where.add("o.version > ?", query.since)
    if kind == "item":
        _in_scope(where, library, scope, query, view)
        _sought(where, library, scope, query)
    else:
        # ● Trashed collections stay listed.
        _add_keys(where, query)
        if query.q:
            where.add("o.title LIKE ? ESCAPE '\\'", like(query.q))
    return where


def _in_scope(where: Where, library: str, scope: Scope, query: Query, view: View) -> None:
    if scope.trash:
        where.add("o.trashed = 1")
    elif view.published or not query.include_trashed:
        # ● Trashed items vanish from every list, `itemKey=` and `since=` included. Their children
        # are not flagged, and stay.
        where.add("o.trashed = 0")
    if view.published:
        where.add("json_extract(o.data, '$.inPublications') = 1")
    if not view.notes:
        where.add("o.item_type <> 'note'")
    if scope.collection:
        members = "(SELECT item FROM members WHERE library = ? AND collection = ?)"
        where.add(
            f"(o.key IN {members} OR o.parent IN {members})", *(library, scope.collection) * 2
        )


def _sought(where: Where, library: str, scope: Scope, query: Query) -> None:
    for tag in query.tags:
        _add_tag(where, library, tag)
    sought = Where()
    _add_keys(sought, query)
    if query.item_type:
        wanted, negated = _alternatives(query.item_type)
        no = "NOT " if negated else ""
        sought.add(f"o.item_type {no}IN ({marks(wanted)})", *wanted)
        if negated:
            _add_no_annotations(sought)
    parts = [phrase or word for phrase, word in _PART.findall(query.q)]
    if len(parts) + len(query.tags) > _MAX_SOUGHT:
        raise bad("Too many search terms")
    for part in parts:
        sought.add(
            f"(o.title LIKE ? ESCAPE '\\' OR substr(o.date, 1, 4) = ? OR {_NAMES})",
            *(like(part), part, like(part)),
        )
    if scope.top and sought.text:
        # Among the top-level items those show of which a child is what was sought.
        children = "AND (o.trashed = 0 OR o.parent IS NULL)" if not query.include_trashed else ""
        where.add(f"o.key IN ({_TOP_OF} {children} AND {sought.text})", library, *sought.values)
    elif sought.text:
        where.add(sought.text, *sought.values)


_TOP_OF = (
    "SELECT coalesce(g.key, p.key, o.key) FROM objects o "
    "LEFT JOIN objects p ON p.library = o.library AND p.kind = 'item' AND p.key = o.parent "
    "LEFT JOIN objects g ON g.library = o.library AND g.kind = 'item' AND g.key = p.parent "
    "WHERE o.library = ? AND o.kind = 'item'"
)


def _add_keys(where: Where, query: Query) -> None:
    if query.keys:
        where.add(f"o.key IN ({marks(query.keys)})", *query.keys)


def _add_tag(where: Where, library: str, tag: str) -> None:
    wanted, negated = _alternatives(tag)
    no = "NOT " if negated else ""
    tagged = f"SELECT item FROM tags WHERE library = ? AND folded(tag) IN ({marks(wanted)})"  # noqa: S608
    where.add(f"o.key {no}IN ({tagged})", library, *map(folded, wanted))
    if negated:
        _add_no_annotations(where)


def _add_no_annotations(where: Where) -> None:
    # ● Whoever asks for what is not so does not ask for annotations, which have next to nothing.
    where.add("o.item_type <> 'annotation'")


def _alternatives(text: str) -> tuple[Sequence[str], bool]:
    negated = text.startswith("-")
    text = text[1:] if negated or text.startswith("\\-") else text
    return [part.strip() for part in text.split("||")], negated


def like(text: str, *, start: bool = False) -> str:
    """Return the pattern for LIKE that finds a folded text anywhere, or at the `start`."""
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, f"\\{sign}")
    return f"{'' if start else '%'}{folded(text)}%"
