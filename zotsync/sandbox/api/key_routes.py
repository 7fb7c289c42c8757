"""API keys, asked for and made: `/keys`, and by login sessions as the Zotero client does it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from werkzeug.wrappers import Response

from zotsync.sandbox.api.call import Call
from zotsync.sandbox.api.replies import json_answer
from zotsync.sandbox.data import apikeys, notices, people, sessions
from zotsync.sandbox.data.apikeys import ApiKey
from zotsync.sandbox.data.sessions import Session
from zotsync.sandbox.data.transaction import Transaction
from zotsync.sandbox.rules.refused import RefusedError, bad
from zotsync.sandbox.rules.texts import dumps

CURRENT = "current"


def keys(call: Call, number: int = 0) -> Response:
    """Make a key (POST), or answer all keys of a user to the super-user.

    ● Elsewhere than under a user's address a user name and password will do.
    """
    if call.request.method == "POST":
        sent = call.json()
        with call.store.writing() as tx:
            user_id = _owner(tx, call, sent, number)
            key = ApiKey(apikeys.new_key(), user_id, added=call.now)
            key = apikeys.put_key(tx, apikeys.with_fields(tx, key, sent))
            response = json_answer(_text(tx, call, key, full=True), status=201)
        response.headers["Location"] = f"{call.base_url}/keys/{key.key}"
        return response
    _require_root(call)
    with call.store.reading() as tx:
        found = [_answer(tx, call, key, full=True) for key in apikeys.keys_of(tx, number)]
    return json_answer(dumps(found))


def one_key(call: Call, name: str, number: int = 0) -> Response:
    """Answer what an API key allows, change it or revoke it.

    `current` is the one the request was sent with. ● Whoever knows a key may ask and revoke it.
    """
    method = call.request.method
    sent = call.json() if method == "PUT" else None
    with call.store.writing() as tx:
        key = call.caller.key if name == CURRENT else apikeys.find_key(tx, name)
        if name == CURRENT and key is None:
            raise RefusedError(403, "Forbidden")
        if key is None or number not in (0, key.user_id):
            raise RefusedError(404, "Key not found")
        if method == "DELETE":
            apikeys.remove_key(tx, key.key)
            sessions.cancel_for(tx, key.key)
            return Response(status=204)
        if method == "PUT":
            _owner(tx, call, sent, number)
            revised = apikeys.with_fields(tx, key, sent)
            call.notices.extend(notices.of_key(tx, key, revised))
            key = apikeys.put_key(tx, revised)
        return json_answer(_text(tx, call, key, full=call.caller.root or method == "PUT"))


def _owner(tx: Transaction, call: Call, sent: Any, number: int) -> int:
    """Return the user for whom a key is made or changed; refuse (403) whoever may not."""
    if call.caller.root:
        return number
    given = sent if isinstance(sent, dict) and not number else {}
    username, password = str(given.get("username", "")), str(given.get("password", ""))
    user = people.authenticated(tx, username, password) if username and password else None
    if user is None:
        raise RefusedError(403, "Invalid username/password" if username else "Forbidden")
    return user.id


def _answer(tx: Transaction, call: Call, key: ApiKey, *, full: bool) -> dict[str, Any]:
    return apikeys.key_answer(tx, key, to_owner=full, with_id="showid" in call.request.args)


def _text(tx: Transaction, call: Call, key: ApiKey, *, full: bool) -> str:
    return dumps(_answer(tx, call, key, full=full))


def _require_root(call: Call) -> None:
    if not call.caller.root:
        raise RefusedError(403, "Forbidden")


# -- login sessions


def new_session(call: Call) -> Response:
    """Begin to log in: the client opens the address in a browser, and asks until a key is there."""
    sent = call.json() if call.request.get_data() else {}
    user_id = sent.get("userID") if isinstance(sent, dict) else None
    user_id = user_id if isinstance(user_id, int) else None
    key = call.caller.key
    session = Session(
        sessions.new_token(),
        expires=sessions.expiry(),
        client=sessions.client_of(call.request.headers.get("User-Agent", "")),
        user_id=key.user_id if key else user_id,
        key=key.key if key else "",
    )
    with call.store.writing() as tx:
        sessions.put_session(tx, session)
    place = f"{call.base_url}/login?session={session.token}"
    return json_answer(dumps({"sessionToken": session.token, "loginURL": place}), status=201)


def session(call: Call, token: str) -> Response:
    """Answer how far a login session is, with its key once there is one; or end it."""
    with call.store.writing() as tx:
        found = sessions.require_session(tx, token, alive=call.request.method != "DELETE")
        if call.request.method == "DELETE":
            if not found.pending:
                raise RefusedError(409, "Session already completed, expired, or cancelled")
            sessions.put_session(tx, replace(found, status="cancelled"))
            return Response(status=204)
        answer: dict[str, Any] = {"status": found.status}
        if found.status == "completed":
            user = people.find_user(tx, found.user_id)
            name = user.username if user else ""
            answer |= {"apiKey": found.key, "userID": found.user_id, "username": name}
    return json_answer(dumps(answer))


def session_info(call: Call, token: str) -> Response:
    """Answer what a login page needs to know; for the super-user alone."""
    _require_root(call)
    with call.store.reading() as tx:
        found = sessions.require_session(tx, token)
        key = apikeys.find_key(tx, found.key) if found.key else None
        answer = {
            "status": found.status,
            "userID": found.user_id,
            "clientType": found.client,
            "access": apikeys.access_answer(key) if key else None,
        }
    return json_answer(dumps(answer))


def complete_session(call: Call) -> Response:
    """End a login session with a new key, or new rights of the old one; for the super-user."""
    _require_root(call)
    sent = call.json()
    for name in ("sessionToken", "access"):
        if not isinstance(sent, dict) or not sent.get(name):
            raise bad(f"'{name}' required")
    with call.store.writing() as tx:
        found = sessions.require_session(tx, str(sent["sessionToken"]))
        if not found.pending:
            raise RefusedError(409, "Session already completed or cancelled")
        user_id = found.user_id or sent.get("userID")
        if not isinstance(user_id, int):
            raise bad("'userID' required for new login")
        complete(tx, call, found, user_id, sent["access"])
    return Response(status=204)


def complete(tx: Transaction, call: Call, session: Session, user_id: int, access: Any) -> None:
    """End a login session with a new key of a user's, or new rights of the session's old one."""
    old = apikeys.find_key(tx, session.key) if session.key else None
    name = sessions.key_name(session.client)
    key = old or ApiKey(apikeys.new_key(), user_id, name=name, added=call.now)
    key = apikeys.put_key(tx, apikeys.with_access(tx, key, access))
    sessions.put_session(tx, session.completed(user_id, key.key))
