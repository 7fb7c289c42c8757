"""Opening the workspace that a command works on: its configuration, its engine, its key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from zotsync.cli.frame.failure import notes_of
from zotsync.cli.frame.progress import Bars, NoBars
from zotsync.cli.frame.session import Session
from zotsync.config import Config, Workspace, find_workspace, load_config
from zotsync.errors import Problem
from zotsync.model import Schema
from zotsync.sync.engine import Engine
from zotsync.zotero import schema as schemas


@dataclass(frozen=True)
class Opened:
    """A workspace at work."""

    workspace: Workspace
    config: Config
    schema: Schema
    engine: Engine
    bars: Bars | NoBars
    tell: Callable[[Problem], None]
    """Tells what is worth knowing and stops nothing."""

    def collection_paths(self) -> Mapping[str, str]:
        """Return the paths of the collections, by key."""
        from zotsync.bibliography.paths import tree_paths  # noqa: PLC0415

        return tree_paths(self.engine.collections())


@contextmanager
def open_workspace(
    session: Session, *, online: bool, command: str = "sync", hasty: bool = False
) -> Iterator[Opened]:
    """Open the workspace of this call; `online` with its group library, `hasty` if it is at hand."""
    workspace = find_workspace(session.directory)
    config = load_config(workspace)
    bars = session.output.bars()
    with ExitStack() as stack:
        stack.callback(bars.stop)
        library = None
        if online:
            from zotsync.cli.frame.connecting import connect  # noqa: PLC0415

            library = stack.enter_context(connect(session, workspace, config, hasty=hasty))
        schema = schemas.load(workspace.private)
        engine = stack.enter_context(
            Engine(workspace, config, library, schema, progress=bars, command=command)
        )
        note = notes_of(session)
        if rebuilt := engine.state.rebuilt:
            note(rebuilt)
        yield Opened(workspace, config, schema, engine, bars, note)
