"""Packages with plugins, good and bad, installed for real in a folder on the path."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import invalidate_caches
from pathlib import Path

import pytest

Install = Callable[..., None]
GOOD = """
from zotsync.plugins import Exporter
X = Exporter("Ein Format", "x", lambda export: b"x")
"""


def installer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return a function that installs a package: its name, the code of its module, kind and entry points."""
    folder.mkdir(
        parents=True, exist_ok=True
    )  # else what is looked up first takes it for none for good
    monkeypatch.syspath_prepend(str(folder))

    def install(package: str, code: str, kind: str = "exporter", **points: str) -> None:
        module = package.replace("-", "_")
        info = folder / f"{module}-1.2.dist-info"
        info.mkdir(parents=True)
        (folder / f"{module}.py").write_text(code, encoding="utf-8")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.2\n")
        lines = [f"{name} = {value}" for name, value in points.items()]
        text = "\n".join([f"[zotsync.{kind}s]", *lines, ""])
        (info / "entry_points.txt").write_text(text, encoding="utf-8")
        monkeypatch.delitem(sys.modules, module, raising=False)
        invalidate_caches()

    return install
