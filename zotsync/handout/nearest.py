"""What to say of a word that nothing answers to: the known one that is nearest, or all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType

from zotsync.i18n import _

_NONE: Mapping[str, str] = MappingProxyType({})


def near(name: str, known: Sequence[str], others: Mapping[str, str] = _NONE) -> str:
    """Return a hint with the known word that is nearest; "" where none is near.

    `others`: what else people may type, in small letters -> what they mean by it.
    """
    close = [*filter(None, [others.get(name.casefold())]), *get_close_matches(name, known, n=1)]
    return _("Do you mean {name}?").format(name=close[0]) if close else ""


def near_or_all(name: str, known: Sequence[str], others: Mapping[str, str] = _NONE) -> str:
    """Return a hint with the known word that is nearest, else with all of them."""
    return near(name, known, others) or _("Known are: {names}.").format(names=", ".join(known))
