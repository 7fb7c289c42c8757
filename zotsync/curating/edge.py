"""The network's edge: names to addresses, addresses to sockets; never to a network of one's own.

A name is looked up once, and the very addresses that were looked at are connected to: a server of names
that gives another answer the second time gains nothing.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from zotsync.curating.answers import is_public

CONNECTING = 10.0
"""Seconds that one address has to answer."""
_TRIED = 3
"""Addresses of a host that are tried."""


class PrivateError(Exception):
    """A host stands on a network of one's own, or of this machine."""


def _resolved(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(cast("str", address[0]) for *_kind, address in found))


def _connected(address: str, port: int) -> socket.socket:
    return socket.create_connection((address, port), timeout=CONNECTING)


def _trusting() -> ssl.SSLContext:
    """Return the trust that the operating system has, a centre's own authority included."""
    import truststore  # noqa: PLC0415 - only where links are asked

    return cast("ssl.SSLContext", truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


@dataclass(frozen=True)
class Edge:
    """What reaches out, and the clock. Tests put their own here."""

    resolve: Callable[[str, int], Sequence[str]] = _resolved
    connect: Callable[[str, int], socket.socket] = _connected
    trust: Callable[[], ssl.SSLContext] = _trusting
    sleep: Callable[[float], object] = time.sleep
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time

    def open(self, host: str, port: int, *, secure: bool) -> socket.socket:
        """Return a socket to a public host.

        Raises:
            PrivateError: one of its addresses is none of the internet at large.
            OSError: it has no address, or none that answers.

        """
        addresses = self.resolve(host, port)
        if not all(map(is_public, addresses)):
            raise PrivateError
        plain = self._first(addresses[:_TRIED], port)
        if not secure:
            return plain
        try:
            return self.trust().wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise

    def _first(self, addresses: Sequence[str], port: int) -> socket.socket:
        refused: OSError | None = None
        for address in addresses:
            try:
                return self.connect(address, port)
            except OSError as exc:
                refused = exc
        raise refused or OSError("no address")
