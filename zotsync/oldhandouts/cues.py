"""The small signs of a reference: numbers, pages, dates, addresses, labels. Pure."""

from __future__ import annotations

import re

from zotsync.handout.text.dates import MONTHS, from_words, parse_iso

_SHORT = {
    "janv": 1, "jan": 1, "fev": 2, "fév": 2, "févr": 2, "fevr": 2, "avr": 4, "juil": 7, "juill": 7,
    "aout": 8, "sept": 9, "oct": 10, "nov": 11, "dec": 12, "déc": 12,
}  # fmt: skip
_MONTH = (
    r"(?:janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|"
    r"decembre|(?:janv|jan|févr?|fevr?|avr|juill?|sept|oct|nov|déc|dec)\.?)"
)
_YEAR = r"(?:1[5-9]\d\d|20\d\d)"
_DAY = r"\d{1,2}(?:er)?"
_SPAN = r"(?:\s*[-–—/]\s*|\s+(?:et|à|au)\s+)"
DATE = re.compile(
    rf"(?i)(?<![\w-])(?:"
    rf"(?:{_DAY}(?:\s+{_MONTH})?{_SPAN})?{_DAY}\s+{_MONTH}\s+{_YEAR}"
    rf"|{_MONTH}(?:\s+{_YEAR})?(?:{_SPAN}{_MONTH})+\s+{_YEAR}"
    rf"|{_MONTH}\s+{_YEAR}"
    rf"|(?:1er|2e|2ème|2nd|3e|3ème|4e|4ème)\s+(?:trim(?:estre|\.)|sem(?:estre|\.))\s+{_YEAR}"
    rf"|(?:printemps|été|ete|automne|hiver)(?:{_SPAN}(?:printemps|été|automne|hiver))?\s+{_YEAR}"
    rf"|{_YEAR}-[01]\d(?:-[0-3]\d)?"
    rf"|[0-3]?\d[/.][01]?\d[/.]{_YEAR}"
    rf"|{_YEAR}\s?[-–/]\s?{_YEAR}"
    rf"|{_YEAR}"
    rf"|s\.\s?d\.|sans date"
    rf")(?![\w-])"
)
_BEHIND = re.compile(rf"(?i)({_YEAR}),\s*((?:{_DAY}\s+)?{_MONTH})")
"""« 2020, 15 octobre », as in APA."""
_NUMERIC = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
ISSUE = re.compile(
    r"(?i)(?<!\w)(?:(?P<special>hors[- ]s[ée]rie(?:\s*n[°ºo]\s*\w+)?|num[ée]ro sp[ée]cial)|"
    r"(?:n[°º]s?|nos?\.?(?=\s?\d)|num[ée]ros?(?=\s\d)|nᵒ)\s*(?P<number>(?:HS\s?|hors[- ]s[ée]rie\s*)?"
    r"\d[\w]*(?:\s?(?:[-–/]|et|à|bis|ter)\s?\d*[\w]*(?<=[\d\w]))?|HS\s?\d*|[A-Z]\d+|sp[ée]cial))"
)
VOLUME = re.compile(
    r"(?<!\w)(?:[Vv]ol(?:ume|\.)?|[Tt]ome|[Tt]\.)\s*(?P<volume>\d[\w-]*|[IVXLC]+\b)"
)
PAGES = re.compile(
    r"(?<!\w)(?:[Pp]ages?|[Pp]{1,2}\.?)\s?(?P<pages>(?:[A-Za-z]?\d+|"
    r"[ivxlcIVXLC]+\b)(?:\s?(?:[-–—]|à)\s?(?:\d+|[ivxlcIVXLC]+\b))?"
    r"(?:,\s?\d+(?:[-–]\d+)?(?!\s?p\.|\d))*)(?!\w)"
)
EXTENT = re.compile(
    r"(?i)(?<![\w-])(?P<extent>(?:[XVILC]+-)?\d{1,5}|\d vol\.)\s?(?:pages|pages?\b|p\.|p\b|pp\.)(?!\s?\d)"
)
ISBN = re.compile(r"(?i)\bISBN(?:[- ]1[03])?\s*:?\s*(?P<ISBN>[\dX][\dX -]{8,20}[\dX])")
ISSN = re.compile(r"(?i)\b(?:e-?)?ISSN\s*:?\s*(?P<ISSN>\d{4}-?\d{3}[\dX])")
DOI = re.compile(
    r"(?i)(?:\bdoi\s*:?\s*)?(?:https?://(?:dx\.)?doi\.org/)?(?P<DOI>\b10\.\d{4,9}/[^\s<>\"]*[^\s<>\".,;)])"
)
URL = re.compile(
    r"(?i)<?(?P<url>https?://[^\s<>\"«»]+|www\.[^\s<>\"«»]+|"
    r"(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,8}(?:fr|org|com|net|eu|be|ch|ca|info|io)/[^\s<>\"«»]*)>?"
)
SERIES = re.compile(
    r"(?i)[(\[]\s*coll(?:ection|\.)?\s*:?\s*(?P<a>[^()\[\]]+?)\s*[)\]]|"
    r"(?<!\w)coll(?:ection|\.)\s*:?\s*(?P<b>«[^»]+»|[^,.;()\[\]]+)"
)
EDITION = re.compile(
    r"(?i)(?<!\w)(?P<edition>(?:\d{1,2}(?:e|è|ème|éme|re|ère|nde|nd)\.?|nouvelle|première|"
    r"deuxième|troisième|"
    r"seconde)\s+[ée]d(?:ition|it\.|\.)?(?:\s+(?:revue|rev\.|augmentée|augm\.|mise à jour|et|"
    r"corrigée|actualisée|entièrement))*)"
)
SHELF = re.compile(r"[\[(]?\s*\b[Cc]otes?\s*:\s*(?P<cote>[^\])]{1,40}?)\s*[\])]?\s*\.?$")
FRONT = re.compile(
    r"(?i)\b(?:bibliographies?|webographie|s[ée]lection (?:documentaire|bibliographique|de)|"
    r"(?:dossier|produit|revue|veille) documentaire|revue de presse|nouvelles acquisitions|"
    r"centre de (?:documentation|ressources)|service (?:de )?documentation|m[ée]diath[èe]que|irts|"
    r"ireps|askoria|cdi|repères bibliographiques|"
    r"bulletin|mise à jour|ann[ée]e (?:scolaire|universitaire))\b"
)
"""What stands in a title band."""
RUNNING = re.compile(
    r"(?i)(?<!\w)(?P<time>\d{1,3}\s?(?:min(?:utes)?|mn)\b\.?|\d\s?h\s?\d{2}(?:\s?min)?|\d\sh\b)"
)
"""How long a film is."""
ONLINE = re.compile(r"(?i)[\[(]\s*(?:en|on) ?ligne\s*[\])]|\[online\]")
ACCESSED = re.compile(
    r"(?i)[\[(]?\s*(?:page |site )?(?:consulté|consultée?s?|vu|visité|"
    r"dernier accès)e?\s+(?:en ligne )?(?:le )?:?\s*(?P<day>[^\])]{4,22}?\d{4})\s*[\])]?"
)
INSIDE = re.compile(
    r"(?:(?<=^)|(?<=[.,;:»–]\s)|(?<=\s[–-]\s)|(?<=\s))(?P<in>[Ii]n\s?:|IN\s?:|[Ii]n\s(?=[A-ZÉÀ«])|"
    r"Dans\s?:\s|[Dd]ans\s(?=«|[^\W\d_a-zà-ÿ]\.)|(?<=[.?!»]\s)Dans\s(?=[^\W\d_a-zà-ÿ]))\s*"
)
ORIGIN = re.compile(
    r"(?i)[\[(]\s*(?:extr(?:\.|ait)|r[ée]s(?:\.|um[ée])|pr[ée]s(?:\.|entation)|sommaire|"
    r"4e? ?[eè]?m?e? de|quatri[èe]me|d['’]apr[èe]s|source|note de|site|"
    r"introd)[^\[\]()]{0,80}[\])]\s*\.?\s*$"
)
ACCESS = re.compile(
    r"(?i)\s*[→>►•-]?\s*(?:(?:également |aussi )?(?:disponible|consultable|accessible|"
    r"t[ée]l[ée]chargeable|lisible)s?\b|acc[èe]s\b|en ligne\b|"
    r"(?:le )?texte int[ée]gral|lire (?:en ligne|l['’]article|la suite)|"
    r"(?:à )?(?:t[ée]l[ée]charger|consulter)\b|lien\b|liens?\s*:|url\s*:|"
    r"adresse\s*:|site (?:web|internet)?\s*:|voir\s*:|pour (?:en savoir|lire|consulter|accéder))"
)
LABEL = re.compile(
    r"(?i)\s*[•-]?\s*(?P<label>mots?[- ]?cl(?:[ée]|ef)s?(?: libres)?|descripteurs?|th[èe]mes?|"
    r"tags?|sujets?|indexation|cotes?|"
    r"localisations?|isbn(?:/issn/ean)?|issn|ean|doi|titres?(?: complet)?|auteurs?(?:\(s\)|·e·s)?|"
    r"(?:sous la )?direction|[ée]diteurs?|maison d['’][ée]dition|"
    r"(?:date|ann[ée]e)(?: de (?:publication|parution))?|date|collection|importance|pagination|"
    r"nombre de pages|pages?|"
    r"permalien|article en pages?(?:\(s\))?|langues?|"
    r"type(?: de document)?|support|format|source|revue|p[ée]riodique|in|dans|paru dans|"
    r"r[ée]sum[ée](?: (?:de l['’][ée]diteur|d['’]auteur|d['’]éditeur))?|"
    r"pr[ée]sentation(?: de l['’][ée]diteur)?|note|notes?|annotation|"
    r"commentaire|sommaire|prix|lieu(?: d['’][ée]dition)?|public)\s*(?:\xa0|\s)?:\s*(?=\S)"
)
HEADING = re.compile(
    r"(?i)^(?:[IVX]+\s?[.)\-–]\s*|\d{1,2}(?:\.\d{1,2})*\s?[.)\-–]?\s*|[A-H]\s?[.)\-–]\s+)?(?:les?\s|l['’])?"
    r"(?:(?:nos |quelques |autres |principaux )?(?:ouvrages?|livres?|articles?|revues?|"
    r"p[ée]riodiques?|dossiers?|num[ée]ros?|rapports?|guides?|"
    r"sites?|webographie|sitographie|filmographie|bibliographie|vid[ée]os?|films?|dvd|podcasts?|"
    r"th[èe]ses?|m[ée]moires?|textes?|"
    r"l[ée]gislation|r[ée]glementation|ressources?|documents?|documentation|litt[ée]rature|"
    r"outils?|brochures?|chapitres?|contributions?|"
    r"actes|audiovisuels?|multim[ée]dias?|romans?|bandes? dessin[ée]es?|[ée]tudes?|"
    r"recommandations?|webinaires?|liens?|(?:pour )?(?:aller plus loin|en savoir plus)|"
    r"sur (?:le web|internet|la toile)|"
    r"[àa] (?:lire|voir|[ée]couter|regarder|consulter|d[ée]couvrir|noter)))\b[^.]*$"
)
REACHED = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.\w+|(?<!\d)(?:\+33\s?|0)\d(?:[ .]?\d\d){4}(?!\d)"
)
"""An e-mail address, a telephone number in France."""
CONTACT = re.compile(
    rf"(?i)(?:{REACHED.pattern}|\bt[ée]l\.?\s*:|t[ée]l[ée]phone|\bcontacts?\b|horaires|"
    r"ouvert (?:du|le)|bulletin r[ée]alis[ée]|"
    r"centre de (?:documentation|ressources)|service (?:de )?documentation|"
    r"\bcdi\b|documentaliste|r[ée]alis[ée]e? par|"
    r"mise à jour|creative commons|licence|\b\d{5}\s+[A-Z]{3,})"
)
"""Who made it, where they are: rarely a part of an entry."""
_CUES = (ISSUE, VOLUME, PAGES, EXTENT, ISBN, ISSN, SERIES, EDITION, ONLINE, RUNNING)
_IMPRINT = re.compile(
    r"[^\W\d_a-zà-ÿ][^:.,?!]{1,40}\s:\s[^:?!]{2,60},\s*(?:\[|cop\. ?|\(|DL ?)?(?:1[5-9]|20)\d\d|"
    r"(?i:(?:^|\s)(?:éd\.|éditions?|presses)\s)"
)
_PAPER = re.compile(r"(?i)^(?:in\s?:|paru[es]?\s(?:dans|chez)|(?:th[èe]se|m[ée]moire)\b)")


def cues(text: str) -> int:
    """Return how many signs of a source line are in a text."""
    count = sum(1 for sign in _CUES if sign.search(text))
    count += 1 if DATE.search(text) else 0
    count += 1 if _IMPRINT.search(text) else 0
    return count + (1 if _PAPER.search(text) else 0)


def _whole(word: re.Match[str]) -> str:
    """Return a month that was shortened in full."""
    short = word[0].casefold().rstrip(".")
    return MONTHS[_SHORT[short] - 1] if short in _SHORT else word[0]


def iso(text: str) -> str:
    """Return a date as Zotero keeps it: ISO where it is one date, else in the words that stood there."""
    plain = " ".join(text.split())
    if found := _BEHIND.fullmatch(plain):
        plain = f"{found[2]} {found[1]}"
    if found := _NUMERIC.fullmatch(plain):
        made = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
        return made if parse_iso(made) else plain
    full = re.sub(r"[^\W\d_]+\.?", _whole, plain)
    return from_words(full) or (plain if parse_iso(plain) else full.lower())
