"""File names for new items: `<first author>-<year>-<title words>`, in ASCII, safe on any system.

Pure. What people typed never reaches a path unchecked: a slug holds a-z, 0-9 and hyphens alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from typing import Any

LENGTH = 80
_TITLES = ("title", "nameOfAct", "caseName", "subject")
_DATES = ("date", "dateDecided", "dateEnacted", "issueDate")
_YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2})(?!\d)")
_MARKUP = re.compile(r"<[^>]*>|&[a-z]+;|&#\d+;")
_WORD = re.compile(r"[a-z0-9]+")
_ACCENTS = re.compile(r"[\u0300-\u036f]+")
_LOOKED_AT = 2_000
"""Characters of a title or a note among which the words of a name are looked for."""
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"}
)
_LONGEST = 200
"""Bytes of a name that somebody typed; file systems take 255, an ending included."""
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", "conin", "conout"]
    + [f"{port}{n}" for port in ("com", "lpt") for n in range(10)]
)


def slug(fields: Mapping[str, Any]) -> str:
    """Return a file stem for an item: at most 80 of a-z, 0-9 and `-`; never empty."""
    title = next((fields[name] for name in _TITLES if _is_text(fields, name)), "")
    if not title and _is_text(fields, "note"):
        title = _MARKUP.sub(" ", fields["note"][:_LOOKED_AT])
    title = title[:_LOOKED_AT]
    words = [*ascii_words(_first_author(fields)), *ascii_words(_year(fields)), *ascii_words(title)]
    stem = _shortened(words or ascii_words(str(fields.get("itemType", ""))) or ["item"])
    return f"{stem}-item" if stem in _RESERVED else stem


def is_file_name(name: str) -> bool:
    """Return whether a name that somebody typed can be a file's, or a folder's, on any system."""
    return (
        name == name.strip(" .")
        and 0 < len(name.encode("utf-8", "replace")) <= _LONGEST
        and name.isprintable()
        and not set(name) & set('/\\:*?"<>|')
        and name.partition(".")[0].rstrip().casefold() not in _RESERVED
    )


def free_name(stem: str, taken: Container[str]) -> str:
    """Return `stem`, or `stem-2`, `stem-3` …: the first that is not in `taken`.

    `taken` holds stems as `folded` gives them, so that names differ whatever the file system thinks
    of case and Unicode form.
    """
    number, name = 1, stem
    while folded(name) in taken:
        number += 1
        ending = f"-{number}"
        name = stem[: LENGTH - len(ending)].rstrip("-") + ending
    return name


def folded(name: str) -> str:
    """Return what two file names have in common if a file system may take them for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _is_text(fields: Mapping[str, Any], name: str) -> bool:
    return isinstance(fields.get(name), str) and bool(fields[name])


def _first_author(fields: Mapping[str, Any]) -> str:
    creators = fields.get("creators")
    first = creators[0] if isinstance(creators, list) and creators else {}
    return str(first.get("lastName") or first.get("name") or first.get("firstName") or "")


def _year(fields: Mapping[str, Any]) -> str:
    date = next((fields[name] for name in _DATES if _is_text(fields, name)), "")
    found = _YEAR.search(date)
    return found[1] if found else ""


def ascii_words(text: str) -> list[str]:
    """Return the words of `text` in ASCII letters and digits."""
    plain = text.lower()
    if not plain.isascii():
        plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", plain).translate(_LETTERS))
    if not plain.isascii() and any(map(unicodedata.combining, plain)):  # of other scripts
        plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _WORD.findall(plain)


def _shortened(words: Iterable[str]) -> str:
    """Return as many of the words as fit; of a first word that is too long, its beginning."""
    name = ""
    for word in words:
        longer = f"{name}-{word}" if name else word[:LENGTH]
        if len(longer) > LENGTH:
            break
        name = longer
    return name
