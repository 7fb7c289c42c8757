"""Why a server's certificate is not trusted: the clock of this computer, or somebody in between."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime

from zotsync.errors import ServerError
from zotsync.figures import day
from zotsync.i18n import _

_OF_THE_DATE = frozenset({9, 10, 0x800B0101, -2146762495, -67818, -67819})
"""Not yet valid, or no more: what OpenSSL, Windows (either sign) and macOS call it."""
_WORDS = ("expired", "not yet valid")


def untrusted(exc: BaseException, host: str) -> ServerError | None:
    """Return the error for a certificate that is not trusted; None where that is not what went wrong."""
    found = next((e for e in _chain(exc) if isinstance(e, ssl.SSLCertVerificationError)), None)
    if found is None:
        return None
    if _is_of_the_date(found):
        message = _("The certificate of {host} is not valid on the date of this computer, {day}.")
        return ServerError(
            message.format(host=host, day=day(datetime.now(UTC))),
            hint=_("If that is not today's date, set the clock, and run the same command again."),
        )
    return ServerError(
        _("The certificate of {host} is not one that this computer trusts.").format(host=host),
        hint=_(
            "A proxy, a filter or an antivirus stands in between, and signs connections itself. Ask whoever"
            " looks after your network for its certificate, and install it in the system; or name its file"
            " in the variable SSL_CERT_FILE."
        ),
    )


def _chain(exc: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    at: BaseException | None = exc
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        yield at
        at = at.__cause__ or at.__context__


def _is_of_the_date(exc: ssl.SSLCertVerificationError) -> bool:
    code = getattr(exc, "verify_code", None)
    text = str(getattr(exc, "verify_message", "") or exc).lower()
    return code in _OF_THE_DATE or any(word in text for word in _WORDS)
