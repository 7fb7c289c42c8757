"""BibTeX and BibLaTeX as HAL, OpenEdition, Mendeley, JabRef and Zotero write them."""

from __future__ import annotations

import pytest
from reading_references import creators, one, read, references, tags

from zotsync.plugins import Reference, Unread, UnreadableError
from zotsync.plugins.exporters.latex import escaped
from zotsync.plugins.importers.bibtex import BIBTEX, names
from zotsync.plugins.importers.bibtex_tables import FIELDS, NOTES, ROLES, TYPES
from zotsync.plugins.importers.latex import plain
from zotsync.plugins.incoming import Beside, Source
from zotsync.zotero.schema import bundled

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
        ("Madonna and others", [{"name": "Madonna"}, {"name": "et al."}]),
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


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ('month=mar # "~15", year=2020', "2020-03-15"),
        ("month=mar, year=2020, day=4", "2020-03-04"),
        ("month={03}, year=2020", "2020-03"),
        ("month={December}, year=2020", "2020-12"),
        ("month={15 mars}, year=2020", "2020-03-15"),
        ('month=jan # "/" # feb, year=2020', "janvier-février 2020"),
        ("month={automne}, year=2020", "automne 2020"),
        ("month=mar, year={[2020]}", "mar [2020]"),
        ("year={in press}", "in press"),
        ("date={2019-05/2020-02}", "2019-05/2020-02"),
        ("date={2019~}", "2019~"),
        ("date={2021-21}", "printemps 2021"),
        ("date={2019/}", "2019/"),
        ("date={2020-01-31}, year=2020, month=jan", "2020-01-31"),
    ],
)
def test_dates(fields: str, date: str) -> None:
    assert one(BIBTEX, f"@article{{a, title={{T}}, {fields}}}").fields["date"] == date


def test_a_year_that_says_something_else_than_the_date_is_kept() -> None:
    assert one(BIBTEX, "@book{a, date={2020-01}, year={à paraître}}").kept == ("year: à paraître",)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Jean Dupont et Marie Martin", ["Dupont, Jean", "Martin, Marie"]),
        ("Ministère de la Santé et du Sport and Martin, Paul",
         ["Ministère de la Santé et du Sport", "Martin, Paul"]),
        ("{Santé et Cie} and others", ["Santé et Cie"]),
        ("France, Anatole", ["France, Anatole"]),
    ],
)  # fmt: skip
def test_names_as_people_write_them_who_do_not_know_bibtex(written: str, names: list[str]) -> None:
    found = one(BIBTEX, f"@book{{a, title={{T}}, author={{{written}}}}}")
    assert [name for _role, name in creators(found.fields)] == names


def test_a_part_takes_from_its_whole_what_says_where_it_stands() -> None:
    part = "@inproceedings{p, title={P}, crossref=W}"
    whole = (
        "@proceedings{w, title={Actes}, booktitle={Actes}, year=2019, editor={Martin, Paul},"
        " abstract={Du tout}, note={Du tout}, keywords={tout}}"
    )
    found, proceedings = references(BIBTEX, f"{part}\n{whole}")
    assert (found.fields["proceedingsTitle"], found.fields["date"]) == ("Actes", "2019")
    assert not {"abstractNote", "tags"} & set(found.fields)
    assert not found.notes
    assert "extra" not in proceedings.fields  # they name themselves twice


def test_entries_without_a_key_or_with_a_field_twice() -> None:
    found = references(BIBTEX, "@book{, title={A}}\n@book{b, title={B}, title={C}, crossref={x}}")
    assert [r.fields["title"] for r in found] == ["A", "B"]
    assert "citationKey" not in found[0].fields
    assert found[1].kept == ("crossref: x", "title: C")


def test_the_paths_of_somebody_s_files_stay_where_they_are() -> None:
    found = one(BIBTEX, "@book{a, title={A}, file={:C\\:/Users/x.pdf:PDF}, bdsk-file-1={YnBsaXN0}}")
    assert "extra" not in found.fields


