"""The story that the demo tells: a workspace of sample files, and what two people do to them.

The words are the command line's; here is what happens. The files are edited as text, as an editor would.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from zotsync.config import Centre, Workspace, make_private, new_config_text
from zotsync.errors import FileError, Place, ServerError, UsageError
from zotsync.i18n import _
from zotsync.sandbox.colleague import Colleague, answers
from zotsync.sandbox.server import Access, Sandbox

SAMPLE = Path(__file__).with_name("sample")
PORT = 23190
"""Where a demo is served if that port is free."""
GROUP = 2021
GROUP_NAME = "Sélections bibliographiques (démonstration)"
USER, COLLEAGUE = "camille", "dominique"
DEMO_KEY = "zotsyncDemoLoopbackOnly1"
"""The published key of the demo: the embedded server on loopback knows it, and nobody else."""
COLLEAGUE_KEY = "zotsyncDemoLoopbackOnly2"

CORRECTED, TAGGED, REMOVED, CLASHING = "CNN9D2F6", "GRP7Q6S2", "PTP8M7R4", "DSC3P8T4"
ADDED: Mapping[str, Any] = {
    "itemType": "book",
    "title": "Nouvelles coopérations réflexives en santé",
    "creators": [
        {"creatorType": "author", "lastName": "Jouet", "firstName": "Emmanuelle"},
        {"creatorType": "author", "lastName": "Las Vergnas", "firstName": "Olivier"},
        {"creatorType": "author", "lastName": "Noël-Hureaux", "firstName": "Élisabeth"},
    ],
    "place": "Paris",
    "publisher": "Éditions des archives contemporaines",
    "date": "2014",
    "tags": [{"tag": "pair-aidance"}, {"tag": "savoirs expérientiels"}],
    "collections": ["VRAGES24"],
}

_HERE = (
    (CORRECTED, 'pages = "40"', 'pages = "40-41"'),
    (
        TAGGED,
        'tags = ["handicap", "pair-aidance"]',
        'tags = ["droits", "handicap", "pair-aidance"]',
    ),
    (CLASHING, 'pages = "22-29"', 'pages = "22-27"'),
    (CLASHING, 'tags = ["pair-aidance"', 'tags = ["confiance", "pair-aidance"'),
)
"""Item, what its file says, what somebody here writes instead."""


def colleague_works(api_url: str) -> None:
    """Let the colleague correct an abstract, add, tag and remove, and change pages we change too."""
    with Colleague(api_url, GROUP, COLLEAGUE_KEY) as colleague:
        abstract = colleague.item(CORRECTED)["abstractNote"]
        corrected = abstract.replace("A condition de ne pas", "À condition de ne pas")
        colleague.change(CORRECTED, {"abstractNote": corrected})
        colleague.add(ADDED)
        colleague.tag(TAGGED, "accompagnement")
        colleague.trash(REMOVED)
        colleague.change(CLASHING, {"pages": "22-28"})


def edit_here(workspace: Workspace) -> None:
    """Change item files as somebody with an editor does."""
    for file in workspace.items.glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        edited = text
        for key, old, new in _HERE:
            if f'key = "{key}"' in text:
                edited = edited.replace(old, new)
        if edited != text:
            file.write_text(edited, encoding="utf-8", newline="\n")


def people(sandbox: Sandbox) -> None:
    """Make the group, and the two people who curate it."""
    for number, name in ((1, USER), (2, COLLEAGUE)):
        sandbox.add_user(number, name, trusting=True)
    sandbox.add_group(GROUP, GROUP_NAME, owner=1, members=(2,))
    for number, key in ((1, DEMO_KEY), (2, COLLEAGUE_KEY)):
        sandbox.add_key(key, number, groups={GROUP: Access()})


def free_port(preferred: int) -> int:
    """Return `preferred` where it is free on loopback, else one that is."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            if os.name == "posix":  # on Windows this option would let us share a port in use
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ServerError(_("This computer has no free port."))


# -- the workspace -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Facts:
    """What `.zotsync/sandbox.json` says of an embedded server."""

    port: int
    group: int
    key: str
    made: Mapping[str, str]
    """Files as the demo left them: path -> digest."""


