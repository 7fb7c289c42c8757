"""The language of messages: one catalogue, chosen once, read by every `_()`.

This is the lowest module. `_` and `ngettext` look the catalogue up when they are called, so a message
is in the user's language however early its module was imported. Click's own strings come from the
same catalogue.
"""

from __future__ import annotations

import gettext
import locale
import os
from collections.abc import Mapping
from pathlib import Path

DOMAIN = "zotsync"
LANGUAGES = ("fr", "en")
_LOCALE_DIR = Path(__file__).parent / "locale"
_current: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def _(message: str) -> str:
    """Return `message` (an English msgid) in the chosen language."""
    return _current.gettext(message) if message else ""


def ngettext(singular: str, plural: str, n: int) -> str:
    """Return the form of the message that goes with `n`, in the chosen language."""
    return _current.ngettext(singular, plural, n)


def N_(message: str) -> str:  # noqa: N802 - the name xgettext and pybabel know
    """Mark `message` for extraction; whoever shows it calls `_` on it."""
    return message


def choose(asked: str | None, environ: Mapping[str, str]) -> str:
    """Return "fr" or "en": what was asked for, else the environment's language, else the system's."""
    candidates = [asked, environ.get("ZOTSYNC_LANG")]
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        candidates.extend((environ.get(name) or "").split(":"))
    for candidate in candidates:
        if candidate:
            return "fr" if candidate.lower().startswith("fr") else "en"
    return "fr" if _system_language().lower().startswith("fr") else "en"


def _system_language() -> str:
    """Return what the operating system says, outside the environment (Windows, macOS)."""
    try:
        return locale.getlocale()[0] or ""
    except ValueError:  # a locale that the C library does not know
        return ""


def language() -> str:
    """Return the language that `_` speaks: "fr" or "en"."""
    return _language


def install(language: str) -> None:
    """Make `language` the one that `_` speaks, here and in Click."""
    global _current, _language  # noqa: PLW0603 - gettext itself has one current domain a process
    _language = language
    _current = gettext.translation(DOMAIN, _LOCALE_DIR, [language], fallback=True)
    gettext.bindtextdomain(DOMAIN, str(_LOCALE_DIR))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = language  # what gettext.gettext, Click's `_`, goes by
