"""What zotsync.toml says about access, checked: proxies, and who may read what."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from zotsync.i18n import _
from zotsync.toml_source import TomlSource

READERS = ("free", "sign-in")
_HOST = r"[\w-]+(?:\.[\w-]+)+"
_PUBLISHER = re.compile(_HOST)
_ALIAS = re.compile(_HOST)
_PROXY = re.compile(
    rf"\.?{_HOST}|https?://{_HOST}(?::\d+)?/[^\s?#]*\?(?:\S*&)?q?url=", re.IGNORECASE
)


def check_proxies(source: TomlSource, table: Mapping[str, str]) -> None:
    """Raise an error with its line where [proxy] has a line that is none of the three forms."""
    aliases: dict[str, str] = {}
    for name, value in table.items():
        if not _PUBLISHER.fullmatch(name):
            message = _("{name} is not a host.").format(name=_quoted(name))
            hint = _("A host stands between // and the next /: {example}.")
            raise source.error(message, name, "proxy", hint.format(example="www.cairn.info"))
        if value and not _PROXY.fullmatch(value):
            message = _("{value} is no way to write a proxy.").format(value=_quoted(value))
            hint = _(
                "A host, a host's end that begins with a dot, or an address that ends in url=."
            )
            raise source.error(message, name, "proxy", hint)
        plain = name.lower().removeprefix("www.")
        first = aliases.setdefault(value.lower(), plain) if _ALIAS.fullmatch(value) else plain
        if first != plain:
            message = _("{value} stands for {host} already.").format(value=value, host=first)
            hint = _(
                "Give each publisher a host of its own, or write the end that they share: {example}."
            )
            raise source.error(
                message, name, "proxy", hint.format(example='".' + value.partition(".")[2] + '"')
            )


def check_open_access(source: TomlSource, table: Mapping[str, str]) -> None:
    """Raise an error with its line where [open_access] says something else than free or sign-in."""
    for name, value in table.items():
        if value and value not in READERS:
            message = _("{value} is not known here.").format(value=_quoted(value))
            hint = _("One of: {names}.").format(names=", ".join(READERS))
            raise source.error(message, name, "open_access", hint)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
