"""What an undo shows is what it does, whatever kind of run it takes back and whatever came since."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sync.setting import Setting
from sync.taking_back import undo, undo_plan
from sync.worlds import CURATOR, FAST, READER, deep

from zotsync.errors import RightsError, ServerError, UnsafeError
from zotsync.proposal import Addition, Correction, Proposal
from zotsync.sandbox.faults import Fault
from zotsync.sync.undoing.undo import UndoPlan


@pytest.fixture
def root() -> Iterator[Path]:
    """Return a folder, in memory where there is one."""
    folder = Path(tempfile.mkdtemp(dir=FAST))
    yield folder
    shutil.rmtree(folder)


class Scene:
    """An item that both sides agree on, one of its fields edited by a run, and what comes after."""

    def __init__(self, root: Path) -> None:
        self.world = Setting(root)
        self.desk, self.colleague = self.world.desk, self.world.colleague
        self.shelf = self.colleague.collection("Rayon")
        self.key = self.colleague.make(title="Avant", volume="1", place="Lyon")
        self.other = self.colleague.make(title="Autre")
        self.desk.sync()

    def agree(self, proposal: Proposal, command: str) -> int:
        with self.desk.engine(None) as engine:
            return engine.write_agreed(proposal, command).run

    def correct(self, command: str = "check", **fields: Any) -> int:
        """Write what somebody agreed to, as `check --fix`, `tag` and `import` do."""
        here = self.desk.fields()[self.key]
        before = {name: here.get(name) for name in fields}
        title = str(here["title"])
        made = Correction(self.key, title, "", "", "", before, fields)
        return self.agree(Proposal((made,)), command)

    # Kinds of runs

    def sync_run(self) -> int:
        self.desk.edit(self.key, '"Avant"', '"Après"')
        return self.desk.sync().run

    def check_run(self) -> int:
        return self.correct(title="Après")

    def check_run_on_an_edit(self) -> int:
        self.desk.edit(self.key, '"Avant"', '"Entre-temps"')
        return self.correct(title="Après")

    def add_run(self) -> int:
        fields = {"itemType": "book", "title": "Neuf", "volume": "1", "place": "Lyon"}
        new = {**fields, "collections": ["Rayon/Neuve"]}
        run = self.agree(Proposal(additions=(Addition("", new),)), "add")
        self.key = next(k for k, f in self.desk.fields().items() if f["title"] == "Neuf")
        return run

    def tag_run(self) -> int:
        return self.correct("tag", tags=[{"tag": "x"}])

    def move_run(self) -> int:
        return self.correct("move", collections=[self.shelf])

    def resolve_run(self) -> int:
        self.desk.edit(self.key, '"Avant"', '"Ici"')
        self.colleague.change(self.key, title="Là")
        self.desk.sync()
        self.desk.settle("remote")
        with self.desk.engine(None) as engine:
            return engine.runs(1)[0].id

    def restore_run(self) -> int:
        self.colleague.change(self.key, title="Gâché")
        self.desk.sync()
        with self.desk.engine(None) as engine:
            engine.restore(self.key)
            return engine.runs(1)[0].id

    def undo_run(self) -> int:
        self.desk.edit(self.key, '"Avant"', '"Après"')
        run = self.desk.sync().run
        with self.desk.library() as library, self.desk.engine(library) as engine:
            return engine.undo(run).run

    def undo_here_run(self) -> int:
        run = self.correct(title="Après")
        with self.desk.engine(None) as engine:
            return engine.undoing_here().undo(run).run

    # What comes after

    def nothing(self) -> None:
        pass

    def another_field_here(self) -> None:
        self.desk.edit(self.key, 'volume = "1"', 'volume = "2"')

    def same_field_here(self) -> None:
        path = self.desk.file_of(self.key)
        lines = path.read_text("utf-8").splitlines()
        kept = [line for line in lines if not line.startswith("title")]
        path.write_text("\n".join([*kept[:1], 'title = "Encore"', *kept[1:], ""]), "utf-8")

    def another_item_here(self) -> None:
        self.desk.edit(self.other, '"Autre"', '"Une autre"')

    def a_new_file_in_the_new_collection(self) -> None:
        self.desk.write(
            "inconnu", 'itemType = "book"\ntitle = "I"\ncollections = ["Rayon/Neuve"]\n'
        )

    def deleted_here(self) -> None:
        self.desk.file_of(self.key).unlink()

    def another_field_there(self) -> None:
        if self.key in self.colleague.library():
            self.colleague.change(self.key, place="Paris")

    def same_field_there(self) -> None:
        if self.key in self.colleague.library():
            self.colleague.change(self.key, title="Là-bas")

    def trashed_there(self) -> None:
        if self.key in self.colleague.library():
            self.colleague.trash(self.key)

    def both(self) -> None:
        self.another_field_here()
        self.same_field_there()


RUNS: list[Callable[[Scene], int]] = [
    Scene.sync_run, Scene.check_run, Scene.check_run_on_an_edit, Scene.add_run, Scene.tag_run,
    Scene.move_run, Scene.resolve_run, Scene.restore_run, Scene.undo_run, Scene.undo_here_run,
]  # fmt: skip
AFTER: list[Callable[[Scene], None]] = [
    Scene.nothing, Scene.another_field_here, Scene.same_field_here, Scene.another_item_here,
    Scene.a_new_file_in_the_new_collection, Scene.deleted_here, Scene.another_field_there,
    Scene.same_field_there, Scene.trashed_there, Scene.both,
]  # fmt: skip


def named(thing: Callable[..., Any]) -> str:
    return thing.__name__


def face(plan: UndoPlan) -> Any:
    """Return what people see of a plan."""
    steps = [(s.what, s.kind, s.key, dict(s.fields), dict(s.before)) for s in plan.steps]
    left = {(one.kind, one.key, name) for one in plan.left for name in one.fields or ("",)}
    return steps, left


def cases() -> Iterator[Any]:
    """Yield what is tried: all of it in `make soak`, else what tells the most."""
    for kind in RUNS:
        for after in AFTER:
            for synced in (False, True):
                telling = after in (Scene.nothing, Scene.another_field_here) and not synced
                if deep() or telling or (kind is Scene.add_run and synced):
                    name = f"{kind.__name__}-{after.__name__}-{synced}"
                    yield pytest.param(kind, after, synced, id=name)


@pytest.mark.parametrize(("kind", "after", "synced"), list(cases()))
def test_what_is_shown_is_what_is_done(
    root: Path, kind: Callable[[Scene], int], after: Callable[[Scene], None], *, synced: bool
) -> None:
    scene = Scene(root)
    run = kind(scene)
    if synced:
        scene.desk.sync()
    after(scene)
    with scene.desk.library() as library, scene.desk.engine(library) as engine:
        here = engine.undoing_here()
        if here.is_possible(run):
            shown = here.previewed(run)
            assert (face(here.undo(run).plan), shown.here) == (face(shown), True)
            return
        shown = engine.undo_plan(run)
        done = engine.undo(run)
        assert face(done.plan) == face(shown)


def test_a_correction_of_an_unsynced_edit_is_taken_back_here_alone(root: Path) -> None:
    scene = Scene(root)
    run = scene.check_run_on_an_edit()
    sent = len(scene.world.writes())
    with scene.desk.engine(None) as engine:
        here = engine.undoing_here()
        assert here.is_possible(run)
        here.undo(run)
    assert scene.desk.fields()[scene.key]["title"] == "Entre-temps"
    assert len(scene.world.writes()) == sent


def test_what_a_colleague_does_after_the_preview_is_asked_about_again(root: Path) -> None:
    scene = Scene(root)
    run = scene.sync_run()
    scene.same_field_there()
    shown = undo_plan(scene.desk, run)
    assert not shown.steps
    scene.colleague.change(scene.key, title="Après")
    asked: list[bool] = []

    def refuse(plan: UndoPlan) -> bool:
        asked.append(plan.does_more_than(shown))
        return False

    with scene.desk.library() as library, scene.desk.engine(library) as engine:
        done = engine.undo(run, agreed=refuse)
    assert (asked, done.run) == ([True], 0)
    assert scene.colleague.item(scene.key)["title"] == "Après"


def test_a_preview_is_refused_where_the_undo_would_be(root: Path) -> None:
    scene = Scene(root)
    run = scene.sync_run()
    scene.desk.key = READER
    with pytest.raises(RightsError):
        undo_plan(scene.desk, run)
    scene.desk.key = CURATOR
    for path in scene.desk.workspace.items.glob("*.toml"):
        path.unlink()
    with pytest.raises(UnsafeError):
        undo_plan(scene.desk, run)
    with pytest.raises(UnsafeError):
        undo(scene.desk, run)


def test_an_undo_that_was_cut_short_shows_what_goes_to_zotero(root: Path) -> None:
    scene = Scene(root)
    run = scene.sync_run()
    scene.world.sandbox.faults.plan(*[Fault(500, method="POST")] * 9)
    with pytest.raises(ServerError):
        undo(scene.desk, run)
    scene.world.sandbox.faults.clear()
    shown = undo_plan(scene.desk, run)
    assert (shown.resumes, shown.count) == (True, 0)
    assert [step.to_zotero for step in shown.first] == [{"title": "Avant"}]
    undo(scene.desk, run)
    assert scene.colleague.item(scene.key)["title"] == "Avant"
    assert not undo_plan(scene.desk, run).resumes
