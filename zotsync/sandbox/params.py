"""The query of a list request, read as Zotero reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from zotsync.model import is_key
from zotsync.sandbox.refused import bad

PAGE = 25
MAX_PAGE = 100
_LISTED = frozenset({"items", "collections", "searches"})
_FORMATS = frozenset({"json", "keys", "versions"})
_SORTS_WORDS = (
    "title creator itemType date publisher publicationTitle journalAbbreviation language "
    "accessDate libraryCatalog callNumber rights extra dateAdded dateModified addedBy numItems "
    "serverDateModified collectionKeyList itemKeyList searchKeyList"
)
_SORTS = frozenset(_SORTS_WORDS.split())
KEY_PARAMETERS: Mapping[str, str] = {
    "items": "itemKey",
    "collections": "collectionKey",
    "searches": "searchKey",
}
_MAX_NUMBER = 2**62


@dataclass(frozen=True)
class Query:
    """What a list request asks for. `limit` 0: everything in one answer."""

    format: str
    keys: tuple[str, ...]
    since: int
    include_trashed: bool
    start: int
    limit: int
    sort: str
    descending: bool
    tags: tuple[str, ...]
    item_type: str
    q: str
    raw: tuple[tuple[str, str], ...]
    """What the `Link` header repeats."""


def read_query(args: MultiDict[str, str], action: str) -> Query:
    """Return the query of a list request; refuse (400) what Zotero refuses."""
    style = args.get("format", "json")
    if style not in _FORMATS or (style != "json" and action not in _LISTED):
        raise bad(f"Invalid 'format' value '{style}'")
    keys = _keys(args.get(KEY_PARAMETERS.get(action, ""), ""))
    sort, descending = _sort(args)
    return Query(
        format=style,
        keys=keys,
        since=_since(args),
        include_trashed=args.get("includeTrashed", "0") not in ("", "0"),
        start=max(0, _number(args.get("start", "0"))),
        limit=_limit(args, style, has_keys=KEY_PARAMETERS.get(action, "") in args),
        sort=sort,
        descending=descending,
        tags=tuple(args.getlist("tag")),
        item_type=args.get("itemType", ""),
        q=args.get("q", ""),
        raw=_repeated(args),
    )


def _keys(value: str) -> tuple[str, ...]:
    # ● A malformed key is dropped; where none is left the filter vanishes, and all is listed.
    return tuple(key for key in value.strip(",").split(",") if is_key(key))


def _limit(args: MultiDict[str, str], style: str, *, has_keys: bool) -> int:
    if has_keys:
        return MAX_PAGE
    asked = _number(args.get("limit", "0"))
    if style != "json":
        return max(0, asked)  # ● keys and versions come in one answer
    return min(asked, MAX_PAGE) if asked > 0 else PAGE


def _sort(args: MultiDict[str, str]) -> tuple[str, bool]:
    sort, direction = args.get("sort", ""), args.get("direction", "")
    if (order := args.get("order", "")) in ("asc", "desc"):
        direction = order
    elif order:
        direction, sort = (sort if sort in ("asc", "desc") else direction), order
    if sort in ("asc", "desc"):
        sort, direction = "", sort
    if sort and sort not in _SORTS:
        raise bad(f"Invalid 'sort' value '{sort}'")
    if direction not in ("", "asc", "desc"):
        raise bad(f"Invalid 'direction' value '{direction}'")
    # Dates run from new to old unless told otherwise, and so does the default.
    descending = direction == "desc" if direction else not sort or sort.startswith("date")
    return sort or "dateModified", descending


def _since(args: MultiDict[str, str]) -> int:
    text = args.get("since", args.get("newer", "0"))
    if not (text.isascii() and text.isdigit()):
        raise bad("Invalid value for 'since' parameter")
    return min(int(text), _MAX_NUMBER) if len(text) < len(str(_MAX_NUMBER)) else _MAX_NUMBER


def _number(text: str) -> int:
    """Return a number as PHP's `(int)` reads it: 0 for what is none."""
    digits = text.strip().removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) >= len(str(_MAX_NUMBER)):
        return 0
    return int(text)


def _repeated(args: MultiDict[str, str]) -> tuple[tuple[str, str], ...]:
    # ● The addresses of other pages drop `since`; the key is nobody's business in a link.
    left_out = ("since", "newer", "start", "key", "v")
    return tuple((k, v) for k, v in args.items(multi=True) if k not in left_out)


def link_header(query: Query, address: str, total: int, alternate: str) -> str:
    """Return the `Link` header of one page of a list."""

    def page(start: int) -> str:
        pairs = [*query.raw, *([("start", str(start))] if start > 0 else [])]
        return f"{address}?{urlencode(sorted(pairs))}" if pairs else address

    links = {}
    if query.start:
        links["first"] = page(0)
        links["prev"] = page(query.start - query.limit)
    if query.limit:
        if query.start + query.limit < total:
            links["next"] = page(query.start + query.limit)
        last = max(0, (total - 1) // query.limit * query.limit)
        if last != query.start:
            links["last"] = page(last)
    links["alternate"] = alternate
    return ", ".join(f'<{url}>; rel="{name}"' for name, url in links.items())
