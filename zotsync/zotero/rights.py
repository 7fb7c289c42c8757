"""Who may do what in the group library: the key, the role, the group, and where to mend each.

Pure but for the texts: what the server says of key and group in, rights or the obstacle out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from zotsync.errors import RightsError
from zotsync.i18n import _
from zotsync.zotero.answers import MalformedError

KEYS_PAGE = "https://www.zotero.org/settings/keys"
NEW_KEY_PAGE = (
    f"{KEYS_PAGE}/new?name=zotsync&library_access=0&notes_access=1&write_access=1&all_groups=write"
)


class Obstacle(Enum):
    """What stands in the way of reading or writing a group library."""

    NO_KEY = "no key"
    BAD_KEY = "bad key"
    """The server does not know the key."""
    KEY_SCOPE = "key scope"
    """The key does not reach this group."""
    KEY_READ_ONLY = "key read-only"
    NOT_MEMBER = "not a member"
    ROLE = "role"
    """Only administrators may edit, and the key's owner is none."""
    NO_GROUP = "no group"


@dataclass(frozen=True, slots=True)
class Access:
    """What a key allows in one group."""

    read: bool = False
    write: bool = False


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """Whose key it is, and what it allows."""

    user_id: int
    username: str
    groups: Mapping[str, Access] = field(default_factory=dict)
    """Group id, or "all", -> access."""

    def access(self, group: int) -> Access:
        """Return what the key allows in `group`, by name or as one of all."""
        granted = [self.groups.get(name, Access()) for name in (str(group), "all")]
        return Access(any(a.read for a in granted), any(a.write for a in granted))


@dataclass(frozen=True, slots=True)
class Group:
    """A Zotero group: its name, who is in it, and who may edit its library."""

    id: int
    name: str
    type: str
    """`Private`, `PublicClosed` or `PublicOpen`."""
    owner: int
    library_editing: str
    """`members` or `admins`."""
    library_reading: str = "members"
    """`members`, or `all` in a public group."""
    admins: frozenset[int] = frozenset()
    members: frozenset[int] = frozenset()

    @property
    def leaders(self) -> frozenset[int]:
        """Return the owner and the administrators."""
        return self.admins | {self.owner}


@dataclass(frozen=True, slots=True)
class Rights:
    """What may be done in the group library; what hinders writing, if anything does."""

    can_read: bool
    can_write: bool
    reason: Obstacle | None = None
    username: str = ""
    group_name: str = ""


def parse_key(raw: Any) -> KeyInfo:
    """Return the answer of `/keys/current`; PHP writes empty objects as `[]`."""
    try:
        groups = (raw.get("access") or {}).get("groups") or {}
        access = {
            str(n): Access(bool(a["library"]), bool(a.get("write"))) for n, a in groups.items()
        }
        return KeyInfo(int(raw["userID"]), str(raw.get("username", "")), access)
    except (KeyError, TypeError, AttributeError, ValueError) as exc:
        raise MalformedError("keys/current") from exc


