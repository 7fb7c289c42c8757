"""Where the files of a workspace are, and how a workspace is found."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from zotsync.errors import ConfigError, FileError, Place
from zotsync.i18n import _
from zotsync.reasons import reason_of

CONFIG_NAME = "zotsync.toml"

_README = """\
Ne supprimez pas ce dossier.
zotsync y garde ce que les fichiers et Zotero avaient en commun lors de la dernière
synchronisation, le journal de ce qu'il a remplacé et la corbeille (trash). Sans lui, rien de ce
que vous avez écrit n'est perdu, mais zotsync ne sait plus qui a changé quoi.
Ne le copiez pas d'un ordinateur à l'autre et ne le mettez pas sous git.

Do not delete this folder.
zotsync keeps here what the files and Zotero had in common at the last sync, the journal of what
it replaced, and the trash. Without it nothing that you wrote is lost, but zotsync no longer knows
who changed what. Do not copy it between computers, and do not put it under git.
"""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with a bibliography, its handouts and zotsync's own state."""

    root: Path

    @property
    def config_file(self) -> Path:
        """Return the configuration's path."""
        return self.root / CONFIG_NAME

    @property
    def items(self) -> Path:
        """Return the folder of the item files."""
        return self.root / "bibliography" / "items"

    @property
    def collections(self) -> Path:
        """Return the path of the file with the collection tree."""
        return self.root / "bibliography" / "collections.toml"

    @property
    def handouts(self) -> Path:
        """Return the folder of the handout files."""
        return self.root / "handouts"

    @property
    def private(self) -> Path:
        """Return the folder that is zotsync's own."""
        return self.root / ".zotsync"

    @property
    def state(self) -> Path:
        """Return the path of the database with base, mirror and journal."""
        return self.private / "state.db"

    @property
    def trash(self) -> Path:
        """Return the folder to which removed item files go."""
        return self.private / "trash"

    @property
    def lock(self) -> Path:
        """Return the path of the lock that a run holds."""
        return self.private / "lock"

    @property
    def sandbox(self) -> Path:
        """Return the path of the embedded Zotero server's data."""
        return self.private / "sandbox.db"


def is_inside(start: Path) -> bool:
    """Return whether a folder is in a workspace."""
    here = start.absolute()
    return any((folder / CONFIG_NAME).is_file() for folder in (here, *here.parents))


def find_workspace(start: Path) -> Workspace:
    """Return the workspace that `start` (a folder) is in: there or above stands a zotsync.toml."""
    way_out = _("Go to the workspace's folder, name it with -C, or make one: zotsync init")
    try:
        folder = start.resolve(strict=True)
        for root in (folder, *folder.parents):
            if (root / CONFIG_NAME).is_file():
                return Workspace(root)
    except FileNotFoundError as exc:
        message = _("There is no such folder.")
        raise ConfigError(message, place=Place(str(start)), hint=way_out) from exc
    except OSError as exc:
        message = _("This folder cannot be read: {reason}").format(reason=reason_of(exc))
        raise ConfigError(message, place=Place(str(start))) from exc
    raise ConfigError(
        _("There is no {name} here or in a folder above.").format(name=CONFIG_NAME),
        place=Place(str(start.absolute())),
        hint=way_out,
    )


def make_private_folder(folder: Path) -> None:
    """Make a folder that is nobody else's; one that is there stays as it is.

    Windows is left to inherit: from Python 3.12.4 on it would shut out whoever shares the workspace there.
    """
    folder.mkdir(mode=0o700 if os.name == "posix" else 0o777, parents=True, exist_ok=True)


def make_private(workspace: Workspace) -> None:
    """Make `.zotsync/` and its trash, with a README that says what it is, and out of git's sight."""
    try:
        make_private_folder(workspace.private)
        workspace.trash.mkdir(exist_ok=True)
        for name, text in (("README", _README), (".gitignore", "*\n")):
            file = workspace.private / name
            if not file.exists():
                file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as exc:
        message = _("This folder cannot be written: {reason}").format(reason=reason_of(exc))
        raise FileError(message, place=Place(str(workspace.private))) from exc
