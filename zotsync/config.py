"""The configuration of a workspace: `zotsync.toml`, read strictly and never with an API key in it.

Where a workspace's files are is `zotsync.workspace`, what an address is `zotsync.addresses`; their names are
offered here too.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from zotsync.access_tables import check_open_access, check_proxies
from zotsync.addresses import parse_api_url, parse_group
from zotsync.check_table import Checking, read_checks
from zotsync.errors import ConfigError, Place, UsageError
from zotsync.i18n import _
from zotsync.reasons import reason_of
from zotsync.toml_source import TomlSource, read_text
from zotsync.workspace import CONFIG_NAME, Workspace, find_workspace, make_private

__all__ = [
    "CONFIG_NAME",
    "DEFAULT_API_URL",
    "ON_CONFLICT",
    "Centre",
    "Config",
    "Workspace",
    "find_workspace",
    "load_config",
    "make_private",
    "new_config_text",
    "parse_api_url",
    "parse_config",
    "parse_group",
]

DEFAULT_API_URL = "https://api.zotero.org"
ON_CONFLICT = ("ask", "local", "remote", "keep")

_SECRET_NAMES = frozenset({"apikey", "key", "zoteroapikey", "zoterokey"})
_SECRET = re.compile(r"(?=[A-Za-z0-9]*(?:[0-9]|[a-z][A-Z]))[A-Za-z0-9]{24}(?![A-Za-z0-9])")
"""What Zotero's keys look like; a word of 24 letters in one case is none."""
_SECRET_IN_TEXT = re.compile(rf"(?i:key)[\"']?\s*[=:]\s*[\"']?({_SECRET.pattern})")


@dataclass(frozen=True, slots=True)
class Centre:
    """Who hands the documents out: printed on every handout. "" leaves a line out."""

    institution: str = ""
    address: str = ""
    contact: str = ""
    logo: str = ""
    """A picture's path, relative to the workspace."""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """What `zotsync.toml` says; `config.example.toml` explains every line."""

    group: int
    api_url: str = DEFAULT_API_URL
    on_conflict: str = "ask"
    theme: str = "classique"
    after_sync: tuple[str, ...] = ()
    centre: Centre = Centre()
    access: Mapping[str, str] = field(default_factory=dict)
    """Host or catalogue -> the label of « Disponible sur … »; "" prints none."""
    open_access: Mapping[str, str] = field(default_factory=dict)
    """Host, catalogue or `tag:…` -> "free" or "sign-in"."""
    proxy: Mapping[str, str] = field(default_factory=dict)
    """Publisher's host -> how readers reach it: `zotsync.handout.proxies`."""
    check: Checking = field(default_factory=Checking)


_TABLES: Mapping[str, tuple[str, ...]] = {
    "": tuple(f.name for f in fields(Config)),
    "centre": tuple(f.name for f in fields(Centre)),
}
_TEXTS = ("centre", "access", "open_access", "proxy")
"""Tables whose values are all texts."""


def load_config(workspace: Workspace) -> Config:
    """Return what the workspace's `zotsync.toml` says; every error names file and line."""
    file = str(workspace.config_file)
    try:
        raw = workspace.config_file.read_bytes()
    except OSError as exc:
        message = _("The configuration cannot be read: {reason}").format(reason=reason_of(exc))
        raise ConfigError(message, place=Place(file)) from exc
    return parse_config(read_text(raw, file, ConfigError), file)


def parse_config(text: str, file: str = CONFIG_NAME) -> Config:
    """Return what `text` (TOML) says. Raises ConfigError with `file` and line."""
    source = TomlSource(text, file, ConfigError)
    if found := _SECRET_IN_TEXT.search(source.text):
        raise _secret(source, source.text.count("\n", 0, found.start(1)) + 1)
    data = source.parsed()
    _refuse_secrets(source, data)
    _refuse_unknown(source, data, "")
    tables = {name: _table(source, data, name) for name in _TEXTS}
    _refuse_unknown(source, tables["centre"], "centre")
    check_open_access(source, tables["open_access"])
    check_proxies(source, tables["proxy"])
    return Config(
        group=_group(source, data),
        api_url=_api_url(source, data),
        on_conflict=_on_conflict(source, data),
        theme=_text(source, data, "theme", "classique"),
        after_sync=_after_sync(source, data),
        centre=Centre(**tables["centre"]),
        access=tables["access"],
        open_access=tables["open_access"],
        proxy=tables["proxy"],
        check=read_checks(source, data),
    )


def _secret(source: TomlSource, line: int | None) -> ConfigError:
    return ConfigError(
        _("An API key stands here: the configuration is a file that people share."),
        place=Place(source.file, line),
        hint=_("Remove it from the file, then type: zotsync login"),
    )


