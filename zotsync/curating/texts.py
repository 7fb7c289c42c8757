"""Checks of how texts are written: stray punctuation, blanks, brackets, apostrophes, capitals. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from zotsync.curating.finding import Facts, Finding
from zotsync.model import Fields

LINES = (
    *("title", "shortTitle", "nameOfAct", "caseName", "subject", "publicationTitle", "bookTitle"),
    *("proceedingsTitle", "encyclopediaTitle", "dictionaryTitle", "websiteTitle", "blogTitle"),
    *("forumTitle", "programTitle", "seriesTitle", "series", "conferenceName", "meetingName"),
    *(
        "publisher",
        "place",
        "institution",
        "university",
        "studio",
        "label",
        "distributor",
        "network",
    ),
    *("repository", "organization", "company"),
)
"""Fields of one line that are printed as they are typed."""
TEXTS = (*LINES, "abstractNote")
_TITLES = frozenset({"title", "shortTitle", "nameOfAct", "caseName", "subject"})
_NAMES = ("lastName", "firstName", "name")

_EDGES = re.compile(r"^(?:[\s,;:/|]|\.(?=\s))+(?=\w)|(?:\s*[,;:/|])+\s*$|(?<=\w)\s+\.$")
_LAST_STOP = re.compile(r"(?:^|[\s(])([^\W\d_]{4,})\.$")
_SHORTENED = frozenset(
    (
        "suppl",
        "coll",
        "trad",
        "prof",
        "univ",
        "comp",
        "corp",
        "dept",
        "édit",
        "chap",
        "spéc",
        "spec",
        "assoc",
    )
)
_ROW = re.compile(r"(?<=\S)[ \t\u00a0\u2009\u202f]{2,}(?=\S)")
_BLANK_BEFORE = re.compile(
    r"(?<=[\w)\]»”])[ \u00a0\u202f]+(?=[.,](?:\s|$))|(?<=[(\[])[ ]+|(?<=[\w.!?…»])[ ]+(?=[)\]])"
)
_LOOSE = (" .", " ,", "\u00a0.", "\u00a0,", "\u202f.", "\u202f,", "( ", "[ ", " )", " ]")
_DOUBLED = re.compile(r"([,;:])(?:\s?\1)+|(?<!\.)\.\.(?!\.)")
_LISTED = re.compile(r"(?:^|[\s;,.:])(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})(?:°|er)?\)")
_SMILEY = re.compile(r"[:;]-?[()]")
_PAIRS = {"(": ")", "[": "]", "«": "»", "“": "”", "{": "}"}
_CLOSING = {end: start for start, end in _PAIRS.items()}
_BRACKETS = re.compile(r"[()\[\]{}«»“”]")
_STRAIGHT, _CURLY = (
    re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])"),
    re.compile(r"(?<=[^\W\d_])’(?=[^\W\d_])"),
)
_RARE = 5
"""One text in so many, or fewer, has the other apostrophe: a slip, not a habit."""
_SHOUTING = 12
"""Letters from which on a title in capitals is no acronym."""


def edges(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find texts and names that begin or end with a comma, a semicolon, a colon, a slash."""
    yield from mended(fields, LINES, lambda text: _EDGES.sub("", text))
    yield from mended_names(fields, lambda text: re.sub(r"^[\s,;:/]+(?=\w)|[\s,;:/]+$", "", text))


