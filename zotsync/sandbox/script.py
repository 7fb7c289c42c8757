"""A script of faults: a TOML file that says what goes wrong with which requests.

    latency = "50ms"       # before every answer
    seed = 7               # faults at random, besides those below
    rate = 0.2             # how many of the requests meet one of these
    rate_limit = true      # Zotero's own limits for a key

    [[fault]]              # each is met by the first requests it fits
    method = "POST"
    path = "/items"        # a part of the address, query included
    skip = 1               # the first of them goes well
    times = 2              # then two do not (0: all that follow)
    status = 503
    retry_after = "2s"

What may go wrong: see `Fault`. Times are seconds, or a text such as "50ms", "2s", "1m".
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from zotsync.errors import ConfigError
from zotsync.i18n import _
from zotsync.sandbox.faults import CONDITIONS, EFFECTS, RATE, Fault, Faults
from zotsync.sandbox.ratelimit import RateLimit
from zotsync.toml_source import TomlSource, read_text

_UNITS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0}
_DURATION = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?) ?(ms|s|m|)")
_LONGEST = 3600.0
_STATUSES = range(400, 600)


@dataclass(frozen=True)
class Script:
    """What goes wrong, as it was written down."""

    latency: float = 0.0
    seed: int | None = None
    rate: float = RATE
    rate_limit: bool = False
    fault: tuple[Fault, ...] = ()

    def start(self, faults: Faults) -> None:
        """Let it go wrong from now on."""
        faults.latency, faults.seed, faults.rate = self.latency, self.seed, self.rate
        faults.rate_limit = RateLimit() if self.rate_limit else None
        faults.plan(*self.fault)


def read_script(raw: bytes, file: str) -> Script:
    """Return the script in a file's bytes; raises ConfigError with file and line."""
    text = read_text(raw, file, ConfigError)
    source = TomlSource(text, file, ConfigError)
    data = source.parsed()
    _check_names(source, data, [one.name for one in fields(Script)], "")
    tables = data.pop("fault", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        message = _("Faults are tables: begin each with {line}.").format(line="[[fault]]")
        raise source.error(message, "fault")
    faults = tuple(
        _fault(_from_table(source, number), table) for number, table in enumerate(tables)
    )
    return Script(**_values(source, data, ""), fault=faults)


def duration(value: object) -> float:
    """Return seconds, from a number or a text with a unit; raises ValueError."""
    found = _DURATION.fullmatch(str(value))
    if isinstance(value, bool) or not found or float(found[1]) * _UNITS[found[2]] > _LONGEST:
        raise ValueError(value)
    return float(found[1]) * _UNITS[found[2]]


def _from_table(source: TomlSource, number: int) -> TomlSource:
    """Return the source with blank lines before its fault of that number, for lines in errors."""
    lines = source.text.split("\n")
    headers = [i for i, line in enumerate(lines) if line.strip().startswith("[[")]
    start = headers[number] if number < len(headers) else 0
    return TomlSource("\n" * start + "\n".join(lines[start:]), source.file, source.error_type)


def _fault(source: TomlSource, table: Mapping[str, Any]) -> Fault:
    _check_names(source, table, [*CONDITIONS, *EFFECTS], "fault")
    if not table.keys() & set(EFFECTS):
        hint = _("One of: {names}.").format(names=", ".join(EFFECTS))
        raise source.error(_("This fault does not say what goes wrong."), "fault", hint=hint)
    return Fault(**_values(source, table, "fault"))


def _check_names(
    source: TomlSource, data: Mapping[str, Any], known: Sequence[str], table: str
) -> None:
    for name in data:
        if name not in known:
            close = difflib.get_close_matches(name, known, 1, 0.5)
            hint = _("Did you mean {name}?").format(name=close[0]) if close else ""
            hint = hint or _("Known here: {names}.").format(names=", ".join(known))
            raise source.error(_("Unknown setting: {name}").format(name=name), name, table, hint)


def _values(source: TomlSource, data: Mapping[str, Any], table: str) -> dict[str, Any]:
    values = {}
    for name, value in data.items():
        reader, wanted = _KINDS[name]
        try:
            values[name] = reader(value)
        except ValueError as exc:
            message = _("{value} does not fit here.").format(value=repr(value))
            hint = _("Wanted: {example}").format(example=f"{name} = {wanted}")
            raise source.error(message, name, table, hint) from exc
    return values


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(value)
    return value


def _status(value: object) -> int:
    if value not in _STATUSES:
        raise ValueError(value)
    return _whole(value)


def _share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(value)
    return float(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)  # noqa: TRY004 - one kind of failure for all readers
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(value)  # noqa: TRY004 - as above
    return value


def _method(value: object) -> str:
    return _text(value).upper()


_KINDS: Mapping[str, tuple[Callable[[object], Any], str]] = {
    "latency": (duration, '"50ms"'),
    "slow": (duration, '"2s"'),
    "retry_after": (duration, '"2s"'),
    "backoff": (duration, '"5s"'),
    "seed": (_whole, "7"),
    "rate": (_share, "0.1"),
    "rate_limit": (_flag, "true"),
    "reset": (_flag, "true"),
    "lost": (_flag, "true"),
    "cut": (_whole, "100"),
    "status": (_status, "503"),
    "skip": (_whole, "1"),
    "times": (_whole, "2"),
    "method": (_method, '"POST"'),
    "path": (_text, '"/items"'),
}
