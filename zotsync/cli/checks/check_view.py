"""What checks found, shown: by item in a terminal, a line each in a pipe, and as JSON data."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from zotsync.bibliography import files
from zotsync.bibliography.itemfile import field_line
from zotsync.bibliography.scanning import shown_path
from zotsync.cli.checks.check_words import field_of, message_of, severity_word
from zotsync.cli.frame import wording
from zotsync.cli.frame.changes import change_spans
from zotsync.cli.frame.columns import Span
from zotsync.cli.frame.marking import marked, worth_seeing
from zotsync.cli.frame.opening import Opened
from zotsync.cli.frame.output import Output
from zotsync.curating.finding import Found, Severity
from zotsync.errors import FileError, Place
from zotsync.figures import number
from zotsync.i18n import _, ngettext
from zotsync.sync.reading.planning import Here
from zotsync.sync.trees import Kind

_ITEMS = 40
"""How many items a terminal shows before it scrolls away what matters."""
_MARKS = {Severity.WRONG: (wording.CLASH, "red"), Severity.LOOK: ("·", "yellow")}


class Findings:
    """What was found in the items of a workspace, for people and programs."""

    def __init__(self, opened: Opened, here: Here, found: Sequence[Found]) -> None:
        self._schema = opened.schema
        self._folder = opened.workspace.items
        self._paths = here.paths
        self._items = here.items
        self.here = here
        self.found = found

    def show(self, output: Output) -> None:
        """Print all of them."""
        if sys.stdout.isatty():
            items = [list(group) for _key, group in groupby(self.found, key=lambda one: one.key)]
            items.sort(key=lambda found: all(one.check.severity is Severity.LOOK for one in found))
            shown = items if output.verbose else items[:_ITEMS]
            for found in shown:
                self._show_item(output, found[0].key, found)
            if left := len(items) - len(shown):
                line = ngettext("and {n} more. {where}", "and {n} more. {where}", left)
                output.say(line.format(n=number(left), where=_("All of it: -v")))
        else:
            output.table([], [self._row(one) for one in self._placed()])

    def _show_item(self, output: Output, key: str, found: Sequence[Found]) -> None:
        title = wording.title_of(Kind.ITEM, key, str(self._items[key].get("title", "")))
        place = shown_path(self._folder, self._paths.get(key, ""))
        output.spans([(title, "bold"), (f"  {place}", "cyan")], indent=2)
        for one in found:
            mark, style = _MARKS[one.check.severity]
            field = field_of(one, self._schema)
            named = _("{field}: ").format(field=field) if field else ""
            text = message_of(one, self._items)
            spans = [
                (f"  {mark} ", style),
                (named, "magenta"),
                (text, ""),
                (f"  {one.check.code}", "cyan"),
            ]
            output.spans(spans, indent=6)
            if one.finding.mended:
                output.spans([("      → ", "green"), *self._mended(one)], indent=8)

    def _mended(self, one: Found) -> Sequence[Span]:
        name, new = one.finding.field, one.finding.mended
        before = self._items[one.key].get(name)
        if isinstance(before, str) and isinstance(new, str):
            if " " not in new:  # a date, a number, an address: it is read as a whole
                return [(new, "green")]
            return marked(before, new, worth_seeing(before, new))
        return change_spans(self._schema, name, before, new, {})

    def _placed(self) -> Sequence[tuple[Found, Place]]:
        placed = []
        for key, group in groupby(self.found, key=lambda one: one.key):
            raw = self._read(key)
            path = shown_path(self._folder, self._paths.get(key, ""))
            for one in group:
                line = field_line(raw, one.finding.field) if raw and one.finding.field else None
                placed.append((one, Place(path, line, one.finding.field, key)))
        return placed

    def _read(self, key: str) -> bytes:
        """Return an item's file; nothing where it went away meanwhile."""
        try:
            with files.told(self._folder / self._paths[key]):
                return files.read(self._folder / self._paths[key])
        except (FileError, KeyError):
            return b""

    def _row(self, placed: tuple[Found, Place]) -> Sequence[str]:
        one, place = placed
        spot = f"{place.file}:{place.line}" if place.line else place.file
        new = wording.value_text(one.finding.field, one.finding.mended)
        cells = (one.check.severity.value, one.check.code, one.key, spot, one.finding.field)
        return (*cells, message_of(one, self._items), f"→ {new}" if new else "")

    def document(self) -> list[dict[str, Any]]:
        """Return them as JSON data."""
        return [
            {
                "check": one.check.code,
                "severity": one.check.severity.value,
                "key": one.key,
                "title": self._items[one.key].get("title", ""),
                "file": place.file,
                "line": place.line,
                "field": one.finding.field,
                "message": message_of(one, self._items),
                "mended": one.finding.mended,
                "safe": one.finding.safe,
            }
            for one, place in self._placed()
        ]

    def count(self, severity: Severity) -> int:
        """Return how many there are of a severity."""
        return sum(one.check.severity is severity for one in self.found)

    def sum_up(self, output: Output) -> None:
        """Print how many there are, of which check, and what can be mended."""
        if not self.found:
            return
        counts = Counter(one.check.code for one in self.found)
        parts = [
            f"{code} {number(n)}" for code, n in sorted(counts.items(), key=lambda pair: -pair[1])
        ]
        if not output.quiet:
            output.spans([(" · ".join(parts), "")], err=True, indent=2)
        kinds = [(s, self.count(s)) for s in Severity]
        texts = [f"{number(n)} {severity_word(severity)}" for severity, n in kinds if n]
        items = len({one.key for one in self.found})
        line = ngettext("In {n} item: {counts}.", "In {n} items: {counts}.", items)
        style = "red" if kinds[0][1] else "yellow"
        output.say(line.format(n=number(items), counts=", ".join(texts)), style=style)

    def offer_fix(self, output: Output) -> None:
        """Say how what is safe to mend is mended, where there is any."""
        safe = sum(one.finding.safe and bool(one.finding.mended) for one in self.found)
        if safe:
            line = ngettext(
                "{n} can be mended: zotsync check --fix",
                "{n} can be mended: zotsync check --fix",
                safe,
            )
            output.say(line.format(n=number(safe)))
