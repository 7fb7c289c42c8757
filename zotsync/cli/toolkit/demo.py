"""`zotsync demo`: the whole thing on sample data, told in a few lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

import click

from zotsync.cli.frame.failure import notes_of
from zotsync.cli.frame.group import argument, command
from zotsync.cli.frame.opening import Opened
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.handouts.printing import Wish, print_handout
from zotsync.cli.handouts.rendering import Holdings
from zotsync.cli.syncing.amounts import count_line
from zotsync.cli.syncing.difference import names_of, show_sides, sides_of
from zotsync.cli.syncing.plan_view import show_steps
from zotsync.cli.toolkit.sandbox import opened as opened_sandbox
from zotsync.cli.toolkit.sandbox import served
from zotsync.config import Workspace, load_config
from zotsync.i18n import N_, _
from zotsync.sandbox import demo as story
from zotsync.sync.engine import Engine, Options, Outcome
from zotsync.zotero import schema as schemas
from zotsync.zotero.library import GroupLibrary


@dataclass(frozen=True)
class Stage:
    """Where the story takes place."""

    session: Session
    workspace: Workspace
    api_url: str

    @contextmanager
    def engine(self) -> Iterator[Opened]:
        """Open the workspace with the published demo key: neither keyring nor environment is read."""
        config = load_config(self.workspace)
        schema = schemas.bundled()
        bars, note = self.session.output.bars(), notes_of(self.session)
        with (
            GroupLibrary(story.GROUP, story.DEMO_KEY, api_url=self.api_url) as library,
            Engine(self.workspace, config, library, schema, progress=bars) as engine,
        ):
            try:
                yield Opened(self.workspace, config, schema, engine, bars, note)
            finally:
                bars.stop()

    def tell(self, text: str = "", *, style: str = "") -> None:
        """Print a line of the story."""
        if not (self.session.json or self.session.quiet):
            self.session.output.line(text, style=style)


@command("demo", N_("Show the whole thing on sample data in DIR: no account, no network."))
@argument("folder", metavar=N_("[DIR]"), default="zotsync-demo", type=click.Path(path_type=Path))
@pass_session
def demo(session: Session, folder: Path) -> int:
    """Make a demo workspace, let two people work on it, sync, settle, and print the handout."""
    root = (session.directory / folder).absolute()
    before = story.read_facts(Workspace(root)) if root.is_dir() else None
    kept = story.clear(root)
    port = story.free_port(before.port if before else story.PORT)
    api_url = f"http://127.0.0.1:{port}"
    workspace = story.make_workspace(root, api_url, port)
    if kept is not None:
        session.output.say(_("What you had changed there is kept in {folder}").format(folder=kept))
    with opened_sandbox(workspace.sandbox) as server:
        story.people(server)
        with served(server, port):
            document = _story(Stage(session, workspace, api_url))
    story.write_facts(workspace, port, story.snapshot(workspace))
    _tell_end(session, workspace, document, api_url)
    return 0


def _story(stage: Stage) -> Path:
    """Let it happen, and return where the document is."""
    count = len(list(stage.workspace.items.glob("*.toml")))
    _headline(stage, 1, _("{n} references are plain files").format(n=count))
    stage.tell(f"   {stage.workspace.items}")
    _headline(stage, 2, _("The first sync brings them to a Zotero group"))
    _tell_sync(stage)
    _headline(stage, 3, _("A colleague works in Zotero, while files are edited here"))
    story.colleague_works(stage.api_url)
    story.edit_here(stage.workspace)
    _tell_what_they_did(stage)
    _headline(stage, 4, _("What a sync would do: zotsync status"))
    _tell_plan(stage)
    _headline(stage, 5, _("The sync merges both, and leaves one question: zotsync sync"))
    _tell_sync(stage)
    _headline(stage, 6, _("The question is settled for what is here: zotsync resolve --local"))
    _settle(stage)
    _headline(stage, 7, _("The handout is printed: zotsync render"))
    with stage.engine() as opened:
        (made,) = print_handout(Holdings(opened), "pair-aidance", Wish(), stage.session.directory)
        return made.file


def _headline(stage: Stage, number: int, text: str) -> None:
    stage.tell(f"{number}. {text}", style="bold")


def _tell_sync(stage: Stage) -> Outcome:
    with stage.engine() as opened:
        outcome = opened.engine.sync(Options())
        opened.bars.stop()
        stage.tell("   " + count_line(outcome.steps, outcome.conflicts))
    return outcome


def _tell_what_they_did(stage: Stage) -> None:
    there = _(
        "{name}, in Zotero: corrects an abstract, adds a book, tags another, removes a web page, "
        "and changes the pages of an article."
    )
    here = _("Here, in an editor: pages and tags of the same items, among them those pages.")
    for text in (there.format(name=story.COLLEAGUE.capitalize()), here):
        for line in wrap(text, 76):
            stage.tell(f"   {line}")


def _tell_plan(stage: Stage) -> None:
    with stage.engine() as opened:
        plan = opened.engine.preview(Options(dry_run=True))
        opened.bars.stop()
        if not (stage.session.json or stage.session.quiet):
            show_steps(stage.session.output, opened.schema, plan.steps)


def _settle(stage: Stage) -> None:
    """Show the conflict, keep what is here, and sync until both sides hold the same."""
    with stage.engine() as opened:
        conflicts = opened.engine.conflicts()
        if not (stage.session.json or stage.session.quiet):
            for conflict in conflicts:
                names = names_of(opened)
                show_sides(stage.session.output, opened.schema, sides_of(conflict), names=names)
        opened.engine.resolve({c.key_and_field: "local" for c in conflicts})
    _tell_sync(stage)


def _tell_end(session: Session, workspace: Workspace, document: Path, api_url: str) -> None:
    output = session.output
    data = {"workspace": str(workspace.root), "document": str(document), "api_url": api_url}

    def text() -> None:
        output.line()
        output.line(_("The document: {file}").format(file=document), style="bold")
        line = _(
            "To go on playing, in {folder}: zotsync sandbox serves the same data on {url} again."
        )
        output.line(line.format(folder=workspace.root, url=api_url))

    output.emit(data, text)
