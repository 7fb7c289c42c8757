"""Relations, which the server keeps on one item and shows on two."""

from __future__ import annotations

from pathlib import Path

import pytest
from sync.worlds import GROUP, Colleague, Desk, make_sandbox


def uri(key: str) -> str:
    return f"http://zotero.org/groups/{GROUP}/items/{key}"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, make_sandbox())


@pytest.mark.parametrize("owner", [0, 1])
def test_a_relation_taken_out_of_one_file_is_gone_on_both_ends(desk: Desk, owner: int) -> None:
    colleague = Colleague(desk.sandbox)
    keys = [colleague.make(title="Un"), colleague.make(title="Deux")]
    colleague.change(keys[owner], relations={"dc:relation": [uri(keys[1 - owner])]})
    desk.sync()
    line = f'relations = {{ "dc:relation" = ["{uri(keys[1])}"] }}\n'
    desk.edit(keys[0], line, "")
    assert desk.sync().exit_code == 0
    assert "relations" not in desk.fields()[keys[0]]
    assert "relations" not in desk.fields()[keys[1]]
    assert [colleague.item(key)["relations"] for key in keys] == [{}, {}]
    assert desk.sync().requests == 1


def test_a_relation_dropped_in_zotero_leaves_both_files(desk: Desk) -> None:
    colleague = Colleague(desk.sandbox)
    one, two = colleague.make(title="Un"), colleague.make(title="Deux")
    colleague.change(one, relations={"dc:relation": [uri(two)]})
    desk.sync()
    assert "relations" in desk.fields()[two]
    colleague.change(one, relations={})
    desk.sync()
    assert "relations" not in desk.fields()[one]
    assert "relations" not in desk.fields()[two]
