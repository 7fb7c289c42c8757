"""Whatever both sides edit between two syncs: undoing the second ends where the first had."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sync.setting import Setting
from sync.worlds import FAST, GROUP

from zotsync.bibliography.itemfile import amend_item_text, new_item_text
from zotsync.sync.engine import Undone
from zotsync.sync.remembering.journal import Journal

FIELDS = ("title", "abstractNote", "extra", "volume", "tags", "creators", "collections", "type")
SHELVES = ("shelve", "rename", "move", "unshelve")
what = st.one_of(
    st.tuples(st.just("edit"), st.integers(0, 3), st.sampled_from(FIELDS), st.sampled_from("abc")),
    st.tuples(st.sampled_from(["delete", "note", "relate"]), st.integers(0, 3)),
    st.tuples(st.just("make"), st.sampled_from("abc")),
    st.tuples(st.sampled_from(SHELVES), st.integers(0, 2)),
)
"""One thing that somebody does on one side."""


class Library:
    """A desk and a colleague who do the same kinds of things, each in their own way."""

    def __init__(self, root: Path) -> None:
        self.world = Setting(root)
        colleague = self.world.colleague
        self.shelves = [colleague.collection(name) for name in ("Un", "Deux")]
        self.shelves.append(colleague.collection("Trois", self.shelves[0]))
        self.items = [
            colleague.make(
                title=f"T{n}",
                abstractNote=f"Une phrase {n}. Une autre. La dernière.",
                extra="A: 1\nB: 2",
                tags=[{"tag": "x"}],
                creators=[{"creatorType": "author", "firstName": "P", "lastName": "N"}],
                collections=[self.shelves[n % 3]],
            )
            for n in range(4)
        ]
        self.trashed: set[str] = set()
        self.touched: set[str] = set()
        colleague.make("note", note="<p>n</p>", parentItem=self.items[3])
        self.world.desk.sync()

    # The two sides

    def value(self, name: str, letter: str) -> Any:
        return {
            "tags": [{"tag": letter}, {"tag": "x"}],
            "creators": [{"creatorType": "author", "name": letter}],
            "abstractNote": f"Une phrase {letter}. Une autre. La dernière.",
            "extra": f"A: 1\nB: {letter}",
        }.get(name, letter)

    def here(self, act: tuple[Any, ...]) -> None:
        desk = self.world.desk
        kind, *rest = act
        if kind == "make":
            desk.write(f"neuf-{rest[0]}", new_item_text(None, {"itemType": "book", "title": "N"}))
        elif kind in SHELVES:
            self._lines(kind, self.shelves[rest[0]])
        elif path := self._file(self.items[rest[0]]):
            self._item_here(kind, path, self.items[rest[0]], rest[1:])

    def _file(self, key: str) -> Path | None:
        files = self.world.desk.workspace.items.rglob("*.toml")
        return next((p for p in files if f'key = "{key}"' in p.read_text("utf-8")), None)

    def _item_here(self, kind: str, path: Path, key: str, rest: list[Any]) -> None:
        if kind == "delete":
            path.unlink()
            return
        if kind == "note":
            fields = {"itemType": "note", "note": "<p>ici</p>", "parentItem": key}
            self.world.desk.write(f"note-{key.lower()}", new_item_text(None, fields))
            return
        changes: dict[str, Any] = {"relations": self._relation(key)}
        if kind == "relate":
            self.touched |= {key, self.items[(self.items.index(key) + 1) % 4]}
        if kind == "edit":
            name, letter = rest
            changes = {name: self.value(name, letter)}
            if name == "collections":
                changes = {name: ["Un", f"Neuve {letter}"]}
            if name == "type":
                changes = {"itemType": "film", "volume": None}
        path.write_text(amend_item_text(path.read_text("utf-8"), changes=changes), "utf-8")

    def _relation(self, key: str, step: int = 1) -> dict[str, list[str]]:
        other = self.items[(self.items.index(key) + step) % 4]
        return {"dc:relation": [f"http://zotero.org/groups/{GROUP}/items/{other}"]}

    def _lines(self, kind: str, key: str) -> None:
        lines = self.world.desk.collections()
        path = next((p for p, k in lines.items() if k == key), None)
        if kind == "shelve":
            lines["Ici"] = lines.get("Ici", "")
        elif path is not None:
            del lines[path]
            new = {"rename": f"{path} bis", "move": f"Deux/{path.rpartition('/')[2]} d"}.get(kind)
            if new and not new.startswith(f"{path}/"):
                lines[new] = key
        text = "".join(f'"{p}" = "{k}"\n' for p, k in lines.items())
        self.world.desk.workspace.collections.write_text(text, encoding="utf-8")

    def there(self, act: tuple[Any, ...]) -> None:
        """Do it as a colleague; what goes to the trash has been left alone before and after.

        An edit of what is in the trash is no part of a sync: it comes when that is restored.
        """
        colleague = self.world.colleague
        kind, *rest = act
        key = "" if kind == "make" else (self.items + self.shelves)[rest[0] + 4 * (kind in SHELVES)]
        if not self._may(kind, key, rest):
            return
        (self.trashed if kind in ("delete", "unshelve") else self.touched).add(key)
        if kind == "make":
            colleague.make(title=f"Là {rest[0]}")
        elif kind in SHELVES:
            self._shelf(kind, self.shelves[rest[0]])
        else:
            self._item_there(kind, self.items[rest[0]], rest[1:])

    def _may(self, kind: str, key: str, rest: list[Any]) -> bool:
        """Return whether an undo can know of it."""
        if key in self.trashed or (kind in ("delete", "unshelve") and key in self.touched):
            return False
        if kind == "delete" and not self._file(key):
            return False
        parent, child = self.shelves[0], self.shelves[2]
        if {parent: child, child: parent}.get(key) in self.trashed | self.touched:
            return False
        if "collections" in rest:  # it would not be seen in a collection that goes to the trash
            if self.shelves[1] in self.trashed:
                return False
            self.touched.add(self.shelves[1])
        if kind == "unshelve" and key not in self.world.desk.collections().values():
            return False
        if kind == "relate":
            other = self.items[(self.items.index(key) + 2) % 4]
            if other in self.trashed or not self._file(other):
                return False
            self.touched.add(other)
        return True

    def _shelf(self, kind: str, key: str) -> None:
        colleague = self.world.colleague
        if kind == "shelve":
            colleague.collection("Là")
        elif kind == "unshelve":
            colleague.trash(key, "collections")
        elif kind == "rename":
            colleague.change(key, "collections", name="Autre nom")
        elif key == self.shelves[2]:
            colleague.change(key, "collections", parentCollection=False)

    def _item_there(self, kind: str, key: str, rest: list[Any]) -> None:
        colleague = self.world.colleague
        if kind == "delete":
            colleague.trash(key)
        elif kind == "note":
            colleague.make("note", note="<p>là</p>", parentItem=key)
        elif kind == "relate":
            colleague.change(key, relations=self._relation(key, 2))
        else:
            name, letter = rest
            value = self.value(name, f"{letter} là")
            if name == "collections":
                value = [*colleague.item(key)["collections"], self.shelves[1]]
            if name != "type":
                colleague.change(key, **{name: value})

    def whole(self) -> Any:
        """Return all that both sides hold, trash apart, and the place of what is hidden by it."""
        colleague, desk = self.world.colleague, self.world.desk
        objects = colleague.get("/collections", limit=100)
        data = {o["key"]: o["data"] for o in objects}
        shelves = {k: (d["name"], d["parentCollection"]) for k, d in data.items() if alive(k, data)}
        items = {key: self._seen(item, shelves) for key, item in colleague.library().items()}
        return desk.fields(), dict(desk.collections()), shelves, items

    @staticmethod
    def _seen(item: Mapping[str, Any], shelves: Mapping[str, Any]) -> dict[str, Any]:
        fields = {n: v for n, v in item.items() if n not in ("version", "dateModified")}
        members = [k for k in fields.pop("collections", ()) if k in shelves]
        return {**fields, "collections": members}


def alive(key: str, shelves: Mapping[str, Any]) -> bool:
    """Return whether neither a collection nor one above it is in the trash."""
    at: Any = key
    while at and not shelves[at].get("deleted"):
        at = shelves[at]["parentCollection"]
    return not at


def settle(library: Library) -> None:
    """Sync, and settle whatever conflicts there are for what is here."""
    desk = library.world.desk
    for _round in range(4):
        outcome = desk.sync(allow_mass_delete=True, allow_mass_change=True)
        if not outcome.conflicts:
            return
        desk.settle("local")


@settings(deadline=None)
@given(st.lists(what, max_size=4), st.lists(what, max_size=4))
def test_an_undo_of_a_sync_ends_where_the_sync_began(
    here: list[tuple[Any, ...]], there: list[tuple[Any, ...]]
) -> None:
    root = Path(tempfile.mkdtemp(dir=FAST))
    try:
        play(Library(root), here, there)
    finally:
        shutil.rmtree(root)


def play(library: Library, here: list[tuple[Any, ...]], there: list[tuple[Any, ...]]) -> None:
    world = library.world
    before = library.whole()
    for act in here:
        library.here(act)
    for act in there:
        library.there(act)
    outcome = world.desk.sync(allow_mass_delete=True, allow_mass_change=True)
    clean = not outcome.conflicts and not outcome.problems
    settle(library)
    after = library.whole()
    done = undone(world, outcome.run, theirs=True)
    if done is None:
        return
    if clean:
        assert done.left == ()
        assert library.whole() == before
        world.at_rest()
    again = undone(world, done.run) if done.run else None
    if again is not None and clean:
        assert again.left == ()
        assert library.whole() == after
        world.at_rest()


def undone(world: Setting, run: int, *, theirs: bool = False) -> Undone | None:
    """Take a run back; None where it did nothing but agree."""
    with world.desk.library() as connection, world.desk.engine(connection) as engine:
        if not Journal(engine.state).wrote(run):
            return None
        return engine.undo(run, theirs=theirs)
