"""API keys by hand and by login sessions: made, asked about, changed, revoked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from zotsync.sandbox.server import Access, Sandbox

ROOT = httpx2.BasicAuth("root", "rootpw")
USER = 101
ACCESS = {"user": {"library": True, "notes": True, "write": True}}


@pytest.fixture
def client() -> Iterator[httpx2.Client]:
    made = Sandbox(testing=True)
    transport = httpx2.WSGITransport(app=made.app)
    with httpx2.Client(transport=transport, base_url="http://sandbox.test") as client:
        client.post(f"/test/setup?u={USER}&u2=102", auth=ROOT)
        yield client
    made.close()


def new_key(client: httpx2.Client, **fields: Any) -> Any:
    sent = {"name": "Test", "access": ACCESS} | fields
    answer = client.post(f"/users/{USER}/keys", json=sent, auth=ROOT)
    assert answer.status_code == 201, answer.text
    return answer.json()


def with_key(key: str) -> dict[str, Any]:
    return {"headers": {"Zotero-API-Key": key}}


def test_a_key_shows_what_is_granted_and_nothing_else(client: httpx2.Client) -> None:
    made = new_key(client, access={"user": {"library": True}})
    assert made["access"] == {"user": {"library": True, "files": True}}
    assert "access" not in new_key(client, access={"user": {"write": True}})
    shown = client.get(f"/keys/{made['key']}").json()
    assert set(shown) == {"key", "userID", "username", "displayName", "access"}
    assert {"name", "dateAdded"} <= set(client.get(f"/keys/{made['key']}", auth=ROOT).json())


def test_rights_in_groups_one_is_not_in_are_passed_over(client: httpx2.Client) -> None:
    made = new_key(client, access=ACCESS | {"groups": {"7": {"library": True, "write": True}}})
    assert "groups" not in made["access"]
    everywhere = new_key(client, access={"groups": {"0": {"write": True}}})
    assert everywhere["access"] == {"groups": {"all": {"library": True, "write": True}}}


def test_a_key_is_made_with_name_and_password(client: httpx2.Client) -> None:
    login = {"username": "phpunit", "password": "any", "name": "Client", "access": ACCESS}
    answer = client.post("/keys", json=login)
    assert (answer.status_code, answer.json()["userID"]) == (201, USER)
    assert client.post(f"/users/{USER}/keys", json=login).status_code == 403
    assert client.post("/keys", json=login | {"password": ""}).status_code == 403
    assert client.post("/keys", json=login | {"username": "nobody"}).status_code == 403


def test_a_key_is_changed_and_revoked(client: httpx2.Client) -> None:
    key = new_key(client)["key"]
    assert client.get(f"/users/{USER}/items", **with_key(key)).status_code == 200
    less = {"name": "Less", "access": {}}
    assert client.put(f"/keys/{key}", json=less).status_code == 403
    assert client.put(f"/keys/{key}", json=less, auth=ROOT).json()["name"] == "Less"
    assert client.get(f"/users/{USER}/items", **with_key(key)).status_code == 403
    assert client.delete("/keys/current", **with_key(key)).status_code == 204
    assert client.get("/keys/current", **with_key(key)).status_code == 403


@pytest.mark.parametrize("sent", [[], {}, {"name": ""}, {"name": 5}, {"name": "é" * 200}])
def test_a_key_needs_a_name(client: httpx2.Client, sent: Any) -> None:
    answer = client.post(f"/users/{USER}/keys", json=sent, auth=ROOT)
    assert (answer.status_code, "ey name" in answer.text or sent == []) == (400, True)


def test_when_and_where_a_key_was_used_is_known(client: httpx2.Client) -> None:
    key = new_key(client)["key"]

    def known() -> Any:
        keys = client.get(f"/users/{USER}/keys", auth=ROOT).json()
        return next(k for k in keys if k["key"] == key)

    assert "lastUsed" not in known()
    client.get(f"/users/{USER}/items", **with_key(key))
    assert {"lastUsed", "recentIPs"} <= set(known())


def test_a_key_without_notes_sees_none(client: httpx2.Client) -> None:
    writer = with_key(new_key(client)["key"])
    book = client.post(f"/users/{USER}/items", json=[{"itemType": "book"}], **writer).json()
    parent = book["success"]["0"]
    note = {"itemType": "note", "note": "secret", "parentItem": parent}
    made = client.post(f"/users/{USER}/items", json=[note], **writer).json()["success"]["0"]
    reader = with_key(new_key(client, access={"user": {"library": True}})["key"])
    for path in ("items", f"items/{parent}/children", f"items?itemKey={made}"):
        assert made not in client.get(f"/users/{USER}/{path}", **reader).text
    assert client.get(f"/users/{USER}/items/{made}", **reader).status_code == 404
    seen = client.get(f"/users/{USER}/items/{parent}", **reader).json()
    assert seen["meta"]["numChildren"] == 0
    assert client.get(f"/users/{USER}/items/{parent}", **writer).json()["meta"]["numChildren"] == 1


def begun(client: httpx2.Client, **more: Any) -> str:
    answer = client.post("/keys/sessions", **more)
    assert answer.status_code == 201
    return str(answer.json()["sessionToken"])


def complete(client: httpx2.Client, token: str, **more: Any) -> httpx2.Response:
    sent = {"sessionToken": token, "userID": USER, "access": ACCESS} | more
    return client.post("/keys/sessions/complete", json=sent, auth=ROOT)


def test_a_login_session_ends_with_a_key(client: httpx2.Client) -> None:
    agent = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Zotero/9.0"}
    token = begun(client, headers=agent)
    assert client.get(f"/keys/sessions/{token}").json() == {"status": "pending"}
    assert complete(client, token).status_code == 204
    done = client.get(f"/keys/sessions/{token}").json()
    assert (done["status"], done["userID"]) == ("completed", USER)
    shown = client.get(f"/keys/{done['apiKey']}", auth=ROOT).json()
    assert (shown["name"], shown["access"]["user"]["write"]) == (
        "Automatic Zotero Client Key (Windows)",
        True,
    )
    assert complete(client, token).status_code == 409
    assert client.delete(f"/keys/sessions/{token}").status_code == 409


def test_a_session_may_give_an_old_key_new_rights(client: httpx2.Client) -> None:
    key = new_key(client, access={"user": {"library": True}})["key"]
    token = begun(client, **with_key(key))
    info = client.get(f"/keys/sessions/{token}/info", auth=ROOT).json()
    assert (info["userID"], info["access"]["user"]["library"]) == (USER, True)
    assert complete(client, token).status_code == 204
    assert client.get(f"/keys/sessions/{token}").json()["apiKey"] == key
    assert client.get("/keys/current", **with_key(key)).json()["access"]["user"]["write"]


def test_sessions_are_cancelled_and_unknown(client: httpx2.Client) -> None:
    token = begun(client)
    assert client.delete(f"/keys/sessions/{token}").status_code == 204
    assert client.get(f"/keys/sessions/{token}").json() == {"status": "cancelled"}
    assert complete(client, token).status_code == 409
    assert client.get("/keys/sessions/unknown").status_code == 404
    assert complete(client, "unknown").status_code == 404
    for missing in ({"sessionToken": ""}, {"access": None}, {"userID": None}):
        assert complete(client, begun(client), **missing).status_code == 400


def test_a_changed_key_keeps_its_number(sandbox: Sandbox, api: Any) -> None:
    first = api.get("/keys/current", showid=1).json()["id"]
    sandbox.add_key("aliceKeyOfTheTests00000", 1, groups={10: Access(write=False)})
    assert api.get("/keys/current", showid=1).json()["id"] == first
