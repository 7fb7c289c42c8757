"""`render`: choices on the command line, what is not written again, what is kept beside, what is new."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from handout.test_themes import edit_part

from zotsync.cli.frame.watching import PAUSE, sources_of, watch
from zotsync.cli.handouts.choice_options import HELP, option_name
from zotsync.config import Workspace, new_config_text
from zotsync.handout.choices import NAMES, kind_of, values_of
from zotsync.sandbox.demo import SAMPLE


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """Give a workspace with the sample's files, never synced."""
    folder = tmp_path / "fonds"
    shutil.copytree(SAMPLE / "bibliography", folder / "bibliography")
    shutil.copytree(SAMPLE / "handouts", folder / "handouts")
    (folder / "zotsync.toml").write_text(new_config_text(1), encoding="utf-8")
    return folder


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def toml(sample: Path) -> Path:
    return sample / "handouts" / "pair-aidance.toml"


def docx(sample: Path) -> Path:
    return sample / "handouts" / "pair-aidance.docx"


def words_of(document: Path) -> str:
    with zipfile.ZipFile(document) as package:
        return package.read("word/document.xml").decode("utf-8")


def adenot(sample: Path) -> Path:
    return next(Workspace(sample).items.glob("adenot*"))


def told(run: Any, sample: Path, *words: object) -> Any:
    """Render with --json and return the documents."""
    result = run("-C", sample, "render", *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["documents"]


# Choices


def test_every_choice_has_an_option_with_help(run: Any) -> None:
    assert list(HELP) == list(NAMES)
    shown = run("render", "--help").stdout
    for name in NAMES:
        assert f"--{option_name(name)}" in shown


@pytest.mark.parametrize("name", NAMES)
def test_every_choice_is_taken_from_the_command_line(run: Any, sample: Path, name: str) -> None:
    option, values = f"--{option_name(name)}", values_of(name)
    if kind_of(name) == "flag":
        words = [[option], [f"--no-{name.replace('_', '-')}"]]
    elif kind_of(name) == "length":
        words = [[option, value] for value in ("yes", "no", "oui", "non", "40")]
    elif name in ("logo", "citation_style"):
        words = [[option, ""]]
    else:
        words = [[option, value] for value in (*values, "" if not values else values[0])]
    for choice in words:
        if choice[1:] == ["style"]:
            continue  # wants a citation style
        (made,) = told(run, sample, *choice)
        assert made["entries"] == 16, choice


def test_a_logo_that_cannot_be_used_is_told_where_it_was_named(run: Any, sample: Path) -> None:
    def told_of(*words: object) -> str:
        result = run("-C", sample, "render", "--lang", "en", *words)
        assert result.exit_code == 1, result.output
        assert "Take a PNG or JPEG file." in result.stderr
        return str(result.stderr)

    reason = "cannot be used: No such file or directory"
    config = sample / "zotsync.toml"
    text, _table, _rest = config.read_text("utf-8").partition("[centre]")
    config.write_text(f'{text}[centre]\nlogo = "a.png"\n', encoding="utf-8")
    line = text.count("\n") + 2
    assert f"zotsync.toml:{line} · centre.logo: The logo a.png {reason}" in told_of()
    assert run("-C", sample, "themes", "new", "maison").exit_code == 0
    theme = sample / "templates" / "maison" / "theme.toml"
    edit(theme, "[choices]\n", '[choices]\nlogo = "b.png"\n')
    found = theme.read_text("utf-8").split('logo = "b.png"', maxsplit=1)[0].count("\n") + 1
    assert f"theme.toml:{found} · choices.logo: The logo b.png {reason}" in told_of(
        "--theme", "maison"
    )
    edit(toml(sample), "title =", 'logo = "c.png"\ntitle =')
    assert f"handouts/pair-aidance.toml:1 · logo: The logo c.png {reason}" in told_of()
    (sample / "d.png").write_bytes(b"GIF?")
    told_so = told_of("--logo", "d.png", "--format", "html")
    assert "--logo: The logo d.png cannot be used: it is damaged" in told_so


def test_a_section_of_the_theme_with_a_type_that_does_not_exist_is_told(
    run: Any, sample: Path
) -> None:
    assert run("-C", sample, "themes", "new", "maison").exit_code == 0
    theme = sample / "templates" / "maison" / "theme.toml"
    edit(theme, 'itemTypes = ["webpage"', 'itemTypes = ["pageWeb", "webpage"')
    line = theme.read_text("utf-8").split('"pageWeb"', maxsplit=1)[0].count("\n") + 1
    result = run("-C", sample, "render", "--theme", "maison", "--lang", "en")
    assert result.exit_code == 0
    assert f"theme.toml:{line}: in a section of the theme, but no item type" in result.stderr
    assert "pageWeb" in result.stderr
    assert "pageWeb" not in run("-C", sample, "render").stderr


def test_what_is_chosen_is_printed(run: Any, sample: Path) -> None:
    abstract = "Si les politiques publiques promeuvent"
    run("-C", sample, "render")
    assert abstract in words_of(docx(sample))
    (made,) = told(run, sample, "--no-links", "--abstracts", "no", "--numbering")
    assert made["status"] == "written"
    assert abstract not in words_of(docx(sample))
    assert "Disponible sur" not in words_of(docx(sample))
    assert "16.\u00a0" in words_of(docx(sample))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--abstracts", "beaucoup"), "neither yes, no, nor a number"),
        (("--abstracts", "0"), "neither yes, no, nor a number"),
        (("--sort", "humeur"), "humeur"),
        (("--by", "itemType"), "'year'. Do you mean kind?"),
        (("--by", "xyz"), "'tag', 'year'.\n"),
        (("--indexes", "authors,auteurs"), "auteurs is not known here"),
        (("-o", "x.doc"), "No format is known by the ending .doc"),
        (("-o", "x.html", "--format", "pdf"), "does not end with .pdf"),
        (("-o", "x.docx", "--format", "docx", "--format", "md"), "-o goes with one format"),
        (("-o", "x.docx", "--all"), "-o goes with one handout"),
        (("-o", "-", "--json"), "-o - goes with none"),
        (("--watch", "--json"), "exclude each other"),
        (("--changes-since", "hier"), "neither a day nor a run"),
        (("--changes-since", "31/02/2026"), "neither a day nor a run"),
        (("--changes-since", "2026-13-45"), "neither a day nor a run"),
        (("--changes-since", "12/13/2026"), "neither a day nor a run"),
        (("--changes-since", "vers 2026"), "neither a day nor a run"),
    ],
)
def test_what_makes_no_sense_is_refused(
    run: Any, sample: Path, words: tuple[str, ...], says: str
) -> None:
    result = run("-C", sample, "render", *words)
    assert result.exit_code == 2, result.output
    assert says in result.stderr
    assert not docx(sample).exists()


