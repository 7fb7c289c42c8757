"""What types and fields of BibTeX and BibLaTeX are in Zotero, as its own import takes them. Pure data."""

from __future__ import annotations

import re

TYPES = {
    "article": "journalArticle",
    "artwork": "artwork",
    "audio": "audioRecording",
    "book": "book",
    "bookinbook": "bookSection",
    "booklet": "book",
    "collection": "book",
    "conference": "conferencePaper",
    "dataset": "dataset",
    "electronic": "webpage",
    "image": "artwork",
    "inbook": "bookSection",
    "incollection": "bookSection",
    "inproceedings": "conferencePaper",
    "inreference": "encyclopediaArticle",
    "jurisdiction": "case",
    "legislation": "statute",
    "letter": "letter",
    "manual": "book",
    "mastersthesis": "thesis",
    "misc": "document",
    "movie": "film",
    "music": "audioRecording",
    "mvbook": "book",
    "mvcollection": "book",
    "mvproceedings": "book",
    "mvreference": "book",
    "newspaper": "newspaperArticle",
    "online": "webpage",
    "patent": "patent",
    "performance": "presentation",
    "periodical": "document",
    "phdthesis": "thesis",
    "proceedings": "book",
    "reference": "book",
    "report": "report",
    "review": "journalArticle",
    "software": "computerProgram",
    "standard": "standard",
    "suppbook": "bookSection",
    "suppcollection": "bookSection",
    "suppperiodical": "journalArticle",
    "techreport": "report",
    "thesis": "thesis",
    "unpublished": "manuscript",
    "video": "videoRecording",
    "webpage": "webpage",
    "www": "webpage",
}
"""Entry type -> item type. What is not there is a document."""

SUBTYPES = {
    "newspaper": "newspaperArticle",
    "newspaperarticle": "newspaperArticle",
    "magazine": "magazineArticle",
    "blog": "blogPost",
    "blogpost": "blogPost",
    "preprint": "preprint",
    "podcast": "podcast",
    "interview": "interview",
    "radiobroadcast": "radioBroadcast",
    "tvbroadcast": "tvBroadcast",
    "presentation": "presentation",
    "map": "map",
    "hearing": "hearing",
    "bill": "bill",
}
"""`entrysubtype` -> item type."""

THESES = {
    "phdthesis": "PhD thesis",
    "mathesis": "Master's thesis",
    "mastersthesis": "Master's thesis",
    "techreport": "Technical report",
    "resreport": "Research report",
    "candthesis": "Candidate thesis",
    "bathesis": "Bachelor's thesis",
    "theses": "PhD thesis",  # HAL says so of any
}
"""Words of BibLaTeX for a type, and entry types that say one."""
FRENCH_THESES = {
    "phdthesis": "Thèse de doctorat",
    "mathesis": "Mémoire de master",
    "mastersthesis": "Mémoire de master",
    "techreport": "Rapport technique",
    "resreport": "Rapport de recherche",
    "candthesis": "Thèse",
    "bathesis": "Mémoire de licence",
    "theses": "Thèse de doctorat",
}
"""The same of what is in French, as babel has them."""

FIELDS: dict[str, tuple[str, ...]] = {
    "shorttitle": ("shortTitle",),
    "journal": ("publicationTitle",),
    "journaltitle": ("publicationTitle",),
    "booktitle": ("publicationTitle",),
    "eventtitle": ("conferenceName", "meetingName"),
    "shortjournal": ("journalAbbreviation",),
    "abbrev_source_title": ("journalAbbreviation",),
    "volume": ("volume",),
    "issue": ("issue",),
    "series": ("series", "seriesTitle"),
    "edition": ("edition",),
    "version": ("versionNumber", "version"),
    "publisher": ("publisher",),
    "institution": ("publisher",),
    "school": ("publisher",),
    "organization": ("publisher",),
    "address": ("place",),
    "location": ("place",),
    "pagetotal": ("numPages",),
    "venue": ("eventPlace",),
    "origdate": ("originalDate",),
    "origyear": ("originalDate",),
    "origlocation": ("originalPlace",),
    "origpublisher": ("originalPublisher",),
    "volumes": ("numberOfVolumes",),
    "chapter": ("section",),
    "abstract": ("abstractNote",),
    "language": ("language",),
    "langid": ("language",),
    "copyright": ("rights",),
    "rights": ("rights",),
    "lccn": ("callNumber",),
    "callnumber": ("callNumber",),
    "library": ("libraryCatalog",),
    "isbn": ("ISBN",),
    "issn": ("ISSN",),
    "titleaddon": ("type",),
    "type": ("type",),
    "annotation": ("extra",),
    "part": ("partNumber",),
    "pubstate": ("status",),
}
"""Field -> base fields, the first that the type has is meant."""

ROLES = {
    "editor": "editor",
    "translator": "translator",
    "bookauthor": "bookAuthor",
    "collaborator": "contributor",
    "editora": "contributor",
    "editorb": "contributor",
    "editorc": "contributor",
    "commentator": "commenter",
    "introduction": "contributor",
    "foreword": "contributor",
    "afterword": "contributor",
    "annotator": "contributor",
    "holder": "assignee",
}
VERBATIM = frozenset(
    {"url", "doi", "file", "eprint", "urldate", "date", "origdate", "isbn", "issn"}
)
NOTES = frozenset({"annote", "annotation", "review"})
PATHS = re.compile(r"file|local-url|bdsk-file-\d+")
"""Fields that hold the paths of files on somebody's machine."""
LANGUAGES = {"french": "fr", "francais": "fr", "frenchb": "fr", "english": "en", "american": "en-US",
             "british": "en-GB", "german": "de", "ngerman": "de", "spanish": "es", "italian": "it",
             "portuguese": "pt", "dutch": "nl"}  # fmt: skip
EDITORS = {"editor": "editor", "director": "director", "organizer": "contributor"}
