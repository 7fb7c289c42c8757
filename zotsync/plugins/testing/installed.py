"""Whether a plugin is where zotsync finds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zotsync.plugins.registry import installed
from zotsync.plugins.testing.watched import ContractError


def find_plugin(kind: str, name: str) -> Any:
    """Return what the entry point `name` brings, as zotsync loads it.

    `kind` is "exporter", "importer", "theme" (the folder is returned) or "check" (a tuple). ContractError
    where there is none of that name, or another package's goes before it.
    """
    found = [plugin for plugin in installed(kind) if plugin.name == name]
    if not found:
        raise ContractError(
            f"zotsync finds no {kind} named {name}: install the package (pip install -e .), and see that "
            f'pyproject.toml has [project.entry-points."zotsync.{kind}s"]'
        )
    if len({plugin.package for plugin in found}) > 1 and kind != "theme":
        packages = ", ".join(plugin.package for plugin in found)
        raise ContractError(f"several packages have a {kind} named {name}: {packages}")
    plugin = found[0]
    blamed: list[Exception] = []
    loads: dict[str, Callable[[], Any]] = {
        "exporter": plugin.exporter,
        "importer": plugin.importer,
        "theme": plugin.theme,
        "check": lambda: plugin.checks(blamed.append),
    }
    return loads[kind]()
