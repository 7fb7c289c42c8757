"""What the state machine knows: a library, two workspaces, and what everybody has written in them."""

from __future__ import annotations

import re
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from sync.setting import PatientDesk
from sync.worlds import FAST, Colleague, Desk, make_sandbox

from zotsync.bibliography.itemfile import amend_item_text, parse_item
from zotsync.errors import FileError, Problem

BROKEN = "\nvolume = 1 2\n"
pick = st.integers(0, 1_000)


class World(RuleBasedStateMachine):
    """Every edit carries a token of its own, so that none can vanish unseen."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(dir=FAST))
        self.sandbox = make_sandbox()
        self.colleague = Colleague(self.sandbox)
        self.desks: list[Desk] = [
            PatientDesk(self.root / name, self.sandbox, seed=n) for n, name in enumerate("ab")
        ]
        self.tokens: set[str] = set()
        """What must be found somewhere in the end."""
        self.single: set[str] = set()
        """What stands in no more than one item: nobody has copied it."""
        self.made = 0

    def token(self) -> str:
        """Return a word that nobody else writes."""
        self.made += 1
        token = f"jeton{self.made:03}fin"
        self.tokens.add(token)
        self.single.add(token)
        return token

    def disown(self, text: str) -> None:
        """Somebody threw this away on purpose: nobody owes it to anybody any more."""
        self.tokens -= tokens_in(text)

    def copied(self, text: str) -> None:
        """Somebody made another item of this."""
        self.single -= tokens_in(text)

    def mend(self, desk: Desk) -> None:
        """Do what zotsync's messages say: repair broken files, make copies new items."""
        for file in (desk.workspace.collections, *desk.workspace.handouts.glob("*.toml")):
            file.write_text(file.read_text("utf-8").replace(BROKEN, ""), encoding="utf-8")
        seen: set[str] = set()
        paths = sorted(desk.workspace.items.rglob("*.toml"), key=lambda p: ("copie" in p.name, p))
        for path in paths:
            text = path.read_text(encoding="utf-8").replace(BROKEN, "")
            key = parse_item(text.encode(), path.name).key
            if key in seen:
                self.copied(text)
                text = without_key(text)
            seen.add(key or "")
            path.write_text(text, encoding="utf-8")

    # What there is to choose from

    def remote(self, choice: int, *, trashed: bool = False) -> dict[str, Any] | None:
        """Return an item in Zotero; None if there is none."""
        objects = self.colleague.get("/items", limit=100, includeTrashed=1)
        found = [
            o["data"]
            for o in objects
            if bool(o["data"].get("deleted")) is trashed and o["data"]["itemType"] != "attachment"
        ]
        found.sort(key=lambda d: d["key"])
        return found[choice % len(found)] if found else None

    def shelf(self, choice: int) -> dict[str, Any] | None:
        """Return a collection in Zotero; None if there is none."""
        objects = self.colleague.get("/collections", limit=100)
        found = sorted((o["data"] for o in objects), key=lambda d: d["key"])
        return found[choice % len(found)] if found else None

    def file(self, desk: Desk, choice: int) -> Path | None:
        """Return an item file, whatever is in it; None if there is none."""
        found = sorted(desk.workspace.items.rglob("*.toml"))
        return found[choice % len(found)] if found else None

    def good(self, desk: Desk, choice: int) -> tuple[Path, dict[str, Any]] | None:
        """Return an item file and its fields; None if it cannot be read."""
        path = self.file(desk, choice)
        if path is None:
            return None
        try:
            return path, dict(parse_item(path.read_bytes(), path.name).fields)
        except FileError:
            return None

    def key_of(self, desk: Desk, choice: int) -> str | None:
        """Return the key that a good file has."""
        found = self.good(desk, choice)
        return parse_item(found[0].read_bytes(), found[0].name).key if found else None


def amend(path: Path, **changes: Any) -> None:
    """Edit fields of a file."""
    text = path.read_text(encoding="utf-8")
    path.write_text(amend_item_text(text, changes=changes), encoding="utf-8")


def tokens_in(text: str) -> set[str]:
    """Return the tokens that stand in a text."""
    return set(re.findall(r"jeton\d+fin", text))


def without_key(text: str) -> str:
    """Return an item file's text without its key."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("key ="))


def name_twin(desk: Desk, problem: Problem) -> None:
    """Do what the message says: name one of the collections that have one path."""
    path = re.fullmatch(r"Several collections are called (.+)\.", problem.message)
    assert path, problem
    file = desk.root / problem.place.file
    text = file.read_text(encoding="utf-8")
    quoted = re.compile(rf"""(["']){re.escape(path[1])}(["'/])""")
    for twin in re.findall(rf"{re.escape(path[1])} \[\w{{8}}\]", problem.hint):
        named = quoted.sub(rf"\g<1>{twin}\2", text)
        if is_toml(named):
            file.write_text(named, encoding="utf-8")
            return
    # All of them have their lines: the one without a key is not needed.
    keyless = re.compile(rf"""^["']{re.escape(path[1])}["'] = ""\n""", re.MULTILINE)
    assert keyless.search(text), problem
    file.write_text(keyless.sub("", text), encoding="utf-8")


def is_toml(text: str) -> bool:
    """Return whether a text can be read."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:  # a line for this twin stands there already
        return False
    return True
