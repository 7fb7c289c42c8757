"""The colleague of the state machine, who works in the Zotero client."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sync.machine import World, pick
from sync.worlds import GROUP

NAMES = ["Alpha", "Beta", "Un", "Deux", "Delta"]
TYPES = ["book", "report", "webpage"]


class ColleagueRules(World):
    """What somebody does at the Web API, with all kinds of objects."""

    def __init__(self) -> None:
        super().__init__()
        self.erased: list[dict[str, Any]] = []

    @rule(choice=pick)
    def colleague_makes_an_item(self, choice: int) -> None:
        shelf = self.shelf(choice)
        inside = [shelf["key"]] if shelf and choice % 2 else []
        self.colleague.make(title=f"Collègue {self.token()}", collections=inside)

    @rule(choice=pick, field=st.sampled_from(["title", "abstractNote", "extra"]))
    def colleague_edits(self, choice: int, field: str) -> None:
        item = self.remote(choice)
        if item and item["itemType"] != "note":
            joint = {"title": " ", "abstractNote": " ", "extra": "\n"}[field]
            text = f"{item[field]}{joint}Là {self.token()}.".strip()
            self.colleague.change(item["key"], **{field: text})

    @rule(choice=pick)
    def colleague_tags(self, choice: int) -> None:
        item = self.remote(choice)
        if item:
            self.colleague.change(
                item["key"], tags=[*item["tags"], {"tag": self.token(), "type": choice % 2}]
            )

    @rule(choice=pick, item_type=st.sampled_from(TYPES))
    def colleague_retypes(self, choice: int, item_type: str) -> None:
        item = self.remote(choice)
        if item and item["itemType"] in TYPES:
            self.colleague.change(item["key"], itemType=item_type)

    @rule(choice=pick)
    def colleague_writes_a_note(self, choice: int) -> None:
        parent = self.remote(choice)
        fields: dict[str, Any] = {"note": f"<p>Note {self.token()}</p>"}
        if parent and parent["itemType"] != "note" and choice % 3:
            fields["parentItem"] = parent["key"]
        self.colleague.make("note", **fields)

    @rule(choice=pick)
    def colleague_writes_in_a_note(self, choice: int) -> None:
        item = self.remote(choice)
        if item and item["itemType"] == "note":
            note = f"{item['note']}<p>Là {self.token()}</p>"
            self.colleague.change(item["key"], note=note)

    @rule(choice=pick, other=pick)
    def colleague_moves_a_note(self, choice: int, other: int) -> None:
        item, parent = self.remote(choice), self.remote(other)
        if item and parent and item["itemType"] == "note":
            if parent["itemType"] == "note":
                self.colleague.change(item["key"], parentItem=False)
            else:
                self.colleague.change(item["key"], parentItem=parent["key"], collections=[])

    @rule(choice=pick)
    def colleague_attaches(self, choice: int) -> None:
        item = self.remote(choice)
        if item and item["itemType"] != "note":
            self.colleague.make(
                "attachment",
                linkMode="linked_url",
                url="https://example.org/",
                title=f"Pièce {self.token()}",
                parentItem=item["key"],
            )

    @rule(choice=pick, other=pick)
    def colleague_shelves(self, choice: int, other: int) -> None:
        item, shelf = self.remote(choice), self.shelf(other)
        if item and shelf and not item.get("parentItem") and not shelf.get("deleted"):
            members = set(item["collections"]) ^ {shelf["key"]}
            self.colleague.change(item["key"], collections=sorted(members))

    @rule(choice=pick, other=pick)
    def colleague_relates(self, choice: int, other: int) -> None:
        item, target = self.remote(choice), self.remote(other)
        if item and target and item["key"] != target["key"]:
            uri = f"http://zotero.org/groups/{GROUP}/items/{target['key']}"
            self.colleague.change(item["key"], relations={"dc:relation": [uri]})

    @rule(choice=pick)
    def colleague_trashes(self, choice: int) -> None:
        if item := self.remote(choice):
            self.colleague.trash(item["key"])

    @rule(choice=pick)
    def colleague_takes_out_of_the_trash(self, choice: int) -> None:
        if item := self.remote(choice, trashed=True):
            self.colleague.change(item["key"], deleted=0)

    @rule(choice=pick, trashed=st.booleans())
    def colleague_erases(self, choice: int, trashed: bool) -> None:  # noqa: FBT001
        if item := self.remote(choice, trashed=trashed):
            children = self.colleague.get(f"/items/{item['key']}/children", includeTrashed=1)
            self.disown(str(item))
            for child in children:
                self.disown(str(child["data"]))
            self.colleague.erase(item["key"])
            self.erased.append(item)

    @rule(choice=pick)
    def colleague_makes_again(self, choice: int) -> None:
        """Another client that had not heard of the erasing brings an item back with its key."""
        if self.erased:
            item = self.erased.pop(choice % len(self.erased))
            if item["itemType"] != "note" and self.is_free(item["key"]):
                fields = {"itemType": item["itemType"], "title": f"{item['title']} {self.token()}"}
                self.colleague.post("items", [{"key": item["key"], "version": 0, **fields}])

    def is_free(self, key: str) -> bool:
        objects = self.colleague.get("/items", limit=100, includeTrashed=1)
        return key not in {o["key"] for o in objects}

    @rule(choice=pick, name=st.sampled_from(NAMES))
    def colleague_makes_a_collection(self, choice: int, name: str) -> None:
        parent = self.shelf(choice)
        self.colleague.collection(name, parent["key"] if parent and choice % 2 else None)

    @rule(choice=pick, name=st.sampled_from(NAMES))
    def colleague_renames_a_collection(self, choice: int, name: str) -> None:
        if shelf := self.shelf(choice):
            self.colleague.change(shelf["key"], "collections", name=name)

    @rule(choice=pick, other=pick)
    def colleague_moves_a_collection(self, choice: int, other: int) -> None:
        shelf, parent = self.shelf(choice), self.shelf(other)
        if shelf and parent and shelf["key"] != parent["key"]:
            self.colleague.change(shelf["key"], "collections", parentCollection=parent["key"])

    @rule(choice=pick)
    def colleague_trashes_a_collection(self, choice: int) -> None:
        if shelf := self.shelf(choice):
            trashed = not shelf.get("deleted")
            self.colleague.change(shelf["key"], "collections", deleted=trashed)

    @rule(choice=pick)
    def colleague_erases_a_collection(self, choice: int) -> None:
        if shelf := self.shelf(choice):
            self.colleague.erase(shelf["key"], "collections")
