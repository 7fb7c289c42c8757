"""Objects that the server sent and that cannot be used: left as they were, and asked for again.

The cursor moves past them with the rest of the library, so they are remembered by key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from zotsync.errors import Place, Problem
from zotsync.i18n import _
from zotsync.sync.remembering.state import State, canonical
from zotsync.sync.trees import Kind
from zotsync.zotero.answers import Broken

_NAME = "unread"


def unread(state: State) -> dict[Kind, set[str]]:
    """Return the keys of what cannot be read of Zotero, by kind."""
    known: Mapping[str, Any] = json.loads(state.meta(_NAME, "{}"))
    return {kind: set(known.get(kind.value, ())) for kind in Kind}


def keep_unread(state: State, found: Mapping[Kind, Mapping[str, Broken]]) -> None:
    """Remember what cannot be read: all of it."""
    keys = {kind.value: sorted(broken) for kind, broken in found.items() if broken}
    if keys or state.meta(_NAME):
        state.set_meta(_NAME, canonical(keys))


def unread_problem(broken: Broken, title: str) -> Problem:
    """Return what is told about an object; `title`: what it is called here, "" where it is not."""
    name = broken.title or title or broken.key
    if broken.field:
        text = _("{title}: what Zotero sent of it has a wrong {field}. It is left as it was.")
    else:
        text = _("{title}: Zotero lists it and does not send it. It is left as it was.")
    place = Place(field=broken.field, item=broken.key)
    hint = _("Every sync asks for it again. If that does not help, look at it in Zotero.")
    return Problem(text.format(title=name, field=broken.field), place, hint)
