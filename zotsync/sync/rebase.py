"""`sync --rebase`: starting afresh from a library that was set back (SYNC §9).

Mirror and cursor go, the files stay. What Zotero has at a lower version than the mirror had, or not
at all any more, counts as never agreed on: nothing here is taken for deleted there.
"""

from __future__ import annotations

import json

from zotsync.sync.remembering.objects import Objects
from zotsync.sync.remembering.state import State, canonical
from zotsync.sync.trees import Kind, Remote

_NOTE = "rebase"


def start_rebase(state: State) -> None:
    """Drop mirror and cursor; what they were is kept until the next pull is through."""
    if state.meta(_NOTE):
        return  # stopped before the pull was through: go on from there
    objects = Objects(state)
    versions = {
        kind.value: {
            key: line.version
            for key, line in objects.mirror_lines(kind).items()
            if line.status is not Remote.ERASED
        }
        for kind in Kind
    }
    with state.transaction():
        state.set_meta(_NOTE, canonical(versions))
        state.set_meta("cursor", "")
        state.db.execute("DELETE FROM mirror")
        state.db.execute("DELETE FROM fetched")


def finish_rebase(state: State) -> None:
    """Forget the base of what Zotero has lost or set back."""
    note = state.meta(_NOTE)
    if not note:
        return
    objects = Objects(state)
    with state.transaction():
        for kind in Kind:
            now = objects.mirror_lines(kind)
            before: dict[str, int] = json.loads(note).get(kind.value, {})
            lost = [k for k, v in before.items() if k not in now or now[k].version < v]
            objects.forget(kind, lost)
        state.set_meta(_NOTE, "")
