"""What is read in a date: the expectations are what the Zotero client makes of the same texts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import messy_text

from zotsync.csljson.dates import csl_date, is_read_whole


def parts(*dates: list[int], **more: Any) -> dict[str, Any]:
    return {"date-parts": list(dates), **more}


def literal(text: str) -> dict[str, Any]:
    return {"literal": text}


DATES = {
    "2020": parts([2020]),
    "2020-01": parts([2020, 1]),
    "2020-01-31": parts([2020, 1, 31]),
    "2020-02-30": literal("2020-02-30"),
    "2020-13": literal("2020-13"),
    "2018-12-18T07:11:44Z": parts([2018, 12, 18]),
    "0012": parts([12]),
    # ranges and approximations
    "2019-2021": parts([2019], [2021]),
    "2019–2021": parts([2019], [2021]),
    "2019-20": parts([2019], [2020]),
    "2011-12": parts([2011, 12]),
    "2019/2021": parts([2019], [2021]),
    "2021-05/2021-06": parts([2021, 5], [2021, 6]),
    "1996-1995": literal("1996-1995"),
    "ca. 2019": parts([2019], circa=True),
    "2019~": parts([2019], circa=True),
    # eras
    "-429?": parts([-429], circa=True),
    "429 BCE": parts([-429]),
    "AD 429": parts([429]),
    "1000-900 BCE": parts([-1000], [-900]),
    "100 BCE-50 CE": parts([-100], [50]),
    "500-750 BCE": literal("500-750 BCE"),
    "-500/-750": literal("-500/-750"),
    "January 10, 200 BCE": parts([-200, 1, 10]),
    "Summer 429 BCE": parts([-429], season="Summer"),
    # words
    "31 janvier 2020": parts([2020, 1, 31]),
    "1er mars 2021": parts([2021, 3, 1]),
    "déc. 2018": parts([2018, 12]),
    "de\u0301cembre 2018": parts([2018, 12]),
    "aout 2018": parts([2018, 8]),
    "juillet-août 2019": parts([2019, 8]),
    "2020 janvier": parts([2020, 1]),
    "lundi 3 février 2020": parts([2020, 2, 3]),
    "May 13, 2021": parts([2021, 5, 13]),
    "printemps 2021": parts([2021], season="printemps"),
    "été 2021": parts([2021], season="été"),
    "vers 2019": parts([2019], season="vers"),
    # numbers, the day first
    "3/5/2020": parts([2020, 5, 3]),
    "5/13/2020": parts([2020, 5, 13]),
    "05/2020": parts([2020, 5]),
    "3.5.99": parts([1999, 5, 3]),
    "3.5.20": parts([2020, 5, 3]),
    # no date
    "s.d.": literal("s.d."),
    "12 mai": literal("12 mai"),
    "c2019": literal("c2019"),
    '"1637 et 1662"': literal("1637 et 1662"),
    "“2021”": literal("2021"),
}


@pytest.mark.parametrize(("typed", "expected"), DATES.items())
def test_date_reads_as_in_the_client(typed: str, expected: dict[str, Any]) -> None:
    assert csl_date(typed) == expected


@given(messy_text() | st.from_regex(r"[0-9]{1,4}([-/.][0-9]{1,4}){0,2}", fullmatch=True))
def test_any_text_is_a_date_or_stays_itself(text: str) -> None:
    date = csl_date(text)
    assert ("date-parts" in date) != ("literal" in date)
    for one in date.get("date-parts", ()):
        assert 1 <= len(one) <= 3
        assert all(isinstance(part, int) for part in one)


@pytest.mark.parametrize(
    "text",
    [
        *("2020", "2020-01-31", "2019-2021", "31 janvier 2020", "1er mai 2020", "janvier 2020"),
        *("printemps 2020", "3/5/2020", "May 3rd, 2020", "c. 1850", "[2020]", "à paraître", ""),
    ],
)
def test_most_dates_are_read_whole(text: str) -> None:
    assert is_read_whole(text)


@pytest.mark.parametrize(
    "text",
    [
        *("mars-avril 2019", "1593, 1603", "1990, 2e édition 1994", "2e trimestre 2020"),
        *("mars 2019 (paru en mai)", "12 mars 2019, p. 3"),
    ],
)
def test_what_is_dropped_of_a_date_is_told(text: str) -> None:
    assert not is_read_whole(text)


@given(messy_text())
def test_any_text_is_looked_at(text: str) -> None:
    assert is_read_whole(text) or "date-parts" in csl_date(text)
