"""A line of names: who is in it, and in which role. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from zotsync.oldhandouts.names import Name, is_capitals, is_first_name, is_institution, person
from zotsync.oldhandouts.values import DOUBTFUL, LIKELY, SURE

EDITED = (
    r"(?:sous la (?:direction|dir\.?|coordination|coord\.?) (?:de |d['’]|du )|"
    r"(?:dirigée?|coordonnée?|éditée?)s? par |(?:ed(?:ited)? by ))"
)
_ROLE = (
    r"(?:co-?)?(?:dir(?:ecteurs?|ectrices?|ection|\.)?|coord(?:onnateurs?|\.)?|[ée]ds?\.?|"
    r"[ée]dit(?:eurs?|\.)|"
    r"(?:ouvrage )?(?:sous la|ss la) (?:dir(?:ection|\.)?|coord(?:ination|\.)?)(?: de)?)\.?"
)
_LABELS = re.compile(
    rf"\s*[(\[,]?\s*\(?\s*(?P<role>{_ROLE}|trad\.?|préf\.?|coll(?:ab)?\.|ill\.|auteurs?|aut\.)\s*[)\]]",
    re.IGNORECASE,
)
_BARE_ROLE = re.compile(r",?\s+(?:dir|coord|éds?|eds?)\.?(?=\s*[.,;]?\s*$)")
_FILMED = re.compile(r"(?i)(?:,\s*|\s+\()r[ée]al(?:isat(?:eur|rice)s?)?\.?\)?\s*$")
_BEFORE = re.compile(
    r"(?<!\w)(?i:(?P<role>trad|préf|postf|ill)(?:\.|ace|uctions?|uit|ustrations?)?|(?:dir|coord|[ée]d)\.)"
    r"\s+(?:par\s|de\s|d['’])\s*(?=[^\W\d_a-zà-ÿ])"
)
"""A role before its names, as in ISBD: « préf. de … »."""
_PREFIX = re.compile(
    r"(?i)(?:(?P<what>article|ouvrage|livre|contribution|chapitre|th[èe]se|m[ée]moire|rapport|guide|étude|"
    r"dossier|numéro|film|documentaire|propos|texte|actes?|note)s?(?: collectifs?)?,?\s+)?"
    rf"(?P<edited>{EDITED})?(?P<by>(?:recueillis |écrite?s? |rédigée?s? |réalisée?s? )?(?:de |d['’]|par ))?"
)
_AUTHOR_LABEL = re.compile(r"(?i)auteurs?(?:\(s\))?(?:·e·s)?\s*:\s*")
_MORE = re.compile(
    r"(?i)[,;]?\s*(?:(?:\bet|&) al(?:ii|ia)?\b\.?|[\[(](?:et|&) (?:al(?:ii|ia)?|autres)\.?[\])]\.?|"
    r"\bet collab\.?|…)\s*$"
)
_LISTED = re.compile(r"\s*;\s*|\s+/\s+")
_BETWEEN = re.compile(r"(\s*,\s*|\s+(?:et|&|and|avec)\s+)")
_OF = re.compile(r"(?:de\s|d['’]|par\s)(?=[^\W\d_a-zà-ÿ])")
_ROLES = {
    "trad": "translator",
    "préf": "contributor",
    "postf": "contributor",
    "coll": "contributor",
    "ill": "contributor",
}
_PHRASE = re.compile(
    r"(?:[AÀ]|AUX?|DES|DU|DANS|EN|LES|NOS|POUR|QUELQUES|SUR|UNE?|VERS)\s(?=\S+\s|LIRE|VOIR|[ÉE]COUTER)"
)
"""How headings in capitals begin, and no names."""
_BARE_INITIALS = re.compile(r"[a-zà-ÿ]\s[^\W\d_a-zà-ÿ]{1,2}[,;]")
"""« Golay A, Assal JP. »: the stop at the end is no initial's."""
_CATALOGUED = re.compile(
    r",\s(?P<role>Aut(?:eur|rice)|Traduct(?:eur|rice)|Direct(?:eur|rice)(?: de (?:la )?publication)?|"
    r"[ÉE]dit(?:eur|rice) scientifique|Coordinat(?:eur|rice))(?=\s*(?:;|$))"
)
"""A role as catalogues have it: « Luc Roy, Auteur ; Anne Petit, Traducteur »."""
_MOST = 400
_FEW = 8
_MANY = 16
"""Words of institutions."""
_LONG = 9
"""Letters of a word that is no acronym."""


