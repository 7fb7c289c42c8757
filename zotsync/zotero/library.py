"""One Zotero group library on the server: what it holds, and the only way anything is written to it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from functools import partial
from itertools import islice
from types import TracebackType
from typing import Any, Self, TypeVar, cast

import httpx2

from zotsync.errors import ServerError, ZotsyncError
from zotsync.model import is_key
from zotsync.zotero import answers, failures, rights
from zotsync.zotero.answers import WRITE_SIZE, Deleted, Page, Versions, WriteReport
from zotsync.zotero.connection import WRITE_TIMEOUT, Connection, Query
from zotsync.zotero.rights import ForbiddenError, Group, KeyInfo, Obstacle, Rights
from zotsync.zotero.shapes import ObjectKind

API_URL = "https://api.zotero.org"
WORKERS = 4
"""Requests under way at once: Zotero asks for no more."""
AHEAD = 2 * WORKERS
"""Pages asked for and not read yet: nobody's connection is idle while one is read."""
FETCH_SIZE = 100
"""Objects asked for in one request: the server's own limit."""
_OK, _NOT_MODIFIED, _FORBIDDEN, _NOT_FOUND = 200, 304, 403, 404
_NO_JSON = (ValueError, RecursionError)  # MalformedError is one of them
_NO_ENTRY = frozenset({401, _FORBIDDEN, _NOT_FOUND})
_KEY_PARAMETER: Mapping[ObjectKind, str] = {"items": "itemKey", "collections": "collectionKey"}

T = TypeVar("T")


