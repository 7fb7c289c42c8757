"""The folders and files of a new workspace, written so that a stop leaves a whole one or none."""

from __future__ import annotations

from zotsync.bibliography import files
from zotsync.bibliography.collections import amend_collections
from zotsync.config import Config, Workspace, make_private, new_config_text
from zotsync.errors import FileError, Place
from zotsync.i18n import _
from zotsync.reasons import reason_of


def make(workspace: Workspace, config: Config, group_name: str) -> None:
    """Write the folders and files of a new workspace. What is there already stays."""
    text = new_config_text(
        config.group,
        config.api_url,
        group_name=group_name,
        theme=config.theme,
        centre=config.centre,
    )
    try:
        for folder in (workspace.items, workspace.handouts):
            folder.mkdir(parents=True, exist_ok=True)
        if not workspace.collections.exists():
            files.write_new(workspace.collections, amend_collections("", {}, {}))
        make_private(workspace)
        files.write_new(
            workspace.config_file, text
        )  # last: a folder without it is no workspace yet
    except OSError as exc:
        message = _("This folder cannot be written: {reason}").format(reason=reason_of(exc))
        raise FileError(message, place=Place(str(exc.filename or workspace.root))) from exc
