"""Settling conflicts one by one, as `resolve` and `sync` ask about them.

Answers are gathered, shown once more in the end, and only then written: whoever stops, or is stopped,
leaves everything as it was.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import click

from zotsync.cli.frame import wording
from zotsync.cli.frame.columns import Column, laid_out, wrapped
from zotsync.cli.frame.editor import edited_text
from zotsync.cli.frame.failure import tell
from zotsync.cli.frame.opening import Opened
from zotsync.cli.frame.pressing import pressed
from zotsync.cli.frame.session import Session
from zotsync.cli.syncing.difference import (
    columns,
    in_short,
    names_of,
    show_sides,
    sides_of,
    whole_text,
)
from zotsync.cli.syncing.editing import Task, can_be_edited, checked, edited, task_text
from zotsync.errors import Problem, ZotsyncError
from zotsync.figures import number
from zotsync.i18n import N_, _, ngettext
from zotsync.sync.engine import Choice, Settled
from zotsync.sync.merging.joining import joined
from zotsync.sync.trees import EXISTENCE, Conflict

Choices = dict[tuple[str, str], Choice]

# Translators: the first letter is the key that is pressed. No two of these may begin with the same one.
HERE, ZOTERO, BOTH = N_("h here"), N_("z Zotero"), N_("b both")
EDIT, SKIP, BACK = N_("e edit"), N_("s skip"), N_("p previous")
WHOLE, FINISH, QUIT, HELP = N_("w whole text"), N_("f finish"), N_("q quit"), N_("? help")
YES = N_("y yes")

_EXPLAINED = {
    HERE: N_("keep what is here; it goes to Zotero with the next sync"),
    ZOTERO: N_("take what Zotero has; it is written into the file"),
    BOTH: N_("keep both: what they share once, then what is here, then what Zotero has"),
    EDIT: N_("write it yourself, in your editor"),
    SKIP: N_("leave this one for later"),
    BACK: N_("go back to the one before"),
    WHOLE: N_("show long texts with their middle"),
    FINISH: N_("stop asking, and write what was chosen so far"),
    QUIT: N_("stop, and write nothing of all this"),
    HELP: N_("this list"),
    YES: N_("write it"),
}


def settle_one_by_one(session: Session, opened: Opened, conflicts: Sequence[Conflict]) -> int:
    """Show each conflict, ask what holds, and settle what was answered; return how many."""
    choices = ask_about(session, opened, conflicts)
    return opened.engine.resolve(choices, conflicts) if choices else 0


def ask_about(session: Session, opened: Opened, conflicts: Sequence[Conflict]) -> Choices:
    """Ask about each conflict; return what is to be written: nothing where somebody stops."""
    dialogue = Dialogue(session, opened, conflicts)
    try:
        return dialogue.choices if dialogue.hold() else {}
    except (KeyboardInterrupt, click.Abort):
        click.echo(err=True)
        session.output.say(_("Nothing was written."))
        raise


@dataclass
class Dialogue:
    """The questions about some conflicts, and what was answered so far."""

    session: Session
    opened: Opened
    conflicts: Sequence[Conflict]
    choices: Choices = field(default_factory=dict)
    _at: int = 0
    _whole: bool = False

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return names_of(self.opened)

    @cached_property
    def _items(self) -> Mapping[str, Mapping[str, Any]]:
        return self.opened.engine.items()

    def hold(self) -> bool:
        """Ask until all is answered; return whether the answers are to be written."""
        self._say(_("[-so-] is what was taken away, {+so+} what was added."))
        self._say("")
        while True:
            while self._at < len(self.conflicts):
                answer = self._ask(self.conflicts[self._at])
                if answer == QUIT:
                    self._say(_("Nothing was written."))
                    return False
                if answer == FINISH:
                    self._at = len(self.conflicts)
            answer = self._confirm()
            if answer != BACK:
                return answer == YES
            self._at = len(self.conflicts) - 1

    # One conflict

    def _ask(self, conflict: Conflict) -> str:
        """Show a conflict and do what the pressed key says; return it."""
        number = _("{n} of {of}").format(n=self._at + 1, of=len(self.conflicts))
        show_sides(
            self.session.output,
            self.opened.schema,
            sides_of(conflict),
            names=self._names,
            err=True,
            count=number,
            whole=self._whole,
        )
        both = self._both(conflict)
        answer = self._pressed(_("What holds?"), self._offered(conflict, both), SKIP)
        self._whole = answer == WHOLE
        if answer in (HERE, ZOTERO):
            self._choose(conflict, "local" if answer == HERE else "remote")
        elif answer == BOTH:
            self._choose(conflict, Settled(both))
        elif answer == EDIT:
            self._edit(conflict)
        elif answer == SKIP:
            self.choices.pop(conflict.key_and_field, None)
            self._say(_("→ left for later"), indent=2)
            self._say("")
            self._at += 1
        elif answer == BACK:
            self._at -= 1
        return answer

    def _offered(self, conflict: Conflict, both: Any) -> list[str]:
        shown = [HERE, ZOTERO]
        shown += [BOTH] if both is not None else []
        shown += [EDIT] if can_be_edited(conflict) else []
        shown += [SKIP]
        shown += [BACK] if self._at else []
        shown += [WHOLE] if not self._whole and self._is_cut(conflict) else []
        shown += [FINISH] if self.choices and self._at + 1 < len(self.conflicts) else []
        return [*shown, QUIT, HELP]

    def _is_cut(self, conflict: Conflict) -> bool:
        sides = sides_of(conflict)
        in_part, whole = (
            columns(self.opened.schema, sides, self._names, whole=whole) for whole in (False, True)
        )
        return in_part != whole

    def _choose(self, conflict: Conflict, choice: Choice) -> None:
        self.choices[conflict.key_and_field] = choice
        if isinstance(choice, Settled):
            self._show_new(conflict, choice.value)
        else:
            self._say(self._told(conflict, choice), indent=2)
        self._say("")
        self._at += 1

    def _show_new(self, conflict: Conflict, value: Any) -> None:
        """Print a value that neither side had, with nothing left out."""
        text = whole_text(self.opened.schema, conflict.field, value, self._names)
        for line in laid_out([Column(_("→ new"), [(text, "")])], _width()):
            self.session.output.spans(line or [("", "")], err=True)

    def _both(self, conflict: Conflict) -> Any:
        """Return what holds both sides, if the field can, and Zotero would take it."""
        if not can_be_edited(conflict):
            return None
        value = joined(conflict.field, conflict.local, conflict.zotero)
        if value in (None, conflict.local, conflict.zotero):
            return None
        return None if isinstance(checked(self._task(conflict), value), Problem) else value

    # In an editor

    def _task(self, conflict: Conflict) -> Task:
        word = wording.field_word(self.opened.schema, conflict.field)
        title = wording.title_of(conflict.kind, conflict.key, conflict.title)
        item = self._items.get(conflict.key, {})
        return Task(conflict, f"{title} · {word}", item, self.opened.schema)

    def _edit(self, conflict: Conflict) -> None:
        """Let a value be written in an editor until it can hold, or nobody wants to any more."""
        task = self._task(conflict)
        text = task_text(task)
        while True:
            after = self._in_editor(task, text)
            if after is None or after == text:
                self._say(_("Nothing was changed."))
                return
            found = edited(task, after)
            if not isinstance(found, Problem):
                self._choose(conflict, Settled(found))
                return
            tell(_("This cannot hold"), found, "yellow", plain=not self.session.output.color)
            if self._pressed(_("Edit it again?"), [EDIT, SKIP], EDIT) == SKIP:
                return
            text = after

    def _in_editor(self, task: Task, text: str) -> str | None:
        """Return what an editor made of `text`; None if it was not saved, or the editor failed."""
        try:
            return edited_text(text, task.extension)
        except ZotsyncError as error:
            tell(_("Error"), error.problem, "red", plain=not self.session.output.color)
            return None

    # In the end

    def _confirm(self) -> str:
        """Show what was chosen, and ask whether it is to be written; return the answer."""
        chosen = [c for c in self.conflicts if c.key_and_field in self.choices]
        if not chosen:
            self._say(_("Nothing was chosen, nothing was written."))
            return QUIT
        self._say(_("This will be written into the files:"), style="bold")
        for conflict in chosen:
            title = wording.title_of(conflict.kind, conflict.key, conflict.title)
            word = wording.field_word(self.opened.schema, conflict.field)
            self._say(f"{title} · {word}", indent=2)
            self._say(self._told(conflict, self.choices[conflict.key_and_field]), indent=4)
        left = len(self.conflicts) - len(chosen)
        if left:
            line = ngettext(
                "{n} conflict is left for later.", "{n} conflicts are left for later.", left
            )
            self._say(line.format(n=number(left)))
        if self.session.yes:
            return YES
        answer = self._pressed(_("Write it?"), [YES, BACK, QUIT], YES)
        if answer == QUIT:
            self._say(_("Nothing was written."))
        return answer

    def _told(self, conflict: Conflict, choice: Choice) -> str:
        """Return what a choice comes to, in a line."""
        if conflict.field == EXISTENCE:
            if choice == "local":
                return _("→ the file stays, and the item comes back in Zotero")
            return _("→ the file goes to the trash of the workspace")
        if isinstance(choice, Settled):
            value, text = choice.value, _("→ new: {value}")
        elif choice == "local":
            value, text = conflict.local, _("→ here: {value}")
        else:
            value, text = conflict.zotero, _("→ Zotero: {value}")
        short = in_short(self.opened.schema, conflict.field, value, self._names)
        return text.format(value=short)

    # Keys

    def _pressed(self, question: str, offered: Sequence[str], default: str) -> str:
        """Ask for a key; return which of `offered` it stands for. Explains itself at `?`."""
        while (answer := pressed(self.session.output, question, offered, default)) == HELP:
            for shown in offered:
                line = f"  {_(shown)[0]}  {_(_EXPLAINED[shown])}"
                self.session.output.spans([(line, "")], err=True, indent=5)
        return answer

    def _say(self, text: str, *, indent: int = 0, style: str = "") -> None:
        """Print a text in lines that fit the terminal."""
        for line in wrapped([(text, style)], _width() - indent):
            self.session.output.spans([(" " * indent, ""), *line], err=True)


def _width() -> int:
    return shutil.get_terminal_size().columns - 1
