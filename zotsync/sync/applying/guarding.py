"""Stopping before anything is written, where a plan looks like a disaster (SYNC §9), and the ways out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from zotsync.errors import UnsafeError
from zotsync.figures import number
from zotsync.i18n import _, ngettext
from zotsync.model import Fields
from zotsync.sync.deciding.guards import Alarm, Danger, alarms
from zotsync.sync.reading.planning import Options, Planned, Planner
from zotsync.sync.remembering.journal import Journal
from zotsync.sync.trees import Decision, Kind, Step, Trees

_NAMED = 5
"""How many names a guard lists."""


class SuspiciousError(UnsafeError):
    """A plan looks like a disaster; `steps` are what looks so, if what is here looks wrong."""

    def __init__(self, lines: Iterable[str], *, hint: str, steps: Iterable[Step]) -> None:
        self.steps = tuple(steps)
        super().__init__("\n".join(lines), hint=hint)


def guard(planner: Planner, planned: Planned, options: Options) -> None:
    """Raise SuspiciousError if a plan looks like a disaster."""
    live = {kind: planner.live(kind) for kind in Kind}
    if live[Kind.ITEM] and not options.allow_mass_delete:
        _refuse_nothing_there(planner, planned)
    raised = alarms(
        planned.plan.steps,
        live.__getitem__,
        Journal(planner.state).was_before,
        (_fields(planned, lambda trees: trees.mirror), _fields(planned, lambda trees: trees.local)),
        _allowed(options),
    )
    if raised:
        lines = [line for alarm in raised for line in _alarm_lines(alarm)]
        steps = [step for alarm in raised for step in alarm.steps if not alarm.here]
        raise SuspiciousError(lines, hint=_ways_out(raised), steps=steps)


def forget_agreement(planner: Planner, error: SuspiciousError) -> bool:
    """Let both sides stand as if they had never agreed on what looks wrong here (`--rebase`).

    What is missing here comes back, what differs is a conflict: nothing is lost on either side. Return
    whether there was anything to forget.
    """
    keys = {kind: [s.key for s in error.steps if s.kind is kind] for kind in Kind}
    agreed = any(planner.objects.base(kind, keys[kind]) for kind in Kind)
    with planner.state.transaction():
        for kind in Kind:
            planner.objects.forget(kind, keys[kind])
    return agreed


def _allowed(options: Options) -> set[Danger]:
    deletions = {Danger.DELETIONS} if options.allow_mass_delete else set()
    changes = set(Danger) - {Danger.DELETIONS} if options.allow_mass_change else set()
    return deletions | changes


def _fields(planned: Planned, side: Callable[[Trees], Any]) -> Callable[[Step], Fields]:
    def before(step: Step) -> Fields:
        is_item = step.kind is Kind.ITEM
        found = side(planned.item_trees if is_item else planned.collection_trees).get(step.key)
        return found.fields if found else {}

    return before


def _refuse_nothing_there(planner: Planner, planned: Planned) -> None:
    side = planned.side
    if side.missing:
        text = _("The folder {path} is not there. Is the drive or the share connected?")
    elif not side.paths and not side.waiting and not side.blocked:
        text = _("The folder {path} is empty.")
    else:
        return
    gone = [s for s in planned.items.steps if s.decision is Decision.TRASH_IN_ZOTERO]
    lines = [text.format(path=planner.workspace.items)]
    if count := len(gone):
        were = ngettext("{n} item was in it:", "{n} items were in it:", count)
        lines += [were.format(n=number(count)), *_names([s.title for s in gone])]
    raise SuspiciousError(lines, hint=_missing_hint(), steps=gone)


def _alarm_lines(alarm: Alarm) -> list[str]:
    texts = {
        (Danger.DELETIONS, False): _("{n} of {of} would go to Zotero's trash:"),
        (Danger.DELETIONS, True): _("{n} of {of} would go to the trash here:"),
        (Danger.REVERSALS, False): _("{n} of {of} would go back to older values in Zotero:"),
        (Danger.REVERSALS, True): _("{n} of {of} would go back to older values here:"),
        (Danger.LOSSES, False): _("{n} of {of} would lose a field in Zotero:"),
        (Danger.LOSSES, True): _("{n} of {of} would lose a field here:"),
        (Danger.GARBLED, False): _("{n} of {of} would lose their accents in Zotero:"),
        (Danger.GARBLED, True): _("{n} of {of} would lose their accents here:"),
    }
    head = texts[alarm.danger, alarm.here].format(n=number(len(alarm.steps)), of=number(alarm.of))
    return [head, *_names([s.title for s in alarm.steps])]


def _names(titles: Sequence[str]) -> list[str]:
    names = [f"  - {title}" for title in titles[:_NAMED]]
    more = len(titles) - _NAMED
    if more > 0:
        names.append("  " + ngettext("and {n} more", "and {n} more", more).format(n=number(more)))
    return names


def _ways_out(raised: tuple[Alarm, ...]) -> str:
    """Return what to do about alarms: how to be safe first, then how to go on all the same."""
    hints = {
        (Danger.DELETIONS, False): _missing_hint,
        (Danger.DELETIONS, True): _deleted_there_hint,
    }
    chosen = [hints.get((alarm.danger, alarm.here), _changed_hint) for alarm in raised]
    return "\n".join(dict.fromkeys(hint() for hint in chosen))


def _missing_hint() -> str:
    return _(
        "Nothing was written. Bring the files back (connect the drive, or take them from a backup), and"
        " sync again.\n"
        "To have them written again from Zotero: zotsync sync --rebase\n"
        "To delete them in Zotero too: zotsync sync --allow-mass-delete"
    )


def _deleted_there_hint() -> str:
    return _(
        "Nothing was written. To keep them, take them out of the trash in Zotero.\n"
        "To delete them here too: zotsync sync --allow-mass-delete"
    )


def _changed_hint() -> str:
    return _(
        "Nothing was written. If it was a mistake, undo it where it was made, and sync again.\n"
        "To decide item by item: zotsync sync --rebase, then zotsync resolve\n"
        "If it is meant: zotsync sync --allow-mass-change"
    )
