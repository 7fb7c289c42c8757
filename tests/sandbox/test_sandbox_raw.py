"""Whatever comes over a socket, the answer is a proper one, and the next request is answered too."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zotsync.sandbox.server import Sandbox, Served

ITEMS = b"/groups/10/items"
HEAD = b"Host: localhost\r\nZotero-API-Key: aliceKeyOfTheTests00000\r\n"
CHUNKED = b"POST " + ITEMS + b" HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
GZIP = b"Content-Encoding: gzip\r\n"


@pytest.fixture
def served(sandbox: Sandbox) -> Iterator[Served]:
    with sandbox.serve() as running:
        yield running


def get(path: bytes, more: bytes = b"", method: bytes = b"GET") -> bytes:
    return method + b" " + path + b" HTTP/1.1\r\n" + HEAD + more + b"\r\n"


def post(body: bytes, more: bytes = b"", length: bytes | None = None) -> bytes:
    size = str(len(body)).encode() if length is None else length
    return get(ITEMS, more + b"Content-Length: " + size + b"\r\n", b"POST") + body


def chunk(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(body), body)


def note(html: str) -> bytes:
    return post(json.dumps([{"itemType": "note", "note": html}]).encode())


def exchanged(served: Served, sent: bytes) -> bytes:
    """Return all that comes back; the server may stop reading before all has been sent."""
    answer = b""
    with socket.create_connection((served.host, served.port), timeout=30) as connection:
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        try:
            while data := connection.recv(65536):
                answer += data
        except ConnectionResetError:
            pass
    return answer


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def lives(served: Served) -> bool:
    return status(exchanged(served, get(b"/creatorFields"))) == 200


REQUESTS = {
    "random bytes": (bytes(range(256)) * 4 + b"\r\n\r\n", 400),
    "NUL": (b"\0\0\r\n\r\n", 400),
    "TLS": (b"\x16\x03\x01\x00\xa5\x01\x00" + b"a" * 160 + b"\r\n\r\n", 400),
    "a method in small letters": (get(b"/schema", method=b"get"), 400),
    "an unknown method": (get(ITEMS, method=b"FOO"), 405),
    "TRACE": (get(ITEMS, method=b"TRACE"), 405),
    "CONNECT": (get(b"example.org:80", method=b"CONNECT"), 404),
    "a whole address": (get(b"http://localhost" + ITEMS), 200),
    "a broken address": (get(b"http://[::1/schema"), 400),
    "an address that is not ASCII": (get("/groups/10/tags/é".encode()), 400),
    "a NUL in the path": (get(ITEMS + b"/%00"), 404),
    "a broken escape": (get(b"/groups/10/tags/%zz?q=%zz"), 404),
    "bad UTF-8 in the path": (get(b"/groups/10/tags/%ff"), 404),
    "bad UTF-8 in the query": (get(ITEMS + b"?q=%ff&tag=%ed%a0%80"), 200),
    "a path that climbs": (get(b"/groups/10/../../etc/passwd"), 404),
    "line breaks in the query": (get(ITEMS + b"?limit=1&q=%0d%0aX-Evil:1"), 200),
    "a long address": (get(b"/" + b"a" * 50_000), 404),
    "a huge header": (get(b"/schema", b"X: " + b"a" * 300_000 + b"\r\n"), 431),
    "many headers": (get(b"/schema", b"".join(b"X%d: a\r\n" % n for n in range(20_000))), 431),
    "many words": (get(ITEMS + b"?q=" + b"a+" * 20_000), 400),
    "many tags": (get(ITEMS + b"?" + b"tag=a&" * 5_000), 400),
    "a line break alone": (get(b"/schema", b"X: a\nb\r\n"), 400),
    "a version that is too long": (
        get(ITEMS, b"If-Modified-Since-Version: " + b"9" * 5000 + b"\r\n"),
        400,
    ),
    "two versions": (get(ITEMS, b"If-Modified-Since-Version: 1, 2\r\n"), 400),
    "another charset": (post('[{"title":"é"}]'.encode("latin-1")), 400),
    "no JSON": (post(b"--x"), 400),
    "a lone surrogate": (post(b'[{"itemType":"book","title":"\\ud800"}]'), 400),
    "NaN": (post(b'[{"itemType":"book","title":NaN}]'), 400),
    "a number beyond all": (post(b'[{"version":1e400}]'), 400),
    "a number of 5,000 digits": (post(b'[{"version":' + b"9" * 5000 + b"}]"), 400),
    "a number of 4,000 digits": (post(b'[{"version":' + b"9" * 4000 + b"}]"), 200),
    "a name twice": (post(b'[{"itemType":"book","title":"a","title":"b"}]'), 200),
    "a NUL in a text": (post(b'[{"itemType":"book","title":"a\\u0000b"}]'), 200),
    "deep JSON": (post(b"[" * 100_000 + b"]" * 100_000), 400),
    "JSON as deep as the stack": (post(b"[" * 940 + b"]" * 940), 400),
    "bad gzip": (post(b"\x1f\x8bxx", GZIP), 400),
    "cut gzip": (post(gzip.compress(b"[]")[:-9], GZIP), 400),
    "a gzip bomb": (post(gzip.compress(b"[" + b" " * 50_000_000 + b"]"), GZIP), 413),
    "9 MB": (post(b" " * 9_000_000), 413),
    "9 MB in chunks": (CHUNKED + chunk(b" " * 1_000_000) * 9 + b"0\r\n\r\n", 413),
    "chunks": (CHUNKED + chunk(b'[{"itemType":') + chunk(b'"book"}]') + b"0\r\n\r\n", 200),
    "chunks that are none": (CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n", 400),
    "a length below 0": (post(b"[]", length=b"-1"), 400),
    "a length that is none": (post(b"[]", length=b"x"), 400),
    "a length beyond all": (post(b"[]", length=b"9" * 30), 413),
    "two lengths": (post(b"[]", b"Content-Length: 7\r\n"), 400),
    "a web page's request": (get(ITEMS, b"Origin: https://example.org\r\n"), 403),
    "a page that hides its origin": (
        (
            b"POST /groups/10/items?key=aliceKeyOfTheTests00000 HTTP/1.1\r\nHost: localhost\r\n"
            b"Origin: null\r\nContent-Length: 2\r\n\r\n[]"
        ),
        403,
    ),
    "a page of its own": (get(ITEMS, b"Origin: http://localhost\r\n"), 200),
    "the Zotero client, which has no origin": (post(b"[]", b"Origin: null\r\n"), 200),
    "a name that means 127.0.0.1": (get(ITEMS).replace(b"localhost", b"example.org"), 403),
    "a host that is none": (get(ITEMS).replace(b"localhost", b"[::1"), 403),
    "a note full of tags that do not end": (note("<p>" + "a<" * 110_000), 200),
    "a note as deep as can be": (note("<b>" * 80_000), 200),
    "a note of ends that end nothing": (note("<b></p>" * 30_000), 200),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_it_is_answered_properly(served: Served, name: str) -> None:
    sent, expected = REQUESTS[name]
    assert status(exchanged(served, sent)) == expected
    assert lives(served)


def test_what_is_beyond_all_measure_breaks_off_without_harm(served: Served) -> None:
    exchanged(served, post(b" " * 40_000_000))
    assert lives(served)


def test_clients_that_never_finish_hold_nobody_up(served: Served) -> None:
    address = (served.host, served.port)
    idle = [socket.create_connection(address) for _index in range(50)]
    try:
        for connection in idle:
            connection.sendall(post(b"[", length=b"100"))
        assert lives(served)
    finally:
        for connection in idle:
            connection.close()


def test_browsers_are_not_told_that_pages_may_read(served: Served) -> None:
    for method in (b"GET", b"OPTIONS"):
        answer = exchanged(served, get(ITEMS, b"Origin: null\r\n", method))
        assert b"access-control" not in answer.lower()


PIECES = st.sampled_from(
    [
        *(
            b"GET ",
            b"POST ",
            b"/groups/10/items",
            b"?q=",
            b" HTTP/1.1",
            b"\r\n",
            b"\r\n\r\n",
            b"\n",
        ),
        *(
            HEAD,
            GZIP,
            b"Content-Length: ",
            b"5",
            b"Transfer-Encoding: chunked\r\n",
            b"%",
            b"\0",
            b"[",
        ),
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(PIECES | st.binary(max_size=8), max_size=12).map(b"".join))
def test_nothing_brings_it_down(served: Served, sent: bytes) -> None:
    answer = exchanged(served, sent)
    assert not answer or status(answer) != 500
    assert lives(served)
