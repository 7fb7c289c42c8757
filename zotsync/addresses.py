"""The addresses that people type or paste: of a group's page, and of a Zotero server."""

from __future__ import annotations

import ipaddress
import json
import re
from urllib.parse import urlsplit

from zotsync.errors import UsageError
from zotsync.i18n import _

_NUMBER = "([1-9][0-9]{0,14})"
_GROUP = re.compile(
    rf"(?:(?:https?://)?(?:(?:www|api)\.)?zotero\.org/groups/|zotero://[a-z-]+/groups/)"
    rf"{_NUMBER}(?:[/?#].*)?|{_NUMBER}",
    re.IGNORECASE,
)
_NAMED_GROUP = re.compile(r"(?:https?://)?(?:www\.)?zotero\.org/groups/[^/?#]+", re.IGNORECASE)
_OTHER_PAGE = re.compile(
    r"(?:https?://)?(?:www\.)?zotero\.org(?:/.*)?|zotero://[a-z-]+/library(?:/.*)?", re.IGNORECASE
)
_KEY = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{24}")
"""What Zotero's API keys look like."""
_AROUND = "\"'`“”„‘’«»‹›<>()[].,;"
"""What stands around an address in a mail or a text."""
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")


def parse_group(text: str) -> int:
    """Return the number of a group given as a number or as the address of a page in it.

    Blanks, quotes and brackets around it do not matter.
    """
    bare = _INVISIBLE.sub("", text).strip(_AROUND)
    if found := _GROUP.fullmatch(bare):
        return int(found[1] or found[2])
    if _KEY.fullmatch(bare):
        raise UsageError(
            _("This is an API key, not a group's number."),
            hint=_("zotsync asks for it by itself, and does not show it while you type."),
        )
    shown = json.dumps(text.strip(), ensure_ascii=False)
    where = _("It stands in the address of the group's page: zotero.org/groups/<number>.")
    if _NAMED_GROUP.fullmatch(bare.partition("?")[0].partition("#")[0].rstrip("/")):
        raise UsageError(
            _("{text} is a group's address without its number.").format(text=shown),
            hint=_(
                "Open the group's page, and its library from there: the number is in that address."
            ),
        )
    if _OTHER_PAGE.fullmatch(bare):
        raise UsageError(
            _("{text} is not the address of a group: a personal library, say.").format(text=shown),
            hint=_(
                "Choose the group at https://www.zotero.org/groups, and copy its page's address."
            ),
        )
    raise UsageError(_("{text} is not a group's number.").format(text=shown), hint=where)


def parse_api_url(text: str) -> str:
    """Return the address of a Zotero API without a final slash; only https, loopback aside."""
    try:
        parts = urlsplit(text.strip())
        host, _port = parts.hostname or "", parts.port
    except ValueError as exc:
        raise UsageError(_("api_url is not an address.")) from exc
    if parts.username is not None or parts.query or parts.fragment:
        raise UsageError(_("api_url holds more than an address: no name, password, ? or #."))
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))):
        raise UsageError(
            _("api_url must begin with https://."),
            hint=_("The API key travels with every request; http is for this very machine only."),
        )
    return parts.geturl().rstrip("/")


def is_loopback(host: str) -> bool:
    """Return whether `host` is this very machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name
        return False
