"""Settings: which there are, what each may hold, who may write them."""

from __future__ import annotations

from typing import Any

import pytest
from sandbox.conftest import LIBRARY, lmv, unmodified_since

FILE = "ABCD2345"
COLOURS = [{"name": "🐶", "color": "#990000"}]
TEMPLATE = "attachmentRenameTemplate"


def put(api: Any, name: str, value: Any, version: int | None = 0) -> Any:
    return api.ask(
        "PUT", f"settings/{name}", json={"value": value}, headers=unmodified_since(version)
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tagColors", COLOURS),
        ("readerCustomThemes", [{"id": "x"}]),
        ("feeds", {}),
        ("autoRenameFiles", False),
        (TEMPLATE, "{{ title }}"),
        ("autoRenameFilesFileTypes", "x" * 30_000),
        (f"lastReadAloudPosition_u_{FILE}", {"page": 3}),
        (f"lastRead_g10_{FILE}", 1674668111),
        (f"lastPageIndex_u_{FILE}", 0),
        (f"lastPageIndex_g10_{FILE}", "epubcfi(/6/4)"),
        (f"lastPageIndex_u_{FILE}", 12.5),
    ],
)
def test_a_setting_comes_back_as_it_was_sent(own: Any, name: str, value: Any) -> None:
    assert put(own, name, value).status_code == 204
    assert own.get(f"settings/{name}").json() == {"value": value, "version": 1}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nonsense", 1),
        ("tagColors", {}),
        ("tagColors", []),
        ("feeds", []),
        ("autoRenameFiles", 1),
        (TEMPLATE, ""),
        (TEMPLATE, 1),
        (TEMPLATE, "x" * 30_001),
        ("tagColors", ["/" * 15_000]),
        (f"lastRead_u_{FILE}", 1674668111),
        (f"lastRead_g10_{FILE}", "yesterday"),
        (f"lastReadAloudPosition_u_{FILE}", 3),
        (f"lastPageIndex_u_{FILE}", True),
        (f"lastPageIndex_u_{FILE}", ""),
        (f"lastPageIndex_u_{FILE}", -1.2),
        (f"lastPageIndex_u_{FILE}", 105.1),
        (f"lastPageIndex_u_{FILE}", 12.23),
        ("lastPageIndex_u_nonsense", 3),
    ],
)
def test_a_setting_that_is_not_is_refused(own: Any, name: str, value: Any) -> None:
    assert put(own, name, value).status_code == 400
    assert own.get("settings").json() == {}


def test_a_number_too_large_for_the_server_becomes_a_text(own: Any) -> None:
    name = f"lastPageIndex_u_{FILE}"
    assert put(own, name, 2**63).status_code == 204
    assert own.get(f"settings/{name}").json()["value"] == str(2**63)


def test_what_one_person_read_is_no_setting_of_a_group(api: Any) -> None:
    answer = put(api, f"lastPageIndex_g10_{FILE}", 3)
    assert (answer.status_code, answer.text) == (
        400,
        "lastPageIndex can only be set in user library",
    )


def test_a_write_that_changes_nothing_leaves_the_library_alone(api: Any) -> None:
    assert lmv(put(api, "tagColors", COLOURS)) == 1
    assert lmv(put(api, "tagColors", COLOURS, 1)) == 1
    again = api.ask("POST", "settings", json={"tagColors": {"value": COLOURS}})
    assert (again.status_code, lmv(again), api.version()) == (204, 1, 1)


def test_all_of_a_request_is_written_or_nothing(api: Any) -> None:
    both = {"tagColors": {"value": COLOURS}, "nonsense": {"value": 1}}
    assert api.ask("POST", "settings", json=both).status_code == 400
    assert (api.get("settings").json(), api.version()) == ({}, 0)


def test_some_settings_of_a_group_are_its_admins(api: Any, bob: Any) -> None:
    for name, value in ((TEMPLATE, "x"), ("autoRenameFiles", True)):
        assert put(api, name, value).status_code == 204
        refused = put(bob, name, value)
        assert (refused.status_code, refused.text) == (
            403,
            f"Only group admins can change setting '{name}'",
        )
        assert bob.delete(f"settings/{name}").status_code == 403
        assert bob.delete(f"settings?settingKey=tagColors,{name}").status_code == 403
    assert len(api.get("settings").json()) == 2


def test_a_post_writes_what_is_allowed_and_reports_the_rest(api: Any, bob: Any) -> None:
    both = {"tagColors": {"value": COLOURS}, TEMPLATE: {"value": "x"}}
    answer = bob.ask("POST", "settings", json=both)
    failed = answer.json().pop("failed")
    assert (answer.status_code, lmv(answer)) == (200, 1)
    assert (list(failed), failed["1"]["key"], failed["1"]["code"]) == (["1"], TEMPLATE, 403)
    assert list(api.get("settings").json()) == ["tagColors"]
    assert api.ask("POST", "settings", json=both).status_code == 204


def test_one_setting_is_erased_whatever_its_version(api: Any) -> None:
    put(api, "tagColors", COLOURS)
    gone = api.ask("DELETE", f"{LIBRARY}/settings/tagColors")
    assert (gone.status_code, lmv(gone)) == (204, 2)
    assert api.get("deleted", since=1).json()["settings"] == ["tagColors"]
    assert api.ask("DELETE", "settings/tagColors").status_code == 404
    assert api.version() == 2
