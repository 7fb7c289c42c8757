"""Proxies: put in for readers, taken out again, in all three forms."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from zotsync.handout.proxies import Proxies

PROXIES = Proxies.of(
    {
        "www.cairn.info": "cairn.proxy.example.org",
        "sciencedirect.com": "http://proxy.example.org/login?url=",
        "jstor.org": "https://Proxy.example.org/login?auth=cas&qurl=",
        "oecd-ilibrary.org": ".proxy.example.org",
        "springer.com": ".ezp.example.org",
        "empty.org": "",
    }
)
ARTICLE = "/revue-vst-2020-1-page-8.htm?a=1&url=x#d"


def wrap(proxies: Proxies, url: str) -> str:
    return proxies.ways(url)[1]


@pytest.mark.parametrize(
    ("clean", "wrapped"),
    [
        (f"https://www.cairn.info{ARTICLE}", f"https://cairn.proxy.example.org{ARTICLE}"),
        (f"http://www.cairn.info{ARTICLE}", f"http://cairn.proxy.example.org{ARTICLE}"),
        ("https://www.cairn.info", "https://cairn.proxy.example.org"),
        (
            "https://www.sciencedirect.com/a?b=c&d=e",
            "http://proxy.example.org/login?url=https://www.sciencedirect.com/a?b=c&d=e",
        ),
        (
            "http://www.jstor.org/s?b=é&c",
            "https://Proxy.example.org/login?auth=cas&qurl=http%3A%2F%2Fwww.jstor.org%2Fs%3Fb%3D%C3%A9%26c",
        ),
        ("https://www.oecd-ilibrary.org/x", "https://www-oecd--ilibrary-org.proxy.example.org/x"),
        ("http://link.springer.com/10.1/x", "http://link-springer-com.ezp.example.org/10.1/x"),
    ],
)
def test_an_address_is_wrapped_and_unwrapped(clean: str, wrapped: str) -> None:
    assert PROXIES.ways(clean) == PROXIES.ways(wrapped) == (clean, wrapped)
    assert PROXIES.unwrap(wrapped) == PROXIES.unwrap(clean) == clean


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("http://proxy.example.org/login?url=http%3A%2F%2Fwww.sciencedirect.com%2Fa", "http://www.sciencedirect.com/a"),
        ("https://proxy.example.org/login?qurl=http%3a%2f%2fa.sciencedirect.com", "http://a.sciencedirect.com"),
        ("http://proxy.example.org/login?user=me&url=https://www.jstor.org/a?b&c", "https://www.jstor.org/a?b&c"),
        ("http://link.springer.com.ezp.example.org/x", "http://link.springer.com/x"),
        ("HTTPS://CAIRN.proxy.example.org/x", "HTTPS://www.cairn.info/x"),
    ],
)  # fmt: skip
def test_other_ways_to_write_a_proxy_are_unwrapped_too(typed: str, clean: str) -> None:
    assert PROXIES.unwrap(typed) == clean


@pytest.mark.parametrize(
    "url",
    [
        "https://cairn.other.example.org/x",
        "http://proxy.example.org/login?url=https://www.unknown.org/x",
        "http://proxy.example.org/menu",
        "http://proxy.example.org/login?url=",
        "https://www-unknown-org.proxy.example.org/x",
        "https://shs.cairn.info/x",
        "https://notcairn.info/x",
        "https://www.cairn.info.evil.org/x",
        "https://me@www.cairn.info/x",
        "https://www.cairn.info:8080/x",
        "https://empty.org/x",
        "ftp://www.cairn.info/x",
        "Voir www.cairn.info",
        "",
    ],
)
def test_what_nobody_named_stays_as_typed(url: str) -> None:
    assert PROXIES.ways(url) == (url, url)


def test_an_alias_is_one_host_s_and_the_closest_name_counts() -> None:
    proxies = Proxies.of({"cairn.info": ".a.example.org", "shs.cairn.info": "shs.b.example.org"})
    assert wrap(proxies, "https://shs.cairn.info/x") == "https://shs.b.example.org/x"
    assert wrap(proxies, "https://www.cairn.info/x") == "https://www-cairn-info.a.example.org/x"
    assert proxies.unwrap("https://shs-cairn-info.a.example.org/") == (
        "https://shs-cairn-info.a.example.org/"  # that is not how it is reached
    )


def test_a_proxy_in_the_publisher_s_own_domain_is_not_wrapped() -> None:
    proxies = Proxies.of({"example.org": "http://proxy.example.org/login?url="})
    inside = "http://proxy.example.org/login?url=https://a.example.org/x"
    assert wrap(proxies, "https://a.example.org/x") == wrap(proxies, inside) == inside
    assert wrap(proxies, "http://proxy.example.org/menu") == "http://proxy.example.org/menu"


HOST = st.sampled_from(
    ["a.org", "www.a.org", "b-c.org", "x.b-c.org", "d.info", "www.d.info", "e.com"]
)
VALUE = st.sampled_from(
    ["a.p.net", "d.p.net", ".p.net", ".q.net", "http://p.net/login?url=", "https://q.net/l?qurl="]
)
TAIL = st.text(st.sampled_from("ab/?&=#%é.-:"), max_size=8).map(lambda text: f"/{text}")
URL = st.builds("{}://{}{}".format, st.sampled_from(["http", "https"]), HOST, TAIL)


@given(st.dictionaries(HOST, VALUE, max_size=4), URL)
def test_wrapping_twice_is_wrapping_once_and_nothing_else_changes(
    table: dict[str, str], url: str
) -> None:
    aliases = [v for v in table.values() if v.startswith(("a", "d"))]
    assume(len(aliases) == len(set(aliases)))  # zotsync.toml is refused otherwise
    proxies = Proxies.of(table)
    wrapped = wrap(proxies, url)
    assert wrap(proxies, wrapped) == wrapped
    clean = proxies.unwrap(wrapped)
    assert wrap(proxies, clean) == wrapped
    assert clean.replace("://www.", "://") == url.replace("://www.", "://")


@given(st.text(max_size=40))
def test_no_text_breaks_a_proxy(text: str) -> None:
    for url in (
        text,
        f"http://proxy.example.org/login?url={text}",
        f"https://{text}.proxy.example.org/",
    ):
        assert wrap(PROXIES, wrap(PROXIES, url)) == wrap(PROXIES, url)
