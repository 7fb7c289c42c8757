"""What a test server has besides (`--testing`): a super-user who sets up people, groups and keys."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from zotsync.sandbox.server import Sandbox

ROOT = httpx2.BasicAuth("root", "rootpw")
ONE, TWO = 101, 102
GROUP = '<group owner="{owner}" name="{name}" type="{type}" libraryReading="{reading}"/>'


@pytest.fixture
def client() -> Iterator[httpx2.Client]:
    made = Sandbox(testing=True)
    transport = httpx2.WSGITransport(app=made.app)
    with httpx2.Client(transport=transport, base_url="http://sandbox.test") as client:
        yield client
    made.close()


@pytest.fixture
def keys(client: httpx2.Client) -> dict[str, str]:
    answer = client.post(f"/test/setup?u={ONE}&u2={TWO}", auth=ROOT)
    return {name: user["apiKey"] for name, user in answer.json().items()}


def new_group(client: httpx2.Client, **facts: Any) -> int:
    given = {"owner": ONE, "name": "Centre", "type": "Private", "reading": "members"} | facts
    answer = client.post("/groups", content=GROUP.format(**given), auth=ROOT)
    assert answer.status_code == 201, answer.text
    return int(answer.headers["Location"].rpartition("/")[2])


def told(answer: httpx2.Response) -> list[Any]:
    """Return what the streaming server would have been told."""
    header = answer.headers.get("Zotero-Debug-Notifications")
    return [json.loads(text) for text in json.loads(base64.b64decode(header))] if header else []


def as_user(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/test/setup?u=101&u2=102"),
        ("POST", "/groups"),
        ("DELETE", "/groups/10"),
        ("POST", "/groups/10/clear"),
        ("GET", "/users/1/storageadmin"),
        ("POST", "/keys/sessions/complete"),
    ],
)
def test_an_ordinary_server_knows_no_super_user(nobody: Any, method: str, path: str) -> None:
    body = {"content": "x"} if method == "POST" else {}
    assert nobody.ask(method, path, auth=ROOT, **body).status_code in (403, 404, 405)


def test_nobody_else_may_do_what_the_super_user_does(
    client: httpx2.Client, keys: dict[str, str]
) -> None:
    mine = as_user(keys["user1"])
    assert client.post("/test/setup?u=101&u2=102", headers=mine).status_code == 404
    assert client.post("/users/101/clear", headers=mine).status_code == 404
    assert client.post("/groups", content="<group/>", headers=mine).status_code == 403
    wrong = httpx2.BasicAuth("root", "guessed")
    assert client.post("/groups", content="<group/>", auth=wrong).status_code == 403


def test_setting_up_gives_two_users_new_keys_and_empty_libraries(
    client: httpx2.Client, keys: dict[str, str]
) -> None:
    mine = as_user(keys["user1"])
    client.post("/users/101/items", json=[{"itemType": "book"}], headers=mine)
    assert len(client.get("/users/101/items", headers=mine).json()) == 1
    again = client.post("/test/setup?u=101&u2=102", auth=ROOT).json()
    assert client.get("/users/101/items", headers=mine).status_code == 403
    fresh = as_user(again["user1"]["apiKey"])
    assert client.get("/users/101/items", headers=fresh).json() == []
    access = client.get("/keys/current", headers=fresh).json()["access"]
    assert access["groups"] == {"all": {"library": True, "write": True}}


def test_a_group_is_made_changed_and_taken_away(
    client: httpx2.Client, keys: dict[str, str]
) -> None:
    mine, hers = as_user(keys["user1"]), as_user(keys["user2"])
    number = new_group(client)
    assert client.get(f"/groups/{number}", headers=hers).status_code == 404
    member = f'<user id="{TWO}" role="member"/>'
    assert client.post(f"/groups/{number}/users", content=member, auth=ROOT).status_code == 200
    seen = client.get(f"/groups/{number}", headers=hers).json()
    assert (seen["data"]["members"], seen["meta"]["isAdmin"]) == ([TWO], False)
    xml = GROUP.format(owner=ONE, name="Fonds", type="Private", reading="members")
    changed = client.put(f"/groups/{number}", content=xml, auth=ROOT)
    assert b'name="Fonds"' in changed.content
    now = client.get(f"/groups/{number}", headers=mine).json()
    assert (now["data"]["name"], now["version"] > seen["version"]) == ("Fonds", True)
    assert client.delete(f"/groups/{number}", auth=ROOT).status_code == 204
    assert client.get(f"/groups/{number}", headers=mine).status_code == 404


@pytest.mark.parametrize("body", ["no xml", "<group", '<group owner="x"/>', ""])
def test_a_group_that_cannot_be_read_is_refused(client: httpx2.Client, body: str) -> None:
    assert client.post("/groups", content=body, auth=ROOT).status_code == 400


def test_entities_in_xml_are_not_followed(client: httpx2.Client) -> None:
    xml = (
        '<!DOCTYPE g [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        '<group owner="101" name="A" type="Private"><description>&x;</description></group>'
    )
    answer = client.post("/groups", content=xml, auth=ROOT)
    assert b"root:" not in answer.content


def test_groups_are_found_by_name_once_they_have_items(
    client: httpx2.Client, keys: dict[str, str]
) -> None:
    number = new_group(client, name="Sociologie", type="PublicClosed", reading="all")
    assert client.get("/groups?q=sociologie", auth=ROOT).json() == []
    headers = as_user(keys["user1"])
    client.post(f"/groups/{number}/items", json=[{"itemType": "book"}], headers=headers)
    assert [g["id"] for g in client.get("/groups?q=sociologie", auth=ROOT).json()] == [number]
    assert client.get("/groups?q=histoire", auth=ROOT).json() == []


def test_public_groups_are_seen_by_all_and_private_ones_by_their_keys(
    client: httpx2.Client, keys: dict[str, str]
) -> None:
    public = new_group(client, type="PublicOpen", reading="all")
    closed = new_group(client, type="PublicClosed")
    private = new_group(client)

    def seen(**headers: Any) -> set[int]:
        return {group["id"] for group in client.get("/users/101/groups", **headers).json()}

    assert seen() == {public, closed}
    assert seen(headers=as_user(keys["user1"])) == {public, closed, private}
    assert client.get(f"/groups/{public}/items").status_code == 200
    assert client.get(f"/groups/{closed}/items").status_code == 403


def test_what_changes_is_told(client: httpx2.Client, keys: dict[str, str]) -> None:
    number = new_group(client)
    mine = as_user(keys["user1"])
    path = f"/groups/{number}/items"
    answer = client.post(path, json=[{"itemType": "book"}], headers=mine)
    version = int(answer.headers["Last-Modified-Version"])
    topic = f"/groups/{number}"
    assert told(answer) == [{"event": "topicUpdated", "topic": topic, "version": version}]
    assert told(client.get(path, headers=mine)) == []
    member = f'<user id="{TWO}" role="admin"/>'
    joined = told(client.post(f"/groups/{number}/users", content=member, auth=ROOT))
    assert [(n["event"], n["topic"]) for n in joined] == [("topicAdded", topic)]
    left = told(client.delete(f"/groups/{number}/users/{TWO}", auth=ROOT))
    assert [(n["event"], n["topic"]) for n in left] == [("topicRemoved", topic)]
    gone = told(client.delete(f"/groups/{number}", auth=ROOT))
    assert gone == [{"event": "topicDeleted", "topic": topic}]


def test_a_user_has_300_megabytes_unless_more_is_paid_for(
    client: httpx2.Client, keys: dict[str, str]
) -> None:
    place = f"/users/{ONE}/storageadmin"
    assert keys
    assert b"<quota>300</quota>" in client.get(place, auth=ROOT).content
    paid = client.post(place, data={"quota": "2000", "expiration": "4102444800"}, auth=ROOT)
    assert b"<quota>2000</quota><expiration>4102444800</expiration>" in paid.content
    for data in ({}, {"quota": "much", "expiration": "0"}, {"quota": "5"}):
        assert client.post(place, data=data, auth=ROOT).status_code == 400
