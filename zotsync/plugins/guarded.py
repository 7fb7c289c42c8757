"""Another package's check, which can neither stop the others nor change what it looks at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from itertools import islice
from typing import TYPE_CHECKING, Any

from zotsync.curating.finding import Check, Facts, Finding, Severity
from zotsync.errors import PluginError
from zotsync.i18n import _
from zotsync.model import Fields
from zotsync.plugins.apart import Apart
from zotsync.plugins.shapes import odd_value

if TYPE_CHECKING:
    from zotsync.plugins.plugin import Plugin

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MOST = 1_000
"""Findings in one item."""


class OwnFacts:
    """A package's own copy of what is known, for all its checks: what they do to it is its own, too."""

    def __init__(self) -> None:
        self._last: tuple[Facts, Facts] | None = None

    def __call__(self, facts: Facts) -> Facts:
        """Return the copy of these facts; of the last ones it is made once."""
        if self._last is None or self._last[0] is not facts:
            self._last = facts, deepcopy(facts)
        return self._last[1]


class Guarded:
    """Looks at items with a check, until it fails."""

    def __init__(
        self,
        plugin: Plugin,
        check: Check,
        facts: OwnFacts,
        blame: Callable[[PluginError], object],
    ) -> None:
        self._plugin = plugin
        self._check = check
        self._blame = blame
        self._own = facts
        self._apart = Apart()
        self._is_sound = True

    def __call__(self, fields: Fields, facts: Facts) -> Iterable[Finding]:
        """Return what the check finds in an item; nothing once it has failed."""
        if not self._is_sound:
            return ()
        mine, known = deepcopy(dict(fields)), self._own(facts)
        try:
            found = self._plugin.call(
                lambda: list(islice(self._check.find(mine, known), _MOST)), apart=self._apart
            )
            for finding in found:
                if reason := odd_finding(finding, self._check, fields, facts):
                    raise self._plugin.failure(f"{self._check.code}: {reason}")
        except PluginError as exc:
            self._is_sound = False
            self._blame(exc)
            return ()
        return found


def odd_check(check: Any) -> str:
    """Return what is wrong with something that should be a Check; "" where nothing is."""
    if not isinstance(check, Check):
        return _("{value} is no Check").format(value=type(check).__name__)
    if not (isinstance(check.code, str) and _CODE.fullmatch(check.code)):
        return _("a check's code has small letters, digits and hyphens alone: {code}").format(
            code=check.code
        )
    if not (isinstance(check.severity, Severity) and callable(check.find)):
        return _("its severity or find is missing")
    if not (isinstance(check.says, str) and check.says.strip()):
        return _("it does not say what it finds: `says` is empty")
    return ""


def odd_finding(finding: Any, check: Check, fields: Fields, facts: Facts) -> str:
    """Return what is wrong with something that should be a Finding; "" where nothing is."""
    if not isinstance(finding, Finding):
        return _("{value} is no Finding").format(value=type(finding).__name__)
    if not isinstance(finding.field, str) or not isinstance(finding.data, Mapping):
        return _("its field is no text, or its data no table")
    try:
        check.says.format_map({"value": "", "others": "", **finding.data})
    except (LookupError, ValueError, TypeError, AttributeError):
        return _("its message cannot be filled in: {says}").format(says=check.says)
    if not _has_keys(finding.data):
        return _("its `keys` are no item keys")
    if finding.mended is None or finding.mended == fields.get(finding.field):
        return ""
    return odd_value(finding.field, finding.mended, facts.kind(fields))


def _has_keys(data: Mapping[str, Any]) -> bool:
    keys = data.get("keys", ())
    return isinstance(keys, (list, tuple)) and all(isinstance(key, str) for key in keys)
