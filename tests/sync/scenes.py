"""Workspaces and libraries with something of everything to do, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sync.setting import PatientDesk, Setting

from zotsync.bibliography.itemfile import new_item_text

_PARTS = ("title", "note", "volume", "abstractNote", "tags", "creators", "extra")


@dataclass(frozen=True)
class Scene:
    """A world just before a sync, and how that sync is asked for."""

    world: Setting
    options: Mapping[str, Any] = field(default_factory=dict)

    def sync(self) -> Any:
        """Sync as the scene wants it."""
        return self.world.desk.sync(**self.options)


def everything(root: Path) -> Scene:
    """Edits, merges, trash, restores and losses on both sides, new things on both sides."""
    world = Setting(root)
    colleague, desk = world.colleague, world.desk
    shelf = colleague.collection("Rayon")
    keys = {
        name: colleague.make(title=name, abstractNote="Un. Deux. Trois.", volume="1")
        for name in ("édité ici", "édité là", "fusion", "jeté ici", "jeté là", "retour", "perdu")
    }
    note = colleague.make("note", note="<p>note</p>", parentItem=keys["retour"])
    desk.sync()
    desk.edit(keys["édité ici"], 'volume = "1"', 'volume = "2"\ncollections = ["Neuf/Bas"]')
    colleague.change(keys["édité là"], volume="3", collections=[shelf])
    desk.edit(keys["fusion"], "Un.", "Un ici.")
    desk.edit(keys["fusion"], 'volume = "1"', 'tags = ["z", "ici", " b "]')
    colleague.change(
        keys["fusion"], abstractNote="Un. Deux. Trois là.", tags=[{"tag": "là"}], publisher="P"
    )
    desk.file_of(keys["jeté ici"]).unlink()
    colleague.trash(keys["jeté là"])
    desk.edit(note, "<p>note</p>", "note bis")
    colleague.trash(keys["retour"])
    desk.edit(keys["perdu"], 'volume = "1"', 'volume = "9"')
    colleague.erase(keys["perdu"])
    desk.write("neuf", 'itemType = "note"\nnote = "neuve"\ncollections = ["Rayon"]\n')
    colleague.make(title="neuf là")
    lines = desk.workspace.collections
    lines.write_text(lines.read_text("utf-8").replace("Rayon", "Salle"), encoding="utf-8")
    return Scene(world)


def first_pull(root: Path) -> Scene:
    """Fill an empty workspace from a library: a tree, items, notes, a trash."""
    world = Setting(root)
    colleague = world.colleague
    top = colleague.collection("Haut")
    below = colleague.collection("Bas", top)
    for n in range(3):
        key = colleague.make(title=f"Livre {n}", collections=[below] if n else [top, below])
        colleague.make("note", note=f"<p>à {n}</p>", parentItem=key)
    colleague.trash(key)
    colleague.trash(colleague.collection("Jeté"), "collections")
    world.desk = PatientDesk(root / "fresh", world.sandbox)
    return Scene(world)


def first_push(root: Path) -> Scene:
    """Bring files made by hand into a library: new collections, blanks, parents and notes."""
    world = Setting(root)
    desk = world.desk
    parent = "PARENT23"
    book: dict[str, Any] = {"itemType": "book", "title": "  Blancs  ", "collections": ["A/B", "C"]}
    desk.write("parent", new_item_text(parent, {**book, "tags": [{"tag": "z"}, {"tag": "a"}]}))
    for n in range(2):
        desk.write(f"sous/livre-{n}", new_item_text(None, {**book, "title": f"Livre {n}"}))
        note = {"itemType": "note", "note": f"brut {n} & <b>gras</b>", "parentItem": parent}
        desk.write(f"note-{n}", new_item_text(None, note))
    desk.workspace.collections.write_text('"D" = ""\n', encoding="utf-8")
    return Scene(world)


def tidying(root: Path) -> Scene:
    """Rename, move, trash and erase collections on both sides; mentions and handouts follow."""
    world = Setting(root)
    colleague, desk = world.colleague, world.desk
    keys = {name: colleague.collection(name) for name in ("Ici", "Là", "Jeté", "Perdu", "Fin")}
    inner = colleague.collection("Dedans", keys["Ici"])
    for n, shelf in enumerate([*keys.values(), inner]):
        colleague.make(title=f"Livre {n}", collections=[shelf, keys["Fin"]])
    desk.workspace.handouts.mkdir(exist_ok=True)
    for name in ("Ici/Dedans", "Là"):
        handout = desk.workspace.handouts / f"{name[-2:]}.toml"
        handout.write_text(f'title = "T"\ncollection = "{name}"\n', encoding="utf-8")
    desk.sync()
    lines = desk.workspace.collections
    text = lines.read_text("utf-8").replace('"Ici"', '"Chez nous"').replace('"Fin"', '"Là/Fin"')
    lines.write_text(text, encoding="utf-8")
    colleague.change(keys["Là"], "collections", name="Là-bas")
    colleague.trash(keys["Jeté"], "collections")
    colleague.erase(keys["Perdu"], "collections")
    colleague.change(inner, "collections", parentCollection=keys["Là"])
    return Scene(world)


def settling(root: Path) -> Scene:
    """Settle conflicts of fields, of existence and of a collection, as the configuration says."""
    world = Setting(root)
    colleague, desk = world.colleague, world.desk
    shelf = colleague.collection("Nom")
    keys = [colleague.make(title=f"T{n}", volume="1", collections=[shelf]) for n in range(3)]
    note = colleague.make("note", note="<p>un</p>")
    desk.sync()
    for n, key in enumerate(keys):
        desk.edit(key, 'volume = "1"', f'volume = "ici {n}"\ntags = ["ici"]')
        colleague.change(key, volume=f"là {n}", tags=[{"tag": "là"}])
    desk.edit(note, "<p>un</p>", "<p>ici</p>")
    colleague.change(note, note="<p>là</p>")
    erased = colleague.make(title="Effacé")
    colleague.erase(erased)
    desk.write("efface", f'key = "{erased}"\nitemType = "book"\ntitle = "Gardé"\n')
    lines = desk.workspace.collections
    lines.write_text(lines.read_text("utf-8").replace("Nom", "Ici"), encoding="utf-8")
    colleague.change(shelf, "collections", name="Là")
    return Scene(world, {"on_conflict": "remote"})


SCENES: tuple[Callable[[Path], Scene], ...] = (
    everything,
    first_pull,
    first_push,
    tidying,
    settling,
)


@dataclass(frozen=True)
class Told:
    """What a world holds, in words that do not depend on keys."""

    there: list[Any]
    trash_there: list[str]
    collections_there: list[Any]
    here: list[Any]
    trash_here: list[str]
    collections_here: list[str]
    handouts: list[str]
    versions: int
    """How many times something was changed in Zotero."""


def told(world: Setting) -> Told:
    """Return what both sides hold."""
    shelves = {o["key"]: o["data"] for o in world.colleague.get("/collections", limit=100)}
    names = {key: data["name"] for key, data in shelves.items()}
    everything_there = world.colleague.get("/items", limit=100, includeTrashed=1)
    trashed = [_words(o["data"], names) for o in everything_there if o["data"].get("deleted")]
    workspace = world.desk.workspace
    return Told(
        there=sorted(_words(data, names) for data in world.colleague.library().values()),
        trash_there=sorted(trashed),
        collections_there=sorted(
            (d["name"], names.get(d["parentCollection"] or "", ""), str(d.get("deleted")))
            for d in shelves.values()
        ),
        here=sorted(_words(fields, {}) for fields in world.desk.fields().values()),
        trash_here=sorted(p.read_text("utf-8") for p in workspace.trash.glob("*")),
        collections_here=sorted(world.desk.collections()),
        handouts=sorted(p.read_text("utf-8") for p in workspace.handouts.glob("*")),
        versions=world.sandbox.version(4711),
    )


def _words(data: Mapping[str, Any], names: Mapping[str, str]) -> str:
    shelves = sorted(names.get(key, key) for key in data.get("collections", ()))
    return repr([*(data.get(name) or "" for name in _PARTS), shelves])


def leftovers(world: Setting) -> list[str]:
    """Return files that a run leaves behind for no one."""
    workspace = world.desk.workspace
    beside = [p for p in workspace.items.rglob("*") if p.is_file() and p.suffix != ".toml"]
    beside += [p for p in workspace.handouts.glob("*") if p.suffix != ".toml"]
    beside += workspace.items.parent.glob("*.tmp")
    beside += workspace.private.glob("*.json")
    return [p.name for p in beside]
