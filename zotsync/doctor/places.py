"""What is special about a folder: other programs that copy it, a workspace around it, git, what it holds."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from zotsync.workspace import CONFIG_NAME, Workspace

_CLOUDS: Mapping[str, str] = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "mon drive": "Google Drive",
    "icloud drive": "iCloud",
    "iclouddrive": "iCloud",
    "mobile documents": "iCloud",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "kdrive": "kDrive",
    "pclouddrive": "pCloud",
    "pcloud drive": "pCloud",
    "box sync": "Box",
    "megasync": "MEGA",
    "hubic": "hubiC",
    "seafile": "Seafile",
    "cozy drive": "Cozy Drive",
}
"""Name of a folder in small letters -> the service that keeps it the same elsewhere."""
_MORE = re.compile(
    r"(onedrive|dropbox|googledrive|nextcloud|kdrive|box)(?: ?[-(].*)", re.IGNORECASE
)
"""`OneDrive - Lycée`, `Dropbox (Team)`, and what macOS keeps in Library/CloudStorage."""
_MORE_NAMES = {**_CLOUDS, "box": "Box"}
_MARKS: Mapping[str, str] = {
    ".dropbox.cache": "Dropbox",
    ".stfolder": "Syncthing",
    ".owncloudsync.log": "ownCloud",
    ".nextcloudsync.log": "Nextcloud",
    ".seafile-data": "Seafile",
}
"""What such programs leave at the top of the folders they copy."""
_ONEDRIVE = ("ONEDRIVE", "ONEDRIVECOMMERCIAL", "ONEDRIVECONSUMER")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is to be known of a folder before a workspace is made in it, and later."""

    folder: Path
    cloud: str = ""
    """The service that copies the folder to other computers; "": none that is known."""
    inside: Path | None = None
    """The workspace around it."""
    repository: Path | None = None
    """The git repository it is in."""
    is_file: bool = False
    is_home: bool = False
    """It is the home folder, or the top of a disk."""
    names: tuple[str, ...] = ()
    """What stands in it, hidden things aside."""
    has_items: bool = False
    """There are item files in it, as a workspace has them."""


def look_around(folder: Path, environ: Mapping[str, str]) -> Surroundings:
    """Return what is special about a folder, which need not be there yet."""
    whole = Path(os.path.abspath(folder))  # noqa: PTH100 - symbolic links stay: clouds go by names
    above = (whole, *whole.parents)
    return Surroundings(
        whole,
        cloud=cloud_of(whole, environ),
        inside=next((f for f in above[1:] if (f / CONFIG_NAME).is_file()), None),
        repository=next((f for f in above if (f / ".git").exists()), None),
        is_file=whole.exists() and not whole.is_dir(),
        is_home=whole == whole.parent or whole == _home(),
        names=tuple(sorted(_names(whole))),
        has_items=any(Workspace(whole).items.rglob("*.toml")),
    )


def cloud_of(folder: Path, environ: Mapping[str, str]) -> str:
    """Return the name of the service that keeps a folder the same on other computers; "" if none."""
    for name, value in environ.items():
        if name.upper() in _ONEDRIVE and value and folder.is_relative_to(Path(value)):
            return "OneDrive"
    for part in folder.parts:
        if found := _CLOUDS.get(part.casefold()):
            return found
        if matched := _MORE.fullmatch(part):
            return _MORE_NAMES[matched[1].casefold()]
    for above in (folder, *folder.parents):
        for mark, service in _MARKS.items():
            if (above / mark).exists():
                return service
    return ""


def proposed_folder(here: Path, environ: Mapping[str, str], name: str) -> Path:
    """Return where a workspace is best made: here if it is empty or holds items, else in a folder `name`.

    Never below what is copied elsewhere, in a workspace, or where nothing may be written.
    """
    around = look_around(here, environ)
    if around.cloud or around.inside or (here.exists() and not os.access(here, os.W_OK)):
        return _home() / name
    empty = not around.names and not around.is_home
    return around.folder if empty or around.has_items else around.folder / name


def _home() -> Path:
    return Path(os.path.expanduser("~"))  # noqa: PTH111 - where there is none, it stays as it is


def _names(folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            yield from (entry.name for entry in entries if not entry.name.startswith("."))
    except OSError:  # it is not there yet, or may not be read: told by whoever writes to it
        return
