"""Serving over sockets: waitress, with an end, resets on demand, and no web pages."""

from __future__ import annotations

import logging
import socket
import struct
import sys
import threading
from collections.abc import Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import create_server
from waitress.task import WSGITask

from zotsync.sandbox.api.call import MAX_BODY
from zotsync.sandbox.front import ResetError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_THREADS = 16
_MAX_RECEIVED = 4 * MAX_BODY
"""Read to its end and answered with a 413; of what is larger the connection breaks off."""
_MAX_HEADERS = 64 * 1024
_RESET = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class _Task(WSGITask):  # type: ignore[misc]
    def execute(self) -> None:
        try:
            super().execute()
        except ResetError:
            self.channel.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            raise


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
        except ValueError as exc:  # an address that is none
            raise ParsingError("Bad URI") from exc


class _Channel(HTTPChannel):  # type: ignore[misc]
    task_class = _Task
    parser_class = _Parser


class Server:
    """A WSGI application on a port of one address (`host`: an IP address)."""

    def __init__(self, app: WSGIApplication, host: str, port: int) -> None:
        # Faults are asked for, and a queue is no news: nothing of it is a message for anybody.
        logging.getLogger("waitress").setLevel(logging.CRITICAL)
        self._sockets: dict[int, Any] = {}
        self._stopping = threading.Event()
        self._server = create_server(
            NoWebPages(app, by_name=not is_loopback(host)),
            map=self._sockets,
            host=host,
            port=port,
            threads=_THREADS,
            max_request_body_size=_MAX_RECEIVED,
            max_request_header_size=_MAX_HEADERS,
            connection_limit=500,
            ident="zotsync sandbox",
        )
        self._server.channel_class = _Channel
        self.port = int(self._server.effective_port)

    def run(self) -> None:
        """Answer requests until `stop`."""
        while not self._stopping.is_set():
            wasyncore.loop(timeout=0.5, map=self._sockets, count=1)

    def stop(self) -> None:
        """Let `run`, in another thread, come to its end."""
        self._stopping.set()
        self._server.pull_trigger()

    def close(self) -> None:
        """Free the port, once `run` has ended."""
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._sockets)


class NoWebPages:
    """Turns away what a browser sends for a page of somebody else's.

    A web page reaches this machine too: by its address, or by a name of its own that it lets mean
    127.0.0.1. The one shows in `Origin`, the other in `Host`. `by_name`: any name may be used.
    """

    def __init__(self, app: WSGIApplication, *, by_name: bool) -> None:
        self._app = app
        self._by_name = by_name

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or turn away with a 403."""
        host = environ.get("HTTP_HOST", "")
        known = self._by_name or not host or is_loopback(_host_in(f"//{host}"))
        if known and not _is_from_a_page(environ):
            return self._app(environ, start_response)
        body = (
            b"Web pages may not use this server; it is called by an IP address or as localhost.\n"
        )
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
        start_response("403 Forbidden", headers)
        return [body]


def _is_from_a_page(environ: WSGIEnvironment) -> bool:
    """Return whether a browser sent this for a page of somebody else's.

    The Zotero client has the origin "null", as a page may have that hides its own; but a page cannot
    send Zotero's headers without asking first, and is told nothing.
    """
    origin = environ.get("HTTP_ORIGIN", "")
    if origin == "null":
        return not environ.keys() & {"HTTP_ZOTERO_API_KEY", "HTTP_ZOTERO_API_VERSION"}
    if origin == f"http://{environ.get('HTTP_HOST', '')}":  # the page on which one logs in
        return False
    return bool(_host_in(origin))


def _host_in(address: str) -> str:
    """Return the host in an address; what is none stands for itself."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return address


def is_loopback(host: str) -> bool:
    """Return whether a host is this very machine, reached by nobody else."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