def test_what_has_no_field_is_kept() -> None:
    entry = """@article{a, title={A}, language={French}, langid={german}, entrysubtype={essai},
      HAL_ID={hal-02}, HAL_VERSION={v1}, timestamp={2020-01-02}, owner={Ève}, groups={À lire},
      readstatus={read}, biburl={https://b.example/a}, sortkey={Z}, author={Sand, George and others}}
    """
    assert one(BIBTEX, entry).kept == (
        "Author: et al.", "entrysubtype: essai", "langid: de", "hal_id: hal-02", "hal_version: v1",
        "timestamp: 2020-01-02", "owner: Ève", "groups: À lire", "readstatus: read",
        "biburl: https://b.example/a", "sortkey: Z",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "date", "kept"),
    [
        ("date={2020}, month=mar", "2020-03", ()),
        ("date={2020-03-01}, year={2020}, month=mar, day={1}", "2020-03-01", ()),
        ("date={2020-03-01}, month=apr", "2020-03-01", ("month: apr",)),
        ("year={2020}, day={5}", "2020", ("day: 5",)),
    ],
)
def test_a_date_told_twice_is_kept_where_it_differs(
    fields: str, date: str, kept: tuple[str, ...]
) -> None:
    found = one(BIBTEX, f"@book{{a, title={{A}}, {fields}}}")
    assert (found.fields["date"], found.kept) == (date, kept)


@pytest.mark.parametrize("kind", sorted({*TYPES, "xyzzy"}))
def test_nothing_is_dropped_of_any_type(kind: str) -> None:
    names = {*FIELDS, *ROLES, *NOTES, "author", "title", "subtitle", "booksubtitle", "keywords",
             "year", "number", "note", "howpublished", "eprint", "eprinttype", "eprintclass", "url",
             "urldate", "type", "pages", "hal_version", "xyzzy", "date-added", "priority"}  # fmt: skip
    values = {name: f"Valeurde{name.replace('-', '').replace('_', '')}" for name in names}
    body = ",".join(f"{name} = {{{value}}}" for name, value in sorted(values.items()))
    found = one(BIBTEX, f"@{kind}{{a, {body}}}")
    told = repr((found.fields, found.notes))
    assert not {name for name, value in values.items() if value not in told}


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ("@phdthesis{a, title={A}, langid={french}}", "Thèse de doctorat"),
        ("@phdthesis{a, title={A}, language={fr-FR}}", "Thèse de doctorat"),
        ("@mastersthesis{a, title={A}, school={Universit{\\'e} de Nantes}}", "Mémoire de master"),
        ("@thesis{a, title={A}, type={phdthesis}, langid={french}}", "Thèse de doctorat"),
        ("@thesis{a, title={A}, type={Thèse d'exercice}, langid={french}}", "Thèse d'exercice"),
        ("@phdthesis{a, type={Theses}, school={Universit{\\'e} de Nantes}}", "Thèse de doctorat"),
        ("@phdthesis{a, title={A}, school={MIT}}", "PhD thesis"),
        ("@phdthesis{a, title={A}, langid={english}, school={Université X}}", "PhD thesis"),
    ],
)
def test_what_is_french_has_a_french_type(entry: str, kind: str) -> None:
    assert one(BIBTEX, entry).fields["thesisType"] == kind


def test_a_volume_takes_from_all_volumes_and_a_chapter_from_both() -> None:
    text = """@mvbook{tout, author={Roland, Anne}, title={Oeuvres}, subtitle={complètes}, year=2001}
      @book{deux, crossref={tout}, title={Les proches}, volume=2}
      @inbook{aider, crossref={deux}, title={Aider}}"""
    _all, volume, chapter = (found.fields for found in references(BIBTEX, text))
    assert (volume["series"], volume["date"]) == ("Oeuvres: complètes", "2001")
    assert creators(volume) == [("author", "Roland, Anne")]
    assert (chapter["bookTitle"], chapter["volume"]) == ("Les proches", "2")
    assert creators(chapter) == [("bookAuthor", "Roland, Anne")]


