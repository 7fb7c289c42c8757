"""The page that a Zotero client opens in the browser to log in: one chooses who one is."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from werkzeug.wrappers import Response

from zotsync.i18n import _
from zotsync.sandbox.api import key_routes
from zotsync.sandbox.api.call import Call
from zotsync.sandbox.data import people, sessions
from zotsync.sandbox.rules.refused import RefusedError

_EVERYTHING = {
    "user": {"library": True, "notes": True, "write": True},
    "groups": {"all": {"library": True, "write": True}},
}


def login(call: Call) -> Response:
    """Answer the page of a login session; with a `user`, log that one in.

    These are links, no form: a form would say its origin, and no web page may use this server.
    Nobody finds the address out who was not given it.
    """
    token, chosen = (call.request.args.get(name, "") for name in ("session", "user"))
    with call.store.writing() as tx:
        session = sessions.require_session(tx, token)
        if not session.pending:
            raise RefusedError(409, "Session already completed or cancelled")
        users = [u for u in people.open_users(tx) if session.user_id in (None, u.id)]
        user = next((u for u in users if str(u.id) == chosen), None)
        if user is None:
            return _page(*_choices(token, users))
        key_routes.complete(tx, call, session, user.id, _EVERYTHING)
    return _page(escape(_("Logged in as {name}. Go back to Zotero.").format(name=user.name)))


def _choices(token: str, users: list[people.User]) -> tuple[str, ...]:
    if not users:
        return (escape(_("Nobody can log in here by name: give Zotero an API key.")),)
    links = (
        f'<a href="/login?session={quote(token)}&amp;user={user.id}">{escape(user.name)}</a>'
        for user in users
    )
    return (escape(_("Who are you?")), *links)


def _page(*lines: str) -> Response:
    text = "".join(f"<p>{line}</p>\n" for line in lines)
    html = f'<!DOCTYPE html>\n<meta charset="utf-8">\n<title>zotsync sandbox</title>\n{text}'
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return Response(html, content_type="text/html; charset=utf-8", headers=headers)
