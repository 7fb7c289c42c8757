"""SYNC §6: notes and their parents, types, long texts, and what a newer schema knows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sync.setting import Setting

from zotsync.model import Schema
from zotsync.sync.trees import UNIT, NoticeKind
from zotsync.zotero.schema import bundled


@pytest.fixture
def world(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


def family(world: Setting) -> tuple[str, str]:
    """Return the keys of an item and of its note, agreed on."""
    parent = world.agreed(title="Parent")
    return parent, world.agreed("note", note="<p>enfant</p>", parentItem=parent)


def write_note(world: Setting, **fields: str) -> None:
    lines = ['itemType = "note"', *(f"{name} = {value}" for name, value in fields.items())]
    world.desk.write("note", "\n".join(lines) + "\n")


# Notes and parents


def test_a_child_note_in_a_collection_is_refused_here(world: Setting) -> None:
    parent, note = family(world)
    world.desk.edit(note, 'itemType = "note"', 'itemType = "note"\ncollections = ["Rayon"]')
    world.desk.edit(note, "enfant", "enfant bis")
    outcome = world.desk.sync()
    assert outcome.exit_code == 1
    assert [p.place.field for p in outcome.problems] == ["collections"]
    data = world.colleague.item(note)
    assert (data["parentItem"], data["note"]) == (parent, "<p>enfant bis</p>")


def test_trashing_a_parent_in_zotero_takes_the_notes_files_along(world: Setting) -> None:
    parent, note = family(world)
    world.colleague.trash(parent)
    world.desk.sync()
    assert not world.desk.has(parent)
    assert not world.desk.has(note)
    assert "deleted" not in world.colleague.item(note)
    world.at_rest()
    world.colleague.change(parent, deleted=0)
    world.desk.sync()
    assert world.desk.has(parent)
    assert world.desk.has(note)
    world.at_rest()


def test_deleting_parent_and_notes_here_trashes_only_the_parent(world: Setting) -> None:
    parent, note = family(world)
    for key in (parent, note):
        world.desk.file_of(key).unlink()
    world.desk.sync()
    assert world.colleague.item(parent)["deleted"] == 1
    assert "deleted" not in world.colleague.item(note)
    world.at_rest()


def test_deleting_a_parent_alone_takes_the_notes_file_along(world: Setting) -> None:
    parent, note = family(world)
    world.desk.file_of(parent).unlink()
    world.desk.sync()
    assert world.colleague.item(parent)["deleted"] == 1
    assert not world.desk.has(note)
    world.at_rest()


def test_deleting_a_note_alone_trashes_the_note(world: Setting) -> None:
    parent, note = family(world)
    world.desk.file_of(note).unlink()
    world.desk.sync()
    assert world.colleague.item(note)["deleted"] == 1
    assert "deleted" not in world.colleague.item(parent)
    world.at_rest()


def test_a_note_edited_under_a_trashed_parent_restores_the_parent(world: Setting) -> None:
    parent, note = family(world)
    world.desk.edit(note, "enfant", "enfant bis")
    world.colleague.trash(parent)
    outcome = world.desk.sync()
    assert "deleted" not in world.colleague.item(parent)
    assert world.colleague.item(note)["note"] == "<p>enfant bis</p>"
    assert world.desk.has(parent)
    assert NoticeKind.EDIT_WON_OVER_DELETION in {n.what for n in outcome.notices}
    world.at_rest()


def test_a_new_note_under_a_trashed_parent_restores_the_parent(world: Setting) -> None:
    parent, _note = family(world)
    write_note(world, note='"<p>autre</p>"', parentItem=f'"{parent}"')
    world.colleague.trash(parent)
    world.desk.sync()
    assert "deleted" not in world.colleague.item(parent)
    assert len(world.colleague.get(f"/items/{parent}/children")) == 2
    world.at_rest()


def test_a_note_edited_under_an_erased_parent_makes_both_again(world: Setting) -> None:
    parent, note = family(world)
    added = world.colleague.item(parent)["dateAdded"]
    world.desk.edit(note, "enfant", "enfant bis")
    world.colleague.erase(parent)
    sent = world.desk.refuse(lambda _objects: {}).sent
    world.desk.sync()
    assert [(o["key"], o["version"]) for o in sent[0]] == [(parent, 0), (note, 0)]
    assert world.colleague.item(parent)["dateAdded"] == added
    assert world.colleague.item(note)["parentItem"] == parent
    assert world.desk.has(parent)
    world.desk.transport = None
    world.at_rest()


def test_a_note_taken_out_of_the_trash_brings_its_parent_back(world: Setting) -> None:
    parent, note = family(world)
    world.colleague.trash(parent)
    world.desk.sync()
    (trashed,) = [p for p in world.desk.workspace.trash.glob("*.toml") if note in p.read_text()]
    trashed.rename(world.desk.path("repris"))
    world.desk.sync()
    assert world.desk.has(parent)
    assert world.desk.has(note)
    assert "deleted" not in world.colleague.item(parent)
    world.at_rest()


def test_a_note_trashed_by_itself_under_a_trashed_parent_stays_trashed(world: Setting) -> None:
    parent, note = family(world)
    world.colleague.trash(note)
    world.desk.sync()
    world.colleague.trash(parent)
    world.desk.sync()
    world.colleague.change(parent, deleted=0)
    world.desk.sync()
    assert world.desk.has(parent)
    assert not world.desk.has(note)
    world.at_rest()


def test_becoming_standalone_sends_false(world: Setting) -> None:
    parent, note = family(world)
    world.desk.edit(note, f'parentItem = "{parent}"', 'collections = ["Rayon"]')
    sent = world.desk.refuse(lambda _objects: {}).sent
    world.desk.sync()
    assert [o["parentItem"] for batch in sent for o in batch if o["key"] == note] == [False]
    data = world.colleague.item(note)
    assert "parentItem" not in data
    assert len(data["collections"]) == 1
    world.desk.transport = None
    world.at_rest()


def test_a_standalone_note_becomes_a_child(world: Setting) -> None:
    shelf = world.colleague.collection("Rayon")
    parent = world.agreed(title="Parent")
    note = world.agreed("note", note="<p>seule</p>", collections=[shelf])
    world.desk.edit(note, 'collections = ["Rayon"]', f'parentItem = "{parent}"')
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(note)["parentItem"] == parent
    world.at_rest()


@pytest.mark.parametrize("side", ["local", "remote"])
def test_a_note_put_below_a_parent_there_and_into_a_collection_here(
    world: Setting, side: str
) -> None:
    """The server would silently drop the parent: nothing of the kind is ever sent."""
    shelf = world.colleague.collection("Rayon")
    parent = world.agreed(title="Parent")
    note = world.agreed("note", note="<p>seule</p>")
    world.desk.edit(note, 'itemType = "note"', 'itemType = "note"\ncollections = ["Rayon"]')
    world.colleague.change(note, parentItem=parent)
    outcome = world.desk.sync()
    assert world.colleague.item(note)["parentItem"] == parent
    assert [(c.field, c.local, c.zotero) for c in outcome.conflicts] == [("parentItem", "", parent)]
    again = world.desk.sync()
    assert (again.requests, again.run, again.exit_code) == (1, 0, 3)
    world.desk.settle(side)
    if side == "remote":  # the file now says both, and zotsync says which one to remove
        assert world.desk.sync().exit_code == 1
        assert world.colleague.item(note)["parentItem"] == parent
        world.desk.edit(note, 'collections = ["Rayon"]\n', "")
    assert world.desk.sync().exit_code == 0
    data = world.colleague.item(note)
    if side == "local":
        assert (data.get("parentItem"), data["collections"]) == (None, [shelf])
    else:
        assert data["parentItem"] == parent
    world.at_rest()


@pytest.mark.parametrize("side", ["local", "remote"])
def test_a_note_put_below_a_parent_here_and_into_a_collection_there(
    world: Setting, side: str
) -> None:
    shelf = world.colleague.collection("Rayon")
    parent = world.agreed(title="Parent")
    note = world.agreed("note", note="<p>seule</p>")
    world.desk.edit(note, 'itemType = "note"', f'itemType = "note"\nparentItem = "{parent}"')
    world.colleague.change(note, collections=[shelf])
    outcome = world.desk.sync()
    assert world.colleague.item(note)["collections"] == [shelf]
    assert [(c.field, c.local, c.zotero) for c in outcome.conflicts] == [("parentItem", parent, "")]
    again = world.desk.sync()
    assert (again.requests, again.run, again.exit_code) == (1, 0, 3)
    world.desk.settle(side)
    assert world.desk.sync().exit_code == 0
    data = world.colleague.item(note)
    if side == "local":
        assert data["parentItem"] == parent
        assert shelf in world.desk.journal()
    else:
        assert (data.get("parentItem"), data["collections"]) == (None, [shelf])
    world.at_rest()


# Long texts


def test_merged_notes_are_balanced(world: Setting) -> None:
    note = world.agreed("note", note="<p>un</p>\n<ul>\n<li>deux</li>\n</ul>\n<p>trois</p>")
    world.desk.edit(note, "<p>un</p>", "<p>un <b>ici</b></p>")
    text = world.colleague.item(note)["note"]
    world.colleague.change(note, note=text.replace("trois", "trois là"))
    assert world.desk.sync().exit_code == 0
    merged = world.colleague.item(note)["note"]
    assert "<b>ici</b>" in merged or "<strong>ici</strong>" in merged
    assert "trois là" in merged
    assert merged == world.desk.fields()[note]["note"]
    world.at_rest()


def test_an_unbalanced_note_is_a_conflict(world: Setting) -> None:
    note = world.agreed("note", note="<p>un</p><p>deux</p>")
    world.desk.edit(note, "<p>un</p>", "<p>un <b>ici</p>")
    text = world.colleague.item(note)["note"]
    world.colleague.change(note, note=text.replace("deux", "deux là"))
    assert [c.field for c in world.desk.sync().conflicts] == ["note"]


def test_extra_merges_by_its_labels(world: Setting) -> None:
    key = world.agreed(title="T", extra="PMID: 1\nlibre\nCote: A")
    world.desk.edit(key, "PMID: 1", "PMID: 2")
    world.colleague.change(key, extra="PMID: 1\nlibre\nCote: B")
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(key)["extra"] == "PMID: 2\nlibre\nCote: B"
    world.at_rest()


def test_one_label_of_extra_changed_on_both_sides_is_a_conflict(world: Setting) -> None:
    key = world.agreed(title="T", extra="PMID: 1\nlibre")
    world.desk.edit(key, "PMID: 1", "PMID: 2")
    world.colleague.change(key, extra="PMID: 3\nlibre")
    outcome = world.desk.sync()
    assert [(c.field, c.local, c.zotero) for c in outcome.conflicts] == [
        ("extra", "PMID: 2\nlibre", "PMID: 3\nlibre")
    ]


# Types


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


def test_retyped_here_and_a_lacking_field_edited_there_is_a_conflict_on_the_unit(
    world: Setting,
) -> None:
    key = world.agreed(title="T", numPages="10")
    world.desk.edit(key, '"book"', '"report"')
    world.desk.edit(key, 'numPages = "10"\n', "")
    world.colleague.change(key, numPages="20")
    outcome = world.desk.sync()
    assert [c.field for c in outcome.conflicts] == [UNIT]
    assert world.colleague.item(key)["numPages"] == "20"
    assert world.desk.fields()[key]["itemType"] == "report"


def test_retyped_there_and_a_creator_that_does_not_fit_added_here(world: Setting) -> None:
    key = world.agreed(title="T", creators=[{"creatorType": "author", "name": "A"}])
    world.desk.edit(key, '"author"', '"editor"')
    world.colleague.change(key, itemType="thesis")
    assert [c.field for c in world.desk.sync().conflicts] == [UNIT]
    assert world.colleague.item(key)["itemType"] == "thesis"


def test_a_retyping_and_a_shared_field_merge(world: Setting) -> None:
    key = world.agreed(title="T", place="L")
    world.desk.edit(key, '"L"', '"M"')
    world.colleague.change(key, itemType="report")
    assert world.desk.sync().exit_code == 0
    here, there = world.desk.fields()[key], world.colleague.item(key)
    assert (here["itemType"], there["place"]) == ("report", "M")
    world.at_rest()


def test_both_retype_to_the_same(world: Setting) -> None:
    key = world.agreed(title="T")
    world.desk.edit(key, '"book"', '"report"')
    world.colleague.change(key, itemType="report")
    assert world.desk.sync().exit_code == 0
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


# Attachments and annotations


def attachment(world: Setting, parent: str) -> tuple[str, str, dict[str, Any]]:
    file = world.colleague.make(
        "attachment",
        linkMode="imported_file",
        title="Plein texte",
        filename="a.pdf",
        contentType="application/pdf",
        parentItem=parent,
        tags=[{"tag": "lu"}],
    )
    mark = world.colleague.make(
        "annotation",
        parentItem=file,
        annotationType="highlight",
        annotationText="passage",
        annotationColor="#ffd400",
        annotationSortIndex="00001|000002|00003",
        annotationPosition='{"pageIndex":1,"rects":[[1,2,3,4]]}',
    )
    return file, mark, world.colleague.item(file)


def test_attachments_and_annotations_survive_everything(world: Setting) -> None:
    shelf = world.colleague.collection("Rayon")
    parent = world.agreed(title="Parent", collections=[shelf])
    file, mark, before = attachment(world, parent)
    note = world.colleague.item(mark)
    for act in ("pull", "edit", "trash", "restore", "retype", "delete", "bring back"):
        if act == "edit":
            world.desk.edit(parent, '"Parent"', '"Parent bis"')
        elif act == "trash":
            world.colleague.trash(parent)
        elif act == "restore":
            world.colleague.change(parent, deleted=0)
        elif act == "retype":
            world.desk.edit(parent, '"book"', '"report"')
        elif act == "delete":
            text = world.desk.file_of(parent).read_text("utf-8")
            world.desk.file_of(parent).unlink()
        elif act == "bring back":
            world.desk.write("repris", text)
        world.desk.sync()
        assert (world.colleague.item(file), world.colleague.item(mark)) == (before, note), act
        assert not any(world.desk.has(key) for key in (file, mark)), act
    assert world.desk.fields()[parent]["itemType"] == "report"
    world.at_rest()


@pytest.mark.parametrize("kind", ["attachment", "annotation"])
def test_attachments_are_not_made_from_files(world: Setting, kind: str) -> None:
    world.desk.write("neuf", f'itemType = "{kind}"\ntitle = "T"\n')
    outcome = world.desk.sync()
    assert outcome.exit_code == 1
    assert outcome.problems[0].place.line == 2 or outcome.problems[0].place.field == "itemType"
    assert len(world.colleague.library()) == 1


def test_a_file_with_the_key_of_an_attachment_never_touches_it(world: Setting) -> None:
    parent = world.agreed(title="Parent")
    file, _mark, before = attachment(world, parent)
    world.desk.sync()
    world.desk.write("neuf", f'key = "{file}"\nitemType = "book"\ntitle = "T"\n')
    outcome = world.desk.sync()
    assert outcome.exit_code == 1
    assert world.colleague.item(file) == before
    again = world.desk.sync()
    assert (again.requests, again.exit_code) == (1, 1)
    world.desk.path("neuf").unlink()
    world.desk.sync()
    assert world.colleague.item(file) == before
