"""The decision table is complete, and no row loses an edit."""

from __future__ import annotations

import itertools

import pytest

from zotsync.sync.deciding.table import TABLE, decide
from zotsync.sync.trees import Base, Decision, Local, Remote

CELLS = list(itertools.product(Base, Local, Remote))

# DESIGN §2 and SYNC §3, row by row: base, file, Zotero, the surviving side was edited -> decision.
ROWS = [
    ("none", "present", "absent", False, Decision.CREATE),
    ("none", "present", "erased", False, Decision.TRASH_FILE),
    ("none", "present", "erased", True, Decision.ASK),
    ("none", "present", "trashed", False, Decision.TRASH_FILE),
    ("none", "present", "trashed", True, Decision.ASK),
    ("none", "present", "live", False, Decision.UPDATE),
    ("none", "absent", "live", False, Decision.NEW_FILE),
    ("none", "absent", "trashed", False, Decision.REMEMBER),
    ("live", "present", "live", False, Decision.UPDATE),
    ("live", "absent", "live", False, Decision.TRASH_IN_ZOTERO),
    ("live", "absent", "live", True, Decision.RESTORE_FILE),
    ("live", "present", "trashed", False, Decision.TRASH_FILE),
    ("live", "present", "trashed", True, Decision.RESTORE_IN_ZOTERO),
    ("live", "present", "erased", False, Decision.TRASH_FILE),
    ("live", "present", "erased", True, Decision.RECREATE),
    ("live", "absent", "trashed", False, Decision.AGREE_TRASHED),
    ("live", "absent", "erased", False, Decision.FORGET),
    ("trashed", "present", "trashed", False, Decision.RESTORE_IN_ZOTERO),
    ("trashed", "absent", "live", False, Decision.RESTORE_FILE),
    ("trashed", "absent", "erased", False, Decision.FORGET),
    ("live", "absent", "absent", False, Decision.FORGET),
    ("trashed", "absent", "absent", False, Decision.FORGET),
]


def test_every_combination_of_the_three_trees_has_a_row() -> None:
    assert set(TABLE) == set(CELLS)


@pytest.mark.parametrize(("base", "local", "remote", "edited", "decision"), ROWS)
def test_a_row_of_the_contract(
    base: str,
    local: str,
    remote: str,
    edited: bool,  # noqa: FBT001
    decision: Decision,
) -> None:
    found = decide(Base(base), Local(local), Remote(remote), edited=edited)
    assert found is decision


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("edited", [False, True])
def test_no_row_removes_what_holds_an_edit(
    cell: tuple[Base, Local, Remote],
    edited: bool,  # noqa: FBT001
) -> None:
    base, local, remote = cell
    decision = decide(base, local, remote, edited=edited)
    removes = {Decision.TRASH_FILE, Decision.TRASH_IN_ZOTERO}
    if edited:
        assert decision not in removes
    if decision is Decision.TRASH_FILE:
        assert local is Local.PRESENT
        assert remote is not Remote.LIVE
    if decision is Decision.TRASH_IN_ZOTERO:
        assert (base, local, remote) == (Base.LIVE, Local.ABSENT, Remote.LIVE)


@pytest.mark.parametrize("cell", CELLS)
def test_what_is_on_one_side_alone_is_never_forgotten(cell: tuple[Base, Local, Remote]) -> None:
    _base, local, remote = cell
    for edited in (False, True):
        if decide(*cell, edited=edited) is Decision.FORGET:
            assert local is Local.ABSENT
            assert remote in (Remote.ABSENT, Remote.ERASED)
