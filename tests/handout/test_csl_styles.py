"""Citation styles: where they are found, and what is said of those that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest
from handout.csl_styles import CITATION, write_style, write_text

from zotsync.errors import StyleError
from zotsync.handout.csl.finding import find_style, zotero_folders
from zotsync.handout.csl.style import read_style

TITLE = '<text variable="title"/>'
BIBLIOGRAPHY = f"<bibliography><layout>{TITLE}</layout></bibliography>"


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """Return the folders of a theme, a workspace and a Zotero client, without any style."""
    found = [tmp_path / name for name in ("theme", "workspace/styles", "Zotero/styles")]
    for folder in found:
        folder.mkdir(parents=True)
    return found


def test_first_folder_has_the_word(folders: list[Path]) -> None:
    for folder in reversed(folders):
        file = write_style(folder, "iso690", TITLE)
        assert find_style("iso690", folders).file == file


@pytest.mark.parametrize(
    "name",
    [
        "maison",
        "http://www.zotero.org/styles/maison",
        "https://www.zotero.org/styles/maison",
        "styles/maison.csl",
        "maison.csl",
    ],
)
def test_id_uri_and_path_lead_to_it(folders: list[Path], name: str) -> None:
    file = write_style(folders[1], "maison", TITLE)
    assert find_style(name, folders).file.resolve() == file
    assert find_style(str(file), []).file == file


def test_style_is_known_by_its_inner_id(folders: list[Path]) -> None:
    file = write_style(folders[1], "maison", TITLE)
    renamed = file.rename(folders[1] / "Copie de maison.csl")
    assert find_style("maison", folders).file == renamed


def test_dependent_style_is_followed(folders: list[Path]) -> None:
    parent = write_style(folders[2] / "hidden", "parent", TITLE)
    write_text(folders[2], "child", "", link="http://www.zotero.org/styles/parent")
    assert find_style("child", folders).file == parent


def test_dependent_style_keeps_its_language(folders: list[Path]) -> None:
    write_style(folders[2], "parent", TITLE, locale="en-US")
    link = "http://www.zotero.org/styles/parent"
    write_text(folders[2], "child", "", link=link, locale="fr-FR")
    assert find_style("child", folders).locale == "fr-FR"


def test_missing_parent_is_named(folders: list[Path]) -> None:
    write_text(folders[1], "child", "", link="http://www.zotero.org/styles/parent")
    with pytest.raises(StyleError, match="child stands on another, parent, which is missing") as e:
        find_style("child", folders)
    assert "Put parent.csl beside it" in e.value.problem.hint


def test_circle_of_styles_ends(folders: list[Path]) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        write_text(folders[1], one, "", link=f"http://www.zotero.org/styles/{other}")
    with pytest.raises(StyleError, match="circle"):
        find_style("a", folders)


def test_unknown_style_names_those_nearby(folders: list[Path]) -> None:
    for name in ("iso690-author-date-fr", "iso690-note-fr", "apa", "vancouver"):
        write_style(folders[2], name, TITLE)
    with pytest.raises(StyleError, match=r"There is no citation style iso-690-auteur-date\.") as e:
        find_style("iso-690-auteur-date", folders)
    assert "iso690-author-date-fr" in e.value.problem.hint
    assert "vancouver" not in e.value.problem.hint
    with pytest.raises(StyleError) as told:
        find_style("ISO-690", folders)
    assert "iso690-author-date-fr, iso690-note-fr. " in told.value.problem.hint
    with pytest.raises(StyleError) as told:
        find_style("xyz", folders)
    assert "apa, iso690-author-date-fr" in told.value.problem.hint


def test_zotero_client_is_asked_where_its_data_is(tmp_path: Path) -> None:
    profile = tmp_path / ".zotero/zotero/abc.default"
    profile.mkdir(parents=True)
    moved = tmp_path / "Données \\ Zotero"
    told = str(moved).replace("\\", "\\\\")
    prefs = f'// x\nuser_pref("extensions.zotero.dataDir", "{told}");\n'
    (profile / "prefs.js").write_text(prefs, encoding="utf-8")
    usual = tmp_path / "Zotero/styles"
    assert zotero_folders(tmp_path, "linux") == (moved / "styles", usual)
    assert zotero_folders(tmp_path, "darwin") == (usual,)


@pytest.mark.parametrize(
    ("system", "profiles"),
    [
        ("win32", "AppData/Roaming/Zotero/Zotero/Profiles"),
        ("darwin", "Library/Application Support/Zotero/Profiles"),
    ],
)
def test_every_system_has_its_profiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, profiles: str
) -> None:
    monkeypatch.delenv("APPDATA")
    profile = tmp_path / profiles / "abc.default"
    profile.mkdir(parents=True)
    (profile / "prefs.js").write_text('user_pref("extensions.zotero.dataDir", "/data");', "utf-8")
    assert zotero_folders(tmp_path, system)[0] == Path("/data/styles")


def test_windows_says_where_its_settings_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = tmp_path / "server/Zotero/Zotero/Profiles/abc.default"
    profile.mkdir(parents=True)
    (profile / "prefs.js").write_text('user_pref("extensions.zotero.dataDir", "/data");', "utf-8")
    monkeypatch.setenv("APPDATA", str(tmp_path / "server"))
    assert zotero_folders(tmp_path / "home", "win32")[0] == Path("/data/styles")


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("bonjour", "no sound XML", 1),
        ("<style>", "This is no citation style", 1),
        ('<a xmlns="http://purl.org/net/xbiblio/csl"/>', "This is no citation style", 1),
        ("<!DOCTYPE style [<!ENTITY a 'b'>]>\n<style/>", "no DOCTYPE", 1),
    ],
)
def test_what_is_no_style_is_refused(tmp_path: Path, text: str, said: str, line: int) -> None:
    file = tmp_path / "x.csl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(StyleError, match=said) as told:
        read_style(file)
    assert (told.value.problem.place.file, told.value.problem.place.line) == (str(file), line)


def test_error_in_a_style_has_its_line(tmp_path: Path) -> None:
    body = f"{CITATION}{BIBLIOGRAPHY}"
    broken = write_text(tmp_path, "a", body.replace("</layout></bib", "</lay></bib"))
    with pytest.raises(StyleError) as told:
        read_style(broken)
    assert told.value.problem.place.line == 8
    macro = write_text(
        tmp_path, "b", body.replace('variable="title"/></layout></bib', 'macro="m"/></layout></bib')
    )
    with pytest.raises(StyleError, match="There is no macro m") as told:
        read_style(macro)
    assert told.value.problem.place.line == 8


def test_style_without_bibliography_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StyleError, match="no bibliography"):
        read_style(write_text(tmp_path, "a", CITATION))


def test_style_that_comes_along_is_found_by_its_id() -> None:
    style = find_style("selection-bibliographique", [])
    assert b"/selection-bibliographique</id>" in style.data
