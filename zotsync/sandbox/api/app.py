"""The API: limits and rights before, the endpoint, Zotero's headers."""

from __future__ import annotations

import sqlite3
from http import HTTPStatus

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from zotsync.model import Schema
from zotsync.sandbox.api.call import MAX_BODY, Call, caller_of, check_api_version, is_write
from zotsync.sandbox.api.routes import routes
from zotsync.sandbox.api.write_tokens import WriteTokens
from zotsync.sandbox.data import apikeys, notices, rights
from zotsync.sandbox.data.rights import Caller, View
from zotsync.sandbox.data.store import Store
from zotsync.sandbox.rules.refused import RefusedError, bad, escaped

_LONGEST_NUMBER = 10


class Application:
    """The API over one store; `testing`: with the administration that conformance tests need."""

    def __init__(self, store: Store, schema: Schema, *, testing: bool = False) -> None:
        self._store = store
        self._schema = schema
        self._testing = testing
        self._tokens = WriteTokens(store)
        self._routes = routes(testing=testing)

    def answer(self, request: Request) -> Response:
        """Answer one request."""
        try:
            response = self._carried_out(request)
        except RefusedError as refused:
            response = _text(refused.code, refused.message)
            # ● Failures carry no version, but for 412.
            if refused.version is not None:
                response.headers["Last-Modified-Version"] = str(refused.version)
        except sqlite3.OperationalError as broken:  # the disk is full, another process writes
            response = _text(503, f"The data file cannot be used now: {broken}")
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
        library = _library(args.pop("owner"), args.pop("number")) if "owner" in args else ""
        with self._store.reading() as tx:
            check_api_version(request)
            caller = caller_of(tx, request, super_user=self._testing)
        with self._tokens.used_once(request, caller):
            call, before = self._admitted(request, caller, library)
            response: Response = endpoint(call, **args)
        if self._testing:
            self._tell(call, before, response)
        return response

    def _admitted(self, request: Request, caller: Caller, library: str) -> tuple[Call, int]:
        """Return the call of whoever may make it, and the library's version before."""
        with self._store.reading() as tx:
            if library and is_write(request):
                rights.require_write(tx, caller, library)
            elif library:
                rights.require_read(tx, caller, library)
            before = tx.version(library)
        view = rights.view_of(caller, library) if library else View()
        call = Call(self._store, self._schema, request, caller, library, view)
        if caller.key and apikeys.is_news(caller.key, request.remote_addr, call.now):
            with self._store.writing() as tx:
                apikeys.note_use(tx, caller.key, request.remote_addr or "", call.now)
        return call, before

    def _tell(self, call: Call, before: int, response: Response) -> None:
        if call.library and is_write(call.request):
            with self._store.reading() as tx:
                call.notices.extend(notices.of_write(tx, call.library, before))
        if call.notices:
            response.headers["Zotero-Debug-Notifications"] = notices.header(call.notices)


def _library(owner: str, number: str) -> str:
    """Return the library that an address names; ● a number that is none is a 400, not a 404."""
    if not (number.isascii() and number.isdigit()) or len(number) > _LONGEST_NUMBER:
        raise bad(f"Invalid {owner[:-1]} ID")
    return f"{owner}/{int(number)}"


def _text(status: int, message: str) -> Response:
    return Response(escaped(message), status, content_type="text/plain; charset=utf-8")
