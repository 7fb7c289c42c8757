"""`zotsync sandbox`: serve the embedded Zotero API. And the published key of demo workspaces."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import click

from zotsync.cli.frame.group import command, option
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.toolkit.requestlog import kept, shown
from zotsync.config import CONFIG_NAME, Config, Workspace, find_workspace
from zotsync.errors import FileError, Place, ServerError, UsageError
from zotsync.i18n import N_, _
from zotsync.reasons import reason_of
from zotsync.sandbox import demo as story
from zotsync.sandbox.data.apikeys import new_key
from zotsync.sandbox.requestlog import Logged
from zotsync.sandbox.script import Script, duration, read_script
from zotsync.sandbox.server import LOOPBACK, Access, Sandbox, Served
from zotsync.sandbox.serving import is_loopback
from zotsync.zotero.keys import VARIABLE, ApiKey, KeySource

_GROUP = 1000
_TERMINAL = "-"


@dataclass(frozen=True)
class Offer:
    """What a sandbox serves, and to whom."""

    group: int
    keys: Mapping[str, str]
    """Whoever is in the group, its owner first -> API key."""
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
    return ApiKey(story.DEMO_KEY, KeySource.PUBLISHED)


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
def served(sandbox: Sandbox, port: int, host: str = LOOPBACK) -> Iterator[Served]:
    """Serve, on loopback unless told otherwise; a port that is in use is a ServerError."""
    if port and host == LOOPBACK and story.free_port(port) != port:
        raise ServerError(
            _("The port {port} is in use.").format(port=port),
            hint=_("Is zotsync sandbox running in another window? Else choose one with --port."),
        )
    with ExitStack() as stack:
        try:
            running = stack.enter_context(sandbox.serve(port, host))
        except OSError as exc:
            reason = reason_of(exc)
            message = _("{host} cannot be served: {reason}").format(host=host, reason=reason)
            raise ServerError(message) from exc
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
    "--host",
    metavar=N_("ADDRESS"),
    default=LOOPBACK,
    help=N_("The IP address to serve on; by default only programs on this machine can reach it."),
)
@option(
    "--latency",
    metavar=N_("TIME"),
    help=N_("Wait before every answer, for example 50ms or 2s."),
)
@option(
    "--faults",
    metavar=N_("SEED|FILE"),
    help=N_(
        "Let requests fail: about every tenth at random (a number; the same one, the same faults), "
        "or as a TOML file says."
    ),
)
@option(
    "--log",
    is_flag=False,
    flag_value=_TERMINAL,
    metavar=N_("[FILE]"),
    help=N_("Show every request, or add it to FILE as a line of JSON; never with API keys."),
)
@option(
    "--people",
    metavar=N_("NAME,NAME"),
    help=N_("Who is in the group, its owner first: each with an API key of her own."),
)
@option(
    "--testing",
    is_flag=True,
    help=N_("Offer the administration that the Zotero API's conformance tests need."),
)
@pass_session
def sandbox(  # noqa: PLR0913 - the options of the command
    session: Session,
    *,
    port: int | None,
    data: Path | None,
    host: str,
    latency: str | None,
    faults: str | None,
    log: str | None,
    people: str | None,
    testing: bool,
) -> int:
    """Serve until interrupted."""
    offer = _offer(session, port, data, people)
    reachable = not is_loopback(_address(host))
    script, watch = _script(session, latency, faults), _watch(session, log)
    with opened(offer.data, testing=testing) as server:
        _people(server, offer)
        script.start(server.faults)
        with served(server, offer.port, host) as running:
            _tell(session, offer, running)
            if reachable:
                session.output.warn(_("Others on the network can reach it, and change its data."))
            server.faults.watch = watch
            _until_interrupted(lambda: time.sleep(0.5))
    session.output.say(_("The server has ended."))
    return 0


def _address(host: str) -> str:
    try:
        return str(ip_address(host))
    except ValueError as exc:
        message = _("{host} is not an IP address.").format(host=host)
        hint = _("For example: {example}").format(example="--host 0.0.0.0")
        raise UsageError(message, hint=hint) from exc


def _script(session: Session, latency: str | None, faults: str | None) -> Script:
    """Return what is to go wrong: by a seed, or as a file says."""
    script = Script()
    if faults is not None and faults.isascii() and faults.isdigit():
        script = Script(seed=int(faults))
    elif faults is not None:
        try:
            raw = (session.directory / faults).read_bytes()
        except OSError as exc:
            message = _("The faults cannot be read: {reason}").format(reason=reason_of(exc))
            raise FileError(message, place=Place(faults)) from exc
        script = read_script(raw, faults)
    if latency is None:
        return script
    try:
        return replace(script, latency=duration(latency))
    except ValueError as exc:
        message = _("{text} is not a time.").format(text=latency)
        hint = _("For example: {example}").format(example="--latency 50ms")
        raise UsageError(message, hint=hint) from exc


def _watch(session: Session, log: str | None) -> Callable[[Logged], None] | None:
    if log is None:
        return None
    if log == _TERMINAL:
        return shown(session.output)
    try:
        return kept(session.directory / log)
    except OSError as exc:
        message = _("The log cannot be written: {reason}").format(reason=reason_of(exc))
        raise FileError(message, place=Place(log)) from exc


def _offer(session: Session, port: int | None, data: Path | None, people: str | None) -> Offer:
    """Return what is served: in a demo workspace its data on its port, else something new."""
    here = session.directory.absolute()
    if (
        data is None
        and people is None
        and any((f / CONFIG_NAME).is_file() for f in (here, *here.parents))
    ):
        workspace = find_workspace(here)
        facts = story.read_facts(workspace)
        if facts is not None and facts.key == story.DEMO_KEY:
            keys = {story.USER: facts.key}
            return Offer(facts.group, keys, workspace.sandbox, port or facts.port, demo=True)
    file = None if data is None else session.directory / data
    keys = {name: new_key() for name in _names("sandbox" if people is None else people)}
    return Offer(_GROUP, keys, file, port or 0, demo=False)


def _names(people: str) -> list[str]:
    names = [name for part in people.split(",") if (name := " ".join(part.split()))]
    if not names or len(set(names)) < len(names):
        message = _("{text} does not name different people.").format(text=people)
        hint = _("For example: {example}").format(example="--people anne,bea")
        raise UsageError(message, hint=hint)
    return names


def _people(server: Sandbox, offer: Offer) -> None:
    if offer.demo:
        story.people(server)
        return
    numbers = range(1, len(offer.keys) + 1)
    for number, (name, key) in zip(numbers, offer.keys.items(), strict=True):
        server.add_user(number, name, trusting=True)
        server.add_key(key, number, groups={"all": Access()}, user=Access())
    server.add_group(offer.group, "Sandbox", owner=1, members=numbers[1:])


def _tell(session: Session, offer: Offer, running: Served) -> None:
    output = session.output
    owner = next(iter(offer.keys.values()))
    document = {
        "api_url": running.url,
        "group": offer.group,
        "key": owner,
        "people": dict(offer.keys),
        "demo": offer.demo,
    }

    def text() -> None:
        output.line(_("Zotero API: {url}").format(url=running.url))
        output.line(_("Group: {group}").format(group=offer.group))
        for name, key in offer.keys.items():
            said = _("API key: {key}") if len(offer.keys) == 1 else _("API key of {name}: {key}")
            output.line(said.format(key=key, name=name))

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
