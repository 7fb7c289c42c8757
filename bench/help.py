"""`zotsync --help` against `python -c "import click"`: the price of starting."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

RUNS = 15
LIMIT = 2.0
CLICK = ["-c", "import click"]
HELP = ["-m", "zotsync", "--help"]


def seconds(arguments: list[str], language: str) -> float:
    """Return how long one run of Python with `arguments` takes."""
    environ = os.environ | {"LANGUAGE": language, "LANG": "C.UTF-8"}
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=environ)
    return time.perf_counter() - started


def main() -> None:
    """Print the ratio of the medians; end with 1 where it is over the limit."""
    failed = False
    for language in ("en", "fr"):
        # by turns, so that a busy moment hits both
        pairs = [(seconds(CLICK, language), seconds(HELP, language)) for _run in range(RUNS)]
        click, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio = ours / click
        failed |= ratio > LIMIT
        print(
            f"zotsync --help ({language}): {ours * 1000:.0f} ms, {ratio:.2f} times"
            f' python -c "import click" ({click * 1000:.0f} ms); at most {LIMIT:g}'
        )
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
