"""One entry: its marked paragraphs made into the fields of an item. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from zotsync.oldhandouts import acts, cues, kinds
from zotsync.oldhandouts.accounting import left_over
from zotsync.oldhandouts.blocks import Block
from zotsync.oldhandouts.films import directed_line, title_end
from zotsync.oldhandouts.labels import labelled
from zotsync.oldhandouts.marking import Mark
from zotsync.oldhandouts.peeling import GONE, peel, trimmed
from zotsync.oldhandouts.people import People, people
from zotsync.oldhandouts.references import Parts, names_first, parts_of
from zotsync.oldhandouts.source import Origin, origin_of
from zotsync.oldhandouts.titles import titled
from zotsync.oldhandouts.translated import Translated, without_translators
from zotsync.oldhandouts.values import DOUBTFUL, LIKELY, SURE, Found, ReadEntry

Marked = tuple[Block, Mark]
_OF_THE_WORK = frozenset(Mark) - {Mark.ABSTRACT, Mark.ACCESS, Mark.ADDRESS}
_ON = re.compile(
    r"(?i)(?:disponible|consultable|accessible|t[ée]l[ée]chargeable)s?\s+(?:gratuitement\s+)?(?:sur|via)\s+(?P<name>[^\s:<(][^:<(]{1,40}?)\s*(?:\(.*\))?\s*:?\s*$"
)
_CATALOGUES = {"cairn": "Cairn.info"}
"""What a label names -> the catalogue as Zotero calls it."""
_YEAR_END = re.compile(r"\s*\((?P<date>(?:[^\W\d_]+\s)?(?:1[5-9]|20)\d\d)\)\s*\.?$")
_EDITION_END = re.compile(
    rf"\s*\(\s*{cues.EDITION.pattern.removeprefix('(?i)')}[^()]*\)\s*\.?$", re.IGNORECASE
)
_LABEL_END = re.compile(
    r"(?i)^\s*(?:r[ée]sum[ée][^:]{0,30}|pr[ée]sentation[^:]{0,30}|annotation|note|commentaire)\s*:\s*"
)
_TITLE_LABEL = re.compile(r"(?i)^\s*titres?[^:]{0,12}:\s*")
_BY = re.compile(r"(?:,|\s[–—-])\s(?:propos recueillis )?par\s(?P<names>[^,.]{5,80})\.?\s*$")
"""« Le Monde, 2 avril 2021, par Luc Roy »."""
_BULLET = re.compile(r"^\s*[•●▪■◆►▶→✓*–—-]\s+")
_ENDED = re.compile(r"[?!…:.]\s*$")


@dataclass
class _Draft:
    """What is known of an entry so far."""

    clean: Callable[[str], str]
    found: list[Found] = field(default_factory=list)
    placed: list[str] = field(default_factory=list)
    """Texts of which no field was made, and that say nothing of their own."""
    translated: list[Translated] = field(default_factory=list)

    def add(self, one: Found) -> None:
        """Note a field; one that is there already stays as it is."""
        if one.value and not self.has(one.name):
            self.found.append(one)

    def has(self, name: str) -> bool:
        """Return whether a field is known."""
        return any(one.name == name for one in self.found)

    def value(self, name: str) -> str:
        """Return a field's text; "" without one."""
        return next((str(one.value) for one in self.found if one.name == name), "")


def read_entry(paragraphs: Sequence[Marked], first: int, clean: Callable[[str], str]) -> ReadEntry:
    """Return the entry that these paragraphs are; `clean` makes an address the publisher's own."""
    draft = _Draft(clean)
    lines = tuple(block.text for block, _mark in paragraphs)
    paragraphs = _untranslated(draft, paragraphs)
    parts = _parts(paragraphs)
    for block, mark in paragraphs:
        if mark is Mark.LABELLED:
            for one in labelled(block.text):
                draft.add(one)
        elif mark in {Mark.ACCESS, Mark.ADDRESS}:
            _access(draft, block)
    _links(draft, [block for block, _mark in paragraphs])
    _abstract(draft, [block.text for block, mark in paragraphs if mark is Mark.ABSTRACT])
    who = people(parts.names) if parts.names else None
    _title(draft, paragraphs, parts)
    kind = _source(draft, parts, who)
    fields = tuple(draft.found)
    more = who.more if who else ""
    unplaced = left_over(lines, [*(one.text for one in fields), *draft.placed, kind.genre, more])
    unplaced = (*unplaced, *filter(None, [more]))
    return ReadEntry(kind.name, kind.confidence, fields, "\n".join(lines), unplaced, first)


