"""API keys: whose they are, what they allow, and how answers show them."""

from __future__ import annotations

import json
import secrets
import string
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from zotsync.sandbox.data import groups, people
from zotsync.sandbox.data.transaction import Transaction
from zotsync.sandbox.rules.refused import bad
from zotsync.sandbox.rules.texts import dumps

_ALPHABET = string.ascii_letters + string.digits
_LENGTH = 24
_MAX_NAME = 255
ALL = "all"


@dataclass(frozen=True)
class Access:
    """What a key allows in one library, or in all groups. `notes`: of a user's own library."""

    library: bool = True
    write: bool = True
    notes: bool = True


@dataclass(frozen=True)
class ApiKey:
    """An API key."""

    key: str = field(repr=False)
    user_id: int
    groups: Mapping[str, Access] = field(default_factory=dict)
    """Group number or "all" -> what it allows there."""
    user: Access | None = None
    """What it allows in the user's own library."""
    name: str = ""
    id: int = 0
    """The number by which notifications name it."""
    added: str = ""
    used: str = ""
    addresses: tuple[str, ...] = ()

    def access(self, group_id: int) -> Access | None:
        """Return what the key allows in a group; None if nothing."""
        return self.groups.get(str(group_id)) or self.groups.get(ALL)

    def reads(self, group_id: int) -> bool:
        """Return whether the key lets its owner read a group."""
        allowed = self.access(group_id)
        return bool(allowed and allowed.library)


def new_key() -> str:
    """Return 24 letters and digits that nobody can guess."""
    return "".join(secrets.choice(_ALPHABET) for _position in range(_LENGTH))


def put_key(tx: Transaction, key: ApiKey) -> ApiKey:
    """Make an API key, or change one, and return it with its number."""
    number = key.id or int(tx.value("SELECT coalesce(max(id), 0) + 1 FROM api_keys"))
    key = replace(key, id=number)
    facts = asdict(key)
    del facts["key"], facts["user_id"], facts["id"]
    tx.run(
        "INSERT OR REPLACE INTO api_keys VALUES (?, ?, ?, ?)",
        *(key.key, number, key.user_id, dumps(facts)),
    )
    return key


def find_key(tx: Transaction, key: str) -> ApiKey | None:
    """Return an API key; None if it is unknown."""
    rows = tx.rows("SELECT key, id, user_id, facts FROM api_keys WHERE key = ?", key)
    return _key(*rows[0]) if rows else None


def keys_of(tx: Transaction, user_id: int) -> list[ApiKey]:
    """Return all API keys of a user."""
    sql = "SELECT key, id, user_id, facts FROM api_keys WHERE user_id = ? ORDER BY id"
    return [_key(*row) for row in tx.rows(sql, user_id)]


def remove_key(tx: Transaction, key: str) -> None:
    """Revoke an API key."""
    tx.run("DELETE FROM api_keys WHERE key = ?", key)


def _key(key: str, number: int, user_id: int, facts: str) -> ApiKey:
    raw = json.loads(facts)
    allowed = {name: Access(**access) for name, access in raw.pop("groups").items()}
    own = raw.pop("user")
    addresses = tuple(raw.pop("addresses"))
    return ApiKey(
        key,
        user_id,
        allowed,
        Access(**own) if own else None,
        id=number,
        addresses=addresses,
        **raw,
    )


def is_news(key: ApiKey, address: str | None, now: str) -> bool:
    """Return whether a use of a key is worth remembering: ● from one address every 10 minutes."""
    # The first 15 characters of an ISO time end with the tens of minutes.
    return key.used[:15] != now[:15] or address not in key.addresses


def note_use(tx: Transaction, key: ApiKey, address: str, now: str) -> None:
    """Remember when a key was used, and from where."""
    addresses = (address, *(a for a in key.addresses if a != address))[:10]
    put_key(tx, replace(key, used=now, addresses=addresses))


def with_fields(tx: Transaction, key: ApiKey, sent: Any) -> ApiKey:
    """Return a key with the name and the rights of a JSON object that somebody sent."""
    if not isinstance(sent, dict):
        raise bad("Uploaded data must be a JSON object")
    name = sent.get("name")
    if not isinstance(name, str) or not name:
        raise bad("Key name not provided")
    if len(name.encode()) > _MAX_NAME:
        raise bad("Key name too long")
    return with_access(tx, replace(key, name=name), sent.get("access"))


def with_access(tx: Transaction, key: ApiKey, access: Any) -> ApiKey:
    """Return a key with the rights that JSON grants.

    ● Rights in groups that the user is not in are passed over, `write` without `library` in the
    user's own library too; `files` goes with `library` and is not kept.
    """
    access = access if isinstance(access, dict) else {}
    own = access.get("user")
    user = None
    if isinstance(own, dict) and own.get("library"):
        user = Access(write=bool(own.get("write")), notes=bool(own.get("notes")))
    granted = {}
    wanted = access.get("groups")
    for name, allowed in (wanted if isinstance(wanted, dict) else {}).items():
        write = bool(isinstance(allowed, dict) and allowed.get("write"))
        if name in (ALL, "0"):
            granted[ALL] = Access(write=write)
            continue
        group = groups.find_group(tx, int(name)) if name.isascii() and name.isdigit() else None
        if group and group.role(key.user_id):
            granted[name] = Access(write=write)
    return replace(key, user=user, groups=granted)


def key_answer(tx: Transaction, key: ApiKey, *, to_owner: bool, with_id: bool) -> dict[str, Any]:
    """Return what answers say of a key; `to_owner`: what the website shows besides."""
    user = people.find_user(tx, key.user_id)
    answer: dict[str, Any] = {"id": key.id} if with_id else {}
    answer |= {"key": key.key, "userID": key.user_id}
    answer |= {"username": user.username if user else "", "displayName": user.name if user else ""}
    if to_owner:
        answer["name"] = key.name
    if granted := access_answer(key):
        answer["access"] = granted
    if to_owner:
        answer |= {"dateAdded": key.added}
        answer |= {"lastUsed": key.used, "recentIPs": list(key.addresses)} if key.used else {}
    return answer


def access_answer(key: ApiKey) -> dict[str, Any]:
    """Return what a key allows; only what is granted is named."""
    granted: dict[str, Any] = {}
    if key.user and key.user.library:
        flags = {"notes": key.user.notes, "write": key.user.write}
        named = {name: True for name, allowed in flags.items() if allowed}
        granted["user"] = {"library": True, "files": True} | named
    # ● The Zotero client knows groups by this block alone; an empty one is left out.
    if key.groups:
        granted["groups"] = {
            name: {"library": allowed.library, "write": allowed.write}
            for name, allowed in key.groups.items()
        }
    return granted
