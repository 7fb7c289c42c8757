"""Run zotsync as people do, in this process: `run("status", "-q")`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from zotsync.cli.main import cli

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    def call(*words: object, stdin: str | None = None) -> Result:
        runner = CliRunner()
        return runner.invoke(cli, [str(word) for word in words], input=stdin)

    return call
