"""A plugin that is installed: loaded when it is wanted, put to work, and told of where it fails.

zotsync's own are called as any function is. Other packages' are called apart: what they raise, print, or
never come back from is told with the package, as a PluginError or a note, and stops nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from zotsync.bibliography.slugs import is_file_name
from zotsync.curating.finding import Check
from zotsync.errors import PluginError, Problem, UsageError
from zotsync.i18n import N_, _
from zotsync.plugins.apart import Apart, HangingError, RaisedError
from zotsync.plugins.contract import Export, Exporter, takes_all
from zotsync.plugins.environment import removing, upgrading
from zotsync.plugins.guarded import Guarded, OwnFacts, odd_check
from zotsync.plugins.incoming import (
    Beside,
    Importer,
    Reference,
    Source,
    Unread,
    UnreadableError,
)
from zotsync.plugins.shapes import fitted

T = TypeVar("T")
Read = Reference | Unread | Beside
OWN = "zotsync"
"""The package whose plugins are built in."""
KINDS = {
    "exporter": N_("export format"),
    "importer": N_("import format"),
    "theme": N_("theme"),
    "check": N_("check"),
}
"""Kind of plugin -> what people call it."""
THEME_FILES = ("theme.toml", "base.docx")
_FAILED = N_("The {kind} {name} of {package} cannot be used: {reason}")
_LIMIT = "ZOTSYNC_PLUGIN_SECONDS"
_SHORT, _LONG, _PATIENCE = 20.0, 600.0, 10.0
"""Seconds that loading, or one item, may take; that a whole file may take; after which it is told."""
_DAY = 86_400.0
_MOST = 500_000
"""References after which nobody believes that there is an end."""
_REASON = 300
"""Letters of a reason that are told."""


@dataclass(frozen=True)
class Plugin:
    """A plugin that a package names."""

    kind: str
    name: str
    package: str
    version: str
    point: Any = field(repr=False)
    """Its importlib.metadata.EntryPoint."""
    tell: Callable[[Problem], object] = field(default=lambda _problem: None, repr=False)
    """Is told what is worth knowing and stops nothing: that it prints, or takes long."""
    apart: Apart = field(default_factory=Apart, repr=False, compare=False)
    _printed: list[str] = field(default_factory=list, repr=False, compare=False)
    """What it has printed first: the rest is not told."""

    def exporter(self) -> Exporter:
        """Return what it brings. Raises PluginError where it cannot be loaded, or is none."""
        found = self._loaded()
        if not isinstance(found, Exporter):
            raise self.failure(_("{value} is no Exporter").format(value=self.point.value))
        texts = (found.title, found.ending)
        if not all(isinstance(text, str) and text for text in texts) or not callable(found.write):
            raise self.failure(_("its title, ending or write is missing"))
        return found

    def export(self, export: Export) -> bytes:
        """Return what the exporter makes of `export`. Raises PluginError where it fails."""
        exporter, given = self.exporter(), self._for_it(export)
        written = self.call(lambda: exporter.write(given), seconds=_LONG)
        if not isinstance(written, bytes):
            raise self.failure(_("it gave no bytes"))
        return written

    def takes(self, export: Export) -> int:
        """Return how many references have a place in the format. Raises PluginError where it fails."""
        takes = self.exporter().takes
        if takes is takes_all:
            return len(export.entries)
        given = self._for_it(export)
        return self.call(lambda: sum(bool(takes(given, f)) for f in list(given.entries.values())))

    def _for_it(self, given: T) -> T:
        """Return what it is given: to other packages a copy, so that nobody else sees what they do to it."""
        return given if self._is_own else deepcopy(given)

    def importer(self) -> Importer:
        """Return the importer it brings. Raises PluginError where it cannot be loaded, or is none."""
        found = self._loaded()
        if not isinstance(found, Importer):
            raise self.failure(_("{value} is no Importer").format(value=self.point.value))
        endings = found.endings
        named = isinstance(endings, tuple) and all(isinstance(e, str) and e for e in endings)
        titled = isinstance(found.title, str) and found.title
        if not (titled and endings and named and callable(found.read)):
            raise self.failure(_("its title, endings or read is missing"))
        return found

    def recognises(self, head: bytes) -> bool:
        """Return whether the beginning of a file looks like this format."""
        importer = self.importer()
        return self.call(lambda: bool(importer.recognises(head)))

    def references(self, source: Source) -> list[Read]:
        """Return what the importer reads. Raises PluginError where it fails, UnreadableError of a file.

        What no item can be made of is Unread, also where the importer thinks otherwise.
        """
        importer, given = self.importer(), self._for_it(source)

        def read() -> list[Read]:
            return list(islice(importer.read(given), _MOST + 1))

        found = self.call(read, seconds=_LONG, passing=UnreadableError)
        if len(found) > _MOST:
            raise self.failure(_("it gives more and more, without an end"))
        if not all(isinstance(one, (Reference, Unread, Beside)) for one in found):
            raise self.failure(_("it gave something that is no Reference"))
        return found if self._is_own else [self._fitted(one, source) for one in found]

    def theme(self) -> Path:
        """Return the folder of the theme it brings. Raises PluginError where there is none."""
        function = self._loaded()
        if not callable(function):
            raise self.failure(_("{value} is no function").format(value=self.point.value))
        folder = self.call(function)
        if not isinstance(folder, Path) or not is_file_name(self.name):
            raise self.failure(_("it gave no folder"))
        for name in THEME_FILES:
            if not os.path.isfile(folder / self.name / name):  # noqa: PTH113 - it never raises
                missing = _("The file {file} is missing.").format(file=folder / self.name / name)
                raise self.failure(missing)
        return folder / self.name

    def checks(self, blame: Callable[[PluginError], object]) -> tuple[Check, ...]:
        """Return the checks it brings. Raises PluginError where they cannot be loaded, or are none.

        One that fails at work finds nothing more; `blame` is told once.
        """
        found = self._loaded()
        several = tuple(found) if isinstance(found, (tuple, list)) else (found,)
        if self._is_own:
            return several
        for one in several:
            if reason := odd_check(one):
                raise self.failure(reason)
        codes = [one.code for one in several]
        if not codes or len(set(codes)) < len(codes):
            raise self.failure(_("it has no checks, or two of one name"))
        facts = OwnFacts()
        return tuple(replace(one, find=Guarded(self, one, facts, blame)) for one in several)

    def call(
        self,
        function: Callable[[], T],
        *,
        seconds: float = _SHORT,
        passing: type[Exception] | tuple[()] = (),
        apart: Apart | None = None,
    ) -> T:
        """Return what a function of the plugin gives; PluginError where it gives nothing.

        Args:
            function: what to call.
            seconds: how long it may take.
            passing: what it may raise; it is raised here as well.
            apart: where it is called.

        """
        if self._is_own:
            return function()
        apart, seconds = apart or self.apart, _limit(seconds)
        patience = min(_PATIENCE, seconds / 2)
        try:
            return apart.call(function, seconds, patience=patience, late=self._late)
        except HangingError as exc:
            reason = _("it has not come to an end after {n} seconds").format(n=f"{seconds:g}")
            hint = _("Where it needs more time: {setting}").format(setting=f"{_LIMIT}=3600")
            raise self.failure(reason, hint) from exc
        except RaisedError as exc:
            if isinstance(exc.error, passing):
                raise exc.error from None
            raise self.failure(_reason(exc.error)) from exc.error
        finally:
            self._tell_said(apart.said())

    def failure(self, reason: str, hint: str = "") -> PluginError:
        """Return the error that names this plugin, its package and what is wrong."""
        message = _(_FAILED).format(
            kind=_(KINDS[self.kind]), name=self.name, package=self.whole_package, reason=reason
        )
        return PluginError(message, hint="" if self._is_own else f"{self._way_out} {hint}".strip())

    @property
    def _way_out(self) -> str:
        update, remove = upgrading(self.package), removing(self.package)
        if not (update and remove):
            return _("Update {package}, or remove it.").format(package=self.package)
        text = _("Update {package}: {update} – or remove it: {remove}")
        return text.format(package=self.package, update=update, remove=remove)

    @property
    def whole_package(self) -> str:
        """Return the package and its version."""
        return f"{self.package} {self.version}".strip()

    @property
    def _is_own(self) -> bool:
        return self.package == OWN

    def _loaded(self) -> Any:
        return self.call(self.point.load)

    def _fitted(self, one: Read, source: Source) -> Read:
        """Return what was read as zotsync can go on with it."""
        if isinstance(one, Beside):
            return Beside(str(one.text))
        if isinstance(one, Unread):
            return Unread(str(one.place), str(one.reason))
        found = fitted(one, source.schema)
        if isinstance(found, Reference):
            return found
        return Unread(str(one.place), self.failure(found).problem.message)

    def _late(self) -> None:
        message = _("The {kind} {name} of {package} is still at work.").format(
            kind=_(KINDS[self.kind]), name=self.name, package=self.whole_package
        )
        self.tell(Problem(message, hint=_("Ctrl-C stops it; nothing is lost by that.")))

    def _tell_said(self, text: str) -> None:
        words = " ".join(text.split())
        if words and not self._printed:
            self._printed.append(words)
            message = _("The {kind} {name} of {package} prints: {text}").format(
                kind=_(KINDS[self.kind]),
                name=self.name,
                package=self.whole_package,
                text=_short(words),
            )
            self.tell(Problem(message))


def in_turn(plugins: Iterable[Plugin]) -> Iterator[tuple[Plugin, Plugin | None]]:
    """Yield each plugin, and the one of its name that goes before it."""
    first: dict[str, Plugin] = {}
    for plugin in plugins:
        used = first.setdefault(plugin.name, plugin)
        yield plugin, None if used is plugin else used


def _limit(seconds: float) -> float:
    """Return how many seconds there are: those of the environment, where it says any."""
    said = os.environ.get(_LIMIT, "")
    try:
        wanted = float(said or seconds)
    except ValueError:
        wanted = 0
    if not 0 < wanted <= _DAY:
        raise UsageError(_("{name} is no number of seconds.").format(name=f"{_LIMIT}={said}"))
    return wanted


def _reason(error: BaseException) -> str:
    try:
        text = f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001 - other people's code, still
        text = type(error).__name__
    return _short(" ".join(text.split()).removesuffix(": "))


def _short(text: str) -> str:
    return text if len(text) <= _REASON else f"{text[: _REASON - 1]}…"
