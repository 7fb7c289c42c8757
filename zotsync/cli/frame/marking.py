"""What changed in a value, for eyes with and without colour: words in texts, elements of lists. Pure.

What somebody took away stands in `[-…-]`, what somebody added in `{+…+}`. Values without anything in
common are shown as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from zotsync.cli.frame.columns import Span
from zotsync.sync.merging.units import Change, changes
from zotsync.sync.merging.worddiff import changed_words

_LONG = 80
"""Signs of unchanged text beyond which it is left out."""
_CONTEXT = 60
"""Signs of unchanged text that are shown before and after a change."""
_MARKS = {"old": ("[-", "-]", "red"), "new": ("{+", "+}", "green")}
_WORDS = re.compile(r"\w+")
_IN_COMMON = 0.3
"""The part of the longer text that must be the same for marks to help the eye."""
_VISIBLE = str.maketrans({" ": "␣", "\n": "¶\n", "\u00a0": "<U+00A0>", "\u202f": "<U+202F>"})


def marked(before: str, now: str, seen: Sequence[bool] | None = None) -> list[Span]:
    """Return `now` with what changed since `before`.

    `seen` says which signs of `before` are to be seen (see `worth_seeing`); None: all of them.
    """
    runs = changed_words(before, now)
    if not _akin(before, now, sum(_letters(text) for op, text in runs if op == "same")):
        return [(now, "green")]
    spans: list[Span] = []
    at = 0
    for op, text in runs:
        if op == "same":
            spans.append((in_part(text, seen and seen[at : at + len(text)]), ""))
        else:
            spans.append(_span(op, text))
        at += len(text) if op != "new" else 0
    return spans


def worth_seeing(before: str, *others: str) -> list[bool]:
    """Return which signs of a text are near to something that any of `others` changed."""
    seen = [False] * len(before)
    for other in others:
        at = 0
        for op, text in changed_words(before, other):
            after = at + (len(text) if op != "new" else 0)
            if op != "same":
                start = _word_edge(before, max(0, at - _CONTEXT), -1)
                end = _word_edge(before, min(len(before), after + _CONTEXT), 1)
                seen[start:end] = [True] * (end - start)
            at = after
    return seen


def _word_edge(text: str, at: int, step: int) -> int:
    """Return the next place, from `at` on, that is not inside a word."""
    while 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum():
        at += step
    return at


def in_part(text: str, seen: Sequence[bool] | None) -> str:
    """Return a text without its long stretches that need not be seen."""
    if seen is None:
        return text
    parts = []
    for is_seen, group in groupby(zip(text, seen, strict=True), key=lambda pair: pair[1]):
        part = "".join(sign for sign, _is_seen in group)
        parts.append(part if is_seen or len(part) <= _LONG else _cut_out(part))
    return "".join(parts)


def at_most(spans: Sequence[Span], signs: int) -> list[Span]:
    """Return the beginning of a text, `signs` long at most."""
    left = signs
    kept: list[Span] = []
    for text, style in spans:
        if len(text) > left:
            return [*kept, (text[:left].rstrip(), style), (" […]", "")]
        kept.append((text, style))
        left -= len(text)
    return kept


def _cut_out(text: str) -> str:
    """Return what stands for a text that is left out, between the blanks at its ends."""
    inner = text.strip()
    return text.replace(inner, "[…]") if inner else text


def marked_list(before: Sequence[str], now: Sequence[str]) -> list[Span]:
    """Return the elements of `now`, one a line, with those that went and those that changed."""
    if not before:
        return [("\n".join(now), "")]
    lines: list[list[Span]] = []
    done = 0
    for change in [*changes(before, now), Change(len(before), len(before), len(now), len(now))]:
        lines += [[(element, "")] for element in before[done : change.start]]
        lines += _changed_elements(
            before[change.start : change.end], now[change.to_start : change.to_end]
        )
        done = change.end
    return [span for line in _joined(lines) for span in line]


def marked_fields(before: Mapping[str, str], now: Mapping[str, str], line: str) -> list[Span]:
    """Return named values, one a line, with what went, came and changed.

    `line` says how a name and its value stand together: it holds `{name}` and `{value}`.
    """
    lines: list[list[Span]] = []
    for name in dict.fromkeys((*now, *before)):
        if name in before and name in now:
            head, tail = line.format(name=name, value="\0").split("\0")
            value = (
                [(now[name], "")] if before[name] == now[name] else marked(before[name], now[name])
            )
            lines.append([(head, ""), *value, (tail, "")])
        else:
            op, text = ("new", now[name]) if name in now else ("old", before[name])
            lines.append([_span(op, line.format(name=name, value=text))])
    return [span for spans in _joined(lines) for span in spans]


def _changed_elements(old: Sequence[str], new: Sequence[str]) -> Iterator[list[Span]]:
    """Yield what became of elements: one for one with their words marked, else all of them."""
    if len(old) == len(new):
        pairs = [marked(was, now) for was, now in zip(old, new, strict=True)]
        if all(len(spans) > 1 for spans in pairs):
            yield from pairs
            return
    yield from ([_span("old", element)] for element in old)
    yield from ([_span("new", element)] for element in new)


def _joined(lines: list[list[Span]]) -> Iterator[list[Span]]:
    for number, line in enumerate(lines):
        yield [("\n", ""), *line] if number else line


def _akin(before: str, now: str, shared: int) -> bool:
    longer = max(_letters(before), _letters(now))
    return shared >= longer * _IN_COMMON and bool(shared)


def _letters(text: str) -> int:
    return sum(map(len, _WORDS.findall(text)))


def _span(op: str, text: str) -> Span:
    before, after, style = _MARKS[op]
    if text.isspace():  # a blank that came or went is nothing to see by itself
        text = text.translate(_VISIBLE)
    return (f"{before}{text}{after}", style)
