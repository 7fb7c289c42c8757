r"""LaTeX in BibTeX files as plain text: accents (`\'{e}`), signs (`\oe`, `--`, `~`), faces as Zotero's tags.

Pure, and linear in the length of the text. A command that is not known stays as it was typed.
"""

from __future__ import annotations

import re
import unicodedata

_TOKEN = re.compile(
    r"\\[A-Za-z]+\*?[ \t\n]*|\\(?:\n|.)|[{}$~]|[_^]|---?|``|''|[^\\{}$~_^\-`']+|.", re.DOTALL
)
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
    "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip
_LETTERS = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau "
    "upsilon phi chi psi omega"
)
_GREEK = dict(zip(_LETTERS.split(), "αβγδεζηθικλμνξοπρστυφχψω", strict=True))
_SIGNS = {
    **_GREEK, **{name.title(): letter.upper() for name, letter in _GREEK.items()},
    **{name: name for name in ("TeX", "LaTeX", "BibTeX", "XeTeX", "XeLaTeX", "LuaTeX", "LuaLaTeX")},
    "LaTeXe": "LaTeX2e", "hyphen": "-", "slash": "/", "autocap": "",
    "oe": "œ", "OE": "Œ", "ae": "æ", "AE": "Æ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł",
    "L": "Ł", "ss": "ß", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ",
    "og": "«\u00a0", "fg": "\u00a0»", "guillemotleft": "«", "guillemotright": "»", "flqq": "«",
    "frqq": "»", "guilsinglleft": "‹", "guilsinglright": "›", "textquotedblleft": "“",
    "textquotedblright": "”", "textquoteleft": "‘", "textquoteright": "’", "quotedblbase": "„",
    "quotesinglbase": "‚", "textendash": "–", "textemdash": "—", "ldots": "…", "dots": "…",
    "textellipsis": "…", "textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}",
    "textasciicircum": "^", "textasciitilde": "~", "textunderscore": "_", "textbar": "|",
    "textless": "<", "textgreater": ">", "textdegree": "°", "degree": "°", "textnumero": "№",
    "texteuro": "€", "euro": "€", "EUR": "€", "pounds": "£", "S": "§", "P": "¶", "copyright": "©",
    "textcopyright": "©", "textregistered": "®", "texttrademark": "™", "textordmasculine": "º",
    "textordfeminine": "ª", "textperiodcentered": "·", "textbullet": "•", "textexclamdown": "¡",
    "textquestiondown": "¿", "up": "", "ier": "<sup>er</sup>", "ieme": "<sup>e</sup>", "no": "n°",
    "No": "N°", "nobreakspace": "\u00a0", "times": "×", "pm": "±", "infty": "∞",
    "leq": "≤", "geq": "≥", "rightarrow": "→", "leftarrow": "←", "textquotesingle": "'",
    "textasciigrave": "`", "par": "\n\n", "newline": "\n",
    "ignorespaces": "", "relax": "", "noopsort": "", "protect": "", "em": "", "it": "", "bf": "",
    "sl": "", "rm": "", "sc": "", "tt": "", "sffamily": "", "mbox": "", "hbox": "", "text": "",
    "textnormal": "", "textrm": "", "texttt": "", "textsf": "", "mathrm": "", "ensuremath": "",
    "url": "", "mkbibquote": "", "enquote": "", "selectlanguage": "", "bibstring": "",
}  # fmt: skip
_FACES = {
    "emph": "i", "textit": "i", "textsl": "i", "mkbibemph": "i", "textbf": "b", "mathbf": "b",
    "textsuperscript": "sup", "mkbibsuperscript": "sup", "textsubscript": "sub",
    "mkbibsubscript": "sub", "textsc": "sc",
}  # fmt: skip
_OPENED = {"i": "<i>", "b": "<b>", "sup": "<sup>", "sub": "<sub>",
           "sc": '<span style="font-variant:small-caps;">'}  # fmt: skip
