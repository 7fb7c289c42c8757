"""More than a hundred items of every type, always the same: what a library holds, and its odd corners."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zotsync.model import ItemType, normal
from zotsync.zotero.schema import bundled

Item = dict[str, Any]

UNPRINTED = frozenset({"attachment", "annotation", "note"})
_VALUES = {
    "date": "2019-03-01",
    "place": "Rennes",
    "publisher": "Presses de l’EHESP",
    "publicationTitle": "Vie sociale",
    "section": "Dossier",
    "volume": "12",
    "issue": "3",
    "number": "7",
    "pages": "28-32",
    "numPages": "185",
    "series": "Actions sociales",
    "seriesTitle": "Les mardis du social",
    "edition": "Ouest",
    "type": "Mémoire",
    "medium": "DVD",
    "runningTime": "52 min",
    "authority": "Conseil d’État",
    "meetingName": "Journées d’étude",
    "conferenceName": "Congrès de l’AIFRIS",
    "eventPlace": "Bruxelles",
    "code": "Code de l’action sociale",
    "codeNumber": "L. 311-3",
    "reporter": "Recueil Lebon",
    "session": "Session ordinaire",
    "committee": "Commission des affaires sociales",
    "country": "France",
    "assignee": "CNRS",
    "url": "https://example.org/texte",
}
"""Field, or base field -> what full items have in it."""


def _person(kind: str, last: str = "Gardien", first: str = "Ève") -> dict[str, str]:
    return {"creatorType": kind, "lastName": last, "firstName": first}


def _house(kind: str, name: str) -> dict[str, str]:
    return {"creatorType": kind, "name": name}


def _full(kind: ItemType, *, url: bool) -> Item:
    """Return an item with everything a handout may print."""
    fields = {
        own: _VALUES[base]
        for own in kind.fields
        if (base := kind.base_fields.get(own, own)) in _VALUES and (url or own != "url")
    }
    title = next((o for o, b in kind.base_fields.items() if b == "title"), "title")
    creators = [_person(kind.creator_types[0])] if kind.creator_types else []
    return {"itemType": kind.name, title: "Un titre", "creators": creators, **fields}


def _bare(kind: ItemType) -> Item:
    title = next((o for o, b in kind.base_fields.items() if b == "title"), "title")
    return {"itemType": kind.name, title: "Un titre nu", "url": "https://example.org/nu"}


def _others(kind: ItemType) -> Item:
    """Return an item that one of each kind had a hand in, but for its author."""
    names = ("Petit", "Roux", "Blanc", "Garnier", "Faure", "André", "Mercier", "Dupont", "Lambert")
    others = zip(kind.creator_types[1:], names, strict=False)
    creators = [_person(role, name, "Luc") for role, name in others]
    return {**_full(kind, url=False), "creators": creators}


def _articles() -> Iterator[Item]:
    base = {"itemType": "journalArticle", "title": "Un article", "publicationTitle": "Vie sociale"}
    for date in (
        "2020",
        "2020-01",
        "2020-01-31",
        "1er mars 2021",
        "juillet-août 2019",
        "juillet et août 2019",
        "printemps 2021",
        "2019-2021",
        "2019–2021",
        "s.d.",
        "vers 2019",
        "15-16 novembre 2018",
        "31/12/1999",
        "2020-13",
    ):
        yield {**base, "date": date}
    for pages in ("40", "28-32", "28–32", "28-32, 45", "p. 12", "XII-XV", "e123", "1 à 5"):
        yield {**base, "date": "2020", "pages": pages}
    for issue in ("57", "538-539", "Hors-série 3", "n° 4", "12 bis", "3/4", "A12"):
        yield {**base, "date": "2020", "issue": issue}
    for more in (
        {"volume": "Tome 3"},
        {"DOI": "10.1234/abc"},
        {"url": "https://example.org", "pages": "3-5"},
        {"journalAbbreviation": "VS", "publicationTitle": ""},
        {"language": "en", "title": "Peer support: what works?"},
        {"shortTitle": "Un article", "title": "Un article : suite"},
        {"shortTitle": "Un article", "title": "Un article. Sa suite"},
        {"title": "Un <i>article</i> en H<sub>2</sub>O"},
        {"title": '« Un article » dit "simple"'},
        {"title": "Un article !"},
    ):
        yield {**base, "date": "2020", **more}


def _books() -> Iterator[Item]:
    base = {"itemType": "book", "title": "Un livre", "publisher": "ESF", "date": "2020"}
    gardien, castro = _person("author"), _person("author", "Castro", "François de")
    for creators in (
        [gardien],
        [gardien, castro],
        [gardien, castro, _person("author", "Simon", "J-L."), _person("author", "Bonnami", "A.")],
        [_person("author", "de Beauvoir", "Simone")],
        [_person("author", "d’Ormesson", "Jean")],
        [_person("author", "L’Heureux", "")],
        [_person("author", "Gardien", "È.")],
        [_person("author", "Martin-Dupuis", "Jean-Pierre")],
        [_house("author", "DIHAL")],
        [_house("author", "Haute Autorité de santé")],
        [_house("author", "EHESP"), gardien],
        [_person("editor", "Roux", "Luc")],
        [_person("editor", "Roux", "Luc"), _person("editor", "Petit", "Zoé")],
        [gardien, _person("editor", "Roux", "Luc")],
        [gardien, _person("translator", "Petit", "Zoé")],
        [gardien, _person("translator", "Petit", "Zoé"), _person("editor", "Roux", "Luc")],
        [gardien, _person("editor", "Roux", "Luc"), _person("seriesEditor", "Petit", "Zoé")],
        [_person("translator", "Petit", "Zoé")],
    ):
        yield {**base, "creators": creators}
    for more in (
        {"date": ""},
        {"date": "s.d."},
        {"date": "2019-2021"},
        {"date": "2020-05-03"},
        {"date": "mai 2020"},
        {"place": "Paris"},
        {"place": "Paris", "publisher": ""},
        {"numPages": "185 p."},
        {"numPages": "XII-185"},
        {"numPages": "2 vol."},
        {"series": "Actions sociales"},
        {"title": "Un livre ?"},
        {"date": "", "publisher": ""},
    ):
        yield {**base, **more}


def _rest() -> Iterator[Item]:
    report = {"itemType": "report", "title": "Un rapport", "institution": "HAS", "date": "2020"}
    yield {**report, "pages": "20"}
    yield {**report, "pages": "12-20"}
    talk = {"itemType": "presentation", "title": "Une intervention", "date": "2020-12-18"}
    yield {**talk, "presentationType": "Webinaire"}
    yield {**talk, "presentationType": "Webinaire", "date": "2020-12"}
    yield {**talk, "meetingName": "Journées", "place": "Rennes"}
    yield {"itemType": "podcast", "title": "Un épisode", "episodeNumber": "4", "date": "2020"}
    video = {"itemType": "videoRecording", "title": "Un documentaire", "date": "2020"}
    yield {**video, "creators": [_person("director")]}
    chapter = {"itemType": "bookSection", "title": "Un chapitre", "date": "2020"}
    yield {**chapter, "bookTitle": "Un livre ?", "pages": "3-12", "publisher": "ESF"}
    yield chapter
    for kind in ("bookSection", "dictionaryEntry", "encyclopediaArticle", "conferencePaper"):
        host = {**chapter, "itemType": kind, "pages": "3-12", "place": "Paris", "publisher": "ESF"}
        yield {**host, "creators": [_person("author"), _person("editor")]}
    yield {**host, "conferenceName": "Journées"}


def hundred() -> list[Item]:
    """Return the items in normal form."""
    kinds = [kind for name, kind in bundled().item_types.items() if name not in UNPRINTED]
    made = [
        *(_full(kind, url=False) for kind in kinds),
        *(_full(kind, url=True) for kind in kinds if "url" in kind.fields),
        *(_bare(kind) for kind in kinds),
        *(_others(kind) for kind in kinds if len(kind.creator_types) > 1),
        *_articles(),
        *_books(),
        *_rest(),
    ]
    return [normal(item) for item in made]
