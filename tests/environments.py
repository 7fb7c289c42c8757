"""Virtual environments for packages beside zotsync: made without a network, thrown away after."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]


class Environment:
    """A virtual environment with the packages of this one, borrowed, and zotsync as it is here."""

    def __init__(self, folder: Path, *, checkout: bool = True) -> None:
        """Make it; without `checkout` zotsync is still to be installed."""
        self.folder = folder
        self.outside = folder / "outside"
        venv.create(folder, with_pip=False)
        self.outside.mkdir()
        self._scheme = {"base": str(folder), "platbase": str(folder)}
        site = Path(sysconfig.get_path("purelib", "venv", vars=self._scheme))
        # A .pth within a borrowed folder is not read: the checkout is out of sight unless it is named.
        lines = [sysconfig.get_path("purelib"), *([str(CHECKOUT)] if checkout else [])]
        site.joinpath("borrowed.pth").write_text("\n".join(lines), encoding="utf-8")

    def install(self, *packages: Path) -> None:
        """Install wheels, and packages as they are in their folders (`pip install -e`)."""
        python = str(self.command("python"))
        pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
        offline = ["--disable-pip-version-check", "--no-index", "--no-deps", "--no-build-isolation"]
        words = [w for p in packages for w in ((["-e"] if p.is_dir() else []) + [str(p)])]
        self._ran([*pip, *offline, *words], self.outside)

    def command(self, name: str) -> Path:
        """Return the path of an installed command."""
        scripts = Path(sysconfig.get_path("scripts", "venv", vars=self._scheme))
        return scripts / (f"{name}.exe" if os.name == "nt" else name)

    def run(self, name: str, *words: object, where: Path | None = None) -> str:
        """Return what an installed command prints, away from the checkout."""
        return self._ran([str(self.command(name)), *map(str, words)], where or self.outside)

    def zotsync(self, *words: object) -> str:
        """Return what a zotsync command prints."""
        return self.run("python", "-m", "zotsync", *words)

    @staticmethod
    def _ran(command: list[str], where: Path) -> str:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        ran = subprocess.run(
            command,
            cwd=where,
            check=False,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            env={**kept, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout
