"""Annotations: what each property may be, and on which files which kind may stand."""

from __future__ import annotations

from typing import Any

import pytest

PDF, EPUB, PAGE = "application/pdf", "application/epub+zip", "text/html"
SORT_INDEX = {PDF: "00015|002431|00000", EPUB: "00050|00013029", PAGE: "0000123"}
YELLOW = "#ffd400"


def file(api: Any, content_type: str = PDF, link_mode: str = "imported_url") -> str:
    fields = {"itemType": "attachment", "linkMode": link_mode, "contentType": content_type}
    return str(api.item(**fields)["key"])


def mark(parent: str, kind: str = "highlight", on: str = PDF, **more: Any) -> dict[str, Any]:
    fields = {"annotationType": kind, "annotationSortIndex": SORT_INDEX[on], "parentItem": parent}
    return {"itemType": "annotation"} | fields | more


@pytest.mark.parametrize("on", SORT_INDEX)
@pytest.mark.parametrize("kind", ["highlight", "underline", "note", "image", "ink", "text"])
def test_other_files_than_pdfs_have_texts_marked_and_notes_alone(
    api: Any, on: str, kind: str
) -> None:
    parent = file(api, on)
    if on == PDF or kind in ("highlight", "underline", "note"):
        assert api.item(**mark(parent, kind, on))["data"]["annotationType"] == kind
    else:
        refused = api.failure("items", **mark(parent, kind, on))
        assert (refused["code"], parent in refused["message"]) == (400, True)


def test_an_annotation_is_on_a_file(api: Any) -> None:
    for parent in (api.item()["key"], file(api, link_mode="linked_url")):
        assert api.failure("items", **mark(parent))["message"] == (
            f"Parent item {parent} of annotation must be a file attachment"
        )
    assert api.failure("items", **mark(file(api, "text/plain")))["code"] == 400
    assert api.failure("items", **mark("ABCD2345"))["code"] == 409


def test_an_annotation_may_move_to_another_file_but_nowhere_else(api: Any) -> None:
    made = api.item(**mark(file(api)))
    key, another = made["key"], file(api)
    assert api.change(key, parentItem=another)["parentItem"] == another
    version = api.data(key)["version"]
    alone = api.patch(key, version, parentItem=False)
    assert (alone.status_code, alone.text) == (400, "Annotation must have a parent item")
    elsewhere = api.patch(key, version, parentItem=api.item()["key"])
    expected = "Parent item of highlight annotation must be a PDF attachment"
    assert (elsewhere.status_code, elsewhere.text) == (400, expected)


def test_its_kind_stays(api: Any) -> None:
    made = api.item(**mark(file(api)))
    assert api.patch(made["key"], made["version"], annotationType="note").status_code == 400
    assert api.change(made["key"], annotationType="highlight", annotationText="x")
    assert api.failure("items", **mark(file(api), annotationType="scribble"))["code"] == 400
    without = mark(file(api))
    del without["annotationType"]
    assert api.failure("items", **without)["code"] == 400


def test_only_a_marked_text_has_a_text(api: Any) -> None:
    parent = file(api)
    for text in ("", "x"):
        refused = api.failure("items", **mark(parent, "image", annotationText=text))
        assert refused["message"] == (
            "'annotationText' can only be set for highlight and underline annotations"
        )
    note = api.item(**mark(parent, "note"))
    assert "annotationText" not in note["data"]
    assert api.patch(note["key"], note["version"], annotationText="x").status_code == 400


def test_what_is_shown_of_a_new_one(api: Any) -> None:
    data = api.item(**mark(file(api), annotationText="0", annotationComment=" \x07a "))["data"]
    assert data["annotationColor"] == YELLOW
    assert "annotationAuthorName" not in data
    assert (data["annotationText"], data["annotationComment"]) == ("0", " a ")
    assert api.change(data["key"], annotationComment="")["annotationComment"] == ""
    cleared = api.change(data["key"], annotationColor="")
    assert cleared["annotationColor"] == ""  # only a new one gets the default


def test_long_texts_are_cut_and_long_labels_refused(api: Any) -> None:
    parent = file(api)
    long = api.item(**mark(parent, annotationText="试" * 8_000))
    assert long["data"]["annotationText"] == "试" * 7_500
    assert api.item(**mark(parent, annotationPageLabel="é" * 25))
    label = api.failure("items", **mark(parent, annotationPageLabel="é" * 26))
    assert (label["code"], label["message"]) == (
        400,
        f"Annotation page label is too long for attachment {parent}",
    )
    place = api.failure("items", **mark(parent, annotationPosition="x" * 65_536))
    assert place["message"] == f"Annotation position is too long for attachment {parent}"


@pytest.mark.parametrize(
    "fields",
    [
        {"annotationColor": "ff8c19"},
        {"annotationColor": "#FF8C19"},
        {"annotationColor": "red"},
        {"annotationSortIndex": "0000"},
        {"annotationSortIndex": SORT_INDEX[EPUB]},
        {"annotationSortIndex": ""},
        {"annotationPosition": {"pageIndex": 1}},
        {"annotationComment": 1},
    ],
)
def test_malformed_properties_are_refused(api: Any, fields: dict[str, Any]) -> None:
    parent = file(api)
    assert api.failure("items", **mark(parent, **fields))["code"] == 400
    made = api.item(**mark(parent))
    assert api.patch(made["key"], made["version"], **fields).status_code == 400
    assert api.data(made["key"]) == made["data"]


@pytest.mark.parametrize("on", [EPUB, PAGE])
def test_each_kind_of_file_has_its_own_form_of_sort_index(api: Any, on: str) -> None:
    refused = api.failure("items", **mark(file(api, on)))
    assert refused["message"].startswith(f"Invalid sortIndex '{SORT_INDEX[PDF]}' for ")
