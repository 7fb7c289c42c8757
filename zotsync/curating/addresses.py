"""Checks of addresses: what mail programs and proxies wrapped around them, and what was asked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from zotsync.curating.answers import Outcome
from zotsync.curating.finding import Facts, Finding
from zotsync.handout.links import doi_url, is_elided, target, unwrap, unwrap_text
from zotsync.identifiers import without_tracking
from zotsync.model import Fields

_PROXY_HOST = re.compile(
    r"(?:^|[.-])(?:ez)?proxy(?:[.-]|\d)|(?:^|\.)idm\.oclc\.org$", re.IGNORECASE
)
_PROXY_LOGIN = re.compile(r"/login\?(?:\S*&)?q?url=", re.IGNORECASE)
_WITHOUT_SCHEME = re.compile(
    r"(?:www\.[\w-]+(?:\.[\w-]+)+|[\w-]+(?:\.[\w-]+)*\.(?:fr|org|com|net|eu)/)\S*"
)


def link_of(fields: Fields, facts: Facts) -> str:
    """Return the address to ask for whether an item can be reached; "" where it has none."""
    typed = str(fields.get("url", ""))
    url = facts.proxies.clean(typed) if typed else doi_url(str(fields.get("DOI", "")))
    return (target(url) or "") if url else ""


def wrong_address(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find what is no address that can be opened."""
    typed = str(fields.get("url", ""))
    if typed and target(unwrap(typed)) is None and not is_elided(unwrap(typed)):
        whole = f"https://{typed}"
        can = _WITHOUT_SCHEME.fullmatch(typed) and target(whole)
        yield Finding("url", {"value": typed}, whole if can else None)


def elided(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find addresses of which somebody left out a part: they are printed, and nobody can open them."""
    typed = str(fields.get("url", ""))
    if typed and is_elided(unwrap(typed)):
        yield Finding("url", {"value": typed})


def safelinks(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find the addresses that Outlook put its own around, in texts too."""
    for name in ("url", "abstractNote", "extra"):
        typed = str(fields.get(name, ""))
        plain = unwrap_text(typed)
        if plain != typed:
            yield Finding(name, {"value": typed if name == "url" else ""}, plain, safe=True)


def proxied(fields: Fields, facts: Facts) -> Iterator[Finding]:
    """Find the addresses of the centre's own proxies: stored clean, they are wrapped when printed."""
    typed = str(fields.get("url", ""))
    plain = facts.proxies.unwrap(typed) if typed else ""
    if plain != typed:
        yield Finding("url", {"value": typed}, plain, safe=True)


def other_proxies(fields: Fields, facts: Facts) -> Iterator[Finding]:
    """Find addresses that look like those of a proxy which the configuration does not name."""
    typed = str(fields.get("url", ""))
    if "prox" not in typed.lower() and "login?" not in typed and "idm.oclc" not in typed:
        return
    plain = facts.proxies.clean(typed)
    found = re.match(r"https?://(?:[^/?#@]*@)?([^/?#:]+)", plain, re.IGNORECASE)
    if found and (_PROXY_HOST.search(found[1]) or _PROXY_LOGIN.search(plain)):
        yield Finding("url", {"value": typed, "host": found[1]})


def tracked(fields: Fields, _facts: Facts) -> Iterator[Finding]:
    """Find addresses with `utm_source`, `fbclid` and their like."""
    typed = str(fields.get("url", ""))
    plain = without_tracking(typed)
    if plain != typed:
        yield Finding("url", {"value": typed}, plain, safe=True)


def _answered(fields: Fields, facts: Facts, outcome: Outcome) -> Iterator[Finding]:
    if not facts.answers:
        return
    url = link_of(fields, facts)
    answer = facts.answers.get(url)
    if not answer or answer.outcome is not outcome:
        return
    typed = str(fields.get("url", ""))
    data = {"value": typed or url, "answer": answer, "to": answer.to}
    moved = outcome is Outcome.MOVED and typed and not _is_shorter(url, answer.to)
    yield Finding("url" if typed else "DOI", data, answer.to if moved else None)


def _is_shorter(url: str, to: str) -> bool:
    """Return whether an address leads to a site's first page now: what was there is gone."""
    try:
        return len(urlsplit(to).path) <= 1 < len(urlsplit(url).path)
    except ValueError:
        return True


def gone(fields: Fields, facts: Facts) -> Iterator[Finding]:
    """Find links to what is not there any more."""
    return _answered(fields, facts, Outcome.GONE)


def moved(fields: Fields, facts: Facts) -> Iterator[Finding]:
    """Find links to what has another address for good."""
    return _answered(fields, facts, Outcome.MOVED)


def unsure(fields: Fields, facts: Facts) -> Iterator[Finding]:
    """Find links of which it cannot be told."""
    return _answered(fields, facts, Outcome.UNSURE)


def refused(fields: Fields, facts: Facts) -> Iterator[Finding]:
    """Find links into a network of one's own, which nobody else can open."""
    return _answered(fields, facts, Outcome.REFUSED)
