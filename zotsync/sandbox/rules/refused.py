"""The one way in which the sandbox says no: a status code and Zotero's own English words."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any


class RefusedError(Exception):
    """A request, or one object of a request, that is refused.

    `data` names the key that was missing, as Zotero does (`{"collection": "ABCD2345"}`);
    `version` goes into `Last-Modified-Version`, which a 412 carries though it is a failure.
    """

    def __init__(
        self,
        code: int,
        message: str,
        *,
        data: Mapping[str, Any] | None = None,
        version: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data
        self.version = version


class StaleLibraryError(RefusedError):
    """The library moved on since `If-Unmodified-Since-Version`: the whole request is refused."""

    def __init__(self, expected: int, found: int) -> None:
        message = (
            f"Library has been modified since specified version (expected {expected}, "
            f"found {found})"
        )
        super().__init__(412, message, version=found)


def bad(message: str) -> RefusedError:
    """Return the refusal of an input that is wrong in itself (400)."""
    return RefusedError(400, message)


def escaped(message: str) -> str:
    """Return a message as answers carry it: Zotero takes all of them for HTML."""
    return escape(message, quote=False).replace('"', "&quot;")
