"""The frame: help, common options, languages, and what becomes of failures."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from zotsync import __version__
from zotsync.cli import main
from zotsync.cli.frame import failure
from zotsync.cli.frame.group import Command, Entry, command
from zotsync.cli.frame.output import sign
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.main import ENTRIES, Root, cli
from zotsync.errors import (
    FileError,
    Place,
    RightsError,
    ServerError,
    UnsafeError,
    UsageError,
    ZotsyncError,
)

HEAVY = ("pyzotero", "docx", "lxml", "rich", "jinja2", "tomlkit", "keyring", "httpx2")
LATER = ("importlib.metadata", "werkzeug", "platformdirs", "sqlite3")


def root_with(function: Any) -> Root:
    """Return a zotsync whose only command is `function`, called `probe`."""

    class Probe(Root):
        def get_command(self, *_args: object) -> click.Command | None:
            return command("probe", "Probe.")(pass_session(function))

    return Probe("zotsync", entries=[Entry("probe", "nowhere:probe", "Probe.")])


def call(function: Any, *words: str) -> Any:
    return CliRunner().invoke(root_with(function), list(words))


def test_help_names_every_command_and_imports_none_of_them() -> None:
    code = (
        "import sys; from zotsync.cli.main import cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit as end: assert end.code == 0\n"
        f"heavy = [m for m in {HEAVY + LATER!r} if m in sys.modules]\n"
        "heavy += [m for m in sys.modules if m.startswith('zotsync.') and\n"
        "          m.split('.')[1] in ('sync', 'zotero', 'handout', 'bibliography', 'sandbox')]\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for entry in ENTRIES:
        assert f"\n  {entry.name} " in done.stdout


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_command_explains_itself_and_its_options(run: Any, entry: Entry) -> None:
    result = run(entry.name, "-h")
    assert result.exit_code == 0
    assert "Common options:" in result.output
    found = cli.get_command(click.Context(cli), entry.name)
    assert isinstance(found, Command)
    assert found.help
    own = [p for p in found.params if isinstance(p, click.Option)]
    assert all(option.help for option in own)


def commands_of(group: click.Group) -> Iterator[click.Command]:
    """Yield all commands, those of groups included."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield found
        if isinstance(found, click.Group):
            yield from commands_of(found)


def test_a_short_option_means_the_same_in_every_command() -> None:
    meanings: dict[str, set[str]] = {}
    for one in commands_of(cli):
        for option in one.params:
            for short in (name for name in option.opts if len(name) == 2):
                meanings.setdefault(short, set()).add(option.opts[-1])
    assert meanings["-n"] == {"--dry-run"}
    assert {short: longs for short, longs in meanings.items() if len(longs) > 1} == {}


@pytest.mark.parametrize(
    "command", ["add", "check", "import", "move", "restore", "sync", "tag", "undo"]
)
def test_wherever_there_is_a_dry_run_n_is_short_for_it(command: str) -> None:
    found = cli.get_command(click.Context(cli), command)
    assert found is not None
    assert ["-n", "--dry-run"] in [option.opts for option in found.params]


def test_version(run: Any) -> None:
    assert run("--version").stdout == f"zotsync {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        ("-q", "-v", "-C", ".", "--yes", "--no-color", "probe"),
        ("probe", "-q", "-v", "-C", ".", "--yes", "--no-color"),
        ("-q", "-C", ".", "probe", "--no-color", "-v", "--yes"),
    ],
)
def test_common_options_mean_the_same_before_and_after_the_command(words: tuple[str, ...]) -> None:
    seen: list[Session] = []
    assert call(seen.append, *words).exit_code == 0
    (session,) = seen
    assert (session.quiet, session.verbose, session.yes, session.plain) == (True, 1, True, True)
    assert session.directory == Path()
    assert not session.output.color


def test_what_stands_after_the_command_wins() -> None:
    seen: list[Session] = []
    call(seen.append, "-C", "one", "probe", "-C", "two")
    assert seen[0].directory == Path("two")


@pytest.mark.parametrize("words", [("--json", "probe"), ("probe", "--json")])
def test_json_carries_its_version_and_the_command(words: tuple[str, ...]) -> None:
    result = call(lambda session: session.output.emit({"x": "é"}, lambda: None), *words)
    assert json.loads(result.stdout) == {"version": 2, "command": "probe", "x": "é"}


def test_the_code_a_command_returns_is_the_exit_code() -> None:
    assert call(lambda _session: 3, "probe").exit_code == 3
    assert call(lambda _session: None, "probe").exit_code == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ZotsyncError("gone wrong"), 1),
        (FileError("gone wrong"), 1),
        (UsageError("gone wrong"), 2),
        (UnsafeError("gone wrong"), 4),
        (RightsError("gone wrong"), 5),
        (ServerError("gone wrong"), 6),
    ],
)
def test_expected_failures_end_with_the_contract_s_codes(error: ZotsyncError, code: int) -> None:
    def fail(_session: Session) -> None:
        raise error

    result = call(fail, "probe")
    assert result.exit_code == code
    assert result.stderr == "Error: gone wrong\n"
    assert result.stdout == ""


