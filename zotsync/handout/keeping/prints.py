"""What was printed when, and how it looked then: kept in `.zotsync/prints.json`.

Nothing is lost with it but the knowledge whether somebody has edited a document since.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from zotsync.handout.keeping.record import TAKEN_OVER, Copy, Record
from zotsync.handout.keeping.replacing import replace_file

NAME = "prints.json"
_VERSION = 1
_DOCUMENTS, _HANDOUTS = "documents", "handouts"


@dataclass(frozen=True, slots=True)
class Printing:
    """When a handout got the content it has, and when it was last printed."""

    content: str = ""
    """The fingerprint of what it says."""
    day: str = ""
    """ISO: the day on which it began to say so."""
    printed: str = ""
    """ISO, with the time of day, UTC."""


@dataclass
class Prints:
    """The prints of one workspace. Every change is written down at once."""

    file: Path
    _data: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, private: Path) -> Prints:
        """Return what is kept in the folder `.zotsync`; one that is damaged counts as empty."""
        return cls(private / NAME, _read(private / NAME))

    def record(self, document: str) -> Record:
        """Return what is remembered of a document."""
        found = self._data.get(_DOCUMENTS, {}).get(document)
        try:
            return _record(found) if found else Record()
        except (TypeError, KeyError, AttributeError):
            return Record()

    def printing(self, handout: str) -> Printing:
        """Return what is remembered of a handout."""
        found = self._data.get(_HANDOUTS, {}).get(handout)
        try:
            return Printing(**found) if found else Printing()
        except TypeError:
            return Printing()

    def remember(self, document: str, record: Record) -> None:
        """Keep what is known of a document."""
        if record != self.record(document):
            self._put(_DOCUMENTS, document, asdict(record))

    def taken_over(self, document: str, digest: str) -> None:
        """Note that all that somebody edited in a document has been taken over: it may be written again."""
        record = self.record(document)
        if record.written is not None:
            self.remember(document, replace(record, written=Copy(TAKEN_OVER, digest)))

    def remember_printing(self, handout: str, printing: Printing) -> None:
        """Keep what is known of a handout."""
        if printing != self.printing(handout):
            self._put(_HANDOUTS, handout, asdict(printing))

    def _put(self, table: str, name: str, value: Mapping[str, Any]) -> None:
        data = _read(self.file)  # another command may have printed something else meanwhile
        data.setdefault(table, {})[name] = value
        self._data = data | {"version": _VERSION}
        text = json.dumps(self._data, ensure_ascii=False, indent=1, sort_keys=True)
        replace_file(self.file, text.encode("utf-8"))


def printing_now(before: Printing, content: str, now: dt.datetime) -> Printing:
    """Return a handout's printing: its day stays as long as it says the same. Pure."""
    same = before.content == content and before.day
    day = before.day if same else now.astimezone().date().isoformat()
    return Printing(content, day, now.isoformat())


def _read(file: Path) -> dict[str, Any]:
    try:
        data = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    tables = (_DOCUMENTS, _HANDOUTS)
    if not isinstance(data, dict) or any(not isinstance(data.get(t, {}), dict) for t in tables):
        return {}
    return data


def _record(data: Mapping[str, Any]) -> Record:
    written, beside = (Copy(**data[n]) if data[n] else None for n in ("written", "beside"))
    return Record(written, beside, str(data["beside_name"]))
