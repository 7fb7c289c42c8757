"""BibTeX and BibLaTeX as HAL, OpenEdition, Mendeley, JabRef and Zotero write them."""

from __future__ import annotations

import pytest
from reading_references import creators, one, read, references, tags

from zotsync.importers.bibtex import BIBTEX, names
from zotsync.importers.latex import plain
from zotsync.plugins import Reference, Unread, UnreadableError

HAL = r"""
@article{gardien:hal-01234567,
  TITLE = {{L'accompagnement par les pairs : une {\og}{\'e}vidence{\fg} ?}},
  AUTHOR = {Gardien, {\`E}ve and de La Fontaine, Jean and {Minist{\`e}re de la Sant{\'e}}},
  URL = {https://hal.science/hal-01234567},
  JOURNAL = {{Revue fran{\c c}aise des affaires sociales}},
  PUBLISHER = {{La Documentation fran{\c c}aise}},
  NUMBER = {2},
  PAGES = {87--112},
  YEAR = {2020},
  MONTH = Jun,
  DOI = {10.3917/rfas.202.0087},
  KEYWORDS = {pair-aidance ; savoirs exp{\'e}rientiels},
  HAL_ID = {hal-01234567},
}
"""
BIBLATEX = r"""
@incollection{jouet,
  title = {Savoirs},
  subtitle = {Une \emph{approche} du \textsc{xxi}\textsuperscript{e} siècle},
  author = {Jouet, Emmanuelle},
  editor = {Las Vergnas, Olivier},
  booktitle = {Nouvelles coopérations},
  date = {2014-05/2014-06},
  langid = {french},
  location = {Paris},
  publisher = {EAC},
  isbn = {978-2-8130-0165-8},
  pages = {41–58},
  urldate = {2021-02-03},
  crossref = {tout},
  annotation = {Très \textbf{bon}},
}
@collection{tout, title = {Autre}, series = {Santé}, year = 2013}
"""


def test_an_article_of_hal() -> None:
    found = one(BIBTEX, HAL)
    fields = found.fields
    assert fields["title"] == "L'accompagnement par les pairs : une «\u00a0évidence\u00a0» ?"
    assert creators(fields) == [
        ("author", "Gardien, Ève"),
        ("author", "de La Fontaine, Jean"),
        ("author", "Ministère de la Santé"),
    ]
    assert fields["publicationTitle"] == "Revue française des affaires sociales"
    assert (fields["issue"], fields["pages"], fields["date"]) == ("2", "87-112", "2020-06")
    assert tags(fields) == ["pair-aidance", "savoirs expérientiels"]
    assert fields["publisher"] == "La Documentation française"
    assert found.kept == ("hal_id: hal-01234567",)
    assert fields["extra"] == "hal_id: hal-01234567"


def test_biblatex_with_the_whole_in_another_entry() -> None:
    chapter, whole = references(BIBTEX, BIBLATEX)
    fields = chapter.fields
    assert fields["title"] == (
        'Savoirs: Une <i>approche</i> du <span style="font-variant:small-caps;">xxi</span>'
        "<sup>e</sup> siècle"
    )
    assert (fields["bookTitle"], fields["series"]) == ("Nouvelles coopérations", "Santé")
    assert (fields["date"], fields["language"]) == ("2014-05/2014-06", "fr")
    assert (fields["accessDate"], fields["place"]) == ("2021-02-03", "Paris")
    assert chapter.notes == ("<p>Très <b>bon</b></p>",)
    assert whole.fields["itemType"] == "book"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"{\'E}cole d'{\'e}t\'e", "École d'été"),
        (r"\c{c}a, na\"{\i}ve, {\oe}uvre, \^\i le, \v{s}, {\ss}", "ça, naïve, œuvre, île, š, ß"),
        (r"50\% \& \$3 \#1 a\_b", "50% & $3 #1 a_b"),
        ("a -- b --- c~d", "a – b — c\u00a0d"),
        (r"\guillemotleft~x~\guillemotright{}", "«\u00a0x\u00a0»"),
        (r"H$_2$O et $x^{2}$", "H<sub>2</sub>O et x<sup>2</sup>"),
        (r"{\em it}, {\bf b}", "<i>it</i>, <b>b</b>"),
        (r"\inconnu{x}", r"\inconnu{x}"),
        ("``q'' et l'un", "“q” et l'un"),
        (r"\enquote{q}", "“q”"),
        ("{Garder} {LES} capitales", "Garder LES capitales"),
        ("un } de trop { ici", "un  de trop  ici"),
    ],
)
def test_latex_becomes_text(source: str, text: str) -> None:
    assert plain(source) == text


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("Jean de La Fontaine", [{"lastName": "de La Fontaine", "firstName": "Jean"}]),
        ("King, Jr., Martin Luther", [{"lastName": "King", "firstName": "Martin Luther, Jr."}]),
        ("{Ville and Cie}", [{"name": "Ville and Cie"}]),
        ("Madonna and others", [{"name": "Madonna"}]),
        ("a,b,c,d,e", None),
        ("", []),
    ],
)
def test_names(source: str, found: list[dict[str, str]] | None) -> None:
    assert names(source) == found if found is not None else len(names(source)) == 1


def test_a_broken_entry_takes_none_with_it() -> None:
    text = "@book{a, title={Un}}\n@book{b, title={Deux\n@book{c, title={Trois}}\n"
    found = read(BIBTEX, text)
    assert [r.fields["title"] for r in found if isinstance(r, Reference)] == ["Un", "Trois"]
    assert [r.place for r in found if isinstance(r, Unread)] == ["@book{b, title={Deux"]


def test_abbreviations_and_comments() -> None:
    text = '@comment{x}\n@string{VS = "Vie sociale"}\n@article{a, journal = vs # " hors-série", title={T}}'
    assert one(BIBTEX, text).fields["publicationTitle"] == "Vie sociale hors-série"


def test_an_abbreviation_that_nobody_explains_stays() -> None:
    assert (
        one(BIBTEX, "@article{a, journal = vsoc, title={T}}").fields["publicationTitle"] == "vsoc"
    )


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ("@phdthesis{a, title={T}}", "thesis"),
        ("@inproceedings{a, title={T}}", "conferencePaper"),
        ("@online{a, title={T}}", "webpage"),
        ("@misc{a, title={T}, url={https://x.org/}}", "webpage"),
        ("@misc{a, title={T}}", "document"),
        ("@article{a, title={T}, entrysubtype={newspaper}}", "newspaperArticle"),
        ("@techreport{a, title={T}, institution={HAS}}", "report"),
        ("@quelquechose{a, title={T}}", "document"),
    ],
)
def test_types(entry: str, kind: str) -> None:
    assert one(BIBTEX, entry).fields["itemType"] == kind


def test_addresses_are_taken_as_they_stand() -> None:
    fields = one(BIBTEX, r"@online{a, title={T}, url={https://x.org/a\_b~c?d=50%25&e}}").fields
    assert fields["url"] == "https://x.org/a_b~c?d=50%25&e"


def test_what_is_no_bibtex_is_refused() -> None:
    with pytest.raises(UnreadableError, match="no BibTeX"):
        read(BIBTEX, "Bonjour @ tous\n")
