"""Whether an importer keeps to the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice

from zotsync.plugins.incoming import Beside, Importer, Reference, Source, Unread, UnreadableError
from zotsync.plugins.shapes import odd_reference, odd_value
from zotsync.plugins.testing.watched import ContractError, called
from zotsync.zotero.schema import bundled

_HEAD = 4_000
"""Bytes by which a format is recognised."""
_FEW = 1_000
"""References that any file may have; else one for each byte."""
_CUTS = 12
"""Places at which a sample is cut off, or damaged."""
_ODD: Mapping[str, bytes] = {
    "an empty file": b"",
    "blanks alone": b" \r\n\t\n",
    "a byte order mark alone": b"\xef\xbb\xbf",
    "bytes that are no text": bytes(range(256)) * 8,
    "UTF-16": "\ufeffTitre : été".encode("utf-16-le"),
    "Latin-1": "Titre : été".encode("latin-1"),
    "a line without an end": b"x" * 200_000,
    "ten thousand brackets": b"{[(" * 10_000,
    "XML that names a file": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "a ZIP archive of nothing": b"PK\x05\x06" + b"\0" * 18,
}
"""Files of no format, by what they are."""


def check_importer(importer: Importer, *files: bytes, seconds: float | None = None) -> None:
    """Raise ContractError where `importer` does not do what zotsync relies on.

    Args:
        importer: what to try.
        files: whole files of the format, good ones. The importer recognises each by its beginning and
            reads a reference in it at least. Each is tried again cut off and damaged.
        seconds: how long one call may take.

    """
    _check_form(importer)
    for name, data in _ODD.items():
        _check_head(importer, name, data, seconds)
        _check_read(importer, name, data, seconds)
    for number, data in enumerate(files, 1):
        name = f"file {number}"
        if not _check_head(importer, name, data, seconds):
            raise ContractError(f"{name}: `recognises` says that it is none of its own")
        if not any(
            isinstance(one, Reference) for one in _check_read(importer, name, data, seconds)
        ):
            raise ContractError(f"{name}: gave no Reference")
        for what, worse in _damaged(data):
            _check_head(importer, f"{name} {what}", worse, seconds)
            _check_read(importer, f"{name} {what}", worse, seconds)


def read_with(importer: Importer, data: bytes) -> list[Reference]:
    """Return the references that an importer reads in a file, for tests of what they say."""
    source = Source(data, bundled(), name="file")
    return [one for one in importer.read(source) if isinstance(one, Reference)]


def _check_form(importer: Importer) -> None:
    if not isinstance(importer, Importer):
        raise ContractError(f"{importer!r} is no zotsync.plugins.Importer")
    if not isinstance(importer.title, str) or not importer.title.strip():
        raise ContractError("the title is missing")
    endings = importer.endings
    if not isinstance(endings, tuple) or not endings:
        raise ContractError('the endings are no tuple, such as ("ris",)')
    for ending in endings:
        if not isinstance(ending, str) or not ending.isalnum() or ending != ending.lower():
            raise ContractError(f"an ending has small letters and no dot: {ending!r}")
    for name in ("recognises", "read"):
        if not callable(getattr(importer, name)):
            raise ContractError(f"`{name}` is no function")


def _check_head(importer: Importer, name: str, data: bytes, seconds: float | None) -> bool:
    head = data[:_HEAD]
    says = called(f"{name}: recognises", partial(importer.recognises, head), seconds=seconds)
    if not isinstance(says, bool):
        raise ContractError(f"{name}: `recognises` gave {type(says).__name__}, not True or False")
    return says


def _check_read(
    importer: Importer, name: str, data: bytes, seconds: float | None
) -> list[Reference | Unread | Beside]:
    """Return what is read in a file, the same twice; nothing where it is said to be unreadable."""
    source = Source(data, bundled(), name="file")

    most = max(_FEW, len(data))

    def read() -> list[Reference | Unread | Beside]:
        return list(islice(importer.read(source), most + 1))

    try:
        found = called(name, read, passing=UnreadableError, seconds=seconds)
    except UnreadableError as exc:
        if not str(exc).strip():
            raise ContractError(f"{name}: UnreadableError does not say why") from exc
        return []
    if len(found) > most:
        raise ContractError(f"{name}: gives more and more, without an end")
    for one in found:
        _check_one(name, one)
    if called(name, read, passing=UnreadableError, seconds=seconds) != found:
        raise ContractError(f"{name}: gave something else the second time")
    return found


def _check_one(name: str, one: Reference | Unread | Beside) -> None:
    if isinstance(one, Unread):
        if not (isinstance(one.reason, str) and one.reason and isinstance(one.place, str)):
            raise ContractError(f"{name}: an Unread without a place or a reason")
    elif isinstance(one, Reference):
        schema = bundled()
        if reason := odd_reference(one, schema):
            raise ContractError(f"{name}: a Reference cannot be used: {reason}")
        kind = schema.item_types[one.fields["itemType"]]
        for field, value in one.fields.items():
            if reason := odd_value(field, value, kind):
                raise ContractError(f"{name}: a Reference cannot be used: {reason}")
    elif not isinstance(one, Beside):
        raise ContractError(f"{name}: gave {type(one).__name__}, not Reference, Unread or Beside")


def _damaged(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a file cut off, and with a wrong byte, at some places."""
    for place in sorted({len(data) * n // _CUTS for n in range(_CUTS)}):
        yield f"cut off after {place} bytes", data[:place]
        yield f"with a wrong byte after {place}", data[:place] + b"\xff" + data[place + 1 :]
