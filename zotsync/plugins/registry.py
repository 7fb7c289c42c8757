"""The plugins that are installed, found by their entry points. Nothing is loaded here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from importlib.metadata import Distribution, EntryPoint, distributions

from zotsync.errors import Problem, UsageError
from zotsync.i18n import _
from zotsync.plugins.plugin import KINDS, OWN, Plugin

GROUPS = {kind: f"zotsync.{kind}s" for kind in KINDS}
"""Kind of plugin -> the group of its entry points."""
LAST = frozenset({"theme"})
"""The kinds of which another package's plugin goes before zotsync's own of that name."""
Tell = Callable[[Problem], object]


def installed(kind: str, tell: Tell = lambda _problem: None) -> list[Plugin]:
    """Return all plugins of a kind, by name; nothing is loaded.

    Of several with one name zotsync's own comes first (of themes: last), then the package first in the
    alphabet. `tell` is told of what cannot be read, and later of what a plugin prints.
    """
    found = {}
    for package, version, point in _points(tell):
        if point.group == GROUPS[kind]:
            plugin = Plugin(kind, point.name, package, version, point, tell)
            found[point.name, package, point.value] = plugin
    own_is_last = kind in LAST
    return sorted(
        found.values(), key=lambda p: (p.name, (p.package != OWN) ^ own_is_last, p.package)
    )


def named(kind: str, name: str, tell: Tell = lambda _problem: None) -> Plugin:
    """Return the plugin of that name. Raises UsageError with the known ones where there is none."""
    plugins = installed(kind, tell)
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


def _points(tell: Tell) -> Iterator[tuple[str, str, EntryPoint]]:
    """Yield package, version and entry point of all plugins; of a package found twice the first."""
    seen = set()
    for distribution in distributions():
        try:
            named_so, version, points = _read(distribution)
        except Exception as exc:  # noqa: BLE001 - importlib.metadata raises anything over damaged files
            tell(_damaged(distribution, exc))
            continue
        if points and named_so.casefold() not in seen:
            seen.add(named_so.casefold())
            yield from ((named_so, version, point) for point in points)


def _read(distribution: Distribution) -> tuple[str, str, Sequence[EntryPoint]]:
    """Return name, version and entry points of a package that has something for zotsync."""
    text = distribution.read_text("entry_points.txt") or ""
    if "[zotsync." not in text:  # the names of a hundred others need not be read
        return "", "", ()
    points = [p for p in distribution.entry_points if p.group in GROUPS.values()]
    return str(distribution.name), str(distribution.version), points


def _damaged(distribution: Distribution, exc: Exception) -> Problem:
    where = getattr(distribution, "_path", distribution)
    message = _("What {package} says of its plugins cannot be read: {reason}")
    reason = " ".join(f"{type(exc).__name__}: {exc}".split())
    return Problem(
        message.format(package=where, reason=reason), hint=_("Install it again, or remove it.")
    )
