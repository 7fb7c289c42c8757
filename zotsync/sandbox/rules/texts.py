"""How the server writes JSON, and compares texts. Pure."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

# ● A blank follows each colon in the answers of Zotero.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ": "))


def dumps(value: Any) -> str:
    """Return JSON as answers have it."""
    return _ENCODER.encode(value)


def folded(text: str) -> str:
    """Return a text without case and accents: so Zotero compares and sorts."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()
