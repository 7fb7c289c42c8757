"""Files that somebody made to do harm, or that are simply broken: an error or references, and soon."""

from __future__ import annotations

import json
import resource
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_references import SCHEMA, read

from zotsync.importers.bibtex import BIBTEX
from zotsync.importers.csl import CSL_JSON
from zotsync.importers.latex import plain
from zotsync.importers.native import JSON
from zotsync.importers.ris import RIS
from zotsync.importers.table import CSV
from zotsync.plugins import Importer, Reference, UnreadableError
from zotsync.sync.validate import FaultKind, faults

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
}


@pytest.mark.parametrize("name", BIG)
@pytest.mark.parametrize("importer", ALL, ids=lambda i: i.endings[0])
def test_big_things_come_to_an_end(importer: Importer, name: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    tried(importer, BIG[name])
    assert (
        resource.getrusage(resource.RUSAGE_SELF).ru_utime - before < 60
    )  # of a minute: not for ever


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
