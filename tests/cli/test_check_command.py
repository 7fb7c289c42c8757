"""`check` on real folders: what is found, how it is shown, what is mended, and that it can be undone."""

from __future__ import annotations

import json
import re
import socket
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.terminal import in_terminal, pseudo_terminal
from curating.sites import PUBLIC, Site, a_site

UNTIDY = """\
itemType = "book"
# a curator's remark
title = "L'accueil  des pairs ;"
date = "2020-31-12"
publisher = "ESF"
ISBN = "ISBN 978-2-07-036822-8"
url = "https://www.example.org/x?utm_source=mail"
collections = ["Fonds"]
creators = [{ creatorType = "author", lastName = "DE GAULLE", firstName = "Anne" }]
"""
WRONG = """\
itemType = "book"
title = "Un second titre"
date = "2019"
publisher = "ESF"
ISBN = "9782070368229"
creators = [{ creatorType = "author", lastName = "Dupont", firstName = "Anne" }]
"""
TIDY = WRONG.replace("9782070368229", "9782070368228").replace("second", "autre")


@pytest.fixture
def fonds(run: Any, workspace: Path, with_key: None) -> Path:  # noqa: ARG001
    """Return a synced workspace with an untidy item, a wrong one and a tidy one."""
    items = workspace / "bibliography" / "items"
    for name, text in {"a": UNTIDY, "b": WRONG, "c": TIDY}.items():
        (items / f"{name}.toml").write_text(text, encoding="utf-8")
    assert run("-C", workspace, "sync").exit_code == 0
    return workspace


def text(fonds: Path, name: str) -> str:
    return (fonds / "bibliography" / "items" / f"{name}.toml").read_text(encoding="utf-8")


def said(fonds: Path, name: str) -> dict[str, Any]:
    return tomllib.loads(text(fonds, name))


def rows(result: Any) -> list[list[str]]:
    return [line.split("\t") for line in result.stdout.splitlines()]


def test_in_a_pipe_each_finding_is_a_line_with_file_and_line(run: Any, fonds: Path) -> None:
    result = run("-C", fonds, "check")
    assert result.exit_code == 1
    found = {row[1]: row for row in rows(result)}
    key = said(fonds, "b")["key"]
    assert found["isbn"][:5] == ["wrong", "isbn", key, "bibliography/items/b.toml:6", "ISBN"]
    assert "9782070368229" in found["isbn"][5]
    assert found["date-turned"][0] == "look"
    assert found["date-turned"][-1] == "→ 2020-12-31"
    assert set(found) == {
        "isbn",
        "isbn-form",
        "date-turned",
        "tracking",
        "name-capitals",
        "edges",
        "blanks",
        "same-isbn",
    }
    assert "In 3 items: 1 wrong, 8 worth a look." in result.stderr
    assert "zotsync check --fix" in result.stderr


def test_quiet_says_what_is_found_and_no_more(run: Any, fonds: Path) -> None:
    result = run("-C", fonds, "check", "-q")
    assert len(rows(result)) == 9
    assert result.stderr == ""


def test_nothing_is_written_without_fix(run: Any, fonds: Path) -> None:
    before = text(fonds, "a")
    run("-C", fonds, "check")
    dry = run("-C", fonds, "check", "--fix", "--dry-run")
    assert "2020-12-31" in dry.stdout
    assert text(fonds, "a") == before
    nobody = run("-C", fonds, "check", "--fix")
    assert nobody.exit_code == 2
    assert "--yes" in nobody.output
    assert text(fonds, "a") == before


def test_what_is_safe_is_mended_as_one_run_that_undo_takes_back(run: Any, fonds: Path) -> None:
    before = text(fonds, "a")
    result = run("-C", fonds, "check", "--fix", "--yes")
    assert result.exit_code == 1  # the wrong ISBN is for people
    now = said(fonds, "a")
    assert now["title"] == "L'accueil des pairs"
    assert now["date"] == "2020-12-31"
    assert now["ISBN"] == "978-2-07-036822-8"
    assert now["url"] == "https://www.example.org/x"
    assert now["creators"][0]["lastName"] == "DE GAULLE"  # a particle: doubtful
    assert "# a curator's remark" in text(fonds, "a")
    assert text(fonds, "b").count("9782070368229") == 1
    (last, *_rest) = json.loads(run("-C", fonds, "log", "--json").stdout)["runs"]
    assert last["command"] == "check"
    assert run("-C", fonds, "sync").exit_code == 0
    undone = run("-C", fonds, "undo", last["run"], "--yes")
    assert undone.exit_code == 0, undone.output
    assert text(fonds, "a") == before


