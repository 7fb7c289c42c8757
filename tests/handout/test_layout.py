"""The rules of the default layout, one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from handout.printed import KEY, plain_blanks

from zotsync.handout import layout
from zotsync.handout.access import AccessLabels
from zotsync.handout.choices import Choices
from zotsync.handout.entry import Mark, Role, plain
from zotsync.handout.proxies import Proxies
from zotsync.handout.text.titles import split
from zotsync.zotero.schema import bundled

Lay = Callable[..., list[str]]


def author(last: str, first: str = "", kind: str = "author") -> dict[str, str]:
    return {"creatorType": kind, "lastName": last, "firstName": first}


def body(name: str, kind: str = "author") -> dict[str, str]:
    return {"creatorType": kind, "name": name}


def source(lines: list[str]) -> str:
    return next((line.partition(": ")[2] for line in lines if line.startswith("SOURCE")), "")


@pytest.mark.parametrize(
    ("creators", "line"),
    [
        ([author("Gardien", "Ève")], "GARDIEN Ève."),
        ([author("Ève", "Zoé"), author("Œuvrard", "Ann")], "ÈVE Zoé, ŒUVRARD Ann."),
        ([author("Schweitzer", "L.")], "SCHWEITZER L."),
        ([body("EXPAIRs")], "EXPAIRs."),
        ([body("Qui vive !")], "Qui vive !"),
        ([author("Castro", "François de")], "CASTRO François de."),
        ([author("Dupont", "Jean", "editor")], "DUPONT Jean (dir.)."),
        (
            [author("Dupont", "Jean", "editor"), author("Roy", "Anne", "editor")],
            "DUPONT Jean, ROY Anne (dir.).",
        ),
    ],
)
def test_author_line(lines: Lay, creators: list[dict[str, str]], line: str) -> None:
    assert lines(title="T", creators=creators)[0] == f"AUTHOR: {line}"


def test_authors_are_those_of_the_primary_creator_type(lines: Lay) -> None:
    for kind, creator in (
        ("presentation", "presenter"),
        ("film", "director"),
        ("podcast", "podcaster"),
    ):
        creators = [author("Roy", "Anne", creator), author("Bel", "Luc", "contributor")]
        laid = lines(kind, title="T", creators=creators)
        assert laid[0] == "AUTHOR: ROY Anne."
        assert source(laid) == "BEL Luc (collab.)."


def test_without_anybody_there_is_no_author_line(lines: Lay) -> None:
    assert lines(title="T") == ["ENTRY_TITLE: T"]


def test_who_is_not_in_the_author_line_stands_in_the_source_line(lines: Lay) -> None:
    creators = [
        author("Roy", "Anne"),
        author("Dupont", "Jean", "editor"),
        author("Bel", "Luc", "translator"),
    ]
    laid = lines(title="T", creators=creators, publisher="PUG", date="2017")
    assert laid[0] == "AUTHOR: ROY Anne."
    assert source(laid) == "DUPONT Jean (dir.), BEL Luc (trad.). PUG, 2017."


@pytest.mark.parametrize(
    ("title", "short", "expected"),
    [
        ("Un guide ? Pour qui", "Un guide ?", ("Un guide ?", "Pour qui")),
        ("Un guide ? Pour qui", "Un guide", ("Un guide ?", "Pour qui")),
        ("Un guide\u202f? Pour qui", "Un guide ?", ("Un guide\u202f?", "Pour qui")),
        ("Aller mieux. Approches", "Aller mieux", ("Aller mieux", "Approches")),
        ("Aller mieux – Approches", "Aller mieux", ("Aller mieux", "Approches")),
        ("Aller mieux : approches", "Aller mieux", ("Aller mieux : approches", "")),
        ("Aller mieux : approches", "Aller mieux :", ("Aller mieux : approches", "")),
        ("Pair-aidance", "Pair", ("Pair-aidance", "")),
        ("Paires", "Pair", ("Paires", "")),
        ("Aller mieux", "Aller mieux", ("Aller mieux", "")),
        ("Aller mieux", "Autre chose", ("Aller mieux", "")),
        ("Agir ! Maintenant", "Agir", ("Agir !", "Maintenant")),
    ],
)
def test_subtitle_is_what_follows_the_short_title(
    title: str, short: str, expected: tuple[str, str]
) -> None:
    assert split(title, short) == expected


ARTICLE = {
    "publicationTitle": "Revue",
    "section": "dossier",
    "volume": "4",
    "issue": "12",
    "date": "2021-03",
}


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("journalArticle", {**ARTICLE, "pages": "3-8"}, "Revue, dossier, vol. 4, n°12, mars 2021. pp.3-8"),
        ("journalArticle", {**ARTICLE, "pages": "40"}, "Revue, dossier, vol. 4, n°12, mars 2021. p.40"),
        (
            "journalArticle",
            {**ARTICLE, "url": "https://a.org/x"},
            "Revue, dossier, vol. 4, n°12, [En ligne], mars 2021",
        ),
        (
            "journalArticle",
            {**ARTICLE, "url": "https://a.org/x", "pages": "3-8"},
            "Revue, dossier, vol. 4, n°12, mars 2021. pp.3-8",
        ),
        ("journalArticle", {"publicationTitle": "Revue"}, "Revue"),
        ("journalArticle", {"issue": "Hors-série 3", "publicationTitle": "Revue"}, "Revue, Hors-série 3"),
        ("journalArticle", {"date": "s.d."}, "s.d."),
        ("journalArticle", {"pages": "3-8"}, "pp.3-8"),
        ("magazineArticle", {"publicationTitle": "Direction(s)", "issue": "198", "date": "2021-06",
                             "pages": "40"}, "Direction(s), n°198, juin 2021. p.40"),
        ("newspaperArticle", {"publicationTitle": "Le Monde", "date": "2020-01-01", "pages": "7"},
         "Le Monde, 1er janvier 2020. p.7"),
        ("book", {"place": "Montrouge", "publisher": "ESF", "date": "2019", "series": "Actions",
                  "numPages": "185"}, "Montrouge : ESF, 2019. (Coll. Actions) 185p."),
        ("book", {"publisher": "PUS", "date": "2016-05"}, "PUS, 2016."),
        ("book", {"publisher": "PUS", "date": "s.d."}, "PUS, s.d."),
        ("book", {"numPages": "185 p."}, "185p."),
        ("report", {"institution": "HAS", "date": "2019", "pages": "20"}, "HAS, 2019. 20p."),
        ("report", {"institution": "HAS", "date": "2019", "pages": "3-20"}, "HAS, 2019."),
        ("presentation", {"presentationType": "Webinaire", "date": "2020-12-18"},
         "Webinaire du 18 décembre 2020"),
        ("presentation", {"presentationType": "Webinaire", "date": "2021-03"}, "Webinaire, mars 2021"),
        ("presentation", {"date": "2021-03-01"}, "1er mars 2021"),
        ("webpage", {"websiteTitle": "Site", "date": "2021"}, "Site, 2021"),
        ("webpage", {}, ""),
        ("bookSection", {"bookTitle": "Le livre", "publisher": "PUG", "date": "2017", "pages": "3-8"},
         "In : Le livre. PUG, 2017. pp.3-8"),
        ("bookSection", {}, ""),
        ("bookSection", {"place": "Paris", "publisher": "PUG", "date": "1850", "pages": "3"},
         "Paris : PUG, 1850. p.3"),
        ("dictionaryEntry", {"dictionaryTitle": "Le mot", "date": "2017"}, "In : Le mot. 2017."),
        ("dictionaryEntry", {"date": "2017"}, "2017."),
        ("encyclopediaArticle", {"encyclopediaTitle": "Le tout"}, "In : Le tout."),
        ("encyclopediaArticle", {"date": "2017"}, "2017."),
        ("thesis", {"thesisType": "Thèse de doctorat", "university": "Lyon 2", "date": "2019"},
         "Thèse de doctorat, Lyon 2, 2019."),
        ("conferencePaper", {"proceedingsTitle": "Actes", "date": "2020"}, "In : Actes. 2020."),
        ("conferencePaper", {"conferenceName": "Journées", "place": "Lyon"}, "In : Journées. Lyon."),
        ("conferencePaper", {"eventPlace": "Lyon", "date": "2020"}, "Lyon. 2020."),
        ("videoRecording", {"studio": "Arte", "date": "2020", "runningTime": "52 min"},
         "Arte, 2020, 52 min"),
        ("podcast", {"seriesTitle": "Les pieds sur terre", "episodeNumber": "3"},
         "Les pieds sur terre, épisode 3"),
        ("statute", {"code": "JORF", "dateEnacted": "2002-01-02"}, "JORF, 2 janvier 2002"),
        ("blogPost", {"blogTitle": "Carnet", "date": "2021"}, "Carnet, 2021"),
    ],
)  # fmt: skip
def test_source_line(lines: Lay, kind: str, fields: dict[str, str], expected: str) -> None:
    assert source(lines(kind, title="T", **fields)) == expected


def test_editors_of_a_chapter_stand_behind_in(lines: Lay) -> None:
    creators = [author("Roy", "Anne"), author("Dupont", "Jean", "editor")]
    laid = lines("bookSection", title="T", creators=creators, bookTitle="Le livre", date="2017")
    assert source(laid) == "In : DUPONT Jean (dir.). Le livre. 2017."


def test_every_item_type_prints_something_sensible(rules: layout.Rules) -> None:
    for name, kind in bundled().item_types.items():
        if name in {"note", "attachment", "annotation"}:
            continue
        fields = {field: f"valeur {field}" for field in kind.fields if field != "shortTitle"}
        creators = [author("Roy", "Anne", kind.creator_types[0])] if kind.creator_types else []
        date = next(f for f in ("date", *kind.fields) if kind.base_fields.get(f, f) == "date")
        fields |= {"itemType": name, date: "2021-03", "url": "https://a.org/x"}
        entry = layout.lay_out(KEY, {**fields, "creators": creators}, rules)
        roles = [line.role for line in entry.lines]
        wanted = [Role.AUTHOR, Role.ENTRY_TITLE, Role.SOURCE, Role.ABSTRACT, Role.ACCESS]
        assert [role for role in wanted if role not in roles] == [], name
        text = entry.lines[roles.index(Role.SOURCE)].text
        assert "2021" in text, name
        assert "valeur" in text or name in {"email", "instantMessage", "letter"}, name


def test_a_type_that_the_schema_does_not_know_is_printed(lines: Lay) -> None:
    assert lines("hologram", title="T", creators=[author("Roy")], date="2021") == [
        "AUTHOR: ROY.",
        "ENTRY_TITLE: T",
        "SOURCE: 2021",
    ]


def test_each_line_of_an_abstract_is_a_paragraph_and_its_origin_is_set_apart(
    rules: layout.Rules,
) -> None:
    text = "Un début […].\n\n  La suite [1] et la fin. [Extr. intro.]"
    entry = layout.lay_out(KEY, {"itemType": "book", "abstractNote": text}, rules)
    first, last = entry.lines
    assert [(run.text, run.mark) for run in first.runs] == [("Un début […].", None)]
    assert [(run.text, run.mark) for run in last.runs] == [
        ("La suite [1] et la fin. ", None),
        ("[Extr. intro.]", Mark.ORIGIN),
    ]


@pytest.mark.parametrize("end", ["[…]", "[12]", "[Extr. intro.] suite", "Extr. intro.]"])
def test_not_every_bracket_is_an_origin_mark(rules: layout.Rules, end: str) -> None:
    entry = layout.lay_out(KEY, {"itemType": "book", "abstractNote": f"Texte {end}"}, rules)
    assert [run.mark for run in entry.lines[0].runs] == [None]


@pytest.mark.parametrize(
    ("url", "catalogue", "label"),
    [
        ("https://shs.cairn.info/x", "", "Cairn"),
        ("https://www.cairn.info/x", "", "Cairn"),
        ("https://proxy.example.org/x", "Cairn.info", "Cairn"),
        ("https://a.org/x", "DOI.org (Crossref)", ""),
        ("https://a.org/x", "Library Catalog (Koha)", ""),
        ("https://a.org/x", "Open WorldCat", ""),
        ("https://a.org/x", "Isidore", "Isidore"),
        ("https://notcairn.info.org/x", "", ""),
        ("https://a.org/x", "", ""),
    ],
)
def test_access_label(lines: Lay, url: str, catalogue: str, label: str) -> None:
    laid = lines("webpage", title="T", url=url, libraryCatalog=catalogue)
    above = [f"ACCESS: Disponible sur {label}"] if label else []
    assert laid[1:] == [*above, f"ACCESS: {url}"]


def test_labels_of_the_configuration_have_the_last_word(rules: layout.Rules) -> None:
    own = AccessLabels.of({"cairn.info": "Cairn"}, {"Cairn.info": "Cairn (sur place)", "b.org": ""})
    changed = replace(rules, access=own)
    item = {"itemType": "webpage", "url": "https://shs.cairn.info/x"}
    assert layout.lay_out(KEY, item, changed).lines[0].text == "Disponible sur Cairn (sur place)"
    item = {"itemType": "webpage", "url": "https://b.org/x", "libraryCatalog": "Isidore"}
    assert len(layout.lay_out(KEY, item, changed).lines) == 1


def test_catalogue_without_an_address_prints_nothing(lines: Lay) -> None:
    assert lines(title="T", libraryCatalog="Isidore") == ["ENTRY_TITLE: T"]


def test_a_doi_stands_in_for_an_address(rules: layout.Rules) -> None:
    item = {"itemType": "journalArticle", "DOI": "doi:10.3917/psm.203", "publicationTitle": "R"}
    run = layout.lay_out(KEY, item, rules).lines[-1].runs[0]
    assert run.text == run.url == "https://doi.org/10.3917/psm.203"


def test_safelinks_are_unwrapped_everywhere(rules: layout.Rules) -> None:
    wrapped = "https://eur02.safelinks.protection.outlook.com/?url=http%3A%2F%2Fa.org%2Fx&data=04%7C01&reserved=0"
    item = {"itemType": "book", "url": wrapped, "abstractNote": f"Voir {wrapped} ici."}
    abstract, access = layout.lay_out(KEY, item, rules).lines
    assert abstract.text == "Voir http://a.org/x ici."
    assert access.runs[0].text == access.runs[0].url == "http://a.org/x"


@pytest.mark.parametrize(
    "url",
    [
        "gouvernement.fr/.../contenu/x.pdf",
        "https://gouvernement.fr/.../x.pdf",
        "https://a.org/début…",
        "javascript:alert(1)",
        "ftp://a.org/x",
        "https://",
        "https://[bad/x",
        "https://a b.org/",
    ],
)
def test_an_address_that_is_none_is_text(rules: layout.Rules, url: str) -> None:
    run = layout.lay_out(KEY, {"itemType": "webpage", "url": url}, rules).lines[-1].runs[0]
    assert (run.text, run.url, run.mark) == (url, "", None)


def test_a_link_leads_to_an_address_that_word_accepts(rules: layout.Rules) -> None:
    url = "https://exämple.org/é|x?q=<a>&r=100%#été"
    run = layout.lay_out(KEY, {"itemType": "webpage", "url": url}, rules).lines[-1].runs[0]
    assert run.text == url
    assert run.url == "https://xn--exmple-cua.org/%C3%A9%7Cx?q=%3Ca%3E&r=100%25#%C3%A9t%C3%A9"


def test_typography_follows_the_language_of_the_item(rules: layout.Rules) -> None:
    french = {"itemType": "book", "title": "Quoi ? Oui : « lui »"}
    title = layout.lay_out(KEY, french, rules).lines[0].text
    assert title == "Quoi\u202f? Oui\u00a0: «\u00a0lui\u00a0»"
    english = {**french, "language": "en-GB"}
    assert layout.lay_out(KEY, english, rules).lines[0].text == "Quoi ? Oui : « lui »"


def test_keywords_and_shelf_mark_are_printed_where_the_theme_shows_them(
    rules: layout.Rules,
) -> None:
    item: dict[str, Any] = {"itemType": "book", "tags": [{"tag": "a"}, {"tag": "b"}]}
    item["callNumber"] = "SOC 3"
    assert layout.lay_out(KEY, item, rules).lines == ()
    shown = replace(
        rules, choices=Choices(keywords=True, shelfmarks=True, links=False, abstracts=False)
    )
    laid = layout.lay_out(KEY, item, shown).lines
    assert [plain_blanks(line.text) for line in laid] == ["Mots-clés : a, b", "Cote : SOC 3"]


def test_abstracts_are_whole_shortened_or_left_out(rules: layout.Rules) -> None:
    item = {"itemType": "book", "abstractNote": "Un mot. Deux mots de plus. [Extr. intro.]"}

    def abstract(**choices: Any) -> list[str]:
        asked = replace(rules, choices=Choices(**choices))
        return [plain_blanks(line.text) for line in layout.lay_out(KEY, item, asked).lines]

    assert abstract(abstracts=True) == ["Un mot. Deux mots de plus. [Extr. intro.]"]
    assert abstract(abstracts=2) == ["Un mot. […] [Extr. intro.]"]
    assert abstract(abstracts=False) == []


def test_links_are_left_out_for_the_item_types_and_tags_that_say_so(rules: layout.Rules) -> None:
    item = {"itemType": "book", "url": "https://example.org/a", "tags": [{"tag": "papier"}]}

    def printed(**choices: Any) -> bool:
        asked = replace(rules, choices=Choices(**choices))
        return layout.lay_out(KEY, item, asked).lines != ()

    assert printed()
    assert printed(no_links=("webpage", "autre"))
    assert not printed(links=False)
    assert not printed(no_links=("book",))
    assert not printed(no_links=("papier",))


def test_a_numbered_entry_shows_its_number_first(rules: layout.Rules) -> None:
    item = {"itemType": "book", "title": "Titre", "creators": [author("Roy", "Ève")]}
    entry = layout.lay_out(KEY, item, rules, 12)
    assert [run.text for run in entry.lines[0].runs] == ["12.\u00a0", "ROY Ève."]
    assert entry.lines[0].runs[0].mark is Mark.NUMBER
    assert entry.number == 12
    assert layout.lay_out(KEY, item, rules).lines[0].text == "ROY Ève."


def test_automatic_tags_are_no_keywords(rules: layout.Rules) -> None:
    item = {"itemType": "book", "tags": [{"tag": "a", "type": 1}, {"tag": "b"}]}
    asked = replace(rules, choices=Choices(keywords=True))
    assert [line.text for line in layout.lay_out(KEY, item, asked).lines] == ["Mots-clés\u00a0: b"]


def test_keywords_stand_in_french_order(rules: layout.Rules) -> None:
    tags = [{"tag": word} for word in ("autisme", "zèbre", "Âge", "école", "Éducation")]
    asked = replace(rules, choices=Choices(keywords=True))
    (line,) = layout.lay_out(KEY, {"itemType": "book", "tags": tags}, asked).lines
    assert line.text == "Mots-clés\u00a0: Âge, autisme, école, Éducation, zèbre"


def test_a_reference_in_a_citation_style_stands_for_author_title_and_source(
    rules: layout.Rules,
) -> None:
    item = {"itemType": "book", "title": "Titre", "abstractNote": "Résumé.", "date": "2020"}
    asked = replace(rules, references={KEY: (plain(Role.REFERENCE, "ROY, Ève. Titre."),)})
    lines = layout.lay_out(KEY, item, asked).lines
    assert [(line.role, line.text) for line in lines] == [
        (Role.REFERENCE, "ROY, Ève. Titre."),
        (Role.ABSTRACT, "Résumé."),
    ]


def test_a_link_can_have_a_code_for_paper_before_it(rules: layout.Rules) -> None:
    item = {"itemType": "webpage", "url": "https://example.org/a"}
    asked = replace(rules, choices=Choices(qr=True))
    line = layout.lay_out(KEY, item, asked).lines[-1]
    assert [run.code for run in line.runs] == ["https://example.org/a", ""]
    elided = {"itemType": "webpage", "url": "https://example.org/…/a"}
    assert not any(run.code for run in layout.lay_out(KEY, elided, asked).lines[-1].runs)


PROXIES = {"cairn.info": "cairn.proxy.example.org"}


def access_lines(rules: layout.Rules, **fields: Any) -> list[str]:
    lines = layout.lay_out(KEY, {"itemType": "webpage", **fields}, rules).lines
    return [plain_blanks(line.text) for line in lines if line.role is Role.ACCESS]


def test_addresses_are_printed_with_the_proxies_of_the_centre(rules: layout.Rules) -> None:
    asked = replace(rules, proxies=Proxies.of(PROXIES))
    ours = ["Disponible sur Cairn", "https://cairn.proxy.example.org/a"]
    assert access_lines(asked, url="https://cairn.info/a") == ours
    assert access_lines(asked, url="https://cairn.proxy.example.org/a") == ours
    without = replace(asked, choices=Choices(proxy=False))
    clean = ["Disponible sur Cairn", "https://cairn.info/a"]
    assert access_lines(without, url="https://cairn.info/a") == clean
    assert access_lines(without, url="https://cairn.proxy.example.org/a") == clean


def test_free_full_text_is_told_apart_from_access_with_sign_in(rules: layout.Rules) -> None:
    asked = replace(rules, choices=Choices(open_access=True), proxies=Proxies.of(PROXIES))
    hal = "https://shs.hal.science/halshs-1"
    assert access_lines(asked, url=hal) == ["Accès libre", hal]
    assert (
        access_lines(asked, url=hal, libraryCatalog="HAL")[0] == "Disponible sur HAL (accès libre)"
    )
    cairn = access_lines(asked, url="https://cairn.info/a")
    assert cairn[0] == "Disponible sur Cairn (accès réservé)"
    assert access_lines(asked, url="https://example.org/a") == ["https://example.org/a"]
    assert access_lines(rules, url=hal) == [hal]
