"""What SECURITY.md promises of the code itself."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from zotsync.config import parse_api_url
from zotsync.errors import ZotsyncError
from zotsync.handout.links import target

PACKAGE = Path(__file__).resolve().parents[1] / "zotsync"
UNSAFE_CALLS = {"eval", "exec", "extractall", "system", "popen", "mktemp"}
SWITCHES = {"verify": False, "check_hostname": False, "shell": True}
UNSAFE_NAMES = {"CERT_NONE", "pickle", "marshal", "shelve", "_create_unverified_context"}


def names_in(tree: ast.AST) -> set[str]:
    nodes = list(ast.walk(tree))
    found = {node.id for node in nodes if isinstance(node, ast.Name)}
    found |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return found | {a.name for n in nodes if isinstance(n, ast.Import) for a in n.names}


def unsafe(tree: ast.AST) -> set[str]:
    """Return what a source does that none of ours should."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    called = {getattr(call.func, "id", getattr(call.func, "attr", "")) for call in calls}
    given = [(k.arg, k.value) for call in calls for k in call.keywords]
    off = {
        f"{name}={value.value}"
        for name, value in given
        if name in SWITCHES and isinstance(value, ast.Constant) and value.value is SWITCHES[name]
    }
    return (called & UNSAFE_CALLS) | (names_in(tree) & UNSAFE_NAMES) | off


def test_nothing_does_without_certificates_runs_texts_or_asks_a_shell() -> None:
    files = sorted(PACKAGE.rglob("*.py"))
    assert len(files) > 100
    found = {file: unsafe(ast.parse(file.read_text(encoding="utf-8"))) for file in files}
    assert {file: names for file, names in found.items() if names} == {}
    assert unsafe(ast.parse("get(url, verify=False); eval(x)")) == {"verify=False", "eval"}


@pytest.mark.parametrize(
    "url",
    [
        "http://api.zotero.org",
        "ftp://api.zotero.org",
        "http://10.0.0.1",
        "http://localhost.example.org",
    ],
)
def test_a_server_elsewhere_is_reached_by_https_alone(url: str) -> None:
    with pytest.raises(ZotsyncError):
        parse_api_url(url)
    assert parse_api_url("http://127.0.0.1:23119") == "http://127.0.0.1:23119"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "vbscript:x",
        "smb://x/y",
        "//x.example",
    ],
)
def test_no_other_address_becomes_a_link(address: str) -> None:
    assert target(address) is None
    assert target("https://example.org/a") == "https://example.org/a"
