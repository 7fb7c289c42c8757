"""A sync with nothing new, against one bare request and a bare look at the folder."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from _world import (
    GROUP,
    KEY,
    Server,
    by_turns,
    folder,
    process,
    run,
    seconds,
    serving,
    tell,
    workspace,
    zotsync,
)

SIZES = (100, 10_000)
RUNS = 9
CLOCK_STEP = 2.5
"""Seconds until no file counts as changed in the same tick as it was looked at."""


def quiet(url: str, where: str) -> None:
    """Sync several times with nothing new, by turns with the bare minimum."""
    import httpx2  # noqa: PLC0415

    from zotsync.config import Config, Workspace  # noqa: PLC0415 - each part has its own imports
    from zotsync.sync.engine import Engine, Options  # noqa: PLC0415
    from zotsync.zotero.library import GroupLibrary  # noqa: PLC0415
    from zotsync.zotero.schema import bundled  # noqa: PLC0415

    here, config, schema = Workspace(Path(where)), Config(group=GROUP, api_url=url), bundled()
    opened: list[str] = []
    inside = str(here.items) + os.sep
    requests = 0

    def listen(event: str, what: tuple[object, ...]) -> None:
        if event == "open" and str(what[0]).startswith(inside):
            opened.append(str(what[0]))

    def sync() -> None:
        nonlocal requests
        with (
            GroupLibrary(GROUP, KEY, api_url=url) as library,
            Engine(here, config, library, schema) as engine,
        ):
            outcome = engine.sync(Options())
        if outcome.changed or outcome.exit_code:
            raise RuntimeError(f"not quiet: {outcome}")
        requests = max(requests, outcome.requests)

    with GroupLibrary(GROUP, KEY, api_url=url) as library:
        found = library.item_versions(0)
    version = str(found.library_version) if found else ""
    headers = {"Authorization": f"Bearer {KEY}", "If-Modified-Since-Version": version}

    def bare() -> None:
        with httpx2.Client(headers=headers) as client:
            answer = client.get(f"{url}/groups/{GROUP}/items", params={"format": "versions"})
        if answer.status_code != httpx2.codes.NOT_MODIFIED:
            raise RuntimeError(answer.status_code)
        with os.scandir(here.items) as entries:
            for entry in entries:
                entry.stat(follow_symlinks=False)

    sync()
    sys.addaudithook(listen)
    ours, least = by_turns(RUNS, lambda: seconds(sync), lambda: seconds(bare))
    tell(ours=ours, bare=least, requests=requests, read=len(opened))


def measure(count: int, server: Server, root: Path) -> bool:
    """Print what a quiet sync of `count` items costs; return whether it asks and reads enough."""
    here = workspace(root / str(count), server)
    zotsync(here, "sync")
    time.sleep(CLOCK_STEP)
    zotsync(here, "sync")
    told = run(__file__, "quiet", server.url, here)
    print(f"nothing new, {count:,} items: {told['ours'] * 1000:.0f} ms")
    print(f"  {told['requests']} request, {told['read']} files read")
    print(
        f"  {told['ours'] / told['bare']:.1f} times a bare request and a bare look"
        f" ({told['bare'] * 1000:.0f} ms)"
    )
    whole, status, pyzotero = by_turns(
        RUNS,
        lambda: zotsync(here, "sync"),
        lambda: zotsync(here, "status"),
        lambda: process([sys.executable, "-c", "import pyzotero"]),
    )
    print(
        f"  as a command: sync {whole * 1000:.0f} ms, status {status * 1000:.0f} ms;"
        f' {whole / pyzotero:.1f} times python -c "import pyzotero" ({pyzotero * 1000:.0f} ms)'
    )
    return bool(told["requests"] == 1 and told["read"] == 0)


def main() -> None:
    """Measure both sizes; end with 1 where a quiet sync asks or reads too much."""
    if sys.argv[1:]:
        quiet(*sys.argv[2:])
        return
    fine = True
    for count in SIZES:
        with serving(count) as server, folder() as root:
            fine = measure(count, server, root) and fine
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
