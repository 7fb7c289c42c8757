"""What a reference lacks: fields without which the layout has no sensible line. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zotsync.curating.finding import Facts, Finding
from zotsync.model import Fields, ItemType

_Needs = tuple[tuple[str, ...], ...]
_ARTICLE: _Needs = (("publicationTitle", "journalAbbreviation"), ("date",))
_BOOK: _Needs = (("publisher",), ("date",))
_PART: _Needs = (("publicationTitle",), ("publisher",), ("date",))
_DATED: _Needs = (("date",),)
NEEDED: Mapping[str, _Needs] = {
    "journalArticle": _ARTICLE,
    "magazineArticle": _ARTICLE,
    "newspaperArticle": _ARTICLE,
    "book": _BOOK,
    "bookSection": _PART,
    "conferencePaper": (("publicationTitle", "conferenceName"), ("date",)),
    "dictionaryEntry": (("publicationTitle",), ("date",)),
    "encyclopediaArticle": (("publicationTitle",), ("date",)),
    "report": _BOOK,
    "thesis": (("type",), ("publisher",), ("date",)),
    "manuscript": _DATED,
    "document": _DATED,
    "presentation": _DATED,
    "preprint": (("publisher",), ("date",)),
    "podcast": _DATED,
    "radioBroadcast": (("publicationTitle",), ("date",)),
    "tvBroadcast": (("publicationTitle",), ("date",)),
    "film": _DATED,
    "videoRecording": _DATED,
    "interview": _DATED,
    "statute": _DATED,
    "case": (("authority",), ("date",)),
    "bill": (("number",),),
    "standard": (("number",),),
    "patent": (("number",),),
}
"""Item type -> what its line does not do without, by base field; one of several will do."""
_AS_PRINTED = {"date": frozenset({"date", "year", "full_date"})}
"""What else a pattern may call a field."""
_BY_SOMEBODY = frozenset({"book", "bookSection", "conferencePaper", "journalArticle", "thesis"})
_ONLINE = frozenset({"webpage", "blogPost", "forumPost"})
_OWN_PUBLISHER = frozenset({"report", "document"})
"""Types that institutions publish themselves: their name is in the author line."""
_UNTITLED = frozenset({"case", "email", "interview", "letter", "instantMessage"})


def no_head(fields: Fields, facts: Facts) -> Iterator[Finding]:
    """Find items that have neither a title nor anybody who made them."""
    if not facts.value(fields, "title") and not fields.get("creators"):
        yield Finding("title")


def no_title(fields: Fields, facts: Facts) -> Iterator[Finding]:
    """Find items without a title, letters and their like aside."""
    if fields.get("itemType") not in _UNTITLED and fields.get("creators"):
        kind = facts.kind(fields)
        if kind and not kind.value(fields, "title"):
            yield Finding(kind.own_name("title") or "title")


def no_author(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find books, articles and theses by nobody."""
    if fields.get("itemType") in _BY_SOMEBODY and not fields.get("creators"):
        yield Finding("creators")


def no_source(fields: Fields, facts: Facts) -> Iterator[Finding]:
    """Find what the source line of the theme prints of this type, and this item does not have."""
    kind = facts.kind(fields)
    if not kind:
        return
    for choice in NEEDED.get(kind.name, ()):
        has = any(kind.value(fields, base) or _is_said(fields, base) for base in choice)
        if not has and _is_printed(kind, choice, facts):
            yield Finding(kind.own_name(choice[0]) or choice[0])


def no_address(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find web pages without an address."""
    if fields.get("itemType") in _ONLINE and not fields.get("url"):
        yield Finding("url")


def _is_said(fields: Fields, base: str) -> bool:
    """Return whether the author line says who published it."""
    if base != "publisher" or fields.get("itemType") not in _OWN_PUBLISHER:
        return False
    return any(creator.get("name") for creator in fields.get("creators", ()))


def _is_printed(kind: ItemType, choice: tuple[str, ...], facts: Facts) -> bool:
    """Return whether the theme prints one of these fields of this type."""
    if facts.printed is None:
        return True
    printed = facts.printed(kind.name)
    words = ({base, kind.own_name(base)} | _AS_PRINTED.get(base, frozenset()) for base in choice)
    return any(not printed.isdisjoint(names) for names in words)
