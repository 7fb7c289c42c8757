"""The options of `render` that choose: one for each row of `choices`, under the same name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from zotsync.cli.frame.group import Option
from zotsync.handout.choices import NAMES, OTHER_WORDS, kind_of, unknown_value, values_of
from zotsync.handout.nearest import near
from zotsync.i18n import N_, _

SECTION = N_("What is printed, and how (all of it can stand in the handout's file)")
"""The heading of these options in the help."""

HELP: Mapping[str, str] = {
    "by": N_("One section for each; the handout's own ones give way."),
    "sort": N_("The order within sections."),
    "numbering": N_("Numbers before the entries."),
    "section_numbers": N_("Numbers before the sections."),
    "cover": N_("The title on a page of its own."),
    "contents": N_("A table of contents."),
    "indexes": N_("Indexes at the end: authors,keywords."),
    "abstracts": N_("Abstracts: yes, no, or a number of words to shorten them to."),
    "keywords": N_("Keywords (the items' tags)."),
    "shelfmarks": N_("Shelf marks (call numbers)."),
    "links": N_("Addresses of what is online."),
    "no_links": N_("Item types or tags printed without addresses."),
    "open_access": N_("Tell free full text from access with sign-in."),
    "proxy": N_("Addresses with the proxies of zotsync.toml."),
    "qr": N_("QR codes beside addresses, for paper."),
    "notes": N_("The tag of child notes that are printed; an empty one for none."),
    "introduction_note": N_("The Zotero note, by key or tag, that introduces the handout."),
    "citation_style": N_("A citation style (CSL) for the references: its id, or a file."),
    "updated": N_("The day of the last update; auto: when the document last changed."),
    "institution": N_("The institution, instead of that of zotsync.toml."),
    "address": N_("The address, instead of that of zotsync.toml."),
    "contact": N_("The contact, instead of that of zotsync.toml."),
    "logo": N_("The logo, instead of that of zotsync.toml."),
    "licence": N_("The licence line, instead of that of zotsync.toml."),
}
EXAMPLES: Mapping[str, str] = {
    "sort": '"newest"',
    "numbering": "true",
    "abstracts": "60",
    "keywords": "true",
    "shelfmarks": "true",
    "contents": "true",
    "indexes": '["authors", "keywords"]',
    "qr": "true",
    "updated": '"auto"',
}
"""A few choices as a handout's file has them: a new one shows them as comments."""
_METAVARS: Mapping[str, str] = {
    "abstracts": N_("N|yes|no"),
    "indexes": N_("LIST"),
    "no_links": N_("LIST"),
    "notes": N_("TAG"),
    "introduction_note": N_("NOTE"),
    "citation_style": N_("STYLE"),
    "updated": N_("DAY"),
    "logo": N_("FILE"),
}
_NAMES: Mapping[str, str] = {"no_links": "without-links"}
"""Where the choice's own name is another option's: --no-links says no to --links."""
_WORDS: Mapping[str, bool] = {"yes": True, "oui": True, "no": False, "non": False}


class _Word(click.Choice[str]):
    """One of the words that a choice is made of; another one is answered with the nearest."""

    def __init__(self, choice: str) -> None:
        super().__init__(values_of(choice))
        self._others = OTHER_WORDS.get(choice, {})

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as exc:
            hint = near(value, tuple(self.choices), self._others)
            raise click.BadParameter(f"{exc.message} {hint}".strip(), ctx, param) from exc


def _length(_ctx: click.Context, _param: click.Parameter, value: str | None) -> bool | int | None:
    """Return yes, no, or a number of words."""
    text = (value or "").strip().lower()
    if value is None or text in _WORDS:
        return _WORDS.get(text)
    if not (text.isdecimal() and int(text)):
        message = _("{value} is neither yes, no, nor a number of words.")
        raise click.BadParameter(message.format(value=value))
    return int(text)


def _texts(
    _ctx: click.Context, param: click.Parameter, value: str | None
) -> tuple[str, ...] | None:
    """Return texts that have commas between them."""
    if value is None:
        return None
    found = tuple(part.strip() for part in value.split(",") if part.strip())
    if word := unknown_value(str(param.name), found):
        known = ", ".join(values_of(str(param.name)))
        message = _("{value} is not known here. One of: {names}.")
        raise click.BadParameter(message.format(value=word, names=known))
    return found


def option_name(choice: str) -> str:
    """Return how a choice is called on the command line, without its hyphens in front."""
    return _NAMES.get(choice, choice.replace("_", "-"))


def commented() -> list[str]:
    """Return the comments by which a new handout file shows what can be chosen."""
    head = _("To choose, take away the # before a line (zotsync render --help lists all choices):")
    lines = {name: f"{name} = {value}" for name, value in EXAMPLES.items()}
    wide = max(map(len, lines.values()))
    return [head, *(f"{line:<{wide}}  # {_(HELP[name])}" for name, line in lines.items())]


def choice_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for every choice; its value is None where it is not given."""
    for choice in reversed(NAMES):
        function = click.option(*_declared(choice), cls=Option, **_settings(choice))(function)
    return function


def chosen(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the choices among a command's values: those that were given."""
    return {name: values[name] for name in NAMES if values.get(name) is not None}


def _declared(choice: str) -> tuple[str, str]:
    name = option_name(choice)
    return (f"--{name}/--no-{name}" if kind_of(choice) == "flag" else f"--{name}"), choice


def _settings(choice: str) -> dict[str, Any]:
    kind = kind_of(choice)
    settings: dict[str, Any] = {"default": None, "help": HELP[choice], "section": SECTION}
    if kind == "length":
        settings["callback"] = _length
    elif kind == "texts":
        settings["callback"] = _texts
    elif kind == "text" and values_of(choice):
        return settings | {"type": _Word(choice)}
    if kind != "flag":
        settings["metavar"] = _METAVARS.get(choice, N_("TEXT"))
    return settings
