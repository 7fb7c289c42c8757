"""Write tokens, by which a client keeps one request from being carried out twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.wrappers import Request

from zotsync.sandbox.api.call import is_write
from zotsync.sandbox.data.rights import Caller
from zotsync.sandbox.data.store import Store
from zotsync.sandbox.rules.refused import RefusedError, bad

_LENGTHS = range(5, 33)


class WriteTokens:
    """The write tokens that were used, and those of requests under way."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._under_way: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    @contextmanager
    def used_once(self, request: Request, caller: Caller) -> Iterator[None]:
        """Refuse (412) a request whose token another has, ● without telling that one's result.

        A token is used up by a request that is carried out, not by one that is refused.
        """
        token = request.headers.get("Zotero-Write-Token")
        if not token or not caller.key or not is_write(request):
            yield
            return
        if len(token) not in _LENGTHS:
            raise bad("Write token must be 5-32 characters in length")
        mine = (caller.key.key, token)
        with self._lock:
            if mine in self._under_way:
                raise _used()
            self._under_way.add(mine)
        try:
            with self._store.reading() as tx:
                if tx.value("SELECT 1 FROM write_tokens WHERE key = ? AND token = ?", *mine):
                    raise _used()
            yield
            with self._store.writing() as tx:
                tx.run("INSERT INTO write_tokens VALUES (?, ?)", *mine)
        finally:
            with self._lock:
                self._under_way.discard(mine)


def _used() -> RefusedError:
    return RefusedError(412, "Write token already used")
