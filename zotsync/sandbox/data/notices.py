"""What the streaming server would be told: which library changed, which key sees which group.

Answers of a test server carry it in `Zotero-Debug-Notifications`, as those of Zotero's own do.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

from zotsync.sandbox.data import apikeys
from zotsync.sandbox.data.apikeys import ALL, ApiKey
from zotsync.sandbox.data.groups import Group, groups_of
from zotsync.sandbox.data.transaction import Transaction
from zotsync.sandbox.rules.texts import dumps

Notice = dict[str, Any]


def header(notices: Iterable[Notice]) -> str:
    """Return the notices as the header carries them: JSON texts in a JSON array, in Base64."""
    texts = [dumps(notice) for notice in notices]
    return base64.b64encode(dumps(texts).encode()).decode()


def of_write(tx: Transaction, library: str, before: int) -> list[Notice]:
    """Return what a write has changed in a library that had the version `before`."""
    version = tx.version(library)
    if version == before:
        return []
    found = [{"event": "topicUpdated", "topic": f"/{library}", "version": version}]
    published = (
        "SELECT 1 FROM objects WHERE library = ? AND kind = 'item' AND version > ? "
        "AND json_extract(data, '$.inPublications') = 1 LIMIT 1"
    )
    if tx.value(published, library, before):
        found.append({"event": "topicUpdated", "topic": f"/{library}/publications"})
    return found


def erased(group: Group) -> Notice:
    """Return the notice that a group is gone."""
    return {"event": "topicDeleted", "topic": f"/{group.library}"}


def of_key(tx: Transaction, old: ApiKey, new: ApiKey) -> list[Notice]:
    """Return what changes for a key that gets other rights."""
    before, after = _topics(tx, old), _topics(tx, new)
    added = [_for_key("topicAdded", new, topic) for topic in sorted(after - before)]
    return added + [_for_key("topicRemoved", new, topic) for topic in sorted(before - after)]


def of_member(tx: Transaction, user_id: int, group: Group, *, joins: bool) -> list[Notice]:
    """Return what changes for the keys of a user who joins or leaves a group."""
    event = "topicAdded" if joins else "topicRemoved"
    keys = [key for key in apikeys.keys_of(tx, user_id) if ALL in key.groups]
    return [_for_key(event, key, f"/{group.library}") for key in keys]


def _topics(tx: Transaction, key: ApiKey) -> set[str]:
    own = {f"/users/{key.user_id}"} if key.user and key.user.library else set()
    seen = {g.library for g in groups_of(tx, key.user_id) if key.reads(g.id)}
    return own | {f"/{library}" for library in seen}


def _for_key(event: str, key: ApiKey, topic: str) -> Notice:
    return {"event": event, "apiKeyID": str(key.id), "topic": topic}
