"""Whatever is wrong with another package's plugin: it is told, with its package, and stops nothing else."""

from __future__ import annotations

import json
import shutil
import sys
import threading
from collections.abc import Iterator
from importlib.metadata import DistributionFinder
from pathlib import Path
from typing import Any

import pytest
from plugin_packages import GOOD, Install, installer

from zotsync.config import new_config_text
from zotsync.handout.theming.themes import templates_folder
from zotsync.plugins.environment import removing, upgrading
from zotsync.sandbox.demo import SAMPLE
from zotsync.zotero.schema import bundled

HEAD = "import sys, time\nfrom pathlib import Path\nfrom zotsync.plugins import *\n"
EXPORTER = HEAD + "def work(export):\n    {work}\nX = Exporter('X', 'xx', work)\n"
IMPORTER = HEAD + (
    "def look(head):\n    return head.startswith(b'xx')\n"
    "def work(source):\n    {work}\nX = Importer('X', ('xx',), look, work)\n"
)
CHECK = HEAD + (
    "def work(fields, facts):\n    {work}\n"
    "X = Check('xx', Severity.WRONG, work, says='odd: {{value}}')\n"
)
THEME = HEAD + "def X():\n    {work}\n"
AT_IMPORT = {
    "raises": ("1 / 0", "ZeroDivisionError: division by zero"),
    "is no Python": ("def", "SyntaxError"),
    "ends": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "lacks something": ("import nowhere_at_all", "No module named 'nowhere_at_all'"),
    "has nothing": ("Y = 1", "AttributeError"),
    "brings rubbish": ("X = 1", "is no"),
    "hangs": ("import sys\nsys.test_is_over.wait(60)", "has not come to an end after 0.5 seconds"),
}
AT_WORK = {
    "raises": ("1 / 0", "ZeroDivisionError: division by zero"),
    "raises in an odd way": (
        "E = type('E', (Exception,), {'__str__': lambda e: 1 / 0}); raise E()",
        "E",
    ),
    "ends": ("sys.exit(3)", "SystemExit: 3"),
    "asks": ("input('?')", "EOFError"),
    "hangs": ("sys.test_is_over.wait(60)", "has not come to an end after 0.5 seconds"),
    "spins": (
        "while not sys.test_is_over.is_set(): pass",
        "has not come to an end after 0.5 seconds",
    ),
    "calls itself": ("work = lambda: work()\n    work()", "RecursionError"),
}
KINDS = {"exporter": EXPORTER, "importer": IMPORTER, "check": CHECK, "theme": THEME}
RUBBISH = {
    "exporter": ("return 'text'", "it gave no bytes"),
    "importer": ("return [3]", "no Reference"),
    "check": ("return ['title']", "str is no Finding"),
    "theme": ("return 'themes'", "it gave no folder"),
}


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    over = threading.Event()  # what hangs does so until then, however long a busy machine takes
    monkeypatch.setattr(sys, "test_is_over", over, raising=False)
    monkeypatch.setenv("ZOTSYNC_PLUGIN_SECONDS", "0.5")
    yield installer(tmp_path / "site", monkeypatch)
    over.set()


@pytest.fixture
def fonds(tmp_path: Path) -> Path:
    """Give a workspace with the sample's files, never synced."""
    folder = tmp_path / "fonds"
    shutil.copytree(SAMPLE / "bibliography", folder / "bibliography")
    shutil.copytree(SAMPLE / "handouts", folder / "handouts")
    (folder / "zotsync.toml").write_text(new_config_text(1), encoding="utf-8")
    (folder / "notes.xx").write_text("xx", encoding="utf-8")
    return folder


USING = {
    "exporter": ("export", "--format", "x", "-o", "out.xx"),
    "importer": ("import", "notes.xx", "--format", "x", "--yes"),
    "check": ("check",),
    "theme": ("render", "--theme", "x", "--format", "txt"),
}
"""Commands that use the plugin `x` of a kind."""
WITHOUT = {
    "exporter": ("export", "-o", "out.ris"),
    "importer": ("import", "notes.ris", "--yes", "--dry-run"),
    "check": ("check", "--only", "isbn"),
    "theme": ("render", "--theme", "sobre", "--format", "txt"),
}
"""Commands of a kind that do without."""


def files(folder: Path) -> dict[str, bytes]:
    return {
        f.relative_to(folder).as_posix(): f.read_bytes()
        for f in folder.rglob("*")
        if f.is_file() and ".zotsync" not in f.parts
    }


