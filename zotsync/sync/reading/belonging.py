"""Which library a workspace belongs to: never another one than it was synced with."""

from __future__ import annotations

from urllib.parse import urlsplit

from zotsync.config import Config
from zotsync.errors import UnsafeError
from zotsync.i18n import _
from zotsync.sync.remembering.state import State

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def check_library(state: State, config: Config) -> None:
    """Refuse a workspace whose configuration names another library than before.

    Raises:
        UnsafeError: it was synced with another one.

    """
    host = urlsplit(config.api_url).hostname or ""
    place = "loopback" if host in _LOOPBACK else host
    library = f"{place}/groups/{config.group}"
    known = state.meta("library", library)
    if known != library:
        raise UnsafeError(
            _("This workspace was synced with {known}, and zotsync.toml names {now}.").format(
                known=known, now=library
            ),
            hint=_("Put the group back, or make a new workspace for it: zotsync init"),
        )
    state.set_meta("library", library)
