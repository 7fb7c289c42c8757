"""The API key of the environment, kept from every program that zotsync starts.

A child inherits the environment: LibreOffice, pandoc, an editor, a browser, a plugin's own programs. So the
key is taken out of it as soon as a command begins, and read here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

VARIABLE = "ZOTERO_API_KEY"
"""As `zotsync.zotero.keys` names it, which is too heavy for `--help`."""
_taken: dict[str, str] = {}


@contextmanager
def withheld_key() -> Iterator[None]:
    """Keep the key out of the environment of this process, and of its children, for a while."""
    key = os.environ.pop(VARIABLE, None)
    if key is None:  # there is none, or a command within a command found it taken
        yield
        return
    _taken[VARIABLE] = key
    try:
        yield
    finally:
        os.environ[VARIABLE] = _taken.pop(VARIABLE)


def environment() -> Mapping[str, str]:
    """Return the environment as it was given to zotsync, the key included."""
    return {**os.environ, **_taken}
