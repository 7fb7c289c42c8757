"""One name: `NOM Prénom`, `Nom, Prénom`, `Prénom Nom`, `Nom P.`, or an institution's. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from zotsync.oldhandouts import known
from zotsync.oldhandouts.firstnames import FIRST_NAMES
from zotsync.oldhandouts.values import DOUBTFUL, LIKELY, SURE

_PARTICLES = frozenset(
    """de du des d' d’ la le les von van der den di da del della dos el al ben ten ter zu
    zur""".split()  # noqa: SIM905 - words, not code
)
_FOREIGN = _PARTICLES - frozenset("de du des d' d’ la le les el al".split())  # noqa: SIM905 - words, not code
"""Particles that stand in names alone."""
_SMALL = frozenset(
    ("de", "d'", "d’", "von", "van", "der", "den", "di", "da", "del", "della", "dos")
)
"""Particles that are written small; `Le`, `La`, `Du` and `Des` begin with a capital."""
_INITIALS = re.compile(
    r"(?:[^\W\d_][a-zà-ÿ]?\.[- ]?){1,4}|[^\W\d_a-zà-ÿ](?:-?[^\W\d_a-zà-ÿ]){0,2}\.?"
)
_ELIDED = re.compile(r"d['’](?=[^\W\d_a-zà-ÿ])")
"""A particle in one word with the name behind it: `d'Ormoy`."""
_GIVEN = re.compile(r"[^\W\d_a-zà-ÿ][^\W\d_A-Z]*(?:[-'’][^\W\d_]+)*\.?")
_INSTITUTION = re.compile(
    r"(?i)\b(?:académie|agence|anesm|ars|assemblée|association|assurance|atelier|bibliothèque|bureau|"
    r"caisse|centre|chaire|cité|club|collectif|collège|comité|commission|communauté|compagnie|"
    r"confédération|conférence|conseil|cour|défenseur|délégation|département|direction|école|"
    r"entreprise|équipe|espace|état|fabrique|faculté|fédération|fondation|france|groupe|groupement|haut|"
    r"haute|hôpital|inspection|institut|institution|instance|laboratoire|ligue|mairie|maison|métropole|"
    r"ministère|mission|mouvement|observatoire|office|organisation|organisme|plateforme|pôle|"
    r"préfecture|psycom|région|réseau|santé|sénat|service|société|syndicat|tribunal|union|unité|"
    r"université|ville)s?\b"
)
BODIES = frozenset(
    """agence assemblée association bibliothèque bureau caisse centre collectif collège comité
    commission confédération conférence conseil cour direction défenseur département espace
    faculté fondation fédération groupe haut haute inspection institut laboratoire maison ministère mission
    mouvement musée observatoire office organisation plateforme pôle région réseau service société
    syndicat union université école""".split()  # noqa: SIM905 - words, not code
)
"""First words that no person's name has."""
_BRACKETED = re.compile(r"(?P<last>[^(),]+?)\s*\((?P<first>[^(),]+)\)")
_MOST_WORDS = 7
_SHORTENED = 4
"""Letters of a shortened first name, its full stop among them: `Chr.`"""
_FEW_WORDS = 4


class Name(NamedTuple):
    """A creator without a role, and how sure it is that the text names one."""

    last: str
    first: str
    confidence: float

    @property
    def is_person(self) -> bool:
        """Return whether it is a person; an institution has no first name."""
        return bool(self.first)

    def creator(self, kind: str) -> dict[str, str]:
        """Return it as Zotero has it."""
        if self.is_person:
            return {"creatorType": kind, "lastName": self.last, "firstName": self.first}
        return {"creatorType": kind, "name": self.last}


def is_capitals(word: str) -> bool:
    """Return whether a word is a surname in capitals; initials are none."""
    bare = _ELIDED.sub("", word)
    letters = [c for c in bare if c.isalpha()]
    return len(letters) > 1 and all(c.isupper() for c in letters) and not is_initials(bare)


def is_initials(word: str) -> bool:
    """Return whether a word is `J.`, `J.-L.`, `J-L.`, `Ch.` or one capital."""
    if "." not in word and len([c for c in word if c.isalpha()]) > 1 and "-" not in word:
        return False
    return _INITIALS.fullmatch(word) is not None


def is_institution(text: str) -> bool:
    """Return whether a text has a word in it that institutions are called by, with a capital."""
    return any(found[0][:1].isupper() for found in _INSTITUTION.finditer(text))


def person(text: str) -> Name | None:
    """Return the person that a text names; None where it names none."""
    plain = text.strip(" ,;")
    if found := _BRACKETED.fullmatch(plain):
        plain = f"{found['last']}, {found['first']}"
    last, comma, first = plain.partition(",")
    if comma:
        return _with_comma(last.split(), first.split())
    words = re.sub(r"[()]", " ", plain).split()
    if not 2 <= len(words) <= _MOST_WORDS or any(map(_is_stopped, words[:-1])):  # noqa: PLR2004
        return None
    return _shortened(words) or _in_capitals(words) or _mixed(words)


def _shortened(words: list[str]) -> Name | None:
    """Return `Nom JA`, as medicine writes it; `Jean LY` is none."""
    *last, first = words
    if len(first) != len("JA") or not first.isupper() or not first.isalpha():
        return None
    plain = all(map(_in_name, last)) and not any(map(is_capitals, last))
    if not plain or is_first_name(last[0]) or last[0].casefold() in BODIES:
        return None
    return Name(" ".join(last), first, LIKELY)


def _is_stopped(word: str) -> bool:
    """Return whether a sentence ends with a word: longer ones are not shortened."""
    return word.endswith(".") and len(word) > _SHORTENED and not is_initials(word)


