"""The example is installed as anybody would, passes its own tests, and is used through zotsync."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pymarc
import pytest
from environments import CHECKOUT, Environment

from zotsync.config import new_config_text
from zotsync.sandbox.demo import SAMPLE

EXAMPLE = CHECKOUT / "examples" / "zotsync-unimarc"
ARTICLE = "Le travailleur pair"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    made = Environment(tmp_path_factory.mktemp("environment"))
    made.install(EXAMPLE)
    return made


@pytest.fixture
def fonds(tmp_path: Path) -> Path:
    """Give a workspace with the sample's files, never synced."""
    folder = tmp_path / "fonds"
    shutil.copytree(SAMPLE / "bibliography", folder / "bibliography")
    (folder / "zotsync.toml").write_text(new_config_text(1), encoding="utf-8")
    return folder


def test_its_own_tests_pass(environment: Environment) -> None:
    told = environment.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", where=EXAMPLE)
    assert " passed" in told


def test_zotsync_lists_its_formats(environment: Environment) -> None:
    rows = [line.split("\t") for line in environment.zotsync("plugins").splitlines()]
    names = [row[1] for row in rows if row[3] == "zotsync-unimarc 0.1.0"]
    assert names == ["unimarc", "unimarc-nsb", "unimarc-pmb"]


def test_the_sample_is_exported_and_read_back(environment: Environment, fonds: Path) -> None:
    environment.zotsync("-C", fonds, "export", "--format", "unimarc-pmb", "-o", "fonds.mrc")
    data = (fonds / "fonds.mrc").read_bytes()
    records = [r for r in pymarc.MARCReader(io.BytesIO(data), force_utf8=True) if r is not None]
    assert len(records) == len(list((fonds / "bibliography" / "items").glob("*.toml")))
    (article,) = [r for r in records if r["200"]["a"].startswith(ARTICLE)]
    assert article["461"]["t"] == "Actualités sociales hebdomadaires"
    assert article["463"].get_subfields("v", "d") == ["n° 3145", "2020-01-31"]
    assert article["700"].get_subfields("a", "b", "4") == ["Adenot", "Vincent", "070"]
    assert article["330"]["a"].startswith("Si les politiques publiques promeuvent")


def test_nothing_is_left_in_its_folder(environment: Environment) -> None:
    assert environment.folder.is_dir()
    inside = {one.name for one in EXAMPLE.iterdir()} - {"__pycache__"}
    assert inside == {"README.md", "README.fr.md", "pyproject.toml", "src", "tests"}