def parse_group(raw: Any) -> Group:
    """Return the answer of `/groups/<id>`."""
    try:
        data = raw["data"]
        return Group(
            id=int(raw["id"]),
            name=str(data["name"]),
            type=str(data["type"]),
            owner=int(data["owner"]),
            library_editing=str(data["libraryEditing"]),
            library_reading=str(data.get("libraryReading", "members")),
            admins=frozenset(int(u) for u in data.get("admins") or ()),
            members=frozenset(int(u) for u in data.get("members") or ()),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as exc:
        raise MalformedError("group") from exc


def decide(key: KeyInfo | Obstacle, group: Group | Obstacle, number: int) -> Rights:
    """Return the rights that `key` gives in the group with this `number`.

    An obstacle in the place of one of them says why the server did not show it.
    """
    username = key.username if isinstance(key, KeyInfo) else ""
    if isinstance(group, Obstacle):
        reason = group
        if group is Obstacle.NOT_MEMBER:  # hidden: because of the key, or of who holds it
            reason = _key_obstacle(key, number) or group
        return Rights(can_read=False, can_write=False, reason=reason, username=username)
    reading, writing = _reading_obstacle(key, group), _writing_obstacle(key, group)
    return Rights(
        can_read=reading is None,
        can_write=writing is None,
        reason=reading or writing,
        username=username,
        group_name=group.name,
    )


def _key_obstacle(key: KeyInfo | Obstacle, number: int) -> Obstacle | None:
    if isinstance(key, Obstacle):
        return key
    return None if key.access(number).read else Obstacle.KEY_SCOPE


def _reading_obstacle(key: KeyInfo | Obstacle, group: Group) -> Obstacle | None:
    if key is not Obstacle.BAD_KEY and group.type != "Private" and group.library_reading == "all":
        return None
    hindered = _key_obstacle(key, group.id)
    if hindered or isinstance(key, Obstacle):
        return hindered
    belongs = key.user_id in group.leaders | group.members
    return None if belongs else Obstacle.NOT_MEMBER


def _writing_obstacle(key: KeyInfo | Obstacle, group: Group) -> Obstacle | None:
    hindered = _key_obstacle(key, group.id)
    if hindered or isinstance(key, Obstacle):
        return hindered
    if not key.access(group.id).write:
        return Obstacle.KEY_READ_ONLY
    if key.user_id in group.leaders:
        return None
    if key.user_id not in group.members:
        return Obstacle.NOT_MEMBER
    return None if group.library_editing == "members" else Obstacle.ROLE


class ForbiddenError(RightsError):
    """Key, role or group do not allow this; `rights` says what they do allow."""

    def __init__(self, message: str, *, hint: str, rights: Rights) -> None:
        self.rights = rights
        super().__init__(message, hint=hint)


def forbidden(rights: Rights, number: int, said: str = "") -> ForbiddenError:
    """Return the error that names what hinders, and where to mend it.

    `said` is the server's own text: shown where none of the known obstacles is there.
    """
    names = {
        "user": rights.username or "?",
        "group": rights.group_name or str(number),
        "page": KEYS_PAGE,
        "new_page": NEW_KEY_PAGE,
        "group_page": f"https://www.zotero.org/groups/{number}",
    }
    if rights.reason is None:
        message = _("Zotero refused this: {reason}").format(reason=said or "403")
        hint = _("`zotsync whoami` shows what the API key allows.")
        return ForbiddenError(message, hint=hint, rights=rights)
    message, hint = _texts()[rights.reason]
    return ForbiddenError(message.format(**names), hint=hint.format(**names), rights=rights)


def _texts() -> Mapping[Obstacle, tuple[str, str]]:
    login = _("Make one at {new_page} and run `zotsync login`.")
    return {
        Obstacle.NO_KEY: (_("There is no Zotero API key."), login),
        Obstacle.BAD_KEY: (_("Zotero does not know this API key (any more)."), login),
        Obstacle.KEY_SCOPE: (
            _("The API key of {user} does not reach the group {group}."),
            _("At {page}, edit the key and give it “Read/Write” for this group or for all."),
        ),
        Obstacle.KEY_READ_ONLY: (
            _("The API key of {user} may read the group {group}, but not write to it."),
            _("At {page}, edit the key and give it “Read/Write” for this group or for all."),
        ),
        Obstacle.NOT_MEMBER: (
            _("{user} is not a member of the group {group}."),
            _("Ask to join at {group_page}, or correct `group` in zotsync.toml."),
        ),
        Obstacle.ROLE: (
            _("In the group {group}, only administrators may edit, and {user} is not one of them."),
            _("Ask an administrator for that role, or to open editing to members ({group_page})."),
        ),
        Obstacle.NO_GROUP: (
            _("Zotero has no group {group}."),
            _("Correct `group` in zotsync.toml: the number in {group_page}."),
        ),
    }
