"""`--json`: every command's document has the form that docs/json.md shows, and nothing else is on stdout."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import pytest
from cli.conftest import GROUP

from zotsync.cli.frame.group import Group
from zotsync.cli.main import cli
from zotsync.config import Workspace

DOCS = Path(__file__).resolve().parents[2] / "docs"
BOOK = (
    'itemType = "book"\ntitle = "Un livre"\ndate = "2019"\ncollections = ["Ouvrages"]\n'
    'creators = [{ creatorType = "author", lastName = "Adenot", firstName = "V." }]\n'
)
FRENCH = {
    "texte": "text",
    "nombre": "number",
    "vrai ou faux": "true or false",
    "valeur": "any",
    "problème": "problem",
    "étape": "step",
    "conflit": "conflict",
    "avis": "notice",
    "exécution": "run",
    "reste": "left",
    "document": "item",
}
NOT_HERE = {
    "zotsync sandbox": "it serves until it is interrupted",
    "zotsync open": "it would open a program",
    "zotsync login": "there is no keyring",
}
"""Why a command is not run here."""


def sections(name: str) -> dict[str, list[Any]]:
    """Return heading -> the forms below it."""
    found: dict[str, list[Any]] = {}
    text = (DOCS / name).read_text(encoding="utf-8")
    for heading, body in re.findall(r"^### (.+)\n((?:(?!^##).*\n)*)", text, re.MULTILINE):
        blocks = re.findall(r"^```json\n(.*?)^```", body, re.DOTALL | re.MULTILINE)
        found[heading.strip("`‹›")] = [json.loads(block) for block in blocks]
    return found


FORMS = sections("json.md")


def fits(value: Any, form: Any) -> bool:
    """Return whether a JSON value has a documented form."""
    if isinstance(form, dict):
        return isinstance(value, dict) and _fits_object(value, form)
    if isinstance(form, list):
        return isinstance(value, list) and all(fits(one, form[0]) for one in value)
    if form.endswith(" or null"):
        return value is None or fits(value, form.removesuffix(" or null"))
    if form.startswith("‹"):
        return fits(value, FORMS[form.strip("‹›")][0])
    if form == "moment":
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    types = {"text": str, "number": int, "true or false": bool, "any": object}
    return isinstance(value, types[form]) and (form != "number" or not isinstance(value, bool))


def _fits_object(value: dict[str, Any], form: dict[str, Any]) -> bool:
    if "…" in form:
        return all(fits(one, form["…"]) for one in value.values())
    needed = {name for name in form if not name.endswith("?")}
    known = {name.removesuffix("?"): inner for name, inner in form.items()}
    return (
        needed <= value.keys()
        and value.keys() <= known.keys()
        and all(fits(one, known[name]) for name, one in value.items())
    )


def leaves(group: Any = cli, before: str = "") -> list[str]:
    names = []
    for name in group.entries:
        found = group.get_command(click.Context(group), name)
        whole = f"{before} {name}".strip()
        if isinstance(found, Group):
            names += [whole] * found.invoke_without_command + leaves(found, whole)
        else:
            names.append(whole)
    return names


def test_every_command_has_its_form_in_the_documents() -> None:
    parts = {name for name in FORMS if not name.startswith("zotsync")}
    assert {name for name in FORMS if name not in parts} == {
        "zotsync",
        *(f"zotsync {name}" for name in leaves()),
    }


def test_both_languages_show_the_same_forms() -> None:
    def english(form: Any) -> Any:
        if isinstance(form, dict):
            return {name: english(inner) for name, inner in form.items()}
        if isinstance(form, list):
            return [english(inner) for inner in form]
        bare = form.removesuffix(" ou null")
        null = " or null" if bare != form else ""
        word = bare.strip("‹›")
        said = FRENCH.get(word, word)
        return (f"‹{said}›" if bare.startswith("‹") else said) + null

    found = {
        FRENCH.get(name, name): [english(form) for form in forms]
        for name, forms in sections("json.fr.md").items()
    }
    assert found == FORMS


def files_in(value: Any) -> Iterator[str]:
    """Yield every file that a document names."""
    if isinstance(value, list):
        for one in value:
            yield from files_in(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name in ("file", "kept"):
                yield one if isinstance(one, str) else ""
            elif name in ("files", "added_files"):
                yield from one
            else:
                yield from files_in(one)


def is_in_one_form(file: str, workspace: Path) -> bool:
    """Return whether a file is named from the workspace's folder; whole, where it is outside."""
    outside = Path(file).is_absolute() and not Path(file).is_relative_to(workspace)
    items = ("bibliography/items/", "bibliography/collections.toml", ".zotsync/trash/")
    return outside or not file or file.startswith((*items, "handouts/", "templates/"))


