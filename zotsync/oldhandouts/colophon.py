"""Lines in which a document speaks of itself: who made it and when, where to find them. Pure."""

from __future__ import annotations

import re

from zotsync.oldhandouts import cues

_DOCUMENT = (
    r"(?:(?:cette|ce)\s)?(?:bibliographie|document|dossier|s[ée]lection|webographie|filmographie|"
    r"produit|bulletin|catalogue|liste|fiche|revue de presse|recherches?)"
    r"(?:\s[^\W\d_]+){0,2}?"
)
_MADE = r"(?:a été |a ete )?(?:réalis|élabor|établi|prépar|rédig|conçu|propos|compil|mis en page|actualis)\w*"
_DAYS = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi)s?"
_UPDATED = (
    r"(?:(?:date de (?:la )?)?(?:derni[èe]re )?mise? [àa] jour|actualis[ée]e?|[ée]tat|imprim[ée]e?|"
    r"version)"
)
_DATE = cues.DATE.pattern.removeprefix("(?i)")
_SIGNS = (
    re.compile(
        rf"(?i){_UPDATED}(?:\s(?:le|du|en|au|de))?\s*[:–-]?\s*(?:le\s)?"
        rf"(?:{_DATE}).{{0,40}}"
    ),
    re.compile(
        rf"(?i){_DOCUMENT}\s{_MADE}\s(?:par\s|pour l|(?:le|en)\s(?={_DATE})|"
        r"à l['’]occasion|dans le cadre).{0,160}"
    ),
    re.compile(
        rf"(?i)(?:horaires\b|ouvert(?:ure)?\b|ferm[ée]|(?=.*\d\s?h)(?:accueil|permanences?)\b).{{0,60}}"
        rf"\b{_DAYS}\b.{{0,100}}"
    ),
    re.compile(rf"(?i)(?:du|le)\s{_DAYS}\s(?:au|de|et|à|matin)\b.{{0,80}}"),
    re.compile(
        r"(?i)(?:(?:t[ée]l(?:[ée]phone|[ée]copie)?|fax|courriel|e-?mail|m[ée]l|contacts?)\b[\s.:/]*){1,3}"
        r"(?:[+(]?\d[\d .()+-]{7,}|\S+@\S+).{0,120}"
    ),
    re.compile(
        r"(?i)(?:(?:très )?bonnes? (?:lectures?|journée|semaine|découvertes?)|(?:bien )?cordialement|"
        r"bien à (?:vous|toi)|à (?:très )?bientôt).{0,40}"
    ),
    re.compile(
        r"(?i)(?:©|\(c\)).{0,60}\b(?:mentions l[ée]gales|tous droits r[ée]serv|plan du site).{0,60}"
    ),
    re.compile(r"(?:de )?\d{1,2}\s?h\s?\d{0,2}\s?(?:[–—-]|à)\s?\d{1,2}\s?h.{0,60}"),
    re.compile(r"(?i)(?:[–—-]\s*)?(?:page|p\.)\s?\d{1,3}(?:\s?(?:/|sur)\s?\d{1,3})?(?:\s*[–—-])?"),
    re.compile(
        r"(?i)(?:réalisée?|élaborée?|établie?|préparée?|conçue?|proposée?)s?\spar\s(?=.*\b(?:centre|service|crd|cdi|"
        r"médiathèque|documentalistes?|bibliothèque|documentation)\b).{3,120}"
    ),
    re.compile(r".{0,80}\b\d{5}\s+[^\W\d_a-zà-ÿ][\w'’ -]{1,40}(?:\s(?i:cedex)(?:\s\d{1,2})?)?"),
)
"""Whole lines. A postal code ends an address."""
_STREET = re.compile(
    r"(?i)\b\d{1,4}(?:\s?(?:bis|ter))?,?\s+(?:rue|avenue|av\.|boulevard|bd|place|all[ée]e|chemin|quai|"
    r"route|impasse|cours|square)\s|\b(?:BP|CS)\s\d{2,5}\b"
)
_POSTAL = len(_SIGNS) - 1


def is_colophon(text: str) -> bool:
    """Return whether a line says who made the document and when, or how and when to reach them."""
    said = text.strip(" .()[]–—-*")
    if cues.REACHED.fullmatch(said):
        return True
    if text[:1].islower():
        return False
    for at, sign in enumerate(_SIGNS):
        if sign.fullmatch(said) and (at != _POSTAL or not cues.cues(_STREET.sub("", text))):
            return True
    return False


def contacts(text: str) -> int:
    """Return how many signs of a contact are in a line."""
    return len(cues.CONTACT.findall(text)) + (_STREET.search(text) is not None)
