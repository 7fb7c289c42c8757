"""What becomes of what is more than a field: creators, tags, relations, a note's text. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zotsync.model import normal_text
from zotsync.sandbox.rules.checks import MAX_NAME, MAX_NOTE, check_length
from zotsync.sandbox.rules.notes import excerpt, sanitized
from zotsync.sandbox.rules.refused import RefusedError

Data = Mapping[str, Any]


def creators(sent: Sequence[Data]) -> list[dict[str, str]]:
    """Return creators as they are kept: ● those without any name are dropped."""
    kept = []
    for creator in sent:
        if "name" in creator:
            clean = {"name": normal_text(creator["name"])}
        else:
            parts = ("firstName", "lastName")
            clean = {part: normal_text(creator.get(part, "")) for part in parts}
        for text in clean.values():
            check_length("Creator value", text, limit=MAX_NAME, size=len(text))
        if any(clean.values()):
            kept.append({"creatorType": str(creator["creatorType"])} | clean)
    return kept


def note(value: Any, owner: str) -> str:
    """Return a note's text as it is kept; a refusal names the `owner` of one that is too long."""
    text = value if isinstance(value, str) else ""
    if len(text) > MAX_NOTE:
        whose = f" for item '{owner}'" if owner else ""
        raise RefusedError(413, f"Note '{excerpt(text)}...' too long{whose}")
    return sanitized(normal_text(text))


def tags(sent: Sequence[Data]) -> list[dict[str, Any]]:
    """Return tags as they are kept.

    ● Trimmed, blanks and exact doubles dropped, sorted; type 0 is left out.
    """
    pairs = {(normal_text(str(t["tag"])), int(t.get("type", 0))) for t in sent}
    for tag, _type in pairs:
        check_length("Tag", tag, limit=MAX_NAME, size=len(tag))
    return [{"tag": t, "type": k} if k else {"tag": t} for t, k in sorted(pairs) if t]


def relations(sent: Any) -> dict[str, Any]:
    """Return relations as they are kept, of an object or of the empty array some clients send."""
    return one_or_many(
        (predicate, str(uri))
        for predicate, objects in dict(sent or {}).items()
        for uri in (objects if isinstance(objects, list) else [objects])
    )


def one_or_many(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return relations as answers show them: ● one value of a predicate is a string."""
    gathered: dict[str, list[str]] = {}
    for predicate, uri in sorted(set(pairs)):
        gathered.setdefault(predicate, []).append(uri)
    return {p: uris[0] if len(uris) == 1 else uris for p, uris in gathered.items()}