_CLOSED = {"i": "</i>", "b": "</b>", "sup": "</sup>", "sub": "</sub>", "sc": "</span>"}
_ESCAPED = frozenset("&%$#_{}")
_BLANKS = {",": "\u202f", ";": " ", ":": " ", "!": "", "/": "", "-": "", "@": "", " ": " "}
_OLD_FACES = {"em": "i", "it": "i", "sl": "i", "bf": "b", "sc": "sc"}
_QUOTES = {"enquote": ("“", "”"), "mkbibquote": ("“", "”")}
_UNKNOWN = "?"
"""Stands for a command that is not known: its braces stay, too."""
_QUOTES[_UNKNOWN] = ("{", "}")
_DASHES = {"--": "–", "---": "—", "``": "“", "''": "”"}


def plain(source: str) -> str:
    """Return LaTeX as text, with formatting as Zotero's tags."""
    if not any(sign in source for sign in "\\{}$~-`'%"):
        return source
    return _Reading(source).text()


class _Reading:
    """One text, token by token."""

    def __init__(self, source: str) -> None:
        self._tokens = _TOKEN.findall(source)
        self._out: list[str] = []
        self._closing: list[str] = []
        """What closes each open group."""
        self._accent = ""
        self._next = ""
        """The command whose argument comes next."""
        self._math = False

    def text(self) -> str:
        """Return the whole."""
        for token in self._tokens:
            self._take(token)
        self._out += reversed(self._closing)
        text = "".join(self._out).replace(" \u00a0»", "\u00a0»")
        return unicodedata.normalize("NFC", text)

    def _take(self, sign: str) -> None:
        if sign == "{":
            self._open()
        elif sign == "}":
            if self._closing:
                self._out.append(self._closing.pop())
        elif sign == "$":
            self._math = not self._math
        elif sign == "~":
            self._put("\u00a0")
        elif sign in _DASHES and not self._math:
            self._put(_DASHES[sign])
        elif sign in {"_", "^"} and self._math:
            self._next = "textsubscript" if sign == "_" else "textsuperscript"
        elif sign[0] == "\\" and len(sign) > 1:
            self._command(sign[1:])
        else:
            self._put(sign)

    def _open(self) -> None:
        command, self._next = self._next, ""
        face = _FACES.get(command)
        before, after = (_OPENED[face], _CLOSED[face]) if face else _QUOTES.get(command, ("", ""))
        if before:
            self._out.append(before)
        self._closing.append(after)

    def _command(self, named: str) -> None:
        name = named.strip().rstrip("*")
        blank = named[len(named.rstrip()) :] if named.strip() else named
        if name in _ACCENTS and (not name.isalpha() or name in "uvHcdbkr"):
            self._accent = _ACCENTS[name]
        elif name in _ESCAPED:
            self._put(name)
        elif name in _OLD_FACES and self._closing and not self._closing[-1]:
            face = _OLD_FACES[name]
            self._out.append(_OPENED[face])
            self._closing[-1] = _CLOSED[face]
        elif name in _FACES or name in _QUOTES:
            self._next = name
        elif name in _SIGNS:
            self._put(_SIGNS[name])
        elif named in _BLANKS:
            self._put(_BLANKS[named])
        elif named in {"\\", "\n"}:
            self._put("\n")
        else:
            self._put(f"\\{name}{blank}")
            self._next = _UNKNOWN

    def _put(self, text: str) -> None:
        if self._accent and text:
            first, rest = {"ı": "i", "ȷ": "j"}.get(text[0], text[0]), text[1:]
            text, self._accent = f"{first}{self._accent}{rest}", ""
        if self._next and text:
            face, self._next = _FACES.get(self._next), ""
            if face:
                text = f"{_OPENED[face]}{text[0]}{_CLOSED[face]}{text[1:]}"
        self._out.append(text)


def groups(source: str) -> bool:
    """Return whether a text stands in one pair of braces as a whole."""
    if source[:1] != "{" or source[-1:] != "}":
        return False
    depth = 0
    for at, sign in enumerate(source):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if not depth and at < len(source) - 1:
            return False
    return True
