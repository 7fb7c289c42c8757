"""ISBN, ISSN and DOI: what their check digits catch, and what their forms are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zotsync.curating.identifiers import (
    is_doi,
    is_isbn,
    isbn13,
    isbns,
    issn_form,
    issns,
    plain_doi,
    plain_numbers,
)

digits = st.text("0123456789", min_size=9, max_size=9)


def ten(body: str) -> str:
    return next(body + d for d in "0123456789X" if is_isbn(body + d))


@given(digits)
def test_every_body_has_one_check_digit_and_one_form_of_13(body: str) -> None:
    assert sum(is_isbn(body + d) for d in "0123456789X") == 1
    assert is_isbn(isbn13(ten(body)))
    assert isbn13(ten(body))[3:12] == body


@given(digits, st.integers(0, 9), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_seen(body: str, at: int, digit: str) -> None:
    for right in (ten(body), isbn13(ten(body))):
        wrong = right[:at] + digit + right[at + 1 :]
        assert is_isbn(wrong) == (wrong == right)


@given(digits, st.integers(0, 8))
def test_an_isbn_of_10_shows_two_digits_that_changed_places(body: str, at: int) -> None:
    right = ten(body)
    turned = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    assert is_isbn(turned) == (turned == right)


@given(st.text(max_size=40))
def test_no_text_makes_any_of_them_fail(text: str) -> None:
    assert all(isinstance(right, bool) for _n, right in (*isbns(text), *issns(text)))
    assert isbn13(text) in {"", *(isbn13(n) for n, right in isbns(text) if right)}
    assert plain_doi(plain_doi(text)) == plain_doi(text)
    assert plain_numbers(plain_numbers(text)) == plain_numbers(text)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("978-2-07-036822-8", [("978-2-07-036822-8", True)]),
        ("207036822X 9782070368228", [("207036822X", True), ("9782070368228", True)]),
        ("978 2 07 036822 8", [("978 2 07 036822 8", True)]),
        ("ISBN : 2-07-036822-X.", [("2-07-036822-X", True)]),
        ("ISBN-13: 9782070368229", [("9782070368229", False)]),
        ("080442957X", [("080442957X", True)]),
        ("978-2-07", [("978-2-07", False)]),
        ("9772070368228", [("9772070368228", False)]),
    ],
)
def test_isbns_are_read_as_people_type_them(typed: str, found: list[tuple[str, bool]]) -> None:
    assert list(isbns(typed)) == found


@pytest.mark.parametrize(
    ("typed", "right", "form"),
    [
        ("0317-8471", True, "0317-8471"),
        ("03178471", True, "0317-8471"),
        ("ISSN 2434-561x", True, "2434-561X"),
        ("0317-8472", False, "0317-8472"),
        ("0317–8471", True, "0317-8471"),
    ],
)
def test_issns_have_a_hyphen_and_a_check_digit(typed: str, right: bool, form: str) -> None:  # noqa: FBT001
    ((_number, is_right),) = issns(typed)
    assert (is_right, issn_form(typed)) == (right, form)


@pytest.mark.parametrize(
    "typed",
    [
        "10.3917/vsoc.204.0089",
        "https://doi.org/10.3917/vsoc.204.0089",
        "http://dx.doi.org/10.3917/vsoc.204.0089.",
        "doi: 10.3917/vsoc.204.0089",
        "DOI:10.3917/vsoc.204.0089 ",
    ],
)
def test_a_doi_is_what_stands_after_its_address(typed: str) -> None:
    assert plain_doi(typed) == "10.3917/vsoc.204.0089"
    assert is_doi(plain_doi(typed))


@pytest.mark.parametrize("typed", ["10.39", "10.3917", "11.3917/x", "vsoc", "10.3917/a b"])
def test_what_is_no_doi_is_none(typed: str) -> None:
    assert not is_doi(plain_doi(typed))
