"""The printings of a workspace's handouts: one small file each in `.zotsync/printed/`, the last ones kept."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from zotsync.handout.keeping.printed import Printed, from_data, to_data

PRINTED = "printed"
"""The folder of the records, in `.zotsync`."""
_KEPT = 12
"""Printings of one handout: older ones cannot be told from corrections any more."""
_SUFFIX = ".json.gz"
_PLAIN = re.compile(r"[^\w.-]+")


def remember_lines(folder: Path, handout: str, printed: Printed) -> None:
    """Keep what a handout said when it was printed.

    Where that cannot be written, nothing is lost: corrections are compared with what is printed now.
    """
    text = json.dumps(to_data(printed), ensure_ascii=False, separators=(",", ":"))
    raw = text.encode("utf-8", "surrogatepass")
    name = f"{hashlib.blake2b(raw, digest_size=8).hexdigest()}{_SUFFIX}"
    own = folder / _own_name(handout)
    with contextlib.suppress(OSError):
        own.mkdir(parents=True, exist_ok=True)
        if (own / name).exists():
            os.utime(own / name)
        else:
            temporary = own / f".{name}.tmp"
            temporary.write_bytes(gzip.compress(raw, 4, mtime=0))
            temporary.replace(own / name)
        for old in _files(own)[_KEPT:]:
            old.unlink()


def remembered_lines(folder: Path, handout: str) -> Iterator[Printed]:
    """Yield what a handout said at its last printings, the newest first; damaged records are passed over."""
    for file in _files(folder / _own_name(handout)):
        try:
            text = gzip.decompress(file.read_bytes()).decode("utf-8", "surrogatepass")
            printed = from_data(json.loads(text))
        except (OSError, EOFError, ValueError, zlib.error):
            continue
        if printed is not None:
            yield printed


def _files(folder: Path) -> list[Path]:
    """Return the records of a folder, the newest first."""
    if not folder.is_dir():
        return []
    return sorted(
        folder.glob(f"*{_SUFFIX}"), key=lambda f: (f.stat().st_mtime_ns, f.name), reverse=True
    )


def _own_name(handout: str) -> str:
    """Return the folder of a handout's records: its name, made safe."""
    plain = _PLAIN.sub("-", handout).strip(".-")
    return f"{plain[:60]}-{hashlib.blake2b(handout.encode(), digest_size=4).hexdigest()}"
