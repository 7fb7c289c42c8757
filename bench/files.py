"""Writing the files of a first sync, against barely writing as many files."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from _world import (
    GROUP,
    KEY,
    Server,
    by_turns,
    folder,
    run,
    seconds,
    serving,
    tell,
    workspace,
    zotsync,
)

COUNT = 10_000
PUSHED = 1_000
BATCH = 500
RUNS = 3
LIMIT = 2.0


def ours(url: str, where: str) -> None:
    """Pull and plan; then write the files, which alone is measured. Then barely write the same."""
    from zotsync.config import Workspace  # noqa: PLC0415 - each part has its own imports
    from zotsync.model import silent  # noqa: PLC0415
    from zotsync.sync.applying.files_apply import FilesApply  # noqa: PLC0415
    from zotsync.sync.reading.planning import Options, Planner, random_key  # noqa: PLC0415
    from zotsync.sync.reading.pull import pull  # noqa: PLC0415
    from zotsync.sync.remembering.journal import Journal, utc_now  # noqa: PLC0415
    from zotsync.sync.remembering.state import State  # noqa: PLC0415
    from zotsync.zotero.library import GroupLibrary  # noqa: PLC0415
    from zotsync.zotero.schema import bundled  # noqa: PLC0415

    here = Workspace(Path(where))
    state = State(here.state)
    with GroupLibrary(GROUP, KEY, api_url=url) as library:
        pull(library, state, silent)
    planner = Planner(here, state, bundled(), random_key)
    planned = planner.plan(planner.read(), Options())
    journal = Journal(state)
    number = journal.start("sync", utc_now())
    files = FilesApply(here, state, planner.objects, planner.index, journal, number, silent)
    os.sync()  # what came before is not to be waited for here
    taken = seconds(
        lambda: files.items(planned.items.steps, planned.item_trees, planned.collections.tree)
    )
    state.close()
    tell(seconds=taken, count=sum(1 for _path in here.items.iterdir()))


def bare(source: str, target: str, *, synced: bool = False) -> None:
    """Barely write the files of `source` again; `synced`: each 500 on the disk, as ours are."""
    texts = [(entry.name, Path(entry.path).read_bytes()) for entry in os.scandir(source)]
    os.mkdir(target)  # noqa: PTH102 - as little as possible
    os.sync()

    def write() -> None:
        for number, (name, text) in enumerate(texts, 1):
            with open(f"{target}/{name}", "wb") as file:  # noqa: PTH123
                file.write(text)
            if synced and number % BATCH == 0:
                os.sync()

    tell(seconds=seconds(write), count=len(texts))


def written(source: str, target: str) -> None:
    """Write the files of `source` as a first pull does: whole, under their names, on the disk."""
    from zotsync.bibliography.batches import write_new_files  # noqa: PLC0415

    texts = [(e.name, Path(e.path).read_text(encoding="utf-8")) for e in os.scandir(source)]
    os.mkdir(target)  # noqa: PTH102 - as little as possible
    os.sync()
    taken = seconds(lambda: list(write_new_files(Path(target), texts)))
    tell(seconds=taken, count=len(texts))


def measure(server: Server, root: Path) -> bool:
    """Print the ratio; return whether the bound holds."""
    peaks: list[float] = []

    def whole() -> float:
        here = workspace(root / str(len(peaks)), server)
        told = run(__file__, "ours", server.url, here)
        if told["count"] != COUNT:
            raise RuntimeError(f"{told['count']} files")
        peaks.append(told["peak"])
        return float(told["seconds"])

    def plain(part: str) -> float:
        last = root / str(len(peaks) - 1)
        return float(run(__file__, part, last / "bibliography/items", last / part)["seconds"])

    full, safely, least, synced = by_turns(
        RUNS,
        whole,
        lambda: plain("written"),
        lambda: plain("bare"),
        lambda: plain("synced"),
    )
    print(f"writing {COUNT:,} new files: {safely:.2f} s")
    print(f"  {safely / synced:.2f} times barely writing them, on the disk; at most {LIMIT:g}")
    print(f"  {safely / least:.2f} times barely writing them, wherever they are ({least:.2f} s)")
    print(f"  with names, texts, base and index of a first sync: {full:.2f} s")
    print(f"  {max(peaks):.0f} MB at its peak, with pull and plan")
    return safely / synced <= LIMIT


def push(root: Path) -> None:
    """Print what a first push of new files takes."""
    with serving(0) as server:
        here = workspace(root / "push", server)
        for number in range(PUSHED):
            text = f'itemType = "book"\ntitle = "Livre {number}"\ncollections = ["Fonds"]\n'
            (here / f"bibliography/items/livre-{number}.toml").write_text(text, "utf-8")
        taken = zotsync(here, "sync")
        print(f"first push of {PUSHED:,} files: {taken:.2f} s, {server.requests()} requests")


def main() -> None:
    """Measure; end with 1 where the bound does not hold."""
    parts: dict[str, Callable[..., None]] = {
        "ours": ours,
        "written": written,
        "bare": bare,
        "synced": partial(bare, synced=True),
    }
    if sys.argv[1:]:
        parts[sys.argv[1]](*sys.argv[2:])
        return
    with serving(COUNT) as server, folder() as root:
        fine = measure(server, root)
        push(root)
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
