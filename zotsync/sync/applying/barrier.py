"""A library that may be read and not written to: all is pulled, what was edited here waits for the right.

What the server refused is remembered, so that nothing is sent in vain, and that `status` can say so; it
is asked again whenever there is something to send.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zotsync.sync.deciding.direction import pushes
from zotsync.sync.remembering.state import State, canonical
from zotsync.sync.trees import Plan
from zotsync.zotero.rights import ForbiddenError, Obstacle, Rights, forbidden

if TYPE_CHECKING:  # it loads what speaks HTTP, and much is done offline
    from zotsync.zotero.library import GroupLibrary

_NAME = "barred"


@dataclass
class Barrier:
    """What is known of the right to write."""

    state: State
    group: int
    library: GroupLibrary | None = None
    """None: what is remembered counts."""
    told: ForbiddenError | None = None
    """Why nothing may be written, as the server has said in this run."""

    def stands(self, plan: Plan) -> bool:
        """Return whether a plan would write to Zotero, and may not."""
        if not pushes(plan):
            return False
        if self.told is None and (known := self._known()):
            self.note(self.library.rights() if self.library else known)
        return self.told is not None

    def meet(self, error: ForbiddenError) -> None:
        """Take note that a write was refused; raise that, where it is not for want of this right."""
        if not error.rights.can_read or error.rights.can_write:
            raise error
        self.note(error.rights)

    def note(self, rights: Rights) -> None:
        """Remember what the server says of our rights."""
        if rights.can_write:
            self.told = None
            self.state.set_meta(_NAME, "")
            return
        self.told = forbidden(rights, self.group)
        reason = rights.reason.value if rights.reason else ""
        names = [reason, rights.username, rights.group_name]
        self.state.set_meta(_NAME, canonical(names))

    def _known(self) -> Rights | None:
        text = self.state.meta(_NAME)
        if not text:
            return None
        reason, username, group_name = json.loads(text)
        obstacle = Obstacle(reason) if reason else None
        return Rights(True, False, obstacle, username, group_name)  # noqa: FBT003
