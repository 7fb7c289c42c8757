"""The words for plans: every decision and notice has some, and marks say where things go."""

from __future__ import annotations

import pytest

from zotsync import i18n
from zotsync.cli.frame import wording
from zotsync.cli.frame.connecting import _say_wait
from zotsync.cli.frame.output import Output
from zotsync.cli.syncing.amounts import count_line
from zotsync.cli.syncing.difference import Sides, show_sides
from zotsync.cli.syncing.plan_view import run_document, show_steps
from zotsync.sync.trees import Conflict, Decision, Kind, Notice, NoticeKind, Step
from zotsync.zotero.schema import bundled

SCHEMA = bundled()
CONFLICT = Conflict(Kind.ITEM, "ABCD2345", "date", "2018", "2018-12", "décembre 2018", title="T")


def step(decision: Decision = Decision.UPDATE, **parts: object) -> Step:
    return Step(Kind.ITEM, "ABCD2345", decision, title="Un titre", **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize("decision", Decision)
@pytest.mark.parametrize("kind", Kind)
def test_every_decision_that_is_shown_has_words(decision: Decision, kind: Kind) -> None:
    if decision is Decision.UPDATE or not wording.seen([Step(kind, "ABCD2345", decision)]):
        return
    said = wording.what_happens(SCHEMA, Step(kind, "ABCD2345", decision))
    assert said
    assert said != decision.value


@pytest.mark.parametrize("what", NoticeKind)
def test_every_notice_has_words(what: NoticeKind) -> None:
    notice = Notice(what, Kind.ITEM, "ABCD2345", "Un titre", ("title",))
    assert "Un titre" in wording.notice_line(SCHEMA, notice)


def test_attachments_that_are_lost_are_told_by_name() -> None:
    names = ["Texte intégral", "Sommaire.pdf"]
    what = NoticeKind.ATTACHMENTS_LOST
    notice = Notice(what, Kind.ITEM, "ABCD2345", "Un titre", detail={"names": names})
    assert wording.notice_line(SCHEMA, notice).endswith("are lost: Texte intégral; Sommaire.pdf")


@pytest.mark.parametrize(
    ("shown", "mark"),
    [
        (step(to_zotero={"title": "x"}), "→"),
        (step(to_file={"title": "x"}), "←"),
        (step(to_file={"title": "x"}, to_zotero={"date": "y"}), "⇄"),
        (step(to_file={"tags": []}, to_zotero={"tags": []}), "⇄"),
        (step(to_zotero={"title": "x"}, conflicts=(CONFLICT,)), "✗"),
        (step(Decision.CREATE, to_zotero={"title": "x"}), "→"),
        (step(Decision.NEW_FILE, to_file={"title": "x"}), "←"),
        (step(Decision.TRASH_FILE), "←"),
        (step(Decision.TRASH_IN_ZOTERO), "→"),
        (step(agreed={"title": "x"}), "="),
    ],
)
def test_marks_say_where_changes_go(shown: Step, mark: str) -> None:
    assert wording.direction(shown) == mark


def test_a_step_names_its_fields_by_direction_in_zotero_s_words() -> None:
    shown = step(
        to_zotero={"pages": "40-41", "tags": []},
        to_file={"abstractNote": "x", "tags": []},
        conflicts=(CONFLICT,),
    )
    assert wording.what_happens(SCHEMA, shown) == "→ Pages  ← Abstract  ⇄ tags  ✗ Date"
    i18n.install("fr")
    assert "Résumé" in wording.what_happens(SCHEMA, shown)


def test_a_table_in_a_pipe_is_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    steps = [step(to_zotero={"pages": "1"}), step(Decision.FORGET)]
    show_steps(Output(), SCHEMA, steps)
    assert capsys.readouterr().out == "→\tUn titre\t→ Pages\n"


def test_what_nobody_needs_to_read_is_not_counted() -> None:
    steps = [step(to_zotero={"pages": "1"}), step(Decision.REMEMBER), step(Decision.NEW_FILE)]
    assert count_line(steps, [CONFLICT]) == ("1 item to Zotero · 1 item to the files · 1 conflict")
    shelf = Step(Kind.COLLECTION, "ABCD2345", Decision.CREATE)
    assert count_line([*steps, shelf], []).startswith("1 item + 1 collection to Zotero")
    assert count_line([], []) == ""


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("title", "Un titre", "Un titre"),
        ("title", None, ""),
        (
            "creators",
            [{"lastName": "Gardien", "firstName": "Ève"}, {"name": "DIHAL"}],
            "Ève Gardien; DIHAL",
        ),
        ("tags", [{"tag": "a"}, {"tag": "b", "type": 1}], "a, b"),
        ("collections", ["ABCD2345", "ZZZZ2345"], "Ouvrages, ZZZZ2345"),
        ("note", "<p>Un&nbsp;mot</p><p>deux</p>", "Un\xa0mot\ndeux"),
        ("relations", {"dc:relation": ["http://x"]}, "dc:relation: http://x"),
    ],
)
def test_values_read_as_people_write_them(name: str, value: object, text: str) -> None:
    assert wording.value_text(name, value, {"ABCD2345": "Ouvrages"}) == text


def test_three_sides_mark_the_words_that_changed(capsys: pytest.CaptureFixture[str]) -> None:
    sides = Sides(
        kind=Kind.ITEM,
        key="ABCD2345",
        title="Un titre",
        field="date",
        base="juin 2018",
        here="juin 2019",
        zotero="juin 2018",
        conflict=True,
    )
    show_sides(Output(), SCHEMA, sides, names={})
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "✗ Un titre · Date"
    assert lines[1].split() == ["before", "juin", "2018"]
    assert lines[2].split() == ["here", "juin", "[-2018-]{+2019+}"]
    assert lines[3].split() == ["Zotero", "(as", "before)"]


def test_a_plan_as_data_keeps_values_and_leaves_out_what_nobody_sees() -> None:
    document = run_document(
        SCHEMA,
        steps=[step(to_zotero={"pages": "1"}), step(Decision.FORGET)],
        conflicts=[CONFLICT],
        notices=[],
        problems=[],
    )
    (only,) = document["steps"]
    assert only["to_zotero"] == {"pages": "1"}
    assert document["conflicts"][0]["zotero"] == "décembre 2018"


def test_waiting_is_not_laid_on_a_server_that_may_be_gone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _say_wait(Output())(2.9)
    assert not capsys.readouterr().err
    _say_wait(Output())(4.2)
    assert capsys.readouterr().err == "Waiting 4 seconds before asking Zotero again.\n"
