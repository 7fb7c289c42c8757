"""What the measurements of sync share: a served library, fresh processes, folders on a real disk.

Imports little: the peak of a child's memory is never below what its parent had.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

GROUP = 4711
KEY = "C" * 24
KEY_ALPHABET = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
HERE = Path(__file__).parent


def key(number: int) -> str:
    """Return a valid object key for a number."""
    letters = []
    for _place in range(8):
        number, digit = divmod(number, len(KEY_ALPHABET))
        letters.append(KEY_ALPHABET[digit])
    return "".join(letters)


@dataclass(frozen=True)
class Server:
    """A server in a process of its own."""

    url: str
    _ask: IO[str]
    _answers: IO[str]

    def requests(self) -> int:
        """Return how many requests came since this was last asked."""
        self._ask.write("\n")
        self._ask.flush()
        return int(self._answers.readline())


@contextmanager
def serving(count: int, latency: float = 0.0) -> Iterator[Server]:
    """Serve a group library of `count` items on loopback, `latency` seconds before each answer."""
    command = [sys.executable, str(HERE / "_serve.py"), str(count), str(latency)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        if child.stdin is None or child.stdout is None:
            raise RuntimeError("no pipes")
        port = child.stdout.readline().strip()
        try:
            yield Server(f"http://127.0.0.1:{port}", child.stdin, child.stdout)
        finally:
            child.stdin.close()
            child.wait()


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder of its own on a disk: /tmp may be memory."""
    disk = "/var/tmp" if Path("/var/tmp").is_dir() else None  # noqa: S108
    with tempfile.TemporaryDirectory(prefix="zotsync-bench-", dir=disk) as path:
        yield Path(path)


def workspace(root: Path, server: Server) -> Path:
    """Make an empty workspace for the served group."""
    (root / "bibliography" / "items").mkdir(parents=True)
    (root / "bibliography" / "collections.toml").touch()
    (root / "zotsync.toml").write_text(f'group = {GROUP}\napi_url = "{server.url}"\n', "utf-8")
    return root


def run(script: str, *words: object) -> dict[str, Any]:
    """Run a part of a script in a fresh process; return what it tells of itself."""
    command = [sys.executable, script, *map(str, words)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def tell(**facts: Any) -> None:
    """Tell the parent process something, with the peak of this one's memory in MB."""
    import resource  # noqa: PLC0415 - not on every system, and nothing else needs it

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1_000_000 if sys.platform == "darwin" else 1_000_000 / 1024
    print(json.dumps({**facts, "peak": peak / unit}))


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def by_turns(runs: int, *works: Callable[[], float]) -> list[float]:
    """Return the median of what each work measures, by turns: a busy moment hits all."""
    rows = [[work() for work in works] for _run in range(runs)]
    return [statistics.median(column) for column in zip(*rows, strict=True)]


def zotsync(root: Path, *words: str) -> float:
    """Return how long a command of zotsync takes, as a process of its own."""
    command = [sys.executable, "-m", "zotsync", "-C", str(root), *words]
    return process(command)


def process(command: list[str]) -> float:
    """Return how long a process takes; it must end well."""
    environ = os.environ | {"ZOTERO_API_KEY": KEY, "LANG": "C.UTF-8"}

    def work() -> None:
        subprocess.run(command, check=True, capture_output=True, env=environ)

    return seconds(work)
