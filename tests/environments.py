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
    """A virtual environment with zotsync as it is here, and all that this one has, borrowed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        venv.create(folder, with_pip=False)
        self._scheme = {"base": str(folder), "platbase": str(folder)}
        site = Path(sysconfig.get_path("purelib", "venv", vars=self._scheme))
        # A .pth within a borrowed folder is not read, so the checkout is named too.
        lines = (sysconfig.get_path("purelib"), str(CHECKOUT))
        site.joinpath("borrowed.pth").write_text("\n".join(lines), encoding="utf-8")

    def install(self, *packages: Path) -> None:
        """Install packages as they are in their folders: `pip install -e`."""
        pip = [sys.executable, "-m", "pip", "--python", str(self._command("python")), "install"]
        quiet = ["--quiet", "--disable-pip-version-check"]
        offline = ["--no-index", "--no-deps", "--no-build-isolation"]
        folders = [word for package in packages for word in ("-e", str(package))]
        self._ran([*pip, *quiet, *offline, *folders], self.folder)

    def zotsync(self, *words: object, where: Path | None = None) -> str:
        """Return what a zotsync command prints."""
        return self.python("-m", "zotsync", *words, where=where)

    def python(self, *words: object, where: Path | None = None) -> str:
        """Return what Python prints."""
        command = [str(self._command("python")), *map(str, words)]
        return self._ran(command, where or self.folder)

    def _command(self, name: str) -> Path:
        scripts = Path(sysconfig.get_path("scripts", "venv", vars=self._scheme))
        return scripts / (f"{name}.exe" if os.name == "nt" else name)

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
