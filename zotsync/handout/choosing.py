"""Choices read strictly, wherever they stand: a theme, a handout file, a command line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from zotsync.handout.choices import (
    NAMES,
    OTHER_WORDS,
    fits,
    kind_of,
    unknown_value,
    values_of,
)
from zotsync.handout.nearest import near_or_all
from zotsync.i18n import N_, _

_WRONG_KIND = {
    "flag": N_("{name} must be true or false."),
    "length": N_("{name} must be true, false or a number of words."),
    "text": N_("{name} must be a text between quotes."),
    "texts": N_("{name} must be a list of texts between quotes."),
}

Fail = Callable[[str, str, str], Exception]
"""(message, name of the setting, what to do) -> the error to raise."""


def checked_choices(table: Mapping[str, Any], fail: Fail) -> dict[str, Any]:
    """Return what `table` chooses. A date without quotes is taken as typed."""
    found = {name: _checked(name, table[name], fail) for name in NAMES if name in table}
    return {name: tuple(v) if isinstance(v, list) else v for name, v in found.items()}


def check_word(name: str, value: object, fail: Fail) -> None:
    """Raise where a choice does not know the word `value`."""
    if word := unknown_value(name, value):
        message = _("{name}: {value} is not known here.").format(name=name, value=word)
        hint = near_or_all(word, values_of(name), OTHER_WORDS.get(name, {}))
        raise fail(message, name, hint)


def _checked(name: str, value: object, fail: Fail) -> object:
    value = str(value) if isinstance(value, dt.date) else value
    if not fits(name, value):
        raise fail(_(_WRONG_KIND[kind_of(name)]).format(name=name), name, "")
    check_word(name, value, fail)
    return value
