"""The schema: bundled facts, compact form, the copy kept from a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from zotsync.errors import FileError, ServerError
from zotsync.model import UNSYNCED_TYPES, Schema
from zotsync.zotero.schema import (
    KEPT_NAME,
    bundled,
    compact,
    from_compact,
    from_server_json,
    load,
    refresh,
)


def server_json(version: int) -> dict[str, Any]:
    """Return a small schema as a server gives it."""
    words = {
        "itemTypes": {"film": "Film"},
        "fields": {"title": "Titre"},
        "creatorTypes": {"director": "Réalisateur"},
    }
    return {
        "version": version,
        "itemTypes": [
            {
                "itemType": "film",
                "fields": [{"field": "title"}, {"field": "distributor", "baseField": "publisher"}],
                "creatorTypes": [
                    {"creatorType": "producer"},
                    {"creatorType": "director", "primary": True},
                    {"creatorType": "guest"},
                ],
            },
            {"itemType": "note", "fields": [], "creatorTypes": []},
        ],
        "csl": {"types": {"motion_picture": ["film"]}, "fields": {}, "names": {}},
        "locales": {"fr-FR": words, "en-US": words, "de": {}},
    }


class Source:
    """A server that has one schema, and notes what it was asked."""

    def __init__(self, raw: dict[str, Any], etag: str = '"e1"') -> None:
        self.raw, self.etag = raw, etag
        self.asked: list[str | None] = []

    def schema(self, etag: str | None) -> tuple[str, dict[str, Any]] | None:
        self.asked.append(etag)
        return None if etag == self.etag else (self.etag, self.raw)


def newer() -> dict[str, Any]:
    return server_json(bundled().version + 1)


def test_the_bundled_facts_know_every_kind_of_object() -> None:
    schema = bundled()
    assert len(schema.item_types) >= 40
    assert UNSYNCED_TYPES | {"note"} <= schema.item_types.keys()
    assert schema.item_types["presentation"].creator_types[0] == "presenter"
    assert schema.item_types["thesis"].base_fields["university"] == "publisher"
    assert schema.item_types["book"].fields[0] == "title"
    assert schema.knows_field("citationKey")
    assert not schema.knows_field("citationkey")
    assert schema.csl["names"]["author"] == "author"


def test_the_bundled_labels_are_zoteros_own_words() -> None:
    schema = bundled()
    assert schema.label("type", "book", "fr") == "Livre"
    assert schema.label("type", "book", "en") == "Book"
    assert schema.label("field", "publicationTitle", "en") == "Publication"
    assert schema.label("creator", "unheardOf", "fr") == "unheardOf"


def test_every_label_has_both_languages_and_every_name_a_label() -> None:
    schema = bundled()
    names = {f"type:{t}" for t in schema.item_types}
    names |= {f"field:{f}" for t in schema.item_types.values() for f in t.fields}
    names |= {f"creator:{c}" for t in schema.item_types.values() for c in t.creator_types}
    assert names <= schema.labels["fr"].keys()
    assert schema.labels["fr"].keys() == schema.labels["en"].keys()


def test_a_server_schema_is_read_with_the_primary_creator_type_first() -> None:
    film = from_server_json(server_json(7)).item_types["film"]
    assert film.creator_types == ("director", "producer", "guest")
    assert film.fields == ("title", "distributor")
    assert film.base_fields == {"distributor": "publisher"}


@pytest.mark.parametrize("schema", [bundled(), from_server_json(server_json(7))])
def test_the_compact_form_loses_nothing(schema: Schema) -> None:
    assert from_compact(json.loads(json.dumps(compact(schema)))) == schema


@pytest.mark.parametrize(
    "raw",
    [{}, {"version": 3}, server_json(3) | {"locales": {}}, server_json(3) | {"itemTypes": [1]}],
)
def test_a_server_answer_that_is_no_schema_is_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(ServerError):
        from_server_json(raw)


def test_without_a_kept_copy_the_bundled_facts_serve(tmp_path: Path) -> None:
    assert load(tmp_path) is bundled()


def test_a_newer_schema_is_kept_and_loaded_again(tmp_path: Path) -> None:
    schema = refresh(Source(newer()), tmp_path)
    assert schema.version == bundled().version + 1
    assert load(tmp_path) == schema
    assert [p.name for p in tmp_path.iterdir()] == [KEPT_NAME]


def test_a_kept_schema_is_asked_for_by_its_etag(tmp_path: Path) -> None:
    source = Source(newer())
    first = refresh(source, tmp_path)
    assert refresh(source, tmp_path) == first
    assert source.asked == [None, '"e1"']


def test_a_schema_that_is_not_newer_is_not_kept(tmp_path: Path) -> None:
    assert refresh(Source(server_json(bundled().version)), tmp_path) is bundled()
    assert list(tmp_path.iterdir()) == []


def test_a_kept_schema_older_than_the_bundled_is_ignored(tmp_path: Path) -> None:
    old = compact(from_server_json(server_json(bundled().version - 1)))
    (tmp_path / KEPT_NAME).write_text(json.dumps({"etag": "", "schema": old}), encoding="utf-8")
    assert load(tmp_path) is bundled()


@pytest.mark.parametrize(
    "damaged", [b"", b"{", b"[]", b'{"etag": "x", "schema": {"version": 99}}', b"\xff\xfe"]
)
def test_a_damaged_copy_is_ignored_and_made_again(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / KEPT_NAME).write_bytes(damaged)
    assert load(tmp_path) is bundled()
    source = Source(newer())
    assert refresh(source, tmp_path) == load(tmp_path) != bundled()
    assert source.asked == [None]


def test_a_folder_that_takes_no_copy_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="nowhere"):
        refresh(Source(newer()), tmp_path / "nowhere")
