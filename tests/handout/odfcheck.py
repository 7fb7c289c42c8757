"""What must hold of every OpenDocument text, and how to read one."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from lxml import etree

ODF = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
TEXT, STYLE, DRAW = ODF % "text", ODF % "style", ODF % "drawing"
FO, META, MANIFEST = ODF % "xsl-fo-compatible", ODF % "meta", ODF % "manifest"
DC, HREF = "{http://purl.org/dc/elements/1.1/}", "{http://www.w3.org/1999/xlink}href"


def part(data: bytes, name: str = "content.xml") -> Any:
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read(name))


def paragraphs(data: bytes) -> list[tuple[str, str]]:
    """Return (style, text) of each line of the text, in order."""
    root = part(data)
    parents = {
        style.get(f"{STYLE}name"): style.get(f"{STYLE}parent-style-name")
        for style in root.iter(f"{STYLE}style")
    }
    found = []
    for line in root.iter(f"{TEXT}p", f"{TEXT}h"):
        name = line.get(f"{TEXT}style-name")
        for page in line.iter(f"{TEXT}bookmark-ref"):
            page.text = ""
        for said in line.iter(
            "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}title",
            "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}desc",
        ):
            said.text = ""
        text = "".join(line.itertext())
        found.append(((parents.get(name) or name).replace("_20_", " "), text))
    return found


def check_package(data: bytes) -> None:
    """Check what a reader stumbles over: the package, styles, links and bookmarks that are not there."""
    bundle = zipfile.ZipFile(io.BytesIO(data))
    first, *rest = bundle.infolist()
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert bundle.read("mimetype") == b"application/vnd.oasis.opendocument.text"
    names = [info.filename for info in rest]
    assert len(names) == len(set(names))
    listed = [row.get(f"{MANIFEST}full-path") for row in part(data, "META-INF/manifest.xml")]
    assert sorted(listed) == sorted(["/", *(n for n in names if n != "META-INF/manifest.xml")])
    content, styles = part(data), part(data, "styles.xml")
    check_styles(content, styles)
    starts = [e.get(f"{TEXT}name") for e in content.iter(f"{TEXT}bookmark-start")]
    ends = [e.get(f"{TEXT}name") for e in content.iter(f"{TEXT}bookmark-end")]
    assert starts == ends
    assert len(starts) == len(set(starts))
    goals = [e.get(HREF) for e in content.iter(f"{TEXT}a", f"{DRAW}image")]
    inside = {goal for goal in goals if "://" not in goal}
    assert inside <= {f"#{name}" for name in starts} | set(names)
    assert {e.get(f"{TEXT}ref-name") for e in content.iter(f"{TEXT}bookmark-ref")} <= set(starts)


def check_styles(content: Any, styles: Any) -> None:
    """Check that whatever style is used is defined, once, in its family."""
    families = {"p": "paragraph", "h": "paragraph", "span": "text", "a": "text",
                "section": "section", "frame": "graphic"}  # fmt: skip
    common = [
        (e.get(f"{STYLE}family"), e.get(f"{STYLE}name")) for e in styles.iter(f"{STYLE}style")
    ]
    own = [(e.get(f"{STYLE}family"), e.get(f"{STYLE}name")) for e in content.iter(f"{STYLE}style")]
    known = {*common, *own}
    assert len(known) == len(common) + len(own)
    for root in (content, styles):
        for element in root.iter():
            kind = families.get(etree.QName(element).localname)
            for name in ("style-name", "visited-style-name"):
                for space in (TEXT, DRAW):
                    if kind and (used := element.get(f"{space}{name}")):
                        assert (kind, used) in known
            if parent := element.get(f"{STYLE}parent-style-name"):
                assert (element.get(f"{STYLE}family"), parent) in known
            if font := element.get(f"{STYLE}font-name"):
                assert font in {f.get(f"{STYLE}name") for f in styles.iter(f"{STYLE}font-face")}
    pages = {e.get(f"{STYLE}name") for e in styles.iter(f"{STYLE}page-layout")}
    masters = {e.get(f"{STYLE}name"): e for e in styles.iter(f"{STYLE}master-page")}
    assert {e.get(f"{STYLE}page-layout-name") for e in masters.values()} <= pages
    assert {e.get(f"{STYLE}master-page-name") for e in content.iter(f"{STYLE}style")} <= {
        None,
        *masters,
    }
