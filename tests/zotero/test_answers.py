"""Answers as values: nothing is guessed, and every object that was sent is accounted for."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zotsync.model import KEY_ALPHABET
from zotsync.zotero.answers import (
    Failed,
    MalformedError,
    Unchanged,
    WriteReport,
    Written,
    keys_sent,
    library_version,
    parse_deleted,
    parse_page,
    parse_report,
    parse_versions,
)

KEYS = st.lists(st.text(KEY_ALPHABET, min_size=8, max_size=8), min_size=1, max_size=50, unique=True)
FATES = ("successful", "unchanged", "failed")


def report_of(fates: dict[str, str]) -> dict[str, Any]:
    """Return the write report of a server for key -> fate, as it looks on the wire."""
    report: dict[str, Any] = {"successful": {}, "success": {}, "unchanged": {}, "failed": {}}
    for index, (key, fate) in enumerate(fates.items()):
        name = str(index)
        if fate == "successful":
            report["success"][name] = key
            report["successful"][name] = {"key": key, "version": 100 + index, "data": {"key": key}}
        elif fate == "unchanged":
            report["unchanged"][name] = key
        else:
            report["failed"][name] = {"code": 412, "message": f"stale {key}"}
    return report


@st.composite
def fates(draw: st.DrawFn) -> dict[str, str]:
    return {key: draw(st.sampled_from(FATES)) for key in draw(KEYS)}


@given(fates(), st.integers(0))
def test_every_object_has_its_own_result_in_the_order_sent(
    sent: dict[str, str], version: int
) -> None:
    report = parse_report(version, report_of(sent), list(sent))
    kinds = {"successful": Written, "unchanged": Unchanged, "failed": Failed}
    assert report.library_version == version
    assert [(r.key, type(r)) for r in report.results] == [(k, kinds[f]) for k, f in sent.items()]


@given(fates(), st.randoms())
def test_an_object_that_is_left_out_is_noticed(sent: dict[str, str], chance: random.Random) -> None:
    raw = report_of(sent)
    index = str(chance.randrange(len(sent)))
    for part in raw.values():
        part.pop(index, None)
    with pytest.raises(MalformedError):
        parse_report(1, raw, list(sent))


@given(fates(), st.randoms())
def test_an_object_with_two_results_is_noticed(sent: dict[str, str], chance: random.Random) -> None:
    raw = report_of(sent)
    index = chance.randrange(len(sent))
    key = list(sent)[index]
    other = chance.choice([f for f in FATES if f != sent[key]])
    twin = report_of(dict.fromkeys(sent, other))[other][str(index)]
    raw[other][str(index)] = twin
    with pytest.raises(MalformedError):
        parse_report(1, raw, list(sent))


@given(fates(), st.sampled_from([*FATES, "success"]), st.sampled_from(["-1", "x", "01", "50", ""]))
def test_a_result_for_what_was_not_sent_is_noticed(
    sent: dict[str, str], part: str, index: str
) -> None:
    raw = report_of(sent)
    raw[part][index] = "ABCD2345"
    with pytest.raises(MalformedError):
        parse_report(1, raw, list(sent))


WHOLE = {"key": "AAAAAAAA", "version": 7, "data": {"title": "x"}}


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "<html>",
        {},
        {"successful": {"0": {**WHOLE, "key": "BBBBBBBB"}}},
        {"successful": {"0": {**WHOLE, "version": "7"}}},
        {"successful": {"0": {**WHOLE, "version": True}}},
        {"successful": {"0": {**WHOLE, "data": None}}},
        {"successful": {"0": "AAAAAAAA"}},
        {"success": {"0": "AAAAAAAA"}},
        {"successful": {"0": WHOLE}, "success": {"0": "BBBBBBBB"}},
        {"failed": {"0": {"message": "no code"}}},
        {"failed": {"0": {"code": 400, "key": "BBBBBBBB"}}},
        {"failed": {"0": {"code": 400}}, "success": {"0": "AAAAAAAA"}},
        {"unchanged": {"0": "BBBBBBBB"}},
        {"successful": [WHOLE]},
    ],
)
def test_a_report_that_is_not_one_confirms_nothing(raw: Any) -> None:
    with pytest.raises(MalformedError):
        parse_report(1, raw, ["AAAAAAAA"])


def test_empty_parts_may_be_php_lists_or_not_there() -> None:
    raw = {"successful": {"0": WHOLE | {"meta": []}}, "unchanged": [], "failed": []}
    written = Written("AAAAAAAA", 7, {"title": "x"}, {})
    assert parse_report(9, raw, ["AAAAAAAA"]) == WriteReport(9, (written,))


def test_a_failure_keeps_code_and_message() -> None:
    raw = {"failed": {"0": {"code": 409, "message": "no parent", "data": {"parentItem": "X"}}}}
    (result,) = parse_report(9, raw, ["AAAAAAAA"]).results
    assert result == Failed("AAAAAAAA", 409, "no parent")


def test_versions_are_keys_with_numbers() -> None:
    assert parse_versions(9, {"AAAAAAAA": 3}).versions == {"AAAAAAAA": 3}
    assert parse_versions(9, []).versions == {}


@pytest.mark.parametrize(
    "raw", [["AAAAAAAA"], {"AAAA": 3}, {"AAAAAAAA": "3"}, {"AAAAAAAA": -1}, None]
)
def test_versions_that_are_none_are_refused(raw: Any) -> None:
    with pytest.raises(MalformedError):
        parse_versions(9, raw)


def test_tombstones_of_items_and_collections_are_read() -> None:
    raw = {"items": ["AAAAAAAA"], "collections": [], "tags": ["é"], "settings": ["x"]}
    deleted = parse_deleted(9, raw)
    assert deleted.items == {"AAAAAAAA"}
    assert deleted.collections == frozenset()


@pytest.mark.parametrize("raw", [["AAAAAAAA"], {"items": ["x"]}, {"items": "AAAAAAAA"}, 3])
def test_tombstones_that_are_none_are_refused(raw: Any) -> None:
    with pytest.raises(MalformedError):
        parse_deleted(9, raw)


def item(key: str, /, **data: Any) -> dict[str, Any]:
    return {"key": key, "version": 5, "data": {"key": key, "itemType": "book"} | data}


def test_a_page_holds_what_was_asked_and_names_what_is_gone() -> None:
    page = parse_page(9, [item("BBBBBBBB")], ["AAAAAAAA", "BBBBBBBB"], "items")
    assert page.objects == (item("BBBBBBBB"),)
    assert page.missing == ("AAAAAAAA",)


@pytest.mark.parametrize(
    "raw",
    [
        {},
        [item("CCCCCCCC")],
        ["AAAAAAAA"],
        [{"version": 3}],
        [{"key": ["AAAAAAAA"]}],
    ],
)
def test_a_page_with_anything_else_is_refused_whole(raw: Any) -> None:
    with pytest.raises(MalformedError):
        parse_page(9, raw, ["AAAAAAAA"], "items")


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        (item("AAAAAAAA") | {"version": None}, "version"),
        (item("AAAAAAAA") | {"data": []}, "data"),
        (item("AAAAAAAA") | {"meta": 3}, "meta"),
        (item("AAAAAAAA", key="BBBBBBBB"), "key"),
        (item("AAAAAAAA", itemType=None), "itemType"),
        (item("AAAAAAAA", tags="x"), "tags"),
        (item("AAAAAAAA", tags=[{"type": 1}]), "tags"),
        (item("AAAAAAAA", tags=[{"tag": "x", "type": "a"}]), "tags"),
        (item("AAAAAAAA", creators=["x"]), "creators"),
        (item("AAAAAAAA", creators=[{"name": 3}]), "creators"),
        (item("AAAAAAAA", collections=["x"]), "collections"),
        (item("AAAAAAAA", relations=["x"]), "relations"),
        (item("AAAAAAAA", relations={"dc:relation": 3}), "relations"),
        (item("AAAAAAAA", parentItem="x"), "parentItem"),
        (item("AAAAAAAA", parentItem=7), "parentItem"),
        (item("AAAAAAAA", title=5), "title"),
        (item("AAAAAAAA", title=None), "title"),
        (item("AAAAAAAA", title=["x"]), "title"),
        (item("AAAAAAAA", title="\ud800"), "title"),
        (item("AAAAAAAA", abstractNote=True), "abstractNote"),
        (item("AAAAAAAA", itemType="note", note={}), "note"),
        (item("AAAAAAAA", itemType=""), "itemType"),
        (item("AAAAAAAA", dateAdded=20), "dateAdded"),
        (item("AAAAAAAA", deleted="0"), "deleted"),
        (item("AAAAAAAA", tags=[{"tag": "x", "type": 5}]), "tags"),
        (item("AAAAAAAA", tags=[{"tag": "\ud800"}]), "tags"),
        (item("AAAAAAAA", creators=[{"name": "\ud800"}]), "creators"),
        (item("AAAAAAAA", relations={"dc:relation": [3]}), "relations"),
        (item("AAAAAAAA", neuf=[{"x": "\ud800"}]), "neuf"),
        (item("AAAAAAAA", neuf=None), "neuf"),
        (item("AAAAAAAA", conflict={"title": {}}), "conflict"),
        (item("AAAAAAAA") | {"version": -1}, "version"),
        (item("AAAAAAAA") | {"version": 5.0}, "version"),
        (item("AAAAAAAA") | {"version": 2**63}, "version"),
        (item("AAAAAAAA") | {"library": {"type": "group", "id": 12}}, "library"),
        (item("AAAAAAAA") | {"library": {"type": "user", "id": 11}}, "library"),
        (item("AAAAAAAA") | {"library": "x"}, "library"),
    ],
)
def test_a_broken_object_is_named_and_the_rest_of_the_page_goes_on(
    entry: dict[str, Any], word: str
) -> None:
    page = parse_page(9, [entry, item("BBBBBBBB")], ["AAAAAAAA", "BBBBBBBB"], "items", 11)
    (broken,) = page.broken
    assert (broken.key, broken.field) == ("AAAAAAAA", word)
    assert (page.objects, page.missing) == ((item("BBBBBBBB"),), ())


def test_an_object_that_comes_twice_is_used_if_it_is_the_same() -> None:
    twice = [item("AAAAAAAA", title="x"), item("BBBBBBBB"), item("AAAAAAAA", title="x")]
    page = parse_page(9, twice, ["AAAAAAAA", "BBBBBBBB"], "items")
    assert (page.objects, page.broken) == (tuple(twice[:2]), ())
    page = parse_page(9, [*twice, item("AAAAAAAA", title="y")], ["AAAAAAAA", "BBBBBBBB"], "items")
    assert page.objects == (twice[1],)
    assert [b.key for b in page.broken] == ["AAAAAAAA"]


def test_what_a_newer_schema_has_is_no_fault() -> None:
    new = {"itemType": "hologram", "depth": 3, "layers": ["a", {"b": True}], "visible": False}
    entry = item("AAAAAAAA", **new) | {"library": {"type": "group", "id": 11, "name": "x"}}
    assert parse_page(9, [entry], ["AAAAAAAA"], "items", 11).broken == ()


def test_what_belongs_to_an_attachments_file_is_no_fault() -> None:
    entry = item("AAAAAAAA", itemType="attachment", md5=None, mtime=17, title=None)
    assert parse_page(9, [entry], ["AAAAAAAA"], "items").broken == ()


def test_what_php_writes_for_empty_values_is_no_fault() -> None:
    entry = item("AAAAAAAA", tags=[], relations=[], creators=[], parentItem=False) | {"meta": []}
    assert parse_page(9, [entry], ["AAAAAAAA"], "items").broken == ()


def test_a_collection_needs_a_name_and_may_be_at_the_top() -> None:
    whole = {"key": "AAAAAAAA", "version": 5, "data": {"name": "x", "parentCollection": False}}
    nameless = {"key": "BBBBBBBB", "version": 5, "data": {"parentCollection": False}}
    page = parse_page(9, [whole, nameless], ["AAAAAAAA", "BBBBBBBB"], "collections")
    assert page.objects == (whole,)
    assert [(b.key, b.field) for b in page.broken] == [("BBBBBBBB", "name")]


@pytest.mark.parametrize(
    "headers",
    [{}, *({"Last-Modified-Version": text} for text in ("", "1.5", "-1", "x", "١", "9" * 25))],
)
def test_an_answer_without_a_library_version_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(MalformedError):
        library_version(headers)


@pytest.mark.parametrize(
    "objects",
    [
        [],
        [{"key": "AAAAAAAA", "version": 1}] * 2,
        [{"key": "aaaaaaaa", "version": 1}],
        [{"key": "AAAAAAAA", "version": None}],
        [{"key": f"AAAAAA{a}{b}", "version": 0} for a in "BCDEFG" for b in KEY_ALPHABET[:10]],
    ],
)
def test_what_may_not_be_sent_is_not_sent(objects: list[dict[str, Any]]) -> None:
    with pytest.raises(ValueError, match="objects"):
        keys_sent(objects, 50)
