"""Attachments: which link mode has what, what a file sets, images in notes, pages read."""

from __future__ import annotations

from typing import Any

import pytest

HASH = "c7487a750a97722ae1878ed46b215ebe"
MODIFIED = 1332807793000


def attachment(link_mode: str, **more: Any) -> dict[str, Any]:
    return {"itemType": "attachment", "linkMode": link_mode} | more


@pytest.mark.parametrize(
    ("link_mode", "fields"),
    [
        ("imported_file", {"filename": "a.pdf", "md5": HASH, "mtime": MODIFIED}),
        ("imported_url", {"filename": r"50\% of it.pdf", "url": "https://example.org"}),
        ("linked_url", {"url": "https://example.org"}),
        ("linked_file", {"path": "/home/a.pdf"}),
    ],
)
def test_each_link_mode_has_its_own_properties(
    own: Any, link_mode: str, fields: dict[str, Any]
) -> None:
    data = own.item(**attachment(link_mode, **fields))["data"]
    assert {name: data[name] for name in fields} == fields
    stored = link_mode.startswith("imported")
    assert [name in data for name in ("filename", "md5", "mtime")] == [stored] * 3
    assert ("path" in data) == (link_mode == "linked_file")


@pytest.mark.parametrize(
    ("link_mode", "fields"),
    [
        ("linked_url", {"filename": "a.pdf"}),
        ("linked_url", {"md5": HASH}),
        ("linked_file", {"mtime": MODIFIED}),
        ("imported_file", {"path": "/home/a.pdf"}),
        ("imported_file", {"md5": "nonsense"}),
        ("imported_file", {"filename": "folder/a.pdf"}),
        ("imported_file", {"filename": r"C:\a.pdf"}),
        ("imported_file", {"filename": r"\\server\a.pdf"}),
        ("nonsense", {}),
    ],
)
def test_what_a_link_mode_has_not_is_refused(
    own: Any, link_mode: str, fields: dict[str, Any]
) -> None:
    assert own.failure("items", **attachment(link_mode, **fields))["code"] == 400


def test_groups_have_no_linked_files(api: Any) -> None:
    for fields in ({"path": "/home/a.pdf"}, {"contentType": "application/pdf"}):
        refused = api.failure("items", **attachment("linked_file", **fields))
        assert refused["message"] == "Linked files can only be added to user libraries"


def test_what_a_file_sets_is_not_taken_away(api: Any) -> None:
    made = api.item(**attachment("imported_file", md5=HASH, mtime=str(MODIFIED)))
    assert made["data"]["mtime"] == MODIFIED
    data = api.change(made["key"], md5=None, mtime=None, title="A")
    assert (data["md5"], data["mtime"], data["title"]) == (HASH, MODIFIED, "A")
    assert api.change(made["key"], mtime=5)["mtime"] == 5


def test_a_link_mode_stays(api: Any) -> None:
    made = api.item(**attachment("imported_file"))
    answer = api.patch(made["key"], made["version"], linkMode="imported_url")
    assert (answer.status_code, answer.text) == (400, "Cannot change attachment linkMode")


def test_an_attachment_is_not_below_another_child(api: Any) -> None:
    book = api.item()["key"]
    below = api.item(**attachment("imported_file", parentItem=book))["key"]
    refused = api.failure("items", **attachment("imported_file", parentItem=below))
    assert (refused["code"], refused["message"]) == (
        400,
        f"Parent item {below} cannot be a child item",
    )
    alone = api.item(**attachment("imported_file"))["key"]
    assert api.failure("items", **attachment("imported_file", parentItem=alone))["code"] == 409


def image(parent: str | None, **more: Any) -> dict[str, Any]:
    links = {"parentItem": parent} if parent else {}
    return attachment("embedded_image", contentType="image/png") | links | more


def test_an_image_in_a_note_is_a_part_of_it(api: Any) -> None:
    book = api.item()["key"]
    note = api.item(itemType="note", note="x", parentItem=book)["key"]
    data = api.item(**image(note))["data"]
    absent = {"title", "url", "accessDate", "note", "charset", "tags", "collections", "relations"}
    assert (data["parentItem"], absent & data.keys()) == (note, set())
    another = api.item(itemType="note", note="y")["key"]
    for parent in (another, False):
        answer = api.patch(data["key"], data["version"], parentItem=parent)
        assert (answer.status_code, answer.text) == (
            400,
            "Cannot change parent item of embedded-image attachment",
        )


@pytest.mark.parametrize(
    "fields",
    [{"contentType": "application/pdf"}, {"note": "x"}, {"charset": "utf-8"}],
)
def test_what_an_image_in_a_note_has_not_is_refused(api: Any, fields: dict[str, Any]) -> None:
    note = api.item(itemType="note", note="x")["key"]
    assert api.failure("items", **image(note, **fields))["code"] == 400
    assert api.failure("items", **image(None))["code"] == 400


def test_when_a_file_was_read_is_known_in_ones_own_library(own: Any, api: Any) -> None:
    made = own.item(**attachment("imported_file", lastRead=1674668111))
    assert made["data"]["lastRead"] == 1674668111
    for nothing in ("", None, False, 0):
        assert own.change(made["key"], lastRead=5)["lastRead"] == 5
        assert "lastRead" not in own.change(made["key"], lastRead=nothing)
    for wrong in ("nonsense", True, 1.5):
        refused = own.failure("items", **attachment("imported_file", lastRead=wrong))
        assert refused["code"] == 400
    assert own.failure("items", itemType="book", lastRead=5)["code"] == 400
    assert api.failure("items", **attachment("imported_file", lastRead=5))["code"] == 400


def _page(api: Any, name: str, library: str) -> int:
    answer = api.ask("PUT", f"{library}/settings/{name}", json={"value": 7, "version": 0})
    assert answer.status_code == 204
    return int(answer.headers["Last-Modified-Version"])


def test_the_page_one_read_last_goes_with_the_file_without_a_trace(own: Any) -> None:
    file = own.item(**attachment("imported_file"))["key"]
    name = f"lastPageIndex_u_{file}"
    version = _page(own, name, own.library)
    assert own.delete(f"items/{file}").status_code == 204
    assert own.get(f"settings/{name}").status_code == 404
    assert own.get("deleted", since=0).json()["settings"] == []
    assert own.version() == version + 1


def test_the_page_of_a_groups_file_goes_for_each_reader(own: Any, api: Any) -> None:
    file = api.item(**attachment("imported_file"))["key"]
    name = f"lastPageIndex_g10_{file}"
    version = _page(own, name, own.library)
    assert api.delete(f"items/{file}").status_code == 204
    assert own.get(f"settings/{name}").status_code == 404
    assert own.version() == version


def test_a_client_that_syncs_files_is_told_that_there_is_no_room(own: Any) -> None:
    key = own.item(**attachment("imported_file", filename="a.pdf"))["key"]
    form = {"md5": HASH, "mtime": MODIFIED, "filename": "a.pdf", "filesize": 9}
    answer = own.ask("POST", f"items/{key}/file", data=form, headers={"If-None-Match": "*"})
    assert (answer.status_code, answer.headers["Zotero-Storage-Quota"]) == (413, "0")
    assert own.get(f"items/{key}/file").status_code == 404
    assert own.ask("POST", "items/ABCD2345/file", data=form).status_code == 404
    assert own.version() == 1


def test_no_item_has_a_full_text(own: Any) -> None:
    own.item(**attachment("imported_file", filename="a.pdf"))
    answer = own.get("fulltext", format="versions", since=0)
    assert (answer.json(), answer.headers["Last-Modified-Version"]) == ({}, "1")
