"""The requests of the Zotero client's sync, one by one: paths, queries, headers, gzip, what it accepts.

It stands at the network's edge: whatever the server answers otherwise than the client expects ends a test.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx2

MAX_KEYS = 100
MIN_GZIP = 1000
PLURALS = {"collection": "collections", "search": "searches", "item": "items"}
_GECKO = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Zotero/9.0.6"


class UnexpectedStatusError(AssertionError):
    """An answer whose status the client does not expect."""

    def __init__(self, answer: httpx2.Response) -> None:
        where = f"{answer.request.method} {answer.request.url}"
        super().__init__(f"{where}: {answer.status_code} {answer.text[:300]}")
        self.status = answer.status_code


@dataclass(frozen=True)
class Versions:
    """What a list of versions says, and at which version of the library."""

    library: int
    keys: Mapping[str, int]


@dataclass
class Requests:
    """One client's requests. `library`: `users/1`, `groups/10`; "" before it knows any."""

    http: httpx2.Client
    key: str
    library: str = ""
    schema_version: int = 44
    agent: str = _GECKO

    def of(self, library: str) -> Requests:
        """Return the same client's requests to a library."""
        return Requests(self.http, self.key, library, self.schema_version, self.agent)

    # -- before any library

    def key_info(self) -> Any:
        """Return whose key it is and what it allows, False if it is none."""
        answer = self._ask("GET", "keys/current", ok=(200, 403, 404))
        return False if answer.status_code == 403 else answer.json()

    def create_key(self, username: str, password: str) -> Any:
        """Log in as clients up to Zotero 8 do; False if the password is wrong."""
        access = {
            "user": dict.fromkeys(("library", "notes", "write", "files"), True),
            "groups": {"all": {"library": True, "write": True}},
        }
        body = {
            "username": username,
            "password": password,
            "name": "Automatic Zotero Client Key",
            "access": access,
        }
        answer = self._ask("POST", "keys", body=body, ok=(201, 403), with_key=False)
        return False if answer.status_code == 403 else answer.json()

    def start_login(self, user_id: int | None = None) -> tuple[str, str]:
        """Begin to log in as clients do since Zotero 9: return a token, and the page to open."""
        body = {"userID": user_id} if user_id else None
        answer = self._ask("POST", "keys/sessions", body=body, ok=(201,), with_key=False)
        begun = answer.json()
        return begun["sessionToken"], begun["loginURL"]

    def login(self, token: str) -> Any:
        """Return how far a login session is, False if it has expired."""
        ok = (200, 404, 410)
        answer = self._ask("GET", f"keys/sessions/{token}", ok=ok, with_key=False)
        assert answer.status_code != 404
        return False if answer.status_code == 410 else answer.json()

    def cancel_login(self, token: str) -> None:
        """End a login session that nobody completed."""
        self._ask("DELETE", f"keys/sessions/{token}", ok=(204, 404, 409), with_key=False)

    def delete_key(self) -> None:
        """Log out."""
        self._ask("DELETE", "keys/current", ok=(200, 204))

    def group_versions(self, user_id: int) -> dict[int, int]:
        """Return the versions of what is known of the user's groups, not of their libraries."""
        answer = self._ask("GET", f"users/{user_id}/groups?format=versions")
        return {int(group): version for group, version in answer.json().items()}

    def group(self, number: int) -> Any:
        """Return what is known of a group, False if it is gone."""
        answer = self._ask("GET", f"groups/{number}", ok=(200, 404))
        return False if answer.status_code == 404 else answer.json()

    # -- reading a library

    def settings(self, since: int) -> tuple[int, Any] | None:
        """Return the settings since a version; None if the library is no newer."""
        query, headers = "", {}
        if since:
            query, headers = f"?since={since}", {"If-Modified-Since-Version": str(since)}
        answer = self._ask("GET", f"{self.library}/settings{query}", headers=headers, ok=(200, 304))
        return None if answer.status_code == 304 else (lmv(answer), answer.json())

    def deleted(self, since: int) -> tuple[int, dict[str, list[str]]]:
        """Return the keys of what was erased since a version."""
        answer = self._ask("GET", f"{self.library}/deleted?since={since}")
        return lmv(answer), answer.json()

    def versions(self, kind: str, since: int = 0, *, top: bool = False) -> Versions:
        """Return the versions of the objects of one kind that changed since a version."""
        target = f"{PLURALS[kind]}{'/top' if top else ''}"
        parts = ["format=versions", *([f"since={since}"] if since else [])]
        parts += ["includeTrashed=1"] if kind == "item" else []
        answer = self._ask("GET", f"{self.library}/{target}?{'&'.join(parts)}", ok=(200, 304))
        return Versions(lmv(answer), answer.json())

    def objects(self, kind: str, keys: Sequence[str]) -> list[Any]:
        """Return the objects with these keys, a hundred to a request."""
        found: list[Any] = []
        for start in range(0, len(keys), MAX_KEYS):
            asked = quote(",".join(keys[start : start + MAX_KEYS]), safe="")
            trashed = "&includeTrashed=1" if kind == "item" else ""
            path = f"{self.library}/{PLURALS[kind]}?{kind}Key={asked}{trashed}"
            found += self._ask("GET", path).json()
        return found

    def keys_in(self, collection: str) -> list[str]:
        """Return the keys of the top-level items of a collection."""
        path = f"{self.library}/collections/{collection}/items/top?format=keys"
        return self._ask("GET", path, ok=(200, 304)).text.split()

    # -- writing to a library

    def upload_settings(self, version: int, settings: Mapping[str, Any]) -> int:
        """Write settings; return the library's new version."""
        values = {name: {"value": value} for name, value in settings.items()}
        answer = self._write("POST", f"{self.library}/settings", version, (204,), values)
        return lmv(answer)

    def delete_settings(self, version: int, names: Collection[str]) -> int:
        """Erase settings; return the library's new version."""
        asked = ",".join(quote(name, safe="") for name in names)
        path = f"{self.library}/settings?settingKey={asked}"
        return lmv(self._write("DELETE", path, version, (204,)))

    def upload(self, kind: str, version: int, objects: Sequence[Any]) -> tuple[int, Any]:
        """Write objects; return the library's new version and the report."""
        path = f"{self.library}/{PLURALS[kind]}"
        answer = self._write("POST", path, version, (200,), list(objects))
        return lmv(answer), answer.json()

    def delete(self, kind: str, version: int, keys: Sequence[str]) -> int:
        """Erase objects; return the library's new version."""
        asked = quote(",".join(keys), safe="")
        path = f"{self.library}/{PLURALS[kind]}?{kind}Key={asked}"
        return lmv(self._write("DELETE", path, version, (204,)))

    # -- the wire

    def _write(
        self, method: str, path: str, version: int, ok: Collection[int], body: Any = None
    ) -> httpx2.Response:
        headers = {"If-Unmodified-Since-Version": str(version)}
        return self._ask(method, path, headers=headers, body=body, ok=ok)

    def _ask(  # noqa: PLR0913 - a request has this many sides
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        ok: Collection[int] = (200,),
        with_key: bool = True,
    ) -> httpx2.Response:
        sent = {
            "User-Agent": self.agent,
            "Accept": "*/*",
            "Cache-Control": "no-cache",
            "Pragma": "no-cache",
            "Zotero-API-Version": "3",
            "Zotero-Schema-Version": str(self.schema_version),
        } | dict(headers or {})
        if with_key:
            sent["Zotero-API-Key"] = self.key
        content = b""
        if body is not None:
            sent["Content-Type"] = "application/json"
            text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
            content = text.encode()
            if len(text) >= MIN_GZIP:
                sent["Content-Encoding"] = "gzip"
                content = gzip.compress(content)
        answer = self.http.request(method, f"/{path}", headers=sent, content=content)
        if answer.status_code not in ok:
            raise UnexpectedStatusError(answer)
        return answer


def lmv(answer: httpx2.Response) -> int:
    """Return the version an answer carries: the client cannot do without it."""
    assert "Last-Modified-Version" in answer.headers, answer.request.url
    return int(answer.headers["Last-Modified-Version"])
