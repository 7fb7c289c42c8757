"""The connection to one Zotero server: headers, proxy, timeouts, and the one client all share."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

from zotsync import __version__
from zotsync.zotero import failures
from zotsync.zotero.transport import PATIENCE, PoliteTransport

if TYPE_CHECKING:
    from pyzotero.zotero import Zotero

READ_TIMEOUT = httpx2.Timeout(60, connect=20)
HASTY_TIMEOUT = httpx2.Timeout(10, connect=5)
WRITE_TIMEOUT = httpx2.Timeout(180, connect=20)
"""A full batch can take the server more than a minute."""

Query = Mapping[str, str | int]


class Connection:
    """Requests to the server at `api_url` with `api_key`, from up to four threads.

    Redirects are not followed: the API has none, and a login page in between is no answer. `hasty`: a
    request is sent once, and its answer awaited for seconds only.
    """

    def __init__(  # noqa: PLR0913 - the world is injected, for tests
        self,
        api_key: str | None,
        api_url: str,
        *,
        transport: httpx2.BaseTransport | None = None,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
        on_wait: Callable[[float], None] | None = None,
        hasty: bool = False,
    ) -> None:
        self.key = api_key
        self.host = urlsplit(api_url).netloc
        self._url = api_url.removesuffix("/")
        inner = transport or httpx2.HTTPTransport(proxy=proxy_for(api_url))
        self._transport = PoliteTransport(
            inner,
            sleep=sleep,
            clock=clock,
            on_wait=on_wait,
            patience=0 if hasty else PATIENCE,
        )
        self._client = httpx2.Client(
            transport=self._transport,
            timeout=HASTY_TIMEOUT if hasty else READ_TIMEOUT,
            headers=_headers(api_key),
        )
        # One pyzotero instance a thread. A collected instance closes the client that all share, so
        # all of them are kept until `close`.
        self._local = threading.local()
        self._instances: list[Zotero] = []

    @property
    def requests(self) -> int:
        """Return how many requests were sent, repeated ones included."""
        return self._transport.requests

    def close(self) -> None:
        """Close the connections, and wake threads that wait."""
        self._client.close()

    def ask(
        self,
        path: str,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """Return the answer to a read, whatever its status; ServerError if none of Zotero's comes."""
        try:
            response = self._client.get(self._url + path, params=query, headers=headers)
        except httpx2.HTTPError as exc:
            raise failures.unreachable(exc, self.host, self.key) from exc
        if failures.is_web_page(response):
            raise failures.unreadable(self.host)
        return response

    def send(self, path: str, body: Any, headers: Mapping[str, str]) -> httpx2.Response:
        """Return the answer to a write, whatever its status; UnknownOutcomeError if none comes."""
        try:
            return self._client.post(
                self._url + path, json=body, headers=headers, timeout=WRITE_TIMEOUT
            )
        except httpx2.HTTPError as exc:
            raise failures.outcome_unknown(self.host) from exc

    def pyzotero(self, group: int) -> Zotero:
        """Return this thread's own pyzotero instance for a group: it keeps state per request."""
        from pyzotero.zotero import Zotero  # noqa: PLC0415 - most runs write nothing

        instance: Zotero | None = getattr(self._local, "instance", None)
        if instance is None:
            instance = Zotero(group, "group", self.key, client=self._client)
            instance.endpoint = self._url
            self._local.instance = instance
            self._instances.append(instance)
        return instance


def _headers(api_key: str | None) -> dict[str, str]:
    headers = {"User-Agent": f"zotsync/{__version__}", "Zotero-API-Version": "3"}
    return headers | ({"Authorization": f"Bearer {api_key}"} if api_key else {})


def proxy_for(api_url: str) -> str | None:
    """Return the proxy that the system names for `api_url`, as a client without a transport would."""
    parts = urlsplit(api_url)
    host = parts.hostname or ""
    if _is_loopback(host) or proxy_bypass(host):
        return None
    proxies = getproxies()
    found = proxies.get(parts.scheme) or proxies.get("all")
    return found if found is None or "://" in found else f"http://{found}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name
        return host in {"", "localhost"}
