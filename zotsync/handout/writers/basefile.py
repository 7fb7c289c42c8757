"""What is wrong with a theme's base.docx, for whoever prints with it: the first thing that stops it."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from zotsync.errors import Place, ThemeError
from zotsync.handout.brokenzip import BROKEN_ZIP
from zotsync.handout.entry import FALLBACK, OPTIONAL_MARKS, Mark, Role
from zotsync.i18n import _
from zotsync.reasons import reason_of

BROKEN = (*BROKEN_ZIP, KeyError, OSError)
"""What opening a base.docx raises where it cannot be used, errors in its XML aside."""


def unusable(base: Path, exc: Exception) -> ThemeError:
    """Return the error for a base.docx that cannot be opened."""
    damaged = _("it is damaged, or of another kind")  # words of libraries are for developers
    reason = reason_of(exc) if isinstance(exc, OSError) else damaged
    message = _("This is not a Word document that can be used: {reason}").format(reason=reason)
    hint = _("Open it in Word and save it as .docx.")
    return ThemeError(message, place=Place(str(base)), hint=hint)


def check_styles(paragraphs: Container[str], characters: Container[str], base: Path) -> None:
    """Raise ThemeError where a style is missing that has no stand-in. Takes the names there are."""
    missing = [r.value for r in Role if r not in FALLBACK and r.value not in paragraphs]
    missing = missing or [
        m.value for m in Mark if m not in OPTIONAL_MARKS and m.value not in characters
    ]
    if missing:
        message = _("Missing styles: {names}.").format(names=", ".join(missing))
        hint = _("Copy them from base.docx of the theme classique.")
        raise ThemeError(message, place=Place(str(base)), hint=hint)
