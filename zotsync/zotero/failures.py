"""What went wrong on the way to Zotero, as zotsync's own errors.

The one place where httpx2's and pyzotero's failures are put into words. No text of theirs goes out
without the API key having been struck from it: the server names the key in some of its answers.
"""

from __future__ import annotations

import re

import httpx2

from zotsync.errors import NotThereError, ServerError, StaleError, UnknownOutcomeError, ZotsyncError
from zotsync.i18n import _
from zotsync.reasons import in_words
from zotsync.zotero.certificates import untrusted
from zotsync.zotero.transport import REFUSED, TooLargeError

_LONGEST = 300
_GONE = frozenset({404, 410})
_STALE, _TOO_LARGE, _SERVER_FAULTS = 412, 413, 500
_TOKEN_USED = "token already"  # noqa: S105 - the server's words, no secret


def clean(text: str, secret: str | None) -> str:
    """Return the server's `text` fit for a message: one short line, without the API key."""
    text = re.sub(r"<[^>]*>", " ", text.replace(secret, "…") if secret else text)
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def unreachable(exc: httpx2.HTTPError, host: str, secret: str | None) -> ServerError:
    """Return the error for a request that got no answer."""
    if isinstance(exc, TooLargeError):
        return unreadable(host)
    if error := untrusted(exc, host):
        return error
    hint = _("Check the network (and the proxy, if there is one), then run the same command again.")
    if isinstance(exc, httpx2.TimeoutException):
        return ServerError(_("{host} did not answer in time.").format(host=host), hint=hint)
    reason = in_words(clean(str(exc), secret)) or type(exc).__name__
    message = _("{host} cannot be reached: {reason}").format(host=host, reason=reason)
    return ServerError(message, hint=hint)


def is_web_page(response: httpx2.Response) -> bool:
    """Return whether an answer is a page for people: a network's login, a proxy's refusal.

    Zotero's API has none; a server's own faults (500 and above) may come with one.
    """
    start = response.text[:200].lstrip("\ufeff \t\r\n").lower()
    return response.status_code < _SERVER_FAULTS and start.startswith(("<!doctype html", "<html"))


def unreadable(host: str) -> ServerError:
    """Return the error for an answer that is not what Zotero's API says."""
    message = _("{host} answered something that is not Zotero's.").format(host=host)
    hint = _("If this network asks for a login in a web page, log in there; else try again later.")
    return ServerError(message, hint=hint)


def outcome_unknown(host: str) -> UnknownOutcomeError:
    """Return the error for a write that was sent, and whose answer did not come or cannot be read."""
    message = _("Whether {host} saved the last changes is not known.").format(host=host)
    hint = _("Nothing is lost: the next sync looks, and sends again only what is missing.")
    return UnknownOutcomeError(message, hint=hint)


def read_refused(response: httpx2.Response, group: int, secret: str | None) -> ZotsyncError:
    """Return the error for a read that was answered with an error other than 403."""
    if response.status_code in _GONE:
        return no_such_group(group)
    return _refused(response, secret)


def write_refused(response: httpx2.Response, group: int, secret: str | None) -> ZotsyncError:
    """Return the error for a write that was refused as a whole, with an error other than 403."""
    status, text = response.status_code, clean(response.text, secret)
    done_perhaps = status >= _SERVER_FAULTS and not response.extensions.get(REFUSED)
    if done_perhaps or is_web_page(response):
        return outcome_unknown(response.url.host)
    if status == _STALE and _TOKEN_USED in text.lower():
        # The same request arrived twice: the first one may have been carried out.
        return outcome_unknown(response.url.host)
    if status == _STALE:
        message = _("The group library has changed meanwhile.")
        return StaleError(message, hint=_("Run the same command again."))
    if status in _GONE:
        return no_such_group(group)
    if status == _TOO_LARGE:
        message = _("Zotero finds the changes too large: {reason}").format(reason=text)
        return ServerError(message)
    return _refused(response, secret)


def no_such_group(group: int) -> NotThereError:
    """Return the error for a group that does not exist."""
    return NotThereError(
        _("Zotero has no group {group}.").format(group=group),
        hint=_(
            "The number of a group stands in its address, https://www.zotero.org/groups/<number>:"
            " correct `group` in zotsync.toml."
        ),
    )


def _refused(response: httpx2.Response, secret: str | None) -> ServerError:
    status, host = response.status_code, response.url.host
    if response.extensions.get(REFUSED):
        message = _("{host} asks to wait longer than zotsync does.").format(host=host)
        return ServerError(message, hint=_("Run the same command again in a quarter of an hour."))
    if status >= _SERVER_FAULTS:
        message = _("{host} has a fault of its own ({status}).").format(host=host, status=status)
        return ServerError(message, hint=_("Run the same command again later."))
    if response.has_redirect_location:
        return unreadable(host)
    text = clean(response.text, secret) or response.reason_phrase
    message = _("{host} refused the request ({status}): {reason}")
    return ServerError(message.format(host=host, status=status, reason=text))
