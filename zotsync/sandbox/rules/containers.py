"""What becomes of a collection or saved search when something is written to it. Pure.

● Their names are the one text that is brought to NFC.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zotsync.model import normal_name
from zotsync.sandbox.rules import checks, contents
from zotsync.sandbox.rules.items import Revised
from zotsync.sandbox.rules.refused import bad

Data = Mapping[str, Any]
_FOLDER = "mendeleyDB:remoteFolderUUID"
# The parts of a search condition, and how many bytes each may have.
_CONDITION = {"condition": 50, "operator": 25, "value": 255}


def revise_collection(old: Data | None, sent: Data, *, partial: bool) -> Revised:
    """Return what writing `sent` to the collection `old` (None: a new one) makes of it.

    ● Twins under one parent are accepted.
    """
    base = dict(old or {}) if partial else {}
    if not (partial and old) and sent.get("name") is None:
        raise bad("'name' property not provided")
    for name, value in sent.items():
        _check_collection(name, value)
    data = {
        "name": normal_name(sent["name"]) if "name" in sent else base["name"],
        "parentCollection": sent.get("parentCollection", base.get("parentCollection")) or False,
        "relations": contents.relations(sent["relations"])
        if "relations" in sent
        else base.get("relations", {}),
    }
    if sent.get("deleted", base.get("deleted")):
        data["deleted"] = True
    return Revised(data, _differences(old, data))


def revise_search(old: Data | None, sent: Data, *, partial: bool) -> Revised:
    """Return what writing `sent` to the saved search `old` (None: a new one) makes of it."""
    base = dict(old or {})
    for name, value in sent.items():
        _check_search(name, value)
    for name in ("name", "conditions"):
        if sent.get(name) is None and not (partial and name in base):
            raise bad(f"'{name}' property not provided")
    data = {
        "name": normal_name(sent["name"]) if "name" in sent else base["name"],
        "conditions": [
            {part: condition[part] for part in _CONDITION}
            for condition in sent.get("conditions", base.get("conditions"))
        ],
    }
    if sent.get("deleted", base.get("deleted") if partial else False):
        data["deleted"] = True
    return Revised(data, _differences(old, data))


def _check_collection(name: str, value: Any) -> None:
    if name in ("key", "version"):
        return
    if name == "name":
        _check_name(value, "Collection name")
    elif name == "parentCollection":
        if value and not isinstance(value, str):
            raise bad(f"'{name}' must be a collection key or FALSE")
    elif name == "relations":
        checks.check_relations(value, "collection", ("owl:sameAs",), external=_FOLDER)
    elif name == "deleted":
        checks.check_deleted(name, value, None)
    elif name == "parent":
        raise bad("'parent' property is now 'parentCollection'")
    else:
        raise bad(f"Invalid property '{name}'")


def _check_search(name: str, value: Any) -> None:
    if name in ("key", "version"):
        return
    if name == "name":
        _check_name(value, "Search name")
    elif name == "deleted":
        checks.check_deleted(name, value, None)
    elif name == "conditions":
        if not isinstance(value, list):
            raise bad(f"'{name}' must be an array")
        if not value:
            raise bad(f"'{name}' cannot be empty")
        for condition in value:
            _check_condition(condition)
    else:
        raise bad(f"Invalid property '{name}'")


def _check_condition(condition: Any) -> None:
    for part in _CONDITION:
        if not isinstance(condition, dict) or condition.get(part) is None:
            raise bad(f"'{part}' property not provided for search condition")
    for part, text in condition.items():
        if not isinstance(text, str):
            raise bad(f"'{part}' must be a string")
        if part not in _CONDITION:
            raise bad(f"Invalid property '{part}' for search condition")
        if not text and part != "value":
            raise bad(f"Search {part} cannot be empty")
        if len(text.encode()) > _CONDITION[part]:
            message = f"Search {part} cannot be longer than {_CONDITION[part]} characters"
            raise bad(message)


def _check_name(value: Any, label: str) -> None:
    if not isinstance(value, str):
        raise bad("'name' must be a string")
    name = normal_name(value)
    if not name:
        raise bad(f"{label} cannot be empty")
    checks.check_length(label, name, limit=checks.MAX_NAME, size=len(name))


def _differences(old: Data | None, data: Data) -> frozenset[str]:
    if old is None:
        return frozenset(data)
    return frozenset(n for n in old.keys() | data.keys() if old.get(n) != data.get(n))