@dataclass(frozen=True, slots=True)
class People:
    """The names of a line."""

    creators: tuple[dict[str, str], ...]
    confidence: float
    persons: int
    """How many are people rather than institutions."""
    told: bool = False
    """The line says so itself: « Article de … », « (dir.) »."""
    more: str = ""
    """« et al. », where it stood."""

    @property
    def are_persons(self) -> bool:
        """Return whether all are people, none an institution."""
        return self.persons == len(self.creators)


def people(text: str, kind: str = "author") -> People | None:
    """Return who a line of names names; None where it can be no such line."""
    line = _CATALOGUED.sub(_as_bracketed, text.strip().strip("•·–—*").strip())
    if not line or len(line) > _MOST:
        return None
    if _BEFORE.search(line):
        return _by_roles(re.split(r"\s*;\s*", line), kind)
    return _line(_FILMED.sub("", line), kind)


def _as_bracketed(found: re.Match[str]) -> str:
    role = found["role"].casefold()
    return " (trad.)" if role[0] == "t" else " (aut.)" if role[0] == "a" else " (dir.)"


def _by_roles(pieces: list[str], kind: str) -> People | None:
    """Return the names of a line whose groups say their role first, one behind the other."""
    groups: list[People] = []
    for piece in pieces:
        role = _BEFORE.match(piece)
        told = _ROLES.get((role["role"] or "").lower(), "editor") if role else kind
        group = _line(piece[role.end() :] if role else piece, told)
        if not group:
            return None
        groups.append(replace(group, told=group.told or bool(role)))
    return People(
        tuple(one for group in groups for one in group.creators),
        min(group.confidence for group in groups),
        sum(group.persons for group in groups),
        any(group.told for group in groups),
        groups[-1].more,
    )


def _line(line: str, kind: str) -> People | None:
    """Return the names of a line or of a part of one."""
    label = _AUTHOR_LABEL.match(line)
    line = line[label.end() :] if label else line
    lead = _PREFIX.match(line)
    edited = bool(lead and lead["edited"])
    named = bool(
        lead and lead.end() and (lead["edited"] or lead["by"]) and line[lead.end() :][:1].isupper()
    )
    if lead and named and lead[0] == lead["by"] and _has_particle(line, lead.end()):
        named = False
    if lead and named and not line[:2].isupper():
        line = line[lead.end() :]
    more = _MORE.search(line)
    line = _unstopped(line[: more.start()] if more else line)
    if found := _BARE_ROLE.search(line):
        line = f"{line[: found.start()]} (dir.)"
    return _roles(
        line,
        "editor" if edited and named else kind,
        told=bool(label) or named,
        more=more[0].strip(" ,;") if more else "",
    )


def _has_particle(line: str, end: int) -> bool:
    """Return whether the first word, up to `end`, belongs to a surname: « de La Tour, Marie »."""
    name, *more = _BETWEEN.split(_unstopped(_LISTED.split(line)[0]))
    if person(name):
        return True
    return not person(name[end:]) and person(name + "".join(more[:2])) is not None


def _roles(line: str, kind: str, *, told: bool, more: str) -> People | None:
    """Return the names of a line, each with the role that follows it or its group in brackets."""
    creators: list[dict[str, str]] = []
    names: list[Name] = []
    at = 0
    for found in _LABELS.finditer(line):
        group = _names(line[at : found.start()].strip(" ,;"))
        role = next(
            (r for word, r in _ROLES.items() if found["role"].lower().startswith(word)), "editor"
        )
        role = "author" if found["role"].lower().startswith("aut") else role
        names += group
        creators += [name.creator(role) for name in group]
        at, told = found.end(), True
    group = _names(line[at:].strip(" ,;"))
    names += group
    creators += [name.creator(kind) for name in group]
    if not names:
        return None
    return People(
        tuple(creators),
        min(n.confidence for n in names),
        sum(n.is_person for n in names),
        told,
        more,
    )


