"""How JSON documents name files: from the workspace's folder, with `/`; those outside of it whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zotsync.workspace import CONFIG_NAME

_ONE = frozenset({"file", "kept"})
_SEVERAL = frozenset({"files"})


def named_from(document: dict[str, Any], directory: Path) -> dict[str, Any]:
    """Return a document whose files are named from the folder of the workspace around `directory`."""
    here = directory.absolute()
    for start in (here, here.resolve()):  # files are named by the one or the other
        root = next((f for f in (start, *start.parents) if (f / CONFIG_NAME).is_file()), None)
        if root is not None:
            document = _named(document, root)
    return document


def _named(value: Any, root: Path) -> Any:
    if isinstance(value, dict):
        return {name: _member(name, one, root) for name, one in value.items()}
    return [_named(one, root) for one in value] if isinstance(value, list | tuple) else value


def _member(name: str, value: Any, root: Path) -> Any:
    if name in _ONE and isinstance(value, str):
        return _from(value, root)
    if name in _SEVERAL and isinstance(value, list):
        return [_from(one, root) for one in value]
    return _named(value, root)


def _from(file: str, root: Path) -> str:
    path = Path(file)
    inside = path.is_absolute() and path.is_relative_to(root)
    return path.relative_to(root).as_posix() if inside else file
