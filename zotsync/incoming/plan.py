"""What importing references would do: new items, gaps that are filled, and what is doubtful. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

from zotsync.handout.proxies import Proxies
from zotsync.incoming.shelving import Shelving
from zotsync.incoming.values import adds_nothing, more_tags, with_lines
from zotsync.model import Fields, ItemType, Schema, normal
from zotsync.plugins.incoming import Reference
from zotsync.proposal import Addition, Correction, Doubt, Evidence, Trust
from zotsync.sameness import Known, folded

_BARE = frozenset(
    {"itemType", "title", "shortTitle", "abstractNote", "creators", "publisher", "place"}
)
"""What a line of any list may look like; other fields say by themselves that it is a reference."""
_BESIDE = frozenset({"itemType", "collections", "relations", "parentItem", "extra", "citationKey"})
_TAG = re.compile("<[^<>]*>")
_NEW = "new "
"""Before the number of an addition, where others have a key."""


@dataclass(frozen=True, slots=True)
class There:
    """A reference that is here already, or stands in the files twice."""

    place: str
    key: str
    """The item's; "" for a double in the files."""
    title: str
    by: str
    """By what it was recognised: `key`, `DOI`, `ISBN`, `URL` or `title`."""
    unplaced: tuple[tuple[str, str], ...] = ()
    """Fields, and what they say, that the item's type does not have."""


