"""The group library: requests as Zotero wants them, answers or the right error."""

from __future__ import annotations

import gc
import json
import threading
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from zotsync.errors import (
    NotThereError,
    RightsError,
    ServerError,
    StaleError,
    UnknownOutcomeError,
    ZotsyncError,
)
from zotsync.model import KEY_ALPHABET
from zotsync.zotero.answers import Failed, Unchanged, Written
from zotsync.zotero.library import FETCH_SIZE, WORKERS, GroupLibrary
from zotsync.zotero.rights import Obstacle, parse_group

SECRET = "Qz7vBcD9eFgH2jKlMnPqRs3T"  # noqa: S105 - nobody's
Handler = Callable[[httpx2.Request], httpx2.Response]


class Server:
    """Answer by path below the group (or the whole path); note every request."""

    def __init__(self, **routes: Any) -> None:
        self.routes = {
            "/keys/current": httpx2.Response(
                200,
                json={
                    "key": SECRET,
                    "userID": 7,
                    "username": "odile",
                    "access": {"groups": {"all": {"library": True, "write": True}}},
                },
            ),
            "": httpx2.Response(200, json=GROUP),
        } | routes
        self.seen: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.seen.append(request)
        path = request.url.path.removeprefix("/api").removeprefix("/groups/12")
        step = self.routes[path]
        if isinstance(step, Exception):
            raise step
        if callable(step):
            return step(request)  # type: ignore[no-any-return]
        return httpx2.Response(step.status_code, headers=step.headers, content=step.content)


GROUP: dict[str, Any] = {
    "id": 12,
    "version": 3,
    "data": {
        "name": "Centre de documentation",
        "owner": 1,
        "type": "Private",
        "libraryEditing": "members",
        "libraryReading": "members",
        "admins": [2],
        "members": [7],
    },
}


def at(version: int, body: Any, status: int = 200) -> httpx2.Response:
    return httpx2.Response(status, json=body, headers={"Last-Modified-Version": str(version)})


def library(
    server: Handler, key: str | None = SECRET, url: str = "https://z.example"
) -> GroupLibrary:
    moment = [0.0]

    def sleep(seconds: float) -> None:
        moment[0] += seconds

    return GroupLibrary(
        12,
        key,
        api_url=url,
        transport=httpx2.MockTransport(server),
        sleep=sleep,
        clock=lambda: moment[0],
    )


