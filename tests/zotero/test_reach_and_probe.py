"""Which groups a key reaches, and whether a server answers: small questions before there is a workspace."""

from __future__ import annotations

from email.utils import formatdate

import httpx2
import pytest

from zotsync.errors import RightsError, ServerError
from zotsync.zotero.probe import probe, proxy_name
from zotsync.zotero.reach import reach_of

URL = "https://api.zotero.org"
KEY = "abcdefGHIJKL1234567890xY"


def answering(answers: dict[str, httpx2.Response]) -> httpx2.MockTransport:
    return httpx2.MockTransport(lambda request: answers[request.url.path])


def group(number: int, owner: int) -> dict[str, object]:
    data = {"name": f"G{number}", "type": "Private", "owner": owner, "libraryEditing": "members"}
    return {"id": number, "version": 1, "data": {"id": number, **data}}


def test_the_groups_that_a_key_may_read_are_those_of_its_owner_that_it_is_for() -> None:
    known = {"userID": 7, "username": "camille", "access": {"groups": {"4": {"library": True}}}}
    listed = [group(4, 7), group(5, 7)]
    transport = answering(
        {
            "/keys/current": httpx2.Response(200, json=known),
            "/users/7/groups": httpx2.Response(200, json=listed),
        }
    )
    reach = reach_of(KEY, URL, transport=transport)
    assert [(one.id, rights.can_write) for one, rights in reach.groups] == [(4, False)]
    assert reach.is_own_number(7)
    assert not reach.is_own_number(4)


@pytest.mark.parametrize("key", [KEY, "clé collée"])
def test_a_key_that_is_none_is_an_error_of_rights(key: str) -> None:
    transport = answering({"/keys/current": httpx2.Response(403, text="Invalid key")})
    with pytest.raises(RightsError, match="does not know this API key"):
        reach_of(key, URL, transport=transport)


def test_what_is_not_zotero_s_is_an_error_of_the_server() -> None:
    transport = answering({"/keys/current": httpx2.Response(200, json=["?"])})
    with pytest.raises(ServerError, match=r"not Zotero's"):
        reach_of(KEY, URL, transport=transport)


@pytest.mark.parametrize("ahead", [0, 3600, -7200])
def test_the_clock_is_compared_with_the_server_s(ahead: int) -> None:
    headers = {"Date": formatdate(1_000_000, usegmt=True)}
    transport = answering({"/keys/current": httpx2.Response(403, headers=headers)})
    reached = probe(URL, transport=transport, now=lambda: 1_000_000 + ahead)
    assert reached.skew == pytest.approx(ahead, abs=2)


@pytest.mark.parametrize("headers", [{}, {"Date": "yesterday"}])
def test_without_a_date_nothing_is_said_of_the_clock(headers: dict[str, str]) -> None:
    transport = answering({"/keys/current": httpx2.Response(403, headers=headers)})
    assert probe(URL, transport=transport).skew is None


def test_a_server_with_a_fault_of_its_own_is_asked_once() -> None:
    asked = []

    def fail(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(503)

    with pytest.raises(ServerError, match="503"):
        probe(URL, transport=httpx2.MockTransport(fail))
    assert len(asked) == 1


def test_a_login_page_in_between_is_named() -> None:
    page = httpx2.Response(200, html="<!doctype html><title>Wi-Fi</title>")
    with pytest.raises(ServerError, match=r"not Zotero's"):
        probe(URL, transport=answering({"/keys/current": page}))


def test_a_proxy_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://camille:secret@proxy.example.org:3128")
    assert proxy_name(URL) == "proxy.example.org:3128"
    assert proxy_name("http://127.0.0.1:8080") == ""
