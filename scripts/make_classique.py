"""Make templates/classique/base.docx from scratch: every style, a sample of each, header and footer.

Run once: afterwards base.docx is the source of every style, and is restyled in Word. Kept so that a
reader can see what is in it, and as the start of further themes.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

TARGET = Path(__file__).parent.parent / "templates" / "classique" / "base.docx"

INK, BAND, TINT, RULE, GREY, LINK = "1E2A30", "17495A", "D3E4E8", "A9C4CB", "5F6B70", "0B6A85"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PKG = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
SAMPLE_LINK = "https://www.example.org/article"


@dataclass(frozen=True)
class Style:
    """One role: its style's name, its French alias, how it looks, and a sample."""

    name: str
    alias: str
    paragraph: str = ""
    run: str = ""
    based_on: str = "Normal"
    next_style: str = ""
    sample: str = ""

    @property
    def id(self) -> str:
        """Return the id that the sample paragraphs refer to."""
        return self.name.replace(" ", "")


def size(points: float) -> str:
    """Return a font size."""
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def spacing(before: float = 0, after: float = 0, line: float = 1.0) -> str:
    """Return the space above and below in points, and the line pitch."""
    return (
        f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}" '
        f'w:line="{round(line * 240)}" w:lineRule="auto"/>'
    )


def color(value: str) -> str:
    """Return a text colour."""
    return f'<w:color w:val="{value}"/>'


def border(side: str, value: str, width: int, space: int) -> str:
    """Return one border: width in eighths of a point, space in points."""
    return f'<w:{side} w:val="single" w:sz="{width}" w:space="{space}" w:color="{value}"/>'


BOLD, ITALIC, NO_HYPHENS = "<w:b/><w:bCs/>", "<w:i/><w:iCs/>", "<w:suppressAutoHyphens/>"
KEEP, LINES = "<w:keepNext/>", "<w:keepLines/>"
_BOX = "".join(border(s, BAND, 8, 12) for s in ("top", "left", "bottom", "right"))
BAND_FRAME = (
    f'<w:pBdr>{_BOX}</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="{BAND}"/>{NO_HYPHENS}'
)
BAND_INDENT = '<w:ind w:left="260" w:right="260"/>'
BAR = f"<w:pBdr>{border('left', RULE, 12, 9)}</w:pBdr>"
ABSTRACT_INDENT = '<w:ind w:left="567"/>'

