"""What `render` tells: documents that were made or left, what was new, what failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from zotsync.cli.frame.failure import problem_document, tell
from zotsync.cli.frame.launching import launch
from zotsync.cli.frame.output import Output
from zotsync.cli.handouts.printing import STDOUT, Made
from zotsync.cli.handouts.rendering import tell_unread
from zotsync.errors import Place, Problem, ZotsyncError
from zotsync.figures import number
from zotsync.handout.keeping.delivery import Delivered, Status
from zotsync.i18n import _, ngettext


@dataclass(frozen=True)
class Failure:
    """A handout that could not be printed."""

    handout: str
    error: ZotsyncError


@dataclass(frozen=True)
class Printed:
    """What came of printing."""

    made: tuple[Made, ...]
    failures: tuple[Failure, ...]
    unread: Sequence[Problem]
    """Files whose items are in no handout."""
    since: str = ""

    @property
    def exit_code(self) -> int:
        """Return the code of the worst that happened."""
        codes = (failure.error.exit_code for failure in self.failures)
        return max((*codes, 1 if self.unread else 0))


def tell_printed(output: Output, printed: Printed) -> None:
    """Print the documents, and say what there is to say about them."""
    document = {
        "documents": [_document(made) for made in printed.made],
        "failures": [
            {"handout": f.handout, **problem_document(f.error.problem)} for f in printed.failures
        ],
        "problems": [problem_document(problem) for problem in printed.unread],
    }

    def text() -> None:
        for made in printed.made:
            if made.file != STDOUT:
                output.line(str(made.file))
            output.say(_state(made))

    output.emit(document, text)
    if printed.since and not printed.made and not printed.failures:
        output.say(_("Nothing is new since then; no document was written."))
    _tell_rest(output, printed)


def tell_watched(output: Output, printed: Printed, *, unchanged: bool) -> None:
    """Say what came of printing again: a line for each document, for `unchanged` ones where asked."""
    now = datetime.now().astimezone().strftime("%H:%M:%S")
    for made in printed.made:
        if unchanged or made.delivered.status is not Status.UNCHANGED:
            output.line(f"{now} {made.file} · {_state(made)}")
    _tell_rest(output, printed)


def open_documents(output: Output, printed: Printed) -> None:
    """Open the documents in the programs that the system has for them."""
    for made in printed.made:
        if not launch(made.file):
            output.warn(_("{file} could not be opened.").format(file=made.file), style="yellow")


def _state(made: Made) -> str:
    """Return what is to be said of a document in a few words."""
    if made.delivered.status is Status.UNCHANGED:
        return _("Nothing has changed since it was printed.")
    return ngettext("{n} entry", "{n} entries", made.entries).format(n=number(made.entries))


def _tell_rest(output: Output, printed: Printed) -> None:
    for made in printed.made:
        for problem in _problems(made.delivered):
            tell(_("Note"), problem, "yellow", plain=not output.color)
        if made.news and made.news.changed:
            titles = _("; ").join(made.news.changed)
            output.say(_("Not new, but changed since then: {titles}").format(titles=titles))
    for remark in dict.fromkeys(remark for made in printed.made for remark in made.remarks):
        output.explain(remark, style="yellow")
    tell_unread(output, printed.unread)
    for failure in printed.failures:
        tell(_("Error"), failure.error.problem, "red", plain=not output.color)
    if printed.failures and any(failure.handout for failure in printed.failures):
        names = ", ".join(failure.handout for failure in printed.failures)
        output.warn(_("Not printed: {names}.").format(names=names), style="red")


def _problems(delivered: Delivered) -> list[Problem]:
    """Return why a document stands elsewhere than it should, and what can be done."""
    found = []
    if delivered.kept:
        message = _("The document that stood there before is kept as {file}.")
        found.append(Problem(message.format(file=delivered.kept)))
    if delivered.status is Status.EDITED:
        message = _(
            "The document was edited by hand, and there is nothing new: it is left as it is."
        )
        found.append(Problem(message, Place(str(delivered.file)), _after_editing(delivered.file)))
    if delivered.status is Status.BESIDE:
        found.append(_beside(delivered))
    return found


def _beside(delivered: Delivered) -> Problem:
    place = Place(str(delivered.target))
    if delivered.holder:
        who = delivered.holder.name or _("somebody")
        message = _("The document is open in {program} ({who}); the new one is beside it: {file}")
        message = message.format(
            program=delivered.holder.program, who=who, file=delivered.file.name
        )
        hint = _("Close it and print again. If nobody has it open, remove {file}.")
        return Problem(message, place, hint.format(file=delivered.holder.file))
    if delivered.locked:
        message = _("The document is open in another program; the new one is beside it: {file}")
        hint = _("Close it and print again.")
        return Problem(message.format(file=delivered.file.name), place, hint)
    message = _(
        "The document was edited by hand since it was printed; the new one is beside it: {file}"
    )
    hint = _after_editing(delivered.target)
    return Problem(message.format(file=delivered.file.name), place, hint)


def _after_editing(file: Path) -> str:
    hint = _(
        "zotsync import {file} reads the corrections; zotsync render --force prints over them."
    )
    return hint.format(file=f'"{file}"' if " " in str(file) else file)


def _document(made: Made) -> dict[str, Any]:
    delivered = made.delivered
    document: dict[str, Any] = {
        "handout": made.handout,
        "format": made.form,
        "file": str(made.file.absolute()),
        "status": delivered.status.value,
        "entries": made.entries,
        "remarks": list(made.remarks),
    }
    if delivered.holder:
        document["open"] = {"program": delivered.holder.program, "name": delivered.holder.name}
    if delivered.kept:
        document["kept"] = str(delivered.kept.absolute())
    if made.news:
        document["since"] = made.news.since.isoformat()
        document["new"] = list(made.news.new)
        document["changed"] = list(made.news.changed)
    if problems := _problems(delivered):
        document["problems"] = [problem_document(problem) for problem in problems]
    return document
