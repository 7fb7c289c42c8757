"""The facts of Zotero's schema: those that come with zotsync, and newer ones from the server.

The compact form keeps what zotsync needs in plain lists of words: the fields of an item type are
`"title medium=artworkMedium"`, a base field standing before the `=` of the field that stands for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from zotsync.errors import FileError, Place, ServerError
from zotsync.i18n import _
from zotsync.model import ItemType, Schema
from zotsync.reasons import reason_of

KEPT_NAME = "schema.json"
_BUNDLED = Path(__file__).with_name("schema_facts.json")
_LOCALES = {"en": "en-US", "fr": "fr-FR"}
_LABELLED = {"type": "itemTypes", "field": "fields", "creator": "creatorTypes"}
_DAMAGED = (ValueError, KeyError, TypeError, AttributeError)


class SchemaSource(Protocol):
    """Whatever can be asked for Zotero's schema: a `GroupLibrary`."""

    def schema(self, etag: str | None) -> tuple[str, dict[str, Any]] | None:
        """Return the ETag and the JSON of `/schema`; None if `etag` is still the current one."""


@lru_cache(maxsize=1)
def bundled() -> Schema:
    """Return the schema that comes with zotsync."""
    return from_compact(json.loads(_BUNDLED.read_text(encoding="utf-8")))


def load(folder: Path) -> Schema:
    """Return the newest schema at hand: the one kept in `folder` (`.zotsync`), else the bundled.

    A kept copy that is damaged, unreadable or older than the bundled one is ignored.
    """
    kept = _kept(folder)
    return kept[1] if kept and kept[1].version > bundled().version else bundled()


def refresh(library: SchemaSource, folder: Path) -> Schema:
    """Ask the server for its schema, keep it in `folder` if it is newer, and return the newest.

    Raise ServerError if the answer is not a schema, FileError if the newer one cannot be kept.
    """
    kept = _kept(folder)
    answer = library.schema(kept[0] if kept else None)
    if answer is None:
        return load(folder)
    etag, raw = answer
    newer = from_server_json(raw)
    if newer.version <= load(folder).version:
        return load(folder)
    _keep(folder, etag, newer)
    return newer


def from_server_json(raw: Mapping[str, Any]) -> Schema:
    """Return the schema in the server's `/schema` JSON, with French and English labels.

    Raise ServerError if `raw` is not a schema.
    """
    try:
        types = {t["itemType"]: _server_type(t) for t in raw["itemTypes"]}
        labels = {
            language: _server_labels(raw["locales"][locale])
            for language, locale in _LOCALES.items()
        }
        return Schema(int(raw["version"]), types, labels, dict(raw["csl"]))
    except _DAMAGED as exc:
        message = _("The server's schema of item types cannot be read.")
        raise ServerError(message, hint=_("Try again later.")) from exc


def compact(schema: Schema) -> dict[str, Any]:
    """Return `schema` as small JSON, which `from_compact` reads."""
    types = {
        name: {"fields": " ".join(_field_words(t)), "creators": " ".join(t.creator_types)}
        for name, t in schema.item_types.items()
    }
    return {
        "version": schema.version,
        "types": types,
        "labels": {language: dict(words) for language, words in schema.labels.items()},
        "csl": dict(schema.csl),
    }


def from_compact(facts: Mapping[str, Any]) -> Schema:
    """Return the schema that `compact` made `facts` of; ValueError and its like if it is damaged."""
    types = {
        name: _compact_type(name, t["fields"].split(), t["creators"].split())
        for name, t in facts["types"].items()
    }
    labels = {language: dict(words) for language, words in facts["labels"].items()}
    return Schema(int(facts["version"]), types, labels, dict(facts["csl"]))


def _server_type(raw: Mapping[str, Any]) -> ItemType:
    # The primary creator type stands first; sorting keeps the server's order among the others.
    creators = sorted(raw["creatorTypes"], key=lambda c: not c.get("primary", False))
    return ItemType(
        name=raw["itemType"],
        fields=tuple(f["field"] for f in raw["fields"]),
        creator_types=tuple(c["creatorType"] for c in creators),
        base_fields={f["field"]: f["baseField"] for f in raw["fields"] if "baseField" in f},
    )


def _server_labels(locale: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {
        f"{kind}:{name}": str(label)
        for kind, part in _LABELLED.items()
        for name, label in locale[part].items()
    }


def _field_words(item_type: ItemType) -> Iterable[str]:
    for name in item_type.fields:
        base = item_type.base_fields.get(name)
        yield f"{base}={name}" if base else name


def _compact_type(name: str, words: list[str], creators: list[str]) -> ItemType:
    pairs = [(base, field) for base, _equals, field in (w.rpartition("=") for w in words)]
    return ItemType(
        name=name,
        fields=tuple(field for _base, field in pairs),
        creator_types=tuple(creators),
        base_fields={field: base for base, field in pairs if base},
    )


def _kept(folder: Path) -> tuple[str, Schema] | None:
    """Return the ETag and schema kept in `folder`; None if there is none that can be used."""
    try:
        kept = json.loads((folder / KEPT_NAME).read_text(encoding="utf-8"))
        return str(kept["etag"]), from_compact(kept["schema"])
    except (OSError, *_DAMAGED):  # only a cache: the bundled facts stand in for it
        return None


def _keep(folder: Path, etag: str, schema: Schema) -> None:
    target = folder / KEPT_NAME
    fresh = target.with_suffix(".json.new")
    text = json.dumps({"etag": etag, "schema": compact(schema)}, ensure_ascii=False)
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(target)
    except OSError as exc:
        message = _("The newer schema of Zotero cannot be kept: {reason}").format(
            reason=reason_of(exc)
        )
        raise FileError(message, place=Place(file=str(target))) from exc
