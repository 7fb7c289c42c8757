"""What every request passes before and after the API: faults on demand, limits, the log."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx2
from waitress.channel import ClientDisconnected
from werkzeug.wrappers import Request, Response

from zotsync.sandbox.faults import Fault, Faults
from zotsync.sandbox.requestlog import logged, shown_address

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_DROPS = 10


class DroppedError(httpx2.RemoteProtocolError, ClientDisconnected):  # type: ignore[misc]
    """The connection breaks off: waitress closes it, and in process httpx2 raises it as its own."""


class ResetError(httpx2.ReadError, ClientDisconnected):  # type: ignore[misc]
    """The connection is reset, likewise."""


class Front:
    """The API, `answer`, behind the faults that were asked for."""

    def __init__(self, answer: Callable[[Request], Response], faults: Faults) -> None:
        self._answer = answer
        self._faults = faults

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(_with_wsgi_path(environ))
        begun = self._faults.clock()
        fault = self._faults.meet(request.method, shown_address(request))
        if wait := fault.latency + self._faults.latency:
            self._faults.sleep(wait)
        response = None if fault.reset else self._limited(request, fault)
        seconds = self._faults.clock() - begun
        self._faults.note(logged(request, response, seconds=seconds, fault=str(fault)))
        if response is None:
            raise ResetError("Connection reset by peer")
        if fault.lost:
            raise DroppedError("Server disconnected without sending a response.")
        if fault.cut is not None or fault.slow:
            response.response = self._hampered(response.get_data(), fault)
        return response(environ, start_response)

    def _limited(self, request: Request, fault: Fault) -> Response:
        who = request.headers.get("Zotero-API-Key", request.remote_addr or "")
        wait = self._faults.enter(who)
        if wait is not None:
            return _turned_away(429, wait, "Request rate limit exceeded")
        try:
            if fault.status is not None:
                response = _turned_away(fault.status, fault.retry_after)
            else:
                for hook in tuple(self._faults.hooks):
                    hook(request.method, shown_address(request))
                response = self._answer(request)
        finally:
            self._faults.leave(who)
        backoff = fault.backoff if fault.backoff is not None else self._faults.backoff
        if backoff is not None:
            response.headers["Backoff"] = f"{backoff:g}"
        return response

    def _hampered(self, body: bytes, fault: Fault) -> Iterator[bytes]:
        left = body[: fault.cut]
        drop = max(1, math.ceil(len(left) / _DROPS)) if fault.slow else max(1, len(left))
        for start in range(0, len(left), drop):
            if fault.slow:
                self._faults.sleep(fault.slow / _DROPS)
            yield left[start : start + drop]
        if fault.cut is not None:
            raise DroppedError("peer closed connection without sending complete message body")


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


def _turned_away(status: int, retry_after: float | None, message: str = "") -> Response:
    text = message or _phrase(status)
    response = Response(text, status, content_type="text/plain; charset=utf-8")
    if retry_after is not None:
        response.headers["Retry-After"] = f"{retry_after:g}"
    return response


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # any number may be asked for
        return ""
