"""Requests: how many, which, and what a look or one direction alone leaves undone (SYNC §10)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import httpx2
import pytest
from sync.worlds import READER, Colleague, Desk, make_sandbox

from zotsync.errors import RightsError, ServerError
from zotsync.sync.trees import Decision, Notice, NoticeKind, Plan


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "a", make_sandbox())
    desk.transport = Wire(desk)
    return desk


@pytest.fixture
def colleague(desk: Desk) -> Colleague:
    return Colleague(desk.sandbox)


class Wire(httpx2.BaseTransport):
    """Notes every request; does something right before writes reach the server."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.seen: list[httpx2.Request] = []
        self.before_write: Callable[[], object] = lambda: None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.seen.append(request)
        if request.method == "POST":
            self.before_write()
        return httpx2.WSGITransport(app=self._desk.sandbox.app).handle_request(request)

    def asked(self) -> list[str]:
        """Return method and last part of the path of what was asked since the last look."""
        asked = [f"{r.method} {r.url.path.rpartition('/')[2]}" for r in self.seen]
        self.seen.clear()
        return asked


def wire(desk: Desk) -> Wire:
    assert isinstance(desk.transport, Wire)
    return desk.transport


def everything_written(desk: Desk) -> dict[str, bytes]:
    """Return all files of the workspace but those of the lock."""
    files = (p for p in desk.root.rglob("*") if p.is_file() and not p.name.startswith("lock"))
    return {str(p): p.read_bytes() for p in files}


def quiet(desk: Desk, exit_code: int) -> None:
    """Assert that a sync is one request (a 304), writes nothing, and tells how things stand."""
    desk.sync()  # whatever was left to remember
    before = everything_written(desk)
    wire(desk).seen.clear()
    for _time in range(2):
        outcome = desk.sync()
        assert (outcome.requests, outcome.run, outcome.steps) == (1, 0, ())
        assert outcome.exit_code == exit_code
        (request,) = wire(desk).seen
        assert (request.method, request.url.path.endswith("/items")) == ("GET", True)
        assert request.url.params["includeTrashed"] == "1"
        version = request.headers["If-Modified-Since-Version"]
        assert version == request.url.params["since"]
        wire(desk).seen.clear()
    assert everything_written(desk) == before


# Nothing new


def test_nothing_new_is_one_request_and_writes_nothing(desk: Desk, colleague: Colleague) -> None:
    shelf = colleague.collection("Alpha")
    for number in range(5):
        colleague.make(title=f"T{number}", collections=[shelf])
    desk.sync()
    quiet(desk, 0)


def test_so_it_is_right_after_a_push(desk: Desk, colleague: Colleague) -> None:
    desk.write("t", 'itemType = "book"\ntitle = " T  "\ncollections = ["Alpha/Un"]\n')
    desk.sync()
    outcome = desk.sync()
    assert (outcome.requests, outcome.run) == (1, 0)
    assert len(colleague.library()) == 1
    quiet(desk, 0)


def test_so_it_is_in_an_empty_library(desk: Desk) -> None:
    desk.sync()
    quiet(desk, 0)


def clash(desk: Desk, colleague: Colleague) -> str:
    key = colleague.make(title="Base")
    desk.sync()
    colleague.change(key, title="Là")
    desk.edit(key, '"Base"', '"Ici"')
    return key


def test_so_it_is_with_an_open_conflict(desk: Desk, colleague: Colleague) -> None:
    clash(desk, colleague)
    assert desk.sync().exit_code == 3
    quiet(desk, 3)


def test_so_it_is_with_a_conflict_on_a_collection(desk: Desk, colleague: Colleague) -> None:
    key = colleague.collection("Base")
    desk.sync()
    colleague.change(key, "collections", name="Là")
    desk.workspace.collections.write_text(f'"Ici" = "{key}"\n', encoding="utf-8")
    desk.sync()
    quiet(desk, 3)


def bad_field(desk: Desk, key: str) -> None:
    desk.edit(key, '"Base"\n', '"Base"\ntags = "x"\n')


def foreign_field(desk: Desk, key: str) -> None:
    desk.edit(key, '"Base"\n', '"Base"\npublicationTitle = "Revue"\n')


def unknown_field(desk: Desk, key: str) -> None:
    desk.edit(key, '"Base"\n', '"Base"\ncouleur = "bleu"\n')


