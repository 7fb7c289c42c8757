"""Losing the right to write to a group, or to see it, and getting it back."""

from __future__ import annotations

from sync.worlds import CURATOR, GROUP

from zotsync.sandbox.server import Access, Sandbox


def revoked(sandbox: Sandbox) -> None:
    sandbox.remove_key(CURATOR)


def read_only_key(sandbox: Sandbox) -> None:
    sandbox.add_key(CURATOR, 1, groups={GROUP: Access(library=True, write=False)})


def read_only_group(sandbox: Sandbox) -> None:
    sandbox.change_group(GROUP, library_editing="admins", owner=2, members=(1,))


def thrown_out(sandbox: Sandbox) -> None:
    sandbox.change_group(GROUP, owner=2, members=())


def deleted(sandbox: Sandbox) -> None:
    sandbox.remove_group(GROUP)


def give_back(sandbox: Sandbox) -> None:
    sandbox.add_key(CURATOR, 1, groups={GROUP: Access(library=True, write=True)})
    sandbox.add_group(GROUP, "Doc", owner=1, members=[1, 2])


RIGHTS = (revoked, read_only_key, read_only_group, thrown_out, deleted)