def test_a_second_fix_finds_nothing_to_mend(run: Any, fonds: Path) -> None:
    run("-C", fonds, "check", "--fix", "--yes")
    again = run("-C", fonds, "check", "--fix", "--yes", "--json")
    fixed = json.loads(again.stdout)["fix"]
    assert fixed["run"] == fixed["written"] == 0
    assert [c["doubt"] for c in fixed["corrections"]] == ["a part of it is a guess"]


def test_json_has_all_of_it(run: Any, fonds: Path) -> None:
    found = json.loads(run("-C", fonds, "check", "--json").stdout)
    (isbn,) = [f for f in found["findings"] if f["check"] == "isbn"]
    assert isbn["severity"] == "wrong"
    assert (isbn["file"], isbn["line"]) == ("bibliography/items/b.toml", 6)
    (turned,) = [f for f in found["findings"] if f["check"] == "date-turned"]
    assert (turned["mended"], turned["safe"]) == ("2020-12-31", True)
    assert found["items"] == 3


def test_a_check_can_be_left_out_and_be_the_only_one(run: Any, fonds: Path) -> None:
    assert {row[1] for row in rows(run("-C", fonds, "check", "--only", "isbn"))} == {"isbn"}
    without = run("-C", fonds, "check", "--without", "isbn", "--without", "blanks")
    assert {"isbn", "blanks"}.isdisjoint(row[1] for row in rows(without))
    assert without.exit_code == 0
    config = fonds / "zotsync.toml"
    config.write_text(config.read_text("utf-8") + '\n[check]\nignore = ["isbn"]\n', "utf-8")
    assert run("-C", fonds, "check").exit_code == 0
    assert run("-C", fonds, "check", "--only", "isbn").exit_code == 1
    run("-C", fonds, "check", "--fix", "--yes", "--only", "edges")
    assert said(fonds, "a")["title"] == "L'accueil  des pairs"
    assert said(fonds, "a")["date"] == "2020-31-12"


def test_a_check_nobody_knows_is_told_with_those_there_are(run: Any, fonds: Path) -> None:
    near = run("-C", fonds, "check", "--only", "isbn-from")
    assert (near.exit_code, "Did you mean isbn-form?" in near.output) == (2, True)
    far = run("-C", fonds, "check", "--without", "zzz")
    assert "apostrophes-odd" in far.output
    config = fonds / "zotsync.toml"
    config.write_text(config.read_text("utf-8") + '\n[check]\nignore = ["last-stap"]\n', "utf-8")
    wrong = run("-C", fonds, "check")
    assert (wrong.exit_code, "last-stop" in wrong.output) == (1, True)


@pytest.mark.parametrize("line", ['ignore = "isbn"', "ignore = [1]", 'ignored = ["isbn"]'])
def test_a_table_of_checks_that_is_wrong_is_told_with_its_line(
    run: Any, fonds: Path, line: str
) -> None:
    config = fonds / "zotsync.toml"
    config.write_text(config.read_text("utf-8") + f"\n[check]\n{line}\n", "utf-8")
    result = run("-C", fonds, "check")
    lines = config.read_text("utf-8").count("\n")
    assert result.exit_code == 1
    assert f"zotsync.toml:{lines}" in result.output


