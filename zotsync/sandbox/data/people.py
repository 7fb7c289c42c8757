"""Users: their names, and who may log in as whom."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from zotsync.sandbox.data.transaction import Transaction
from zotsync.sandbox.rules.texts import dumps


@dataclass(frozen=True)
class User:
    """A user of the server."""

    id: int
    username: str
    display_name: str = ""
    trusting: bool = False
    """Whether anybody may log in under this name."""
    any_email: bool = False
    """Whether any e-mail address is hers."""
    quota: int = 0
    """Megabytes of file storage that were paid for; 0 for none."""
    quota_expires: int = 0

    @property
    def name(self) -> str:
        """Return the name that answers show."""
        return self.display_name or self.username


def put_user(tx: Transaction, user: User) -> None:
    """Make a user, or change one."""
    facts = asdict(user)
    del facts["id"], facts["username"]
    tx.run("INSERT OR REPLACE INTO users VALUES (?, ?, ?)", user.id, user.username, dumps(facts))


def find_user(tx: Transaction, user_id: int | None) -> User | None:
    """Return a user; None if there is none with this number."""
    rows = tx.rows("SELECT username, facts FROM users WHERE id = ?", user_id)
    if not rows:
        return None
    username, facts = rows[0]
    return User(user_id or 0, username, **json.loads(facts))


def open_users(tx: Transaction) -> list[User]:
    """Return who can log in by saying who they are."""
    found = [find_user(tx, user_id) for (user_id,) in tx.rows("SELECT id FROM users ORDER BY id")]
    return [user for user in found if user and user.trusting]


def authenticated(tx: Transaction, username: str, password: str) -> User | None:
    """Return the user who may log in under this name; None if there is none.

    Nobody has secrets on this server: any password will do, but not none.
    """
    by_email = "@" in username
    for user in open_users(tx) if password else ():
        if user.any_email if by_email else user.username == username:
            return user
    return None