# Formats


def test_several_formats_at_once(run: Any, sample: Path) -> None:
    made = told(run, sample, "--format", "docx", "--format", "md", "--format", "md")
    assert [Path(d["file"]).name for d in made] == ["pair-aidance.docx", "pair-aidance.md"]
    assert all((sample / d["file"]).exists() for d in made)


def test_the_format_is_that_of_the_name(run: Any, sample: Path, tmp_path: Path) -> None:
    (made,) = told(run, sample, "-o", tmp_path / "x.MD")
    assert made["format"] == "md"
    assert "Canonne" in (tmp_path / "x.MD").read_text("utf-8").title()


def test_a_document_on_stdout(run: Any, sample: Path) -> None:
    result = run("-C", sample, "render", "-o", "-")
    assert result.exit_code == 0
    assert result.stdout_bytes.startswith(b"PK\x03\x04")
    assert result.stdout_bytes.endswith(bytes(2))
    assert not list(sample.rglob("*.docx"))
    assert "CANONNE" in run("-C", sample, "render", "-o", "-", "--format", "txt").stdout


# Several handouts


def test_all_goes_on_after_a_faulty_one_and_tells_all_that_failed(run: Any, sample: Path) -> None:
    for name in ("a", "b", "z"):
        shutil.copy(toml(sample), toml(sample).with_name(f"{name}.toml"))
    edit(toml(sample).with_name("a.toml"), 'collection = "', 'collection = "Nulle part/')
    edit(toml(sample).with_name("b.toml"), 'title = "', "title = ")
    result = run("-C", sample, "render", "--all")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    assert "handouts/a.toml:" in result.stderr
    assert "handouts/b.toml:1" in result.stderr
    assert "Not printed: a, b." in result.stderr
    assert toml(sample).with_name("z.docx").exists()
    data = json.loads(run("-C", sample, "render", "--all", "--json").stdout)
    assert [f["handout"] for f in data["failures"]] == ["a", "b"]
    assert [d["handout"] for d in data["documents"]] == ["pair-aidance", "z"]


def test_all_without_any_says_how_to_make_one(run: Any, sample: Path) -> None:
    toml(sample).unlink()
    result = run("-C", sample, "render", "--all")
    assert result.exit_code == 1
    assert "zotsync handout new" in result.stderr


