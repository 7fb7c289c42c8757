"""The static checks, one table: `make lint` runs them all, the test suite each as a test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
CHECKS = {
    "ruff finds nothing": [PYTHON, "-m", "ruff", "check", "--quiet", "."],
    "the code is formatted": [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."],
    "types hold": [PYTHON, "-m", "mypy"],
    # import-linter has no `python -m`: its command line, called as its script calls it
    "imports follow the arrows": [
        PYTHON,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-logo",
    ],
}


def run(name: str) -> subprocess.CompletedProcess[str]:
    """Run one of `CHECKS` in the checkout and return its output and exit code."""
    return subprocess.run(
        CHECKS[name],
        cwd=CHECKOUT,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def main() -> None:
    """Run all checks and print the output of those that fail."""
    failed = 0
    for name in CHECKS:
        result = run(name)
        print(f"{'FAILED' if result.returncode else 'ok':6}  {name}")
        if result.returncode:
            failed += 1
            print(result.stdout)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
