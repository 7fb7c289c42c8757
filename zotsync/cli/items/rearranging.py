"""Tags and collections of many items at once: chosen, shown, agreed to, and written as one run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zotsync.cli.frame.opening import Opened
from zotsync.cli.frame.session import Session
from zotsync.cli.imports.agreeing import agreed
from zotsync.cli.imports.proposal_view import proposal_document, show_correction, show_left
from zotsync.cli.items.listing_view import title
from zotsync.cli.items.meant import item_meant
from zotsync.cli.items.selecting import Asked
from zotsync.errors import UsageError
from zotsync.i18n import _, ngettext
from zotsync.model import Fields
from zotsync.proposal import Correction, Doubt, Proposal
from zotsync.searching.filters import found
from zotsync.sync.reading.planning import Here

_SHOWN = 40
"""Corrections that are shown; of more the number."""


@dataclass(frozen=True)
class Rearranging:
    """A change of one field of many items."""

    session: Session
    opened: Opened
    here: Here
    field: str
    command: str

    def chosen(self, typed: Sequence[str], asked: Asked) -> list[str]:
        """Return the keys of the items that are meant. UsageError where nothing says which."""
        here, schema = self.here, self.opened.schema
        if typed and asked:
            raise UsageError(_("Name the items, or choose them by options, not both."))
        if not typed and not asked:
            hint = _("Name them, or choose them: --collection, --tag, --type, --year, --word")
            raise UsageError(_("Which items?"), hint=hint)
        if typed:
            return list(dict.fromkeys(item_meant(here, schema, [each]) for each in typed))
        wanted = asked.wanted(here.items, here.collections, schema)
        return found(here.items, schema.item_types, here.collections, wanted)

    def carry_out(
        self,
        keys: Sequence[str],
        change: Callable[[Fields], Any],
        names: Mapping[str, str],
        *,
        dry_run: bool,
    ) -> int:
        """Show what `change` (fields -> new value, None: none) does, ask, and write it."""
        firm = [key for key in keys if not self._is_new(key)]
        proposal = Proposal(tuple(self._corrections(firm, change)))
        if not self.session.json:
            self._show(proposal, names)
        count = len(keys) - len(firm)
        if count:
            line = ngettext(
                "{n} item is not known by a key yet, and is left: sync first.",
                "{n} items are not known by a key yet, and are left: sync first.",
                count,
            )
            self.session.output.warn(line.format(n=count), style="yellow")
        run, written, left = self._written(proposal, names) if not dry_run else (0, 0, 0)
        document = {
            "corrections": proposal_document(proposal)["corrections"],
            "run": run,
            "written": written,
            "left": left + count,
        }
        self.session.output.emit(document, lambda: None)
        return int(bool(left or count))

    def _is_new(self, key: str) -> bool:
        members = self.here.items[key].get("collections", ())
        return key in self.here.new or not self.here.made.isdisjoint(members)

    def _corrections(
        self, keys: Sequence[str], change: Callable[[Fields], Any]
    ) -> Sequence[Correction]:
        clashing = {c.key for c in self.opened.engine.conflicts() if c.field == self.field}
        corrections = []
        for key in keys:
            fields = self.here.items[key]
            after = change(fields)
            if after is None:
                continue
            before = {self.field: fields.get(self.field)}
            doubt = Doubt.IN_CONFLICT if key in clashing else None
            called = title(fields, self.opened.schema, key)
            new = {self.field: after or None}
            corrections.append(Correction(key, called, self.field, "", "", before, new, doubt))
        return corrections

    def _show(self, proposal: Proposal, names: Mapping[str, str]) -> None:
        output = self.session.output
        for one in proposal.corrections[:_SHOWN]:
            show_correction(output, self.opened.schema, one, names)
        more = len(proposal.corrections) - _SHOWN
        if more > 0:
            output.line("  " + _("… and {n} more").format(n=more))
        if not proposal.corrections:
            output.say(_("Nothing would change."))

    def _written(self, proposal: Proposal, names: Mapping[str, str]) -> tuple[int, int, int]:
        """Write what somebody agrees to; return the run, how many were written, how many left."""
        session, opened = self.session, self.opened
        doubtful = sum(c.doubt is not None for c in proposal.corrections)
        if not proposal.corrections:
            return 0, 0, 0
        taken = agreed(session, opened.schema, proposal, names)
        doubtful -= sum(c.doubt is not None for c in taken.corrections)
        if not taken.corrections:
            return 0, 0, doubtful
        done = opened.engine.write_agreed(taken, self.command)
        count = len(taken.corrections) - len(done.left)
        session.output.say(
            ngettext("{n} item changed.", "{n} items changed.", count).format(n=count)
        )
        session.output.say(
            _("To have them in Zotero too: zotsync sync. To take them back: zotsync undo")
        )
        if not session.json:
            show_left(session.output, opened.schema, done.left, names)
        return done.run, count, len(done.left) + doubtful
