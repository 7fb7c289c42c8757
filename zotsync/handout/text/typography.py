"""French typography: the right kind of blank where there is one. None is inserted.

No-break thin space before `;` `!` `?`, no-break space before `:` and inside « ». A blank ends a URL, so
that nothing inside one is ever touched.
"""

from __future__ import annotations

import re
from functools import lru_cache

NO_BREAK = "\u00a0"
NARROW = "\u202f"
_OTHERS = (NO_BREAK, "\u2009", NARROW)
_KINDS = (" ", *_OTHERS)
_BLANK = f"[{''.join(_KINDS)}]"
_ROW = re.compile(f"{_BLANK}{_BLANK}")
_BLANKS = f"(?<!{_BLANK}){_BLANK}+"  # from where they begin: a long row of blanks is looked at once
_HIGH = re.compile(f"{_BLANKS}(?=[;!?])")
_WIDE = re.compile(f"{_BLANKS}(?=[:»])|(?<=«){_BLANK}+")


def is_french(language: str) -> bool:
    """Return whether an item's `language` asks for French typography: empty, or French."""
    return not language or language.lower().startswith("fr")


def french(text: str, narrow: str = NARROW) -> str:
    """Return `text` with no-break blanks; `narrow` is what the theme's font has for the thin one."""
    if not ("?" in text or ":" in text or "«" in text or "»" in text or ";" in text or "!" in text):
        return text
    kinds = [" ", *[blank for blank in _OTHERS if blank in text]]
    if "  " in text or (kinds[1:] and _ROW.search(text)):
        return _WIDE.sub(NO_BREAK, _HIGH.sub(narrow, text))
    for blank in kinds:  # the same for single blanks, several times as fast
        for mark, typed, printed in _before_marks(blank, narrow):
            if mark in text:
                text = text.replace(typed, printed)
    if "«" in text:
        for blank in (*kinds, narrow):
            text = text.replace(f"«{blank}", f"«{NO_BREAK}")
    return text


@lru_cache(maxsize=32)
def _before_marks(blank: str, narrow: str) -> tuple[tuple[str, str, str], ...]:
    """Return each mark, how it is typed with this blank before it, and how it is printed."""
    kinds = (("?;!", narrow), (":»", NO_BREAK))
    return tuple(
        (mark, f"{blank}{mark}", f"{right}{mark}") for marks, right in kinds for mark in marks
    )
