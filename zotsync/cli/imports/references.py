"""References from files: read, compared with what is here, shown, agreed on, and written as one run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from zotsync.bibliography.files import told
from zotsync.bibliography.paths import PathError, find_path, tree_paths
from zotsync.bibliography.shapes import ShapeError, check_path
from zotsync.cli.frame.failure import problem_document, tell
from zotsync.cli.frame.opening import Opened
from zotsync.cli.frame.session import Session
from zotsync.cli.imports.agreeing import agreed
from zotsync.cli.imports.evidence_view import show_beside
from zotsync.cli.imports.proposal_view import proposal_document, show_left
from zotsync.cli.imports.references_view import (
    additions_document,
    show_arrivals,
    show_there,
    there_document,
)
from zotsync.cli.syncing.difference import names_of
from zotsync.errors import FileError, Place, PluginError, Problem, UsageError
from zotsync.figures import number
from zotsync.handout.proxies import Proxies
from zotsync.i18n import _, ngettext
from zotsync.incoming.plan import Arrivals
from zotsync.incoming.shelving import Shelving
from zotsync.model import is_key
from zotsync.plugins.incoming import Beside, Reference, Source, Unread, UnreadableError
from zotsync.plugins.plugin import Plugin
from zotsync.plugins.registry import installed, named
from zotsync.proposal import Proposal

_HEAD = 4_000
"""Bytes of a file by which its format is recognised."""
_MOST_BYTES = 100_000_000
PASTED = "<stdin>"
"""What errors call what was pasted."""
_ANYTHING = ("csv", "handout")
"""Formats that nearly every text looks like."""


@dataclass(frozen=True)
class Asked:
    """What the options say."""

    form: str | None
    collections: tuple[str, ...]
    columns: tuple[str, ...]
    dry_run: bool
    command: str = "import"


@dataclass(frozen=True)
class Gathered:
    """What was read, before it is compared with what is here."""

    references: list[Reference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    beside: list[Beside] = field(default_factory=list)

    def take(
        self, found: Iterable[Reference | Unread | Beside], file: str, named_after: str = ""
    ) -> None:
        """Take what was read of a file."""
        for one in found:
            if isinstance(one, Reference):
                self.references.append(replace(one, place=f"{named_after}{one.place}"))
            elif isinstance(one, Beside):
                self.beside.append(one)
            else:
                self.problems.append(Problem(f"{one.place}: {one.reason}", Place(file)))


def import_references(
    session: Session, opened: Opened, files: Sequence[Path], asked: Asked
) -> dict[str, Any]:
    """Show what files of references bring, ask, and write it; return it as JSON data."""
    columns = dict(map(_column, asked.columns))
    gathered = Gathered()
    for file in files:
        named_after = f"{file.name} " if len(files) > 1 else ""
        found = _read_file(opened, file, asked.form, columns)
        gathered.take(found, str(file), named_after)
    opened.bars.stop()
    named = [str(file.absolute()) for file in files]
    return {"files": named, **take_in(session, opened, gathered, asked)}


def pasted(opened: Opened, data: bytes, form: str | None) -> Gathered:
    """Return the references of what somebody has pasted."""
    plugin = _plugin(opened, Path(PASTED), data[:_HEAD], form)
    gathered = Gathered()
    gathered.take(_read(plugin, Source(data, opened.schema, {}, PASTED)), PASTED)
    return gathered


def take_in(session: Session, opened: Opened, gathered: Gathered, asked: Asked) -> dict[str, Any]:
    """Show what references bring, ask, and write it; return it as JSON data."""
    into = tuple(_collection(opened, name) for name in asked.collections)
    problems = gathered.problems
    proxies = Proxies.of(opened.config.proxy)
    shelving = Shelving(opened.engine.collections(), into)
    arrivals = Arrivals(opened.schema, opened.engine.items(), proxies, shelving)
    arrivals.take(gathered.references)
    names = names_of(opened)
    for problem in problems:
        tell(_("Not read"), problem, "yellow", plain=not session.output.color)
    if not session.json:
        show_arrivals(session.output, opened.schema, arrivals, names)
        show_beside(session.output, gathered.beside)
        if asked.command != "import":
            show_there(session.output, arrivals)
    proposal = Proposal(tuple(arrivals.corrections), additions=tuple(arrivals.additions))
    counts = _carried_out(session, opened, proposal, names, asked)
    waits = counts.pop("waits") + len(problems)
    return {
        "additions": additions_document(arrivals),
        "corrections": proposal_document(proposal)["corrections"],
        "there": there_document(arrivals),
        "unread": [problem_document(problem) for problem in problems],
        "beside": [one.text for one in gathered.beside],
        **counts,
        "waits": waits,
    }


def _carried_out(
    session: Session, opened: Opened, proposal: Proposal, names: Mapping[str, str], asked: Asked
) -> dict[str, int]:
    """Write what is agreed to; return the run, what was written, and what waits for somebody."""
    taken = replace(proposal, corrections=(), additions=())
    if (proposal.corrections or proposal.additions) and not asked.dry_run:
        taken = agreed(session, opened.schema, proposal, names)
    sum_taken = len(taken.corrections) + len(taken.additions)
    doubtful = [c for c in proposal.corrections if c.doubt and c not in taken.corrections]
    doubted = [a for a in proposal.additions if a.doubt and a not in taken.additions]
    waits = len(doubtful) + len(doubted)
    if not sum_taken:
        return {"run": 0, "added": 0, "written": 0, "waits": waits}
    imported = opened.engine.write_agreed(taken, asked.command)
    added = len(taken.additions) - len(imported.missed)
    written = len(taken.corrections) - len(imported.left)
    session.output.say(
        ngettext("{n} item added.", "{n} items added.", added).format(n=number(added))
    )
    if taken.corrections:
        line = ngettext("{n} field filled in.", "{n} fields filled in.", written)
        session.output.say(line.format(n=number(written)))
    session.output.say(
        _("To have them in Zotero too: zotsync sync. To take them back: zotsync undo")
    )
    if not session.json:
        show_left(session.output, opened.schema, imported.left, names)
    waits += len(imported.left) + len(imported.missed)
    return {"run": imported.run, "added": added, "written": written, "waits": waits}


def _column(text: str) -> tuple[str, str]:
    heading, equals, meaning = text.rpartition("=")
    if not (equals and heading.strip() and meaning.strip()):
        hint = _("For example: --map Cote=callNumber")
        raise UsageError(
            _("--map {value} does not name a column and a field.").format(value=text), hint=hint
        )
    return heading.strip(), meaning.strip()


def _collection(opened: Opened, name: str) -> str:
    """Return the path of a collection that is named by path or key; it need not be there yet."""
    tree = opened.engine.collections()  # keys that are not written down yet are others every time
    paths = tree_paths(tree)
    if is_key(name) and name in paths:
        return paths[name]
    try:
        check_path(name)
        found = find_path(tree, name)
    except (ShapeError, PathError) as exc:
        raise UsageError(_("{name} names no single collection.").format(name=name)) from exc
    return paths[found] if found else name


def _read_file(
    opened: Opened, file: Path, form: str | None, columns: Mapping[str, str]
) -> list[Reference | Unread | Beside]:
    """Return a file's references, what cannot be read in it, and what belongs to none."""
    plugin = _plugin(opened, file, _head(file), form)
    with told(file):
        if file.stat().st_size > _MOST_BYTES:
            raise FileError(_("The file is too large: more than 100 MB."), place=Place(str(file)))
        data = file.read_bytes()
    return _read(plugin, Source(data, opened.schema, columns, str(file)))


