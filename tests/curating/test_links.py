"""Links are asked for politely, and nobody can make zotsync ask on a network of one's own."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from curating.sites import PUBLIC, Site, a_site
from hypothesis import given
from hypothesis import strategies as st

from zotsync.curating import rounds
from zotsync.curating.answers import Answer, Outcome, Reason, is_public
from zotsync.curating.asking import USER_AGENT, ask
from zotsync.curating.edge import Edge
from zotsync.curating.rounds import KEPT, answers, remembered


@pytest.fixture
def site() -> Iterator[Site]:
    with a_site() as made:
        yield made


def raw(data: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    """Return a page that is just these bytes."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(data)
        handler.close_connection = True

    return write


@pytest.mark.parametrize(
    ("page", "outcome"),
    [
        (200, Outcome.FINE),
        (204, Outcome.FINE),
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        (401, Outcome.UNSURE),
        (403, Outcome.UNSURE),
        (429, Outcome.UNSURE),
        (500, Outcome.UNSURE),
        (503, Outcome.UNSURE),
        ((301, "http://b.fr/y"), Outcome.MOVED),
        ((308, "/y"), Outcome.MOVED),
        ((302, "/y"), Outcome.FINE),
        ((302, "http://a.fr/"), Outcome.MOVED),
        ((301, "/x"), Outcome.UNSURE),
        (
            raw(b"HTTP/1.1 103 Early Hints\r\nLink: </s>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),
            Outcome.FINE,
        ),
        (raw(b"SSH-2.0-OpenSSH\r\n\r\n"), Outcome.UNSURE),
        (raw(b""), Outcome.UNSURE),
        (raw(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 20_000), Outcome.UNSURE),
        ((301, "ftp://b.fr/y"), Outcome.UNSURE),
        ((301, "file:///etc/passwd"), Outcome.UNSURE),
    ],
)
def test_what_a_server_says_is_understood(site: Site, page: Any, outcome: Outcome) -> None:
    site.pages["/x"] = page
    assert ask("http://a.fr/x", site.edge()).outcome is outcome


def test_a_server_that_minds_head_is_asked_with_get(site: Site) -> None:
    def page(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200 if handler.command == "GET" else 405)
        handler.end_headers()

    site.pages["/x"] = page
    assert ask("http://a.fr/x", site.edge()).outcome is Outcome.FINE
    assert [method for method, *_rest in site.asked] == ["HEAD", "GET"]


def test_it_says_who_asks_and_keeps_no_cookie(site: Site) -> None:
    site.pages["/x"] = (302, "http://a.fr/y")
    ask("http://name:secret@a.fr/x?q=1#f", site.edge())
    ask("http://a.fr/x", site.edge())
    for _method, host, _path, headers in site.asked:
        assert host == "a.fr"
        assert headers["User-Agent"] == USER_AGENT
        assert USER_AGENT.startswith("zotsync/")
        assert {"Cookie", "Authorization", "Referer"}.isdisjoint(headers)


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["192.168.1.1"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["0.0.0.0"],  # noqa: S104
        ["224.0.0.1"],
        ["::1"],
        ["fe80::1%eth0"],
        ["fd00::1"],
        ["fec0::1"],
        ["64:ff9b:1::7f00:1"],
        ["::7f00:1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"],
        [PUBLIC, "10.0.0.1"],
    ],
)
def test_a_network_of_ones_own_is_never_asked(site: Site, addresses: list[str]) -> None:
    site.names["intern.fr"] = addresses
    answer = ask("http://intern.fr/x", site.edge())
    assert (answer.outcome, answer.reason) == (Outcome.REFUSED, Reason.PRIVATE)
    assert site.connected == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nor_is_it_where_a_link_sends_on_to_it(site: Site, status: int) -> None:
    site.names["intern.fr"] = ["10.0.0.1"]
    site.pages["/x"] = (status, "http://intern.fr/secret")
    assert ask("http://a.fr/x", site.edge()).outcome is Outcome.REFUSED
    assert [path for _m, _h, path, _hs in site.asked] == ["/x"]


