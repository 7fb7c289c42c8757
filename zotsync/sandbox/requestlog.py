"""The log of what was asked: no API key is ever in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from werkzeug.wrappers import Request, Response

_HIDDEN = "***"
_OPEN_WORDS = frozenset({"", "current", "sessions"})
_DIGITS = 18


@dataclass(frozen=True)
class Logged:
    """One request, and how it was answered."""

    method: str
    path: str
    """With the query."""
    status: int
    """0 where the connection was reset before there was an answer."""
    seconds: float = field(default=0.0, compare=False)
    expected: int | None = field(default=None, compare=False)
    """The version in the request's `If-Unmodified-Since-Version` or `If-Modified-Since-Version`."""
    version: int | None = field(default=None, compare=False)
    """The answer's `Last-Modified-Version`."""
    sent: int = field(default=0, compare=False)
    """Bytes of the request's body."""
    received: int = field(default=0, compare=False)
    """Bytes of the answer's body."""
    fault: str = field(default="", compare=False)
    """What went wrong on demand."""


def logged(request: Request, response: Response | None, *, seconds: float, fault: str) -> Logged:
    """Return the entry of a request; `response` None: it was never answered."""
    asked = request.headers
    expected = asked.get("If-Unmodified-Since-Version", asked.get("If-Modified-Since-Version"))
    version = response.headers.get("Last-Modified-Version") if response else None
    return Logged(
        method=request.method,
        path=shown_address(request),
        status=response.status_code if response else 0,
        seconds=seconds,
        expected=_number(expected),
        version=_number(version),
        sent=request.content_length or 0,
        received=len(response.get_data()) if response else 0,
        fault=fault,
    )


def shown_address(request: Request) -> str:
    """Return the address with its query, without the API keys that stand in either."""
    parts = request.path.split("/")
    if "keys" in parts:
        start = parts.index("keys") + 1
        parts[start:] = [part if part in _OPEN_WORDS else _HIDDEN for part in parts[start:]]
    path = "/".join(parts)
    query = request.query_string.decode("latin-1")
    shown = "&".join(part for part in query.split("&") if part and not _is_secret(part))
    return f"{path}?{shown}" if shown else path


def _is_secret(parameter: str) -> bool:
    # Whoever knows a login session gets its key.
    return unquote_plus(parameter.partition("=")[0]).strip().lower() in ("key", "session")


def _number(text: str | None) -> int | None:
    fine = text is not None and text.isascii() and text.isdigit() and len(text) <= _DIGITS
    return int(text) if fine and text else None