def unknown_type(desk: Desk, key: str) -> None:
    desk.edit(key, '"book"', '"livre"')


def broken_file(desk: Desk, key: str) -> None:
    desk.edit(key, '"Base"', '"Base')


def copied_file(desk: Desk, key: str) -> None:
    desk.write("autre", desk.file_of(key).read_text(encoding="utf-8"))


def bad_path(desk: Desk, key: str) -> None:
    desk.edit(key, '"Base"\n', '"Base"\ncollections = ["a//b"]\n')


def lost_parent(desk: Desk, _key: str) -> None:
    desk.write("n", 'itemType = "note"\nnote = "<p>x</p>"\nparentItem = "ZZZZZZZZ"\n')


def broken_tree(desk: Desk, _key: str) -> None:
    desk.workspace.collections.write_text("a = 1\n", encoding="utf-8")


@pytest.mark.parametrize(
    "obstacle",
    [
        bad_field,
        foreign_field,
        unknown_field,
        unknown_type,
        broken_file,
        copied_file,
        bad_path,
        lost_parent,
        broken_tree,
    ],
)
def test_so_it_is_with_what_waits_here(
    desk: Desk, colleague: Colleague, obstacle: Callable[[Desk, str], None]
) -> None:
    key = colleague.make(title="Base")
    desk.sync()
    obstacle(desk, key)
    assert desk.sync().exit_code == 1
    quiet(desk, 1)


def test_so_it_is_with_what_zotero_refused(desk: Desk, colleague: Colleague) -> None:
    key = colleague.make(title="Base")
    desk.sync()
    uri = "https://zotero.org/groups/1/items/AAAAAAAA"  # Zotero takes http alone
    desk.edit(key, '"Base"\n', f'"Base"\nrelations = {{ "dc:relation" = ["{uri}"] }}\n')
    assert desk.sync().exit_code == 1
    quiet(desk, 1)
    desk.edit(key, uri, uri.replace("https", "http"))
    assert desk.sync().exit_code == 0
    assert colleague.item(key)["relations"]


def test_so_it_is_with_a_cycle_from_zotero(desk: Desk, colleague: Colleague) -> None:
    alpha = colleague.collection("Alpha")
    beta = colleague.collection("Beta", alpha)
    colleague.close_cycle(alpha, beta)
    desk.sync()
    quiet(desk, 0)


def test_so_it_is_with_what_is_in_the_trash(desk: Desk, colleague: Colleague) -> None:
    shelf = colleague.collection("Alpha")
    key = colleague.make(title="Base", collections=[shelf])
    desk.sync()
    colleague.trash(shelf, "collections")
    colleague.trash(colleague.make(title="Jeté"))
    desk.sync()
    assert key in desk.fields()
    quiet(desk, 0)


# Which requests


def test_rights_and_schema_are_not_asked_for(desk: Desk, colleague: Colleague) -> None:
    colleague.make(title="T")
    desk.write("u", 'itemType = "book"\ntitle = "U"\n')
    desk.sync()
    asked = wire(desk).asked()
    assert not {"GET current", "GET schema"} & set(asked)
    assert len(colleague.library()) == 2


def test_the_schema_is_asked_for_once_on_an_unknown_field(desk: Desk, colleague: Colleague) -> None:
    key = colleague.make(title="Base")
    desk.sync()
    wire(desk).asked()
    unknown_field(desk, key)
    desk.sync()
    assert wire(desk).asked().count("GET schema") == 1
    desk.sync()
    assert wire(desk).asked() == ["GET items"]


def test_the_first_pull_reads_all_tombstones(desk: Desk, colleague: Colleague) -> None:
    colleague.erase(colleague.make(title="T"))
    desk.sync()
    (request,) = [r for r in wire(desk).seen if r.url.path.endswith("/deleted")]
    assert request.url.params["since"] == "0"


def test_all_collections_are_listed_whenever_the_library_moved(
    desk: Desk, colleague: Colleague
) -> None:
    desk.sync()
    colleague.make(title="T")
    wire(desk).asked()
    desk.sync()
    (request,) = [r for r in wire(desk).seen if r.url.path.endswith("/collections")]
    assert dict(request.url.params) == {"format": "versions"}


