"""Users: their names, and the password with which a Zotero client makes itself a key."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from zotsync.sandbox.store import Transaction, dumps

NO_SECRETS = "*"


@dataclass(frozen=True)
class User:
    """A user of the server.

    `password`: a hash of werkzeug's; "" lets nobody in, and `NO_SECRETS` anybody who gives one.
    """

    id: int
    username: str
    display_name: str = ""
    password: str = field(default="", repr=False)
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
    tx.run("INSERT OR REPLACE INTO users VALUES (?, ?)", user.id, user.username)
    tx.run("INSERT OR REPLACE INTO user_facts VALUES (?, ?)", user.id, dumps(facts))


def find_user(tx: Transaction, user_id: int | None) -> User | None:
    """Return a user; None if there is none with this number."""
    rows = tx.rows(
        "SELECT username, facts FROM users LEFT JOIN user_facts USING (id) WHERE id = ?", user_id
    )
    if not rows:
        return None
    username, facts = rows[0]
    return User(user_id or 0, username, **json.loads(facts or "{}"))


def open_users(tx: Transaction) -> list[User]:
    """Return who can log in by saying who they are."""
    found = [find_user(tx, user_id) for (user_id,) in tx.rows("SELECT id FROM users ORDER BY id")]
    return [user for user in found if user and user.password == NO_SECRETS]


def authenticated(tx: Transaction, username: str, password: str) -> User | None:
    """Return the user with this name and password; None if there is none."""
    from werkzeug.security import check_password_hash  # noqa: PLC0415 - hashing is heavy

    if not password:
        return None
    for (user_id,) in tx.rows("SELECT id FROM users ORDER BY id"):
        user = find_user(tx, user_id)
        # Who has no secrets is known by any e-mail address too.
        if user and user.password == NO_SECRETS and ("@" in username or username == user.username):
            return user
        if user and username == user.username and user.password not in ("", NO_SECRETS):
            return user if check_password_hash(user.password, password) else None
    return None
