"""`render`: choices on the command line, what is not written again, what is kept beside, what is new."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from handout.test_themes import edit_part

from zotsync.cli.choice_options import HELP, option_name
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
        (("--indexes", "authors,auteurs"), "auteurs is not known here"),
        (("-o", "x.doc"), "No format is known by the ending .doc"),
        (("-o", "x.html", "--format", "pdf"), "does not end with .pdf"),
        (("-o", "x.docx", "--format", "docx", "--format", "md"), "-o goes with one format"),
        (("-o", "x.docx", "--all"), "-o goes with one handout"),
        (("-o", "-", "--json"), "-o - goes with none"),
        (("--watch", "--json"), "exclude each other"),
        (("--changes-since", "hier"), "neither a day nor a run"),
        (("--changes-since", "31/02/2026"), "neither a day nor a run"),
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
    assert all(Path(d["file"]).exists() for d in made)


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
    assert "zotsync import pair-aidance.docx" in result.stderr
    change_item(sample)
    result = run("-C", sample, "render")
    beside = docx(sample).with_name("pair-aidance (new).docx")
    assert result.stdout.strip() == str(beside)
    assert "edited by hand" in result.stderr
    assert "ce collègue" in words_of(beside)
    assert docx(sample).read_bytes() == b"corrected"
    (made,) = told(run, sample)
    assert (made["status"], made["file"]) == ("beside", str(beside))
    assert made["problems"][0]["file"] == str(docx(sample))
    (made,) = told(run, sample, "--force")
    assert made["status"] == "written"
    assert Path(made["kept"]).read_bytes() == b"corrected"
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
    assert "ce collègue" in words_of(Path(made["file"]))
    owner.unlink()
    (made,) = told(run, sample)
    assert (made["status"], made["file"]) == ("written", str(docx(sample)))
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
