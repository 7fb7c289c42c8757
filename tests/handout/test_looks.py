"""How a base.docx wants things to look, as Word resolves it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from zotsync.errors import ThemeError
from zotsync.handout.entry import FALLBACK, OPTIONAL_MARKS, Mark, Role
from zotsync.handout.theming.themes import templates_folder
from zotsync.handout.writers.looks import Border, Letters, Look, Looks, Page, Tab, looks_of
from zotsync.handout.writers.ooxml import NAMESPACE

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_FONTS = """<a:majorFont><a:latin typeface="Big"/></a:majorFont>
    <a:minorFont><a:latin typeface="Small"/></a:minorFont>"""


def style(name: str, inside: str = "", kind: str = "paragraph", based_on: str = "") -> str:
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    style_id = name.replace(" ", "")
    return f"""<w:style w:type="{kind}" w:styleId="{style_id}">
        <w:name w:val="{name}"/>{base}{inside}</w:style>"""


def looks(folder: Path, *styles: str, defaults: str = "", body: str = "", theme: str = "") -> Looks:
    """Return what is read of a base.docx with these styles; every other one has nothing to say."""
    given = "".join(styles)
    rest = [style(role.value) for role in Role if role not in FALLBACK]
    rest += [style(mark.value, kind="character") for mark in Mark if mark not in OPTIONAL_MARKS]
    rest = [one for one in rest if one.split('styleId="')[1].split('"')[0] not in given]
    parts = {
        "word/styles.xml": f"<w:styles {{}}>{defaults}{given}{''.join(rest)}</w:styles>",
        "word/document.xml": f"<w:document {{}}><w:body>{body}</w:body></w:document>",
    }
    if theme:
        parts["word/theme/theme1.xml"] = f'<a:theme xmlns:a="{_DRAWING}">{theme}</a:theme>'
    with zipfile.ZipFile(folder / "base.docx", "w") as bundle:
        for name, text in parts.items():
            bundle.writestr(name, text.replace("{}", f'xmlns:w="{NAMESPACE}"'))
    return looks_of(folder / "base.docx")


def author(folder: Path, inside: str, **parts: str) -> Look:
    return looks(folder, style("Entry Author", inside), **parts).roles[Role.AUTHOR]


def test_a_style_adds_to_what_it_is_based_on_and_to_the_defaults(tmp_path: Path) -> None:
    found = looks(
        tmp_path,
        style("Far", '<w:rPr><w:b/><w:color w:val="112233"/></w:rPr>'),
        style("Near", '<w:pPr><w:spacing w:before="40"/></w:pPr>', based_on="Far"),
        style(
            "Entry Author",
            '<w:pPr><w:spacing w:after="60"/></w:pPr><w:rPr><w:b w:val="0"/></w:rPr>',
            based_on="Near",
        ),
        defaults="""<w:docDefaults><w:rPrDefault><w:rPr>
            <w:rFonts w:ascii="Calibri"/><w:sz w:val="23"/></w:rPr></w:rPrDefault>
            <w:pPrDefault><w:pPr><w:jc w:val="both"/></w:pPr></w:pPrDefault></w:docDefaults>""",
    ).roles[Role.AUTHOR]
    assert (found.before, found.after, found.align, found.size) == (2, 3, "justify", 11.5)
    assert found.letters == Letters(font="Calibri", size=11.5, bold=False, color="112233")


def test_a_circle_of_styles_ends(tmp_path: Path) -> None:
    one = style("Entry Author", "<w:rPr><w:i/></w:rPr>", based_on="EntryTitle")
    other = style("Entry Title", "<w:rPr><w:b/></w:rPr>", based_on="EntryAuthor")
    found = looks(tmp_path, one, other).roles[Role.AUTHOR].letters
    assert (found.bold, found.italic) == (True, True)


def test_a_role_without_a_style_takes_that_of_its_stand_in(tmp_path: Path) -> None:
    found = looks(tmp_path, style("Section Heading", "<w:rPr><w:b/></w:rPr>"))
    assert found.roles[Role.CONTENTS_HEADING].letters.bold
    own = style("Contents Heading", '<w:rPr><w:sz w:val="40"/></w:rPr>')
    assert looks(tmp_path, own).roles[Role.CONTENTS_HEADING].letters == Letters(size=20)


def test_a_role_is_also_found_by_an_alias_of_its_style(tmp_path: Path) -> None:
    alias = '<w:aliases w:val="Auteur,Entry Author"/><w:rPr><w:b/></w:rPr>'
    assert looks(tmp_path, style("Notice", alias)).roles[Role.AUTHOR].letters.bold is None
    renamed = style("Notice", alias).replace("Entry Author", "Contents Entry")
    assert looks(tmp_path, renamed).roles[Role.CONTENTS].letters.bold


def test_marks_say_only_what_they_change(tmp_path: Path) -> None:
    link = '<w:rPr><w:u w:val="single"/><w:shd w:val="clear" w:fill="ffee00"/></w:rPr>'
    found = looks(tmp_path, style("Entry Link", link, "character"))
    assert found.marks[Mark.LINK] == Letters(underline=True, background="FFEE00")
    assert found.marks[Mark.NUMBER] == Letters()


@pytest.mark.parametrize("value", ["auto", "", "12345", "GGGGGG", "112233}body{"])
def test_what_is_no_colour_is_left_to_the_reader(tmp_path: Path, value: str) -> None:
    assert not author(tmp_path, f'<w:rPr><w:color w:val="{value}"/></w:rPr>').letters.color


def test_fonts_of_the_theme_go_before_those_named_beside_them(tmp_path: Path) -> None:
    inside = '<w:rPr><w:rFonts w:asciiTheme="majorHAnsi" w:ascii="Old"/></w:rPr>'
    assert author(tmp_path, inside, theme=_FONTS).letters.font == "Big"
    assert author(tmp_path, inside).letters.font == "Old"
    smaller = inside.replace("major", "minor")
    assert author(tmp_path, smaller, theme=_FONTS).letters.font == "Small"


@pytest.mark.parametrize(
    ("spacing", "line", "rule"),
    [
        ('w:line="276"', 1.15, "multiple"),
        ('w:line="280" w:lineRule="exact"', 14, "exact"),
        ('w:line="240" w:lineRule="atLeast"', 12, "least"),
        ('w:lineRule="auto"', 1, "multiple"),
    ],
)
def test_lines_are_so_high(tmp_path: Path, spacing: str, line: float, rule: str) -> None:
    found = author(tmp_path, f"<w:pPr><w:spacing {spacing}/></w:pPr>")
    assert found.line == pytest.approx(line)
    assert found.line_rule == rule


def test_indents_hang_or_stand_in(tmp_path: Path) -> None:
    found = author(tmp_path, '<w:pPr><w:ind w:start="400" w:right="20" w:hanging="200"/></w:pPr>')
    assert (found.left, found.right, found.first) == (20, 1, -10)


def test_frames_are_read_side_by_side(tmp_path: Path) -> None:
    line = '<w:{} w:val="{}" w:sz="12" w:space="9" w:color="a9c4cb"/>'
    frame = f"<w:pPr><w:pBdr>{line.format('top', 'single')}{line.format('left', 'double')}"
    found = looks(
        tmp_path,
        style("Far", f"{frame}</w:pBdr></w:pPr>"),
        style(
            "Entry Author", '<w:pPr><w:pBdr><w:top w:val="nil"/></w:pBdr></w:pPr>', based_on="Far"
        ),
    ).roles[Role.AUTHOR]
    assert found.borders == {"left": Border("double", 1.5, "A9C4CB", 9)}


def test_paragraphs_alike_share_a_frame() -> None:
    framed = Look(background="112233")
    assert framed.same_frame(Look(background="112233", before=4))
    assert not framed.same_frame(Look(background="112233", left=4))
    assert not Look().same_frame(Look())


def test_tabs_are_added_and_cleared(tmp_path: Path) -> None:
    tab = '<w:pPr><w:tabs><w:tab w:val="{}" w:pos="{}" w:leader="dot"/>{}</w:tabs></w:pPr>'
    cleared = '<w:tab w:val="clear" w:pos="200"/>'
    found = looks(
        tmp_path,
        style("Far", tab.format("start", "200", "")),
        style("Entry Author", tab.format("right", "9000", cleared), based_on="Far"),
    )
    assert found.roles[Role.AUTHOR].tabs == (Tab(450, "right", "dot"),)


def test_the_page_is_the_last_sections(tmp_path: Path) -> None:
    body = """<w:sectPr><w:pgSz w:w="11900" w:h="16840"/>
        <w:pgMar w:top="-1000" w:right="800" w:bottom="1200" w:left="600"/>
        <w:cols w:num="2" w:space="400" w:sep="1"/></w:sectPr>"""
    assert looks(tmp_path, body=body).page == Page(595, 842, 50, 40, 60, 30, 2, 20, separator=True)
    assert looks(tmp_path).page == Page()


def test_a_missing_style_is_named(tmp_path: Path) -> None:
    looks(tmp_path)
    with zipfile.ZipFile(tmp_path / "base.docx") as bundle:
        parts = {name: bundle.read(name) for name in bundle.namelist()}
    with zipfile.ZipFile(tmp_path / "base.docx", "w") as bundle:
        for name, data in parts.items():
            bundle.writestr(name, data.replace(b'w:val="Entry Title"', b'w:val="Else"'))
    with pytest.raises(ThemeError, match=r"Missing styles: Entry Title\."):
        looks_of(tmp_path / "base.docx")


@pytest.mark.parametrize("data", [None, b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_word_document_is_refused_in_plain_words(
    tmp_path: Path, data: bytes | None
) -> None:
    if data is not None:
        (tmp_path / "base.docx").write_bytes(data)
    with pytest.raises(ThemeError, match="This is not a Word document that can be used: "):
        looks_of(tmp_path / "base.docx")


def test_classique_is_read_whole() -> None:
    found = looks_of(templates_folder() / "classique" / "base.docx")
    title = found.roles[Role.TITLE]
    assert (title.size, title.letters.color, title.background) == (29, "FFFFFF", "17495A")
    assert title.same_frame(found.roles[Role.SUBTITLE])
    assert found.roles[Role.SECTION].outline == 1
    assert found.roles[Role.ABSTRACT].borders["left"].color == "A9C4CB"
    assert found.page.columns == 1
