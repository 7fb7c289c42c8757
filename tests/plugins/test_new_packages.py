"""`zotsync plugins new` writes packages that work, whose tests pass as soon as they are installed."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from environments import Environment

from zotsync import i18n
from zotsync.cli.main import cli
from zotsync.i18n import _
from zotsync.plugins.plugin import KINDS

FILES = {
    "README.md",
    "pyproject.toml",
    "src/zotsync_maison/__init__.py",
    "tests/test_zotsync_maison.py",
}
THEME_FILES = {f"src/zotsync_maison/themes/maison/{name}" for name in ("base.docx", "theme.toml")}


def new(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["-C", str(folder), "plugins", "new", *words])


def files(folder: Path) -> set[str]:
    return {f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file()}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Return an environment with a package of each kind installed, in French and in English."""
    made = Environment(tmp_path_factory.mktemp("été"))
    for kind in KINDS:
        for spoken in ("en", "fr"):
            done = new(made.outside, f"zotsync-{kind}-{spoken}", "--kind", kind, "--lang", spoken)
            assert done.exit_code == 0, done.output
    made.install(*made.outside.glob("zotsync-*-??"))
    return made


@pytest.mark.parametrize("spoken", ["en", "fr"])
@pytest.mark.parametrize("kind", KINDS)
def test_its_tests_pass_as_soon_as_it_is_installed(
    environment: Environment, kind: str, spoken: str
) -> None:
    folder = environment.outside / f"zotsync-{kind}-{spoken}"
    told = environment.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", where=folder)
    assert " passed" in told
    assert "fail" not in told


def test_zotsync_lists_and_uses_what_was_made(environment: Environment, tmp_path: Path) -> None:
    lines = environment.zotsync("plugins").splitlines()
    ours = [line.split("\t") for line in lines if "zotsync-" in line]
    assert len(ours) == 2 * len(KINDS)
    assert all("0.1.0" in row[3] for row in ours)
    environment.zotsync("init", tmp_path, "--group", "1", "--no-sync")
    here = ("-C", tmp_path, "--lang", "en")
    (tmp_path / "a.txt").write_text("# importer-en\nZola, Émile | L’œuvre | 1886\n", "utf-8")
    environment.zotsync(*here, "import", "a.txt", "--yes")
    assert (
        environment.zotsync(*here, "export", "--format", "exporter-fr") == "Zola. L’œuvre. 1886\n"
    )
    environment.zotsync(*here, "handout", "new", "livres")
    environment.zotsync(*here, "render", "--theme", "theme-fr", "--format", "txt")
    assert "ZOLA" in (tmp_path / "handouts" / "livres.txt").read_text("utf-8")
    environment.zotsync(*here, "check", "--only", "check-en")


@pytest.mark.parametrize("kind", KINDS)
def test_it_has_few_files_and_nothing_is_left_aside(tmp_path: Path, kind: str) -> None:
    done = new(tmp_path, "zotsync-maison", "--kind", kind)
    assert done.exit_code == 0, done.output
    assert [one.name for one in tmp_path.iterdir()] == ["zotsync-maison"]
    expected = FILES | THEME_FILES if kind == "theme" else FILES
    assert files(tmp_path / "zotsync-maison") == expected


@pytest.mark.parametrize("spoken", ["en", "fr"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_place_is_filled_in(tmp_path: Path, kind: str, spoken: str) -> None:
    new(tmp_path, "maison", "--kind", kind, "--lang", spoken)
    for name in files(tmp_path / "maison"):
        if name.endswith((".py", ".md", "pyproject.toml")):
            text = (tmp_path / "maison" / name).read_text("utf-8")
            assert "$" not in text
            if name.endswith(".py"):
                ast.parse(text)
    with (tmp_path / "maison" / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    assert list(project["entry-points"][f"zotsync.{kind}s"]) == ["maison"]


def test_it_speaks_the_language_of_whoever_asks(tmp_path: Path) -> None:
    new(tmp_path, "maison", "--kind", "exporter", "--lang", "fr")
    i18n.install("fr")
    assert _("To change") in (tmp_path / "maison" / "README.md").read_text("utf-8")
    module = (tmp_path / "maison" / "src" / "maison" / "__init__.py").read_text("utf-8")
    assert _("Return the whole file. Nothing else is read or written.") in module


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        ".",
        "..",
        "a/b",
        "a\\b",
        "Maison",
        "maïson",
        "1a",
        "a--b",
        "-a",
        "a-",
        "a.b",
        "con",
        "zotsync-aux",
        "nul",
        "class",
        "json",
        "zotsync",
        "pytest",
        "a" * 61,
    ],
)
def test_a_name_that_python_or_windows_minds_is_refused(tmp_path: Path, name: str) -> None:
    done = new(tmp_path, "--kind", "exporter", "--", name)
    assert done.exit_code == 2
    assert name.strip() in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "kind"),
    [("zotsync-ris", "exporter"), ("zotsync-sobre", "theme"), ("zotsync-isbn", "check")],
)
def test_a_name_that_is_taken_is_refused(tmp_path: Path, name: str, kind: str) -> None:
    done = new(tmp_path, name, "--kind", kind)
    assert done.exit_code == 2
    assert "already, in zotsync" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("there", ["maison", "MAISON"])
def test_what_is_there_is_never_written_over(tmp_path: Path, there: str) -> None:
    (tmp_path / there).mkdir()
    (tmp_path / there / "mine.txt").write_text("mine")
    done = new(tmp_path, "maison", "--kind", "exporter")
    assert done.exit_code == 1
    assert "already" in done.stderr
    assert files(tmp_path) == {f"{there}/mine.txt"}


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = new(tmp_path / "nowhere", "maison", "--kind", "exporter")
    assert done.exit_code == 1
    assert "No such file" in done.stderr
