"""Where citation styles are: with the theme, in the workspace, in the Zotero client, with zotsync."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from zotsync.errors import Place, StyleError
from zotsync.handout.csl.style import Style, read_style
from zotsync.handout.theming.themes import templates_folder
from zotsync.i18n import _

SUFFIX = ".csl"
_ZOTERO_PROFILES = {
    "win32": "AppData/Roaming/Zotero/Zotero/Profiles",
    "darwin": "Library/Application Support/Zotero/Profiles",
    "linux": ".zotero/zotero",
}
_DATA_DIR = re.compile(r'user_pref\("extensions\.zotero\.dataDir",\s*("(?:[^"\\]|\\.)*")\);')
_ID = re.compile(rb"<id>\s*(?:https?://[^<]*/)?([^</]+?)\s*</id>")
_MAX_PARENTS = 5
_SHOWN = 12


def zotero_folders(home: Path, system: str = sys.platform) -> tuple[Path, ...]:
    """Return where the Zotero client of the user with this home folder keeps its styles."""
    profiles = home / _ZOTERO_PROFILES.get(system, _ZOTERO_PROFILES["linux"])
    if system == "win32" and (roaming := os.environ.get("APPDATA")):  # it may be on a server
        profiles = Path(roaming, "Zotero/Zotero/Profiles")
    chosen = [data for prefs in sorted(profiles.glob("*/prefs.js")) for data in _data_dirs(prefs)]
    return tuple(data / "styles" for data in [*chosen, home / "Zotero"])


def _data_dirs(prefs: Path) -> Iterator[Path]:
    try:
        text = prefs.read_text(encoding="utf-8", errors="replace")
    except OSError:  # the client's affair: its usual folder is looked into anyway
        return
    if found := _DATA_DIR.search(text):
        yield Path(str(json.loads(found[1])))


def find_style(name: str, folders: Sequence[Path], place: Place | None = None) -> Style:
    """Return the style that `name` leads to: an id, its URI (https://www.zotero.org/styles/…) or a path.

    `folders` are looked into in order, then what comes with zotsync. A style that only names another is
    followed. Raises StyleError where there is none, with those that are near, or where it cannot be used.
    """
    folders = [*folders, templates_folder()]
    style = _found(name, folders, place)
    for _step in range(_MAX_PARENTS):
        if not style.parent:
            return style
        follower = style
        try:
            style = _found(style.parent, [follower.file.parent, *folders], place)
        except StyleError as exc:
            message = _("The citation style {name} stands on another, {parent}, which is missing.")
            names = {"name": follower.file.stem, "parent": _short(follower.parent)}
            hint = _("Put {parent}.csl beside it, from https://www.zotero.org/styles.").format(
                **names
            )
            raise StyleError(message.format(**names), place=place, hint=hint) from exc
        style = replace(style, locale=follower.locale or style.locale)
    message = _("The citation style {name} leads round in a circle.").format(name=name)
    raise StyleError(message, place=place)


def _found(name: str, folders: Sequence[Path], place: Place | None) -> Style:
    file = next((file for file in _places(name, folders) if file.is_file()), None)
    file = file or _by_inner_id(_short(name), folders)
    if file is None:
        raise _missing(name, folders, place)
    return read_style(file)


def _is_path(name: str) -> bool:
    return "://" not in name and (name.lower().endswith(SUFFIX) or "/" in name or "\\" in name)


def _short(name: str) -> str:
    """Return the id in a style's URI or path; an id as it is."""
    return re.split(r"[/\\]", name.rstrip("/"))[-1].removesuffix(SUFFIX)


def _places(name: str, folders: Sequence[Path]) -> Iterator[Path]:
    if _is_path(name):
        path = Path(name).expanduser()
        for folder in folders:
            yield folder / path
            yield folder.parent / path
        yield path
    else:
        for folder in folders:
            yield folder / f"{_short(name)}{SUFFIX}"
            # the client puts styles there that others stand on
            yield folder / "hidden" / f"{_short(name)}{SUFFIX}"


def _styles(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(folder.glob(f"*{SUFFIX}"))
        yield from sorted((folder / "hidden").glob(f"*{SUFFIX}"))


def _by_inner_id(short: str, folders: Sequence[Path]) -> Path | None:
    """Return the file that calls itself `short`, whatever its name."""
    wanted = short.encode()
    for file in _styles(folders):
        try:
            found = _ID.search(file.read_bytes())
        except OSError:  # what cannot be read is none that is found
            continue
        if found and found[1] == wanted:
            return file
    return None


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))


def _missing(name: str, folders: Sequence[Path], place: Place | None) -> StyleError:
    known = sorted({file.stem for file in _styles(folders)})
    near = [style for style in known if _letters(_short(name)) in _letters(style)]
    near += [style for style in get_close_matches(_short(name), known, _SHOWN) if style not in near]
    shown = ", ".join((near or known)[:_SHOWN])
    message = _("There is no citation style {name}.").format(name=name)
    hint = _(
        "There is: {names}. Others: install the style in Zotero (Settings, Cite), or put its .csl file "
        "into the folder styles of the workspace."
    ).format(names=shown)
    return StyleError(message, place=place, hint=hint)
