"""The embedded server: its data, the people who use it, and serving it on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zotsync.model import Schema
from zotsync.sandbox.api.app import Application
from zotsync.sandbox.data import apikeys, groups, people
from zotsync.sandbox.data.apikeys import Access, ApiKey
from zotsync.sandbox.data.groups import Group
from zotsync.sandbox.data.people import User
from zotsync.sandbox.data.store import Store
from zotsync.sandbox.data.writes import Writes
from zotsync.sandbox.faults import Faults
from zotsync.sandbox.front import Front
from zotsync.sandbox.rules import dates
from zotsync.sandbox.rules.writing import Writing
from zotsync.sandbox.serving import Server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LOOPBACK = "127.0.0.1"
__all__ = ["LOOPBACK", "Access", "Sandbox", "Served"]


@dataclass(frozen=True)
class Served:
    """A server that is running."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """Return its address, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


class Sandbox:
    """One embedded Zotero server with its data. All that sets it up may be done again."""

    def __init__(
        self,
        data: Path | None = None,
        *,
        latency: float = 0.0,
        schema: Schema | None = None,
        testing: bool = False,
    ) -> None:
        self._store = Store(data)
        self._schema = schema or _bundled()
        self.faults = Faults(latency=latency)
        api = Application(self._store, self._schema, testing=testing)
        self.app: WSGIApplication = Front(api.answer, self.faults)

    # -- people

    def add_user(self, user_id: int, username: str, *, trusting: bool = False) -> None:
        """Make a user, or change one; a `trusting` one can log in by name, whatever the password."""
        with self._store.writing() as tx:
            people.put_user(tx, User(user_id, username, trusting=trusting))

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
            groups.put_group(tx, group, _now())

    def change_group(self, group_id: int, **changes: Any) -> None:
        """Change properties of a group, such as `name`, `members`, `library_editing`."""
        with self._store.writing() as tx:
            group = groups.find_group(tx, group_id)
            if group is None:
                raise LookupError(group_id)
            groups.put_group(tx, replace(group, **changes), _now())

    def remove_group(self, group_id: int) -> None:
        """Take a group away: everything of it answers 404 from now on."""
        with self._store.writing() as tx:
            groups.remove_group(tx, group_id)

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
            old = apikeys.find_key(tx, key) or ApiKey(key, user_id, name="zotsync", added=_now())
            apikeys.put_key(tx, replace(old, user_id=user_id, groups=named, user=user))

    def remove_key(self, key: str) -> None:
        """Revoke an API key."""
        with self._store.writing() as tx:
            apikeys.remove_key(tx, key)

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
    def serve(self, port: int = 0, host: str = LOOPBACK) -> Iterator[Served]:
        """Serve from a thread, on a free port unless one is given; stop cleanly at the end."""
        server = Server(self.app, host, port)
        thread = threading.Thread(target=server.run, name="zotsync sandbox", daemon=True)
        thread.start()
        try:
            yield Served(host, server.port)
        finally:
            server.stop()
            thread.join()
            server.close()

    def close(self) -> None:
        """Close the data file."""
        self._store.close()


def _bundled() -> Schema:
    from zotsync.zotero.schema import bundled  # noqa: PLC0415 - read only when a server is made

    return bundled()


def _now() -> str:
    return dates.iso(datetime.now(UTC))
