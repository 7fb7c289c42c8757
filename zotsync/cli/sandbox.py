"""`zotsync sandbox`: serve the embedded Zotero API. And the published key of demo workspaces."""

from __future__ import annotations

import secrets
import sqlite3
import string
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click

from zotsync.cli.group import command, option
from zotsync.cli.session import Session, pass_session
from zotsync.config import CONFIG_NAME, Config, Workspace, find_workspace
from zotsync.errors import FileError, Place, ServerError
from zotsync.i18n import N_, _
from zotsync.sandbox import demo as story
from zotsync.sandbox.server import Access, Sandbox, Served
from zotsync.zotero.keys import VARIABLE, ApiKey, KeySource

_GROUP = 1000


@dataclass(frozen=True)
class Offer:
    """What a sandbox serves, and to whom."""

    group: int
    key: str
    data: Path | None
    port: int
    demo: bool


def published_key(workspace: Workspace, config: Config) -> ApiKey | None:
    """Return the demo's published key for a demo workspace, None for any other.

    A demo workspace is one whose `.zotsync/sandbox.json` names that key and whose api_url is the port
    noted there, on this very machine: no other server is ever shown the key, and none needs it.
    """
    facts = story.read_facts(workspace)
    ours = facts is not None and (facts.key, facts.group) == (story.DEMO_KEY, config.group)
    if facts is None or not ours:
        return None
    address = urlsplit(config.api_url)
    if (address.hostname, address.port) != ("127.0.0.1", facts.port):
        return None
    return ApiKey(story.DEMO_KEY, KeySource.ENVIRONMENT)


@contextmanager
def opened(data: Path | None, *, testing: bool = False) -> Iterator[Sandbox]:
    """Open an embedded server's data; one that cannot be used is a FileError."""
    try:
        sandbox = Sandbox(data, testing=testing)
    except (sqlite3.Error, OSError) as exc:
        message = _("The embedded server's data cannot be used: {reason}").format(reason=exc)
        raise FileError(message, place=Place(str(data or ""))) from exc
    try:
        yield sandbox
    finally:
        sandbox.close()


@contextmanager
def served(sandbox: Sandbox, port: int) -> Iterator[Served]:
    """Serve on loopback; a port that is in use is a ServerError."""
    if port and story.free_port(port) != port:
        raise ServerError(
            _("The port {port} is in use.").format(port=port),
            hint=_("Is zotsync sandbox running in another window? Else choose one with --port."),
        )
    with sandbox.serve(port) as running:
        yield running


@command("sandbox", N_("Serve the embedded Zotero API on this machine until Ctrl-C."))
@option(
    "--port",
    type=click.IntRange(1, 65535),
    metavar=N_("N"),
    help=N_("The port; by default the demo's, else a free one."),
)
@option(
    "--data",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar=N_("FILE"),
    help=N_("Where the data are kept; by default the demo's, else nowhere."),
)
@option(
    "--testing",
    is_flag=True,
    help=N_("Offer the administration that the Zotero API's conformance tests need."),
)
@pass_session
def sandbox(session: Session, port: int | None, data: Path | None, *, testing: bool) -> int:
    """Serve until interrupted."""
    offer = _offer(session, port, data)
    with opened(offer.data, testing=testing) as server:
        _people(server, offer)
        with served(server, offer.port) as running:
            _tell(session, offer, running)
            _until_interrupted(lambda: time.sleep(0.5))
    session.output.say(_("The server has ended."))
    return 0


def _offer(session: Session, port: int | None, data: Path | None) -> Offer:
    """Return what is served: in a demo workspace its data on its port, else something new."""
    here = session.directory.absolute()
    if data is None and any((f / CONFIG_NAME).is_file() for f in (here, *here.parents)):
        workspace = find_workspace(here)
        facts = story.read_facts(workspace)
        if facts is not None and facts.key == story.DEMO_KEY:
            return Offer(facts.group, facts.key, workspace.sandbox, port or facts.port, demo=True)
    alphabet = string.ascii_letters + string.digits
    key = "".join(secrets.choice(alphabet) for _position in range(24))
    file = None if data is None else session.directory / data
    return Offer(_GROUP, key, file, port or 0, demo=False)


def _people(server: Sandbox, offer: Offer) -> None:
    if offer.demo:
        story.people(server)
        return
    server.add_user(1, "sandbox")
    server.add_group(offer.group, "Sandbox", owner=1)
    server.add_key(offer.key, 1, groups={offer.group: Access()})


def _tell(session: Session, offer: Offer, running: Served) -> None:
    output = session.output
    document = {"api_url": running.url, "group": offer.group, "key": offer.key, "demo": offer.demo}

    def text() -> None:
        output.line(_("Zotero API: {url}").format(url=running.url))
        output.line(_("Group: {group}").format(group=offer.group))
        output.line(_("API key: {key}").format(key=offer.key))

    output.emit(document, text)
    if offer.demo:
        output.say(_("In another window, in this folder: zotsync sync"))
    else:
        line = _(
            "To use it: set {variable} to the key, then zotsync init DIR --group {group} --api-url {url}"
        )
        output.say(line.format(variable=VARIABLE, group=offer.group, url=running.url))
    output.say(_("Ctrl-C ends it."))


def _until_interrupted(wait: Callable[[], None]) -> None:
    """Wait; Ctrl-C is how this ends, and no failure."""
    try:
        while True:
            wait()
    except KeyboardInterrupt:
        return
