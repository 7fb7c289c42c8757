"""What a test server alone has (`--testing`): the administration that conformance tests ask for.

The super-user may do anything; who it is is no secret, so such a server is for one machine.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from lxml import etree
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from zotsync.sandbox.api import atom, key_routes, public_routes
from zotsync.sandbox.api.call import Call
from zotsync.sandbox.api.replies import any_number, json_answer
from zotsync.sandbox.data import apikeys, groups, notices, people
from zotsync.sandbox.data.apikeys import Access, ApiKey
from zotsync.sandbox.data.groups import Group
from zotsync.sandbox.data.people import User
from zotsync.sandbox.data.transaction import Transaction
from zotsync.sandbox.rules.refused import RefusedError, bad
from zotsync.sandbox.rules.texts import dumps

_NAMES = (("phpunit", "Real Name"), ("phpunit2", "Real Name 2"))
_FREE_QUOTA = 300
_UNLIMITED = 1_000_000
_ROLES = ("owner", "admin", "member")
_XML = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def rules() -> list[Rule]:
    """Return the addresses of the administration."""
    return [
        Rule("/test/setup", methods=("POST",), endpoint=_setup),
        Rule(
            f"/<any(groups, users):kind>/{any_number()}/clear", methods=("POST",), endpoint=_clear
        ),
        Rule("/groups", methods=("GET", "POST"), endpoint=_groups),
        Rule(f"/groups/{any_number()}", methods=("PUT", "DELETE"), endpoint=_group),
        Rule(f"/groups/{any_number()}/users", methods=("GET", "POST"), endpoint=_members),
        Rule(
            f"/groups/{any_number()}/users/{any_number('user_id')}",
            methods=("PUT", "DELETE"),
            endpoint=_member,
        ),
        Rule(f"/users/{any_number()}/storageadmin", methods=("GET", "POST"), endpoint=_storage),
        Rule("/keys/sessions/<token>/info", methods=("GET",), endpoint=key_routes.session_info),
        Rule("/keys/sessions/complete", methods=("POST",), endpoint=key_routes.complete_session),
    ]


def _require_root(call: Call, code: int = 403) -> None:
    if not call.caller.root:
        raise RefusedError(code, "Forbidden")


def _setup(call: Call) -> Response:
    """Empty the libraries of two users and give each a new key that may do anything."""
    _require_root(call, 404)
    keys = {}
    with call.store.writing() as tx:
        for index, (username, display_name) in enumerate(_NAMES, 1):
            name = "u" if index == 1 else f"u{index}"
            number = call.request.args.get(name, "")
            if not (number.isascii() and number.isdigit()):
                raise bad(f"User not provided (e.g., ?{name}=1)")
            first = index == 1
            user = User(int(number), username, display_name, trusting=True, any_email=first)
            keys[f"user{index}"] = {"apiKey": _fresh(tx, user, call.now)}
    return json_answer(dumps(keys))


def _fresh(tx: Transaction, user: User, now: str) -> str:
    people.put_user(tx, user)
    for key in apikeys.keys_of(tx, user.id):
        apikeys.remove_key(tx, key.key)
    tx.clear(f"users/{user.id}")
    key = ApiKey(
        apikeys.new_key(),
        user.id,
        groups={apikeys.ALL: Access()},
        user=Access(),
        name="Tests Key",
        added=now,
    )
    return apikeys.put_key(tx, key).key


def _clear(call: Call, kind: str, number: int) -> Response:
    """Take everything out of a library, without a trace."""
    _require_root(call, 404)
    with call.store.writing() as tx:
        tx.clear(f"{kind}/{number}")
    return Response(status=204)


# -- groups


def _groups(call: Call) -> Response:
    _require_root(call)
    if call.request.method == "GET":
        with call.store.reading() as tx:
            # ● Groups that never had an item are not found.
            found = [g for g in groups.all_groups(tx) if tx.version(g.library)]
            return public_routes.group_list(tx, call, found)
    with call.store.writing() as tx:
        numbers = [g.id for g in groups.all_groups(tx)]
        found_group = _with_fields(Group(max([0, *numbers]) + 1, "", 0), _parsed(call))
        groups.put_group(tx, found_group, call.now)
        call.notices.extend(notices.of_member(tx, found_group.owner, found_group, joins=True))
        response = _group_entry(tx, call, found_group, 201)
    response.headers["Location"] = f"{call.base_url}/groups/{found_group.id}"
    return response


def _group(call: Call, number: int) -> Response:
    _require_root(call)
    with call.store.writing() as tx:
        old = _known(tx, number)
        if call.request.method == "DELETE":
            groups.remove_group(tx, number)
            tx.clear(old.library)
            call.notices.append(notices.erased(old))
            return Response(status=204)
        groups.put_group(tx, _with_fields(old, _parsed(call)), call.now)
        return _group_entry(tx, call, _known(tx, number), 200)


def _known(tx: Transaction, number: int) -> Group:
    found = groups.find_group(tx, number)
    if found is None:
        raise RefusedError(404, f"Group {number} does not exist")
    return found


def _with_fields(group: Group, xml: Any) -> Group:
    owner = xml.get("owner", "")
    if not owner.isdigit():
        raise bad("Invalid owner")
    if xml.get("type") not in ("PublicOpen", "PublicClosed", "Private"):
        raise bad(f"Invalid group type '{xml.get('type')}'")
    return replace(
        group,
        name=xml.get("name", ""),
        owner=int(owner),
        type=xml.get("type"),
        library_editing=xml.get("libraryEditing", "members"),
        library_reading=xml.get("libraryReading", "members"),
        file_editing=xml.get("fileEditing", "none"),
        description=xml.findtext("description") or "",
        url=xml.findtext("url") or "",
    )


def _group_entry(tx: Transaction, call: Call, group: Group, status: int) -> Response:
    entry = atom.group_entry(tx, group, call.base_url, content=atom.group_xml(group))
    return atom.answer(entry, status=status)


def _members(call: Call, number: int) -> Response:
    _require_root(call)
    with call.store.writing() as tx:
        group = _known(tx, number)
        if call.request.method == "POST":
            for user in _parsed(call, wrapped=True).iterfind("user"):
                group = _with_member(tx, call, group, user.get("id", ""), user.get("role", ""))
        people_in = list(group.users)
        return _member_feed(tx, call, group, people_in)


def _member(call: Call, number: int, user_id: int) -> Response:
    _require_root(call)
    with call.store.writing() as tx:
        group = _known(tx, number)
        if call.request.method == "PUT":
            group = _with_member(tx, call, group, str(user_id), _parsed(call).get("role", ""))
            return _member_feed(tx, call, group, [user_id])
        if user_id == group.owner:
            raise bad("Cannot delete owner of group")
        if group.role(user_id) is None:
            raise RefusedError(404, f"User {user_id} is not a member of group {number}")
        call.notices.extend(notices.of_member(tx, user_id, group, joins=False))
        groups.put_group(tx, group.with_user(user_id, None), call.now)
    return Response(status=204)


def _with_member(tx: Transaction, call: Call, group: Group, number: str, role: str) -> Group:
    if not number.isdigit():
        raise bad("User ID not provided")
    if role not in _ROLES:
        raise bad(f"Invalid role '{role}'")
    user_id = int(number)
    if group.role(user_id) is None:
        call.notices.extend(notices.of_member(tx, user_id, group, joins=True))
    groups.put_group(tx, group.with_user(user_id, role), call.now)
    return _known(tx, group.id)


def _member_feed(tx: Transaction, call: Call, group: Group, user_ids: list[int]) -> Response:
    entries = [atom.member_entry(tx, group, user_id, call.base_url) for user_id in user_ids]
    return atom.answer(atom.feed(f"Members of '{group.name}'", {"self": call.address}, entries))


def _parsed(call: Call, *, wrapped: bool = False) -> Any:
    body = call.request.get_data()
    if wrapped:  # several elements may come side by side
        body = b"<root>%s</root>" % re.sub(rb"^\s*<\?xml[^>]*\?>", b"", body)
    try:
        return etree.fromstring(body, _XML)
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise bad(f"{call.request.method} data is not valid XML") from exc


# -- file storage


def _storage(call: Call, number: int) -> Response:
    """Answer or set how much file storage a user has paid for, in megabytes."""
    _require_root(call, 404)
    with call.store.writing() as tx:
        user = people.find_user(tx, number)
        if user is None:
            raise RefusedError(404, f"User {number} not found")
        if call.request.method == "POST":
            user = replace(
                user, quota=_quota(call.request.form), quota_expires=_expiration(call.request.form)
            )
            people.put_user(tx, user)
    xml = etree.Element("storage")
    quota = user.quota or _FREE_QUOTA
    etree.SubElement(xml, "quota").text = "unlimited" if quota == _UNLIMITED else str(quota)
    if user.quota:
        etree.SubElement(xml, "expiration").text = str(user.quota_expires)
    usage = etree.SubElement(xml, "usage")
    etree.SubElement(usage, "total").text = "0"
    return Response(etree.tostring(xml), content_type="application/xml")


def _quota(form: Any) -> int:
    quota = form.get("quota", "")
    if quota == "unlimited":
        return _UNLIMITED
    if not (quota.isascii() and quota.isdigit()):
        raise bad("Invalid quota" if quota else "Quota not provided")
    return int(quota)


def _expiration(form: Any) -> int:
    expiration = form.get("expiration", "")
    if not (expiration.isascii() and expiration.isdigit()):
        raise bad("Invalid expiration" if expiration else "Expiration not provided")
    return int(expiration)