def test_fifty_items_go_in_one_request(desk: Desk, colleague: Colleague) -> None:
    for number in range(51):
        desk.write(f"t{number}", f'itemType = "book"\ntitle = "T{number}"\n')
    desk.sync()
    assert wire(desk).asked().count("POST items") == 2
    assert len(colleague.library()) == 51


def test_a_write_carries_only_what_differs_and_the_version(
    desk: Desk, colleague: Colleague
) -> None:
    key = colleague.make(title="Base", place="Paris")
    desk.sync()
    desk.edit(key, '"Base"', '"Ici"')
    desk.sync()
    (request,) = [r for r in wire(desk).seen if r.method == "POST"]
    assert json.loads(request.content) == [{"key": key, "version": 1, "title": "Ici"}]


def test_collections_are_made_one_by_one_parents_first(desk: Desk, colleague: Colleague) -> None:
    desk.workspace.collections.write_text('"Alpha/Un/Fond" = ""\n', encoding="utf-8")
    desk.sync()
    writes = [r for r in wire(desk).seen if r.method == "POST"]
    assert [r.url.path.rpartition("/")[2] for r in writes] == ["collections"] * 3
    versions = [int(r.headers["If-Unmodified-Since-Version"]) for r in writes]
    assert versions == [0, 1, 2]
    objects = colleague.get("/collections", limit=100)
    assert {o["data"]["name"] for o in objects} == {"Alpha", "Un", "Fond"}


# 412


def test_an_item_that_moved_meanwhile_is_pulled_and_planned_again(
    desk: Desk, colleague: Colleague
) -> None:
    key = colleague.make(title="Base", place="Paris")
    desk.sync()
    desk.edit(key, '"Base"', '"Ici"')

    def meanwhile() -> None:
        wire(desk).before_write = lambda: None
        colleague.change(key, place="Lyon")

    wire(desk).before_write = meanwhile
    assert desk.sync().exit_code == 0
    item = colleague.item(key)
    assert (item["title"], item["place"]) == ("Ici", "Lyon")
    assert desk.fields()[key]["place"] == "Lyon"


def test_a_library_that_moved_meanwhile_makes_no_second_collection(
    desk: Desk, colleague: Colleague
) -> None:
    desk.write("t", 'itemType = "book"\ntitle = "T"\ncollections = ["Alpha"]\n')

    def meanwhile() -> None:
        wire(desk).before_write = lambda: None
        colleague.make(title="U")

    wire(desk).before_write = meanwhile
    assert desk.sync().exit_code == 0
    assert len(colleague.get("/collections")) == 1
    assert len(colleague.library()) == 2


def test_it_is_given_up_after_three_times_without_progress(
    desk: Desk, colleague: Colleague
) -> None:
    desk.sync()
    desk.workspace.collections.write_text('"Alpha" = ""\n', encoding="utf-8")
    wire(desk).before_write = lambda: colleague.make(title="U")
    wire(desk).asked()
    with pytest.raises(ServerError, match="changes faster"):
        desk.sync(push_only=True)
    assert wire(desk).asked().count("POST collections") == 4
    wire(desk).before_write = lambda: None
    assert desk.sync().exit_code == 0
    assert len(colleague.get("/collections")) == 1


# A look


def items_and_tree(desk: Desk) -> dict[str, bytes]:
    files = (p for p in (desk.root / "bibliography").rglob("*") if p.is_file())
    return {str(p): p.read_bytes() for p in files}


def busy(desk: Desk, colleague: Colleague) -> None:
    """Leave something of every kind to do, on both sides."""
    shelf = colleague.collection("Alpha")
    keys = [colleague.make(title=f"T{n}", collections=[shelf]) for n in range(6)]
    desk.sync()
    colleague.change(keys[0], title="Là")
    colleague.trash(keys[1])
    colleague.make(title="Neuf là")
    colleague.change(shelf, "collections", name="Beta")
    desk.edit(keys[2], '"T2"', '"Ici"')
    desk.file_of(keys[3]).unlink()
    desk.write("neuf", 'itemType = "book"\ntitle = "Neuf ici"\ncollections = ["Gamma"]\n')
    colleague.change(keys[4], title="T4, là")
    desk.edit(keys[4], '"T4"', '"T4, ici"')
    colleague.change(keys[5], place="Lyon")
    desk.edit(keys[5], '"T5"', '"T5, ici"')


def summary(plan: Plan) -> set[tuple[str, Decision]]:
    return {(s.title, s.decision) for s in plan.steps}


