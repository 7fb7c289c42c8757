"""`python -m zotsync` is `zotsync`: the entry point, which stands a Ctrl-C from its first moment on.

Nothing is loaded here before it listens but what listening needs.
"""

from __future__ import annotations

import os
import sys

from zotsync import interrupts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def _open_closed_streams() -> None:
    """Let streams that whoever starts zotsync has closed lead nowhere; no file takes their numbers."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115


def main() -> NoReturn:
    """Run zotsync on the arguments of this process (the console script)."""
    interrupts.listen()
    _open_closed_streams()
    try:
        from zotsync.cli.main import cli  # noqa: PLC0415 - loading it takes a moment

        cli.main()
    except (KeyboardInterrupt, RuntimeError):  # while it was still being loaded, or a second time
        if not interrupts.was_interrupted():
            raise
        interrupts.ignore()
        from zotsync import i18n  # noqa: PLC0415

        i18n.install(i18n.choose(None, os.environ))
        sys.stderr.write(i18n._("Interrupted.") + "\n")
        interrupts.end(130)
    except SystemExit as end:
        interrupts.ignore()
        if interrupts.was_interrupted() and isinstance(end.code, int):
            interrupts.end(end.code)
        raise


if __name__ == "__main__":
    main()
