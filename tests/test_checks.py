"""Lint, format, types and import arrows: each static check is a test."""

from __future__ import annotations

import checks
import pytest

LONGEST_MODULE = 300


@pytest.mark.parametrize("name", checks.CHECKS)
def test_static_check(name: str) -> None:
    result = checks.run(name)
    assert result.returncode == 0, result.stdout


def test_modules_can_be_read_in_one_go() -> None:
    lengths = {
        path.relative_to(checks.CHECKOUT).as_posix(): path.read_text(encoding="utf-8").count("\n")
        for path in (checks.CHECKOUT / "zotsync").rglob("*.py")
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST_MODULE} == {}