@pytest.mark.parametrize("offline", [False, True])
def test_a_look_writes_no_file_and_pushes_nothing(
    desk: Desk,
    colleague: Colleague,
    offline: bool,  # noqa: FBT001
) -> None:
    busy(desk, colleague)
    before = items_and_tree(desk)
    there = colleague.get("/items", limit=100, includeTrashed=1)
    wire(desk).seen.clear()
    desk.preview(offline=offline)
    assert items_and_tree(desk) == before
    assert colleague.get("/items", limit=100, includeTrashed=1) == there
    assert {r.method for r in wire(desk).seen} <= {"GET"}


def test_a_look_asks_as_a_sync_does(desk: Desk, colleague: Colleague) -> None:
    busy(desk, colleague)
    wire(desk).asked()
    plan = desk.preview()
    looked = wire(desk).asked()
    assert set(looked) == {"GET items", "GET collections", "GET deleted"}
    assert summary(plan) >= {
        ("T0", Decision.UPDATE),
        ("T1", Decision.TRASH_FILE),
        ("T3", Decision.TRASH_IN_ZOTERO),
        ("Neuf là", Decision.NEW_FILE),
        ("Neuf ici", Decision.CREATE),
        ("Gamma", Decision.CREATE),
        ("Alpha", Decision.UPDATE),
    }
    assert [(c.local, c.zotero) for c in plan.conflicts] == [("T4, ici", "T4, là")]
    assert desk.preview().steps
    assert wire(desk).asked() == ["GET items"]


def test_a_look_offline_asks_nothing_and_takes_the_mirror_as_it_is(
    desk: Desk, colleague: Colleague
) -> None:
    busy(desk, colleague)
    wire(desk).asked()
    plan = desk.preview(offline=True)
    assert wire(desk).asked() == []
    assert ("T3", Decision.TRASH_IN_ZOTERO) in summary(plan)
    assert ("Neuf là", Decision.NEW_FILE) not in summary(plan)


def test_a_look_changes_nothing_for_the_sync_after_it(desk: Desk, colleague: Colleague) -> None:
    busy(desk, colleague)
    for _time in range(2):
        desk.preview()
        desk.preview(offline=True)
    outcome = desk.sync()
    assert [(c.local, c.zotero) for c in outcome.conflicts] == [("T4, ici", "T4, là")]
    titles = sorted(d["title"] for d in colleague.library().values())
    assert titles == sorted(["Là", "Ici", "T4, là", "T5, ici", "Neuf là", "Neuf ici"])
    assert len(desk.files()) == 6


# One direction alone


def told(notices: Iterable[Notice]) -> set[str]:
    return {n.title for n in notices if n.what is NoticeKind.LEFT_FOR_DIRECTION}


def test_a_pull_alone_writes_nothing_to_zotero_and_says_what_it_left(
    desk: Desk, colleague: Colleague
) -> None:
    busy(desk, colleague)
    there = colleague.get("/items", limit=100, includeTrashed=1)
    shelves = colleague.get("/collections", limit=100)
    outcome = desk.sync(pull_only=True)
    assert colleague.get("/items", limit=100, includeTrashed=1) == there
    assert colleague.get("/collections", limit=100) == shelves
    assert told(outcome.notices) >= {"Ici", "T3", "Neuf ici", "T5, ici"}
    texts = "".join(desk.files().values())
    assert '"Là"' in texts
    assert '"Neuf là"' in texts
    assert '"T1"' not in texts
    assert 'place = "Lyon"' in texts
    assert "Beta" in desk.collections()


def test_what_a_pull_alone_left_is_pushed_later(desk: Desk, colleague: Colleague) -> None:
    busy(desk, colleague)
    for _time in range(2):
        desk.sync(pull_only=True)
    outcome = desk.sync()
    assert outcome.exit_code == 3
    titles = sorted(d["title"] for d in colleague.library().values())
    assert titles == sorted(["Là", "Ici", "T4, là", "T5, ici", "Neuf là", "Neuf ici"])


