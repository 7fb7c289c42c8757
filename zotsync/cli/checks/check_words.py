"""What checks find, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zotsync.cli.frame import wording
from zotsync.curating.answers import Answer, Outcome, Reason
from zotsync.curating.finding import Found, Severity
from zotsync.i18n import N_, _
from zotsync.model import Fields, Schema
from zotsync.sync.trees import Kind

MESSAGES: Mapping[str, str] = {
    "no-head": N_("It has neither a title nor an author."),
    "no-title": N_("It has no title."),
    "no-author": N_("It names nobody who wrote it."),
    "no-source": N_("The reference line wants it, and it is empty."),
    "no-address": N_("A web page without its address."),
    "date-impossible": N_(
        "There is no such date: {value}. Dates are written so: 2021, 2021-10, 2021-10-31."
    ),
    "date-turned": N_("Day and month have changed places: {value}"),
    "date-numbers": N_("Printed as it stands: {value}. Days are written so: 2021-10-31."),
    "date-short": N_("The year has two digits: {value}"),
    "date-unreadable": N_("No year can be read in it: {value}"),
    "date-future": N_("It is yet to come: {value}"),
    "date-old": N_("Before there was print: {value}"),
    "date-accessed": N_("Looked up ({value}) before it was published ({date})."),
    "isbn": N_("This is no ISBN, or a digit is wrong: {value}"),
    "issn": N_("This is no ISSN, or a digit is wrong: {value}"),
    "doi": N_("This is no DOI: {value}"),
    "isbn-form": N_("More than the number stands there: {value}"),
    "issn-form": N_("An ISSN is written so: 1234-5678. Here: {value}"),
    "doi-form": N_("A DOI begins with 10. and has no full stop at its end: {value}"),
    "address": N_("This is no address that can be opened: {value}"),
    "address-elided": N_("A part of the address was left out: {value}"),
    "safelink": N_("Outlook has put its own address around it."),
    "proxy": N_("The address of your own proxy; it is added when the handout is printed."),
    "other-proxy": N_("It looks like the address of a proxy: name it in [proxy], or take it out."),
    "tracking": N_("The address tells where the reader came from."),
    "name-capitals": N_("In capitals: {value}. The theme puts capitals where it wants them."),
    "title-capitals": N_("The title is in capitals."),
    "misread": N_("It was read in the wrong encoding: {value}"),
    "lost-signs": N_("Signs in it were lost, or nobody can read them: {value}"),
    "edges": N_("A mark at the beginning or the end is too many: {value}"),
    "last-stop": N_("It ends with a full stop, which handouts put themselves."),
    "blanks": N_("Several blanks in a row."),
    "loose-marks": N_("A blank where none belongs, before a mark or inside brackets."),
    "doubled-marks": N_("A mark stands there twice."),
    "brackets": N_("A bracket or quotation mark lacks its other half: {sign}"),
    "apostrophes-mixed": N_("Both kinds of apostrophe stand in it."),
    "apostrophes-odd": N_("Nearly all other texts have the apostrophe {sign}"),
    "same-doi": N_("The same DOI: {others}"),
    "same-isbn": N_("The same ISBN: {others}"),
    "same-address": N_("The same address: {others}"),
    "same-title": N_("The same title, year and author: {others}"),
    "link-gone": N_("The link leads nowhere: {reason}"),
    "link-moved": N_("The link has another address now: {to}"),
    "link-unsure": N_("Whether the link works cannot be told: {reason}"),
    "link-private": N_("Only machines on a network of its own can open it: {value}"),
}
_REASONS: Mapping[Reason, str] = {
    Reason.NAME: N_("there is no such host"),
    Reason.TIME: N_("no answer in time"),
    Reason.CONNECTION: N_("no connection"),
    Reason.CERTIFICATE: N_("its certificate is not trusted"),
    Reason.ANSWER: N_("what it answers cannot be read"),
    Reason.REDIRECTS: N_("it sends on and on"),
    Reason.PRIVATE: N_("an address on a network of one's own"),
}
_STATUS: Mapping[int, str] = {
    401: N_("one has to sign in"),
    403: N_("the site lets no programs in"),
    404: N_("the page is not there"),
    410: N_("the page was taken away"),
    429: N_("the site was asked too often"),
}
_SEVERITIES = {Severity.WRONG: N_("wrong"), Severity.LOOK: N_("worth a look")}


def message_of(found: Found, items: Mapping[str, Fields]) -> str:
    """Return a finding as a sentence."""
    finding = found.finding
    data: dict[str, Any] = {"value": "", **finding.data}
    if isinstance(answer := data.get("answer"), Answer):
        data["reason"] = reason_of(answer)
    if "keys" in data:
        others = (key for key in data["keys"] if key != found.key)
        data["others"] = _("; ").join(title_of(key, items) for key in others)
    known = MESSAGES.get(found.check.code)
    text = found.check.says or (_(known) if known else "{value}")
    return text.format_map({name: _short(value) for name, value in data.items()})


def title_of(key: str, items: Mapping[str, Fields]) -> str:
    """Return what an item is called, and its key."""
    title = wording.in_short(
        wording.title_of(Kind.ITEM, key, str(items.get(key, {}).get("title", "")))
    )
    return title if title == key else f"{title} ({key})"


def field_of(found: Found, schema: Schema) -> str:
    """Return the word for the field that a finding is about; "" for the item as a whole."""
    return wording.field_word(schema, found.finding.field) if found.finding.field else ""


def severity_word(severity: Severity) -> str:
    """Return how much a finding matters, in words."""
    return _(_SEVERITIES[severity])


def reason_of(answer: Answer) -> str:
    """Return why a link came to what it came to."""
    if answer.reason is Reason.NAME and answer.outcome is not Outcome.GONE:
        return _(_REASONS[Reason.CONNECTION])  # nobody was there to tell of such a host
    if answer.reason is not Reason.STATUS:
        return _(_REASONS[answer.reason])
    known = _STATUS.get(answer.status)
    if known:
        return _("{reason} ({status})").format(reason=_(known), status=answer.status)
    return _("the server answers {status}").format(status=answer.status)


def _short(value: Any) -> str:
    return wording.in_short(str(value)) if value else ""
