"""`themes check`: whatever is missing or wrong in a theme is told, all of it at once."""

from __future__ import annotations

import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from handout.test_themes import edit, edit_part

from zotsync.handout.entry import FALLBACK, OPTIONAL_MARKS, Mark, Role
from zotsync.handout.theming.findings import Finding
from zotsync.handout.theming.fonts import font_folders, having
from zotsync.handout.theming.themecheck import check_theme
from zotsync.handout.theming.themes import templates_folder
from zotsync.zotero.schema import bundled

NARROW = "\u202f"


def checked(folder: Path, *fonts: Path) -> list[Finding]:
    return check_theme(folder, bundled(), fonts)


def wrong(folder: Path, *fonts: Path) -> str:
    return "\n".join(str(f.problem) for f in checked(folder, *fonts) if f.is_wrong)


def notes(folder: Path, *fonts: Path) -> str:
    return "\n".join(str(f.problem) for f in checked(folder, *fonts) if not f.is_wrong)


@pytest.mark.parametrize("folder", sorted(f.parent for f in templates_folder().glob("*/base.docx")))
def test_nothing_is_wrong_with_the_bundled_themes(folder: Path) -> None:
    assert wrong(folder) == ""


def test_all_that_is_wrong_is_told_at_once(own_theme: Path) -> None:
    definition = own_theme / "theme.toml"
    edit(definition, 'language = "fr"', 'langage = "fr"')
    edit(definition, "capitals = true", 'capitals = "oui"')
    edit(definition, 'keywords = "Mots', 'keyword = "Mots')
    edit(definition, 'editor = "', 'editeur = "')
    edit(definition, 'blogPost = "', 'blogPoste = "')
    edit(definition, 'film = "{{', 'film = "{{ {%')
    edit(definition, 'tvBroadcast = "', 'tvBroadcast = "{{ titre }}')
    edit(definition, 'case = "', 'case = "{{ 1 + court }}')
    edit(definition, '"webpage", "blogPost"', '"webpage", "blogpost"')
    edit(definition, 'title = "Articles"', 'titre = "Articles"')
    edit_part(own_theme / "base.docx", "word/styles.xml", '"Entry Source"', '"Entry Sauce"')
    told = wrong(own_theme)
    for says in (
        "Unknown setting: langage",
        "capitals must be true or false",
        "Do you mean keywords?",
        "Labels are missing: keywords",
        "Do you mean editor?",
        "Do you mean blogPost?",
        "source.film: In this pattern a bracket",
        "something unknown: titre",
        "source.case: This pattern fails",
        "sections[3]: blogpost is not known here",
        "Unknown setting: titre",
        "Missing styles: Entry Source (Notice Source)",
    ):
        assert says in told, says
    assert len(told.splitlines()) == 12
    assert "theme.toml:" in told


def test_a_theme_without_the_last_resort_says_so_and_is_read_on(own_theme: Path) -> None:
    edit(own_theme / "theme.toml", 'default = """', 'dernier = """')
    told = wrong(own_theme)
    assert "source.default" in told
    assert "dernier is not known here" in told


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("{{ title|stopp }}", "unknown word behind “|”: stopp. Do you mean stop?"),
        ("{{ title|xyzzy }}", "Known are: after, before,"),
        ("{{ titl }}", "something unknown: titl. Do you mean title?"),
        ("{{ [title, date|parts }}", "a bracket, a quote or a comma is missing"),
        ("{{ title|after('.) }}", "a bracket, a quote or a comma is missing"),
        ("{{ title }", "a bracket, a quote or a comma is missing"),
    ],
)
def test_a_mistyped_pattern_is_told_in_words(own_theme: Path, pattern: str, says: str) -> None:
    edit(own_theme / "theme.toml", 'film = "', f'film = "{pattern}" # "')
    assert says in wrong(own_theme)


def test_a_faulty_last_resort_is_not_called_missing(own_theme: Path) -> None:
    edit(own_theme / "theme.toml", 'default = """{{', 'default = """{{ {%')
    assert "source.default: " in wrong(own_theme)
    assert "source: " not in wrong(own_theme)


def test_a_toml_fault_names_its_line(own_theme: Path) -> None:
    edit(own_theme / "theme.toml", 'title = "Classique"', "title = Classique")
    assert "theme.toml:5" in wrong(own_theme)


def test_lines_of_ones_own_are_looked_through_too(own_theme: Path) -> None:
    lines = """
[[lines]]
part = "titel"
[[lines]]
part = "title"
default = "{{ titel }}"
boook = "{{ heading }}"
[[lines]]
part = "source"
thesis = "{{ 1 // (1 if creators else 0) }}"
[[lines]]
part = "abstract"
default = "{{ abstractNote }}"
[[lines]]
style = "Entry Note"
default = "{{ ISBN|before('ISBN ') }}"
"""
    definition = own_theme / "theme.toml"
    definition.write_text(definition.read_text("utf-8") + lines, "utf-8")
    told = wrong(own_theme)
    for says in (
        "lines[0].part: part: titel is not known here",
        "lines[1].default: This pattern asks for something unknown: titel",
        "boook is not known here. Do you mean book?",
        "lines[2].thesis: This pattern",
        "lines[3]: The part abstract takes neither",
    ):
        assert says in told
    assert "lines[4]" not in told


