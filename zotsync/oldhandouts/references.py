"""A reference that is one paragraph, told apart into names, title and source. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from zotsync.oldhandouts import acts, cues, known
from zotsync.oldhandouts.blocks import Block
from zotsync.oldhandouts.films import directed
from zotsync.oldhandouts.leading import SITE, leading, paper_first
from zotsync.oldhandouts.names import BODIES, is_first_name, is_institution
from zotsync.oldhandouts.peeling import trimmed
from zotsync.oldhandouts.people import likeness, people
from zotsync.oldhandouts.source import Origin, origin_of
from zotsync.oldhandouts.values import DOUBTFUL, LIKELY, SURE

_AREA = re.compile(r"\.?\s+[–—]\s+|\.\s*-\s+")
_INSIDE = re.compile(r"(?:\.\s+(?=In\s)|\s+(?=in\s))(?=\w+\s*:?\s+[^\W\d_a-zà-ÿ])")
"""« Titre / Auteur in Revue, 28 (2019) », as catalogues print it."""
_YEAR = re.compile(
    r"^(?:\(?\s*(?P<date>[12]\d{3}[a-z]?(?:,\s*[^()]{3,20})?|s\.d\.)\s*\)\s*[.,:]?|"
    r"(?P<bare>[12]\d{3}[a-z]?)\s*[.,](?=\s+[^\W\d_a-zà-ÿ]))\s*"
)
_QUOTED = re.compile(
    r"^(?:«\s*(?P<a>[^»]{3,400}?)\s*»|[“\"](?P<b>[^”\"]{3,400})[”\"])\s*[.,:;]?\s*"
)
_SENTENCE = re.compile(r"(?<=[.?!…»])\s+(?=[^\W_a-zà-ÿ]|[\[(«])")
_TITLE_END = re.compile(rf"{_SENTENCE.pattern}|(?<=[.?!…»])\s+(?=pp?\.\s?\d)")
_SHORTENED = re.compile(r"(?i)\b(?:pp?|vol|coll|éd|n°|no|t|art|chap|dir|ed|eds|éds)\.$")
_THESIS = re.compile(r"\s*[(\[](?P<what>(?i:th[èe]se|m[ée]moire)\s[^()\[\]]{3,120})[)\]]\.?")
_REACHED = re.compile(
    r"(?i)[.,;:]?\s*\b(?:url|adresse|lien|site(?: web| internet)?|en ligne|disponible (?:sur|à l['’]adresse))"
    r"\s*:?\s*$"
)
"""What stands between a site's name and its address."""
_COMMA = re.compile(r",\s+")
_BRACKETS = re.compile(r"[(\[](?P<told>[^()\[\]]{3,60})[)\]]\s*[.,;]?\s*")
_BY = re.compile(r"(?i)(?:(?:présentée?s?|réalisée?s?|écrite?s?)\s)?(?:par|de)\s|d['’]")
_NUMBERED = re.compile(r"[\s,.;:–—-]*(?i:n[°º]|vol\.|\d)")
_LONGEST_NAMES = 160
_LONGEST_TITLE, _PERSONS = 250, 1.5
_MOST_TRIED = 24


class Parts(NamedTuple):
    """A reference in three."""

    names: str
    title: str
    source: str
    date: str = ""
    """The year in brackets behind the names."""
    confidence: float = LIKELY


def parts_of(block: Block) -> Parts:
    """Return a reference as names, title and source; "" for what it does not have."""
    return _by_signs(block.text) or _by_order(block, block.text)


def _by_signs(text: str) -> Parts | None:
    """Return a reference of a kind that has signs of its own: ISBD, acts, sites, films, press reviews."""
    if isbd := _isbd(text):
        return isbd
    if acts.is_act(text):
        name, source = acts.act_parts(text)
        return Parts("", name, source, "", SURE)
    if (site := SITE.match(text)) and not cues.cues(site["name"]) and not leading(site["name"]):
        return Parts("", _REACHED.sub("", site["name"]), site["rest"], "", LIKELY)
    if film := directed(text):
        return Parts(film.names, film.title, film.source, "", LIKELY)
    return _press(text)


