"""Laws, decrees, circulars: they begin with what they are, and have a number or a day. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zotsync.oldhandouts import cues
from zotsync.oldhandouts.peeling import trimmed
from zotsync.oldhandouts.values import LIKELY, SURE, Found

_ACT = re.compile(
    r"(?:Lois?|Décret|Arrêté|Ordonnance|Circulaire|Instruction|Note (?:de service|d['’]information)|"
    r"Directive|Délibération|Règlement|Recommandation|Convention)"
    r"(?:\s[^\W\d_A-ZÀ-Þ][\w'’-]*| [A-Z]{2,8}){0,5}?[\s,:]*"
    r"(?:n[°º]\s?\d|(?:du|de|en date du)\s\d{1,2}(?:er)?\s[a-zéû]+\s\d{4}|(?:[A-Z]{2,}\d?/)+\S)|"
    r"Code (?:(?:de |du |des |d['’])[^.]{4,80}|(?:pénal|civil)[^.]{0,40})(?:art\.|articles?)\s"
)
_NUMBER = re.compile(r"^.{0,80}?n[°º]\s?(?P<a>\d[\w./-]*\w)|\s(?P<b>(?:[A-Z][A-Z0-9]+/)+[\w/-]*\w)")
_DAY = re.compile(r"(?:du|de|en date du)\s+(?P<day>\d{1,2}(?:er)?\s+[a-zéû]+\s+\d{4})")
_BEHIND = re.compile(
    r"[.,;]?\s+[(\[]?(?=(?:JORF|J\.?O\.?|B\.?O\.?(?:AS)?|NOR|Journal officiel|Bulletin officiel)(?!\w)|"
    r"https?://|www\.|(?i:disponible|consultable|en ligne|\[en ligne|texte intégral)\b)"
)
_SOURCE = re.compile(
    r"(?:JORF|J\.?O\.?|B\.?O\.?(?:AS)?|NOR|Journal officiel|Bulletin officiel)(?!\w)"
)
_ARTICLE = re.compile(r"(?i)(?:art\.|articles?)\s+(?P<article>(?:[A-Z]\.?\s?)?\d[\w.-]*)")


def is_act(text: str) -> bool:
    """Return whether a text begins as an official one does."""
    return _ACT.match(text) is not None


def act_parts(text: str) -> tuple[str, str]:
    """Return the name of an act, and where it was published."""
    behind = _BEHIND.search(text)
    return (text[: behind.start()], text[behind.end() :]) if behind else (text, "")


def act_fields(name: str, source: str) -> Iterator[Found]:
    """Yield what the name of an act says, and where it was published."""
    if number := _NUMBER.search(name):
        yield Found("number", number["a"] or number["b"], SURE, number[0])
    if day := _DAY.search(name):
        yield Found("date", cues.iso(day["day"]), SURE, day["day"])
    if name.startswith("Code") and (article := _ARTICLE.search(name)):
        yield Found("section", trimmed(article["article"]), LIKELY, article[0])
    if published := _SOURCE.search(source):
        said = trimmed(cues.URL.split(source[published.start() :])[0])
        yield Found("code", said, LIKELY, said)
