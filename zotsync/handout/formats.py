"""The formats a handout is written in: name -> writer, each loaded where it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TypeAlias

from zotsync.handout.entry import Document
from zotsync.handout.theming.themes import Theme

Writer: TypeAlias = Callable[[Document, Theme, Callable[[], None]], bytes]
"""(document, theme, called after each entry) -> the bytes of the file."""

_WRITERS: Mapping[str, tuple[str, str]] = {
    "docx": ("word", "to_word"),
    "html": ("html", "to_html"),
    "pdf": ("pdf", "to_pdf"),
    "md": ("markdown", "to_markdown"),
    "odt": ("opendocument", "to_odt"),
    "txt": ("text", "to_text"),
}
FORMATS = tuple(_WRITERS)
"""Their names are also what their files end with."""


def writer_of(form: str) -> Writer:
    """Return the writer of a format of `FORMATS`."""
    module, function = _WRITERS[form]
    writer: Writer = getattr(import_module(f"zotsync.handout.writers.{module}"), function)
    return writer
