"""Every row of docs/merging.md, played with real files and the embedded server.

The rows of a table are one weekend's work of two people: one item for each row, and one sync.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sync.tables import CONFLICT, Case, Row, case, creators, listed, rows, shown, tags
from sync.worlds import GROUP, Colleague, Desk, make_sandbox

from zotsync.model import normal
from zotsync.sync.trees import UNIT

FIELDS = [*rows("Fields")]
SHELVES = ("Alpha", "Beta", "Gamma")
WITNESSES = ("Témoin 1", "Témoin 2", "Témoin 3")


class Weekend:
    """What two people made of the items of all cases, and what a sync made of that."""

    def __init__(self, root: Path, cases: Sequence[Case]) -> None:
        self.desk = Desk(root, make_sandbox())
        self.colleague = Colleague(self.desk.sandbox)
        self.named = {name: self.colleague.collection(name) for name in SHELVES}
        self.named |= {name: self.colleague.make(title=name) for name in WITNESSES}
        self.keys = [self.desk.new_key() for _case in cases]
        for key, one in zip(self.keys, cases, strict=True):
            if one.base is not None:
                self._make(key, self.fields(one.base))
        self.desk.sync()
        self.files = {self._key_of(p): p for p in self.desk.workspace.items.iterdir()}
        for key, one in zip(self.keys, cases, strict=True):
            self._edit_here(key, one)
            self._edit_there(key, one)
        self.outcome = self.desk.sync()
        self.waiting: dict[str, set[str]] = {key: set() for key in self.keys}
        for conflict in self.outcome.conflicts:
            self.waiting[conflict.key].add(conflict.field)
        self.here = {key: self._with_keys(fields) for key, fields in self.desk.fields().items()}

    @staticmethod
    def _key_of(path: Path) -> str:
        return path.read_text(encoding="utf-8").partition('key = "')[2][:8]

    def fields(self, cells: Mapping[str, str]) -> dict[str, Any]:
        """Return what cells say as Zotero has it."""
        kind = {"itemType": "note" if "note" in cells else "journalArticle"}
        return kind | {name: self._value(name, text) for name, text in cells.items()}

    def _value(self, name: str, text: str) -> Any:
        if name == "creators":
            return creators(text)
        if name == "tags":
            return tags(text)
        if name == "collections":
            return sorted(self.named[one] for one in listed(text))
        if name == "relations":
            uris = [f"http://zotero.org/groups/{GROUP}/items/{self.named[t]}" for t in listed(text)]
            return {"dc:relation": uris} if uris else {}
        return self.named[text] if name == "parentItem" and text else text

    def _with_keys(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        members = [self.named[path] for path in fields.get("collections", ())]
        return normal({**fields, "collections": members})

    def _make(self, key: str, fields: Mapping[str, Any]) -> None:
        full = {name: value for name, value in fields.items() if value}
        self.colleague.post("items", [{"key": key, "version": 0, **full}])

    def _edit_here(self, key: str, one: Case) -> None:
        if one.here == one.base:
            return
        fields = self.fields(one.here) | {"collections": listed(one.here.get("collections", ""))}
        lines = [f"{name} = {_toml(value)}\n" for name, value in fields.items() if value]
        path = self.files.get(key) or self.desk.path(key.lower())
        path.write_text("".join([f'key = "{key}"\n', *lines]), encoding="utf-8")

    def _edit_there(self, key: str, one: Case) -> None:
        there = self.fields(one.zotero)
        if one.base is None:
            self._make(key, there)
            return
        before = self.fields(one.base)
        retyped = there["itemType"] != before["itemType"]
        changed = {name: value for name, value in there.items() if value != before[name]}
        sent: dict[str, Any] = {
            n: v if v or n != "parentItem" else False for n, v in changed.items()
        }
        if sent:  # a type need not have a field that is emptied with it
            self.colleague.change(key, **{n: v for n, v in sent.items() if v or not retyped})


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        pairs = (f"{json.dumps(name)} = {_toml(one)}" for name, one in value.items())
        return "{ " + ", ".join(pairs) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


@pytest.fixture(scope="module")
def weekend(tmp_path_factory: pytest.TempPathFactory) -> Weekend:
    return Weekend(tmp_path_factory.mktemp("weekend"), [case(row) for row in FIELDS])


@pytest.mark.parametrize("number", range(len(FIELDS)), ids=[str(row) for row in FIELDS])
def test_what_becomes_of_two_edits(weekend: Weekend, number: int) -> None:
    key, one = weekend.keys[number], case(FIELDS[number])
    here, there = weekend.here[key], normal(weekend.colleague.item(key))
    full = {name: text or "" for name, text in one.result.items()}
    wanted = normal(weekend.fields(full))
    waits = {name for name, text in one.result.items() if text is None}
    for name in one.result:
        if name in waits:
            assert here.get(name) == normal(weekend.fields(one.here)).get(name), name
            assert there.get(name) == normal(weekend.fields(one.zotero)).get(name), name
        else:
            assert (here.get(name), there.get(name)) == (wanted.get(name), wanted.get(name)), name
    unit = waits & {UNIT, "parentItem"}
    assert weekend.waiting[key] == (unit or waits)


def test_a_second_sync_has_nothing_to_do(weekend: Weekend) -> None:
    again = weekend.desk.sync()
    assert (again.requests, again.run, again.exit_code) == (1, 0, 3)
    assert weekend.outcome.problems == ()


# Collections


TREES = [*rows("Collections")]
_TWIN = re.compile(r" \[[A-Z0-9]{8}\]")


class Trees:
    """One collection for each row, the row's tree below it, and what a sync made of the edits."""

    def __init__(self, root: Path) -> None:
        self.desk = Desk(root, make_sandbox())
        self.colleague = Colleague(self.desk.sandbox)
        self.keys: dict[str, str] = {}
        for number, row in enumerate(TREES):
            for path in ["", *_lines(row, "before")]:
                self._make(f"{number}/{path}".strip("/"))
        self.desk.sync()
        self.agreed = dict(self.keys)
        for number, row in enumerate(TREES):
            self._edit_there(number, _lines(row, "in Zotero"))
        self._edit_here()
        self.outcome = self.desk.sync(allow_mass_delete=True)

    def _make(self, path: str) -> None:
        above, _, name = path.rpartition("/")
        self.keys[path] = self.colleague.collection(name, self.keys.get(above))

    def _edit_there(self, number: int, edits: list[str]) -> None:
        for edit in edits:
            sign, old, new = _edit(number, edit)
            if sign == "+":
                self._make(old)
            elif sign == "−":
                self.colleague.trash(self.agreed[old], "collections")
            else:
                above, _, name = new.rpartition("/")
                changed = {"name": name, "parentCollection": self.agreed[above]}
                self.colleague.change(self.agreed[old], "collections", **changed)

    def _edit_here(self) -> None:
        lines = dict(self.agreed)
        for number, row in enumerate(TREES):
            for sign, old, new in (_edit(number, edit) for edit in _lines(row, "here")):
                if sign == "+":
                    lines[old] = ""
                elif lines.get(old) == self.agreed[old]:
                    del lines[old]
                if sign == "→":
                    lines[new] = self.agreed[old]
        text = "".join(f'"{path}" = "{key}"\n' for path, key in lines.items())
        self.desk.workspace.collections.write_text(text, encoding="utf-8")

    def here(self) -> dict[str, str]:
        """Return key -> path, as collections.toml has it."""
        return {key: path for path, key in self.desk.collections().items()}

    def there(self) -> dict[str, str]:
        """Return key -> path of the collections in Zotero that are not in its trash."""
        found = self.colleague.get("/collections", limit=100)
        data = {one["key"]: one["data"] for one in found}
        live = (key for key in data if not data[key].get("deleted"))
        return {key: "/".join(_names(key, data)) for key in live}


