"""How packages are installed and removed in the environment that zotsync runs in: pipx, uv or pip."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


def installing(what: str) -> str:
    """Return the command that installs something: `-e .`, or a package."""
    return _pip()(f"install {what}")


def upgrading(package: str) -> str:
    """Return the command that takes the newest version of a package; "" for what is no name of one."""
    return _pip()(f"install --upgrade {package}") if _NAME.fullmatch(package) else ""


def removing(package: str) -> str:
    """Return the command that removes a package; "" for what is no name of one."""
    return _pip()(f"uninstall {package}") if _NAME.fullmatch(package) else ""


def _pip() -> Callable[[str], str]:
    """Return what makes a command of the words behind `pip`, for this environment and no other."""
    prefix, python = Path(sys.prefix), _quoted(sys.executable)
    if (prefix / "pipx_metadata.json").is_file():
        return lambda words: f"pipx runpip {_quoted(prefix.name)} {words}"
    if (prefix / "uv-receipt.toml").is_file() or find_spec("pip") is None:
        return lambda words: f"uv pip {words.replace(' ', f' --python {python} ', 1)}"
    return lambda words: f"{python} -m pip {words}"


def _quoted(path: str) -> str:
    return f'"{path}"' if re.search(r"[^\w./\\:+-]", path) else path