def test_a_folder_of_handouts_that_is_none_is_told(run: Any, sample: Path) -> None:
    shutil.rmtree(sample / "handouts")
    (sample / "handouts").write_text("")
    for words in (("render",), ("render", "--all"), ("check",)):
        result = run("-C", sample, *words)
        assert result.exit_code == 1
        assert str(sample / "handouts") in result.stderr
        assert "no handout yet" not in result.stderr


# What is not written again


def test_a_handout_whose_sources_are_the_same_is_not_written_again(run: Any, sample: Path) -> None:
    assert told(run, sample)[0]["status"] == "written"
    files = (docx(sample), sample / ".zotsync" / "prints.json")
    before = [(file.stat().st_mtime_ns, file.stat().st_ino) for file in files]
    result = run("-C", sample, "render")
    assert result.stdout.strip() == str(docx(sample))
    assert "Nothing has changed" in result.stderr
    assert told(run, sample)[0]["status"] == "unchanged"
    assert [(file.stat().st_mtime_ns, file.stat().st_ino) for file in files] == before
    (made,) = told(run, sample, "--force")
    assert made["status"] == "unchanged"  # the same bytes


def change_item(sample: Path) -> None:
    edit(adenot(sample), "ce nouveau collègue", "ce collègue")


def change_handout(sample: Path) -> None:
    edit(toml(sample), 'subtitle = "', 'subtitle = "Petite ')


def change_centre(sample: Path) -> None:
    edit(sample / "zotsync.toml", 'institution = ""', 'institution = "Le centre"')


def change_access(sample: Path) -> None:
    with (sample / "zotsync.toml").open("a", encoding="utf-8") as stream:
        stream.write('\n[access]\n"cairn.info" = "Cairn.info (payant)"\n')


def change_theme(sample: Path) -> None:
    edit(sample / "templates" / "maison" / "theme.toml", "Disponible sur ", "À lire sur ")


def change_base(sample: Path) -> None:
    edit_part(sample / "templates" / "maison" / "base.docx", "word/styles.xml", "Calibri", "Arial")


CHANGES = [change_item, change_handout, change_centre, change_access, change_theme, change_base]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_printed_makes_it_new(run: Any, sample: Path, change: Any) -> None:
    assert run("-C", sample, "themes", "new", "maison").exit_code == 0
    edit(toml(sample), 'theme = "classique"', 'theme = "maison"')
    assert told(run, sample)[0]["status"] == "written"
    assert told(run, sample)[0]["status"] == "unchanged"
    change(sample)
    assert told(run, sample)[0]["status"] == "written"
    assert told(run, sample)[0]["status"] == "unchanged"


def test_what_is_not_printed_changes_nothing(run: Any, sample: Path) -> None:
    told(run, sample)
    with adenot(sample).open("a", encoding="utf-8") as stream:
        stream.write('\nrights = "CC BY"\n')
    assert told(run, sample)[0]["status"] == "unchanged"


def test_auto_is_the_day_on_which_the_content_last_changed(run: Any, sample: Path) -> None:
    edit(toml(sample), 'title = "', 'updated = "auto"\ntitle = "')
    told(run, sample)
    prints = sample / ".zotsync" / "prints.json"
    data = json.loads(prints.read_text("utf-8"))
    data["handouts"]["handouts/pair-aidance.toml"]["day"] = "2026-09-12"
    prints.write_text(json.dumps(data), "utf-8")
    told(run, sample)
    assert "12 septembre 2026" in words_of(docx(sample))
    told(run, sample, "--format", "md", "--no-links", "-o", sample / "autre.md")
    told(run, sample)
    assert "12 septembre 2026" in words_of(docx(sample))
    change_item(sample)
    told(run, sample)
    assert "12 septembre 2026" not in words_of(docx(sample))
    assert "Mise à jour" in words_of(docx(sample))


# What was edited, or is open


def test_a_document_edited_in_word_is_never_written_over(run: Any, sample: Path) -> None:
    told(run, sample)
    docx(sample).write_bytes(b"corrected")
    result = run("-C", sample, "render")
    assert result.exit_code == 0
    assert "edited by hand" in result.stderr
    assert f"zotsync import {docx(sample)}" in result.stderr
    change_item(sample)
    result = run("-C", sample, "render")
    beside = docx(sample).with_name("pair-aidance (new).docx")
    assert result.stdout.strip() == str(beside)
    assert "edited by hand" in result.stderr
    assert "ce collègue" in words_of(beside)
    assert docx(sample).read_bytes() == b"corrected"
    (made,) = told(run, sample)
    assert (made["status"], sample / made["file"]) == ("beside", beside)
    assert sample / made["problems"][0]["file"] == docx(sample)
    (made,) = told(run, sample, "--force")
    assert made["status"] == "written"
    assert (sample / made["kept"]).read_bytes() == b"corrected"
    assert not beside.exists()


