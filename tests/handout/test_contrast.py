"""Colours that can be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zotsync.handout.writers.contrast import BLACK, LARGE, NORMAL, WHITE, contrast, readable

COLORS = st.text("0123456789ABCDEF", min_size=6, max_size=6)


def test_contrast_is_wcags() -> None:
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast("777777", WHITE) == pytest.approx(4.478, abs=0.001)
    assert contrast(WHITE, "777777") == contrast("777777", WHITE)


@given(COLORS, COLORS, st.sampled_from([NORMAL, LARGE]))
def test_a_readable_colour_is_the_one_asked_for_or_the_nearest(
    color: str, behind: str, least: float
) -> None:
    found = readable(color, behind, least)
    assert contrast(found, behind) >= least
    if contrast(color, behind) >= least:
        assert found == color
    assert readable("", behind) in {BLACK, WHITE}