def _with_comma(last: list[str], first: list[str]) -> Name | None:
    if not last or not first or len(last) > _FEW_WORDS or len(first) > _FEW_WORDS:
        return None
    if not _is_given(first[0]) or not all(map(_in_name, first)):
        return None
    if any(is_capitals(w) for w in first) or any(map(_is_stopped, first[:-1])) or _is_place(first):
        return None
    if all(is_capitals(w) or _particle(w) for w in last) and any(map(is_capitals, last)):
        return Name(spelt(last), " ".join(first), SURE)
    if all(map(_in_name, last)):
        short = len(last) + len(first) <= _FEW_WORDS
        return Name(" ".join(last), " ".join(first), LIKELY if short else DOUBTFUL)
    return None


def _is_place(first: list[str]) -> bool:
    """Return whether what stands behind a comma is a city, and no first name: « Asiles, Paris »."""
    return known.is_city(" ".join(first)) and not is_first_name(first[0])


def _in_capitals(words: list[str]) -> Name | None:
    """Return `NOM Prénom` or `Prénom NOM`."""
    count = _surname(words)
    if count:
        given = [w for w in words[count:] if w.casefold() not in _folded(words[:count])]
        if given and _are_given(given):
            return Name(spelt(words[:count]), " ".join(given), SURE)
        return None
    back = len(words)
    while back and (is_capitals(words[back - 1])):
        back -= 1
    while 1 < back < len(words) and _particle(words[back - 1]):
        back -= 1
    if 0 < back < len(words) and _are_given(words[:back]):
        return Name(spelt(words[back:]), " ".join(words[:back]), SURE)
    return None


def _surname(words: list[str]) -> int:
    """Return how many words at the beginning are a surname in capitals; 0 for none."""
    count, seen = 0, False
    for word in words:
        if is_capitals(word):
            seen = True
        elif not _particle(word) or seen:
            break
        count += 1
    return count if seen else 0


def _mixed(words: list[str]) -> Name | None:
    """Return `Prénom Nom`, `P. Nom` or `Nom P.`, where nothing is in capitals."""
    if (
        words[0].casefold() in BODIES
        or len(words) > _FEW_WORDS + 1
        or any(is_capitals(w) for w in words)
    ):
        return None
    if not all(map(_in_name, words)):
        return None
    if is_initials(words[-1]) and not is_initials(words[0]):
        at = next(i for i, w in enumerate(words) if is_initials(w))
        return Name(" ".join(words[:at]), " ".join(words[at:]), LIKELY)
    given = len(words) > 2 and all(map(is_first_name, words[1:-1]))  # noqa: PLR2004
    if given and not (
        is_first_name(words[0]) or any(map(_particle, words)) or is_initials(words[0])
    ):
        return Name(words[0], " ".join(words[1:]), LIKELY)  # « Winnicott Paul Woods »
    at = _last_given(words)
    if at and not is_first_name(words[0]) and not is_initials(words[0]):
        return Name(" ".join(words[:at]), " ".join(words[at:]), LIKELY)
    at = 1
    while at < len(words) - 1 and is_initials(words[at]):
        at += 1
    if not _is_given(words[0]) or _particle(words[0]) or _particle(words[-1]):
        return None
    sure = LIKELY if is_initials(words[0]) or _is_usual(words) else DOUBTFUL
    return Name(" ".join(words[at:]), " ".join(words[:at]), sure)


def _last_given(words: list[str]) -> int:
    """Return where the first name behind a surname begins, its particle too: `Maistre Joseph de`; 0: none."""
    at = len(words) - 1
    while at and _particle(words[at]):
        at -= 1
    return at if at and is_first_name(words[at]) and not _particle(words[at - 1]) else 0


def _is_usual(words: list[str]) -> bool:
    """Return whether words are like most names: two, or more with a particle that names have."""
    behind = words[1:-1]
    if any(w.casefold() in _FOREIGN for w in behind):
        return True
    if _ELIDED.match(words[-1]) or any(map(_particle, behind)):
        return is_first_name(words[0])  # « Histoire de France » is like a name, too
    return not behind


def is_first_name(word: str) -> bool:
    """Return whether a word is a first name that is common."""
    return word.casefold().split("-")[0] in FIRST_NAMES


def _are_given(words: list[str]) -> bool:
    """Return whether words are first names, a particle perhaps behind them: `François de`."""
    return _is_given(words[0]) and all(map(_in_name, words))


def _in_name(word: str) -> bool:
    """Return whether a word may stand in a name that is not in capitals."""
    return _is_given(_ELIDED.sub("", word)) or _particle(word)


def _is_given(word: str) -> bool:
    if is_capitals(word) or word == "À":  # « À LIRE »
        return False
    return is_initials(word) or _GIVEN.fullmatch(unicodedata.normalize("NFC", word)) is not None


def _particle(word: str) -> bool:
    return word.casefold() in _PARTICLES


def _folded(words: list[str]) -> set[str]:
    return {word.casefold() for word in words}


def spelt(words: list[str]) -> str:
    """Return a surname in capitals as it is written otherwise: `Narci-Zanni`, `de Castro`."""
    return " ".join(map(_spelt, words))


def _spelt(word: str) -> str:
    if not is_capitals(word):
        return word
    small = word.lower()
    if small in _SMALL:
        return small
    if small[:2] in ("d'", "d’"):
        return small[:2] + small[2:].title()
    parts = re.split(r"([-'’])", small)
    return "".join(part[:1].upper() + part[1:] for part in parts)
