"""The way to Zotero: the keyring, the network, the clock, and what the key allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from zotsync.doctor.finding import Area, Finding, failed, note, skipped, well, wrong
from zotsync.errors import RightsError, ServerError, ZotsyncError
from zotsync.figures import lasting, number
from zotsync.i18n import _
from zotsync.zotero.keys import VARIABLE, ApiKey, KeySource, require_keyring
from zotsync.zotero.library import GroupLibrary
from zotsync.zotero.probe import probe, proxy_name
from zotsync.zotero.reach import reach_of
from zotsync.zotero.rights import Rights, forbidden

_SKEW = 300.0
"""Seconds of difference between two clocks that do no harm."""


@dataclass(frozen=True)
class Way:
    """A server, and the group there; without a workspace there is none."""

    api_url: str
    host: str
    group: int | None = None
    is_demo: bool = False
    """The server is the embedded one of a demo, which runs only while somebody wants it."""


def keyring(way: Way, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Yield whether there is a keyring that keeps keys."""
    try:
        name = require_keyring()
    except RightsError as error:
        message = error.problem.message
        if environ.get(VARIABLE, "").strip():
            enough = _("{variable} is set, and is enough.").format(variable=VARIABLE)
            yield note(Area.KEYRING, message, enough)
        elif way.is_demo:
            yield note(
                Area.KEYRING, message, _("The demo does without; a group of your own does not.")
            )
        else:
            yield failed(Area.KEYRING, error)
    else:
        yield well(Area.KEYRING, _("The system's keyring: {name}").format(name=name))


def network(way: Way) -> Iterator[Finding]:
    """Yield how the server is reached, and what its clock says."""
    area = Area.NETWORK
    if proxy := proxy_name(way.api_url):
        yield note(
            area,
            _("The way to {host} leads through the proxy {proxy}.").format(
                host=way.host, proxy=proxy
            ),
        )
    try:
        reached = probe(way.api_url)
    except ServerError as error:
        hint = _("It is the demo's server. To start it: zotsync sandbox, in another terminal")
        yield failed(area, error, hint if way.is_demo else "")
        return
    text = _("{host} answers, in {n} ms.")
    yield well(area, text.format(host=way.host, n=number(round(reached.seconds * 1000))))
    if reached.skew is None:
        return
    if abs(reached.skew) <= _SKEW:
        yield well(area, _("The clock of this computer is right."))
        return
    late = _("The clock of this computer is {span} ahead.")
    early = _("The clock of this computer is {span} behind.")
    span = lasting(abs(reached.skew))
    hint = _("Set it: dates in the log, and secure connections, depend on it.")
    yield note(area, (late if reached.skew > 0 else early).format(span=span), hint)


def key(way: Way, find: Callable[[], ApiKey], *, reachable: bool) -> Iterator[Finding]:
    """Yield which key there is and what it allows. `find` raises RightsError where there is none."""
    area = Area.KEY
    try:
        found = find()
    except ZotsyncError as error:
        yield failed(area, error)
        return
    sources = {
        KeySource.ENVIRONMENT: _("There is an API key, in the variable {variable}."),
        KeySource.KEYRING: _("There is an API key, in the keyring."),
        KeySource.PUBLISHED: _("The demo has an API key of its own, which is no secret."),
    }
    told = sources.get(found.source, _("There is an API key."))
    yield well(area, told.format(variable=VARIABLE))
    if not found.looks_right:
        yield note(
            area, _("It does not look like one of Zotero's."), _("A key has 24 letters and digits.")
        )
    if not reachable:
        yield skipped(area, _("What it allows was not asked."))
        return
    try:
        yield from _in_group(way, found) if way.group is not None else _anywhere(way, found)
    except ZotsyncError as error:
        yield failed(area, error)


def _in_group(way: Way, found: ApiKey) -> Iterator[Finding]:
    group = way.group or 0
    with GroupLibrary(group, found.secret, api_url=way.api_url) as library:
        rights = library.rights()
    if rights.can_write:
        yield well(
            Area.KEY,
            _may(rights, group, _("{user} may read and write the group “{group}” ({number}).")),
        )
        return
    problem = forbidden(rights, group).problem
    if rights.can_read:
        text = _("{user} may read the group “{group}” ({number}), but not write to it.")
        yield note(Area.KEY, _may(rights, group, text), f"{problem.message} {problem.hint}")
    else:
        yield wrong(Area.KEY, problem.message, problem.hint, RightsError.exit_code)


def _may(rights: Rights, group: int, text: str) -> str:
    name = rights.group_name or str(group)
    return text.format(user=rights.username or "?", group=name, number=group)


def _anywhere(way: Way, found: ApiKey) -> Iterator[Finding]:
    reach = reach_of(found.secret, way.api_url)
    names = ", ".join(f"{group.name} ({group.id})" for group, _rights in reach.groups)
    user = reach.key.username or "?"
    if names:
        yield well(
            Area.KEY, _("{user} reaches these groups: {names}").format(user=user, names=names)
        )
    else:
        hint = _("Edit it at {page}, or join a group.").format(
            page="https://www.zotero.org/settings/keys"
        )
        yield wrong(Area.KEY, _("The key of {user} reaches no group.").format(user=user), hint, 5)