@dataclass
class Arrivals:
    """Takes references one by one; afterwards it holds what is to be proposed."""

    schema: Schema
    items: Mapping[str, Fields]
    proxies: Proxies
    shelving: Shelving
    """Says where new items go, and those of a document with sections."""
    additions: list[Addition] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    there: list[There] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._known = Known(self.schema, self.proxies)
        self._notes: dict[str, set[str]] = {}
        self._shelved: dict[str, int] = {}
        """Key of an item here -> index of the correction that puts it into collections."""
        self._doubles: dict[int, dict[str, None]] = {}
        """Number of an addition -> its notes and those of its doubles, until all are told."""
        self._same: dict[str, str] = {}
        """Key in a file -> the key of what it is here."""
        for key, fields in self.items.items():
            if parent := fields.get("parentItem"):
                self._notes.setdefault(str(parent), set()).add(folded(str(fields.get("note", ""))))
            elif fields.get("itemType") != "note":
                self._known.add(key, fields)

    def take(self, references: Iterable[Reference]) -> None:
        """Take the references of a file."""
        for reference in references:
            fields = self._clean(reference.fields)
            if reference.sections:
                fields["collections"] = self.shelving.paths(reference.sections)
            reference = replace(reference, fields=fields)  # noqa: PLW2901
            if reference.fields.get("itemType") == "note":
                self._take_note(reference)
            else:
                self._take_one(reference)
        for number, notes in self._doubles.items():
            self.additions[number] = replace(self.additions[number], notes=tuple(notes))
        self._doubles.clear()

    def _clean(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return fields with the publisher's own address, for what a mail or a proxy wrapped."""
        address = fields.get("url")
        if not isinstance(address, str):
            return dict(fields)
        return {**fields, "url": self.proxies.clean(address)}

    def _take_one(self, reference: Reference) -> None:
        fields = reference.fields
        match = self._known.find(reference.key, fields)
        if match and match.sure and match.key.startswith(_NEW):
            self._fill_addition(int(match.key.removeprefix(_NEW)), reference, match.by)
        elif match and match.sure:
            self._same[reference.key] = match.key
            self._merge(match.key, reference, match.by)
        else:
            self._add(reference, match.key if match else "")

    def _add(self, reference: Reference, like: str) -> None:
        number = len(self.additions)
        fields = dict(reference.fields)
        paths = [*fields.get("collections", ()), *(() if reference.sections else self._into)]
        if paths:
            fields["collections"] = sorted(set(paths))
        known = "" if like.startswith(_NEW) else like
        kind = self.schema.item_types.get(str(fields.get("itemType", "")))
        guess = Doubt.GUESSED if _may_be_none(reference, kind) else None
        doubt = Doubt.LIKE_ANOTHER if like else guess
        addition = Addition(
            reference.key,
            normal(fields),
            reference.notes,
            reference.place,
            reference.kept,
            known,
            doubt,
            reference.evidence,
        )
        self.additions.append(addition)
        self._known.add(f"{_NEW}{number}", addition.fields)

    def _take_note(self, reference: Reference) -> None:
        """Take a note that the file has as an item of its own."""
        fields = dict(reference.fields)
        parent = str(fields.get("parentItem", ""))
        parent = self._same.get(parent, parent)
        text = folded(str(fields.get("note", "")))
        twin = self.items.get(reference.key)
        if text in self._notes.get(parent, ()) or (
            twin and folded(str(twin.get("note", ""))) == text
        ):
            self.there.append(There(reference.place, reference.key, "", "key"))
            return
        self._notes.setdefault(parent, set()).add(text)
        if parent:
            fields["parentItem"] = parent
        elif self._into:
            fields["collections"] = sorted({*fields.get("collections", ()), *self._into})
        self.additions.append(Addition(reference.key, normal(fields), place=reference.place))

    def _fill_addition(self, number: int, reference: Reference, by: str) -> None:
        """Fill the gaps of a new item from its double in the files."""
        known = self.additions[number]
        if reference.key and known.key:
            self._same[reference.key] = known.key
        fills, differing, unplaced = self._compared(known.fields, reference.fields)
        left = tuple((name, str(value)) for name, value in differing.items())
        notes = self._doubles.setdefault(number, dict.fromkeys(known.notes))
        notes |= dict.fromkeys(reference.notes)
        shelves = known.fields.get("collections", ())
        if reference.sections:
            shelves = [*shelves, *reference.fields["collections"]]
        kept = dict.fromkeys([*known.kept, *(f"{name}: {value}" for name, value in unplaced)])
        extra = with_lines(str({**known.fields, **fills}.get("extra", "")), kept)
        fields = normal({**known.fields, **fills, "extra": extra, "collections": shelves})
        evidence = (*known.evidence, *(e for e in reference.evidence if e.name in fills))
        self.additions[number] = replace(known, fields=fields, evidence=evidence, kept=tuple(kept))
        title = str(reference.fields.get("title", ""))
        self.there.append(There(reference.place, "", title, by, (*left, *unplaced)))

    def _merge(self, key: str, reference: Reference, by: str) -> None:
        here = self.items[key]
        fills, differing, unplaced = self._compared(here, reference.fields)
        unplaced += tuple(
            ("extra", one) for one in reference.kept if one not in here.get("extra", "")
        )
        for values, doubt in ((fills, None), (differing, Doubt.DIFFERS)):
            for name, value in values.items():
                told = self._told(reference, here, name)
                guess = Doubt.GUESSED if any(e.trust is Trust.GUESS for e in told) else None
                self.corrections.append(self._correction(key, name, value, doubt or guess, told))
        if reference.sections:
            self._shelve(key, reference.fields["collections"])
        extra = folded(str(here.get("extra", "")))  # formats have one place for it and for notes
        for note in reference.notes:
            is_there = folded(unescape(_TAG.sub("", note))) in extra
            if not is_there and folded(note) not in self._notes.get(key, ()):
                self._notes.setdefault(key, set()).add(folded(note))
                fields = {"itemType": "note", "parentItem": key, "note": note}
                self.additions.append(Addition("", normal(fields), place=reference.place))
        self.there.append(There(reference.place, key, self._title(here), by, unplaced))

    def _correction(
        self,
        key: str,
        name: str,
        value: Any,
        doubt: Doubt | None = None,
        told: tuple[Evidence, ...] = (),
    ) -> Correction:
        here = self.items[key]
        was, now = {name: here.get(name)}, {name: value}
        return Correction(key, self._title(here), name, "", "", was, now, doubt, told)

    def shelved(self) -> Counter[str]:
        """Return the collections of sections: path -> how many items come into it."""
        found = Counter(
            path for a in self.additions if a.evidence for path in a.fields.get("collections", ())
        )
        for at in self._shelved.values():
            correction = self.corrections[at]
            new = {*correction.fields["collections"]} - {*(correction.before["collections"] or ())}
            found.update(new)
        return found

    @property
    def _into(self) -> tuple[str, ...]:
        """Return the paths of collections that all new items are put into."""
        return self.shelving.into

    def _shelve(self, key: str, paths: Iterable[str]) -> None:
        """Put an item that is here into the collections of its section, which go by their paths."""
        here = self.items[key].get("collections")
        at = self._shelved.get(key)
        known = self.corrections[at].fields["collections"] if at is not None else here or ()
        new = {path for path in paths if self.shelving.keys.get(path, path) not in known}
        if not new - {*known}:
            return
        made = self._correction(key, "collections", sorted({*known, *new}))
        if at is None:
            self._shelved[key] = len(self.corrections)
            self.corrections.append(made)
        else:
            self.corrections[at] = made

    def _told(self, reference: Reference, here: Fields, name: str) -> tuple[Evidence, ...]:
        """Return what a field of an item here was read from, whatever its type calls it."""
        bases = [
            kind.base_fields if (kind := self.schema.item_types.get(str(f.get("itemType")))) else {}
            for f in (here, reference.fields)
        ]
        base = bases[0].get(name, name)
        return tuple(e for e in reference.evidence if bases[1].get(e.name, e.name) == base)

    def _title(self, fields: Fields) -> str:
        kind = self.schema.item_types.get(str(fields.get("itemType", "")))
        return kind.value(fields, "title") if kind else str(fields.get("title", ""))

    def _compared(
        self, here: Fields, there: Fields
    ) -> tuple[dict[str, Any], dict[str, Any], tuple[tuple[str, str], ...]]:
        """Return what fills gaps, what differs, and what the type has no field for."""
        mine = self.schema.item_types.get(str(here.get("itemType", "")))
        its = self.schema.item_types.get(str(there.get("itemType", "")))
        fills: dict[str, Any] = {}
        differing: dict[str, Any] = {}
        unplaced: list[tuple[str, str]] = []
        for name, value in there.items():
            if name in _BESIDE or mine is None or its is None:
                continue
            own = mine.own_name(its.base_fields.get(name, name))
            if name == "creators":
                own, value = name, _fitting(value, mine.creator_types)  # noqa: PLW2901
            elif name == "tags":
                own = name
            if not own:
                unplaced.append((name, str(value)))
            elif not here.get(own):
                fills |= {own: value} if value else {}
            elif own == "tags":
                more = more_tags(here["tags"], value)
                differing |= {own: normal({own: [*here[own], *more]})[own]} if more else {}
            elif value and not adds_nothing(its.base_fields.get(name, name), here[own], value):
                differing[own] = value
        return fills, differing, tuple(unplaced)


def _may_be_none(reference: Reference, kind: ItemType | None) -> bool:
    """Return whether nothing but its place says that a text is a reference.

    That is where its title is a guess; or where its type is, and no person, date, number or address
    stands by it, as in a table of who is there when.
    """
    if not reference.evidence:
        return False
    bases = kind.base_fields if kind else {}
    trust = {bases.get(one.name, one.name): one.trust for one in reference.evidence}
    persons = [c for c in reference.fields.get("creators", ()) if c.get("firstName")]
    bare = not persons and trust.keys() <= _BARE
    return trust.get("title", Trust.GUESS) is Trust.GUESS or (
        bare and trust["itemType"] is Trust.GUESS
    )


def _fitting(creators: Iterable[Mapping[str, str]], types: tuple[str, ...]) -> list[dict[str, str]]:
    """Return creators as another type can have them."""
    return [dict(c) for c in creators if c.get("creatorType") in types]
