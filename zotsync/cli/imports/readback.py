"""From a corrected handout to what it proposes: which handout, which printing, what changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from zotsync.cli.frame.opening import Opened
from zotsync.cli.handouts.rendering import (
    find_handout,
    handout_names,
    house_of,
    library_from,
    shown,
    theme_of,
)
from zotsync.cli.imports.newfiles import (
    document_with,
    keys_since,
    left_for_a_sync,
    printing_with,
)
from zotsync.errors import Place, UsageError
from zotsync.handout.handoutfile import read_handout
from zotsync.handout.keeping.printed import Printed, printed_of
from zotsync.handout.keeping.printings import PRINTED, remembered_lines
from zotsync.handout.readback.matching import likeness
from zotsync.handout.readback.paragraphs import Corrected
from zotsync.handout.readback.plan import Readback
from zotsync.handout.readback.reading import read_document
from zotsync.handout.render import composed
from zotsync.i18n import _
from zotsync.proposal import Proposal
from zotsync.sync.applying.importing import with_older


def corrected_handout(opened: Opened, file: Path, asked: str | None) -> Proposal:
    """Return what a corrected document proposes.

    Raises:
        FileError: the document cannot be read.
        UsageError: it cannot be told which handout it is.

    """
    here = opened.engine.here()
    keys = keys_since(here)
    document = document_with(read_document(file), keys)
    name, was = _printing(opened, document, file, asked, keys)
    path = find_handout(opened.workspace, name)
    handout = read_handout(path, shown(opened.workspace, path))
    library = library_from(here, opened.engine.conflicts())
    theme = theme_of(opened, handout, was.theme if was else None)
    overrides = was.overrides if was else {}
    made = composed(handout, library, theme, opened.schema, house_of(opened), overrides)
    now = printed_of(made.document)
    readback = Readback(
        document, was or now, now, handout, library, made.rules, from_record=was is not None
    )
    proposal = left_for_a_sync(readback.proposal(), here)
    return proposal if was else with_older(opened.engine.state, proposal)


def _printing(
    opened: Opened, document: Corrected, file: Path, asked: str | None, keys: Mapping[str, str]
) -> tuple[str, Printed | None]:
    """Return the handout, and what it said when the document was printed, if that is known.

    Of several printings, the one that explains most of the document; of equal ones the newest.
    """
    names = [asked] if asked else handout_names(opened.workspace)
    folder = opened.workspace.private / PRINTED
    best: tuple[tuple[int, int], str, Printed | None] = ((0, 0), "", None)
    for name in names:
        for remembered in remembered_lines(folder, Path(name).stem):
            printed = printing_with(remembered, keys) if keys else remembered
            score = likeness(printed, document.paragraphs)
            if score > best[0]:
                best = (score, name, printed)
    if best[1]:
        return best[1], best[2]
    return _guessed(names, file), None


def _guessed(names: Sequence[str], file: Path) -> str:
    """Return the handout that a document is called after, or the only one there is."""
    called = sorted((n for n in names if file.stem.startswith(n)), key=len)
    if called or len(names) == 1:
        return called[-1] if called else names[0]
    raise UsageError(
        _("Which handout this document was printed from cannot be told."),
        place=Place(str(file)),
        hint=_("Name it: --handout HANDOUT"),
    )
