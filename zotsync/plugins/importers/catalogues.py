"""What library catalogues write around their values, and how the value is told from it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from zotsync.csljson.dates import csl_date
from zotsync.sameness import folded

_PAGES = re.compile(
    r"(?:\d+ vol\.? ?)?[(\[]?((?:[IVXLC]+[-, ]+)?\d{1,5})[)\]]? ?(?:p|pp|pages)\.?[)\]]?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_LIVED = re.compile(r"[\s,]*\(?\b[12][\d.]{3}\?? ?-[\d.? ]{0,6}\)?$")
_ROLE = re.compile(
    r"[\s,]*[(\[](?:co-?)?(dir|coord|[ée]d|edit|édit|trad|ill|préf|postf)(?:[a-zé]*)\.?[)\]]$",
    re.IGNORECASE,
)
_ROLES = {"trad": "translator", "ill": "illustrator", "préf": "contributor", "postf": "contributor"}
_FUNCTIONS = {
    "": "auteur, autrice, auteure, coauteur, auteur du texte, auteur ou responsable intellectuel",
    "editor": "directeur de publication, directrice de publication, directeur de la publication, "
    "directrice de la publication, éditeur scientifique, éditrice scientifique, "
    "directeur scientifique, directrice scientifique, responsable scientifique, "
    "coordinateur, coordinatrice, coordonnateur, coordonnatrice",
    "seriesEditor": "directeur de collection, directrice de collection",
    "translator": "traducteur, traductrice",
    "illustrator": "illustrateur, illustratrice",
    "commenter": "commentateur, commentatrice, commentateur pour textes écrits",
    "director": "réalisateur, réalisatrice, metteur en scène ou réalisateur",
    "producer": "producteur, productrice",
    "scriptwriter": "scénariste",
    "composer": "compositeur, compositrice",
    "performer": "interprète",
    "interviewer": "intervieweur, intervieweuse",
    "contributor": "préfacier, préfacière, postfacier, postfacière, auteur de l'introduction, "
    "auteur de la préface, collaborateur, collaboratrice, contributeur, contributrice, "
    "directeur de thèse, directrice de thèse, rapporteur de la thèse, membre du jury, "
    "président du jury, présidente du jury, président du jury de soutenance, opposant",
    "degreeGrantor": "organisme de soutenance, université de soutenance",
}
"""Creator type -> the words for it that Sudoc and BnF write behind a name; "": whatever was told."""
_FUNCTION_ROLES = {word: role for role, words in _FUNCTIONS.items() for word in words.split(", ")}
_BEHIND = re.compile(r"(.+)(?:\.\s+|(?<=\))\s+)([^.()\d]{4,60})\.?")
_WORDS_BEHIND = "|".join(
    sorted((word.capitalize() for word in _FUNCTION_ROLES), key=len, reverse=True)
)
_RIGHT_BEHIND = re.compile(rf"(.+?)\s+({_WORDS_BEHIND})")
"""As Gallica and Zotero's reading of it have them: `Sand, George Auteur du texte`."""
_INITIAL = re.compile(r"(?:^|[\s-])\w$")
_MORE = re.compile(r"\[?(?:et al(?:ii)?\.?|et autres|and others|collab\.)\]?", re.IGNORECASE)
_STATED = re.compile(r"\s/\s")
_TIME = re.compile(r"[ T]00:00(?::00)?$")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_TWELVE = 12


def pages_alone(text: str) -> str:
    """Return how many pages `1 vol. (320 p.)` tells of: `320`; anything else as it is."""
    found = _PAGES.fullmatch(text.strip())
    return found[1] if found else text


def says_more(text: str, pages: str) -> bool:
    """Return whether a text tells more than how many pages there are: how many volumes."""
    return text != pages and _DIGITS.findall(text) != _DIGITS.findall(pages)


def without_life(name: Mapping[str, str]) -> dict[str, str]:
    """Return a name without the years somebody lived: `Demailly, Lise (1947-....)`."""
    return {part: _LIVED.sub("", text) for part, text in name.items()}


def with_role(name: Mapping[str, str], role: str) -> tuple[dict[str, str], str]:
    """Return a name without the role that stands behind it (`(dir.)`), and that role, else `role`."""
    last = list(name)[-1]
    found = _ROLE.search(name[last])
    if not found:
        return dict(name), role
    plain = {**name, last: name[last][: found.start()]}
    return plain, _ROLES.get(found[1].lower(), "editor")


def with_function(name: Mapping[str, str], role: str) -> tuple[dict[str, str], str]:
    """Return a name without the words for what somebody did, and the creator type that they say.

    `Demailly, Lise (1947-....). Directeur de publication`: whatever stands behind the years goes.
    """
    last = list(name)[-1]
    text, told = name[last], ""
    while found := _BEHIND.fullmatch(text) or _RIGHT_BEHIND.fullmatch(text):
        word = found[2].replace("\u2019", "'").split(",")[0].strip().casefold()
        if word not in _FUNCTION_ROLES and not _LIVED.search(found[1]):
            break
        text, told = found[1], _FUNCTION_ROLES.get(word) or told
        if _INITIAL.search(text):
            text += "."
    return {**name, last: text}, told or role


def is_more(name: Mapping[str, str]) -> bool:
    """Return whether a name only says that there are more of them: `et al.`."""
    return _MORE.fullmatch(" ".join(filter(None, name.values())).strip()) is not None


def stated(title: str, creators: Iterable[Mapping[str, str]]) -> tuple[str, str]:
    """Return a title without the names that catalogues write behind a slash, and what stood there."""
    found = _STATED.search(title)
    if not found:
        return title, ""
    rest = title[found.end() :]
    words = folded(rest)
    lasts = (folded(name.get("lastName") or name.get("name", "")) for name in creators)
    if any(last and last in words for last in lasts):
        return title[: found.start()].rstrip(), rest
    return title, ""


def day(text: str, *, certain: bool = True) -> str:
    """Return a date as ISO where it is one day: `31/12/2019`, `4 mars 2021`; else as it is.

    `certain`: only where it is beyond doubt which number is the month.
    """
    text = _TIME.sub("", text.strip())
    numbers = _DAY_FIRST.fullmatch(text)
    if certain and numbers and max(map(int, numbers.groups()[:2])) <= _TWELVE:
        return text  # in some countries the month stands first
    parts = csl_date(text).get("date-parts", [])
    if len(parts) == 1 and len(parts[0]) == 3 and parts[0][0] > 0:  # noqa: PLR2004 - a whole day
        return "{:04}-{:02}-{:02}".format(*parts[0])
    return text
