"""The themes and checks that packages bring, as commands use them; what is wrong with one is told."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from zotsync.curating.finding import Check
from zotsync.errors import PluginError, Problem
from zotsync.handout.theming.themes import Packaged
from zotsync.i18n import _
from zotsync.plugins.plugin import OWN, Plugin
from zotsync.plugins.registry import installed

Tell = Callable[[Problem], object]


def packaged_themes(tell: Tell, *, listing: bool = False) -> list[Packaged]:
    """Return the themes of packages, those of others before zotsync's own.

    One that cannot be used is told, and the next of its name taken. Where there is no other it raises
    PluginError, unless a list is wanted of which it is merely left out.
    """
    plugins = installed("theme", tell)
    own = {plugin.name for plugin in plugins if plugin.package == OWN}
    return [
        Packaged(one.name, one.package, partial(_folder, one, tell, listing or one.name in own))
        for one in plugins
    ]


def packaged_checks(tell: Tell, blame: Callable[[PluginError], object]) -> tuple[Check, ...]:
    """Return the checks there are, zotsync's own first. `blame` is told of what fails, now or at work."""
    found: dict[str, Check] = {}
    packages: dict[str, str] = {}
    for plugin in sorted(installed("check", tell), key=lambda one: one.package != OWN):
        try:
            checks = plugin.checks(blame)
        except PluginError as exc:
            if plugin.package == OWN:
                raise
            blame(exc)
            continue
        for check in checks:
            if check.code in found:
                message = _("{package} has a check named {name} too. The one of {used} is used.")
                used = packages[check.code]
                tell(Problem(message.format(package=plugin.package, name=check.code, used=used)))
            packages.setdefault(check.code, plugin.package)
            found.setdefault(check.code, check)
    return tuple(found.values())


def _folder(plugin: Plugin, tell: Tell, may_lack: bool) -> Path | None:  # noqa: FBT001
    try:
        return plugin.theme()
    except PluginError as exc:
        if not may_lack or plugin.package == OWN:
            raise
        tell(exc.problem)
        return None
