"""The API key: from `ZOTERO_API_KEY`, the keyring, or a prompt. Never from or to a file of ours.

The keyring holds one key for each server and group, under the service `zotsync`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from zotsync.errors import RightsError
from zotsync.i18n import _
from zotsync.zotero.rights import NEW_KEY_PAGE

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "zotsync"
VARIABLE = "ZOTERO_API_KEY"
T = TypeVar("T")
_USUAL = re.compile("[A-Za-z0-9]{24}")
_WITHIN = re.compile(f"(?<![A-Za-z0-9]){_USUAL.pattern}(?![A-Za-z0-9])")
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_AROUND = "\"'`“”„‘’«»‹›<>()[].,;"
_KEEPS_NOTHING = "keyring.backends.null"


class KeySource(Enum):
    """Where an API key was found."""

    ENVIRONMENT = "environment"
    KEYRING = "keyring"
    PROMPT = "prompt"
    PUBLISHED = "published"
    """The one that every demo has."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key, kept out of every text that is made of it."""

    secret: str = field(repr=False)
    source: KeySource

    @property
    def looks_right(self) -> bool:
        """Return whether it has the form of Zotero's keys; no reason to refuse one that has not."""
        return _USUAL.fullmatch(self.secret) is not None


def cleaned(text: str) -> str:
    """Return a key as it was meant, without what comes along when it is copied: blanks, quotes, words."""
    bare = _INVISIBLE.sub("", text).strip(_AROUND)
    if _USUAL.fullmatch(bare):
        return bare
    found = _WITHIN.findall(text)
    return str(found[0]) if len(found) == 1 else text.strip().strip(_AROUND)


def account(api_url: str, group: int) -> str:
    """Return the name a key goes by in the keyring: `api.zotero.org/groups/123`."""
    parts = urlsplit(api_url)
    return f"{parts.netloc}{parts.path.rstrip('/')}/groups/{group}"


def find_key(
    api_url: str,
    group: int,
    environ: Mapping[str, str],
    prompt: Callable[[], str] | None = None,
) -> ApiKey:
    """Return the API key for a group: from the environment, else the keyring, else asked for.

    Raise RightsError if there is none, or if the keyring cannot be used and nobody can be asked.
    """
    try:
        known = known_key(api_url, group, environ)
    except RightsError:
        if prompt is None:
            raise
        known = None
    if known:
        return known
    if prompt and (secret := cleaned(prompt())):
        return ApiKey(secret, KeySource.PROMPT)
    hint = _("Make one at {new_page} and run `zotsync login`, or set {variable}.")
    raise RightsError(
        _("There is no Zotero API key for group {group}.").format(group=group),
        hint=hint.format(new_page=NEW_KEY_PAGE, variable=VARIABLE),
    )


def stored_key(api_url: str, group: int) -> ApiKey | None:
    """Return the key in the keyring; None if it holds none. RightsError if there is no keyring."""
    keyring = _keyring()
    secret = _using(lambda: keyring.get_password(SERVICE, account(api_url, group)))
    return ApiKey(secret, KeySource.KEYRING) if secret else None


def known_key(api_url: str, group: int, environ: Mapping[str, str]) -> ApiKey | None:
    """Return the key of the environment, else of the keyring; None if there is none.

    Raise RightsError if the environment has none, and the keyring cannot be used.
    """
    if secret := cleaned(environ.get(VARIABLE, "")):
        return ApiKey(secret, KeySource.ENVIRONMENT)
    return stored_key(api_url, group)


def require_keyring() -> str:
    """Return the name of the system's keyring; RightsError where there is none that keeps anything.

    To be asked before anybody is asked for a key.
    """
    keyring = _keyring()
    _using(lambda: keyring.get_password(SERVICE, SERVICE))
    if type(keyring).__module__ == _KEEPS_NOTHING:
        raise _unusable(_("it does not keep what it is given"))
    return str(getattr(keyring, "name", "") or type(keyring).__name__)


def store_key(api_url: str, group: int, secret: str) -> None:
    """Put a key into the keyring, and make sure that it is there. RightsError if it cannot be."""
    keyring, name = _keyring(), account(api_url, group)
    _using(lambda: keyring.set_password(SERVICE, name, secret))
    # A keyring that is switched off takes everything and keeps nothing.
    if _using(lambda: keyring.get_password(SERVICE, name)) != secret:
        raise _unusable(_("it does not keep what it is given"))


def forget_key(api_url: str, group: int) -> bool:
    """Take the key out of the keyring; False if there was none."""
    if stored_key(api_url, group) is None:
        return False
    keyring = _keyring()
    _using(lambda: keyring.delete_password(SERVICE, account(api_url, group)))
    return True


def _keyring() -> KeyringBackend:
    import keyring  # noqa: PLC0415 - heavy: it looks through all installed packages

    try:
        return _using(keyring.get_keyring)
    except (ImportError, AttributeError, TypeError, ValueError) as exc:
        raise _unusable(str(exc)) from exc  # a wrong PYTHON_KEYRING_BACKEND, say


def _using(action: Callable[[], T]) -> T:
    """Return what `action` on the keyring returns, its failures translated."""
    from keyring.errors import KeyringError, KeyringLocked, NoKeyringError  # noqa: PLC0415

    try:
        return action()
    except NoKeyringError as exc:
        raise _unusable(_("there is none on this computer")) from exc
    except KeyringLocked as exc:
        message = _("The keyring is locked.")
        hint = _("Unlock it, or set {variable} for this session.").format(variable=VARIABLE)
        raise RightsError(message, hint=hint) from exc
    except (KeyringError, RuntimeError, OSError) as exc:
        raise _unusable(str(exc)) from exc


def _unusable(reason: str) -> RightsError:
    message = _("The system's keyring cannot be used: {reason}").format(reason=reason)
    hint = _("Set {variable} for this session.")
    if sys.platform.startswith("linux"):
        hint = _(
            "Install GNOME Keyring (package gnome-keyring) or KWallet and log in again,"
            " or set {variable} for this session."
        )
    return RightsError(message, hint=hint.format(variable=VARIABLE))
