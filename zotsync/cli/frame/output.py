"""Where the command line prints: data on stdout, messages and progress on stderr.

In a terminal tables are drawn; in a pipe they are plain lines that `cut` and `grep` can read; with `--json`
stdout carries exactly one JSON document.
"""

from __future__ import annotations

import codecs
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from shutil import get_terminal_size
from typing import IO, TYPE_CHECKING, Any

import click

from zotsync.cli.frame.tables import Cell, Row, drawn

if TYPE_CHECKING:
    from zotsync.cli.frame.progress import Bars, NoBars

_WIDEST = 96
"""Columns beyond which a sentence is hard to read."""
JSON_VERSION = 2
"""The version of the JSON form; it grows when a name in it changes its meaning or goes."""

_ARROWS = {"→": "->", "←": "<-", "⇄": "<>", "✗": "!!", "✓": "ok", "–": "-", "·": "-", "─": "-"}
_QUOTES = {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "œ": "oe", "Œ": "OE"}
_ASCII_SIGNS = _ARROWS | _QUOTES
_COMMAND = re.compile(r"zotsync(?: [\w-]+)+$")
"""A command at the end of a line: people copy it whole."""
_GLUE = "\x1f"
_BLANKS = re.compile(r"[ \t\r\n]+")
_APART = re.compile(r"[^\w./:\\~+@%,=-]")
"""What parts the words of a command, or means something in one."""
_COMMANDS = dict.fromkeys((*range(32), *range(127, 160)), "�")
"""What a title from anywhere must not do to a terminal; tabs and line ends aside."""
del _COMMANDS[ord("\t")], _COMMANDS[ord("\n")]
_PLAINLY = "zotsync.plainly"
"""How a console that lacks a sign shows it: the name of an error handler of codecs."""


Span = tuple[str, str]
"""A piece of a line and its colour."""