PARAGRAPHS = (
    Style(
        "Handout Title",
        "Document Titre",
        BAND_FRAME + spacing(0, 0, 0.95) + BAND_INDENT,
        BOLD + color("FFFFFF") + size(29),
        next_style="Handout Subtitle",
        sample="Titre du document",
    ),
    Style(
        "Handout Subtitle",
        "Document Sous-titre",
        BAND_FRAME + spacing(2, 0) + BAND_INDENT,
        color(TINT) + size(15),
        next_style="Handout Institution",
        sample="Sous-titre du document",
    ),
    Style(
        "Handout Institution",
        "Document Organisme",
        BAND_FRAME + spacing(14, 0) + BAND_INDENT,
        BOLD + color("FFFFFF") + size(11),
        next_style="Handout Date",
        sample="Nom de l’organisme",
    ),
    Style(
        "Handout Date",
        "Document Date",
        BAND_FRAME + spacing(0, 16) + BAND_INDENT,
        color(TINT) + size(11),
        next_style="Handout Intro",
        sample="octobre 2021",
    ),
    Style(
        "Handout Intro",
        "Document Introduction",
        spacing(10, 0, 1.1) + '<w:jc w:val="both"/>',
        size(11.5),
        sample="Texte d’introduction, en un ou plusieurs paragraphes.",
    ),
    Style(
        "Section Heading",
        "Titre de section",
        KEEP
        + LINES
        + f"<w:pBdr>{border('bottom', BAND, 10, 3)}</w:pBdr>"
        + NO_HYPHENS
        + spacing(22, 0)
        + '<w:outlineLvl w:val="0"/>',
        BOLD + color(BAND) + size(17),
        "heading 1",
        "Entry Author",
        "Titre de section",
    ),
    Style(
        "Entry Author",
        "Notice Auteur",
        KEEP + LINES + NO_HYPHENS + spacing(13, 0),
        color(BAND) + size(10.5),
        next_style="Entry Title",
        sample="NOM Prénom, NOM Prénom.",
    ),
    Style(
        "Entry Title",
        "Notice Titre",
        LINES + NO_HYPHENS + spacing(0, 0),
        BOLD + size(12.5),
        next_style="Entry Source",
        sample="Titre de la référence",
    ),
    Style(
        "Entry Subtitle",
        "Notice Sous-titre",
        LINES + NO_HYPHENS + spacing(0, 0),
        size(11.5),
        next_style="Entry Source",
        sample="Sous-titre de la référence",
    ),
    Style(
        "Entry Source",
        "Notice Source",
        LINES + NO_HYPHENS + spacing(1, 0),
        ITALIC + color(GREY) + size(10.5),
        next_style="Entry Abstract",
        sample="Revue, n°3145, 31 janvier 2020. pp.28-32",
    ),
    Style(
        "Entry Abstract",
        "Notice Résumé",
        BAR + spacing(4, 0, 1.05) + ABSTRACT_INDENT + '<w:jc w:val="both"/>',
        size(10.5),
    ),
    Style(
        "Entry Keywords",
        "Notice Mots-clés",
        NO_HYPHENS + spacing(3, 0),
        color(GREY) + size(9.5),
        sample="Mots-clés : pair-aidance, santé mentale",
    ),
    Style(
        "Entry Shelfmark",
        "Notice Cote",
        NO_HYPHENS + spacing(3, 0),
        BOLD + color(GREY) + size(9.5),
        sample="Cote : SOC 362.2",
    ),
    Style(
        "Entry Note",
        "Notice Note",
        spacing(4, 0) + ABSTRACT_INDENT,
        color(INK) + size(10),
        sample="Note de la rédaction.",
    ),
    Style(
        "Entry Access",
        "Notice Accès",
        NO_HYPHENS + spacing(4, 0) + "<w:contextualSpacing/>",
        color(GREY) + size(9.5),
    ),
    Style(
        "Handout Contact",
        "Document Contact",
        LINES
        + f"<w:pBdr>{border('top', RULE, 6, 8)}</w:pBdr>"
        + NO_HYPHENS
        + spacing(26, 0)
        + '<w:contextualSpacing/><w:jc w:val="center"/>',
        color(GREY) + size(10),
        sample="Pour nous joindre : adresse, courriel",
    ),
)
CHARACTERS = (
    Style("Abstract Mark", "Notice Origine du résumé", "", ITALIC + color(GREY) + size(9)),
    Style("Entry Link", "Notice Lien", "", color(LINK) + '<w:u w:val="single"/>'),
)


def style_xml(style: Style, kind: str, ids: dict[str, str]) -> str:
    """Return a style's definition."""
    based = ids.get(style.based_on, "Normal") if kind == "paragraph" else "DefaultParagraphFont"
    following = f'<w:next w:val="{ids[style.next_style]}"/>' if style.next_style else ""
    inside = f"<w:pPr>{style.paragraph}</w:pPr>" if style.paragraph else ""
    return (
        f'<w:style w:type="{kind}" w:customStyle="1" w:styleId="{style.id}">'
        f'<w:name w:val="{style.name}"/><w:aliases w:val="{style.alias}"/>'
        f'<w:basedOn w:val="{based}"/>{following}<w:uiPriority w:val="1"/><w:qFormat/>'
        f"{inside}<w:rPr>{style.run}</w:rPr></w:style>"
    )


def built_in(kind: str, style_id: str, name: str, rest: str, default: str = "") -> str:
    """Return one of Word's own styles, under the name that Word in any language knows."""
    return (
        f'<w:style w:type="{kind}"{default} w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f"{rest}</w:style>"
    )


