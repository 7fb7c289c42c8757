"""Commands as zotsync has them: imported when called, explained in the language of the moment.

Click keeps help texts as attributes that are read when a module is imported; here they are msgids that
are looked up when shown. Every command takes the common options, so they work before and after its name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from zotsync.cli.frame.session import Session
from zotsync.i18n import LANGUAGES, N_, _, ngettext


class _HelpFormatter(click.HelpFormatter):
    """Writes headings with the colon of the language of the moment."""

    def write_heading(self, heading: str) -> None:
        """Write a heading at the current indentation."""
        line = _("{heading}:").format(heading=heading)
        self.write(f"{'':>{self.current_indent}}{line}\n")


class _Context(click.Context):
    formatter_class = _HelpFormatter


class _Metavar:
    """A parameter whose metavar is a msgid."""

    _metavar: str | None

    @property
    def metavar(self) -> str | None:
        """Return the word for the value in the language of the moment."""
        return _(self._metavar) if self._metavar else None

    @metavar.setter
    def metavar(self, msgid: str | None) -> None:
        self._metavar = msgid


class Argument(_Metavar, click.Argument):
    """An argument whose metavar is a msgid."""


class Option(_Metavar, click.Option):
    """An option whose help and metavar are msgids, and the heading that it stands under in the help."""

    def __init__(self, *args: Any, section: str = "", **settings: Any) -> None:
        self.section = section
        super().__init__(*args, **settings)

    @property
    def help(self) -> str | None:
        """Return the help in the language of the moment."""
        return _(self._msgid) if self._msgid else None

    @help.setter  # noqa: A003 - Click's name
    def help(self, msgid: str | None) -> None:
        self._msgid = msgid


option = partial(click.option, cls=Option)
argument = partial(click.argument, cls=Argument)


def _remember(context: click.Context, param: click.Parameter, value: Any) -> None:
    """Note a common option that was given; one that was not leaves what stood before the command."""
    given = context.get_parameter_source(param.name or "")
    if given is click.core.ParameterSource.COMMANDLINE:
        session = context.ensure_object(Session)
        setattr(session, param.name or "", value)


def _common_options() -> list[Option]:
    remembered: dict[str, Any] = {"expose_value": False, "callback": _remember}
    folder = click.Path(path_type=Path, file_okay=False)
    return [
        Option(
            ["-C", "directory"],
            metavar=N_("DIR"),
            type=folder,
            help=N_("Act as if started in DIR."),
            **remembered,
        ),
        Option(["-q", "--quiet"], is_flag=True, help=N_("Say nothing but errors."), **remembered),
        Option(["-v", "--verbose"], count=True, help=N_("Say more."), **remembered),
        Option(
            ["--json", "json"],
            is_flag=True,
            help=N_("Print data a program can read."),
            **remembered,
        ),
        Option(
            ["--lang"],
            type=click.Choice(LANGUAGES),
            help=N_("The language of messages."),
            # Read from the arguments before Click is, so that help and errors speak it as well.
            expose_value=False,
        ),
        Option(
            ["--no-color", "plain"],
            is_flag=True,
            help=N_("Print without colours."),
            **remembered,
        ),
        Option(
            ["--yes", "yes"],
            is_flag=True,
            help=N_("Take the proposed answer to every question."),
            **remembered,
        ),
    ]


class Command(click.Command):
    """A command with the common options, whose help is a msgid."""

    context_class = _Context

    def __init__(self, name: str | None, **settings: Any) -> None:
        settings["params"] = [*(settings.get("params") or []), *_common_options()]
        settings.setdefault("context_settings", {})["help_option_names"] = ["-h", "--help"]
        super().__init__(name, **settings)

    @property
    def help(self) -> str | None:
        """Return the help in the language of the moment."""
        return _(self._msgid) if self._msgid else None

    @help.setter  # noqa: A003 - Click's name
    def help(self, msgid: str | None) -> None:
        self._msgid = msgid

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return Click's help option, explained in the language of the moment."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = _("Show this message and exit.")
        return found

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's own options first, then those with a heading, the common ones last.

        Arguments stand in the usage line and in the command's help.
        """
        own, common = N_("Options"), N_("Common options")
        found: dict[str, list[tuple[str, str]]] = {own: []}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and not isinstance(param, click.Argument):
                ours = own if param.expose_value or param.is_eager else common
                found.setdefault(getattr(param, "section", "") or ours, []).append(record)
        for heading in (*(h for h in found if h != common), *({common} & found.keys())):
            with formatter.section(_(heading)):
                formatter.write_dl(found[heading])


@dataclass(frozen=True)
class Entry:
    """A command that is imported when it is called."""

    name: str
    where: str
    """`module:attribute`, below zotsync.cli."""
    help: str
    """One line, a msgid: `--help` shows it without importing the command."""


class Group(Command, click.Group):
    """A group of commands that are imported when they are called."""

    def __init__(self, name: str | None, *, entries: Sequence[Entry] = (), **settings: Any) -> None:
        alone = settings.get("invoke_without_command")
        rest = N_("[COMMAND] [ARGS]...") if alone else N_("COMMAND [ARGS]...")
        super().__init__(name, subcommand_metavar=rest, **settings)
        self.entries = {entry.name: entry for entry in entries}

    @property
    def subcommand_metavar(self) -> str:
        """Return what the usage line says of commands, in the language of the moment."""
        return _(self._subcommand)

    @subcommand_metavar.setter
    def subcommand_metavar(self, msgid: str) -> None:
        self._subcommand = msgid

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names, in the order people meet them."""
        return list(self.entries)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002
        cmd_name: str,
    ) -> click.Command | None:
        """Import and return the command; None where there is none of that name."""
        entry = self.entries.get(cmd_name)
        if entry is None:
            return None
        module, attribute = entry.where.split(":")
        found: click.Command = getattr(import_module(f"zotsync.cli.{module}"), attribute)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, note its name for the output, and name the closest of a misspelt one."""
        name = args[0]
        if name not in self.entries and not name.startswith("-"):
            close = get_close_matches(name, self.entries, n=1)
            hint = " " + _("Did you mean {name}?").format(name=close[0]) if close else ""
            ctx.fail(_("No such command {name!r}.").format(name=name) + hint)
        session = ctx.ensure_object(Session)
        session.command = f"{session.command} {name}".strip()
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Propose commands with their lines of the table, and options; nothing is imported."""
        entries = self.entries.values()
        begun = [entry for entry in entries if entry.name.startswith(incomplete)]
        found: list[CompletionItem[str]]
        found = [CompletionItem(entry.name, help=_(entry.help)) for entry in begun]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, then the options."""
        self.format_commands(ctx, formatter)
        Command.format_options(self, ctx, formatter)

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the names and lines of the table; nothing is imported."""
        with formatter.section(ngettext("Command", "Commands", len(self.entries))):
            formatter.write_dl([(e.name, _(e.help)) for e in self.entries.values()])


def command(name: str, help_text: str) -> Callable[[Callable[..., Any]], Command]:
    """Make a function a zotsync command; it returns its exit code, None for 0."""
    decorator: Callable[[Callable[..., Any]], Command] = click.command(
        name, cls=Command, help=help_text
    )
    return decorator
