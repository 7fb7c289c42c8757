"""How much a paragraph looks like each part of a bibliography. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from zotsync.oldhandouts import cues, known
from zotsync.oldhandouts.blocks import Block
from zotsync.oldhandouts.colophon import contacts, is_colophon
from zotsync.oldhandouts.films import title_end
from zotsync.oldhandouts.headings import is_kind_alone
from zotsync.oldhandouts.leading import reference_likeness
from zotsync.oldhandouts.people import likeness, people
from zotsync.oldhandouts.references import names_before_italics, names_first, titled_in_bold

_ABSTRACT_LABEL = re.compile(r"(?i)r[ée]sum|pr[ée]sentation|annotation|commentaire|sommaire|note\b")
_TITLE_LABEL, _NAME_LABEL = re.compile(r"(?i)titre"), re.compile(r"(?i)auteur|sous la")
_SOURCE_LABEL = re.compile(r"(?i)source|revue|p[ée]riodique|in$|dans|paru|[ée]diteur|maison")
_SENTENCE = re.compile(r"[a-zà-ÿ»)][.!?…]\s+[A-ZÀ-Þ«]")
_ABOUT = re.compile(
    r"(?i)(?:^|[.?!…]\s)(?:(?:dans )?cet(?:te)?\s|ce\s(?:livre|texte|guide|rapport|dossier|num[ée]ro|"
    r"m[ée]moire|travail|film|document|recueil|manuel|volume)\b|(?:l['’]|les\s)(?:auteur|ouvrage|article|[ée]tude|enqu[êe]te)"
    r"|(?:ils?|elles?)\s(?=[a-zà-ÿ])|la (?:seconde|premi[èe]re|deuxi[èe]me) partie\b|à partir d)"
)
"""How people begin to tell what a work is about."""
_TITLE_BEGIN = re.compile(r"^[\"«“(\[]?\s*[A-ZÀ-ÞŒ\d]")
_ACRONYMS = re.compile(r"[A-ZÀ-Þ]{2,10}(?:\s?[,;&/]\s?[A-ZÀ-Þ]{2,10}|\s+et\s+[A-ZÀ-Þ]{2,10})+\.?")
_NUMBERED = re.compile(
    rf"[\W_]*(?:{cues.ISSUE.pattern.removeprefix('(?i)')}|(?-i:{cues.VOLUME.pattern}))",
    re.IGNORECASE,
)
"""How the line below the name of a periodical begins."""
_ISSUED = re.compile(
    r"(?i)(?:revue (?:documentaire|de presse)|veille|newsletter|lettre (?:d['’]information|électronique)|"
    r"bulletin (?:documentaire|bibliographique|de veille)|(?:dossier|produit) documentaire)(?![^\W\d_])"
)
"""What a centre numbers and dates, as periodicals are."""
_LONGEST_NAME, _MANY = 90, 8
_SHORT, _LISTED = 20, 1.5
_BOLD, _LONGEST_BOLD = 1.5, 400
_LIKELY, _OWN = 4.0, 4.5
_NO = -6.0


@dataclass(frozen=True, slots=True)
class Shape:
    """The judgement of one paragraph: above 0 for, below 0 against each part."""

    front: float
    heading: float
    names: float
    title: float
    reference: float
    issuer: float
    source: float
    labelled: float
    prose: float
    access: float
    address: float
    back: float
    apart: bool
    """There is more space above than lines usually have."""
    marked: bool
    looks: tuple[object, ...]


def shapes_of(blocks: Sequence[Block]) -> list[Shape]:
    """Return the judgements of all paragraphs."""
    sizes = Counter[float]()
    for block in blocks:
        sizes[round(block.look.size)] += len(block.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    gaps = sorted(block.gap for block in blocks)
    usual = gaps[len(gaps) // 3] if gaps else 0.0
    highest = [at for at, block in enumerate(blocks) if block.look.level == 1]
    deeper = any(block.look.level > 1 for block in blocks)
    alone = len(highest) == 1 and (highest[0] == 0 or (deeper and highest[0] < 6))  # noqa: PLR2004
    top = highest[0] if alone else -1
    whole = _are_whole(blocks)
    if sum(block.marked for block in blocks) * 5 > len(blocks) * 3 and not whole:
        # what stands before every line tells nothing
        blocks = [replace(block, marked=False) for block in blocks]
    levels = Counter(block.look.level for block in blocks)
    often = {
        n
        for n, count in levels.items()
        if count > 4 and count * 8 > len(blocks) and not _are_kinds(blocks, n)  # noqa: PLR2004
    }
    bylines = [at for at in range(1, len(blocks)) if _is_byline(blocks[at], blocks[at - 1])]
    below = [*(block.text for block in blocks[1:]), ""]
    made = []
    for at, block in enumerate(blocks):
        own = _unheaded(block) if block.look.level in often else block
        shape = replace(_shape(own, at, body, usual, top), issuer=_issuer(block.text, below[at]))
        if at in bylines and len(bylines) > 1:
            shape = replace(shape, reference=_NO, source=max(shape.source, _LIKELY))
        listed = block.numbered or (whole and block.marked)
        made.append(_listed(shape, block) if listed else shape)
    return made


def _is_byline(block: Block, above: Block) -> bool:
    """Return whether names and a source stand below a title: « Luc Roy, Dunod, 2020, 148 pages »."""
    other = above.look.level or (above.look.bold and not above.head and not block.look.bold)
    if not other or cues.cues(above.text) or is_kind_alone(above.text) or block.look.level:
        return False
    names, rest = names_first(block.text)
    first = cues.DATE.search(rest)
    pieces = re.split(r"[,.]\s", rest[: first.start()].strip(" ,.(")) if first and names else []
    return len(pieces) == 1 or (bool(names) and cues.INSIDE.match(rest) is not None)


def _listed(shape: Shape, block: Block) -> Shape:
    """Return the judgement of a point of a list whose points are a reference each."""
    told = len(block.text) > _SHORT and (block.links or cues.cues(block.text))
    if not told or cues.LABEL.match(block.text):
        return shape
    return replace(shape, reference=max(shape.reference, _LISTED), source=shape.source - _LISTED)


def _are_whole(blocks: Sequence[Block]) -> bool:
    """Return whether most paragraphs of lists are a reference each."""
    listed = [block.text for block in blocks if block.marked]
    whole = sum(reference_likeness(text) > 2 for text in listed)  # noqa: PLR2004
    return whole > 2 and whole * 2 > len(listed)  # noqa: PLR2004


def _are_kinds(blocks: Sequence[Block], level: int) -> bool:
    """Return whether most headings of a level name kinds of documents, as sections do."""
    texts = [block.text for block in blocks if block.look.level == level]
    told = [text for text in texts if cues.HEADING.match(text) or is_kind_alone(text)]
    return len(told) * 2 > len(texts)


def _unheaded(block: Block) -> Block:
    """Return a heading of a kind that every entry has as a line: its title is a heading, too."""
    return replace(
        block, look=replace(block.look, style=f"{block.look.style} {block.look.level}", level=0)
    )


def _shape(block: Block, at: int, body: float, usual: float, top: int) -> Shape:
    text, look = block.text, block.look
    signs = cues.cues(text)
    ended = title_end(text)
    url = cues.URL.fullmatch(text) is not None
    label = cues.LABEL.match(text)
    access = cues.ACCESS.match(text) is not None and len(text) < 250  # noqa: PLR2004
    larger = round(look.size) > body > 0
    own = is_colophon(text)
    linked = 1.5 if any(said == text for said, _url in block.links) else 0.0
    plain = -9.0 if url or access or own else 0.0
    named = label["label"] if label else ""
    hinted = _NO if label else 0.0
    parts = (_ABSTRACT_LABEL, _TITLE_LABEL, _NAME_LABEL, _SOURCE_LABEL)
    of_abstract, of_title, of_names, of_source = (bool(part.match(named)) for part in parts)
    titled = _title(ended[0], cues.cues(ended[0])) if ended else _title(text, signs)
    whole = _whole(block, signs)
    return Shape(
        front=_OWN if own else _front(text, at, signs, larger=larger, top=at == top) + plain / 3,
        heading=_heading(block, signs, larger=larger) + plain - (8.0 if at == top else 0.0),
        names=(_LIKELY if of_names else _NO if label else likeness(text)) + plain - linked,
        title=(_LIKELY if of_title else titled + hinted) + plain + linked,
        reference=whole + plain + hinted,
        issuer=_NO,
        source=_source(text, signs)
        - (2.5 if whole > 3.9 and not label else 0.0)  # noqa: PLR2004
        - (3.0 if ended else 0.0)
        + plain
        + (_LIKELY if of_source else hinted),
        labelled=_LIKELY
        if label and not (of_abstract or of_title or of_names or of_source)
        else -8.0,
        prose=_prose(text, signs) + plain + (_LIKELY if of_abstract else hinted),
        access=4.5 if access and not url else -8.0,
        address=5.0 if url else -9.0,
        back=_OWN if own else _back(text, signs),
        apart=block.gap > usual + 0.3,
        marked=block.marked,
        looks=_looks(block),
    )


def _whole(block: Block, signs: int) -> float:
    """Return how much a paragraph is like a whole reference; bold or italics may tell it, too."""
    whole = reference_likeness(block.text)
    looks_whole = titled_in_bold(block) or (signs > 0 and names_before_italics(block))
    if whole < _BOLD and len(block.text) < _LONGEST_BOLD and looks_whole:
        return _BOLD + min(signs, 2) * 0.5
    return whole


def _looks(block: Block) -> tuple[object, ...]:
    """Return what is alike in lines of one kind, in one document."""
    look, stopped = block.look, block.text.endswith(".") and len(block.text) < 90  # noqa: PLR2004
    return look.style, round(look.size), look.bold, look.italic, look.indent // 6, stopped


def _front(text: str, at: int, signs: int, *, larger: bool, top: bool) -> float:
    early = 5.0 if top else 1.0 if at == 0 else 0.6 if at < 4 else 0.1  # noqa: PLR2004
    if (
        at < 8  # noqa: PLR2004
        and len(text) < 120  # noqa: PLR2004
        and (cues.DATE.fullmatch(text) or cues.FRONT.search(text))
        and (signs < 2 or (at < 4 and _ISSUED.match(text)))  # noqa: PLR2004
    ):
        return early + 2.5
    return (
        early
        + (1.0 if larger and at < 6 else 0.0)  # noqa: PLR2004
        - min(signs, 2) * 0.9
        + (1.0 if len(text) > 200 and not signs else 0.0)  # noqa: PLR2004
    )


def _heading(block: Block, signs: int, *, larger: bool) -> float:
    text, look = block.text, block.look
    if look.level:
        return 4.5 if len(text) < 120 else 1.0  # noqa: PLR2004
    if len(text) > 100 or signs > 1:  # noqa: PLR2004
        return -5.0
    score = -1.6 + (0.9 if larger else 0.0) + (0.5 if look.bold else 0.0)
    score += 3.0 if cues.HEADING.match(text) and len(text) < 70 else 0.0  # noqa: PLR2004
    score += 2.5 if is_kind_alone(text) else 0.0
    score += 0.8 if text.isupper() and len(text.split()) > 1 else 0.0
    score -= 1.0 if text.endswith((".", ",", ";")) else 0.0
    score -= 2.0 if text[:1].islower() or block.marked else 0.0
    score -= 4.0 if cues.REACHED.search(text) else 0.0
    return score - signs


def _title(text: str, signs: int) -> float:
    score = 1.2 if len(text) < 160 else 0.4 if len(text) < 260 else -2.5  # noqa: PLR2004
    score -= 1.6 * min(signs, 2)
    score -= 2.0 if _ACRONYMS.fullmatch(text) else 0.0
    score -= 0.0 if _TITLE_BEGIN.match(text) else 1.5
    score -= 4.0 if cues.URL.search(text) or cues.REACHED.search(text) else 0.0
    score -= 0.9 if text.endswith(".") and len(text) > 100 else 0.0  # noqa: PLR2004
    score -= 1.0 if len(_SENTENCE.findall(text)) > 1 else 0.0
    score -= 1.5 if text.endswith(".") and _SENTENCE.search(text) else 0.0
    return score - (5.0 if cues.ORIGIN.search(text) else 0.0)


def _issuer(text: str, below: str) -> float:
    """Return how much a line is the name of a periodical or a publisher: number or date stand below it."""
    told = known.is_periodical(text) or known.PUBLISHER.search(text) is not None
    numbered = _NUMBERED.match(below) or (told and cues.DATE.match(below))
    if not numbered or len(text) > _LONGEST_NAME or cues.cues(text) or not _TITLE_BEGIN.match(text):
        return _NO
    who = people(text)
    if cues.URL.search(text) or cues.LABEL.match(text) or (who and who.persons and not told):
        return _NO
    score = 3.0 + (1.5 if told else 0.0) - (2.0 if re.search(r"[?!:]|\.$", text) else 0.0)
    return score - (1.5 if len(text.split()) > _MANY else 0.0)


def _source(text: str, signs: int) -> float:
    score = -1.6 + 1.8 * min(signs, 3) - (1.5 if cues.DATE.fullmatch(text) else 0.0)
    score -= 2.0 if len(text) > 300 else 0.8 if len(text) > 200 else 0.0  # noqa: PLR2004
    score -= 4.0 if _ABOUT.match(text) else 0.0
    return score - (1.5 if len(_SENTENCE.findall(text)) > 1 and signs < 3 else 0.0)  # noqa: PLR2004


def _prose(text: str, signs: int) -> float:
    score = 2.6 if len(text) > 250 else 1.2 if len(text) > 140 else -0.5 if len(text) > 90 else -2.2  # noqa: PLR2004
    score += 0.5 if re.search(r"[.!?…\])»\"]$", text) else -0.4
    score += 3.5 if cues.ORIGIN.search(text) else 0.0
    score += 1.0 if _SENTENCE.search(text) else 0.0
    if _ABOUT.match(text):
        return score + 2.0
    score += 2.0 if not signs and _ABOUT.search(text) else 0.0
    return score - (1.5 * (signs - 1) if signs > 1 and len(text) < 260 else 0.0)  # noqa: PLR2004


def _back(text: str, signs: int) -> float:
    told = contacts(text) + bool(cues.FRONT.search(text)) if len(text) < 300 else 0  # noqa: PLR2004
    return -2.5 + 2.2 * min(told, 3) - signs * 0.5
