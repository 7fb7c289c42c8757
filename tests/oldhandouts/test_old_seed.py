"""A handout of 2021, as its text came out of a PDF: measured with the items that hands made of it."""

from __future__ import annotations

import pytest
from oldhandouts.yardstick import HANDOUT, by_title, differences, hand_made

from zotsync.handout.proxies import Proxies
from zotsync.oldhandouts.accounting import words_of
from zotsync.oldhandouts.fromtext import text_pages
from zotsync.oldhandouts.reading import read_bibliography
from zotsync.oldhandouts.values import ReadBibliography

CENTRE = Proxies.of({"cairn.info": "cairn-doc.ites-formation.com"})


@pytest.fixture(scope="module")
def read() -> ReadBibliography:
    return read_bibliography(text_pages(HANDOUT.read_text("utf-8")))


def test_every_entry_equals_what_hands_typed(read: ReadBibliography) -> None:
    items = hand_made()
    assert len(read.entries) == len(items) == 16
    for entry in read.entries:
        item = by_title(items, entry.item())
        assert item is not None, entry.source
        assert differences(entry.item(), item) == {}


def test_seven_abstracts_are_whole_and_none_is_invented(read: ReadBibliography) -> None:
    items = hand_made()
    told = [entry for entry in read.entries if entry.value("abstractNote")]
    assert len(told) == 7
    for entry in read.entries:
        item = by_title(items, entry.item())
        assert item is not None
        assert differences(entry.item(), item, ("abstractNote",)) == {}


def test_the_catalogue_and_the_two_parts_of_a_title_are_read(read: ReadBibliography) -> None:
    assert [e.value("libraryCatalog") for e in read.entries if e.value("libraryCatalog")] == [
        "Cairn.info"
    ]
    assert [e.value("shortTitle") for e in read.entries if e.value("shortTitle")] == [
        "Comment intégrer un travailleur pair dans une équipe de santé mentale ?"
    ]


def test_an_address_in_the_midst_of_an_abstract_is_reported_and_given_to_no_entry(
    read: ReadBibliography,
) -> None:
    assert len(read.unplaced) == 1
    assert read.unplaced[0].startswith("https://eur02.safelinks.protection.outlook.com/")


def test_the_centre_s_own_proxy_is_unwrapped() -> None:
    read = read_bibliography(text_pages(HANDOUT.read_text("utf-8")), CENTRE)
    url = "https://cairn.info/revue-pratique-en-sante-mentale-2020-3.htm"
    assert read.entries[0].value("url") == url


def test_no_word_of_the_document_is_lost(read: ReadBibliography) -> None:
    kept = words_of("\n".join((*read.unplaced, *(entry.source for entry in read.entries))))
    assert set(words_of(HANDOUT.read_text("utf-8"))) <= set(kept)
    assert all(entry.unplaced == () for entry in read.entries)


def test_who_is_named_by_place_alone_is_doubtful(read: ReadBibliography) -> None:
    doubtful = [entry.source.splitlines()[0] for entry in read.entries if entry.confidence < 0.5]
    assert "EXPAIRs." in doubtful
    assert "ADENOT Vincent." not in doubtful
