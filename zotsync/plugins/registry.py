"""The plugins that are installed: found by their entry points, loaded when they are wanted.

Whatever goes wrong in a plugin that is not zotsync's own is told as a PluginError, with its package.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from zotsync.errors import PluginError, UsageError
from zotsync.i18n import N_, _
from zotsync.plugins.contract import Export, Exporter
from zotsync.plugins.incoming import Importer, Reference, Source, Unread, UnreadableError

OWN = "zotsync"
"""The package whose plugins are built in."""
GROUPS = {"exporter": "zotsync.exporters", "importer": "zotsync.importers"}
"""Kind of plugin -> the group of its entry points."""
_FAILED = N_("The {kind} {name} of {package} cannot be used: {reason}")
KINDS = {"exporter": N_("export format"), "importer": N_("import format")}
"""Kind of plugin -> what people call it."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin that a package names."""

    kind: str
    name: str
    package: str
    version: str
    point: Any = field(repr=False)
    """Its importlib.metadata.EntryPoint."""

    def exporter(self) -> Exporter:
        """Return what it brings. Raises PluginError where it cannot be loaded, or is none."""
        with self.blamed():
            found = self.point.load()
        if not isinstance(found, Exporter):
            raise self.failure(_("{value} is no Exporter").format(value=self.point.value))
        texts = (found.title, found.ending)
        if not all(isinstance(text, str) and text for text in texts) or not callable(found.write):
            raise self.failure(_("its title, ending or write is missing"))
        return found

    def export(self, export: Export) -> bytes:
        """Return what the exporter makes of `export`. Raises PluginError where it fails."""
        exporter = self.exporter()
        with self.blamed():
            written = exporter.write(export)
        if not isinstance(written, bytes):
            raise self.failure(_("it gave no bytes"))
        return written

    def importer(self) -> Importer:
        """Return the importer it brings. Raises PluginError where it cannot be loaded, or is none."""
        with self.blamed():
            found = self.point.load()
        if not isinstance(found, Importer):
            raise self.failure(_("{value} is no Importer").format(value=self.point.value))
        endings = found.endings
        named = isinstance(endings, tuple) and all(isinstance(e, str) and e for e in endings)
        if not (isinstance(found.title, str) and found.title and endings and named):
            raise self.failure(_("its title, endings or read is missing"))
        return found

    def recognises(self, head: bytes) -> bool:
        """Return whether the beginning of a file looks like this format."""
        importer = self.importer()
        with self.blamed():
            return bool(importer.recognises(head))

    def references(self, source: Source) -> list[Reference | Unread]:
        """Return what the importer reads. Raises PluginError where it fails, UnreadableError of a file."""
        importer = self.importer()
        try:
            with self.blamed():
                read = list(importer.read(source))
        except PluginError as exc:
            if isinstance(exc.__cause__, UnreadableError):
                raise exc.__cause__ from None
            raise
        if not all(isinstance(one, (Reference, Unread)) for one in read):
            raise self.failure(_("it gave something that is no Reference"))
        return read

    @contextmanager
    def blamed(self) -> Iterator[None]:
        """Tell whatever another package's code raises as a PluginError; zotsync's own faults are bugs."""
        try:
            yield
        except (Exception, SystemExit) as exc:
            if self.package == OWN:
                raise
            reason = " ".join(f"{type(exc).__name__}: {exc}".split())
            raise self.failure(reason) from exc

    def failure(self, reason: str) -> PluginError:
        """Return the error that names this plugin, its package and what is wrong."""
        package = f"{self.package} {self.version}".strip()
        message = _(_FAILED).format(
            kind=_(KINDS[self.kind]), name=self.name, package=package, reason=reason
        )
        hint = _("Update {package}, or remove it.").format(package=self.package)
        return PluginError(message, hint=hint if self.package != OWN else "")


def installed(kind: str) -> list[Plugin]:
    """Return all plugins of a kind, by name; nothing is loaded.

    Of several with one name zotsync's own comes first, then the package first in the alphabet.
    """
    from importlib.metadata import entry_points  # noqa: PLC0415 - `--help` does without

    found = {}
    for point in entry_points(group=GROUPS[kind]):
        package = point.dist.name if point.dist else ""
        version = point.dist.version if point.dist else ""
        found[point.name, package, point.value] = Plugin(kind, point.name, package, version, point)
    return sorted(found.values(), key=lambda p: (p.name, p.package != OWN, p.package))


def named(kind: str, name: str) -> Plugin:
    """Return the plugin of that name. Raises UsageError with the known ones where there is none."""
    plugins = installed(kind)
    for plugin in plugins:
        if plugin.name == name:
            return plugin
    raise unknown(name, [plugin.name for plugin in plugins])


def unknown(name: str, known: Sequence[str]) -> UsageError:
    """Return the error for a format that is not known, with the names that are."""
    close = get_close_matches(name, known, n=1)
    hint = _("Did you mean {name}?").format(name=close[0]) + " " if close else ""
    names = ", ".join(dict.fromkeys(known))
    return UsageError(
        _("There is no format named {name}.").format(name=name),
        hint=hint + _("Known are: {names}.").format(names=names),
    )
