"""What plugins give, looked at before it goes anywhere: texts where texts belong, in fields that exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from zotsync.i18n import _
from zotsync.model import UNSYNCED_TYPES, ItemType, Schema, is_key, normal
from zotsync.plugins.incoming import Evidence, Reference

_NOTE = ("note", "parentItem")
_NAMES = {"creatorType", "name", "lastName", "firstName"}


def fitted(reference: Reference, schema: Schema) -> Reference | str:
    """Return a reference whose fields are of its type, or why no item can be made of it.

    A text in a field that the type does not have goes to `extra`, and is named in `kept`.
    """
    if reason := odd_reference(reference, schema):
        return reason
    kind = schema.item_types[reference.fields["itemType"]]
    fields = {name: v for name, v in reference.fields.items() if not _is_stray(name, v, kind)}
    for name, value in fields.items():
        if reason := odd_value(name, value, kind):
            return reason
    stray = tuple(
        f"{name}: {' '.join(value.split())}"
        for name, value in reference.fields.items()
        if name not in fields and value.strip()
    )
    if stray:
        fields["extra"] = "\n".join(filter(None, (fields.get("extra", ""), *stray)))
    return replace(reference, fields=normal(fields), kept=(*reference.kept, *stray))


def odd_reference(reference: Reference, schema: Schema) -> str:
    """Return what is wrong with a reference, its values aside; "" where nothing is."""
    fields = reference.fields
    if not isinstance(fields, Mapping) or not all(isinstance(name, str) for name in fields):
        return _("its fields are no table")
    kind = fields.get("itemType")
    if not isinstance(kind, str) or kind not in schema.item_types or kind in UNSYNCED_TYPES:
        return _("there is no item type {name}").format(name=kind)
    lists = (reference.notes, reference.kept, reference.sections)
    texts = (*(text for one in lists for text in _listed(one)), reference.place, reference.key)
    if not all(isinstance(text, str) for text in texts):
        return _("its place, notes, kept, sections or key is no text")
    evidence = _listed(reference.evidence)
    if not all(isinstance(one, Evidence) for one in evidence):
        return _("its evidence is none")
    if reference.key and not is_key(reference.key):
        return _("{key} is no item key").format(key=reference.key)
    return ""


def odd_value(name: str, value: Any, kind: ItemType | None) -> str:
    """Return why a field of an item cannot hold a value; "" where it can."""
    if kind is None:
        return ""
    if name == "creators":
        return _odd_creators(value, kind)
    if name in ("tags", "collections"):
        return _odd_list(name, value)
    if name == "relations":
        return "" if isinstance(value, Mapping) else _not_fitting(name)
    is_its_own = (
        name in kind.fields or name == "itemType" or (kind.name == "note" and name in _NOTE)
    )
    if not is_its_own:
        return _("{name} is no field of {kind}").format(name=name, kind=kind.name)
    return "" if isinstance(value, str) else _not_fitting(name)


def _is_stray(name: str, value: Any, kind: ItemType) -> bool:
    """Return whether it is a text for which its type has no field."""
    is_text = isinstance(value, str) and name not in ("creators", "tags", "collections")
    return is_text and name != "relations" and bool(odd_value(name, value, kind))


def _odd_creators(value: Any, kind: ItemType) -> str:
    if not isinstance(value, (list, tuple)):
        return _not_fitting("creators")
    for creator in value:
        if not isinstance(creator, Mapping) or not creator.keys() <= _NAMES:
            return _not_fitting("creators")
        if not all(isinstance(text, str) for text in creator.values()):
            return _not_fitting("creators")
        if creator.get("creatorType") not in kind.creator_types:
            role = creator.get("creatorType", "")
            return _("{kind} has no creators of the type {name}").format(kind=kind.name, name=role)
    return ""


def _odd_list(name: str, value: Any) -> str:
    if not isinstance(value, (list, tuple)):
        return _not_fitting(name)
    texts = [one.get("tag") if isinstance(one, Mapping) else one for one in value]
    return "" if all(isinstance(text, str) and text for text in texts) else _not_fitting(name)


def _not_fitting(name: str) -> str:
    return _("the value of {name} is not what the field holds").format(name=name)


def _listed(texts: Any) -> tuple[Any, ...]:
    return tuple(texts) if isinstance(texts, (list, tuple)) else (texts, None)
