"""The ground the tests stand on holds: nothing real can be reached from a test."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import keyring
import platformdirs
import pytest

from zotsync.i18n import _


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_an_address_elsewhere_fails_the_test(method: str) -> None:
    with socket.socket() as plain, pytest.raises(pytest.fail.Exception, match="network"):
        getattr(plain, method)(("192.0.2.1", 443))


def test_a_name_elsewhere_fails_the_test() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"api\.zotero\.org"):
        urllib.request.urlopen("https://api.zotero.org")


def test_a_datagram_elsewhere_fails_the_test() -> None:
    with (
        socket.socket(type=socket.SOCK_DGRAM) as plain,
        pytest.raises(pytest.fail.Exception, match="network"),
    ):
        plain.sendto(b"x", ("192.0.2.1", 53))


def test_this_machine_can_be_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(("localhost", server.getsockname()[1])) as client,
    ):
        assert client.getpeername()[0] == "127.0.0.1"


def test_home_is_an_empty_folder_of_the_tests_own(home: Path) -> None:
    assert Path.home() == home
    for folder in (platformdirs.user_cache_dir("zotsync"), platformdirs.user_data_dir("zotsync")):
        assert Path(folder).is_relative_to(home)
    assert not list(home.iterdir())


def test_no_key_is_in_reach() -> None:
    assert "ZOTERO_API_KEY" not in os.environ
    assert keyring.get_password("zotsync", "any") is None
    assert keyring.get_keyring().__module__ == "keyring.backends.null"


def test_messages_are_english() -> None:
    assert _("Remove it from the file, then type: zotsync login").startswith("Remove")


WANTING = """
import pytest

@pytest.mark.needs("node")
def test_a_page() -> None: ...

@pytest.mark.needs("soffice")
def test_a_document() -> None: ...

@pytest.mark.needs("soffice")
def test_another_document() -> None: ...
"""


@pytest.mark.parametrize("cores", ["0", "2"])
@pytest.mark.parametrize("all_checks", ["", "1"])
def test_a_tool_that_is_missing_is_named_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cores: str, all_checks: str
) -> None:
    file = tmp_path / "test_wanting.py"
    file.write_text(WANTING, encoding="utf-8")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    monkeypatch.setenv("ZOTSYNC_ALL_CHECKS", all_checks)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "conftest", "-p", "no:cacheprovider"]
    ran = subprocess.run(
        [*command, "-n", cores, file], cwd=tmp_path, check=False, capture_output=True, text=True
    )
    assert ran.returncode == (1 if all_checks else 0), ran.stdout + ran.stderr
    _before, section, after = ran.stdout.partition("checks not run for want of an outside tool")
    assert section
    named = [line.split()[:3] for line in after.splitlines() if " need " in line]
    assert named == [["2", "need", "LibreOffice"], ["1", "need", "Node.js"]]
    assert ("3 errors" if all_checks else "3 skipped") in after.splitlines()[-1]
