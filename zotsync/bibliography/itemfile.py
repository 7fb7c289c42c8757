"""Item files: read, made, and amended without losing a comment."""

from __future__ import annotations

from zotsync.bibliography.amending import amend_item_text
from zotsync.bibliography.reading import field_line, parse_item
from zotsync.bibliography.scanned import ItemText
from zotsync.bibliography.writing import new_item_text

__all__ = ["ItemText", "amend_item_text", "field_line", "new_item_text", "parse_item"]