def package_of(kind: str, fault: str) -> str:
    """Return a name; its own where it hangs: a module that is being imported cannot be another test's."""
    return f"{fault}-{kind}" if fault in ("hangs", "spins") else "bad-pack"


def check_blamed(result: Any, why: str, package: str = "bad-pack") -> None:
    assert result.exit_code == 1, result.output
    assert why in " ".join(result.stderr.split())
    assert f"x of {package} 1.2" in result.stderr
    told = " ".join(result.stderr.split())
    assert f"Update {package}: {upgrading(package)} – or remove it: {removing(package)}" in told
    assert "bug in zotsync" not in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("fault", AT_IMPORT)
@pytest.mark.parametrize("kind", KINDS)
def test_one_that_cannot_be_loaded(
    run: Any, fonds: Path, install: Install, kind: str, fault: str
) -> None:
    code, why = AT_IMPORT[fault]
    package = package_of(kind, fault)
    install(package, code, kind, x=f"{package.replace('-', '_')}:X")
    before = files(fonds)
    check_blamed(run("-C", fonds, *USING[kind]), why, package)
    assert files(fonds) == before
    listed = run("-C", fonds, "plugins")
    check_blamed(listed, why, package)
    assert f"\tx\t\t{package} 1.2\tcannot be used" in listed.stdout
    assert "\tclassique\t" in listed.stdout


@pytest.mark.parametrize("fault", [*AT_WORK, "gives rubbish"])
@pytest.mark.parametrize("kind", KINDS)
def test_one_that_fails_at_work(
    run: Any, fonds: Path, install: Install, kind: str, fault: str
) -> None:
    work, why = {**AT_WORK, "gives rubbish": RUBBISH[kind]}[fault]
    package = package_of(kind, fault)
    install(package, KINDS[kind].format(work=work), kind, x=f"{package.replace('-', '_')}:X")
    before = files(fonds)
    check_blamed(run("-C", fonds, *USING[kind], stdin="an answer\n"), why, package)
    assert files(fonds) == before


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_else_is_stopped(run: Any, fonds: Path, install: Install, kind: str) -> None:
    (fonds / "notes.ris").write_text("TY  - BOOK\nTI  - T\nER  -\n", encoding="utf-8")
    install("bad-pack", "1 / 0", kind, x="bad_pack:X")
    result = run("-C", fonds, *WITHOUT[kind])
    assert result.exit_code == (1 if kind == "check" else 0), result.output
    assert ("x of bad-pack 1.2" in result.stderr) is (kind in ("check", "importer"))


def test_a_check_that_fails_lets_all_others_be_made(
    run: Any, fonds: Path, install: Install
) -> None:
    (item, *_others) = sorted((fonds / "bibliography" / "items").glob("*.toml"))
    text = item.read_text(encoding="utf-8")
    item.write_text(text + 'ISBN = "9782070368229"\n' if "ISBN" not in text else text, "utf-8")
    good = json.loads(run("-C", fonds, "--json", "check").stdout)["findings"]
    assert good
    install("bad-pack", CHECK.format(work="1 / 0"), "check", x="bad_pack:X")
    result = run("-C", fonds, "--json", "check")
    assert json.loads(result.stdout)["findings"] == good
    assert result.stderr.count("ZeroDivisionError") == 1


def test_a_check_that_fails_late_keeps_what_it_found(
    run: Any, fonds: Path, install: Install
) -> None:
    work = "return [Finding('title', {'value': 1 // (fields['itemType'] != 'webpage')})]"
    install("bad-pack", CHECK.format(work=work), "check", x="bad_pack:X")
    result = run("-C", fonds, "--json", "check", "--only", "xx")
    assert result.exit_code == 1
    assert result.stderr.count("ZeroDivisionError") == 1
    assert json.loads(result.stdout)["findings"]


def test_a_check_cannot_change_what_it_looks_at(run: Any, fonds: Path, install: Install) -> None:
    work = "fields['title'] = 'mine'; fields.get('creators', []).clear(); return [Finding('')]"
    install("bad-pack", CHECK.format(work=work), "check", x="bad_pack:X")
    before = files(fonds)
    result = run("-C", fonds, "--json", "check", "--only", "xx", "--fix", "--yes")
    found = json.loads(result.stdout)["findings"]
    assert len(found) > 1
    assert "mine" not in {one["title"] for one in found}
    assert files(fonds) == before


EMPTYING = """
def empty(export):
    for table in (export.items, export.entries, export.collections, export.schema.item_types):
        table.clear()
def write(export):
    empty(export)
    return b"x"
def takes(export, fields):
    fields.clear()
    empty(export)
    return True
X = Exporter("X", "xx", write, takes)
"""