def keys(count: int) -> list[str]:
    base = len(KEY_ALPHABET)
    return [
        "AAAAA"
        + KEY_ALPHABET[n // base**2]
        + KEY_ALPHABET[n // base % base]
        + KEY_ALPHABET[n % base]
        for n in range(count)
    ]


def item(key: str) -> dict[str, Any]:
    return {"key": key, "version": 5, "data": {"key": key, "itemType": "book"}, "meta": {}}


def serve_asked(request: httpx2.Request) -> httpx2.Response:
    return at(9, [item(key) for key in request.url.params["itemKey"].split(",")])


# Reading


def test_versions_are_asked_for_with_the_trash_and_a_condition() -> None:
    server = Server(**{"/items": at(9, {"AAAAAAAA": 8})})
    with library(server) as zotero:
        versions = zotero.item_versions(4, unless_modified_since=5)
    assert versions is not None
    assert (versions.library_version, versions.versions) == (9, {"AAAAAAAA": 8})
    (request,) = server.seen
    assert dict(request.url.params) == {"format": "versions", "since": "4", "includeTrashed": "1"}
    assert request.headers["If-Modified-Since-Version"] == "5"
    assert request.headers["Zotero-API-Version"] == "3"
    assert request.headers["User-Agent"].startswith("zotsync/")
    assert request.headers["Authorization"] == f"Bearer {SECRET}"


def test_nothing_new_is_one_request_and_none() -> None:
    with library(Server(**{"/items": httpx2.Response(304)})) as zotero:
        assert zotero.item_versions(4, unless_modified_since=4) is None
        assert zotero.requests == 1


@pytest.mark.parametrize(
    ("said", "is_news"), [("3", True), ("4", False), ("5", False), ("x", False)]
)
def test_a_304_that_names_a_lower_version_tells_that_the_library_was_set_back(
    said: str,
    is_news: bool,  # noqa: FBT001
) -> None:
    answer = httpx2.Response(304, headers={"Last-Modified-Version": said})
    with library(Server(**{"/items": answer})) as zotero:
        versions = zotero.item_versions(4, unless_modified_since=4)
    assert (versions is not None) is is_news
    if versions is not None:
        assert (versions.library_version, dict(versions.versions)) == (3, {})


def test_a_304_that_nobody_asked_for_is_no_answer() -> None:
    with library(Server(**{"/items": httpx2.Response(304)})) as zotero, pytest.raises(ServerError):
        zotero.item_versions(4)


def test_collections_and_tombstones_are_read() -> None:
    server = Server(
        **{"/collections": at(9, {}), "/deleted": at(9, {"items": ["AAAAAAAA"], "collections": []})}
    )
    with library(server) as zotero:
        assert zotero.collection_versions().versions == {}
        assert zotero.deleted(3).items == {"AAAAAAAA"}
    assert [dict(r.url.params) for r in server.seen] == [{"format": "versions"}, {"since": "3"}]


def test_an_api_below_a_path_is_reached() -> None:
    server = Server(**{"/items": at(9, {})})
    with library(server, url="http://127.0.0.1:8080/api/") as zotero:
        zotero.item_versions(0)
    assert str(server.seen[0].url).startswith("http://127.0.0.1:8080/api/groups/12/items?")


def test_without_a_key_no_key_is_sent() -> None:
    server = Server(**{"/items": at(9, {})})
    with library(server, key=None) as zotero:
        zotero.item_versions(0)
    assert "Authorization" not in server.seen[0].headers


def test_all_objects_come_in_pages_of_the_largest_size() -> None:
    server, wanted = Server(**{"/items": serve_asked}), keys(FETCH_SIZE * 7 + 1)
    with library(server) as zotero:
        pages = list(zotero.fetch("items", wanted))
    assert sorted(o["key"] for p in pages for o in p.objects) == sorted(wanted)
    assert len(server.seen) == 8
    assert {r.url.params["includeTrashed"] for r in server.seen} == {"1"}
    assert max(len(str(r.url)) for r in server.seen) < 2000


def test_collections_are_fetched_by_their_own_parameter() -> None:
    entry = {"key": "AAAAAAAA", "version": 2, "data": {"name": "x"}}
    server = Server(**{"/collections": at(9, [entry])})
    with library(server) as zotero:
        (page,) = zotero.fetch("collections", ["AAAAAAAA"])
    assert page.objects == (entry,)
    assert server.seen[0].url.params["collectionKey"] == "AAAAAAAA"


def test_no_key_is_no_request() -> None:
    with library(Server()) as zotero:
        assert list(zotero.fetch("items", [])) == []
        assert zotero.requests == 0


@pytest.mark.parametrize("wrong", ["", "AAAA1AAA", "aaaaaaaa", "AAAAAAAA,BBBBBBBB"])
def test_a_malformed_key_is_never_asked_for(wrong: str) -> None:
    with library(Server()) as zotero:
        with pytest.raises(ValueError, match="not object keys"):
            zotero.fetch("items", ["AAAAAAAA", wrong])
        assert zotero.requests == 0


def test_no_more_than_four_requests_are_under_way_or_ahead_of_the_reader() -> None:
    gauge, under_way, most = threading.Lock(), [0], [0]
    together = threading.Barrier(WORKERS, timeout=10)

    def serve(request: httpx2.Request) -> httpx2.Response:
        with gauge:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        together.wait()  # passes only if four are under way at once
        with gauge:
            under_way[0] -= 1
        return serve_asked(request)

    server = Server(**{"/items": serve})
    with library(server) as zotero:
        pages = zotero.fetch("items", keys(FETCH_SIZE * 2 * WORKERS))
        next(pages)
        assert len(server.seen) == WORKERS  # the reader has taken one, and not yet come back
        assert len(list(pages)) == 2 * WORKERS - 1
    assert most[0] == WORKERS


def test_an_answer_with_other_keys_than_asked_is_refused() -> None:
    server = Server(**{"/items": at(9, [item("BBBBBBBB")])})
    with library(server) as zotero, pytest.raises(ServerError):
        list(zotero.fetch("items", ["AAAAAAAA"]))


def test_a_failing_page_ends_the_fetch_with_its_error() -> None:
    def serve(request: httpx2.Request) -> httpx2.Response:
        asked = request.url.params["itemKey"]
        return httpx2.Response(500) if keys(900)[850] in asked else serve_asked(request)

    with library(Server(**{"/items": serve})) as zotero, pytest.raises(ServerError):
        list(zotero.fetch("items", keys(900)))


BAD_READS = [
    (httpx2.Response(500), ServerError),
    (httpx2.Response(503, headers={"Retry-After": "9999"}), ServerError),
    (httpx2.Response(429), ServerError),
    (httpx2.Response(302, headers={"Location": "https://login.example"}), ServerError),
    (httpx2.Response(400, text="Invalid 'since'"), ServerError),
    (httpx2.Response(404, text="Group not found"), NotThereError),
    (httpx2.Response(200, text="<html>login</html>"), ServerError),
    (httpx2.Response(200, content=b"\xff\xfe{"), ServerError),
    (httpx2.Response(200, json={"AAAAAAAA": 3}), ServerError),
    (at(9, ["AAAAAAAA"]), ServerError),
    (httpx2.ConnectError("no route"), ServerError),
    (httpx2.ReadTimeout("slow"), ServerError),
    (httpx2.RemoteProtocolError("cut"), ServerError),
]


@pytest.mark.parametrize(("step", "error"), BAD_READS)
def test_a_read_that_fails_says_so(step: Any, error: type[ZotsyncError]) -> None:
    with library(Server(**{"/items": step})) as zotero, pytest.raises(error) as caught:
        zotero.item_versions(0)
    assert type(caught.value) is error
    assert caught.value.problem.hint or "refused" in str(caught.value)


# Writing

TWO = [
    {"key": "AAAAAAAA", "version": 0, "itemType": "book", "title": "é"},
    {"key": "BBBBBBBB", "version": 4, "deleted": 1},
]


def report(version: int = 9, **parts: Any) -> httpx2.Response:
    return at(version, {"successful": {}, "success": {}, "unchanged": {}, "failed": {}} | parts)


def test_items_are_written_as_they_are_and_the_report_is_read_whole() -> None:
    whole = {"key": "AAAAAAAA", "version": 9, "data": {"title": "é"}, "meta": {"x": 1}}
    failed = {"1": {"code": 412, "message": "stale"}}
    server = Server(
        **{"/items": report(success={"0": "AAAAAAAA"}, successful={"0": whole}, failed=failed)}
    )
    with library(server) as zotero:
        written = zotero.write_items(TWO)
    assert written.library_version == 9
    assert written.results == (
        Written("AAAAAAAA", 9, {"title": "é"}, {"x": 1}),
        Failed("BBBBBBBB", 412, "stale"),
    )
    (request,) = server.seen
    assert request.method == "POST"
    assert json.loads(request.content) == TWO
    assert request.headers["Zotero-Write-Token"]
    assert min(request.extensions["timeout"].values()) >= 20
    assert request.extensions["timeout"]["read"] >= 120


def test_a_collection_is_written_under_the_librarys_version() -> None:
    server = Server(**{"/collections": report(unchanged={"0": "AAAAAAAA"})})
    with library(server) as zotero:
        written = zotero.write_collection({"key": "AAAAAAAA", "version": 3, "deleted": 1}, 8)
    assert written.results == (Unchanged("AAAAAAAA"),)
    (request,) = server.seen
    assert request.headers["If-Unmodified-Since-Version"] == "8"
    assert json.loads(request.content) == [{"key": "AAAAAAAA", "version": 3, "deleted": 1}]


def write_items(zotero: GroupLibrary) -> object:
    return zotero.write_items(TWO)


def write_collection(zotero: GroupLibrary) -> object:
    return zotero.write_collection({"key": "AAAAAAAA", "version": 0, "name": "x"}, 8)


WRITES = [write_items, write_collection]
UNKNOWN = [
    httpx2.ConnectError("no route"),
    httpx2.ReadTimeout("slow"),
    httpx2.WriteTimeout("slow"),
    httpx2.RemoteProtocolError("cut"),
    httpx2.Response(500),
    httpx2.Response(502),
    httpx2.Response(503),
    httpx2.Response(504),
    httpx2.Response(520),
    httpx2.Response(200, text='{"successful": {"0": '),
    httpx2.Response(200, text=""),
    httpx2.Response(200, content=b"\xff\xfe{"),
    httpx2.Response(200, json={"successful": {}}),
    at(9, []),
    report(),
    report(unchanged={"0": "CCCCCCCC"}),
    httpx2.Response(412, text="Write token already used"),
]


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("step", UNKNOWN, ids=repr)
def test_a_write_without_a_full_answer_has_an_unknown_outcome_and_is_sent_once(
    write: Callable[[GroupLibrary], object], step: Any
) -> None:
    server = Server(**{"/items": step, "/collections": step})
    with library(server) as zotero, pytest.raises(UnknownOutcomeError):
        write(zotero)
    assert len(server.seen) == 1


REFUSED = [
    (httpx2.Response(412, text="Library has been modified"), StaleError, "changed"),
    (httpx2.Response(413, text="Too many objects"), ServerError, "Too many objects"),
    (httpx2.Response(400, text="Uploaded data must be a JSON array"), ServerError, "JSON array"),
    (httpx2.Response(428, text="no version"), ServerError, "no version"),
    (httpx2.Response(409, text="Library is locked"), ServerError, "locked"),
    (httpx2.Response(404, text="Group not found"), NotThereError, "12"),
    (httpx2.Response(302, headers={"Location": "https://login.example"}), ServerError, "log in"),
    (httpx2.Response(429, headers={"Retry-After": "9999"}), ServerError, "wait"),
    (httpx2.Response(429), ServerError, "wait"),
    (httpx2.Response(503, headers={"Retry-After": "9999"}), ServerError, "wait"),
]


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize(("step", "error", "words"), REFUSED)
def test_a_write_refused_as_a_whole_says_why(
    write: Callable[[GroupLibrary], object], step: Any, error: type[ZotsyncError], words: str
) -> None:
    server = Server(**{"/items": step, "/collections": step})
    with library(server) as zotero, pytest.raises(error, match=words) as caught:
        write(zotero)
    assert type(caught.value) is error


@pytest.mark.parametrize("write", WRITES)
def test_a_write_refused_for_now_is_sent_again_and_done_once(
    write: Callable[[GroupLibrary], object],
) -> None:
    steps = [
        httpx2.Response(429, headers={"Retry-After": "2"}),
        httpx2.Response(503, headers={"Retry-After": "Sun, 22 Nov 2026 10:00:00 GMT"}),
    ]

    def serve(request: httpx2.Request) -> httpx2.Response:
        if steps:
            return steps.pop(0)
        sent = json.loads(request.content)
        return report(unchanged={str(i): o["key"] for i, o in enumerate(sent)})

    server = Server(**{"/items": serve, "/collections": serve})
    with library(server) as zotero:
        write(zotero)
    tokens = {r.headers["Zotero-Write-Token"] for r in server.seen}
    assert (len(server.seen), len(tokens)) == (3, 1)


def test_backoff_after_a_write_never_reaches_pyzoteros_own_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("time.sleep", lambda s: pytest.fail(f"slept {s} seconds for real"))

    def serve(_request: httpx2.Request) -> httpx2.Response:
        response = report(unchanged={"0": "AAAAAAAA", "1": "BBBBBBBB"})
        response.headers["Backoff"] = "100"
        return response

    with library(Server(**{"/items": serve})) as zotero:
        zotero.write_items(TWO)
        zotero.write_items(TWO)


def test_threads_may_come_and_go_while_others_use_the_connection() -> None:
    done = report(unchanged={"0": "AAAAAAAA", "1": "BBBBBBBB"})
    with library(Server(**{"/items": done})) as zotero:
        for _ in range(3):
            thread = threading.Thread(target=zotero.write_items, args=(TWO,))
            thread.start()
            thread.join()
            gc.collect()
        assert zotero.write_items(TWO).results


# Rights


def key_json(**groups: Any) -> httpx2.Response:
    return httpx2.Response(
        200, json={"userID": 7, "username": "odile", "access": {"groups": groups}}
    )


def group_json(**data: Any) -> httpx2.Response:
    return httpx2.Response(200, json=GROUP | {"data": GROUP["data"] | data})


BOTH = {"library": True, "write": True}
FORBIDDEN = httpx2.Response(403, text="Write access denied")
GONE = httpx2.Response(404, text="Not found")
HINDERED = [
    (
        {"/keys/current": httpx2.Response(403, text="Invalid key")},
        Obstacle.BAD_KEY,
        "settings/keys/new",
    ),
    ({"/keys/current": key_json(**{"99": BOTH})}, Obstacle.KEY_SCOPE, "settings/keys"),
    (
        {"/keys/current": key_json(**{"99": BOTH}), "": httpx2.Response(403)},
        Obstacle.KEY_SCOPE,
        "settings/keys",
    ),
    (
        {"/keys/current": key_json(**{"12": {"library": True, "write": False}})},
        Obstacle.KEY_READ_ONLY,
        "Read/Write",
    ),
    ({"": group_json(members=[8])}, Obstacle.NOT_MEMBER, "groups/12"),
    ({"": httpx2.Response(403, text="Forbidden")}, Obstacle.NOT_MEMBER, "groups/12"),
    ({"": group_json(libraryEditing="admins")}, Obstacle.ROLE, "administrator"),
    ({"": httpx2.Response(404, text="Not found")}, Obstacle.NOT_MEMBER, "groups/12"),
]


def test_a_group_that_is_not_there_is_told_from_one_that_is_hidden() -> None:
    with library(Server(**{"": GONE, "/items": GONE})) as zotero:
        assert (zotero.rights().reason, zotero.rights().can_read) == (Obstacle.NO_GROUP, False)


@pytest.mark.parametrize(("routes", "obstacle", "way_out"), HINDERED)
def test_a_refusal_names_key_role_or_group_and_where_to_mend_it(
    routes: dict[str, Any], obstacle: Obstacle, way_out: str
) -> None:
    server = Server(**{"/items": FORBIDDEN, "/collections": FORBIDDEN} | routes)
    with library(server) as zotero:
        assert zotero.rights().reason is obstacle
        assert not zotero.rights().can_write
        for attempt in (*WRITES, lambda z: z.item_versions(0)):
            with pytest.raises(RightsError) as caught:
                attempt(zotero)
            assert way_out in caught.value.problem.hint


def test_no_key_is_an_obstacle_that_costs_no_request_for_the_key() -> None:
    server = Server()
    with library(server, key=None) as zotero:
        rights = zotero.rights()
        assert (rights.reason, rights.can_read, rights.can_write) == (Obstacle.NO_KEY, False, False)
        assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("key", "group"),
    [
        (key_json(all=BOTH), group_json()),
        (key_json(**{"12": BOTH}), group_json()),
        (key_json(**{"12": BOTH}), group_json(owner=7, members=[], libraryEditing="admins")),
        (key_json(**{"12": BOTH}), group_json(admins=[7], members=[], libraryEditing="admins")),
    ],
)
def test_who_may_write_may(key: httpx2.Response, group: httpx2.Response) -> None:
    with library(Server(**{"/keys/current": key, "": group})) as zotero:
        rights = zotero.rights()
    assert (rights.can_read, rights.can_write, rights.reason) == (True, True, None)
    assert (rights.username, rights.group_name) == ("odile", "Centre de documentation")


def test_a_public_library_can_be_read_by_anyone_and_written_by_none_but_members() -> None:
    group = group_json(type="PublicClosed", libraryReading="all")
    with library(Server(**{"": group}), key=None) as zotero:
        rights = zotero.rights()
    assert (rights.can_read, rights.can_write, rights.reason) == (True, False, Obstacle.NO_KEY)


def test_a_key_without_any_access_reaches_nothing() -> None:
    bare = httpx2.Response(200, json={"userID": 7, "username": "odile", "access": []})
    with library(Server(**{"/keys/current": bare})) as zotero:
        assert zotero.rights().reason is Obstacle.KEY_SCOPE


def test_a_refusal_that_nothing_explains_keeps_the_servers_words() -> None:
    server = Server(**{"/items": FORBIDDEN})
    with library(server) as zotero, pytest.raises(RightsError, match="Write access denied"):
        zotero.write_items(TWO)


def test_a_refusal_stays_one_when_its_reason_cannot_be_asked_for() -> None:
    server = Server(**{"/items": FORBIDDEN, "/keys/current": httpx2.Response(500)})
    with library(server) as zotero, pytest.raises(RightsError, match="Write access denied"):
        zotero.write_items(TWO)


@pytest.mark.parametrize("raw", [[], {"userID": "x"}, {"access": {"groups": [1]}, "userID": 7}, 3])
def test_a_key_answer_that_is_none_is_a_server_error(raw: Any) -> None:
    server = Server(**{"/keys/current": httpx2.Response(200, json=raw)})
    with library(server) as zotero, pytest.raises(ServerError):
        zotero.rights()


@pytest.mark.parametrize("raw", [[], {"id": 12}, {"id": 12, "data": []}, GROUP | {"id": None}])
def test_a_group_answer_that_is_none_is_a_server_error(raw: Any) -> None:
    server = Server(**{"": httpx2.Response(200, json=raw)})
    with library(server) as zotero, pytest.raises(ServerError):
        zotero.rights()


def test_the_group_says_who_is_who() -> None:
    group = parse_group(GROUP)
    assert (group.id, group.owner) == (12, 1)
    assert group.leaders == {1, 2}
    assert group.members == {7}


# Schema


def test_the_schema_comes_with_its_etag_and_is_asked_for_by_it() -> None:
    server = Server(
        **{"/schema": httpx2.Response(200, json={"version": 3}, headers={"ETag": '"a"'})}
    )
    with library(server) as zotero:
        assert zotero.schema(None) == ('"a"', {"version": 3})
        server.routes["/schema"] = httpx2.Response(304)
        assert zotero.schema('"a"') is None
    assert "If-None-Match" not in server.seen[0].headers
    assert server.seen[1].headers["If-None-Match"] == '"a"'


@pytest.mark.parametrize(
    "step", [httpx2.Response(404), httpx2.Response(200, json=[]), httpx2.Response(304)]
)
def test_a_server_without_a_schema_says_so(step: httpx2.Response) -> None:
    with library(Server(**{"/schema": step})) as zotero, pytest.raises(ServerError):
        zotero.schema(None)


# The key


def failures() -> Iterator[tuple[Callable[[GroupLibrary], object], Any]]:
    steps = [step for step, _error in BAD_READS] + UNKNOWN + [step for step, *_rest in REFUSED]
    steps += [
        httpx2.Response(status, text=f"Key '{SECRET}' not found")
        for status in (400, 401, 403, 404, 409, 412, 413, 428, 429, 500, 503)
    ]
    for step in steps:
        yield lambda z: z.item_versions(0), step
        yield lambda z: list(z.fetch("items", ["AAAAAAAA"])), step
        yield lambda z: z.rights(), step
        yield write_items, step
        yield write_collection, step


def test_the_key_is_in_no_error_whatever_the_server_says() -> None:
    caught = []
    for attempt, step in failures():
        routes = dict.fromkeys(("/items", "/collections", "/keys/current", "", "/schema"), step)
        with library(Server(**routes)) as zotero:
            try:
                attempt(zotero)
            except ZotsyncError as exc:
                shown = [str(exc), repr(exc), *traceback.format_exception(exc), repr(zotero)]
                caught.append(SECRET in "".join(shown))
    assert len(caught) > 100
    assert not any(caught)


@pytest.mark.parametrize("key", ["clé", "a b", "abc\n", "a\0b", "https://a.fr/groups/1"])
def test_what_cannot_be_a_key_is_refused_before_it_is_sent(key: str) -> None:
    with pytest.raises(RightsError) as caught:
        library(Server(), key=key)
    assert key not in "".join(traceback.format_exception(caught.value))
