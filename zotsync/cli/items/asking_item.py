"""The questions for a new item: its type, its main fields, its creators, collections and tags."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from zotsync.bibliography.paths import tree_paths
from zotsync.bibliography.shapes import ShapeError, check_path
from zotsync.cli.frame import ask, wording
from zotsync.cli.frame.opening import Opened
from zotsync.cli.frame.session import Session
from zotsync.cli.items.dating import odd_dates
from zotsync.cli.items.naming import collection_named, field_named, type_named
from zotsync.errors import Place, UsageError
from zotsync.i18n import LANGUAGES, _, language
from zotsync.model import ItemType, normal, normal_text
from zotsync.searching.folding import folded
from zotsync.searching.typed import creator_typed, date_typed
from zotsync.sync.deciding.validate import faults
from zotsync.sync.reading.waiting import fault_problem

USUAL = (
    "journalArticle",
    "book",
    "bookSection",
    "report",
    "webpage",
    "thesis",
    "magazineArticle",
    "newspaperArticle",
    "conferencePaper",
    "videoRecording",
    "podcast",
    "statute",
)
_MAIN = (
    *("title", "publicationTitle", "volume", "issue", "edition", "type", "number"),
    *("publisher", "place", "date", "pages", "numPages", "ISBN", "DOI", "url", "abstractNote"),
)
"""Base fields that are asked for, in this order."""
_PRESS = ("publisher", "place")
_RARE: Mapping[str, tuple[str, ...]] = {
    "journalArticle": _PRESS,
    "magazineArticle": (*_PRESS, "DOI"),
    "newspaperArticle": (*_PRESS, "volume", "DOI"),
    "book": ("volume",),
    "bookSection": ("volume",),
    "webpage": (*_PRESS, "DOI"),
    "podcast": (*_PRESS, "DOI"),
    "videoRecording": ("volume", "ISBN", "DOI"),
    "statute": ("DOI",),
}
"""Item type -> base fields that it has and that are hardly ever filled in."""
_ENOUGH = "."


class _EnoughError(Exception):
    """Somebody wants no more questions."""


@dataclass(frozen=True)
class Told:
    """What options say of a new item, as typed."""

    item_type: str | None = None
    fields: tuple[str, ...] = ()
    """`FIELD=VALUE`"""
    creators: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass
class NewItem:
    """A new item on its way: what was told, and what is asked for."""

    session: Session
    opened: Opened
    told: Told
    fields: dict[str, Any] = field(default_factory=dict)

    def made(self) -> dict[str, Any]:
        """Return the fields of the item, `collections` as paths.

        Raises:
            UsageError: what was told cannot be, or nobody is there to tell the rest.

        """
        self.fields = {"itemType": self._type()}
        self._take_told()
        with suppress(_EnoughError):
            self._look_at_dates()
            if self._asking:
                self._ask()
        if not self._kind.value(self.fields, "title"):
            raise UsageError(_("An item needs a title."), hint=_('For example: --set title="…"'))
        self._check()
        return normal(self.fields)

    @property
    def _kind(self) -> ItemType:
        return self.opened.schema.item_types[self.fields["itemType"]]

    @property
    def _asking(self) -> bool:
        return ask.interactive() and not self.session.yes

    # The type

    def _type(self) -> str:
        schema = self.opened.schema
        if self.told.item_type:
            return type_named(schema, self.told.item_type)
        if ask.interactive():
            say = self.session.output.say
            for number, name in enumerate(USUAL, 1):
                say(f"  {number:2}  {wording.type_word(schema, name)}")
        while True:
            instead = _("For example: --type book")
            typed = ask.text(_("Item type: a number, or any type's name"), instead=instead)
            if typed.isdecimal() and 1 <= int(typed) <= len(USUAL):
                return USUAL[int(typed) - 1]
            try:
                return type_named(schema, typed)
            except UsageError as exc:
                self._say(exc)

    # What was told

    def _take_told(self) -> None:
        for typed in self.told.fields:
            name, equals, value = typed.partition("=")
            known = field_named(self.opened.schema, name.strip()) if equals else ""
            if not known:
                message = _("--set {value} does not name a field and a value.").format(value=typed)
                raise UsageError(message, hint=_('For example: --set title="…"'))
            self._put(self._kind.own_name(known) or known, value)
        creators = [self._creator(text) for text in self.told.creators]
        self.fields |= {
            "creators": creators,
            "collections": [self._collection(name) for name in self.told.collections],
            "tags": list(self.told.tags),
        }

    def _put(self, name: str, value: str) -> None:
        base = self._kind.base_fields.get(name, name)
        self.fields[name] = date_typed(value) if base == "date" else normal_text(value)

    def _creator(self, text: str) -> dict[str, str]:
        kinds = self._kind.creator_types
        if not kinds:
            word = wording.type_word(self.opened.schema, self._kind.name)
            raise UsageError(_("{type}: this type has no creators.").format(type=word))
        return creator_typed(text, self._roles(), kinds[0])

    def _roles(self) -> Mapping[str, str]:
        schema = self.opened.schema
        return {
            folded(word): kind
            for kind in self._kind.creator_types
            for word in (kind, *(schema.label("creator", kind, tongue) for tongue in LANGUAGES))
        }

    def _collection(self, name: str) -> str:
        tree = self.opened.engine.collections()
        return tree_paths(tree)[collection_named(tree, name)]

    def _check(self) -> None:
        """Raise UsageError for what Zotero would refuse."""
        schema = self.opened.schema
        for name, fault in faults(normal(self.fields), schema, {}).items():
            problem = fault_problem(name, fault, Place(field=name), self.fields["itemType"], schema)
            raise UsageError(problem.message, place=problem.place, hint=problem.hint)

    # Questions

    def _ask(self) -> None:
        self.session.output.explain(
            _("Enter leaves a field empty, a full stop ends the questions.")
        )
        kind = self._kind
        bases = {kind.base_fields.get(name, name): name for name in kind.fields}
        rare = _RARE.get(kind.name, ())
        names = [bases[base] for base in _MAIN if base in bases and base not in rare]
        for number, name in enumerate(names):
            if number == 1 and kind.creator_types and not self.fields["creators"]:
                self._ask_for_creators()
            if not self.fields.get(name):
                self._ask_for(name)
        if not self.fields["collections"]:
            self._ask_for_collections()
        if not self.fields["tags"]:
            typed = self._answer(_("Tags, with commas between"))
            self.fields["tags"] = [tag.strip() for tag in typed.split(",")]

    def _look_at_dates(self) -> None:
        """Tell of dates that cannot be; in a terminal, ask whether they stay."""
        for name, remark in odd_dates(self.opened, self.fields).items():
            self.session.output.explain(remark, style="yellow")
            if self._asking and not ask.decide(_("Keep it as it is?"), default=False):
                self._ask_for(name)

    def _ask_for(self, name: str) -> None:
        self._put(name, self._answer(wording.field_word(self.opened.schema, name)))
        if self._kind.base_fields.get(name, name) == "date":
            self._look_at_dates()

    def _answer(self, question: str) -> str:
        typed = ask.text(question, default="", instead="")
        if typed == _ENOUGH:
            raise _EnoughError
        return typed

    def _ask_for_creators(self) -> None:
        schema, kinds = self.opened.schema, self._kind.creator_types
        word = schema.label("creator", kinds[0], language())
        hint = _("Name, First name; an institution without a comma.")
        others = [schema.label("creator", kind, language()) for kind in kinds[1:4]]
        if others:
            role = _("Another role stands behind it in brackets: ({role}).")
            hint += " " + role.format(role=_(") or (").join(others))
        self.session.output.explain(hint)
        while typed := self._answer(word):
            self.fields["creators"].append(self._creator(typed))

    def _ask_for_collections(self) -> None:
        while typed := self._answer(_("Collection")):
            try:
                self.fields["collections"].append(self._collection(typed))
            except UsageError as exc:
                self._say(exc)
                if _is_path(typed) and ask.decide(_("Make this collection?"), default=False):
                    self.fields["collections"].append(typed)

    def _say(self, error: UsageError) -> None:
        self.session.output.explain(str(error.problem), style="yellow")


def _is_path(text: str) -> bool:
    try:
        check_path(text)
    except ShapeError:
        return False
    return True
