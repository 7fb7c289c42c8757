"""What comes of asking for an address, and which addresses are anybody's to ask for. Pure."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import Enum

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Outcome(Enum):
    """What is known of a link."""

    FINE = "fine"
    MOVED = "moved"
    """It is there, and says that it has another address for good."""
    GONE = "gone"
    UNSURE = "unsure"
    """Somebody or something was in the way: it cannot be told."""
    REFUSED = "refused"
    """It was not asked for: the address is on a network of one's own."""


class Reason(Enum):
    """Why it came to that."""

    STATUS = "status"
    """The server's answer: `Answer.status`."""
    NAME = "no such host"
    TIME = "no answer in time"
    CONNECTION = "no connection"
    CERTIFICATE = "its certificate is not to be trusted"
    ANSWER = "an answer that is none"
    REDIRECTS = "sent on and on"
    PRIVATE = "an address on a network of one's own"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking for one address."""

    outcome: Outcome
    asked: float
    """When, as Unix time."""
    status: int = 0
    reason: Reason = Reason.STATUS
    to: str = ""
    """Where it has moved to, or was sent on to."""


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the internet at large, whatever form it is wrapped in."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if found.is_site_local:
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved
