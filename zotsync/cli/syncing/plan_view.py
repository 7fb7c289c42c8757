"""Plans, conflicts and outcomes: as tables for people, and as JSON data."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from shutil import get_terminal_size
from typing import Any

from zotsync.cli.frame import wording
from zotsync.cli.frame.columns import cells
from zotsync.cli.frame.failure import problem_document, tell
from zotsync.cli.frame.fitting import cut
from zotsync.cli.frame.output import Output, one_line
from zotsync.cli.frame.tables import GAP, Cell
from zotsync.errors import Problem, ZotsyncError
from zotsync.figures import number
from zotsync.i18n import _, ngettext
from zotsync.model import Schema
from zotsync.sync.trees import EXISTENCE, Conflict, Kind, Notice, Step, shown_file

_NAMED = 20
"""How many conflicts are named."""
_ROWS = 40
"""How many objects a terminal shows before it scrolls away what matters."""
_TITLE = 24
"""Cells of a title that people need to know it again."""
_SHORT = 60
"""How many signs both sides of a conflict may have to be shown with its name."""
_BY_KEY = {"parentItem", "parentCollection", "itemType", EXISTENCE}
"""Fields whose values are no words of people's."""


def show_steps(output: Output, schema: Schema, steps: Iterable[Step], more: str = "") -> None:
    """Print what happens to each object that people need to know of.

    A terminal shows the first of very many, and `more`, which says where all of them are; titles are
    cut there so that each stands in one line.
    """
    rows = [_row(schema, step) for step in wording.seen(steps)]
    in_part = sys.stdout.isatty() and not output.verbose
    left = len(rows) - _ROWS if in_part else 0
    if rows:
        shown = _cut(rows[:_ROWS], get_terminal_size().columns - 1) if in_part else rows
        output.table(("", _("What"), _("How")), shown)
    if left > 0:
        line = ngettext("and {n} more. {where}", "and {n} more. {where}", left)
        output.say(line.format(n=number(left), where=more or _("All of it: -v")).rstrip())


def _row(schema: Schema, step: Step) -> tuple[Cell, str, str]:
    mark = wording.direction(step)
    title = wording.title_of(step.kind, step.key, step.title)
    return Cell(mark, wording.STYLES[mark]), title, wording.what_happens(schema, step)


def _cut(rows: Sequence[tuple[Cell, str, str]], width: int) -> list[tuple[Cell, str, str]]:
    """Return rows whose titles leave room in the terminal for what happens, and are still titles."""
    room = width - 1 - 2 * GAP
    widest = max(cells(told) for told in (_("How"), *(told for _mark, _title, told in rows)))
    share = max(room - widest, room * 2 // 5, _TITLE)
    return [(mark, cut(one_line(title), share), told) for mark, title, told in rows]


def tell_notices(output: Output, schema: Schema, notices: Iterable[Notice]) -> None:
    """Say what is worth knowing beside the steps."""
    for notice in notices:
        output.explain(wording.notice_line(schema, notice), style="yellow")


def tell_problems(
    output: Output, problems: Iterable[Problem], stop: ZotsyncError | None = None
) -> None:
    """Say what stops a sync, or what waits and why, even with `--quiet`."""
    for problem in problems:
        stops = stop is not None and problem == stop.problem
        word, colour = (_("Refused"), "red") if stops else (_("Waits"), "yellow")
        tell(word, problem, colour, plain=not output.color)


def tell_conflicts(output: Output, schema: Schema, conflicts: Sequence[Conflict]) -> None:
    """Name each conflict with its two sides, even with `--quiet`, and say how they are settled."""
    for conflict in conflicts[:_NAMED]:
        title = wording.title_of(conflict.kind, conflict.key, conflict.title)
        if sys.stderr.isatty() and not output.verbose:
            title = cut(one_line(title), max(get_terminal_size().columns // 2, _TITLE))
        word = wording.field_word(schema, conflict.field)
        line = _("Conflict: {title}, {field}").format(title=title, field=word)
        output.explain(line, style="red", urgent=True)
        if sides := _in_a_line(conflict):
            output.say(f"  {sides}")
    more = len(conflicts) - _NAMED
    if more > 0:
        line = ngettext("and {n} more conflict", "and {n} more conflicts", more)
        output.warn(line.format(n=number(more)), style="red")
    if conflicts:
        output.explain(_("Look at them: zotsync diff. Settle them: zotsync resolve"))


def _in_a_line(conflict: Conflict) -> str:
    """Return the two sides of a conflict, where they are short texts that speak for themselves."""
    values = (conflict.local, conflict.zotero)
    if conflict.field in _BY_KEY or not all(isinstance(value, str) for value in values):
        return ""
    here, there = (wording.value_text(conflict.field, value) or _("(empty)") for value in values)
    if len(here) + len(there) > _SHORT or "\n" in here + there:
        return ""
    return _("here: {here} · Zotero: {there}").format(here=here, there=there)


def steps_document(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Return steps as JSON data."""
    return [_step_document(step) for step in steps]


def _step_document(step: Step) -> dict[str, Any]:
    return {
        "kind": step.kind.value,
        "key": step.key,
        "title": step.title,
        **placed(step.kind, step.file),
        "decision": step.decision.value,
        "to_zotero": dict(step.to_zotero),
        "to_file": dict(step.to_file),
        "merged": sorted(step.merged),
        "waiting": list(step.held),
    }


def placed(kind: Kind, file: str) -> dict[str, Any]:
    """Return where an object stands as JSON data: its file, and a collection's path there."""
    path = {"path": file} if kind is Kind.COLLECTION else {}
    return {"file": shown_file(kind, file), **path}


def conflicts_document(conflicts: Iterable[Conflict]) -> list[dict[str, Any]]:
    """Return conflicts as JSON data."""
    names = ("key", "field", "base", "local", "zotero", "title", "zotero_by")
    return [
        {
            "kind": conflict.kind.value,
            **placed(conflict.kind, conflict.file),
            **{name: getattr(conflict, name) for name in names},
        }
        for conflict in conflicts
    ]


def notices_document(schema: Schema, notices: Iterable[Notice]) -> list[dict[str, Any]]:
    """Return notices as JSON data."""
    return [
        {
            "what": notice.what.value,
            "kind": notice.kind.value,
            "key": notice.key,
            "fields": list(notice.fields),
            "message": wording.notice_line(schema, notice),
        }
        for notice in notices
    ]


def run_document(
    schema: Schema,
    *,
    steps: Iterable[Step],
    conflicts: Iterable[Conflict],
    notices: Iterable[Notice],
    problems: Iterable[Problem],
) -> Mapping[str, Any]:
    """Return a plan or an outcome as JSON data."""
    return {
        "steps": steps_document(wording.seen(steps)),
        "conflicts": conflicts_document(conflicts),
        "notices": notices_document(schema, notices),
        "problems": [problem_document(problem) for problem in problems],
    }
