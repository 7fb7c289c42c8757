"""The connection: which proxy a request goes through."""

from __future__ import annotations

import pytest

from zotsync.zotero.connection import proxy_for


@pytest.mark.parametrize(
    ("environment", "url", "proxy"),
    [
        ({}, "https://api.zotero.org", None),
        ({"https_proxy": "http://proxy:3128"}, "https://api.zotero.org", "http://proxy:3128"),
        ({"https_proxy": "proxy:3128"}, "https://api.zotero.org", "http://proxy:3128"),
        ({"all_proxy": "http://proxy:3128"}, "https://api.zotero.org", "http://proxy:3128"),
        ({"http_proxy": "http://proxy:3128"}, "https://api.zotero.org", None),
        ({"https_proxy": "http://p", "no_proxy": "zotero.org"}, "https://api.zotero.org", None),
        ({"http_proxy": "http://proxy:3128"}, "http://127.0.0.1:8080/api", None),
        ({"http_proxy": "http://proxy:3128"}, "http://localhost:8080", None),
        ({"http_proxy": "http://proxy:3128"}, "http://[::1]:8080", None),
    ],
)
def test_the_systems_proxy_is_used_and_never_for_this_machine(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], url: str, proxy: str | None
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(url) == proxy
