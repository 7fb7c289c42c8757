"""BibTeX and BibLaTeX, read by pybtex entry by entry, so that a broken one takes none with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from zotsync.i18n import N_, _
from zotsync.importers.bibtex_tables import (
    FIELDS,
    IGNORED,
    LANGUAGES,
    NOTES,
    ROLES,
    SUBTYPES,
    THESES,
    TYPES,
    VERBATIM,
)
from zotsync.importers.csl import too_many
from zotsync.importers.draft import Draft, person
from zotsync.importers.latex import groups, plain
from zotsync.importers.texts import MOST_REFERENCES, decoded, one_line
from zotsync.model import Schema
from zotsync.plugins.incoming import Importer, Reference, Source, Unread, UnreadableError

_START = re.compile(r"^[ \t]*@[ \t]*([A-Za-z]+)[ \t\n]*[{(]", re.MULTILINE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONGEST = 2_000_000
_MOST_BRACES = 20_000
"""What a single entry may have; beyond it something is wrong with its braces."""
_SPLIT = re.compile(r"\s*[;,]\s*")
_UNESCAPED = re.compile(r"\{?\\([_&%#~$])\}?")
_PAGES = re.compile(r"\s*(?:[-–—]\s*)+")


class _Macros(dict[str, str]):
    """The abbreviations of a file; one that nobody explains stands for itself."""

    def __missing__(self, name: str) -> str:
        """Look again without regard to case."""
        return self.get(name.lower(), name)

    def __setitem__(self, name: str, text: str) -> None:
        """Keep an abbreviation."""
        super().__setitem__(name.lower(), text)


def read_bibtex(source: Source) -> Iterator[Reference | Unread]:
    """Yield the references of a .bib file."""
    text = decoded(source.data)
    starts = list(_START.finditer(text))
    if not starts:
        raise UnreadableError(_("It has no entry such as @book{…}: this is no BibTeX."))
    if len(starts) > 2 * MOST_REFERENCES:
        raise too_many()
    macros = _Macros({name: f"{n:02}" for n, name in enumerate(_MONTHS, 1)})
    known: dict[str, Mapping[str, str]] = {}
    entries: list[tuple[str, str, dict[str, str]]] = []
    for at, start in enumerate(starts):
        end = starts[at + 1].start() if at + 1 < len(starts) else len(text)
        for entry in _parsed(text[start.start() : end], start[1].lower(), macros):
            if isinstance(entry, Unread):
                yield entry
                continue
            entries.append(entry)
            known[entry[1].lower()] = entry[2]
    for kind, key, fields in entries:
        yield _reference(source.schema, kind, key, _with_parent(fields, known))


def _parsed(
    chunk: str, command: str, macros: _Macros
) -> Iterator[tuple[str, str, dict[str, str]] | Unread]:
    """Yield the entry of a chunk, and what is wrong with it."""
    from pybtex.database.input.bibtex import LowLevelParser  # noqa: PLC0415 - only where it is used
    from pybtex.scanner import PybtexSyntaxError  # noqa: PLC0415

    if command in {"comment", "preamble"}:
        return
    head = one_line(chunk[:60])
    if len(chunk) > _LONGEST or chunk.count("{") > _MOST_BRACES or chunk.count('"') > _MOST_BRACES:
        yield Unread(head, _("too long: a brace may be missing"))
        return
    faults: list[str] = []
    parser = LowLevelParser(chunk, macros=macros, handle_error=lambda e: faults.append(str(e)))
    try:
        found = next(iter(parser), None)
    except PybtexSyntaxError as exc:
        faults.append(str(exc))
        found = None
    if command == "string":
        return
    if found is None or not found[1][0] or faults:
        yield Unread(head, _("a brace, a quote or a comma is missing"))
    if found is not None and found[1][0]:
        kind, (key, pairs) = found
        fields: dict[str, str] = {}
        for name, parts in pairs:
            fields.setdefault(name.lower(), "".join(parts).strip())
        if fields:
            yield kind.lower(), key, fields


def _with_parent(fields: dict[str, str], known: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return an entry's fields with those of the whole that it names (`crossref`)."""
    whole = known.get(fields.get("crossref", "").lower())
    if not whole:
        return fields
    names = {"title": "booktitle", "author": "bookauthor", "subtitle": "booksubtitle"}
    passed = {names.get(name, name): text for name, text in whole.items()}
    return {n: t for n, t in passed.items() if n not in {"crossref", "shorttitle"}} | fields


def _reference(schema: Schema, kind: str, key: str, fields: dict[str, str]) -> Reference:
    draft = Draft(schema, _type(schema, kind, fields), key)
    left = dict(fields)
    _title(draft, left)
    _people(draft, left)
    _type_words(draft, kind, left)
    _date(draft, left)
    _numbers(draft, left)
    for name in ("keywords", "keyword"):
        for word in _SPLIT.split(plain(left.pop(name, ""))):
            draft.tag(word)
    for name, text in left.items():
        _field(draft, name, text)
    if draft.has("citationKey"):
        draft.put("citationKey", key)
    elif draft.values.get("extra"):
        draft.values["extra"] += f"\nCitation Key: {key}"
    else:
        draft.values["extra"] = f"Citation Key: {key}"
    return draft.finished()


