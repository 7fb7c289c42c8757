"""The embedded server's own time, against a real network's latency and a server of ready bytes."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from _world import GROUP, KEY, by_turns, key, seconds, serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

COUNT = 10_000
PAGE = 100
BATCH = 50
BATCHES = 20
CONNECTIONS = 4
LATENCY = 0.05
RUNS = 5
LIMIT = 0.5
"""Of a page's time to the latency of a real network: what is left of it hides nothing."""
LIBRARY = f"/groups/{GROUP}"
HEADERS = {"Zotero-API-Key": KEY, "Zotero-API-Version": "3"}


def in_order() -> list[str]:
    """Return the addresses of all pages, as a list is read from its start."""
    return [f"{LIBRARY}/items?limit={PAGE}&start={n}" for n in range(0, COUNT, PAGE)]


def by_keys() -> list[str]:
    """Return the addresses of all pages, as a sync asks for them."""
    parts = (",".join(map(key, range(n, n + PAGE))) for n in range(0, COUNT, PAGE))
    return [f"{LIBRARY}/items?itemKey={part}&limit={PAGE}&includeTrashed=1" for part in parts]


VERSIONS = [f"{LIBRARY}/items?format=versions&since=0&includeTrashed=1"]


def ask(url: str, paths: Sequence[str]) -> list[bytes]:
    """Ask for addresses one after the other over one connection; return the bodies."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    bodies = []
    for path in paths:
        connection.request("GET", path, headers=HEADERS)
        answer = connection.getresponse()
        bodies.append(answer.read())
        if answer.status != http.client.OK:
            raise RuntimeError(f"{path}: {answer.status}")
    connection.close()
    return bodies


def ask_at_once(url: str, paths: Sequence[str]) -> None:
    """Ask for addresses over several connections."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        parts = [paths[n::CONNECTIONS] for n in range(CONNECTIONS)]
        list(pool.map(lambda part: ask(url, part), parts))


def send(url: str) -> None:
    """Send new items in full batches, each checked to have been written whole."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    one = {"itemType": "journalArticle", "title": "Un titre", "tags": [{"tag": "sujet"}]}
    body = json.dumps([one] * BATCH)
    for _batch in range(BATCHES):
        connection.request("POST", f"{LIBRARY}/items", body, HEADERS)
        report = json.loads(connection.getresponse().read())
        if len(report["successful"]) != BATCH:
            raise RuntimeError(report["failed"])
    connection.close()


def bare(url: str) -> None:
    """Serve what the server at `url` answers, as ready bytes; print the port."""
    from waitress import create_server  # noqa: PLC0415 - each part has its own imports

    paths = [*in_order(), *by_keys(), *VERSIONS]
    ready = dict(zip(paths, ask(url, paths), strict=True))

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        body = ready[f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}"]
        length = ("Content-Length", str(len(body)))
        start_response("200 OK", [("Content-Type", "application/json"), length])
        return [body]

    server = create_server(app, host="127.0.0.1", port=0, threads=8)
    print(server.effective_port, flush=True)
    server.run()


@contextmanager
def serving_bytes(url: str) -> Iterator[str]:
    """Serve the answers of the server at `url` as ready bytes, from a process of its own."""
    command = [sys.executable, __file__, "bare", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        if child.stdout is None:
            raise RuntimeError("no pipe")
        try:
            yield f"http://127.0.0.1:{child.stdout.readline().strip()}"
        finally:
            child.terminate()


def pages(url: str, ready: str, how: str, paths: Sequence[str]) -> bool:
    """Print what a page takes, one after the other and over several connections."""
    ours, least, at_once, least_at_once = (
        taken / len(paths)
        for taken in by_turns(
            RUNS,
            lambda: seconds(lambda: ask(url, paths)),
            lambda: seconds(lambda: ask(ready, paths)),
            lambda: seconds(lambda: ask_at_once(url, paths)),
            lambda: seconds(lambda: ask_at_once(ready, paths)),
        )
    )
    print(f"a page of {PAGE} of {COUNT:,} items, {how}: {ours * 1000:.1f} ms")
    print(f"  {ours / LATENCY:.2f} times {LATENCY * 1000:.0f} ms; at most {LIMIT:g}")
    print(f"  {ours / least:.1f} times a server of ready bytes ({least * 1000:.1f} ms)")
    print(
        f"  over {CONNECTIONS} connections: {at_once * 1000:.1f} ms, "
        f"{at_once / least_at_once:.1f} times ready bytes ({least_at_once * 1000:.1f} ms)"
    )
    return ours / LATENCY <= LIMIT


def measure(url: str, ready: str) -> bool:
    """Print times and ratios; return whether the bound holds."""
    fine = pages(url, ready, "in order", in_order()) & pages(url, ready, "by keys", by_keys())
    versions, least = by_turns(
        RUNS,
        lambda: seconds(lambda: ask(url, VERSIONS)),
        lambda: seconds(lambda: ask(ready, VERSIONS)),
    )
    times = f"{versions / least:.1f} times ready bytes"
    print(f"all {COUNT:,} versions: {versions * 1000:.0f} ms, {times}")
    (sent,) = by_turns(RUNS, lambda: seconds(lambda: send(url)) / BATCHES)
    times = f"{sent / LATENCY:.2f} times {LATENCY * 1000:.0f} ms"
    print(f"writing {BATCH} items: {sent * 1000:.0f} ms, {times}")
    return fine


def main() -> None:
    """Measure; end with 1 where the bound does not hold."""
    if sys.argv[1:]:
        bare(sys.argv[2])
        return
    with serving(COUNT) as server, serving_bytes(server.url) as ready:
        fine = measure(server.url, ready)
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
