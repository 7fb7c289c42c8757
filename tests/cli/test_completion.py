"""What shells propose: in bash, zsh and fish, without a word where something is wrong."""

from __future__ import annotations

import json
import os
import select
import shlex
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

import pytest
from cli.shelf import file_of, make_shelf
from hypothesis import assume, given
from hypothesis import strategies as st
from test_lazy import HEAVY

from zotsync.cli.frame.completing_bash import continued
from zotsync.cli.frame.completion import SCRIPTS
from zotsync.cli.main import ENTRIES

Complete = Callable[..., list[str]]
PROGRAM = """
import json, runpy, sys
try:
    runpy.run_module("zotsync", run_name="__main__")
except SystemExit as end:
    print(json.dumps([end.code or 0, sorted(sys.modules)]), file=sys.__stderr__)
"""
_PATIENCE = 20
"""Seconds without the wanted word after which a shell proposes nothing."""


@pytest.fixture
def fonds(tmp_path: Path) -> Path:
    folder = make_shelf(tmp_path / "fonds")
    (folder / "handouts").mkdir()
    (folder / "handouts" / "pair-aidance.toml").write_text('title = "P"\n', encoding="utf-8")
    return folder


def asked(words: Sequence[str], shell: str = "zsh") -> dict[str, str]:
    """Return the environment in which a shell asks how these words go on."""
    line = "\n".join(map(shlex.quote, ["zotsync", *words]))
    number = str(len(words)) if shell != "fish" else words[-1]
    return {
        **os.environ,
        "_ZOTSYNC_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": number,
        "ZOTSYNC_LANG": "en",
    }


def proposed(words: Sequence[str], cwd: Path) -> list[tuple[str, str]]:
    """Return (name, what it is) as zsh is told; nothing else may be printed."""
    ran = subprocess.run(
        [sys.executable, "-m", "zotsync"],
        cwd=cwd,
        env=asked(words),
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert ran.stderr == ""
    lines = ran.stdout.splitlines()
    return [(lines[at + 1], lines[at + 2]) for at in range(0, len(lines) - 2, 3)]


def names(words: Sequence[str], cwd: Path) -> list[str]:
    return [name for name, _told in proposed(words, cwd)]


def test_commands_are_proposed_with_their_lines(fonds: Path) -> None:
    found = proposed([""], fonds)
    assert [name for name, _told in found] == [entry.name for entry in ENTRIES]
    assert ("show", "All there is of an item") in found
    assert names(["handout", ""], fonds) == ["new", "show"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["show", "ad"], ["adenot-2020-travailleur"]),
        (["edit", "BONN"], ["bonnami-2019-pair-aidant"]),
        (["tag", "oeuvre", "--tag", ""], []),
        (["move", "oeuvre", "--to", "p"], ["Pair-aidance", "Pair-aidance/Revues"]),
        (["list", "--collection", "L’"], ["L’été"]),
        (["list", "--type", "bookS"], ["bookSection"]),
        (["list", "--sort", "n"], ["newest"]),
        (["render", "pa"], ["pair-aidance"]),
        (["handout", "show", ""], ["pair-aidance"]),
        (["render", "--theme", "so"], ["sobre"]),
        (["render", "--format", "h"], ["html"]),
        (["export", "--format", "bib"], ["bibtex", "biblatex"]),
        (["add", "--format", "r"], ["ris"]),
        (["restore", "bon"], ["bonnami-2019-pair-aidant"]),
        (["completion", ""], ["bash", "zsh", "fish", "powershell"]),
    ],
)
def test_names_are_proposed_in_a_folder_never_synced(
    fonds: Path, words: list[str], expected: list[str]
) -> None:
    assert sorted(names(words, fonds)) == sorted(expected)
    assert not (fonds / ".zotsync").exists()


def test_titles_keys_and_tags_come_from_what_was_seen(run: Any, fonds: Path) -> None:
    assert run("-C", fonds, "tag", "--type", "book", "--add", "été", "--yes").exit_code == 0
    assert run("-C", fonds, "tag", "--type", "book", "--add", "y", "--yes").exit_code == 0
    assert proposed(["show", "bonn"], fonds) == [("bonnami-2019-pair-aidant", "Le pair-aidant")]
    assert proposed(["show", "BNM"], fonds) == [("BNM4K9R3", "Le pair-aidant")]
    assert names(["list", "--tag", ""], fonds) == ["pair-aidance", "été"]