def _type(schema: Schema, kind: str, fields: Mapping[str, str]) -> str:
    found = SUBTYPES.get(fields.get("entrysubtype", "").lower(), "") or TYPES.get(kind, "document")
    if (
        kind == "misc"
        and ("url" in fields or "howpublished" in fields)
        and "publisher" not in fields
    ):
        found = found if found != "document" else "webpage" if "url" in fields else found
    if found == "journalArticle" and kind == "article" and "booktitle" in fields:
        found = "conferencePaper" if "journal" not in fields else found
    return found if found in schema.item_types else "document"


def _title(draft: Draft, left: dict[str, str]) -> None:
    for title, subtitle, field in (
        ("title", "subtitle", "title"),
        ("booktitle", "booksubtitle", "publicationTitle"),
        ("journaltitle", "journalsubtitle", "publicationTitle"),
    ):
        parts = [plain(left.pop(name, "")).strip() for name in (title, subtitle)]
        whole = _joined(*map(one_line, parts))
        draft.put(field, whole, title)


def _joined(title: str, subtitle: str) -> str:
    """Return a title with its subtitle, a colon between them where it does not end with a sign."""
    if not (title and subtitle):
        return title or subtitle
    return f"{title} {subtitle}" if title[-1] in "?!.…:" else f"{title}: {subtitle}"


def _people(draft: Draft, left: dict[str, str]) -> None:
    primary = draft.kind.creator_types[:1] or ("author",)
    for field, role in {"author": primary[0], **ROLES}.items():
        for name in names(left.pop(field, "")):
            draft.creator("author" if field == "author" and role != primary[0] else role, name)


def names(source: str) -> list[dict[str, str]]:
    """Return the people of a list of names, particles with the last name, institutions whole."""
    from pybtex.bibtex.utils import split_name_list  # noqa: PLC0415
    from pybtex.database import InvalidNameString, Person  # noqa: PLC0415

    found = []
    for text in split_name_list(one_line(source)):
        if not text or text.lower() == "others":
            continue
        if groups(text):
            found.append(person(plain(text)))
            continue
        try:
            parts = Person(text)
        except InvalidNameString:
            found.append(person(plain(text)))
            continue
        last = " ".join([*parts.prelast_names, *parts.last_names])
        first = " ".join([*parts.first_names, *parts.middle_names])
        if parts.lineage_names:
            first = f"{first}, {' '.join(parts.lineage_names)}"
        found.append(person(plain(last), plain(first)))
    return found


def _type_words(draft: Draft, kind: str, left: dict[str, str]) -> None:
    left.pop("entrysubtype", "")
    words = left.pop("type", "") or (kind if kind in THESES and draft.item_type == "thesis" else "")
    draft.put("type", THESES.get(words.lower(), plain(words)), "type")


def _date(draft: Draft, left: dict[str, str]) -> None:
    year, month, day = (plain(left.pop(name, "")).strip() for name in ("year", "month", "day"))
    date = plain(left.pop("date", "")).replace("–", "-").strip() or left.pop("issued", "")
    if month.isdigit() and year.isdigit():
        year = "-".join(
            [year, f"{int(month[:2]):02}", *([f"{int(day[:2]):02}"] if day.isdigit() else [])]
        )
    elif month:
        year = " ".join(part for part in (day, month, year) if part)
    if date:
        draft.put("date", date, "date")
    elif year:
        draft.put("date", year, "year")
    accessed = left.pop("urldate", "") or left.pop("lastchecked", "")
    draft.put("accessDate", accessed, "urldate")


def _numbers(draft: Draft, left: dict[str, str]) -> None:
    pages = _PAGES.sub("-", plain(left.pop("pages", "")))
    draft.put_first(("pages", "numPages"), pages, "pages")
    number = plain(left.pop("number", ""))
    if draft.has("issue"):
        draft.put("issue", number, "number")
    else:
        draft.put_first(("number", "seriesNumber"), number, "number")
    eprint, kind = left.pop("eprint", ""), left.pop("eprinttype", left.pop("archiveprefix", ""))
    if eprint:
        label = kind or "eprint"
        if label.lower() == "hal" and not left.get("url"):
            left["url"] = f"https://hal.science/{eprint}"
        draft.keep(label.upper() if label.lower() in {"hal", "pmid"} else label, eprint)


def _field(draft: Draft, name: str, source: str) -> None:
    text = _UNESCAPED.sub(r"\1", source).strip("{}") if name in VERBATIM else plain(source)
    if name in IGNORED or not text.strip():
        return
    if name in NOTES:
        draft.note(text)
    elif name in {"note", "howpublished"}:
        if name == "howpublished" and re.match(r"(?:\\url\{)?https?://", text):
            draft.put("url", text.removeprefix("\\url{").rstrip("}"), name)
        else:
            draft.note(text) if name == "note" else draft.keep(name, text)
    elif name in {"language", "langid"}:
        code = LANGUAGES.get(text.lower(), text)
        if not draft.get("language"):
            draft.put("language", code, name)
    elif name in {"url", "doi"}:
        draft.put({"url": "url", "doi": "DOI"}[name], text, name.upper())
    elif name in FIELDS:
        draft.put_first(FIELDS[name], text, name)
    else:
        draft.keep(name, text)


def _looks_like(head: bytes) -> bool:
    return _START.search(decoded(head)) is not None


BIBTEX = Importer(N_("BibTeX and BibLaTeX"), ("bib", "bibtex"), _looks_like, read_bibtex)
