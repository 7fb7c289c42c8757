"""The ground the tests stand on holds: nothing real can be reached from a test."""

from __future__ import annotations

import os
import socket
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
