"""The kit finds what is wrong with a plugin, and nothing in a good one."""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from zotsync.cli.checks.check_words import MESSAGES
from zotsync.curating.table import CHECKS
from zotsync.handout.theming.themes import templates_folder
from zotsync.model import UNSYNCED_TYPES, is_key, normal
from zotsync.plugins import (
    Beside,
    Check,
    Export,
    Exporter,
    Facts,
    Finding,
    Importer,
    Reference,
    Severity,
    Source,
    Unread,
    UnreadableError,
)
from zotsync.plugins.registry import installed
from zotsync.plugins.testing import (
    ContractError,
    check_check,
    check_exporter,
    check_importer,
    check_theme,
    facts,
    find_plugin,
    samples,
)
from zotsync.zotero.schema import bundled

_numbers = itertools.count()


def ask(*_given: Any) -> bytes:
    socket.getaddrinfo("example.org", 80)
    return b""


def connect(*_given: Any) -> bytes:
    with socket.socket() as each:
        each.connect(("127.0.0.1", 9))
    return b""


def ask_in_secret(*_given: Any) -> bytes:
    try:
        socket.getaddrinfo("example.org", 80)
    except Exception:  # noqa: BLE001 - as somebody's plugin may have it
        return b""
    return b""


def save(*_given: Any) -> bytes:
    Path("somewhere.txt").write_text("x", encoding="utf-8")
    return b""


def append(*_given: Any) -> bytes:
    with open("somewhere.txt", "ab") as file:  # noqa: PTH123
        file.write(b"x")
    return b""


def remove(*_given: Any) -> bytes:
    os.remove("somewhere.txt")  # noqa: PTH107
    return b""


def start(*_given: Any) -> bytes:
    return subprocess.check_output([sys.executable, "--version"])


def shell(*_given: Any) -> bytes:
    os.system("true")  # noqa: S605, S607
    return b""


def say(*_given: Any) -> bytes:
    print("at work")  # noqa: T201
    return b""


def hang(*_given: Any) -> bytes:
    time.sleep(60)
    return b""


def fail(*_given: Any) -> bytes:
    raise KeyError("lastName")


def leave(*_given: Any) -> bytes:
    sys.exit(3)


def change(export: Export) -> bytes:
    for fields in export.items.values():
        fields.get("creators", []).clear()
    return b""


def text(*_given: Any) -> Any:
    return ""


def chance(*_given: Any) -> bytes:
    return str(next(_numbers)).encode()


EVIL = [
    (ask, "network"),
    (ask_in_secret, "network"),
    (connect, "network"),
    (save, "wrote to a file"),
    (append, "wrote to a file"),
    (remove, "changed files"),
    (start, "another program"),
    (shell, "another program"),
    (say, "printed something: 'at work"),
    (hang, "not done after 1 seconds"),
    (fail, "raised KeyError: 'lastName'"),
    (leave, "raised SystemExit: 3"),
]
"""What no plugin may do, and what the kit says of it."""


@pytest.mark.parametrize(
    ("write", "why"), [*EVIL, (change, "changed"), (text, "bytes"), (chance, "second")]
)
def test_what_the_contract_forbids_is_found(write: Callable[..., bytes], why: str) -> None:
    with pytest.raises(ContractError, match=why):
        check_exporter(Exporter("T", "x", write), seconds=1)
    assert not Path("somewhere.txt").exists()


@pytest.mark.parametrize(
    ("title", "ending"), [("", "x"), (" ", "x"), (3, "x"), ("T", ""), ("T", ".x"), ("T", "X")]
)
def test_an_exporter_has_a_title_and_an_ending(title: Any, ending: str) -> None:
    with pytest.raises(ContractError, match="title or ending"):
        check_exporter(Exporter(title, ending, lambda _export: b""))


def test_what_is_no_exporter_is_refused() -> None:
    with pytest.raises(ContractError, match="no zotsync"):
        check_exporter(ask)  # type: ignore[arg-type]
    with pytest.raises(ContractError, match="`write` is no function"):
        check_exporter(Exporter("T", "x", 3))  # type: ignore[arg-type]


def test_samples_have_all_item_types_in_normal_form() -> None:
    found = samples()
    types = {f["itemType"] for f in found["an item of each type"].items.values()}
    assert types == set(bundled().item_types) - UNSYNCED_TYPES
    assert not found["an empty library"].items
    for export in found.values():
        for key, fields in export.items.items():
            assert is_key(key)
            assert normal(fields) == fields


