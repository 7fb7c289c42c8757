"""BibTeX and BibLaTeX: what their entries say, in Zotero's fields. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from zotsync.i18n import N_
from zotsync.model import Schema
from zotsync.oldhandouts.names import BODIES
from zotsync.plugins.importers.bibdates import date_of
from zotsync.plugins.importers.bibfile import START, Entry, entries
from zotsync.plugins.importers.bibtex_tables import (
    FIELDS,
    FRENCH_THESES,
    LANGUAGES,
    NOTES,
    PATHS,
    ROLES,
    SUBTYPES,
    THESES,
    TYPES,
    VERBATIM,
)
from zotsync.plugins.importers.draft import Draft, person
from zotsync.plugins.importers.latex import groups, plain
from zotsync.plugins.importers.texts import decoded, one_line
from zotsync.plugins.incoming import Beside, Importer, Reference, Source, Unread

_SPLIT = re.compile(r"\s*[;,]\s*")
_UNESCAPED = re.compile(r"\{?\\([_&%#~$])\}?")
_OWN_ROLES = {"redactor": "seriesEditor", "collaborator": "contributor"}
_ONLINE = frozenset({"blogPost", "forumPost", "webpage"})
"""Types whose site stands behind the title."""
_PART = re.compile(r'\b(family|given|prefix|suffix)\s*=\s*("[^"]*"|[^,]*)', re.IGNORECASE)
"""Of a name in biblatex's long form: `family=Ours, given=Ève, prefix=de`."""
_FRENCH_HOUSE = re.compile("Universit[ée]s? d|Université |École |EHESS|ENS ", re.IGNORECASE)
_LONGEST_LIST = 200_000
"""Letters of a list of names; pybtex takes it apart in time that grows faster than the list."""
_PAGES = re.compile(r"\s*(?:[-–—]\s*)+")


def read_bibtex(source: Source) -> Iterator[Reference | Unread | Beside]:
    """Yield the references of a .bib file."""
    for entry in entries(decoded(source.data)):
        if isinstance(entry, Unread):
            yield entry
        elif entry.kind == "set":  # no work, but a name for several that are here themselves
            yield Beside(f"@set {entry.key}: {'; '.join(map(plain, entry.fields.values()))}")
        else:
            yield _reference(source.schema, entry)


def _reference(schema: Schema, entry: Entry) -> Reference:
    key, left = entry.key, dict(entry.fields)
    draft = Draft(schema, _type(schema, entry.kind, left), key)
    _title(draft, left)
    _people(draft, left)
    _type_words(draft, entry.kind, left)
    _date(draft, left)
    _numbers(draft, left)
    for name in ("keywords", "keyword", "author_keywords"):
        for word in _SPLIT.split(plain(left.pop(name, ""))):
            draft.tag(word)
    for name, text in left.items():
        _field(draft, name, text)
    for name, text in entry.doubled:
        draft.keep(name, plain(text))
    if key:
        draft.put("citationKey", key, "Citation Key")
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
        if title == "booktitle" and not draft.has(field) and whole == draft.get("title"):
            continue  # proceedings name themselves twice
        draft.put(field, whole, title)
    main = _joined(*(one_line(plain(left.pop(name, ""))) for name in ("maintitle", "mainsubtitle")))
    whole_of = ("publicationTitle", "series") if not draft.get("publicationTitle") else ("series",)
    draft.put_first(whole_of, main, "maintitle")


def _joined(title: str, subtitle: str) -> str:
    """Return a title with its subtitle, a colon between them where it does not end with a sign."""
    if not (title and subtitle):
        return title or subtitle
    return f"{title} {subtitle}" if title[-1] in "?!.…:" else f"{title}: {subtitle}"


def _people(draft: Draft, left: dict[str, str]) -> None:
    primary = draft.kind.creator_types[:1] or ("author",)
    for field, role in {"author": primary[0], **ROLES}.items():
        people = left.pop(field, "")
        if left.get(f"{field}type") in _OWN_ROLES:  # as zotsync writes them
            role = _OWN_ROLES[left.pop(f"{field}type")]  # noqa: PLW2901
        if len(people) > _LONGEST_LIST:
            draft.keep(field, people)
            continue
        for name in names(people):
            draft.creator("author" if field == "author" and role != primary[0] else role, name)


def names(source: str) -> list[dict[str, str]]:
    """Return the people of a list of names, particles with the last name, institutions whole."""
    from pybtex.bibtex.utils import split_name_list, split_tex_string  # noqa: PLC0415

    people = [text for text in split_name_list(one_line(source)) if text]
    alone = (  # « et » is what some write for `and`; institutions have it in their names
        [text] if _is_body(text) else split_tex_string(text, "[ ~]et[ ~]") for text in people
    )
    return [_person(one) for texts in alone for one in texts if one]


