"""A document put in its place, without writing over what somebody has edited or has open."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from zotsync.errors import FileError, Place
from zotsync.handout.keeping.imprint import digest
from zotsync.handout.keeping.openfiles import Holder, holder_of
from zotsync.handout.keeping.record import Copy, Deed, Record, decide, waits
from zotsync.handout.keeping.replacing import replace_file
from zotsync.i18n import _
from zotsync.reasons import reason_of


class Status(Enum):
    """What became of a document."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    EDITED = "edited"
    """Edited by hand, and there is nothing newer to print."""
    BESIDE = "beside"
    """The new one stands beside the old one: that was edited by hand, or is open."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """Where a document is now."""

    status: Status
    target: Path
    file: Path
    """The newest one: the target, or what stands beside it."""
    record: Record
    holder: Holder | None = None
    """Who has the target open."""
    locked: bool = False
    """Whether the system lets nobody write the target."""
    kept: Path | None = None
    """Where the one that was replaced is, if nobody knows whose it was."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One document on its way: the source's fingerprint, the bytes as soon as they are wanted."""

    target: Path
    imprint: str
    make: Callable[[], bytes]
    record: Record
    replaced: Path
    """The folder for documents that are replaced, and of which nobody knows whose they are."""
    force: bool = False

    def carry_out(self) -> Delivered:
        """Write the document if that is to be done. Raises FileError where it cannot be written."""
        try:
            return self._carried_out()
        except PermissionError as exc:
            locked = self.target.is_file() and os.access(self.target.parent, os.W_OK)
            if not locked:
                raise _refused(self.target, exc) from exc
        except OSError as exc:
            raise _refused(self.target, exc) from exc
        try:
            return replace(self._put_beside(None), locked=True)
        except OSError as exc:
            raise _refused(self.target, exc) from exc

    def _carried_out(self) -> Delivered:
        there = _digest(self.target)
        holder = holder_of(self.target) if there else None
        beside = _digest(self._beside) if self._beside else None
        deed = decide(self.record, self.imprint, there, beside, force=self.force)
        if deed is Deed.UNCHANGED:
            return Delivered(Status.UNCHANGED, self.target, self.target, self._without_beside())
        if deed is Deed.EDITED:
            return Delivered(Status.EDITED, self.target, self.target, self.record)
        if holder or deed in (Deed.BESIDE, Deed.WAITS):
            return self._put_beside(holder)
        data = self.make()
        new = Copy(self.imprint, digest(data))
        now = _digest(self.target)
        if now == new.digest:
            return Delivered(Status.UNCHANGED, self.target, self.target, self._without_beside(new))
        if now != there:  # somebody saved it while the new one was made
            return self._put_beside(holder_of(self.target))
        kept = self._keep() if deed is Deed.REPLACE else None
        replace_file(self.target, data)
        record = self._without_beside(new)
        return Delivered(Status.WRITTEN, self.target, self.target, record, kept=kept)

    @property
    def _beside(self) -> Path | None:
        """Return our document beside the target, if there ever was one."""
        name = self.record.beside_name
        return self.target.with_name(name) if name else None

    def _put_beside(self, holder: Holder | None) -> Delivered:
        """Keep the new document under another name: the one that has ours, else one that is free."""
        file, ours = self._beside, self.record.beside
        found = _digest(file) if file else None
        if file and waits(self.record, self.imprint, found):
            return Delivered(Status.BESIDE, self.target, file, self.record, holder)
        if not (file and ours and found == ours.digest and not holder_of(file)):
            file = next(
                f for f in map(self.target.with_name, _names(self.target)) if not f.exists()
            )
        data = self.make()
        replace_file(file, data)
        new = Copy(self.imprint, digest(data))
        record = replace(self.record, beside=new, beside_name=file.name)
        return Delivered(Status.BESIDE, self.target, file, record, holder)

    def _without_beside(self, written: Copy | None = None) -> Record:
        """Remove our document beside the target, which is new again; one that was edited stays."""
        file, ours = self._beside, self.record.beside
        if file and ours and _digest(file) == ours.digest and not holder_of(file):
            file.unlink(missing_ok=True)
        return Record(written or self.record.written)

    def _keep(self) -> Path:
        """Copy what is going to be replaced."""
        data = self.target.read_bytes()
        stamp = dt.datetime.fromtimestamp(self.target.stat().st_mtime).astimezone()
        known = f"{self.target.stem}-{stamp:%Y%m%d-%H%M%S}"
        file = self.replaced / f"{known}{self.target.suffix}"
        if _digest(file) not in (None, digest(data)):  # another one of that second
            file = file.with_name(f"{known}-{digest(data)[:12]}{self.target.suffix}")
        replace_file(file, data)
        return file


def _names(target: Path) -> Iterator[str]:
    word, number = _("new"), 1
    yield f"{target.stem} ({word}){target.suffix}"
    while True:
        number += 1
        yield f"{target.stem} ({word} {number}){target.suffix}"


def _digest(file: Path) -> str | None:
    """Return the digest of a file; None where there is none."""
    try:
        return digest(file.read_bytes())
    except FileNotFoundError:
        return None


def _refused(path: Path, exc: OSError) -> FileError:
    message = _("The document cannot be written: {reason}").format(reason=reason_of(exc))
    held = isinstance(exc, PermissionError)  # as Windows says of a file that a program has open
    hint = _("Is it open in Word? Close it there, or name another file with -o.") if held else ""
    return FileError(message, place=Place(str(path)), hint=hint)
