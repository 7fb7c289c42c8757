"""Groups: who owns one, who is in it, and what its members may do."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from zotsync.sandbox.data.transaction import Transaction
from zotsync.sandbox.rules.texts import dumps


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
    """`members`, or `all`: then, in a public group, anybody may read, without a key."""
    file_editing: str = "members"
    type: str = "Private"
    description: str = ""
    url: str = ""
    version: int = 1
    created: str = ""
    modified: str = ""

    @property
    def library(self) -> str:
        """Return the group's library as URLs name it."""
        return f"groups/{self.id}"

    @property
    def public(self) -> bool:
        """Return whether anybody may know that the group exists."""
        return self.type in ("PublicOpen", "PublicClosed")

    @property
    def users(self) -> tuple[int, ...]:
        """Return everybody who is in the group."""
        return (self.owner, *self.admins, *self.members)

    def role(self, user_id: int | None) -> str | None:
        """Return owner, admin or member; None for anybody else."""
        if user_id is None:
            return None
        if user_id == self.owner:
            return "owner"
        if user_id in self.admins:
            return "admin"
        return "member" if user_id in self.members else None

    def with_user(self, user_id: int, role: str | None) -> Group:
        """Return the group with a user in another role; None: not in it any more."""
        admins = tuple(u for u in self.admins if u != user_id)
        members = tuple(u for u in self.members if u != user_id)
        if role == "admin":
            admins += (user_id,)
        elif role == "member":
            members += (user_id,)
        owner = user_id if role == "owner" else self.owner
        return replace(self, owner=owner, admins=admins, members=members)

    @property
    def is_open(self) -> bool:
        """Return whether anyone may read its library."""
        return self.public and self.library_reading == "all"

    def may_write(self, user_id: int | None) -> bool:
        """Return whether a user's role allows writing."""
        role = self.role(user_id)
        return role in ("owner", "admin") or (
            role == "member" and self.library_editing == "members"
        )


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


def groups_of(tx: Transaction, user_id: int) -> list[Group]:
    """Return the groups that a user is in."""
    return [group for group in all_groups(tx) if group.role(user_id)]


def _group(facts: str) -> Group:
    raw: dict[str, Any] = json.loads(facts)
    return Group(**raw | {"admins": tuple(raw["admins"]), "members": tuple(raw["members"])})
