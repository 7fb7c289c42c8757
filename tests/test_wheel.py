"""What people install holds everything, and works away from the checkout."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest
from environments import CHECKOUT, Environment

import zotsync


def files_of_the_checkout() -> set[str]:
    """Return what a wheel must hold: the package, and the templates inside it."""
    found = set()
    for top, prefix in (("zotsync", ""), ("templates", "zotsync/")):
        for path in (CHECKOUT / top).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                found.add(prefix + path.relative_to(CHECKOUT).as_posix())
    return found


def build(what: str, source: Path, out: Path) -> Path:
    """Build an sdist or a wheel from `source` into `out`, without a network."""
    command = [sys.executable, "-m", "build", "--no-isolation", f"--{what}"]
    ran = subprocess.run(
        [*command, "--outdir", str(out), str(source)],
        check=False,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (made,) = out.iterdir()
    return made


@pytest.fixture(scope="session")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("sdist", CHECKOUT, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", CHECKOUT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def wheel_from_sdist(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(unpacked)  # noqa: S202 - our own; Python 3.11.2 has no `filter`
    (source,) = unpacked.iterdir()
    return build("wheel", source, tmp_path_factory.mktemp("wheel-from-sdist"))


@pytest.fixture(scope="session")
def installation(wheel_from_sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    made = Environment(tmp_path_factory.mktemp("été là"), checkout=False)
    made.install(wheel_from_sdist)
    return made


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_a_wheel_holds_the_package_and_the_templates_and_nothing_else(wheel: Path) -> None:
    inside = {name for name in names(wheel) if ".dist-info/" not in name}
    assert inside == files_of_the_checkout()


@pytest.mark.parametrize(
    "name",
    [
        "zotsync/locale/fr/LC_MESSAGES/zotsync.mo",
        "zotsync/templates/classique/base.docx",
        "zotsync/templates/classique/theme.toml",
        "zotsync/zotero/schema_facts.json",
    ],
)
def test_a_wheel_holds_what_is_read_at_run_time(wheel: Path, name: str) -> None:
    assert name in names(wheel)


def test_a_wheel_holds_the_sample_data(wheel: Path) -> None:
    assert any(n.startswith("zotsync/sandbox/") and n.endswith(".toml") for n in names(wheel))


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_from_the_sdist_is_the_wheel(wheel: Path, wheel_from_sdist: Path) -> None:
    here, there = contents(wheel), contents(wheel_from_sdist)
    assert there.keys() == here.keys()
    assert [name for name, data in here.items() if there[name] != data] == []


def test_a_wheel_says_what_it_is(wheel: Path) -> None:
    (name,) = [name for name in names(wheel) if name.endswith(".dist-info/METADATA")]
    told = message_from_bytes(contents(wheel)[name])
    assert told["Name"] == "zotsync"
    assert told["Version"] == zotsync.__version__
    assert told["License-Expression"] == "MIT"
    assert told["Requires-Python"] == ">=3.11"
    assert told["Summary"]
    assert told["Author"]
    assert told["Description-Content-Type"] == "text/markdown"
    classifiers = told.get_all("Classifier") or []
    assert "Natural Language :: French" in classifiers
    assert sum("Python :: 3.1" in each for each in classifiers) >= 4


def test_an_sdist_holds_what_developers_need(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "Makefile",
        "LICENSE",
        "README.md",
        "config.example.toml",
        "config.example.fr.toml",
        "tests/conftest.py",
    } <= inside
    assert not any("__pycache__" in name or name.startswith(".venv") for name in inside)


def test_the_licence_goes_along(wheel: Path) -> None:
    assert any(name.endswith("/licenses/LICENSE") for name in names(wheel))


def test_the_installed_command_says_its_version(installation: Environment) -> None:
    assert installation.run("zotsync", "--version") == f"zotsync {zotsync.__version__}\n"


def test_the_installed_package_is_not_the_checkout(installation: Environment) -> None:
    program = "import json, zotsync; print(json.dumps(zotsync.__file__))"
    where = Path(json.loads(installation.run("python", "-c", program)))
    assert where.is_relative_to(installation.folder)


def test_the_installed_command_finds_its_themes(installation: Environment) -> None:
    assert "classique" in installation.run("zotsync", "themes")


def test_the_installed_command_speaks_french(installation: Environment) -> None:
    assert "Utilisation" in installation.run("zotsync", "--lang", "fr", "--help")


def test_the_installed_demo_ends_with_a_document(installation: Environment) -> None:
    installation.run("zotsync", "demo")
    document = installation.outside / "zotsync-demo" / "handouts" / "pair-aidance.docx"
    assert document.stat().st_size > 0


@pytest.fixture(scope="session")
def bibliography(installation: Environment) -> tuple[str, ...]:
    """Return how the installed command is told to work on a demo of its own."""
    folder = installation.outside / "démo à part"
    installation.run("zotsync", "demo", str(folder))
    return ("zotsync", "-C", str(folder), "--lang", "fr")


@pytest.mark.parametrize("form", ["docx", "odt", "html", "md", "txt"])
def test_the_installed_command_prints_with_every_theme(
    installation: Environment, bibliography: tuple[str, ...], form: str
) -> None:
    for theme in installation.run("zotsync", "--json", "themes").split('"name": "')[1:]:
        name = theme.partition('"')[0]
        file = installation.outside / f"{name}.{form}"
        installation.run(*bibliography, "render", "--theme", name, "-o", str(file))
        assert file.stat().st_size > 1000


def test_the_installed_command_writes_every_format_that_is_built_in(
    installation: Environment, bibliography: tuple[str, ...]
) -> None:
    for form in sorted(builtin("exporters")):
        assert "travailleur pair" in installation.run(*bibliography, "export", "--format", form)


def builtin(group: str) -> list[str]:
    """Return the names that pyproject.toml gives to the plugins of a group that are built in."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return list(project["entry-points"][f"zotsync.{group}"])


def test_the_installed_command_reads_what_it_wrote_and_finds_nothing_new(
    installation: Environment, bibliography: tuple[str, ...]
) -> None:
    file = str(installation.outside / "tout.ris")
    installation.run(*bibliography, "export", "-o", file)
    assert "déjà ici" in installation.run(*bibliography, "import", file, "--dry-run")


def test_the_installed_command_has_its_messages_in_french(
    installation: Environment, bibliography: tuple[str, ...]
) -> None:
    assert "maison" in installation.run(*bibliography, "themes", "new", "maison")
    assert "Écrire sans couleurs." in installation.run(*bibliography, "--help")
    installation.run(*bibliography, "themes", "check", "maison")


def test_an_sdist_holds_no_stray_file(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=CHECKOUT, check=False, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("this is no checkout of git")
    assert inside - {"PKG-INFO"} <= {unquoted(name) for name in listed.stdout.splitlines()}


def unquoted(name: str) -> str:
    """Return a name as it is: git writes those with letters beyond ASCII in quotes, as bytes."""
    if not name.startswith('"'):
        return name
    return name[1:-1].encode().decode("unicode_escape").encode("latin-1").decode("utf-8")


def test_the_editable_install_reads_the_checkouts_templates() -> None:
    from zotsync.handout.theming import themes  # noqa: PLC0415 - only here

    assert themes.templates_folder() == CHECKOUT / "templates"
