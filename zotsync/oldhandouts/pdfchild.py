"""Read a PDF in a process of its own: the file on stdin, its lines as JSON on stdout.

Whoever made the file decides how long reading it takes and how much memory: so it can be ended.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from typing import Any

_MOST_PAGES = 400
_MOST_LINES = 60_000
_MEMORY = 1_500 * 1024 * 1024
_CPU = 100
FAILED, LOCKED, LARGE = 3, 4, 5


def main(data: bytes) -> int:
    """Print the lines of a PDF: one JSON list for each; return an exit code."""
    _bounded()
    from pdfminer.high_level import extract_pages  # noqa: PLC0415
    from pdfminer.layout import LAParams  # noqa: PLC0415
    from pdfminer.pdfdocument import PDFPasswordIncorrect, PDFTextExtractionNotAllowed  # noqa: PLC0415

    count = 0
    try:
        pages = extract_pages(
            io.BytesIO(data),
            maxpages=_MOST_PAGES + 1,
            laparams=LAParams(all_texts=True, boxes_flow=None),
        )
        for number, page in enumerate(pages, 1):
            if number > _MOST_PAGES:
                return LARGE
            for line in _lines(page, number):
                count += 1
                if count > _MOST_LINES:
                    return LARGE
                sys.stdout.write(json.dumps(line) + "\n")
    except (PDFPasswordIncorrect, PDFTextExtractionNotAllowed):
        return LOCKED
    except (Exception, RecursionError):  # noqa: BLE001 - a process of its own: whatever happens, the file is damaged
        return FAILED
    return 0


def _bounded() -> None:
    """Set bounds of memory and time, where the system has them."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU, _CPU))


def _lines(element: Any, page: int) -> Iterator[list[Any]]:
    from pdfminer.layout import LTTextLine  # noqa: PLC0415

    if isinstance(element, LTTextLine):
        if element.get_text().strip():
            yield [page, *element.bbox, _pieces(element)]
    elif hasattr(element, "__iter__"):
        for child in element:
            yield from _lines(child, page)


def _pieces(line: Any) -> list[list[Any]]:
    """Return the stretches of a line: text, font, size. Blanks between words have no font."""
    pieces: list[list[Any]] = []
    for char in line:
        font, size = getattr(char, "fontname", ""), round(getattr(char, "size", 0.0), 1)
        text = char.get_text()
        if pieces and (not font or (pieces[-1][1], pieces[-1][2]) == (font, size)):
            pieces[-1][0] += text
        else:
            pieces.append([text, font, size])
    return pieces


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main(sys.stdin.buffer.read()))
