"""What a web page shows where the theme's font is missing."""

from __future__ import annotations

import pytest
from hypothesis import given
from strategies import messy_text

from zotsync.handout.writers.fontstacks import font_stack


@pytest.mark.parametrize(
    ("font", "stack"),
    [
        ("Calibri", '"Calibri",Carlito,'),
        ("cambria", '"cambria",Caladea,'),
        ("Source Sans 3", '"Source Sans 3","Helvetica Neue",'),
        ("Noto Serif", '"Noto Serif","Times New Roman",'),
    ],
)
def test_a_font_is_followed_by_one_of_its_widths_or_its_kind(font: str, stack: str) -> None:
    assert font_stack(font).startswith(stack)


@given(messy_text(20))
def test_no_name_leaves_its_quotes(font: str) -> None:
    name = font_stack(font).partition(",")[0]
    assert not set(name.strip('"')) & set("\"'\\;{}<>&/\n")
    assert font_stack(font).endswith("serif")
