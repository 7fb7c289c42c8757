"""Keys that stand in for those a sync has yet to make."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zotsync.model import is_key
from zotsync.sync.reading.standins import stand_in


@given(st.text())
def test_a_stand_in_is_a_key_and_always_the_same(path: str) -> None:
    assert is_key(stand_in(path))
    assert stand_in(path) == stand_in(path)


@given(st.sets(st.text(), min_size=2, max_size=50))
def test_no_two_files_have_the_same_stand_in(paths: set[str]) -> None:
    taken: set[str] = set()
    for path in paths:
        key = stand_in(path, taken)
        assert key not in taken
        taken.add(key)


def test_a_key_that_is_taken_is_left() -> None:
    first = stand_in("roy.toml")
    second = stand_in("roy.toml", {first})
    assert is_key(second)
    assert second != first
