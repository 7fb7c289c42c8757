"""Corrected names back to creators: `NOM Prénom, NOM Prénom (dir.).` Pure.

Who is printed as before stays as stored; capitals are the theme's, and never stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from zotsync.handout.readback.folding import fold
from zotsync.handout.readback.transfer import transferred, typed
from zotsync.handout.text.people import name_of, tell_apart
from zotsync.model import Fields

_LABEL = re.compile(r"\s*\(([^()]*)\)$")
_GROUP = re.compile(r"(?P<names>[^()]+?)\s*\((?P<label>[^()]*)\)(?:\s*,\s*|$)")
_BETWEEN = re.compile(r"(\s*[,;]\s*)")
_AND = re.compile(r"\s+(?:et|and|&)\s+")
_INITIALS = re.compile(r"(?:\w\.?-?){1,3}")
_PARTICLES = frozenset(
    ("de", "du", "des", "d", "la", "le", "les", "von", "van", "der", "den", "di", "da")
)
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Names:
    """Creators read from a line, and whether a part of them is a guess."""

    creators: tuple[Fields, ...]
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Speller:
    """Reads names as a theme prints them."""

    labels: Mapping[str, str]
    """Creator type -> what stands in brackets behind a name."""
    capitals: bool

    def author_line(self, text: str, creators: Sequence[Fields], primary: str) -> Names | None:
        """Return all creators of an item whose author line was corrected to `text`; None: unreadable."""
        credit = tell_apart(creators, primary)
        text = _unstopped(_plain(text))
        kind = credit.suffix or primary
        if found := _LABEL.search(text):
            label = found[1]
            known = [
                k for k in (kind, "editor", primary, *self.labels) if self.labels.get(k) == label
            ]
            if not known:
                return None
            kind, text = known[0], text[: found.start()]
        elif credit.suffix:
            kind = primary
        read = self._listed(text, credit.line, kind)
        return Names(_put(creators, credit.line, read.creators), read.doubtful)

    def others(self, text: str, creators: Sequence[Fields], primary: str) -> Names | None:
        """Return all creators where those of the source line were corrected to `text`."""
        others = tell_apart(creators, primary).others
        text = _unstopped(_plain(text))
        new: list[Fields] = []
        doubtful, at = False, 0
        while at < len(text):
            group = _GROUP.match(text, at)
            if group is None:
                return None
            ours = [c["creatorType"] for c in others if self._label(c) == group["label"]]
            known = [*ours, *(k for k, label in self.labels.items() if label == group["label"])]
            if not known:
                return None
            of_kind = [c for c in others if c["creatorType"] == known[0]]
            read = self._listed(group["names"], of_kind, str(known[0]))
            new += read.creators
            doubtful |= read.doubtful
            at = group.end()
        return Names(_put(creators, others, tuple(new)), doubtful)

    def _label(self, creator: Fields) -> str:
        return self.labels.get(str(creator.get("creatorType", "")), "")

    def _listed(self, text: str, known: Sequence[Fields], kind: str) -> Names:
        """Return the creators that `text` names, those of `known` as stored."""
        free = list(known)
        read: list[Fields | str] = []
        for piece in self._pieces(text, free):
            match = next((c for c in free if self._is(c, piece)), None)
            if match is not None:
                free.remove(match)
            read.append(match if match is not None else piece)
        edited = dict(_pairs([p for p in read if isinstance(p, str)], free, self._printed))
        doubtful = False
        creators: list[Fields] = []
        for one in read:
            if isinstance(one, str):
                old = edited.get(one)
                made, guessed = self._edited(old, one) if old else self._new(one)
                doubtful |= guessed
            else:
                made = dict(one)
            creators.append({**made, "creatorType": kind})
        return Names(tuple(creators), doubtful)

    def _printed(self, creator: Fields) -> str:
        return name_of(creator, capitals=self.capitals)

    def _is(self, creator: Fields, piece: str) -> bool:
        return fold(self._printed(creator)).rstrip(".") == fold(piece).rstrip(".")

    def _pieces(self, text: str, known: Sequence[Fields]) -> list[str]:
        """Return the names of a line; one that holds commas stays whole where it is known."""
        parts = _BETWEEN.split(text)
        pieces: list[str] = []
        at = 0
        while at < len(parts):
            ends = range(len(parts), at, -2)
            whole = ((end, "".join(parts[at:end]).strip()) for end in ends)
            end, piece = next(
                ((e, p) for e, p in whole if any(self._is(c, p) for c in known)),
                (at + 1, parts[at].strip()),
            )
            pieces += (
                [piece]
                if end > at + 1 or any(self._is(c, piece) for c in known)
                else (self._split(piece))
            )
            at = end + 1
        return [piece for piece in pieces if piece]

    def _split(self, piece: str) -> list[str]:
        """Return `A et B` as two names where both are people's."""
        parts = _AND.split(piece)
        return parts if self.capitals and all(_surname(p.split()) for p in parts) else [piece]

    def _edited(self, old: Fields, piece: str) -> tuple[dict[str, str], bool]:
        if old.get("name"):
            name = transferred(str(old["name"]), self._printed(old), piece)
            return {"name": name or typed(piece, "")}, False
        words = piece.split()
        last, first = str(old.get("lastName", "")), str(old.get("firstName", ""))
        shown = (last.upper() if self.capitals else last).split()
        if fold(" ".join(words[: len(shown)])) == fold(" ".join(shown)):
            return self._parts(last, _kept(first, " ".join(words[len(shown) :]))), False
        ending = first.split()
        count = len(words) - len(ending)
        if ending and count > 0 and fold(" ".join(words[count:])) == fold(first):
            surname = words[:count]
        else:
            surname = words[: _surname(words) if self.capitals else len(shown)]
            if not surname:
                return {"name": typed(piece, "")}, True
            first = typed(" ".join(words[len(surname) :]), first)
        spelt, guessed = self._spelt(surname, last)
        nameless = bool(ending) and not first  # M DUPONT, perhaps
        return self._parts(spelt, first), guessed or nameless

    def _new(self, piece: str) -> tuple[dict[str, str], bool]:
        words = piece.split()
        count = _surname(words) if self.capitals else 0
        if not 0 < count < len(words):
            return {"name": typed(piece, "")}, True
        last, guessed = self._spelt(words[:count], "")
        return self._parts(last, typed(" ".join(words[count:]), "")), guessed

    def _parts(self, last: str, first: str) -> dict[str, str]:
        return {"lastName": last, "firstName": first}

    def _spelt(self, words: Sequence[str], old: str) -> tuple[str, bool]:
        """Return a surname as it is stored: known words as before, others with one capital."""
        if not self.capitals:
            return typed(" ".join(words), old), False
        known = {fold(word.upper()): word for word in old.split()}
        new = [word for word in words if fold(word) not in known]
        spelt = [known.get(fold(word)) or typed(word.title(), old) for word in words]
        guessed = any(re.split("['’-]", w.casefold())[0] in _PARTICLES for w in new)
        return " ".join(spelt), guessed


