"""Hypothesis strategies that several test modules share."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from zotsync.model import KEY_ALPHABET, ItemType, Schema, normal

TRICKY = (
    "\u202f",  # narrow no-break space, before ? ! ;
    "\u00a0",
    "« œuvre »",
    "L’été où l'on",
    "e\u0301",  # é in two characters (NFD)
    "é",
    "👩‍🦽",
    "עברית",
    "\u202eabc",
    "\u2028",
    "\u0085",
    "\ufeff",
    "\x00\x07\x1b",
    "\x7f",
    '"""',
    "'''",
    '"',
    "'",
    "\\",
    "\\u00e9",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "  ",
    "<i>Titre</i> &amp; suite",
    "=======",
    "\n<<<<<<< HEAD\n",
    "\n>>>>>>> autre\n",
    "# pas un commentaire",
    "[…]",
    "{}[],=",
)


def messy_text(max_size: int = 12) -> st.SearchStrategy[str]:
    """Texts as they are found in libraries: typography, Unicode forms, quotes, control characters."""
    char = st.characters(exclude_categories=["Cs"])
    pieces = st.one_of(st.sampled_from(TRICKY), st.text(char, max_size=6), st.just("mot "))
    return st.lists(pieces, max_size=max_size).map("".join)


def keys() -> st.SearchStrategy[str]:
    """Object keys."""
    return st.text(KEY_ALPHABET, min_size=8, max_size=8)


def creators(item_type: ItemType) -> st.SearchStrategy[list[dict[str, str]]]:
    """Lists of creators that the type allows."""
    if not item_type.creator_types:
        return st.just([])
    kind = st.sampled_from(item_type.creator_types)
    person = st.fixed_dictionaries(
        {"creatorType": kind, "firstName": messy_text(3), "lastName": messy_text(3)}
    )
    institution = st.fixed_dictionaries({"creatorType": kind, "name": messy_text(3)})
    return st.lists(st.one_of(person, institution), max_size=4)


def tags() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Tags, some automatic."""
    named = st.fixed_dictionaries({"tag": messy_text(3)}, optional={"type": st.just(1)})
    return st.lists(named, max_size=4)


def relations() -> st.SearchStrategy[dict[str, list[str]]]:
    """Relations to other items of a group."""
    target = keys().map(lambda key: f"http://zotero.org/groups/1/items/{key}")
    predicate = st.sampled_from(["dc:relation", "owl:sameAs", "dc:replaces"])
    return st.dictionaries(predicate, st.lists(target, min_size=1, max_size=3), max_size=2)


@st.composite
def item_fields(draw: st.DrawFn, schema: Schema, item_type: str | None = None) -> dict[str, Any]:
    """Fields of an item in normal form, `collections` being keys; of any type that is synced."""
    synced = [
        name for name in sorted(schema.item_types) if name not in {"attachment", "annotation"}
    ]
    kind = schema.item_types[item_type or draw(st.sampled_from(synced))]
    names = draw(st.lists(st.sampled_from(kind.fields), max_size=8)) if kind.fields else []
    data: dict[str, Any] = {name: draw(messy_text()) for name in names}
    data["creators"] = draw(creators(kind))
    data["tags"] = draw(tags())
    data["relations"] = draw(relations())
    data["collections"] = draw(st.lists(keys(), max_size=3))
    if kind.name == "note":
        data["note"] = draw(messy_text())
    return normal({"itemType": kind.name} | data)
