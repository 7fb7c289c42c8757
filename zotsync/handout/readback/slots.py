"""Where in a printed line each field of an item stands: found out by printing it with other values. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from zotsync.handout.readback.folding import fold, folded_tokens, same, tokens
from zotsync.handout.readback.names import Names
from zotsync.handout.readback.transfer import hunks, transferred, typed
from zotsync.handout.text import dates
from zotsync.model import Fields

Print = Callable[[Fields], str]
"""Fields of an item -> the line that is looked at; "" where it is not printed."""

_NOT_HERE = frozenset(
    (
        *("itemType", "shortTitle", "abstractNote", "url", "DOI"),
        *("language", "libraryCatalog", "parentItem", "note"),
    )
)
"""Fields that other lines are read for, or that no line shows."""
_PROBES = ("7391", "Qzxv Wkjp")
"""A value in figures, and one in words: patterns tell them apart."""
_ROMAN = dict(zip("ivxlcIVXLC", "vxiclVXICL", strict=True))
_MOST_FILLS = 2
_INITIALS = "jfmamjjasond"
"""Of the months."""
_SEPARATORS = frozenset(",.:;()")
_FIGURES = frozenset(
    (
        *("date", "pages", "numPages", "volume", "numberOfVolumes", "issue", "seriesNumber"),
        *("edition", "ISBN", "ISSN", "callNumber"),
    )
)
"""Fields of figures, and a word at most (`numéro spécial` is asked about)."""
_WORD = re.compile(r"[^\W\d_]{4,}(?:-[^\W\d_]{4,})*")


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of a printed line that one field makes."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a corrected line says of the fields. `doubtful`: a part of it is a guess."""

    fields: Mapping[str, Any]
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line of an item, to be read back after a correction."""

    fields: Fields
    print: Print
    fillable: Sequence[str] = ()
    """Fields of the item's type that are empty and might be filled."""
    people: str = ""
    """The names that stand in the line."""
    read_people: Callable[[str], Names | None] = lambda _text: None

    def read(self, corrected: str) -> Found | None:
        """Return the fields that print `corrected`; None where nothing does, or several readings do.

        Whatever is returned was printed again, and is what stands there.
        """
        direct = self._fitting(self.fields, {}, corrected)
        if direct is not None and not self._could_be_more(corrected):
            return direct
        found = {frozenset(direct.fields): direct} if direct is not None else {}
        for count in range(1, _MOST_FILLS + 1):
            if count > 1 and found:
                break
            for reading in self._filled(corrected, count):
                found.setdefault(frozenset(reading.fields), reading)
        return self._plainest(list(found.values()))

    def _plainest(self, found: Sequence[Found]) -> Found | None:
        """Return the reading in which the pattern's own words explain most; None where several do."""
        costs = [self._typed(reading) for reading in found]
        best = min(costs, default=0)
        return found[costs.index(best)] if costs.count(best) == 1 else None

    def _typed(self, reading: Found) -> int:
        """Return how many letters and figures came into fields."""
        texts = [(n, v) for n, v in reading.fields.items() if isinstance(v, str)]
        return sum(_letters(v) - _letters(str(self.fields.get(n, ""))) for n, v in texts)

    def _could_be_more(self, corrected: str) -> bool:
        """Return whether something was put between two values: a field that was empty, perhaps."""
        text = self.print(self.fields)
        old, new = tokens(text), tokens(corrected)
        slots = self._slots(self.fields)
        for start, end, to, to_end in hunks(folded_tokens(old), folded_tokens(new)):
            at = len("".join(old[:start]))
            inside = any(s.start < at < s.end for s in slots)
            if start == end and not inside and _SEPARATORS & set("".join(new[to:to_end])):
                return True
        return False

    def _filled(self, corrected: str, count: int) -> Iterator[Found]:
        """Yield readings in which some empty fields are filled."""
        shown = [(n, p) for n in self.fillable for p in _PROBES if self._shows(n, p)]
        for probes in combinations(shown, count):
            if len({name for name, _probe in probes}) == count:
                found = self._fitting({**self.fields, **dict(probes)}, dict(probes), corrected)
                if found is not None:
                    yield found

    def _shows(self, name: str, probe: str) -> bool:
        return self.print({**self.fields, name: probe}) != self.print(self.fields)

    def _slots(self, fields: Fields) -> list[Slot]:
        found = slots_of(fields, self.print)
        at = self.print(fields).find(self.people) if self.people else -1
        return [*found, Slot("creators", at, at + len(self.people))] if at >= 0 else found

    def _fitting(self, fields: Fields, probes: Mapping[str, str], corrected: str) -> Found | None:
        """Return the changed fields that make `fields` print `corrected`, as far as slots tell."""
        values = _read(self.print(fields), corrected, self._slots(fields))
        names = self.read_people(values.pop("creators")[1]) if "creators" in values else None
        read = {"creators": list(names.creators)} if names else {}
        for spelt in _spellings(fields, probes, values):
            change: dict[str, Any] = {**spelt, **read}
            done = {n: v for n, v in {**self.fields, **change}.items() if v != ""}
            if all(done.get(n) for n in probes) and same(self.print(done), corrected):
                new = {n: v or None for n, v in change.items() if v != self.fields.get(n, "")}
                odd = any(_is_odd(n, str(self.fields.get(n, "")), v) for n, v in spelt.items())
                return Found(new, odd or (names is not None and names.doubtful))
        return None


