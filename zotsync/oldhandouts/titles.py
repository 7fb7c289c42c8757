"""A title without what stands at its edges: stops, quotation marks, the names behind a stroke. Pure."""

from __future__ import annotations

import re

from zotsync.oldhandouts import cues
from zotsync.oldhandouts.people import people
from zotsync.oldhandouts.values import DOUBTFUL


def titled(text: str) -> str:
    """Return a title without the full stop, the dash or the lone quotation mark at its end."""
    said = cues.ONLINE.sub("", _without_names(text)).strip().strip("–—•|/").strip(" ,;")
    if said.endswith(".") and not re.search(r"\.\.$|\b(?:etc|vol|[A-Z])\.$", said):
        said = said[:-1].rstrip()
    for one, other in (("«", "»"), ("“", "”"), ("(", ")")):
        if said.endswith(other) and said.count(other) > said.count(one):
            said = said[:-1].rstrip()
        if said.startswith(one) and said.count(one) > said.count(other):
            said = said[1:].lstrip()
    quoted = re.fullmatch(r"«\s*([^«»]+?)\s*»|“([^“”]+)”|\"([^\"]+)\"", said)
    said = next((g for g in quoted.groups() if g), said) if quoted else said
    return said.removesuffix(" :").removesuffix(":").rstrip()


def _without_names(text: str) -> str:
    """Return a title without « / Luc Roy », as catalogues print it."""
    title, stroke, behind = text.partition(" / ")
    who = people(behind) if stroke else None
    told = who is not None and who.are_persons and who.confidence > DOUBTFUL
    return title if told else text
