"""Files that somebody made to do harm, or that are simply broken: an error or references, and soon."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_references import SCHEMA, read

from zotsync.plugins import Importer, Reference, Unread, UnreadableError
from zotsync.plugins.importers.bibtex import BIBTEX
from zotsync.plugins.importers.csl import CSL_JSON
from zotsync.plugins.importers.latex import plain
from zotsync.plugins.importers.native import JSON
from zotsync.plugins.importers.ris import RIS
from zotsync.plugins.importers.table import CSV
from zotsync.sync.deciding.validate import FaultKind, faults

ALL = [BIBTEX, CSL_JSON, CSV, JSON, RIS]
_WORDS = st.sampled_from(
    ["TY  - JOUR", "ER  - ", "AU  - ", "SN  - 2-7101", "DA  - 2020/13/45/x", "\n", "\r", "@book{a,",
     "title={", "}", '"', "#", "author={", " and ", "month=jan", "{", "\\'", "\\", "$", "^", "%", ";",
     ",", "\t", "Titre", "[", "]", ":", "null", "1e999", '{"type":"book"', '"author":[{}]',
     '"issued":{"date-parts":[[0]]}', "<i>", "&#9999999;", "\0", "\ufeff", "é", "\u2028", "x" * 70]
)  # fmt: skip


def is_sound(found: Reference) -> bool:
    """Return whether an item could go into a file and to Zotero, but for its length or a date."""
    fine = {FaultKind.TOO_LONG, FaultKind.UNKNOWN_TYPE}
    return all(f.kind in fine for f in faults(found.fields, SCHEMA, {}).values())


def tried(importer: Importer, data: str | bytes) -> None:
    try:
        found = read(importer, data)
    except UnreadableError as exc:
        assert str(exc)  # noqa: PT017 - either is right
        return
    if importer is not JSON:
        assert all(is_sound(one) for one in found if isinstance(one, Reference))


@pytest.mark.parametrize("importer", ALL, ids=lambda i: i.endings[0])
@given(data=st.binary(max_size=400))
def test_any_bytes(importer: Importer, data: bytes) -> None:
    tried(importer, data)
    importer.recognises(data)


@pytest.mark.parametrize("importer", ALL, ids=lambda i: i.endings[0])
@given(words=st.lists(_WORDS, max_size=60))
def test_pieces_of_formats_in_any_order(importer: Importer, words: list[str]) -> None:
    tried(importer, "".join(words))
    tried(importer, "TY  - BOOK\n" + "\n".join(words))
    tried(importer, "@book{a, title={T}, " + "".join(words))
    tried(importer, "Titre;Auteur;Date\n" + "".join(words))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(
            ["type", "title", "author", "issued", "accessed", "keyword", "note", "id", "page"]
        ),
        _JSON | st.just([{"family": 3, "given": []}]) | st.just({"date-parts": [["x", None], 3]}),
    )
)
def test_any_shape_of_csl(item: dict[str, Any]) -> None:
    tried(CSL_JSON, json.dumps([{"type": "book", **item}]))


@given(st.text(max_size=200))
def test_any_latex(text: str) -> None:
    plain(text)


BIG = {
    "braces": "@book{a, title={" + "{" * 500_000,
    "pairs": "@book{a, title={" + "{x}" * 500_000 + "}}",
    "quotes": '@book{a, title="' + "{" * 19_000 + '"',
    "entries without end": "@book{a," * 100_000,
    "names": "@book{a, author={" + "a and " * 20_000 + "b}}",
    "commas": "@book{a, author={" + "a," * 20_000 + "}}",
    "accents": "@book{a, title={" + "\\'" * 400_000 + "}}",
    "a long line": "TY  - BOOK\nTI  - " + "x" * 5_000_000,
    "many lines": "TY  - BOOK\nTI  - x\n" + "y\n" * 500_000,
    "blanks": "TY  - BOOK\nTI  - x" + " " * 2_000_000 + "\n" + "\t " * 500_000,
    "dashes": "TY  - BOOK\nSP  - " + "- " * 100_000 + "x",
    "isbns": "TY  - BOOK\nSN  - " + "1-" * 100_000,
    "tags": "TY  - BOOK\nTI  - " + "<" * 200_000 + "<a " * 100_000,
    "entities": "TY  - BOOK\nTI  - " + "&" * 500_000 + "&#" * 100_000,
    "deep": "[" * 1_000_000,
    "columns": "Titre;" * 100_000 + "\n" + "x;" * 100_000,
    "one column": "Titre\n" + "x" * 130_000,
    "cells": "Titre\n" + "x;" * 3_000_000,
    "quotes in a row": 'Titre\n"' + '""' * 60_000 + "\n" + '"x\n' * 100_000,
    "digits": "TY  - BOOK\nSN  - " + "1" * 300_000 + " 1" * 100_000,
    "names in one": "TY  - BOOK\nAU  - " + "a " * 200_000 + "\nAU  - " + "(dir" * 50_000,
    "slashes": "TY  - BOOK\nTI  - " + " / " * 200_000 + "\nAU  - a",
    "years": "TY  - BOOK\nDA  - " + "2019-" * 50_000 + "\nAU  - a, (1" + "9" * 50_000,
    "addresses": "TY  - BOOK\nUR  - " + "https://a?" + "utm_x=1&" * 100_000,
    "headings": "Titre;" + "a" * 200_000 + " " * 100_000,
}


@pytest.mark.parametrize("name", BIG)
@pytest.mark.parametrize("importer", ALL, ids=lambda i: i.endings[0])
def test_big_things_come_to_an_end(importer: Importer, name: str) -> None:
    tried(importer, BIG[name])


_PEOPLE = [{"family": f"N{i}", "given": "P"} for i in range(1_600)]
GROWING: dict[str, tuple[Importer, Any]] = {
    "authors": (RIS, lambda n: "TY  - BOOK\n" + "".join(f"AU  - N{i}, P\n" for i in range(n))),
    "tags": (RIS, lambda n: "TY  - BOOK\n" + "".join(f"KW  - m{i}\n" for i in range(n))),
    "numbers": (RIS, lambda n: "TY  - BOOK\n" + "".join(f"SN  - 1{i:07}\n" for i in range(n))),
    "other tags": (RIS, lambda n: "TY  - BOOK\n" + "".join(f"XX  - m{i}\n" for i in range(n))),
    "names": (BIBTEX, lambda n: "@book{a, author={" + "Nom, P and " * n + "X, Y}}"),
    "fields": (BIBTEX, lambda n: "@book{a" + "".join(f", f{i}={{x}}" for i in range(n)) + "}"),
    "strings": (BIBTEX, lambda n: "".join(f"@string{{s{i} = {{x}}}}\n" for i in range(n))),
    "parts": (BIBTEX, lambda n: "@book{w, title={T}}\n" + "@inbook{p, crossref=w}\n" * n),
    "csl people": (CSL_JSON, lambda n: json.dumps([{"type": "book", "author": _PEOPLE[:n]}])),
    "people in a cell": (CSV, lambda n: "Titre,Auteurs\nT," + "Nom P.;" * n),
    "rows": (CSV, lambda n: "Titre,Auteurs\n" + "T,X Y\n" * n),
}


@pytest.mark.parametrize("name", GROWING)
def test_work_grows_as_the_file_does(name: str) -> None:
    importer, made = GROWING[name]
    tried(importer, made(10))  # what is done once
    less, more = (calls(importer, made(size)) for size in (400, 1_600))
    assert more < 6 * less


def calls(importer: Importer, text: str) -> int:
    """Return how many functions are called to read a file: work that no machine does faster."""
    count = Counter[str]()
    sys.setprofile(lambda _frame, event, _arg: count.update([event]))
    try:
        tried(importer, text)
    finally:
        sys.setprofile(None)
    return count["call"] + count["c_call"]


BOMBS = {
    "strings that double": "@string{a = {xxxxxxxxxx}}\n"
    + "".join("@string{a = a # a}\n" for _ in range(60))
    + "@book{b, title=a}",
    "a whole with many parts": "@book{w, publisher={"
    + "x" * 100_000
    + "}}\n"
    + "@inbook{p, crossref=w}\n" * 10_000,
    "one string in many entries": "@string{a = {"
    + "x" * 100_000
    + "}}\n"
    + "@book{b, title=a}\n" * 10_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_would_grow_without_end_is_refused(name: str) -> None:
    with pytest.raises(UnreadableError, match="beyond all bounds"):
        read(BIBTEX, BOMBS[name])


def test_a_million_joints_are_no_title() -> None:
    found = read(
        BIBTEX, "@string{a={x}}\n@book{b, title=a" + "#a" * 1_000_000 + "}\n@book{c, title={C}}"
    )
    assert [type(one) for one in found] == [Unread, Reference]


def test_json_that_is_as_deep_as_it_may_be() -> None:
    for depth in (50, 400, 900, 2_000):
        tried(CSL_JSON, '[{"type": "book", "x": ' + "[" * depth + "]" * depth + "}]")
        tried(JSON, '{"format":"zotsync","version":1,"items":[' + "[" * depth + "]" * depth + "]}")


def test_numbers_without_end() -> None:
    digits = "9" * 100_000
    tried(CSL_JSON, f'[{{"type": "book", "issued": {{"date-parts": [[{digits}]]}}}}]')
    tried(CSV, f"Titre;Date;Volume\nT;{digits};{digits}\n")
    tried(RIS, f"TY  - BOOK\nDA  - {digits}/{digits}\nSP  - {digits}\n")
    tried(BIBTEX, f"@book{{a, year={digits}, month={digits}}}")


class _Watch:
    """What the interpreter is asked to do beyond computing, while it is looked at."""

    looking = False
    seen: list[str] = []  # noqa: RUF012 - an audit hook stays for ever, so there is one


def _audit(event: str, _args: object) -> None:
    outside = ("open", "socket.", "subprocess.", "os.", "shutil.", "urllib.", "exec", "import")
    if _Watch.looking and event.startswith(outside):
        _Watch.seen.append(event)


sys.addaudithook(_audit)


@contextmanager
def watched() -> Iterator[list[str]]:
    """Return what happens meanwhile."""
    _Watch.seen, _Watch.looking = [], True
    try:
        yield _Watch.seen
    finally:
        _Watch.looking = False


@pytest.mark.parametrize(
    ("importer", "text"),
    [
        (BIBTEX, "@book{a, title={\\input{/etc/passwd} \\write18{ls}}, url={file:///etc/passwd}}"),
        (BIBTEX, '@preamble{"\\immediate\\write18{ls}"}\n@book{a, title={T}, file={/etc/passwd}}'),
        (RIS, "TY  - ELEC\nUR  - https://example.org/\nL1  - file:///etc/passwd\nER  -\n"),
        (CSL_JSON, '[{"type": "webpage", "URL": "https://example.org/", "title": "{{7*7}}"}]'),
        (CSV, 'Titre;URL\n=HYPERLINK("https://example.org");https://example.org\n'),
        (
            JSON,
            '{"format":"zotsync","version":1,"items":[{"itemType":"book","url":"http://a.fr"}]}',
        ),
    ],
)
def test_nothing_is_opened_fetched_or_executed(importer: Importer, text: str) -> None:
    read(importer, text)  # modules are loaded where they are wanted first
    with watched() as seen:
        read(importer, text)
    assert seen == []


def test_the_watch_sees_what_is_done(tmp_path: Path) -> None:
    with watched() as seen:
        (tmp_path / "x").write_bytes(b"")
    assert "open" in seen


@pytest.mark.parametrize(
    ("importer", "text"),
    [
        (BIBTEX, "@book{a,title={x}}\n" * 200_000),
        (CSL_JSON, "[" + '{"type":"book"},' * 100_000 + "{}]"),
        (CSV, "Titre\n" + "x\n" * 60_000),
        (JSON, '{"format":"zotsync","version":1,"items":[' + "{}," * 60_000 + "{}]}"),
        (RIS, "TY  - BOOK\n" * 60_000),
    ],
    ids=lambda v: v.endings[0] if isinstance(v, Importer) else "",
)
def test_too_many_references_are_refused(importer: Importer, text: str) -> None:
    with pytest.raises(UnreadableError, match="split it"):
        read(importer, text)
