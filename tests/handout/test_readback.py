"""Word and back: what was printed and not touched proposes nothing; what was corrected comes back."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from handout.correcting_documents import Correcting
from handout.documents import texts
from handout.printed import SAMPLE, library_of, sample_library
from hypothesis import given
from hypothesis import strategies as st

from zotsync.config import Centre
from zotsync.handout import libreoffice
from zotsync.handout.compose import Library, compose
from zotsync.handout.entry import Line, Role, Run
from zotsync.handout.handoutfile import Handout, read_handout
from zotsync.handout.keeping.printed import Printed, from_data, printed_of, to_data
from zotsync.handout.readback.plan import Readback
from zotsync.handout.readback.reading import read_document
from zotsync.handout.render import Composed, House, composed, written
from zotsync.handout.theming.themes import Theme, load_theme, templates_folder
from zotsync.model import normal
from zotsync.proposal import Doubt, Proposal, Why
from zotsync.zotero.schema import bundled

HOUSE = House(Centre(institution="Centre", contact="doc@example.org"))
SAMPLE_HANDOUT = read_handout(SAMPLE / "handouts/pair-aidance.toml", "handouts/pair-aidance.toml")
LAYOUTS = Path(__file__).parent / "data" / "layouts"
ALL = {"keywords": True, "shelfmarks": True}


class Desk:
    """A handout that was printed, and lies there to be corrected."""

    def __init__(
        self, folder: Path, library: Library, handout: Handout, theme: Theme, **choices: Any
    ) -> None:
        self.library, self._handout, self._theme, self._choices = library, handout, theme, choices
        self.path = folder / "document.docx"
        self.house = HOUSE
        self.references: dict[str, tuple[Line, ...]] = {}
        self.print()

    def print(self, form: str = "docx") -> None:
        made = self._made()
        self.path = self.path.with_suffix(f".{form}")
        self.path.write_bytes(written(made, self._theme, form))
        self.printed = printed_of(made.document)

    def _made(self) -> Composed:
        rest = self._theme, bundled(), self.house, self._choices
        made = composed(self._handout, self.library, *rest)
        if not self.references:
            return made
        rules = replace(made.rules, references=self.references)
        chosen = made.chosen
        document = compose(self._handout, self.library, chosen, rules, self.house.centre)
        return replace(made, document=document, rules=rules)

    def correct(self) -> Correcting:
        return Correcting(self.path)

    def proposal(self, *, was: Printed | None = None, path: Path | None = None) -> Proposal:
        """Return what the document proposes against the library as it is now."""
        made = self._made()
        now = printed_of(made.document)
        corrected = read_document(path or self.path)
        was = was or self.printed
        return Readback(corrected, was, now, self._handout, self.library, made.rules).proposal()

    def fields(self) -> dict[str, Any]:
        """Return field -> value of all corrections, nothing being left to anybody."""
        proposal = self.proposal()
        assert proposal.unplaced == ()
        assert all(c.doubt is None for c in proposal.corrections), proposal.corrections
        return {name: v for c in proposal.corrections for name, v in c.fields.items()}


@pytest.fixture
def sample(tmp_path: Path, classique: Theme) -> Desk:
    return Desk(tmp_path, sample_library(), SAMPLE_HANDOUT, classique)


@pytest.fixture
def desk(tmp_path: Path, classique: Theme) -> Callable[..., Desk]:
    def lay(*items: Mapping[str, Any], **choices: Any) -> Desk:
        return Desk(tmp_path, library_of(*items), Handout("h.toml", "Titre"), classique, **choices)

    return lay


# Untouched


def is_empty(proposal: Proposal) -> bool:
    return proposal.corrections == () == proposal.unplaced


@st.composite
def messy_items(draw: st.DrawFn) -> list[dict[str, Any]]:
    def item() -> dict[str, Any]:
        kind = draw(st.sampled_from(["book", "journalArticle", "webpage", "bookSection", "report"]))
        schema = bundled().item_types[kind]
        names = draw(st.lists(st.sampled_from(schema.fields), max_size=8, unique=True))
        fields: dict[str, Any] = {name: draw(texts()) for name in [*names, "title"]}
        people = draw(st.lists(st.tuples(texts(), texts()), max_size=3))
        fields["creators"] = [
            {
                "creatorType": draw(st.sampled_from(schema.creator_types)),
                "lastName": a,
                "firstName": b,
            }
            for a, b in people
        ]
        fields["tags"] = draw(st.lists(texts(), max_size=2))
        return {**fields, "itemType": kind}

    return [item() for _i in range(draw(st.integers(1, 4)))]


@given(items=messy_items(), numbered=st.booleans())
def test_an_untouched_document_proposes_nothing_whatever_the_items_hold(
    tmp_path_factory: pytest.TempPathFactory, *, items: list[dict[str, Any]], numbered: bool
) -> None:
    folder = tmp_path_factory.mktemp("messy")
    theme = load_theme("classique")
    handout = Handout("h.toml", "Titre", introduction="Une introduction.")
    desk = Desk(folder, library_of(*items), handout, theme, numbering=numbered, **ALL)
    assert is_empty(desk.proposal())
    shutil.rmtree(folder)


def test_a_number_that_begins_a_source_below_a_blank_title_stays(tmp_path: Path) -> None:
    item = {"itemType": "book", "title": "\u202f", "date": "1. tome"}
    handout = Handout("h.toml", "Titre")
    desk = Desk(tmp_path, library_of(item), handout, load_theme("classique"), numbering=True)
    assert is_empty(desk.proposal())


EVERYTHING = {
    **ALL,
    "qr": True,
    "numbering": True,
    "section_numbers": True,
    "cover": True,
    "contents": True,
    "indexes": ("authors", "keywords"),
    "abstracts": 30,
    "open_access": True,
}
THEMES = ["classique", "sobre", "colonnes", "rapport"]


@pytest.mark.parametrize("choices", [{}, EVERYTHING, {"by": "year", "sort": "newest"}])
@pytest.mark.parametrize("form", ["docx", "odt"])
@pytest.mark.parametrize("name", THEMES)
def test_what_was_printed_proposes_nothing_whatever_was_chosen(
    tmp_path: Path, name: str, form: str, choices: dict[str, Any]
) -> None:
    desk = Desk(tmp_path, sample_library(), SAMPLE_HANDOUT, load_theme(name), **choices)
    desk.print(form)
    assert is_empty(desk.proposal())


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.needs("soffice")
def test_what_libreoffice_saved_again_proposes_nothing(tmp_path: Path, name: str) -> None:
    desk = Desk(tmp_path, sample_library(), SAMPLE_HANDOUT, load_theme(name), **ALL)
    assert is_empty(desk.proposal())
    odt, docx = tmp_path / "again.odt", tmp_path / "again.docx"
    odt.write_bytes(libreoffice.convert(desk.path.read_bytes(), "docx", "odt"))
    assert is_empty(desk.proposal(path=odt))
    docx.write_bytes(libreoffice.convert(odt.read_bytes(), "odt", "docx"))
    assert is_empty(desk.proposal(path=docx))


def test_what_word_makes_of_typography_is_no_correction(desk: Callable[..., Desk]) -> None:
    laid = desk(
        {
            "itemType": "book",
            "title": "L'aide : pourquoi ? « Oui » ... le 1er pas",
            "place": "Saint-Denis",
            "date": "2019",
        }
    )
    with laid.correct() as document:
        document.change(
            "L'aide : pourquoi ? « Oui » ... le 1er pas",
            "L’aide\u202f: pour\u00adquoi\u00a0? «Oui » … le 1er pas ",
        )
        document.change("Saint-Denis", "Saint\u2011Denis")
    assert is_empty(laid.proposal())


def test_a_record_of_a_printing_holds_all_of_it(sample: Desk) -> None:
    assert from_data(to_data(sample.printed)) == sample.printed
    assert from_data({"version": 99}) is None
    assert from_data({**to_data(sample.printed), "front": [["No role", "text"]]}) is None


# Corrected: one thing each


def test_a_title_keeps_the_typography_that_was_not_corrected(desk: Callable[..., Desk]) -> None:
    laid = desk({"itemType": "book", "title": "L'aide : une “idée” ancienne"})
    with laid.correct() as document:
        document.change("ancienne", "d’avenir")
    assert laid.fields() == {"title": "L'aide : une “idée” d'avenir"}


def test_a_subtitle_can_be_corrected(sample: Desk) -> None:
    with sample.correct() as document:
        document.change("Petit guide pratique à", "Guide à")
    title = "Comment intégrer un travailleur pair dans une équipe de santé mentale ? Guide à destination"
    assert str(sample.fields()["title"]).startswith(title)


def test_a_line_typed_below_a_title_is_its_subtitle(sample: Desk) -> None:
    with sample.correct() as document:
        document.insert_behind("Intégrer un travailleur pair", "Le cas breton")
    assert sample.fields() == {
        "title": "Intégrer un travailleur pair. Le cas breton",
        "shortTitle": "Intégrer un travailleur pair",
    }


def test_a_subtitle_taken_away_leaves_the_title(sample: Desk) -> None:
    with sample.correct() as document:
        document.delete("Petit guide pratique")
    title = "Comment intégrer un travailleur pair dans une équipe de santé mentale ?"
    assert sample.fields() == {"title": title}


def test_italics_in_a_title_become_zoteros_html(desk: Callable[..., Desk]) -> None:
    laid = desk({"itemType": "book", "title": "Relire Asiles aujourd'hui"})
    with laid.correct() as document:
        document.italic("Relire Asiles aujourd'hui", "Asiles")
    assert laid.fields() == {"title": "Relire <i>Asiles</i> aujourd'hui"}


def test_what_word_raises_by_itself_is_no_formatting(desk: Callable[..., Desk]) -> None:
    laid = desk({"itemType": "book", "title": "Le 1er pas"})
    with laid.correct() as document:
        document.raised("Le 1er pas", "er")
    assert is_empty(laid.proposal())


VINCENT = {"creatorType": "author", "lastName": "Adenot", "firstName": "Vincent"}
MARIE = {"creatorType": "author", "lastName": "de La Tour", "firstName": "Marie-Ève"}
CENTRE = {"creatorType": "author", "name": "Centre d'études, Rennes"}
EDITOR = {"creatorType": "editor", "lastName": "Dupont", "firstName": "J."}
PEOPLE = "ADENOT Vincent, DE LA TOUR Marie-Ève, Centre d'études, Rennes"


@pytest.mark.parametrize(
    ("now", "creators"),
    [
        ("ADENOT Vincente, DE LA TOUR M., Centre d'études, Rennes",
         [{**VINCENT, "firstName": "Vincente"}, {**MARIE, "firstName": "M."}, CENTRE]),
        ("Centre d'études, Rennes, ADENOT Vincent, DE LA TOUR Marie-Ève", [CENTRE, VINCENT, MARIE]),
        ("DE LA TOUR Marie-Ève", [MARIE]),
        ("ADENOT Vincent, MARTIN-ROY Éric, DE LA TOUR Marie-Ève, Centre d'études, Rennes",
         [VINCENT, {"creatorType": "author", "lastName": "Martin-Roy", "firstName": "Éric"},
          MARIE, CENTRE]),
        ("ADENAU Vincent, DE LA TOURS Marie-Ève, Centre d'études, Rennes",
         [{**VINCENT, "lastName": "Adenau"}, {**MARIE, "lastName": "de La Tours"}, CENTRE]),
    ],
)  # fmt: skip
def test_authors_keep_the_spelling_that_was_not_corrected(
    desk: Callable[..., Desk], now: str, creators: list[dict[str, str]]
) -> None:
    item = {"itemType": "book", "title": "T", "creators": [VINCENT, MARIE, CENTRE, EDITOR]}
    laid = desk(item)
    with laid.correct() as document:
        document.change(PEOPLE, now)
    assert laid.fields() == {"creators": [*creators, EDITOR]}


def test_an_author_who_may_be_an_institution_is_doubtful(desk: Callable[..., Desk]) -> None:
    laid = desk({"itemType": "book", "title": "T", "creators": [VINCENT]})
    with laid.correct() as document:
        document.change("ADENOT Vincent", "ADENOT Vincent, Jean Dupont")
    (correction,) = laid.proposal().corrections
    assert correction.doubt is Doubt.GUESSED
    assert correction.fields["creators"][1] == {"creatorType": "author", "name": "Jean Dupont"}


def test_editors_in_the_source_line_are_creators(desk: Callable[..., Desk]) -> None:
    item = {"itemType": "bookSection", "title": "T", "bookTitle": "Livre", "publisher": "ESF",
            "creators": [VINCENT, EDITOR]}  # fmt: skip
    laid = desk(item)
    with laid.correct() as document:
        document.change("DUPONT J. (dir.)", "DUPONT Jean, MARTIN Paul (dir.)")
    new = {"creatorType": "editor", "lastName": "Martin", "firstName": "Paul"}
    assert laid.fields() == {"creators": [VINCENT, {**EDITOR, "firstName": "Jean"}, new]}


ARTICLE = {
    "itemType": "journalArticle",
    "title": "T",
    "publicationTitle": "Vie sociale",
    "issue": "57",
    "date": "2018-06",
    "pages": "40",
}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("p.40", "p.40 (à consulter sur place)"),
        ("juin 2018", "juin 2018 (à consulter sur place)"),
        ("n°57", "n°57, prêt possible au centre"),
    ],
)
def test_a_remark_behind_figures_is_a_guess(desk: Callable[..., Desk], old: str, new: str) -> None:
    laid = desk(ARTICLE)
    with laid.correct() as document:
        document.change(old, new)
    proposal = laid.proposal()
    assert all(correction.doubt is Doubt.GUESSED for correction in proposal.corrections)
    assert [*proposal.corrections, *proposal.unplaced]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("p.40", "pp.40-44"),
        ("juin 2018", "mai-juin 2018"),
        ("juin 2018", "printemps-automne 2018"),
        ("n°57", "n°57-58"),
    ],
)
def test_other_figures_are_no_guess(desk: Callable[..., Desk], old: str, new: str) -> None:
    laid = desk(ARTICLE)
    with laid.correct() as document:
        document.change(old, new)
    (correction,) = laid.proposal().corrections
    assert correction.doubt is None


def test_what_is_typed_below_the_source_line_is_a_guess(desk: Callable[..., Desk]) -> None:
    laid = desk(ARTICLE)
    with laid.correct() as document:
        document.insert_behind("p.40", "Disponible au centre de documentation")
    proposal = laid.proposal()
    assert all(correction.doubt is Doubt.GUESSED for correction in proposal.corrections)
    assert [*proposal.corrections, *proposal.unplaced]


@pytest.mark.parametrize(
    ("old", "new", "fields"),
    [
        ("n°57", "n°58 bis", {"issue": "58 bis"}),
        ("p.40", "pp.40-41", {"pages": "40-41"}),
        ("juin 2018", "1er juillet 2019", {"date": "2019-07-01"}),
        ("juin 2018", "été 2018", {"date": "été 2018"}),
        ("Vie sociale", "Empan", {"publicationTitle": "Empan"}),
        ("Vie sociale", "Vie sociale et traitements", {"publicationTitle": "Vie sociale et traitements"}),
        (", n°57", ", vol. 12, n°57", {"volume": "12"}),
        (", n°57", "", {"issue": None}),
        (". p.40", "", {"pages": None}),
    ],
)  # fmt: skip
def test_a_source_line_is_read_back_into_its_fields(
    desk: Callable[..., Desk], old: str, new: str, fields: dict[str, Any]
) -> None:
    laid = desk(ARTICLE)
    with laid.correct() as document:
        document.change(old, new)
    assert laid.fields() == fields


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Vie sociale", "Vie sociale, dossier"),
        ("p.40", "page 40"),
        ("juin 2018", "juin 2018 (suite"),
    ],
)
def test_what_can_be_read_in_two_ways_or_in_none_is_listed(
    desk: Callable[..., Desk], old: str, new: str
) -> None:
    laid = desk({**ARTICLE, "date": "2018-06"})
    with laid.correct() as document:
        document.change(old, new)
    proposal = laid.proposal()
    if proposal.corrections:
        assert old == "juin 2018"  # a date as typed holds anything
        return
    (one,) = proposal.unplaced
    assert (one.why, one.part) == (Why.UNREADABLE, "Entry Source")
    assert new in one.now


def test_a_book_is_read_back(desk: Callable[..., Desk]) -> None:
    book = {"itemType": "book", "title": "T", "place": "Lyon", "publisher": "ESF", "date": "2017",
            "series": "Actions", "numPages": "185"}  # fmt: skip
    laid = desk(book)
    with laid.correct() as document:
        document.change("Lyon : ESF, 2017. (Coll. Actions) 185p.",
                        "Paris : ESF éditeur, 2018. (Coll. Réactions) 1850p.")  # fmt: skip
    assert laid.fields() == {
        "place": "Paris", "publisher": "ESF éditeur", "date": "2018", "series": "Réactions",
        "numPages": "1850",
    }  # fmt: skip


def test_an_abstract_changes_in_its_words_alone(desk: Callable[..., Desk]) -> None:
    text = "L'un ; l'autre.\n\nUn second paragraphe. [Extr. intro.]"
    laid = desk({"itemType": "book", "title": "T", "abstractNote": text})
    with laid.correct() as document:
        document.change("Un second", "Un deuxième")
        document.insert_behind("L'un ;", "Une phrase « neuve ».")
        document.change("[Extr. intro.]", "[Extr. site]")
    new = "L'un ; l'autre.\n\nUne phrase « neuve ».\nUn deuxième paragraphe. [Extr. site]"
    assert str(laid.fields()["abstractNote"]).replace("\n\n", "\n") == new.replace("\n\n", "\n")


def test_of_a_shortened_abstract_the_rest_stays(desk: Callable[..., Desk]) -> None:
    text = "Une phrase longue de six mots. Une autre phrase, que personne ne voit ici."
    laid = desk({"itemType": "book", "title": "T", "abstractNote": text}, abstracts=6)
    with laid.correct() as document:
        document.change("phrase longue", "phrase courte")
    assert laid.fields() == {"abstractNote": text.replace("longue", "courte")}


def test_addresses_labels_keywords_and_shelf_marks_come_back(desk: Callable[..., Desk]) -> None:
    item = {"itemType": "webpage", "title": "T", "url": "https://example.org/a",
            "libraryCatalog": "Persée", "tags": ["pairs", {"tag": "auto", "type": 1}],
            "callNumber": "361 ADE"}  # fmt: skip
    laid = desk(item, **ALL)
    with laid.correct() as document:
        document.change("https://example.org/a", "https://example.org/b?x=1")
        document.change("Disponible sur Persée", "Disponible sur Érudit")
        document.change("Mots-clés : pairs", "Mots-clés : aide, pairs")
        document.change("361 ADE", "362 ADE")
    fields = laid.fields()
    assert fields.pop("tags") == [{"tag": "aide"}, {"tag": "auto", "type": 1}, {"tag": "pairs"}]
    assert fields == {"url": "https://example.org/b?x=1", "libraryCatalog": "Érudit",
                      "callNumber": "362 ADE"}  # fmt: skip


SAFE = "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.cairn.info%2Fb.htm&data=05"


@pytest.mark.parametrize(
    "typed", ["https://www.cairn.info/b.htm", "https://cairn.proxy.example.org/b.htm", SAFE]
)
def test_an_address_is_stored_without_what_was_wrapped_around_it(
    desk: Callable[..., Desk], typed: str
) -> None:
    laid = desk({"itemType": "webpage", "title": "T", "url": "https://www.cairn.info/a.htm"})
    laid.house = replace(HOUSE, proxy={"www.cairn.info": "cairn.proxy.example.org"})
    with laid.correct() as document:
        document.change("https://www.cairn.info/a.htm", typed)
    (correction,) = laid.proposal().corrections
    assert correction.fields == {"url": "https://www.cairn.info/b.htm"}


@pytest.mark.parametrize(
    ("layout", "old", "new", "fields"),
    [
        ("isbd", "Érès", "Érès éditions", {"publisher": "Érès éditions"}),
        ("isbd", "240 p.", "241 p.", {"numPages": "241"}),
        ("isbd", "Un livre", "Un beau livre", {"title": "Un beau livre"}),
        ("iso690", "Toulouse", "Lyon", {"place": "Lyon"}),
        ("prisme", "2012", "2013", {"date": "2013"}),
    ],
)
def test_lines_of_other_layouts_are_read_back_too(
    tmp_path: Path, layout: str, old: str, new: str, fields: dict[str, Any]
) -> None:
    folder = tmp_path / "templates" / "own"
    shutil.copytree(templates_folder() / "classique", folder)
    shutil.copy(LAYOUTS / f"{layout}.toml", folder / "theme.toml")
    item = {
        "itemType": "book", "title": "Un livre", "place": "Toulouse", "publisher": "Érès",
        "date": "2012", "numPages": "240", "creators": [VINCENT],
    }  # fmt: skip
    theme = load_theme("own", tmp_path / "templates")
    laid = Desk(tmp_path, library_of(item), Handout("h.toml", "Titre"), theme)
    assert is_empty(laid.proposal())
    with laid.correct() as document:
        document.change(old, new)
    assert laid.fields() == fields


def test_a_reference_in_a_citation_style_is_left_to_people(desk: Callable[..., Desk]) -> None:
    laid = desk({"itemType": "book", "title": "T", "abstractNote": "Une phrase."})
    runs = (Run("Adenot, T, 2019"),)
    (key,) = laid.library.items
    laid.references = {key: (Line(Role.REFERENCE, runs),)}
    laid.print()
    with laid.correct() as document:
        document.change("Adenot, T", "Adenot, V., T")
        document.change("Une phrase", "Cette phrase")
    proposal = laid.proposal()
    assert [(u.why, u.part) for u in proposal.unplaced] == [(Why.UNREADABLE, "Entry Reference")]
    assert [c.fields for c in proposal.corrections] == [{"abstractNote": "Cette phrase."}]


def test_a_link_that_leads_elsewhere_than_it_says_is_told(desk: Callable[..., Desk]) -> None:
    laid = desk({"itemType": "webpage", "title": "T", "url": "https://example.org/été?a=1&b=é"})
    assert is_empty(laid.proposal())
    with laid.correct() as document:
        document.lead("https://example.org/été?a=1&b=é", "https://example.org/other")
    (one,) = laid.proposal().unplaced
    assert (one.why, one.now) == (Why.LINK, "https://example.org/other")


# The handout itself


def settings(proposal: Proposal) -> dict[str, Any]:
    return {n: v for c in proposal.corrections if not c.key for n, v in c.fields.items()}


def test_texts_of_the_handout_come_back_as_its_settings(sample: Desk) -> None:
    with sample.correct() as document:
        document.change("Sélection bibliographique", "Bibliographie choisie")
        document.change("octobre 2021", "novembre 2021")
        document.change("Longtemps informelle", "Longtemps discrète")
        document.change("Ouvrages", "Livres")
        document.change("doc@example.org", "centre@example.org")
    proposal = sample.proposal()
    new = settings(proposal)
    intro = str(new.pop("introduction"))
    assert intro == SAMPLE_HANDOUT.introduction.replace("informelle", "discrète")
    assert new == {"subtitle": "Bibliographie choisie", "date": "2021-11",
                   "sections[1].title": "Livres"}  # fmt: skip
    (contact,) = proposal.unplaced
    assert (contact.why, contact.now) == (Why.NOT_HERE, "centre@example.org")


def test_an_entry_taken_out_leaves_the_handout_and_not_the_bibliography(sample: Desk) -> None:
    with sample.correct() as document:
        document.remove(document.entry("BONNAMI Alain", "Cet ouvrage apporte"))
    assert sample.fields() == {"exclude": ["BNM4K9R3"]}


def test_another_order_is_the_sections_order(sample: Desk) -> None:
    with sample.correct() as document:
        document.move_before(document.entry("BOIVIN Julia", "Tom Pousse"), "DEMAILLY Lise")
    assert sample.fields() == {
        "sections[1].order": ["BVB2C7H4", "DMG8N3P5", "BNM4K9R3", "GRP7Q6S2"]
    }


def test_an_entry_moved_to_another_collections_section_changes_its_collection(
    sample: Desk,
) -> None:
    with sample.correct() as document:
        document.move_before(document.entry("BOIVIN Julia", "Tom Pousse"), "ADENOT Vincent")
    articles, books = (
        sample.library.find(f"Pair-aidance/{n}") for n in ("Articles et revues", "Ouvrages")
    )
    (correction,) = sample.proposal().corrections
    assert (correction.before, correction.fields) == ({"collections": [books]},
                                                      {"collections": [articles]})  # fmt: skip


def test_an_entry_typed_in_is_listed_whole(sample: Desk) -> None:
    with sample.correct() as document:
        document.insert_behind("Tom Pousse, 2021", "NOUVEAU Jean.", "DEMAILLY Lise")
        document.insert_behind("NOUVEAU Jean", "Un livre neuf", "Aller mieux")
        document.insert_behind("Un livre neuf", "Lyon : ESF, 2022.", "PUS, 2016")
    proposal = sample.proposal()
    assert proposal.corrections == ()
    (one,) = proposal.unplaced
    assert one.why is Why.NEW_ENTRY
    assert one.now.split("\n") == ["NOUVEAU Jean.", "Un livre neuf", "Lyon : ESF, 2022."]


def test_an_entry_pasted_from_another_handout_is_known(sample: Desk) -> None:
    sections = (replace(SAMPLE_HANDOUT.sections[0], title="Articles et revues"),)
    handout = replace(SAMPLE_HANDOUT, sections=sections, rest=None)
    other = Desk(sample.path.parent, sample.library, handout, load_theme("classique"))
    whole = Desk(sample.path.parent, sample.library, SAMPLE_HANDOUT, load_theme("classique"))
    proposal = other.proposal(path=whole.path)
    elsewhere = [u.key for u in proposal.unplaced if u.why is Why.ELSEWHERE]
    assert len(elsewhere) == 10
    assert proposal.corrections == ()


# Three ways


def changed(desk: Desk, key: str, **fields: Any) -> None:
    desk.library = library_with(desk.library, key, fields)


def library_with(library: Library, key: str, fields: Mapping[str, Any]) -> Library:
    whole = normal({**library.items[key], **fields})
    return replace(library, items={**library.items, key: whole})


def test_what_was_edited_here_since_is_no_correction_backwards(sample: Desk) -> None:
    changed(sample, "ADN7T5C8", title="Un autre titre", pages="1-2", date="1999")
    assert is_empty(sample.proposal())


def test_corrections_of_other_words_than_those_edited_here_are_joined(sample: Desk) -> None:
    changed(sample, "ADN7T5C8", issue="3146")
    with sample.correct() as document:
        document.change("pp.28-32", "pp.28-33")
    assert sample.fields() == {"pages": "28-33"}


def test_what_both_changed_is_doubtful(sample: Desk) -> None:
    changed(sample, "ADN7T5C8", pages="28-40")
    with sample.correct() as document:
        document.change("pp.28-32", "pp.28-33")
    (correction,) = sample.proposal().corrections
    assert correction.doubt is Doubt.CHANGED_SINCE
    assert (correction.before, correction.fields) == ({"pages": "28-40"}, {"pages": "28-33"})


def test_a_correction_made_here_as_well_proposes_nothing(sample: Desk) -> None:
    changed(sample, "ADN7T5C8", pages="28-33")
    with sample.correct() as document:
        document.change("pp.28-32", "pp.28-33")
    assert is_empty(sample.proposal())


def test_an_item_that_is_gone_is_named(sample: Desk) -> None:
    with sample.correct() as document:
        document.change("pp.28-32", "pp.28-33")
    items = {k: v for k, v in sample.library.items.items() if k != "ADN7T5C8"}
    sample.library = replace(sample.library, items=items)
    (one,) = sample.proposal().unplaced
    assert (one.why, one.key) == (Why.GONE, "ADN7T5C8")


# What word processors do


def test_tracked_changes_count_as_accepted(sample: Desk) -> None:
    with sample.correct() as document:
        document.tracked("Le travailleur pair, ce nouveau collègue", "ce nouveau", "un nouveau")
    assert sample.fields() == {"title": "Le travailleur pair, un nouveau collègue"}


def test_a_paragraph_in_a_content_control_is_read(sample: Desk) -> None:
    with sample.correct() as document:
        document.change("Le travailleur pair, ce", "Le travailleur pair, un")
        document.into_control("Le travailleur pair, un")
    assert sample.fields() == {"title": "Le travailleur pair, un nouveau collègue"}


def test_comments_are_told_with_the_entry_they_are_about(sample: Desk) -> None:
    with sample.correct() as document:
        document.comment("Tom Pousse, 2021", "Camille", "Une nouvelle édition a paru.")
    proposal = sample.proposal()
    assert proposal.corrections == ()
    (said,) = proposal.said
    assert (said.author, said.text) == ("Camille", "Une nouvelle édition a paru.")
    assert said.key == "BVB2C7H4"


def test_an_entry_pasted_twice_is_corrected_once(sample: Desk) -> None:
    with sample.correct() as document:
        document.copy_before(document.entry("BOIVIN Julia", "Tom Pousse"), "DEMAILLY Lise")
    proposal = sample.proposal()
    assert all(set(c.fields) == {"sections[1].order"} for c in proposal.corrections)
    assert [u.why for u in proposal.unplaced] == [Why.NEW_ENTRY]


@pytest.mark.needs("soffice")
def test_corrections_survive_libreoffice(sample: Desk, tmp_path: Path) -> None:
    with sample.correct() as document:
        document.change("Le travailleur pair, ce nouveau", "Le travailleur pair, un nouveau")
        document.change("pp.28-32", "pp.28-33")
        document.change("CANONNE Justine", "CANONNE Justine, MARTIN Paul")
        document.remove(document.entry("BONNAMI Alain", "Cet ouvrage apporte"))
        document.comment("Tom Pousse, 2021", "Camille", "Une nouvelle édition a paru.")
    wanted = sample.proposal()
    assert len(wanted.corrections) == 4
    for form in ("odt", "docx"):
        again = tmp_path / f"again.{form}"
        again.write_bytes(libreoffice.convert(sample.path.read_bytes(), "docx", form))
        found = sample.proposal(path=again)
        assert [(c.key, c.fields) for c in found.corrections] == [
            (c.key, c.fields) for c in wanted.corrections
        ]
        assert found.unplaced == ()
        assert [(s.author, s.key) for s in found.said] == [("Camille", "BVB2C7H4")]


# Anything at all

TYPED = [
    "",
    " ",
    "mot",
    ", ",
    "12",
    "Éa",
    "\u00a0:",
    "(dir.)",
    " et ",
    ".",
    "<i>",
    "https://x.org/",
]
STROKE = st.tuples(
    st.sampled_from(["type", "type", "type", "delete", "move", "copy"]),
    *[st.integers(0, 9999)] * 4,
    st.sampled_from(TYPED),
)
Stroke = tuple[str, int, int, int, int, str]


def edit_at_random(document: Correcting, strokes: list[Stroke]) -> None:
    for deed, where, to, start, length, typed in strokes:
        paragraphs = document.paragraphs()
        paragraph = paragraphs[where % len(paragraphs)]
        if deed == "delete":
            document.remove([paragraph])
        elif deed == "move":
            paragraphs[to % len(paragraphs)].addprevious(paragraph)
        elif deed == "copy":
            paragraph.addnext(copy.deepcopy(paragraph))
        else:
            document.type_at(paragraph, start, length % 7, typed)


@given(strokes=st.lists(STROKE, min_size=1, max_size=6))
def test_whatever_was_edited_can_be_read_and_what_is_taken_is_not_proposed_again(
    tmp_path_factory: pytest.TempPathFactory, strokes: list[Stroke]
) -> None:
    folder = tmp_path_factory.mktemp("random")
    desk = Desk(folder, sample_library(), SAMPLE_HANDOUT, load_theme("classique"))
    with desk.correct() as document:
        edit_at_random(document, strokes)
    taken = [c for c in desk.proposal().corrections if c.key]
    for correction in taken:
        changed(desk, correction.key, **correction.fields)
    again = {(c.key, c.part) for c in desk.proposal().corrections}
    assert not again & {(c.key, c.part) for c in taken}
    shutil.rmtree(folder)