def test_a_failure_names_place_and_way_out() -> None:
    def fail(_session: Session) -> None:
        raise FileError("No closing quote.", place=Place("a.toml", 3, "date"), hint="Add one.")

    result = call(fail, "probe")
    assert result.stderr == "Error: a.toml:3 · date: No closing quote.\nAdd one.\n"


def test_a_failure_is_json_too() -> None:
    def fail(_session: Session) -> None:
        raise FileError("No closing quote.", place=Place("a.toml", 3), hint="Add one.")

    document = json.loads(call(fail, "probe", "--json").stdout)
    assert document["exit_code"] == 1
    assert document["error"]["message"] == "No closing quote."
    assert (document["error"]["file"], document["error"]["line"]) == ("a.toml", 3)


def test_wrong_usage_ends_with_2(run: Any) -> None:
    result = run("statsu")
    assert result.exit_code == 2
    assert "Did you mean status?" in result.stderr
    assert run("sync", "--wrong").exit_code == 2
    assert run("restore").exit_code == 2


def test_an_interrupt_ends_with_130() -> None:
    def stop(_session: Session) -> None:
        raise KeyboardInterrupt

    result = call(stop, "probe")
    assert result.exit_code == 130
    assert "Traceback" not in result.stderr
    assert result.stderr.strip() == "Interrupted."


SECRET = "abcdefGHIJKL1234567890xY"  # noqa: S105 - looks like a key, and is none


def test_a_bug_ends_with_70_and_one_line_that_names_the_log(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", "short-secret")

    def bug(_session: Session) -> None:
        raise LookupError(f"with {SECRET} and short-secret inside")

    result = call(bug, "probe", "-q")
    assert result.exit_code == 70
    assert len(result.stderr.strip().splitlines()) == 1
    assert "Traceback" not in result.output
    log = Path(result.stderr.strip().rpartition(" is in ")[2])
    text = log.read_text(encoding="utf-8")
    assert log.is_relative_to(home)
    assert "LookupError" in text
    assert "['probe', '-q']" in text
    assert SECRET not in text + result.output
    assert "short-secret" not in text + result.output


def test_a_key_never_shows_in_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", SECRET)

    def fail(_session: Session) -> None:
        raise ServerError(f"refused {SECRET}")

    for words in (("probe",), ("probe", "--json")):
        assert SECRET not in call(fail, *words).output
    longer = f"x{SECRET.swapcase()}x"
    assert failure.redact(longer) == longer, "longer words are no keys"


def test_help_speaks_french_when_asked(run: Any) -> None:
    result = run("--lang", "fr", "--help")
    assert result.exit_code == 0
    assert "Usage:" not in result.output
    assert run("--lang", "en", "--help").output.startswith("Usage:")


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["--lang", "fr", "sync"], "fr"),
        (["sync", "--lang=fr"], "fr"),
        (["--lang", "fr", "sync", "--lang", "en"], "en"),
        (["sync", "--", "--lang", "fr"], None),
        (["--lang", "de"], None),
        (["--lang"], None),
        ([], None),
    ],
)
def test_the_language_is_known_before_click_reads_the_options(
    words: list[str], asked: str | None
) -> None:
    assert main._asked_language(words) == asked


def test_an_unknown_language_is_wrong_usage(run: Any) -> None:
    assert run("--lang", "de", "--help").exit_code in (0, 2)
    assert run("--lang", "de", "status").exit_code == 2


@pytest.mark.parametrize("encoding", ["cp850", "cp1252"])
def test_a_console_that_is_not_utf8_shows_what_it_can(encoding: str) -> None:
    code = (
        "from zotsync.cli.frame.output import Output, tolerate_any_console as t; t()\n"
        "o = Output(); o.line('→ Zotero ⇄ œ漢'); o.say('✗ 漢'); o.document({'t': '漢'})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
    )
    assert done.returncode == 0, done.stderr
    shown = done.stdout.decode(encoding)
    assert shown.startswith("-> Zotero <> ")
    assert json.loads(shown[shown.index("{") :])["t"] == "漢"
    assert done.stderr.decode(encoding).strip() == "!! ?"


@pytest.mark.parametrize("command", ["\x1b[2J", "\x9b2J", "\r", "\x07", "\x7f"])
def test_a_title_cannot_command_the_terminal(command: str) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    assert (
        sign(f"Un{command}\n\ttitre", stream)
        == f"Un\N{REPLACEMENT CHARACTER}{command[1:]}\n\ttitre"
    )


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "L’œuvre\u202f: «\u00a0où\u00a0»…"),
        ("cp1252", "L’œuvre : «\u00a0où\u00a0»…"),
        ("cp850", "L'oeuvre : «\u00a0où\u00a0»..."),
        ("ascii", 'L\'oeuvre : " ou "...'),
    ],
)
def test_french_typography_gets_plainer_where_a_console_lacks_it(encoding: str, shown: str) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    assert sign("L’œuvre\u202f: «\u00a0où\u00a0»…", stream) == shown
