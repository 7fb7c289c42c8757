"""One request, read: who asks, for which library, under which conditions, with what body."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from werkzeug.wrappers import Request, Response

from zotsync.model import Schema
from zotsync.sandbox.api.answers import Presenter
from zotsync.sandbox.data import apikeys
from zotsync.sandbox.data.notices import Notice
from zotsync.sandbox.data.rights import Caller, View
from zotsync.sandbox.data.store import Store
from zotsync.sandbox.data.transaction import Transaction
from zotsync.sandbox.data.versions import as_version
from zotsync.sandbox.rules import dates
from zotsync.sandbox.rules.clients import Client
from zotsync.sandbox.rules.refused import RefusedError, bad
from zotsync.sandbox.rules.writing import Writing

MAX_BODY = 8 * 1024 * 1024
_MAX_INFLATED = 2 * MAX_BODY
_MAX_DEPTH = 100
SUPER_USER = ("root", "rootpw")
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_LONGEST_VERSION = 9


@dataclass(frozen=True)
class Call:
    """A request to one library (`library` "": to none), with all it needs to be carried out."""

    store: Store
    schema: Schema
    request: Request
    caller: Caller
    library: str = ""
    view: View = field(default_factory=View)
    notices: list[Notice] = field(default_factory=list)
    """What the streaming server would be told of it."""

    @property
    def base_url(self) -> str:
        """Return where this server is, as the client knows it."""
        return self.request.host_url.rstrip("/")

    @property
    def address(self) -> str:
        """Return the address of the request, without its query."""
        return f"{self.base_url}{self.request.path}"

    @property
    def expected(self) -> int | None:
        """Return `If-Unmodified-Since-Version`; None if there is none."""
        return self._version_header("If-Unmodified-Since-Version")

    @property
    def now(self) -> str:
        """Return the time as answers have it."""
        return dates.iso(datetime.now(UTC))

    @property
    def client(self) -> Client:
        """Return what the program that asks says of itself."""
        headers = self.request.headers
        known = headers.get("Zotero-Schema-Version", "")
        digits = known if known.isascii() and known.isdigit() else "0"
        return Client(headers.get("User-Agent", ""), int(digits[:_LONGEST_VERSION]))

    @property
    def wants_atom(self) -> bool:
        """Return whether the answer is to be in Atom: ● `content` alone asks for it too."""
        wanted = self.request.args.get("format")
        if wanted is None:
            accepted = self.request.headers.get("Accept", "")
            return "content" in self.request.args or "application/atom+xml" in accepted
        return wanted == "atom"

    def writing(self) -> Writing:
        """Return who writes where and when."""
        return Writing(
            self.library,
            self.caller.user_id,
            self.schema,
            self.now,
            by_zotero=self.client.is_zotero,
        )

    def presenter(self, tx: Transaction) -> Presenter:
        """Return what writes the library's objects for whoever asks."""
        return Presenter(tx, self.library, self.base_url, self.client, self.view)

    def not_modified(self, tx: Transaction) -> Response | None:
        """Return a 304 if the library is no newer than `If-Modified-Since-Version`.

        ● Of lists only: single objects and `/deleted` ignore it.
        """
        known = self._version_header("If-Modified-Since-Version")
        if known is None or tx.version(self.library) > known:
            return None
        return Response(status=304)  # ● and no Last-Modified-Version

    def json(self) -> Any:
        """Return the body as JSON; it may come gzipped."""
        raw = self.request.get_data(cache=True)
        if raw and self.request.headers.get("Content-Encoding", "").lower() == "gzip":
            raw = _inflated(raw)
        if not raw:
            raise bad(f"{self.request.method} data not provided")
        try:
            value = json.loads(raw.decode("utf-8"))
            # Lone surrogates, infinities and endless nesting are JSON for Python alone.
            json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
        except (ValueError, RecursionError) as exc:
            raise bad("Uploaded data is not valid JSON") from exc
        if _is_deep(value, _MAX_DEPTH):
            raise bad("Uploaded data is nested too deeply")
        return value

    def _version_header(self, name: str) -> int | None:
        text = self.request.headers.get(name)
        return None if text is None else as_version(text, f"Invalid {name} value '{text}'")


def _inflated(raw: bytes) -> bytes:
    inflater = zlib.decompressobj(wbits=31)
    try:
        body = inflater.decompress(raw, _MAX_INFLATED)
    except zlib.error as exc:
        raise bad("Body is not valid gzip data") from exc
    if inflater.unconsumed_tail:
        raise RefusedError(413, "Request body too large")
    if not inflater.eof:
        raise bad("Body is not valid gzip data")
    return body


def _is_deep(value: Any, levels: int) -> bool:
    """Return whether a value has more levels: later, on a fuller stack, they would be too many."""
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return False
    return not levels or any(_is_deep(inner, levels - 1) for inner in value)


def is_write(request: Request) -> bool:
    """Return whether a request may change something."""
    return request.method in _WRITES


def caller_of(tx: Transaction, request: Request, *, super_user: bool) -> Caller:
    """Return who asks; refuse (403) a key that is unknown.

    `super_user`: whether this server has one, who may do anything.
    """
    login = request.authorization
    if super_user and login and (login.username, login.password) == SUPER_USER:
        return Caller(root=True)
    given = request.headers.get("Zotero-API-Key", "")
    in_query = request.args.get("key", "")
    if given and in_query and given != in_query:
        raise bad("Zotero-API-Key header and 'key' parameter differ")
    text = given or in_query or _bearer(request)
    if not text:
        return Caller()
    key = apikeys.find_key(tx, text)
    if key is None:
        raise RefusedError(403, "Invalid key")
    return Caller(key)


def _bearer(request: Request) -> str:
    scheme, _blank, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return ""
    key = value.strip()
    if not (key.isascii() and key.isalnum()):
        raise bad("Invalid Authorization header format")
    return key


def check_api_version(request: Request) -> None:
    """Refuse any version of the API but 3."""
    for asked in (request.headers.get("Zotero-API-Version"), request.args.get("v")):
        if asked not in (None, "", "3"):
            raise bad(f"Invalid API version '{asked}'")
