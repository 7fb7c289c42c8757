"""A first pull until the mirror is committed, against a bare client that fetches the same."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from _world import GROUP, KEY, Server, by_turns, folder, run, serving, tell

COUNT = 10_000
LATENCY = 0.05
RUNS = 3
LIMIT = 1.3
MEMORY = 100
"""MB."""
PAGE = 100
Query = dict[str, str | int]


def ours(url: str, state: str) -> None:
    """Pull into a new state.db."""
    from zotsync.model import silent  # noqa: PLC0415 - each part has its own imports
    from zotsync.sync.reading.pull import pull  # noqa: PLC0415
    from zotsync.sync.remembering.state import State  # noqa: PLC0415
    from zotsync.zotero.library import GroupLibrary  # noqa: PLC0415

    started = time.perf_counter()
    opened = State(Path(state))
    with GroupLibrary(GROUP, KEY, api_url=url) as library:
        pull(library, opened, silent)
        requests = library.requests
    taken = time.perf_counter() - started
    count = next(opened.rows("SELECT count(*) FROM mirror WHERE kind = 'item'"))[0]
    opened.close()
    tell(seconds=taken, requests=requests, count=count)


def bare(url: str) -> None:
    """Fetch the same over four connections, and parse it."""
    import httpx2  # noqa: PLC0415

    started = time.perf_counter()
    headers = {"Authorization": f"Bearer {KEY}", "Zotero-API-Version": "3"}
    base = f"{url}/groups/{GROUP}"
    with httpx2.Client(headers=headers) as client, ThreadPoolExecutor(4) as pool:

        def fetch(kind: str, keys: list[str]) -> int:
            query: Query = {f"{kind}Key": ",".join(keys), "limit": PAGE, "includeTrashed": 1}
            return len(client.get(f"{base}/{kind}s", params=query).raise_for_status().json())

        versions: Query = {"format": "versions", "since": 0, "includeTrashed": 1}
        items = list(client.get(f"{base}/items", params=versions).json())
        shelves = list(client.get(f"{base}/collections", params={"format": "versions"}).json())
        client.get(f"{base}/deleted", params={"since": 0}).json()
        count = 0
        for kind, keys in (("collection", shelves), ("item", items)):
            pages = [keys[i : i + PAGE] for i in range(0, len(keys), PAGE)]
            count = sum(pool.map(partial(fetch, kind), pages))
    tell(seconds=time.perf_counter() - started, count=count)


def pyzotero(url: str) -> None:
    """Read everything as pyzotero's users do."""
    from pyzotero.zotero import Zotero  # noqa: PLC0415

    started = time.perf_counter()
    zotero = Zotero(GROUP, "group", KEY)
    zotero.endpoint = url
    count = len(zotero.everything(zotero.items(limit=PAGE, includeTrashed=1)))
    tell(seconds=time.perf_counter() - started, count=count)


def measure(server: Server, root: Path) -> bool:
    """Print the ratios; return whether both bounds hold."""
    pulls = []

    def one(part: str, *words: object) -> float:
        told = run(__file__, part, server.url, *words)
        if told["count"] != COUNT:
            raise RuntimeError(f"{part}: {told['count']} items")
        if part == "ours":
            pulls.append(told)
        return float(told["seconds"])

    plain, pulled, reader = by_turns(
        RUNS,
        lambda: one("bare"),
        lambda: one("ours", root / f"{len(pulls)}.db"),
        lambda: one("pyzotero"),
    )
    peak = max(told["peak"] for told in pulls)
    print(
        f"first pull of {COUNT:,} items, {LATENCY * 1000:.0f} ms a request:"
        f" {pulled:.2f} s in {pulls[0]['requests']} requests"
    )
    print(f"  {pulled / plain:.2f} times a bare client ({plain:.2f} s); at most {LIMIT:g}")
    print(f"  {pulled / reader:.2f} times pyzotero's everything(items()) ({reader:.2f} s)")
    print(f"  {peak:.0f} MB at its peak; at most {MEMORY}")
    return pulled / plain <= LIMIT and peak <= MEMORY


def main() -> None:
    """Measure; end with 1 where a bound does not hold."""
    parts: dict[str, Callable[..., None]] = {"ours": ours, "bare": bare, "pyzotero": pyzotero}
    if sys.argv[1:]:
        parts[sys.argv[1]](*sys.argv[2:])
        return
    with serving(COUNT, LATENCY) as server, folder() as root:
        fine = measure(server, root)
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
