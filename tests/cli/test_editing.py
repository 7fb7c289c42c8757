"""A conflict as a small file: what is left unchanged comes back the same, what is wrong is said."""

from __future__ import annotations

from typing import Any

import pytest

from zotsync.cli.syncing.editing import Task, can_be_edited, edited, task_text
from zotsync.errors import Problem
from zotsync.sync.trees import EXISTENCE, UNIT, Conflict, Kind
from zotsync.zotero.schema import bundled

SCHEMA = bundled()
ANNE = {"creatorType": "author", "lastName": "Anne", "firstName": "A."}
DIHAL = {"creatorType": "author", "name": "DIHAL"}


def task(field: str, here: Any, zotero: Any, base: Any = "", **item: Any) -> Task:
    conflict = Conflict(Kind.ITEM, "ABCD2345", field, base, here, zotero)
    fields = {"itemType": "book", **({} if field == UNIT else {field: here}), **item}
    return Task(conflict, "Un livre · champ", fields, SCHEMA)


THESIS = {"itemType": "thesis", "thesisType": "Master"}
TASKS = [
    task("title", "Ici", "Là", "Avant"),
    task("title", "", "Là"),
    task("abstractNote", "Un.\n\nDeux : « oui ».", "Là"),
    task("note", "<p>ici</p>", "<p>là</p>", itemType="note"),
    task("creators", [ANNE, DIHAL], [DIHAL], [ANNE]),
    task(
        UNIT, THESIS, {"itemType": "book", "edition": "13"}, {"itemType": "book", "edition": "12"}
    ),
]


@pytest.mark.parametrize("one", TASKS, ids=lambda t: str(t.conflict.field))
def test_what_is_saved_as_it_was_is_what_is_here(one: Task) -> None:
    assert edited(one, task_text(one)) == (one.conflict.local or one.conflict.zotero)
    windows = task_text(one).replace("\n", "\r\n")
    assert edited(one, windows) == (one.conflict.local or one.conflict.zotero)


@pytest.mark.parametrize("one", TASKS, ids=lambda t: str(t.conflict.field))
def test_both_sides_stand_in_the_file_to_copy_from(one: Task) -> None:
    text = task_text(one)
    assert one.title in text
    for word in ("here", "Zotero") if one.conflict.local else ("Zotero",):
        assert f"{word}\n" in text


@pytest.mark.parametrize(
    ("one", "old", "new", "value"),
    [
        (TASKS[0], "Ici\n", "Un troisième\n", "Un troisième"),
        (TASKS[0], "Ici\n", "\n", ""),
        (TASKS[2], "Un.\n", "Un.\nUn et demi.\n", "Un.\nUn et demi.\n\nDeux : « oui »."),
        (TASKS[4], '"Anne"', '"Bela"', [{**ANNE, "lastName": "Bela"}, DIHAL]),
        (TASKS[5], "Master", "Doctorat", {"itemType": "thesis", "thesisType": "Doctorat"}),
    ],
)
def test_what_is_typed_holds(one: Task, old: str, new: str, value: Any) -> None:
    assert edited(one, task_text(one).replace(old, new, 1)) == value


@pytest.mark.parametrize(
    ("one", "old", "new", "message"),
    [
        (TASKS[0], "=", "-", "nobody can tell what is to hold"),
        (TASKS[0], "Ici\n", "Ici\nlà\n", "one line"),
        (TASKS[2], "Un.", "x" * 70_000, "too long"),
        (TASKS[3], "<p>ici", "<p><b>ici", "not closed"),
        (TASKS[4], '"author"', '"auteur"', "auteur"),
        (TASKS[4], "creators = [", "creators = ", ""),
        (TASKS[4], "creators = [", 'title = "x"\ncreators = [', "title is not what is asked about"),
        (TASKS[5], '"thesis"', '"these"', "these is not an item type"),
        (TASKS[5], "thesisType", "edition", "no field edition"),
    ],
)
def test_what_cannot_hold_is_said(one: Task, old: str, new: str, message: str) -> None:
    found = edited(one, task_text(one).replace(old, new, -1 if old == "=" else 1))
    assert isinstance(found, Problem)
    assert message in found.message


@pytest.mark.parametrize(
    ("kind", "field", "editable"),
    [
        (Kind.ITEM, "title", True),
        (Kind.ITEM, EXISTENCE, False),
        (Kind.ITEM, "parentItem", False),
        (Kind.COLLECTION, "name", False),
    ],
)
def test_only_values_that_a_person_writes_are_edited(
    kind: Kind,
    field: str,
    editable: bool,  # noqa: FBT001
) -> None:
    assert can_be_edited(Conflict(kind, "ABCD2345", field, "", "", "x")) == editable
