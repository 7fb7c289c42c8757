"""After a write with unknown outcome: what landed becomes base, field by field (SYNC §2). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from zotsync.sync.merging.textmerge import same_note
from zotsync.sync.trees import EXISTENCE, Base, BaseObject, MirrorObject, Remote

_NOW = "CURRENT_TIMESTAMP"


@dataclass(frozen=True, slots=True)
class Sent:
    """What was about to be sent for an object when the outcome was lost."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    """Field -> value; None where it was cleared."""
    created: bool = False
    """Sent with version 0."""
    version: int = 0
    """The mirror's version then."""
    fileless: bool = False
    """It has no file here: the parent of a note that was edited. Its file follows."""

    def as_json(self) -> dict[str, Any]:
        """Return it as state.db keeps it."""
        return {
            "fields": dict(self.fields),
            "created": self.created,
            "version": self.version,
            "fileless": self.fileless,
        }


def confirm(base: BaseObject, sent: Sent) -> BaseObject:
    """Return the base after `sent` is known to have landed: what was sent, nothing else."""
    fields = {} if sent.created else dict(base.fields)
    fields.update(sent.fields)
    return replace(
        base,
        # Without a file it counts as trashed here, and so as restored in Zotero: its file comes back.
        status=Base.TRASHED if sent.fileless else Base.LIVE,
        fields={n: v for n, v in fields.items() if v is not None},
        shown=_left(base.shown, {*sent.fields, EXISTENCE}),
        merged=_left(base.merged, sent.fields),
        refused={},
    )


def settle(base: BaseObject, sent: Sent, mirror: MirrorObject | None) -> BaseObject:
    """Return the base after a pull has shown what became of a lost write."""
    if mirror is None or mirror.status is Remote.ERASED or mirror.version == sent.version:
        return base
    if sent.created:
        return confirm(base, sent)
    landed = {n: v for n, v in sent.fields.items() if _same(n, mirror.fields.get(n), v)}
    if mirror.status is Remote.TRASHED:
        fields = {n: v for n, v in {**base.fields, **landed}.items() if v is not None}
        return replace(base, fields=fields)
    return confirm(base, replace(sent, fields=landed))


def _same(name: str, there: Any, sent: Any) -> bool:
    if isinstance(there, str) and isinstance(sent, str):
        if name == "note":
            return same_note(there, sent)
        if name == "accessDate":
            return sent == _NOW or there == _as_answered(sent)
    return bool(there == sent)


def _as_answered(date: str) -> str:
    """Return a date of access as the server writes it (ZOTERO §5)."""
    return f"{date.replace(' ', 'T').removesuffix('Z')}Z" if ":" in date else date


def _left(under_way: Mapping[str, Any], done: Any) -> dict[str, Any]:
    return {n: v for n, v in under_way.items() if n not in done}
