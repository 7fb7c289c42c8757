"""An .odt is read as a .docx is: tables, lists, headings, looks, page heads and feet."""

from __future__ import annotations

import io
import zipfile

from zotsync.oldhandouts.blocks import Pages
from zotsync.oldhandouts.opening import read_old_handout
from zotsync.oldhandouts.reading import read_bibliography

_SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"),
        ("fo", "xsl-fo-compatible"), ("draw", "drawing"),
    )
)  # fmt: skip
_LOOKS = """
<style:default-style style:family="paragraph">
<style:text-properties fo:font-size="11pt"/></style:default-style>
<style:style style:name="Standard" style:family="paragraph"/>
<style:style style:name="Text_20_body" style:family="paragraph" style:parent-style-name="Standard">
<style:paragraph-properties fo:margin-top="0.2cm" fo:margin-left="1cm"/></style:style>
"""
_FRAME = """
<office:master-styles><style:master-page style:name="Standard"><style:header><text:p>Centre de doc</text:p>
</style:header><style:footer><text:p>Page <text:page-number>1</text:page-number></text:p></style:footer>
</style:master-page></office:master-styles>
"""


def opened(body: str, automatic: str = "") -> Pages:
    """Return what an .odt with this text holds."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr(
            "styles.xml",
            f"<office:document-styles {_SPACES}><office:styles>{_LOOKS}</office:styles>{_FRAME}"
            "</office:document-styles>",
        )
        package.writestr(
            "content.xml",
            f"<office:document-content {_SPACES}><office:automatic-styles>{automatic}"
            f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
        )
    return read_old_handout(data.getvalue(), "old.odt")


def row(*cells: str) -> str:
    """Return a row of a table."""
    made = (f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells)
    return f"<table:table-row>{''.join(made)}</table:table-row>"


def test_a_table_is_read_row_by_row() -> None:
    heading = (
        f"<table:table-header-rows>{row('Cote', 'Référence', 'Résumé')}</table:table-header-rows>"
    )
    first = row(
        "362.4 GAR", "GARDOU Charles. La société. Toulouse : Érès, 2012. 170 p.", "Une notion."
    )
    second = row("616.8 MAL", "MALEVAL Jean. L'autiste. Paris : Seuil, 2009. 320 p.", "")
    pages = opened(
        f"<text:p>Nouveautés</text:p><table:table>{heading}{first}{second}</table:table>"
    )
    one, two = (entry.item() for entry in read_bibliography(pages).entries)
    assert (one["callNumber"], one["title"]) == ("362.4 GAR", "La société")
    assert one["abstractNote"] == "Une notion."
    assert (two["callNumber"], two["publisher"]) == ("616.8 MAL", "Seuil")
    assert {"Cote", "Référence", "Résumé"} <= set(pages.dropped)


def test_a_form_is_one_work() -> None:
    rows = (("Titre", "La laïcité"), ("Auteur", "Jean Baubérot"), ("Éditeur", "La Découverte"))
    made = "".join(row(*cells) for cells in rows)
    (entry,) = read_bibliography(opened(f"<table:table>{made}</table:table>")).entries
    assert (entry.value("title"), entry.value("publisher")) == ("La laïcité", "La Découverte")


def test_page_heads_and_feet_stand_aside_once() -> None:
    pages = opened("<text:p>MARTIN Paul. Vivre. Paris : Dunod, 2018. 240 p.</text:p>")
    assert pages.dropped == ("Centre de doc", "Page 1")
    assert [block.text for block in pages.blocks] == [
        "MARTIN Paul. Vivre. Paris : Dunod, 2018. 240 p."
    ]


def test_contents_notes_and_comments_stand_aside() -> None:
    pages = opened(
        "<text:table-of-content><text:index-body><text:p>Ouvrages 3</text:p></text:index-body>"
        "</text:table-of-content>"
        "<text:p>Vivre<text:note><text:note-body><text:p>Une note</text:p></text:note-body></text:note>"
        "</text:p>"
    )
    assert [block.text for block in pages.blocks] == ["Vivre"]
    assert pages.dropped[:2] == ("Ouvrages 3", "Une note")


def test_looks_are_those_of_the_styles() -> None:
    automatic = (
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Text_20_body">'
        '<style:text-properties fo:font-size="14pt" fo:font-weight="bold"/></style:style>'
        '<style:style style:name="T1" style:family="text"><style:text-properties fo:font-style="italic"/>'
        "</style:style>"
    )
    heading, large, plain = opened(
        '<text:h text:outline-level="2">Ouvrages</text:h><text:p text:style-name="P1">Vivre</text:p>'
        '<text:p/><text:p text:style-name="Text_20_body">Un <text:span text:style-name="T1">mot</text:span>'
        "<text:line-break/></text:p>",
        automatic,
    ).blocks
    assert (heading.look.level, heading.look.size) == (2, 11)
    assert (large.look.style, large.look.size, large.look.bold) == ("Text body", 14, True)
    assert (large.look.indent, plain.look.bold, plain.italics) == (28, False, ("mot",))
    assert plain.gap > 1 > large.gap > 0


def test_the_items_of_a_list_are_marked_and_text_boxes_are_read_once() -> None:
    blocks = opened(
        "<text:list><text:list-item><text:p>Un</text:p><text:p>deux</text:p></text:list-item></text:list>"
        "<text:p>Trois<draw:frame><draw:text-box><text:p>Boîte<draw:frame><draw:text-box>"
        "<text:p>dedans</text:p></draw:text-box></draw:frame></text:p></draw:text-box></draw:frame></text:p>"
    ).blocks
    assert [(block.text, block.marked) for block in blocks] == [
        ("Un", True),
        ("deux", False),
        ("dedans", False),
        ("Boîte", False),
        ("Trois", False),
    ]
