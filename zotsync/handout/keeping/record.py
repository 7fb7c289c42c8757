"""What is remembered of a printed document, and what becomes of it when it is printed again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Copy:
    """A document as it was written: of which sources, and its bytes."""

    imprint: str
    digest: str


TAKEN_OVER = ""
"""The imprint of a document that somebody edited, and whose corrections have been taken over."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is remembered of one document."""

    written: Copy | None = None
    """None: nothing was ever written there, or nobody knows."""
    beside: Copy | None = None
    """A newer one that was kept beside it."""
    beside_name: str = ""


class Deed(Enum):
    """What is to be done with a document."""

    WRITE = "write"
    REPLACE = "write, and keep what stands there: somebody may miss it"
    BESIDE = "keep the new one beside what was edited by hand"
    UNCHANGED = "nothing: it says all there is to say"
    EDITED = "nothing: there is nothing new, and it was edited by hand"
    WAITS = "nothing: the new one is beside it already"


def decide(
    record: Record, imprint: str, there: str | None, beside: str | None, *, force: bool = False
) -> Deed:
    """Return what to do with a document whose sources have the fingerprint `imprint`.

    `there` and `beside` are the digests of the files that stand there now; None where there is none.
    """
    if there is None:
        return Deed.WRITE
    ours = record.written is not None and there == record.written.digest
    if record.written is None or (ours and record.written.imprint == TAKEN_OVER):
        return Deed.REPLACE
    if force:
        return Deed.WRITE if ours else Deed.REPLACE
    if ours:
        return Deed.UNCHANGED if record.written.imprint == imprint else Deed.WRITE
    if waits(record, imprint, beside):
        return Deed.WAITS
    return Deed.EDITED if record.written.imprint == imprint else Deed.BESIDE


def waits(record: Record, imprint: str, beside: str | None) -> bool:
    """Return whether what would be written stands beside already."""
    return record.beside is not None and record.beside == Copy(imprint, beside or "")
