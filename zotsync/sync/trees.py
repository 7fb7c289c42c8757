"""The values of sync: what each of the three trees says of an object, and what a plan says to do.

Pure data. Fields are in normal form (`zotsync.model`); items and collections are handled alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from zotsync.errors import Problem, ZotsyncError
from zotsync.model import Fields

EXISTENCE = "deleted"
"""The name a conflict on existence goes by: the file is here, Zotero has trashed or erased the item."""
UNIT = "itemType"
"""The name a conflict goes by between a re-typing and an edit of what the new type lacks."""


class Kind(Enum):
    """The two kinds of objects that are synced."""

    ITEM = "item"
    COLLECTION = "collection"


_ITEMS = "bibliography/items/"


def shown_file(kind: Kind, file: str) -> str:
    """Return in which file an object stands, from the workspace's folder; "" where it has none.

    `file`: an item's, below `bibliography/items/`.
    """
    if kind is Kind.COLLECTION:
        return "bibliography/collections.toml"
    return f"{_ITEMS}{file}" if file else ""


def below_items(shown: str) -> str:
    """Return the path below `items/` of an item's file that is shown so."""
    return shown.removeprefix(_ITEMS)


PARENT = {Kind.ITEM: "parentItem", Kind.COLLECTION: "parentCollection"}
"""The field that says what an object stands in."""


class Local(Enum):
    """What the files say of an object."""

    ABSENT = "absent"
    PRESENT = "present"


class Remote(Enum):
    """What the mirror says of an object. Erased: Zotero has a tombstone, or had it and has it no more."""

    ABSENT = "absent"
    LIVE = "live"
    TRASHED = "trashed"
    ERASED = "erased"


class Base(Enum):
    """What both sides last agreed on."""

    NONE = "none"
    LIVE = "live"
    TRASHED = "trashed"


@dataclass(frozen=True, slots=True)
class LocalObject:
    """An object as the files have it."""

    key: str
    fields: Fields
    file: str = ""
    """Path below `items/` (items), or the path in collections.toml (collections)."""
    open_conflicts: frozenset[str] = frozenset()
    """Fields with a `[conflict.<field>]` table in the file."""
    held: Mapping[str, Problem] = field(default_factory=dict)
    """Fields that cannot be sent, with the reason: they wait, the rest goes."""


@dataclass(frozen=True, slots=True)
class MirrorObject:
    """An object as last seen in Zotero."""

    key: str
    version: int
    status: Remote
    """In a plan's trees the effective one: a child of something trashed is trashed."""
    fields: Fields
    meta: Mapping[str, Any] = field(default_factory=dict)
    """dateAdded, dateModified, createdBy, lastModifiedBy where the server says so."""
    flagged: bool = False
    """Whether the object itself is in Zotero's trash."""

    @property
    def changed_by(self) -> str:
        """Return who changed it last and when, where the server says so.

        It names the last author only where that is somebody else than who made the object.
        """
        who = self.meta.get("lastModifiedBy") or self.meta.get("createdBy")
        return ", ".join(str(part) for part in (who, self.meta.get("dateModified")) if part)


@dataclass(frozen=True, slots=True)
class BaseObject:
    """What both sides last agreed on for an object, and what is under way for it."""

    key: str
    status: Base
    fields: Fields
    shown: Mapping[str, Any] = field(default_factory=dict)
    """Open conflicts: field -> Zotero's value as it was shown in the file ("" where it was empty)."""
    merged: Mapping[str, Any] = field(default_factory=dict)
    """Merges inside a field under way: field -> {"result": …, "zotero": …}."""
    refused: Mapping[str, Any] = field(default_factory=dict)
    """What the server refused: {"digest": of what was sent, "version": …, "message": …}."""
    unseen: tuple[str, ...] = ()
    """Memberships that the file does not show, sorted: they were hidden when it was last settled."""


