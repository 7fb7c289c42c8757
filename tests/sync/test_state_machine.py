"""Two workspaces, a colleague at the Web API and a person with an editor, interleaved at random.

Every sync may fail at any effect, or be cut off there. Every edit carries a token of its own. When all
conflicts are settled, all sides hold the same; each token is in the files, in Zotero, in a trash or in a
journal: nothing was lost; and what nobody copied stands in one item: nothing was doubled.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx2
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from sync.effects import (
    BROKEN,
    FORBIDDEN,
    FULL,
    LINES,
    Effects,
    Mishap,
    Nature,
    PowerCutError,
    Watched,
    bad_line,
    none,
    power_cut,
    refusal,
)
from sync.machine import name_twin, pick, tokens_in
from sync.machine_colleague import ColleagueRules
from sync.machine_editor import EditorRules
from sync.rights import RIGHTS, give_back
from sync.worlds import Desk, deep

from zotsync.errors import ZotsyncError
from zotsync.model import normal
from zotsync.sync.reading.collection_tree import as_tree

nth = st.integers(0, 40)


class Library(EditorRules, ColleagueRules):
    @initialize()
    def begin(self) -> None:
        top = self.colleague.collection("Alpha")
        self.colleague.make(title=f"Premier {self.token()}", collections=[top])
        for desk in self.desks:
            self.sync(desk)

    # Syncing

    def sync(self, desk: Desk) -> Any:
        return desk.sync(allow_mass_delete=True, allow_mass_change=True)

    def sync_under(self, desk: Desk, mishap: Mishap) -> None:
        effects = Effects(desk.root, mishap)
        desk.transport = Watched(httpx2.WSGITransport(app=self.sandbox.app), effects)
        try:
            with effects.counted(), suppress(PowerCutError, ZotsyncError):
                self.sync(desk)
        finally:
            desk.transport = None

    @rule(who=pick)
    def desk_syncs(self, who: int) -> None:
        self.sync(self.desks[who % 2])

    @rule(who=pick, at=nth, when=st.sampled_from(["before", "half", "after"]))
    def desk_is_cut_off(self, who: int, at: int, when: str) -> None:
        self.sync_under(self.desks[who % 2], power_cut(at, when))

    @rule(who=pick, at=nth, error=st.sampled_from([FULL, BROKEN, FORBIDDEN]), lasting=st.booleans())
    def desk_has_a_bad_disk(self, who: int, at: int, error: int, lasting: bool) -> None:  # noqa: FBT001
        self.sync_under(self.desks[who % 2], refusal(at, error, lasting=lasting))

    @rule(who=pick, at=nth, kind=st.sampled_from(sorted(LINES)), lasting=st.booleans())
    def desk_has_a_bad_line(self, who: int, at: int, kind: str, lasting: bool) -> None:  # noqa: FBT001
        mishap = at_requests(bad_line(at % 8, kind, lasting=lasting))
        self.sync_under(self.desks[who % 2], mishap)

    @rule(who=pick, kind=st.sampled_from(["lost", "some", "cut", "500", "412"]))
    def desk_has_a_bad_write(self, who: int, kind: str) -> None:
        self.sync_under(self.desks[who % 2], at_requests(bad_line(0, kind), "POST"))

    @rule(who=pick, at=nth, which=pick)
    def desk_loses_its_rights(self, who: int, at: int, which: int) -> None:
        """And gets them back afterwards."""
        take = RIGHTS[which % len(RIGHTS)]
        self.meanwhile(at % 8, lambda: take(self.sandbox))
        try:
            self.sync_under(self.desks[who % 2], none)
        finally:
            self.sandbox.faults.clear()
            give_back(self.sandbox)

    @rule(who=pick, at=nth, choice=pick, what=st.sampled_from(["tag", "edit", "trash", "erase"]))
    def colleague_acts_meanwhile(self, who: int, at: int, choice: int, what: str) -> None:
        """A colleague writes between two requests of ours, or just before our first write."""
        acts: dict[str, Callable[[], object]] = {
            "tag": lambda: self.colleague_tags(choice),
            "edit": lambda: self.colleague_edits(choice, "title"),
            "trash": lambda: self.colleague_trashes(choice),
            "erase": lambda: self.colleague_erases_a_collection(choice),
        }
        self.meanwhile(at // 2 % 8, acts[what], method="POST" if at % 2 else "")
        try:
            self.sync(self.desks[who % 2])
        finally:
            self.sandbox.faults.clear()

    def meanwhile(self, number: int, act: Callable[[], object], *, method: str = "") -> None:
        """Let somebody act just before a request is carried out; with a method, the first of these."""
        left = [0 if method else number]

        def hook(asked: str, _path: str) -> None:
            left[0] -= asked == method or not method
            if left[0] < 0:
                self.sandbox.faults.hooks.clear()
                act()

        self.sandbox.faults.hooks.append(hook)

    @rule(who=pick, choice=pick, theirs=st.booleans())
    def desk_undoes(self, who: int, choice: int, theirs: bool) -> None:  # noqa: FBT001
        desk = self.desks[who % 2]
        with desk.library() as library, desk.engine(library) as engine:
            runs = engine.runs(50)
            number = runs[choice % len(runs)].id if choice % 3 else None
            with suppress(ZotsyncError):  # too much would go, or there is nothing to undo
                engine.undo(number, theirs=theirs)

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
                self.mend(desk)
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
            if data["itemType"] == "attachment":
                continue
            fields = normal(data)
            members = [k for k in fields.pop("collections", []) if k not in hidden]
            expected[key] = {**fields, "collections": members} if members else fields
        for desk in self.desks:
            with desk.engine(None) as engine:
                assert engine.collections() == as_tree(alive)
                assert engine.items() == expected
            assert set(desk.collections().values()) == set(alive)

    def account(self) -> None:
        objects = self.colleague.get("/items", limit=100, includeTrashed=1)
        assert len(objects) < 100, "more than a page"
        where = [str(objects)]
        for desk in self.desks:
            where += desk.files().values()
            where += (p.read_text("utf-8") for p in desk.workspace.trash.glob("*"))
            with desk.engine(None) as engine:
                rows = engine.state.rows("SELECT before, after, text FROM journal")
                where += (str(row) for row in rows)
        assert self.tokens - tokens_in("\n".join(where)) == set()
        standing = Counter(token for o in objects for token in tokens_in(str(o["data"])))
        assert {t for t in self.single if standing[t] > 1} == set()


def at_requests(mishap: Mishap, method: str = "") -> Mishap:
    """Count requests alone, those with a method."""
    seen = [-1]

    def counted(_number: int, effect: Any, act: Any, half: Any) -> Any:
        if effect.nature is not Nature.REQUEST or not effect.what.startswith(method):
            return act()
        seen[0] += 1
        return mishap(seen[0], effect, act, half)

    return counted


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
TestLibrary.settings = (  # deep, the profile's own
    settings(deadline=None)
    if deep()
    else settings(deadline=None, max_examples=80, stateful_step_count=30)
)
