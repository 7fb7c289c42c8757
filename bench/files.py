"""Writing the files of a first sync, with all bookkeeping, against barely writing as many files."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from _world import GROUP, KEY, Server, by_turns, folder, run, seconds, serving, tell, workspace

COUNT = 10_000
PUSHED = 1_000
RUNS = 3
LIMIT = 2.0


def ours(url: str, where: str) -> None:
    """Pull and plan; then write the files, which alone is measured. Then barely write the same."""
    from zotsync.config import Workspace  # noqa: PLC0415 - each part has its own imports
    from zotsync.model import silent  # noqa: PLC0415
    from zotsync.sync.engine import Options, random_key  # noqa: PLC0415
    from zotsync.sync.files_apply import FilesApply  # noqa: PLC0415
    from zotsync.sync.journal import Journal, utc_now  # noqa: PLC0415
    from zotsync.sync.planning import Planner  # noqa: PLC0415
    from zotsync.sync.pull import pull  # noqa: PLC0415
    from zotsync.sync.state import State  # noqa: PLC0415
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


def bare(source: str, target: str) -> None:
    """Barely write the files of `source` again."""
    texts = [(entry.name, Path(entry.path).read_bytes()) for entry in os.scandir(source)]
    os.mkdir(target)  # noqa: PTH102 - as little as possible
    os.sync()

    def write() -> None:
        for name, text in texts:
            with open(f"{target}/{name}", "wb") as file:  # noqa: PTH123
                file.write(text)

    tell(seconds=seconds(write), count=len(texts))


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

    def plain() -> float:
        last = root / str(len(peaks) - 1)
        told = run(__file__, "bare", last / "bibliography/items", last / "bare")
        return float(told["seconds"])

    full, least = by_turns(RUNS, whole, plain)
    print(f"files of a first sync of {COUNT:,}: {full:.2f} s, pulled and planned before")
    print(f"  {full / least:.2f} times barely writing them ({least:.2f} s); at most {LIMIT:g}")
    print(f"  {max(peaks):.0f} MB at its peak, with pull and plan")
    return full / least <= LIMIT


def main() -> None:
    """Measure; end with 1 where the bound does not hold."""
    parts = {"ours": ours, "bare": bare}
    if sys.argv[1:]:
        parts[sys.argv[1]](*sys.argv[2:])
        return
    with serving(COUNT) as server, folder() as root:
        fine = measure(server, root)
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
