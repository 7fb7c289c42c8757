"""412: pulled and planned again, as long as it gets on; 429 and 503: waited for."""

from __future__ import annotations

from pathlib import Path

import pytest
from sync.setting import Setting

from zotsync.errors import ServerError
from zotsync.sandbox.faults import Fault, maintenance, too_many


@pytest.fixture
def world(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


def test_what_is_stale_is_pulled_and_planned_again(world: Setting) -> None:
    key = world.agreed(title="T", volume="1")
    world.desk.edit(key, '"T"', '"U"')
    meanwhile = world.once("POST", "/items", lambda: world.colleague.change(key, volume="2"))
    outcome = world.sync_with(meanwhile)
    assert outcome.exit_code == 0
    data, here = world.colleague.item(key), world.desk.fields()[key]
    assert (data["title"], data["volume"]) == (here["title"], here["volume"]) == ("U", "2")
    world.at_rest()


def test_a_stale_object_does_not_hold_up_the_others_of_its_batch(world: Setting) -> None:
    one, two = world.agreed(title="T1"), world.agreed(title="T2")
    for key in (one, two):
        world.desk.edit(key, 'title = "T', 'title = "U')
    meanwhile = world.once("POST", "/items", lambda: world.colleague.change(one, title="là"))
    outcome = world.sync_with(meanwhile)
    assert [(c.key, c.field, c.local, c.zotero) for c in outcome.conflicts] == [
        (one, "title", "U1", "là")
    ]
    assert world.colleague.item(two)["title"] == "U2"


def test_a_new_collection_waits_for_a_library_that_moved(world: Setting) -> None:
    world.desk.workspace.collections.write_text('"Rayon" = ""\n', encoding="utf-8")
    meanwhile = world.once("POST", "/collections", lambda: world.colleague.collection("Rayon"))
    assert world.sync_with(meanwhile).exit_code == 0
    world.at_rest()


def test_without_progress_it_ends_after_three_more_tries(world: Setting) -> None:
    key = world.agreed(title="T")
    world.desk.edit(key, '"T"', '"U"')
    count = [0]

    def always(method: str, _path: str) -> None:
        if method == "POST":
            count[0] += 1
            world.colleague.change(key, volume=str(count[0]))

    with pytest.raises(ServerError) as caught:
        world.sync_with(always)
    assert caught.value.exit_code == 6
    # The volume comes to the file each time; only what is pushed counts where something is.
    assert count == [4]
    assert world.desk.fields()[key]["title"] == "U"
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(key)["title"] == "U"
    world.at_rest()


def test_a_whole_request_refused_as_stale_ends_after_three_more_tries(world: Setting) -> None:
    world.desk.edit(world.agreed(title="T"), '"T"', '"U"')
    world.sandbox.faults.plan(*[Fault(status=412, method="POST")] * 9)
    with pytest.raises(ServerError) as caught:
        world.desk.sync()
    assert caught.value.exit_code == 6
    assert len(world.sandbox.faults.planned) == 5
    world.sandbox.faults.clear()
    assert world.desk.sync().exit_code == 0
    world.at_rest()


# 429, 503


@pytest.mark.parametrize("fault", [too_many(3), maintenance(7), Fault(backoff=4)])
def test_what_the_server_asks_for_is_waited_for(world: Setting, fault: Fault) -> None:
    key = world.agreed(title="T")
    world.desk.edit(key, '"T"', '"U"')
    world.sandbox.faults.plan(fault, fault, fault, fault, fault)
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(key)["title"] == "U"
    world.sandbox.faults.clear()
    world.at_rest()


def test_maintenance_without_an_end_is_an_unknown_outcome(world: Setting) -> None:
    """503 without Retry-After may come after the write: it is read again, not repeated blindly."""
    key = world.agreed(title="T")
    world.desk.edit(key, '"T"', '"U"')
    world.sandbox.faults.plan(maintenance(None, method="POST"))
    world.sandbox.faults.log.clear()
    assert world.desk.sync().exit_code == 0
    methods = [entry.method for entry in world.sandbox.faults.log]
    first, second = [i for i, method in enumerate(methods) if method == "POST"]
    assert "GET" in methods[first:second]
    world.at_rest()


def test_nothing_is_lost_while_the_server_is_closed(world: Setting) -> None:
    key = world.agreed(title="T")
    world.desk.edit(key, '"T"', '"U"')
    world.sandbox.faults.closed = 10_000
    with pytest.raises(ServerError):
        world.desk.sync()
    world.sandbox.faults.closed = None
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(key)["title"] == "U"
