"""Settings of a library: which there are, and what each may hold. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from zotsync.sandbox.rules.items import Revised
from zotsync.sandbox.rules.refused import bad

_ON_A_FILE = r"_(?:u|g[0-9]+)_[A-Z0-9]{8}"
# What a value must be, and how a refusal says so; the names that it holds for.
_VALUES: tuple[tuple[tuple[type, ...], str, str], ...] = (
    ((str,), "a string", "attachmentRenameTemplate|autoRenameFilesFileTypes"),
    ((bool,), "a boolean", "autoRenameFiles"),
    ((dict,), "an object", f"feeds|lastReadAloudPosition{_ON_A_FILE}"),
    ((list,), "an array", "readerCustomThemes|tagColors"),
    ((int,), "an integer", r"lastRead_g[0-9]+_[A-Z0-9]{8}"),
    ((int, str, float), "an integer, string, or decimal", f"lastPageIndex{_ON_A_FILE}"),
)
# ● In a group its owner and admins alone may write these.
OF_ADMINS = frozenset({"attachmentRenameTemplate", "autoRenameFiles", "autoRenameFilesFileTypes"})
_OF_ONE_PERSON = ("lastPageIndex", "lastRead")
_MAX_VALUE = 30_000
_MAX_INTEGER = 2**63
_WHOLE = 100.0


def revise_setting(
    name: str, old: Mapping[str, Any] | None, sent: Any, *, personal: bool
) -> Revised:
    """Return what writing `sent` to a setting makes of it.

    `personal`: in a user's own library, not in a group's.
    """
    if not isinstance(sent, dict):
        raise bad(f"Invalid property '{name}'; expected JSON setting object")
    types, kind = _wanted(name)
    if sent.get("value") is None:
        raise bad("'value' property not provided")
    for part in sent:
        if part not in ("value", "version"):
            raise bad(f"Invalid property '{part}'")
    value = sent["value"]
    _check_length(value)
    if type(value) not in types:
        raise bad(f"'value' must be {kind}")
    if value in ("", []):
        raise bad(
            "'value' array cannot be empty" if types == (list,) else "'value' cannot be empty"
        )
    if isinstance(value, float):
        _check_percentage(value)
    data = {"value": _kept(value)}
    if old == data:
        return Revised(data, frozenset())
    base = name.partition("_")[0]
    if base in _OF_ONE_PERSON and not personal:
        raise bad(f"{base} can only be set in user library")
    return Revised(data, frozenset(data))


def _wanted(name: str) -> tuple[tuple[type, ...], str]:
    for types, kind, names in _VALUES:
        if re.fullmatch(names, name):
            return types, kind
    raise bad(f"Invalid setting '{name}'")


def _check_length(value: Any) -> None:
    # ● Of characters, in JSON as PHP writes it.
    if not isinstance(value, str):
        value = json.dumps(value, separators=(",", ":")).replace("/", r"\/")
    if len(value) > _MAX_VALUE:
        raise bad(f"'value' cannot be longer than {_MAX_VALUE} characters")


def _check_percentage(value: float) -> None:
    # ● A decimal tells how far down a web page one has read.
    if not 0 <= value <= _WHOLE:
        raise bad("Decimal value must be between 0 and 100")
    if value != round(value, 1):
        raise bad("Decimal value must be to one decimal place")


def _kept(value: Any) -> Any:
    # ● A number that is too large for the server becomes a text.
    too_large = type(value) is int and not -_MAX_INTEGER <= value < _MAX_INTEGER
    return str(value) if too_large else value
