"""Where a work was published and by whom: « Place : Publisher », and the collection behind. Pure."""

from __future__ import annotations

import re

from zotsync.oldhandouts import known
from zotsync.oldhandouts.peeling import GONE, Peeled, trimmed
from zotsync.oldhandouts.values import DOUBTFUL, LIKELY, SURE

_IMPRINT = re.compile(
    r"(?:^|(?<=[.,;–—]\s)|"
    r"(?<=\x1f)\s*)\s*(?P<place>[^\W\d_a-zà-ÿ][^:.,;\x1f]{1,45}?(?:,\s(?:[A-Z]{2}|France|Belgique|Suisse|Canada|Québec))?)\s?:\s?(?P<publisher>[^:;\x1f]{2,80}?)\s*(?=\s[–—]\s|[.,;]\s*(?:\x1f|$)|\s*\x1f|$|\.\s)"
)
_PRICE = re.compile("[€$£]")
_NO_SERIES = re.compile(
    r"(?i)trad|ill(?:\.|ustr)|pr[ée]f|postf|avec |suivi|index|bibliogr|annexe|glossaire|.*[€$£]"
)
"""How parts of a book's description begin that may stand alone, too."""
_BEHIND = re.compile(r"(?P<name>[^()]{2,80}?)\s*\((?P<place>[^()]{2,40})\)")
_HOUSE = re.compile(r"^(?i:[ée]ds?\.)\s+(?=\S)")


def imprint(peeled: Peeled) -> None:
    """Take `Place : Publisher`."""
    if ":" not in peeled.text:
        return
    for found in sorted(_IMPRINT.finditer(peeled.text), key=_is_unknown):
        place, publisher = trimmed(found["place"]), trimmed(found["publisher"])
        city = known.is_city(place.partition(",")[0])
        if _PRICE.search(publisher):
            continue
        if not city and (
            len(place.split()) > 4 or (found.start() and known.is_city(place.split(",")[-1]))  # noqa: PLR2004
        ):
            continue
        if (
            not city
            and not peeled.text[found.end() :].strip(" ,.;").startswith(GONE)
            and found.end() < len(peeled.text)
        ):
            continue
        said = peeled.take(found)
        peeled.add("place", place, SURE if city else LIKELY, said)
        peeled.add("publisher", house(publisher), SURE if city else LIKELY, said)
        return


def _is_unknown(imprint: re.Match[str]) -> bool:
    """Return whether neither the city nor the publisher is one that is known."""
    city = known.is_city(trimmed(imprint["place"]))
    return not city and known.PUBLISHER.search(imprint["publisher"]) is None


def house(text: str) -> str:
    """Return a publisher without « Éd. » before its name."""
    return _HOUSE.sub("", text)


def place_behind(name: str) -> tuple[str, str]:
    """Return publisher and place of « Érès (Toulouse) »; "" for a place that is not there."""
    found = _BEHIND.fullmatch(name)
    return (
        (found["name"], found["place"]) if found and known.is_city(found["place"]) else (name, "")
    )


def with_publisher(peeled: Peeled, parts: list[str]) -> str:
    """Take publisher and place from the end of `Title, Publisher` or `Title, Place, Publisher`."""
    last = parts[-1]
    if known.is_city(last) and len(parts) > 2:  # noqa: PLR2004
        peeled.add("place", last, SURE, last)
        parts = parts[:-1]
    peeled.add(
        "publisher",
        house(parts[-1]),
        LIKELY if known.PUBLISHER.search(parts[-1]) else DOUBTFUL,
        parts[-1],
    )
    parts = parts[:-1]
    if len(parts) > 1 and known.is_city(parts[-1]):
        peeled.add("place", parts[-1], SURE, parts[-1])
        parts = parts[:-1]
    return ", ".join(parts)


def cities_apart(
    parts: list[str], *, told: bool, dated: bool
) -> tuple[list[str], list[str], float]:
    """Return the places among the parts of a publisher, the others, and how sure that is."""
    cities = [p for p in parts if known.is_city(p)]
    others = [p for p in parts if p not in cities]
    pair = not cities and len(others) == 2  # noqa: PLR2004
    if pair and dated and not told and not known.PUBLISHER.search(others[0]):
        return others[:1], others[1:], DOUBTFUL
    is_sure = told or cities or (others and known.PUBLISHER.search(others[0]))
    return cities, others, SURE if is_sure else LIKELY


def series_by_place(peeled: Peeled) -> None:
    """Take what stands alone behind the number of pages: the collection, in ISO 690."""
    after = peeled.text.rfind(GONE)
    tail = [p for p in re.split(f"{GONE}+", peeled.text) if trimmed(p)]
    if not peeled.has("numPages") or peeled.has("series") or len(tail) != 1 or after <= 0:
        return
    name = trimmed(tail[0])
    found = None if _NO_SERIES.match(name) else re.search(re.escape(name), peeled.text)
    if found and len(name) < 60 and ". " not in name and name[:1].isupper():  # noqa: PLR2004
        number = re.search(r",?\s*n°\s*$", name)
        peeled.take(found)
        peeled.add("series", name[: number.start()] if number else name, LIKELY, name)
