"""Source lines to fields: where an item was published, in the words that its layout has for it. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from zotsync.oldhandouts import cues, known
from zotsync.oldhandouts.films import LEAD
from zotsync.oldhandouts.imprints import (
    cities_apart,
    house,
    imprint,
    place_behind,
    series_by_place,
    with_publisher,
)
from zotsync.oldhandouts.names import person
from zotsync.oldhandouts.peeling import GONE, Peeled, peel, trimmed
from zotsync.oldhandouts.people import EDITED, People, people
from zotsync.oldhandouts.values import LIKELY, SURE

_JOURNAL_LEAD = re.compile(
    r"(?i)(?:article )?parue?s?\s+dans\s+(?:la |le |l['’])?(?:(?-i:revue|journal|magazine|"
    r"p[ée]riodique)\s*:?\s*(?=[«\"“]|(?-i:[^\W\d_a-zà-ÿ]))|n[°º]\s*:?\s*)"
)
_BOOK_LEAD = re.compile(r"(?i)parue?s?\s+dans\s+(?:l['’]ouvrage\s+)?")
_PUBLISHER_LEAD = re.compile(
    r"(?i)parue?s?\s+(?:chez|aux\s+(?-i:éditions(?=\s[^\W\d_a-zà-ÿ]))|aux|à la|à l['’])\s+|"
    r"(?:[ée]diteur|maison d['’][ée]dition)\s*:\s*"
)
_SCHOOL_LEAD = re.compile(r"(?i),?\s*(?:soutenue?|présentée?)\s+(?:à|au|aux)\s+(?:la\s+|l['’])?")
_EDITORS = re.compile(
    rf"(?i)[,.]?\s*(?P<lead>{EDITED})(?P<names>[^\W\d_][^\x1f.]*?)(?=,\s|\.|\x1f|$)"
)
_SECTION = re.compile(
    r"(?i),\s*(?P<section>dossier(?: sp[ée]cial)?|rubrique [^,]+|cahier [^,]+|suppl[ée]ment)\s*,?\s*$"
)
_GENRE = re.compile(r"(?i)dossier|num[ée]ro(?: sp[ée]cial)?|entretien|propos recueillis")
"""What may stand before « In », and is the name of no periodical."""
_SOURCE_LABEL = re.compile(r"(?i)^\s*(?:source|revue|p[ée]riodique|in|dans)\s*:\s*")


_FILMS = ("videoRecording", "podcast")
_DVD = re.compile(
    r"(?:^|(?<=[.,;(\x1f])|(?<=[.,;(\x1f]\s))(?P<format>DVD|Blu-ray|VHS)(?=\s*(?:[.,;)\x1f]|$))"
)


class Origin(NamedTuple):
    """What a source line said."""

    peeled: Peeled
    container: str
    """The book or event that « In : » names; else ""."""
    journal: str
    kind: str
    """The item type that words of it tell; else ""."""
    kind_text: str
    creators: tuple[dict[str, str], ...]
    creators_text: str
    rest: tuple[str, ...]


def origin_of(text: str) -> Origin:
    """Return what a source line says."""
    kind, kind_text = known.kind_of_source(text)
    peeled = peel(text)
    lead = _lead(peeled, thesis=kind == "thesis")
    creators: tuple[dict[str, str], ...] = ()
    said, container, journal = "", "", ""
    if lead in ("", "inside") and (found := _EDITORS.search(peeled.text)):
        who, end = _led_by(peeled.text, found)
        if who and who.persons:
            creators, said = who.creators, peeled.text[found.start() : end]
            peeled.text = (
                peeled.text[: found.start()] + GONE * (end - found.start()) + peeled.text[end:]
            )
    if kind == "thesis":
        _thesis(peeled, kind_text)
    if kind in _FILMS or peeled.has("runningTime"):
        _film(peeled)
    periodical = (
        lead == "journal"
        or peeled.has("issue", "ISSN")
        or (peeled.has("volume") and not peeled.has("numPages"))
        or any(known.is_paper(piece) for piece in peeled.pieces()[:1])
    )
    if periodical and kind != "thesis":
        journal = _journal(peeled)
    else:
        imprint(peeled)
        if lead == "inside":
            container, more, more_text = _container(peeled)
            creators, said = creators or more, said or more_text
            left = [piece for piece in peeled.pieces() if any(c.isalpha() for c in piece)]
            if len(left) == 1 and not peeled.has("publisher") and peeled.has("date", "pages"):
                _publisher(peeled, told=True, thesis=False)
    if not (journal or periodical or lead == "inside") and kind in ("", "thesis", *_FILMS):
        journal = _publisher(peeled, told=lead == "publisher", thesis=kind == "thesis")
    return Origin(
        peeled, container, journal, kind, kind_text, creators, said, tuple(peeled.pieces())
    )


def _lead(peeled: Peeled, *, thesis: bool) -> str:
    """Take the words that say what follows them; return what that is: "" where nothing says so."""
    for lead, signs in (
        ("journal", (_JOURNAL_LEAD,)),
        ("publisher", (_PUBLISHER_LEAD,)),
        ("inside", (_BOOK_LEAD, cues.INSIDE, _SOURCE_LABEL)),
        ("", (_SCHOOL_LEAD,) if thesis else ()),
    ):
        for sign in signs:
            if found := sign.search(peeled.text):
                peeled.take(found)
                return lead
    return ""


def _led_by(text: str, found: re.Match[str]) -> tuple[People | None, int]:
    """Return who directed a book, and where their names end: a list goes on while people follow."""
    end = found.end()
    who = people(found[0].strip(" ,."))
    while more := re.match(r",\s(?P<name>[^,.\x1f]+)", text[end:]):
        if not person(more["name"]):
            break
        end += more.end()
        who = people(text[found.start() : end].strip(" ,."))
    return who, end


def _thesis(peeled: Peeled, words: str) -> None:
    found = re.search(rf"{re.escape(words)}[^,.;:{GONE}]*", peeled.text)
    if found:
        said = trimmed(found[0])
        peeled.add("thesisType", said, SURE, peeled.take(found))


def _film(peeled: Peeled) -> None:
    """Take the words that say it is a film, and what it is on."""
    if (found := LEAD.match(peeled.text)) and found[0].strip():
        peeled.take(found)
    if found := _DVD.search(peeled.text):
        peeled.add("videoRecordingFormat", found["format"], SURE, peeled.take(found))


def _journal(peeled: Peeled) -> str:
    """Take the name of the periodical, and the section behind it; return the name."""
    for index, part in enumerate(re.split(f"{GONE}+", peeled.text)):
        section = _SECTION.search(trimmed(part))
        name = trimmed(part)[: section.start()] if section else trimmed(part)
        name = _SOURCE_LABEL.sub("", name).strip(' «»"“”')
        if not any(c.isalpha() for c in name) or len(name) > 150 or _GENRE.fullmatch(name):  # noqa: PLR2004
            continue
        found = re.search(re.escape(trimmed(part)), peeled.text)
        if found:
            peeled.take(found)
        told = known.JOURNAL.search(name) or index == 0
        peeled.add("publicationTitle", name, SURE if told else LIKELY, name)
        if section:
            peeled.add("section", section["section"], LIKELY, section["section"])
        return name
    return ""


def _container(peeled: Peeled) -> tuple[str, tuple[dict[str, str], ...], str]:
    """Take the book that a chapter is in, and its editors; return them, and the editors' text."""
    for part in re.split(f"{GONE}+", peeled.text):
        said = trimmed(part)
        if not said:
            continue
        creators: tuple[dict[str, str], ...] = ()
        told = ""
        title = said
        before, slash, after = said.partition(" / ")
        if slash and (who := people(after)) and who.persons:
            creators, told, title = _as_editors(who.creators), after, before
        elif found := _LED.match(said):
            who = people(found["names"])
            if who and (who.are_persons or _is_body(who, found["names"])):
                creators, told, title = (
                    _as_editors(who.creators),
                    found["names"],
                    said[found.end() :],
                )
        place = [p.strip() for p in title.split(",")]
        if not peeled.has("publisher") and len(place) > 1 and peeled.has("date", "pages"):
            title = with_publisher(peeled, place)
        if found_part := re.search(re.escape(said), peeled.text):
            peeled.take(found_part)
        return trimmed(title.strip(' «»"“”.,(')), creators, told
    return "", (), ""


