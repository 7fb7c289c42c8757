"""Themes: found, read strictly; whatever is missing is named."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from handout.documents import document
from handout.printed import part, print_items

from zotsync.config import Centre
from zotsync.errors import ThemeError
from zotsync.handout.entry import FALLBACK, OPTIONAL_MARKS, Mark, Role
from zotsync.handout.handoutfile import Handout
from zotsync.handout.render import House, choices_of, rules_of
from zotsync.handout.theming.patterns import extent, numbered, pages, parts
from zotsync.handout.theming.themes import Theme, list_themes, load_theme, templates_folder
from zotsync.handout.writers.html import to_html
from zotsync.handout.writers.word import to_word
from zotsync.zotero.schema import bundled

BOOK = {"itemType": "book", "title": "T", "date": "2020"}


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def edit_part(base: Path, name: str, old: str, new: str) -> None:
    """Change the text of one part of a Word document."""
    source = zipfile.ZipFile(io.BytesIO(base.read_bytes()))
    with zipfile.ZipFile(base, "w") as bundle:
        for info in source.infolist():
            data = source.read(info).decode("utf-8")
            if info.filename == name:
                assert old in data
                data = data.replace(old, new)
            bundle.writestr(info, data)


def problem_with(own_theme: Path, **item: Any) -> str:
    with pytest.raises(ThemeError) as caught:
        print_items(load_theme("own", own_theme.parent), {**BOOK, **item})
    return str(caught.value.problem)


def test_the_bundled_theme_is_listed() -> None:
    (info,) = [theme for theme in list_themes() if theme.name == "classique"]
    assert info.title == "Classique"
    assert info.description
    assert info.folder == templates_folder() / "classique"


def test_a_theme_of_the_workspace_comes_first(own_theme: Path) -> None:
    own_theme.rename(own_theme.with_name("classique"))
    edit(own_theme.with_name("classique") / "theme.toml", '"Classique"', '"À nous"')
    assert load_theme("classique", own_theme.parent).title == "À nous"
    titles = [theme.title for theme in list_themes(own_theme.parent)]
    assert "À nous" in titles
    assert "Classique" not in titles


@pytest.mark.parametrize("name", ["nothing", "", "..", "../classique", "a/b", "C:\\x"])
def test_an_unknown_theme_lists_the_known_ones(name: str) -> None:
    with pytest.raises(ThemeError) as caught:
        load_theme(name)
    assert "classique" in str(caught.value.problem)


def test_missing_files_are_named(own_theme: Path) -> None:
    (own_theme / "base.docx").unlink()
    assert "base.docx" in problem_with(own_theme)
    (own_theme / "theme.toml").unlink()
    assert "theme.toml" in problem_with(own_theme)


@pytest.mark.parametrize(
    "role", [*(r for r in Role if r not in FALLBACK), *(m for m in Mark if m not in OPTIONAL_MARKS)]
)
def test_a_missing_style_is_named(own_theme: Path, role: Role | Mark) -> None:
    old, new = f'<w:name w:val="{role.value}"/>', '<w:name w:val="Other"/>'
    edit_part(own_theme / "base.docx", "word/styles.xml", old, new)
    told = problem_with(own_theme)
    assert role.value in told
    assert "base.docx" in told


def test_a_style_is_found_by_its_name_whatever_its_id(own_theme: Path) -> None:
    base = own_theme / "base.docx"
    edit_part(base, "word/styles.xml", '"EntryTitle"', '"NoticeTitre7"')
    edit_part(base, "word/document.xml", '"EntryTitle"', '"NoticeTitre7"')
    made = print_items(load_theme("own", own_theme.parent), BOOK).data
    assert b'"NoticeTitre7"' in zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml")


def test_a_base_without_a_title_paragraph_says_so(own_theme: Path) -> None:
    edit_part(own_theme / "base.docx", "word/document.xml", '"HandoutTitle"', '"HandoutDate"')
    assert "Handout Title" in problem_with(own_theme)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_a_base_that_is_no_word_document_says_so(own_theme: Path, content: bytes) -> None:
    (own_theme / "base.docx").write_bytes(content)
    assert "base.docx" in problem_with(own_theme)


@pytest.mark.parametrize("writer", [to_word, to_html])
@pytest.mark.parametrize(("where", "value"), [(8, b"\x01\x00"), (10, b"\x7f\x00")])
def test_a_base_packed_with_a_password_or_oddly_says_so(
    own_theme: Path, writer: Callable[..., bytes], where: int, value: bytes
) -> None:
    base = own_theme / "base.docx"
    data = bytearray(base.read_bytes())
    for at in (found.start() for found in re.finditer(b"PK\x01\x02", bytes(data))):
        data[at + where : at + where + 2] = value
    base.write_bytes(data)
    with pytest.raises(ThemeError, match="This is not a Word document that can be used"):
        writer(document(), load_theme("own", own_theme.parent), lambda: None)


def test_what_stands_before_the_title_and_the_page_settings_are_kept(own_theme: Path) -> None:
    base = own_theme / "base.docx"
    cover = "<w:p><w:r><w:t>Couverture</w:t></w:r></w:p>"
    edit_part(base, "word/document.xml", "<w:body>", f"<w:body>{cover}")
    made = print_items(load_theme("own", own_theme.parent), BOOK).data
    body = part(made)[0]
    assert "".join(body[0].itertext()) == "Couverture"
    names = zipfile.ZipFile(io.BytesIO(made)).namelist()
    assert {"word/header1.xml", "word/footer1.xml", "word/settings.xml"} <= set(names)
    xml = zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml")
    assert xml.count(b"<w:sectPr>") == 1
    assert b'<w:pgMar w:top="1134"' in xml
    assert "Titre du document" not in xml.decode()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('webpage = "{{ people|stop }}', 'webpage = "{{ people|stop', "source.webpage"),
        ('webpage = "{{ people|stop }}', 'webpage = "{{ people|nofilter }}', "nofilter"),
        ('webpage = "{{ people|stop }}', 'webpage = "{{ peeple|stop }}', "peeple"),
        ('webpage = "{{ people|stop }}', 'webpage = "{{ 1/0 }}', "division by zero"),
        ('webpage = "{{ people|stop }}', "webpage = \"{{ ''.__class__.mro() }}", "source.webpage"),
        ("[labels]", "[labls]", "Unknown setting: labls"),
        ("capitals = true", 'capitals = "yes"', "capitals"),
        ('"Cote : "', "3", "shelfmark"),
        ("abstracts = true", "abstract = true", "Unknown setting: abstract"),
        ("default = ", "defaut = ", "source.default"),
        ("[labels]", "[labels", "A square bracket is not closed"),
        ('itemTypes = ["webpage"', 'itemType = ["webpage"', "itemTypes"),
    ],
)
def test_what_is_wrong_in_a_theme_is_told_with_file_and_line(
    own_theme: Path, old: str, new: str, words: str
) -> None:
    file = own_theme / "theme.toml"
    edit(file, old, new)
    told = problem_with(own_theme, itemType="webpage")
    assert words in told
    assert f"{file}:" in told


def test_patterns_do_not_leak_from_one_item_to_the_next(own_theme: Path) -> None:
    edit(
        own_theme / "theme.toml",
        'webpage = "',
        'webpage = "{% if date %}{% set x = date %}{% endif %}{{ x }}|',
    )
    pattern = load_theme("own", own_theme.parent).patterns["webpage"]
    dated, titled = defaultdict(str, date="2020"), defaultdict(str, websiteTitle="Site")
    assert [pattern(dated), pattern(titled)] == ["2020| 2020", "| Site"]
    assert pattern(defaultdict(str)) == "", "nothing of the item is in it"


def test_a_theme_may_spell_names_as_typed_and_show_more(own_theme: Path) -> None:
    file = own_theme / "theme.toml"
    edit(file, "capitals = true", "capitals = false")
    edit(file, "thin_space = true", "thin_space = false")
    edit(file, "abstracts = true", "shelfmarks = true")
    theme = load_theme("own", own_theme.parent)
    rules = rules_of(theme, bundled(), House(Centre()), choices_of(Handout(), theme))
    assert (rules.capitals, rules.narrow) == (False, "\u00a0")
    assert rules.choices.shelfmarks
    assert not choices_of(Handout(choices={"shelfmarks": False}), theme).shelfmarks
    assert choices_of(Handout(), theme, {"abstracts": 60}).abstracts == 60


def test_a_choice_of_a_theme_is_read_strictly(own_theme: Path) -> None:
    file = own_theme / "theme.toml"
    edit(file, "abstracts = true", 'sort = "colour"')
    assert "colour" in problem_with(own_theme)
    edit(file, 'sort = "colour"', "qr = 1")
    assert "qr" in problem_with(own_theme)
    edit(file, "qr = 1", "colour = 1")
    assert "colour" in problem_with(own_theme)


def test_every_pattern_of_the_bundled_theme_belongs_to_an_item_type(classique: Theme) -> None:
    assert set(classique.patterns) - {"default"} <= set(bundled().item_types)
    kinds = [name for kind in classique.kinds for name in kind.item_types]
    assert len(kinds) == len(set(kinds))
    assert set(kinds) <= set(bundled().item_types)
    creators = {c for kind in bundled().item_types.values() for c in kind.creator_types}
    assert set(classique.creators) <= creators


def test_filters_leave_out_what_is_empty() -> None:
    assert parts(["", "a", "", "b"]) == "a, b"
    assert [numbered(v) for v in ("", "57", "Hors-série 3", "n°4")] == [
        "",
        "n°57",
        "Hors-série 3",
        "n°4",
    ]
    assert [pages(v) for v in ("", "40", "3-8", "p. 4", "3, 8")] == [
        "",
        "p.40",
        "pp.3-8",
        "p. 4",
        "pp.3, 8",
    ]
    assert [extent(v) for v in ("", "185", "185 p.", "XII-185", "2 vol.")] == [
        "", "185p.", "185p.", "XII-185p.", "2 vol.",
    ]  # fmt: skip


def test_a_theme_takes_what_it_does_not_say_from_another(own_theme: Path) -> None:
    (own_theme / "theme.toml").write_text(
        'from = "classique"\n[labels]\naccess = "À lire sur "\n[choices]\nnumbering = true\n',
        "utf-8",
    )
    own, origin = load_theme("own", own_theme.parent), load_theme("classique")
    assert own.labels == {**origin.labels, "access": "À lire sur "}
    assert (own.kinds, own.creators) == (origin.kinds, origin.creators)
    assert own.choices == {**origin.choices, "numbering": True}
    assert set(own.patterns) == set(origin.patterns)


@pytest.mark.parametrize("name", ["nothing", "../classique", "."])
def test_a_theme_that_is_taken_from_nowhere_says_so(own_theme: Path, name: str) -> None:
    (own_theme / "theme.toml").write_text(f'from = "{name}"\n', "utf-8")
    told = problem_with(own_theme)
    assert f"There is no theme named {name}" in told
    assert "classique" in told


def test_every_bundled_theme_is_told_apart_and_complete() -> None:
    themes = [load_theme(info.name) for info in list_themes()]
    assert {theme.name for theme in themes} == {"classique", "sobre", "colonnes", "rapport"}
    assert len({theme.description for theme in themes}) == len(themes)
    labels = load_theme("classique").labels
    assert all(theme.labels.keys() == labels.keys() for theme in themes)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("{% block x %}{{ title }}{% endblock %}", "T"),
        ("{% set q = 'z' %}{% block x scoped %}{{ title }}{{ q }}{% endblock %}", "Tz"),
        ("{% for n in range(2) %}{{ n }}{{ title }}{% endfor %}", "0T1T"),
        ("{% macro m(a) %}{{ a }}{{ title }}{% endmacro %}{{ m(date) }}", "DT"),
    ],
)
def test_blocks_loops_and_macros_of_a_pattern_see_the_item(
    own_theme: Path, text: str, printed: str
) -> None:
    edit(own_theme / "theme.toml", 'webpage = "', f'webpage = "{text}')
    pattern = load_theme("own", own_theme.parent).patterns["webpage"]
    assert pattern(defaultdict(str, title="T", date="D")).startswith(printed)
