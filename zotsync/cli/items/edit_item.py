"""`zotsync edit`: an item's file in the editor, then checked at once.

The file itself is edited: what was saved is there whatever happens, and nothing is written over it. Only
who asks for it gets the text back that was there before.
"""

from __future__ import annotations

from pathlib import Path

from zotsync.bibliography.folder import read_file, replace_file, shown_path
from zotsync.cli.frame import ask
from zotsync.cli.frame.completing import items
from zotsync.cli.frame.editor import run_editor
from zotsync.cli.frame.failure import problem_document, tell
from zotsync.cli.frame.group import argument, command
from zotsync.cli.frame.opening import Opened, open_workspace
from zotsync.cli.frame.pressing import pressed
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.items.dating import odd_dates
from zotsync.cli.items.meant import item_meant, unread_meant
from zotsync.errors import FileError, Problem
from zotsync.i18n import N_, _
from zotsync.sync.trees import below_items

# Translators: the first letter is the key that is pressed. No two of these may begin with the same one.
AGAIN, LEAVE, BACK = N_("e edit again"), N_("l leave it so"), N_("p put back what was there")


@command(
    "edit",
    N_(
        "Edit the file of ITEM in your editor ($VISUAL, $EDITOR, git's, or the system's); it is checked "
        "as soon as you close it."
    ),
)
@argument("item", nargs=-1, required=True, metavar=N_("ITEM"), shell_complete=items)
@pass_session
def edit(session: Session, item: tuple[str, ...]) -> int:
    """Edit an item's file."""
    with open_workspace(session, online=False, command="edit") as opened:
        here = opened.engine.here()
        if faulty := unread_meant(here, item):
            return edit_file(session, opened, below_items(faulty.place.file))
        return edit_file(session, opened, here.paths[item_meant(here, opened.schema, item)])


def edit_file(session: Session, opened: Opened, file: str) -> int:
    """Let somebody edit an item's file (below `items/`) until it can be used; return the exit code."""
    folder = opened.workspace.items
    before, _stamp = read_file(folder, file)
    known = set(opened.collection_paths().values())
    shown = shown_path(folder, file)
    odd_before = _odd_dates(opened, file)
    while True:
        run_editor(folder / file)
        changed = _raw(folder, file) != before
        problems = _problems(opened, shown) if changed else []
        for problem in problems:
            tell(_("This cannot be sent so"), problem, "yellow", plain=session.plain)
        odd = [remark for remark in _odd_dates(opened, file) if remark not in odd_before]
        for remark in odd:
            session.output.explain(remark, style="yellow")
        if not (problems or odd) or not ask.interactive():
            break
        answer = pressed(session.output, _("What now?"), [AGAIN, LEAVE, BACK], LEAVE)
        if answer == BACK:
            _put_back(folder, file, before)
            changed, problems = False, []
        if answer != AGAIN:
            break
    document = {
        "file": shown,
        "changed": changed,
        "problems": [problem_document(problem) for problem in problems],
    }
    session.output.emit(document, lambda: session.output.line(shown))
    for path in sorted({*opened.collection_paths().values()} - known) if changed else ():
        session.output.say(_("A new collection: {path}").format(path=path), style="yellow")
    _sum_up(session, changed=changed, faulty=bool(problems), gone=not (folder / file).exists())
    return 1 if problems else 0


def _raw(folder: Path, file: str) -> bytes:
    """Return a file's bytes; none where it was removed."""
    try:
        return read_file(folder, file)[0]
    except FileError:
        return b""


def _problems(opened: Opened, shown: str) -> list[Problem]:
    """Return what is wrong with a file as it is now, with lines."""
    return [p for p in opened.engine.here().problems if p.place.file == shown]


def _odd_dates(opened: Opened, file: str) -> list[str]:
    """Return what is odd about the dates in a file; nothing where it cannot be read."""
    here = opened.engine.here()
    key = next((key for key, path in here.paths.items() if path == file), "")
    return list(odd_dates(opened, here.items.get(key, {})).values())


def _put_back(folder: Path, file: str, before: bytes) -> None:
    """Write the text that was there before over what was just looked at, and nothing newer."""
    _now, stamp = read_file(folder, file)
    replace_file(folder, file, before.decode("utf-8-sig").replace("\r\n", "\n"), stamp)


def _sum_up(session: Session, *, changed: bool, faulty: bool, gone: bool) -> None:
    output = session.output
    if not changed:
        output.say(_("Nothing was changed."))
    elif gone:
        text = _("The file is gone: the next sync puts the item into Zotero's trash.")
        output.say(text, style="yellow")
    elif faulty:
        output.say(_("It stays as you saved it; what is wrong waits, and nothing is lost."))
    else:
        output.say(_("To send it to Zotero: zotsync sync"))
