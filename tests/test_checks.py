"""Lint, format, types and import arrows: each static check is a test."""

from __future__ import annotations

import checks
import pytest


@pytest.mark.parametrize("name", checks.CHECKS)
def test_static_check(name: str) -> None:
    result = checks.run(name)
    assert result.returncode == 0, result.stdout
