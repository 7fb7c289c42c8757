"""Asking whether one link is there: HEAD, then GET where a server minds; its body is never read."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from zotsync import __version__
from zotsync.curating.answers import Answer, Outcome, Reason
from zotsync.curating.edge import Edge, PrivateError
from zotsync.handout.links import target

USER_AGENT = f"zotsync/{__version__} (link check)"
PATIENCE = 20.0
"""Seconds that one request has, all in all."""
HOPS = 5
"""How often a link may send on."""
_HEAD_END = b"\r\n\r\n"
_LONGEST_HEAD = 65_536
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
_LOCATION = re.compile(rb"^location:[ \t]*(.*?)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_FINE, _ELSEWHERE, _TROUBLE = 200, 300, 400
_GONE = frozenset({404, 410})
_FOR_GOOD = frozenset({301, 308})
_ON = frozenset({301, 302, 303, 307, 308})
TOO_MANY = 429
_PORTS = {"http": 80, "https": 443}
_ANYBODYS = 1024
"""Ports below it belong to services, mail and others, which nobody should be made to talk to."""

Turn = Callable[[str], AbstractContextManager[None]]
"""Host -> the wait until it may be asked."""


class _NoAnswerError(Exception):
    """What came is no answer of a web server."""


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    location: str


def ask(url: str, edge: Edge, turn: Turn | None = None) -> Answer:
    """Return what is to be known of a link. Nothing is raised: that is an answer too."""
    try:
        return _followed(url, edge, turn or (lambda _host: nullcontext()))
    except PrivateError:
        return Answer(Outcome.REFUSED, edge.now(), reason=Reason.PRIVATE)
    except socket.gaierror as exc:
        unknown = exc.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", None)}
        return Answer(Outcome.GONE if unknown else Outcome.UNSURE, edge.now(), reason=Reason.NAME)
    except ssl.SSLError:
        return Answer(Outcome.UNSURE, edge.now(), reason=Reason.CERTIFICATE)
    except TimeoutError:
        return Answer(Outcome.UNSURE, edge.now(), reason=Reason.TIME)
    except (OSError, ValueError):  # a name that is none, a port that is none
        return Answer(Outcome.UNSURE, edge.now(), reason=Reason.CONNECTION)
    except _NoAnswerError:
        return Answer(Outcome.UNSURE, edge.now(), reason=Reason.ANSWER)


def _followed(url: str, edge: Edge, turn: Turn) -> Answer:
    at, for_good = url, True
    for _hop in range(HOPS + 1):
        reply = _replied(at, edge, turn)
        if reply.status not in _ON or not reply.location:
            return _answer(url, at, reply.status, edge.now(), for_good=for_good)
        for_good = for_good and reply.status in _FOR_GOOD
        after = target(urljoin(at, reply.location))
        if after is None:
            raise _NoAnswerError
        at = after
    return Answer(Outcome.UNSURE, edge.now(), reason=Reason.REDIRECTS, to=at)


def _answer(url: str, at: str, status: int, now: float, *, for_good: bool) -> Answer:
    sent_on = "" if at.rstrip("/") == url.rstrip("/") else at
    if status in _GONE:
        return Answer(Outcome.GONE, now, status, to=sent_on)
    if not _FINE <= status < _ELSEWHERE:
        return Answer(Outcome.UNSURE, now, status, to=sent_on)
    moved = sent_on and (for_good or _lost_its_path(url, at))
    return Answer(Outcome.MOVED if moved else Outcome.FINE, now, status, to=sent_on)


def _lost_its_path(url: str, at: str) -> bool:
    """Return whether a page sends on to the first one of its site: what was there is gone."""
    return len(urlsplit(at).path) <= 1 < len(urlsplit(url).path)


def _replied(url: str, edge: Edge, turn: Turn) -> _Reply:
    """Return the reply to HEAD; to GET where HEAD is refused, as servers do that do not know it."""
    parts = urlsplit(url)
    with turn(parts.hostname or ""):
        try:
            reply = _exchanged("HEAD", parts, edge)
        except (_NoAnswerError, ConnectionError):
            reply = None
        if reply and (reply.status < _TROUBLE or reply.status == TOO_MANY):
            return reply
        return _exchanged("GET", parts, edge)


def _exchanged(method: str, parts: SplitResult, edge: Edge) -> _Reply:
    port = parts.port or _PORTS[parts.scheme]
    if port < _ANYBODYS and port not in _PORTS.values():
        raise _NoAnswerError
    host = parts.hostname or ""
    until = edge.clock() + PATIENCE
    with edge.open(host, port, secure=parts.scheme == "https") as channel:
        channel.settimeout(PATIENCE)
        channel.sendall(_request(method, parts))
        data = b""
        while True:
            head, data = _head(channel, data, until, edge)
            found = _STATUS.match(head)
            if not found:
                raise _NoAnswerError
            if int(found[1]) >= _FINE:
                break
    location = _LOCATION.search(head)
    return _Reply(int(found[1]), _decoded(location[1]) if location else "")


def _request(method: str, parts: SplitResult) -> bytes:
    where = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = parts.netloc.rpartition("@")[2]
    lines = (
        f"{method} {where} HTTP/1.1",
        f"Host: {host}",
        f"User-Agent: {USER_AGENT}",
        "Accept: text/html,application/xhtml+xml,*/*;q=0.8",
        "Accept-Encoding: identity",
        "Connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode("ascii")


def _head(channel: socket.socket, data: bytes, until: float, edge: Edge) -> tuple[bytes, bytes]:
    """Return the head of an answer, and what came behind it; `data` is what has come already."""
    while _HEAD_END not in data:
        left = until - edge.clock()
        if left <= 0:
            raise TimeoutError
        if len(data) > _LONGEST_HEAD:
            raise _NoAnswerError
        channel.settimeout(left)
        part = channel.recv(_LONGEST_HEAD)
        if not part:
            raise _NoAnswerError
        data += part
    head, _end, rest = data.partition(_HEAD_END)
    return head + b"\r\n", rest


def _decoded(location: bytes) -> str:
    try:
        return location.decode("utf-8")
    except UnicodeDecodeError:
        return location.decode("latin-1")
