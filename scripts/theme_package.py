"""A theme's base.docx as the parts of a Word document."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from theme_styles import (
    BOLD,
    CHARACTERS,
    INSIDE,
    KEEP,
    LINES,
    PARAGRAPHS,
    Look,
    Role,
    Sheet,
    Theme,
    color,
    font,
    size,
    spacing,
    tab,
)

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PKG = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
FIELDS = {"TITLE": "Titre du document", "PAGE": "1", "PAGES": "1"}
CODES = {"TITLE": "TITLE", "PAGE": "PAGE", "PAGES": "NUMPAGES"}
SUBSTITUTES = {"Calibri": "Carlito", "Cambria": "Caladea", "Arial": "Liberation Sans"}
"""Free fonts of the same widths."""
SERIFS = frozenset({"Cambria"})
BUILT_IN = {"Normal": "Normal", "heading 1": "Heading1", "toc 1": "TOC1"}
ORDER = (
    "keepNext", "keepLines", "pBdr", "shd", "tabs", "suppressAutoHyphens", "spacing", "ind",
    "contextualSpacing", "jc", "outlineLvl",
)  # fmt: skip
"""Properties of paragraphs, as Word's schema wants them."""
SETTINGS = (
    f'{HEAD}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="709"/>'
    '<w:autoHyphenation/><w:consecutiveHyphenLimit w:val="2"/><w:hyphenationZone w:val="425"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting '
    'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="fr-FR"/><w:decimalSymbol w:val=","/>'
    '<w:listSeparator w:val=";"/></w:settings>'
)
APP = (
    f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    'extended-properties"><Application>zotsync</Application></Properties>'
)
PARTS = (("styles", "styles.xml"), ("settings", "settings.xml"), ("fontTable", "fontTable.xml"))
EDGES = (
    ("header", "header1.xml"),
    ("header", "header2.xml"),
    ("footer", "footer1.xml"),
    ("footer", "footer2.xml"),
)


def write(theme: Theme, target: Path) -> None:
    """Write base.docx, the same bytes each time."""
    target.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, text in package(theme).items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            bundle.writestr(info, text.encode())


def package(theme: Theme) -> dict[str, str]:
    """Return the document's parts: name -> XML."""
    word = [(f"rId{n}", f"{R}/{kind}", file, "") for n, (kind, file) in enumerate(PARTS, 1)]
    word += [(f"rId{n}", f"{R}/{kind}", file, "") for n, (kind, file) in enumerate(EDGES, 5)]
    link = next(role.sample for role in CHARACTERS if role.name == "Entry Link")
    word.append(("rId9", f"{R}/hyperlink", link, ' TargetMode="External"'))
    core = f"{PKG}/relationships/metadata/core-properties"
    root = [
        ("rId1", f"{R}/officeDocument", "word/document.xml", ""),
        ("rId2", core, "docProps/core.xml", ""),
        ("rId3", f"{R}/extended-properties", "docProps/app.xml", ""),
    ]
    sheet = theme.sheet
    footer = edge_xml("ftr", "Footer", sheet.footer, sheet.footer_look)
    return {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": relationships(root),
        "word/document.xml": document_xml(sheet),
        "word/_rels/document.xml.rels": relationships(word),
        "word/styles.xml": styles_xml(theme),
        "word/settings.xml": SETTINGS,
        "word/fontTable.xml": fonts_xml((theme.font, *theme.fonts)),
        "word/header1.xml": edge_xml("hdr", "Header", sheet.header),
        "word/header2.xml": edge_xml("hdr", "Header", ()),
        "word/footer1.xml": footer,
        "word/footer2.xml": footer,
        "docProps/core.xml": core_xml(theme.name.title()),
        "docProps/app.xml": APP,
    }


