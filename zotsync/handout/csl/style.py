"""A citation style: a CSL file, checked as far as needed to say what is wrong with it, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from zotsync.errors import Place, StyleError
from zotsync.i18n import _
from zotsync.reasons import reason_of

_NAMESPACE = "http://purl.org/net/xbiblio/csl"
_SUBSTITUTE = re.compile(rb"\ssubsequent-author-substitute(?:-rule)?\s*=\s*(?:\"[^\"]*\"|'[^']*')")


@dataclass(frozen=True, slots=True)
class Style:
    """A citation style as its file has it."""

    file: Path
    data: bytes
    locale: str
    """The language it is always in; "" where it takes that of the document."""
    parent: str
    """The URI of the style that it is another name of; "" where it stands alone."""

    @property
    def applied(self) -> bytes:
        """Return the style as it is applied: an author is always named.

        A dash for the author of the entry before would stand for the wrong one wherever the handout has
        an order or sections of its own.
        """
        return _SUBSTITUTE.sub(b"", self.data)


def read_style(file: Path) -> Style:
    """Return the style in `file`. Raises StyleError with the line where something is wrong.

    A DOCTYPE, which all attacks through XML need, is refused.
    """
    try:
        data = file.read_bytes()
    except OSError as exc:
        message = _("The citation style cannot be read: {reason}").format(reason=reason_of(exc))
        raise StyleError(message, place=Place(str(file))) from exc
    seen = _Seen(str(file))
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = lambda *_args: seen.refuse_doctype(parser.CurrentLineNumber)
    parser.StartElementHandler = lambda tag, told: seen.start(tag, told, parser.CurrentLineNumber)
    parser.EndElementHandler = lambda _tag: seen.path.pop()
    try:
        parser.Parse(data, True)  # noqa: FBT003 - the parser's own interface
    except expat.ExpatError as exc:
        message = _("This citation style is no sound XML: the file is damaged, or something else.")
        hint = _("Get it again from https://www.zotero.org/styles.")
        raise StyleError(message, place=Place(str(file), exc.lineno), hint=hint) from exc
    seen.check()
    return Style(file, data, seen.locale, seen.parent)


@dataclass(slots=True)
class _Seen:
    """What a parser has come across."""

    file: str
    path: list[str] = field(default_factory=list)
    locale: str = ""
    parent: str = ""
    parts: set[str] = field(default_factory=set)
    macros: set[str] = field(default_factory=set)
    calls: list[tuple[str, int]] = field(default_factory=list)

    def start(self, tag: str, told: dict[str, str], line: int) -> None:
        namespace, _blank, name = tag.rpartition(" ")
        if not self.path and (name != "style" or namespace != _NAMESPACE):
            raise self._error(_("This is no citation style (CSL)."), line)
        self.path.append(name)
        where = "/".join(self.path)
        if where == "style":
            self.locale = told.get("default-locale", "")
        elif where == "style/info/link" and told.get("rel") == "independent-parent":
            self.parent = told.get("href", "")
        elif where == "style/macro":
            self.macros.add(told.get("name", ""))
        self.parts.add(where)
        if name in {"text", "key"} and "macro" in told:
            self.calls.append((told["macro"], line))

    def refuse_doctype(self, line: int) -> None:
        raise self._error(_("A citation style has no DOCTYPE."), line)

    def check(self) -> None:
        if self.parent:
            return
        for name, line in self.calls:
            if name not in self.macros:
                raise self._error(
                    _("There is no macro {name} in this style.").format(name=name), line
                )
        if "style/bibliography/layout" not in self.parts:
            raise self._error(_("This citation style makes notes only, no bibliography."), None)

    def _error(self, message: str, line: int | None) -> StyleError:
        hint = _("Get it again from https://www.zotero.org/styles, or choose another.")
        return StyleError(message, place=Place(self.file, line), hint=hint)