def test_a_pattern_that_prints_nothing_is_noted(own_theme: Path) -> None:
    edit(own_theme / "theme.toml", 'bill = "', 'bill = "" # "')
    assert "source.bill: The pattern prints nothing" in notes(own_theme)
    assert wrong(own_theme) == ""


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Base.docx", "The file is named Base.docx"),
        ("base.docx.docx", "The file is named base.docx.docx"),
        ("base.docm", "save it as base.docx"),
        ("autre.docx", "The file base.docx is missing."),
    ],
)
def test_a_file_of_nearly_the_right_name(own_theme: Path, name: str, says: str) -> None:
    (own_theme / "base.docx").rename(own_theme / "aside")
    (own_theme / "aside").rename(own_theme / name)
    assert says in wrong(own_theme)


def test_both_files_missing_are_both_named(own_theme: Path) -> None:
    (own_theme / "base.docx").unlink()
    (own_theme / "theme.toml").rename(own_theme / "theme.toml.txt")
    told = wrong(own_theme)
    assert "The file base.docx is missing." in told
    assert "theme.toml.txt" in told


def test_a_base_that_is_open_in_word_is_noted(own_theme: Path) -> None:
    (own_theme / "~$base.docx").write_bytes(b"")
    assert "open in Word" in notes(own_theme)


NEEDED = [name for name in (*Role, *Mark) if name not in {*FALLBACK, *OPTIONAL_MARKS}]


@pytest.mark.parametrize("name", NEEDED)
def test_a_missing_style_is_told_with_its_french_name(own_theme: Path, name: Role | Mark) -> None:
    edit_part(own_theme / "base.docx", "word/styles.xml", f'"{name.value}"', '"Other"')
    told = wrong(own_theme)
    assert f"{name.value} (" in told
    assert str(templates_folder() / "classique" / "base.docx") in told


def test_a_style_of_the_wrong_kind(own_theme: Path) -> None:
    old = 'w:type="character" w:customStyle="1" w:styleId="EntryLink"'
    new = old.replace("character", "paragraph")
    edit_part(own_theme / "base.docx", "word/styles.xml", old, new)
    assert "Entry Link is for paragraphs; it must be one for characters" in wrong(own_theme)


def test_no_title_paragraph(own_theme: Path) -> None:
    edit_part(own_theme / "base.docx", "word/document.xml", '"HandoutTitle"', '"HandoutDate"')
    assert "No paragraph has the style Handout Title" in wrong(own_theme)


def with_part(base: Path, name: str, data: bytes) -> None:
    with zipfile.ZipFile(base, "a") as bundle:
        bundle.writestr(name, data)


def _password(base: Path) -> None:
    base.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def _cut(base: Path) -> None:
    base.write_bytes(base.read_bytes()[:3000])


def flip(base: Path, name: str) -> None:
    """Damage the bytes of a part, not the zip's list of parts."""
    raw = bytearray(base.read_bytes())
    with zipfile.ZipFile(base) as bundle:
        start = bundle.getinfo(name).header_offset + 60
    raw[start : start + 20] = bytes(20)
    base.write_bytes(bytes(raw))


def _flipped(base: Path) -> None:
    flip(base, "word/document.xml")


def _flipped_elsewhere(base: Path) -> None:
    flip(base, "docProps/core.xml")


def _macros(base: Path) -> None:
    with_part(base, "word/vbaProject.bin", b"x")


def _libreoffice(base: Path) -> None:
    with_part(base, "mimetype", b"application/vnd.oasis.opendocument.text")


def _template(base: Path) -> None:
    edit_part(base, "[Content_Types].xml", "document.main+xml", "template.main+xml")


def _strict(base: Path) -> None:
    old = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    edit_part(base, "word/document.xml", old, "http://purl.oclc.org/ooxml/wordprocessingml/main")


def _tracked(base: Path) -> None:
    edit_part(base, "word/settings.xml", "<w:zoom", "<w:trackRevisions/><w:zoom")


def _inserted(base: Path) -> None:
    change = '<w:p><w:ins w:id="1" w:author="A"><w:r><w:t>x</w:t></w:r></w:ins></w:p>'
    edit_part(base, "word/header1.xml", "</w:hdr>", f"{change}</w:hdr>")


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (_password, "password"),
        (_cut, "damaged"),
        (_flipped, "damaged"),
        (_flipped_elsewhere, "damaged"),
        (_macros, "macros"),
        (_libreoffice, "LibreOffice"),
        (_template, ".dotx"),
        (_strict, "Strict Open XML"),
        (_tracked, "Changes are tracked"),
        (_inserted, "Changes are tracked"),
    ],
)
def test_a_base_that_cannot_be_used(
    own_theme: Path, damage: Callable[[Path], None], says: str
) -> None:
    damage(own_theme / "base.docx")
    assert says in wrong(own_theme)


