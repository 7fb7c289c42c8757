"""What the words of a command line name: collections, tags, types and years, by whatever people call them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from zotsync.bibliography.paths import PathError, Tree, find_path, tree_paths
from zotsync.errors import UsageError
from zotsync.i18n import LANGUAGES, _, language
from zotsync.model import UNSYNCED_TYPES, Fields, Schema, is_key
from zotsync.searching.filters import Years
from zotsync.searching.folding import folded
from zotsync.searching.years import years

_FEW = 20
"""Names that are all told where none is like what was typed."""


def collection_named(tree: Tree, name: str) -> str:
    """Return the key of a collection that is named by path or by key. UsageError if there is none."""
    try:
        found = name if is_key(name) and name in tree else find_path(tree, name)
    except PathError as exc:
        keys = _("Name one by its key: {names}.").format(names=", ".join(exc.candidates))
        message = _("{name} names no single collection.").format(name=name)
        raise UsageError(message, hint=keys if exc.candidates else "") from exc
    if found is not None:
        return found
    paths = tree_paths(tree)
    alike = [key for key, path in paths.items() if folded(path) == folded(name)]
    if len(alike) == 1:
        return alike[0]
    message = _("There is no collection {path}.").format(path=name)
    few = _known(paths.values()) if 0 < len(paths) <= _FEW else ""
    raise UsageError(message, hint=meant(name, paths.values()) or few)


def tags_named(items: Mapping[str, Fields], name: str) -> frozenset[str]:
    """Return the tags that are called so: the very one, else all that differ in accents or case alone."""
    known = {tag["tag"] for fields in items.values() for tag in fields.get("tags", ())}
    if name in known:
        return frozenset({name})
    alike = frozenset(tag for tag in known if folded(tag) == folded(name))
    if not alike:
        message = _("No item has the tag {name}.").format(name=name)
        raise UsageError(message, hint=meant(name, known))
    return alike


def type_named(schema: Schema, name: str) -> str:
    """Return the item type of that name: Zotero's own, or its word for it in French or English."""
    if name in schema.item_types:
        return name
    words = {
        folded(word): kind
        for kind in schema.item_types
        for word in (kind, *(schema.label("type", kind, spoken) for spoken in LANGUAGES))
    }
    if found := words.get(folded(name)):
        return found
    made = [kind for kind in schema.item_types if kind not in UNSYNCED_TYPES]
    spoken, other = (
        [schema.label("type", kind, tongue) for kind in made]
        for tongue in sorted(LANGUAGES, key=lambda tongue: tongue != language())
    )
    message = _("There is no item type {name}.").format(name=name)
    raise UsageError(message, hint=meant(name, spoken) or meant(name, other) or _known(spoken))


def field_named(schema: Schema, name: str) -> str:
    """Return the field of that name: Zotero's own, or its word for it; "" where there is none."""
    fields = dict.fromkeys(f for kind in schema.item_types.values() for f in kind.fields)
    if name in fields:
        return name
    words = {
        folded(schema.label("field", field, spoken)): field
        for field in reversed(fields)
        for spoken in reversed(LANGUAGES)
    }
    return words.get(folded(name), {folded(field): field for field in fields}.get(folded(name), ""))


def years_named(text: str) -> Years:
    """Return the span of years that a text names. UsageError if it names none."""
    found = years(text)
    if found is None:
        message = _("{value} is no year and no span of years.").format(value=text)
        raise UsageError(message, hint=_("For example: 2020, 2018-2021, 2018-, -2010"))
    return found


def meant(name: str, known: Iterable[str]) -> str:
    """Return a question after what is called nearly so; "" where nothing is."""
    plain = {folded(word): word for word in sorted(known)}
    close = get_close_matches(folded(name), plain, n=1)
    return _("Did you mean {name}?").format(name=plain[close[0]]) if close else ""


def _known(names: Iterable[str]) -> str:
    return _("There are: {names}.").format(names=", ".join(sorted(names, key=folded)))
