"""SYNC §6: types, and what a newer schema knows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sync.setting import Setting

from zotsync.model import Schema
from zotsync.sync.trees import UNIT, NoticeKind
from zotsync.zotero.schema import bundled


@pytest.fixture
def world(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


def test_a_retyping_here_goes_with_what_it_drops(world: Setting) -> None:
    key = world.agreed(title="T", numPages="10", publisher="P")
    world.desk.edit(key, '"book"', '"report"')
    world.desk.edit(key, 'numPages = "10"\n', "")
    world.desk.edit(key, "publisher", "institution")
    assert world.desk.sync().exit_code == 0
    data = world.colleague.item(key)
    assert (data["itemType"], data["institution"]) == ("report", "P")
    assert "numPages" not in data
    assert '"numPages":"10"' in world.desk.journal()
    world.at_rest()


def test_a_retyping_in_zotero_is_reported_with_what_it_drops(world: Setting) -> None:
    key = world.agreed(title="T", numPages="10", volume="3")
    world.colleague.change(key, itemType="report")
    outcome = world.desk.sync()
    assert [(n.what, n.fields) for n in outcome.notices] == [
        (NoticeKind.DROPPED_BY_TYPE, ("numPages", "volume"))
    ]
    assert set(world.desk.fields()[key]) == {"itemType", "title"}
    assert '"numPages":"10"' in world.desk.journal()
    world.at_rest()


@pytest.mark.parametrize("side", ["local", "remote"])
def test_retyped_there_and_a_lacking_field_edited_here_is_a_conflict_on_the_unit(
    world: Setting, side: str
) -> None:
    key = world.agreed(title="T", numPages="10", place="L")
    world.desk.edit(key, '"10"', '"20"')
    world.desk.edit(key, '"L"', '"M"')
    world.colleague.change(key, itemType="report")
    outcome = world.desk.sync()
    assert [(c.field, c.local, c.zotero) for c in outcome.conflicts] == [
        (UNIT, {"itemType": "book", "numPages": "20"}, {"itemType": "report"})
    ]
    data = world.colleague.item(key)
    assert (data["itemType"], data["place"]) == ("report", "M")
    world.desk.settle(side)
    assert world.desk.sync().exit_code == 0
    data = world.colleague.item(key)
    assert data["itemType"] == ("book" if side == "local" else "report")
    assert data.get("numPages") == ("20" if side == "local" else None)
    world.at_rest()


def test_a_retyping_here_waits_for_creators_that_fit(world: Setting) -> None:
    """The server would silently make contributors of those whose type it lacks."""
    key = world.agreed(title="T", creators=[{"creatorType": "editor", "name": "E"}])
    world.desk.edit(key, '"book"', '"thesis"')
    outcome = world.desk.sync()
    assert [p.place.field for p in outcome.problems] == ["creators"]
    assert world.colleague.item(key)["itemType"] == "book"
    world.desk.edit(key, '"editor"', '"author"')
    assert world.desk.sync().exit_code == 0
    data = world.colleague.item(key)
    assert (data["itemType"], data["creators"][0]["creatorType"]) == ("thesis", "author")
    world.at_rest()


def test_a_bad_field_waits_and_the_rest_goes(world: Setting) -> None:
    key = world.agreed(title="T", volume="1")
    world.desk.edit(key, 'title = "T"', 'title = "U"\nvolumme = "2"\nreportNumber = "3"')
    outcome = world.desk.sync()
    assert outcome.exit_code == 1
    places = [(p.place.file, p.place.line, p.place.field) for p in outcome.problems]
    file = world.desk.file_of(key).name
    assert [(Path(f).name, n, name) for f, n, name in places] == [
        (file, 4, "volumme"),
        (file, 5, "reportNumber"),
    ]
    assert world.colleague.item(key)["title"] == "U"
    assert "volumme" in world.desk.file_of(key).read_text("utf-8")


# Schemas


def newer() -> Schema:
    """Return a schema whose books have one field more, and which has a type more."""
    schema = bundled()
    book = schema.item_types["book"]
    book = replace(book, fields=(*book.fields, "mood"))
    song = replace(schema.item_types["document"], name="song")
    return replace(
        schema,
        version=schema.version + 1,
        item_types={**schema.item_types, "book": book, "song": song},
    )


@pytest.fixture
def ahead(tmp_path: Path) -> Setting:
    """A server that is ahead of us."""
    return Setting(tmp_path, schema=newer())


def without_mood(world: Setting, key: str) -> None:
    path = world.desk.file_of(key)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(x for x in lines if not x.startswith("mood")), encoding="utf-8")


def test_fields_of_a_newer_schema_are_kept(ahead: Setting) -> None:
    key = ahead.agreed(title="T", mood="gaie")
    assert ahead.desk.fields()[key]["mood"] == "gaie"
    ahead.desk.edit(key, '"T"', '"U"')
    assert ahead.desk.sync().exit_code == 0
    data = ahead.colleague.item(key)
    assert (data["title"], data["mood"]) == ("U", "gaie")
    ahead.at_rest()


def test_a_field_of_a_newer_schema_that_a_file_leaves_out_stays_as_it_is(ahead: Setting) -> None:
    key = ahead.agreed(title="T", mood="gaie")
    without_mood(ahead, key)
    ahead.desk.sync()
    assert ahead.colleague.item(key)["mood"] == "gaie"
    ahead.colleague.change(key, mood="grave", title="U")
    ahead.desk.sync()
    assert ahead.desk.fields()[key]["title"] == "U"
    assert ahead.colleague.item(key)["mood"] == "grave"
    ahead.at_rest()


def test_a_field_of_a_newer_schema_can_be_edited(ahead: Setting) -> None:
    key = ahead.agreed(title="T", mood="gaie")
    ahead.desk.edit(key, "gaie", "grave")
    assert ahead.desk.sync().exit_code == 0
    assert ahead.colleague.item(key)["mood"] == "grave"
    ahead.at_rest()


def test_an_item_made_again_keeps_fields_of_a_newer_schema(ahead: Setting) -> None:
    key = ahead.agreed(title="T", mood="gaie")
    without_mood(ahead, key)
    ahead.desk.edit(key, '"T"', '"U"')
    ahead.colleague.erase(key)
    assert ahead.desk.sync().exit_code == 0
    data = ahead.colleague.item(key)
    assert (data["title"], data["mood"]) == ("U", "gaie")
    ahead.at_rest()


def test_an_item_of_a_newer_type_is_synced(ahead: Setting) -> None:
    key = ahead.agreed("song", title="T")
    ahead.desk.edit(key, '"T"', '"U"')
    assert ahead.desk.sync().exit_code == 0
    assert ahead.colleague.item(key)["title"] == "U"
    ahead.at_rest()


def test_a_new_field_is_known_once_the_schema_is_asked_for(ahead: Setting) -> None:
    ahead.desk.write("neuf", 'itemType = "book"\ntitle = "T"\nmood = "gaie"\n')
    ahead.sandbox.faults.log.clear()
    outcome = ahead.desk.sync()
    assert sum("/schema" in e.path for e in ahead.sandbox.faults.log) == 1
    data = [d for d in ahead.colleague.library().values() if d["title"] == "T"]
    assert [d["mood"] for d in data] == ["gaie"]
    assert outcome.exit_code == 0


def test_what_an_older_server_refuses_is_told(tmp_path: Path) -> None:
    world = Setting(tmp_path)
    world.desk.schema = newer()
    key = world.agreed(title="T")
    world.desk.edit(key, 'title = "T"', 'title = "U"\nmood = "gaie"')
    outcome = world.desk.sync()
    assert outcome.exit_code == 1
    assert "mood" in outcome.problems[0].message
    again = world.desk.sync()
    assert (again.requests, again.run, again.exit_code) == (1, 0, 1)
    world.desk.edit(key, '\nmood = "gaie"', "")
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(key)["title"] == "U"
    world.at_rest()
