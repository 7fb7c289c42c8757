"""pandoc, which applies citation styles: its own copy comes with the extra `zotsync[csl]`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from zotsync.errors import Place, StyleError
from zotsync.handout.csl.style import Style
from zotsync.i18n import _
from zotsync.reasons import reason_of

TIMEOUT = 900.0
"""Seconds. Ten thousand references take six."""

_PROGRAM = "pandoc.exe" if sys.platform == "win32" else "pandoc"
_ALL = {"citationId": "*", "citationPrefix": [], "citationSuffix": [], "citationNoteNum": 0}
_MODE = {"citationMode": {"t": "NormalCitation"}, "citationHash": 0}
_NOCITE = {"t": "MetaInlines", "c": [{"t": "Cite", "c": [[_ALL | _MODE], []]}]}
_DOCUMENT = {"pandoc-api-version": [1, 23, 1], "meta": {"nocite": _NOCITE}, "blocks": []}
"""A document without a word, and every reference in its bibliography."""
_LINE = re.compile(r"\b(\d+):\d+ \(\d+\)")


def program() -> Path:
    """Return pandoc's program. Raises StyleError with how to get it where it is not installed."""
    found = find_spec("pypandoc")
    if found and found.origin:
        path = Path(found.origin).parent / "files" / _PROGRAM
        if path.is_file():
            return path
    message = _("Citation styles need pandoc, which is not installed with zotsync.")
    hint = _("Install it: pipx inject zotsync pypandoc_binary (or pip install 'zotsync[csl]').")
    raise StyleError(message, hint=hint)


def bibliography(
    items: Sequence[dict[str, Any]], style: Style, language: str, *, timeout: float = TIMEOUT
) -> list[tuple[str, list[Any]]]:
    """Return (id, blocks of pandoc's document tree) of each CSL item in `style`, in the style's order.

    Raises StyleError where pandoc is missing, cannot use the style, or takes more than `timeout` seconds.
    """
    command = [str(program()), "--from=json", "--to=json", "--citeproc", "--sandbox"]
    try:
        with tempfile.TemporaryDirectory(prefix="zotsync-", ignore_cleanup_errors=True) as name:
            told, applied = Path(name, "items.json"), Path(name, "style.csl")
            told.write_text(json.dumps(items), encoding="utf-8")
            applied.write_bytes(style.applied)
            command += [f"--data-dir={name}", f"--bibliography={told}", f"--csl={applied}"]
            command.append(f"--metadata=lang:{style.locale or language}")
            done = subprocess.run(  # noqa: S603 - the program of our own extra, by its full path
                command,
                input=json.dumps(_DOCUMENT).encode(),
                capture_output=True,
                timeout=timeout,
                check=False,
            )
    except subprocess.TimeoutExpired as exc:
        message = _("pandoc did not finish within {n} seconds.").format(n=round(timeout))
        raise StyleError(message, place=Place(str(style.file))) from exc
    except OSError as exc:
        message = _("pandoc cannot be run: {reason}").format(reason=reason_of(exc))
        raise StyleError(message, place=Place(str(style.file))) from exc
    if done.returncode:
        raise _failure(style, done.stderr.decode("utf-8", "replace").strip())
    return _entries(json.loads(done.stdout))


def _entries(document: Any) -> list[tuple[str, list[Any]]]:
    return [
        (entry["c"][0][0].removeprefix("ref-"), entry["c"][1])
        for block in document["blocks"]
        if block["t"] == "Div" and block["c"][0][0] == "refs"
        for entry in block["c"][1]
    ]


def _failure(style: Style, told: str) -> StyleError:
    first = told.partition("\n")[0]
    spot = _LINE.search(first)
    message = _("pandoc cannot use this citation style: {reason}").format(reason=first or "?")
    hint = _("Get it again from https://www.zotero.org/styles, or choose another.")
    return StyleError(
        message, place=Place(str(style.file), int(spot[1]) if spot else None), hint=hint
    )
