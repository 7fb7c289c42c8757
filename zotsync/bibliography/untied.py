"""What is told about item files that wait: what they seem to be, and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from zotsync.bibliography.identity import Untied, Why
from zotsync.errors import Place, Problem
from zotsync.i18n import N_, _

_KINDS = (
    (
        re.compile(
            r"(?i:conflicted|copie en conflit|\.sync-conflict-|[(_]conflict|\(SFConflict)"
            r"|-[A-Z0-9][A-Z0-9-]{2,}$"  # OneDrive adds the computer's name
        ),
        N_("It was made by a file-sharing service that could not merge two versions."),
    ),
    (
        re.compile(r"~|\.(?:bak|orig|backup|old)\b|sauvegarde", re.IGNORECASE),
        N_("It looks like an editor's backup."),
    ),
    (
        re.compile(r"\(\d+\)| \d+$|\bcop(?:y|ie)\b", re.IGNORECASE),
        N_("It looks like a second copy."),
    ),
)


def untied_problems(files: Iterable[Untied], shown: Callable[[str], str] = str) -> list[Problem]:
    """Return what to tell about each file that waits; `shown` turns a path into what users see."""
    return [_problem(file, shown) for file in files]


def stray_kind(path: str) -> str:
    """Return what a file's name says of its origin, as a sentence; "" for an ordinary name."""
    stem = PurePosixPath(path).stem
    return next((_(text) for pattern, text in _KINDS if pattern.search(stem)), "")


def _problem(file: Untied, shown: Callable[[str], str]) -> Problem:
    others = ", ".join(shown(path) for path in file.others)
    kind = stray_kind(file.path)
    place = Place(shown(file.path), None, "key", file.key)
    if file.why is Why.COPY:
        message = _("This file has the same key as {others}.").format(others=others)
        if kind:
            hint = _("Take over what you need from it, and delete it.")
            return Problem(message, place, f"{kind} {hint}")
        return Problem(message, place, _("A copy? Remove its `key` line: it becomes a new item."))
    if file.why is Why.TWINS:
        message = _("This file has the same key as {others}, and neither is where it was.")
        hint = _("Remove the `key` line of the one that is to be a new item.")
        return Problem(message.format(others=others), place, f"{kind} {hint}".lstrip())
    if file.why is Why.LOST_KEY:
        message = _("This file has lost its key, which stands in {others} now.")
        hint = _("Leave the key in one file only.")
        return Problem(message.format(others=others), place, hint)
    hint = _('Put it back: key = "{key}". For a new item, make a new file.').format(key=file.was)
    return Problem(_("The key of this file was changed."), place, hint)
