"""Who writes where and when."""

from __future__ import annotations

from dataclasses import dataclass, field

from zotsync.model import Schema


@dataclass(frozen=True)
class Writing:
    """The circumstances of one request that writes.

    `by_zotero`: it is Zotero itself that writes.
    `touched`: the items that this request gave a new version on the side.
    """

    library: str
    user_id: int | None
    schema: Schema
    now: str
    by_zotero: bool = False
    touched: set[str] = field(default_factory=set)

    @property
    def personal(self) -> bool:
        """Return whether the library is a user's own."""
        return self.library.startswith("users/")

    @property
    def number(self) -> int:
        """Return the number of the user or group whose library it is."""
        return int(self.library.partition("/")[2])

    def uri(self, key: str) -> str:
        """Return an item's URI, as relations name it."""
        return f"http://zotero.org/{self.library}/items/{key}"

    def local_key(self, uri: str) -> str | None:
        """Return the key of an item of this library that a URI names; None for others."""
        prefix = self.uri("")
        return uri.removeprefix(prefix) if uri.startswith(prefix) else None
