"""Addresses: what is printed, what can be clicked, and what a mail program wrapped around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, quote

from zotsync.identifiers import is_doi, plain_doi

SAFELINKS = "safelinks."
"""What every text has that Outlook wrapped an address in."""
_SAFELINK_HOST = ".safelinks.protection.outlook.com"
_SAFELINK = re.compile(r"https?://[\w.-]+\.safelinks\.protection\.outlook\.com/\S+", re.IGNORECASE)
_ELIDED = re.compile(r"…|/\.{3,}/|\.{3,}$")
_BLANK = re.compile(r"\s")
_BAD_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?(?::\d{1,5})?")
_HOST_OF = re.compile(r"https?://(?:[^/?#@]*@)?([^/?#:]+)", re.IGNORECASE)
_USUAL = r"[A-Za-z0-9/?:@!$&'()*+,;=._~-]*+"
_PLAIN = re.compile(
    rf"https?://[a-z0-9][a-z0-9.-]*[a-z0-9](?:[/?]{_USUAL}(?:%[0-9A-Fa-f][0-9A-Fa-f]{_USUAL})*)?"
)
"""Most addresses: nothing in them needs a second look, if they are not elided."""
_MAX_WRAPPINGS = 5


def unwrap(url: str) -> str:
    """Return the address that Outlook's safelinks wrapped; any other address as it is."""
    for _ in range(_MAX_WRAPPINGS):
        if _SAFELINK_HOST not in url.lower() or not host_of(url).endswith(_SAFELINK_HOST):
            return url
        inner = parse_qs(url.partition("?")[2].partition("#")[0]).get("url")
        if not inner:
            return url
        url = inner[0]
    return url


def unwrap_text(text: str) -> str:
    """Return `text` with every safelink in it replaced by the address it wraps."""
    if SAFELINKS not in text:
        return text
    return _SAFELINK.sub(lambda found: unwrap(found[0]), text)


def is_elided(url: str) -> bool:
    """Return whether somebody left out the middle or the end of an address (`…`, `/.../`)."""
    return _ELIDED.search(url) is not None


def target(url: str) -> str | None:
    """Return `url` as a link target that Word accepts; None where it can only be printed as text.

    That is an address that is not http(s), that is elided (`…`, `/.../`), or that is no valid address.
    """
    if ".." not in url and _PLAIN.fullmatch(url):
        return url
    if is_elided(url):
        return None
    if not url.lower().startswith(("http://", "https://")) or not url.isprintable():
        return None
    if _BLANK.search(url):
        return None
    scheme, _, rest = url.partition("://")
    host = re.split("[/?#]", rest, maxsplit=1)[0]
    try:
        plain_host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    if not _HOST.fullmatch(plain_host):
        return None
    tail = _BAD_PERCENT.sub("%25", rest[len(host) :])
    before, mark, fragment = tail.partition("#")
    safe = "%/?:@!$&'()*+,;=~"
    return f"{scheme.lower()}://{plain_host}{quote(before, safe)}{mark}{quote(fragment, safe)}"


def doi_url(doi: str) -> str:
    """Return the address of a DOI (`10.…`, with or without its prefix); "" where it is none."""
    plain = plain_doi(doi)
    return f"https://doi.org/{quote(plain, safe='/:;().,_-')}" if is_doi(plain) else ""


def host_of(url: str) -> str:
    """Return the host of an http(s) address, in lower case and without `www.`; "" without one."""
    found = _HOST_OF.match(url)
    return found[1].lower().removeprefix("www.") if found else ""


def domains(host: str) -> Iterator[str]:
    """Yield `a.b.c`, `b.c`: a host and the domains it stands in, never a bare top level."""
    while "." in host:
        yield host
        host = host.partition(".")[2]
