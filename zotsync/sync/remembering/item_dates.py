"""When items came into Zotero and were last changed there, as far as the mirror knows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from zotsync.sync.remembering.state import State


@dataclass(frozen=True, slots=True)
class ItemDates:
    """Two dates of an item in Zotero; None where it tells none."""

    added: datetime | None
    modified: datetime | None


def item_dates(state: State) -> dict[str, ItemDates]:
    """Return key -> dates of every item in the mirror."""
    rows = state.rows("SELECT key, meta FROM mirror WHERE kind = 'item'")
    return {key: _dates(json.loads(meta)) for key, meta in rows}


def run_end(state: State, run: int) -> datetime:
    """Return when a run ended; an interrupted one: when it began."""
    sql = "SELECT coalesce(finished, started) FROM runs WHERE id = ?"
    ((moment,),) = state.rows(sql, [run])
    return datetime.fromisoformat(moment)


def last_run_by(state: State, moment: datetime) -> int:
    """Return the number of the last run that had ended by then (an interrupted one: begun); 0 for none."""
    sql = "SELECT ifnull(max(id), 0) FROM runs WHERE coalesce(finished, started) <= ?"
    ((run,),) = state.rows(sql, [moment.astimezone(UTC).isoformat()])
    return int(run)


def _dates(meta: Mapping[str, str]) -> ItemDates:
    return ItemDates(_moment(meta.get("dateAdded", "")), _moment(meta.get("dateModified", "")))


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:  # what a server may send
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
