"""Who may read and write which library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zotsync.sandbox.data import people
from zotsync.sandbox.data.apikeys import ApiKey
from zotsync.sandbox.data.groups import Group, find_group, groups_of
from zotsync.sandbox.data.records import Record
from zotsync.sandbox.data.transaction import Transaction
from zotsync.sandbox.rules.refused import RefusedError


@dataclass(frozen=True)
class Caller:
    """Whoever sent a request: a key's owner, the super-user of a test server, or anybody."""

    key: ApiKey | None = None
    root: bool = False

    @property
    def user_id(self) -> int | None:
        """Return the number of the user who asks; None for nobody in particular."""
        return self.key.user_id if self.key else None


@dataclass(frozen=True)
class View:
    """What of a library whoever asks may see."""

    notes: bool = True
    published: bool = False
    """My Publications alone: ● without tags, collections and relations."""

    @property
    def children(self) -> str:
        """Return which children of an item are counted, as a condition in SQL."""
        shown = "AND trashed = 0"
        if self.published:
            shown += " AND json_extract(data, '$.inPublications') = 1"
        return shown if self.notes else f"{shown} AND item_type <> 'note'"

    def shows(self, record: Record) -> bool:
        """Return whether an object is seen at its own address."""
        if self.published:
            return bool(record.data.get("inPublications")) and not record.trashed
        return self.notes or record.item_type != "note"


def may_read(tx: Transaction, caller: Caller, library: str) -> bool:
    """Return whether the caller may read a library."""
    kind, number = split(library)
    key = caller.key
    if caller.root:
        return True
    if kind == "users":
        return bool(key and key.user_id == number and key.user and key.user.library)
    group = find_group(tx, number)
    if group is None:
        return False
    return group.is_open or bool(key and key.reads(number) and group.role(key.user_id))


def may_write(tx: Transaction, caller: Caller, library: str) -> bool:
    """Return whether the caller's key and role allow writing to a library."""
    kind, number = split(library)
    key = caller.key
    if caller.root or key is None:
        return caller.root
    if kind == "users":
        return bool(key.user_id == number and key.user and key.user.write)
    group, allowed = find_group(tx, number), key.access(number)
    return bool(group and allowed and allowed.write and group.may_write(key.user_id))


def view_of(caller: Caller, library: str) -> View:
    """Return what the caller sees of a library that she may read.

    ● A key may be denied the notes of its owner's own library; groups know no such right.
    """
    if caller.root or library.startswith("groups/"):
        return View()
    return View(notes=bool(caller.key and caller.key.user and caller.key.user.notes))


def require_read(tx: Transaction, caller: Caller, library: str) -> None:
    """Refuse a caller who may not read (403), and a library that is not there (404)."""
    require_library(tx, library)
    if not may_read(tx, caller, library):
        raise RefusedError(403, "Forbidden")


def require_write(tx: Transaction, caller: Caller, library: str) -> None:
    """Refuse a caller who may not write; ● this comes before any look at versions."""
    if caller == Caller():
        raise RefusedError(403, "An API key is required for write requests.")
    require_library(tx, library)
    if not may_write(tx, caller, library):
        raise RefusedError(403, "Write access denied")


def require_library(tx: Transaction, library: str) -> None:
    """Refuse (404) a user or a group that is not there."""
    kind, number = split(library)
    known = find_group(tx, number) if kind == "groups" else people.find_user(tx, number)
    if not known:
        raise RefusedError(404, "Not found")


def split(library: str) -> tuple[str, int]:
    """Return whether a library is of `users` or `groups`, and the number."""
    kind, _slash, number = library.partition("/")
    return kind, int(number)


def visible_groups(tx: Transaction, caller: Caller, user_id: int) -> Iterable[Group]:
    """Return the groups of a user that the caller may see.

    ● Public groups are seen by anybody, also where only members may read the library; private
    ones by whoever has a key of the user's that may read them.
    """
    key = caller.key
    for group in groups_of(tx, user_id):
        own = key and key.user_id == user_id and key.reads(group.id)
        if caller.root or group.public or own:
            yield group