def test_a_push_alone_writes_no_file_and_says_what_it_left(
    desk: Desk, colleague: Colleague
) -> None:
    busy(desk, colleague)
    desk.sync(pull_only=True)  # keys are in the files from here on
    shelf = desk.collections()["Beta"]
    key = colleague.make(title="Encore", collections=[shelf])
    other = next(k for k, f in desk.fields().items() if f["title"] == "Là")
    colleague.change(other, collections=[])
    before = items_and_tree(desk)
    outcome = desk.sync(push_only=True)
    assert items_and_tree(desk) == before
    assert told(outcome.notices) >= {"Encore", "Là"}
    titles = {d["title"] for d in colleague.library().values()}
    assert titles >= {"Ici", "T5, ici", "Neuf ici", "T4, là"}
    assert "T3" not in titles
    assert key not in desk.fields()


def test_what_a_push_alone_left_is_pulled_later(desk: Desk, colleague: Colleague) -> None:
    busy(desk, colleague)
    for _time in range(2):
        desk.sync(push_only=True)
    outcome = desk.sync()
    assert [(c.local, c.zotero) for c in outcome.conflicts] == [("T4, ici", "T4, là")]
    by_title = {f["title"]: f for f in desk.fields().values()}
    assert set(by_title) == {"Là", "Ici", "T4, ici", "T5, ici", "Neuf là", "Neuf ici"}
    assert by_title["T5, ici"]["place"] == "Lyon"
    assert by_title["Ici"]["collections"] == ["Beta"]


@pytest.mark.parametrize("add", [True, False])
def test_a_membership_is_left_for_the_pull(
    desk: Desk,
    colleague: Colleague,
    add: bool,  # noqa: FBT001
) -> None:
    shelf = colleague.collection("Alpha")
    members: list[str] = [] if add else [shelf]
    key = colleague.make(title="T", collections=members)
    desk.sync()
    now = [shelf] if add else []
    colleague.change(key, collections=now)
    for _time in range(2):
        desk.sync(push_only=True)
        assert desk.fields()[key].get("collections", []) == ([] if add else ["Alpha"])
    desk.sync()
    assert colleague.item(key)["collections"] == now
    assert desk.fields()[key].get("collections", []) == (["Alpha"] if add else [])


@pytest.mark.parametrize("direction", ["pull_only", "push_only"])
def test_a_merge_waits_for_both_directions(
    desk: Desk, colleague: Colleague, direction: str
) -> None:
    key = colleague.make(title="T", tags=[{"tag": "base"}])
    desk.sync()
    colleague.change(key, tags=[{"tag": "base"}, {"tag": "là"}])
    desk.edit(key, '["base"]', '["base", "ici"]')
    for _time in range(2):
        desk.sync(**{direction: True})
    assert desk.sync().exit_code == 0
    both = [{"tag": "base"}, {"tag": "ici"}, {"tag": "là"}]
    assert sorted(colleague.item(key)["tags"], key=lambda t: t["tag"]) == both
    assert [t["tag"] for t in desk.fields()[key]["tags"]] == ["base", "ici", "là"]


@pytest.mark.parametrize("direction", ["pull_only", "push_only"])
def test_one_direction_alone_twice_does_nothing_more(
    desk: Desk, colleague: Colleague, direction: str
) -> None:
    busy(desk, colleague)
    desk.sync(**{direction: True})
    outcome = desk.sync(**{direction: True})
    assert (outcome.requests, outcome.steps) == (1, ())


# Rights


def test_a_key_that_may_only_read_pushes_nothing_and_names_the_reason(
    desk: Desk, colleague: Colleague
) -> None:
    key = colleague.make(title="Base", place="Paris")
    desk.sync()
    colleague.change(key, place="Lyon")
    desk.edit(key, '"Base"', '"Ici"')
    desk.key = READER
    outcome = desk.sync()
    assert outcome.exit_code == 5
    assert "may read" in outcome.problems[0].message
    assert READER not in str(outcome)
    assert colleague.item(key)["title"] == "Base"
    assert desk.fields()[key]["place"] == "Lyon"
    desk.key = "C" * 24
    assert desk.sync().exit_code == 0
    assert colleague.item(key)["title"] == "Ici"


def test_a_key_that_may_only_read_can_pull(desk: Desk, colleague: Colleague) -> None:
    colleague.make(title="T")
    desk.key = READER
    assert desk.sync().exit_code == 0
    assert len(desk.files()) == 1
    quiet(desk, 0)


def test_a_wrong_key_is_named(desk: Desk, colleague: Colleague) -> None:
    colleague.make(title="T")
    desk.key = "X" * 24
    with pytest.raises(RightsError):
        desk.sync()
    assert desk.files() == {}
