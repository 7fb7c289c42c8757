"""Item files: change what changes, and leave every comment and the order alone.

tomlkit amends. Whatever comes out is read again with tomllib: a text that does not say what was wanted
is never returned.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zotsync.bibliography.field_order import rank
from zotsync.bibliography.lists import amended_list
from zotsync.bibliography.source import all_text, as_typed, statements
from zotsync.bibliography.writing import field_value, in_file, tag_value, toml_key, toml_value
from zotsync.errors import FileError
from zotsync.i18n import _
from zotsync.model import normal

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

Conflicts = Mapping[str, tuple[Any, Any]]
"""Field -> (base value, Zotero's value); "" where empty."""

_CONFLICT = "conflict"
_LISTS = ("creators", "tags", "collections")


def amend_item_text(
    old: str,
    *,
    key: str | None = None,
    changes: Mapping[str, Any] | None = None,
    conflicts: Conflicts | None = None,
) -> str:
    """Return the item file `old` with other values, its comments and order kept, with LF alone.

    `changes`: field -> value in normal form (paths in `collections`); None clears the field. `key` is
    written if given. `conflicts` is the whole set of conflict tables wanted; None leaves them alone.
    What differs in form alone is left as it stands. Raise FileError if the file cannot be amended.
    """
    text = old.removeprefix("\ufeff").replace("\r\n", "\n")
    data = _parsed(text)
    now = {n: v for n, v in _typed(text, data).items() if n != _CONFLICT}
    edits = _edits(now, changes or {})
    if key is not None and now.get("key") != key:
        edits["key"] = key
    tables = _tables(data)
    new_tables = tables if conflicts is None else _wanted_tables(conflicts)
    if not edits and new_tables == tables:
        return text
    _refuse_strays(tables)
    target = {n: v for n, v in (now | edits).items() if v is not None}
    amended = _amended(text, now, edits, (tables, new_tables))
    if amended is None or not _says(amended, target, new_tables):
        amended = _made_anew(text, target, new_tables)
        if not _says(amended, target, new_tables):
            raise FileError(_("This file cannot be amended."), hint=_("Check it with an editor."))
    return amended


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=str)
    except (ValueError, RecursionError) as exc:
        raise FileError(_("This file is not valid TOML any more.")) from exc


