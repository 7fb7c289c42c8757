"""Proxies: where readers reach a publisher through a host of their centre's own. Pure.

A table says for each publisher's host how: an alias host (`cairn.proxy.example.org`), a login address
that the publisher's address is put behind (`http://proxy.example.org/login?url=`), or a host's end
(`.proxy.example.org`, for `www-cairn-info.proxy.example.org`). What is stored is always the clean
address; `wrap` makes the printed one, `unwrap` the clean one again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import quote, unquote

from zotsync.handout.links import domains, unwrap
from zotsync.identifiers import without_tracking

_ADDRESS = re.compile(r"(https?://)([^/?#@:\s]+(?::\d+)?)((?:[/?#].*)?)", re.IGNORECASE | re.DOTALL)
"""Scheme, host with its port, and the rest. A publisher's address with a port goes through no proxy."""
_LOGIN = re.compile(r"https?://([^/?#\s]+)([^?#\s]*)\?(?:\S*&)?q?url=", re.IGNORECASE)
_INNER = re.compile(r"[?&](q?)url=(.*)", re.IGNORECASE | re.DOTALL)
_ENCODED = re.compile("https?%3a", re.IGNORECASE)
_MAX_WRAPPINGS = 5


@dataclass(frozen=True, slots=True)
class _Alias:
    """A host that stands for one publisher's."""

    publisher: str
    host: str

    def wrap(self, scheme: str, host: str, rest: str) -> str:  # noqa: ARG002 - it stands for one
        return f"{scheme}{self.host}{rest}"

    def unwrap(self, scheme: str, host: str, rest: str) -> str:
        return f"{scheme}{self.publisher}{rest}" if host == self.host else ""


@dataclass(frozen=True, slots=True)
class _Suffix:
    """A host's end. EZproxy writes `-` for a dot and `--` for a hyphen; older addresses keep the dots."""

    end: str

    def wrap(self, scheme: str, host: str, rest: str) -> str:
        return f"{scheme}{host.replace('-', '--').replace('.', '-')}{self.end}{rest}"

    def unwrap(self, scheme: str, host: str, rest: str) -> str:
        inner = host.removesuffix(self.end)
        if inner == host:
            return ""
        plain = inner if "." in inner else "-".join(p.replace("-", ".") for p in inner.split("--"))
        return f"{scheme}{plain}{rest}"


@dataclass(frozen=True, slots=True)
class _Login:
    """An address that takes the publisher's at its end: as it is, or encoded where it says `qurl=`."""

    prefix: str

    def wrap(self, scheme: str, host: str, rest: str) -> str:
        clean = f"{scheme}{host}{rest}"
        encoded = self.prefix.lower().endswith("qurl=")
        return self.prefix + (quote(clean, safe="") if encoded else clean)

    def unwrap(self, scheme: str, host: str, rest: str) -> str:  # noqa: ARG002 - http or https
        told = _LOGIN.fullmatch(self.prefix)
        if not told or host != told[1].lower() or not rest.startswith(f"{told[2]}?"):
            return ""
        found = _INNER.search(rest)
        if not found:
            return ""
        return unquote(found[2]) if found[1] or _ENCODED.match(found[2]) else found[2]


_Proxy = _Alias | _Suffix | _Login


@dataclass(frozen=True)
class Proxies:
    """The proxies of a centre."""

    by_host: Mapping[str, _Proxy]
    """Publisher's host, without `www.` -> its proxy."""
    _seen: dict[str, _Host] = field(default_factory=dict, compare=False)
    """Hosts looked up before: a bibliography has few."""

    @classmethod
    def of(cls, table: Mapping[str, str]) -> Proxies:
        """Return the proxies of a table as zotsync.toml has it: publisher's host -> how it is reached.

        A host stands for its subdomains too, except with an alias: that is one host's.
        """
        hosts = {name.lower(): value.strip() for name, value in table.items()}
        return cls({name.removeprefix("www."): _proxy(name, v) for name, v in hosts.items() if v})

    def unwrap(self, url: str) -> str:
        """Return the publisher's own address; that of a proxy nobody named as it is."""
        return self.ways(url)[0]

    def ways(self, url: str) -> tuple[str, str]:
        """Return both: the publisher's own address, and the one that readers use.

        That one goes through the proxy where there is one, never through two.
        """
        parts = _parts(url) if self.by_host else None
        if not parts:
            return url, url
        host = self._host(parts[1])
        for _ in range(_MAX_WRAPPINGS):
            inner = self._inner(host, *parts) if host.stands_for else ""
            if not inner:
                break
            url, parts = inner, _parts(inner)
            if not parts:
                return url, url
            host = self._host(parts[1])
        return url, host.proxy.wrap(*parts) if host.proxy else url

    def clean(self, url: str) -> str:
        """Return the publisher's own address, in whatever it was wrapped, without tracking."""
        return without_tracking(self.unwrap(unwrap(url.strip())))

    def _inner(self, known: _Host, scheme: str, host: str, rest: str) -> str:
        """Return the address in a wrapped one, where wrapping it gives an equivalent; "" for none."""
        for proxy in known.stands_for:
            inner = proxy.unwrap(scheme, host, rest)
            publisher = _parts(inner)
            if publisher and self._host(publisher[1]).proxy == proxy:
                return inner
        return ""

    def _host(self, host: str) -> _Host:
        found = self._seen.get(host)
        if found is None:
            own = [p for p in dict.fromkeys(self.by_host.values()) if _belongs(host, p)]
            found = self._seen[host] = _Host(None if own else self._look_up(host), tuple(own))
        return found

    def _look_up(self, host: str) -> _Proxy | None:
        """Return the proxy for a publisher's host; None for none."""
        plain = host.removeprefix("www.")
        for name in domains(plain):
            proxy = self.by_host.get(name)
            if proxy and (name == plain or not isinstance(proxy, _Alias)):
                return proxy
        return None


class _Host(NamedTuple):
    """What is known of a host."""

    proxy: _Proxy | None
    """The way to it; None for the hosts of proxies."""
    stands_for: tuple[_Proxy, ...]
    """The proxies whose host it is."""


def _parts(url: str) -> tuple[str, str, str] | None:
    """Return the scheme, the host in lower case, and the rest; None where it is no web address."""
    found = _ADDRESS.fullmatch(url)
    return (found[1], found[2].lower(), found[3]) if found else None


def _proxy(publisher: str, value: str) -> _Proxy:
    if "://" in value:
        return _Login(value)
    return _Suffix(value.lower()) if value.startswith(".") else _Alias(publisher, value.lower())


def _belongs(host: str, proxy: _Proxy) -> bool:
    """Return whether a host is the proxy's own."""
    if isinstance(proxy, _Login):
        found = _LOGIN.fullmatch(proxy.prefix)
        return found is not None and host == found[1].lower()
    return host.endswith(proxy.end) if isinstance(proxy, _Suffix) else host == proxy.host
