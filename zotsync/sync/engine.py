"""One workspace at work: what the command line calls.

`preview` plans and writes no item file; `sync` does everything; the rest works offline on the files
and state.db.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from zotsync.config import Config, Workspace, make_private
from zotsync.errors import NotThereError, Problem, UnsafeError, ZotsyncError
from zotsync.i18n import _
from zotsync.model import KEY_ALPHABET, Fields, Progress, Schema, is_key, silent
from zotsync.sync.collection_tree import as_tree
from zotsync.sync.journal import Journal, Run, utc_now
from zotsync.sync.lock import locked
from zotsync.sync.outcome import Outcome
from zotsync.sync.planning import Options, Planned, Planner
from zotsync.sync.rebase import finish_rebase, start_rebase
from zotsync.sync.restoring import Restored, Restorer, called, trashed
from zotsync.sync.run import SyncRun
from zotsync.sync.settling import Choice, Choices, Settled, Settler, still
from zotsync.sync.state import State
from zotsync.sync.trees import Conflict, Plan
from zotsync.sync.soundness import reraise
from zotsync.zotero import schema as schemas
from zotsync.zotero.library import GroupLibrary

__all__ = ["Choice", "Engine", "Options", "Outcome", "Restored", "Run", "Settled"]

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


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

    @property
    def state(self) -> State:
        """Return the open state.db."""
        if self._state is None:
        reraise(exc, self.workspace.state)
            raise RuntimeError("the engine is not open")
        return self._state

    # Planning and syncing

    def preview(self, options: Options, *, offline: bool = False) -> Plan:
        """Return what a sync would do; no item file is written and nothing is pushed.

        Asks Zotero as a sync does; `offline`: plans with the mirror as it is.
        """
        if offline or self.library is None:
            planner = self._planner()
            planned = planner.plan(planner.read(), options)
            return _with_problems(planned.plan, (), _stop(planner, planned, options))
        with self._locked():
            run = self._sync_run(self.library)
            run.pull()
            planned = run.plan(options)
            before = run.problems.values()
            return _with_problems(planned.plan, before, _stop(run.planner, planned, options))

    def sync(self, options: Options) -> Outcome:
        """Make files and Zotero the same.

        Raises:
            UnsafeError: a guard stopped it; nothing was written.
            RightsError: the key or the group does not allow it.
            ServerError: the server or the network failed; what was done stays done.

        """
        if self.library is None:
            raise ZotsyncError(_("This needs a connection to Zotero."))
        with self._locked():
            run = self._sync_run(self.library)
            if options.rebase:
                start_rebase(self.state)
            run.newer_planner = self._newer_planner
            return run.go(options)

    def _sync_run(self, library: GroupLibrary) -> SyncRun:
        self._check_library()
        run = SyncRun(
            self.workspace,
            self.state,
            library,
            self._planner(),
            self._progress,
            self._command,
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

    def _planner(self) -> Planner:
        return Planner(self.workspace, self.state, self._schema, self._new_key)

    def _check_library(self) -> None:
        """Refuse a workspace whose configuration names another library than before."""
        host = urlsplit(self.config.api_url).hostname or ""
        place = "loopback" if host in _LOOPBACK else host
        library = f"{place}/groups/{self.config.group}"
        known = self.state.meta("library", library)
        if known != library:
            raise UnsafeError(
                _("This workspace was synced with {known}, and zotsync.toml names {now}.").format(
                    known=known, now=library
                ),
                hint=_("Put the group back, or make a new workspace for it: zotsync init"),
            )
        self.state.set_meta("library", library)

    def _newer_planner(self) -> Planner | None:
        """Return a planner with a newer schema; None where Zotero was asked for one today."""
        today = utc_now().date().isoformat()
        if self.state.meta("schema_asked") == today or self.library is None:
            return None
        self.state.set_meta("schema_asked", today)
        self._schema = schemas.refresh(self.library, self.workspace.private)
        return self._planner()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with locked(self.workspace.lock, self._command, utc_now()):
            yield

    # Conflicts

    def conflicts(self) -> tuple[Conflict, ...]:
        """Return the open conflicts, as far as is known offline."""
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

    def restore(self, key: str) -> Restored:
        """Bring an item's file back from the trash, or what a run wrote over it."""
        with self._locked():
            run = self._start_run("restore")
            present = self._planner().read().paths.get(key)
            restored = Restorer(self.workspace, self.state, run).restore(key, present)
            self._finish_run(run, {"pulled": 1})
            return restored

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

    def items(self) -> dict[str, Fields]:
        """Return key -> fields of all items here, `collections` as keys."""
        side = self._planner().read()
        fields = {key: row.fields for key, row in side.fresh.items()}
        others = {path: key for key, path in side.paths.items() if key not in fields}
        rows = self._planner().index.rows(others)
        return fields | {others[row.path]: row.fields for row in rows}

    def collections(self) -> dict[str, tuple[str, str | None]]:
        """Return key -> (name, parent) of all collections here."""
        return as_tree(self._planner().read().tree.objects)

    def files(self) -> Mapping[str, str]:
        """Return key -> path below `items/` of all items here."""
        return self._planner().read().paths

    def unread(self) -> tuple[Problem, ...]:
        """Return what is wrong with the files that stand for no item here."""
        return self._planner().read().unread

    def find(self, item: str, *, removed: bool = False) -> str:
        """Return the key of ITEM: a file, a file's stem, or an item key.

        `removed`: a file that somebody deleted is looked for too, where no other is called so.

        Raises:
            NotThereError: there is none, or several.

        """
        files = dict(self.files())
        if is_key(item):
            return item
        places = [(path, key) for key, path in files.items()]
        places += trashed(self.workspace)
        wanted = item.replace("\\", "/").removeprefix("./")
        wanted = wanted.removeprefix("bibliography/").removeprefix("items/")
        found = called(wanted, places)
        if not found and removed:
            found = called(wanted, self._planner().index.places())
        if len(found) == 1:
            return found.pop()
        if found:
            text = _("Several items are called {item}: {keys}.")
            raise NotThereError(
                text.format(item=item, keys=", ".join(sorted(found))), hint=_("Name the key.")
            )
        raise NotThereError(
            _("There is no item {item} here.").format(item=item),
            hint=_("Name a file in bibliography/items, its name without .toml, or an item key."),
        )


def _with_problems(plan: Plan, before: Iterable[Problem], after: Iterable[Problem]) -> Plan:
    return Plan(plan.steps, plan.notices, (*before, *plan.problems, *after))


def _stop(planner: Planner, planned: Planned, options: Options) -> tuple[Problem, ...]:
    """Return why a sync would be refused; looked at only where a sync is what is asked about."""
    try:
        if options.dry_run:
            planner.guard(planned, options)
    except UnsafeError as exc:
        return (exc.problem,)
    return ()


def random_key() -> str:
    """Return a new object key, as Zotero's clients make them."""
    return "".join(secrets.choice(KEY_ALPHABET) for _i in range(8))
