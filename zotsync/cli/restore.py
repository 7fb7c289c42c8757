"""`zotsync restore`: bring an item back."""

from __future__ import annotations

from zotsync.cli.group import argument, command
from zotsync.cli.opening import open_workspace
from zotsync.cli.session import Session, pass_session
from zotsync.i18n import N_, _


@command("restore", N_("Bring ITEM (a file, its stem or a key) back from the trash."))
@argument("item", metavar=N_("ITEM"))
@pass_session
def restore(session: Session, item: str) -> int:
    """Bring an item back; the next sync tells Zotero."""
    with open_workspace(session, online=False, command="restore") as opened:
        restored = opened.engine.restore(opened.engine.find(item, removed=True))
    output = session.output
    document = {"file": str(restored.file), "what": restored.what}
    output.emit(document, lambda: output.line(str(restored.file)))
    output.say(_("It is back. To have it so in Zotero too: zotsync sync"))
    return 0