def _typed(text: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as parse_item reads them: numbers and dates as typed."""
    if all(all_text(value) for value in data.values()):
        return dict(data)
    sources = {s.name: s.value for s in statements(text)}
    return {n: v if all_text(v) else as_typed(v, sources.get(n, "")) for n, v in data.items()}


def _edits(now: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the changes that are more than a difference of form; None clears."""
    edits: dict[str, Any] = {}
    for name, value in changes.items():
        new = value if in_file(value) else None
        if name not in now and new is None:
            continue
        if name in now and new is not None and _same(name, now[name], new):
            continue
        edits[name] = _kept_order(name, now.get(name), new)
    return edits


def _same(name: str, old: Any, new: Any) -> bool:
    try:
        return bool(_form(name, old) == _form(name, new))
    except (TypeError, KeyError, AttributeError, ValueError):  # the old value has no usable shape
        return False


def _form(name: str, value: Any) -> Any:
    if name == "collections" and not isinstance(value, list):
        return value
    return normal({name: value}).get(name)


def _kept_order(name: str, old: Any, new: Any) -> Any:
    """Return a set in the order in which the file has it, new members last."""
    if name not in ("tags", "collections") or not isinstance(old, list) or new is None:
        return new
    by_form = {_member(entry): entry for entry in new}
    kept = [entry for entry in old if _member(entry) in by_form]
    seen = {_member(entry) for entry in kept}
    return kept + [entry for entry in new if _member(entry) not in seen]


def _member(entry: Any) -> Any:
    if isinstance(entry, dict):
        return str(entry.get("tag")), str(entry.get("type", 0))
    return str(entry), "0"


def _tables(data: Mapping[str, Any]) -> dict[str, Any]:
    found = data.get(_CONFLICT, {})
    return dict(found) if isinstance(found, dict) else {}


def _wanted_tables(conflicts: Conflicts) -> dict[str, Any]:
    return {
        name: {"base": _holdable(base), "zotero": _holdable(zotero)}
        for name, (base, zotero) in sorted(conflicts.items(), key=lambda pair: rank(pair[0]))
    }


def _holdable(value: Any) -> Any:
    return value if in_file(value) else ""


def _refuse_strays(tables: Mapping[str, Any]) -> None:
    """Refuse to drop a field that was typed below a conflict table: TOML takes it for a part."""
    for table, content in tables.items():
        strays = sorted(set(content) - {"base", "zotero"}) if isinstance(content, dict) else []
        if strays:
            message = _("`{field}` stands below [conflict.{table}], and is taken for a part of it.")
            raise FileError(
                message.format(field=strays[0], table=table),
                hint=_("Move it above the first line in square brackets."),
            )


def _amended(
    text: str,
    now: Mapping[str, Any],
    edits: Mapping[str, Any],
    tables: tuple[Mapping[str, Any], Mapping[str, Any]],
) -> str | None:
    """Return the text as tomlkit amends it; None if tomlkit cannot. `tables`: those there, those wanted."""
    for name in sorted(edits.keys() - now.keys(), key=rank):
        text = _inserted(text, name, edits[name])
    old, new = tables
    if edits.keys().isdisjoint(now) and old == new:  # thousands of new files get their key so
        return _with_tables(text, [], {})
    import tomlkit  # noqa: PLC0415 - heavy, and only where a file is amended
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415

    try:
        doc = tomlkit.parse(text)
        for name in edits.keys() & now.keys():
            _set(doc, name, edits[name])
        comments = _without_tables(doc, [n for n in old if old[n] != new.get(n)])
        added = {n: v for n, v in new.items() if old.get(n) != v}
        return _with_tables(doc.as_string(), comments, added)
    except (TOMLKitError, ValueError, KeyError, IndexError, TypeError, AttributeError):
        return None  # tomlkit has bugs on rare layouts; the caller makes the text anew


def _set(doc: TOMLDocument, name: str, value: Any) -> None:
    import tomlkit  # noqa: PLC0415
    from tomlkit.items import Array  # noqa: PLC0415

    if value is None:
        doc.remove(name)
    elif name in _LISTS and isinstance(old := doc[name], Array) and "#" in old.as_string():
        entries = (_entry_values(name, old.unwrap()), _entry_values(name, value))
        doc[name] = tomlkit.value(amended_list(old.as_string(), *entries))
    else:
        doc[name] = tomlkit.value(field_value(name, value))


def _entry_values(name: str, value: list[Any]) -> list[str]:
    return [tag_value(entry) if name == "tags" else toml_value(entry) for entry in value]


def _inserted(text: str, name: str, value: Any) -> str:
    """Return the text with a new field behind the nearest one that belongs before it."""
    lines = text.split("\n")
    there = statements(text)
    before = [s for s in there if rank(s.name) < rank(name)]
    if before:
        last = max(before, key=lambda s: (rank(s.name), s.line))
        place = last.line + last.value.count("\n")
    elif there:
        place = there[0].line - 1
    else:
        headers = (at for at, line in enumerate(lines) if line.lstrip().startswith("["))
        place = next(headers, len(lines))
    return "\n".join(
        [*lines[:place], f"{toml_key(name)} = {field_value(name, value)}", *lines[place:]]
    )


def _without_tables(doc: TOMLDocument, names: list[str]) -> list[str]:
    """Remove conflict tables; return the comments that stood in them."""
    from tomlkit.items import Comment  # noqa: PLC0415

    comments = []
    for name in names:
        table = doc[_CONFLICT][name]
        body = table.value.body
        comments += [item.as_string().strip() for _key, item in body if isinstance(item, Comment)]
        del doc[_CONFLICT][name]
    if names and not doc[_CONFLICT]:
        del doc[_CONFLICT]
    return comments


def _with_tables(text: str, comments: list[str], tables: Mapping[str, Any]) -> str:
    parts = [text.rstrip("\n")]
    parts += comments
    for name, table in tables.items():
        parts.append(f"\n[{_CONFLICT}.{toml_key(name)}]")
        parts += [f"{part} = {field_value(name, value)}" for part, value in table.items()]
    return "\n".join(part for part in parts if part) + "\n"


def _made_anew(text: str, target: Mapping[str, Any], tables: Mapping[str, Any]) -> str:
    """Return a new text that says the same, with the comments at the head of the old one."""
    head = []
    for line in text.split("\n"):
        if line.strip() and not line.lstrip().startswith("#"):
            break
        head.append(line)
    comments = "\n".join(head).strip("\n")
    body = "".join(
        f"{toml_key(name)} = {field_value(name, target[name])}\n"
        for name in sorted(target, key=rank)
    )
    return _with_tables(f"{comments}\n{body}" if comments else body, [], tables)


def _says(text: str, target: Mapping[str, Any], tables: Mapping[str, Any]) -> bool:
    """Return whether the text reads back as what was wanted, and nothing else."""
    try:
        data = tomllib.loads(text, parse_float=str)
    except (ValueError, RecursionError):
        return False
    fields = {n: v for n, v in _typed(text, data).items() if n != _CONFLICT}
    return bool(_plain(fields) == _plain(target) and _plain(_tables(data)) == _plain(tables))


def _plain(value: Any) -> Any:
    """Return a value for comparison: a tag without a type is a text, numbers are texts."""
    if isinstance(value, Mapping):
        if set(value) <= {"tag", "type"} and str(value.get("type", 0)) == "0" and "tag" in value:
            return value["tag"]
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return value if isinstance(value, bool) else str(value)
