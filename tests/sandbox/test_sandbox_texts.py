"""What is known of texts: what the server makes of them, and what it refuses as too long."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zotsync.sandbox.rules.dates import access_date, parsed_date
from zotsync.sandbox.rules.notes import sanitized


def test_control_characters_line_ends_and_outer_blanks(api: Any) -> None:
    sent = "\ufeff\u00a0 \x01a\r\nb\tc\x7f\u200b \n"
    data = api.item(title=sent, publisher=" \t x \n")["data"]
    assert data["title"] == "\ufeff\u00a0 a\nb\tc\u200b"
    assert data["publisher"] == "x"


def test_titles_keep_html_and_entities_as_typed(api: Any) -> None:
    title = "<i>x</i> &amp; y < z"
    assert api.item(title=title)["data"]["title"] == title


def test_collection_names_alone_are_brought_to_nfc(api: Any) -> None:
    loose = "e\u0301"
    key = api.collection(f" {loose} ")
    assert api.data(key, "collections")["name"] == "é"
    creators = [{"creatorType": "author", "name": loose}]
    data = api.item(title=loose, tags=[{"tag": loose}], creators=creators)["data"]
    assert data["title"] == data["tags"][0]["tag"] == data["creators"][0]["name"] == loose


def test_tags_are_trimmed_sorted_and_without_doubles(api: Any) -> None:
    sent = [
        *({"tag": " b "}, {"tag": "b"}, {"tag": "B"}, {"tag": ""}),
        *({"tag": "a", "type": 1}, {"tag": "a", "type": 0}),
    ]
    expected = [{"tag": "B"}, {"tag": "a"}, {"tag": "a", "type": 1}, {"tag": "b"}]
    assert api.item(tags=sent)["data"]["tags"] == expected


def test_creators_keep_their_form_and_empty_ones_go(api: Any) -> None:
    sent = [
        {"creatorType": "author", "firstName": " V ", "lastName": ""},
        {"creatorType": "editor", "name": "Centre"},
    ]
    data = api.item(creators=sent)["data"]
    assert data["creators"] == [
        {"creatorType": "author", "firstName": "V", "lastName": ""},
        {"creatorType": "editor", "name": "Centre"},
    ]
    template = [{"creatorType": "author", "firstName": "", "lastName": ""}]
    assert api.item(creators=template)["data"]["creators"] == []


def test_one_related_item_comes_back_as_a_string(api: Any) -> None:
    uri = "http://zotero.org/groups/1/items/ABCD234{}"
    one = api.item(relations={"dc:replaces": [uri.format(5)]})["data"]["relations"]
    assert one == {"dc:replaces": uri.format(5)}
    two = api.item(relations={"dc:replaces": [uri.format(6), uri.format(5)]})["data"]["relations"]
    assert two == {"dc:replaces": [uri.format(5), uri.format(6)]}
    assert api.item(relations=[])["data"]["relations"] == {}


def test_a_field_is_at_most_65535_bytes(api: Any) -> None:
    assert len(api.item(title="é" * 32_767)["data"]["title"]) == 32_767
    assert api.failure("items", itemType="book", title="é" * 32_768)["code"] == 413


@pytest.mark.parametrize(
    "fields",
    [
        {"itemType": "book", "tags": [{"tag": "x" * 256}]},
        {"itemType": "book", "creators": [{"creatorType": "author", "name": "x" * 256}]},
        {"itemType": "note", "note": "x" * 500_001},
    ],
)
def test_what_is_too_long_is_413(api: Any, fields: dict[str, Any]) -> None:
    assert api.failure("items", **fields)["code"] == 413


LONG = "1234567890" * 50_001


@pytest.mark.parametrize(
    ("note", "called"),
    [
        (LONG, LONG[:79]),
        (" \n \n" + LONG, LONG[:79]),
        ("\n<p>&nbsp;</p>\n<p>&nbsp;</p>\n" + LONG, LONG[:73]),
        ("Full Text:\n\n" + LONG, f"Full Text: {LONG[:67]}"),
        ("é" * 500_001, "é" * 39),
        ("&nbsp;\n<p><!-- " + LONG + " --></p>", f"&lt;p&gt;&lt;!-- {LONG[:64]}"),
    ],
)
def test_a_note_that_is_too_long_is_called_by_its_beginning(
    api: Any, note: str, called: str
) -> None:
    refused = api.failure("items", itemType="note", note=note)
    assert (refused["code"], refused["message"]) == (413, f"Note '{called}...' too long")
    made = api.item(itemType="note", note="x")
    answer = api.patch(made["key"], made["version"], note=note)
    assert answer.status_code == 413
    assert answer.text.endswith(f"...' too long for item '10/{made['key']}'")


def test_collection_names_are_at_most_255_characters(api: Any) -> None:
    assert api.collection("é" * 255)
    assert api.failure("collections", name="é" * 256)["code"] == 413
    assert api.failure("collections", name=" ")["code"] == 400


def test_dates_are_kept_as_typed(api: Any) -> None:
    item = api.item(date="juillet-août 2019")
    assert item["data"]["date"] == "juillet-août 2019"
    assert item["meta"]["parsedDate"] == "2019-07"
    assert "parsedDate" not in api.item(date="s.d.")["meta"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2020", "2020"),
        ("2020-01", "2020-01"),
        ("2020-01-31", "2020-01-31"),
        ("2020-00-00", "2020"),
        ("31/01/2020", "2020-01-31"),
        ("18 décembre 2020", "2020-12-18"),
        ("1er mai 2020", "2020-05-01"),
        ("March 3rd, 2021", "2021-03-03"),
        ("printemps 2021", "2021"),
        ("s.d.", ""),
        ("", ""),
    ],
)
def test_what_is_read_in_a_date(typed: str, read: str) -> None:
    assert parsed_date(typed) == read


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2020-01-31", "2020-01-31"),
        ("2020-01-31 10:20:30", "2020-01-31T10:20:30Z"),
        ("2020-01-31T10:20:30Z", "2020-01-31T10:20:30Z"),
        ("2020-01-31T10:20:30+01:00", "2020-01-31T09:20:30Z"),
        ("CURRENT_TIMESTAMP", "now"),
        ("", ""),
        ("31 janvier 2020", None),
        ("2020-02-31T10:20:30Z", None),
    ],
)
def test_access_dates(sent: str, kept: str | None) -> None:
    assert access_date(sent, "now") == kept


def test_current_timestamp_becomes_a_moment(api: Any) -> None:
    data = api.item(accessDate="CURRENT_TIMESTAMP")["data"]
    assert data["accessDate"] == data["dateAdded"]


def test_date_modified_is_of_fields_tags_and_trash_alone(api: Any) -> None:
    collection = api.collection("A")
    old = "2001-02-03T04:05:06Z"
    item = api.item(dateModified=old, dateAdded=old)
    key = item["key"]
    assert item["data"]["dateModified"] == old
    assert api.change(key, collections=[collection])["dateModified"] == old
    replaced = {"dc:replaces": "http://zotero.org/groups/10/items/ABCD2345"}
    assert api.change(key, relations=replaced)["dateModified"] == old
    for change in ({"title": "x"}, {"tags": [{"tag": "a"}]}, {"deleted": 1}):
        api.change(key, dateModified=old, **change)
        assert api.change(key, **change | {"extra": str(change)})["dateModified"] > old
    assert api.data(key)["dateAdded"] == old


def test_moving_an_item_between_collections_is_nobodys_modification(api: Any, bob: Any) -> None:
    collection = api.collection("A")
    item = api.item()
    bob.change(item["key"], collections=[collection])
    assert "lastModifiedByUser" not in api.get(f"items/{item['key']}").json()["meta"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("x", "<p>x</p>"),
        ("", ""),
        ("a\n\nb", "<p>a</p>\n\n<p>b</p>"),
        ("<p>x", "<p>x</p>"),
        ("<b>x</b> y", "<p><b>x</b> y</p>"),
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        ('<a href="javascript:x()">a</a>', "<p><a>a</a></p>"),
        (
            '<a href="https://a.fr/?x=1&amp;y=2">a</a>',
            '<p><a href="https://a.fr/?x=1&amp;y=2">a</a></p>',
        ),
        ("<p>1 &lt; 2 &amp; 3</p>", "<p>1 &lt; 2 &amp; 3</p>"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        (
            '<div data-schema-version="9"><p>a</p></div>',
            '<div data-schema-version="9"><p>a</p></div>',
        ),
    ],
)
def test_notes_are_sanitised_html(api: Any, sent: str, kept: str) -> None:
    assert api.item(itemType="note", note=sent)["data"]["note"] == kept


@given(
    st.lists(
        st.sampled_from(
            [
                *("<p>", "</p>", "<b>", "</b>", "<ul>", "<li>", "</li>", "</ul>", "<br>", "<h1>"),
                *(
                    "<script>",
                    "</script>",
                    "x",
                    " ",
                    "\n",
                    "\n\n",
                    "&lt;",
                    "&",
                    "<",
                    '<a href="x">',
                ),
                *("</a>", "<div>", "</div>", "<!--", "-->", "<td>", "é", "<img src=x onerror=y>"),
            ]
        )
    ).map("".join)
)
@example("<b><p>x</b></p>")
@example("<br>\n\n</p>\n<p>")
def test_cleaning_a_clean_note_changes_nothing(html: str) -> None:
    clean = sanitized(html)
    assert sanitized(clean) == clean
    assert "<script" not in clean
    assert '<img src="x" onerror' not in clean
