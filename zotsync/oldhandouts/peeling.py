"""A source line taken apart: what is told by its own sign first, then by where it stands. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from zotsync.handout.text.dates import from_words
from zotsync.oldhandouts import cues
from zotsync.oldhandouts.values import DOUBTFUL, LIKELY, SURE, Found

GONE = "\x1f"
"""Stands for what was taken out of a text."""
_EDGES = " \t,.;:–—-/|•()[]{}" + GONE
_BARE_ISSUE = re.compile(rf",\s*(?P<issue>\d{{1,4}}(?:[-–/]\d{{1,4}})?)\s*(?=,(?!\d)|{GONE}|$)")
_VOLUME_ISSUE = re.compile(
    r"[,;]\s*(?P<volume>\d{1,4})(?:\s?\((?P<issue>\d{1,4}(?:[-–/]\d{1,4})?)\)|(?=\s?:\s?\d+\s?[-–]))"
)
_ISSUE_ALONE = re.compile(r",\s*\((?!(?:19|20)\d\d\))(?P<issue>\d{1,4}(?:[-–/]\d{1,4})?)\)(?=\s*,)")
"""« Revue, (450), 6-9 », as in APA."""
_BARE_PAGES = re.compile(
    r"(?:,|:|;)\s*(?P<pages>[eE]?\d{1,5}\s?[-–]\s?\d{1,5})\s*[.,]?\s*(?=$|\x1f)"
)
_BRACKETED = re.compile(
    r"\(\s*(?P<series>[^\W\d][^()\x1f]{2,60}?)\s*(?:[;,]\s*(?:n°\s*)?(?P<number>\d{1,4}))?\s*\)"
)
_SERIES_NUMBER = re.compile(r"(?i)[;,]?\s*n°\s*(\d{1,4})$|\s*;\s*(\d{1,4})$")
_OF_YEAR = re.compile(
    r"(?<![\w/])(?P<year>(?:19|20)\d\d)/(?P<part>\d{1,2}),?\s*\(?\s*"
    r"(?:[Vv]ol\.?\s?(?P<volume>\d{1,3}),?\s*)?(?:[Nn][°º]\s?(?P<issue>\d+(?:[-–/]\d+)?))?(?(volume)|(?(issue)|(?!)))\s*\)?"
)
_BEFORE_DATE = re.compile(
    r",\s(?P<issue>\d{1,4}(?:[-–/]\d{1,4})?)\s(?=\((?:[^\W\d_]|\d{1,2}\s)[^()\d]{2,30}\s(?:19|20)\d\d\))"
)
"""« Rhizome, 71 (mars 2019) », as catalogues have it."""
_PART = re.compile(
    r"(?<![\w/])(?P<year>(?:19|20)\d\d)/(?P<part>\d{1,2})"
    r"(?=[,;.:]?\s*(?:pp?\b|pages?\b|\x1f|$))"
)
_TWICE = re.compile(
    r"(?i)(?<![\w-])(?:(?P<date>(?:1[5-9]|20)\d\d)|s\.\s?d\.)"
    r"\s*\[(?P<other>(?:1[5-9]|20)\d\d)\s?\??\]"
)
"""« 1975 [1963] », a book printed again; « s.d. [2019] », a date that somebody worked out."""
_AROUND_DATE = re.compile(
    rf"(?i)(?:\b(?:cop|impr|d\.?l|du|(?:mise?s? (?:à jour|en ligne)\s|publiée?\s)?le|en|paru en)"
    rf"\.?\s?|©\s?)(?={GONE})"
)
_REPORT = re.compile(
    r"(?:^|(?<=[.,;–—]\s))\s*(?P<kind>[Rr]apport(?:\s(?!n[°º])[^\W\d_][\w'’-]*){0,12})"
    r"(?:\s*,?\s*n[°º]\s*(?P<number>\d[\w./-]*))?(?=\s*(?:[.,;(]|$))"
)
_REACHED = re.compile(
    r"(?i)(?:[(\[]?\s*(?:disponible|consultable|accessible|téléchargeable|récupéré|repéré|en ligne|lien|"
    r"url|adresse|site)"
    r"[^.,;:\x1f]{0,40}:?\s*)$"
)
"""What stands before an address and only says so."""


@dataclass
class Peeled:
    """A text, and what was found in it so far."""

    text: str
    found: list[Found] = field(default_factory=list)

    def take(self, found: re.Match[str]) -> str:
        """Take the text of a match away; return what it was."""
        said = found[0]
        self.text = self.text[: found.start()] + GONE * len(said) + self.text[found.end() :]
        return said

    def add(self, name: str, value: object, confidence: float, text: str) -> None:
        """Note a field, unless it was found before."""
        if value and not self.has(name):
            self.found.append(Found(name, value, confidence, text.strip()))

    def has(self, *names: str) -> bool:
        """Return whether one of these fields was found."""
        return any(one.name in names for one in self.found)

    def pieces(self) -> list[str]:
        """Return what is left, in order."""
        return [said for part in re.split(f"{GONE}+", self.text) if (said := trimmed(part))]


def trimmed(text: str) -> str:
    """Return a text without the punctuation at its edges; brackets that belong to it stay."""
    said = text.strip(" \t,.;:–—-/|•" + GONE)
    while said[:1] in "([{" and said and not re.search(r"[)\]}]", said):
        said = said[1:].strip(_EDGES)
    while said[-1:] in ")]}" and said and not re.search(r"[(\[{]", said):
        said = said[:-1].strip(_EDGES)
    if said[:1] == "(" and said[-1:] == ")" and said.count("(") == 1:
        said = said[1:-1].strip(_EDGES)
    return said


def peel(text: str) -> Peeled:
    """Return a source line with every field that has a sign of its own taken out of it."""
    peeled = Peeled(text)
    for name, sign in (("ISBN", cues.ISBN), ("ISSN", cues.ISSN), ("DOI", cues.DOI)):
        for found in list(sign.finditer(peeled.text))[:1]:
            peeled.add(name, found[name].strip(), SURE, peeled.take(found))
    if shelf := cues.SHELF.search(peeled.text):
        peeled.add("callNumber", shelf["cote"].strip(), SURE, peeled.take(shelf))
    _addresses(peeled)
    _accessed(peeled)
    _report(peeled)
    _series(peeled)
    _of_year(peeled)
    if numbered := _BEFORE_DATE.search(peeled.text):
        peeled.add("issue", numbered["issue"], LIKELY, peeled.take(numbered))
    for found in list(cues.ONLINE.finditer(peeled.text)):
        peeled.take(found)
    if edition := cues.EDITION.search(peeled.text):
        number = re.match(r"(\d+)", edition["edition"])
        value = (
            number[1]
            if number
            and edition["edition"]
            .casefold()
            .rstrip(".")
            .endswith(("d", "éd", "édition", "ed", "edition"))
            else edition["edition"]
        )
        peeled.add("edition", value, SURE, peeled.take(edition))
    _numbers(peeled)
    _dates(peeled)
    _bare(peeled)
    return peeled


def _addresses(peeled: Peeled) -> None:
    for found in list(cues.URL.finditer(peeled.text)):
        url = found["url"].rstrip(".,;")
        if peeled.has("url"):
            continue
        start = found.start()
        peeled.add("url", url, SURE, peeled.take(found))
        if before := _REACHED.search(peeled.text[:start]):
            peeled.text = (
                peeled.text[: before.start()] + GONE * len(before[0]) + peeled.text[start:]
            )


def _of_year(peeled: Peeled) -> None:
    """Take « 2012/2 (n° 170) », as Cairn.info writes the number of an issue."""
    if found := _OF_YEAR.search(peeled.text):
        said = peeled.take(found)
        peeled.add("date", found["year"], SURE, said)
        peeled.add("volume", found["volume"], SURE, said)
        peeled.add("issue", found["issue"] or found["part"], SURE, said)
    elif (found := _PART.search(peeled.text)) and not _is_span(found):
        numbered = cues.ISSUE.search(peeled.text)
        said = peeled.take(found)
        peeled.add("date", found["year"], SURE, said)
        if not numbered:
            peeled.add("issue", found["part"], LIKELY, said)


def _is_span(found: re.Match[str]) -> bool:
    """Return whether a year and a number are rather two years: `2019/20`."""
    return int(found["part"]) == (int(found["year"]) + 1) % 100


def _report(peeled: Peeled) -> None:
    if found := _REPORT.search(peeled.text):
        said = peeled.take(found)
        peeled.add("reportType", found["kind"], LIKELY, said)
        peeled.add("reportNumber", found["number"], SURE, said)


def _accessed(peeled: Peeled) -> None:
    if found := cues.ACCESSED.search(peeled.text):
        day = cues.iso(found["day"].strip())
        if from_words(found["day"].strip()) or re.fullmatch(r"\d{4}-\d\d-\d\d", day):
            peeled.add("accessDate", day, SURE, peeled.take(found))


def _series(peeled: Peeled) -> None:
    found = cues.SERIES.search(peeled.text)
    if not found:
        return
    name = (found["a"] or found["b"]).strip(' «»"“”')
    number = _SERIES_NUMBER.search(name)
    said = peeled.take(found)
    if number:
        peeled.add("seriesNumber", number[1] or number[2], SURE, said)
        name = name[: number.start()].strip()
    peeled.add("series", name, SURE, said)


def _numbers(peeled: Peeled) -> None:
    if found := cues.EXTENT.search(peeled.text):
        peeled.add("numPages", found["extent"], SURE, peeled.take(found))
    if found := cues.PAGES.search(peeled.text):
        pages = re.sub(r"\s?(?:[-–—]|\bà\b)\s?", "-", found["pages"])
        peeled.add("pages", pages, SURE, peeled.take(found))
    if found := cues.RUNNING.search(peeled.text):
        peeled.add("runningTime", found["time"].rstrip("."), LIKELY, peeled.take(found))
    if found := cues.VOLUME.search(peeled.text):
        peeled.add("volume", found["volume"], SURE, peeled.take(found))
    if found := cues.ISSUE.search(peeled.text):
        issue = found["special"] or found["number"]
        peeled.add("issue", issue.strip(), SURE, peeled.take(found))
    if peeled.has("issue"):
        return
    if found := _VOLUME_ISSUE.search(peeled.text):
        said = peeled.take(found)
        peeled.add("volume", found["volume"], LIKELY, said)
        peeled.add("issue", found["issue"], LIKELY, said)
    elif found := _ISSUE_ALONE.search(peeled.text):
        peeled.add("issue", found["issue"], LIKELY, peeled.take(found))


def _dates(peeled: Peeled) -> None:
    """Take the most exact date; the year again beside it goes with it."""
    if found := _TWICE.search(peeled.text):
        said = peeled.take(found)
        if found["date"]:
            peeled.add("date", found["date"], SURE, found["date"])
        else:
            peeled.add("date", found["other"], LIKELY, said)
        return
    dates = sorted(
        cues.DATE.finditer(peeled.text), key=lambda f: (len(f[0]), f.start()), reverse=True
    )
    if not dates:
        return
    years = [f for f in dates if f[0].isdigit()]
    best = dates[0] if not dates[0][0].isdigit() else max(years, key=lambda f: f.start())
    value = cues.iso(best[0])
    said = peeled.take(best)
    peeled.add("date", value, SURE, said)
    for other in dates:
        if other is not best and other[0] in value:
            peeled.take(other)
    for found in list(_AROUND_DATE.finditer(peeled.text)):
        peeled.take(found)


def _bare(peeled: Peeled) -> None:
    """Take numbers that nothing but their place tells."""
    if found := _BARE_PAGES.search(peeled.text):
        pages = re.sub(r"\s?[-–]\s?", "-", found["pages"])
        if not peeled.has("pages"):
            peeled.add("pages", pages, LIKELY, peeled.take(found))
    if not peeled.has("issue") and (found := _BARE_ISSUE.search(peeled.text)):
        peeled.add(
            "issue",
            found["issue"],
            DOUBTFUL if peeled.has("volume", "numPages") else LIKELY,
            peeled.take(found),
        )
    if not peeled.has("series") and (found := _BRACKETED.search(peeled.text)) and found.start() > 3:  # noqa: PLR2004
        before = peeled.text[: found.start()]
        if GONE in before and not re.search(r"(?i)\b(?:dir|coord|éd|eds?|trad|coll)\b", found[0]):
            said = peeled.take(found)
            peeled.add("series", found["series"], LIKELY, said)
            peeled.add("seriesNumber", found["number"], LIKELY, said)
