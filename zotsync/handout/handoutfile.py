"""Handout files: what a handout is, read strictly from TOML; every error names file and line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from zotsync.errors import HandoutError, Place
from zotsync.handout.choices import NAMES, Choices
from zotsync.handout.choosing import check_word, checked_choices
from zotsync.handout.nearest import near_or_all
from zotsync.handout.spots import line_with, lines_of
from zotsync.i18n import _
from zotsync.reasons import reason_of
from zotsync.toml_source import TomlSource, read_text

_TEXTS = ("title", "subtitle", "date", "collection", "theme", "introduction")
_TOP = (*_TEXTS, "rest", "exclude", "repeat", "sections", *NAMES)
_SECTION = ("title", "collection", "itemTypes", "tag", "sort", "order", "exclude", "repeat")
_OTHER_WORDS = {
    _TOP: dict.fromkeys(("kind", "kinds", "type", "types", "itemtype", "itemtypes"), 'by = "kind"'),
    _SECTION: dict.fromkeys(("kind", "kinds", "by", "type", "types"), "itemTypes"),
}
"""What people may type for item types, where sections are made of them."""


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """One `[[sections]]` table, as it stands in the file."""

    title: str = ""
    collection: str = ""
    """A path or a key; "" for the handout's own."""
    item_types: tuple[str, ...] = ()
    tag: str = ""
    sort: str = ""
    """"" for the handout's own."""
    order: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Handout:
    """A handout file, as it stands. Collections are paths or keys as they were typed."""

    file: str = ""
    title: str = ""
    subtitle: str = ""
    date: str = ""
    collection: str = ""
    """"" for the whole bibliography."""
    theme: str = ""
    """"" for the configured one."""
    introduction: str = ""
    rest: str | None = ""
    """Title of the last section; "" for the theme's word; None leaves it out."""
    repeat: bool = False
    exclude: tuple[str, ...] = ()
    sections: tuple[SectionSpec, ...] = ()
    choices: Mapping[str, Any] = field(default_factory=dict)
    """What it chooses of `choices.Choices`."""
    text: str = field(default="", repr=False, compare=False)

    def overridden(self, choices: Mapping[str, Any]) -> Handout:
        """Return the handout as somebody wants it this once: "by" and "sort" also of what it names itself."""
        if choices.get("by"):
            return replace(self, sections=())
        if sort := choices.get("sort"):
            changed = (replace(section, sort=sort, order=()) for section in self.sections)
            return replace(self, sections=tuple(changed))
        return self

    def is_sorted_by(self, sort: str, choices: Choices) -> bool:
        """Return whether some section has this order: its own, or the one that is chosen."""
        return choices.sort == sort or any(section.sort == sort for section in self.sections)

    def place(self, spot: str, needle: str = "") -> Place:
        """Return where a setting (`collection`, `sections[1].order`) stands, or `needle` in it."""
        lines = lines_of(self.text)
        line = lines.get(spot) or lines.get(spot.partition(".")[0])
        return Place(self.file, line_with(self.text, needle, line) if needle else line, spot)


def read_handout(path: Path, shown: str = "") -> Handout:
    """Return the handout in the file `path`; errors call it `shown` (by default its path).

    Raises HandoutError with file, line and reason.
    """
    file = shown or str(path)
    try:
        raw = path.read_bytes()
    except FileNotFoundError as exc:
        hint = _("`zotsync handout new NAME` makes one.")
        raise HandoutError(_("There is no such handout."), place=Place(file), hint=hint) from exc
    except OSError as exc:
        message = _("The handout cannot be read: {reason}").format(reason=reason_of(exc))
        raise HandoutError(message, place=Place(file)) from exc
    return parse_handout(raw, file)


def parse_handout(raw: bytes, file: str) -> Handout:
    """Return the handout that `raw` (TOML, UTF-8) describes. Raises HandoutError with the line."""
    text = read_text(raw, file, HandoutError)
    data = TomlSource(text, file, HandoutError).parsed()
    reader = _Reader(Handout(file=file, text=text))
    reader.known(data, _TOP, "")
    tables = data.get("sections", [])
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        message = _("Sections are tables: begin each with {line}.").format(line="[[sections]]")
        raise HandoutError(message, place=reader.handout.place("sections"))
    return Handout(
        file=file,
        text=text,
        **{name: reader.text(data, name, "") for name in _TEXTS},
        rest=_rest(reader, data),
        repeat=reader.flag(data, "repeat", ""),
        exclude=reader.texts(data, "exclude", ""),
        sections=tuple(_section(reader, table, i) for i, table in enumerate(tables)),
        choices=checked_choices(data, reader.fail),
    )


def _rest(reader: _Reader, data: Mapping[str, Any]) -> str | None:
    value = data.get("rest", True)
    if isinstance(value, bool):
        return "" if value else None
    return reader.text(data, "rest", "")


def _section(reader: _Reader, table: Mapping[str, Any], index: int) -> SectionSpec:
    spot = f"sections[{index}]"
    reader.known(table, _SECTION, spot)
    sort = reader.text(table, "sort", spot) or ("manual" if "order" in table else "")
    check_word(
        "sort", sort, lambda message, name, hint: reader.fail(message, f"{spot}.{name}", hint)
    )
    return SectionSpec(
        title=reader.text(table, "title", spot),
        collection=reader.text(table, "collection", spot),
        item_types=reader.texts(table, "itemTypes", spot),
        tag=reader.text(table, "tag", spot),
        sort=sort,
        order=reader.texts(table, "order", spot),
        exclude=reader.texts(table, "exclude", spot),
        repeat=reader.flag(table, "repeat", spot),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Takes values of one kind out of tables, and says where one is of another."""

    handout: Handout

    def known(self, table: Mapping[str, Any], names: tuple[str, ...], spot: str) -> None:
        """Refuse a setting that handout files do not have."""
        for name in table:
            if name not in names:
                message = _("Unknown setting: {name}.").format(name=name)
                hint = near_or_all(name, names, _OTHER_WORDS[names])
                raise HandoutError(message, place=self._place(name, spot), hint=hint)

    def text(self, table: Mapping[str, Any], name: str, spot: str) -> str:
        """Return a text; dates and whole numbers without quotes are taken as typed."""
        value = table.get(name, "")
        if isinstance(value, bool) or not isinstance(value, str | int | dt.date):
            message = _("{name} must be a text between quotes.").format(name=name)
            raise HandoutError(message, place=self._place(name, spot))
        return str(value).strip()

    def fail(self, message: str, spot: str, hint: str) -> HandoutError:
        """Return the error that names a setting."""
        return HandoutError(message, place=self.handout.place(spot), hint=hint)

    def flag(self, table: Mapping[str, Any], name: str, spot: str) -> bool:
        """Return true or false."""
        value = table.get(name, False)
        if not isinstance(value, bool):
            message = _("{name} must be true or false.").format(name=name)
            raise HandoutError(message, place=self._place(name, spot))
        return value

    def texts(self, table: Mapping[str, Any], name: str, spot: str) -> tuple[str, ...]:
        """Return a list of texts."""
        value = table.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            message = _("{name} must be a list of texts between quotes.").format(name=name)
            hint = _('For example: {name} = ["…", "…"]').format(name=name)
            raise HandoutError(message, place=self._place(name, spot), hint=hint)
        return tuple(one.strip() for one in value)

    def _place(self, name: str, spot: str) -> Place:
        return self.handout.place(f"{spot}.{name}" if spot else name)
