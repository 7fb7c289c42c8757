"""docs/merging.fr.md has the cases of docs/merging.md, which the tests play."""

from __future__ import annotations

import re

from sync.tables import PAGE

ENGLISH = {
    "avant": "before",
    "cas": "case",
    "champ": "field",
    "ce qui est dit": "told",
    "dans Zotero": "in Zotero",
    "ensuite": "afterwards",
    "ici": "here",
    "le fichier ensuite": "the file afterwards",
    "Zotero ensuite": "Zotero afterwards",
    "Créateurs": "creators",
    "Collections": "collections",
    "Date": "date",
    "Document parent": "parentItem",
    "Documents connexes": "relations",
    "Extra": "extra",
    "Lieu": "place",
    "Marqueurs": "tags",
    "Nb de pages": "numPages",
    "Note": "note",
    "Résumé": "abstractNote",
    "Titre": "title",
    "Type de document": "itemType",
    "URL": "url",
    "Livre": "book",
    "Rapport": "report",
    "Thèse": "thesis",
    "*jamais synchronisé*": "*never synced*",
    "**conflit**": "**conflict**",
    "à la corbeille": "in the trash",
    "comme avant": "as before",
    "effacé": "erased",
    "effacé, recréé": "erased, made again",
    "effacé, recréé, modifié": "erased, made again, edited",
    "inchangé": "unchanged",
    "là": "there",
    "la modification l’emporte": "the edit won",
    "modifié": "edited",
    "modifié dans la corbeille": "edited in the trash",
    "modifié de même": "edited the same",
    "modifié ici": "edited here",
    "modifié là-bas": "edited there",
    "sorti": "taken out",
    "sorti, modifié": "taken out, edited",
    "supprimé": "deleted",
    "un conflit sur l’existence": "a conflict on deleted",
    "un conflit sur le résumé": "a conflict on abstractNote",
}
ROLES = {" (automatique)": " (automatic)", " (éditeur)": " (editor)"}


def tables(page: str) -> list[list[str]]:
    """Return the rows of a page's tables, heads included."""
    lines = (PAGE.parent / page).read_text(encoding="utf-8").splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("|")
    ]


def in_english(cell: str) -> str:
    """Return a French cell in English."""
    words = [ENGLISH.get(part, part) for part in cell.split("<br>")]
    text = "<br>".join(words)
    return re.sub("|".join(map(re.escape, ROLES)), lambda role: ROLES[role[0]], text)


def test_the_french_page_has_the_same_cases_in_the_same_order() -> None:
    english, french = tables(PAGE.name), tables("merging.fr.md")
    assert len(french) == len(english) > 150
    named = False
    for row, twin in zip(english, french, strict=True):
        if row[0] in ("case", "before"):
            named = row[0] == "case"
        of_case = named and row[0] != "case"
        assert [*map(in_english, twin)][of_case:] == row[of_case:]
