"""Without the right to write everything is pulled, edits here wait by name, and go when it comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sync.setting import Setting
from sync.worlds import CURATOR, GROUP

from zotsync.errors import NotThereError, RightsError, UnsafeError, ZotsyncError
from zotsync.sandbox.faults import Fault
from zotsync.sandbox.server import Access, Sandbox
from zotsync.sync.trees import NoticeKind

EDITS_WAIT = "Édité ici"


@pytest.fixture
def world(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


def read_only_key(sandbox: Sandbox) -> None:
    sandbox.add_key(CURATOR, 1, groups={GROUP: Access(library=True, write=False)})


def for_administrators(sandbox: Sandbox) -> None:
    sandbox.change_group(GROUP, library_editing="admins", owner=2, members=(1,))


def public_and_not_a_member(sandbox: Sandbox) -> None:
    sandbox.change_group(
        GROUP, type="PublicClosed", library_reading="all", owner=2, members=(), admins=()
    )


def give_back(sandbox: Sandbox) -> None:
    sandbox.add_key(CURATOR, 1, groups={GROUP: Access(library=True, write=True)})
    sandbox.change_group(GROUP, type="Private", owner=1, members=(1, 2), library_editing="members")


NO_WRITING: list[tuple[Callable[[Sandbox], None], str, str]] = [
    (read_only_key, "may read the group Doc, but not write", "zotero.org/settings/keys"),
    (for_administrators, "only administrators may edit", "zotero.org/groups/4711"),
    (public_and_not_a_member, "is not a member of the group Doc", "zotero.org/groups/4711"),
]


def edited(world: Setting) -> tuple[str, str]:
    """Let both sides change things; return the keys of what was edited here and there."""
    here, there = world.agreed(title="Ici"), world.agreed(title="Là")
    gone = world.agreed(title="Jeté")
    world.desk.edit(here, '"Ici"', f'"{EDITS_WAIT}"')
    world.desk.file_of(gone).unlink()
    world.desk.write("neuf", 'itemType = "book"\ntitle = "Neuf"\ncollections = ["Alpha"]\n')
    world.colleague.change(there, title="Édité là")
    return here, there


@pytest.mark.parametrize(("take", "words", "page"), NO_WRITING)
def test_without_the_right_to_write_all_is_pulled_and_edits_wait_by_name(
    world: Setting, take: Callable[[Sandbox], None], words: str, page: str
) -> None:
    here, there = edited(world)
    before = world.colleague.get("/items", limit=100, includeTrashed=1)
    take(world.sandbox)
    for _time in range(2):
        outcome = world.desk.sync()
        assert outcome.exit_code == 5
        problem = outcome.problems[0]
        assert words in problem.message
        assert page in problem.hint
        waiting = {n.title for n in outcome.notices if n.what is NoticeKind.WAITS_FOR_RIGHTS}
        assert waiting == {EDITS_WAIT, "Jeté", "Neuf", "Alpha"}
        assert f'"{EDITS_WAIT}"' in world.desk.file_of(here).read_text("utf-8")
        assert '"Édité là"' in world.desk.file_of(there).read_text("utf-8")
    give_back(world.sandbox)
    assert world.colleague.get("/items", limit=100, includeTrashed=1) == before
    assert world.desk.sync().exit_code == 0
    titles = {d["title"] for d in world.colleague.library().values()}
    assert titles == {"Témoin", EDITS_WAIT, "Édité là", "Neuf"}
    world.at_rest()


def test_nothing_is_sent_in_vain_once_the_server_has_said_no(world: Setting) -> None:
    edited(world)
    read_only_key(world.sandbox)
    world.desk.sync()
    world.sandbox.faults.log.clear()
    assert world.desk.sync().exit_code == 5
    assert world.writes() == []


def test_a_reader_without_edits_has_no_problem(world: Setting) -> None:
    read_only_key(world.sandbox)
    key = world.colleague.make(title="Neuf là")
    assert world.desk.sync().exit_code == 0
    assert key in world.desk.fields()
    world.at_rest()


def test_an_edit_that_is_taken_back_waits_no_more(world: Setting) -> None:
    key = world.agreed(title="Ici")
    world.desk.edit(key, '"Ici"', '"Autre"')
    read_only_key(world.sandbox)
    assert world.desk.sync().exit_code == 5
    world.desk.edit(key, '"Autre"', '"Ici"')
    world.at_rest()


@pytest.mark.parametrize("offline", [False, True])
def test_a_look_ahead_says_it_too(world: Setting, offline: bool) -> None:  # noqa: FBT001
    key = world.agreed(title="Ici")
    world.desk.edit(key, '"Ici"', '"Autre"')
    read_only_key(world.sandbox)
    world.desk.sync()
    plan = world.desk.preview(offline=offline, dry_run=True)
    assert isinstance(plan.stop, RightsError)
    assert "may read the group" in str(plan.problems[-1])
    assert [s.to_zotero for s in plan.steps] == [{"title": "Autre"}]
    give_back(world.sandbox)
    assert world.desk.preview(dry_run=True).stop is None


def test_a_guard_speaks_in_a_look_ahead_as_in_a_sync(world: Setting) -> None:
    for number in range(8):
        world.agreed(title=f"T{number}")
    for path in list(world.desk.workspace.items.glob("t*.toml"))[:7]:
        path.unlink()
    plan = world.desk.preview(dry_run=True)
    assert isinstance(plan.stop, UnsafeError)
    assert plan.stop.exit_code == 4


def test_pushing_alone_is_refused(world: Setting) -> None:
    key = world.agreed(title="Ici")
    world.desk.edit(key, '"Ici"', '"Autre"')
    read_only_key(world.sandbox)
    with pytest.raises(RightsError, match="may read"):
        world.desk.sync(push_only=True)


def test_the_right_may_go_in_mid_run(world: Setting) -> None:
    keys = [world.agreed(title=f"T{n:03}") for n in range(3)]
    for key in keys:
        world.desk.edit(key, 'title = "T', 'title = "Ici T')
    take = world.once("POST", "items", lambda: read_only_key(world.sandbox))
    outcome = world.sync_with(take)
    assert outcome.exit_code == 5
    give_back(world.sandbox)
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(keys[2])["title"] == "Ici T002"
    world.at_rest()


def test_a_conflict_stays_a_conflict(world: Setting) -> None:
    key = world.agreed(title="Ici", place="Paris")
    read_only_key(world.sandbox)
    world.desk.edit(key, '"Ici"', '"À nous"')
    world.desk.edit(key, '"Paris"', '"Lyon"')
    world.colleague.change(key, title="À eux")
    outcome = world.desk.sync()
    assert [c.field for c in outcome.conflicts] == ["title"]
    assert outcome.exit_code == 5
    give_back(world.sandbox)
    assert world.desk.sync().exit_code == 3
    assert world.colleague.item(key)["place"] == "Lyon"


# No right to read either


def revoked(sandbox: Sandbox) -> None:
    sandbox.remove_key(CURATOR)


def other_group_alone(sandbox: Sandbox) -> None:
    sandbox.add_group(12, "Autre", owner=1)
    sandbox.add_key(CURATOR, 1, groups={12: Access(library=True, write=True)})


def thrown_out(sandbox: Sandbox) -> None:
    sandbox.change_group(GROUP, owner=2, members=(), admins=())


def key_of_nothing(sandbox: Sandbox) -> None:
    sandbox.add_key(CURATOR, 1, groups={})


NO_READING = [
    (revoked, "does not know this API key", "settings/keys/new"),
    (other_group_alone, "does not reach the group", "zotero.org/settings/keys"),
    (key_of_nothing, "does not reach the group", "zotero.org/settings/keys"),
    (thrown_out, "is not a member of the group", "zotero.org/groups/4711"),
]


@pytest.mark.parametrize("when", ["before", "in mid-run"])
@pytest.mark.parametrize(("take", "words", "page"), NO_READING)
def test_without_the_right_to_read_nothing_changes_and_the_reason_is_named(
    world: Setting, take: Callable[[Sandbox], None], words: str, page: str, when: str
) -> None:
    key = world.agreed(title="Ici")
    world.desk.edit(key, '"Ici"', f'"{EDITS_WAIT}"')
    hooks = []
    if when == "before":
        take(world.sandbox)
    else:
        hooks.append(world.once("POST", "items", lambda: take(world.sandbox)))
    with pytest.raises(RightsError) as told:
        world.sync_with(*hooks)
    assert told.value.exit_code == 5
    assert words in told.value.problem.message
    assert page in told.value.problem.hint
    assert CURATOR not in str(told.value)
    assert f'"{EDITS_WAIT}"' in world.desk.file_of(key).read_text("utf-8")
    give_back(world.sandbox)
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(key)["title"] == EDITS_WAIT
    world.at_rest()


def test_a_group_that_is_gone_is_named_and_files_stay(world: Setting) -> None:
    key = world.agreed(title="Ici")
    world.sandbox.remove_group(GROUP)
    with pytest.raises(NotThereError, match="4711") as told:
        world.desk.sync()
    assert "zotsync.toml" in told.value.problem.hint
    assert world.desk.has(key)


def test_a_refusal_for_no_reason_we_know_is_told_as_it_is(world: Setting) -> None:
    key = world.agreed(title="Ici")
    world.desk.edit(key, '"Ici"', '"Autre"')
    world.sandbox.faults.plan(Fault(status=403, method="POST"))
    with pytest.raises(ZotsyncError, match="Zotero refused this") as told:
        world.desk.sync()
    assert told.value.exit_code == 5
    assert world.desk.sync().exit_code == 0
