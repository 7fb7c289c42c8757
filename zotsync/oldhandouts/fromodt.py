"""An .odt as lines, read as a corrected handout is."""

from __future__ import annotations

from collections.abc import Iterator

from zotsync.handout.entry import Face, Mark, Role, Run
from zotsync.handout.readback.odt import odt_paragraphs
from zotsync.handout.readback.packages import Package
from zotsync.handout.readback.paragraphs import Paragraph
from zotsync.oldhandouts.blocks import Block, Look, Pages
from zotsync.oldhandouts.lines import Seen, line_of

_LEVELS = {Role.SECTION: 1}


def odt_pages(package: Package) -> Pages:
    """Return what the text of an .odt holds."""
    read = odt_paragraphs(package)
    return Pages(tuple(_blocks(read.paragraphs)), dropped=tuple(one.text for one in read.comments))


def _blocks(paragraphs: tuple[Paragraph, ...]) -> Iterator[Block]:
    gap = 0.0
    for paragraph in paragraphs:
        lines: list[list[Run]] = [[]]
        for run in paragraph.runs:
            if run.mark is Mark.NUMBER:
                continue
            for at, piece in enumerate(run.text.split("\n")):
                if at:
                    lines.append([])
                lines[-1].append(run._replace(text=piece))
        for line in lines:
            text = "".join(run.text for run in line).strip()
            if not text:
                gap += 1
                continue
            runs = [
                Seen(r.text, Face.BOLD in r.faces, Face.ITALIC in r.faces, url=r.url) for r in line
            ]
            role = paragraph.role
            level = _LEVELS.get(role, 0) if role else 0
            look = Look(role.value if role else "", level=level)
            yield line_of(text, runs, look, gap, marked=False)
            gap = 0.0