def _is_odd(name: str, before: str, now: str) -> bool:
    """Return whether a field of figures got words that it did not have: a remark, perhaps."""
    if name not in _FIGURES:
        return False
    new = set(_WORD.findall(now.lower())) - set(_WORD.findall(before.lower()))
    return sum(not dates.is_month_or_season(word) for word in new) > 1


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def slots_of(fields: Fields, printed: Print) -> list[Slot]:
    """Return where the fields stand in the line that `printed` makes, in order."""
    text = printed(fields)
    found = []
    for name, value in fields.items():
        if isinstance(value, str) and value and name not in _NOT_HERE:
            span = _differing(text, printed({**fields, name: _other(name, value)}))
            if span:
                found.append(Slot(name, *span))
    return sorted(found, key=lambda s: (s.start, -s.end))


def _other(name: str, value: str) -> str:
    """Return a value of the same kind, no letter or figure of which is where it was."""
    if name == "date" and (parsed := dates.parse_iso(value)):
        year, month, day = parsed
        other = f"{(year + 5111) % 9000 + 1000:04}"
        other = (
            other
            if all(a != b for a, b in zip(other, value, strict=False))
            else "".join(str((int(c) + 4) % 10) for c in value[:4])
        )
        parts = [other] + ([_apart(month, 12)] if month else [])
        return "-".join([*parts, *([_apart(day, 28)] if day else [])])
    return "".join(map(_turned, value))


def _apart(number: int, most: int) -> str:
    """Return another day (of 28), or month, that begins and ends otherwise, in figures and in words."""
    old = f"{number:02}"
    return next(
        new
        for n in range(most, 0, -1)
        if (new := f"{n:02}")[0] != old[0]
        and new[1] != old[1]
        and (
            _INITIALS[n - 1] != _INITIALS[number - 1]
            if most == len(_INITIALS)
            else str(n)[0] != str(number)[0]
        )
    )


def _turned(sign: str) -> str:
    if sign in _ROMAN:
        return _ROMAN[sign]
    if sign.isdecimal() and sign.isascii():
        return str((int(sign) + 3) % 10)
    if sign.isalpha():
        turned = "Q" if sign.isupper() else "q"
        return turned if turned != sign else turned.translate({81: "K", 113: "k"})
    return sign


def _differing(one: str, other: str) -> tuple[int, int] | None:
    """Return the span of `one` that differs from `other`; None where nothing does."""
    if one == other:
        return None
    shorter = min(len(one), len(other))
    head = next((n for n in range(shorter) if one[n] != other[n]), shorter)
    shorter -= head
    tail = next((n for n in range(shorter) if one[-1 - n] != other[-1 - n]), shorter)
    return (head, len(one) - tail) if head < len(one) - tail else None


def _read(text: str, corrected: str, slots: Sequence[Slot]) -> dict[str, tuple[str, str]]:
    """Return field -> (as it was printed, as it reads now) of the slots that were corrected."""
    old, new = tokens(text), tokens(corrected)
    starts = _starts(old)
    pieces: dict[Slot, list[tuple[int, int, str]]] = {}
    for start, end, to, to_end in hunks(folded_tokens(old), folded_tokens(new)):
        at, behind = starts[start], starts[end]
        slot = next((s for s in slots if s.start <= at and behind <= s.end), None)
        typed_text = "".join(new[to:to_end])
        if slot:
            pieces.setdefault(slot, []).append((at - slot.start, behind - slot.start, typed_text))
            continue
        for gone in slots:  # with what stands around it
            if at <= gone.start and gone.end <= behind:
                pieces[gone] = [(0, gone.end - gone.start, "")]
    return {
        s.field: (text[s.start : s.end], _edited(text[s.start : s.end], edits))
        for s, edits in pieces.items()
    }


def _starts(words: Sequence[str]) -> list[int]:
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word))
    return starts


def _edited(text: str, edits: Sequence[tuple[int, int, str]]) -> str:
    for start, end, new in reversed(edits):
        text = text[:start] + new + text[end:]
    return text.strip()


def _spellings(
    fields: Fields, probes: Mapping[str, str], values: Mapping[str, tuple[str, str]]
) -> Iterator[dict[str, str]]:
    """Yield the values that fields may have got, the likeliest first."""
    choices: list[dict[str, str]] = [{}]
    for name, (was, now) in values.items():
        stored = "" if name in probes else str(fields.get(name, ""))
        spelt = dict.fromkeys(_values(name, stored, was, now))
        choices = [{**c, name: value} for c in choices for value in spelt]
    yield from choices[:64]


def _values(name: str, stored: str, was: str, now: str) -> Iterator[str]:
    if not now:
        yield ""
        return
    if name == "date":
        if dates.parse_iso(stored) and fold(was) == stored[:4] and len(stored) > len("2020"):
            yield f"{now}{stored[4:]}"
        if iso := dates.from_words(now):
            yield iso
    elif stored and (kept := transferred(stored, was, now)):
        yield kept
    elif was in stored:
        yield stored.replace(was, typed(now, stored))
    yield typed(now, stored)
