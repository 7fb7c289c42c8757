"""QR codes: what a scanner reads in them, whichever library made them."""

from __future__ import annotations

import io
import sys

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from zotsync.handout.writers import qr

ARTICLE = "https://www.cairn.info/revue-vie-sociale-et-traitements-2020-1-page-8.htm"
ADDRESS = st.text(st.sampled_from("abz09/?&=%.-_~#:"), min_size=1, max_size=300).map(
    lambda tail: f"https://a.org/{tail}"
)


def read(png: bytes) -> str:
    """Return what a scanner reads in a picture."""
    picture = Image.open(io.BytesIO(png)).convert("L")
    found = zxingcpp.read_barcodes(picture)
    return "|".join(code.text for code in found)


@pytest.fixture(params=["zxing-cpp", "segno"])
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make codes with one library, or with the other."""
    qr.png.cache_clear()
    if request.param == "segno":
        monkeypatch.setattr(qr, "_modules", qr._modules_in_python)
    return str(request.param)


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("text", [ARTICLE, "https://é.example/œ", "https://a.org/" + "x" * 2900])
def test_a_scanner_reads_the_address(text: str) -> None:
    assert read(qr.png(text)) == text
    assert qr.fits(text)


@given(ADDRESS)
def test_a_scanner_reads_any_address(address: str) -> None:
    assert read(qr.png(address)) == address


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("text", ["", "https://a.org/" + "x" * 2940])
def test_what_no_code_can_hold_has_none(text: str) -> None:
    assert qr.png(text) == b""
    assert not qr.fits(text)


def test_without_a_wheel_the_code_is_made_in_pure_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zxingcpp", None)  # as where it is not installed
    qr.png.cache_clear()
    slow = qr.png(ARTICLE)
    monkeypatch.undo()
    qr.png.cache_clear()
    assert read(slow) == ARTICLE
    assert Image.open(io.BytesIO(slow)).size == Image.open(io.BytesIO(qr.png(ARTICLE))).size


@pytest.mark.usefixtures("library")
def test_a_code_is_small_black_and_white_and_always_the_same() -> None:
    first = qr.png(ARTICLE)
    qr.png.cache_clear()
    assert qr.png(ARTICLE) == first
    picture = Image.open(io.BytesIO(first))
    assert (picture.mode, picture.size) == ("1", (180, 180))
    assert len(first) < 1500
    assert picture.crop((0, 0, 180, 16)).getextrema() == (255, 255)  # the quiet zone