def styles_xml() -> str:
    """Return word/styles.xml."""
    ids = {style.name: style.id for style in PARAGRAPHS} | {"heading 1": "Heading1"}
    default = ' w:default="1"'
    fonts = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Calibri" w:cs="Calibri"/>'
    lang = '<w:lang w:val="fr-FR" w:eastAsia="fr-FR" w:bidi="ar-SA"/>'
    based = '<w:basedOn w:val="Normal"/>'
    tabs = '<w:pPr><w:tabs><w:tab w:val="right" w:pos="9638"/></w:tabs></w:pPr>'
    hidden = '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/>'
    cells = "".join(
        f'<w:{s} w:w="{w}" w:type="dxa"/>'
        for s, w in (("top", 0), ("left", 108), ("bottom", 0), ("right", 108))
    )
    table = (
        f'{hidden}<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>{cells}</w:tblCellMar>'
        "</w:tblPr>"
    )
    heading = (
        f'{based}<w:next w:val="Normal"/><w:uiPriority w:val="9"/><w:qFormat/><w:pPr>{KEEP}{LINES}'
        f'{spacing(24, 6)}<w:outlineLvl w:val="0"/></w:pPr>'
        f"<w:rPr>{BOLD}{color(BAND)}{size(16)}</w:rPr>"
    )
    return (
        f'{HEAD}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>{fonts}{size(11)}{lang}'
        "</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:widowControl/></w:pPr></w:pPrDefault>"
        "</w:docDefaults>"
        + built_in(
            "paragraph",
            "Normal",
            "Normal",
            f"<w:qFormat/><w:pPr><w:widowControl/></w:pPr><w:rPr>{color(INK)}</w:rPr>",
            default,
        )
        + built_in("paragraph", "Heading1", "heading 1", heading)
        + built_in(
            "character",
            "DefaultParagraphFont",
            "Default Paragraph Font",
            '<w:uiPriority w:val="1"/><w:semiHidden/><w:unhideWhenUsed/>',
            default,
        )
        + built_in("table", "TableNormal", "Normal Table", table, default)
        + built_in("numbering", "NoList", "No List", hidden, default)
        + built_in(
            "paragraph",
            "Header",
            "header",
            based + '<w:uiPriority w:val="99"/>' + tabs + f"<w:rPr>{color(GREY)}{size(9)}</w:rPr>",
        )
        + built_in(
            "paragraph",
            "Footer",
            "footer",
            based + '<w:uiPriority w:val="99"/>' + tabs + f"<w:rPr>{color(GREY)}{size(9)}</w:rPr>",
        )
        + "".join(style_xml(style, "paragraph", ids) for style in PARAGRAPHS)
        + "".join(style_xml(style, "character", ids) for style in CHARACTERS)
        + "</w:styles>"
    )


