"""What is said where a server's certificate is not trusted: the clock, or somebody in between."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from zotsync.errors import ServerError
from zotsync.zotero.certificates import untrusted
from zotsync.zotero.probe import probe

HERE = Path(__file__).with_name("certificates")


class Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(403)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        return


class Quiet(HTTPServer):
    def handle_error(self, *_args: object) -> None:
        return


@contextmanager
def served(name: str) -> Iterator[str]:
    """Serve with a certificate; yield the address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(HERE / f"{name}.pem")
    server = Quiet(("127.0.0.1", 0), Answering)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def failure(name: str) -> ServerError:
    with served(name) as url, pytest.raises(ServerError) as caught:
        probe(url)
    return caught.value


@pytest.mark.parametrize("name", ["expired", "future"])
def test_a_wrong_clock_is_named_with_its_date(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(HERE / f"{name}.pem"))
    error = failure(name)
    assert "not valid on the date of this computer" in error.problem.message
    assert "set the clock" in error.problem.hint
    assert error.exit_code == 6


def test_a_certificate_of_somebody_in_between_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    error = failure("valid")
    assert "not one that this computer trusts" in error.problem.message
    assert "SSL_CERT_FILE" in error.problem.hint


def test_the_variable_that_is_named_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(HERE / "valid.pem"))
    with served("valid") as url:
        assert probe(url).seconds > 0


@pytest.mark.parametrize("code", [0x800B0101, -67818, -67819])
def test_what_windows_and_macos_say_of_dates_is_known(code: int) -> None:
    exc = ssl.SSLCertVerificationError("certificate verify failed")
    exc.verify_code = code
    found = untrusted(exc, "api.zotero.org")
    assert found is not None
    assert "date of this computer" in found.problem.message


def test_another_failure_is_another_s_business() -> None:
    assert untrusted(OSError("Connection refused"), "api.zotero.org") is None