def styles_xml(theme: Theme) -> str:
    """Return word/styles.xml."""
    lang = '<w:lang w:val="fr-FR" w:eastAsia="fr-FR" w:bidi="ar-SA"/>'
    return (
        f'{HEAD}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>{font(theme.font)}'
        f"{size(theme.size)}{lang}</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:widowControl/>"
        f"</w:pPr></w:pPrDefault></w:docDefaults>{''.join(words_own(theme))}"
        + "".join(style_xml(role, "paragraph", theme.looks[role.name]) for role in PARAGRAPHS)
        + "".join(style_xml(role, "character", theme.looks[role.name]) for role in CHARACTERS)
        + "</w:styles>"
    )


def style_xml(role: Role, kind: str, look: Look) -> str:
    """Return a style's definition."""
    based = BUILT_IN[role.based_on] if kind == "paragraph" else "DefaultParagraphFont"
    following = role.next_style.replace(" ", "")
    following = f'<w:next w:val="{following}"/>' if following else ""
    inside = f"<w:pPr>{ordered(look.paragraph)}</w:pPr>" if look.paragraph else ""
    letters = f"<w:rPr>{look.run}</w:rPr>" if look.run else ""
    return (
        f'<w:style w:type="{kind}" w:customStyle="1" w:styleId="{role.id}">'
        f'<w:name w:val="{role.name}"/><w:aliases w:val="{role.alias}"/>'
        f'<w:basedOn w:val="{based}"/>{following}<w:uiPriority w:val="1"/><w:qFormat/>'
        f"{inside}{letters}</w:style>"
    )


def ordered(properties: str) -> str:
    """Return a paragraph's properties in the order that Word's schema wants."""
    found = {
        one[1]: one[0] for one in re.finditer(r"<w:(\w+)(?: [^>]*/>|/>|>.*?</w:\1>)", properties)
    }
    return "".join(found[name] for name in sorted(found, key=ORDER.index))


def words_own(theme: Theme) -> Iterator[str]:
    """Yield the styles that Word has itself, under the names that it knows in any language."""
    default = ' w:default="1"'
    based = '<w:basedOn w:val="Normal"/>'
    hidden = '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/>'
    look = theme.looks
    normal = (
        f"<w:qFormat/><w:pPr><w:widowControl/></w:pPr><w:rPr>{color(theme.ink)}{size(theme.size)}"
        "</w:rPr>"
    )
    yield built_in("paragraph", "Normal", "Normal", normal, default)
    heading = (
        f'{based}<w:next w:val="Normal"/><w:uiPriority w:val="9"/><w:qFormat/><w:pPr>{KEEP}{LINES}'
        f'{spacing(24, 6)}<w:outlineLvl w:val="0"/></w:pPr>'
        f"<w:rPr>{BOLD}{color(theme.accent)}{size(16)}</w:rPr>"
    )
    yield built_in("paragraph", "Heading1", "heading 1", heading)
    contents = (
        f'{based}<w:next w:val="Normal"/><w:uiPriority w:val="39"/><w:unhideWhenUsed/>'
        f"<w:pPr>{look['toc 1'].paragraph}</w:pPr><w:rPr>{look['toc 1'].run}</w:rPr>"
    )
    yield built_in("paragraph", "TOC1", "toc 1", contents)
    yield built_in(
        "character",
        "DefaultParagraphFont",
        "Default Paragraph Font",
        '<w:uiPriority w:val="1"/><w:semiHidden/><w:unhideWhenUsed/>',
        default,
    )
    cells = "".join(
        f'<w:{s} w:w="{w}" w:type="dxa"/>'
        for s, w in (("top", 0), ("left", 108), ("bottom", 0), ("right", 108))
    )
    table = (
        f'{hidden}<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>{cells}</w:tblCellMar>'
        "</w:tblPr>"
    )
    yield built_in("table", "TableNormal", "Normal Table", table, default)
    yield built_in("numbering", "NoList", "No List", hidden, default)
    edge = tab("right", theme.sheet.text_width)
    for style_id, name in (("Header", "header"), ("Footer", "footer")):
        own = look.get(name, Look(edge, color(theme.grey) + size(9)))
        inside = f"<w:pPr>{ordered(own.paragraph)}</w:pPr><w:rPr>{own.run}</w:rPr>"
        yield built_in("paragraph", style_id, name, f'{based}<w:uiPriority w:val="99"/>{inside}')


