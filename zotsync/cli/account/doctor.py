"""`zotsync doctor`: what is well and what is not, and what to do; nothing is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from urllib.parse import urlsplit

from zotsync.cli.frame.connecting import key_of
from zotsync.cli.frame.failure import notes_of, redact
from zotsync.cli.frame.group import command, option
from zotsync.cli.frame.packaged import packaged_themes
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.frame.withheld import environment
from zotsync.cli.syncing.hooks import hooks_of
from zotsync.config import DEFAULT_API_URL, Config, Workspace, find_workspace, load_config
from zotsync.doctor.finding import Area, Finding, Mark, exit_code, failed, note, skipped
from zotsync.doctor.folder import workspace
from zotsync.doctor.handouts import Read, handouts, read_all
from zotsync.doctor.installation import installation, programs
from zotsync.doctor.online import Way, key, keyring, network
from zotsync.errors import ConfigError, ZotsyncError
from zotsync.i18n import N_, _, ngettext
from zotsync.workspace import is_inside
from zotsync.zotero.keys import VARIABLE, find_key

_MARKS = {
    Mark.WELL: ("✓", "green"),
    Mark.NOTE: ("!", "yellow"),
    Mark.WRONG: ("✗", "red"),
    Mark.SKIPPED: ("–", ""),
}
_HEADINGS = {
    Area.INSTALLATION: N_("Installation"),
    Area.KEYRING: N_("Keyring"),
    Area.NETWORK: N_("Network"),
    Area.KEY: N_("API key"),
    Area.WORKSPACE: N_("Workspace"),
    Area.HANDOUTS: N_("Handouts"),
    Area.PROGRAMS: N_("Other programs"),
}
_NO_GROUP = 0


@command(
    "doctor", N_("Look whether everything is in order, and say what to do. Nothing is changed.")
)
@option("--offline", is_flag=True, help=N_("Do not use the network."))
@pass_session
def doctor(session: Session, *, offline: bool) -> int:
    """Look at everything, tell what was found; exit 0 where nothing is wrong."""
    findings = list(_check_up(session, offline=offline))
    code = exit_code(findings)
    document = {
        "findings": [
            {
                "area": one.area.value,
                "mark": one.mark.value,
                "text": redact(one.text),
                "hint": redact(one.hint),
            }
            for one in findings
        ],
        "exit_code": code,
    }
    session.output.emit(document, lambda: _show(session, findings))
    _sum_up(session, findings)
    return code


def _check_up(session: Session, *, offline: bool) -> Iterator[Finding]:
    yield from installation()
    at, config, fault = _workspace(session)
    api_url = config.api_url if config else DEFAULT_API_URL
    demo = at is not None and (at.private / "sandbox.json").exists()
    way = Way(api_url, urlsplit(api_url).netloc, config.group if config else None, demo)
    yield from keyring(way, environment())
    online = [skipped(Area.NETWORK, _("Not asked."))] if offline else list(network(way))
    yield from online
    reachable = not offline and all(one.mark is not Mark.WRONG for one in online)
    yield from _key(session, at, config, way, reachable=reachable)
    yield from fault
    read = Read((), ())
    if at is not None and config is not None:
        yield from workspace(at, config, environment())
        yield from _hooks(config)
        read = read_all(at)
        yield from _handouts(session, at, config, read)
    yield from programs(styles=read.styles)


def _workspace(session: Session) -> tuple[Workspace | None, Config | None, list[Finding]]:
    """Return the workspace and its configuration, and what is to be said where one of them lacks."""
    if not is_inside(session.directory):
        hint = _("To make one: zotsync init. To look at another: zotsync -C DIR doctor")
        return None, None, [note(Area.WORKSPACE, _("There is no workspace here."), hint)]
    try:
        at = find_workspace(session.directory)
        return at, load_config(at), []
    except ConfigError as error:
        return None, None, [failed(Area.WORKSPACE, error)]


def _key(
    session: Session, at: Workspace | None, config: Config | None, way: Way, *, reachable: bool
) -> Iterator[Finding]:
    if at is not None and config is not None:
        find = partial(key_of, session, at, config, asking=False)
    elif environment().get(VARIABLE, "").strip():
        find = partial(find_key, way.api_url, _NO_GROUP, environment())
    else:
        yield skipped(Area.KEY, _("The keyring has a key for each group: look from a workspace."))
        return
    yield from key(way, find, reachable=reachable)


def _hooks(config: Config) -> Iterator[Finding]:
    """Yield what is wrong with the commands that follow a sync."""
    try:
        hooks_of(config)
    except ZotsyncError as error:
        yield failed(Area.WORKSPACE, error)


def _handouts(session: Session, at: Workspace, config: Config, read: Read) -> Iterator[Finding]:
    try:
        packaged = packaged_themes(notes_of(session), listing=True)
        yield from handouts(at, config, read, packaged)
    except ZotsyncError as error:
        yield failed(Area.HANDOUTS, error)


def _show(session: Session, findings: Iterable[Finding]) -> None:
    """Print a line for each finding, and below it what to do; with `--quiet` only what is wrong."""
    output = session.output
    wanted = [one for one in findings if one.mark is Mark.WRONG or not session.quiet]
    for area, group in groupby(wanted, key=lambda one: one.area):
        output.line(_(_HEADINGS[area]), style="bold")
        for one in group:
            mark, style = _MARKS[one.mark]
            output.spans([(f" {mark} ", style), (redact(one.text), "")], indent=3)
            for line in redact(one.hint).splitlines():
                output.spans([("   → ", style), (line, "")], indent=5)


def _sum_up(session: Session, findings: Iterable[Finding]) -> None:
    counts = Counter(one.mark for one in findings)
    wrong, notes = counts[Mark.WRONG], counts[Mark.NOTE]
    if wrong:
        line = ngettext("{n} thing is wrong.", "{n} things are wrong.", wrong).format(n=wrong)
        session.output.say(line, style="red")
    elif notes:
        line = ngettext(
            "Nothing is wrong; {n} thing is worth knowing.",
            "Nothing is wrong; {n} things are worth knowing.",
            notes,
        )
        session.output.say(line.format(n=notes), style="green")
    else:
        session.output.say(_("Everything is in order."), style="green")