def run(text: str, style: str = "") -> str:
    """Return a run of text."""
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(style: str, inside: str, more: str = "") -> str:
    """Return a paragraph."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{inside}</w:p>'


def field(code: str, shown: str) -> str:
    """Return a field with the result it shows until it is computed."""
    parts = (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> {escape(code)} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        f'<w:t xml:space="preserve">{shown}</w:t>',
        '<w:fldChar w:fldCharType="end"/>',
    )
    return "".join(f"<w:r>{part}</w:r>" for part in parts)


def samples() -> str:
    """Return one paragraph of every role, so that she who restyles them sees what she changes."""
    own = {
        "Entry Abstract": run("Résumé de la référence, avec la marque de son origine. ")
        + run("[Extr. intro.]", "AbstractMark"),
        "Entry Access": run("Disponible sur Cairn : ")
        + f'<w:hyperlink r:id="rId9" w:history="1">{run(SAMPLE_LINK, "EntryLink")}</w:hyperlink>',
    }
    return "".join(
        paragraph(style.id, own.get(style.name) or run(style.sample)) for style in PARAGRAPHS
    )


def document_xml() -> str:
    """Return word/document.xml."""
    references = (
        ("headerReference", "default", "rId5"),
        ("headerReference", "first", "rId6"),
        ("footerReference", "default", "rId7"),
        ("footerReference", "first", "rId8"),
    )
    parts = "".join(f'<w:{tag} w:type="{kind}" r:id="{rid}"/>' for tag, kind, rid in references)
    return (
        f'{HEAD}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{samples()}<w:sectPr>{parts}'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" '
        'w:left="1134" w:header="567" w:footer="567" w:gutter="0"/><w:cols w:space="708"/>'
        "<w:titlePg/></w:sectPr></w:body></w:document>"
    )


def header_xml(inside: str) -> str:
    """Return a header."""
    return f'{HEAD}<w:hdr xmlns:w="{W}">{paragraph("Header", inside)}</w:hdr>'


def footer_xml() -> str:
    """Return the footer: page and number of pages."""
    pages = field("PAGE", "1") + run(" / ") + field("NUMPAGES", "1")
    return f'{HEAD}<w:ftr xmlns:w="{W}">{paragraph("Footer", pages, CENTRED)}</w:ftr>'


CENTRED = '<w:jc w:val="center"/>'
RUNNING = "<w:r><w:tab/></w:r>" + field('STYLEREF "Handout Title"', "")
SETTINGS = (
    f'{HEAD}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="709"/>'
    '<w:autoHyphenation/><w:consecutiveHyphenLimit w:val="2"/><w:hyphenationZone w:val="425"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting '
    'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="fr-FR"/><w:decimalSymbol w:val=","/>'
    '<w:listSeparator w:val=";"/></w:settings>'
)
FONTS = (
    f'{HEAD}<w:fonts xmlns:w="{W}"><w:font w:name="Calibri"><w:altName w:val="Carlito"/>'
    '<w:panose1 w:val="020F0502020204030204"/><w:charset w:val="00"/><w:family w:val="swiss"/>'
    '<w:pitch w:val="variable"/></w:font></w:fonts>'
)
CORE = (
    f'{HEAD}<cp:coreProperties xmlns:cp="{PKG}/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>Classique</dc:title>'
    "<dc:language>fr-FR</dc:language></cp:coreProperties>"
)
APP = (
    f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    'extended-properties"><Application>zotsync</Application></Properties>'
)
PARTS = {
    "styles": "styles.xml",
    "settings": "settings.xml",
    "fontTable": "fontTable.xml",
}
OTHERS = (
    ("header", "header1.xml"),
    ("header", "header2.xml"),
    ("footer", "footer1.xml"),
    ("footer", "footer2.xml"),
)


def relationships(rows: list[tuple[str, str, str, str]]) -> str:
    """Return a .rels part from (id, type, target, further attributes)."""
    inside = "".join(
        f'<Relationship Id="{rid}" Type={quoteattr(kind)} Target="{target}"{more}/>'
        for rid, kind, target, more in rows
    )
    return f'{HEAD}<Relationships xmlns="{PKG}/relationships">{inside}</Relationships>'


def content_types() -> str:
    """Return [Content_Types].xml."""
    kinds = {
        "/word/document.xml": f"{MAIN}.document.main+xml",
        "/word/styles.xml": f"{MAIN}.styles+xml",
        "/word/settings.xml": f"{MAIN}.settings+xml",
        "/word/fontTable.xml": f"{MAIN}.fontTable+xml",
        **{f"/word/{file}": f"{MAIN}.{kind}+xml" for kind, file in OTHERS},
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    }
    rows = "".join(
        f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in kinds.items()
    )
    return (
        f'{HEAD}<Types xmlns="{PKG}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'
    )


def package() -> dict[str, str]:
    """Return the document's parts: name -> XML."""
    word = [(f"rId{n}", f"{R}/{kind}", file, "") for n, (kind, file) in enumerate(PARTS.items(), 1)]
    word += [(f"rId{n}", f"{R}/{kind}", file, "") for n, (kind, file) in enumerate(OTHERS, 5)]
    word.append(("rId9", f"{R}/hyperlink", SAMPLE_LINK, ' TargetMode="External"'))
    core = f"{PKG}/relationships/metadata/core-properties"
    root = [
        ("rId1", f"{R}/officeDocument", "word/document.xml", ""),
        ("rId2", core, "docProps/core.xml", ""),
        ("rId3", f"{R}/extended-properties", "docProps/app.xml", ""),
    ]
    return {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": relationships(root),
        "word/document.xml": document_xml(),
        "word/_rels/document.xml.rels": relationships(word),
        "word/styles.xml": styles_xml(),
        "word/settings.xml": SETTINGS,
        "word/fontTable.xml": FONTS,
        "word/header1.xml": header_xml(RUNNING),
        "word/header2.xml": header_xml(""),
        "word/footer1.xml": footer_xml(),
        "word/footer2.xml": footer_xml(),
        "docProps/core.xml": CORE,
        "docProps/app.xml": APP,
    }


def main() -> None:
    """Write base.docx, the same bytes each time."""
    with zipfile.ZipFile(TARGET, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, text in package().items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            bundle.writestr(info, text.encode())


if __name__ == "__main__":
    main()