def _unstopped(text: str) -> str:
    """Return a line without the stop at its end, unless it is of initials (`J.-P.`)."""
    words = text.split()
    return text if words and words[-1].count(".") > 1 else text.removesuffix(".")


def _plain(text: str) -> str:
    return " ".join(text.split())


def _kept(old: str, new: str) -> str:
    return old if fold(old) == fold(new) else typed(new, old)


def _surname(words: Sequence[str]) -> int:
    """Return how many words a surname in capitals has; initials belong to the first name."""
    for count, word in enumerate(words):
        letters = [c for c in word if c.isalpha()]
        upper = bool(letters) and word == word.upper()
        if not upper or (count and _INITIALS.fullmatch(word)):
            return count
    return len(words)


def _pairs(
    pieces: Sequence[str], known: Sequence[Fields], printed: Callable[[Fields], str]
) -> Iterable[tuple[str, Fields]]:
    """Yield who stands behind which new spelling: those most alike first."""
    rated = sorted(
        (
            (-SequenceMatcher(None, fold(piece), fold(printed(c))).ratio(), i, j)
            for i, piece in enumerate(pieces)
            for j, c in enumerate(known)
        ),
    )
    done: set[int] = set()
    taken: set[int] = set()
    for rating, i, j in rated:
        if -rating >= _ALIKE and i not in done and j not in taken:
            done.add(i)
            taken.add(j)
            yield pieces[i], known[j]


def _put(
    creators: Sequence[Fields], old: Sequence[Fields], new: Sequence[Fields]
) -> tuple[Fields, ...]:
    """Return `creators` with `new` in the places of `old`, what is more behind the last of them."""
    left = list(new)
    found: list[Fields] = []
    places = [i for i, c in enumerate(creators) if any(c is o for o in old)]
    last = places[-1] if places else len(creators) - 1
    for i, creator in enumerate(creators):
        if i not in places:
            found.append(creator)
        elif left:
            found.append(left.pop(0))
        if i == last:
            found += left
            left = []
    return (*found, *left)