def _plainer(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for signs that an encoding lacks: ASCII that says the same, else "?"."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_ASCII_SIGNS.get(sign) or _bare(sign) for sign in lacking), error.end


def _bare(sign: str) -> str:
    """Return a letter without its accent, an ordinary space for a special one, else "?"."""
    return unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode() or "?"


codecs.register_error(_PLAINLY, _plainer)


def _wrapped(line: str, width: int) -> list[str]:
    from textwrap import wrap  # noqa: PLC0415 - where texts are long

    whole = _COMMAND.sub(lambda found: found[0].replace(" ", _GLUE), line)
    lines = wrap(whole, width, break_long_words=False, break_on_hyphens=False)
    return [piece.replace(_GLUE, " ") for piece in lines]


def readable(text: str, stream: IO[str]) -> Iterator[str]:
    """Yield the lines of a message: in a terminal whole words on each, and what is indented is cut."""
    if not stream.isatty():
        yield from text.splitlines()
        return
    from zotsync.cli.frame.fitting import cut  # noqa: PLC0415 - where texts are long

    width = get_terminal_size().columns
    for line in text.splitlines():
        if line.startswith("  "):
            yield cut(line, width - 1)
        else:
            yield from _wrapped(line, min(width, _WIDEST) - 1) or [""]


def tolerate_any_console() -> None:
    """Let consoles that are not UTF-8 show something plainer for what they lack, not fail."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=_PLAINLY)


def sign(text: str, stream: IO[str] | None = None) -> str:
    """Return `text` with a plainer form of what the console cannot write, or would act on."""
    text = text.translate(_COMMANDS)
    encoding = getattr(stream or sys.stdout, "encoding", None) or "utf-8"
    return text.encode(encoding, _PLAINLY).decode(encoding)


def one_line(text: str) -> str:
    """Return a text in one line; the no-break spaces of French stay."""
    return _BLANKS.sub(" ", text).strip(" ")


def as_typed(name: object) -> str:
    """Return a name or a path as it is typed in a command."""
    return f'"{name}"' if _APART.search(str(name)) else str(name)


def colours_wanted(*, plain: bool) -> bool:
    """Return whether colours may be shown: not with `--no-color` (`plain`), NO_COLOR or TERM=dumb."""
    return not (plain or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb")


def _is_utf8(stream: IO[str]) -> bool:
    encoding = getattr(stream, "encoding", None) or "ascii"
    return encoding.lower().replace("-", "").replace("_", "") == "utf8"


class Output:
    """Prints what one command has to say, in the form that was asked for."""

    def __init__(  # noqa: PLR0913 - the common options
        self,
        *,
        command: str = "",
        directory: Path | None = None,
        json: bool = False,
        quiet: bool = False,
        color: bool = True,
        verbose: int = 0,
    ) -> None:
        self.command = command
        self.directory = directory or Path()
        self.json = json
        self.quiet = quiet
        self.verbose = verbose
        self.color = colours_wanted(plain=not color)
        self.documented = False
        """Whether the one JSON document was printed."""

    # -- data, on stdout ---------------------------------------------------------------------------

    def emit(self, document: Mapping[str, Any], text: Callable[[], None]) -> None:
        """Print `document` as JSON where that was asked for, else call `text` to print it."""
        if self.json:
            self.document(document)
        else:
            text()

    def document(self, document: Mapping[str, Any]) -> None:
        """Print the one JSON document of this command."""
        import json  # noqa: PLC0415 - `--help` does without

        from zotsync.cli.frame.filenames import named_from  # noqa: PLC0415 - as above

        whole = {"version": JSON_VERSION, "command": self.command, **document}
        whole = named_from(whole, self.directory)
        text = json.dumps(whole, ensure_ascii=not _is_utf8(sys.stdout), indent=2, default=str)
        click.echo(text)
        self.documented = True

    def line(self, text: str = "", *, style: str = "") -> None:
        """Print one line of data."""
        click.echo(self._styled(sign(text, sys.stdout), style), color=self._ansi(sys.stdout))

    def spans(self, spans: Sequence[Span], *, err: bool = False, indent: int = 0) -> None:
        """Print one line made of coloured pieces; what does not fit goes on below, at `indent`."""
        stream = sys.stderr if err else sys.stdout
        lines: list[list[Span]] = [list(spans)]
        if indent:
            from zotsync.cli.frame.columns import wrapped  # noqa: PLC0415 - where texts are long

            width = get_terminal_size().columns - indent if stream.isatty() else None
            lines = wrapped(spans, width)
        pieces = ["".join(self._styled(sign(t, stream), style) for t, style in ln) for ln in lines]
        click.echo(f"\n{' ' * indent}".join(pieces), err=err, color=self._ansi(stream))

    def table(self, headings: Sequence[str], rows: Sequence[Row], *, headed: bool = False) -> None:
        """Print a table: drawn in a terminal, columns with tabs between them in a pipe.

        `headed`: a pipe gets the headings, too.
        """
        if sys.stdout.isatty():
            for line in drawn(headings, rows, get_terminal_size().columns - 1):
                self.spans(line)
            return
        for row in [headings, *rows] if headed else rows:
            texts = (cell.text if isinstance(cell, Cell) else cell for cell in row)
            self.line("\t".join(one_line(text) for text in texts).rstrip())

    # -- messages, on stderr -----------------------------------------------------------------------

    def say(self, text: str = "", *, style: str = "") -> None:
        """Print a message, unless `--quiet`."""
        if not self.quiet:
            self.warn(text, style=style)

    def detail(self, text: str) -> None:
        """Print a message that only `--verbose` asks for."""
        if self.verbose and not self.quiet:
            self.warn(text)

    def warn(self, text: str, *, style: str = "") -> None:
        """Print a message that even `--quiet` must not hide."""
        shown = self._styled(sign(text, sys.stderr), style)
        click.echo(shown, err=True, color=self._ansi(sys.stderr))

    def explain(self, text: str, *, style: str = "", urgent: bool = False) -> None:
        """Print a message of several sentences; a terminal gets whole words on each line.

        `urgent`: even `--quiet` must not hide it.
        """
        for line in readable(text, sys.stderr):
            (self.warn if urgent else self.say)(line, style=style)

    def bars(self) -> Bars | NoBars:
        """Return what is to be told of progress: bars in a terminal, silence in pipes and with `-q`."""
        from zotsync.cli.frame.progress import Bars, NoBars  # noqa: PLC0415 - `--help` does without

        dumb = os.environ.get("TERM") == "dumb"
        if self.quiet or self.json or dumb or not sys.stderr.isatty():
            return NoBars()
        return Bars(lambda: self._console(sys.stderr))

    def _console(self, stream: IO[str]) -> Any:
        from rich.console import Console  # noqa: PLC0415

        return Console(file=stream, no_color=not self.color, highlight=False, markup=False)

    def _styled(self, text: str, style: str) -> str:
        if not style:
            return text
        words = style.split()
        colour = next((word for word in words if word != "bold"), None)
        return click.style(text, fg=colour, bold="bold" in words or None)

    def _ansi(self, stream: IO[str]) -> bool | None:
        return None if self.color and stream.isatty() else False
