"""Handout files made new, and amended when a collection or an item file gets another name.

Text in, text out: whoever calls writes the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zotsync.errors import HandoutError
from zotsync.i18n import _
from zotsync.toml_source import TomlSource


@dataclass(frozen=True, slots=True)
class NewSection:
    """A section of a new handout: its title, its collection's path, and key and title of its items."""

    title: str
    collection: str = ""
    items: tuple[tuple[str, str], ...] = ()


def new_handout_text(
    title: str,
    collection: str = "",
    sections: Sequence[NewSection] = (),
    *,
    comments: Sequence[str] = (),
) -> str:
    """Return a new handout file. The items of a section become its `order`, titles as comments.

    `comments` stand where settings of the handout as a whole do.
    """
    settings = {"title": title, "collection": collection}
    lines = [f"{name} = {_quoted(value)}" for name, value in settings.items() if value]
    lines += [f"# {comment}" for comment in comments]
    for section in sections:
        lines += ["", "[[sections]]", f"title = {_quoted(section.title)}"]
        if section.collection:
            lines.append(f"collection = {_quoted(section.collection)}")
        if section.items:
            rows = (
                f"    {_quoted(key)},  # {_comment(of)}".rstrip(" #") for key, of in section.items
            )
            lines += ['sort = "manual"', "order = [", *rows, "]"]
    return "\n".join(lines) + "\n"


def rename_in_handout(
    text: str, collections: Mapping[str, str], stems: Mapping[str, str] | None = None
) -> str:
    """Return a handout file's text with collection paths and file stems renamed (old -> new).

    Every collection whose path changes is in `collections`, subcollections too. Comments and order
    survive; without anything to rename the text comes back as it was.
    """
    import tomlkit  # noqa: PLC0415 - slow to load, and needed for amending alone
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415

    data = TomlSource(text.replace("\r\n", "\n"), "", HandoutError).parsed()
    if not _mentions(data, collections, stems or {}):
        return text
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as exc:
        message = _("This file cannot be amended: {reason}").format(reason=exc)
        raise HandoutError(message) from exc
    for table in (document, *document.get("sections", [])):
        if (path := table.get("collection")) in collections:
            _replace(table, "collection", collections[path])
        for name in ("order", "exclude"):
            for index, one in enumerate(table.get(name, [])):
                if one in (stems or {}):
                    _replace(table[name], index, (stems or {})[one])
    return tomlkit.dumps(document)


def _mentions(
    data: Mapping[str, Any], collections: Mapping[str, str], stems: Mapping[str, str]
) -> bool:
    tables = [data, *data.get("sections", [])]
    return any(
        table.get("collection") in collections
        or any(one in stems for name in ("order", "exclude") for one in table.get(name, []))
        for table in tables
    )


def _replace(table: Any, name: Any, value: str) -> None:
    """Put `value` in the place of a text, keeping the comment behind it."""
    import tomlkit  # noqa: PLC0415

    item = (
        tomlkit.item(value)
        if "\\" not in value
        else tomlkit.string(value, literal="'" not in value)
    )
    old = table.item(name) if hasattr(table, "item") else table[name]
    item.trivia.comment_ws, item.trivia.comment = old.trivia.comment_ws, old.trivia.comment
    item.trivia.trail = old.trivia.trail
    table[name] = item


def _quoted(text: str) -> str:
    r"""Return `text` as a TOML string; one with a backslash (`Arts\/lettres`) between single quotes."""
    if "\\" in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
