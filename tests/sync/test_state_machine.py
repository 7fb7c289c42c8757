"""Two workspaces, a colleague at the Web API and a person with an editor, interleaved at random.

Every edit carries a token of its own. When all conflicts are settled, all sides hold the same, and
each token is in the files, in Zotero, in a trash or in a journal: nothing was lost.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sync.worlds import GROUP, Colleague, Desk, make_sandbox

from zotsync.bibliography.itemfile import amend_item_text, new_item_text, parse_item
from zotsync.errors import FileError, Problem
from zotsync.model import normal
from zotsync.sandbox.faults import Fault
from zotsync.sync.collection_tree import as_tree

FAST = Path("/dev/shm") if Path("/dev/shm").is_dir() else None  # noqa: S108
PATHS = ["Alpha", "Beta", "Alpha/Un", "Alpha/Deux", "Beta/Un", "Beta/Un/Fond", "Gamma"]
NAMES = ["Alpha", "Beta", "Un", "Deux", "Delta"]
pick = st.integers(0, 1_000)


class Library(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(dir=FAST))
        self.sandbox = make_sandbox()
        self.colleague = Colleague(self.sandbox)
        self.desks = [Desk(self.root / name, self.sandbox, seed=n) for n, name in enumerate("ab")]
        self.tokens: set[str] = set()
        self.made = 0

    def token(self) -> str:
        self.made += 1
        token = f"jeton{self.made:03}fin"
        self.tokens.add(token)
        return token

    def disown(self, text: str) -> None:
        """Somebody threw this away on purpose: nobody owes it to anybody any more."""
        self.tokens -= {t for t in self.tokens if t in text}

    @initialize()
    def begin(self) -> None:
        top = self.colleague.collection("Alpha")
        self.colleague.make(title=f"Premier {self.token()}", collections=[top])
        for desk in self.desks:
            self.sync(desk)

    # The colleague

    def remote(self, choice: int, *, trashed: bool = False) -> dict[str, Any] | None:
        objects = self.colleague.get("/items", limit=100, includeTrashed=1)
        found = [o["data"] for o in objects if bool(o["data"].get("deleted")) is trashed]
        found.sort(key=lambda d: d["key"])
        return found[choice % len(found)] if found else None

    def shelf(self, choice: int) -> dict[str, Any] | None:
        objects = self.colleague.get("/collections", limit=100)
        found = sorted((o["data"] for o in objects), key=lambda d: d["key"])
        return found[choice % len(found)] if found else None

    @rule(choice=pick)
    def colleague_makes_an_item(self, choice: int) -> None:
        shelf = self.shelf(choice)
        inside = [shelf["key"]] if shelf and choice % 2 else []
        self.colleague.make(title=f"Collègue {self.token()}", collections=inside)

    @rule(choice=pick, field=st.sampled_from(["title", "abstractNote", "extra"]))
    def colleague_edits(self, choice: int, field: str) -> None:
        item = self.remote(choice)
        if item and item["itemType"] != "note":
            joint = {"title": " ", "abstractNote": " ", "extra": "\n"}[field]
            text = f"{item[field]}{joint}Là {self.token()}.".strip()
            self.colleague.change(item["key"], **{field: text})

    @rule(choice=pick)
    def colleague_tags(self, choice: int) -> None:
        item = self.remote(choice)
        if item:
            self.colleague.change(
                item["key"], tags=[*item["tags"], {"tag": self.token(), "type": choice % 2}]
            )

    @rule(choice=pick)
    def colleague_writes_a_note(self, choice: int) -> None:
        parent = self.remote(choice)
        fields: dict[str, Any] = {"note": f"<p>Note {self.token()}</p>"}
        if parent and parent["itemType"] != "note" and choice % 3:
            fields["parentItem"] = parent["key"]
        self.colleague.make("note", **fields)

    @rule(choice=pick, other=pick)
    def colleague_shelves(self, choice: int, other: int) -> None:
        item, shelf = self.remote(choice), self.shelf(other)
        if item and shelf and not item.get("parentItem") and not shelf.get("deleted"):
            members = set(item["collections"]) ^ {shelf["key"]}
            self.colleague.change(item["key"], collections=sorted(members))

    @rule(choice=pick, other=pick)
    def colleague_relates(self, choice: int, other: int) -> None:
        item, target = self.remote(choice), self.remote(other)
        if item and target and item["key"] != target["key"]:
            uri = f"http://zotero.org/groups/{GROUP}/items/{target['key']}"
            self.colleague.change(item["key"], relations={"dc:relation": [uri]})

    @rule(choice=pick)
    def colleague_trashes(self, choice: int) -> None:
        if item := self.remote(choice):
            self.colleague.trash(item["key"])

    @rule(choice=pick)
    def colleague_takes_out_of_the_trash(self, choice: int) -> None:
        if item := self.remote(choice, trashed=True):
            self.colleague.change(item["key"], deleted=0)

    @rule(choice=pick, trashed=st.booleans())
    def colleague_erases(self, choice: int, trashed: bool) -> None:  # noqa: FBT001
        if item := self.remote(choice, trashed=trashed):
            children = self.colleague.get(f"/items/{item['key']}/children", includeTrashed=1)
            self.disown(str(item))
            for child in children:
                self.disown(str(child["data"]))
            self.colleague.erase(item["key"])

    @rule(choice=pick, name=st.sampled_from(NAMES))
    def colleague_makes_a_collection(self, choice: int, name: str) -> None:
        parent = self.shelf(choice)
        self.colleague.collection(name, parent["key"] if parent and choice % 2 else None)

    @rule(choice=pick, name=st.sampled_from(NAMES))
    def colleague_renames_a_collection(self, choice: int, name: str) -> None:
        if shelf := self.shelf(choice):
            self.colleague.change(shelf["key"], "collections", name=name)

    @rule(choice=pick, other=pick)
    def colleague_moves_a_collection(self, choice: int, other: int) -> None:
        shelf, parent = self.shelf(choice), self.shelf(other)
        if shelf and parent and shelf["key"] != parent["key"]:
            self.colleague.change(shelf["key"], "collections", parentCollection=parent["key"])

    @rule(choice=pick)
    def colleague_trashes_a_collection(self, choice: int) -> None:
        if shelf := self.shelf(choice):
            trashed = not shelf.get("deleted")
            self.colleague.change(shelf["key"], "collections", deleted=trashed)

    @rule(choice=pick)
    def colleague_erases_a_collection(self, choice: int) -> None:
        if shelf := self.shelf(choice):
            self.colleague.erase(shelf["key"], "collections")

    # The person with an editor

    def file(self, desk: Desk, choice: int) -> Path | None:
        found = sorted(desk.workspace.items.rglob("*.toml"))
        return found[choice % len(found)] if found else None

    def amend(self, path: Path, **changes: Any) -> None:
        text = path.read_text(encoding="utf-8")
        path.write_text(amend_item_text(text, changes=changes), encoding="utf-8")

    def good(self, desk: Desk, choice: int) -> tuple[Path, dict[str, Any]] | None:
        path = self.file(desk, choice)
        if path is None:
            return None
        try:
            return path, dict(parse_item(path.read_bytes(), path.name).fields)
        except FileError:
            return None

    @rule(who=pick, choice=pick)
    def editor_makes_a_file(self, who: int, choice: int) -> None:
        desk = self.desks[who % 2]
        fields: dict[str, Any] = {"itemType": "book", "title": f"Ici {self.token()}"}
        if choice % 2:
            fields["collections"] = [PATHS[choice % len(PATHS)]]
        desk.write(f"neuf-{self.made}", new_item_text(None, fields))

    @rule(who=pick, choice=pick, field=st.sampled_from(["title", "abstractNote", "extra"]))
    def editor_edits(self, who: int, choice: int, field: str) -> None:
        found = self.good(self.desks[who % 2], choice)
        if found and found[1]["itemType"] != "note":
            path, fields = found
            joint = "\n" if field == "extra" else " "
            text = f"Ici {self.token()}.{joint}{fields.get(field, '')}".strip()
            self.amend(path, **{field: text})

    @rule(who=pick, choice=pick)
    def editor_writes_in_a_note(self, who: int, choice: int) -> None:
        found = self.good(self.desks[who % 2], choice)
        if found and found[1]["itemType"] == "note":
            path, fields = found
            self.amend(path, note=f"<p>{self.token()}</p>{fields.get('note', '')}")

    @rule(who=pick, choice=pick)
    def editor_adds_a_note(self, who: int, choice: int) -> None:
        desk = self.desks[who % 2]
        path = self.file(desk, choice)
        found = self.good(desk, choice)
        if path and found and found[1]["itemType"] != "note":
            key = parse_item(path.read_bytes(), path.name).key
            if key:
                fields = {"itemType": "note", "note": f"<p>{self.token()}</p>", "parentItem": key}
                desk.write(f"note-{self.made}", new_item_text(None, fields))

    @rule(who=pick, choice=pick)
    def editor_tags(self, who: int, choice: int) -> None:
        found = self.good(self.desks[who % 2], choice)
        if found:
            path, fields = found
            self.amend(path, tags=[*fields.get("tags", []), {"tag": self.token()}])

    @rule(who=pick, choice=pick, other=st.sampled_from(PATHS))
    def editor_shelves(self, who: int, choice: int, other: str) -> None:
        found = self.good(self.desks[who % 2], choice)
        if found and "parentItem" not in found[1]:
            path, fields = found
            members = set(fields.get("collections", [])) ^ {other}
            self.amend(path, collections=sorted(members) or None)

    @rule(who=pick, choice=pick)
    def editor_deletes(self, who: int, choice: int) -> None:
        if path := self.file(self.desks[who % 2], choice):
            self.disown(path.read_text(encoding="utf-8"))
            path.unlink()

    @rule(who=pick, choice=pick, folder=st.sampled_from(["", "sous/", "sous/dossier/"]))
    def editor_renames(self, who: int, choice: int, folder: str) -> None:
        desk = self.desks[who % 2]
        if path := self.file(desk, choice):
            self.made += 1
            target = desk.path(f"{folder}autre-{self.made}")
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)

    @rule(who=pick, choice=pick, keyed=st.booleans())
    def editor_copies(self, who: int, choice: int, keyed: bool) -> None:  # noqa: FBT001
        desk = self.desks[who % 2]
        if path := self.file(desk, choice):
            text = path.read_text(encoding="utf-8")
            if not keyed:
                text = without_key(text)
            self.made += 1
            desk.write(f"copie-{self.made}", text)

    @rule(who=pick, choice=pick)
    def editor_breaks_a_file(self, who: int, choice: int) -> None:
        if path := self.file(self.desks[who % 2], choice):
            path.write_text(path.read_text(encoding="utf-8") + BROKEN, encoding="utf-8")

    @rule(who=pick)
    def editor_mends(self, who: int) -> None:
        mend(self.desks[who % 2])

    @rule(who=pick, choice=pick)
    def editor_takes_a_file_out_of_the_trash(self, who: int, choice: int) -> None:
        desk = self.desks[who % 2]
        found = sorted(desk.workspace.trash.glob("*.toml"))
        if found:
            path = found[choice % len(found)]
            self.made += 1
            path.rename(desk.path(f"repris-{self.made}"))

    @rule(who=pick, choice=pick, new=st.sampled_from(PATHS), what=st.sampled_from("rma"))
    def editor_edits_collections(self, who: int, choice: int, new: str, what: str) -> None:
        desk = self.desks[who % 2]
        lines = desk.collections()
        if what == "a":
            lines.setdefault(new, "")
        elif lines:
            path = sorted(lines)[choice % len(lines)]
            key = lines.pop(path)
            if what == "r" and new not in lines:
                lines[new] = key
        text = "".join(f"'{path}' = \"{key}\"\n" for path, key in lines.items())
        desk.workspace.collections.write_text(text, encoding="utf-8")

    # Syncing

    def sync(self, desk: Desk) -> Any:
        return desk.sync(allow_mass_delete=True, allow_mass_change=True)

    @rule(who=pick)
    def desk_syncs(self, who: int) -> None:
        self.sync(self.desks[who % 2])

    @rule(who=pick, fault=st.sampled_from(["lost", "cut", "500", "429", "503", "meanwhile"]))
    def desk_syncs_over_a_bad_line(self, who: int, fault: str) -> None:
        faults = self.sandbox.faults
        if fault == "meanwhile":  # a colleague's write lands just before ours
            faults.hooks.append(self.write_meanwhile)
        else:
            faults.plan(FAULTS[fault])
        try:
            self.sync(self.desks[who % 2])
        finally:
            faults.clear()

    def write_meanwhile(self, method: str, _path: str) -> None:
        if method == "POST":
            self.sandbox.faults.hooks.clear()
            if item := self.remote(0):
                self.colleague.change(item["key"], tags=[*item["tags"], {"tag": self.token()}])

    @rule(who=pick, side=st.sampled_from(["local", "remote"]))
    def desk_settles(self, who: int, side: str) -> None:
        self.desks[who % 2].settle(side)

    # In the end

    def teardown(self) -> None:
        try:
            if self.made:
                self.converge()
                self.compare()
                self.account()
        finally:
            shutil.rmtree(self.root)

    def converge(self) -> None:
        for round_ in range(12):
            quiet = True
            for desk in self.desks:
                mend(desk)
                outcome = self.sync(desk)
                for problem in outcome.problems:
                    quiet = False
                    name_twin(desk, problem)
                quiet = quiet and not outcome.changed
                if outcome.conflicts:
                    quiet = False
                    desk.settle("local" if round_ < 6 else "remote")
            if quiet:
                break
        else:
            raise AssertionError("the sides do not come to rest")
        for desk in self.desks:
            outcome = self.sync(desk)
            assert (outcome.requests, outcome.run, outcome.exit_code) == (1, 0, 0)

    def compare(self) -> None:
        objects = self.colleague.get("/collections", limit=100)
        shelves = {o["key"]: normal(o["data"]) for o in objects}
        trashed = {o["key"] for o in objects if o["data"].get("deleted")}
        hidden = {k for k in shelves if below(k, trashed, shelves)}
        alive = {k: f for k, f in shelves.items() if k not in hidden}
        expected = {}
        for key, data in self.colleague.library().items():
            fields = normal(data)
            members = [k for k in fields.pop("collections", []) if k not in hidden]
            expected[key] = {**fields, "collections": members} if members else fields
        for desk in self.desks:
            with desk.engine(None) as engine:
                assert engine.collections() == as_tree(alive)
                assert engine.items() == expected
            assert set(desk.collections().values()) == set(alive)

    def account(self) -> None:
        where = [str(self.colleague.get("/items", limit=100, includeTrashed=1))]
        for desk in self.desks:
            where += desk.files().values()
            where += (p.read_text("utf-8") for p in desk.workspace.trash.glob("*"))
            with desk.engine(None) as engine:
                rows = engine.state.rows("SELECT before, after, text FROM journal")
                where += (str(row) for row in rows)
        everything = "\n".join(where)
        assert {t for t in self.tokens if t not in everything} == set()


FAULTS = {
    "lost": Fault(lost=True, method="POST"),
    "cut": Fault(cut=40, method="POST"),
    "500": Fault(500, method="POST"),
    "429": Fault(429, retry_after=1, method="POST"),
    "503": Fault(503, retry_after=1, method="POST"),
}
BROKEN = "\nvolume = 1 2\n"


def without_key(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("key ="))


def mend(desk: Desk) -> None:
    """Do what zotsync's messages say: repair broken files, make copies new items."""
    seen: set[str] = set()
    paths = sorted(desk.workspace.items.rglob("*.toml"), key=lambda p: ("copie" in p.name, p))
    for path in paths:
        text = path.read_text(encoding="utf-8").replace(BROKEN, "")
        key = parse_item(text.encode(), path.name).key
        if key in seen:
            text = without_key(text)
        seen.add(key or "")
        path.write_text(text, encoding="utf-8")


