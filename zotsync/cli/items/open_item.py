"""`zotsync open`: an item in the Zotero client, in the browser, or its file in the editor."""

from __future__ import annotations

from dataclasses import dataclass

import click

from zotsync.cli.frame.completing import items
from zotsync.cli.frame.group import argument, command, option
from zotsync.cli.frame.launching import launch_address
from zotsync.cli.frame.opening import Opened, open_workspace
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.items.edit_item import edit_file
from zotsync.cli.items.meant import item_meant
from zotsync.config import DEFAULT_API_URL
from zotsync.errors import NotThereError, ZotsyncError
from zotsync.handout.links import doi_url, target, unwrap
from zotsync.i18n import N_, _
from zotsync.model import Fields
from zotsync.sync.remembering.objects import Objects
from zotsync.sync.trees import Kind, Remote

ZOTERO, BROWSER, PAGE, EDITOR = "zotero", "browser", "zotero.org", "editor"


@dataclass(frozen=True)
class Ways:
    """The addresses of an item; "" for one that it does not have."""

    zotero: str
    browser: str
    page: str


@command(
    "open",
    N_(
        "Open ITEM in Zotero; where that is not installed, or the item not in Zotero yet, what it "
        "stands for in the browser, else its file in the editor."
    ),
)
@argument("item", nargs=-1, required=True, metavar=N_("ITEM"), shell_complete=items)
@option(
    "--in",
    "where",
    type=click.Choice([ZOTERO, BROWSER, PAGE, EDITOR]),
    help=N_(
        "zotero: the client. browser: the item's own address or DOI, else its page at zotero.org. "
        "zotero.org: that page. editor: the file."
    ),
)
@pass_session
def open_(session: Session, item: tuple[str, ...], *, where: str | None) -> int:
    """Open an item."""
    with open_workspace(session, online=False, command="open") as opened:
        here = opened.engine.here()
        key = item_meant(here, opened.schema, item)
        ways = ways_of(opened, key, here.items[key])
        file = here.paths[key]
        if where == EDITOR:
            return edit_file(session, opened, file)
        address = _opened(ways, where)
        if address is None:
            return edit_file(session, opened, file)
    document = {"key": key, "address": address}
    session.output.emit(document, lambda: session.output.line(address))
    return 0


def ways_of(opened: Opened, key: str, fields: Fields) -> Ways:
    """Return the addresses of an item, safe to be opened."""
    own = target(unwrap(str(fields.get("url", "")))) or doi_url(str(fields.get("DOI", "")))
    there = Objects(opened.engine.state).mirror(Kind.ITEM, [key]).get(key)
    if there is None or there.status is Remote.ERASED:
        return Ways("", own, "")
    group = f"groups/{opened.config.group}/items/{key}"
    page = f"https://www.zotero.org/{group}" if opened.config.api_url == DEFAULT_API_URL else ""
    return Ways(f"zotero://select/{group}", own or page, page)


def _opened(ways: Ways, where: str | None) -> str | None:
    """Open what was asked for, else what there is; return its address, None where the file is left."""
    if where is None:
        return next((a for a in (ways.zotero, ways.browser) if a and launch_address(a)), None)
    address = {ZOTERO: ways.zotero, BROWSER: ways.browser, PAGE: ways.page}[where]
    if not address:
        raise _missing(where)
    if not launch_address(address):
        raise ZotsyncError(
            _("No program was found that opens {address}").format(address=address),
            hint=_("Install the Zotero client, or type: --in browser") if where == ZOTERO else "",
        )
    return address


def _missing(where: str) -> NotThereError:
    if where == BROWSER:
        return NotThereError(
            _("The item has neither an address nor a DOI."), hint=_("Its file: --in editor")
        )
    return NotThereError(
        _("The item is not in Zotero yet, as far as is known here."), hint="zotsync sync"
    )
