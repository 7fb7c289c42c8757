"""One workspace at work: what the command line calls.

`preview` plans and writes no item file; `sync` does everything; the rest works offline on the files
and state.db.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

from zotsync.config import Config, Workspace, make_private
from zotsync.errors import ZotsyncError
from zotsync.i18n import _
from zotsync.model import Fields, Progress, Schema, silent
from zotsync.proposal import Proposal
from zotsync.sync.applying.adding import Adding
from zotsync.sync.applying.barrier import Barrier
from zotsync.sync.applying.importing import Imported, Importer
from zotsync.sync.applying.rekeying import Rekeying
from zotsync.sync.applying.restoring import Restored, Restorer
from zotsync.sync.applying.returning import trashed
from zotsync.sync.applying.settling import Choice, Choices, Settled, Settler, still
from zotsync.sync.outcome import Outcome
from zotsync.sync.reading.belonging import check_library
from zotsync.sync.reading.collection_tree import as_tree
from zotsync.sync.reading.finding import find_item
from zotsync.sync.reading.planning import Here, Options, Planner, random_key
from zotsync.sync.reading.previewing import stopped, why_refused
from zotsync.sync.rebase import finish_rebase, start_rebase
from zotsync.sync.remembering.entries import IMPORT
from zotsync.sync.remembering.journal import Journal, Run, utc_now
from zotsync.sync.remembering.lock import locked
from zotsync.sync.remembering.soundness import reraise
from zotsync.sync.remembering.state import State
from zotsync.sync.remembering.versions import Version
from zotsync.sync.run import SyncRun
from zotsync.sync.trees import Conflict, Plan
from zotsync.sync.undoing.undo import UndoPlan
from zotsync.sync.undoing.undo_here import UndoHere
from zotsync.sync.undoing.undoing import Agreed, Undone, preview_undo, to_all, undo
from zotsync.zotero import schema as schemas

if TYPE_CHECKING:  # it loads what speaks HTTP, and much is done offline
    from zotsync.zotero.library import GroupLibrary

__all__ = ["Choice", "Engine", "Imported", "Options", "Outcome", "Restored", "Run", "Settled",
           "Undone", "Version"]  # fmt: skip


class Engine:
    """A workspace, its state, and (where there is one) its library. A context manager."""

    def __init__(  # noqa: PLR0913 - the world is injected, for tests
        self,
        workspace: Workspace,
        config: Config,
        library: GroupLibrary | None,
        schema: Schema,
        *,
        progress: Progress = silent,
        command: str = "sync",
        new_key: Callable[[], str] | None = None,
    ) -> None:
        self.workspace = workspace
        self.config = config
        self.library = library
        self._schema = schema
        self._progress = progress
        self._command = command
        self._new_key = new_key or random_key
        self._state: State | None = None

    def __enter__(self) -> Self:
        make_private(self.workspace)
        self._state = State.opened(self.workspace.state, self._locked)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        if self._state is not None:
            self._state.close()
        reraise(exc, self.workspace.state)

    @property
    def state(self) -> State:
        """Return the open state.db."""
        if self._state is None:
            raise RuntimeError("the engine is not open")
        return self._state

    # Planning and syncing

    def preview(self, options: Options, *, offline: bool = False) -> Plan:
        """Return what a sync would do; no item file is written and nothing is pushed.

        Asks Zotero as a sync does; `offline`: plans with the mirror as it is.
        """
        if offline or self.library is None:
            planner = self._planner
            planned = planner.plan(planner.read(), options)
            stop = why_refused(planner, planned, options, Barrier(self.state, self.config.group))
            return stopped(planned.plan, (), stop)
        with self._locked():
            run = self._sync_run(self.library)
            run.pull()
            planned = run.plan(options)
            stop = why_refused(run.planner, planned, options, run.barrier)
            return stopped(planned.plan, run.problems.values(), stop)

    def sync(self, options: Options) -> Outcome:
        """Make files and Zotero the same.

        Raises:
            UnsafeError: a guard stopped it; nothing was written.
            RightsError: the key or the group does not allow it.
            ServerError: the server or the network failed; what was done stays done.

        """
        with self._locked():
            run = self._connected_run()
            if options.rebase:
                start_rebase(self.state)
            return run.go(options)

    def rekey(self) -> int:
        """Give files from another library the keys they have in this one; return how many."""
        with self._locked():
            return Rekeying(self._connected_run()).go()

    def _connected_run(self) -> SyncRun:
        if self.library is None:
            raise ZotsyncError(_("This needs a connection to Zotero."))
        run = self._sync_run(self.library)
        run.newer_planner = self._newer_planner
        return run

    def _sync_run(self, library: GroupLibrary) -> SyncRun:
        check_library(self.state, self.config)
        run = SyncRun(
            self.workspace,
            self.state,
            library,
            self._planner,
            self._progress,
            self._command,
            Barrier(self.state, self.config.group, library),
            resolve=self._settle_all,
            after_pull=self._after_pull,
        )
        home = f"{socket.gethostname()}:{self.workspace.root.resolve()}"
        if self.state.meta("home", home) != home or self.state.doubtful:
            run.full = True  # copied, moved or put back: the cursor is not to be trusted (SYNC §7)
        self._home = home
        return run

    def _after_pull(self) -> None:
        finish_rebase(self.state)
        self.state.set_meta("home", self._home)
        self.state.doubtful = False

    @cached_property
    def _planner(self) -> Planner:  # one, because it knows what it has read
        return Planner(self.workspace, self.state, self._schema, self._new_key, self._progress)

    def _newer_planner(self) -> Planner | None:
        """Return a planner with a newer schema; None where Zotero was asked for one today."""
        today = utc_now().date().isoformat()
        if self.state.meta("schema_asked") == today or self.library is None:
            return None
        self.state.set_meta("schema_asked", today)
        schema = schemas.refresh(self.library, self.workspace.private)
        self._planner = replace(self._planner, schema=schema)
        return self._planner

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with locked(self.workspace.lock, self._command, utc_now()):
            yield

    # Conflicts

    def conflicts(self) -> tuple[Conflict, ...]:
        """Return the open conflicts, as far as is known offline: none before the first pull."""
        if self.state.cursor is None:
            return ()
        return self.preview(Options(), offline=True).conflicts

    def resolve(self, choices: Choices, seen: Iterable[Conflict] | None = None) -> int:
        """Settle conflicts, (item key, field) -> choice; return how many. The next sync sends it.

        `seen`: the conflicts as people have seen them; one that is another by now is left open.
        """
        with self._locked():
            now = self.conflicts()
            return self._settle(now, choices if seen is None else still(choices, now, seen))

    def _settle_all(self, conflicts: Iterable[Conflict], side: str) -> int:
        choice: Choice = "local" if side == "local" else "remote"
        conflicts = list(conflicts)
        return self._settle(conflicts, {c.key_and_field: choice for c in conflicts})

    def _settle(self, conflicts: Iterable[Conflict], choices: Choices) -> int:
        run = self._start_run("resolve")
        try:
            return Settler(self.workspace, self.state, run).settle(conflicts, choices)
        finally:
            self._finish_run(run, {})

    # The journal

    def versions(self, key: str) -> tuple[Version, ...]:
        """Return what an item was like, the newest first, without what it is like now."""
        return Restorer(self.workspace, self.state).versions(key, self.files().get(key))

    def restore(self, key: str, version: Version | None = None) -> Restored:
        """Make an item's file what it was: as in `version`, else as in the newest one."""
        with self._locked():
            restorer, present = Restorer(self.workspace, self.state), self.files().get(key)
            chosen = version or restorer.versions(key, present)[0]
            run = self._start_run("restore")
            restored = restorer.restore(key, present, chosen, run)
            self._finish_run(run, {"pulled": 1})
            return restored

    def write_agreed(self, agreed: Proposal, command: str = IMPORT) -> Imported:
        """Write what somebody agreed to into files, as one run. The next sync tells Zotero."""
        with self._locked():
            run = self._start_run(command)
            added = Adding(self.workspace, self._planner, run).write(agreed)
            importer = Importer(self.workspace, self._planner, run)
            left = importer.write(added.corrections, agreed.handout)
            self._finish_run(run, {})
            return Imported(run, (*added.left, *left), added.missed)

    def undoing_here(self) -> UndoHere:
        """Return what takes a run back without Zotero, where that is possible."""
        return UndoHere(self.workspace, self.state, self._planner)

    def undo_plan(self, run: int | None, *, theirs: bool = False) -> UndoPlan:
        """Return what taking a run back would do; None: the last that did something."""
        with self._locked():
            return preview_undo(self._connected_run(), run, theirs=theirs)

    def undo(self, run: int | None, *, theirs: bool = False, agreed: Agreed = to_all) -> Undone:
        """Take a run back on both sides, as far as nobody has changed things since.

        `agreed`: asked, with what is to be done then, once what waited is synced.
        """
        with self._locked():
            return undo(self._connected_run, run, theirs=theirs, agreed=agreed)

    def runs(self, limit: int) -> list[Run]:
        """Return the last runs, newest first."""
        return Journal(self.state).runs(limit)

    def _start_run(self, command: str) -> int:
        with self.state.transaction():
            return Journal(self.state).start(command, utc_now())

    def _finish_run(self, run: int, counts: Mapping[str, int]) -> None:
        with self.state.transaction():
            Journal(self.state).finish(run, counts, utc_now())

    # What there is

    def items(self) -> Mapping[str, Fields]:
        """Return key -> fields of all items here, `collections` as keys."""
        return self.here().items

    def here(self) -> Here:
        """Return all items here with their files, as they stand at one moment."""
        return self._planner.here()

    def collections(self) -> dict[str, tuple[str, str | None]]:
        """Return key -> (name, parent) of all collections here."""
        return as_tree(self._planner.read().tree.objects)

    def files(self) -> Mapping[str, str]:
        """Return key -> path below `items/` of all items here."""
        return self._planner.look().paths

    def find(self, item: str, *, removed: bool = False) -> str:
        """Return the key of ITEM: a file, a file's stem, or an item key.

        `removed`: a file that somebody deleted is looked for too, where no other is called so.

        Raises:
            NotThereError: there is none, or several.

        """
        places = [(path, key) for key, path in self.files().items()]
        gone = self._planner.index.places() if removed else []
        return find_item(item, [*places, *trashed(self.workspace)], gone)
