"""The decision table: what happens to an object, by what base, files and Zotero say of it.

One row per combination of the three trees. `plain` holds where nothing new would be lost by it;
`edited` where the side that still has the object holds something the other side never saw: an edit
there wins over a deletion here, and the reverse. The rows are data: the tests iterate them.
"""

from __future__ import annotations

from typing import NamedTuple

from zotsync.sync.trees import Base, Decision, Local, Remote


class Row(NamedTuple):
    """What is decided without, and with, an edit on the side that still has the object."""

    plain: Decision
    edited: Decision


def _same(decision: Decision) -> Row:
    return Row(decision, decision)


_NONE, _LIVE, _GONE = Base.NONE, Base.LIVE, Base.TRASHED
_HERE, _AWAY = Local.PRESENT, Local.ABSENT
_D = Decision

TABLE: dict[tuple[Base, Local, Remote], Row] = {
    # Never agreed on.
    (_NONE, _AWAY, Remote.ABSENT): _same(_D.NOTHING),
    (_NONE, _AWAY, Remote.LIVE): _same(_D.NEW_FILE),
    (_NONE, _AWAY, Remote.TRASHED): _same(_D.REMEMBER),
    (_NONE, _AWAY, Remote.ERASED): _same(_D.NOTHING),
    (_NONE, _HERE, Remote.ABSENT): _same(_D.CREATE),
    (_NONE, _HERE, Remote.LIVE): _same(_D.UPDATE),
    (_NONE, _HERE, Remote.TRASHED): Row(_D.TRASH_FILE, _D.ASK),
    (_NONE, _HERE, Remote.ERASED): Row(_D.TRASH_FILE, _D.ASK),
    # Agreed on, alive.
    (_LIVE, _AWAY, Remote.ABSENT): _same(_D.FORGET),
    (_LIVE, _AWAY, Remote.LIVE): Row(_D.TRASH_IN_ZOTERO, _D.RESTORE_FILE),
    (_LIVE, _AWAY, Remote.TRASHED): _same(_D.AGREE_TRASHED),
    (_LIVE, _AWAY, Remote.ERASED): _same(_D.FORGET),
    # Gone from Zotero without a tombstone (ZOTERO §2) is gone all the same.
    (_LIVE, _HERE, Remote.ABSENT): Row(_D.TRASH_FILE, _D.RECREATE),
    (_LIVE, _HERE, Remote.LIVE): _same(_D.UPDATE),
    (_LIVE, _HERE, Remote.TRASHED): Row(_D.TRASH_FILE, _D.RESTORE_IN_ZOTERO),
    (_LIVE, _HERE, Remote.ERASED): Row(_D.TRASH_FILE, _D.RECREATE),
    # Agreed on, in the trash: a file that stands here was taken out of it by hand.
    (_GONE, _AWAY, Remote.ABSENT): _same(_D.FORGET),
    (_GONE, _AWAY, Remote.LIVE): _same(_D.RESTORE_FILE),
    (_GONE, _AWAY, Remote.TRASHED): _same(_D.NOTHING),
    (_GONE, _AWAY, Remote.ERASED): _same(_D.FORGET),
    (_GONE, _HERE, Remote.ABSENT): _same(_D.RECREATE),
    (_GONE, _HERE, Remote.LIVE): _same(_D.UPDATE),
    (_GONE, _HERE, Remote.TRASHED): _same(_D.RESTORE_IN_ZOTERO),
    (_GONE, _HERE, Remote.ERASED): _same(_D.RECREATE),
}


def decide(base: Base, local: Local, remote: Remote, *, edited: bool) -> Decision:
    """Return the decision for an object.

    `edited`: the side that still has the object differs from the base (without a base: from what
    was last known of it).
    """
    row = TABLE[base, local, remote]
    return row.edited if edited else row.plain
