"""Which item is meant: by a file, a file's stem, or a key."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from zotsync.errors import NotThereError
from zotsync.i18n import _
from zotsync.model import is_key

Places = Iterable[tuple[str, str]]
"""(path, key) of files."""


class SeveralError(NotThereError):
    """Several items are called so."""


def find_item(item: str, *places: Places) -> str:
    """Return the key of ITEM: what is found in the first of `places` that has any of that name.

    Raises:
        NotThereError: there is none, or several (SeveralError).

    """
    if is_key(item):
        return item
    wanted = item.replace("\\", "/").removeprefix("./")
    wanted = wanted.removeprefix("bibliography/").removeprefix("items/")
    found = next((keys for some in places if (keys := _called(wanted, some))), set())
    if len(found) == 1:
        return found.pop()
    if found:
        text = _("Several items are called {item}: {keys}.")
        raise SeveralError(
            text.format(item=item, keys=", ".join(sorted(found))), hint=_("Name the key.")
        )
    raise NotThereError(
        _("There is no item {item} here.").format(item=item),
        hint=_("Name a file in bibliography/items, its name without .toml, or an item key."),
    )


def _called(wanted: str, places: Places) -> set[str]:
    """Return the keys of the (path, key) that `wanted` names; a whole name goes before a stem."""
    places = list(places)
    exact = {k for path, k in places if wanted in (path, PurePosixPath(path).name)}
    stem = PurePosixPath(wanted).stem
    return exact or {k for path, k in places if PurePosixPath(path).stem == stem}
