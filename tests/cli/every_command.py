"""Every command there is, called on a workspace with something in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from handout.csl_styles import write_style

from zotsync.cli.main import ENTRIES

CALLS: dict[str, tuple[tuple[str, ...], ...]] = {
    "login": (("login",),),
    "sync": (("sync",), ("sync", "-v", "--json"), ("sync", "--dry-run", "-v")),
    "handout": (("handout", "new", "essai"), ("handout", "show", "essai")),
    "render": (
        ("render", "essai", "--format", "docx", "--format", "html", "--open"),
        ("render", "essai", "--format", "pdf"),
        ("render", "essai", "--citation-style", "essai"),
    ),
    "import": (("import", "livre.bib", "--yes"), ("import", "vieux.pdf", "--yes")),
    "export": (("export", "--format", "json"), ("export", "-o", "tout.csv")),
    "check": (("check",), ("check", "--json"), ("check", "--fix", "--yes")),
    "themes": (("themes",), ("themes", "new", "maison"), ("themes", "check", "maison")),
    "undo": (("undo", "--yes"),),
    "demo": (("demo", "essai-demo"),),
    "sandbox": (("sandbox", "--port", "not-a-number"),),  # served in its own tests
}
"""How each command is called; the others are called by their name alone."""


def every_command() -> Iterator[tuple[str, ...]]:
    """Yield the words of a call of every command, a sync first."""
    yield ("sync",)
    for entry in ENTRIES:
        yield from CALLS.get(entry.name, ((entry.name,),))


def write_something(workspace: Path, title: str) -> None:
    """Give a workspace an item of this title, a citation style, and files to import."""
    item = workspace / "bibliography" / "items" / "livre.toml"
    text = f'itemType = "book"\ntitle = {json.dumps(title, ensure_ascii=False)}\n'
    item.write_text(text, "utf-8")
    write_style(workspace / "styles", "essai", '<text variable="title"/>')
    bib = f"@book{{x, title={{{title}, autrement}}, year=2020}}"
    (workspace / "livre.bib").write_text(bib, "utf-8")
    (workspace / "vieux.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
