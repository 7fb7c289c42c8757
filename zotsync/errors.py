"""The error tree: what is wrong, where, and what to do about it.

Every failure that a user can meet is a `ZotsyncError`; the command line prints it and ends with its
`exit_code` (the codes are part of the contract). Texts are already translated where they are raised.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is wrong. Every part may be missing."""

    file: str = ""
    line: int | None = None
    field: str = ""
    item: str = ""

    def __str__(self) -> str:
        """Return `file:line · field · item`, leaving out what is not known."""
        spot = f"{self.file}:{self.line}" if self.file and self.line else self.file
        return " · ".join(part for part in (spot, self.field, self.item) if part)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in one place that does not stop the rest: what, where, what to do."""

    message: str
    place: Place = Place()
    hint: str = ""

    def __str__(self) -> str:
        """Return one line: place, message, hint."""
        head = f"{self.place}: {self.message}" if str(self.place) else self.message
        return f"{head} {self.hint}" if self.hint else head


class ZotsyncError(Exception):
    """An expected failure. `problem` says what, where, and what to do."""

    exit_code = 1

    def __init__(self, message: str, *, place: Place | None = None, hint: str = "") -> None:
        self.problem = Problem(message, place or Place(), hint)
        super().__init__(str(self.problem))


class UsageError(ZotsyncError):
    """The command was not called as it can be."""

    exit_code = 2


class UnsafeError(ZotsyncError):
    """A guard stopped the run before anything was written."""

    exit_code = 4


class RightsError(ZotsyncError):
    """No key, a wrong key, or a key, role or group that does not allow this."""

    exit_code = 5


class ServerError(ZotsyncError):
    """The server or the network failed; the same command may work later."""

    exit_code = 6


class UnknownOutcomeError(ServerError):
    """A write was sent and its answer did not arrive: read again, never repeat blindly."""


class StaleError(ServerError):
    """The library moved meanwhile (412): pull and plan again."""


class NotThereError(ZotsyncError):
    """The server has no such group or object (404)."""


class FileError(ZotsyncError):
    """A file or folder cannot be read, parsed or written."""


class ConfigError(ZotsyncError):
    """The configuration is missing or wrong."""


class ThemeError(ZotsyncError):
    """A theme is missing or wrong."""


class StyleError(ZotsyncError):
    """A citation style is missing or wrong, or what applies it is."""


class HandoutError(ZotsyncError):
    """A handout file is missing or wrong."""


class PluginError(ZotsyncError):
    """A plugin is missing, cannot be loaded, or failed at work."""
