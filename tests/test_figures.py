"""Numbers and moments are written as people write them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zotsync import figures, i18n


@pytest.fixture
def french() -> Iterator[None]:
    before = i18n.language()
    i18n.install("fr")
    yield
    i18n.install(before)


@pytest.fixture
def english() -> Iterator[None]:
    before = i18n.language()
    i18n.install("en")
    yield
    i18n.install(before)


def here(*parts: int) -> datetime:
    """Give a moment by the clock on the wall."""
    return datetime(*parts).astimezone()  # type: ignore[arg-type]


@pytest.mark.usefixtures("french")
def test_french_figures_are_written_with_no_break_spaces() -> None:
    assert figures.number(7) == "7"
    assert figures.number(1234567) == "1\u202f234\u202f567"
    assert figures.when(here(2026, 11, 23, 14, 5)) == "23\u00a0nov.\u00a02026, 14\u00a0h\u00a005"
    assert figures.when(here(2026, 12, 1, 9, 30)) == "1er\u00a0déc.\u00a02026, 9\u00a0h\u00a030"
    assert figures.day(here(2026, 5, 2)) == "2\u00a0mai\u00a02026"


@pytest.mark.usefixtures("english")
def test_english_figures_are_written_as_usual() -> None:
    assert figures.number(1234567) == "1,234,567"
    assert figures.when(here(2026, 11, 23, 14, 5)) == "23\u00a0Nov\u00a02026, 14:05"
    assert figures.when(here(2026, 12, 1, 9, 30)) == "1\u00a0Dec\u00a02026, 09:30"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (3599, "59 minutes ago"),
        (3600, "1 hour ago"),
        (86399, "23 hours ago"),
        (86400, "1 day ago"),
        (86400 * 1500, "1,500 days ago"),
    ],
)
@pytest.mark.usefixtures("english")
def test_the_past_is_told_in_its_largest_unit(seconds: float, told: str) -> None:
    assert figures.ago(seconds) == told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(-3, "0 s"), (45, "45 s"), (60, "1 min 00 s"), (3599.6, "1 h 00"), (3900, "1 h 05")],
)
def test_a_span_has_two_units(seconds: float, told: str) -> None:
    assert figures.lasting(seconds).replace("\u00a0", " ") == told


@pytest.mark.usefixtures("french")
@given(st.integers(0, 10**12))
def test_a_number_reads_back(n: int) -> None:
    assert int(figures.number(n).replace("\u202f", "")) == n


def test_a_moment_of_another_zone_is_told_by_the_clock_here() -> None:
    there = timezone(timedelta(hours=9))
    moment = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
    assert figures.when(moment) == figures.when(moment.astimezone(there))
