"""What the patterns of a theme see of an item. Pure.

A value is worked out where a pattern asks for it: most patterns ask for few.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zotsync.handout.text import dates, people, titles
from zotsync.handout.text.collation import collation_key
from zotsync.model import Fields, ItemType


@dataclass(frozen=True, slots=True)
class Wording:
    """The words that a theme has for parts of a line."""

    creators: Mapping[str, str]
    """Creator type -> what stands in brackets behind a name."""
    online: str
    """What stands for the pages of what has an address and none."""
    capitals: bool
    """Whether surnames are in capitals."""


class Values(dict[str, Any]):
    """Zotero's fields, also under their base names, and `COMPUTED`; "" for what an item lacks."""

    __slots__ = ("credit", "fields", "kind", "link", "url", "wording")

    def __init__(
        self, fields: Fields, kind: ItemType | None, wording: Wording, url: str, link: str
    ) -> None:
        """Take an item, the address that leads to it, and the same where it is printed."""
        self.fields = fields
        self.kind = kind
        self.wording = wording
        self.url = url
        self.link = link
        self.credit = people.credits_of(fields, kind)

    def __missing__(self, name: str) -> Any:
        """Work out a value, once."""
        if compute := COMPUTED.get(name):
            found = self[name] = compute(self)
            return found
        found = self.fields.get(name)  # as `text`: most names are a field's own
        return found if isinstance(found, str) else self.text(name)

    def text(self, name: str) -> str:
        """Return a field, under whatever name the type has for it; "" where there is no text."""
        found = self.fields.get(name)
        if isinstance(found, str):
            return found
        own = self.kind.own_names.get(name) if self.kind else None
        if not own:
            return ""
        told = (self.fields.get(one) for one in own)
        return next((found for found in told if isinstance(found, str)), "")


def keywords(fields: Fields) -> list[str]:
    """Return the tags that people gave an item, in French order; automatic ones are not printed."""
    given = given_tags(fields)
    return sorted(given, key=collation_key) if len(given) > 1 else given


def given_tags(fields: Fields) -> list[str]:
    """Return the tags that people gave an item, as they stand in it."""
    return [str(tag["tag"]) for tag in fields.get("tags", ()) if not tag.get("type")]


def _date(values: Values) -> str:
    return dates.words(values.text("date"))


def _year(values: Values) -> str:
    return dates.year(values.text("date"))


def _full_date(values: Values) -> str:
    date = values.text("date")
    return dates.words(date) if dates.is_full(date) else ""


def _people(values: Values) -> str:
    wording = values.wording
    return people.others_line(values.credit, wording.creators, capitals=wording.capitals)


def _online(values: Values) -> str:
    return values.wording.online if values.url and not values.text("pages") else ""


def _authors(values: Values) -> str:
    wording = values.wording
    return people.leading_line(values.credit, wording.creators, capitals=wording.capitals)


def _leading(values: Values) -> tuple[Fields, ...]:
    return values.credit.line


def _leading_label(values: Values) -> str:
    suffix = values.credit.suffix
    return values.wording.creators.get(suffix, "") if suffix else ""


def _following(values: Values) -> tuple[Fields, ...]:
    return values.credit.others


def _heading(values: Values) -> str:
    title, short = titles.title_of(values.fields, values.kind), values.text("shortTitle")
    heading, values["subtitle"] = titles.split(titles.one_line(title), titles.one_line(short))
    return heading


def _subtitle(values: Values) -> str:
    _heading(values)
    return str(values["subtitle"])


def _tags(values: Values) -> list[str]:
    return keywords(values.fields)


def _link(values: Values) -> str:
    return values.link


COMPUTED: Mapping[str, Callable[[Values], Any]] = {
    "date": _date,
    "year": _year,
    "full_date": _full_date,
    "people": _people,
    "online": _online,
    "authors": _authors,
    "leading": _leading,
    "leading_label": _leading_label,
    "following": _following,
    "heading": _heading,
    "subtitle": _subtitle,
    "tags": _tags,
    "link": _link,
}
"""What patterns get beside Zotero's fields: name -> how it is worked out."""
