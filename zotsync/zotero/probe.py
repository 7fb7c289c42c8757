"""One request to a Zotero server, without patience: whether it can be reached, and what time it is there."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx2

from zotsync.errors import ServerError
from zotsync.i18n import _
from zotsync.zotero.connection import Connection, proxy_for

_FAULT = 500


@dataclass(frozen=True, slots=True)
class Reached:
    """What a request told."""

    seconds: float
    """How long the answer took."""
    skew: float | None
    """Seconds by which this computer's clock is ahead of the server's; None where it did not say."""


def probe(
    api_url: str,
    *,
    transport: httpx2.BaseTransport | None = None,
    now: Callable[[], float] = time.time,
) -> Reached:
    """Ask a server once; ServerError says why it cannot be reached."""
    connection = Connection(None, api_url, transport=transport, hasty=True)
    began = time.perf_counter()
    try:
        answer = connection.ask("/keys/current")
    finally:
        connection.close()
    took = time.perf_counter() - began
    if answer.status_code >= _FAULT:
        message = _("{host} has a fault of its own ({status}).")
        raise ServerError(
            message.format(host=connection.host, status=answer.status_code),
            hint=_("Run the same command again later."),
        )
    return Reached(took, _skew(answer.headers.get("Date", ""), now() - took / 2))


def proxy_name(api_url: str) -> str:
    """Return host and port of the proxy on the way to a server, never its password; "" without one."""
    proxy = proxy_for(api_url)
    return urlsplit(proxy).netloc.rpartition("@")[2] if proxy else ""


def _skew(date: str, here: float) -> float | None:
    try:
        return here - parsedate_to_datetime(date).timestamp()
    except ValueError:
        return None
