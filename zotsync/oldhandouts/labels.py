"""Lines that say what they are: « Mots-clés : », « Cote : », « ISBN : »… Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zotsync.oldhandouts import cues
from zotsync.oldhandouts.values import LIKELY, SURE, Found

_TAGS = re.compile(r"(?i)mots?[- ]?cl|descripteur|th[èe]me|tag|sujet|indexation")
_SHELF = re.compile(r"(?i)cote|localisation")
_PLAIN = (
    (re.compile(r"(?i)isbn|ean"), "ISBN"),
    (re.compile(r"(?i)issn"), "ISSN"),
    (re.compile(r"(?i)doi"), "DOI"),
    (re.compile(r"(?i)(?:date|ann[ée]e)"), "date"),
    (re.compile(r"(?i)collection"), "series"),
    (re.compile(r"(?i)langue"), "language"),
    (re.compile(r"(?i)lieu"), "place"),
    (re.compile(r"(?i)article en page"), "pages"),
    (re.compile(r"(?i)importance|pagination|nombre de pages|pages?"), "numPages"),
)
_RANGE = re.compile(r"\d+\s?[-–]\s?\d+")
_NUMBER = re.compile(r"\d+")
KINDS = (
    (re.compile(r"(?i)article"), "journalArticle"),
    (re.compile(r"(?i)ouvrage|livre|imprim"), "book"),
    (re.compile(r"(?i)th[èe]se|m[ée]moire"), "thesis"),
    (re.compile(r"(?i)rapport|guide|étude"), "report"),
    (re.compile(r"(?i)site|page"), "webpage"),
    (re.compile(r"(?i)vid[ée]o|film|dvd"), "videoRecording"),
    (re.compile(r"(?i)chapitre|contribution"), "bookSection"),
)


def labelled(text: str) -> Iterator[Found]:
    """Yield the fields of a labelled line; nothing for labels that no field has."""
    label = cues.LABEL.match(text)
    if not label:
        return
    name, said = label["label"], text[label.end() :].strip()
    if _TAGS.match(name):
        pieces = (
            re.split(r"\s*;\s*|\s+/\s+|\s+[–•|]\s+", said)
            if re.search(r";| / | [–•|] ", said)
            else said.split(",")
        )
        tags = [tag for piece in pieces if (tag := piece.strip(" .,#"))]
        yield Found("tags", [{"tag": tag} for tag in tags], SURE, text)
    elif _SHELF.match(name):
        yield Found("callNumber", said, SURE, text)
    elif re.match(r"(?i)type", name):
        kind = next((kind for sign, kind in KINDS if sign.search(said)), "")
        if kind:
            yield Found("itemType", kind, SURE, text)
    else:
        yield from _plain(name, said.rstrip(". "), text)


def _plain(name: str, said: str, text: str) -> Iterator[Found]:
    field = next((field for sign, field in _PLAIN if sign.match(name)), "")
    if field == "date":
        yield Found(field, cues.iso(said), SURE, text)
    elif field in {"numPages", "pages"} and (range_ := _RANGE.search(said)):
        yield Found("pages", re.sub(r"\s?[-–]\s?", "-", range_[0]), SURE, text)
    elif field == "numPages":
        if found := _NUMBER.search(said):
            yield Found(field, found[0], LIKELY, text)
    elif field:
        yield Found(field, said, SURE, text)