def _read(plugin: Plugin, source: Source) -> list[Reference | Unread | Beside]:
    """Return what an importer reads."""
    try:
        return plugin.references(source)
    except UnreadableError as exc:
        if exc.hint:
            raise FileError(str(exc), place=Place(source.name), hint=exc.hint) from exc
        message = _("Not readable as {form}. {reason}").format(form=plugin.name, reason=exc)
        hint = _("Name its format, if it is another: --format FORMAT")
        raise FileError(message, place=Place(source.name), hint=hint) from exc


def _plugin(opened: Opened, file: Path, head: bytes, form: str | None) -> Plugin:
    """Return the importer that is named, else the one for a file that begins so."""
    return named("importer", form, opened.tell) if form else _recognised(opened, file, head)


def _head(file: Path) -> bytes:
    """Return how a file begins; nothing of one that is not there, which is told later."""
    if not file.is_file():
        return b""
    with told(file), file.open("rb") as handle:
        return handle.read(_HEAD)


def _recognised(opened: Opened, file: Path, head: bytes) -> Plugin:
    """Return the importer for a file: by its ending and its beginning, else by its beginning alone."""
    ending = file.suffix.lower().lstrip(".")
    by_ending: list[Plugin] = []
    by_head: list[Plugin] = []
    for plugin in installed("importer", opened.tell):
        try:
            ends = ending in plugin.importer().endings
            fits = plugin.recognises(head)
        except PluginError as exc:  # the others work all the same
            opened.tell(exc.problem)
            continue
        by_ending += [plugin] if ends else []
        by_head += [plugin] if fits and (ends or plugin.name != "csv") else []
    both = [plugin for plugin in by_ending if plugin in by_head]
    strict = [plugin for plugin in by_ending if plugin.name not in _ANYTHING]
    for found in (both, strict, by_head, by_ending):
        if found:
            return found[0]
    message = _("A file of this kind cannot be imported.")
    known = ", ".join(dict.fromkeys(plugin.name for plugin in installed("importer")))
    hint = _(
        "Save it as .docx or .odt if it is a handout; else name its format: --format FORMAT. "
        "Known are: {names}."
    )
    raise UsageError(message, place=Place(str(file)), hint=hint.format(names=known))