class GroupLibrary:
    """The library of the group with the number `group`; a context manager.

    Reads are repeated when they fail on the way, writes never are. Every method raises ServerError
    when the server cannot be reached or fails, RightsError when it does not allow this, and
    NotThereError when there is no such group. `sleep`, `clock` and `transport` are for tests;
    `on_wait` is told the seconds before each wait, in whatever thread has to wait; `hasty`: nothing waits.
    """

    def __init__(  # noqa: PLR0913 - the world is injected, for tests
        self,
        group: int,
        api_key: str | None,
        *,
        api_url: str = API_URL,
        transport: httpx2.BaseTransport | None = None,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
        on_wait: Callable[[float], None] | None = None,
        hasty: bool = False,
    ) -> None:
        self._group = group
        if api_key and not (api_key.isascii() and api_key.isalnum()):  # the server just says 400
            raise rights.forbidden(Rights(False, False, Obstacle.BAD_KEY), group)  # noqa: FBT003
        self._connection = Connection(
            api_key or None,
            api_url,
            transport=transport,
            sleep=sleep,
            clock=clock,
            on_wait=on_wait,
            hasty=hasty,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections, and wake threads that wait."""
        self._connection.close()

    @property
    def requests(self) -> int:
        """Return how many requests were sent, repeated ones included."""
        return self._connection.requests

    def item_versions(
        self, since: int, *, unless_modified_since: int | None = None
    ) -> Versions | None:
        """Return the versions of the items changed since a library version, trashed ones included.

        None: the library still is at `unless_modified_since`. Where the server says that it was set
        back to an earlier version, that comes back, without items.
        """
        headers = {}
        if unless_modified_since is not None:
            headers["If-Modified-Since-Version"] = str(unless_modified_since)
        query: Query = {"format": "versions", "since": since, "includeTrashed": 1}
        response = self._get(self._path("/items"), query, headers)
        if response.status_code == _NOT_MODIFIED:
            return answers.set_back(response.headers, unless_modified_since)
        return self._parsed(response, answers.parse_versions)

    def collection_versions(self) -> Versions:
        """Return the versions of all collections there are."""
        response = self._get(self._path("/collections"), {"format": "versions"})
        return self._parsed(response, answers.parse_versions)

    def members(self, collection: str) -> Versions | None:
        """Return the versions of the items in a collection, trashed ones too; None: it is not there."""
        query: dict[str, str | int] = {"format": "versions", "includeTrashed": 1}
        response = self._get(self._path(f"/collections/{collection}/items"), query, also=_NOT_FOUND)
        if response.status_code == _NOT_FOUND:
            return None
        return self._parsed(response, answers.parse_versions)

    def deleted(self, since: int) -> Deleted:
        """Return the keys of what was erased since a library version."""
        response = self._get(self._path("/deleted"), {"since": since})
        return self._parsed(response, answers.parse_deleted)

    def fetch(self, kind: ObjectKind, keys: Sequence[str]) -> Iterator[Page]:
        """Return the objects with these keys, page by page as they arrive, trashed ones included.

        A few pages are under way at a time, never all. Raise ValueError if a key is none: the server
        would drop the whole filter and answer with everything it has.
        """
        wrong = [key for key in keys if not is_key(key)]
        if wrong:
            raise ValueError(f"not object keys: {wrong}")
        distinct = list(dict.fromkeys(keys))
        batches = [distinct[i : i + FETCH_SIZE] for i in range(0, len(distinct), FETCH_SIZE)]
        return self._pages(kind, batches)

    def _pages(self, kind: ObjectKind, batches: Sequence[Sequence[str]]) -> Iterator[Page]:
        if len(batches) <= 1:
            yield from (self._page(kind, batch) for batch in batches)
            return
        pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="zotsync-fetch")
        left = iter(batches)
        try:
            under_way = {pool.submit(self._page, kind, batch) for batch in islice(left, AHEAD)}
            while under_way:
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                while done:
                    yield done.pop().result()
                    # Only now: whoever reads the pages sets the pace.
                    under_way |= {pool.submit(self._page, kind, b) for b in islice(left, 1)}
        finally:  # on an interrupt too: nobody waits for answers that nobody reads
            pool.shutdown(wait=False, cancel_futures=True)

    def _page(self, kind: ObjectKind, keys: Sequence[str]) -> Page:
        query: Query = {
            "format": "json",
            "limit": FETCH_SIZE,
            "includeTrashed": 1,
            _KEY_PARAMETER[kind]: ",".join(keys),
        }
        response = self._get(self._path(f"/{kind}"), query)
        parse = partial(answers.parse_page, asked=keys, kind=kind, group=self._group)
        return self._parsed(response, parse)

    def write_items(self, objects: Sequence[Mapping[str, Any]]) -> WriteReport:
        """Write at most 50 items, each with `key` and `version` (0: must not exist yet).

        Raise UnknownOutcomeError when it is not known what was saved, StaleError when the server
        refused all of it because the library has moved.
        """
        from pyzotero.errors import PyZoteroError  # noqa: PLC0415 - most runs write nothing

        keys = answers.keys_sent(objects, WRITE_SIZE)
        zotero = self._connection.pyzotero(self._group)
        zotero.request = None
        try:
            zotero.create_items([dict(o) for o in objects], timeout=WRITE_TIMEOUT)
        except PyZoteroError:  # not chained: it quotes the server, which may name the API key
            raise self._write_error(cast("httpx2.Response", zotero.request)) from None
        except (httpx2.HTTPError, *_NO_JSON) as exc:
            raise failures.outcome_unknown(self._connection.host) from exc
        return self._report(cast("httpx2.Response", zotero.request), keys)

    def write_collection(self, obj: Mapping[str, Any], library_version: int) -> WriteReport:
        """Write one collection if the library still is at `library_version`; raise as `write_items`.

        pyzotero's own call insists on a name, which a move or a trashing does not send.
        """
        keys = answers.keys_sent([obj], 1)
        headers = {
            "If-Unmodified-Since-Version": str(library_version),
            "Zotero-Write-Token": secrets.token_hex(16),
        }
        response = self._connection.send(self._path("/collections"), [dict(obj)], headers)
        if response.status_code != _OK:
            raise self._write_error(response)
        return self._report(response, keys)

    def _report(self, response: httpx2.Response, keys: Sequence[str]) -> WriteReport:
        try:
            version = answers.library_version(response.headers)
            return answers.parse_report(version, response.json(), keys)
        except _NO_JSON as exc:  # what cannot be read confirms nothing
            raise failures.outcome_unknown(self._connection.host) from exc

    def _write_error(self, response: httpx2.Response) -> ZotsyncError:
        if response.status_code == _FORBIDDEN and not failures.is_web_page(response):
            return self.explain_forbidden(failures.clean(response.text, self._connection.key))
        return failures.write_refused(response, self._group, self._connection.key)

    def rights(self) -> Rights:
        """Return what may be done here, from the key and the group together: two requests."""
        return rights.decide(self._key_or_obstacle(), self._group_or_obstacle(), self._group)

    def explain_forbidden(self, said: str = "") -> ForbiddenError:
        """Return the error that says which of key, role and group is wrong, and where to mend it."""
        try:
            found = self.rights()
        except ServerError:  # the refusal itself stays true
            found = Rights(can_read=False, can_write=False)
        return rights.forbidden(found, self._group, said)

    def schema(self, etag: str | None) -> tuple[str, dict[str, Any]] | None:
        """Return the ETag and the JSON of Zotero's schema; None if `etag` is still the current one."""
        response = self._connection.ask("/schema", headers={"If-None-Match": etag} if etag else {})
        if etag and response.status_code == _NOT_MODIFIED:
            return None
        raw = self._parsed_alone(response, lambda parsed: parsed)
        if response.status_code != _OK or not isinstance(raw, dict):
            raise failures.unreadable(self._connection.host)
        return response.headers.get("ETag", ""), raw

    def _key_or_obstacle(self) -> KeyInfo | Obstacle:
        if self._connection.key is None:
            return Obstacle.NO_KEY
        response = self._connection.ask("/keys/current")
        if response.status_code in _NO_ENTRY:
            return Obstacle.BAD_KEY
        return self._parsed_alone(self._accepted(response), rights.parse_key)

    def _group_or_obstacle(self) -> Group | Obstacle:
        response = self._connection.ask(self._path(""))
        if response.status_code == _NOT_FOUND:
            # The server hides a group it does not show; the group's items are refused, if it is one.
            hidden = self._connection.ask(self._path("/items?format=keys&limit=1"))
            found = hidden.status_code != _NOT_FOUND
            return Obstacle.NOT_MEMBER if found else Obstacle.NO_GROUP
        if response.status_code in _NO_ENTRY:
            return Obstacle.NOT_MEMBER
        return self._parsed_alone(self._accepted(response), rights.parse_group)

    def _path(self, path: str) -> str:
        return f"/groups/{self._group}{path}"

    def _get(
        self,
        path: str,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
        also: int = _OK,
    ) -> httpx2.Response:
        """Return an answer with status 200 or `also`, or 304 where `headers` holds a condition."""
        response = self._connection.ask(path, query, headers)
        if response.status_code == _FORBIDDEN:
            raise self.explain_forbidden(failures.clean(response.text, self._connection.key))
        if response.status_code == also or (headers and response.status_code == _NOT_MODIFIED):
            return response
        return self._accepted(response)

    def _accepted(self, response: httpx2.Response) -> httpx2.Response:
        if response.status_code != _OK:
            raise failures.read_refused(response, self._group, self._connection.key)
        return response

    def _parsed(self, response: httpx2.Response, parse: Callable[[int, Any], T]) -> T:
        return self._parsed_alone(
            response, lambda raw: parse(answers.library_version(response.headers), raw)
        )

    def _parsed_alone(self, response: httpx2.Response, parse: Callable[[Any], T]) -> T:
        try:
            return parse(response.json())
        except _NO_JSON as exc:
            raise failures.unreadable(self._connection.host) from exc