def _untranslated(draft: _Draft, paragraphs: Sequence[Marked]) -> list[Marked]:
    """Return the paragraphs without what they say of translators, and note that."""
    made: list[Marked] = []
    for block, mark in paragraphs:
        said = block.text if mark in _OF_THE_WORK else ""
        while found := without_translators(said):
            draft.translated.append(found)
            said = found.rest
        if mark not in _OF_THE_WORK or said == block.text:
            made.append((block, mark))
        elif trimmed(said):
            made.append((replace(block, text=said), mark))
    return made


def _parts(paragraphs: Sequence[Marked]) -> Parts:
    """Return names, title and source as they stand in the lines, or within a whole reference."""
    by_mark: dict[Mark, list[Block]] = {}
    for block, mark in paragraphs:
        by_mark.setdefault(mark, []).append(block)
    source = f" {GONE} ".join(b.text for b in by_mark.get(Mark.SOURCE, []))
    source = ", ".join((*(b.text for b in by_mark.get(Mark.ISSUER, [])), source))
    if whole := by_mark.get(Mark.REFERENCE):
        parts = parts_of(_whole(whole))
        return parts._replace(source=f"{parts.source} {GONE} {source}" if source else parts.source)
    names = " ".join(b.text for m in (Mark.FIRST_AUTHORS, Mark.AUTHORS) for b in by_mark.get(m, []))
    if not names and (film := directed_line(source)):
        names, source = film.names, film.source
    elif not names and (by := _BY.search(source)) and _are_people(by["names"]):
        names, source = by["names"], source[: by.start()]
    if not names:
        names, source = names_first(source)
    titles = [b.text for m in (Mark.FIRST_TITLE, Mark.TITLE) for b in by_mark.get(m, [])]
    if titles and (end := title_end(titles[-1])):
        source = f"{end[1]}, {source}"
    return Parts(names, "", source, "", SURE)


def _are_people(text: str) -> bool:
    who = people(text)
    return who is not None and who.are_persons


def _whole(blocks: Sequence[Block]) -> Block:
    first = blocks[0]
    text = " ".join(b.text for b in blocks)
    italics = tuple(i for b in blocks for i in b.italics)
    return Block(_BULLET.sub("", text), first.look, italics=italics, head=first.head)


def _access(draft: _Draft, block: Block) -> None:
    address = cues.URL.search(block.text)
    if doi := cues.DOI.search(block.text):
        if "doi.org" in block.text:
            draft.add(Found("DOI", doi["DOI"], SURE, block.text))
    elif address:
        draft.add(_address(draft, address["url"], SURE))
    if not address and (found := _ON.search(block.text)):
        name = found["name"].strip(" .")
        if name[:1].isupper() and name.casefold() != "internet":
            value = _CATALOGUES.get(name.casefold(), name)
            draft.add(Found("libraryCatalog", value, LIKELY, block.text))


def _address(draft: _Draft, url: str, confidence: float) -> Found:
    plain = url.lstrip("<").rstrip(".,;>")
    return Found("url", draft.clean(plain), confidence, url)


def _links(draft: _Draft, blocks: Sequence[Block]) -> None:
    """Take the target of a link where no address is printed."""
    for block in blocks:
        for text, url in block.links:
            if url.lower().startswith(("http://", "https://")) and not draft.has("url"):
                printed = text if cues.URL.fullmatch(text) else ""
                draft.add(Found("url", draft.clean(url), LIKELY, f"{printed} {url}".strip()))


def _abstract(draft: _Draft, texts: Sequence[str]) -> None:
    if texts:
        said = [_LABEL_END.sub("", texts[0]), *texts[1:]]
        told = len(texts[0]) != len(said[0]) or any(cues.ORIGIN.search(t) for t in texts)
        sure = SURE if told or len(" ".join(texts)) > 250 else LIKELY  # noqa: PLR2004
        draft.add(Found("abstractNote", "\n".join(s for s in said if s), sure, "\n".join(texts)))


def _title(draft: _Draft, paragraphs: Sequence[Marked], parts: Parts) -> None:
    lines = [b.text for b, mark in paragraphs if mark in {Mark.FIRST_TITLE, Mark.TITLE}]
    sure = SURE if len(lines) == 1 else LIKELY
    if parts.title:
        lines, sure = [parts.title], parts.confidence
    text = "\n".join(lines)
    lines = [_TITLE_LABEL.sub("", _BULLET.sub("", line)) for line in lines]
    if lines and (found := _YEAR_END.search(lines[-1])) and not parts.date:
        draft.add(Found("date", cues.iso(found["date"]), LIKELY, found[0]))
        lines[-1] = lines[-1][: found.start()]
        text = text[: text.rfind(found[0])] if found[0] in text else text
    if lines and not draft.has("edition") and (found := _EDITION_END.search(lines[-1])):
        number = re.match(r"\d+", found["edition"])
        edition = number[0] if number else found["edition"]
        draft.add(Found("edition", edition, SURE, found[0]))
        lines[-1] = lines[-1][: found.start()]
        text = text.replace(found[0], "")
    if lines and (end := title_end(lines[-1])) and not parts.title:
        lines[-1] = end[0]
        text = text.replace(f"({end[1]})", "")
    said = [line for raw in lines if (line := titled(raw))]
    if not said:
        return
    whole = said[0]
    for line in said[1:]:
        whole = f"{whole} {line}" if _ENDED.search(whole) else f"{whole} : {line}"
    draft.add(Found("title", whole, sure, text))
    if len(said) > 1:
        draft.add(Found("shortTitle", said[0], LIKELY, ""))


