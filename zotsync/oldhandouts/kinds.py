"""Which item type an entry is, and what its fields are called there. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from zotsync.oldhandouts import known
from zotsync.oldhandouts.names import is_institution
from zotsync.oldhandouts.source import Origin
from zotsync.oldhandouts.values import DOUBTFUL, LIKELY, SURE

_COMMON = {
    "title",
    "shortTitle",
    "creators",
    "abstractNote",
    "date",
    "url",
    "accessDate",
    "libraryCatalog",
    "callNumber",
    "language",
    "extra",
    "tags",
}
_PERIODICAL = {"publicationTitle", "volume", "issue", "pages", "ISSN"}
_LACKING = {
    kind: {"libraryCatalog", "callNumber"}
    for kind in ("presentation", "podcast", "webpage", "blogPost")
} | {"statute": {"libraryCatalog", "callNumber", "title", "date", "tags"}}
FIELDS: Mapping[str, frozenset[str]] = {
    kind: frozenset((_COMMON | own) - _LACKING.get(kind, set()))
    for kind, own in {
        "journalArticle": _PERIODICAL | {"section", "DOI"},
        "magazineArticle": _PERIODICAL,
        "newspaperArticle": {"publicationTitle", "place", "edition", "section", "pages", "ISSN"},
        "book": {
            "series",
            "seriesNumber",
            "volume",
            "edition",
            "place",
            "publisher",
            "numPages",
            "ISBN",
        },
        "bookSection": {
            "bookTitle",
            "series",
            "seriesNumber",
            "volume",
            "edition",
            "place",
            "publisher",
            "pages",
            "ISBN",
        },
        "thesis": {"thesisType", "university", "place", "numPages"},
        "statute": {"nameOfAct", "dateEnacted", "publicLawNumber", "code", "section"},
        "report": {"reportType", "reportNumber", "seriesTitle", "place", "institution", "pages"},
        "presentation": {"presentationType", "place", "meetingName"},
        "videoRecording": {
            "videoRecordingFormat",
            "seriesTitle",
            "volume",
            "place",
            "studio",
            "runningTime",
            "ISBN",
        },
        "podcast": {"seriesTitle", "episodeNumber", "runningTime"},
        "webpage": {"websiteTitle"},
        "blogPost": {"blogTitle"},
        "document": {"publisher"},
    }.items()
}
"""Item type -> the fields that are read for it."""
_NAMES: Mapping[str, Mapping[str, str]] = {
    "statute": {"title": "nameOfAct", "date": "dateEnacted", "number": "publicLawNumber"},
    "thesis": {"publisher": "university"},
    "report": {
        "publisher": "institution",
        "numPages": "pages",
        "publicationTitle": "institution",
        "series": "seriesTitle",
    },
    "webpage": {"publisher": "websiteTitle", "publicationTitle": "websiteTitle"},
    "blogPost": {"publisher": "blogTitle", "publicationTitle": "blogTitle"},
    "videoRecording": {"publisher": "studio", "series": "seriesTitle"},
    "presentation": {"publisher": "meetingName"},
    "podcast": {
        "publisher": "seriesTitle",
        "publicationTitle": "seriesTitle",
        "issue": "episodeNumber",
        "series": "seriesTitle",
    },
}
_CREATORS: Mapping[str, Mapping[str, str]] = {
    "presentation": {
        "author": "presenter",
        "editor": "contributor",
        "translator": "contributor",
    },
    "videoRecording": {
        "author": "director",
        "editor": "contributor",
        "translator": "contributor",
    },
    "podcast": {"author": "podcaster", "editor": "contributor", "translator": "contributor"},
    "thesis": {"editor": "contributor", "translator": "contributor"},
    "report": {"editor": "contributor"},
    "webpage": {"editor": "contributor"},
    "blogPost": {"editor": "contributor", "author": "author", "translator": "contributor"},
    "magazineArticle": {"editor": "contributor"},
    "newspaperArticle": {"editor": "contributor"},
}
_LEADS = (
    (re.compile(r"(?i)^\W*article\b"), "journalArticle"),
    (re.compile(r"(?i)^\W*(?:ouvrage|livre)\b"), "book"),
    (re.compile(r"(?i)^\W*(?:contribution|chapitre)\b"), "bookSection"),
    (re.compile(r"(?i)^\W*(?:th[èe]se|m[ée]moire)\b"), "thesis"),
    (re.compile(r"(?i)^\W*(?:rapport|guide|étude)\b"), "report"),
    (re.compile(r"(?i)^\W*(?:film|documentaire)\b"), "videoRecording"),
)
"""« Article de … », as some say before the names."""
_BLOG = re.compile(r"(?i)hypotheses\.org|\bblogs?\b|wordpress|over-blog|blogspot")
_FILE = re.compile(r"(?i)\.pdf(?:$|[?#])")


class Kind(NamedTuple):
    """An item type, how sure it is, and words that name a kind of it (« Guide pratique »)."""

    name: str
    confidence: float
    genre: str = ""


def kind_of(
    origin: Origin, title: str, names: str, creators: tuple[dict[str, str], ...], url: str
) -> Kind:
    """Return the type of an entry."""
    told = next((kind for sign, kind in _LEADS if names and sign.match(names)), "")
    fields = {one.name for one in origin.peeled.found}
    if told and told != "journalArticle":
        return Kind(told, SURE)
    if origin.kind == "thesis":
        return Kind("thesis", SURE)
    if fields & {"reportType", "reportNumber"} and not fields & {"issue", "ISBN"}:
        return Kind("report", LIKELY)
    if origin.journal and ("issue" in fields or "volume" in fields or "pages" in fields or told):
        return _article(origin, fields)
    if told:
        return Kind(told, LIKELY)
    if origin.container:
        return Kind("bookSection", SURE if fields & {"publisher", "pages"} else LIKELY)
    film = "runningTime" in fields and "publicationTitle" not in fields
    if (origin.kind or film) and not fields & {"ISBN", "numPages", "series"}:
        return Kind(origin.kind or "videoRecording", LIKELY, origin.kind_text)
    if "publicationTitle" in fields:
        return _article(origin, fields)
    printed = fields & {"numPages", "place"} or _FILE.search(url)
    if printed and "ISBN" not in fields and _is_its_own(origin, creators):
        return Kind("report", LIKELY, known.kind_of_report(title))
    return _monograph(origin, title, creators, url, fields)


def _article(origin: Origin, fields: set[str]) -> Kind:
    name = origin.journal.casefold().strip(" .")
    if name in known.MAGAZINES:
        return Kind("magazineArticle", LIKELY)
    if name in known.NEWSPAPERS:
        return Kind("newspaperArticle", LIKELY)
    return Kind("journalArticle", SURE if "issue" in fields else LIKELY)


def _monograph(
    origin: Origin, title: str, creators: tuple[dict[str, str], ...], url: str, fields: set[str]
) -> Kind:
    publisher = next((str(f.value) for f in origin.peeled.found if f.name == "publisher"), "")
    genre = known.kind_of_report(title) or known.kind_of_report(" ".join(origin.rest))
    bodies = bool(creators) and all("name" in one for one in creators)
    house = bool(known.PUBLISHER.search(publisher)) or "ISBN" in fields or "series" in fields
    if house:
        return Kind("book", SURE if "numPages" in fields or "place" in fields else LIKELY)
    if re.match(r"(?i)universit[ée]\b", publisher) and not bodies:
        return Kind("thesis", DOUBTFUL)
    if genre and (bodies or (publisher and "place" not in fields) or _FILE.search(url)):
        return Kind("report", LIKELY, genre)
    if "place" in fields and publisher:
        return Kind("book", LIKELY)
    if bodies and (_FILE.search(url) or ("numPages" in fields and not publisher)):
        return Kind("report", DOUBTFUL)
    if publisher and url and not fields & {"numPages", "place"}:
        return Kind("webpage", DOUBTFUL)
    if publisher and is_institution(publisher) and not fields & {"place"}:
        return Kind("report", DOUBTFUL)
    if publisher or "numPages" in fields:
        return Kind("book", LIKELY if publisher and "date" in fields else DOUBTFUL)
    if url:
        return Kind(
            "blogPost" if _BLOG.search(url) else "webpage",
            LIKELY if "date" not in fields else DOUBTFUL,
        )
    return Kind("report" if bodies else "book" if "date" in fields else "document", DOUBTFUL)


def _is_its_own(origin: Origin, creators: tuple[dict[str, str], ...]) -> bool:
    publisher = next((str(f.value) for f in origin.peeled.found if f.name == "publisher"), "")
    return any(is_itself(publisher, one["name"]) for one in creators if "name" in one)


def is_itself(publisher: str, body: str) -> bool:
    """Return whether an institution published its own work: by its name, or by its first letters."""
    acronyms = not body.isupper()
    words = re.findall(r"[^\W\d_]+", body)
    words = [w for w in words if len(w) > 2 or (acronyms and w.isupper())]  # noqa: PLR2004
    first = "".join(w[0] for w in words if w.casefold() not in ("des", "les", "pour")).casefold()
    said = publisher.casefold().strip(" .")
    return bool(said) and (said == body.casefold().strip(" .") or (len(said) > 1 and said == first))


def field_name(kind: str, name: str) -> str:
    """Return what a field is called in a type; "" where the type has none."""
    own = _NAMES.get(kind, {}).get(name, name)
    return own if own in FIELDS[kind] else ""


def creator_type(kind: str, role: str) -> str:
    """Return the creator type that a type has for a role."""
    return _CREATORS.get(kind, {}).get(role, role)
