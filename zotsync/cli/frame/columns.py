"""Texts with colours, laid out in columns that fit a terminal. Pure.

Widths are those of terminal cells: an ideograph takes two, an accent of its own takes none. Lines break
at ordinary blanks alone, never at the no-break ones of French, and inside a word only where it is wider
than its column. Signs that cannot be seen, or would act on the terminal, are shown as their number.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest

Span = tuple[str, str]
"""A piece of text and its colour."""
Line = list[Span]

GAP = 3
"""Cells between two columns."""
_NARROWEST = 24
"""Cells below which a column is hard to read."""
_INDENT = "  "
_BLANKS = " \t"
_JOINER = "\u200d"
_HARMLESS = {"\n", _JOINER, "\u200c", "\ufe0f"}
"""Signs without a form of their own that a text needs."""


@dataclass(frozen=True)
class Column:
    """What stands below a heading."""

    heading: str
    spans: Sequence[Span]
    remark: str = ""
    """What there is to say of the whole."""


@dataclass(frozen=True, slots=True)
class _Sign:
    """What people take for one letter."""

    text: str
    style: str
    cells: int


def laid_out(columns: Sequence[Column], width: int | None) -> list[Line]:
    """Return the lines of columns side by side, or one below the other where there is no room.

    `width` None: there is no limit, and one stands below the other. So do texts that run from right to
    left: a terminal that turns them round would mix up what stands side by side.
    """
    columns = [replace(c, spans=[(_seen(text), style) for text, style in c.spans]) for c in columns]
    if width is None or any(_runs_leftwards(c) for c in columns):
        return _below(columns, width)
    share = (width - GAP * (len(columns) - 1)) // len(columns)
    return _beside(columns, share) if share >= _NARROWEST else _below(columns, width)


def stacked(columns: Sequence[Column], width: int | None) -> list[Line]:
    """Return the lines of columns one below the other, their headings in a column of their own."""
    shown = [replace(c, spans=[(_seen(text), style) for text, style in c.spans]) for c in columns]
    return _below(shown, width)


def cells(text: str) -> int:
    """Return how many cells of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - heavy, and only where something is laid out

    return cell_len(text)


def wrapped(spans: Iterable[Span], width: int | None) -> list[Line]:
    """Return the lines of a text, each at most `width` cells wide (None: there is no limit)."""
    lines: list[list[_Sign]] = [[]]
    for sign in _signs(spans):
        if sign.text == "\n":
            lines.append([])
        else:
            lines[-1].append(sign)
    if width is not None:
        lines = [part for line in lines for part in _broken(line, max(width, 1))]
    return [_as_spans(line) for line in lines]


def _beside(columns: Sequence[Column], share: int) -> list[Line]:
    heads = [wrapped(_heading(column, "\n"), share) for column in columns]
    tallest = max(map(len, heads))
    blocks = [
        [*head, *([[]] * (tallest - len(head))), *wrapped(column.spans, share)]
        for head, column in zip(heads, columns, strict=True)
    ]
    return [_row(parts, share) for parts in zip_longest(*blocks, fillvalue=[])]


def _heading(column: Column, between: str) -> list[Span]:
    remark = [(between + column.remark, "")] if column.remark else []
    return [(column.heading, "cyan"), *remark]


def _row(parts: Sequence[Line], share: int) -> Line:
    """Return the lines of all columns as one, each filled up with blanks to its width but the last."""
    row: Line = []
    missing = 0
    for part in parts:
        if part:
            row += [(" " * missing, ""), *part] if missing else part
            missing = 0
        missing += share + GAP - sum(cells(text) for text, _style in part)
    return row


def _below(columns: Sequence[Column], width: int | None) -> list[Line]:
    """Return each heading with its text behind it; in a narrow terminal the text is below it."""
    label = max(cells(column.heading) for column in columns) + len(_INDENT)
    narrow = width is not None and width - label - len(_INDENT) < _NARROWEST
    indent = 2 * _INDENT if narrow else " " * (label + len(_INDENT))
    lines: list[Line] = []
    for column in columns:
        remark = f"  ({column.remark})" if column.remark else ""
        text = [*column.spans, (remark, "")]
        room = None if width is None else width - len(indent)
        head, *rest = wrapped(text, room)
        if narrow:
            lines += [[(_INDENT, ""), (column.heading, "cyan")], [(indent, ""), *head]]
        else:
            blank = " " * (label - cells(column.heading))
            lines.append([(_INDENT, ""), (column.heading, "cyan"), (blank, ""), *head])
        lines += [[(indent, ""), *line] if line else [] for line in rest]
    return lines


def _signs(spans: Iterable[Span]) -> Iterator[_Sign]:
    """Yield letter by letter; accents, joined signs and the halves of a flag stay together."""
    last: _Sign | None = None
    for text, style in spans:
        for char in text:
            if last is not None and _belongs(last.text, char):
                whole = last.text + char
                last = _Sign(whole, last.style, cells(whole))
                continue
            if last is not None:
                yield last
            last = _Sign(char, style, 0 if char == "\n" else cells(char))
    if last is not None:
        yield last


def _belongs(before: str, char: str) -> bool:
    """Return whether a character is a part of what stands before it."""
    if before == "\n" or char.isascii():
        return False
    if before.endswith(_JOINER) or char == _JOINER or not cells(char):
        return True
    return len(before) == 1 and _is_half_a_flag(before) and _is_half_a_flag(char)


def _is_half_a_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _broken(signs: Sequence[_Sign], width: int) -> Iterator[list[_Sign]]:
    """Yield a line in parts that fit, broken at blanks; a word that is too wide is broken anywhere."""
    line: list[_Sign] = []
    blanks: list[_Sign] = []
    for is_blank, group in groupby(signs, key=lambda sign: sign.text in _BLANKS):
        word = list(group)
        if is_blank:
            blanks = word
            continue
        if line and _size(line) + _size(blanks) + _size(word) > width:
            yield line
            line, blanks = [], []
        line = [*line, *blanks, *word]
        blanks = []
        while _size(line) > width:
            fits = max(1, _count_that_fits(line, width))
            if fits == len(line):
                break
            yield line[:fits]
            line = line[fits:]
    yield line


def _count_that_fits(signs: Sequence[_Sign], width: int) -> int:
    used = 0
    for count, sign in enumerate(signs):
        used += sign.cells
        if used > width:
            return count
    return len(signs)


def _size(signs: Iterable[_Sign]) -> int:
    return sum(sign.cells for sign in signs)


def _as_spans(signs: Iterable[_Sign]) -> Line:
    grouped = groupby(signs, key=lambda sign: sign.style)
    return [("".join(sign.text for sign in group), style) for style, group in grouped]


def _seen(text: str) -> str:
    """Return a text whose unseen signs are shown as their number, so that no two look the same."""
    if text.isprintable():
        return text
    return "".join(_as_number(char) if _is_unseen(char) else char for char in text)


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and char not in _HARMLESS


def _as_number(char: str) -> str:
    return " " if char == "\t" else f"<U+{ord(char):04X}>"


def _runs_leftwards(column: Column) -> bool:
    return any(
        unicodedata.bidirectional(char) in {"R", "AL"}
        for text, _style in column.spans
        for char in text
    )