def _refuse_secrets(source: TomlSource, data: Mapping[str, Any], table: str = "") -> None:
    """Refuse whatever is called a key, or looks like one of Zotero's, at any depth."""
    for name, value in data.items():
        plain = name.lower().replace("_", "").replace("-", "")
        values = value if isinstance(value, list) else [value]
        looks = any(isinstance(v, str) and _SECRET.fullmatch(v.strip()) for v in (name, *values))
        if plain in _SECRET_NAMES or looks:
            raise _secret(source, source.line(name, table))
        for nested in values:
            if isinstance(nested, dict):
                _refuse_secrets(source, nested, f"{table}.{name}" if table else name)


def _refuse_unknown(source: TomlSource, data: Mapping[str, Any], table: str) -> None:
    for name in data:
        if name not in _TABLES[table]:
            message = _("Unknown setting: {name}").format(name=name)
            raise source.error(message, name, table, _way_out(name, table))


def _way_out(name: str, table: str) -> str:
    """Return a hint to what was meant: the right place, or the closest known name."""
    if not table and name in _TABLES["centre"]:
        return _("It belongs below the line {table}.").format(table="[centre]")
    if table and name in _TABLES[""]:
        return _("It belongs above the first line in square brackets.")
    if close := difflib.get_close_matches(name, _TABLES[table], 1, 0.5):
        return _("Did you mean {name}?").format(name=close[0])
    return _("Known here: {names}.").format(names=", ".join(_TABLES[table]))


def _text(source: TomlSource, data: Mapping[str, Any], name: str, default: str) -> str:
    value = data.get(name, default)
    if not isinstance(value, str):
        raise source.error(_("A text in quotes is wanted here."), name)
    return value


def _table(source: TomlSource, data: Mapping[str, Any], table: str) -> dict[str, str]:
    """Return a table whose values are all texts."""
    values = data.get(table, {})
    if not isinstance(values, dict):
        hint = _("Write it as a line {table}, and its settings below.").format(table=f"[{table}]")
        raise source.error(_("A table is wanted here."), table, hint=hint)
    for name, value in values.items():
        if isinstance(value, dict):
            hint = _("A name with a dot stands in quotes.")
            raise source.error(_("A text in quotes is wanted here."), name, table, hint)
        if not isinstance(value, str):
            raise source.error(_("A text in quotes is wanted here."), name, table)
    return values


def _group(source: TomlSource, data: Mapping[str, Any]) -> int:
    value = data.get("group")
    if value is None:
        raise ConfigError(
            _("The number of the Zotero group is missing."),
            place=Place(source.file),
            hint=_("Add a line such as: group = 1234567"),
        )
    if isinstance(value, bool) or not isinstance(value, int | str):
        hint = _("For example: {example}").format(example="group = 1234567")
        raise source.error(_("A group is a whole number above 0."), "group", hint=hint)
    try:
        return parse_group(str(value))
    except UsageError as exc:
        message, hint = exc.problem.message, exc.problem.hint
        raise source.error(message, "group", hint=hint) from exc


def _api_url(source: TomlSource, data: Mapping[str, Any]) -> str:
    try:
        return parse_api_url(_text(source, data, "api_url", DEFAULT_API_URL))
    except UsageError as exc:
        raise source.error(exc.problem.message, "api_url", hint=exc.problem.hint) from exc


def _on_conflict(source: TomlSource, data: Mapping[str, Any]) -> str:
    value = _text(source, data, "on_conflict", "ask")
    if value not in ON_CONFLICT:
        message = _("{value} is not known here.").format(value=json.dumps(value))
        hint = _("One of: {names}.").format(names=", ".join(ON_CONFLICT))
        raise source.error(message, "on_conflict", hint=hint)
    return value


def _after_sync(source: TomlSource, data: Mapping[str, Any]) -> tuple[str, ...]:
    value = data.get("after_sync", [])
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        hint = _("For example: {example}").format(example='after_sync = ["render --all"]')
        raise source.error(_("A list of texts is wanted here."), "after_sync", hint=hint)
    return tuple(value)


def new_config_text(
    group: int,
    api_url: str = DEFAULT_API_URL,
    *,
    group_name: str = "",
    theme: str = "classique",
    centre: Centre = Centre(),
) -> str:
    """Return a new `zotsync.toml` for a group, with its comments in the user's language."""
    blanked = " ".join("".join(c if c.isprintable() else " " for c in group_name).split())
    lines = [
        "# " + _("zotsync's settings. Never put an API key here: zotsync login keeps it safe."),
        f"group = {group}" + (f"  # {blanked}" if blanked else ""),
        f"{'# ' if api_url == DEFAULT_API_URL else ''}api_url = {_quoted(api_url)}",
        "",
        "# " + _("When both sides changed the same field: ask, local, remote or keep."),
        'on_conflict = "ask"',
        "# " + _("The look of handouts: zotsync themes lists them."),
        f"theme = {_quoted(theme)}",
        "",
        "# " + _("Printed on every handout; the logo is a picture's path from this folder."),
        "[centre]",
        *(f"{f.name} = {_quoted(getattr(centre, f.name))}" for f in fields(Centre)),
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Return `text` as a TOML string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
