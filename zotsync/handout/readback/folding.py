"""What two texts have in common whatever a word processor made of their typography. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zotsync.handout.entry import Face, Mark, Run

_SIGNS = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "…": "...",
        "\u2010": "-",
        "\u2011": "-",
        "\u00ad": None,
        "\u200b": None,
        "\u2060": None,
        "\ufeff": None,
        "\ufffe": "\ufffd",  # as documents show what they cannot hold
        "\uffff": "\ufffd",
    }
)
_BLANKS = re.compile(r"\s+")
_LOOSE = re.compile(r" +(?=[;:!?»])|(?<=«) +")
_DASH = re.compile(r"(?<= )[\u2013\u2014-]+(?= )")
_FORMATS = ("Cc", "Cf", "Cs")
_TOKENS = re.compile(r"\d+|[^\W\d]+|\s+|[^\w\s]")
_ORDINAL = re.compile(r"(?:(?<=[0-9])|(?<=[IVX]))(?:er|re|nd|nde|e|ème|th|st|rd)\b|(?<=\bn)o\b")


def fold(text: str) -> str:
    """Return what counts in a text: blanks, quotation marks, apostrophes and dots have one form."""
    text = _LOOSE.sub("", _BLANKS.sub(" ", text))
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_SIGNS)
    if not text.isprintable():
        text = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in _FORMATS)
    return _DASH.sub("-", _BLANKS.sub(" ", text)).strip()


def same(one: str, other: str) -> bool:
    """Return whether two texts differ in their typography alone."""
    return one == other or fold(one) == fold(other)


def tokens(text: str) -> list[str]:
    """Return the words, blanks and signs that a text is made of."""
    return _TOKENS.findall(text)


def folded_tokens(words: Sequence[str]) -> list[str]:
    """Return what counts of tokens, one for one; a blank that typography may put in or leave out is ""."""
    found = [_token(word) for word in words]
    for index, word in enumerate(found):
        if word == " ":
            after = words[index + 1] if index + 1 < len(words) else ""
            before = words[index - 1] if index else ""
            if (after and after in ";:!?»") or before == "«":
                found[index] = ""
    return found


def _token(word: str) -> str:
    if word.isspace():
        return "\n" if "\n" in word else " "
    return word if word.isascii() else unicodedata.normalize("NFC", word).translate(_SIGNS)


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of text as it is compared: its signs, and how they look."""

    text: str
    faces: tuple[frozenset[Face], ...]
    """Of each sign of `text`."""


def shown(runs: Iterable[Run]) -> Shown:
    """Return runs as one text with the looks of each sign; numbers and QR codes are left out."""
    texts: list[str] = []
    faces: list[frozenset[Face]] = []
    for run in runs:
        if run.mark is Mark.NUMBER or run.code:
            continue
        texts.append(run.text)
        faces += [_seen(run.faces)] * len(run.text)
    return Shown("".join(texts), tuple(faces))


def _seen(faces: frozenset[Face]) -> frozenset[Face]:
    """Return the looks that a word processor can show at once."""
    return faces - {Face.SUB} if Face.SUP in faces else faces


def looks(line: Shown) -> str:
    """Return how a text's letters look, in short: equal for texts that look alike, "" for plain ones.

    What is raised by itself behind a number (`1er`), and blanks and signs, do not count.
    """
    if not any(line.faces):  # nearly all are plain
        return ""
    ordinals = {i for m in _ORDINAL.finditer(line.text) for i in range(*m.span())}
    found = []
    for index, (sign, faces) in enumerate(zip(line.text, line.faces, strict=True)):
        if sign.isalnum():
            counted = faces - {Face.SUP} if index in ordinals else faces
            found.append("".join(sorted(counted)) + ",")
    return "".join(found) if any(part != "," for part in found) else ""


def marked_up(line: Shown) -> str:
    """Return a text with Zotero's little HTML for how it looks."""
    parts: list[str] = []
    opened: list[Face] = []
    for sign, faces in zip(line.text, line.faces, strict=True):
        while any(face not in faces for face in opened):
            parts.append(_tag(opened.pop(), end=True))
        for face in sorted(faces - set(opened)):
            opened.append(face)
            parts.append(_tag(face, end=False))
        parts.append(sign)
    parts += [_tag(face, end=True) for face in reversed(opened)]
    return "".join(parts)


def _tag(face: Face, *, end: bool) -> str:
    if face is Face.SMALL_CAPS:
        return "</span>" if end else '<span style="font-variant: small-caps;">'
    return f"</{face.value}>" if end else f"<{face.value}>"


def unraised(line: Shown, was: Shown) -> Shown:
    """Return a line without the raised letters of ordinals, which word processors make by themselves.

    They stay where the line had raised letters before.
    """
    if any(Face.SUP in faces for faces in was.faces):
        return line
    raised = {i for m in _ORDINAL.finditer(line.text) for i in range(*m.span())}
    faces = (f - {Face.SUP} if i in raised else f for i, f in enumerate(line.faces))
    return Shown(line.text, tuple(faces))
