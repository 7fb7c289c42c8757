"""One handout to its documents: what `render` and `demo` print with."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zotsync import __version__
from zotsync.bibliography.files import told
from zotsync.cli.frame.opening import Opened
from zotsync.cli.handouts.rendering import (
    Holdings,
    find_handout,
    house_of,
    remark_lines,
    shown,
    theme_of,
)
from zotsync.cli.handouts.since import News, news_of
from zotsync.errors import FileError, Place
from zotsync.handout.handoutfile import Handout, read_handout
from zotsync.handout.keeping.delivery import Delivered, Delivery, Status
from zotsync.handout.keeping.imprint import imprinter
from zotsync.handout.keeping.printed import CORRECTABLE, printed_of
from zotsync.handout.keeping.printings import PRINTED, remember_lines
from zotsync.handout.keeping.prints import Prints, printing_now
from zotsync.handout.keeping.record import Record
from zotsync.handout.render import Composed, choices_of, composed, dated, held, written
from zotsync.handout.spots import lines_of
from zotsync.handout.theming.themes import DEFINITION, Theme, definition
from zotsync.i18n import _

STDOUT = Path("-")
"""Where `-o -` sends the bytes of a document."""
_REPLACED = "replaced"
_NEWS = "-nouveautes"


@dataclass(frozen=True)
class Wish:
    """What somebody asks for when a handout is printed."""

    theme: str | None = None
    to: Path | None = None
    """None: beside the handout's file."""
    forms: tuple[str, ...] = ("docx",)
    overrides: Mapping[str, Any] = field(default_factory=dict)
    """Choices that go before those of the handout's file."""
    since: str = ""
    """Only what is new since then is printed."""
    force: bool = False

    @property
    def usual(self) -> bool:
        """Return whether the handout is printed as its file says."""
        return not (self.overrides or self.to or self.since or self.theme)


@dataclass(frozen=True)
class Made:
    """A document that was printed, or need not be."""

    handout: str
    form: str
    delivered: Delivered
    entries: int
    remarks: tuple[str, ...] = ()
    news: News | None = None

    @property
    def file(self) -> Path:
        """Return where it is."""
        return self.delivered.file


def print_handout(holdings: Holdings, name: str, wish: Wish, folder: Path) -> Iterator[Made]:
    """Print a handout in every format that is asked for. `folder` is where a relative FILE begins.

    Yields nothing where it is asked for what is new, and nothing is.
    """
    opened = holdings.opened
    file = find_handout(opened.workspace, name)
    handout = read_handout(file, shown(opened.workspace, file))
    library, theme = holdings.library, theme_of(opened, handout, wish.theme)
    prints = Prints.of(opened.workspace.private)
    before = prints.printing(handout.file)
    news = None
    remarks: tuple[str, ...] = ()
    if wish.since:
        news, handout, library = news_of(opened, handout, library, theme, wish.since, before)
        if not news.new:
            return
    overrides = _with_logo(opened, wish.overrides, handout, theme)
    house = house_of(opened)
    made = held(composed(handout, library, theme, opened.schema, house, overrides))
    mark = imprinter(made.document)
    printing = printing_now(before, mark(()), dt.datetime.now(dt.UTC))
    if made.rules.choices.updated == "auto":
        made = dated(made, handout.overridden(overrides), house, printing.day)
        mark = imprinter(made.document)
    if news is None:
        remarks = tuple(remark_lines(made.remarks, handout, library.items))
    for form in wish.forms:
        target = _target(file, wish, folder, form)
        work = _Work(made, mark, theme, form)
        with _naming_logo(opened, wish.overrides, handout, theme):
            delivered = _delivered(opened, work, target, prints, force=wish.force)
        is_new = delivered.status in (Status.WRITTEN, Status.BESIDE)
        if is_new and form in CORRECTABLE:
            lines = printed_of(made.document, theme.name, wish.overrides)
            remember_lines(opened.workspace.private / PRINTED, file.stem, lines)
        if wish.usual and (is_new or before.content != printing.content):
            prints.remember_printing(handout.file, printing)
        yield Made(file.stem, form, delivered, len(made.keys), remarks, news)