def test_an_exporter_cannot_change_what_it_is_given(
    run: Any, fonds: Path, install: Install
) -> None:
    install("bad-pack", HEAD + EMPTYING, x="bad_pack:X")
    before = run("-C", fonds, "export", "--format", "ris").stdout_bytes
    told = run("-C", fonds, "export", "--format", "x", "-o", "out.xx", "--lang", "en", "--json")
    assert told.exit_code == 0, told.output
    assert (json.loads(told.stdout)["references"], json.loads(told.stdout)["left_out"]) == (16, 0)
    assert run("-C", fonds, "export", "--format", "ris").stdout_bytes == before


def test_nobody_else_sees_what_importers_and_checks_do_to_what_they_know(
    run: Any, fonds: Path, install: Install
) -> None:
    reading = "source.schema.item_types.clear()\n    return []"
    install("bad-pack", IMPORTER.format(work=reading), "importer", x="bad_pack:X")
    looking = "facts.schema.item_types.clear(); facts.known._looks.clear()\n    return []"
    install("worse-pack", CHECK.format(work=looking), "check", x="worse_pack:X")
    run("-C", fonds, "import", "notes.xx", "--format", "x", "--yes")
    checked = run("-C", fonds, "check", "--json")
    assert json.loads(checked.stdout)["findings"]
    assert bundled().item_types


def test_all_checks_of_a_package_share_one_copy_and_no_other_package_has_it(
    run: Any, fonds: Path, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, list[Any]] = {"a": [], "b": []}
    monkeypatch.setattr(sys, "test_seen", seen, raising=False)
    for name in seen:
        work = f"sys.test_seen['{name}'].append(facts.known); return []"
        more = f"X = (X, Check('{name}', Severity.LOOK, work, says='x'))\n"
        install(f"pack-{name}", CHECK.format(work=work) + more, "check", x=f"pack_{name}:X")
    assert run("-C", fonds, "check").exit_code in (0, 1)
    one, other = ({id(known) for known in found} for found in seen.values())
    assert len(one) == len(other) == 1
    assert one != other


@pytest.mark.parametrize("mended", ["3", "['x']", "{}", "b'x'"])
def test_a_check_cannot_mend_with_what_no_field_holds(
    run: Any, fonds: Path, install: Install, mended: str
) -> None:
    work = f"return [Finding('title', mended={mended}, safe=True)]"
    install("bad-pack", CHECK.format(work=work), "check", x="bad_pack:X")
    before = files(fonds)
    result = run("-C", fonds, "check", "--only", "xx", "--fix", "--yes")
    check_blamed(result, "the value of title is not what the field holds")
    assert files(fonds) == before


@pytest.mark.parametrize("kind", KINDS)
def test_what_one_prints_is_told_and_keeps_out_of_the_data(
    run: Any, fonds: Path, install: Install, kind: str
) -> None:
    theme = fonds.parent / "site" / "themes" / "x"
    shutil.copytree(templates_folder() / "sobre", theme)
    good = {
        "exporter": "return b'data'",
        "importer": "return [Reference({'itemType': 'book', 'title': 'T'}, 'line 1')]",
        "check": "return []",
        "theme": "return Path(__file__).parent / 'themes'",
    }[kind]
    work = f"print('chatter'); sys.stdout.buffer.write(b'bytes'); {good}"
    install("bad-pack", KINDS[kind].format(work=work), kind, x="bad_pack:X")
    using = {**USING, "exporter": ("export", "--format", "x"), "check": ("check", "--only", "xx")}
    result = run("-C", fonds, *using[kind])
    assert result.exit_code == 0, result.output
    assert "chatter" not in result.stdout
    assert "bytes" not in result.stdout
    assert result.stderr.count("chatter bytes") == 1
    assert "x of bad-pack 1.2 prints: chatter" in result.stderr
    assert kind != "exporter" or result.stdout == "data"


def test_a_check_that_prints_at_every_item_is_told_once(
    run: Any, fonds: Path, install: Install
) -> None:
    work = "print(fields['title']); return []"
    install("bad-pack", CHECK.format(work=work), "check", x="bad_pack:X")
    assert run("-C", fonds, "check", "--only", "xx").stderr.count("bad-pack 1.2 prints:") == 1