def test_this_very_machine_is_never_asked(site: Site) -> None:
    edge = Edge(connect=site.connect)  # the machine's own look-up: nothing leaves it for these
    for url in ("http://127.0.0.1/", "http://localhost/", "https://localhost:8080/"):
        assert ask(url, edge).outcome is Outcome.REFUSED
    assert site.connected == []


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "[::1]", "[::ffff:7f00:1]",
     "127。0。0。1", "①②⑦.0.0.1", "93.184.216.34@localhost"],
)  # fmt: skip
def test_however_its_address_is_written(site: Site, host: str) -> None:
    site.names[urlsplit(f"http://{host}").hostname or ""] = ["127.0.0.1"]  # as systems read it
    site.pages["/x"] = (302, f"http://{host}/secret")
    assert ask(f"http://{host}/", site.edge()).outcome is Outcome.REFUSED
    assert site.connected == []
    assert ask("http://a.fr/x", site.edge()).outcome in {Outcome.REFUSED, Outcome.UNSURE}
    assert {path for _m, _h, path, _hs in site.asked} == {"/x"}


@pytest.mark.parametrize("port", [22, 25, 110, 631])
def test_services_that_are_no_web_servers_are_left_in_peace(site: Site, port: int) -> None:
    assert ask(f"http://a.fr:{port}/", site.edge()).outcome is Outcome.UNSURE
    site.pages["/x"] = (302, f"http://a.fr:{port}/")
    assert ask("http://a.fr/x", site.edge()).outcome is Outcome.UNSURE
    assert len(site.connected) == 1


def test_what_was_looked_at_is_what_is_connected_to(site: Site) -> None:
    seen: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        seen.append(host)
        return [PUBLIC] if len(seen) == 1 else ["127.0.0.1"]

    ask("http://a.fr/", Edge(resolve=resolve, connect=site.connect))
    assert seen == ["a.fr"]
    assert site.connected == [PUBLIC]


