"""The order in which fields stand in an item file that zotsync writes: as one would cite the item.

Pure. What is not named here stands in alphabetical order before `tags`.
"""

from __future__ import annotations

_FIRST = (
    "key",
    "itemType",
    "parentItem",
    "title",
    "nameOfAct",
    "caseName",
    "subject",
    "shortTitle",
)
_SOURCE = """
    publicationTitle journalAbbreviation bookTitle encyclopediaTitle dictionaryTitle
    proceedingsTitle conferenceName programTitle blogTitle websiteTitle forumTitle websiteType
    postType genre type presentationType meetingName sessionTitle reportType reportNumber thesisType
    letterType manuscriptType mapType interviewMedium artworkMedium artworkSize
    videoRecordingFormat audioRecordingFormat audioFileType format medium
    series seriesTitle seriesText seriesNumber partNumber partTitle volume numberOfVolumes issue
    edition versionNumber section number episodeNumber
    place publisher institution university organization distributor label studio network company
    repository repositoryLocation archiveID identifier eventPlace country
    code codeNumber codeVolume codePages billNumber publicLawNumber documentNumber docketNumber
    court reporter reporterVolume legislativeBody committee session history
    assignee issuingAuthority patentNumber applicationNumber priorityNumbers references legalStatus
    status system programmingLanguage scale
    originalDate originalPublisher originalPlace filingDate priorityDate
    date dateDecided dateEnacted issueDate
    pages numPages firstPage runningTime language
    ISBN ISSN DOI PMID PMCID citationKey url accessDate
    archive archiveLocation libraryCatalog callNumber rights
    abstractNote extra
"""
_LAST = ("tags", "collections", "relations", "note")

ORDER = (*_FIRST[:4], "creators", *_FIRST[4:], *_SOURCE.split())
TEXT_FIELDS = frozenset(ORDER) - {"creators", "key", "parentItem"} | {"note"}
"""Fields that Zotero knows as texts."""

_RANKS = {name: rank for rank, name in enumerate(ORDER)} | {
    name: len(ORDER) + 1 + rank for rank, name in enumerate(_LAST)
}


def rank(name: str) -> tuple[int, str]:
    """Return a sort key that puts the field `name` where it belongs."""
    return _RANKS.get(name, len(ORDER)), name
