"""BibLaTeX: more types and fields than BibTeX, and dates with ranges."""

from __future__ import annotations

from zotsync.csljson.dates import csl_date, is_read_whole
from zotsync.i18n import N_
from zotsync.plugins.contract import Export, Exporter
from zotsync.plugins.exporters import latex
from zotsync.plugins.exporters.bibfile import Reference, bib_file

TYPES = {
    "artwork": "artwork",
    "audioRecording": "audio",
    "bill": "legislation",
    "blogPost": "online",
    "book": "book",
    "bookSection": "incollection",
    "case": "jurisdiction",
    "computerProgram": "software",
    "conferencePaper": "inproceedings",
    "dataset": "dataset",
    "dictionaryEntry": "inreference",
    "email": "letter",
    "encyclopediaArticle": "inreference",
    "film": "movie",
    "forumPost": "online",
    "hearing": "jurisdiction",
    "instantMessage": "letter",
    "journalArticle": "article",
    "letter": "letter",
    "magazineArticle": "article",
    "manuscript": "unpublished",
    "newspaperArticle": "article",
    "patent": "patent",
    "podcast": "audio",
    "preprint": "online",
    "presentation": "unpublished",
    "radioBroadcast": "audio",
    "report": "report",
    "standard": "standard",
    "statute": "legislation",
    "thesis": "thesis",
    "tvBroadcast": "video",
    "videoRecording": "video",
    "webpage": "online",
}
"""Item type -> entry type; the others are `misc`."""
_SUBTYPES = {"magazineArticle": "magazine", "newspaperArticle": "newspaper"}
_WITHIN = {
    "article": "journaltitle",
    "inbook": "booktitle",
    "incollection": "booktitle",
    "inproceedings": "booktitle",
    "inreference": "booktitle",
}
_HOUSES = {"thesis": "institution", "report": "institution", "online": "organization"}
_ROLES = {
    "editor": "editor",
    "bookauthor": "bookAuthor",
    "translator": "translator",
    "commentator": "commenter",
}
"""BibLaTeX's names -> creator types."""
_TEXTS = {
    "shorttitle": "shortTitle",
    "volume": "volume",
    "volumes": "numberOfVolumes",
    "edition": "edition",
    "version": "versionNumber",
    "location": "place",
    "origlocation": "originalPlace",
    "origpublisher": "originalPublisher",
    "pagetotal": "numPages",
    "type": "type",
    "howpublished": "medium",
    "part": "partNumber",
    "shortjournal": "journalAbbreviation",
    "venue": "eventPlace",
    "isbn": "ISBN",
    "issn": "ISSN",
    "doi": "DOI",
    "url": "url",
    "lccn": "callNumber",
    "rights": "rights",
    "abstract": "abstractNote",
    "note": "extra",
}
_LANGUAGES = {
    "fr": "french",
    "en": "english",
    "de": "german",
    "es": "spanish",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
}
_SEASONS = {
    **dict.fromkeys(("printemps", "spring"), 21),
    **dict.fromkeys(("été", "summer"), 22),
    **dict.fromkeys(("automne", "autumn", "fall"), 23),
    **dict.fromkeys(("hiver", "winter"), 24),
}


def write_biblatex(export: Export) -> bytes:
    """Return the references, an entry each."""
    return bib_file(export, _type, _told)


def _type(reference: Reference) -> str:
    if reference.item_type == "bookSection" and reference.names(["bookAuthor"]):
        return "inbook"
    return TYPES.get(reference.item_type, "misc")


def _told(reference: Reference, kind: str) -> dict[str, str]:
    series = "series" if reference.value("series") else "seriesTitle"
    event = "conferenceName" if reference.value("conferenceName") else "meetingName"
    within = _WITHIN.get(kind, "titleaddon")
    return {
        **_people(reference),
        **reference.texts({"title": "title", within: "publicationTitle"}),
        "entrysubtype": _SUBTYPES.get(reference.item_type, ""),
        **reference.texts({"series": series, "eventtitle": event}),
        **_number(reference, kind),
        **_date("", reference.value("date")),
        **_date("orig", reference.value("originalDate")),
        "pages": reference.pages(),
        **reference.texts({_HOUSES.get(kind, "publisher"): "publisher"}),
        **reference.texts(_TEXTS),
        **_eprint(reference),
        "urldate": reference.accessed(),
        **_language(reference.value("language")),
        "keywords": reference.keywords(),
    }


def _people(reference: Reference) -> dict[str, str]:
    primary = reference.primary()
    found = {"author": reference.names(primary)}
    found |= {name: reference.names([role]) for name, role in _ROLES.items()}
    known = {*primary, *_ROLES.values(), "seriesEditor"}
    if series := reference.names(["seriesEditor"]):
        found |= {"editora": series, "editoratype": "redactor"}
    others = {c["creatorType"] for c in reference.fields.get("creators", ())} - known
    if others:
        found |= {"editorb": reference.names(others), "editorbtype": "collaborator"}
    return found


def _number(reference: Reference, kind: str) -> dict[str, str]:
    """Return `number`; of a journal whose issue is no number, `issue`."""
    issue = reference.value("issue")
    if issue:
        name = "number" if kind != "article" or issue[:1].isdigit() else "issue"
        return reference.texts({name: "issue"})
    base = "number" if reference.value("number") else "seriesNumber"
    return reference.texts({"number": base})


def _eprint(reference: Reference) -> dict[str, str]:
    if pubmed := reference.value("PMID"):
        return {"eprint": latex.escaped(pubmed), "eprinttype": "pubmed"}
    name, colon, number = (
        reference.value("number") if reference.item_type == "preprint" else ""
    ).partition(":")
    if colon and name.lower() == "arxiv":
        return {"eprint": latex.escaped(number.strip()), "eprinttype": "arxiv"}
    return {}


def _language(language: str) -> dict[str, str]:
    known = _LANGUAGES.get(language[:2].lower(), "")
    return {"langid": known, "language": "" if known else latex.escaped(language)}


def _date(prefix: str, text: str) -> dict[str, str]:
    """Return a date in EDTF; what cannot be read as the year, as it stands."""
    read = csl_date(text)
    parts = read.get("date-parts")
    season = _SEASONS.get(str(read.get("season", "")).lower(), 0)
    if not parts or (read.get("season") and not season) or not is_read_whole(text):
        return {f"{prefix}year": latex.escaped(text)}
    about = "~" if read.get("circa") else ""
    days = ["-".join([_year(p[0]), *(f"{part:02}" for part in p[1:])]) + about for p in parts]
    return {f"{prefix}date": "/".join(days) + (f"-{season}" if season else "")}


def _year(year: int) -> str:
    return f"{year:05}" if year < 0 else f"{year:04}"


BIBLATEX = Exporter(N_("BibLaTeX, for LaTeX with biblatex"), "bib", write_biblatex)
