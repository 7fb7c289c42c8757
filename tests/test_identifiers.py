"""ISBN, ISSN and DOI: what their check digits catch, and what their forms are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zotsync.identifiers import (
    doi_of,
    host_and_rest,
    is_doi,
    is_isbn,
    is_number_alone,
    isbn13,
    isbn_form,
    isbns,
    issn_form,
    issns,
    kind_of_number,
    plain_doi,
    without_tracking,
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
    assert isbn_form(isbn_form(text)) == isbn_form(text)
    assert kind_of_number(text) in {"", "ISBN", "ISSN"}
    assert doi_of(text, text, text) == doi_of(text, text, text).lower()
    assert without_tracking(without_tracking(text)) == without_tracking(text)
    assert all(isinstance(part, str) for part in host_and_rest(f"https://a.fr{text}"))


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
        ("978-2-07-036822-8 (br.) : 24,50 EUR", [("978-2-07-036822-8", True)]),
        ("2\u201107\u2011036822\u2011X", [("2-07-036822-X", True)]),
        ("ISBN9782070368228 (vol. 1)", [("9782070368228", True)]),
        ("978\u00a02\u00a007\u00a0036822\u00a08", [("978 2 07 036822 8", True)]),
        ("9782070368228/207036822x", [("9782070368228", True), ("207036822X", True)]),
        ("s.n.", []),
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
        ("0317-8472", False, ""),
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
        "DOI : https://doi.org/10.3917/vsoc.204.0089",
        "doi.org/10.3917/vsoc.204.0089",
        "https://doi.org/10.3917%2Fvsoc.204.0089",
    ],
)
def test_a_doi_is_what_stands_after_its_address(typed: str) -> None:
    assert plain_doi(typed) == "10.3917/vsoc.204.0089"
    assert is_doi(plain_doi(typed))


@pytest.mark.parametrize("typed", ["10.39", "10.3917", "11.3917/x", "vsoc", "10.3917/a b"])
def test_what_is_no_doi_is_none(typed: str) -> None:
    assert not is_doi(plain_doi(typed))


@pytest.mark.parametrize(
    ("typed", "form", "alone"),
    [
        ("ISBN : 978 2 07 036822 8.", "978-2-07-036822-8", True),
        ("9782070368228, 2-07-036822-x", "9782070368228 2-07-036822-X", True),
        ("978-2-07-036822-8 (br.) : 24 EUR", "978-2-07-036822-8", False),
        ("", "", True),
    ],
)
def test_an_isbn_alone_and_what_is_lost_with_the_rest(
    typed: str, form: str, *, alone: bool
) -> None:
    assert (isbn_form(typed), is_number_alone(typed, isbn_form(typed))) == (form, alone)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("2-7101-3945-6", "ISBN"),
        ("ISSN 0042-5605 (imprimé)", "ISSN"),
        ("0042-5606", "ISSN"),  # its last digit is wrong
        ("RR-2019-12", ""),
    ],
)
def test_the_length_of_a_number_says_what_it_is(typed: str, kind: str) -> None:
    assert kind_of_number(typed) == kind


def test_a_doi_is_found_where_people_put_it() -> None:
    assert doi_of("10.1000/ABC") == "10.1000/abc"
    assert doi_of("", "Une ligne\nDOI : 10.1000/abc") == "10.1000/abc"
    assert doi_of("", "", "https://dx.doi.org/10.1000/abc?utm_source=lettre") == "10.1000/abc"
    assert not doi_of("", "", "https://example.org/10.1000/abc")


@pytest.mark.parametrize(
    ("address", "clean"),
    [
        ("https://x.org/a?utm_source=b&id=3", "https://x.org/a?id=3"),
        ("https://x.org/a?fbclid=b#c", "https://x.org/a#c"),
        ("https://x.org/a?id=%C3%A9&b", "https://x.org/a?id=%C3%A9&b"),
        ("https://x.org/a?id=%c3%A9+1&xtor=RSS-1", "https://x.org/a?id=%c3%A9+1"),
        ("https://x.org/", "https://x.org/"),
        ("http://[", "http://["),
    ],
)
def test_addresses_without_tracking(address: str, clean: str) -> None:
    assert without_tracking(address) == clean


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.x.org/a/", "http://X.org:80/a?utm_source=b#notes"),
        ("https://x.org/#!/a", "https://x.org/#!/a"),
    ],
)
def test_addresses_of_one_page(one: str, other: str) -> None:
    assert host_and_rest(one) == host_and_rest(other) != ("", "")