def _by_order(block: Block, text: str) -> Parts:
    """Return a reference of names, a title and a source, one behind the other."""
    begun = leading(text)
    names, rest = (text[: begun[1]], text[begun[1] :]) if begun else ("", text)
    date = ""
    if found := _YEAR.match(rest):
        date, rest = found["date"] or found["bare"], rest[found.end() :]
    names = names.rstrip(" ,:–—-")
    if not begun and (told := _by_bold(block, text)):
        return told
    if found := _QUOTED.match(rest):
        return Parts(names, (found["a"] or found["b"]).strip(), rest[found.end() :], date, SURE)
    if thesis := _thesis(names, rest, date):
        return thesis
    if not begun and (before := names_before_italics(block)):
        names, rest = before, text[len(before) :].lstrip(" .,:;–—-")
    if by_look := _by_italics(rest, block.italics):
        return Parts(names, by_look[0], by_look[1], date, SURE)
    return _by_source(names, rest, date)


def _by_bold(block: Block, text: str) -> Parts | None:
    """Return title and source where the title is in bold; names may stand behind it."""
    head = block.head
    if not titled_in_bold(block):
        return None
    rest, told = text[len(head) :].lstrip(" .,:;–—-»"), ""
    if found := _BRACKETS.match(rest):
        rest, told = rest[found.end() :], found["told"]
    by = _BY.match(rest)
    start = by.end() if by else 0
    begun = leading(rest[start:])
    names = rest[start : start + begun[1]] if begun else ""
    source = rest[start + begun[1] :] if begun else rest
    return Parts(names.rstrip(" ,:–—-"), head, f"{told}, {source}" if told else source, "", SURE)


def names_first(source: str) -> tuple[str, str]:
    """Return the people that a line below a title begins with, and the rest; "" where it begins with none."""
    begun = leading(source)
    if not begun or not begun[0].are_persons:
        return "", source
    words = [c[key].split()[0] for c in begun[0].creators for key in ("lastName", "firstName")]
    rest = source[begun[1] :].lstrip(" –—-")
    if not any(map(is_first_name, words)) or _NUMBERED.match(rest) or not cues.cues(rest):
        return "", source
    return source[: begun[1]].rstrip(" ,:–—-"), rest


def titled_in_bold(block: Block) -> bool:
    """Return whether a reference begins with its title in bold: signs of a source are behind it alone."""
    head = block.head
    if not block.text.startswith(head) or not 3 < len(head) < _LONGEST_TITLE or head.endswith(":"):  # noqa: PLR2004
        return False
    rest = block.text[len(head) :]
    body = is_institution(head) and not re.search(r"[,?!:]", head)
    told = known.PUBLISHER.search(head) or known.is_periodical(head) or body
    other = cues.cues(head) or told or leading(block.text) or likeness(head) > _PERSONS
    title = any(said in rest for said in block.italics) or _QUOTED.match(rest.lstrip(" .,:;–—-"))
    return not other and not title and cues.cues(rest) > 0 and not _NUMBERED.match(rest)


def _thesis(names: str, rest: str, date: str) -> Parts | None:
    """Return a thesis as APA has it: « Titre (Thèse de doctorat, Université Lyon 2). »."""
    found = _THESIS.search(rest)
    if not found or not rest[: found.start()].strip():
        return None
    source = f"{found['what']}. {rest[found.end() :]}".rstrip(". ")
    return Parts(names, rest[: found.start()], source, date, SURE)


def _isbd(text: str) -> Parts | None:
    title, slash, after = text.partition(" / ")
    if _AREA.search(title) and leading(title):  # « NOM Prénom. – Titre. – Paris : Dunod / ASH »
        return None
    if not slash or not title or cues.URL.search(title) or "//" in title:
        return None
    area = _AREA.search(after)
    if (inside := _INSIDE.search(after)) and (not area or inside.start() < area.start()):
        area = inside
    if not area:
        return None
    return Parts(after[: area.start()], title, after[area.end() :], "", SURE)


def _press(text: str) -> Parts | None:
    """Return an article as a press review has it: « LE MONDE (5/04/2022). Titre. Luc Roy. p. 12 »."""
    found = paper_first(text)
    if not found:
        return None
    title, *behind = _TITLE_END.split(text[found.end() :], maxsplit=1)
    names, rest = names_first(behind[0]) if behind else ("", "")
    return Parts(names, title, f"{found['paper']}, {found['date']}. {rest}", "", SURE)