def _unstopped(line: str) -> str:
    """Return a line without the full stop at its end; one of initials stays."""
    line = line.strip().rstrip(",;: ")
    bare = _BARE_INITIALS.search(line)
    if line.endswith(".") and (bare or not re.search(r"(?:^|[\s.-])[^\W\d_][a-zà-ÿ]?\.$", line)):
        return line[:-1].rstrip()
    return line


def _names(text: str) -> list[Name]:
    if not text:
        return []
    text = re.sub(r",\s+(?=(?:et|and|&)\s)", " ", text)
    pieces = _LISTED.split(text)
    if len(pieces) > 1:
        return [name for piece in pieces if piece.strip() for name in _one_or_two(piece)]
    return list(_told_apart(text))


def _one_or_two(piece: str) -> list[Name]:
    if one := person(piece):
        return [one]
    return list(_told_apart(piece))


def _told_apart(text: str) -> Iterator[Name]:
    """Yield the names of a list with commas and « et », `NOM, Prénom` among them."""
    parts = _BETWEEN.split(text)
    pieces, between = parts[::2], [*parts[1::2], ""]
    at = 0
    while at < len(pieces):
        end = _whole(pieces, between, at)
        said = "".join(p + b for p, b in zip(pieces[at:end], between[at:end], strict=True))
        said = said[: len(said) - len(between[end - 1])].strip()
        if said:
            couple = _couple(said, pieces[end]) if between[end - 1].strip() == "et" else None
            yield person(said) or couple or _behind_of(said) or _institution(said)
        at = end


def _behind_of(said: str) -> Name | None:
    """Return whom a list names that says « de » before each: « de Luc Roy et de Paul d'Ormoy »."""
    found = _OF.match(said)
    return person(said[found.end() :]) if found else None


def _couple(first: str, other: str) -> Name | None:
    """Return the first of two who share a surname: « Liliane et Claude Lainé »."""
    second = person(other) if is_first_name(first) else None
    return Name(second.last, first, LIKELY) if second and is_first_name(second.first) else None


def _whole(pieces: list[str], between: list[str], at: int) -> int:
    """Return where the name ends that begins with piece `at`."""
    comma = at + 1 < len(pieces) and "," in between[at]
    if comma and not person(pieces[at]) and person(f"{pieces[at]}, {pieces[at + 1]}"):
        return at + 2
    end = at + 1
    while end < len(pieces) and pieces[end][:1].islower() and not person(pieces[at]):
        end += 1
    return end


def _institution(text: str) -> Name:
    words = text.split()
    acronyms = all(is_capitals(w.strip("()")) or not w[:1].isalpha() for w in words)
    if acronyms and max(map(len, words)) < _LONG and not text.isdigit():
        return Name(text, "", SURE if len(words) == 1 else LIKELY)
    return Name(text, "", LIKELY if is_institution(text) else DOUBTFUL)


def likeness(text: str) -> float:
    """Return how much a whole line looks like names: above 2 surely, below 0 hardly."""
    if len(text) > _MOST or not text[:1].strip("•·–—*(["):
        return -3.0
    found = None if text.isupper() and _PHRASE.match(text) else people(text)
    if found is None or re.search(r"[?!«»:]|https?:|\d{3}", text):
        return -3.0
    share = found.persons / len(found.creators)
    if share == 1:
        score = {SURE: 4.0, LIKELY: 1.6}.get(found.confidence, 0.6)
    elif share > 0 and found.confidence > DOUBTFUL:
        score = 2.5
    elif found.confidence > DOUBTFUL:
        score = 1.2 if len(text.split()) <= _FEW else 0.3 if len(text.split()) <= _MANY else -2.5
    else:
        score = -1.2 if len(text.split()) <= _FEW else -2.5
    return score + (2.0 if found.told else 0.0)
