"""Fingerprints: of a document before any format, and of bytes. Pure.

Whatever a writer prints stands in the document, so the same document in the same theme and format need
not be written again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator

from zotsync.handout.entry import Document, Line

_SIZE = 16


def digest(data: bytes) -> str:
    """Return the fingerprint of some bytes."""
    return hashlib.blake2b(data, digest_size=_SIZE).hexdigest()


def imprinter(document: Document) -> Callable[[Iterable[bytes]], str]:
    """Return what tells the fingerprint of what a document says, and of `others` that it depends on.

    The document is read once.
    """
    content = hashlib.blake2b(digest_size=_SIZE)
    for line in _said(document):
        content.update(_told(line))
    properties, flags = document.properties, (document.cover, document.contents is not None)
    content.update(repr((properties, flags, document.logo)).encode("utf-8", "surrogatepass"))

    def told(others: Iterable[bytes]) -> str:
        found = content.copy()
        for other in others:
            found.update(b"\n%d\n" % len(other))
            found.update(other)
        return found.hexdigest()

    return told


def _said(document: Document) -> Iterator[Line | str]:
    """Yield every line in the order of the parts, and what stands between them."""
    yield from _part("front", document.front)
    yield from _part("contents", (document.contents,) if document.contents else ())
    yield from _part("intro", document.intro)
    for block in document.blocks:
        yield from _part("block", (block.heading,) if block.heading else ())
        for entry in block.entries:
            yield from _part(f"entry {entry.key} {entry.number}", entry.lines)
    for index in document.indexes:
        yield from _part(f"index {index.rows!r}", (index.heading,))
    yield from _part("back", document.back)


def _part(name: str, lines: Iterable[Line]) -> Iterator[Line | str]:
    yield name
    yield from lines


def _told(line: Line | str) -> bytes:
    if isinstance(line, str):
        return f"\n{line}\n".encode("utf-8", "surrogatepass")
    runs = [(r.text, r.mark, sorted(r.faces), r.url, r.code) for r in line.runs]
    return f"\n{line.role.value}{runs!r}".encode("utf-8", "surrogatepass")