def names_before_italics(block: Block) -> str:
    """Return the names that stand before a title in italics; "" where it is a periodical's, or no names."""
    text, italics = block.text, block.italics
    at = text.find(italics[0]) if italics else -1
    before = text[: max(at, 0)].rstrip(" .,:;–—-")
    behind = text[at + len(italics[0]) :] if italics else ""
    if not 3 < len(before) < _LONGEST_NAMES or re.search(r"[?!«»\d]|\.\s", before):  # noqa: PLR2004
        return ""
    if cues.INSIDE.search(text[:at]) or _NUMBERED.match(behind) or known.is_periodical(italics[0]):
        return ""
    who = people(before)
    body = is_institution(before) and before.split()[0].casefold() in BODIES
    return before if who and (who.are_persons or body) else ""


def _by_italics(rest: str, italics: tuple[str, ...]) -> tuple[str, str] | None:
    """Return title and source where italics tell: a book's title, or the name of a periodical."""
    for said in italics:
        plain = said.strip(" .,;:")
        at = rest.find(plain) if len(plain) > 3 else -1  # noqa: PLR2004
        if at < 0 or plain.casefold() in ("in", "et al", "ibid", "dir"):
            continue
        end = at + len(plain)
        if at < 3:  # noqa: PLR2004 - it begins with it
            tail = rest[end:]
            told = cues.cues(tail) or cues.URL.search(tail) or not trimmed(tail)
            return (rest[:end].strip(), tail) if told else None
        inside = cues.INSIDE.search(rest[:at])
        cut = inside.start() if inside else at
        title = rest[:cut].strip()
        return (title, rest[cut:]) if title and cues.cues(rest[end:]) else None
    return None


def _by_source(names: str, rest: str, date: str) -> Parts:
    """Return the split where most of what follows the title is a source."""
    best, title, source = -1e9, rest, ""
    for index, (at, end, bonus) in enumerate(_splits(rest)):
        if index >= _MOST_TRIED:
            break
        score = _quality(rest[:at], rest[end:], dated=bool(date)) + bonus
        if score > best + 0.01:
            best, title, source = score, rest[:at], rest[end:]
    return Parts(names, title, source, date, LIKELY if best > 1 else DOUBTFUL)


def _splits(rest: str) -> Iterator[tuple[int, int, float]]:
    if (found := cues.INSIDE.search(rest)) and found.start() > 3:  # noqa: PLR2004
        yield found.start(), found.start(), 3.0
    if (address := cues.URL.search(rest)) and address.start() > 3:  # noqa: PLR2004
        yield len(rest[: address.start()].rstrip(" :–-.")), address.start(), 0.5
    for sign, bonus in ((_AREA, 1.5), (_SENTENCE, 1.2), (_COMMA, 0.0)):
        for found in sign.finditer(rest):
            before = rest[: found.start()]
            if before.count("(") <= before.count(")") and not _SHORTENED.search(before[-8:]):
                yield found.start(), found.end(), bonus


def _quality(title: str, source: str, *, dated: bool) -> float:
    if len(trimmed(title)) < 3:  # noqa: PLR2004
        return -20.0
    origin = origin_of(source)
    found = origin.peeled.found
    score = sum(1.0 if one.confidence > DOUBTFUL else 0.0 for one in found)
    score -= 0.4 * sum(len(piece.split()) for piece in origin.rest) * (0 if origin.kind else 1)
    score += 0.0 if dated or any(one.name == "date" for one in found) else -1.0
    score += 1.0 if origin.container else 0.0
    score -= 1.5 * min(2, cues.cues(title))
    return score - _oddness(origin, source)


def _oddness(origin: Origin, source: str) -> float:
    """Return how unlikely the names of publishers and periodicals are."""
    odd = (
        1.5 if source[:1].islower() and not re.match(r"(?:in|dans|vol|coll|éd)\b", source) else 0.0
    )
    for one in origin.peeled.found:
        if one.name in ("publisher", "publicationTitle", "place"):
            words = str(one.value).split()
            odd += 0.3 * max(0, len(words) - 6) + (1.2 if words[0][:1].islower() else 0.0)
            odd += 1.5 if ". " in str(one.value) or "? " in str(one.value) else 0.0
    return odd
