"""Update the catalogues: every message of zotsync and of Click, and their French.

`python scripts/messages.py` reads the sources, updates zotsync.po (new messages are left empty, gone
ones are dropped), compiles zotsync.mo, and names what is not translated yet.
"""

from __future__ import annotations

import datetime as dt
import io
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

CHECKOUT = Path(__file__).resolve().parents[1]
FRENCH = CHECKOUT / "zotsync" / "locale" / "fr" / "LC_MESSAGES" / "zotsync.po"
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
}
_HEADER = """\
# French messages of zotsync, and of Click, which it is built on.
# Updated by `make messages`; the translations are written here.
msgid ""
msgstr ""
"Language: fr\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"X-Click-Version: {click}\\n"

"""
_ANY_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""Dates in a catalogue would make every update a change."""


def sources() -> Iterator[tuple[str, Path]]:
    """Yield the name and path of every source file that may hold messages."""
    for path in sorted((CHECKOUT / "zotsync").rglob("*.py")):
        yield path.relative_to(CHECKOUT).as_posix(), path
    yield from click_sources()


def click_sources() -> Iterator[tuple[str, Path]]:
    """Yield the name and path of the installed Click's source files."""
    spec = find_spec("click")
    if spec is None or spec.origin is None:
        sys.exit("Click is not installed.")
    folder = Path(spec.origin).parent
    for path in sorted(folder.glob("*.py")):
        yield f"click/{path.name}", path


def template() -> Catalog:
    """Return the catalogue of what stands in the sources, without translations."""
    catalog = Catalog(domain="zotsync", charset="utf-8")
    for name, path in sources():
        found = extract_from_file("python", path, KEYWORDS, ["Translators:"])
        for _line, message, comments, context in found:
            catalog.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    return catalog


def french() -> Catalog:
    """Return the French catalogue as it stands in zotsync.po."""
    if not FRENCH.exists():
        return Catalog(locale="fr", domain="zotsync", charset="utf-8")
    with FRENCH.open("rb") as file:
        return read_po(file, locale="fr", domain="zotsync", charset="utf-8")


def compiled(catalog: Catalog) -> bytes:
    """Return the .mo of `catalog`, the same for the same messages."""
    catalog.creation_date = catalog.revision_date = _ANY_DAY
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return the forms of a message or a translation, singular first."""
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def texts(catalog: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return message -> translation where there is one, without the header."""
    return {forms(m.id): forms(m.string) for m in catalog if m.id and all(forms(m.string))}


def compiled_french() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return msgid -> translation as the committed .mo has it."""
    with FRENCH.with_suffix(".mo").open("rb") as file:
        return texts(read_mo(file))


def untranslated(catalog: Catalog) -> list[Message]:
    """Return the messages without a complete translation, and the doubtful ones."""
    return [m for m in catalog if m.id and (m.fuzzy or not all(forms(m.string)))]


def main() -> None:
    """Update zotsync.po and zotsync.mo."""
    catalog = french()
    catalog.update(template(), no_fuzzy_matching=True)
    out = io.BytesIO()
    write_po(
        out,
        catalog,
        width=100,
        omit_header=True,
        ignore_obsolete=True,
        sort_by_file=True,
        include_lineno=False,
    )
    FRENCH.parent.mkdir(parents=True, exist_ok=True)
    header = _HEADER.format(click=version("click"))
    FRENCH.write_text(header + out.getvalue().decode(), encoding="utf-8", newline="\n")
    FRENCH.with_suffix(".mo").write_bytes(compiled(french()))
    missing = untranslated(french())
    print(f"{len(catalog)} messages, {len(missing)} without French")
    for message in missing:
        print(f"  {message.id}")


if __name__ == "__main__":
    main()
