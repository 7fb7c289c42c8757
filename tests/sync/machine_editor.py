"""The person of the state machine who works on the files, with an editor, a file manager and git."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sync.machine import BROKEN, World, amend, pick, without_key
from sync.machine_colleague import TYPES
from sync.worlds import GROUP, Desk

from zotsync.bibliography.itemfile import amend_item_text, new_item_text
from zotsync.errors import FileError

PATHS = ["Alpha", "Beta", "Alpha/Un", "Alpha/Deux", "Beta/Un", "Beta/Un/Fond", "Gamma"]


class EditorRules(World):
    """What somebody does to the files of a workspace."""

    def __init__(self) -> None:
        super().__init__()
        self.commits: dict[Path, dict[Path, str]] = {}
        """Workspace -> the files that git has of it."""

    # Writing

    @rule(who=pick, choice=pick)
    def editor_makes_a_file(self, who: int, choice: int) -> None:
        desk = self.desks[who % 2]
        fields: dict[str, Any] = {"itemType": "book", "title": f"Ici {self.token()}"}
        if choice % 2:
            fields["collections"] = [PATHS[choice % len(PATHS)]]
        desk.write(f"neuf-{self.made}", new_item_text(None, fields))

    @rule(who=pick, choice=pick, field=st.sampled_from(["title", "abstractNote", "extra"]))
    def editor_edits(self, who: int, choice: int, field: str) -> None:
        found = self.good(self.desks[who % 2], choice)
        if found and found[1]["itemType"] != "note":
            path, fields = found
            joint = "\n" if field == "extra" else " "
            text = f"Ici {self.token()}.{joint}{fields.get(field, '')}".strip()
            amend(path, **{field: f"  {text}\t" if who % 3 else text})  # the server trims

    @rule(who=pick, choice=pick)
    def editor_writes_in_a_note(self, who: int, choice: int) -> None:
        found = self.good(self.desks[who % 2], choice)
        if found and found[1]["itemType"] == "note":
            path, fields = found
            amend(path, note=f"<p>{self.token()}</p>{fields.get('note', '')}")

    @rule(who=pick, choice=pick)
    def editor_adds_a_note(self, who: int, choice: int) -> None:
        desk = self.desks[who % 2]
        found, key = self.good(desk, choice), self.key_of(desk, choice)
        if found and key and found[1]["itemType"] != "note":
            note = f"brut & <b>{self.token()}" if who % 3 else f"<p>{self.token()}</p>"
            fields = {"itemType": "note", "note": note, "parentItem": key}
            desk.write(f"note-{self.made}", new_item_text(None, fields))

    @rule(who=pick, choice=pick, other=pick)
    def editor_moves_a_note(self, who: int, choice: int, other: int) -> None:
        desk = self.desks[who % 2]
        note, parent = self.good(desk, choice), self.good(desk, other)
        if note and parent and note[1]["itemType"] == "note":
            key = None if parent[1]["itemType"] == "note" else self.key_of(desk, other)
            amend(note[0], parentItem=key, **({"collections": None} if key else {}))

    @rule(who=pick, choice=pick)
    def editor_tags(self, who: int, choice: int) -> None:
        found = self.good(self.desks[who % 2], choice)
        if found:
            path, fields = found
            token = self.token()
            more = [{"tag": f" {token} "}, {"tag": token}] if who % 3 else [{"tag": token}]
            amend(path, tags=[*fields.get("tags", []), *more])

    @rule(who=pick, choice=pick, item_type=st.sampled_from(TYPES))
    def editor_retypes(self, who: int, choice: int, item_type: str) -> None:
        found = self.good(self.desks[who % 2], choice)
        if found and found[1]["itemType"] in TYPES:
            amend(found[0], itemType=item_type)

    @rule(who=pick, choice=pick, other=pick)
    def editor_relates(self, who: int, choice: int, other: int) -> None:
        desk = self.desks[who % 2]
        found, key = self.good(desk, choice), self.key_of(desk, other)
        if found and key and key != self.key_of(desk, choice):
            uri = f"http://zotero.org/groups/{GROUP}/items/{key}"
            amend(found[0], relations={"dc:relation": [uri]} if who % 3 else None)

    @rule(who=pick, choice=pick, other=st.sampled_from(PATHS))
    def editor_shelves(self, who: int, choice: int, other: str) -> None:
        found = self.good(self.desks[who % 2], choice)
        if found and "parentItem" not in found[1]:
            path, fields = found
            members = set(fields.get("collections", [])) ^ {other}
            amend(path, collections=sorted(members) or None)

    @rule(who=pick, choice=pick)
    def editor_settles_by_hand(self, who: int, choice: int) -> None:
        found = self.good(self.desks[who % 2], choice)
        if found:
            text = found[0].read_text(encoding="utf-8")
            found[0].write_text(amend_item_text(text, changes={}, conflicts={}), encoding="utf-8")

    @rule(who=pick, choice=pick, new=st.sampled_from(PATHS), what=st.sampled_from("rma"))
    def editor_edits_collections(self, who: int, choice: int, new: str, what: str) -> None:
        desk = self.desks[who % 2]
        try:
            lines = desk.collections()
        except FileError:
            return
        if what == "a":
            lines.setdefault(new, "")
        elif lines:
            path = sorted(lines)[choice % len(lines)]
            key = lines.pop(path)
            if what == "r" and new not in lines:
                lines[new] = key
        text = "".join(f"'{path}' = \"{key}\"\n" for path, key in lines.items())
        desk.workspace.collections.write_text(text, encoding="utf-8")

    # Accidents, and mending them

    @rule(who=pick, choice=pick)
    def editor_breaks_a_file(self, who: int, choice: int) -> None:
        desk = self.desks[who % 2]
        path = self.file(desk, choice) if choice % 5 else desk.workspace.collections
        if path:
            path.write_text(path.read_text(encoding="utf-8") + BROKEN, encoding="utf-8")

    @rule(who=pick)
    def editor_mends(self, who: int) -> None:
        self.mend(self.desks[who % 2])

    # Files as things

    @rule(who=pick, choice=pick)
    def editor_deletes(self, who: int, choice: int) -> None:
        if path := self.file(self.desks[who % 2], choice):
            self.disown(path.read_text(encoding="utf-8"))
            path.unlink()

    @rule(who=pick, choice=pick, folder=st.sampled_from(["", "sous/", "sous/dossier/"]))
    def editor_renames(self, who: int, choice: int, folder: str) -> None:
        desk = self.desks[who % 2]
        if path := self.file(desk, choice):
            self.made += 1
            target = desk.path(f"{folder}autre-{self.made}")
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)

    @rule(who=pick, choice=pick, keyed=st.booleans())
    def editor_copies(self, who: int, choice: int, keyed: bool) -> None:  # noqa: FBT001
        desk = self.desks[who % 2]
        if path := self.file(desk, choice):
            text = path.read_text(encoding="utf-8")
            self.copied(text)
            self.made += 1
            desk.write(f"copie-{self.made}", text if keyed else without_key(text))

    @rule(who=pick, choice=pick)
    def editor_takes_a_file_out_of_the_trash(self, who: int, choice: int) -> None:
        desk = self.desks[who % 2]
        found = sorted(desk.workspace.trash.glob("*.toml"))
        if found:
            path = found[choice % len(found)]
            self.made += 1
            path.rename(desk.path(f"repris-{self.made}"))

    # git

    @rule(who=pick)
    def editor_commits(self, who: int) -> None:
        desk = self.desks[who % 2]
        found = [desk.workspace.collections, *desk.workspace.items.rglob("*.toml")]
        self.commits[desk.root] = {path: path.read_text("utf-8") for path in found}

    @rule(who=pick, choice=pick, whole=st.booleans())
    def editor_goes_back(self, who: int, choice: int, whole: bool) -> None:  # noqa: FBT001
        """Check out one file, or all that git has; what git does not know stays."""
        desk = self.desks[who % 2]
        known = self.commits.get(desk.root, {})
        paths = sorted(known)
        for path in paths if whole else paths[choice % len(paths) :][:1] if paths else []:
            self._check_out(desk, path, known[path])

    def _check_out(self, desk: Desk, path: Path, text: str) -> None:
        if path.exists():
            self.disown(path.read_text(encoding="utf-8"))
        if path != desk.workspace.collections and "\nkey =" not in f"\n{text}":
            self.copied(text)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
