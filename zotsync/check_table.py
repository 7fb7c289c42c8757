"""What zotsync.toml says about checks: which of them are left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zotsync.i18n import _
from zotsync.toml_source import TomlSource

_TABLE, _IGNORE = "check", "ignore"


@dataclass(frozen=True, slots=True)
class Checking:
    """What `[check]` says."""

    ignore: tuple[str, ...] = ()
    """Names of checks that are left out: docs/check.md."""


def read_checks(source: TomlSource, data: Mapping[str, Any]) -> Checking:
    """Return what `[check]` says; every error names file and line."""
    table = data.get(_TABLE, {})
    if not isinstance(table, dict):
        hint = _("Write it as a line {table}, and its settings below.").format(table=f"[{_TABLE}]")
        raise source.error(_("A table is wanted here."), _TABLE, hint=hint)
    for name in table:
        if name != _IGNORE:
            message = _("Unknown setting: {name}").format(name=name)
            hint = _("Known here: {names}.").format(names=_IGNORE)
            raise source.error(message, name, _TABLE, hint)
    names = table.get(_IGNORE, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        hint = _("For example: {example}").format(example='ignore = ["last-stop"]')
        raise source.error(_("A list of texts is wanted here."), _IGNORE, _TABLE, hint)
    return Checking(tuple(names))
