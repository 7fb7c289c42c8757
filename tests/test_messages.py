"""Every message is in the catalogue, complete and sound French, and the compiled form is fresh."""

from __future__ import annotations

import ast
import errno
import re
from collections.abc import Callable, Collection, Iterator
from importlib.metadata import version
from pathlib import Path
from string import Formatter

import click
import messages
import pytest
from click.testing import CliRunner

from zotsync import i18n
from zotsync.cli.frame.group import Group
from zotsync.cli.main import cli
from zotsync.reasons import reason_of

FRENCH = [message for message in messages.french() if message.id]
SOURCES = [path for name, path in messages.sources() if name.startswith("zotsync/")]
MARKERS = {"_", "N_", "ngettext"}


def placeholders(text: str) -> frozenset[str]:
    parsed = (name for _text, name, _spec, _conversion in Formatter().parse(text))
    named = {name for name in parsed if name and (name[0].isalpha() or name[0] == "_")}
    return frozenset(named) | frozenset(re.findall(r"%\(\w+\)s", text))


def calls(markers: Collection[str] = MARKERS) -> Iterator[tuple[str, ast.expr]]:
    """Yield every text handed to `_`, `N_` or `ngettext`, and where it stands."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                texts = node.args[:2] if node.func.id == "ngettext" else node.args[:1]
                for text in texts if node.func.id in markers else ():
                    yield f"{path}:{text.lineno}", text


def test_the_catalogue_has_every_message_of_the_sources_and_no_other() -> None:
    ours = {m.id for m in FRENCH}
    theirs = {m.id for m in messages.template() if m.id}
    from_click = {m.id for m in FRENCH if all(f.startswith("click/") for f, _line in m.locations)}
    recorded = re.search(r"X-Click-Version: ([\d.]+)", messages.FRENCH.read_text(encoding="utf-8"))
    if recorded and recorded[1] != version("click"):  # another Click says other things
        theirs -= {m.id for m in messages.template() if m.locations[0][0].startswith("click/")}
        ours -= from_click
    assert ours == theirs, "run: make messages"


def test_the_catalogue_has_also_what_stands_where_it_is_not_looked_for() -> None:
    ours = {text for m in FRENCH for text in ([m.id] if isinstance(m.id, str) else m.id)}
    said = {text.value: where for where, text in calls() if isinstance(text, ast.Constant)}
    assert {where for text, where in said.items() if text not in ours} == set(), (
        "Babel looks into no f-string: call _ before it."
    )


def test_a_message_with_a_plural_is_always_asked_for_with_a_number() -> None:
    counted = {m.id[0] for m in FRENCH if isinstance(m.id, tuple)}
    plain = {where: text for where, text in calls({"_", "N_"}) if isinstance(text, ast.Constant)}
    assert {where for where, text in plain.items() if text.value in counted} == set(), (
        "Python 3.11 finds no French for it: call ngettext."
    )


def test_every_message_is_translated() -> None:
    assert [m.id for m in messages.untranslated(messages.french())] == []


def test_the_compiled_catalogue_is_fresh() -> None:
    assert messages.compiled_french() == messages.texts(messages.french()), "run: make messages"


def wrong(is_wrong: Callable[[str, str], object]) -> list[str]:
    """Return the translations that `is_wrong` finds fault with, against their English."""
    pairs = [
        pair
        for m in FRENCH
        for pair in zip(messages.forms(m.id), messages.forms(m.string), strict=False)
        if pair[1]
    ]
    return [form for english, form in pairs if is_wrong(english, form)]


def test_a_translation_has_the_placeholders_of_its_message() -> None:
    allowed = {m.id: {placeholders(form) for form in messages.forms(m.id)} for m in FRENCH}
    odd = [
        form
        for m in FRENCH
        for form in messages.forms(m.string)
        if form and placeholders(form) not in allowed[m.id]
    ]
    assert odd == []


def test_no_break_spaces_stand_before_french_punctuation_and_inside_guillemets() -> None:
    """Narrow (U+202F) before `; ! ?`, wide (U+00A0) before the colon and inside guillemets."""
    odd = (
        r" [;:!?»]|\u202f[:»]|\u00a0[;!?](?!\u00a0»)",
        r"«(?!\u00a0)|(?<!\u00a0)»",
        r"[\w)}»\]][;:!?](?:\s|$)",
    )
    assert wrong(lambda _english, french: re.search("|".join(odd), french)) == []


def test_apostrophes_and_ellipses_are_typographic() -> None:
    assert wrong(lambda _english, french: re.search(r"[^\W\d_]'[^\W\d_]|\.\.\.", french)) == []


def test_a_translation_ends_as_its_message() -> None:
    def differs(english: str, french: str) -> bool:
        return (english[-1:] in ".!?…") != (french[-1:] in ".!?…")

    assert wrong(differs) == []


def test_what_check_makes_has_one_french_word() -> None:
    """A check is a `vérification`, in messages and guide, never a `contrôle`."""
    other = re.compile("contrôle", re.IGNORECASE)
    assert wrong(lambda _english, french: other.search(french)) == []
    pages = [messages.CHECKOUT / "README.fr.md", *(messages.CHECKOUT / "docs").glob("*.fr.md")]
    assert [page.name for page in pages if other.search(page.read_text(encoding="utf-8"))] == []


def test_no_message_is_formatted_before_it_is_looked_up() -> None:
    plain = ast.Constant | ast.Name | ast.Attribute | ast.Subscript
    assert [where for where, text in calls() if not isinstance(text, plain)] == []


def test_placeholders_have_names() -> None:
    texts = [
        (where, text.value)
        for where, text in calls()
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
    ]
    nameless = re.compile(r"(?<!\{)\{[\d:!]*\}(?!\})|%s")
    assert texts
    assert [where for where, text in texts if nameless.search(text)] == []


def every_command() -> Iterator[tuple[str, click.Command]]:
    """Yield zotsync's commands and groups with their full names."""
    waiting: list[tuple[str, click.Command]] = [("zotsync", cli)]
    for name, command in waiting:
        yield name, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for sub in command.list_commands(context):
                found = command.get_command(context, sub)
                assert found is not None
                waiting.append((f"{name} {sub}", found))


