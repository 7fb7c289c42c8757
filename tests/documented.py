"""The commands that the documents show: where they stand, and how each is called in a test."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import make_guide

CHECKOUT = Path(__file__).resolve().parents[1]
_COMMAND = re.compile(r"^(?:\$ )?(zotsync(?: .*)?)$")
_REMARK = re.compile(r"\s{2,}.*|\s+#.*|\s\|\s.*|\s>\s.*")
"""What stands behind a command: a remark, or where a shell sends what it prints."""
MEANT = {
    "NOM": "pair-aidance",
    "NAME": "pair-aidance",
    "C": "Pair-aidance",
    "FICHIER": "sortie.docx",
    "FILE": "sortie.docx",
    "DOCUMENT": "adenot-2020-le-travailleur-pair-ce-nouveau-collegue",
    "ITEM": "adenot-2020-le-travailleur-pair-ce-nouveau-collegue",
    "DOSSIER": "autre",
    "FOLDER": "autre",
    "COMMANDE": "status",
    "COMMAND": "status",
    "12": "2",
    "adenot-2020-le-travailleur-pair": "adenot-2020-le-travailleur-pair-ce-nouveau-collegue",
}
"""What the words that stand for others are in the tests."""
NAMED = {"new": "nouveau", "themes check": "classique", "--theme": "sobre", "-C": "."}
"""Where a name is not that of the handout."""


def documents() -> list[Path]:
    """Return the documents that people read; the list of errors names commands, and shows none."""
    pages = sorted((CHECKOUT / "docs").glob("*.md"))
    own = [CHECKOUT / "README.md", CHECKOUT / "README.fr.md"]
    return [*own, *(page for page in pages if not page.name.startswith("errors."))]


@dataclass
class Shown:
    """A command as documents show it."""

    text: str
    where: set[str] = field(default_factory=set)
    is_example: bool = False
    """Whether it stands in a block of its own, not only in a sentence."""

    @property
    def words(self) -> list[str]:
        """Return what follows `zotsync`, with what the words stand for, and without redirections."""
        said = self.text.partition(" < ")[0]
        for call, name in NAMED.items():
            said = re.sub(rf"{call} (NOM|NAME|DOSSIER|FOLDER)\b", f"{call} {name}", said)
        return [MEANT.get(word, word) for word in shlex.split(said)[1:]]

    @property
    def stdin(self) -> str:
        """Return the name of the file that the command reads."""
        return self.text.partition(" < ")[2].strip()


def commands() -> dict[str, Shown]:
    """Return every command of every document, but for those in blocks that want the Internet."""
    found: dict[str, Shown] = {}
    for page in documents():
        for text, example in _commands_of(page):
            shown = found.setdefault(text, Shown(text))
            shown.where.add(page.name)
            shown.is_example |= example
    return found


def _commands_of(page: Path) -> Iterator[tuple[str, bool]]:
    for token in make_guide.markdown().parse(page.read_text(encoding="utf-8")):
        if token.type in ("fence", "code_block") and token.info != make_guide.NETWORK:
            for line in token.content.splitlines():
                if found := _COMMAND.match(line):
                    yield _REMARK.sub("", found[1]).strip(), True
        for child in token.children or ():
            if child.type == "code_inline" and (found := _COMMAND.match(child.content)):
                yield _REMARK.sub("", found[1]).strip(), False


def wanting_the_internet() -> dict[str, list[str]]:
    """Return the lines that no test runs: page -> lines."""
    return {
        page.name: [
            line
            for token in make_guide.markdown().parse(page.read_text(encoding="utf-8"))
            if token.type == "fence" and token.info == make_guide.NETWORK
            for line in token.content.splitlines()
        ]
        for page in documents()
    }
