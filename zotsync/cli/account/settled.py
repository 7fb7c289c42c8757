"""An `init` that is taken up again: what is settled already, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from zotsync.cli.account.beginning import Begun
from zotsync.cli.frame.session import Session
from zotsync.cli.frame.withheld import environment
from zotsync.config import DEFAULT_API_URL, load_config
from zotsync.errors import RightsError
from zotsync.i18n import _


def tell_settled(session: Session, begun: Begun) -> None:
    """Say what was answered before, and what is left; nothing where an init begins."""
    if not begun.is_known:
        return
    known = _known(begun)
    say = session.output.explain
    say(_("Going on in {folder}").format(folder=begun.workspace.root))
    for line in _settled(session, known):
        say(f"  ✓ {line}")
    left = ", ".join(_left(session, known))
    say(_("What comes next: {steps}.").format(steps=left))


def _known(begun: Begun) -> dict[str, str]:
    """Return what is known: of the workspace that is there, else of the answers."""
    known = dict(begun.answers.answers)
    if begun.goes_on:
        config = load_config(begun.workspace)
        name = config.centre.institution
        known |= {"group": str(config.group), "api_url": config.api_url, "institution": name}
        known["made"] = "yes"
    return known


def _settled(session: Session, known: dict[str, str]) -> Iterator[str]:
    if group := known.get("group"):
        yield _("The group: {number}").format(number=group)
    if _has_key(session, known):
        yield _("The API key: it is there")
    if name := known.get("institution"):
        yield _("The institution: {name}").format(name=name)
    if known.get("made"):
        yield _("The folder and its files: made")


def _left(session: Session, known: dict[str, str]) -> Iterator[str]:
    if not known.get("group"):
        yield _("the group")
    if not _has_key(session, known):
        yield _("the API key")
    if "institution" not in known:
        yield _("your institution")
    yield _("the first sync")
    yield _("a first handout")


def _has_key(session: Session, known: dict[str, str]) -> bool:
    """Return whether a key for the group is known; what is wrong with the keyring is told later."""
    from zotsync.zotero.keys import known_key  # noqa: PLC0415 - it brings the network along

    if session.key is not None or not known.get("group"):
        return session.key is not None
    url = known.get("api_url") or DEFAULT_API_URL
    with suppress(RightsError):
        return known_key(url, int(known["group"]), environment()) is not None
    return False
