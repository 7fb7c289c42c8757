"""French typography: the right kind of blank where there is one. None is inserted.

No-break thin space before `;` `!` `?`, no-break space before `:` and inside « ». A blank ends a URL, so
that nothing inside one is ever touched.
"""

from __future__ import annotations

import re

NO_BREAK = "\u00a0"
NARROW = "\u202f"
_THIN = "\u2009"
_BLANK = f"[ {NO_BREAK}{_THIN}{NARROW}]"
_AT_MARKS = re.compile(f"{_BLANK}(?<!{_BLANK}{{2}}){_BLANK}*(?=[;!?:»])|(?<=«){_BLANK}+")
"""All blanks before or behind a mark, from where they begin: a long row of blanks is looked at once."""


def is_french(language: str) -> bool:
    """Return whether an item's `language` asks for French typography: empty, or French."""
    return not language or language.lower().startswith("fr")


def french(text: str, narrow: str = NARROW) -> str:
    """Return `text` with no-break blanks; `narrow` is what the theme's font has for the thin one."""
    if not ("?" in text or ":" in text or "«" in text or "»" in text or ";" in text or "!" in text):
        return text
    if "  " in text or NO_BREAK in text or NARROW in text or _THIN in text:
        text = _AT_MARKS.sub(" ", text)
    # looked for one by one: several times as fast as one pattern, and most texts have few
    if "«" in text:
        text = text.replace("« ", f"«{NO_BREAK}")
    if "»" in text:
        text = text.replace(" »", f"{NO_BREAK}»")
    if ":" in text:
        text = text.replace(" :", f"{NO_BREAK}:")
    if "?" in text:
        text = text.replace(" ?", f"{narrow}?")
    if "!" in text:
        text = text.replace(" !", f"{narrow}!")
    if ";" in text:
        text = text.replace(" ;", f"{narrow};")
    return text
