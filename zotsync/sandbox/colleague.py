"""A colleague who curates the same group, with a key of her own, through the Web API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import httpx2

from zotsync.errors import ServerError
from zotsync.i18n import _

_OK = 300


class Colleague:
    """Acts on a group's items as a Zotero client would: each write carries the item's version."""

    def __init__(self, api_url: str, group: int, key: str) -> None:
        headers = {"Zotero-API-Key": key, "Zotero-API-Version": "3"}
        self._client = httpx2.Client(
            base_url=f"{api_url}/groups/{group}", headers=headers, trust_env=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._client.close()

    def item(self, key: str) -> dict[str, Any]:
        """Return the fields of an item as Zotero has them now."""
        data: dict[str, Any] = self._ask("GET", f"items/{key}").json()["data"]
        return data

    def change(self, key: str, fields: Mapping[str, Any]) -> None:
        """Give fields of an item new values."""
        version = str(self.item(key)["version"])
        headers = {"If-Unmodified-Since-Version": version}
        self._ask("PATCH", f"items/{key}", headers=headers, json=dict(fields))

    def tag(self, key: str, tag: str) -> None:
        """Add a tag to an item."""
        self.change(key, {"tags": [*self.item(key)["tags"], {"tag": tag}]})

    def trash(self, key: str) -> None:
        """Move an item to the trash."""
        self.change(key, {"deleted": 1})

    def add(self, fields: Mapping[str, Any]) -> str:
        """Add an item and return its key."""
        report = self._ask("POST", "items", json=[dict(fields)]).json()
        if report["failed"]:
            raise ServerError(_("The colleague's reference was refused."))
        return str(report["success"]["0"])

    def _ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        try:
            answer = self._client.request(method, path, **more)
        except httpx2.HTTPError as exc:
            message = _("The embedded server does not answer: {reason}").format(reason=exc)
            raise ServerError(message) from exc
        if answer.status_code >= _OK:
            message = _("The embedded server refused what the colleague did ({status}).")
            raise ServerError(message.format(status=answer.status_code))
        return answer


def answers(api_url: str, key: str) -> bool:
    """Return whether a server runs at `api_url` that knows `key`."""
    headers = {"Zotero-API-Key": key}
    try:
        answer = httpx2.get(f"{api_url}/keys/current", headers=headers, trust_env=False, timeout=2)
    except httpx2.HTTPError:
        return False
    return answer.status_code < _OK