@dataclass(frozen=True, slots=True)
class Trees:
    """The three trees of one kind of object, key -> object.

    `mirror` has effective statuses: what stands below something trashed is trashed.
    """

    local: Mapping[str, LocalObject] = field(default_factory=dict)
    mirror: Mapping[str, MirrorObject] = field(default_factory=dict)
    base: Mapping[str, BaseObject] = field(default_factory=dict)

    def deleted_here(self, key: str) -> bool:
        """Return whether an object was deleted here while Zotero still has it.

        Trashing it is enough for what stands below it (SYNC §6).
        """
        base, mirror = self.base.get(key), self.mirror.get(key)
        if base is None or mirror is None or key in self.local:
            return False
        return base.status is Base.LIVE and mirror.status is Remote.LIVE

    def keys(self) -> set[str]:
        """Return every key that any tree knows."""
        return {*self.local, *self.mirror, *self.base}


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field that waits: what it was, what is here, what Zotero has. "" where empty."""

    kind: Kind
    key: str
    field: str
    base: Any
    local: Any
    zotero: Any
    file: str = ""
    title: str = ""
    zotero_by: str = ""
    """Who changed it in Zotero and when, where the server says so."""

    @property
    def key_and_field(self) -> tuple[str, str]:
        """Return what names the conflict."""
        return self.key, self.field

    @property
    def sides(self) -> tuple[Any, ...]:
        """Return all that a person decides on: another conflict where one of these is another."""
        return self.key, self.field, self.base, self.local, self.zotero


class Decision(Enum):
    """What happens to an object, by the decision table."""

    NOTHING = "nothing"
    UPDATE = "update"
    """Both there: field by field, in either or both directions."""
    CREATE = "create"
    """Made in Zotero with version 0."""
    NEW_FILE = "new file"
    """A file is written here."""
    TRASH_IN_ZOTERO = "trash in Zotero"
    TRASH_FILE = "trash the file"
    """The file goes to `.zotsync/trash`."""
    RESTORE_IN_ZOTERO = "restore in Zotero"
    RECREATE = "make again in Zotero"
    """Erased there, edited here: made again with its key and version 0."""
    RESTORE_FILE = "restore the file"
    """Deleted here, changed there (the edit wins), or taken out of the trash there."""
    AGREE_TRASHED = "agree: trashed"
    REMEMBER = "remember"
    """Trashed there, never here: remembered, no file."""
    FORGET = "forget"
    ASK = "ask"
    """A conflict on existence."""


class NoticeKind(Enum):
    """What a plan tells people beside its steps."""

    EDIT_WON_OVER_DELETION = "edit won over deletion"
    MERGED_INSIDE_FIELD = "merged inside a field"
    DROPPED_BY_TYPE = "dropped by re-typing"
    HELD_FIELD = "field held back"
    ATTACHMENTS_LOST = "attachments lost"
    CYCLE = "cycle among collections"
    PARENT_MISSING = "missing parent collection"
    ANCESTOR_RESTORED = "collection restored with something inside"
    DELETION_PUT_OFF = "deletion put off"
    LEFT_FOR_DIRECTION = "left for the other direction"
    WAITS_FOR_RIGHTS = "waits for the right to write"
    SETTLED_HERE = "conflict settled for what is here"
    """Its table went from the file; `detail`: what Zotero had, by field."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something worth telling about an object. `detail` is data (field names, values), not prose."""

    what: NoticeKind
    kind: Kind
    key: str
    title: str = ""
    fields: tuple[str, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """What a plan does with one object."""

    kind: Kind
    key: str
    decision: Decision
    title: str = ""
    file: str = ""
    to_file: Mapping[str, Any] = field(default_factory=dict)
    """Field -> value the file gets; None clears it."""
    to_zotero: Mapping[str, Any] = field(default_factory=dict)
    """Field -> value sent; None clears it."""
    agreed: Mapping[str, Any] = field(default_factory=dict)
    """Field -> value that both sides hold now: becomes base without any write; None: both empty."""
    conflicts: tuple[Conflict, ...] = ()
    merged: Mapping[str, Any] = field(default_factory=dict)
    """Field -> {"result", "zotero"} of a merge inside a field, recorded before the file is written."""
    held: tuple[str, ...] = ()
    """Fields that wait (held, or refused before)."""
    refused: str = ""
    """Why Zotero refused just this before; it is not sent again."""
    mark: bool = False
    """Whether the file's `[conflict.…]` tables are not yet those of `conflicts`."""
    inside: tuple[str, ...] = ()
    """Long texts merged inside."""
    revived: bool = False
    """Both sides have it alive where the base says trashed."""
    unseen: tuple[str, ...] | None = None
    """Memberships that the file will not show; None: those that the base knows of."""

    @property
    def acts(self) -> bool:
        """Return whether anything is written, sent or remembered; else the step only tells."""
        quiet = {Decision.NOTHING, Decision.UPDATE, Decision.ASK}
        told = self.to_file or self.to_zotero or self.agreed or self.mark or self.revived
        return bool(self.decision not in quiet or told or self.unseen is not None)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a sync would do, in an order that can be applied. Nothing to do: no steps."""

    steps: tuple[Step, ...] = ()
    notices: tuple[Notice, ...] = ()
    problems: tuple[Problem, ...] = ()
    stop: ZotsyncError | None = None
    """Why a sync would be refused, or leave everything that goes to Zotero; among the problems too."""

    @property
    def acts(self) -> bool:
        """Return whether any step does something."""
        return any(step.acts for step in self.steps)

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Return the conflicts of all steps."""
        return tuple(c for s in self.steps for c in s.conflicts)
