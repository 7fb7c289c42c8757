"""The WSGI application: faults and limits around, rights before, the endpoint, Zotero's headers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx2
from waitress.channel import ClientDisconnected
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from zotsync.model import Schema
from zotsync.sandbox import rights
from zotsync.sandbox.call import (
    MAX_BODY,
    Call,
    caller_of,
    check_api_version,
    check_write_token,
    is_write,
)
from zotsync.sandbox.faults import Fault, Faults
from zotsync.sandbox.refused import RefusedError, escaped
from zotsync.sandbox.routes import routes
from zotsync.sandbox.store import Store

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class DroppedError(httpx2.RemoteProtocolError, ClientDisconnected):  # type: ignore[misc]
    """The connection breaks off: waitress closes it, and in process httpx2 raises it as its own."""


class Application:
    """The API over one store."""

    def __init__(self, store: Store, schema: Schema, faults: Faults) -> None:
        self._store = store
        self._schema = schema
        self._faults = faults
        self._routes = routes()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(_with_wsgi_path(environ))
        path = _logged_path(request)
        fault = self._faults.meet(request.method, path)
        if wait := fault.latency + self._faults.latency:
            self._faults.sleep(wait)
        response = self._limited(request, fault)
        self._faults.note(request.method, path, response.status_code)
        if fault.lost:
            raise DroppedError("Server disconnected without sending a response.")
        if fault.cut is not None:
            response.response = _cut(response.get_data(), fault.cut)
        return response(environ, start_response)

    def _limited(self, request: Request, fault: Fault) -> Response:
        who = request.headers.get("Zotero-API-Key", request.remote_addr or "")
        wait = self._faults.enter(who)
        if wait is not None:
            return _turned_away(429, wait, "Request rate limit exceeded")
        try:
            if fault.status is not None:
                response = _turned_away(fault.status, fault.retry_after, "")
            else:
                for hook in tuple(self._faults.hooks):
                    hook(request.method, _logged_path(request))
                response = self._answer(request)
        finally:
            self._faults.leave(who)
        backoff = fault.backoff if fault.backoff is not None else self._faults.backoff
        if backoff is not None:
            response.headers["Backoff"] = f"{backoff:g}"
        return response

    def _answer(self, request: Request) -> Response:
        try:
            response = self._carried_out(request)
        except RefusedError as refused:
            response = _text(refused.code, refused.message)
            # ● Failures carry no version, but for 412.
            if refused.version is not None:
                response.headers["Last-Modified-Version"] = str(refused.version)
        except HTTPException as wrong:  # no such address, wrong method, broken request
            code = wrong.code or HTTPStatus.BAD_REQUEST
            response = _text(code, HTTPStatus(code).phrase.capitalize())
            response.headers.extend(
                (k, v) for k, v in wrong.get_headers() if k in ("Allow", "Location")
            )
        response.headers["Zotero-API-Version"] = "3"
        response.headers["Zotero-Schema-Version"] = str(self._schema.version)
        return response

    def _carried_out(self, request: Request) -> Response:
        if (request.content_length or 0) > MAX_BODY:
            raise RefusedError(413, "Request body too large")
        endpoint, matched = self._routes.bind_to_environ(request.environ).match()
        args = dict(matched)
        library = f"{args.pop('owner')}/{args.pop('number')}" if "owner" in args else ""
        with self._store.reading() as tx:
            check_api_version(request)
            caller = caller_of(tx, request)
            token = check_write_token(tx, request, caller)
            if library and is_write(request):
                rights.require_write(tx, caller, library)
            elif library:
                rights.require_read(tx, caller, library)
        call = Call(self._store, self._schema, request, caller, library)
        response: Response = endpoint(call, **args)
        if token:
            with self._store.writing() as tx:
                tx.run("INSERT OR IGNORE INTO write_tokens VALUES (?, ?)", caller.key, token)
        return response


def _with_wsgi_path(environ: WSGIEnvironment) -> WSGIEnvironment:
    """Return the environment with a path of bytes in disguise, as WSGI has it.

    In process httpx2 hands the path over as text.
    """
    path = environ.get("PATH_INFO", "")
    try:
        path.encode("latin-1").decode()
    except UnicodeError:
        return environ | {"PATH_INFO": path.encode().decode("latin-1")}
    return environ


def _logged_path(request: Request) -> str:
    """Return the address with its query, without an API key that stands in it."""
    query = request.query_string.decode("latin-1")
    shown = "&".join(part for part in query.split("&") if part and not part.startswith("key="))
    return f"{request.path}?{shown}" if shown else request.path


def _turned_away(status: int, retry_after: float | None, message: str) -> Response:
    response = _text(status, message or HTTPStatus(status).phrase)
    if retry_after is not None:
        response.headers["Retry-After"] = f"{retry_after:g}"
    return response


def _text(status: int, message: str) -> Response:
    return Response(escaped(message), status, content_type="text/plain; charset=utf-8")


def _cut(body: bytes, length: int) -> Iterator[Any]:
    yield body[:length]
    raise DroppedError("peer closed connection without sending complete message body")
