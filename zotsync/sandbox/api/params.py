"""The query of a list request, read as Zotero reads it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from zotsync.model import is_key
from zotsync.sandbox.data.searching import Query
from zotsync.sandbox.rules.refused import bad

PAGE = 25
MAX_PAGE = 100
_LISTED = frozenset({"items", "collections", "searches"})
_FORMATS = frozenset({"json", "atom", "csljson", "keys", "versions"})
_PLAIN = ("keys", "versions")
_CITED = "csljson"
_SORTS_WORDS = (
    "title creator itemType date publisher publicationTitle journalAbbreviation language "
    "accessDate libraryCatalog callNumber rights extra dateAdded dateModified addedBy numItems "
    "serverDateModified collectionKeyList itemKeyList searchKeyList"
)
_SORTS = frozenset(_SORTS_WORDS.split())
_CONTENTS = ("json", "html", "none", _CITED)
KEY_PARAMETERS: Mapping[str, str] = {
    "items": "itemKey",
    "collections": "collectionKey",
    "searches": "searchKey",
}
_MAX_NUMBER = 2**62


def read_query(args: MultiDict[str, str], action: str) -> Query:
    """Return the query of a list request; refuse (400) what Zotero refuses."""
    style = args.get("format") or ("atom" if "content" in args else "json")
    where = {"items"} if style == _CITED else _LISTED
    if style not in _FORMATS or (style in (*_PLAIN, _CITED) and action not in where):
        raise bad(f"Invalid 'format' value '{style}'")
    keys = _keys(args.get(KEY_PARAMETERS.get(action, ""), ""))
    sort, descending = _sort(args, style)
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
        mode=_mode(args.get("qmode", ""), action),
        content=_content(args, style),
        raw=_repeated(args),
    )


def read_item_query(args: MultiDict[str, str]) -> Query:
    """Return which items are meant where tags are listed: `itemQ`, `itemTag` and their like."""
    names = {"itemQ": "q", "itemQMode": "qmode", "itemTag": "tag"}
    kept = ("itemKey", "itemType", "includeTrashed")
    pairs = [(names[k], v) for k, v in args.items(multi=True) if k in names]
    pairs += [(k, v) for k, v in args.items(multi=True) if k in kept]
    return read_query(MultiDict([*pairs, ("format", "keys")]), "items")


def _mode(mode: str, action: str) -> str:
    known = ("contains", "startswith") if action == "tags" else ("titlecreatoryear", "everything")
    if mode and mode.lower() not in known:
        raise bad(f"Invalid 'qmode' value '{mode}'")
    return mode.lower()


def _content(args: MultiDict[str, str], style: str) -> str:
    content = args.get("content")
    if content is None:
        return "html"
    if style != "atom":
        raise bad("'content' is valid only for format=atom")
    if content not in _CONTENTS:
        raise bad(f"Invalid 'content' value '{content}'")
    return content


def _keys(value: str) -> tuple[str, ...]:
    # ● A malformed key is dropped; where none is left the filter vanishes, and all is listed.
    return tuple(key for key in value.strip(",").split(",") if is_key(key))


def _limit(args: MultiDict[str, str], style: str, *, has_keys: bool) -> int:
    if has_keys:
        return MAX_PAGE
    asked = _number(args.get("limit", "0"))
    if style in _PLAIN:
        return max(0, asked)  # ● keys and versions come in one answer
    return min(asked, MAX_PAGE) if asked > 0 else PAGE


def _sort(args: MultiDict[str, str], style: str) -> tuple[str, bool]:
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
    default = "dateAdded" if style == "atom" else "dateModified"
    return sort or default, descending


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
    # ● The addresses of other pages drop `since=0`, as every default; and a key is nobody's business.
    left_out = ("since", "newer", "start", "key", "v")
    since = _since(args)
    kept = [(k, v) for k, v in args.items(multi=True) if k not in left_out]
    return (*kept, ("since", str(since))) if since else tuple(kept)


def page_links(query: Query, address: str, total: int, alternate: str) -> dict[str, str]:
    """Return where the pages of a list are: relation -> address; `self` and `first` always."""

    def page(start: int) -> str:
        pairs = [*query.raw, *([("start", str(start))] if start > 0 else [])]
        return f"{address}?{urlencode(sorted(pairs))}" if pairs else address

    links = {"self": page(query.start), "first": page(0)}
    if query.start:
        links["prev"] = page(query.start - query.limit)
    if query.limit:
        if query.start + query.limit < total:
            links["next"] = page(query.start + query.limit)
        links["last"] = page(max(0, (total - 1) // query.limit * query.limit))
    return links | {"alternate": alternate}


def link_header(links: Mapping[str, str]) -> str:
    """Return the `Link` header of a page: ● what is the page itself is not named."""
    own = links["self"]
    shown = {rel: url for rel, url in links.items() if rel == "alternate" or url != own}
    return ", ".join(f'<{url}>; rel="{rel}"' for rel, url in shown.items())
