"""`zotsync themes`: the themes there are to choose from."""

from __future__ import annotations

from pathlib import Path

from zotsync.cli.group import command
from zotsync.cli.session import Session, pass_session
from zotsync.config import CONFIG_NAME, Workspace, find_workspace
from zotsync.handout.themes import list_themes
from zotsync.i18n import N_, _


@command("themes", N_("List the themes there are: zotsync's own, and those in templates/ here."))
@pass_session
def themes(session: Session) -> int:
    """List themes; outside a workspace, zotsync's own."""
    here = session.directory.absolute()
    inside = any((folder / CONFIG_NAME).is_file() for folder in (here, *here.parents))
    found = list_themes(own_themes(find_workspace(here)) if inside else None)
    output = session.output
    document = {
        "themes": [
            {
                "name": t.name,
                "title": t.title,
                "description": t.description,
                "folder": str(t.folder),
            }
            for t in found
        ]
    }
    headings = (_("Name"), _("Title"), _("Description"))
    rows = [(theme.name, theme.title, theme.description) for theme in found]
    output.emit(document, lambda: output.table(headings, rows))
    return 0


def own_themes(workspace: Workspace) -> Path:
    """Return where a workspace keeps themes of its own."""
    return workspace.root / "templates"
