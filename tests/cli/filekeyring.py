"""A keyring in a file, for commands that run in a process of their own. Only in tests."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend


class FileKeyring(KeyringBackend):
    """Keeps passwords in the file that the environment names."""

    priority = 1

    @property
    def _file(self) -> Path:
        return Path(os.environ["TESTS_KEYRING"])

    def _kept(self) -> dict[str, str]:
        kept: dict[str, str] = json.loads(self._file.read_text("utf-8") or "{}")
        return kept

    def get_password(self, service: str, username: str) -> str | None:
        return self._kept().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        kept = {**self._kept(), f"{service} {username}": password}
        self._file.write_text(json.dumps(kept), encoding="utf-8")

    def delete_password(self, service: str, username: str) -> None:
        kept = self._kept()
        del kept[f"{service} {username}"]
        self._file.write_text(json.dumps(kept), encoding="utf-8")


def use_file_keyring(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """Give commands that are started a keyring in a file of this folder; return the file."""
    file = folder / "keys.json"
    file.touch()
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "cli.filekeyring.FileKeyring")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    monkeypatch.setenv("TESTS_KEYRING", str(file))
    return file
