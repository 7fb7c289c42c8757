"""Dates that cannot be: told as they are typed, in the words of `check`. Zotero keeps any text as a date."""

from __future__ import annotations

from datetime import UTC, datetime

from zotsync.cli.checks.check_words import field_of, message_of
from zotsync.cli.frame.opening import Opened
from zotsync.curating.finding import Facts
from zotsync.curating.table import CHECKS, chosen, look
from zotsync.i18n import _
from zotsync.model import Fields

_CODES = ("date-impossible", "date-turned", "date-short", "date-unreadable")


def odd_dates(opened: Opened, fields: Fields) -> dict[str, str]:
    """Return field -> what is odd about the date in it; what `check` is told to ignore is left out."""
    checks = chosen(CHECKS, _CODES, opened.config.check.ignore)
    facts = Facts(opened.schema, datetime.now(UTC).astimezone().date())
    told: dict[str, str] = {}
    for found in look({"": fields}, checks, facts):
        named = {"field": field_of(found, opened.schema), "message": message_of(found, {})}
        told.setdefault(found.finding.field, _("{field}: {message}").format(**named))
    return told
