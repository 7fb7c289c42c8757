"""Texts and names as BibTeX files have them: UTF-8, LaTeX's own signs escaped, capitals protected. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from zotsync.csljson.names import parted
from zotsync.handout.entry import Face
from zotsync.handout.text.markup import plain_text, runs
from zotsync.model import Fields

_SIGNS: dict[str, str | int | None] = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    **{sign: f"\\{sign}" for sign in "$&#_%"},
}
_NAMED = str.maketrans(_SIGNS)
_SHORT = str.maketrans(_SIGNS | {"{": r"\{", "}": r"\}"})
_NOT_BRACES = re.compile("[^{}]+")
_FACES = {
    Face.ITALIC: "textit",
    Face.BOLD: "textbf",
    Face.SUB: "textsubscript",
    Face.SUP: "textsuperscript",
    Face.SMALL_CAPS: "textsc",
}
_ENDS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANKS = re.compile("[ \t\n]+")
_TOGETHER = re.compile("-(?=-)|'(?=')|`(?=`)")
_WORD = re.compile(r"([^\W_]+(?:[-.’'][^\W_]+)*)")
_VERBATIM = {ord(sign): f"%{ord(sign):02X}" for sign in "{}\\ \n\t"}
_SPECIAL_NAME = re.compile(r"\band\b|,|^\s*others\s*$", re.IGNORECASE)


def escaped(text: str) -> str:
    """Return a text in which LaTeX sees nothing but letters; line ends stay."""
    return _parted(_ENDS.sub("\n", text).translate(_escapes(text)))


def _parted(text: str) -> str:
    """Return LaTeX in which signs that stand side by side stay what they are: `--` is no dash."""
    return _TOGETHER.sub(r"\g<0>{}", text)


def _escapes(text: str) -> dict[int, str | int | None]:
    """Return what stands for LaTeX's signs: braces that are odd go by name."""
    depth = 0  # BibTeX counts braces, even behind a backslash
    for brace in _NOT_BRACES.sub("", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return _NAMED
    return _NAMED if depth else _SHORT


def verbatim(address: str) -> str:
    """Return an address as LaTeX packages take it: as it stands, with balanced braces."""
    return address.translate(_VERBATIM)


def title(text: str, *, english: bool) -> str:
    """Return a title: its faces as LaTeX commands, the capitals that a style must not make small in braces.

    In an English title these are the words with a capital inside alone; elsewhere all words with one but
    the first.
    """
    written = []
    first, escapes = True, _escapes(text)
    text = one_line(text)
    for run in runs(text):
        pieces = _WORD.split(run.text)
        for at, piece in enumerate(pieces):
            if at % 2:
                kept = _is_protected(piece, inside_only=first or english)
                pieces[at] = f"{{{piece}}}" if kept else piece
                first = False
            else:
                pieces[at] = _parted(piece.translate(escapes))
        words = "".join(pieces)
        for command in sorted(_FACES[face] for face in run.faces if face in _FACES):
            words = f"\\{command}{{{words}}}"
        written.append(words)
    return "".join(written)


def _is_protected(word: str, *, inside_only: bool) -> bool:
    looked_at = word[1:] if inside_only else word
    return looked_at != looked_at.lower()


def names(creators: Iterable[Fields]) -> str:
    """Return creators as a list of names: `Last, First and {{Institution}}` without its outer braces."""
    return " and ".join(_name(creator) for creator in creators)


def _name(creator: Fields) -> str:
    if whole := creator.get("name"):
        return f"{{{escaped(one_line(plain_text(whole)))}}}"
    last, first = (
        one_line(plain_text(str(creator.get(part, "")))) for part in ("lastName", "firstName")
    )
    if not (last and first):
        return f"{{{escaped(last or first)}}}"
    parts = parted(last, first)
    if particle := parts.get("dropping-particle"):
        last = f"{particle} {last}"
    named = (last, parts.get("suffix"), parts["given"])
    return ", ".join(_part(part) for part in named if part)


def _part(text: str) -> str:
    """Return a part of a name, in braces where BibTeX would take it apart."""
    return f"{{{escaped(text)}}}" if _SPECIAL_NAME.search(text) else escaped(text)


def one_line(text: str) -> str:
    """Return a text on one line; no-break spaces stay."""
    return _BLANKS.sub(" ", _ENDS.sub("\n", text)).strip(" ")