@pytest.mark.parametrize("command", ["restore", "log"])
def test_what_is_no_longer_here_is_proposed_where_it_can_be_meant(
    run: Any, fonds: Path, command: str
) -> None:
    assert run("-C", fonds, "tag", "--type", "book", "--add", "y", "--yes").exit_code == 0
    file_of(fonds, "bonnami-2019-pair-aidant").unlink()
    (fonds / ".zotsync" / "trash").mkdir(exist_ok=True)
    (fonds / ".zotsync" / "trash" / "bonaparte.toml").write_text("", encoding="utf-8")
    with sqlite3.connect(fonds / ".zotsync" / "state.db") as db:
        db.execute(
            "INSERT INTO mirror VALUES ('item', 'BNA4K9R3', 1, 'trashed', 1, NULL, '', ?, '{}')",
            ['{"title": "Le sacre"}'],
        )
        db.execute(
            "INSERT INTO journal (run, kind, key, side, file, decision)"
            " VALUES (1, 'item', 'BNA4K9R3', 'file', 'bonaparte.toml', 'trash the file')"
        )
    db.close()
    assert proposed([command, "bon"], fonds) == [
        ("bonaparte", "Le sacre (no longer here)"),
        ("bonnami-2019-pair-aidant", "Le pair-aidant (no longer here)"),
    ]
    assert ("BNA4K9R3", "Le sacre (no longer here)") in proposed([command, "BN"], fonds)
    assert names([command, "ade"], fonds) == ["adenot-2020-travailleur"]
    assert names(["show", "bon"], fonds) == []


def test_a_workspace_elsewhere_is_named_with_c(fonds: Path, tmp_path: Path) -> None:
    assert names(["-C", str(fonds), "show", "ad"], tmp_path) == ["adenot-2020-travailleur"]


def test_no_item_file_is_read(fonds: Path) -> None:
    for number in range(3):
        file_of(fonds, f"zz-{number}").write_bytes(b"\xff not TOML")
    assert names(["show", "zz"], fonds) == ["zz-0", "zz-1", "zz-2"]


@pytest.mark.parametrize(
    "words", [["show", ""], ["list", "--tag", ""], ["list", "--collection", ""]]
)
def test_whatever_is_wrong_nothing_is_printed(
    fonds: Path, tmp_path: Path, words: list[str]
) -> None:
    assert proposed(words, tmp_path) == []
    (fonds / ".zotsync").mkdir()
    (fonds / ".zotsync" / "state.db").write_bytes(b"no database at all" * 100)
    (fonds / "bibliography" / "collections.toml").write_bytes(b"= \xff")
    assert proposed(words, fonds) == []
    assert proposed(["no-such-command", ""], fonds) == []


