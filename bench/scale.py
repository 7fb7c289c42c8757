"""What a sync costs as a library grows: requests, files, waits for the disk, memory, time.

`scale.py [SIZE…]` measures libraries of 1,000, 10,000 and 50,000 items, or of the sizes given (also as
`make bench SIZES="1000 10000"`). Each sync is a fresh process. Its time is also given as a ratio to a plain
loop that sends the very same requests to a twin of the server and reads the answers, right after it.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any

from _world import GROUP, KEY, Server, folder, key, run, serving, tell, workspace

SIZES = (1_000, 10_000, 50_000)
EDITS = 100
BATCH = 50
CLOCK_STEP = 2.5
"""Seconds until no file counts as changed in the same tick as it was looked at."""
GROWTH = 1.5
"""How much more than in proportion to the library what is counted may grow."""
NOISE = 2.0
"""How much more again the time may: machines have other things to do."""
COUNTED = ("requests", "read", "waits")
HEADS = ("items", "sync", "requests", "files read", "disk waits", "peak", "time", "× plain loop")
Requests = list[list[str]]
"""Method, address below the server's, `If-` headers and body of each."""


# What runs in processes of its own


@contextmanager
def counted(items: Path) -> Iterator[dict[str, int]]:
    """Count the files of a folder that are read, and the waits for the disk, meanwhile."""
    from zotsync.sync.remembering.state import State  # noqa: PLC0415

    counts = {"read": 0, "waits": 0}
    inside = str(items) + os.sep
    plain, fsync, sync = State.transaction, os.fsync, os.sync

    def listen(event: str, what: tuple[Any, ...]) -> None:
        if event == "open" and str(what[0]).startswith(inside):
            counts["read"] += what[2] & (os.O_WRONLY | os.O_RDWR) == 0

    def transaction(state: State) -> Any:
        counts["waits"] += not state.db.in_transaction
        return plain(state)

    def waits(handle: int | None = None) -> None:
        counts["waits"] += 1
        sync() if handle is None else fsync(handle)

    sys.addaudithook(listen)
    State.transaction, os.fsync, os.sync = transaction, waits, waits  # type: ignore[assignment,method-assign]
    yield counts


def sync(url: str, where: str, record: str) -> None:
    """Sync a workspace; leave what was asked of the server in the file `record`."""
    import json  # noqa: PLC0415

    import httpx2  # noqa: PLC0415

    from zotsync.config import Config, Workspace  # noqa: PLC0415
    from zotsync.sync.engine import Engine, Options  # noqa: PLC0415
    from zotsync.zotero.library import GroupLibrary  # noqa: PLC0415
    from zotsync.zotero.schema import bundled  # noqa: PLC0415

    class Recording(httpx2.HTTPTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            conditions = {n: v for n, v in request.headers.items() if n.startswith("if-")}
            target = request.url.raw_path.decode()
            body = request.read().decode()
            line = json.dumps([request.method, target, json.dumps(conditions), body])
            with lock:
                requests.write(line + "\n")
            return super().handle_request(request)

    here, config, schema = Workspace(Path(where)), Config(group=GROUP, api_url=url), bundled()
    lock = Lock()
    with open(record, "w", encoding="utf-8") as requests, counted(here.items) as counts:  # noqa: PTH123
        started = time.perf_counter()
        with (
            GroupLibrary(GROUP, KEY, api_url=url, transport=Recording()) as library,
            Engine(here, config, library, schema) as engine,
        ):
            outcome = engine.sync(Options())
        taken = time.perf_counter() - started
    if outcome.exit_code:
        raise RuntimeError(f"not done: {outcome}")
    tell(seconds=taken, requests=outcome.requests, **counts)


def plain(url: str, record: str) -> None:
    """Send the requests in `record` again, reads four at a time, and parse the answers."""
    import json  # noqa: PLC0415

    import httpx2  # noqa: PLC0415

    with open(record, encoding="utf-8") as lines:  # noqa: PTH123
        requests: Requests = [json.loads(line) for line in lines]
    headers = {"Authorization": f"Bearer {KEY}", "Zotero-API-Version": "3"}
    started = time.perf_counter()
    with httpx2.Client(headers=headers, timeout=60) as client, ThreadPoolExecutor(4) as pool:

        def send(request: list[str]) -> None:
            method, target, conditions, body = request
            answer = client.request(
                method, url + target, headers=json.loads(conditions), content=body or None
            )
            if answer.status_code != httpx2.codes.NOT_MODIFIED:
                answer.raise_for_status().json()

        for by_key, alike in groupby(requests, key=lambda r: r[0] == "GET" and "Key=" in r[1]):
            for _sent in pool.map(send, alike) if by_key else map(send, alike):
                pass
    tell(seconds=time.perf_counter() - started)


# What the measuring process does itself


def edit_there(server: Server, numbers: Iterable[int]) -> None:
    """Edit items as a colleague does, 50 a request."""
    import httpx2  # noqa: PLC0415

    base = f"{server.url}/groups/{GROUP}/items"
    edits = [{"key": key(n), "title": f"Là {n}"} for n in numbers]
    with httpx2.Client(headers={"Zotero-API-Key": KEY, "Zotero-API-Version": "3"}) as client:
        for start in range(0, len(edits), BATCH):
            part = edits[start : start + BATCH]
            query = {"itemKey": ",".join(e["key"] for e in part), "format": "versions"}
            versions = client.get(base, params=query).json()
            sent = [{**e, "version": versions[e["key"]]} for e in part]
            if client.post(base, json=sent).raise_for_status().json()["failed"]:
                raise RuntimeError("not written")


def edit_here(items: Path, count: int) -> None:
    """Edit the pages of `count` references, in their files."""
    paths = sorted(path for path in items.iterdir() if path.name.startswith("nom"))
    for path in paths[:count]:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace('pages = "28-32"', 'pages = "28-33"'), encoding="utf-8")


