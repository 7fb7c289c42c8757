"""Plugins are found, loaded when they are wanted, and blamed for their faults."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from plugin_packages import GOOD, Install, installer

from zotsync.errors import PluginError, UsageError
from zotsync.model import Schema
from zotsync.plugins import Export, Source, UnreadableError
from zotsync.plugins.registry import installed, named
from zotsync.zotero.schema import bundled

SCHEMA = bundled()
EMPTY = Export({}, Schema(1, {}))


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    return installer(tmp_path / "site", monkeypatch)


def test_the_built_in_formats_are_registered_as_anybody_s() -> None:
    found = installed("exporter")
    assert {p.name for p in found if p.package == "zotsync"} == {
        "biblatex",
        "bibtex",
        "bookmarks",
        "csljson",
        "csv",
        "json",
        "opml",
        "ris",
    }
    assert [p.name for p in found] == sorted(p.name for p in found)


def test_a_plugin_of_another_package_works(install: Install) -> None:
    install("good-pack", GOOD, x="good_pack:X")
    plugin = named("exporter", "x")
    assert (plugin.package, plugin.version) == ("good-pack", "1.2")
    assert plugin.exporter().title == "Ein Format"
    assert plugin.export(EMPTY) == b"x"


def test_nothing_is_loaded_before_it_is_wanted(install: Install) -> None:
    install("late", "raise SystemExit(3)", x="late:X")
    assert "x" in [plugin.name for plugin in installed("exporter")]
    assert "late" not in sys.modules


def test_of_a_package_found_twice_the_first_counts(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("Good-Pack", GOOD, x="good_pack:X", old="good_pack:X")
    before = installer(tmp_path / "before", monkeypatch)
    before("good-pack", GOOD, x="good_pack:X")
    assert [p.name for p in installed("exporter") if p.package != "zotsync"] == ["x"]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import nowhere_at_all", "ModuleNotFoundError: No module named 'nowhere_at_all'"),
        ("def", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("Y = 1", "AttributeError"),
        ("X = 1", "is no Exporter"),
        ("from zotsync.plugins import Exporter; X = Exporter('', 'x', print)", "is missing"),
        ("from zotsync.plugins import Exporter; X = Exporter('T', 'x', 1)", "is missing"),
    ],
)
def test_one_that_cannot_be_loaded_is_told_with_its_package(
    install: Install, code: str, why: str
) -> None:
    install("bad-pack", code, x="bad_pack:X")
    plugin = named("exporter", "x")
    with pytest.raises(PluginError) as told:
        plugin.exporter()
    message = told.value.problem.message
    assert why in message
    assert "x of bad-pack 1.2" in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("work", "why"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("exit(3)", "SystemExit"),
        ("'text'", "no bytes"),
    ],
)
def test_one_that_fails_at_work_is_told_with_its_package(
    install: Install, work: str, why: str
) -> None:
    install("bad-pack", GOOD.replace('b"x"', work), x="bad_pack:X")
    with pytest.raises(PluginError, match=why) as told:
        named("exporter", "x").export(EMPTY)
    assert "x of bad-pack 1.2" in told.value.problem.message


def test_a_fault_of_zotsync_s_own_is_a_bug_and_not_blamed_on_anybody() -> None:
    broken = Export({"ABCD2345": {"creators": 1, "itemType": "book"}}, EMPTY.schema)
    with pytest.raises(TypeError):
        named("exporter", "ris").export(broken)


def test_of_two_with_one_name_zotsync_s_own_is_used_then_the_first_package(
    install: Install,
) -> None:
    install("bbb", GOOD, ris="bbb:X", x="bbb:X")
    install("aaa", GOOD, x="aaa:X")
    assert named("exporter", "ris").package == "zotsync"
    assert named("exporter", "x").package == "aaa"


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UsageError) as told:
        named("exporter", "bibtx")
    hint = told.value.problem.hint
    assert "Did you mean bibtex?" in hint
    assert "csv, json, opml, ris" in hint


def test_the_built_in_import_formats_are_registered_as_anybody_s() -> None:
    found = installed("importer")
    assert [p.name for p in found if p.package == "zotsync"] == [
        "bibtex",
        "csljson",
        "csv",
        "handout",
        "json",
        "ris",
    ]
    assert all(p.importer().endings for p in found)


IMPORTER = """\
from zotsync.plugins import Importer, Reference, UnreadableError

def read(source):
    if source.data == b"no":
        raise UnreadableError("not mine")
    yield Reference({"itemType": "book", "title": source.data.decode()})

I = Importer("Ein Format", ("ein",), lambda head: True, read)
ODD = Importer("Odd", ("odd",), lambda head: True, lambda source: [3])
NONE = Importer("", (), lambda head: True, read)
"""


def test_an_importer_of_another_package_is_blamed_for_its_faults(tmp_path: Path) -> None:
    site = tmp_path / "site"
    info = site / "ein-0.1.dist-info"
    info.mkdir(parents=True)
    (site / "ein.py").write_text(IMPORTER, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: ein\nVersion: 0.1\n")
    (info / "entry_points.txt").write_text(
        "[zotsync.importers]\nein = ein:I\nodd = ein:ODD\nnone = ein:NONE\nlost = ein:X\n"
    )
    sys.path.insert(0, str(site))
    try:
        ein = named("importer", "ein")
        assert [type(one).__name__ for one in ein.references(Source(b"T", SCHEMA))] == ["Reference"]
        with pytest.raises(UnreadableError, match="not mine"):
            ein.references(Source(b"no", SCHEMA))
        with pytest.raises(PluginError, match=r"ein 0\.1"):
            ein.references(Source(b"\xff", SCHEMA))
        for name in ("odd", "none", "lost"):
            with pytest.raises(PluginError):
                named("importer", name).references(Source(b"T", SCHEMA))
    finally:
        sys.path.remove(str(site))
        sys.modules.pop("ein", None)
