"""Each check, on items as people type them: what it finds, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zotsync.curating.answers import Answer, Outcome, Reason
from zotsync.curating.dates import is_possible
from zotsync.curating.finding import Facts, Finding
from zotsync.curating.mending import mended
from zotsync.curating.table import CHECKS
from zotsync.curating.texts import TEXTS, usual_apostrophe
from zotsync.handout.proxies import Proxies
from zotsync.model import normal
from zotsync.sameness import Known
from zotsync.zotero.schema import bundled

PROXY = {"cairn.info": ".proxy.example.org", "sagepub.com": "https://ez.example.org/login?url="}
FACTS = Facts(bundled(), date(2026, 11, 22), Proxies.of(PROXY))
BY_CODE = {check.code: check for check in CHECKS}
SAFELINK = (
    "https://eur03.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.cairn.info%2Fx&data=1"
)


def found(code: str, facts: Facts = FACTS, **fields: Any) -> list[Finding]:
    item = normal({"itemType": "book", **fields})
    return list(BY_CODE[code].find(item, facts))


def person(last: str, first: str = "Jean") -> dict[str, str]:
    return {"creatorType": "author", "lastName": last, "firstName": first}


TO_MEND = [
    ("date-turned", {"date": "2020-31-12"}, "2020-12-31", True),
    ("date-turned", {"date": "12/31/2020"}, "2020-12-31", True),
    ("date-numbers", {"date": "31/12/2020"}, "2020-12-31", True),
    ("date-numbers", {"date": "1.1.2020"}, "2020-01-01", True),
    ("date-numbers", {"date": "05/06/2020"}, "2020-06-05", False),
    ("date-numbers", {"date": "12/06/2020"}, "2020-06-12", False),
    ("date-numbers", {"date": "13/06/2020"}, "2020-06-13", True),
    ("date-numbers", {"date": "2021-2-3"}, "2021-02-03", True),
    ("date-numbers", {"date": "2021/02/03"}, "2021-02-03", True),
    ("isbn-form", {"ISBN": "ISBN 978-2-07-036822-8."}, "978-2-07-036822-8", True),
    ("issn-form", {"ISSN": "03178471", "itemType": "journalArticle"}, "0317-8471", True),
    ("doi-form", {"DOI": "https://doi.org/10.1000/182."}, "10.1000/182", True),
    ("address", {"url": "www.cairn.info/revue"}, "https://www.cairn.info/revue", False),
    ("safelink", {"url": SAFELINK}, "https://www.cairn.info/x", True),
    (
        "safelink",
        {"abstractNote": f"Voir {SAFELINK} ici"},
        "Voir https://www.cairn.info/x ici",
        True,
    ),
    (
        "proxy",
        {"url": "https://www-cairn-info.proxy.example.org/a"},
        "https://www.cairn.info/a",
        True,
    ),
    (
        "proxy",
        {"url": "https://ez.example.org/login?url=https://journals.sagepub.com/a"},
        "https://journals.sagepub.com/a",
        True,
    ),
    (
        "tracking",
        {"url": "https://a.fr/x?utm_source=n&id=3&fbclid=z#s"},
        "https://a.fr/x?id=3#s",
        True,
    ),
    ("tracking", {"url": "https://a.fr/x?utm_source=n"}, "https://a.fr/x", True),
    ("edges", {"title": "Un titre ;"}, "Un titre", True),
    ("edges", {"title": ", un titre /"}, "un titre", True),
    ("edges", {"publisher": "ESF,"}, "ESF", True),
    ("edges", {"title": "Un titre ."}, "Un titre", True),
    ("last-stop", {"title": "Un titre de fiche."}, "Un titre de fiche", False),
    ("blanks", {"title": "Un  titre"}, "Un titre", True),
    ("blanks", {"title": "Un titre\u00a0 : suite"}, "Un titre\u00a0: suite", True),
    ("blanks", {"abstractNote": "Un  mot.\n\nUn autre."}, "Un mot.\n\nUn autre.", True),
    ("loose-marks", {"title": "Un titre , suite"}, "Un titre, suite", True),
    ("loose-marks", {"abstractNote": "Une fin . Et ( ceci )"}, "Une fin. Et (ceci)", True),
    ("doubled-marks", {"title": "Un ;; deux"}, "Un ; deux", True),
    ("doubled-marks", {"title": "Un,, deux"}, "Un, deux", True),
    ("doubled-marks", {"abstractNote": "Fin.. Suite"}, "Fin. Suite", False),
    ("apostrophes-mixed", {"title": "L'un et l’autre"}, "L’un et l’autre", True),
]


@pytest.mark.parametrize(("code", "fields", "value", "safe"), TO_MEND)
def test_what_is_found_is_mended_so(
    code: str,
    fields: dict[str, Any],
    value: str,
    safe: bool,  # noqa: FBT001
) -> None:
    (finding,) = found(code, **fields)
    assert (finding.mended, finding.safe) == (value, safe)
    assert finding.field in fields
    again = normal({"itemType": "book", **fields, finding.field: value})
    assert list(BY_CODE[code].find(again, FACTS)) == []


@pytest.mark.parametrize(
    ("code", "fields", "field"),
    [
        ("no-head", {"date": "2020"}, "title"),
        ("no-title", {"creators": [person("Dupont")]}, "title"),
        ("no-title", {"itemType": "statute", "creators": [person("Dupont")]}, "nameOfAct"),
        ("no-author", {"title": "T"}, "creators"),
        ("no-source", {"itemType": "bookSection", "publisher": "P", "date": "2020"}, "bookTitle"),
        ("no-source", {"itemType": "thesis", "thesisType": "M", "date": "2020"}, "university"),
        ("no-address", {"itemType": "webpage", "title": "T"}, "url"),
        ("date-impossible", {"date": "2021-13"}, "date"),
        ("date-impossible", {"itemType": "statute", "dateEnacted": "31/02/2020"}, "dateEnacted"),
        ("date-impossible", {"date": "31 février 2019"}, "date"),
        ("date-impossible", {"accessDate": "hier"}, "accessDate"),
        ("date-impossible", {"accessDate": "2021-02-30"}, "accessDate"),
        ("date-short", {"date": "12/05/19"}, "date"),
        ("date-short", {"date": "mai 19"}, "date"),
        ("date-unreadable", {"date": "printemps"}, "date"),
        ("date-unreadable", {"date": "202O"}, "date"),
        ("date-future", {"date": "2026-11-23"}, "date"),
        ("date-future", {"date": "2027"}, "date"),
        ("date-future", {"accessDate": "2027-01-01 10:00:00"}, "accessDate"),
        ("date-old", {"date": "1021"}, "date"),
        ("date-old", {"date": "0202-03-01"}, "date"),
        ("date-accessed", {"date": "2021", "accessDate": "2019-05-05"}, "accessDate"),
        ("isbn", {"ISBN": "9782070368229"}, "ISBN"),
        ("isbn", {"ISBN": "br."}, "ISBN"),
        ("issn", {"ISSN": "0317-8472"}, "ISSN"),
        ("doi", {"DOI": "vsoc.204"}, "DOI"),
        ("address", {"url": "Cairn"}, "url"),
        ("address-elided", {"url": "https://a.fr/.../x"}, "url"),
        ("other-proxy", {"url": "https://www-jstor-org.ezproxy.univ.fr/stable/1"}, "url"),
        ("other-proxy", {"url": "https://bib.univ.fr/login?url=https://jstor.org/1"}, "url"),
        ("title-capitals", {"title": "LA PAIR-AIDANCE EN FRANCE"}, "title"),
        ("brackets", {"title": "Un titre (suite"}, "title"),
        ("brackets", {"title": "Un « titre"}, "title"),
        ("brackets", {"abstractNote": "Un titre] suite"}, "abstractNote"),
    ],
)
def test_what_is_found_and_left_to_people(code: str, fields: dict[str, Any], field: str) -> None:
    (finding,) = found(code, **fields)
    assert finding.field == field
    assert not finding.safe


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("no-head", {"creators": [person("Dupont")]}),
        ("no-title", {"itemType": "letter", "creators": [person("Dupont")]}),
        ("no-title", {"title": "T", "creators": [person("Dupont")]}),
        ("no-title", {"itemType": "statute", "nameOfAct": "T", "creators": [person("Dupont")]}),
        ("no-author", {"itemType": "webpage", "title": "T"}),
        ("no-source", {"publisher": "P", "date": "2020"}),
        ("no-source", {"itemType": "magazineArticle", "journalAbbreviation": "P", "date": "2020"}),
        (
            "no-source",
            {
                "itemType": "report",
                "date": "2020",
                "creators": [{"creatorType": "author", "name": "HAS"}],
            },
        ),
        *(
            (code, {"date": typed})
            for code in (
                "date-impossible",
                "date-short",
                "date-unreadable",
                "date-future",
                "date-old",
            )
            for typed in (
                "2021",
                "2021-12",
                "juillet-août 2019",
                "s.d.",
                "[s. d.]",
                "2020/01",
                "2019-2020",
                "2019-20",
                "XIXe siècle",
                "à paraître",
                "2026-11",
                "1er trimestre 2018",
            )
        ),
        ("date-numbers", {"date": "2021-02-03"}),
        ("date-numbers", {"date": "2020/01"}),
        ("date-accessed", {"date": "2021", "accessDate": "2021-01-01"}),
        ("isbn", {"ISBN": "2-07-036822-X 978-2-07-036822-8"}),
        ("isbn-form", {"ISBN": "978-2-07-036822-8"}),
        ("issn-form", {"ISSN": "0317-8471, 2434-561X", "itemType": "journalArticle"}),
        ("doi-form", {"DOI": "10.1000/182"}),
        ("address", {"url": "https://fr.wikipedia.org/wiki/Pair-aidance_(santé)"}),
        ("address", {"url": SAFELINK}),
        ("other-proxy", {"url": "https://www-cairn-info.proxy.example.org/a"}),
        ("other-proxy", {"url": "https://a.fr/la-proximite"}),
        ("tracking", {"url": "https://a.fr/x?id=utm_3"}),
        ("title-capitals", {"title": "VIH/SIDA"}),
        ("edges", {"title": "Qui sommes-nous ?"}),
        ("edges", {"title": "« Un titre »"}),
        ("edges", {"title": "... et après"}),
        ("edges", {"title": ".NET pour tous"}),
        ("last-stop", {"title": "Actes du coll."}),
        ("last-stop", {"title": "Un titre. Sa suite."}),
        ("last-stop", {"publisher": "Wiley Inc."}),
        ("last-stop", {"title": "Suite et fin..."}),
        ("loose-marks", {"title": "Le cadre .NET"}),
        ("loose-marks", {"title": "Qui ? Quoi ! Et : ceci ; cela"}),
        ("doubled-marks", {"title": "Et... puis ?! Non"}),
        ("brackets", {"abstractNote": "a) un ; b) deux ; 1) trois"}),
        ("brackets", {"title": "Un (« titre »)"}),
        ("apostrophes-mixed", {"title": "L'un et l'autre : 'x' ’"}),
    ],
)
def test_what_may_be_right_is_left_alone(code: str, fields: dict[str, Any]) -> None:
    assert found(code, **fields) == []


@pytest.mark.parametrize(
    ("last", "first", "spelt", "safe"),
    [
        ("DUPONT", "Jean", ("Dupont", "Jean"), True),
        ("DUPONT-MARTIN", "JEAN-LUC", ("Dupont-Martin", "Jean-Luc"), True),
        ("DUPONT", "J.-L.", ("Dupont", "J.-L."), True),
        ("DUPONT", "DeShawn", ("Dupont", "DeShawn"), True),
        ("ÉLUARD", "P", ("Éluard", "P"), True),
        ("O'BRIEN", "Pat", ("O'Brien", "Pat"), True),
        ("DE GAULLE", "Charles", ("de Gaulle", "Charles"), False),
        ("D’ORMESSON", "Jean", ("d’Ormesson", "Jean"), False),
        ("LE GOFF", "Jacques", ("Le Goff", "Jacques"), False),
        ("VAN DER BERG", "Jan", ("van der Berg", "Jan"), False),
        ("MCDONALD", "Ann", ("Mcdonald", "Ann"), False),
        ("DE", "Li", ("De", "Li"), False),
    ],
)
def test_names_in_capitals_are_spelt_as_names(
    last: str,
    first: str,
    spelt: tuple[str, str],
    safe: bool,  # noqa: FBT001
) -> None:
    other = {"creatorType": "editor", "name": "INSERM"}
    (finding,) = found("name-capitals", creators=[other, person(last, first)])
    assert finding.mended == [other, person(*spelt)]
    assert finding.safe == safe


@pytest.mark.parametrize(
    ("last", "first"),
    [("Dupont", "Jean"), ("INSERM", ""), ("CNRS", "UMR"), ("Y", "X"), ("吳", "明")],
)
def test_names_that_may_be_right_are_left_alone(last: str, first: str) -> None:
    assert found("name-capitals", creators=[person(last, first)]) == []


def test_names_lose_stray_marks_and_blanks() -> None:
    (finding,) = found("edges", creators=[person("Dupont,", "J.")])
    assert finding.mended == [person("Dupont", "J.")]
    (finding,) = found("blanks", creators=[person("Du  Pont")])
    assert finding.mended == [person("Du Pont")]


def test_only_what_the_theme_prints_is_wanted() -> None:
    facts = replace(FACTS, printed=lambda _type: frozenset({"year", "title"}))
    (finding,) = found("no-source", facts, title="T")
    assert finding.field == "date"
    assert [f.field for f in found("no-source", title="T")] == ["publisher", "date"]


ONE = normal(
    {
        "itemType": "journalArticle",
        "title": "L’accueil des pairs",
        "date": "2018-06",
        "DOI": "10.1000/AbC",
        "url": "https://www.cairn.info/a?utm_source=x",
        "creators": [person("Adenot")],
    }
)


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("same-doi", {"itemType": "webpage", "DOI": "https://doi.org/10.1000/aBc"}),
        (
            "same-address",
            {"itemType": "webpage", "url": "https://www-cairn-info.proxy.example.org/a/"},
        ),
        (
            "same-title",
            {
                "itemType": "book",
                "title": "<i>L'Accueil</i>  des PAIRS !",
                "date": "juin 2018",
                "creators": [person("ADÉNOT", "V.")],
            },
        ),
    ],
)
def test_the_same_work_is_known_again(code: str, other: Mapping[str, Any]) -> None:
    items = {"AAAA2222": ONE, "BBBB2222": normal(other)}
    facts = replace(FACTS, known=Known.of(items, FACTS.schema, FACTS.proxies))
    for fields in items.values():
        by_check = {
            c.code: list(c.find(fields, facts)) for c in CHECKS if c.code.startswith("same-")
        }
        assert [name for name, findings in by_check.items() if findings] == [code]
        assert by_check[code][0].data["keys"] == ("AAAA2222", "BBBB2222")


def test_an_isbn_of_10_and_the_one_of_13_are_the_same_book_and_a_chapter_is_none() -> None:
    numbers = {
        "A": ("book", "207036822X"),
        "B": ("book", "978-2-07-036822-8"),
        "C": ("bookSection", "9782070368228"),
    }
    items = {k: normal({"itemType": t, "ISBN": n}) for k, (t, n) in numbers.items()}
    known = Known.of(items, FACTS.schema, FACTS.proxies)
    shared = {key: list(known.sharing(fields)) for key, fields in items.items()}
    assert shared == {"A": [("ISBN", ("A", "B"))], "B": [("ISBN", ("A", "B"))], "C": []}


def test_the_first_page_of_a_site_is_nobodys_own_and_another_year_another_work() -> None:
    items = {
        "A": normal(
            {
                "itemType": "webpage",
                "title": "Rapport annuel",
                "date": "2019",
                "url": "https://a.fr/",
            }
        ),
        "B": normal(
            {
                "itemType": "webpage",
                "title": "Rapport annuel",
                "date": "2020",
                "url": "https://a.fr",
            }
        ),
    }
    known = Known.of(items, FACTS.schema, FACTS.proxies)
    assert not [mark for fields in items.values() for mark in known.sharing(fields)]


def test_an_apostrophe_is_odd_only_where_nearly_all_texts_have_the_other() -> None:
    straight, curly = {"title": "L'un"}, {"title": "L’un"}
    assert usual_apostrophe([straight, *[curly] * 5]) == "’"
    assert usual_apostrophe([curly, *[straight] * 5]) == "'"
    assert usual_apostrophe([straight, curly]) == ""
    assert usual_apostrophe([{"title": "'x'"}]) == ""
    facts = replace(FACTS, apostrophe="’")
    (finding,) = found("apostrophes-odd", facts, title="L'un")
    assert (finding.mended, finding.safe) == ("L’un", True)
    assert found("apostrophes-odd", facts, title="L’un") == []
    assert found("apostrophes-odd", title="L'un") == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("La sociÃ©tÃ© dâ€™aujourdâ€™hui", "La société d’aujourd’hui"),
        ("cÅ“ur Ã  cÅ“ur", "cœur à cœur"),
        ("ÃƒÂ©cole", "école"),
        ("Â« motÂ\u00a0»", "« mot\u00a0»"),
        ("Ã‰tude â€“ 3 â‚¬", "Étude – 3 €"),
    ],
)
def test_what_was_misread_can_be_read_again(typed: str, meant: str) -> None:
    (finding,) = found("misread", title=typed)
    assert (finding.field, finding.mended, finding.safe) == ("title", meant, False)
    (finding,) = found("misread", creators=[person(typed)])
    assert (finding.field, finding.mended) == ("creators", [person(meant)])


@pytest.mark.parametrize(
    "text", ["« LIBERTÉ»", "“LIBERTÉ”", "ALEMÃ E SÃO PAULO", "L’Âge d’or", "Ångström", "Â", "à â œ"]
)
def test_what_is_right_was_not_misread(text: str) -> None:
    assert found("misread", title=text, creators=[person(text)]) == []


@given(st.text(st.sampled_from("éèêëàâäùûüôöîïçœŒÉÈÊÀÇ’“”«»…–€ abc"), max_size=20))
def test_all_of_french_is_read_again(text: str) -> None:
    text = normal({"itemType": "book", "title": text}).get("title", "")
    as_windows = text.encode().decode("cp1252", "replace")
    if "\ufffd" in as_windows or "Ã " in as_windows:  # a gap, or a blank that was lost
        return
    told = found("misread", title=as_windows)
    assert [finding.mended for finding in told] == ([text] if text != as_windows else [])


@pytest.mark.parametrize("sign", ["\ufffd", "\ufffe", "\uffff", "\ue000", "\uf0b7"])
def test_signs_that_nobody_can_read_are_found(sign: str) -> None:
    (finding,) = found("lost-signs", abstractNote=f"soci{sign}t{sign}")
    assert (finding.field, finding.mended) == ("abstractNote", None)
    assert found("lost-signs", abstractNote="société ☞ 😀") == []


@pytest.mark.parametrize(
    ("code", "answer", "proposed"),
    [
        ("link-gone", Answer(Outcome.GONE, 0, 404), None),
        ("link-moved", Answer(Outcome.MOVED, 0, 200, to="https://b.fr/y"), "https://b.fr/y"),
        ("link-moved", Answer(Outcome.MOVED, 0, 200, to="https://a.fr/"), None),
        ("link-unsure", Answer(Outcome.UNSURE, 0, 403), None),
        ("link-private", Answer(Outcome.REFUSED, 0, reason=Reason.PRIVATE), None),
    ],
)
def test_what_came_of_asking_is_a_finding_like_any_other(
    code: str, answer: Answer, proposed: str | None
) -> None:
    facts = replace(FACTS, answers={"https://a.fr/x": answer})
    (finding,) = found(code, facts, url="https://a.fr/x?utm_source=n")
    assert (finding.field, finding.mended, finding.safe) == ("url", proposed, False)
    assert found(code, facts, url="https://a.fr/other") == []


@pytest.mark.parametrize("typed", ["2021-13", "2021-00", "2021-02-30", "31/02/2020", "2020/13/01"])
def test_dates_that_cannot_be_are_told(typed: str) -> None:
    assert not is_possible(typed)


ODD = st.text("aA'’ .,;:/()«»[]\u00a0\n1EL", max_size=30)


@given(
    st.fixed_dictionaries(
        dict.fromkeys((*TEXTS[:2], "abstractNote", "url", "date", "ISBN", "ISSN", "DOI"), ODD)
    )
)
def test_what_is_mended_is_mended_for_good_and_no_text_makes_a_check_fail(
    fields: dict[str, str],
) -> None:
    item = normal({"itemType": "journalArticle", **fields, "creators": [person("DUPONT,", "J")]})
    once = mended(item, CHECKS, FACTS, guesses=False)
    assert set(once) == set(item)
    assert letters(once) == letters(item)
    twice = mended(once, CHECKS, FACTS, guesses=False)
    assert mended(twice, CHECKS, FACTS, guesses=False) == twice


def letters(item: Mapping[str, Any]) -> list[str]:
    """Return what of texts no mending may touch."""
    return ["".join(c for c in item.get(name, "") if c.isalnum()) for name in TEXTS]