def type_in(items: Path, count: int) -> None:
    """Make files of new references, as people type them."""
    from _serve import item  # noqa: PLC0415

    from zotsync.bibliography.itemfile import new_item_text  # noqa: PLC0415

    for number in range(count):
        fields = item(number - number % 10) | {"collections": [f"Fonds/Thème {number % 40}"]}
        del fields["key"]
        (items / f"livre-{number}.toml").write_text(new_item_text(None, fields), encoding="utf-8")


@dataclass(frozen=True)
class Measured:
    """A line of the table."""

    count: int
    what: str
    told: dict[str, Any]
    plain: float

    def cells(self) -> list[str]:
        """Return the line as texts."""
        told = self.told
        counts = (f"{told[name]:,}" for name in COUNTED)
        memory, taken = f"{told['peak']:.0f} MB", f"{told['seconds']:.2f} s"
        ratio = told["seconds"] / self.plain
        return [f"{self.count:,}", self.what, *counts, memory, taken, f"{ratio:.1f}"]


@dataclass(frozen=True)
class Twins:
    """A workspace with its server, and a server just like it for the plain loop."""

    server: Server
    twin: Server
    root: Path

    @property
    def items(self) -> Path:
        """Where the item files are."""
        return self.root / "bibliography" / "items"

    def sync(self, count: int, what: str) -> Measured:
        """Sync, and send the same requests plainly."""
        record = self.root / "requests"
        told = run(__file__, "sync", self.server.url, self.root, record)
        least = run(__file__, "plain", self.twin.url, record)
        return Measured(count, what, told, float(least["seconds"]))

    def edit_there(self, numbers: Iterable[int]) -> None:
        """Edit items on both servers."""
        wanted = list(numbers)
        edit_there(self.server, wanted)
        edit_there(self.twin, wanted)


@contextmanager
def twins(count: int) -> Iterator[Twins]:
    """Serve a library twice, and make a workspace for it."""
    with ExitStack() as stack, ThreadPoolExecutor(2) as pool:
        server, twin = pool.map(stack.enter_context, [serving(count), serving(count)])
        root = stack.enter_context(folder())
        yield Twins(server, twin, workspace(root / "here", server))


def measure(count: int) -> Iterator[Measured]:
    """Yield what syncs of a library of `count` items cost."""
    with twins(count) as both:
        yield both.sync(count, "first pull")
        time.sleep(CLOCK_STEP)
        both.sync(count, "its files are looked at once more")
        yield both.sync(count, "nothing new")
        edit_here(both.items, EDITS)
        both.edit_there(n * count // EDITS // 10 * 10 for n in range(EDITS))
        yield both.sync(count, f"{EDITS} edits on each side")
    with twins(0) as both:
        type_in(both.items, count)
        yield both.sync(count, "first push")


# The table


def markdown(rows: list[list[str]]) -> str:
    """Return the table as it stands in the documentation."""
    lines = [HEADS, ["---:", "---", *["---:"] * (len(HEADS) - 2)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def show(rows: list[list[str]]) -> None:
    """Print the table: drawn in a terminal, else as Markdown."""
    if not sys.stdout.isatty():
        print(markdown(rows))
        return
    from rich.console import Console  # noqa: PLC0415 - not in the children
    from rich.table import Table  # noqa: PLC0415

    table = Table()
    for head in HEADS:
        table.add_column(head, justify="left" if head == "sync" else "right")
    for row in rows:
        table.add_row(*row, end_section=row[1] == "first push")
    Console().print(table)


def excesses(lines: list[Measured]) -> Iterator[str]:
    """Yield what costs more than it may."""
    for line in lines:
        if line.what == "nothing new" and (line.told["requests"], line.told["read"]) != (1, 0):
            yield f"{line.count:,} items, nothing new: asks or reads too much"
        smaller = [s for s in lines if s.what == line.what and s.count < line.count]
        for name in (*COUNTED, "peak", "seconds") if smaller else ():
            before, now = float(smaller[-1].told[name]), float(line.told[name])
            limit = GROWTH * (NOISE if name == "seconds" else 1)
            if now > limit * before * line.count / smaller[-1].count:
                yield f"{line.count:,} items, {line.what}: {name} grew from {before:g} to {now:g}"


def main() -> None:
    """Measure; end with 1 where something grows more than in proportion."""
    parts: dict[str, Callable[..., None]] = {"sync": sync, "plain": plain}
    if sys.argv[1:] and sys.argv[1] in parts:
        parts[sys.argv[1]](*sys.argv[2:])
        return
    words = sys.argv[1:] or os.environ.get("SIZES", "").split()
    sizes = sorted(int(word.replace(",", "")) for word in words) or SIZES
    lines = []
    for count in sizes:
        for line in measure(count):
            lines.append(line)
            print(*line.cells(), sep="  ", file=sys.stderr, flush=True)
    show([line.cells() for line in lines])
    wrong = list(excesses(lines))
    print(*wrong, sep="\n", end="\n" if wrong else "")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
