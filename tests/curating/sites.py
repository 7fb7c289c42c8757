"""The internet, as tests have it: one web server on this machine, which answers for all hosts."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from zotsync.curating.edge import Edge

PUBLIC = "93.184.216.34"


@dataclass
class Site:
    """A web server on this machine, which stands for all of the internet."""

    port: int
    pages: dict[str, Any] = field(default_factory=dict)
    """Path -> status, (status, location), or a function that writes what it likes."""
    asked: list[tuple[str, str, str, dict[str, str]]] = field(default_factory=list)
    """Method, host, path, headers."""
    busy: dict[str, int] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    """Host -> its addresses; all others have a public one."""
    connected: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    time: float = 1_800_000_000.0

    def edge(self) -> Edge:
        return Edge(
            resolve=self.resolve,
            connect=self.connect,
            sleep=self.slept.append,
            now=lambda: self.time,
        )

    def resolve(self, host: str, _port: int) -> list[str]:
        found = self.names.get(host, [PUBLIC])
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return found

    def connect(self, address: str, _port: int) -> socket.socket:
        self.connected.append(address)
        return socket.create_connection(("127.0.0.1", self.port), timeout=5)


@contextmanager
def a_site() -> Iterator[Site]:
    """Serve a site while it is looked at."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = str(self.headers["Host"])
            with lock:
                made.busy[host] = made.busy.get(host, 0) + 1
                made.most[host] = max(made.most.get(host, 0), made.busy[host])
                made.asked.append((self.command, host, self.path, dict(self.headers)))
            time.sleep(0.01)
            with lock:  # before the reply: who has it may ask again at once
                made.busy[host] -= 1
            page = made.pages.get(self.path, 200)
            if callable(page):
                page(self)
            else:
                status, location = page if isinstance(page, tuple) else (page, "")
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                self.send_header("Set-Cookie", "who=you")
                self.end_headers()

        do_HEAD = do_GET  # noqa: N815 - the base's name

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()
