"""The schema as `/schema`, `/itemTypes` and their like answer it, made of zotsync's own facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zotsync.model import ItemType, Schema
from zotsync.sandbox.rules.refused import bad

_LOCALES = {"en-US": "en", "fr-FR": "fr"}
_PARTS = {"itemTypes": "type", "fields": "field", "creatorTypes": "creator"}


def schema_answer(schema: Schema) -> dict[str, Any]:
    """Return what `GET /schema` says, in English and French."""
    return {
        "version": schema.version,
        "itemTypes": [_type(t) for t in schema.item_types.values()],
        "meta": {"fields": {"date": {"type": "date"}, "filingDate": {"type": "date"}}},
        "csl": dict(getattr(schema, "csl", {})),
        "locales": {locale: _labels(schema, language) for locale, language in _LOCALES.items()},
    }


def _type(item_type: ItemType) -> dict[str, Any]:
    fields = []
    for name in item_type.fields:
        base = item_type.base_fields.get(name)
        fields.append({"field": name} | ({"baseField": base} if base else {}))
    creators: list[dict[str, Any]] = [{"creatorType": name} for name in item_type.creator_types]
    if creators:
        creators[0]["primary"] = True
    return {"itemType": item_type.name, "fields": fields, "creatorTypes": creators}


def _labels(schema: Schema, language: str) -> dict[str, dict[str, str]]:
    words = schema.labels.get(language, {})
    return {
        part: {
            name.removeprefix(f"{kind}:"): word
            for name, word in words.items()
            if name.startswith(f"{kind}:")
        }
        for part, kind in _PARTS.items()
    }


def item_types(schema: Schema, locale: str) -> list[dict[str, str]]:
    """Return what `GET /itemTypes` says."""
    names = sorted(n for n in schema.item_types if n not in ("attachment", "annotation"))
    return _localized(schema, "itemType", "type", names, locale)


def item_fields(schema: Schema, locale: str) -> list[dict[str, str]]:
    """Return what `GET /itemFields` says."""
    names = dict.fromkeys(f for t in schema.item_types.values() for f in t.fields)
    return _localized(schema, "field", "field", names, locale)


def item_type_fields(schema: Schema, name: str, locale: str) -> list[dict[str, str]]:
    """Return what `GET /itemTypeFields` says of a type."""
    return _localized(schema, "field", "field", _known(schema, name).fields, locale)


def creator_types(schema: Schema, name: str, locale: str) -> list[dict[str, str]]:
    """Return what `GET /itemTypeCreatorTypes` says of a type."""
    names = _known(schema, name).creator_types
    return _localized(schema, "creatorType", "creator", names, locale)


def creator_fields() -> list[dict[str, str]]:
    """Return what `GET /creatorFields` says."""
    words = {"firstName": "First", "lastName": "Last", "name": "Name"}
    return [{"field": name, "localized": word} for name, word in words.items()]


def _known(schema: Schema, name: str) -> ItemType:
    if not name:
        raise bad("'itemType' not provided")
    if name not in schema.item_types or name == "annotation":
        raise bad(f"Invalid item type '{name}'")
    return schema.item_types[name]


def _localized(
    schema: Schema, part: str, kind: str, names: Iterable[str], locale: str
) -> list[dict[str, str]]:
    language = "fr" if locale.lower().startswith("fr") else "en"
    return [{part: n, "localized": schema.label(kind, n, language)} for n in names]
