"""Answers in Atom: what older clients read, and what group administration still answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lxml import etree
from werkzeug.wrappers import Response

from zotsync.model import Schema
from zotsync.sandbox.api.csl import csl_item
from zotsync.sandbox.data import people
from zotsync.sandbox.data.groups import Group
from zotsync.sandbox.data.records import PLURALS, Kind, title_of
from zotsync.sandbox.data.transaction import Transaction
from zotsync.sandbox.rules.texts import dumps

_ATOM = "http://www.w3.org/2005/Atom"
_ZAPI = "http://zotero.org/ns/api"
_TRANSFER = "http://zotero.org/ns/transfer"
_NAMES: Any = {None: _ATOM, "zapi": _ZAPI}
_TRANSFER_NAMES: Any = {None: _TRANSFER}
_URI = "http://zotero.org"
_TYPE = "application/atom+xml"
_XHTML = "http://www.w3.org/1999/xhtml"
_XHTML_NAMES: Any = {None: _XHTML}
_NEVER = "1970-01-01T00:00:00Z"
_FACTS_WORDS = "key version itemType creatorSummary parsedDate numChildren numItems numCollections"
_FACTS = frozenset(_FACTS_WORDS.split())


def answer(element: Any, version: int | None = None, status: int = 200) -> Response:
    """Return an Atom answer."""
    text = etree.tostring(element, xml_declaration=True, encoding="UTF-8")
    response = Response(text, status, content_type=_TYPE)
    if version is not None:
        response.headers["Last-Modified-Version"] = str(version)
    return response


def feed(title: str, links: Mapping[str, str], entries: Iterable[Any]) -> Any:
    """Return a feed of entries; `links`: relation -> address, `self` among them."""
    found = etree.Element(f"{{{_ATOM}}}feed", nsmap=_NAMES)
    _child(found, "title", title)
    _child(found, "id", _public(links["self"].partition("?")[0]))
    for rel, href in links.items():
        if rel != "prev":
            kind = "text/html" if rel == "alternate" else _TYPE
            _child(found, "link", rel=rel, type=kind, href=href)
    entries = list(entries)
    dates = (entry.findtext(f"{{{_ATOM}}}updated") or "" for entry in entries)
    _child(found, "updated", max([_NEVER, *dates]))
    found.extend(entries)
    return found


def object_entry(kind: Kind, shown: Mapping[str, Any], content: str, schema: Schema) -> Any:
    """Return the entry of an item, collection or search that JSON would show so.

    `content`: `json`, `html`, `csljson` (of items) or `none`.
    """
    data, meta, library = shown["data"], shown["meta"], shown["library"]
    suffix = "?format=atom" if content == "html" else f"?format=atom&content={content}"
    links = {rel: link["href"] for rel, link in shown["links"].items()}
    links = {rel: url if rel == "alternate" else url + suffix for rel, url in links.items()}
    place = f"{_URI}/{library['type']}s/{library['id']}"
    uri = f"{place}/{PLURALS[kind]}/{shown['key']}"
    dates = (data.get("dateAdded") or _NEVER, data.get("dateModified") or _NEVER)
    item_type = schema.item_types[data["itemType"]] if kind == "item" else None
    title = title_of(data, item_type) if item_type else data["name"]
    entry = _entry(title, uri, links, dates)
    by = meta.get("createdByUser")
    author = (by["name"], f"{_URI}/users/{by['id']}") if by else (library["name"], place)
    _author(entry, *author)
    facts = {"key": shown["key"], "version": shown["version"], "itemType": data.get("itemType")}
    for name, value in (facts | meta).items():
        if name in _FACTS and value is not None:
            _fact(entry, name, value)
    if content == "json":
        _content(entry, dumps(data), "application/json")
    elif content == "csljson" and item_type:
        _content(entry, dumps(csl_item(shown, schema)), "application/json")
    elif content == "html":
        _content(entry, _table(data), "xhtml")
    return entry


def _table(data: Mapping[str, Any]) -> Any:
    found = etree.Element(f"{{{_XHTML}}}div", nsmap=_XHTML_NAMES)
    table = etree.SubElement(found, f"{{{_XHTML}}}table")
    for name, value in data.items():
        if isinstance(value, str) and value:
            row = etree.SubElement(table, f"{{{_XHTML}}}tr", {"class": name})
            etree.SubElement(row, f"{{{_XHTML}}}th").text = name
            etree.SubElement(row, f"{{{_XHTML}}}td").text = value
    return found


def tag_entry(tag: Mapping[str, Any]) -> Any:
    """Return the entry of a tag that JSON would show so."""
    links = {rel: link["href"] for rel, link in tag["links"].items()}
    entry = _entry(tag["tag"], _public(links["self"]), links, (_NEVER, _NEVER))
    _author(entry, "Zotero", _URI)
    _fact(entry, "numItems", tag["meta"]["numItems"])
    return entry


def _public(address: str) -> str:
    """Return an address on this server as the URI that names the same thing for everybody."""
    _scheme, _slashes, rest = address.partition("://")
    _host, _slash, path = rest.partition("/")
    return f"{_URI}/{path}"


def _entry(title: str, uri: str, links: Mapping[str, str], dates: tuple[str, str]) -> Any:
    found = etree.Element(f"{{{_ATOM}}}entry", nsmap=_NAMES)
    _child(found, "title", title or "[Untitled]")
    _child(found, "author")
    _child(found, "id", uri)
    _child(found, "published", dates[0])
    _child(found, "updated", dates[1])
    for rel, href in links.items():
        kind = "text/html" if rel == "alternate" else _TYPE
        _child(found, "link", rel=rel, type=kind, href=href)
    return found


def _child(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    found = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    found.text = text
    return found


def _fact(parent: Any, name: str, value: Any) -> None:
    etree.SubElement(parent, f"{{{_ZAPI}}}{name}").text = str(value)


def _author(entry: Any, name: str, uri: str) -> None:
    author = entry.find(f"{{{_ATOM}}}author")
    _child(author, "name", name)
    _child(author, "uri", uri)


def _content(entry: Any, content: Any, kind: str) -> None:
    element = _child(entry, "content", type=kind)
    if isinstance(content, str):
        element.text = content
    else:
        element.append(content)


def group_entry(tx: Transaction, group: Group, base_url: str, *, content: Any) -> Any:
    """Return the entry of a group; `content`: JSON as text, or an element."""
    uri = f"{_URI}/{group.library}"
    own = f"{base_url}/{group.library}"
    entry = _entry(
        group.name, uri, {"self": own, "alternate": uri}, (group.created, group.modified)
    )
    owner = people.find_user(tx, group.owner)
    _author(entry, owner.name if owner else "", f"{_URI}/users/{group.owner}")
    _fact(entry, "groupID", group.id)
    _fact(entry, "numItems", tx.count_items(group.library))
    if content is not None:
        is_json = isinstance(content, str)
        _content(entry, content, "application/json" if is_json else "application/xml")
    return entry


def group_xml(group: Group) -> Any:
    """Return a group in the form that group administration sends and gets."""
    facts = {
        "id": str(group.id),
        "owner": str(group.owner),
        "type": group.type,
        "name": group.name,
        "libraryEditing": group.library_editing,
        "libraryReading": group.library_reading,
        "fileEditing": group.file_editing,
    }
    found = etree.Element(f"{{{_TRANSFER}}}group", facts, nsmap=_TRANSFER_NAMES)
    texts = {"description": group.description, "url": group.url}
    texts |= {"admins": _numbers(group.admins), "members": _numbers(group.members)}
    for name, text in texts.items():
        if text:
            etree.SubElement(found, f"{{{_TRANSFER}}}{name}").text = text
    return found


def _numbers(user_ids: Iterable[int]) -> str:
    return " ".join(str(user_id) for user_id in user_ids)


def member_entry(tx: Transaction, group: Group, user_id: int, base_url: str) -> Any:
    """Return the entry of somebody who is in a group."""
    user = people.find_user(tx, user_id)
    place = f"{group.library}/users/{user_id}"
    links = {"self": f"{base_url}/{place}", "alternate": f"{_URI}/{place}"}
    dates = (group.created, group.modified)
    entry = _entry(user.name if user else f"User {user_id}", f"{_URI}/{place}", links, dates)
    _author(entry, "Zotero", _URI)
    facts = {"id": str(user_id), "role": group.role(user_id) or ""}
    member = etree.Element(f"{{{_TRANSFER}}}user", facts, nsmap=_TRANSFER_NAMES)
    _content(entry, member, "application/xml")
    return entry
