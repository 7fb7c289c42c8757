"""SYNC §6: merges inside notes and `extra`."""

from __future__ import annotations

from pathlib import Path

import pytest
from sync.setting import Setting


@pytest.fixture
def world(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


def test_merged_notes_are_balanced(world: Setting) -> None:
    note = world.agreed("note", note="<p>un</p>\n<ul>\n<li>deux</li>\n</ul>\n<p>trois</p>")
    world.desk.edit(note, "<p>un</p>", "<p>un <b>ici</b></p>")
    text = world.colleague.item(note)["note"]
    world.colleague.change(note, note=text.replace("trois", "trois là"))
    assert world.desk.sync().exit_code == 0
    merged = world.colleague.item(note)["note"]
    assert "<b>ici</b>" in merged or "<strong>ici</strong>" in merged
    assert "trois là" in merged
    assert merged == world.desk.fields()[note]["note"]
    world.at_rest()


def test_an_unbalanced_note_is_a_conflict(world: Setting) -> None:
    note = world.agreed("note", note="<p>un</p><p>deux</p>")
    world.desk.edit(note, "<p>un</p>", "<p>un <b>ici</p>")
    text = world.colleague.item(note)["note"]
    world.colleague.change(note, note=text.replace("deux", "deux là"))
    assert [c.field for c in world.desk.sync().conflicts] == ["note"]


def test_extra_merges_by_its_labels(world: Setting) -> None:
    key = world.agreed(title="T", extra="PMID: 1\nlibre\nCote: A")
    world.desk.edit(key, "PMID: 1", "PMID: 2")
    world.colleague.change(key, extra="PMID: 1\nlibre\nCote: B")
    assert world.desk.sync().exit_code == 0
    assert world.colleague.item(key)["extra"] == "PMID: 2\nlibre\nCote: B"
    world.at_rest()


def test_one_label_of_extra_changed_on_both_sides_is_a_conflict(world: Setting) -> None:
    key = world.agreed(title="T", extra="PMID: 1\nlibre")
    world.desk.edit(key, "PMID: 1", "PMID: 2")
    world.colleague.change(key, extra="PMID: 3\nlibre")
    outcome = world.desk.sync()
    assert [(c.field, c.local, c.zotero) for c in outcome.conflicts] == [
        ("extra", "PMID: 2\nlibre", "PMID: 3\nlibre")
    ]