def last_stop(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find lines that end with the full stop of a catalogue card; an abbreviation keeps its own."""
    for name, text in texts_of(fields, LINES):
        found = _LAST_STOP.search(text)
        if found and found[1].lower() not in _SHORTENED and ". " not in text:
            yield Finding(name, {"value": text}, text[:-1])


def blanks(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find several blanks in a row."""
    yield from mended(fields, TEXTS, lambda text: _ROW.sub(_kept_blank, text))
    yield from mended_names(fields, lambda text: re.sub(r"\s{2,}", " ", text))


def _kept_blank(found: re.Match[str]) -> str:
    """Return the blank that stays of a row: a no-break one, where there is one."""
    return next((sign for sign in found[0] if sign in "\u00a0\u202f"), " ")


def loose_marks(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find blanks where none belongs: before a full stop or comma, inside brackets."""
    return mended(fields, TEXTS, _tightened)


def _tightened(text: str) -> str:
    """Return a text without such blanks; most have none, and looking is cheap."""
    return _BLANK_BEFORE.sub("", text) if any(pair in text for pair in _LOOSE) else text


def doubled_marks(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find `;;`, `,,`, `::` and two full stops."""
    for name, text in texts_of(fields, TEXTS):
        new = _DOUBLED.sub(lambda found: found[1] or ".", text)
        if new != text and "://" not in text:
            yield Finding(name, {"value": text}, new, safe=".." not in text)


def brackets(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find brackets and quotation marks that are opened and not closed, or the other way round."""
    for name, text in texts_of(fields, TEXTS):
        if odd := _odd_bracket(_SMILEY.sub("", _LISTED.sub("", text))):
            yield Finding(name, {"value": text, "sign": odd})


def _odd_bracket(text: str) -> str:
    """Return the first bracket without its other half; "" where all have theirs."""
    opened: list[str] = []
    for sign in _BRACKETS.findall(text):
        if sign in _PAIRS:
            opened.append(sign)
        elif opened and opened[-1] == _CLOSING[sign]:
            opened.pop()
        else:
            return str(sign)
    return opened[0] if opened else ""


def apostrophes_mixed(fields: Fields, facts: Facts) -> Iterator[Finding]:
    """Find texts with both apostrophes."""
    for name, text in texts_of(fields, TEXTS):
        if "'" in text and "’" in text and _STRAIGHT.search(text) and _CURLY.search(text):
            yield Finding(name, {"value": text}, _with(text, facts.apostrophe or "’"), safe=True)


def apostrophes_odd(fields: Fields, facts: Facts) -> Iterator[Finding]:
    """Find texts with another apostrophe than nearly all of the bibliography."""
    for name, text in texts_of(fields, TEXTS) if facts.apostrophe else ():
        odd, usual = (_STRAIGHT, _CURLY) if facts.apostrophe == "’" else (_CURLY, _STRAIGHT)
        if odd.search(text) and not usual.search(text):
            mended = _with(text, facts.apostrophe)
            yield Finding(name, {"value": text, "sign": facts.apostrophe}, mended, safe=True)


def usual_apostrophe(items: Iterable[Fields]) -> str:
    """Return the apostrophe that all texts but a few have; "" where neither is usual."""
    straight = curly = 0
    for fields in items:
        for _name, text in texts_of(fields, TEXTS):
            straight += "'" in text and _STRAIGHT.search(text) is not None
            curly += "’" in text and _CURLY.search(text) is not None
    if curly >= _RARE * straight and curly:
        return "’"
    return "'" if straight >= _RARE * curly and straight else ""


def _with(text: str, apostrophe: str) -> str:
    return _STRAIGHT.sub(apostrophe, _CURLY.sub(apostrophe, text))


def title_in_capitals(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find titles in capitals: which words keep theirs is for people to say."""
    for name, text in texts_of(fields, _TITLES):
        letters = sum(map(str.isalpha, text))
        if letters >= _SHOUTING and " " in text and text == text.upper():
            yield Finding(name, {"value": text})


def texts_of(fields: Fields, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the fields of these names that have a text, and it."""
    for name in names:
        if isinstance(text := fields.get(name), str) and text:
            yield name, text


def mended(
    fields: Fields, names: Iterable[str], mend: Callable[[str], str], *, safe: bool = True
) -> Iterator[Finding]:
    """Yield what is to become of the texts that `mend` changes."""
    for name, text in texts_of(fields, names):
        new = mend(text)
        if new and new != text:
            yield Finding(name, {"value": text}, new, safe=safe)


def mended_names(
    fields: Fields, mend: Callable[[str], str], *, safe: bool = True
) -> Iterator[Finding]:
    """Yield what is to become of the creators, where `mend` changes a name."""
    creators: list[Mapping[str, Any]] = list(fields.get("creators", ()))
    new = [{part: mend(str(t)) if part in _NAMES else t for part, t in c.items()} for c in creators]
    odd = [
        str(old[part])
        for old, one in zip(creators, new, strict=True)
        for part in _NAMES
        if old.get(part, "") != one.get(part, "")
    ]
    if odd:
        yield Finding("creators", {"value": ", ".join(odd)}, new, safe=safe)
