"""Bytes as text, and texts as Zotero has them. Pure."""

from __future__ import annotations

import codecs
import html
import re
import unicodedata

from zotsync.i18n import _
from zotsync.plugins.incoming import UnreadableError

MOST_BYTES = 100_000_000
MOST_REFERENCES = 50_000
"""More than that is no bibliography; and reading goes on in memory."""
SEASONS = {1: "printemps", 2: "été", 3: "automne", 4: "hiver"}
"""The seasons that formats have numbers for, as French dates name them."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]*)(?:\s[^<>]*)?/?>")
_FACES = {"em": "i", "strong": "b", "italic": "i", "bold": "b"}
_KEPT = frozenset({"i", "b", "sub", "sup"})
_BLOCKS = frozenset({"p", "br", "div", "li", "jats:p", "jats:title", "h1", "h2", "h3"})
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z]{2,31});")
_MOST_ESCAPED = 3
"""How often one text is escaped, at most: `&amp;quot;` has been twice."""
_SPACES = re.compile(r"[ \t]*\n[ \t]*")
_WHITE = re.compile("[ \t\n\r\f\v]+")
_FACE = re.compile("&lt;(/?(?:i|b|sub|sup))&gt;")


def decoded(data: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16 (told by its first bytes or its zeros), else cp1252."""
    if len(data) > MOST_BYTES:
        raise UnreadableError(_("The file is too large: more than 100 MB."))
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _lines(data.decode(name, "replace"))
    if b"\0" in data[:400]:
        even, odd = data[:400:2].count(0), data[1:400:2].count(0)
        return _lines(data.decode("utf-16-be" if even > odd else "utf-16-le", "replace"))
    try:
        return _lines(data.decode())
    except UnicodeDecodeError:
        return _lines(data.decode("cp1252", "replace"))


def too_many() -> UnreadableError:
    """Return the error for a file with more references than anybody has."""
    text = _("It has more than {n} references: split it.")
    return UnreadableError(text.format(n=MOST_REFERENCES))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def formatted(text: str) -> str:
    """Return a text with the formatting that Zotero knows: other tags go, entities become signs."""
    if "<" in text:
        text = _TAG.sub(_tag, text)
    for _again in range(_MOST_ESCAPED):
        if "&" in text:
            text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    text = _SPACES.sub("\n", unicodedata.normalize("NFC", text))
    return text.strip()


def _tag(found: re.Match[str]) -> str:
    name = found[2].lower()
    if name in _BLOCKS:
        return "\n" if found[1] or name == "br" else ""
    name = _FACES.get(name, name)
    return f"<{found[1]}{name}>" if name in _KEPT else found[0] if ":" not in name else ""


def one_line(text: str) -> str:
    """Return a text on one line; blanks that do not break stay."""
    return _WHITE.sub(" ", text).strip(" ")


def as_note(text: str) -> str:
    """Return a text as the HTML of a note; what is HTML already as it is."""
    if re.match(r"\s*<(?:p|div|h1|ul|ol|blockquote)\b", text):
        return text.strip()
    paragraphs = re.split(r"\n[ \t]*\n", text.strip())
    lines = (_FACE.sub(r"<\1>", html.escape(p.strip(), quote=False)) for p in paragraphs)
    return "".join(f"<p>{line.replace(chr(10), '<br />')}</p>" for line in lines)
