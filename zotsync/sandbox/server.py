"""The embedded server: its data, the people who use it, and serving it on loopback."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zotsync.model import Schema
from zotsync.sandbox import dates, rights
from zotsync.sandbox.app import Application
from zotsync.sandbox.call import MAX_BODY
from zotsync.sandbox.faults import Faults
from zotsync.sandbox.rights import Access, Group
from zotsync.sandbox.store import Store
from zotsync.sandbox.writes import Writes
from zotsync.sandbox.writing import Writing

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_THREADS = 8
__all__ = ["Access", "Sandbox", "Served"]


@dataclass(frozen=True)
class Served:
    """A server that is running."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """Return its address, without a slash at the end."""
        return f"http://{self.host}:{self.port}"


class Sandbox:
    """One embedded Zotero server with its data. All that sets it up may be done again."""

    def __init__(
        self, data: Path | None = None, *, latency: float = 0.0, schema: Schema | None = None
    ) -> None:
        self._store = Store(data)
        self._schema = schema or _bundled()
        self.faults = Faults(latency=latency)
        self.app: WSGIApplication = Application(self._store, self._schema, self.faults)

    # -- people

    def add_user(self, user_id: int, username: str) -> None:
        """Make a user, or rename one."""
        with self._store.writing() as tx:
            rights.add_user(tx, user_id, username)

    def add_group(  # noqa: PLR0913 - a group has this many sides
        self,
        group_id: int,
        name: str,
        *,
        owner: int,
        members: Sequence[int] = (),
        admins: Sequence[int] = (),
        library_editing: str = "members",
        library_reading: str = "members",
        description: str = "",
    ) -> None:
        """Make a group, or change one."""
        group = Group(
            group_id,
            name,
            owner,
            tuple(admins),
            tuple(members),
            library_editing,
            library_reading,
            type="Private" if library_reading == "members" else "PublicClosed",
            description=description,
        )
        with self._store.writing() as tx:
            rights.put_group(tx, group, _now())

    def change_group(self, group_id: int, **changes: Any) -> None:
        """Change properties of a group, such as `name`, `members`, `library_editing`."""
        with self._store.writing() as tx:
            group = rights.find_group(tx, group_id)
            if group is None:
                raise LookupError(group_id)
            rights.put_group(tx, replace(group, **changes), _now())

    def remove_group(self, group_id: int) -> None:
        """Take a group away: everything of it answers 404 from now on."""
        with self._store.writing() as tx:
            rights.remove_group(tx, group_id)

    def add_key(
        self,
        key: str,
        user_id: int,
        *,
        groups: Mapping[int | str, Access] | None = None,
        user: Access | None = None,
    ) -> None:
        """Make an API key, or change what it allows.

        `groups`: group number or "all" -> access; `user`: access to the user's own library.
        """
        named = {str(group): access for group, access in (groups or {}).items()}
        with self._store.writing() as tx:
            rights.put_key(tx, key, user_id, named, user)

    def remove_key(self, key: str) -> None:
        """Revoke an API key."""
        with self._store.writing() as tx:
            rights.remove_key(tx, key)

    # -- data

    def load_items(
        self, group_id: int, items: Iterable[Mapping[str, Any]], *, user_id: int | None = None
    ) -> list[str]:
        """Write many new items in one transaction, each with its own version; return their keys.

        As through the API, but without its limits. `RefusedError` names what is wrong with one.
        """
        at = Writing(f"groups/{group_id}", user_id, self._schema, _now())
        writes = Writes(self._store, at, "item")
        keys = []
        with self._store.writing() as tx:
            for item in items:
                key = str(item.get("key") or writes.new_key(tx))
                tx.bump(at.library)
                writes.save(tx, key, item, partial=True)
                keys.append(key)
        return keys

    def version(self, group_id: int) -> int:
        """Return the version of a group's library."""
        with self._store.reading() as tx:
            return tx.version(f"groups/{group_id}")

    # -- serving

    @contextmanager
    def serve(self, port: int = 0, host: str = "127.0.0.1") -> Iterator[Served]:
        """Serve from a thread, on a free port unless one is given; stop cleanly at the end."""
        server = _Server(self.app, host, port)
        thread = threading.Thread(target=server.run, name="zotsync sandbox", daemon=True)
        thread.start()
        try:
            yield Served(host, server.port)
        finally:
            server.stop()
            thread.join()
            server.close()

    def serve_forever(self, port: int, host: str = "127.0.0.1") -> None:
        """Serve until interrupted (Ctrl-C)."""
        server = _Server(self.app, host, port)
        try:
            server.run()
        finally:
            server.close()

    def close(self) -> None:
        """Close the data file."""
        self._store.close()


class _Server:
    """waitress, with an end."""

    def __init__(self, app: WSGIApplication, host: str, port: int) -> None:
        from waitress import create_server, wasyncore  # noqa: PLC0415 - only where it serves

        # Faults are asked for, and a queue is no news: nothing of it is a message for anybody.
        logging.getLogger("waitress").setLevel(logging.CRITICAL)
        self._loop = wasyncore.loop
        self._close_all = wasyncore.close_all
        self._sockets: dict[int, Any] = {}
        self._stopping = threading.Event()
        self._server = create_server(
            app,
            map=self._sockets,
            host=host,
            port=port,
            threads=_THREADS,
            max_request_body_size=MAX_BODY,
            connection_limit=500,
            ident="zotsync sandbox",
        )
        self.port = int(self._server.effective_port)

    def run(self) -> None:
        """Answer requests until `stop`."""
        while not self._stopping.is_set():
            self._loop(timeout=0.5, map=self._sockets, count=1)

    def stop(self) -> None:
        """Let `run`, in another thread, come to its end."""
        self._stopping.set()
        self._server.pull_trigger()

    def close(self) -> None:
        """Free the port, once `run` has ended."""
        self._server.task_dispatcher.shutdown()
        self._close_all(self._sockets)


def _bundled() -> Schema:
    from zotsync.zotero.schema import bundled  # noqa: PLC0415 - read only when a server is made

    return bundled()


def _now() -> str:
    return dates.iso(datetime.now(UTC))