def test_a_file_edited_while_somebody_decides_is_left(
    run: Any, fonds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = fonds / "bibliography" / "items" / "a.toml"

    def decides(*_args: object, **_kwargs: object) -> bool:
        path.write_text(path.read_text("utf-8").replace("2020-31-12", "2021"), encoding="utf-8")
        return True

    monkeypatch.setattr("zotsync.cli.frame.ask.confirm", decides)
    result = run("-C", fonds, "check", "--fix")
    assert "changed meanwhile" in result.output
    assert said(fonds, "a")["date"] == "2021"


def test_a_new_file_is_checked_at_once_and_mended_once_it_has_a_key(run: Any, fonds: Path) -> None:
    (fonds / "bibliography" / "items" / "neu.toml").write_text(UNTIDY, encoding="utf-8")
    found = run("-C", fonds, "check", "--only", "date-turned")
    assert [row[3].rpartition("/")[2] for row in rows(found)] == ["a.toml:5", "neu.toml:4"]
    fixed = run("-C", fonds, "check", "--fix", "--yes")
    assert "1 new file is left as it is: sync first." in fixed.output
    assert text(fonds, "neu") == UNTIDY
    assert run("-C", fonds, "sync").exit_code == 0
    run("-C", fonds, "check", "--fix", "--yes")
    assert said(fonds, "neu")["date"] == "2020-12-31"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Let every name but this machine's own lead to a site of ours."""
    look_up, connect = socket.getaddrinfo, socket.create_connection
    with a_site() as made:

        def getaddrinfo(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
            if str(host) in {"127.0.0.1", "localhost"}:
                return look_up(host, port, *args, **kwargs)
            return [
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
                for address in made.resolve(host, port)
            ]

        def create_connection(address: tuple[str, int], *args: Any, **kwargs: Any) -> socket.socket:
            where = ("127.0.0.1", made.port) if address[0] == PUBLIC else address
            return connect(where, *args, **kwargs)

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        monkeypatch.setattr(socket, "create_connection", create_connection)
        yield made


def test_links_are_asked_for_only_where_somebody_says_so(run: Any, fonds: Path, site: Site) -> None:
    path = fonds / "bibliography" / "items" / "a.toml"
    path.write_text(path.read_text("utf-8").replace("https://", "http://"), encoding="utf-8")
    site.pages["/x"] = 404
    run("-C", fonds, "check")
    assert site.asked == []
    result = run("-C", fonds, "check", "--links", "--only", "link-gone")
    assert result.exit_code == 1
    ((severity, code, *_rest, message),) = rows(result)
    assert (severity, code) == ("wrong", "link-gone")
    assert "the page is not there (404)" in message
    assert {path for _m, _h, path, _hs in site.asked} == {"/x"}  # without what tells who asks
    site.asked.clear()
    assert run("-C", fonds, "check", "--links", "--only", "link-gone").exit_code == 1
    assert site.asked == []


def test_without_a_network_no_link_is_told_to_be_gone(run: Any, fonds: Path, site: Site) -> None:
    site.names["www.example.org"] = []
    result = run("-C", fonds, "check", "--links", "--only", "link-gone", "--only", "link-unsure")
    found = rows(result)
    assert {row[1] for row in found} == {"link-unsure"}
    assert all("no connection" in row[-1] for row in found)


def test_a_link_into_the_house_is_told_and_never_opened(run: Any, fonds: Path, site: Site) -> None:
    site.names["www.example.org"] = ["192.168.0.7"]
    result = run("-C", fonds, "check", "--links")
    assert "link-private" in {row[1] for row in rows(result)}
    assert site.asked == []


@pseudo_terminal
def test_in_a_terminal_findings_stand_below_their_item(fonds: Path) -> None:
    code, shown = in_terminal("-C", fonds, "check", "--no-color", width=72)
    assert code == 1
    lines = shown.splitlines()
    assert max(map(len, lines)) <= 72
    (first,) = [n for n, line in enumerate(lines) if line.startswith("L'accueil")]
    assert "bibliography/items/a.toml" in lines[first]
    assert any(re.match(r" +→ 2020-12-31", line) for line in lines)


@pseudo_terminal
def test_in_a_terminal_what_is_mended_is_taken_one_by_one(fonds: Path) -> None:
    asked = [("Write these corrections?", "o"), ("Take it?", "y"), ("Take it?", "s")]
    code, shown = in_terminal("-C", fonds, "check", "--fix", answers=asked)
    assert code == 1
    assert "1 correction written." in shown
    assert "Doubtful" in shown
    now = said(fonds, "a")
    parsed = tomllib.loads(UNTIDY)
    assert [name for name in parsed if now[name] != parsed[name]] == ["title"]