def taken_over(opened: Opened, file: Path, seen: str) -> None:
    """Note that a document's corrections have all been taken over: `render` may put another there.

    `seen`: the digest of what was read. What somebody saved since then has not been taken over.
    """
    name = shown(opened.workspace, file.absolute())
    Prints.of(opened.workspace.private).taken_over(name, seen)


def _with_logo(
    opened: Opened, overrides: Mapping[str, Any], handout: Handout, theme: Theme
) -> Mapping[str, Any]:
    """Return the overrides, and a logo that is chosen with its whole path."""
    logo = choices_of(handout, theme, overrides).logo
    return {**overrides, "logo": str(opened.workspace.root / logo)} if logo else overrides


@contextmanager
def _naming_logo(
    opened: Opened, overrides: Mapping[str, Any], handout: Handout, theme: Theme
) -> Iterator[None]:
    """Say of a logo that cannot be used who named it, which is where it is to be mended."""
    try:
        yield
    except FileError as exc:
        from zotsync.handout.writers.logo import LogoError  # noqa: PLC0415 - loads python-docx

        if not isinstance(exc, LogoError):
            raise
        message = _("The logo {file} cannot be used: {reason}")
        message = message.format(file=shown(opened.workspace, Path(exc.path)), reason=exc.reason)
        place = _logo_named(opened, overrides, handout, theme)
        raise FileError(message, place=place, hint=exc.problem.hint) from exc


def _logo_named(
    opened: Opened, overrides: Mapping[str, Any], handout: Handout, theme: Theme
) -> Place:
    """Return where the logo was named: the command, the handout's file, the theme, zotsync.toml."""
    if "logo" in overrides:
        return Place(field="--logo")
    if "logo" in handout.choices:
        return handout.place("logo")
    if "logo" in theme.choices:
        source = definition(theme.folder)
        return Place(source.file, lines_of(source.text).get("choices.logo"), "choices.logo")
    file = opened.workspace.config_file
    with told(file):
        text = file.read_text("utf-8-sig")
    return Place(file.name, lines_of(text).get("centre.logo"), "centre.logo")


def _target(file: Path, wish: Wish, folder: Path, form: str) -> Path:
    """Return where a document goes."""
    if wish.to is not None:
        return wish.to if wish.to == STDOUT else folder / wish.to
    return file.with_name(f"{file.stem}{_NEWS if wish.since else ''}.{form}")


@dataclass(frozen=True)
class _Work:
    """A document to be written."""

    made: Composed
    mark: Callable[[Iterable[bytes]], str]
    """Its fingerprint, with what else it depends on."""
    theme: Theme
    form: str

    @property
    def imprint(self) -> str:
        theme = self.theme
        files: tuple[Path | str, ...] = (
            theme.base,
            theme.folder / DEFINITION,
            self.made.document.logo,
        )
        return self.mark((*map(_bytes, files), self.form.encode(), __version__.encode()))


def _delivered(
    opened: Opened, work: _Work, target: Path, prints: Prints, *, force: bool
) -> Delivered:
    """Write one document, and remember how it looks."""

    def data() -> bytes:
        return written(work.made, work.theme, work.form, opened.bars)

    if target == STDOUT:
        opened.bars.stop()
        sys.stdout.buffer.write(data())
        return Delivered(Status.WRITTEN, target, target, Record())
    name = shown(opened.workspace, target.absolute())
    delivered = Delivery(
        target=target,
        imprint=work.imprint,
        make=data,
        record=prints.record(name),
        replaced=opened.workspace.private / _REPLACED,
        force=force,
    ).carry_out()
    opened.bars.stop()
    prints.remember(name, delivered.record)
    return delivered


def _bytes(file: Path | str) -> bytes:
    """Return a file's bytes; none where it cannot be read, which the writer will tell."""
    try:
        return Path(file).read_bytes() if file else b""
    except OSError:
        return b""
