"""Write docs/errors.md and docs/errors.fr.md: every error message, by topic, with what to do.

    python scripts/make_errors.py      (`make messages` does it too)

The messages and what they say to do are read from the sources, their French from the catalogue. What to do
where a message does not say it stands in guide/errors.toml: by topic, and by kind of error.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from error_messages import Found, Text, sources
from messages import french, texts

from zotsync.cli.main import ENTRIES
from zotsync.zotero.rights import KEYS_PAGE, NEW_KEY_PAGE

DOCS = Path(__file__).resolve().parents[1] / "docs"
FILES = {"fr": "errors.fr.md", "en": "errors.md"}
_FILLED_IN = re.compile(r"\{(\w+)(?::[^}]*)?\}")
_COMMANDS = "|".join([*(entry.name for entry in ENTRIES), "new", "show", "check"])
_TYPED = re.compile(
    rf"\bzotsync(?: -C \S+)?(?: (?:{_COMMANDS})\b)+(?: (?:--?[a-z][\w-]*|[A-ZÉ]{{2,}}\b|…))*"
    r"|(?<![\w-])--[a-z][\w-]*"
)
"""What people type: a command, or an option within a sentence."""
_KNOWN = {
    "variable": "`ZOTERO_API_KEY`",
    "page": f"<{KEYS_PAGE}>",
    "new_page": f"[zotero.org/settings/keys/new]({NEW_KEY_PAGE})",
}
SAID: Mapping[str, Any] = tomllib.loads(
    Path(__file__).with_name("guide").joinpath("errors.toml").read_text(encoding="utf-8")
)

KINDS: frozenset[str] = frozenset(SAID["kinds"])


def shown(text: str) -> str:
    """Return a message as a cell of a table, in one line."""
    line = re.sub(" +", " ", text).strip().replace("\n", "⏎")  # French no-break spaces stay
    safe = re.sub(r"([|*<\[])", r"\\\1", line).replace("⏎", "<br>")
    filled = _FILLED_IN.sub(lambda found: _KNOWN.get(found[1], "…"), safe)
    whole = filled.replace("{{", "{").replace("}}", "}").replace("….", "…")
    return "`".join(
        part if within else _TYPED.sub(r"`\g<0>`", part)
        for part, within in zip(whole.split("`"), itertools.cycle((False, True)), strict=False)
    )


def advice(text: Text, found: Found, language: str, words: Mapping[Text, Text]) -> str:
    """Return what to do: what is printed with the message, else what the list has for it or its kind."""
    if found.hints:
        return " / ".join(shown(words.get(hint, hint)[0]) for hint in found.hints)
    if own := SAID["messages"].get(text[0]):
        return str(own[language])
    return " ".join(SAID["kinds"][kind][language] for kind in sorted(found.kinds & KINDS))


def topic_of(found: Found) -> int:
    """Return the number of the first topic that takes a module which says the message."""
    names = [name.removeprefix("zotsync.") for name in found.modules]
    takes = (any(_takes(p, n) for p in topic["modules"] for n in names) for topic in SAID["topics"])
    return next(number for number, taken in enumerate(takes) if taken)


def _takes(part: str, name: str) -> bool:
    return not part or name == part or name.startswith(f"{part}.")


@cache
def messages() -> dict[Text, Found]:
    """Return all messages."""
    found = sources().messages()
    for entry in found.values():
        entry.hints = {hint: None for hint in entry.hints if hint[0] not in SAID["parts"]}
    return {text: entry for text, entry in found.items() if text[0] not in SAID["parts"]}


def page(language: str) -> str:
    """Return one of the two pages."""
    words = texts(french()) if language == "fr" else {}
    rows: dict[int, list[str]] = {}
    for text, found in messages().items():
        told = shown(words.get(text, text)[-1])
        row = f"| {told} | {advice(text, found, language, words)} |"
        rows.setdefault(topic_of(found), []).append(row)
    own = SAID[language]
    parts = [own["head"]]
    for number, topic in enumerate(SAID["topics"]):
        listed = sorted(rows.get(number, []), key=str.casefold)
        table = "\n".join([own["columns"], "|---|---|", *listed])
        parts.append(f"## {topic[language]['title']}\n\n{topic[language]['advice']}\n\n{table}\n")
    return "\n".join(parts)


def main() -> None:
    """Write both pages."""
    for language, name in FILES.items():
        (DOCS / name).write_text(page(language), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