@pytest.mark.parametrize("plugin", [p for p in installed("exporter") if p.package == "zotsync"])
def test_every_exporter_of_zotsync_keeps_the_contract(plugin: Any) -> None:
    check_exporter(plugin.exporter())


# Importers

TYPED = """<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><h1>Le deuil</h1><h2>Ouvrages</h2>
<p>HANUS Michel, <i>Les deuils dans la vie : deuils et séparations</i>, Maloine, 2006, 359 p.</p>
<p>BACQUÉ Marie-Frédérique, <i>Apprivoiser la mort</i>, Odile Jacob, 2003, 288 p.</p>
</body></html>
"""


def files_for(name: str) -> list[bytes]:
    """Return good files of a format: what zotsync writes in it itself, or what somebody typed."""
    if name == "handout":
        return [TYPED.encode()]
    (exporter,) = (p for p in installed("exporter") if (p.package, p.name) == ("zotsync", name))
    return [exporter.export(samples()["an item of each type"])]


@pytest.mark.parametrize(
    "plugin", [p for p in installed("importer") if p.package == "zotsync"], ids=lambda p: p.name
)
def test_every_importer_of_zotsync_keeps_the_contract(plugin: Any) -> None:
    check_importer(plugin.importer(), *files_for(plugin.name))


GOOD_FILE = b"#good\nTitre"


def is_good(head: bytes) -> bool:
    return head.startswith(b"#good")


def read_good(source: Source) -> Iterator[Reference | Unread | Beside]:
    try:
        lines = source.data.decode().splitlines()
    except UnicodeDecodeError as exc:
        raise UnreadableError("no UTF-8") from exc
    for line in lines:
        yield (
            Reference({"itemType": "book", "title": line}, "line") if line else Unread("line", "?")
        )
    yield Beside("the end")


GOOD = Importer("Good", ("good",), is_good, read_good)


def test_a_good_importer_passes() -> None:
    check_importer(GOOD, GOOD_FILE)


def giving(*found: Any) -> Callable[[Source], list[Any]]:
    return lambda _source: list(found)


def without_end(_source: Source) -> Iterator[Reference]:
    while True:
        yield Reference({"itemType": "book"})


def unreadable(_source: Source) -> Any:
    raise UnreadableError("")


def by_chance(_source: Source) -> Any:
    return [Reference({"itemType": "book", "title": str(next(_numbers))})]


def book(**fields: Any) -> Reference:
    return Reference({"itemType": "book", **fields})


@pytest.mark.parametrize(
    ("read", "why"),
    [
        *EVIL,
        (giving({"itemType": "book"}), "gave dict"),
        (giving(None), "gave NoneType"),
        (without_end, "without an end"),
        (unreadable, "does not say why"),
        (by_chance, "second time"),
        (lambda source: [book(title=source.data.decode())], "UnicodeDecodeError"),
        (giving(Unread("line 1", "")), "without a place or a reason"),
        (giving(Reference(None)), "fields are no table"),  # type: ignore[arg-type]
        (giving(Reference({})), "no item type None"),
        (giving(Reference({"itemType": "tome"})), "no item type tome"),
        (giving(Reference({"itemType": "attachment"})), "no item type attachment"),
        (giving(book(publicationTitle="R")), "publicationTitle is no field of book"),
        (giving(book(title=3)), "value of title"),
        (giving(book(creators="Zola")), "value of creators"),
        (giving(book(creators=["Zola"])), "value of creators"),
        (giving(book(creators=[{"creatorType": "author", "last": "Z"}])), "value of creators"),
        (giving(book(creators=[{"creatorType": "author", "name": 3}])), "value of creators"),
        (giving(book(creators=[{"creatorType": "poet", "name": "Z"}])), "type poet"),
        (giving(book(tags="a")), "value of tags"),
        (giving(book(tags=[{"name": "a"}])), "value of tags"),
        (giving(book(collections=[3])), "value of collections"),
        (giving(Reference({"itemType": "book"}, notes="N")), "is no text"),  # type: ignore[arg-type]
        (giving(Reference({"itemType": "book"}, place=3)), "is no text"),  # type: ignore[arg-type]
        (giving(Reference({"itemType": "book"}, key="abc")), "abc is no item key"),
    ],
)
def test_what_an_importer_may_not_do_is_found(read: Callable[..., Any], why: str) -> None:
    with pytest.raises(ContractError, match=why):
        check_importer(replace(GOOD, read=read), seconds=1)


