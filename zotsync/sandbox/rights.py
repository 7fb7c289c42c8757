"""Users, groups and API keys: who may read and write which library."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from zotsync.sandbox.refused import RefusedError
from zotsync.sandbox.store import Transaction, dumps


@dataclass(frozen=True)
class Access:
    """What a key allows in one library, or in all groups."""

    library: bool = True
    write: bool = True


@dataclass(frozen=True)
class Group:
    """A group, as `GET /groups/<id>` shows it."""

    id: int
    name: str
    owner: int
    admins: tuple[int, ...] = ()
    members: tuple[int, ...] = ()
    library_editing: str = "members"
    """`members`, or `admins`: who of them may write."""
    library_reading: str = "members"
    """`members`, or `all`: then anybody may read, without a key."""
    file_editing: str = "members"
    type: str = "Private"
    description: str = ""
    version: int = 1
    created: str = ""
    modified: str = ""

    @property
    def library(self) -> str:
        """Return the group's library as URLs name it."""
        return f"groups/{self.id}"

    def role(self, user_id: int | None) -> str | None:
        """Return owner, admin or member; None for anybody else."""
        if user_id is None:
            return None
        if user_id == self.owner:
            return "owner"
        if user_id in self.admins:
            return "admin"
        return "member" if user_id in self.members else None

    def may_write(self, user_id: int | None) -> bool:
        """Return whether a user's role allows writing."""
        role = self.role(user_id)
        return role in ("owner", "admin") or (
            role == "member" and self.library_editing == "members"
        )


@dataclass(frozen=True)
class Caller:
    """Whoever sent a request: a key's owner, or nobody in particular."""

    key: str | None = field(default=None, repr=False)
    user_id: int | None = None
    groups: Mapping[str, Access] = field(default_factory=dict)
    user: Access | None = None

    def access(self, group_id: int) -> Access | None:
        """Return what the key allows in a group; None if nothing."""
        return self.groups.get(str(group_id)) or self.groups.get("all")


def add_user(tx: Transaction, user_id: int, username: str) -> None:
    """Make a user, or rename one."""
    tx.run("INSERT OR REPLACE INTO users VALUES (?, ?)", user_id, username)


def username(tx: Transaction, user_id: int) -> str:
    """Return a user's name, "" for an unknown one."""
    return str(tx.value("SELECT username FROM users WHERE id = ?", user_id) or "")


def put_group(tx: Transaction, group: Group, now: str) -> None:
    """Make a group, or change one: its version rises if anything in it changed."""
    old = find_group(tx, group.id)
    if old:
        kept = replace(group, version=old.version, created=old.created, modified=old.modified)
        if kept == old:
            return
        group = replace(kept, version=old.version + 1, modified=now)
    else:
        group = replace(group, created=now, modified=now)
    tx.run("INSERT OR REPLACE INTO groups VALUES (?, ?)", group.id, dumps(asdict(group)))


def remove_group(tx: Transaction, group_id: int) -> None:
    """Take a group away; its objects stay in the file, out of reach."""
    tx.run("DELETE FROM groups WHERE id = ?", group_id)


def find_group(tx: Transaction, group_id: int) -> Group | None:
    """Return a group; None if there is none with this number."""
    facts = tx.value("SELECT facts FROM groups WHERE id = ?", group_id)
    return _group(facts) if facts else None


def all_groups(tx: Transaction) -> list[Group]:
    """Return every group."""
    return [_group(facts) for (facts,) in tx.rows("SELECT facts FROM groups ORDER BY id")]


def _group(facts: str) -> Group:
    raw: dict[str, Any] = json.loads(facts)
    return Group(**raw | {"admins": tuple(raw["admins"]), "members": tuple(raw["members"])})


def put_key(
    tx: Transaction, key: str, user_id: int, groups: Mapping[str, Access], user: Access | None
) -> None:
    """Make an API key, or change what it allows."""
    access = {
        "user": asdict(user) if user else None,
        "groups": {name: asdict(allowed) for name, allowed in groups.items()},
    }
    tx.run("INSERT OR REPLACE INTO keys VALUES (?, ?, ?)", key, user_id, dumps(access))


def remove_key(tx: Transaction, key: str) -> None:
    """Revoke an API key."""
    tx.run("DELETE FROM keys WHERE key = ?", key)


def find_key(tx: Transaction, key: str) -> Caller | None:
    """Return whom an API key stands for; None if it is unknown."""
    row = tx.rows("SELECT user_id, access FROM keys WHERE key = ?", key)
    if not row:
        return None
    user_id, access = row[0]
    raw = json.loads(access)
    groups = {name: Access(**allowed) for name, allowed in raw["groups"].items()}
    return Caller(key, user_id, groups, Access(**raw["user"]) if raw["user"] else None)


def may_read(tx: Transaction, caller: Caller, library: str) -> bool:
    """Return whether the caller may read a library."""
    kind, number = _split(library)
    if kind == "users":
        return caller.user_id == number and bool(caller.user and caller.user.library)
    group = find_group(tx, number)
    if group is None:
        return False
    allowed = caller.access(number)
    in_group = group.role(caller.user_id) is not None
    return group.library_reading == "all" or bool(allowed and allowed.library and in_group)


def may_write(tx: Transaction, caller: Caller, library: str) -> bool:
    """Return whether the caller's key and role allow writing to a library."""
    kind, number = _split(library)
    if kind == "users":
        return caller.user_id == number and bool(caller.user and caller.user.write)
    group = find_group(tx, number)
    allowed = caller.access(number)
    return bool(group and allowed and allowed.write and group.may_write(caller.user_id))


def require_read(tx: Transaction, caller: Caller, library: str) -> None:
    """Refuse a caller who may not read (403), and a group that is not there (404)."""
    _require_library(tx, library)
    if not may_read(tx, caller, library):
        raise RefusedError(403, "Forbidden")


def require_write(tx: Transaction, caller: Caller, library: str) -> None:
    """Refuse a caller who may not write; ● this comes before any look at versions."""
    _require_library(tx, library)
    if not may_write(tx, caller, library):
        raise RefusedError(403, "Write access denied")


def _require_library(tx: Transaction, library: str) -> None:
    kind, number = _split(library)
    known = find_group(tx, number) if kind == "groups" else username(tx, number)
    if not known:
        raise RefusedError(404, "Not found")


def _split(library: str) -> tuple[str, int]:
    kind, _slash, number = library.partition("/")
    return kind, int(number)


def key_answer(tx: Transaction, caller: Caller) -> dict[str, Any]:
    """Return what `GET /keys/current` says of a key."""
    access: dict[str, Any] = {}
    if caller.user:
        flags = {"library": caller.user.library, "files": True, "notes": True}
        access["user"] = flags | {"write": caller.user.write}
    groups = {name: asdict(allowed) for name, allowed in caller.groups.items()}
    # ● The Zotero client knows groups by this block alone; an empty one is left out.
    if groups:
        access["groups"] = groups
    name = username(tx, caller.user_id or 0)
    return {
        "key": caller.key,
        "userID": caller.user_id,
        "username": name,
        "displayName": name,
        "access": access,
    }


def visible_groups(tx: Transaction, caller: Caller, user_id: int) -> Iterable[Group]:
    """Return the groups of a user that the caller may see."""
    for group in all_groups(tx):
        if group.role(user_id) and may_read(tx, caller, group.library):
            yield group