class Witness:
    """Runs commands, and checks what they print against the forms."""

    def __init__(self, run: Any, workspace: Path) -> None:
        self.run = run
        self.workspace = workspace
        self.met: set[tuple[str, int]] = set()

    def __call__(self, *words: object, stdin: str | None = None, code: int = 0) -> Any:
        result = self.run("-C", self.workspace, *words, "--json", stdin=stdin)
        assert result.exit_code == code, (words, result.output)
        told = json.loads(result.stdout)
        assert told.pop("version") == 2
        assert [f for f in files_in(told) if not is_in_one_form(f, self.workspace)] == [], words
        heading = f"zotsync {told.pop('command')}".strip()
        met = [n for n, form in enumerate(FORMS[heading]) if fits(told, form)]
        assert met, (heading, told)
        self.met |= {(heading, n) for n in met}
        return told


@pytest.fixture
def witness(
    run: Any,
    workspace: Path,
    with_key: None,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> Witness:
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.setenv("VISUAL", "true")
    return Witness(run, workspace)


def sync_and_take_back(witness: Witness, server: Any) -> None:
    items = Workspace(witness.workspace).items
    book, bad = items / "livre.toml", items / "faux.toml"
    book.write_text(BOOK, encoding="utf-8")
    witness("sync")
    key = book.read_text("utf-8").split('"')[1]
    text = book.read_text("utf-8").replace("2019", "2020").replace("Un livre", "UN LIVRE .")
    book.write_text(text, encoding="utf-8")
    bad.write_text("title = \n", encoding="utf-8")
    with server.colleague() as colleague:
        colleague.change(key, {"date": "2021"})
    for words in (["status"], ["diff"], ["sync", "--dry-run"], ["sync"], []):
        witness(*words, code=3 if words and words != ["diff"] else 0)
    bad.unlink()
    witness("resolve", code=3)
    witness("resolve", "--local")
    for words in (
        ["log"],
        ["log", "2"],
        ["undo", "--dry-run"],
        ["check"],
        ["check", "--fix", "-n"],
    ):
        result = witness.run("-C", witness.workspace, *words, "--json")
        witness(*words, code=result.exit_code)
    for words in (["--list"], ["--dry-run"], []):
        witness("restore", key, *words)
    witness("undo", "--yes")


def print_handouts(witness: Witness) -> None:
    witness("handout", "new", "livres")
    for words in (["handout", "show", "livres"], ["render"], ["render"], ["themes"]):
        witness(*words)
    witness("themes", "new", "mien")
    witness("themes", "check", "mien")


def handle_items(witness: Witness, references: Path) -> None:
    witness("export", "--format", "ris", "-o", references)
    references.write_text("TY  - BOOK\nTI  - Un autre\nPY  - 2020\nER  - \n", encoding="utf-8")
    witness("import", references, "--dry-run")
    witness("import", references, "--yes")
    witness("list")
    witness("show", "livre")
    witness("tag", "livre", "--add", "x", "--yes")
    witness("move", "livre", "--to", "Autres", "--new", "--yes")
    witness("add", "--type", "book", "--set", "title=Neuf", "--yes")
    witness("edit", "livre")
    witness("plugins")
    witness("whoami")
    witness("logout")
    witness("completion", "bash")
    result = witness.run("-C", witness.workspace, "doctor", "--json")
    witness("doctor", code=result.exit_code)


def begin_elsewhere(witness: Witness, server: Any, outside: Path) -> None:
    witness.workspace = outside
    for words in (
        [],
        ["whoami", "--api-url", server.url],
        ["init", "un", "--group", str(GROUP), "--api-url", server.url, "--no-sync"],
        ["init", "deux", "--group", str(GROUP), "--api-url", server.url, "--yes"],
        ["plugins", "new", "format-fiches", "--kind", "exporter"],
        ["demo", "demo"],
    ):
        witness(*words)


def test_what_each_command_prints_has_the_documented_form(
    witness: Witness, server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync_and_take_back(witness, server)
    print_handouts(witness)
    handle_items(witness, tmp_path / "livres.ris")
    outside = tmp_path / "ailleurs"
    outside.mkdir()
    monkeypatch.chdir(outside)
    begin_elsewhere(witness, server, outside)
    every = {(name, n) for name, forms in FORMS.items() for n in range(len(forms))}
    missing = {name for name, _n in every - witness.met if name.startswith("zotsync")}
    assert missing == set(NOT_HERE)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["statsu"], 2),
        (["log", "--wrong"], 2),
        (["sync", "--pull-only", "--push-only"], 2),
        (["restore"], 2),
        (["log", "99"], 1),
        (["show", "nowhere"], 1),
    ],
)
def test_a_failure_is_one_document_too(
    run: Any, workspace: Path, words: list[str], code: int
) -> None:
    result = run("-C", workspace, *words, "--json")
    assert result.exit_code == code
    told = json.loads(result.stdout)
    assert (told["version"], told["exit_code"]) == (2, code)
    assert fits(told["error"], "‹problem›")
    assert told["error"]["message"]
    assert result.stderr
