"""Attachments and annotations are left alone, and survive everything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sync.setting import Setting


@pytest.fixture
def world(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


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