def name_twin(desk: Desk, problem: Problem) -> None:
    """Do what the message says: name one of the collections that have one path."""
    path = re.fullmatch(r"Several collections are called (.+)\.", problem.message)
    assert path, problem
    file = desk.root / problem.place.file
    text = file.read_text(encoding="utf-8")
    quoted = re.compile(rf"""(["']){re.escape(path[1])}(["'/])""")
    for twin in re.findall(rf"{re.escape(path[1])} \[\w{{8}}\]", problem.hint):
        named = quoted.sub(rf"\g<1>{twin}\2", text)
        if is_toml(named):
            file.write_text(named, encoding="utf-8")
            return
    # All of them have their lines: the one without a key is not needed.
    keyless = re.compile(rf"""^["']{re.escape(path[1])}["'] = ""\n""", re.MULTILINE)
    assert keyless.search(text), problem
    file.write_text(keyless.sub("", text), encoding="utf-8")


def is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:  # a line for this twin stands there already
        return False
    return True


def below(key: str, trashed: set[str], shelves: dict[str, Any]) -> bool:
    seen: set[str] = set()
    at: str | None = key
    while at is not None and at not in seen:
        if at in trashed:
            return True
        seen.add(at)
        at = shelves.get(at, {}).get("parentCollection")
    return False


TestLibrary = Library.TestCase
TestLibrary.settings = settings(deadline=None)  # all else is the profile's