COMMANDS = dict(every_command())
ALIKE = {
    "URL",
    "N",
    "NOTE",
    "TYPE",
    "STYLE",
    "FORMAT",
    "COLLECTION",
    "[OPTIONS]",
    "docx",
    "fr",
    "en",
}
"""Words of the help that are the same in both languages."""


def help_texts(command: click.Command) -> list[str]:
    """Return, in the language of the moment, the texts that the help of a command is made of."""
    context = click.Context(command, **command.context_settings)
    texts = [command.help, *command.collect_usage_pieces(context)]
    if isinstance(command, Group):
        texts += [i18n._(entry.help) for entry in command.entries.values()]
    for param in command.get_params(context):
        texts += [param.metavar, param.help if isinstance(param, click.Option) else None]
    return [text for text in texts if text]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_is_french_throughout(name: str) -> None:
    i18n.install("en")
    english = help_texts(COMMANDS[name])
    i18n.install("fr")
    french = help_texts(COMMANDS[name])
    assert english
    assert len(english) == len(french)
    same = {one for one, other in zip(english, french, strict=True) if one == other}
    assert same <= ALIKE


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_shows_no_english_text(name: str) -> None:
    words = [*name.split()[1:], "--help"]
    runner = CliRunner()
    english = runner.invoke(cli, ["--lang", "en", *words], terminal_width=400)
    french = runner.invoke(cli, ["--lang", "fr", *words], terminal_width=400)
    i18n.install("en")
    texts = {text for text in help_texts(COMMANDS[name]) if text not in ALIKE and " " in text}
    assert all(" ".join(text.split()) in " ".join(english.output.split()) for text in texts)
    assert [text for text in texts if text in french.output] == []
    headings = re.findall(r"^\w[\w ]*[ \u00a0]?:", french.output, re.MULTILINE)
    assert set(headings) <= {
        "Utilisation\u00a0:",
        "Commande\u00a0:",
        "Commandes\u00a0:",
        "Options\u00a0:",
        "Options communes\u00a0:",
    }
    assert {"Options\u00a0:", "Options communes\u00a0:"} <= set(headings)


@click.command()
@click.argument("number", type=int)
def _double(number: int) -> None:
    """Print twice the number."""
    click.echo(2 * number)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--help"], "Utilisation\u00a0:"),
        (["--help"], "Afficher cette aide et quitter."),
        (["--wrong"], "L’option '--wrong' n’existe pas."),
        (["many"], "Valeur incorrecte pour 'NUMBER'\u00a0: 'many' n’est pas"),
        ([], "Il manque un argument 'NUMBER'"),
    ],
)
def test_click_speaks_french(arguments: list[str], says: str) -> None:
    i18n.install("fr")
    assert says in CliRunner().invoke(_double, arguments).output


def test_click_speaks_english_again() -> None:
    i18n.install("fr")
    i18n.install("en")
    assert "Usage:" in CliRunner().invoke(_double, ["--help"]).output


@pytest.mark.parametrize(
    ("asked", "environ", "language"),
    [
        ("fr", {"LANG": "en_US.UTF-8"}, "fr"),
        ("en", {"LANG": "fr_FR.UTF-8"}, "en"),
        (None, {"ZOTSYNC_LANG": "fr", "LANG": "en_US"}, "fr"),
        (None, {"LANGUAGE": "fr:en", "LANG": "en_US"}, "fr"),
        (None, {"LC_ALL": "fr_CA.UTF-8"}, "fr"),
        (None, {"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_language_is_asked_for_or_the_environments(
    asked: str | None, environ: dict[str, str], language: str
) -> None:
    assert i18n.choose(asked, environ) == language


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "accès refusé"),
        (OSError("[Errno 111] Connection refused"), "connexion refusée"),
        (OSError(errno.ENOTTY, "Something rare"), "Something rare"),
    ],
)
def test_what_the_system_says_is_told_in_french_where_it_is_known(
    error: OSError, says: str
) -> None:
    i18n.install("fr")
    assert reason_of(error) == says


def test_the_catalogue_stands_where_the_package_looks() -> None:
    assert Path(i18n.__file__).parent in messages.FRENCH.parents
