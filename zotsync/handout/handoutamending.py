"""Handout files amended with other settings: comments and everything else stay as they were typed.

Text in, text out: whoever calls writes the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from zotsync.errors import HandoutError
from zotsync.handout.handoutfile import Handout, parse_handout
from zotsync.i18n import _

EXCLUDE, ORDER = "exclude", "order"
_SPOT = re.compile(r"sections\[(\d+)\]\.(\w+)")


def amend_handout(text: str, settings: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """Return a handout file's text with other settings.

    Args:
        text: the file as it is.
        settings: setting (`title`, `sections[1].order`) -> value; None takes it out. Of `exclude` the
            value is what comes to it.
        titles: item key -> the title that stands behind it as a comment.

    Raises:
        HandoutError: the file cannot be amended so.

    """
    import tomlkit  # noqa: PLC0415 - slow to load, and needed for amending alone
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415

    wanted = _whole(parse_handout(text.encode(), ""), settings)
    try:
        document = tomlkit.parse(text)
        for spot, value in wanted.items():
            found = _SPOT.fullmatch(spot)
            table: Any = document["sections"][int(found[1])] if found else document
            _set(table, found[2] if found else spot, value, titles)
        amended = tomlkit.dumps(document)
    except (TOMLKitError, LookupError, TypeError) as exc:
        message = _("This file cannot be amended: {reason}").format(reason=exc)
        raise HandoutError(message) from exc
    again = parse_handout(amended.encode(), "")
    if any(_read(again, spot) != value for spot, value in wanted.items() if value):
        raise HandoutError(_("This file cannot be amended."), hint=_("Check it with an editor."))
    return amended


def is_still(text: str, before: Mapping[str, Any]) -> bool:
    """Return whether settings of a handout file are what they were. What is left out only grows."""
    handout = parse_handout(text.encode(), "")
    told = {spot: value for spot, value in before.items() if not spot.endswith(EXCLUDE)}
    try:
        return all(
            (_read(handout, spot) or None) == (value or None) for spot, value in told.items()
        )
    except IndexError:  # a section that is gone
        return False


def _whole(handout: Handout, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings with what `exclude` lists already, and without it in `order`."""
    wanted = dict(settings)
    for spot, value in settings.items():
        if spot.endswith(EXCLUDE) and value:
            known = _read(handout, spot)
            wanted[spot] = [*known, *(key for key in value if key not in known)]
    return wanted


def _read(handout: Handout, spot: str) -> Any:
    found = _SPOT.fullmatch(spot)
    of: Any = handout.sections[int(found[1])] if found else handout
    value = getattr(of, found[2] if found else spot)
    return list(value) if isinstance(value, tuple) else value


def _set(table: Any, name: str, value: Any, titles: Mapping[str, str]) -> None:
    if value is None:
        table.pop(name, None)
    elif isinstance(value, list):
        _put(table, name, _listed(value, titles))
    else:
        _put(table, name, _text(value))


def _put(table: Any, name: str, item: Any) -> None:
    """Put a setting in its place; a new one of the whole handout stands before the sections."""
    old = table.item(name) if name in table and hasattr(table, "item") else None
    if old is not None:
        item.trivia.comment_ws, item.trivia.comment = old.trivia.comment_ws, old.trivia.comment
        item.trivia.trail = old.trivia.trail
    table[name] = item


def _text(value: str) -> Any:
    import tomlkit  # noqa: PLC0415

    if "\n" in value:
        return tomlkit.string(value, multiline=True)
    literal = "\\" in value and "'" not in value
    return tomlkit.string(value, literal=literal)


def _listed(keys: list[str], titles: Mapping[str, str]) -> Any:
    """Return a list of keys, one a line, with what they are called."""
    import tomlkit  # noqa: PLC0415

    array = tomlkit.array().multiline(multiline=True)
    for key in keys:
        title = "".join(c if c.isprintable() else " " for c in titles.get(key, ""))
        array.add_line(key, comment=title or None)
    array.add_line(indent="")
    return array
