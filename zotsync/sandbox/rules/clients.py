"""The program that asks, and what is kept from one that would not understand it. Pure.

● A client says in `Zotero-Schema-Version` which item types and fields it knows; without that
header it is taken to know all. Zotero stops at a property that is new to it, so the server leaves
out what it can, and marks with `invalidProp` what an older client must not touch at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zotsync.sandbox.rules.texts import dumps

# ● The versions that the server keeps; any other counts as the next newer one.
_VERSIONS = (32, 33, 39, 40, 41)
_NEWEST = _VERSIONS[-1]
# Version -> item types ("!": all but these) -> the fields it gave them.
_ADDED: Mapping[int, Mapping[str, str]] = {
    33: {"podcast": "date"},
    39: {
        "!dataset preprint standard": "citationKey",
        "!conferencePaper dataset journalArticle preprint standard": "DOI",
        "artwork letter": "eventPlace",
        "blogPost book bookSection conferencePaper report thesis": "ISSN",
        "book bookSection": "format originalDate originalPlace originalPublisher",
        "document": "type",
        "document film interview journalArticle magazineArticle podcast webpage": "place",
        "interview journalArticle magazineArticle newspaperArticle podcast webpage": "publisher",
        "journalArticle": "PMCID PMID partNumber partTitle section",
        "manuscript": "institution number",
        "newspaperArticle": "issue volume",
        "patent": "priorityDate",
        "presentation": "sessionTitle",
        "presentation thesis": "series",
        "report thesis": "ISBN seriesNumber",
    },
    40: {
        "conferencePaper": "eventPlace issue numberOfVolumes seriesNumber",
        "standard": "ISBN edition partNumber partTitle",
    },
}
_MARKED_FILES = 29  # annotations of other files than PDFs, and of two more kinds
_NEW_KINDS = ("underline", "text")
_OTHER_FILES = ("application/epub+zip", "text/html")
_LAST_READ = 42
_LAST_READ_ON_ANDROID = 44
_OLD_DESKTOP = re.compile(r"Gecko/[0-9]+ Zotero/[78]\.")
_GROUPED_SEARCHES = 43
_GROUPING = frozenset({"groupStart", "groupEnd", "resultLevel", "titleCreatorYear"})


@dataclass(frozen=True)
class Client:
    """A program as far as it says what it is. `schema_version` 0: it does not say."""

    agent: str = ""
    schema_version: int = 0

    @property
    def is_zotero(self) -> bool:
        """Return whether this is Zotero itself, or its connector."""
        return "Zotero" in self.agent or "Firefox" in self.agent

    def older_than(self, version: int) -> bool:
        """Return whether the client says that it knows only a schema before `version`."""
        return 0 < self.schema_version < version

    def shown_search(self, text: str) -> str:
        """Return a saved search's JSON as this client may see it."""
        grouped = self.older_than(_GROUPED_SEARCHES) and _is_grouped(json.loads(text))
        return _marked(text) if grouped else text

    def shown_item(self, item_type: str, text: str, file_type: Callable[[], str]) -> str:
        """Return an item's JSON as this client may see it.

        `file_type` finds the content type of the file that an annotation is on.
        """
        if item_type == "annotation":
            new = self.older_than(_MARKED_FILES) and _is_new_kind(json.loads(text), file_type)
            return _marked(text) if new else text
        if item_type == "attachment":
            hidden = '"lastRead"' in text and not self._knows_last_read()
            return _without(text, {"lastRead"}) if hidden else text
        if item_type == "note" or not self.older_than(_NEWEST):
            return text
        return self._without_new_fields(text)

    def _knows_last_read(self) -> bool:
        if self.older_than(_LAST_READ) or _OLD_DESKTOP.search(self.agent):
            return False
        # ● On Android even if it does not say its version.
        return "Android" not in self.agent or self.schema_version >= _LAST_READ_ON_ANDROID

    def _without_new_fields(self, text: str) -> str:
        data = json.loads(text)
        known = next(v for v in _VERSIONS if self.schema_version <= v)
        new = {
            field
            for version, added in _ADDED.items()
            if version > known
            for types, fields in added.items()
            if _names(types, data["itemType"])
            for field in fields.split()
        }
        # ● A filled field is shown all the same.
        return _without(text, {field for field in new if data.get(field) == ""})


def _names(types: str, item_type: str) -> bool:
    return (item_type in types.removeprefix("!").split()) != types.startswith("!")


def _is_new_kind(data: Mapping[str, Any], file_type: Callable[[], str]) -> bool:
    return data["annotationType"] in _NEW_KINDS or file_type() in _OTHER_FILES


def _is_grouped(data: Mapping[str, Any]) -> bool:
    names = (c["condition"].partition("/")[0] for c in data["conditions"])
    return not _GROUPING.isdisjoint(names)


def _marked(text: str) -> str:
    return dumps(json.loads(text) | {"invalidProp": 1})


def _without(text: str, names: set[str]) -> str:
    return dumps({name: v for name, v in json.loads(text).items() if name not in names})
