"""Which lines of an entry stay together on paper."""

from __future__ import annotations

import pytest

from zotsync.handout.entry import Role, plain
from zotsync.handout.writers.paged import kept

LONG = "Une phrase du résumé. " * 20


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([Role.ENTRY_TITLE], [False]),
        ([Role.ENTRY_TITLE, Role.SOURCE, Role.ACCESS], [True, True, False]),
        (
            [Role.SOURCE, Role.KEYWORDS, Role.SHELFMARK, Role.ACCESS, Role.ACCESS],
            [True, True, True, True, False],
        ),
        ([Role.SOURCE, Role.ABSTRACT, Role.ABSTRACT, Role.KEYWORDS], [True, False, False, False]),
        (
            [Role.SOURCE, Role.ABSTRACT, Role.KEYWORDS, Role.SHELFMARK, Role.ACCESS],
            [True, False, True, True, False],
        ),
    ],
)
def test_the_head_has_something_below_it_and_the_end_is_in_one_piece(
    roles: list[Role], expected: list[bool]
) -> None:
    lines = [plain(role, LONG if role is Role.ABSTRACT else "Court") for role in roles]
    assert list(kept(lines, tuple(roles))) == expected
