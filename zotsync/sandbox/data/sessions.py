"""Login sessions: how a Zotero client comes by a key through a page in the browser."""

from __future__ import annotations

import json
import secrets
import string
import time
from dataclasses import asdict, dataclass, field, replace

from zotsync.sandbox.data.transaction import Transaction
from zotsync.sandbox.rules.refused import RefusedError
from zotsync.sandbox.rules.texts import dumps

_ALPHABET = string.ascii_letters + string.digits
_LENGTH = 32
_SECONDS = 900
# ● In this order: a part of the User-Agent, and how the key made for it is named.
_CLIENTS = (
    ("Macintosh", "macOS"),
    ("Windows NT", "Windows"),
    ("iOS", "iOS"),
    ("org.zotero.ios", "iOS"),
    ("Android", "Android"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Session:
    """A login session. `key`: the API key that came of it, or that is to get new rights."""

    token: str = field(repr=False)
    expires: float
    client: str = ""
    user_id: int | None = None
    key: str = field(default="", repr=False)
    status: str = "pending"

    @property
    def pending(self) -> bool:
        """Return whether the session may still be completed."""
        return self.status == "pending" and not self.expired

    @property
    def expired(self) -> bool:
        """Return whether nobody completed the session in time."""
        return self.status == "pending" and time.time() > self.expires

    def completed(self, user_id: int, key: str) -> Session:
        """Return the session with the key that came of it."""
        return replace(self, status="completed", user_id=user_id, key=key)


def new_token() -> str:
    """Return a token that nobody can guess."""
    return "".join(secrets.choice(_ALPHABET) for _position in range(_LENGTH))


def expiry() -> float:
    """Return when a session that begins now ends, in seconds since the epoch."""
    return time.time() + _SECONDS


def client_of(user_agent: str) -> str:
    """Return the system that a client runs on, "" for an unknown one."""
    return next((name for part, name in _CLIENTS if part in user_agent), "")


def key_name(client: str) -> str:
    """Return the name of a key that is made for a client."""
    name = "Automatic Zotero Client Key"
    return f"{name} ({client})" if client else name


def put_session(tx: Transaction, session: Session) -> None:
    """Make a login session, or change one."""
    facts = dumps(asdict(session))
    tx.run("INSERT OR REPLACE INTO login_sessions VALUES (?, ?)", session.token, facts)


def require_session(tx: Transaction, token: str, *, alive: bool = True) -> Session:
    """Return a login session; refuse an unknown (404) and, if `alive`, an expired one (410)."""
    facts = tx.value("SELECT facts FROM login_sessions WHERE token = ?", token)
    if not facts:
        raise RefusedError(404, "Session not found")
    found = Session(**json.loads(facts))
    if alive and found.expired:
        raise RefusedError(410, "Session expired")
    return found


def cancel_for(tx: Transaction, key: str) -> None:
    """End the sessions that wait to change a key."""
    for (facts,) in tx.rows("SELECT facts FROM login_sessions"):
        found = Session(**json.loads(facts))
        if found.key == key and found.status == "pending":
            put_session(tx, replace(found, status="cancelled"))