def facts_file(workspace: Workspace) -> Path:
    """Return where a demo workspace says that it is one."""
    return workspace.private / "sandbox.json"


def read_facts(workspace: Workspace) -> Facts | None:
    """Return what a demo workspace says of its server; None where there is none."""
    file = facts_file(workspace)
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        return Facts(int(raw["port"]), int(raw["group"]), str(raw["key"]), dict(raw["made"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as exc:
        message = _("This file cannot be read: {reason}").format(reason=exc)
        raise FileError(message, place=Place(str(file))) from exc


def write_facts(workspace: Workspace, port: int, made: Mapping[str, str] | None = None) -> None:
    """Note that this is a demo workspace, and how it was left."""
    facts = {"port": port, "group": GROUP, "key": DEMO_KEY, "made": dict(made or {})}
    text = json.dumps(facts, indent=1, sort_keys=True) + "\n"
    facts_file(workspace).write_text(text, encoding="utf-8", newline="\n")


def make_workspace(root: Path, api_url: str, port: int) -> Workspace:
    """Write the sample workspace into `root`, which is empty or was emptied."""
    workspace = Workspace(root)
    make_private(workspace)
    write_facts(workspace, port)
    shutil.copytree(SAMPLE / "bibliography", workspace.items.parent)
    shutil.copytree(SAMPLE / "handouts", workspace.handouts)
    workspace.config_file.write_text(_config_text(api_url), encoding="utf-8", newline="\n")
    return workspace


def _config_text(api_url: str) -> str:

    centre = tomllib.loads((SAMPLE / "centre.toml").read_text(encoding="utf-8"))["centre"]
    return new_config_text(GROUP, api_url, group_name=GROUP_NAME, centre=Centre(**centre))


def clear(root: Path) -> Path | None:
    """Make room for a new demo in `root`; return the folder that keeps what people changed there.

    What the demo left and nobody touched is removed; all else it would meet is moved. A folder that
    holds anything and is no demo workspace is refused, and so is one that is being served.
    """
    if not root.exists() or (root.is_dir() and not any(root.iterdir())):
        return None
    workspace = Workspace(root)
    facts = read_facts(workspace) if root.is_dir() else None
    if facts is None or facts.key != DEMO_KEY:
        raise UsageError(
            _("There is something else in {folder} already.").format(folder=root),
            hint=_("Name a folder that does not exist yet: zotsync demo DIR"),
        )
    if answers(f"http://127.0.0.1:{facts.port}", facts.key):
        raise UsageError(
            _("The demo in {folder} is being served.").format(folder=root),
            hint=_("End zotsync sandbox there with Ctrl-C first."),
        )
    kept = root / f"avant-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    marker = facts_file(workspace)  # last: as long as it is there, this is a demo workspace
    for path in sorted(_own_files(workspace), key=lambda file: (file == marker, file)):
        name = path.relative_to(root).as_posix()
        if facts.made.get(name) == _digest(path) or path == marker:
            path.unlink()
        else:
            target = kept / name
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
    _remove_empty(workspace)
    return kept if kept.exists() else None


def snapshot(workspace: Workspace) -> Mapping[str, str]:
    """Return the digests of the demo's files as they are now."""
    files = _own_files(workspace) - {facts_file(workspace)}
    return {f.relative_to(workspace.root).as_posix(): _digest(f) for f in files}


def _own_folders(workspace: Workspace) -> tuple[Path, ...]:
    return (workspace.items.parent, workspace.handouts, workspace.private)


def _own_files(workspace: Workspace) -> set[Path]:
    found = {f for d in _own_folders(workspace) for f in d.rglob("*") if not f.is_dir()}
    return found | ({workspace.config_file} if workspace.config_file.exists() else set())


def _remove_empty(workspace: Workspace) -> None:
    for folder in _own_folders(workspace):
        below = [f for f in folder.rglob("*") if f.is_dir()] if folder.exists() else []
        for empty in sorted(below, reverse=True):
            empty.rmdir()
        if folder.exists():
            folder.rmdir()


def _digest(file: Path) -> str:
    return hashlib.blake2b(file.read_bytes(), digest_size=16).hexdigest()