def _is_body(who: People, names: str) -> bool:
    """Return whether an institution in capitals leads a book: « EMMAÜS (éd.). Les études »."""
    return len(who.creators) == 1 and names.partition("(")[0].isupper()


_BETWEEN = re.compile(r",\s|\s:\s|(?<!éd)(?<!Éd)(?<!Ed)\.\s")
_LED = re.compile(
    r"(?P<names>[^«]{3,160}?(?i:\((?:sous la )?(?:dir|coord|éd|ed)[^)]*\)|\b(?:dir|coord)\.))[.,:]?\s+"
)


def _as_editors(creators: tuple[dict[str, str], ...]) -> tuple[dict[str, str], ...]:
    return tuple({**one, "creatorType": "editor"} for one in creators)


def _publisher(peeled: Peeled, *, told: bool, thesis: bool) -> str:
    """Take what stands before the year: a publisher with its place, or the name of a periodical."""
    if peeled.has("publisher"):
        series_by_place(peeled)
        return ""
    pieces = [p for p in re.split(f"{GONE}+", peeled.text) if trimmed(p)]
    if not pieces or len(trimmed(pieces[0])) > 120:  # noqa: PLR2004
        return ""
    behind = peeled.has("numPages") and GONE in peeled.text.partition(trimmed(pieces[0]))[0]
    if behind and not (told or thesis or known.PUBLISHER.search(pieces[0])):
        return ""
    parts = [p for part in _BETWEEN.split(trimmed(pieces[0])) if (p := trimmed(part))]
    online = peeled.has("url", "DOI") and known.JOURNAL.search(pieces[0])
    pages = (online or peeled.has("pages")) and not peeled.has("numPages", "series", "ISBN")
    if (
        pages
        and not told
        and not thesis
        and not known.is_city(parts[0])
        and not known.PUBLISHER.search(pieces[0])
    ):
        return _journal(peeled)
    if any(len(p) > 90 for p in parts):  # noqa: PLR2004
        return ""
    cities, others, sure = cities_apart(parts, told=told, dated=peeled.has("date"))
    text = trimmed(pieces[0])
    if found := re.search(re.escape(text), peeled.text):
        peeled.take(found)
    publisher, place = place_behind(house(", ".join(others)))
    peeled.add("publisher", publisher, sure, text)
    peeled.add("place", ", ".join(cities) or place, sure, text)
    return ""
