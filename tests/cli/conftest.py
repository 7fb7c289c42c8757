"""Run zotsync as people do, in this process: `run("status", "-q")`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import keyring
import pytest
from click.testing import CliRunner, Result
from keyring.backend import KeyringBackend

from zotsync.cli.main import cli
from zotsync.sandbox import demo as story
from zotsync.sandbox.colleague import Colleague
from zotsync.sandbox.server import Access, Sandbox

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    def call(*words: object, stdin: str | None = None) -> Result:
        runner = CliRunner()
        return runner.invoke(cli, [str(word) for word in words], input=stdin)

    return call


@pytest.fixture(scope="session", autouse=True)
def _demo_port() -> Iterator[None]:
    """Let demos be served where no other process that runs tests serves its own, nor the system anything.

    The next port is free too.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(story, "PORT", 20000 + 2 * (os.getpid() % 6000))
        yield


GROUP = 4711
MAIN_KEY = "mainKey00000000000000001"
READ_KEY = "readKey00000000000000002"
OTHER_KEY = "otherKey0000000000000003"
"""The key of a colleague."""


@dataclass(frozen=True)
class Server:
    """An embedded server with a group of two people, on a real socket."""

    sandbox: Sandbox
    url: str

    def colleague(self) -> Colleague:
        return Colleague(self.url, GROUP, OTHER_KEY)


@pytest.fixture
def server() -> Iterator[Server]:
    sandbox = Sandbox()
    sandbox.add_user(1, "camille")
    sandbox.add_user(2, "dominique")
    sandbox.add_group(GROUP, "Centre de doc", owner=1, members=(2,))
    sandbox.add_key(MAIN_KEY, 1, groups={GROUP: Access()})
    sandbox.add_key(READ_KEY, 1, groups={GROUP: Access(write=False)})
    sandbox.add_key(OTHER_KEY, 2, groups={"all": Access()})
    with sandbox.serve() as served:
        yield Server(sandbox, served.url)
    sandbox.close()


class MemoryKeyring(KeyringBackend):
    """A keyring that lasts for a test."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def memory_keyring() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    backend = MemoryKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.fixture
def with_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", MAIN_KEY)


@pytest.fixture
def workspace(run: Run, server: Server, tmp_path: Path) -> Path:
    """Make a workspace for the server's group, never synced; the key is nowhere yet."""
    folder = tmp_path / "fonds"
    made = run("init", folder, "--group", GROUP, "--api-url", server.url, "--no-sync")
    assert made.exit_code == 0, made.output
    return folder
