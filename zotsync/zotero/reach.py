"""Which groups an API key reaches, where no group is known yet, or the wrong one was named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx2

from zotsync.zotero import failures, rights
from zotsync.zotero.connection import Connection
from zotsync.zotero.rights import ForbiddenError, Group, KeyInfo, Obstacle, Rights

T = TypeVar("T")
_OK = 200
_NO_ENTRY = frozenset({401, 403, 404})
_MOST = 100
"""Groups in one answer: nobody looks for theirs among more."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose key it is, and the groups it may read."""

    key: KeyInfo
    groups: Sequence[tuple[Group, Rights]] = ()

    def is_own_number(self, number: int) -> bool:
        """Return whether `number` is that of the owner's personal library, which is no group."""
        return number == self.key.user_id


def reach_of(
    api_key: str,
    api_url: str,
    *,
    transport: httpx2.BaseTransport | None = None,
) -> Reach:
    """Return what a key reaches: two requests.

    Raises RightsError where the server does not know the key, ServerError where it does not answer.
    """
    if not all("!" <= sign <= "~" for sign in api_key):  # it could not even be sent
        raise _unknown_key()
    connection = Connection(api_key, api_url, transport=transport)
    try:
        key = _parsed(connection, "/keys/current", rights.parse_key)
        path = f"/users/{key.user_id}/groups?limit={_MOST}"
        groups = _parsed(connection, path, lambda raw: [rights.parse_group(one) for one in raw])
    finally:
        connection.close()
    decided = [(group, rights.decide(key, group, group.id)) for group in groups]
    return Reach(key, tuple((group, right) for group, right in decided if right.can_read))


def _parsed(connection: Connection, path: str, parse: Callable[[Any], T]) -> T:
    answer = connection.ask(path)
    if answer.status_code in _NO_ENTRY:
        raise _unknown_key()
    try:
        if answer.status_code == _OK:
            return parse(answer.json())
    except (ValueError, RecursionError) as exc:
        raise failures.unreadable(connection.host) from exc
    raise failures.read_refused(answer, 0, connection.key)


def _unknown_key() -> ForbiddenError:
    return rights.forbidden(Rights(False, False, Obstacle.BAD_KEY), 0)  # noqa: FBT003
