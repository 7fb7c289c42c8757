"""What the headings of tables mean, in French and in English. Pure data, and the looking up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from zotsync.model import Schema

_WORDS = {
    "title": "titre title intitule",
    "subtitle": "sous-titre|soustitre|complement du titre|subtitle",
    "author": "auteur auteurs author authors auteur(s) author(s) creator creators "
    "|nom de l'auteur|autrice|auteur principal|responsabilite",
    "editor": "directeur directeurs editor editors |directeur de publication|direction|dir.|"
    "sous la direction de|editeur scientifique",
    "translator": "traducteur traducteurs translator translators",
    "contributor": "contributeur contributrice contributor",
    "publicationTitle": "revue periodique journal magazine source |titre de la revue|publication title|"
    "titre du periodique|nom de la revue|titre de la publication|journal title|in",
    "date": "date annee year parution |date de parution|date de publication|date d'edition|"
    "annee de publication|publication year|annee d'edition|publication date",
    "volume": "volume vol vol. tome",
    "issue": "numero n° no issue num |numero de revue|n",
    "pages": "pages page pp pagination p. |pages de debut et fin|start page",
    "numPages": "|nombre de pages|nb de pages|nb pages|num pages|number of pages|collation",
    "publisher": "editeur edition publisher editions |maison d'edition|editeur commercial",
    "place": "lieu ville place |lieu d'edition|lieu de publication|place published",
    "edition": "|numero d'edition|mention d'edition",
    "series": "collection|serie|series|collection editoriale",
    "seriesNumber": "|numero de collection|series number",
    "ISBN": "isbn |isbn/issn|ean",
    "ISSN": "issn",
    "DOI": "doi",
    "url": "url lien adresse link |adresse web|site|lien internet|en ligne|url du document",
    "abstractNote": "resume abstract description |abstract note|notice",
    "tags": "tags mots-cles descripteurs marqueurs keywords sujets sujet tag |mots cles|manual tags|"
    "mots-matieres|motscles|themes|theme|vedettes",
    "automatic tags": "|automatic tags",
    "collections": "collections classeur rubrique categorie |rubriques",
    "callNumber": "cote |cote de rangement|call number|shelf mark|shelfmark",
    "language": "langue language",
    "note": "note notes remarque remarques commentaire commentaires |notes",
    "extra": "extra |donnees supplementaires",
    "type": "|type de these|type de rapport",
    "itemType": "type |item type|type de document|support|type de support|document type",
    "key": "cle key",
    "accessDate": "|date de consultation|consulte le|access date",
    "shortTitle": "|titre abrege|short title",
    "libraryCatalog": "|catalogue de bibl.|library catalog|catalogue",
    "rights": "droits rights",
    "-": "|date added|date modified|date d'ajout|date de modification|file attachments|link attachments",
}
IGNORED = "-"
"""What a column holds that no item has: when it was added, paths of files on somebody's machine."""
_DATES_OF_ZOTERO = frozenset({"dateAdded", "dateModified"})
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TYPE_WORDS = {
    "article": "journalArticle",
    "article de periodique": "journalArticle",
    "article de revue": "journalArticle",
    "revue": "journalArticle",
    "periodique": "journalArticle",
    "ouvrage": "book",
    "livre": "book",
    "monographie": "book",
    "chapitre": "bookSection",
    "these": "thesis",
    "memoire": "thesis",
    "rapport": "report",
    "etude": "report",
    "guide": "report",
    "brochure": "report",
    "video": "videoRecording",
    "film": "film",
    "dvd": "videoRecording",
    "site": "webpage",
    "site internet": "webpage",
    "page web": "webpage",
    "document electronique": "webpage",
    "presse": "newspaperArticle",
    "communication": "conferencePaper",
    "actes": "conferencePaper",
    "podcast": "podcast",
    "loi": "statute",
    "texte officiel": "statute",
    "carte": "map",
    "fascicule": "journalArticle",
    "image": "artwork",
    "photographie": "artwork",
    "affiche": "artwork",
    "estampe": "artwork",
    "dessin": "artwork",
}


def folded(text: str) -> str:
    """Return a heading without accents, capitals, and blanks that mean nothing."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").replace("_", " ")).casefold()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"\s+", " ", plain).strip(" :\ufeff\u200b")


def _table() -> dict[str, str]:
    found: dict[str, str] = {}
    for meaning, text in _WORDS.items():
        words, _bar, phrases = text.partition("|")
        for word in [*words.split(), *phrases.split("|")] if _bar else words.split():
            found.setdefault(folded(word), meaning)
    return found


_MEANINGS = _table()


def is_own(headings: Sequence[str]) -> bool:
    """Return whether a table has the keys of items: zotsync or Zotero wrote it, with Zotero's words."""
    return bool(headings) and _MEANINGS.get(folded(headings[0])) == "key"


class Meanings:
    """What headings mean: what somebody named, then the words of library catalogues, then Zotero's own.

    `named`: heading or number of a column, folded -> meaning. In a table with keys Zotero's words go before
    those of catalogues.
    """

    def __init__(self, schema: Schema, named: Mapping[str, str]) -> None:
        self._own = _own_words(schema)
        self._named = named

    def columns(self, headings: Sequence[str]) -> dict[int, str]:
        """Return column number -> what it holds: a field, a creator type, `tags`, `collections`, `note`.

        A column without a meaning is left out.
        """
        words = (self._own, _MEANINGS) if is_own(headings) else (_MEANINGS, self._own)
        found: dict[int, str] = {}
        for at, heading in enumerate(headings):
            word = folded(heading)
            meaning = self._named.get(word) or self._named.get(str(at + 1))
            meaning = meaning or words[0].get(word) or words[1].get(word)
            meaning = meaning or _MEANINGS.get(word.removesuffix("s"))
            if meaning:
                found[at] = meaning
        return found


def _own_words(schema: Schema) -> dict[str, str]:
    """Return Zotero's words for fields and creator types, in all languages that are bundled."""
    bases = {own: b for kind in schema.item_types.values() for own, b in kind.base_fields.items()}
    found: dict[str, str] = {}
    for labels in schema.labels.values():
        for name, word in labels.items():
            kind, _colon, own = name.partition(":")
            if kind == "creator" or (kind == "field" and own not in _DATES_OF_ZOTERO):
                meaning = bases.get(own, own)
                for said in (word, own, _CAPITAL.sub(" ", own), f"{word} ({own})"):
                    found.setdefault(folded(said), meaning)
    return found


def type_words(schema: Schema) -> dict[str, str]:
    """Return the words for item types: Zotero's, and those of catalogues."""
    found = {folded(name): name for name in schema.item_types}
    for labels in schema.labels.values():
        found |= {folded(labels.get(f"type:{name}", name)): name for name in schema.item_types}
    return {word: name for word, name in _TYPE_WORDS.items() if name in schema.item_types} | found


def item_type(text: str, words: Mapping[str, str]) -> str:
    """Return the item type that a cell names; "" for none."""
    word = folded(text)
    return words.get(word) or words.get(word.removesuffix("s"), "")
