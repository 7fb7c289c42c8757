"""The first sync of a workspace: what is on both sides, and which of it is taken over."""

from __future__ import annotations

from enum import Enum

from zotsync.cli.frame import ask
from zotsync.cli.frame.opening import Opened
from zotsync.cli.frame.session import Session
from zotsync.cli.syncing.amounts import collections_in_words, count_line, items_in_words
from zotsync.cli.syncing.sync import first_sync
from zotsync.figures import number
from zotsync.i18n import _, ngettext
from zotsync.sync.engine import Options
from zotsync.sync.remembering.objects import Objects
from zotsync.sync.trees import Kind, Remote


class Take(Enum):
    """What a new workspace begins with."""

    BOTH = "both"
    LIBRARY = "library"
    FILES = "files"
    NOTHING = "nothing"


def meet(session: Session, opened: Opened, take: Take | None, *, can_write: bool) -> int | None:
    """Bring files and library together as far as somebody wants it; None: not at all."""
    if take is not Take.NOTHING and opened.engine.files():
        _rekey(session, opened)
    take = take or _asked(session, opened, can_write=can_write)
    if take is Take.NOTHING:
        return None
    return first_sync(session, opened, pull_only=take is Take.LIBRARY, push_only=take is Take.FILES)


def _rekey(session: Session, opened: Opened) -> None:
    """Let files that come from another library have the keys of this one."""
    if n := opened.engine.rekey():
        line = ngettext(
            "{n} file came from another library, and got the key that its item has in this one.",
            "{n} files came from another library, and got the keys that their items have in this one.",
            n,
        )
        session.output.explain(line.format(n=number(n)))


def _asked(session: Session, opened: Opened, *, can_write: bool) -> Take:
    """Say what is on both sides, and ask what is to be done about it."""
    if session.yes or session.quiet or not ask.interactive():
        return Take.BOTH
    plan = opened.engine.preview(Options(dry_run=True))
    opened.bars.stop()
    objects = Objects(opened.engine.state)
    lines = objects.mirror_lines(Kind.ITEM).items()
    there = {key for key, line in lines if line.synced and line.status is Remote.LIVE}
    shelves = objects.mirror_lines(Kind.COLLECTION).values()
    here = opened.engine.files().keys()
    _tell_sides(session, len(there), sum(s.status is Remote.LIVE for s in shelves), len(here))
    if not there and not here:
        return Take.BOTH
    if both := len(there & here):
        line = ngettext("{n} of them is on both sides.", "{n} of them are on both sides.", both)
        session.output.explain(line.format(n=number(both)))
    if counts := count_line(plan.steps, plan.conflicts):
        session.output.explain(_("This would be done: {counts}").format(counts=counts))
    if there and here and can_write:
        return _of_both(session)
    question = _("Fetch them as files now?") if there else _("Send them to Zotero now?")
    return Take.BOTH if ask.decide(question, default=True) else Take.NOTHING


def _tell_sides(session: Session, there: int, shelves: int, here: int) -> None:
    line = _("In Zotero: {items}, {collections}. In the folder: {files}.")
    told = line.format(
        items=items_in_words(there),
        collections=collections_in_words(shelves),
        files=items_in_words(here),
    )
    session.output.explain(told)


def _of_both(session: Session) -> Take:
    session.output.explain(_("What is to be taken over?"))
    options = (
        _("both: each side gets what it lacks (recommended)"),
        _("what is in Zotero: it is fetched, nothing is sent"),
        _("what is in the folder: it is sent, nothing is fetched"),
        _("nothing for the moment"),
    )
    return tuple(Take)[ask.choose(_("Your choice"), options, default=0)]
