"""Lists of links, by collection: OPML for feed readers and outliners, bookmarks for web browsers."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from zotsync.handout.links import doi_url
from zotsync.handout.text.markup import plain_text
from zotsync.i18n import N_
from zotsync.model import Fields
from zotsync.plugins.contract import Export, Exporter

_NAMES = re.compile(r"(?:[^\\/]|\\[\\/])+")
_ESCAPED = re.compile(r"\\(.)")
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANKS = re.compile("[ \t\n]+")
_WEB = re.compile(r"https?://[^\s]+", re.IGNORECASE)


@dataclass
class Shelf:
    """A collection: the collections in it, and its links (address, title)."""

    below: dict[str, Shelf] = field(default_factory=dict)
    links: list[tuple[str, str]] = field(default_factory=list)


def shelves(export: Export) -> Shelf:
    """Return the links of all references in their collections; what is in none stands at the root."""
    root = Shelf()
    for fields in export.entries.values():
        if address := address_of(export, fields):
            link = (address, _title(export, fields) or address)
            for path in export.paths(fields) or [""]:
                _shelf(root, path).links.append(link)
    return root


def _shelf(root: Shelf, path: str) -> Shelf:
    at = root
    for name in _NAMES.findall(path):
        at = at.below.setdefault(_ESCAPED.sub(r"\1", name), Shelf())
    return at


def address_of(export: Export, fields: Fields) -> str:
    """Return where an item is on the web: its address, else that of its DOI; "" for neither."""
    address = export.value(fields, "url").strip()
    if _WEB.fullmatch(address):
        return address
    return doi_url(export.value(fields, "DOI"))


def _title(export: Export, fields: Fields) -> str:
    return _BLANKS.sub(" ", plain_text(export.value(fields, "title"))).strip()


def _heading(export: Export) -> str:
    return {"fr": "Liens"}.get(export.language, "Links")


def _escaped(text: str) -> str:
    return html.escape(_NO_XML.sub("", text))


def write_opml(export: Export) -> bytes:
    """Return the links as OPML 2.0."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"  <head><title>{_heading(export)}</title></head>",
        "  <body>",
        *_outlines(shelves(export), "    "),
        "  </body>",
        "</opml>",
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _outlines(shelf: Shelf, indent: str) -> Iterator[str]:
    for name, below in sorted(shelf.below.items()):
        yield f'{indent}<outline text="{_escaped(name)}">'
        yield from _outlines(below, f"{indent}  ")
        yield f"{indent}</outline>"
    for address, title in shelf.links:
        yield f'{indent}<outline type="link" text="{_escaped(title)}" url="{_escaped(address)}"/>'


def write_bookmarks(export: Export) -> bytes:
    """Return the links as the bookmark file that every browser reads."""
    lines = [
        "<!DOCTYPE NETSCAPE-Bookmark-file-1>",
        '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">',
        f"<TITLE>{_heading(export)}</TITLE>",
        f"<H1>{_heading(export)}</H1>",
        *_marks(shelves(export), ""),
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _marks(shelf: Shelf, indent: str) -> Iterator[str]:
    yield f"{indent}<DL><p>"
    for name, below in sorted(shelf.below.items()):
        yield f"{indent}    <DT><H3>{_escaped(name)}</H3>"
        yield from _marks(below, f"{indent}    ")
    for address, title in shelf.links:
        yield f'{indent}    <DT><A HREF="{_escaped(address)}">{_escaped(title)}</A>'
    yield f"{indent}</DL><p>"


def has_address(export: Export, fields: Fields) -> bool:
    """Return whether an item can be linked to."""
    return bool(address_of(export, fields))


OPML = Exporter(
    N_("OPML, links by collection for feed readers and outliners"), "opml", write_opml, has_address
)
BOOKMARKS = Exporter(
    N_("Bookmarks, links by collection for web browsers"), "html", write_bookmarks, has_address
)