def built_in(kind: str, style_id: str, name: str, rest: str, default: str = "") -> str:
    """Return one of Word's own styles."""
    return (
        f'<w:style w:type="{kind}"{default} w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f"{rest}</w:style>"
    )


def run(text: str, style: str = "") -> str:
    """Return a run of text; tabs in it are tabs."""
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    parts = (f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in text.split("\t"))
    return f"<w:r>{look}{'<w:tab/>'.join(parts)}</w:r>"


def paragraph(style: str, inside: str, more: str = "") -> str:
    """Return a paragraph."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{inside}</w:p>'


def field(name: str) -> str:
    """Return a field with the result it shows until it is computed."""
    parts = (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> {CODES[name]} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        f'<w:t xml:space="preserve">{escape(FIELDS[name])}</w:t>',
        '<w:fldChar w:fldCharType="end"/>',
    )
    return "".join(f"<w:r>{part}</w:r>" for part in parts)


def edge_xml(element: str, style: str, pieces: tuple[str, ...], look: str = "") -> str:
    """Return a header or footer."""
    inside = "".join(field(piece) if piece in CODES else run(piece) for piece in pieces)
    whole = paragraph(style, inside, look)
    return f'{HEAD}<w:{element} xmlns:w="{W}">{whole}</w:{element}>'


def sample(role: Role) -> str:
    """Return one paragraph of a role, so that she who restyles it sees what she changes."""
    inside = next((one for one in CHARACTERS if one.name == INSIDE.get(role.name)), None)
    if inside is None:
        return paragraph(role.id, run(role.sample))
    said = run(inside.sample, inside.id)
    if inside.name == "Entry Link":
        said = f'<w:hyperlink r:id="rId9" w:history="1">{said}</w:hyperlink>'
    both = (said, run(role.sample)) if inside.name == "Entry Number" else (run(role.sample), said)
    return paragraph(role.id, "".join(both))


def document_xml(sheet: Sheet) -> str:
    """Return word/document.xml."""
    references = (
        ("headerReference", "default", "rId5"),
        ("headerReference", "first", "rId6"),
        ("footerReference", "default", "rId7"),
        ("footerReference", "first", "rId8"),
    )
    parts = "".join(f'<w:{name} w:type="{kind}" r:id="{rid}"/>' for name, kind, rid in references)
    top, right, bottom, left, edge, gap, width, height = (
        round(20 * points)
        for points in (*sheet.margins, sheet.edge, sheet.gap, sheet.width, sheet.height)
    )
    turned = ' w:orient="landscape"' if sheet.landscape else ""
    several = f' w:num="{sheet.columns}"' if sheet.columns > 1 else ""
    return (
        f'{HEAD}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>'
        f"{''.join(map(sample, PARAGRAPHS))}<w:sectPr>{parts}"
        f'<w:pgSz w:w="{width}" w:h="{height}"{turned}/><w:pgMar w:top="{top}" w:right="{right}" '
        f'w:bottom="{bottom}" w:left="{left}" w:header="{edge}" w:footer="{edge}" w:gutter="0"/>'
        f'<w:cols{several} w:space="{gap}"/><w:titlePg/></w:sectPr></w:body></w:document>'
    )


def fonts_xml(names: tuple[str, ...]) -> str:
    """Return word/fontTable.xml."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{SUBSTITUTES[name]}"/><w:charset w:val="00"/>'
        f'<w:family w:val="{"roman" if name in SERIFS else "swiss"}"/><w:pitch w:val="variable"/>'
        "</w:font>"
        for name in dict.fromkeys(names)
    )
    return f'{HEAD}<w:fonts xmlns:w="{W}">{fonts}</w:fonts>'


def core_xml(title: str) -> str:
    """Return docProps/core.xml."""
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{PKG}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}</dc:title><dc:language>fr-FR</dc:language></cp:coreProperties>"
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
        **{f"/word/{file}": f"{MAIN}.{kind}+xml" for kind, file in (*PARTS, *EDGES)},
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