@pytest.mark.parametrize(
    ("recognises", "why"),
    [
        (lambda head: head.decode().startswith("#"), "UnicodeDecodeError"),
        (lambda head: head[0] == 35, "IndexError"),
        (lambda head: head, "gave bytes, not True or False"),
        (lambda _head: False, "none of its own"),
        (hang, "not done"),
    ],
)
def test_an_importer_recognises_its_files_and_bears_all_others(
    recognises: Callable[[bytes], Any], why: str
) -> None:
    with pytest.raises(ContractError, match=why):
        check_importer(replace(GOOD, recognises=recognises), GOOD_FILE, seconds=1)


def test_an_importer_reads_something_in_a_good_file() -> None:
    with pytest.raises(ContractError, match="gave no Reference"):
        check_importer(replace(GOOD, read=giving()), GOOD_FILE)


def test_an_importer_bears_a_file_that_is_cut_off() -> None:
    def strict(source: Source) -> Iterator[Reference]:
        head, _line, title = source.data.partition(b"\n")
        if head == b"#good":
            yield book(title=title.decode()[4])

    check_importer(replace(GOOD, read=strict))
    with pytest.raises(ContractError, match=r"cut off after .* IndexError"):
        check_importer(replace(GOOD, read=strict), GOOD_FILE)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"title": ""}, "title is missing"),
        ({"endings": ()}, "endings are no tuple"),
        ({"endings": "ris"}, "endings are no tuple"),
        ({"endings": (".ris",)}, "no dot"),
        ({"read": None}, "`read` is no function"),
        ({"recognises": b"#"}, "`recognises` is no function"),
    ],
)
def test_an_importer_has_all_its_parts(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(ContractError, match=why):
        check_importer(replace(GOOD, **changed))


def test_what_is_no_importer_is_refused() -> None:
    with pytest.raises(ContractError, match="no zotsync"):
        check_importer(Exporter("T", "x", fail))  # type: ignore[arg-type]


# Checks


def find_small(fields: Any, _facts: Facts) -> Iterator[Finding]:
    mark = fields.get("callNumber", "")
    if mark != mark.upper():
        yield Finding("callNumber", {"value": mark}, mended=mark.upper(), safe=True)


SMALL = Check("small-marks", Severity.LOOK, find_small, says="In small letters: {value}")


def finding(*args: Any, **settings: Any) -> Callable[..., list[Finding]]:
    return lambda _fields, _facts: [Finding(*args, **settings)]


def spoil(fields: Any, _facts: Facts) -> list[Finding]:
    fields["title"] = "mine"
    return []


def longer(fields: Any, _facts: Facts) -> list[Finding]:
    return [Finding("extra", mended=f"{fields.get('extra', '')}.")]


def by_luck(_fields: Any, _facts: Facts) -> list[Finding]:
    return [Finding("title", {"value": next(_numbers)})]


def endless(_fields: Any, _facts: Facts) -> Iterator[Finding]:
    while True:
        yield Finding("title")


def test_a_good_check_passes() -> None:
    check_check(
        SMALL,
        finds=[{"itemType": "book", "callNumber": "pai"}],
        passes=[{"itemType": "book"}, {"itemType": "book", "callNumber": "PAI"}],
    )


@pytest.mark.parametrize(
    ("find", "why"),
    [
        *EVIL,
        (lambda fields, _facts: [fields["ISBN"]], "KeyError"),
        (lambda _fields, _facts: None, "TypeError"),
        (lambda _fields, _facts: ["title"], "str is no Finding"),
        (spoil, "changed what it was given"),
        (by_luck, "second time"),
        (endless, "without an end"),
        (longer, "mends what it has mended itself"),
        (finding(None), "field is no text"),
        (finding("title", "value"), "data no table"),
        (finding("title", mended=3), "value of title|title is no field"),
        (finding("creators", mended="Zola"), "value of creators"),
        (finding("nowhere", mended="x"), "nowhere is no field"),
        (finding("title", safe=True), "nothing `mended`"),
        (finding("", mended="x"), "is no field"),
        (finding("title", {"keys": "ABCD2345"}), "no item keys"),
    ],
)
def test_what_a_check_may_not_do_is_found(find: Callable[..., Any], why: str) -> None:
    with pytest.raises(ContractError, match=why):
        check_check(replace(SMALL, find=find), seconds=1)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"code": "Small Marks"}, "small letters, digits and hyphens"),
        ({"code": ""}, "small letters, digits and hyphens"),
        ({"severity": "look"}, "severity or find"),
        ({"find": None}, "severity or find"),
        ({"says": ""}, "does not say"),
        ({"says": "{nothing}"}, "cannot be filled in"),
        ({"says": "{value"}, "cannot be filled in"),
    ],
)
def test_a_check_has_all_its_parts(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(ContractError, match=why):
        check_check(replace(SMALL, **changed))


def test_a_check_finds_what_it_should_and_nothing_else() -> None:
    with pytest.raises(ContractError, match="found nothing in"):
        check_check(SMALL, finds=[{"itemType": "book", "callNumber": "PAI"}])
    with pytest.raises(ContractError, match="found something in"):
        check_check(SMALL, passes=[{"itemType": "book", "callNumber": "pai"}])


def test_what_is_no_check_is_refused() -> None:
    with pytest.raises(ContractError, match="no Check"):
        check_check(find_small)  # type: ignore[arg-type]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_every_check_of_zotsync_keeps_the_contract(check: Check) -> None:
    told = {"reason": "", "others": "", "to": "", "sign": "", "date": ""}
    says = MESSAGES[check.code]
    for name in told:
        says = says.replace(f"{{{name}}}", "")
    check_check(replace(check, says=says))


def test_facts_can_be_other_ones() -> None:
    assert facts(apostrophe="’").apostrophe == "’"


# Themes


@pytest.fixture
def copied(own_themes: Path) -> Path:
    return own_themes / "maison"


@pytest.fixture
def own_themes(tmp_path: Path) -> Path:
    import shutil  # noqa: PLC0415 - only here

    shutil.copytree(templates_folder() / "classique", tmp_path / "maison")
    return tmp_path


@pytest.mark.parametrize("name", ["classique", "colonnes", "rapport", "sobre"])
def test_every_theme_of_zotsync_keeps_the_contract(name: str) -> None:
    check_theme(templates_folder, name)


def amended(old: str, new: str) -> Callable[[Path], object]:
    def amend(folder: Path) -> None:
        file = folder / "theme.toml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return amend


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda folder: (folder / "base.docx").unlink(), "there is no .*base.docx"),
        (lambda folder: (folder / "theme.toml").unlink(), "there is no .*theme.toml"),
        (lambda folder: (folder / "base.docx").write_bytes(b"PK"), "faults"),
        (lambda folder: (folder / "theme.toml").write_text("[labels"), "faults"),
        (amended("[labels]", "[labels]\nrubbish = 'x'"), "rubbish"),
        (amended("[source]", "[source]\ntome = '{{ title }}'"), "tome"),
        (amended("[source]", "[source]\nfilm = '{{ title'"), "faults"),
    ],
)
def test_what_is_wrong_with_a_theme_is_found(
    copied: Path, spoil: Callable[[Path], object], why: str
) -> None:
    spoil(copied)
    with pytest.raises(ContractError, match=why):
        check_theme(lambda: copied.parent, "maison")


@pytest.mark.parametrize(
    ("folder", "why"),
    [
        (lambda: None, "gave NoneType"),
        (lambda: "themes", "gave str"),
        (fail, "raised KeyError"),
        (hang, "not done"),
        (say, "printed"),
    ],
)
def test_the_function_of_a_theme_gives_a_folder(folder: Callable[[], Any], why: str) -> None:
    with pytest.raises(ContractError, match=why):
        check_theme(folder, "maison", seconds=1)


def test_a_folder_is_no_function_that_gives_one(own_themes: Path) -> None:
    with pytest.raises(ContractError, match="no function"):
        check_theme(own_themes, "maison")  # type: ignore[arg-type]


# Installed


def test_what_is_installed_is_found_and_what_is_not_is_told() -> None:
    assert find_plugin("theme", "sobre") == templates_folder() / "sobre"
    assert find_plugin("exporter", "ris").ending == "ris"
    assert find_plugin("importer", "ris").endings == ("ris",)
    assert find_plugin("check", "curating") == CHECKS
    with pytest.raises(ContractError, match="finds no exporter named nowhere: install"):
        find_plugin("exporter", "nowhere")