def test_a_document_open_in_word_is_told_with_who_has_it(run: Any, sample: Path) -> None:
    told(run, sample)
    owner = docx(sample).with_name("~$ir-aidance.docx")
    owner.write_bytes(b"\x07Camille" + bytes(154))
    change_item(sample)
    result = run("-C", sample, "render")
    assert result.exit_code == 0
    assert "open in Word (Camille)" in result.stderr
    (made,) = told(run, sample)
    assert made["open"] == {"program": "Word", "name": "Camille"}
    assert "ce collègue" in words_of(sample / made["file"])
    owner.unlink()
    (made,) = told(run, sample)
    assert (made["status"], sample / made["file"]) == ("written", docx(sample))
    assert sorted(f.name for f in docx(sample).parent.iterdir()) == [
        "pair-aidance.docx",
        "pair-aidance.toml",
    ]


# Opening


@pytest.mark.skipif(sys.platform != "linux", reason="needs xdg-open")
@pytest.mark.parametrize("code", [0, 3])
def test_open_shows_the_document(
    run: Any, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    program = tmp_path / "bin" / "xdg-open"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$1" >> {tmp_path}/opened\nexit {code}\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}" if not code else str(tmp_path)
    monkeypatch.setenv("PATH", path)
    result = run("-C", sample, "render", "--open")
    assert result.exit_code == 0
    assert ("could not be opened" in result.stderr) == bool(code)


# What is new


NEWS = "pair-aidance-nouveautes.docx"
OLD = 1_767_225_600
"""The first of January 2026."""


def age(sample: Path, *new: str) -> None:
    """Let all item files be old, but those whose names begin so."""
    for file in Workspace(sample).items.iterdir():
        if not file.name.startswith(new):
            os.utime(file, (OLD, OLD))


@pytest.mark.parametrize("day", ["2026-09-12", "12/09/2026", "12 septembre 2026"])
def test_only_what_is_new_since_a_day_is_printed(run: Any, sample: Path, day: str) -> None:
    age(sample, "adenot", "bonnami")
    (made,) = told(run, sample, "--changes-since", day)
    news = sample / "handouts" / NEWS
    assert (made["entries"], sample / made["file"]) == (2, news)
    assert len(made["new"]) == 2
    text = words_of(news)
    assert "La pair-aidance\u00a0: nouveautés depuis le 12 septembre 2026" in text
    assert "ADENOT" in text
    assert "CANONNE" not in text
    assert "Articles et revues" in text
    assert made["remarks"] == []
    assert not docx(sample).exists()


def test_where_nothing_is_new_nothing_is_written(run: Any, sample: Path) -> None:
    age(sample)
    result = run("-C", sample, "render", "--changes-since", "2026-09-12")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "Nothing is new" in result.stderr
    assert not list(sample.rglob("*.docx"))


def test_new_since_the_last_printing(run: Any, sample: Path) -> None:
    age(sample)
    assert run("-C", sample, "render", "--changes-since", "last").exit_code == 1
    told(run, sample)
    assert told(run, sample, "--changes-since", "last") == []
    os.utime(adenot(sample), (4_000_000_000, 4_000_000_000))
    (made,) = told(run, sample, "--changes-since", "last")
    assert made["entries"] == 1
    (again,) = told(run, sample, "--changes-since", "last")
    assert again["status"] == "unchanged"  # printing what is new is no printing of the whole


def new_file(sample: Path) -> None:
    """Add a file as somebody makes one: a sync has yet to give it a key."""
    text = 'itemType = "book"\ntitle = "Tout neuf"\ncollections = ["Pair-aidance/Ouvrages"]\n'
    (Workspace(sample).items / "neuf.toml").write_text(text, encoding="utf-8")


def test_a_file_without_a_key_is_new_since_the_last_printing(run: Any, sample: Path) -> None:
    age(sample)
    told(run, sample)
    new_file(sample)
    (made,) = told(run, sample, "--changes-since", "last")
    assert made["entries"] == 1
    assert "Tout neuf" in words_of(sample / made["file"])


def test_a_file_without_a_key_is_printed_in_the_same_bytes(run: Any, sample: Path) -> None:
    new_file(sample)
    told(run, sample)
    first = docx(sample).read_bytes()
    (made,) = told(run, sample)
    assert made["status"] == "unchanged"
    told(run, sample, "--force")
    assert docx(sample).read_bytes() == first


@pytest.mark.usefixtures("with_key")
def test_new_and_changed_since_a_run_by_zotero_s_own_dates(run: Any, workspace: Path) -> None:
    for part in ("bibliography", "handouts"):
        shutil.copytree(SAMPLE / part, workspace / part, dirs_exist_ok=True)
    assert run("-C", workspace, "sync", "--yes").exit_code == 0
    assert told(run, workspace, "--changes-since", "1") == []
    db = sqlite3.connect(workspace / ".zotsync" / "state.db")
    later = "2099-01-01T00:00:00Z"
    for key, name in (("ADN7T5C8", "dateAdded"), ("CNN9D2F6", "dateModified")):
        change = "UPDATE mirror SET meta = json_set(meta, ?, ?) WHERE key = ?"
        assert db.execute(change, (f"$.{name}", later, key)).rowcount == 1, key
    db.commit()
    db.close()
    (made,) = told(run, workspace, "--changes-since", "1")
    assert made["new"] == ["ADN7T5C8"]
    assert len(made["changed"]) == 1
    result = run("-C", workspace, "render", "--changes-since", "1", "--force")
    assert "Not new, but changed since then: " in result.stderr
    assert run("-C", workspace, "render", "--changes-since", "99").exit_code == 1


@pytest.mark.usefixtures("with_key")
@pytest.mark.parametrize("asked", ["1", "last"])
def test_what_a_later_sync_brought_is_new_whatever_its_date_in_zotero(
    run: Any, workspace: Path, server: Any, asked: str
) -> None:
    for part in ("bibliography", "handouts"):
        shutil.copytree(SAMPLE / part, workspace / part, dirs_exist_ok=True)
    assert run("-C", workspace, "sync", "--yes").exit_code == 0
    told(run, workspace)
    assert told(run, workspace, "--changes-since", asked) == []
    with server.colleague() as colleague:
        place = colleague.item("ADN7T5C8")["collections"]
        book = {"itemType": "book", "title": "Tout neuf", "collections": place}
        new = colleague.add({**book, "dateAdded": "2020-01-01T00:00:00Z"})
        colleague.change("CNN9D2F6", {"shortTitle": "X", "dateModified": "2020-01-01T00:00:00Z"})
    assert run("-C", workspace, "sync", "--yes").exit_code == 0
    (made,) = told(run, workspace, "--changes-since", asked)
    assert made["new"] == [new]
    assert len(made["changed"]) == 1


# Watching


class Clock:
    """Counts sleeps, and does something while somebody sleeps."""

    def __init__(self, *deeds: Any) -> None:
        self.deeds = list(deeds)

    def __call__(self, _seconds: float) -> None:
        if not self.deeds:
            raise KeyboardInterrupt
        deed = self.deeds.pop(0)
        if deed:
            deed()


def test_watching_acts_at_once_and_after_each_change_once_it_is_quiet() -> None:
    world = {"a": (1, 1)}
    acted: list[dict[str, tuple[int, int]]] = []

    def change(value: int) -> Any:
        return lambda: world.update(a=(value, value))

    clock = Clock(None, None, change(2), change(3), None, None, None)
    watch(lambda: dict(world), lambda: acted.append(dict(world)), clock)
    assert acted == [{"a": (1, 1)}, {"a": (3, 3)}]


def test_ctrl_c_while_acting_ends_watching() -> None:
    def act() -> None:
        raise KeyboardInterrupt

    watch(dict, act, Clock(None, None))


def test_what_is_watched(run: Any, sample: Path) -> None:
    run("-C", sample, "themes", "new", "maison")
    before = sources_of(Workspace(sample))
    told(run, sample)
    assert sources_of(Workspace(sample)) == before  # not what is printed
    for change in (change_item, change_handout, change_centre, change_theme, change_base):
        change(sample)
        now = sources_of(Workspace(sample))
        assert now != before, change
        before = now


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_watch_prints_again_and_outlives_errors(sample: Path) -> None:
    words = [
        sys.executable,
        "-m",
        "zotsync",
        "-C",
        str(sample),
        "--lang",
        "en",
        "render",
        "--watch",
    ]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True, bufsize=1) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "Waiting for changes" in process.stderr.readline()
        assert "pair-aidance.docx · 16 entries" in process.stdout.readline()
        whole = toml(sample).read_text("utf-8")
        toml(sample).write_text("title = x", "utf-8")
        while "pair-aidance.toml:1" not in (line := process.stderr.readline()):
            assert line, "no error was told"
        toml(sample).write_text(whole, "utf-8")
        time.sleep(2 * PAUSE)
        change_item(sample)
        assert "Nothing has changed" in process.stdout.readline()
        assert "pair-aidance.docx · 16 entries" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
