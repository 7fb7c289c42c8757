"""The options by which items are chosen, the same for every command, and the items that they choose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from zotsync.bibliography.paths import Tree
from zotsync.cli.frame.completing import collections, tags, types
from zotsync.cli.frame.group import option
from zotsync.cli.items.naming import collection_named, tags_named, type_named, years_named
from zotsync.i18n import N_
from zotsync.model import Fields, Schema
from zotsync.searching.filters import Filter

_NAMES = ("in_collections", "with_tags", "of_types", "of_years", "with_words")
_OPTIONS = (
    option(
        "--collection",
        "in_collections",
        multiple=True,
        metavar=N_("COLLECTION"),
        shell_complete=collections,
        help=N_("Only what is in COLLECTION or below it. Can be repeated: what is in any of them."),
    ),
    option(
        "--tag",
        "with_tags",
        multiple=True,
        metavar=N_("TAG"),
        shell_complete=tags,
        help=N_("Only what has the tag. Can be repeated: what has all of them."),
    ),
    option(
        "--type",
        "of_types",
        multiple=True,
        metavar=N_("TYPE"),
        shell_complete=types,
        help=N_("Only this item type, in Zotero's word for it. Can be repeated: any of them."),
    ),
    option(
        "--year",
        "of_years",
        metavar=N_("YEAR"),
        help=N_("Only this year, or these: 2020, 2018-2021, 2018-, -2010."),
    ),
    option(
        "--word",
        "with_words",
        multiple=True,
        metavar=N_("WORD"),
        help=N_(
            "Only what has the word anywhere; accents do not count. Can be repeated: all of them."
        ),
    ),
)


@dataclass(frozen=True)
class Asked:
    """What the options say, as typed."""

    in_collections: tuple[str, ...] = ()
    with_tags: tuple[str, ...] = ()
    of_types: tuple[str, ...] = ()
    of_years: str | None = None
    with_words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything was asked for."""
        return self != Asked()

    def wanted(self, items: Mapping[str, Fields], tree: Tree, schema: Schema) -> Filter:
        """Return what is asked for. UsageError where a name is nobody's."""
        return Filter(
            frozenset(collection_named(tree, name) for name in self.in_collections),
            tuple(tags_named(items, name) for name in self.with_tags),
            frozenset(type_named(schema, name) for name in self.of_types),
            years_named(self.of_years) if self.of_years else None,
            self.with_words,
        )


def selecting(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options by which items are chosen; it gets them as `asked`."""

    @wraps(function)
    def call(*args: Any, **given: Any) -> Any:
        asked = Asked(**{name: given.pop(name) for name in _NAMES})
        return function(*args, asked=asked, **given)

    for each in reversed(_OPTIONS):
        each(call)
    return call