def test_changes_tracked_in_what_handouts_do_not_keep_are_nobody_s_business(
    own_theme: Path,
) -> None:
    change = '<w:p><w:ins w:id="1" w:author="A"><w:r><w:t>x</w:t></w:r></w:ins></w:p><w:sectPr'
    edit_part(own_theme / "base.docx", "word/document.xml", "<w:sectPr", change)
    assert wrong(own_theme) == ""


def test_a_protected_base_is_noted(own_theme: Path) -> None:
    protection = '<w:documentProtection w:edit="readOnly" w:enforcement="1"/><w:defaultTabStop'
    edit_part(own_theme / "base.docx", "word/settings.xml", "<w:defaultTabStop", protection)
    assert "protected" in notes(own_theme)


# Fonts


def font(folder: Path, family: str, *signs: str) -> None:
    """Write a font file with nothing in it but its name and a character map."""
    codes = [*sorted(map(ord, signs)), 0xFFFF]
    count = len(codes)
    words = [*codes, 0, *codes, *[1] * count, *[0] * count]
    table = struct.pack(f">7H{len(words)}H", 4, 14 + 2 * len(words), 0, 2 * count, 0, 0, 0, *words)
    cmap = struct.pack(">HHHHI", 0, 1, 3, 1, 12) + table
    raw = family.encode("utf-16-be")
    name = struct.pack(">HHH6H", 0, 1, 18, 3, 1, 0x409, 1, len(raw), 0) + raw
    head = b"\x00\x01\x00\x00" + struct.pack(">4H", 2, 0, 0, 0)
    start = len(head) + 32
    rows = struct.pack(">4sIII", b"cmap", 0, start, len(cmap))
    rows += struct.pack(">4sIII", b"name", 0, start + len(cmap), len(name))
    folder.mkdir(exist_ok=True)
    (folder / f"{family}.ttf").write_bytes(head + rows + cmap + name)


def test_a_font_without_the_thin_space_is_told(own_theme: Path, tmp_path: Path) -> None:
    font(tmp_path / "fonts", "Calibri", "a", "b")
    told = wrong(own_theme, tmp_path / "fonts")
    assert "The font Calibri has no thin no-break space (U+202F)" in told
    assert "Entry Title" in told
    assert "thin_space = false" in told
    edit(own_theme / "theme.toml", "thin_space = true", "thin_space = false")
    assert wrong(own_theme, tmp_path / "fonts") == ""


def test_a_font_with_the_thin_space_is_well(own_theme: Path, tmp_path: Path) -> None:
    font(tmp_path / "fonts", "Calibri", "a", NARROW)
    assert checked(own_theme, tmp_path / "fonts") == []


def test_of_a_font_that_is_not_here_nothing_is_known(own_theme: Path) -> None:
    assert "not on this computer" in notes(own_theme)
    assert "Calibri" in notes(own_theme)


def test_a_rare_font_is_noted_unless_it_is_embedded(own_theme: Path, tmp_path: Path) -> None:
    font(tmp_path / "fonts", "Maison Sans", "a", NARROW)
    base = own_theme / "base.docx"
    for part in ("word/styles.xml", "word/fontTable.xml"):
        edit_part(base, part, '"Calibri"', '"Maison Sans"')
    assert "Maison Sans is not on every computer" in notes(own_theme, tmp_path / "fonts")
    edit_part(base, "word/fontTable.xml", "</w:font>", '<w:embedRegular r:id="rId1"/></w:font>')
    assert "Maison Sans" not in notes(own_theme, tmp_path / "fonts")


def test_files_that_are_no_fonts_are_passed_over(tmp_path: Path) -> None:
    font(tmp_path, "Vraie", NARROW)
    whole = (tmp_path / "Vraie.ttf").read_bytes()
    for length in range(0, len(whole), 7):
        (tmp_path / f"cut{length}.ttf").write_bytes(whole[:length])
    (tmp_path / "text.otf").write_bytes(b"OTTO, said the cat")
    assert having(NARROW, ["Vraie", "Fausse"], [tmp_path]) == {"Vraie": True}


@pytest.mark.parametrize("platform", ["win32", "darwin", "linux"])
def test_every_system_has_folders_for_fonts(platform: str) -> None:
    folders = font_folders(platform, {"HOME": "/home/x", "WINDIR": "C:/Windows"})
    assert len(folders) >= 2


def test_the_fonts_of_this_machine_can_be_read() -> None:
    folder = Path("/usr/share/fonts/truetype/crosextra")
    if not (folder / "Carlito-Regular.ttf").exists():
        pytest.skip("needs the fonts Carlito and Caladea")
    measured = having(NARROW, ["Carlito", "Caladea"], [folder])
    assert measured == {"Carlito": True, "Caladea": False}


def test_a_copy_of_a_theme_is_checked_like_any_other(own_theme: Path) -> None:
    copy = own_theme.with_name("autre")
    shutil.copytree(own_theme, copy)
    assert wrong(copy) == ""
