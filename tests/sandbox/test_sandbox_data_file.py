"""The data file when it lets the server down: no room on the disk, another program's hands in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from zotsync.sandbox.data.store import Store
from zotsync.sandbox.server import Access, Sandbox

KEY = "anyTextWillDo0000000000"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data.db"


@pytest.fixture
def client(data: Path) -> Iterator[httpx2.Client]:
    with closing(Sandbox(data)) as sandbox:
        sandbox.add_user(1, "ada")
        sandbox.add_group(10, "Library", owner=1)
        sandbox.add_key(KEY, 1, groups={10: Access()})
        transport = httpx2.WSGITransport(app=sandbox.app)
        headers = {"Zotero-API-Key": KEY}
        with httpx2.Client(transport=transport, base_url="http://a.test", headers=headers) as made:
            yield made


def fill(store: Store) -> None:
    with store.writing() as tx:
        tx.bump("groups/10")
        for number in range(1000):
            tx.run("INSERT INTO login_sessions VALUES (?, ?)", str(number), "x" * 4000)


def test_what_the_disk_has_no_room_for_leaves_nothing(data: Path) -> None:
    with closing(Store(data)) as store:
        with store.writing() as tx:
            tx.value("PRAGMA max_page_count = 60")
        with pytest.raises(sqlite3.OperationalError, match="full"):
            fill(store)
        with store.writing() as tx:
            assert tx.rows("SELECT * FROM login_sessions") == []
            assert tx.bump("groups/10") == 1


def test_a_file_that_cannot_be_used_now_is_503(client: httpx2.Client, data: Path) -> None:
    with closing(sqlite3.connect(data)) as other:
        other.execute("ALTER TABLE objects RENAME TO elsewhere")
        answer = client.get("/groups/10/items")
        assert (answer.status_code, "cannot be used" in answer.text) == (503, True)
        other.execute("ALTER TABLE elsewhere RENAME TO objects")
    assert client.get("/groups/10/items").status_code == 200
