"""`[[lines]]` of a theme.toml: which lines an entry has, in which order, style and words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zotsync.handout.entry import Role
from zotsync.handout.lines import BEHIND, BUILT_IN, ROLES, LineRule, Pattern
from zotsync.handout.theming.patterns import Compiled, compile_patterns
from zotsync.handout.theming.settings import Check
from zotsync.i18n import _

_STYLES: Mapping[str, Role] = {role.value: role for role in ROLES.values()}


def read_lines(
    check: Check, data: Mapping[str, Any], source: Mapping[str, Compiled]
) -> tuple[LineRule, ...]:
    """Return the lines that a theme describes, () where it has no `[[lines]]`.

    `source` are the patterns of `[source]`. Raises ThemeError with file and line.
    """
    tables = check.value(data, "lines", list, [])
    return tuple(
        _line(check, table, f"lines[{index}]", source) for index, table in enumerate(tables)
    )


def _line(check: Check, table: Any, spot: str, source: Mapping[str, Compiled]) -> LineRule:
    if not isinstance(table, dict) or not {"part", "style"} & set(table):
        raise check.error(_("A line needs a part or a style."), spot)
    part = _known(check, table, "part", spot, ROLES)
    style = _known(check, table, "style", spot, _STYLES)
    own = _patterns(check, table, spot)
    if part in BEHIND and (own or style):
        message = _("The part {name} takes neither patterns nor a style.").format(name=part)
        raise check.error(message, spot)
    patterns: dict[str, Pattern] = {}
    if part in BUILT_IN:
        patterns = {"default": BUILT_IN[part]}
    elif part == "source" and own:
        patterns = dict(source)
    patterns |= own
    if "default" not in patterns and part != "source" and part not in BEHIND:
        raise check.error(_("The pattern {name} is missing.").format(name="default"), spot)
    has_link = any("link" in pattern.names for pattern in own.values())
    return LineRule(part, _STYLES[style] if style else ROLES[part], patterns, has_link)


def _known(
    check: Check, table: Mapping[str, Any], name: str, spot: str, known: Mapping[str, Any]
) -> str:
    """Return the word that `name` is set to; "" where it is not."""
    word = table.get(name, "")
    if name in table and word not in known:
        message = _("{name}: {value} is not known here.").format(name=name, value=word)
        hint = _("Known are: {names}.").format(names=", ".join(known))
        raise check.error(message, f"{spot}.{name}", hint)
    return str(word)


def _patterns(check: Check, table: Mapping[str, Any], spot: str) -> Mapping[str, Compiled]:
    texts = {name: text for name, text in table.items() if name not in {"part", "style"}}
    for name, text in texts.items():
        if not isinstance(text, str):
            message = _("{name} must be a text between quotes.").format(name=name)
            raise check.error(message, f"{spot}.{name}")
    return compile_patterns(texts, lambda kind: check.place(f"{spot}.{kind}"))
