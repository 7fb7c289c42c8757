"""Texts as ISO 2709 bears them: composed, without marks of other formats, not too long."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 9_000
"""Bytes of a field. ISO 2709 has four digits for its length; its codes and marks need some."""
NON_SORTING = "\x98", "\x9c"
"""What stands before and behind words that are passed over in sorting (NSB, NSE), in Unicode."""
_TAG = re.compile(r"</?(?:i|b|em|strong|sub|sup|span)(?:\s[^<>]*)?>", re.IGNORECASE)
_ARTICLES_OF = {
    "fre": ("le ", "la ", "les ", "un ", "une ", "l'", "l’"),
    "eng": ("the ", "a ", "an "),
    "ger": ("der ", "die ", "das ", "ein ", "eine "),
    "spa": ("el ", "la ", "los ", "las ", "un ", "una "),
    "ita": ("il ", "lo ", "la ", "gli ", "le ", "un ", "una ", "l'", "l’"),
}
"""Language -> the articles that a title may begin with."""
_SPACES = frozenset("\t\n\v\f\r\x85\u2028\u2029")


def clean(text: str) -> str:
    """Return a text in one line, composed (NFC), without the faces of a title and control characters."""
    composed = unicodedata.normalize("NFC", _TAG.sub("", text))
    spaced = "".join(" " if sign in _SPACES else sign for sign in composed)
    plain = "".join(sign for sign in spaced if unicodedata.category(sign) not in ("Cc", "Cs"))
    return re.sub(r" +", " ", plain).strip()


def paragraphs(text: str) -> list[str]:
    """Return the lines of a text, cleaned; those without words are left out."""
    return [line for raw in re.split(r"[\n\r\x85\u2028\u2029]+", text) if (line := clean(raw))]


def pieces(text: str, longest: int = LONGEST) -> Iterator[str]:
    """Yield a text in pieces of at most `longest` bytes, cut between words where there are any."""
    while len(text.encode()) > longest:
        head = text.encode()[:longest].decode("utf-8", "ignore")
        words = head.rpartition(" ")[0]
        piece = words if len(words) > len(head) // 2 else head
        yield piece.rstrip()
        text = text[len(piece) :].lstrip()
    if text:
        yield text


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return a text of at most `longest` bytes; what is left out is told by an ellipsis."""
    if len(text.encode()) <= longest:
        return text
    return next(pieces(text, longest - len("…".encode()))) + "…"


def with_marks(title: str, language: str) -> str:
    """Return a title whose first article stands between the marks of non-sorting."""
    for article in _ARTICLES_OF.get(language, ()):
        if title[: len(article)].casefold() == article and len(title) > len(article):
            begin, end = NON_SORTING
            return f"{begin}{title[: len(article)]}{end}{title[len(article) :]}"
    return title


def split_title(title: str, short: str) -> tuple[str, str]:
    """Return title and subtitle: parted where the short title ends, else at the first colon with blanks."""
    if (
        short
        and title.startswith(short)
        and title[len(short) :].lstrip().startswith((":", ".", "-", "–"))
    ):
        return short, title[len(short) :].lstrip(" :.-–")
    head, colon, rest = title.partition(" : ")
    return (head.strip(), rest.strip()) if colon else (title, "")


def year_of(date: str) -> str:
    """Return the first year in a date; "" where there is none."""
    found = re.search(r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)", date)
    return found[0] if found else ""


def day_of(date: str) -> str:
    """Return a date as PMB's database wants it, `2020-01-31`; the first day of a month or year."""
    found = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", date.strip())
    if found:
        year, month, day = found.groups()
        return f"{year}-{month or '01'}-{day or '01'}"
    year = year_of(date)
    return f"{year}-01-01" if year else ""