def test_one_that_takes_long_is_told_while_it_works(
    run: Any, fonds: Path, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOTSYNC_PLUGIN_SECONDS", "6")
    work = "time.sleep(3.5); return b'data'"
    install("slow-pack", EXPORTER.format(work=work), x="slow_pack:X")
    result = run("-C", fonds, "export", "--format", "x")
    assert result.exit_code == 0
    assert result.stdout == "data"
    assert "x of slow-pack 1.2 is still at work" in result.stderr
    assert "Ctrl-C" in result.stderr


def test_a_time_limit_that_is_none_is_told(
    run: Any, fonds: Path, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("good-pack", GOOD, x="good_pack:X")
    for wrong in ("soon", "-1", "0", "nan", "inf"):
        monkeypatch.setenv("ZOTSYNC_PLUGIN_SECONDS", wrong)
        result = run("-C", fonds, "export", "--format", "x")
        assert result.exit_code == 2
        assert f"ZOTSYNC_PLUGIN_SECONDS={wrong}" in result.stderr


def damage(site: Path, package: str, *, points: bytes, metadata: bool = True) -> None:
    info = site / f"{package}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "entry_points.txt").write_bytes(points)
    if metadata:
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")


@pytest.mark.parametrize(
    ("points", "metadata"),
    [
        (b"[zotsync.exporters]\nno equals sign\n", True),
        (b"[zotsync.exporters]\nx = \xff\xfe:X\n", True),
        (b"[zotsync.exporters]\nx = odd:X\n", False),
    ],
)
def test_a_damaged_package_is_told_and_hides_no_other(
    run: Any, fonds: Path, install: Install, points: bytes, *, metadata: bool
) -> None:
    install("good-pack", GOOD, y="good_pack:X")
    damage(fonds.parent / "site", "odd", points=points, metadata=metadata)
    result = run("-C", fonds, "export", "--format", "y")
    assert (result.exit_code, result.stdout) == (0, "x")
    listed = run("-C", fonds, "plugins")
    assert listed.exit_code == 1
    assert "odd" in listed.stderr
    assert "\ty\t" in listed.stdout


def test_what_an_importer_gives_too_much_is_kept_and_what_it_gives_wrongly_is_not_imported(
    run: Any, fonds: Path, install: Install
) -> None:
    work = (
        "return [Reference({'itemType': 'book', 'title': 'One', 'cote': 'PAI 1'}, 'line 1'), "
        "Reference({'itemType': 'tome', 'title': 'Two'}, 'line 2'), "
        "Reference({'itemType': 'book', 'title': 3}, 'line 3')]"
    )
    install("odd-pack", IMPORTER.format(work=work), "importer", x="odd_pack:X")
    result = run("-C", fonds, "import", "notes.xx", "--yes")
    assert result.exit_code == 1
    told = " ".join(result.stderr.split())
    assert "line 2: The import format x of odd-pack 1.2 cannot be used: there is no item" in told
    assert "line 3: The import format x of odd-pack 1.2 cannot be used: the value of title" in told
    texts = [text.decode() for name, text in files(fonds).items() if "items/" in name]
    (one,) = [text for text in texts if 'title = "One"' in text]
    assert "cote: PAI 1" in one
    assert not any('"Two"' in text for text in texts)


def good_theme(site: Path, name: str, title: str) -> str:
    folder = site / "themes" / name
    shutil.copytree(templates_folder() / "sobre", folder)
    file = folder / "theme.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        f'title = "{title}"\n'
        + "\n".join(line for line in text.splitlines() if not line.startswith("title =")),
        encoding="utf-8",
    )
    return HEAD + "def X():\n    return Path(__file__).parent / 'themes'\n"


def test_a_theme_of_a_package_goes_before_zotsync_s_own_and_behind_that_of_the_workspace(
    run: Any, fonds: Path, install: Install
) -> None:
    install(
        "deco", good_theme(fonds.parent / "site", "classique", "Déco"), "theme", classique="deco:X"
    )
    listed = run("-C", fonds, "themes")
    assert "classique\tDéco" in listed.stdout
    assert "zotsync has a theme named classique too. The one of deco is used." in listed.stderr
    assert run("-C", fonds, "plugins").exit_code == 0
    shutil.copytree(templates_folder() / "classique", fonds / "templates" / "classique")
    listed = run("-C", fonds, "themes")
    assert "classique\tClassique" in listed.stdout
    assert "deco has a theme named classique too" in listed.stderr


def test_a_broken_theme_that_has_the_name_of_zotsync_s_own_is_told_and_passed_over(
    run: Any, fonds: Path, install: Install
) -> None:
    install("bad-pack", "1 / 0", "theme", classique="bad_pack:X")
    result = run("-C", fonds, "render", "--format", "txt")
    assert result.exit_code == 0, result.output
    assert "theme classique of bad-pack 1.2 cannot be used" in result.stderr
    assert (fonds / "handouts" / "pair-aidance.txt").exists()


def test_themes_new_and_check_take_those_of_packages(
    run: Any, fonds: Path, install: Install
) -> None:
    install("deco", good_theme(fonds.parent / "site", "bleu", "Bleu"), "theme", bleu="deco:X")
    made = run("-C", fonds, "themes", "new", "maison", "--from", "bleu")
    assert made.exit_code == 0, made.output
    assert "Bleu" in (fonds / "templates" / "maison" / "theme.toml").read_text(encoding="utf-8")
    assert "Nothing wrong: bleu." in run("-C", fonds, "themes", "check", "bleu").stderr
    assert run("-C", fonds, "themes", "new", "bleu").exit_code == 1
    unknown = run("-C", fonds, "render", "--theme", "blue")
    assert unknown.exit_code == 1
    assert "bleu, classique, colonnes" in unknown.stderr


def test_init_takes_a_theme_of_a_package_and_no_unknown_one(
    run: Any, tmp_path: Path, install: Install
) -> None:
    install("deco", good_theme(tmp_path / "site", "bleu", "Bleu"), "theme", bleu="deco:X")
    made = run("init", tmp_path / "a", "--group", "7", "--no-sync", "--theme", "bleu")
    assert made.exit_code == 0, made.output
    assert 'theme = "bleu"' in (tmp_path / "a" / "zotsync.toml").read_text(encoding="utf-8")
    refused = run("init", tmp_path / "b", "--group", "7", "--no-sync", "--theme", "blue")
    assert refused.exit_code == 1
    assert "Known are: bleu, classique" in refused.stderr
    assert not (tmp_path / "b").exists()


def test_of_two_checks_with_one_name_the_first_is_used_and_the_other_told(
    run: Any, fonds: Path, install: Install
) -> None:
    code = CHECK.format(work="return [Finding('title')]").replace("'xx'", "'isbn'")
    install("rival", code, "check", isbn="rival:X")
    result = run("-C", fonds, "check", "--only", "isbn")
    assert "rival has a check named isbn too. The one of zotsync is used." in result.stderr
    assert result.stdout == ""


def test_a_check_of_a_package_is_one_like_any_other(
    run: Any, fonds: Path, install: Install
) -> None:
    work = "return [Finding('title', {'value': fields['title']}, mended='X', safe=True)]"
    install("good-pack", CHECK.format(work=work), "check", x="good_pack:X")
    unknown = run("-C", fonds, "check", "--only", "xxx")
    assert unknown.exit_code == 2
    assert "Did you mean xx?" in unknown.stderr
    assert "odd: " in run("-C", fonds, "check", "--only", "xx").stdout
    assert "odd: " not in run("-C", fonds, "check", "--without", "xx").stdout
    assert run("-C", fonds, "check", "--only", "xx", "--fix", "--yes").exit_code == 1
    items = [t.decode() for n, t in files(fonds).items() if "items/" in n]
    assert any('title = "X"' in text for text in items)


class Trap(DistributionFinder):
    """Finds no package, and notes that somebody has looked for any."""

    def __init__(self) -> None:
        self.asked = 0

    def find_spec(self, *_args: Any, **_settings: Any) -> None:
        return None

    def find_distributions(self, context: Any = None) -> list[Any]:
        self.asked += context is None or context.name is None  # not for the version of one
        return []


def test_a_sync_and_its_like_look_for_no_package(
    run: Any,
    workspace: Path,
    install: Install,
    monkeypatch: pytest.MonkeyPatch,
    with_key: None,  # noqa: ARG001
) -> None:
    for kind in KINDS:
        install(f"bad-{kind}", "1 / 0", kind, x=f"bad_{kind}:X")
    trap = Trap()
    monkeypatch.setattr(sys, "meta_path", [trap, *sys.meta_path])
    item = workspace / "bibliography" / "items" / "a.toml"
    item.write_text('itemType = "book"\ntitle = "T"\n', encoding="utf-8")
    for words in (["status"], ["sync"], ["sync"], ["diff"], ["log"], ["--help"], ["undo", "--yes"]):
        assert run("-C", workspace, *words).exit_code == 0, words
    assert trap.asked == 0
    run("-C", workspace, "plugins")
    assert trap.asked > 0
