"""The requests that the embedded server answers, shown as they come or kept as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from zotsync.cli.frame.output import Output
from zotsync.i18n import _

if TYPE_CHECKING:
    from zotsync.sandbox.requestlog import Logged

_ERROR = 400


def shown(output: Output) -> Callable[[Logged], None]:
    """Return what prints a request as one line; where stdout is JSON, on stderr."""

    def show(entry: Logged) -> None:
        style = "red" if entry.status >= _ERROR or not entry.status else ""
        output.spans([(_told(entry), style)], err=output.json)

    return show


def kept(file: Path) -> Callable[[Logged], None]:
    """Return what writes a request to the end of a file, as one line of JSON.

    Raises OSError at once where the file cannot be written.
    """
    file.open("a", encoding="utf-8").close()

    def keep(entry: Logged) -> None:
        with file.open("a", encoding="utf-8") as lines:
            lines.write(_json(entry) + "\n")

    return keep


def _json(entry: Logged) -> str:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    return json.dumps({"time": at, **asdict(entry)})


def _told(entry: Logged) -> str:
    took = f"{entry.seconds * 1000:.0f} ms"
    parts = [f"{entry.status or '---'} {entry.method} {_printable(entry.path)}", took]
    if entry.expected is not None:
        parts.append(_("expects version {n}").format(n=entry.expected))
    if entry.version is not None:
        parts.append(_("version {n}").format(n=entry.version))
    parts.append(_("{sent} → {received} bytes").format(sent=entry.sent, received=entry.received))
    if entry.fault:
        parts.append(_("fault: {fault}").format(fault=entry.fault))
    return " · ".join(parts)


def _printable(path: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in path)