def _lines(row: Row, head: str) -> list[str]:
    return [] if row.cells[head] == "–" else [shown(part) for part in row.cells[head].split("<br>")]


def _edit(number: int, edit: str) -> tuple[str, str, str]:
    """Return `+ A`, `− A` or `A → B` as a sign and two paths below the row's own collection."""
    sign, _, path = edit.partition(" ") if edit[0] in "+−" else ("→", "", edit)
    old, _, new = path.partition(" → ")
    return sign, f"{number}/{old}", f"{number}/{new}"


def _names(key: str, data: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    above = data[key]["parentCollection"]
    if above:
        yield from _names(above, data)
    yield data[key]["name"]


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Trees:
    return Trees(tmp_path_factory.mktemp("trees"))


@pytest.mark.parametrize("number", range(len(TREES)), ids=[row.cells["case"] for row in TREES])
def test_what_becomes_of_two_edits_of_the_tree(trees: Trees, number: int) -> None:
    row, root = TREES[number], f"{number}/"
    here, there = (
        {key: path.removeprefix(root) for key, path in side.items() if path.startswith(root)}
        for side in (trees.here(), trees.there())
    )
    waiting = {c.key for c in trees.outcome.conflicts} & {*here, *there}
    if row.cells["afterwards"] == CONFLICT:
        assert waiting
        for side, head in ((here, "here"), (there, "in Zotero")):
            assert {edit.partition(" → ")[2] for edit in _lines(row, head)} <= {*side.values()}
        return
    assert waiting == set()
    assert {key: _TWIN.sub("", path) for key, path in here.items()} == there
    assert sorted(there.values()) == sorted(_lines(row, "afterwards"))


def test_a_second_sync_has_nothing_to_do_to_the_tree(trees: Trees) -> None:
    again = trees.desk.sync()
    assert (again.requests, again.run, again.exit_code) == (1, 0, 3)
