"""A field's three sides, next to each other, with what changed in it marked."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zotsync.bibliography.field_order import rank
from zotsync.cli.frame import wording
from zotsync.cli.frame.columns import Column, Span, laid_out, wrapped
from zotsync.cli.frame.marking import (
    at_most,
    in_part,
    marked,
    marked_fields,
    marked_list,
    worth_seeing,
)
from zotsync.cli.frame.opening import Opened
from zotsync.cli.frame.output import Output
from zotsync.cli.syncing.plan_view import placed
from zotsync.i18n import N_, _
from zotsync.model import Schema
from zotsync.sync.trees import EXISTENCE, Conflict, Kind

_WIDEST = 160
"""Cells beyond which lines are no more pleasant to read."""

_MOST = 3000
"""Signs of a value that are shown at first: more than that is a book, not a field."""
_AT_THE_TOP = {"parentCollection": N_("(at the top)"), "parentItem": N_("(belongs to no item)")}

Shown = str | tuple[str, ...] | Mapping[str, str]
"""A value as people read it: a text, the elements of a list, or several fields by their words."""


@dataclass(frozen=True)
class Sides:
    """What a field was, is here, and is in Zotero."""

    kind: Kind
    key: str
    title: str
    field: str
    base: Any
    here: Any
    zotero: Any
    file: str = ""
    zotero_by: str = ""
    conflict: bool = False


def sides_of(conflict: Conflict) -> Sides:
    """Return the sides of a conflict."""
    return Sides(
        kind=conflict.kind,
        key=conflict.key,
        title=conflict.title,
        field=conflict.field,
        base=conflict.base,
        here=conflict.local,
        zotero=conflict.zotero,
        file=conflict.file,
        zotero_by=conflict.zotero_by,
        conflict=True,
    )


def names_of(opened: Opened) -> Mapping[str, str]:
    """Return what people call the collections and items that values name by their keys."""
    items = opened.engine.items()
    titles = {key: str(fields["title"]) for key, fields in items.items() if "title" in fields}
    return {**titles, **opened.collection_paths()}


def show_sides(  # noqa: PLR0913 - what is shown, where, and how
    output: Output,
    schema: Schema,
    sides: Sides,
    *,
    names: Mapping[str, str],
    err: bool = False,
    count: str = "",
    whole: bool = False,
) -> None:
    """Print the sides of a field, as wide as the terminal allows.

    Args:
        output: where to print.
        schema: the facts that give fields their names.
        sides: what is shown.
        names: what the keys in values stand for (see `names_of`).
        err: whether it goes to stderr, beside a question.
        count: which of how many it is.
        whole: whether long texts are shown with their middle.

    """
    title = wording.title_of(sides.kind, sides.key, sides.title)
    mark, style = (wording.CLASH, "bold red") if sides.conflict else ("·", "bold")
    head = f"{mark} {title} · {wording.field_word(schema, sides.field)}"
    stream = sys.stderr if err else sys.stdout
    width = min(shutil.get_terminal_size().columns - 1, _WIDEST) if stream.isatty() else None
    lines = wrapped([(head, style), (f"  {count}" if count else "", "")], width)
    lines += laid_out(columns(schema, sides, names, whole=whole), width)
    for line in [*lines, []]:
        output.spans(line or [("", "")], err=err)


def columns(
    schema: Schema, sides: Sides, names: Mapping[str, str], *, whole: bool = False
) -> list[Column]:
    """Return what stands side by side. Pure.

    Where nothing was agreed on before, what Zotero has is compared with what is here.
    """
    by = wording.with_local_times(sides.zotero_by)
    remark = _("last changed by {who}").format(who=by) if by else ""
    if sides.field == EXISTENCE:
        return _existence(sides, remark)
    found = _compared_columns(schema, sides, names, remark, whole=whole)
    return found if whole else [replace(c, spans=at_most(c.spans, _MOST)) for c in found]


def _compared_columns(
    schema: Schema, sides: Sides, names: Mapping[str, str], remark: str, *, whole: bool
) -> list[Column]:
    before, here, zotero = _all_shown(schema, sides, names)
    if sides.conflict and not sides.base:
        seen = None if whole else _seen(here, zotero)
        return [
            Column(_("here"), _whole(here, seen)),
            Column(_("Zotero"), _compared(here, zotero, seen), remark),
        ]
    seen = None if whole else _seen(before, here, zotero)
    return [
        Column(_("before"), _whole(before, seen)),
        Column(_("here"), _compared(before, here, seen)),
        Column(_("Zotero"), _compared(before, zotero, seen), remark),
    ]


def _seen(before: Shown, *others: Shown) -> list[bool] | None:
    """Return what of a long text is worth seeing; None where all of it is."""
    texts = [other for other in others if isinstance(other, str) and other]
    return worth_seeing(before, *texts) if isinstance(before, str) and texts else None


def _existence(sides: Sides, remark: str) -> list[Column]:
    there = _("in the trash") if sides.zotero == "trashed" else _("erased")
    return [
        Column(_("here"), [(_("the file {file}").format(file=sides.file), "")]),
        Column(_("Zotero"), [(there, "")], remark),
    ]


def _all_shown(schema: Schema, sides: Sides, names: Mapping[str, str]) -> tuple[Shown, ...]:
    """Return the three sides as people read them; as they stand where that looks the same."""
    values = (sides.base, sides.here, sides.zotero)
    shown = tuple(_shown(schema, sides.field, value, names) for value in values)
    if sides.conflict and shown[1] == shown[2]:
        return tuple(value if isinstance(value, str) else repr(value) for value in values)
    return shown


def _shown(schema: Schema, name: str, value: Any, names: Mapping[str, str]) -> Shown:
    if isinstance(value, Mapping):
        return {
            wording.field_word(schema, part): _one_line(_shown(schema, part, value[part], names))
            for part in sorted(value, key=rank)
        }
    if name in _AT_THE_TOP and not value:
        return _(_AT_THE_TOP[name])
    if name == "itemType" and isinstance(value, str):
        return wording.type_word(schema, value)
    if isinstance(value, list):
        return tuple(wording.element_text(schema, name, element, names) for element in value)
    return wording.value_text(name, value, names)


def in_short(schema: Schema, name: str, value: Any, names: Mapping[str, str]) -> str:
    """Return the beginning of a value as people read it, in one line. Pure."""
    return wording.in_short(_one_line(_shown(schema, name, value, names)))


def whole_text(schema: Schema, name: str, value: Any, names: Mapping[str, str]) -> str:
    """Return a value as people read it, an element a line. Pure."""
    shown = _shown(schema, name, value, names)
    return shown if isinstance(shown, str) else "\n".join(_listed(shown))


def _one_line(shown: Shown) -> str:
    return shown if isinstance(shown, str) else _("; ").join(_listed(shown))


def _compared(before: Shown, now: Shown, seen: Sequence[bool] | None) -> list[Span]:
    """Return a value with what changed in it since `before`."""
    if now == before:
        return [(_("(as before)"), "")]
    if not now:
        return [(_("(empty)"), "")]
    if isinstance(now, str) and isinstance(before, str):
        return marked(before, now, seen) if before else [(now, "")]
    if isinstance(now, Mapping) and isinstance(before, Mapping):
        return marked_fields(before, now, _("{name}: {value}"))
    return marked_list(_listed(before), _listed(now))


def _listed(shown: Shown) -> tuple[str, ...]:
    if isinstance(shown, Mapping):
        line = _("{name}: {value}")
        return tuple(line.format(name=name, value=value) for name, value in shown.items())
    return shown if isinstance(shown, tuple) else (shown,) if shown else ()


def _whole(shown: Shown, seen: Sequence[bool] | None) -> list[Span]:
    text = in_part(shown, seen) if isinstance(shown, str) else "\n".join(_listed(shown))
    return [(text or _("(empty)"), "")]


def sides_document(sides: Sides) -> dict[str, Any]:
    """Return the sides as JSON data."""
    names = ("key", "title", "field", "base", "here", "zotero", "zotero_by", "conflict")
    told = {name: getattr(sides, name) for name in names}
    return {"kind": sides.kind.value, **placed(sides.kind, sides.file), **told}
