"""The values everything shares: Zotero objects in normal form, and the facts of Zotero's schema.

An object's *fields* are the `data` of the Zotero Web API without its bookkeeping (`BOOKKEEPING`), in
*normal form*: what the server would make of them. Two texts that differ in form alone are equal here.

- empty values are left out;
- texts: control characters, DEL and lone CR dropped, CRLF is LF, ASCII blanks trimmed at both ends;
- `creators`: a list of dicts, in order;
- `tags`: a sorted list of `{"tag": t}` or `{"tag": t, "type": 1}`, without doubles;
- `collections`: a sorted list of collection keys;
- `relations`: predicate -> sorted list of URIs;
- `parentItem`, `parentCollection`: a key; left out at the top.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, Protocol

Fields = Mapping[str, Any]
"""Field name -> value, in normal form."""

BOOKKEEPING = frozenset({"key", "version", "dateAdded", "dateModified", "deleted"})
"""Properties of `data` that are never in a file: state.db keeps them."""

SETS = ("tags", "collections", "relations")
UNSYNCED_TYPES = frozenset({"attachment", "annotation"})
"""Item types that the mirror knows and that are never touched."""

KEY_LENGTH = 8
KEY_ALPHABET = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
_KEY = re.compile(f"[{KEY_ALPHABET}]{{{KEY_LENGTH}}}")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_ASCII_BLANKS = " \t\n"


def is_key(text: object) -> bool:
    """Return whether `text` is a Zotero object key: 8 of `KEY_ALPHABET`."""
    return isinstance(text, str) and _KEY.fullmatch(text) is not None


def normal_text(text: str) -> str:
    """Return `text` as the server would store it (control characters, line ends, outer blanks)."""
    if text.isprintable():  # most are, and have nothing else that could go
        return text.strip(" ")
    return _CONTROL.sub("", text.replace("\r\n", "\n")).strip(_ASCII_BLANKS)


def normal_name(name: str) -> str:
    """Return a collection's name as the server would store it: trimmed and NFC."""
    return unicodedata.normalize("NFC", normal_text(name))


def normal_tags(tags: Sequence[Any]) -> list[dict[str, Any]]:
    """Return tags (texts or `{"tag", "type"}`) as the sorted set of (tag, type)."""
    pairs = set()
    for entry in tags:
        tag, kind = (entry, 0) if isinstance(entry, str) else (entry["tag"], entry.get("type", 0))
        if text := normal_text(tag):
            pairs.add((text, int(kind)))
    return [{"tag": t, "type": k} if k else {"tag": t} for t, k in sorted(pairs)]


def normal_creators(creators: Sequence[Fields]) -> list[dict[str, str]]:
    """Return creators with clean names; one half of a two-part name becomes "", empty ones go."""
    clean = []
    for creator in creators:
        named = {part: normal_text(str(text)) for part, text in creator.items()}
        if "firstName" in named or "lastName" in named:
            if not named.get("name"):
                named.pop("name", None)
            named = {"creatorType": "", "firstName": "", "lastName": ""} | named
        if any(named.get(part) for part in ("name", "firstName", "lastName")):
            clean.append(named)
    return clean


def normal_relations(relations: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return relations as predicate -> sorted list of URIs, empty predicates left out."""
    listed = {p: [v] if isinstance(v, str) else list(v) for p, v in relations.items()}
    return {p: sorted(set(values)) for p, values in sorted(listed.items()) if values}


def _normal_value(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return normal_name(value) if name == "name" else normal_text(value)
    if value is None or value is False or value in ([], {}):
        return None
    if name == "tags":
        return normal_tags(value)
    if name == "creators":
        return normal_creators(value)
    if name == "collections":
        return sorted(set(value))
    if name == "relations":
        return normal_relations(value)
    return value


def normal(data: Fields) -> dict[str, Any]:
    """Return an object's fields in normal form, bookkeeping and empty values left out."""
    found = {}
    for name, value in data.items():  # the server gives every field of a type: most are empty
        if value == "" or name in BOOKKEEPING:
            continue
        clean = _normal_value(name, value)
        if clean or clean == 0:
            found[name] = clean
    return found


def digest(fields: Fields) -> str:
    """Return a short fingerprint of `fields`: equal for equal normal forms, whatever the order."""
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


class Phase(Enum):
    """The long parts of a run, for progress."""

    PULL = "pull"
    SCAN = "scan"
    FILES = "files"
    PUSH = "push"
    RENDER = "render"
    LINKS = "links"


class Progress(Protocol):
    """Told how far a phase is. `total` None: not known yet."""

    def __call__(self, phase: Phase, done: int, total: int | None) -> None:
        """Take note that `done` of `total` are done in `phase`."""


def silent(phase: Phase, done: int, total: int | None) -> None:
    """Be told of progress and say nothing (the default everywhere below the command line)."""


@dataclass(frozen=True)
class ItemType:
    """What Zotero's schema says of one item type."""

    name: str
    fields: tuple[str, ...]
    creator_types: tuple[str, ...]
    """The first is the primary one."""
    base_fields: Mapping[str, str] = field(default_factory=dict)
    """Field of this type -> the base field it stands for (`nameOfAct` -> `title`)."""

    def value(self, fields: Fields, base: str) -> str:
        """Return what `fields` say for a base field, under whatever name this type has for it."""
        if found := fields.get(base):
            return str(found)
        own = self.own_names.get(base, ())
        return next((str(fields[name]) for name in own if fields.get(name)), "")

    def own_name(self, base: str) -> str:
        """Return what this type calls a base field (`nameOfAct` for `title`); "" where it has none."""
        return base if base in self.fields else next(iter(self.own_names.get(base, ())), "")

    @cached_property
    def own_names(self) -> Mapping[str, tuple[str, ...]]:
        """Return base field -> the fields of this type that stand for it."""
        found: dict[str, tuple[str, ...]] = {}
        for own, base in self.base_fields.items():
            found[base] = (*found.get(base, ()), own)
        return found


@dataclass(frozen=True)
class Schema:
    """The facts of Zotero's schema (item types, fields, creator types, labels), at one version."""

    version: int
    item_types: Mapping[str, ItemType]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Language ("fr", "en") -> name of a type, field or creator type -> Zotero's own word for it.
    Keys are prefixed: `type:book`, `field:title`, `creator:author`."""
    csl: Mapping[str, Any] = field(default_factory=dict)
    """Zotero's mappings to CSL as the server gives them: `types`, `fields`, `names`."""

    def knows_field(self, name: str) -> bool:
        """Return whether any item type of this schema has the field `name`."""
        return name in self._all_fields

    @property
    def _all_fields(self) -> frozenset[str]:
        cached = self.__dict__.get("_fields")
        if cached is None:
            cached = frozenset(f for t in self.item_types.values() for f in t.fields)
            object.__setattr__(self, "_fields", cached)
        return cached

    def label(self, kind: str, name: str, language: str) -> str:
        """Return Zotero's word for a `kind` ("type", "field", "creator"); the name itself if none."""
        return self.labels.get(language, {}).get(f"{kind}:{name}", name)