def test_lent_fields_stand_in_the_entry_and_what_lends_them_is_no_reference() -> None:
    text = """@xdata{rennes, location={Rennes}}
      @xdata{pont, publisher={Presses du pont}, xdata={rennes}}
      @book{a, title={A}, xdata={pont}}
      @book{b, title={B}, xdata={missing}}
      @xdata{unused, publisher={Personne}}"""
    found = references(BIBTEX, text)
    assert [one.place for one in found] == ["a", "b", "unused"]
    assert found[0].fields["publisher"] == "Presses du pont"
    assert found[0].fields["place"] == "Rennes"
    assert found[1].kept == ("xdata: missing",)


def test_entries_that_name_each_other_end() -> None:
    text = "@inbook{a, crossref={b}, title={A}}\n@inbook{b, crossref={a}, title={B}, xdata={b}}"
    found = references(BIBTEX, text)
    assert [one.fields["title"] for one in found] == ["A", "B"]


def test_a_set_is_told_and_becomes_no_item() -> None:
    text = b"@set{s, entryset={a,b}, annotation={Des pairs}}\n@book{a, title={A}}"
    found = list(BIBTEX.read(Source(text, bundled())))
    assert [one.text for one in found if isinstance(one, Beside)] == ["@set s: a,b; Des pairs"]
    assert [one.place for one in found if isinstance(one, Reference)] == ["a"]


def test_lines_that_an_editor_broke_are_whole_and_paragraphs_stay() -> None:
    text = "@book{a, title={A}, abstract={Une ligne qui\n\t\tse poursuit.\n\n\t\tUn paragraphe.\nUne ligne.}}"
    assert one(BIBTEX, text).fields["abstractNote"] == (
        "Une ligne qui se poursuit.\n\nUn paragraphe.\nUne ligne."
    )


def test_lines_behind_a_percent_sign_and_names_with_blanks_lose_nothing() -> None:
    text = """@article{a, title={T},
      %number = {2},
      year={2020},
funding_text 1={Merci},
      author_keywords={un; deux}, journal={Revue}}"""
    found = one(BIBTEX, text)
    assert (found.fields["date"], found.fields["publicationTitle"]) == ("2020", "Revue")
    assert found.kept == ("funding_text_1: Merci",)
    assert tags(found.fields) == ["deux", "un"]


def test_where_a_text_stands_in_a_book_is_not_how_many_pages_it_has() -> None:
    assert one(BIBTEX, "@book{a, title={A}, pages={204--208}}").kept == ("Pages: 204-208",)
    assert one(BIBTEX, "@book{a, title={A}, pages={208}}").fields["numPages"] == "208"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("family=Ours, given=Ève, prefix=de, useprefix=true", "de Ours, Ève"),
        ('given="Anne-Lise", family={Roland}, suffix=Jr', "Roland, Anne-Lise, Jr"),
        ("Musée des arts (Rennes) Auteur du texte", "Musée des arts (Rennes)"),
        ("Roland, Anne Auteur du texte", "Roland, Anne"),
    ],
)
def test_names_in_biblatex_s_long_form_and_as_gallica_has_them(written: str, name: str) -> None:
    found = one(BIBTEX, f"@book{{a, title={{T}}, author={{{written}}}}}")
    assert creators(found.fields) == [("author", name)]


def test_a_preface_writer_is_no_author() -> None:
    found = one(BIBTEX, "@book{a, title={T}, author={Roland, Anne Préfacière}}")
    assert creators(found.fields) == [("contributor", "Roland, Anne")]


@pytest.mark.parametrize("text", ["''l'été'', ``x", "a -- b --- c", "l''", "-"])
def test_signs_side_by_side_come_back_as_they_were(text: str) -> None:
    assert plain(escaped(text)) == text