def _is_body(text: str) -> bool:
    """Return whether a name begins as an institution's does: somebody forgot its braces."""
    return "," not in text and text.partition(" ")[0].casefold() in BODIES


def _person(text: str) -> dict[str, str]:
    from pybtex.database import InvalidNameString, Person  # noqa: PLC0415

    if text.lower() == "others":
        return {"name": "et al."}
    if _PART.match(text):
        return _told_in_parts(text)
    try:
        parts = None if groups(text) or _is_body(text) else Person(text)
    except InvalidNameString:
        parts = None
    if parts is None:
        return person(plain(text))
    last = " ".join([*parts.prelast_names, *parts.last_names])
    first = " ".join([*parts.first_names, *parts.middle_names])
    if parts.lineage_names:
        first = f"{first}, {' '.join(parts.lineage_names)}"
    return person(plain(last), plain(first))


def _told_in_parts(text: str) -> dict[str, str]:
    said = {name.lower(): plain(value).strip('" ') for name, value in _PART.findall(text)}
    last = " ".join(filter(None, (said.get("prefix"), said.get("family"))))
    return person(last, ", ".join(filter(None, (said.get("given"), said.get("suffix")))))


def _type_words(draft: Draft, kind: str, left: dict[str, str]) -> None:
    if (subtype := left.pop("entrysubtype", "")).lower() not in SUBTYPES:
        draft.keep("entrysubtype", plain(subtype))
    words = left.pop("type", "") or (kind if kind in THESES and draft.item_type == "thesis" else "")
    known = FRENCH_THESES if _is_french(left) else THESES
    draft.put("type", known.get(words.lower(), plain(words)), "type")


def _is_french(left: Mapping[str, str]) -> bool:
    """Return whether an entry says that it is in French; else a French university does."""
    said = left.get("langid", "") or left.get("language", "")
    houses = (left.get(name, "") for name in ("school", "institution"))
    code = LANGUAGES.get(said.lower(), plain(said).lower())
    return code.startswith("fr") if said else any(_FRENCH_HOUSE.match(plain(h)) for h in houses)


def _date(draft: Draft, left: dict[str, str]) -> None:
    year, month, day = (plain(left.pop(name, "")).strip() for name in ("year", "month", "day"))
    date = _date_field(left.pop("date", "")) or plain(left.pop("issued", ""))
    if re.fullmatch(r"\d{4}", date) and month and year in ("", date):
        date, year = "", date
    draft.put("date", date_of(date, year, month, day), "date")
    if date and date_of("", year, month, day) not in date:
        for name, part in (("year", year), ("month", month)):
            draft.keep(name, part)
    if day and (date or not month) and day.zfill(2) not in date:
        draft.keep("day", day)
    accessed = left.pop("urldate", "") or left.pop("lastchecked", "")
    draft.put("accessDate", _date_field(accessed), "urldate")


def _date_field(source: str) -> str:
    """Return a date in which `~` is no blank, but says that it is not certain."""
    return plain(source.strip("{} \n").replace("~", r"\textasciitilde{}"))


def _numbers(draft: Draft, left: dict[str, str]) -> None:
    pages = _PAGES.sub("-", plain(left.pop("pages", "")))
    if draft.has("pages") or "-" not in pages:
        draft.put_first(("pages", "numPages"), pages, "pages")
    else:  # of a book, from where to where: that is not how many
        draft.keep("Pages", pages)
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
        if label.lower() in {"pubmed", "pmid"} and draft.has("PMID"):
            draft.put("PMID", eprint, "PMID")
            return
        draft.keep(label.upper() if label.lower() in {"hal", "pmid"} else label, eprint)


def _field(draft: Draft, name: str, source: str) -> None:
    text = _UNESCAPED.sub(r"\1", source).strip("{}") if name in VERBATIM else plain(source)
    if PATHS.fullmatch(name) or not text.strip():
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
        if not draft.get("language").startswith(code):
            draft.put("language", code, name)
    elif name in {"url", "doi"}:
        draft.put({"url": "url", "doi": "DOI"}[name], text, name.upper())
    elif name == "titleaddon" and draft.item_type in _ONLINE:
        draft.put("publicationTitle", text, name)
    elif name in FIELDS:
        draft.put_first(FIELDS[name], text, name)
    else:
        draft.keep(name, text)


def _looks_like(head: bytes) -> bool:
    return START.search(decoded(head)) is not None


BIBTEX = Importer(N_("BibTeX and BibLaTeX"), ("bib", "bibtex"), _looks_like, read_bibtex)
