"""Settling conflicts one by one, as `resolve` and `sync` ask about them."""

from __future__ import annotations

from collections.abc import Iterable

from zotsync.cli import ask
from zotsync.cli.difference import show_sides, sides_of
from zotsync.cli.opening import Opened
from zotsync.cli.session import Session
from zotsync.i18n import _
from zotsync.sync.engine import Choice
from zotsync.sync.trees import Conflict

Choices = dict[tuple[str, str], Choice]
_HERE, _ZOTERO, _SKIP, _STOP = "1", "2", "3", "4"


def settle_one_by_one(session: Session, opened: Opened, conflicts: Iterable[Conflict]) -> int:
    """Show each conflict, ask what holds, and settle what was answered; return how many."""
    choices = ask_about(session, opened, conflicts)
    if choices:
        opened.engine.resolve(choices)
    return len(choices)


def ask_about(session: Session, opened: Opened, conflicts: Iterable[Conflict]) -> Choices:
    """Ask about each conflict until all are answered or somebody stops."""
    choices: Choices = {}
    paths = opened.collection_paths()
    for conflict in conflicts:
        sides = sides_of(conflict)
        show_sides(session.output, opened.schema, sides, collections=paths, err=True)
        answer = ask.choose(
            _("What holds?"),
            {
                _HERE: _("what is here"),
                _ZOTERO: _("what Zotero has"),
                _SKIP: _("leave this one for later"),
                _STOP: _("stop asking"),
            },
            default=_SKIP,
            instead=_("Say which side holds: --local or --remote"),
        )
        if answer == _STOP:
            break
        if answer != _SKIP:
            choices[conflict.key, conflict.field] = "local" if answer == _HERE else "remote"
    return choices
