"""The pull: bring the mirror to one consistent library version.

What is fetched goes to a table of its own; the mirror and its cursor move together, in one
transaction, once every answer of a pass carried the same library version. So a pull that is stopped
leaves the old mirror whole, and the next one fetches only what is still missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from zotsync.errors import Problem, ServerError, UnsafeError
from zotsync.i18n import _
from zotsync.model import Phase, Progress
from zotsync.sync.deciding.relations import without_items
from zotsync.sync.deciding.steps import without_memberships
from zotsync.sync.reading.unread import keep_unread, unread, unread_problem
from zotsync.sync.remembering.objects import Objects, from_server
from zotsync.sync.remembering.state import State
from zotsync.sync.trees import Kind, MirrorObject
from zotsync.zotero.answers import Broken, Deleted, Page, Versions
from zotsync.zotero.shapes import ObjectKind

if TYPE_CHECKING:  # it loads what speaks HTTP, and much is done offline
    from zotsync.zotero.library import GroupLibrary

_PASSES = 20
"""How often a pull catches up with a library that keeps moving."""
_STAGED = 2_000
"""Objects that are written down at a time while a pull goes on: each time costs a wait for the disk."""
_LISTS: Mapping[Kind, ObjectKind] = {Kind.ITEM: "items", Kind.COLLECTION: "collections"}


def pull(
    library: GroupLibrary,
    state: State,
    progress: Progress,
    *,
    full: bool = False,
    written: bool = False,
) -> tuple[Problem, ...]:
    """Bring the mirror to the library's present version; return what cannot be used, and stays as it was.

    Args:
        library: where to pull from.
        state: where the mirror is.
        progress: told how many objects are fetched.
        full: compare everything, whatever the cursor says (a copied workspace).
        written: this run has written, so the library has moved; one that says it has not is an older
            one, set back (a 304 does not tell its version).

    Raises:
        UnsafeError: the library's version went backwards.
        ServerError: it does not stand still, or an answer is not what it should be.

    """
    return _Pull(library, state, progress, full=full, ask=full or written).run()


class _Pull:
    def __init__(
        self,
        library: GroupLibrary,
        state: State,
        progress: Progress,
        *,
        full: bool,
        ask: bool,
    ) -> None:
        self._library = library
        self._state = state
        self._objects = Objects(state)
        self._progress = progress
        self._full = full
        self._ask = ask
        self._since = 0 if full or state.cursor is None else state.cursor
        self._unread: dict[Kind, dict[str, Broken]] = {}
        self._done = self._total = 0

    def run(self) -> tuple[Problem, ...]:
        for _pass in range(_PASSES):
            known = None if self._ask or any(unread(self._state).values()) else self._state.cursor
            items = self._library.item_versions(self._since, unless_modified_since=known)
            if items is None:
                return ()
            self._refuse_backwards(items.library_version)
            if self._one_pass(items):
                return tuple(self._problems())
        raise ServerError(
            _("The library keeps changing while it is read."), hint=_("Try again in a minute.")
        )

    def _refuse_backwards(self, version: int) -> None:
        cursor = self._state.cursor
        if cursor is not None and version < cursor:
            raise UnsafeError(
                _("The library's version went back from {old} to {new}.").format(
                    old=cursor, new=version
                ),
                hint=_(
                    "It was restored to an older state, or is another library. If that is meant,"
                    " run: zotsync sync --rebase"
                ),
            )

    def _one_pass(self, items: Versions) -> bool:
        """Fetch what differs; return whether all answers were of one library version."""
        target = items.library_version
        collections = self._library.collection_versions()
        deleted = self._library.deleted(self._since)
        steady = collections.library_version == deleted.library_version == target
        self._drop_outdated(items, collections, deleted)
        again = unread(self._state)
        again[Kind.COLLECTION] &= collections.versions.keys()
        again[Kind.ITEM] -= deleted.items
        wanted = [
            (kind, list(dict.fromkeys([*self._differing(kind, versions.versions), *again[kind]])))
            for kind, versions in ((Kind.COLLECTION, collections), (Kind.ITEM, items))
        ]
        self._unread = {kind: {} for kind in Kind}
        members = self._members(wanted[0][1])
        steady = steady and all(m and m.library_version == target for m in members.values())
        self._done, self._total = 0, sum(len(keys) for _kind, keys in wanted)
        if self._total:
            self._progress(Phase.PULL, 0, self._total)
        for kind, keys in wanted:
            steady = self._fetch(kind, keys, target) and steady
        if steady:
            self._commit(items, collections, deleted, {k: m for k, m in members.items() if m})
        return steady

    def _drop_outdated(self, items: Versions, collections: Versions, deleted: Deleted) -> None:
        """Drop what an earlier pass has fetched and the server has erased or emptied since.

        It does so without a tombstone for each, and without a new version (ZOTERO §2).
        """
        shelves = set(self._objects.versions(Kind.COLLECTION, "fetched")) - set(
            collections.versions
        )
        old = []
        for obj in self._objects.fetched_items():
            dead = set(obj.fields.get("collections", ())) - set(collections.versions)
            if obj.key not in items.versions or _without(obj, dead, set(deleted.items)) != obj:
                old.append(obj.key)
        if shelves or old:
            with self._state.transaction():
                self._objects.drop_fetched(Kind.COLLECTION, shelves)
                self._objects.drop_fetched(Kind.ITEM, old)

    def _fetch(self, kind: Kind, keys: list[str], target: int) -> bool:
        """Fetch objects; return whether all answers were of the library version `target`."""
        steady = True
        read: list[MirrorObject] = []
        try:
            for page in self._library.fetch(_LISTS[kind], keys):
                steady = steady and page.library_version == target
                read += self._read(kind, page)
                if len(read) >= _STAGED:
                    self._stage(kind, read)
                if steady and len(page.missing) > 1 and not page.objects:
                    raise ServerError(
                        _("The server lists {key} and does not have it.").format(
                            key=page.missing[0]
                        )
                    )
        finally:  # stopped or not: what has come need not be fetched again
            self._stage(kind, read)
        return steady

    def _members(self, changed: list[str]) -> dict[str, Versions | None]:
        """Return the items in those changed collections that the mirror had already; None: erased.

        One that was erased and made again with its key has lost its items, and no version and no
        tombstone tells of it (ZOTERO §2).
        """
        known = self._alive(Kind.COLLECTION)
        return {key: self._library.members(key) for key in changed if key in known}

    def _differing(self, kind: Kind, versions: Mapping[str, int]) -> list[str]:
        known = self._objects.versions(kind) | self._objects.versions(kind, "fetched")
        erased = self._objects.erased(kind)
        return [k for k, v in versions.items() if known.get(k) != v or k in erased]

    def _read(self, kind: Kind, page: Page) -> list[MirrorObject]:
        self._done += len(page.objects) + len(page.broken) + len(page.missing)
        self._progress(Phase.PULL, self._done, self._total)
        lost = [Broken(key, "") for key in page.missing]
        self._unread[kind] |= {broken.key: broken for broken in (*page.broken, *lost)}
        return [
            from_server(kind, o["version"], o["data"], o.get("meta") or {}) for o in page.objects
        ]

    def _problems(self) -> Iterator[Problem]:
        for kind, found in self._unread.items():
            known = self._objects.mirror(kind, found)
            for key, broken in found.items():
                fields = known[key].fields if key in known else {}
                title = fields.get("title") or fields.get("name")
                yield unread_problem(broken, str(title or ""))

    def _stage(self, kind: Kind, read: list[MirrorObject]) -> None:
        if read:
            with self._state.transaction():
                self._objects.put_mirror(kind, read, "fetched")
            read.clear()

    def _commit(
        self,
        items: Versions,
        collections: Versions,
        deleted: Deleted,
        members: Mapping[str, Versions],
    ) -> None:
        """Move mirror and cursor together."""
        version = items.library_version
        with self._state.transaction():
            known = {kind: self._alive(kind) for kind in Kind}
            self._objects.unrelate(self._objects.relating())
            gone = set(deleted.items) - set(items.versions)
            if self._full:
                gone |= known[Kind.ITEM] - set(items.versions)
            # Erased collections take their subcollections along without a tombstone (ZOTERO §2):
            # what is not in the full list is gone.
            lost = (known[Kind.COLLECTION] | set(deleted.collections)) - set(collections.versions)
            for kind, keys in ((Kind.ITEM, gone), (Kind.COLLECTION, lost)):
                erased = self._objects.erased(kind)
                self._objects.erase(kind, keys - erased, version)
            self._take_out(lost & known[Kind.COLLECTION], gone & known[Kind.ITEM])
            # What was fetched is as the server has it: nothing is to be worked out for it.
            self._objects.take_over_fetched()
            for key, there in members.items():
                self._forget_memberships(key, set(there.versions))
            keep_unread(self._state, self._unread)
            self._state.set_meta("cursor", str(version))

    def _forget_memberships(self, collection: str, there: set[str]) -> None:
        """Take a collection that was made again out of items that lost it: never agreed on.

        What the files say of it is then an addition, and sent again (SYNC §4).
        """
        lost = [o for o in self._objects.with_any([collection]) if o.key not in there]
        lost = [o for o in lost if collection in o.fields.get("collections", ())]
        if not lost:
            return
        self._objects.put_mirror(Kind.ITEM, (_without(o, {collection}, set()) for o in lost))
        bases = self._objects.base(Kind.ITEM, (o.key for o in lost))
        self._objects.put_base(
            Kind.ITEM, (without_memberships(base, {collection}) for base in bases.values())
        )

    def _alive(self, kind: Kind) -> set[str]:
        return set(self._objects.versions(kind)) - self._objects.erased(kind)

    def _take_out(self, collections: set[str], items: set[str]) -> None:
        """Do as the server did silently: erased keys leave the items' collections and relations."""
        if not collections and not items:
            return
        touched = [
            cleaned
            for obj in self._objects.with_any([*collections, *items])
            if (cleaned := _without(obj, collections, items)) != obj
        ]
        self._objects.put_mirror(Kind.ITEM, touched)


def _without(obj: MirrorObject, collections: set[str], items: set[str]) -> MirrorObject:
    fields: dict[str, Any] = dict(obj.fields)
    if members := [k for k in fields.pop("collections", ()) if k not in collections]:
        fields["collections"] = members
    return without_items(replace(obj, fields=fields), items)
