"""`zotsync diff`: what differs, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zotsync.cli.frame import completing, wording
from zotsync.cli.frame.failure import problem_document
from zotsync.cli.frame.group import argument, command, option
from zotsync.cli.frame.opening import Opened, open_workspace
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.syncing.difference import (
    Sides,
    names_of,
    show_sides,
    sides_document,
    sides_of,
)
from zotsync.cli.syncing.plan_view import (
    notices_document,
    show_steps,
    steps_document,
    tell_notices,
    tell_problems,
)
from zotsync.i18n import N_, _
from zotsync.model import Fields
from zotsync.sync.engine import Options
from zotsync.sync.remembering.objects import Objects
from zotsync.sync.trees import Decision, Kind, Plan, Step


@command(
    "diff", N_("Show what differs, field by field: as it was, as it is here, as Zotero has it.")
)
@argument("items", nargs=-1, metavar=N_("[ITEM]..."), shell_complete=completing.items)
@option("--offline", is_flag=True, help=N_("Compare with what Zotero held at the last sync."))
@pass_session
def diff(session: Session, items: tuple[str, ...], *, offline: bool) -> int:
    """Show the differences of all items, or of some."""
    with open_workspace(session, online=not offline, command="diff") as opened:
        keys = {opened.engine.find(item) for item in items}
        plan = opened.engine.preview(Options(dry_run=True), offline=offline)
        opened.bars.stop()
        steps = [s for s in wording.seen(plan.steps) if not keys or s.key in keys]
        trees = _Trees.of(opened, steps)
        differences = [sides for step in steps for sides in trees.differences(step)]
        notices = tuple(n for n in plan.notices if not keys or n.key in keys)
        _tell(session, opened, steps, differences, replace(plan, notices=notices))
    return 0


def _has_fields(step: Step) -> bool:
    """Return whether a step is told field by field; a new or trashed item is told in a line."""
    return bool(step.decision is Decision.UPDATE or step.conflicts)


@dataclass(frozen=True)
class _Trees:
    """The fields of objects as they were, are here, and are in Zotero."""

    base: Mapping[str, Fields]
    here: Mapping[str, Fields]
    zotero: Mapping[str, Fields]

    @classmethod
    def of(cls, opened: Opened, steps: Iterable[Step]) -> _Trees:
        objects = Objects(opened.engine.state)
        base: dict[str, Fields] = {}
        zotero: dict[str, Fields] = {}
        steps = list(steps)
        for kind in Kind:
            keys = [step.key for step in steps if step.kind is kind]
            base |= {key: obj.fields for key, obj in objects.base(kind, keys).items()}
            zotero |= {key: obj.fields for key, obj in objects.mirror(kind, keys).items()}
        shelves = {
            key: {"name": name, "parentCollection": parent}
            for key, (name, parent) in opened.engine.collections().items()
        }
        return cls(base, {**opened.engine.items(), **shelves}, zotero)

    def differences(self, step: Step) -> Iterator[Sides]:
        """Yield the sides of each field that a step changes, and of its conflicts."""
        if not _has_fields(step):
            return
        yield from (sides_of(conflict) for conflict in step.conflicts)
        clashing = {conflict.field for conflict in step.conflicts}
        for name in dict.fromkeys((*step.to_zotero, *step.to_file)):
            if name not in clashing:
                yield self._sides(step, name)

    def _sides(self, step: Step, name: str) -> Sides:
        def value(fields: Mapping[str, Fields]) -> Any:
            return fields.get(step.key, {}).get(name)

        return Sides(
            kind=step.kind,
            key=step.key,
            title=step.title,
            field=name,
            base=value(self.base),
            here=value(self.here),
            zotero=value(self.zotero),
            file=step.file,
        )


def _tell(
    session: Session,
    opened: Opened,
    steps: Iterable[Step],
    differences: Sequence[Sides],
    plan: Plan,
) -> None:
    output = session.output
    whole = [step for step in steps if not _has_fields(step)]
    document = {
        "whole": steps_document(whole),
        "differences": [sides_document(sides) for sides in differences],
        "notices": notices_document(opened.schema, plan.notices),
        "problems": [problem_document(problem) for problem in plan.problems],
    }

    def text() -> None:
        show_steps(output, opened.schema, whole)
        names = names_of(opened) if differences else {}
        for sides in differences:
            show_sides(output, opened.schema, sides, names=names)
        if not whole and not differences:
            output.say(_("No differences."))

    output.emit(document, text)
    tell_notices(output, opened.schema, plan.notices)
    tell_problems(output, plan.problems, plan.stop)
