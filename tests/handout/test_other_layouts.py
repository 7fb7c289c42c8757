"""Layouts of other houses, written as themes: what the pattern language has to be able to say.

Two of REISO (the libraries' choice of books), PRISME (the network of French social-work libraries), ISBD
and ISO 690, each on several item types.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from handout.printed import KEY, paragraphs, plain_blanks, print_items

from zotsync.config import Centre
from zotsync.errors import ThemeError
from zotsync.handout import layout
from zotsync.handout.choices import choose
from zotsync.handout.entry import Entry, Face, Mark, Role
from zotsync.handout.render import House, rules_of
from zotsync.handout.theming.themes import Theme, load_theme, templates_folder
from zotsync.model import normal
from zotsync.zotero.schema import bundled

LAYOUTS = Path(__file__).parent / "data" / "layouts"
NAMES = sorted(file.stem for file in LAYOUTS.glob("*.toml"))

Item = Mapping[str, Any]
LayOut = Callable[..., Entry]


def person(last: str, first: str = "", kind: str = "author") -> dict[str, str]:
    return {"creatorType": kind, "lastName": last, "firstName": first}


ARTICLE: Item = {
    "itemType": "journalArticle",
    "title": "Le travailleur pair, ce nouveau collègue ?",
    "creators": [person("Maugiron", "Philippe"), person("Roy", "Anne-Marie")],
    "publicationTitle": "Pratiques en santé mentale",
    "volume": "66",
    "issue": "3",
    "date": "2020-09",
    "pages": "28-32",
    "ISSN": "1955-6098",
    "DOI": "10.3917/psm.203",
    "tags": [{"tag": "Pair-aidance"}, {"tag": "Rétablissement"}],
    "abstractNote": "Une réalité <i>multiple</i>. [Extr. intro.]",
}
BOOK: Item = {
    "itemType": "book",
    "title": "Les non-dits du travail social : pratiques, éthique",
    "creators": [person("Bouchereau", "Xavier")],
    "place": "Toulouse",
    "publisher": "Érès",
    "date": "2012",
    "series": "Trames",
    "numPages": "240",
    "ISBN": "978-2-7492-1234-5",
    "callNumber": "SOC 3",
}
COLLECTIVE: Item = {
    **BOOK,
    "title": "L’intervention à domicile",
    "creators": [person("Jetté", "Ch.", "editor"), person("Lenzi", "Catherine", "editor")],
    "series": "",
    "ISBN": "",
}
CHAPTER: Item = {
    "itemType": "bookSection",
    "title": "Le pair",
    "creators": [person("Roy", "Anne"), person("Dupont", "Jean", "editor")],
    "bookTitle": "La santé mentale",
    "place": "Grenoble",
    "publisher": "PUG",
    "date": "2017",
    "pages": "40",
}
THESIS: Item = {
    "itemType": "thesis",
    "title": "Vivre avec",
    "creators": [person("Bel", "Luc")],
    "thesisType": "Thèse de doctorat",
    "university": "Université Lyon 2",
    "place": "Lyon",
    "date": "2019",
    "numPages": "410",
}
PAGE: Item = {
    "itemType": "webpage",
    "title": "La pair-aidance",
    "creators": [{"creatorType": "author", "name": "Centre ressource"}],
    "websiteTitle": "Psycom",
    "date": "2021-03",
    "url": "https://www.psycom.org/pair-aidance",
    "accessDate": "2021-10-03T08:00:00Z",
}
CROWD: Item = {
    **BOOK,
    "creators": [person(name, "A.") for name in ("Un", "Deux", "Trois", "Quatre")],
}


@pytest.fixture(params=NAMES)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Theme:
    """Return each of the layouts as a theme."""
    return theme_of(LAYOUTS / f"{request.param}.toml", tmp_path)


def theme_of(definition: Path, folder: Path) -> Theme:
    own = folder / "templates" / definition.stem
    own.mkdir(parents=True)
    shutil.copy(templates_folder() / "classique" / "base.docx", own)
    shutil.copy(definition, own / "theme.toml")
    return load_theme(definition.stem, own.parent)


def lay_out(theme: Theme, item: Item, **choices: Any) -> Entry:
    chosen = choose(theme.choices, choices)
    rules = rules_of(theme, bundled(), House(Centre()), chosen)
    return layout.lay_out(KEY, normal(item), rules)


def texts(entry: Entry) -> list[str]:
    return [plain_blanks(line.text) for line in entry.lines]


@pytest.mark.parametrize(
    ("name", "item", "printed"),
    [
        ("reiso-fiche", BOOK, [
            "Bouchereau, Xavier",
            "Les non-dits du travail social : pratiques, éthique",
            "Toulouse : Érès, 2012 (Trames)",
        ]),
        ("reiso-fiche", COLLECTIVE, [
            "Jetté, Ch. ; Lenzi, Catherine (dir.)",
            "L’intervention à domicile",
            "Toulouse : Érès, 2012",
        ]),
        ("reiso-fiche", CROWD, [
            "Un, A. et al.",
            "Les non-dits du travail social : pratiques, éthique",
            "Toulouse : Érès, 2012 (Trames)",
        ]),
        ("reiso-fiche", ARTICLE, [
            "Maugiron, Philippe ; Roy, Anne-Marie",
            "Le travailleur pair, ce nouveau collègue ?",
            "In : Pratiques en santé mentale, vol. 66, n° 3, septembre 2020, p. 28-32",
            "Une réalité multiple. [Extr. intro.]",
        ]),
        ("reiso-fiche", PAGE, ["Centre ressource", "La pair-aidance", "Psycom, 2021"]),
        ("reiso-liste", COLLECTIVE, [
            "• Sous la direction de Ch. Jetté et Catherine Lenzi",
            "• L’intervention à domicile",
            "• Toulouse : Érès, 2012",
        ]),
        ("reiso-liste", BOOK, [
            "• Xavier Bouchereau",
            "• Les non-dits du travail social : pratiques, éthique",
            "• Toulouse : Érès, 2012",
        ]),
        ("reiso-liste", CHAPTER, [
            "• Anne Roy",
            "• Le pair",
            "• In : La santé mentale, Grenoble : PUG, 2017, p. 40",
        ]),
        ("reiso-liste", PAGE, [
            "• Centre ressource",
            "• La pair-aidance",
            "• Psycom, 2021",
            "https://www.psycom.org/pair-aidance",
        ]),
        ("prisme", ARTICLE, [
            "Le travailleur pair, ce nouveau collègue ?",
            "Article de Philippe Maugiron, Anne-Marie Roy",
            "Paru dans la revue Pratiques en santé mentale, vol. 66, n° 3, septembre 2020, pp. 28-32.",
            "Mots clés : Pair-aidance, Rétablissement",
            "Une réalité multiple. [Extr. intro.]",
            "https://doi.org/10.3917/psm.203",
        ]),
        ("prisme", COLLECTIVE, [
            "L’intervention à domicile",
            "Ouvrage dirigé par Ch. Jetté, Catherine Lenzi",
            "Paru chez Érès, Toulouse, 2012, 240 p.",
        ]),
        ("prisme", CHAPTER, [
            "Le pair",
            "Contribution de Anne Roy",
            "Parue dans La santé mentale, sous la direction de Jean Dupont, PUG, 2017, p. 40.",
        ]),
        ("prisme", THESIS, [
            "Vivre avec",
            "Thèse de Luc Bel",
            "Thèse de doctorat, soutenue à Université Lyon 2, 2019, 410 p.",
        ]),
        ("isbd", BOOK, [
            ("Les non-dits du travail social : pratiques, éthique / Xavier Bouchereau. – Toulouse : Érès,"
            " 2012. – 240 p. – (Trames). – ISBN 978-2-7492-1234-5."),
        ]),
        ("isbd", CROWD, [
            ("Les non-dits du travail social : pratiques, éthique / A. Un et al. – Toulouse : Érès,"
            " 2012. – 240 p. – (Trames). – ISBN 978-2-7492-1234-5."),
        ]),
        ("isbd", ARTICLE, [
            ("Le travailleur pair, ce nouveau collègue ? / Philippe Maugiron, Anne-Marie Roy."
            " – In : Pratiques en santé mentale, vol. 66, n° 3, septembre 2020. – P. 28-32."
            " – ISSN 1955-6098."),
            "Une réalité multiple. [Extr. intro.]",
            "https://doi.org/10.3917/psm.203",
        ]),
        ("isbd", CHAPTER, [
            "Le pair / Anne Roy. – In : La santé mentale / Jean Dupont. – Grenoble : PUG, 2017. – P. 40.",
        ]),
        ("isbd", THESIS, [
            "Vivre avec / Luc Bel. – Lyon, Université Lyon 2, 2019. – 410 p. – Thèse de doctorat.",
        ]),
        ("iso690", BOOK, [
            ("BOUCHEREAU, Xavier. Les non-dits du travail social : pratiques, éthique."
            " Toulouse : Érès, 2012. 240 p. Trames. ISBN 978-2-7492-1234-5."),
        ]),
        ("iso690", COLLECTIVE, [
            ("JETTÉ, Ch. et LENZI, Catherine (dir.). L’intervention à domicile."
            " Toulouse : Érès, 2012. 240 p."),
        ]),
        ("iso690", ARTICLE, [
            ("MAUGIRON, Philippe et ROY, Anne-Marie. Le travailleur pair, ce nouveau collègue ?"
            " Pratiques en santé mentale. septembre 2020, vol. 66, n° 3, p. 28-32."
            " DOI 10.3917/psm.203."),
            "Une réalité multiple. [Extr. intro.]",
        ]),
        ("iso690", CHAPTER, [
            "ROY, Anne. Le pair. In : DUPONT, Jean (dir.). La santé mentale. Grenoble : PUG, 2017, p. 40.",
        ]),
        ("iso690", THESIS, [
            "BEL, Luc. Vivre avec. Thèse de doctorat. Lyon : Université Lyon 2, 2019.",
        ]),
        ("iso690", PAGE, [
            ("Centre ressource. La pair-aidance. Psycom [en ligne]. mars 2021 [consulté le 3 octobre 2021]."
            " Disponible à l’adresse : https://www.psycom.org/pair-aidance"),
        ]),
    ],
)  # fmt: skip
def test_the_layouts_of_other_houses(
    name: str, item: Item, printed: list[str], tmp_path: Path
) -> None:
    assert texts(lay_out(theme_of(LAYOUTS / f"{name}.toml", tmp_path), item)) == printed


def test_an_item_with_nothing_in_it_prints_nothing(house: Theme) -> None:
    for kind in bundled().item_types:
        assert lay_out(house, {"itemType": kind}).lines == (), kind


def test_what_is_empty_takes_its_separators_with_it(house: Theme) -> None:
    for full in (ARTICLE, BOOK, CHAPTER, THESIS, PAGE):
        for gone in full:
            item = {name: value for name, value in full.items() if name != gone}
            for text in texts(lay_out(house, {"itemType": full["itemType"], **item})):
                assert text == text.strip()
                for pair in (
                    ", ,",
                    ",.",
                    " ,",
                    " .",
                    ". .",
                    "()",
                    "[]",
                    "– –",
                    ": :",
                    "; ;",
                    "/ –",
                ):
                    assert pair not in text.removeprefix("• "), (gone, text)
                assert not text.endswith((",", ":", "/", "–", "(")), (gone, text)


def test_formatting_in_the_values_and_of_the_pattern_stands_side_by_side(tmp_path: Path) -> None:
    theme = theme_of(LAYOUTS / "iso690.toml", tmp_path)
    item = {**ARTICLE, "title": "Les <i>Homo</i> sp. et le CO<sub>2</sub>"}
    runs = lay_out(theme, item).lines[0].runs
    faced = {run.text: run.faces for run in runs if run.faces}
    assert faced == {
        "Homo": {Face.ITALIC},
        "2": {Face.SUB},
        "Pratiques en santé mentale": {Face.ITALIC},
    }
    assert lay_out(theme, item).lines[1].runs[-1].mark is Mark.ORIGIN


def test_french_typography_is_that_of_every_line(tmp_path: Path) -> None:
    theme = theme_of(LAYOUTS / "isbd.toml", tmp_path)
    line = lay_out(theme, BOOK).lines[0].text
    assert "social\u00a0: pratiques" in line
    assert "Toulouse\u00a0: Érès" in line
    english = lay_out(theme, {**BOOK, "language": "en"}).lines[0].text
    assert "Toulouse : Érès" in english


def test_an_address_within_a_line_is_a_true_link(tmp_path: Path) -> None:
    theme = theme_of(LAYOUTS / "iso690.toml", tmp_path)
    *before, link = lay_out(theme, PAGE).lines[0].runs
    assert (link.text, link.url, link.mark) == (PAGE["url"], PAGE["url"], Mark.LINK)
    assert not any(run.url for run in before)
    elided = {**PAGE, "url": "https://www.psycom.org/.../x.pdf"}
    assert not any(run.url for run in lay_out(theme, elided).lines[0].runs)


def test_where_links_are_left_out_their_words_go_with_them(tmp_path: Path) -> None:
    theme = theme_of(LAYOUTS / "iso690.toml", tmp_path)
    for choice in ({"links": False}, {"no_links": ("webpage",)}):
        text = texts(lay_out(theme, PAGE, **choice))[0]
        assert text.endswith("Psycom [en ligne]. mars 2021 [consulté le 3 octobre 2021].")


def test_a_choice_leaves_out_a_part_wherever_the_theme_puts_it(tmp_path: Path) -> None:
    theme = theme_of(LAYOUTS / "prisme.toml", tmp_path)
    roles = [line.role for line in lay_out(theme, ARTICLE).lines]
    assert roles.index(Role.KEYWORDS) < roles.index(Role.ABSTRACT)
    left = [line.role for line in lay_out(theme, ARTICLE, keywords=False, abstracts=False).lines]
    assert left == [r for r in roles if r not in {Role.KEYWORDS, Role.ABSTRACT}]
    assert Role.KEYWORDS not in [line.role for line in lay_out(theme, BOOK).lines]


def test_every_layout_is_a_whole_document(house: Theme) -> None:
    items = (ARTICLE, BOOK, COLLECTIVE, CHAPTER, THESIS, PAGE)
    printed = paragraphs(print_items(house, *items).data)
    for item in items:
        assert sum(plain_blanks(text).count(item["title"]) for _style, text in printed) == 1


WRONG = [
    ("[[lines]]\n", "lines[0]", "part or a style"),
    ('[[lines]]\npart = "titel"\n', "lines[0].part", "titel"),
    ('[[lines]]\nstyle = "Entry Titel"\n', "lines[0].style", "Entry Titel"),
    ('[[lines]]\nstyle = "Entry Note"\n', "lines[0]", "default"),
    ('[[lines]]\npart = "reference"\nbook = "x"\n', "lines[0]", "default"),
    ('[[lines]]\npart = "abstract"\ndefault = "x"\n', "lines[0]", "abstract"),
    ('[[lines]]\npart = "title"\ndefault = 3\n', "lines[0].default", "default"),
    ('[[lines]]\npart = "title"\ndefault = "{{ titel }}"\n', "lines[0].default", "titel"),
    ('[[lines]]\npart = "title"\ndefault = "{{ title"\n', "lines[0].default", "bracket"),
    ('[[lines]]\npart = "source"\n', "source", "source.default"),
    ("lines = 3\n", "lines", "lines"),
]


@pytest.mark.parametrize(("text", "spot", "words"), WRONG)
def test_what_is_wrong_in_lines_is_told_with_its_place(
    text: str, spot: str, words: str, tmp_path: Path
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ThemeError) as caught:
        lay_out(theme_of(file, tmp_path), BOOK)
    place = caught.value.problem.place
    assert (place.field, place.line is not None) == (spot, spot != "source")
    assert words in str(caught.value.problem)


def test_words_of_a_part_may_differ_for_one_type_alone(own_theme: Path) -> None:
    file = own_theme / "theme.toml"
    lines = (
        '[[lines]]\npart = "authors"\nbook = "Livre de {{ authors }}"\n[[lines]]\npart = "source"\n'
    )
    file.write_text(file.read_text("utf-8") + lines, "utf-8")
    theme = load_theme("own", own_theme.parent)
    assert texts(lay_out(theme, BOOK))[0] == "Livre de BOUCHEREAU Xavier"
    assert texts(lay_out(theme, THESIS))[0] == "BEL Luc."
    assert texts(lay_out(theme, BOOK))[1] == "Toulouse : Érès, 2012. (Coll. Trames) 240p."