@pytest.mark.parametrize(
    "words",
    [
        ["show", ""],
        ["list", "--collection", ""],
        ["tag", "--add", ""],
        ["list", "--type", ""],
        ["render", ""],
        ["render", "--theme", "so"],
        ["resolve", ""],
        ["sync", "--"],
    ],
)
def test_nothing_heavy_is_loaded(fonds: Path, words: list[str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=fonds,
        env=asked(words),
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    code, loaded = json.loads(ran.stderr)
    assert code == 0
    for_packages = {"importlib.metadata"} if "render" in words else set()  # packages have themes
    assert {*HEAVY} & {*loaded} <= for_packages


@pytest.mark.parametrize("shell", list(SCRIPTS))
def test_the_script_says_how_to_install_it(run: Any, shell: str) -> None:
    result = run("completion", shell, "--lang", "en")
    assert result.exit_code == 0
    head, line, *_rest = result.stdout.splitlines()
    assert head.startswith("# Put this ")
    assert f"zotsync completion {shell}" in line
    assert json.loads(run("completion", shell, "--json").stdout)["shell"] == shell
    assert run("completion", "cmd").exit_code == 2


@given(
    st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1),
    st.integers(0, 3),
    st.sampled_from(["", "'", '"']),
    st.sampled_from(["zotsync list --collection ", "zotsync list --collection="]),
)
def test_what_bash_is_told_reads_as_the_name(name: str, typed: int, quote: str, line: str) -> None:
    assume(quote != '"' or not {*name} & {*"$`"})  # shlex knows nothing of these
    text = continued(line, "", name[:typed])
    if quote:
        line, text = f"{line}{quote}", continued(f"{line}{quote}", "", name[:typed])
    told = continued(line + text, text, name)
    read = shlex.split(f"{line}{told}{quote}")
    assert read[-1] == f"{'--collection=' * (len(read) == 3)}{name}"


@pytest.mark.parametrize(
    ("line", "text", "told"),
    [
        ("zotsync list --collection Revues\\ :", "", "\\ 2024"),
        ("zotsync list --collection Revues\\ :\\ 2", "\\ 2", "\\ 2024"),
        ('zotsync list --collection "Revues : 2', "Revues : 2", "Revues : 2024"),
        ("zotsync list --collection=rev", "rev", "Revues\\ :\\ 2024"),
    ],
)
def test_bash_ends_a_word_at_a_colon(line: str, text: str, told: str) -> None:
    assert continued(line, text, "Revues : 2024") == told


def test_nothing_is_run_between_double_quotes() -> None:
    assert continued('zotsync render "', "", '$IFS`ls`"') == '\\$IFS\\`ls\\`\\"'


@pytest.mark.skipif(os.name != "posix", reason="no such names on Windows")
def test_what_could_act_on_a_terminal_is_not_proposed(fonds: Path) -> None:
    for name in ("droit", "d\x1b[2J", "d\nplain,sync"):
        (fonds / "handouts" / f"{name}.toml").touch()
    assert names(["render", "d"], fonds) == ["droit"]


# The shells themselves


@pytest.fixture
def path_with_zotsync(tmp_path: Path) -> str:
    """Return a PATH on which `zotsync` is this one."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "zotsync"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m zotsync "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def needs(shell: str) -> Any:
    found = sys.platform != "win32" and shutil.which(shell)
    return pytest.param(shell, marks=pytest.mark.skipif(not found, reason=f"{shell} is missing"))


START = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
}


@pytest.mark.parametrize("shell", [needs("bash"), needs("zsh")])
def test_a_shell_completes_what_is_typed(fonds: Path, path_with_zotsync: str, shell: str) -> None:
    tree = fonds / "bibliography" / "collections.toml"
    tree.write_text(
        '"L’été" = "ETE2RA4D"\n"Avec blanc [ici]" = "AVC2RA4D"\n'
        '"Revues : 2024" = "REV2RA4D"\n"`reboot`" = "REB2RA4D"\n"$IFS" = "IFS2RA4D"\n',
        encoding="utf-8",
    )
    environ = {**os.environ, "PATH": path_with_zotsync, "TERM": "dumb", "LC_ALL": "C.UTF-8"}
    with _Terminal(START[shell], fonds, environ) as terminal:
        terminal.type(f'eval "$(zotsync completion {shell})"; echo rea""dy\n')
        terminal.wait_for("ready")
        for typed, whole in (
            ("zotsync show aden", "adenot-2020-travailleur"),
            ("zotsync exp", "zotsync export"),
            ("zotsync list --collection L", "L’été"),
            ("zotsync move x --to Avec", "Avec\\ blanc\\ \\[ici\\]"),
            ('zotsync move x --to "Avec', '"Avec blanc [ici]"'),
            ("zotsync list --collection=Avec", "--collection=Avec\\ blanc\\ \\[ici\\]"),
            ("zotsync list --collection Revues\\ :", "Revues\\ :\\ 2024"),
            ("zotsync list --collection \\`", "\\`reboot\\`"),
            ("zotsync list --collection \\$", "\\$IFS"),
        ):
            terminal.type(f"{typed}\t")
            terminal.wait_for(whole)
            terminal.type("\x15")  # takes the line back
        assert "Traceback" not in terminal.shown


@pytest.mark.parametrize("shell", [needs("fish")])
def test_fish_completes_what_is_typed(fonds: Path, path_with_zotsync: str, shell: str) -> None:
    def candidates(line: str) -> list[str]:
        script = f"zotsync completion fish | source; complete -C {shlex.quote(line)}"
        ran = subprocess.run(
            [shell, "--no-config", "-c", script],
            cwd=fonds,
            env={**os.environ, "PATH": path_with_zotsync, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            check=True,
            encoding="utf-8",
        )
        return ran.stdout.splitlines()

    assert candidates("zotsync show aden") == ["adenot-2020-travailleur"]
    assert candidates("zotsync list --collection 'Pair-aidance/R") == ["Pair-aidance/Revues"]
    assert candidates("zotsync --lang=f") == ["--lang=fr"]
    assert candidates("zotsync comp") == ["completion\tLet the shell complete what you type"]


class _Terminal:
    """A shell in a pseudo-terminal."""

    def __init__(self, command: list[str], cwd: Path, environ: dict[str, str]) -> None:
        import pty  # noqa: PLC0415 - not on Windows

        self._main, side = pty.openpty()
        self._process = subprocess.Popen(
            command,
            stdin=side,
            stdout=side,
            stderr=side,
            cwd=cwd,
            env=environ,
            start_new_session=True,
        )
        os.close(side)
        self._raw = b""
        self._seen = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._main)

    @property
    def shown(self) -> str:
        return self._raw.decode("utf-8", "replace")

    def type(self, keys: str) -> None:
        self._seen = len(self.shown)
        os.write(self._main, keys.encode())

    def wait_for(self, word: str) -> None:
        """Read until the word stands there since the last keys."""
        end = time.monotonic() + _PATIENCE
        while word not in self.shown[self._seen :].replace("\a", ""):
            assert time.monotonic() < end, f"{word!r} was never shown: {self.shown!r}"
            if select.select([self._main], [], [], 0.1)[0]:
                self._raw += os.read(self._main, 4096)
