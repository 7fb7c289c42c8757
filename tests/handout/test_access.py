"""Whether everybody may read a text, as far as that is known."""

from __future__ import annotations

import pytest

from zotsync.handout.access import FREE, FREE_HOSTS, SIGN_IN, AccessLabels, OpenAccess

OPEN = OpenAccess.of(
    {
        "revue.example.org": "free",
        "gouv.fr": "",
        "Europresse*": "sign-in",
        "tag:Accès libre": "free",
    },
    {"tag:abonnés": "sign-in", "Portail": "free"},
)


@pytest.mark.parametrize(
    ("url", "catalogue", "kind"),
    [
        ("https://journals.openedition.org/sejed/1", "", FREE),
        ("https://shs.hal.science/halshs-1/document", "", FREE),
        ("http://www.persee.fr/doc/x", "Cairn.info", FREE),
        ("https://www.revue.example.org/x", "", FREE),
        ("https://shs.cairn.info/x", "Cairn.info", ""),
        ("https://books.openedition.org/x", "", ""),
        ("https://theses.fr/x", "", ""),
        ("https://drees.gouv.fr/x", "", ""),
        ("https://x.example.org/", "Europresse (nouvelle)", SIGN_IN),
        ("https://x.example.org/", "portail", FREE),
        ("", "", ""),
    ],
)
def test_free_and_sign_in_are_told_apart_by_host_then_by_catalogue(
    url: str, catalogue: str, kind: str
) -> None:
    assert OPEN.kind(url, catalogue, (), proxied=False) == kind


def test_what_goes_through_a_proxy_needs_signing_in() -> None:
    assert OPEN.kind("https://www.persee.fr/x", "", (), proxied=True) == SIGN_IN


def test_a_tag_says_most() -> None:
    for tag, kind in (("acce\u0300s libre ", FREE), ("ABONNÉS", SIGN_IN)):
        told = OPEN.kind("https://www.persee.fr/x", "", ["autre", tag], proxied=kind == FREE)
        assert told == kind


def test_hosts_are_written_as_they_are_looked_up() -> None:
    assert AccessLabels.of(FREE_HOSTS).exact == FREE_HOSTS


def test_a_label_may_be_given_for_a_host_with_www() -> None:
    labels = AccessLabels.of({"www.example.org": "notre portail"})
    assert labels.label("https://example.org/x", "Autre") == "notre portail"
    assert labels.label("https://www.example.org/x", "Autre") == "notre portail"
