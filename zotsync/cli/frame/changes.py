"""A change of one field in a line or a paragraph: what it was, what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zotsync.cli.frame import wording
from zotsync.cli.frame.columns import Span
from zotsync.cli.frame.marking import marked
from zotsync.cli.syncing.difference import in_short
from zotsync.i18n import _
from zotsync.model import Schema

_SHORT = 60
"""Texts up to this length are shown whole, the old one and the new one."""
_SETS = ("creators", "tags", "collections")


def change_spans(
    schema: Schema, name: str, before: Any, after: Any, names: Mapping[str, str]
) -> list[Span]:
    """Return a change as people read it: the elements that came and went, or the changed words.

    `names`: what the keys in values stand for.
    """
    if name in _SETS and (before or after) and _moved(before, after):
        return _elements(schema, name, (before or [], after or []), names)
    if isinstance(before, str) and isinstance(after, str) and name != "itemType":
        old, new = (wording.value_text(name, v, names) for v in (before, after))
        if "\n" in old + new or max(len(old), len(new)) > _SHORT:
            return marked(old, new)
    old, new = (in_short(schema, name, v, names) if v else _("(empty)") for v in (before, after))
    return [(old, "red"), (" → ", ""), (new, "green")]


def _moved(before: Any, after: Any) -> bool:
    """Return whether elements came or went, rather than changing their order."""
    return any(e not in (after or []) for e in before or []) or any(
        e not in (before or []) for e in after or []
    )


def _elements(
    schema: Schema, name: str, values: tuple[Sequence[Any], Sequence[Any]], names: Mapping[str, str]
) -> list[Span]:
    before, after = values
    gone = [e for e in before if e not in after]
    new = [e for e in after if e not in before]

    def text(element: Any) -> str:
        return wording.element_text(schema, name, element, names)

    spans = [(f"[-{text(e)}-]", "red") for e in gone] + [(f"{{+{text(e)}+}}", "green") for e in new]
    return [part for span in spans for part in (span, (" ", ""))][:-1]
