"""What the documents say is there, and what is there is in the documents."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from zotsync.cli.checks.check_words import MESSAGES
from zotsync.cli.handouts.choice_options import chosen
from zotsync.cli.handouts.render import render
from zotsync.cli.main import ENTRIES, cli
from zotsync.curating.finding import Severity
from zotsync.curating.table import CHECKS
from zotsync.handout.choices import NAMES, values_of
from zotsync.handout.choosing import checked_choices
from zotsync.handout.handoutfile import parse_handout
from zotsync.model import is_key

CHECKOUT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.fr.md")
DOCUMENTS = (*READMES, "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")


def text(name: str) -> str:
    return (CHECKOUT / name).read_text(encoding="utf-8")


def blocks(name: str) -> list[str]:
    """Return the code blocks of a document."""
    return re.findall(r"^```\w*\n(.*?)^```", text(name), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("name", READMES)
@pytest.mark.parametrize("command", [entry.name for entry in ENTRIES])
def test_every_command_has_a_place_in_the_readmes(name: str, command: str) -> None:
    assert re.search(rf"\|.*`(zotsync )?{command}[ `]", text(name))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_named_is_there(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    named = re.findall(r"(?:^|`)make ([a-z]+)", text(name), re.MULTILINE)
    assert set(named) <= targets


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_to_a_file_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text(name))
    assert [link for link in links if not (CHECKOUT / link).exists()] == []


def test_both_readmes_show_the_same_commands_first() -> None:
    assert blocks(READMES[0])[:3] == blocks(READMES[1])[:3]
    assert blocks(READMES[0])[0] == "make demo\nmake test\n"
    assert len(blocks(READMES[0])) == len(blocks(READMES[1]))


def outline(name: str) -> list[str]:
    """Return the sections of a document: the marks of their headings, and how many rows their tables have."""
    plain = re.sub(r"^```.*?^```", "", text(name), flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"^(#+|\||- |!\[|<img)", plain, re.MULTILINE)


def test_both_readmes_have_the_same_sections_and_commands() -> None:
    assert outline(READMES[0]) == outline(READMES[1])
    lines = [
        [
            re.sub(r"\s{2,}.*|\s*#.*", "", line)
            for block in blocks(name)
            for line in block.splitlines()
        ]
        for name in READMES
    ]
    commands = [[line for line in found if line.startswith("zotsync ")] for found in lines]
    assert commands[0] == commands[1]
    assert commands[0]


@pytest.mark.parametrize("name", READMES)
def test_the_item_file_shown_is_one(name: str) -> None:
    (shown,) = [block for block in blocks(name) if block.startswith("key =")]
    assert is_key(tomllib.loads(shown)["key"])


def commands(command: click.Command) -> list[click.Command]:
    """Return a command and all below it."""
    if not isinstance(command, click.Group):
        return [command]
    context = click.Context(command)
    below = (command.get_command(context, name) for name in command.list_commands(context))
    return [command, *(each for found in below if found for each in commands(found))]


def test_every_command_and_option_has_help() -> None:
    everything = commands(cli)
    assert len(everything) > len(ENTRIES)
    assert [c.name for c in everything if not c.help] == []
    options = [p for c in everything for p in c.params if isinstance(p, click.Option)]
    assert [o.opts for o in options if not o.help and not o.hidden] == []


HANDOUTS = ("docs/handouts.md", "docs/handouts.fr.md")
ROW = re.compile(r"^\| `(\w+) = (.+?)` \| `(--[\w-]+)( .+?)?` \| (.*) \|$", re.MULTILINE)
"""Of the table of choices: its name, its value, its option and the option's value, what it does."""


@pytest.mark.parametrize("name", HANDOUTS)
def test_every_choice_is_documented_with_an_example_that_holds(name: str) -> None:
    rows = ROW.findall(text(name))
    assert [row[0] for row in rows] == list(NAMES)
    for choice, value, option, said, _effect in rows:
        written = tomllib.loads(f"{choice} = {value}")
        context = render.make_context("render", [option, *shlex.split(said)])
        given = chosen(context.params)
        assert given == checked_choices(written, lambda *words: AssertionError(words)), choice


@pytest.mark.parametrize("name", HANDOUTS)
def test_every_option_of_render_is_documented(name: str) -> None:
    whole = text(name)
    common = {"directory", "quiet", "verbose", "json", "lang", "plain", "yes", "help"}
    own = [p for p in render.params if p.name not in common and isinstance(p, click.Option)]
    assert len(own) > len(NAMES)
    for option in own:
        assert any(
            re.search(rf"`[^`]*{re.escape(n)}\b", whole)
            for n in (*option.opts, *option.secondary_opts)
        )


@pytest.mark.parametrize("name", HANDOUTS)
def test_the_words_of_every_choice_are_documented(name: str) -> None:
    effects = {row[0]: row[-1] for row in ROW.findall(text(name))}
    for choice in ("by", "sort"):
        assert [w for w in values_of(choice) if f"`{w}`" not in effects[choice]] == []


@pytest.mark.parametrize("name", HANDOUTS)
def test_the_handout_file_shown_is_one(name: str) -> None:
    (shown,) = [block for block in blocks(name) if block.startswith("title =")]
    handout = parse_handout(shown.encode("utf-8"), "x.toml")
    assert handout.choices == {"numbering": True}
    assert len(handout.sections) == 1


@pytest.mark.parametrize("name", ["docs/check.md", "docs/check.fr.md"])
def test_every_check_has_its_row_and_every_row_its_check(name: str) -> None:
    words = {"wrong": Severity.WRONG, "à corriger": Severity.WRONG}
    rows = re.findall(
        r"^\| `([\w-]+)` \| ([^|]+) \| [^|]+ \| ([^|]+) \|$", text(name), re.MULTILINE
    )
    told = [(code, words.get(severity, Severity.LOOK)) for code, severity, _mended in rows]
    assert told == [(check.code, check.severity) for check in CHECKS]
    assert set(MESSAGES) == {check.code for check in CHECKS}


FRENCH = [*sorted(p.relative_to(CHECKOUT).as_posix() for p in CHECKOUT.glob("docs/*.fr.md"))]
ODD = re.compile(r" [;:!?»](?=[\s|*).,]|$)|\u202f[:»]|\u00a0[;!?](?!\u00a0»)|«(?!\u00a0)")


@pytest.mark.parametrize("name", ["README.fr.md", *FRENCH])
def test_french_pages_are_set_as_french_is(name: str) -> None:
    prose = re.sub(r"(?ms)^```.*?^```$|^    .*?$|`[^`]*`|\]\([^)]*\)", "`", text(name))
    lines = [line for line in prose.splitlines() if not re.match(r"[| :-]+$|.*\{U\+", line)]
    assert [line for line in lines if ODD.search(line)] == []