def test_a_server_that_drips_has_no_more_time_than_others(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zotsync.curating.asking.PATIENCE", 0.3)

    def drip(handler: BaseHTTPRequestHandler) -> None:
        try:
            for _n in range(200):
                handler.wfile.write(b"H")
                time.sleep(0.02)
        except OSError:
            handler.close_connection = True

    site.pages["/x"] = drip
    answer = ask("http://a.fr/x", site.edge())
    assert (answer.outcome, answer.reason) == (Outcome.UNSURE, Reason.TIME)


def test_a_host_without_a_name_is_gone_and_a_faulty_certificate_cannot_be_told(site: Site) -> None:
    site.names["nowhere.fr"] = []
    assert ask("http://nowhere.fr/", site.edge()).outcome is Outcome.GONE
    answer = ask("https://a.fr/", site.edge())  # what answers speaks no TLS
    assert (answer.outcome, answer.reason) == (Outcome.UNSURE, Reason.CERTIFICATE)
    assert ask("http://a.fr:99999/", site.edge()).outcome is Outcome.UNSURE


def test_one_host_is_asked_for_one_thing_at_a_time_with_a_pause(site: Site, tmp_path: Path) -> None:
    urls = [f"http://{host}.fr/{n}" for host in "abcdef" for n in range(4)]
    site.pages["/0"] = (302, "http://z.fr/")  # all are sent on to one host
    found = answers(urls, tmp_path, replace(site.edge(), clock=lambda: 0.0))
    assert {answer.outcome for answer in found.values()} == {Outcome.FINE, Outcome.MOVED}
    assert set(site.most.values()) == {1}
    assert len(site.slept) >= 18
    assert all(0 < pause <= rounds.PAUSE for pause in site.slept)


def test_a_host_that_has_had_enough_is_left_alone(site: Site, tmp_path: Path) -> None:
    site.pages["/1"] = 429
    found = answers([f"http://a.fr/{n}" for n in range(4)], tmp_path, site.edge())
    assert sorted(found) == ["http://a.fr/0", "http://a.fr/1"]
    assert [path for _m, _h, path, _hs in site.asked] == ["/0", "/1"]


def test_a_second_run_asks_only_what_is_old(site: Site, tmp_path: Path) -> None:
    site.pages["/gone"] = 404
    urls = ["http://a.fr/x", "http://a.fr/gone"]
    first = answers(urls, tmp_path, site.edge())
    count = len(site.asked)
    assert answers(urls, tmp_path, site.edge()) == first
    assert len(site.asked) == count
    site.time += rounds.LASTS[Outcome.GONE]
    site.asked.clear()
    answers(urls, tmp_path, site.edge())
    assert {path for _m, _h, path, _hs in site.asked} == {"/gone"}


def test_what_was_told_is_kept_when_somebody_stops_it(site: Site, tmp_path: Path) -> None:
    def stop(_done: int, _all: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        answers(["http://a.fr/x", "http://a.fr/y"], tmp_path, site.edge(), stop)
    assert list(remembered(tmp_path / KEPT)) == ["http://a.fr/x"]


def test_where_no_host_has_a_name_it_is_this_machine_that_is_cut_off(
    site: Site, tmp_path: Path
) -> None:
    site.names = {"a.fr": [], "b.fr": []}
    urls = ["http://a.fr/", "http://b.fr/"]
    cut_off = answers(urls, tmp_path, site.edge())
    assert {a.outcome for a in cut_off.values()} == {Outcome.UNSURE}
    found = answers([*urls, "http://c.fr/"], tmp_path, site.edge())
    assert [found[url].outcome for url in urls] == [Outcome.GONE, Outcome.GONE]


def test_an_address_without_a_name_does_not_tell_whether_this_machine_is_cut_off(
    site: Site, tmp_path: Path
) -> None:
    site.names = {"a.fr": []}
    urls = ["http://a.fr/", "http://127.0.0.1:9/x", "http://[::1]/"]
    cut_off = answers(urls, tmp_path, site.edge())
    assert cut_off["http://a.fr/"].outcome is Outcome.UNSURE
    assert not (tmp_path / KEPT).exists()


def test_what_was_not_found_out_while_cut_off_is_asked_again_at_once(
    site: Site, tmp_path: Path
) -> None:
    url = "http://a.fr/"
    before = answers([url], tmp_path, site.edge())
    site.time += rounds.LASTS[Outcome.FINE]
    site.names = {"a.fr": []}
    assert answers([url], tmp_path, site.edge())[url].outcome is Outcome.UNSURE
    assert remembered(tmp_path / KEPT) == before
    site.names = {}
    assert answers([url], tmp_path, site.edge())[url].outcome is Outcome.FINE


@given(st.binary(max_size=60) | st.sampled_from([b"{}", b'{"links": []}', b'{"links": {"a": {}}}']))
def test_a_damaged_memory_is_an_empty_one(tmp_path_factory: Any, data: bytes) -> None:
    file = tmp_path_factory.mktemp("kept") / KEPT
    file.write_bytes(data)
    assert remembered(file) == {}


def test_what_is_remembered_is_what_was_told(site: Site, tmp_path: Path) -> None:
    site.pages["/x"] = (301, "http://a.fr/y")
    told = answers(["http://a.fr/x"], tmp_path, site.edge())
    assert remembered(tmp_path / KEPT) == told
    assert json.loads((tmp_path / KEPT).read_text("utf-8"))["version"] == 1
    assert told["http://a.fr/x"] == Answer(Outcome.MOVED, site.time, 200, to="http://a.fr/y")


@given(st.ip_addresses() | st.text(max_size=20))
def test_a_public_address_is_global_whatever_it_looks_like(address: Any) -> None:
    assert not is_public(str(address)) or address.is_global
