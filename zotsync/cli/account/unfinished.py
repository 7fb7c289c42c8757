"""What was answered in an `init` that was left, kept until it is done. Never an API key.

It stands with the user's own data, not in the folder: a folder holds a workspace, or nothing of ours.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Unfinished:
    """The answers for one folder."""

    file: Path
    answers: dict[str, str] = field(default_factory=dict)

    def keep(self, **answers: str) -> None:
        """Take note of answers, at once: whoever stops now is not asked for them again."""
        self.answers |= answers
        with contextlib.suppress(OSError):  # then they are asked for again, and that is all
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.file.touch(mode=0o600)
            self.file.write_text(json.dumps(self.answers, ensure_ascii=False), encoding="utf-8")

    def forget(self) -> None:
        """Forget all of it: the workspace is made, or is to be begun afresh."""
        self.answers.clear()
        with contextlib.suppress(OSError):
            self.file.unlink(missing_ok=True)


def unfinished(folder: Path) -> Unfinished:
    """Return what is remembered of an `init` begun for (or, without a folder's name, in) `folder`."""
    from platformdirs import user_state_path  # noqa: PLC0415 - most commands do without

    name = hashlib.blake2b(str(folder).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    file = user_state_path("zotsync", appauthor=False) / "init" / f"{name}.json"
    return Unfinished(file, dict(_read(file)))


def _read(file: Path) -> Mapping[str, str]:
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # there is none, or it was cut short
        return {}
    texts = isinstance(known, dict) and all(isinstance(v, str) for v in known.values())
    return known if texts else {}
