"""Hostile or damaged answers: refused object by object, named, never over a good file, tried again."""

from __future__ import annotations

import contextlib
import gzip
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sync.setting import PatientDesk
from sync.worlds import CURATOR, Colleague, make_sandbox

from zotsync.errors import ServerError, UnsafeError

Alter = Callable[[httpx2.Request, Any], Any]
"""A request and the parsed answer -> the answer that is sent; an `httpx2.Response` goes as it is."""


@dataclass
class Altering(httpx2.BaseTransport):
    """Hands requests on, and alters the JSON that comes back."""

    inner: httpx2.BaseTransport
    alter: Alter
    hosts: list[tuple[str, bool]] = field(default_factory=list)
    """Who was asked, and whether the key went along."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.hosts.append((request.url.host, "Authorization" in request.headers))
        answer = self.inner.handle_request(request)
        raw = answer.read()
        if answer.status_code != 200:
            return answer
        altered = self.alter(request, json.loads(raw))
        if isinstance(altered, httpx2.Response):
            return altered
        kept = {n: v for n, v in answer.headers.items() if n.lower() != "content-length"}
        body = altered if isinstance(altered, bytes) else json.dumps(altered).encode()
        return httpx2.Response(200, headers=kept, content=body)


class World:
    """A desk behind an altering network, and a colleague who is not."""

    def __init__(self, root: Path) -> None:
        self.sandbox = make_sandbox()
        self.colleague = Colleague(self.sandbox)
        self.desk = PatientDesk(root, self.sandbox)

    def behind(self, alter: Alter) -> Altering:
        transport = Altering(httpx2.WSGITransport(app=self.sandbox.app), alter)
        self.desk.transport = transport
        return transport

    def mend(self) -> None:
        self.desk.transport = None

    def at_rest(self) -> None:
        outcome = self.desk.sync()
        assert (outcome.requests, outcome.steps, outcome.exit_code) == (1, (), 0)
        here, there = self.desk.fields(), self.colleague.library()
        assert {k: f["title"] for k, f in here.items()} == {k: d["title"] for k, d in there.items()}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "a")


def in_objects(key: str, change: Callable[[dict[str, Any]], Any]) -> Alter:
    """Alter one object wherever it is sent in full."""

    def alter(_request: httpx2.Request, raw: Any) -> Any:
        if isinstance(raw, list):
            return [change(o) if isinstance(o, dict) and o.get("key") == key else o for o in raw]
        return raw

    return alter


def data(**fields: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda entry: {**entry, "data": {**entry["data"], **fields}}


WRONG = [
    ("title", data(title=12)),
    ("title", data(title=None)),
    ("title", data(title={"x": 1})),
    ("title", data(title="\ud83d")),
    ("tags", data(tags=[{"tag": 5}])),
    ("creators", data(creators=[{"creatorType": None}])),
    ("collections", data(collections=["../../x"])),
    ("relations", data(relations={"dc:relation": {"a": 1}})),
    ("itemType", data(itemType=None)),
    ("deleted", data(deleted="no")),
    ("key", data(key="BBBBBBBB")),
    ("data", lambda entry: {**entry, "data": None}),
    ("data", lambda entry: {n: v for n, v in entry.items() if n != "data"}),
    ("version", lambda entry: {**entry, "version": -1}),
    ("version", lambda entry: {**entry, "version": "7"}),
    ("version", lambda entry: {**entry, "version": 2**70}),
    ("version", lambda entry: {n: v for n, v in entry.items() if n != "version"}),
    ("library", lambda entry: {**entry, "library": {"type": "group", "id": 1}}),
]


@pytest.mark.parametrize(("name", "change"), WRONG)
def test_a_damaged_item_is_named_left_alone_and_asked_for_again(
    world: World, name: str, change: Callable[[dict[str, Any]], Any]
) -> None:
    key = world.colleague.make(title="Bon")
    world.desk.sync()
    good = world.desk.file_of(key).read_text("utf-8")
    world.colleague.change(key, title="Meilleur")
    other = world.colleague.make(title="Autre")
    world.behind(in_objects(key, change))
    for _time in range(2):
        outcome = world.desk.sync()
        (problem,) = outcome.problems
        assert outcome.exit_code == 1
        assert (problem.place.item, problem.place.field) == (key, name)
        assert "Bon" in problem.message or "Meilleur" in problem.message
        assert world.desk.file_of(key).read_text("utf-8") == good
        assert other in world.desk.fields()
    world.mend()
    assert world.desk.sync().exit_code == 0
    assert '"Meilleur"' in world.desk.file_of(key).read_text("utf-8")
    world.at_rest()


def test_an_edit_of_a_damaged_item_waits_and_goes_when_it_is_mended(world: World) -> None:
    key = world.colleague.make(title="Bon", place="Paris")
    world.desk.sync()
    world.colleague.change(key, title="Meilleur")
    world.behind(in_objects(key, data(title=3)))
    world.desk.edit(key, '"Paris"', '"Lyon"')
    outcome = world.desk.sync()
    assert (outcome.exit_code, outcome.steps) == (1, ())
    assert world.colleague.item(key)["place"] == "Paris"
    world.mend()
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(key)["place"] == "Lyon"
    world.at_rest()


def test_a_damaged_item_that_is_deleted_here_waits_too(world: World) -> None:
    key = world.colleague.make(title="Bon")
    world.colleague.make(title="Autre")
    world.desk.sync()
    world.colleague.change(key, title="Meilleur")
    world.behind(in_objects(key, data(title=3)))
    world.desk.file_of(key).unlink()
    world.desk.sync()
    assert not world.colleague.item(key).get("deleted")
    world.mend()
    world.desk.sync()
    assert '"Meilleur"' in world.desk.file_of(key).read_text("utf-8")
    world.at_rest()


def test_a_damaged_item_that_is_erased_is_no_problem_any_more(world: World) -> None:
    key = world.colleague.make(title="Bon")
    world.behind(in_objects(key, data(title=3)))
    assert world.desk.sync().exit_code == 1
    world.colleague.erase(key)
    assert world.desk.sync().exit_code == 0
    world.at_rest()


def test_a_damaged_collection_is_named_and_its_items_come(world: World) -> None:
    shelf = world.colleague.collection("Alpha")
    below = world.colleague.collection("Beta", shelf)
    key = world.colleague.make(title="T", collections=[shelf])
    world.colleague.make(title="U", collections=[below])
    world.behind(in_objects(shelf, data(name=5)))
    for _time in range(2):
        outcome = world.desk.sync()
        assert [p.place.item for p in outcome.problems] == [shelf]
    assert len(world.desk.files()) == 2
    assert world.colleague.get(f"/collections/{below}")["data"]["parentCollection"] == shelf
    world.desk.edit(key, '"T"', '"T, ici"')
    world.desk.sync()
    assert world.colleague.item(key)["collections"] == [shelf]
    world.mend()
    assert world.desk.sync().exit_code == 0
    assert world.desk.collections() == {"Alpha": shelf, "Alpha/Beta": below}
    assert world.desk.fields()[key]["collections"] == ["Alpha"]
    assert world.colleague.item(key)["collections"] == [shelf]
    world.at_rest()


def test_an_item_that_is_listed_and_never_sent_holds_nothing_else_up(world: World) -> None:
    key = world.colleague.make(title="Caché")
    other = world.colleague.make(title="Autre")

    def alter(_request: httpx2.Request, raw: Any) -> Any:
        return [o for o in raw if o["key"] != key] if isinstance(raw, list) else raw

    world.behind(alter)
    for _time in range(2):
        outcome = world.desk.sync()
        assert [p.place.item for p in outcome.problems] == [key]
        assert "does not send it" in outcome.problems[0].message
    assert set(world.desk.fields()) == {other}
    world.mend()
    assert world.desk.sync().exit_code == 0
    world.at_rest()


@pytest.mark.parametrize("meta", [None, []])
def test_what_php_writes_for_an_empty_object_is_no_fault(world: World, meta: Any) -> None:
    key = world.colleague.make(title="Bon")
    world.behind(in_objects(key, lambda entry: {**entry, "meta": meta}))
    assert world.desk.sync().exit_code == 0
    world.mend()
    world.at_rest()


def test_what_a_newer_schema_has_is_kept_as_it_is(world: World) -> None:
    key = world.colleague.make(title="Bon")
    new = {"depth": 3, "layers": ["a", {"b": "c"}], "hologramKind": "grand", "shown": True}
    world.behind(in_objects(key, data(itemType="hologram", **new)))
    assert world.desk.sync().exit_code == 0
    fields = world.desk.fields()[key]
    assert (fields["itemType"], fields["hologramKind"]) == ("hologram", "grand")
    assert fields["layers"] == ["a", {"b": "c"}]
    world.desk.edit(key, '"Bon"', '"Bon, ici"')
    world.desk.sync()
    assert world.colleague.item(key)["title"] == "Bon, ici"


def test_a_note_of_a_megabyte_is_pulled_whole(world: World) -> None:
    note = "<p>" + "long " * 200_000 + "</p>"
    key = world.colleague.make("note", note="<p>x</p>")
    world.behind(in_objects(key, data(note=note)))
    assert world.desk.sync().exit_code == 0
    assert world.desk.fields()[key]["note"] == note


def test_an_object_sent_twice_makes_one_file(world: World) -> None:
    world.colleague.make(title="Un")
    world.behind(lambda _r, raw: raw * 2 if isinstance(raw, list) else raw)
    assert world.desk.sync().exit_code == 0
    assert list(world.desk.files()) == ["un"]


# Answers that are no answers


def html(_request: httpx2.Request, _raw: Any) -> Any:
    page = "<html><title>Portail captif</title><form>login</form></html>"
    return httpx2.Response(200, headers={"Content-Type": "text/html"}, text=page)


def page(status: int) -> Alter:
    text = "\n<!DOCTYPE html><html><title>Proxy</title>Identifiez-vous</html>"
    return lambda _request, _raw: httpx2.Response(status, text=text)


def redirect(_request: httpx2.Request, _raw: Any) -> Any:
    return httpx2.Response(302, headers={"Location": "https://portal.example.org/login"})


def damaged_gzip(_request: httpx2.Request, raw: Any) -> Any:
    body = bytearray(gzip.compress(json.dumps(raw).encode()))
    body[len(body) // 2] ^= 0xFF
    headers = {"Content-Encoding": "gzip", "Last-Modified-Version": "3"}
    return httpx2.Response(200, headers=headers, stream=httpx2.ByteStream(bytes(body)))


def other_json(value: Any) -> Alter:
    return lambda _request, _raw: value


def without_version(_request: httpx2.Request, raw: Any) -> Any:
    return httpx2.Response(200, json=raw)


def wrong_version(text: str) -> Alter:
    return lambda _r, raw: httpx2.Response(200, headers={"Last-Modified-Version": text}, json=raw)


NO_ANSWERS: Mapping[str, Alter] = {
    "html": html,
    "page 401": page(401),
    "page 403": page(403),
    "page 404": page(404),
    "page 407": page(407),
    "redirect": redirect,
    "gzip": damaged_gzip,
    "null": other_json(None),
    "number": other_json(5),
    "text": other_json("ok"),
    "list of lists": other_json([[]]),
    "error": other_json({"error": "x"}),
    "cut": other_json(b'{"AAAAAAAA": 1'),
    "latin-1": other_json('{"AAAAAAAA": "é"}'.encode("latin-1")),
    "deep": other_json(b"[" * 100_000),
    "odd key": other_json({"../../..": 1}),
    "negative": other_json({"AAAAAAAA": -1}),
    "float": other_json({"AAAAAAAA": 1.5}),
    "huge": other_json({"AAAAAAAA": 2**70}),
    "no version": without_version,
    "version -1": wrong_version("-1"),
    "version x": wrong_version("x"),
    "version huge": wrong_version("9" * 30),
}


@pytest.mark.parametrize("name", NO_ANSWERS)
def test_no_answer_of_zoteros_changes_nothing_and_is_tried_again(world: World, name: str) -> None:
    key = world.colleague.make(title="Bon")
    world.desk.sync()
    world.colleague.change(key, title="Meilleur")
    world.desk.write("neuf", 'itemType = "book"\ntitle = "Neuf"\n')
    before = world.desk.files()
    transport = world.behind(NO_ANSWERS[name])
    with pytest.raises(ServerError) as told:
        world.desk.sync()
    assert told.value.exit_code == 6
    assert told.value.problem.hint
    assert CURATOR not in str(told.value)
    assert {host for host, _key in transport.hosts} == {"127.0.0.1"}
    assert world.desk.files() == before
    world.mend()
    assert world.desk.sync().exit_code == 0
    world.at_rest()


@pytest.mark.parametrize("name", NO_ANSWERS)
def test_a_write_without_an_answer_of_zoteros_is_done_once(world: World, name: str) -> None:
    key = world.colleague.make(title="Bon")
    world.desk.sync()
    world.desk.edit(key, '"Bon"', '"Bon, ici"')
    world.desk.write("neuf", 'itemType = "book"\ntitle = "Neuf"\ncollections = ["Alpha"]\n')

    def alter(request: httpx2.Request, raw: Any) -> Any:
        return NO_ANSWERS[name](request, raw) if request.method == "POST" else raw

    transport = world.behind(alter)
    with contextlib.suppress(ServerError):
        world.desk.sync()
    assert {host for host, _key in transport.hosts} == {"127.0.0.1"}
    world.mend()
    assert world.desk.sync().exit_code == 0
    titles = sorted(d["title"] for d in world.colleague.library().values())
    assert titles == ["Bon, ici", "Neuf"]
    assert len(world.colleague.get("/collections")) == 1
    world.at_rest()


def test_totals_and_paging_links_are_not_followed(world: World) -> None:
    world.colleague.make(title="Bon")

    def alter(request: httpx2.Request, raw: Any) -> Any:
        headers = {
            "Last-Modified-Version": str(world.sandbox.version(4711)),
            "Total-Results": "9999999",
            "Link": f'<{request.url}&start=100>; rel="next"',
        }
        return httpx2.Response(200, headers=headers, json=raw)

    world.behind(alter)
    outcome = world.desk.sync()
    assert (outcome.exit_code, outcome.requests) == (0, 4)


# Random damage


def damaged(value: Any, rng: random.Random) -> Any:
    """Return JSON with one value in it of a type that it cannot have."""
    if value and isinstance(value, dict | list) and rng.random() < 0.9:
        at = rng.choice(list(value) if isinstance(value, dict) else range(len(value)))
        copy = value.copy()
        copy[at] = damaged(value[at], rng)
        return copy
    junk: list[Any] = [None, 5, -1, 1.5, "x", "\ud800", [[]], {"a": None}, 2**80]
    return rng.choice([other for other in junk if type(other) is not type(value)])


@given(seed=st.integers(0, 2**32))
@settings(max_examples=60)
def test_whatever_is_damaged_on_the_way_good_files_stay_and_the_rest_comes_when_it_is_mended(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    rng = random.Random(seed)  # noqa: S311
    world = World(tmp_path_factory.mktemp("hostile") / "a")
    shelf = world.colleague.collection("Alpha")
    keys = [
        world.colleague.make(title=f"T{n}", collections=[shelf], tags=[{"tag": "m"}])
        for n in range(4)
    ]
    world.desk.sync()
    for key in keys[:2]:
        world.colleague.change(key, title=f"{world.colleague.item(key)['title']}, là")
    world.desk.edit(keys[2], '"T2"', '"T2, ici"')
    world.colleague.make(title="Neuf", collections=[world.colleague.collection("Beta", shelf)])
    chance = rng.choice([0.1, 0.5, 1])
    world.behind(lambda _r, raw: damaged(raw, rng) if rng.random() < chance else raw)
    for _time in range(2):
        with contextlib.suppress(ServerError, UnsafeError):
            world.desk.sync()
        for name, text in world.desk.files().items():
            assert text.startswith("key = "), name
    world.mend()
    assert world.desk.sync().exit_code == 0
    titles = sorted(f["title"] for f in world.desk.fields().values())
    assert titles == ["Neuf", "T0, là", "T1, là", "T2, ici", "T3"]
    world.at_rest()
