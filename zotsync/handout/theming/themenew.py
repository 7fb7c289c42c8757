"""A theme of one's own: a whole copy of another one, to be restyled in Word."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zotsync.errors import FileError, Place, ThemeError
from zotsync.handout.spots import lines_of
from zotsync.handout.theming.themes import DEFINITION, definition, templates_folder
from zotsync.i18n import _
from zotsync.reasons import in_words, reason_of

_HEADER = re.compile(r"(?:#.*\n)*")
"""The comment that a theme.toml begins with."""
_ORIGIN = "from"
"""The setting that names the theme from which the rest is taken."""
_OPEN_IN_WORD = "~$*"


def new_theme(name: str, source: Path, templates: Path) -> Path:
    """Copy the theme in the folder `source` to `templates` under `name`; return the new folder.

    It is there whole or not at all. Raises ThemeError where there is one of that name.
    """
    folder = templates / name
    text = own_text(name, whole_text(source))
    try:
        templates.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            message = _("There is a theme named {name} already.").format(name=name)
            raise ThemeError(message, place=Place(str(folder)), hint=_("Choose another name."))
        with tempfile.TemporaryDirectory(dir=templates, prefix=".new-") as aside:
            copy = Path(aside) / name
            passed = shutil.ignore_patterns(_OPEN_IN_WORD)
            shutil.copytree(source, copy, ignore=passed, copy_function=shutil.copyfile)
            (copy / DEFINITION).write_text(text, encoding="utf-8", newline="\n")
            copy.rename(folder)
    except OSError as exc:
        reason = in_words(exc.args[0][0][2]) if isinstance(exc, shutil.Error) else reason_of(exc)
        message = _("The theme cannot be copied: {reason}").format(reason=reason)
        raise FileError(message, place=Place(exc.filename or str(folder))) from exc
    return folder


def whole_text(folder: Path) -> str:
    """Return a theme.toml in which everything stands that its theme takes from others, comments too."""
    import tomlkit  # noqa: PLC0415 - slow to load, and needed here alone

    text = definition(folder).text
    own = tomlkit.parse(text)
    if not (origin := own.get(_ORIGIN, "")):
        return text
    del own[_ORIGIN]
    whole = tomlkit.parse(whole_text(templates_folder() / str(origin)))
    added: dict[str, Any] = {}
    for name, value in own.items():
        if isinstance(value, dict) and name in whole:
            whole[name].update({key: one for key, one in value.items() if key in whole[name]})
            added[name] = {key: one for key, one in value.items() if key not in whole[name]}
        else:
            whole[name] = value
    return _with_added(tomlkit.dumps(whole), added)


def _with_added(text: str, added: Mapping[str, Mapping[str, Any]]) -> str:
    """Return `text` with settings added to tables.

    They stand below the header: a comment at the end of a table is about the next one.
    """
    import tomlkit  # noqa: PLC0415

    lines, places = text.split("\n"), lines_of(text)
    for table in sorted(added, key=lambda name: -places[name]):
        lines[places[table] : places[table]] = tomlkit.dumps(added[table]).splitlines()
    return "\n".join(lines)


def own_text(name: str, text: str) -> str:
    """Return the theme.toml `text` with a title of its own and words of its own above; comments stay."""
    import tomlkit  # noqa: PLC0415 - slow to load, and needed here alone

    document = tomlkit.parse(text)
    origin = document.get("title", "")
    document["title"] = name[:1].upper() + name[1:]
    document["description"] = _("Made from the theme {name}.").format(name=origin)
    return _header() + _HEADER.sub("", tomlkit.dumps(document), count=1)


def _header() -> str:
    lines = (
        _("What is printed in which words. How it looks is in base.docx, beside this file:"),
        _("open it in Word, change the styles, save it."),
        _("`zotsync themes check` says what is missing or wrong."),
    )
    return "".join(f"# {line}\n" for line in lines)
