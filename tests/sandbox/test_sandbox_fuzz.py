"""Whatever is sent, there is an HTTP answer, and it is never a fault of the server's own."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import httpx2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

WORDS = st.sampled_from(
    [
        *("groups", "users", "10", "1", "99999999999999999999", "-1", "items", "collections"),
        *("searches", "settings", "tags", "deleted", "top", "trash", "children", "keys", "schema"),
        *("current", "ABCD2345", "tagColors", "..", "", "é", "%00", "\u2603", "new", "itemTypes"),
    ]
)
PATHS = st.lists(WORDS, max_size=6).map(lambda parts: "/" + "/".join(parts))
IN_LIBRARY = st.sampled_from(
    [
        *("items", "items/top", "items/trash", "items/ABCD2345", "collections", "searches"),
        *("collections/ABCD2345/items", "settings", "settings/tagColors", "tags", "deleted"),
    ]
).map(lambda path: f"/groups/10/{path}")
PARAMETERS = st.dictionaries(
    st.sampled_from(
        [
            *("since", "limit", "start", "sort", "direction", "order", "format", "itemKey", "tag"),
            *("collectionKey", "includeTrashed", "q", "itemType", "settingKey", "v", "locale"),
        ]
    ),
    st.text(max_size=12)
    | st.sampled_from(
        ["0", "-1", "9" * 40, "keys", "versions", "title", "itemKeyList", "ABCD2345"]
    ),
    max_size=4,
)
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            *("If-Unmodified-Since-Version", "If-Modified-Since-Version", "Zotero-Write-Token"),
            *("Content-Encoding", "Content-Type", "Authorization", "Zotero-API-Version"),
            *("Content-Length", "Host", "If-None-Match", "Accept"),
        ]
    ),
    st.sampled_from(
        ["", "0", "1", "-1", "x", "gzip", "3", "2", "Bearer x y", "[::1", "9" * 30, "a b"]
    ),
    max_size=3,
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(
        ["book", "note", "attachment", "annotation", "ABCD2345", "CURRENT_TIMESTAMP"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["tag", "type", "creatorType", "name", "firstName", "dc:relation", "x"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
OBJECTS = st.dictionaries(
    st.sampled_from(
        [
            *("itemType", "key", "version", "title", "creators", "tags", "collections", "name"),
            *("relations", "parentItem", "note", "deleted", "date", "accessDate", "dateAdded"),
            *("linkMode", "md5", "mtime", "parentCollection", "conditions", "data", "value"),
            *("annotationType", "tagColors", "dateModified", "nonsense"),
        ]
    ),
    VALUES,
    max_size=6,
)
BODIES = (
    st.binary(max_size=20)
    | VALUES.map(lambda value: json.dumps(value).encode())
    | OBJECTS.map(lambda one: json.dumps(one).encode())
    | st.lists(OBJECTS, max_size=3).map(lambda many: json.dumps(many).encode())
)
METHODS = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "FOO"])
ONE_SANDBOX = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@ONE_SANDBOX
@given(st.tuples(METHODS, PATHS | IN_LIBRARY), PARAMETERS, HEADERS, BODIES)
def test_there_is_always_an_answer(
    api: Any,
    address: tuple[str, str],
    params: dict[str, str],
    headers: dict[str, str],
    body: bytes,
) -> None:
    method, path = address
    url = httpx2.URL("http://sandbox.test", path=quote(path, safe="/%"), params=params)
    answer = api.client.request(method, url, headers=headers, content=body)
    assert answer.status_code < 500, answer.text


@ONE_SANDBOX
@given(st.sampled_from(["items", "collections", "searches"]), st.lists(OBJECTS, max_size=4))
def test_the_report_accounts_for_whatever_is_sent(
    api: Any, kind: str, sent: list[dict[str, Any]]
) -> None:
    before = api.version()
    report = api.send(kind, *sent)
    accounted = [*report["success"], *report["unchanged"], *report["failed"]]
    assert sorted(accounted) == [str(index) for index in range(len(sent))]
    assert set(report["success"]) == set(report["successful"])
    assert api.version() == before + len(report["success"]) + len(report["unchanged"])
    for key in report["success"].values():
        assert api.get(f"{kind}/{key}").status_code == 200
