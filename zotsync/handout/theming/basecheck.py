"""What is wrong with a theme's base.docx: everything at once, in words for whoever restyles it in Word."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from zotsync.errors import Place
from zotsync.handout.brokenzip import BROKEN_ZIP
from zotsync.handout.entry import FALLBACK, OPTIONAL_MARKS, Mark, Role
from zotsync.handout.theming.findings import Finding, note, wrong
from zotsync.handout.writers.ooxml import Element, clear_from, style_ids, tag
from zotsync.i18n import _
from zotsync.reasons import reason_of

_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files of old Word begin, and those that a password protects."""
_PARTS = ("word/document.xml", "word/styles.xml")
_STRICT = b"http://purl.oclc.org/ooxml/"
_CHANGES = tuple(
    tag(name)
    for name in ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "sectPrChange")
)


@dataclass(frozen=True, slots=True)
class _Base:
    """An opened base.docx."""

    place: Place
    model: Path
    """The base.docx that has every style."""
    parts: Mapping[str, Element]


def check_base(base: Path, model: Path) -> Iterator[Finding]:
    """Yield what is wrong with the file `base`; `model` is the base.docx of a theme that has it all."""
    place = Place(str(base))
    try:
        head = base.read_bytes()[: len(_OLD_WORD)]
    except OSError as exc:
        hint = _("Close it where it is open, and try again.")
        message = _("The file cannot be read: {reason}").format(reason=reason_of(exc))
        yield wrong(message, place, hint)
        return
    if head == _OLD_WORD:
        message = _("It has a password, or comes from an old Word (.doc).")
        yield wrong(message, place, _as_docx())
        return
    try:
        with zipfile.ZipFile(base) as bundle:
            kind = _another_kind(bundle)
            parts = {} if kind else _read(bundle)
    except (*BROKEN_ZIP, KeyError, etree.XMLSyntaxError):
        kind = _("The file is damaged: Word itself could not open it.")
    if kind:
        yield wrong(kind, place, _as_docx())
        return
    yield from _findings(_Base(place, model, parts))


def _as_docx() -> str:
    return _(
        "Open it in Word and save it under the name base.docx, of the type “Word document (.docx)”."
    )


def _another_kind(bundle: zipfile.ZipFile) -> str:
    """Return what kind of document the file is if not the one that is wanted; "" where it is."""
    names = bundle.namelist()
    if "mimetype" in names:
        return _("This is a document of LibreOffice, with another file's name.")
    types = bundle.read("[Content_Types].xml")
    if any(name.endswith("vbaProject.bin") for name in names) or b"macroEnabled" in types:
        return _("The document has macros: handouts would carry them to your readers.")
    if b"wordprocessingml.template.main" in types:
        return _("This is a Word template (.dotx), with another file's name.")
    if any(name not in names for name in _PARTS):
        return _("This is no Word document.")
    if _STRICT in bundle.read(_PARTS[0]):
        return _("The document was saved as “Strict Open XML”.")
    return ""


def _read(bundle: zipfile.ZipFile) -> dict[str, Element]:
    """Return the parts that handouts keep. Raises where one is damaged, pictures too."""
    if bundle.testzip():
        raise zipfile.BadZipFile
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    kept = [n for n in bundle.namelist() if n.startswith("word/") and n.endswith(".xml")]
    return {name: etree.fromstring(bundle.read(name), parser) for name in kept}


def _findings(base: _Base) -> Iterator[Finding]:
    styles = base.parts["word/styles.xml"]
    yield from _missing_styles(base, styles)
    yield from _title(base, styles)
    yield from _tracked(base)
    settings = base.parts.get("word/settings.xml")
    if settings is not None and settings.find(tag("documentProtection")) is not None:
        yield note(
            _("The document is protected: so will be every handout."),
            base.place,
            _("In Word: Review, Restrict Editing, Stop Protection."),
        )


def _missing_styles(base: _Base, styles: Element) -> Iterator[Finding]:
    found = {kind: style_ids(styles, kind) for kind in ("paragraph", "character")}
    french = _second_names(base.model)
    for kind, wanted in (("paragraph", Role), ("character", Mark)):
        other = "character" if kind == "paragraph" else "paragraph"
        lacking = [one.value for one in wanted if one.value not in found[kind]]
        for name in lacking:
            if name in found[other]:
                yield _of_another_kind(base, name, kind)
        missing = [n for n in lacking if n not in found[other] and n not in _dispensable()]
        if missing:
            names = ", ".join(f"{n} ({french[n]})" if n in french else n for n in missing)
            message = _("Missing styles: {names}.").format(names=names)
            hint = _(
                "Open {model} in Word, copy a paragraph that has the style, and paste it into "
                "yours with its formatting; or give one of your styles that name."
            )
            yield wrong(message, base.place, hint.format(model=base.model))


def _dispensable() -> frozenset[str]:
    return frozenset(one.value for one in (*FALLBACK, *OPTIONAL_MARKS))


def _of_another_kind(base: _Base, name: str, kind: str) -> Finding:
    message = (
        _("The style {name} is for characters; it must be one for paragraphs.")
        if kind == "paragraph"
        else _("The style {name} is for paragraphs; it must be one for characters.")
    )
    hint = _("Delete it in Word and copy it anew from {model}.").format(model=base.model)
    return wrong(message.format(name=name), base.place, hint)


def _second_names(model: Path) -> dict[str, str]:
    """Return style -> the other name that a base.docx gives it (`Entry Author` -> `Notice Auteur`)."""
    with zipfile.ZipFile(model) as bundle:
        styles = etree.fromstring(bundle.read("word/styles.xml"))
    pairs = ((style.find(tag("name")), style.find(tag("aliases"))) for style in styles)
    return {
        name.get(tag("val"), ""): alias.get(tag("val"), "")
        for name, alias in pairs
        if name is not None and alias is not None
    }


def _title(base: _Base, styles: Element) -> Iterator[Finding]:
    """Yield whether the handout's beginning is missing. What stands behind it is dropped."""
    style_id = style_ids(styles, "paragraph").get(Role.TITLE.value)
    body = base.parts["word/document.xml"].find(tag("body"))
    if style_id and (body is None or not clear_from(body, style_id)):
        message = _("No paragraph has the style {name}: it marks where the handout begins.")
        hint = _("Write a line where the title shall stand, and give it that style.")
        yield wrong(message.format(name=Role.TITLE.value), base.place, hint)


def _tracked(base: _Base) -> Iterator[Finding]:
    """Yield what change tracking would leave in every handout."""
    settings = base.parts.get("word/settings.xml")
    on = settings is not None and settings.find(tag("trackRevisions")) is not None
    if on or any(next(part.iter(*_CHANGES), None) is not None for part in base.parts.values()):
        message = _("Changes are tracked in the document: handouts would show them.")
        hint = _("In Word: Review, Accept All Changes and Stop Tracking; then save.")
        yield wrong(message, base.place, hint)
