"""The server is killed in the midst of writes: each object is there wholly or not at all."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2

ROUNDS = 5
BATCH = 20
ELSEWHERE = "http://zotero.org/groups/9/items/ABCD2345"


class Running:
    """`zotsync sandbox` as a process of its own."""

    def __init__(self, data: Path) -> None:
        command = [sys.executable, "-m", "zotsync", "--json", "-q", "sandbox", "--data", str(data)]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("}"):
                break
        said = json.loads("".join(lines))
        self.client = httpx2.Client(
            base_url=f"{said['api_url']}/groups/{said['group']}",
            headers={"Zotero-API-Key": said["key"]},
            trust_env=False,
            timeout=30,
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def stop(self) -> None:
        self.kill()
        self.client.close()


def item(name: str, shelf: str) -> dict[str, Any]:
    return {
        "itemType": "book",
        "title": name,
        "tags": [{"tag": f"{name} a"}, {"tag": f"{name} b", "type": 1}],
        "collections": [shelf],
        "relations": {"owl:sameAs": [ELSEWHERE]},
    }


def write_until_it_breaks(client: httpx2.Client, name: str, shelf: str, seen: list[int]) -> None:
    """Send new items, changes and deletions; note the versions that were confirmed."""
    number = 0
    try:
        while True:
            number += 1
            batch = [item(f"{name}-{number}-{index}", shelf) for index in range(BATCH)]
            answer = client.post("/items", json=batch)
            made = list(answer.json()["successful"].values())
            seen.extend(one["version"] for one in made)
            first, second = made[0], made[1]
            changed = item(f"{name}-{number}-changed", shelf) | {"version": first["version"]}
            client.patch(f"/items/{first['key']}", json=changed)
            expected = {"If-Unmodified-Since-Version": str(second["version"])}
            client.delete(f"/items/{second['key']}", headers=expected)
    except httpx2.TransportError:
        return


def disturbed(running: Running, number: int, dice: random.Random) -> list[int]:
    """Let two clients write, kill the server in the midst of it; return the versions confirmed."""
    made = running.client.post("/collections", json=[{"name": f"Round {number}"}]).json()
    shelf = made["success"]["0"]
    seen = [made["successful"]["0"]["version"]]
    clients = [
        threading.Thread(
            target=write_until_it_breaks, args=(running.client, f"{number}{name}", shelf, seen)
        )
        for name in "ab"
    ]
    for client in clients:
        client.start()
    time.sleep(dice.uniform(0.05, 0.4))
    running.kill()
    for client in clients:
        client.join()
    running.client.close()
    return seen


def check(data: Path) -> int:
    """Look at what is in the file, now that nobody serves it; return the library's version."""
    with closing(sqlite3.connect(data)) as db, db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (latest,) = db.execute("SELECT version FROM libraries").fetchone()
        rows = db.execute("SELECT key, version, data FROM objects WHERE kind = 'item'").fetchall()
        versions = [version for (version,) in db.execute("SELECT version FROM objects")]
        versions += [version for (version,) in db.execute("SELECT version FROM tombstones")]
        links = {
            table: db.execute(f"SELECT item, {column} FROM {table}").fetchall()  # noqa: S608
            for table, column in (
                ("members", "collection"),
                ("tags", "tag"),
                ("relations", "object"),
            )
        }
    db.close()
    assert len(versions) == len(set(versions))
    assert max(versions) <= latest
    expected: dict[str, set[tuple[str, str]]] = {table: set() for table in links}
    for key, version, text in rows:
        fields = json.loads(text)
        assert (fields["key"], fields["version"]) == (key, version)
        whole = item(fields["title"], fields["collections"][0])
        assert {name: fields[name] for name in whole if name != "relations"} == {
            name: value for name, value in whole.items() if name != "relations"
        }
        expected["members"] |= {(key, shelf) for shelf in whole["collections"]}
        expected["tags"] |= {(key, tag["tag"]) for tag in whole["tags"]}
        expected["relations"] |= {(key, ELSEWHERE)}
    assert {table: set(found) for table, found in links.items()} == expected
    return int(latest)


def test_killed_in_the_midst_of_writes_each_object_is_whole_or_absent(tmp_path: Path) -> None:
    data, dice = tmp_path / "data.db", random.Random(7)  # noqa: S311 - when to kill
    latest = 0
    confirmed: list[int] = []
    for number in range(ROUNDS):
        running = Running(data)
        try:
            seen = disturbed(running, number, dice)
        finally:
            running.stop()
        assert min(seen) > latest, "a version was used twice"
        confirmed += seen
        latest = check(data)
        assert max(seen) <= latest, "what was confirmed is gone"
    assert len(confirmed) == len(set(confirmed))
    assert len(confirmed) > ROUNDS
