"""How often a command reads an item file: once where no sync knows it, else not at all."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import GROUP, MAIN_KEY, Server
from cli.shelf import ITEMS, file_of, make_shelf

from zotsync.bibliography import files

ADENOT = "adenot-2020-travailleur"
BIBTEX = "@book{a, title={Un livre neuf}, author={Durand, Anne}, year={2020}}\n"
HANDOUT = 'title = "La pair-aidance"\ncollection = "Pair-aidance"\n'
LOOKING = [
    (),
    ("list",),
    ("show", ADENOT),
    ("status", "--offline"),
    ("diff", "--offline"),
    ("export", "--format", "csljson", "-o", "out.json"),
    ("render", "--all", "--format", "md"),
    ("handout", "show", "pair"),
    ("import", "neuf.bib", "--dry-run"),
]
WRITING = [
    (("tag", ADENOT, "--add", "à lire"), 2),
    (("move", ADENOT, "--to", "Neuf", "--new"), 2),
    (("edit", ADENOT), 5),
    (("add", "--type", "book", "--set", "title=Un livre neuf"), 0),
    (("import", "neuf.bib"), 0),
    (("undo",), 2),
]
"""Commands that write, and how many times more than others they read the file they change.

Before a file is written over, it is made sure that nobody has edited it meanwhile; `edit` also looks at
what the editor has left.
"""


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count how often each item file is read."""
    counts: Counter[str] = Counter()
    real = files.read

    def reading(path: Path) -> bytes:
        if path.parent.name == "items":
            counts[path.stem] += 1
        return real(path)

    monkeypatch.setattr(files, "read", reading)
    return counts


def age(folder: Path) -> None:
    """Let the files be of yesterday: what was written just now is looked at again to be sure."""
    yesterday = time.time() - 86_400
    for file in (folder / "bibliography" / "items").iterdir():
        os.utime(file, (yesterday, yesterday))


@pytest.fixture
def fonds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a bibliography that was never synced, with a handout and something to import."""
    folder = make_shelf(tmp_path / "fonds")
    (folder / "handouts").mkdir()
    (folder / "handouts" / "pair.toml").write_text(HANDOUT, encoding="utf-8")
    (folder / "neuf.bib").write_text(BIBTEX, encoding="utf-8")
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import pathlib, sys\n"
        "file = pathlib.Path(sys.argv[1])\n"
        "text = file.read_text(encoding='utf-8')\n"
        "file.write_text(text.replace('2020', '2021'), encoding='utf-8')\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("VISUAL", f'"{sys.executable}" "{editor}"')
    monkeypatch.chdir(folder)
    age(folder)
    return folder


@pytest.fixture
def synced(run: Any, server: Server, fonds: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the same, synced."""
    text = f'group = {GROUP}\napi_url = "{server.url}"\n'
    (fonds / "zotsync.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("ZOTERO_API_KEY", MAIN_KEY)
    for _time in range(2):
        result = run("sync", "--yes")
        assert result.exit_code == 0, result.output
        age(fonds)
    assert run("sync", "--yes").exit_code == 0
    return fonds


@pytest.mark.parametrize("words", LOOKING, ids=" ".join)
def test_whoever_looks_reads_each_file_once_where_there_never_was_a_sync(
    run: Any, fonds: Path, read: Counter[str], words: tuple[str, ...]
) -> None:
    result = run("-C", fonds, *words)
    assert result.exit_code == 0, result.output
    assert read == dict.fromkeys(ITEMS, 1)


def test_a_check_reads_a_file_again_only_to_tell_a_line(
    run: Any, fonds: Path, read: Counter[str]
) -> None:
    found = json.loads(run("-C", fonds, "check", "--json").stdout)
    told = {Path(finding["file"]).stem for finding in found["findings"]}
    assert told != set()
    assert {stem: times - 1 for stem, times in read.items()} == {s: s in told for s in ITEMS}


@pytest.mark.parametrize("words", LOOKING, ids=" ".join)
def test_whoever_looks_reads_what_was_edited_since_the_last_sync_once_and_nothing_else(
    run: Any, synced: Path, read: Counter[str], words: tuple[str, ...]
) -> None:
    file = file_of(synced, ADENOT)
    file.write_text(file.read_text(encoding="utf-8") + 'volume = "3"\n', encoding="utf-8")
    an_hour_ago = time.time() - 3600
    os.utime(file, (an_hour_ago, an_hour_ago))
    read.clear()
    result = run("-C", synced, *words)
    assert result.exit_code == 0, result.output
    assert read == {ADENOT: 1}


@pytest.mark.parametrize(("words", "more"), WRITING)
def test_whoever_writes_reads_no_file_again_but_what_it_changes(
    run: Any, fonds: Path, read: Counter[str], words: tuple[str, ...], more: int
) -> None:
    if words == ("undo",):
        assert run("tag", ADENOT, "--add", "à lire", "--yes").exit_code == 0
        age(fonds)
        read.clear()
    result = run("-C", fonds, "--yes", *words)
    assert result.exit_code == 0, result.output
    assert {stem: read.pop(stem) for stem in ITEMS} == {
        stem: 1 + more * (stem == ADENOT) for stem in ITEMS
    }
    assert all(times == 1 for times in read.values())  # what is new, to be known when it is undone


@pytest.mark.parametrize(("words", "more"), WRITING[:-1])
def test_after_a_sync_nothing_is_read_but_what_a_command_writes(
    run: Any, synced: Path, read: Counter[str], words: tuple[str, ...], more: int
) -> None:
    read.clear()
    result = run("-C", synced, "--yes", *words)
    assert result.exit_code == 0, result.output
    assert read.pop(ADENOT, 0) == more
    assert read.keys().isdisjoint(ITEMS)
    assert all(times == 1 for times in read.values())