def _source(draft: _Draft, parts: Parts, who: People | None) -> kinds.Kind:
    """Take the source apart, decide the type, and note everything under its names."""
    if acts.is_act(draft.value("title")):
        return _act(draft, parts)
    origin = origin_of(_BULLET.sub("", parts.source))
    fuller = (one for one in origin.peeled.found if one.name == "date")
    if parts.date and not any(str(one.value).startswith(f"{parts.date}-") for one in fuller):
        draft.add(Found("date", cues.iso(parts.date), SURE, parts.date))
    else:
        draft.placed.append(parts.date)
    addresses = [one for one in origin.peeled.found if one.name == "url"]
    for one in addresses:
        draft.add(_address(draft, one.text, SURE))
    creators = who.creators if who else ()
    kind = kinds.kind_of(origin, draft.value("title"), parts.names, creators, draft.value("url"))
    if told := draft.value("itemType"):
        kind = kinds.Kind(told, SURE)
    days = [str(one.value) for one in origin.peeled.found if one.name == "date"]
    noted, draft.found = [n for n in draft.found if not _is_less(n, days)], []
    _creators(draft, kind.name, who, parts, origin)
    for one in [*noted, *origin.peeled.found]:
        if one.name not in ("url", "itemType") or one in noted:
            _named(draft, kind.name, one)
    _more(draft, kind, origin.container)
    return kind


def _is_less(found: Found, days: Sequence[str]) -> bool:
    """Return whether the source has the month of a year that a label tells."""
    return found.name == "date" and any(day.startswith(f"{found.value}-") for day in days)


def _creators(draft: _Draft, kind: str, who: People | None, parts: Parts, origin: Origin) -> None:
    """Note everybody who is named, in the roles that the type has."""
    translators = [one for found in draft.translated for one in found.creators]
    everybody = [*(who.creators if who else ()), *origin.creators, *translators]
    if not everybody:
        return
    made = [{**c, "creatorType": kinds.creator_type(kind, c["creatorType"])} for c in everybody]
    sure = who.confidence if who else LIKELY
    sure = min(sure, DOUBTFUL) if translators or (who and who.more) else sure
    names = parts.names.replace(who.more, "") if who and who.more else parts.names
    texts = (names, origin.creators_text, *(found.said for found in draft.translated))
    draft.found.append(Found("creators", made, sure, " ".join(filter(None, texts))))


def _act(draft: _Draft, parts: Parts) -> kinds.Kind:
    """Note what an official text says of itself."""
    kind = kinds.Kind("statute", SURE)
    peeled = peel(parts.source)
    published = [one for one in peeled.found if one.name == "accessDate"]
    for one in peeled.found:
        if one.name == "url":
            draft.add(_address(draft, one.text, SURE))
    told = acts.act_fields(draft.value("title"), parts.source)
    fields, draft.found = [*draft.found, *published, *told], []
    for one in fields:
        _named(draft, kind.name, one)
    return kind


def _named(draft: _Draft, kind: str, one: Found) -> None:
    """Note a field under the name that it has in this type; where it has none, its text stays unplaced."""
    if one.name == "itemType":
        draft.placed.append(one.text)
        return
    name = kinds.field_name(kind, one.name)
    if name:
        draft.add(Found(name, one.value, one.confidence, one.text))


def _more(draft: _Draft, kind: kinds.Kind, container: str) -> None:
    if container and kind.name == "bookSection":
        draft.add(Found("bookTitle", container, LIKELY, container))
    elif container and (name := kinds.field_name(kind.name, "publicationTitle")):
        draft.add(Found(name, container, DOUBTFUL, container))
    if kind.name == "videoRecording" and kind.genre.casefold() == "dvd":
        draft.add(Found("videoRecordingFormat", kind.genre, SURE, kind.genre))
    genre = {"report": "reportType", "presentation": "presentationType"}.get(kind.name)
    if genre and kind.genre:
        words = re.split(r"\s+du\s+\d", kind.genre)[0]
        said = trimmed(words)
        draft.add(
            Found(genre, said[:1].upper() + said[1:], LIKELY, "" if kind.name == "report" else said)
        )
