"""Files as people use them: copies, renames, lost keys, what cannot be read, the trash (SYNC §7)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from sync.worlds import Colleague, Desk, make_sandbox

from zotsync.errors import UnsafeError, ZotsyncError
from zotsync.sync.trees import Decision, NoticeKind

BROKEN = "volume = 1 2\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "a", make_sandbox())


@pytest.fixture
def colleague(desk: Desk) -> Colleague:
    return Colleague(desk.sandbox)


def made(desk: Desk, colleague: Colleague, *titles: str) -> list[str]:
    """Return the keys of synced items."""
    keys = [colleague.make(title=title) for title in titles]
    desk.sync()
    return keys


def trashed(colleague: Colleague, key: str) -> bool:
    return bool(colleague.item(key).get("deleted"))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# What is an item file


def test_subfolders_belong_and_odd_names_do_not(desk: Desk, colleague: Colleague) -> None:
    for number, name in enumerate(["un", "sous/deux", "sous/dossier/trois"]):
        desk.write(name, f'itemType = "book"\ntitle = "T{number}"\n')
    for name in (".caché", "~verrou", "#sauvegarde#", ".git/quatre"):
        desk.write(name, 'itemType = "book"\ntitle = "non"\n')
    desk.path("un").with_name("lisez-moi.txt").write_text("bonjour", encoding="utf-8")
    assert desk.sync().exit_code == 0
    assert {d["title"] for d in colleague.library().values()} == {"T0", "T1", "T2"}


def test_a_new_file_gets_its_key_before_anything_is_sent(desk: Desk, colleague: Colleague) -> None:
    path = desk.write("neuf", '# à garder\nitemType = "book"\ntitle = "Neuf"\n')
    desk.sync(pull_only=True)
    assert colleague.library() == {}
    text = text_of(path)
    assert text.startswith('# à garder\nkey = "')
    key = text.split('"')[1]
    desk.sync()
    assert colleague.item(key)["title"] == "Neuf"
    assert text_of(path) == text


# Copies


def test_a_copy_waits_and_the_file_that_was_there_is_the_item(
    desk: Desk, colleague: Colleague
) -> None:
    (key,) = made(desk, colleague, "T")
    text = text_of(desk.path("t"))
    copy = desk.write("autre", text.replace('"T"', '"Copie"'))
    desk.write("t", text.replace('"T"', '"T2"'))
    outcome = desk.sync()
    assert outcome.exit_code == 1
    (problem,) = outcome.problems
    assert problem.place.file == "bibliography/items/autre.toml"
    assert "`key`" in problem.hint
    assert colleague.item(key)["title"] == "T2"
    assert desk.sync().requests == 1
    copy.write_text(text_of(copy).replace(f'key = "{key}"\n', ""), encoding="utf-8")
    assert desk.sync().exit_code == 0
    assert {d["title"] for d in colleague.library().values()} == {"T2", "Copie"}


def test_two_copies_elsewhere_both_wait(desk: Desk, colleague: Colleague) -> None:
    (key,) = made(desk, colleague, "T")
    text = text_of(desk.path("t"))
    desk.path("t").unlink()
    desk.write("un", text)
    desk.write("deux", text)
    outcome = desk.sync()
    assert len(outcome.problems) == 2
    assert not trashed(colleague, key)
    desk.path("deux").unlink()
    assert desk.sync().exit_code == 0
    assert not trashed(colleague, key)


@pytest.mark.parametrize(
    ("name", "word"),
    [("t (1)", "second copy"), ("t (conflicted copy 2026-01-01)", "file-sharing service")],
)
def test_strays_are_named_for_what_they_are(
    desk: Desk, colleague: Colleague, name: str, word: str
) -> None:
    made(desk, colleague, "T")
    desk.write(name, text_of(desk.path("t")))
    (problem,) = desk.sync().problems
    assert word in problem.hint


def test_git_conflict_markers_are_named(desk: Desk, colleague: Colleague) -> None:
    (key,) = made(desk, colleague, "T")
    text = text_of(desk.path("t"))
    marked = f"<<<<<<< HEAD\n{text}=======\n{text.replace('T', 'U')}>>>>>>> autre\n"
    desk.path("t").write_text(marked, encoding="utf-8")
    (problem,) = desk.sync().problems
    assert "Git" in problem.message
    assert not trashed(colleague, key)


def test_a_copy_of_a_trashed_item_does_not_take_its_place(desk: Desk, colleague: Colleague) -> None:
    (key,) = made(desk, colleague, "T")
    desk.write("copie", text_of(desk.path("t")))
    colleague.trash(key)
    outcome = desk.sync()
    assert outcome.exit_code == 1
    assert desk.path("t").exists()
    desk.path("copie").unlink()
    desk.sync()
    assert not desk.path("t").exists()
    assert trashed(colleague, key)


# Renames


def test_a_renamed_file_is_the_same_item(desk: Desk, colleague: Colleague) -> None:
    (key,) = made(desk, colleague, "T")
    target = desk.path("sous/dossier/autre")
    target.parent.mkdir(parents=True)
    desk.path("t").rename(target)
    outcome = desk.sync()
    assert (outcome.requests, outcome.exit_code) == (1, 0)
    desk.edit(key, '"T"', '"T2"')
    desk.sync()
    assert colleague.item(key)["title"] == "T2"
    colleague.change(key, title="T3")
    desk.sync()
    assert list(desk.files()) == ["sous/dossier/autre"]
    assert '"T3"' in text_of(target)


def test_files_that_change_places_keep_their_items(desk: Desk, colleague: Colleague) -> None:
    one, two = made(desk, colleague, "Un", "Deux")
    texts = text_of(desk.path("un")), text_of(desk.path("deux"))
    desk.write("un", texts[1])
    desk.write("deux", texts[0])
    outcome = desk.sync()
    assert (outcome.exit_code, outcome.run) == (0, 0)
    assert (colleague.item(one)["title"], colleague.item(two)["title"]) == ("Un", "Deux")


def test_new_files_take_no_name_that_differs_in_case_or_form_alone(
    desk: Desk, colleague: Colleague
) -> None:
    desk.write("ETHIQUE", 'itemType = "book"\ntitle = "X"\n')
    for title in ("Éthique", "E\u0301thique", "ethique"):
        colleague.make(title=title)
    desk.sync()
    stems = [name.casefold() for name in desk.files()]
    assert len(stems) == len(set(stems)) == 4


# Keys


def test_a_file_that_lost_its_key_gets_it_back(desk: Desk, colleague: Colleague) -> None:
    (key,) = made(desk, colleague, "T")
    text = text_of(desk.path("t"))
    desk.write("t", text.replace(f'key = "{key}"\n', "").replace('"T"', '"T2"'))
    assert desk.sync().exit_code == 0
    assert f'key = "{key}"' in text_of(desk.path("t"))
    assert colleague.item(key)["title"] == "T2"
    assert list(colleague.library()) == [key]


@pytest.mark.parametrize("new", ["ZZZZZZZZ", "pas une clé"])
def test_a_changed_or_malformed_key_is_refused_and_no_deletion(
    desk: Desk, colleague: Colleague, new: str
) -> None:
    key, other = made(desk, colleague, "T", "U")
    desk.edit(key, f'key = "{key}"', f'key = "{new}"')
    desk.file_of(other).unlink()
    outcome = desk.sync()
    assert outcome.exit_code == 1
    assert outcome.problems[0].place.file == "bibliography/items/t.toml"
    assert not trashed(colleague, key)
    assert not trashed(colleague, other)
    assert sorted(colleague.library()) == sorted([key, other])


def test_a_new_file_where_a_deleted_one_stood_is_a_new_item(
    desk: Desk, colleague: Colleague
) -> None:
    key, _other = made(desk, colleague, "T", "U")
    desk.path("t").unlink()
    desk.sync()
    desk.write("t", 'itemType = "book"\ntitle = "Autre"\n')
    desk.sync()
    assert trashed(colleague, key)
    assert colleague.item(key)["title"] == "T"
    assert {d["title"] for d in colleague.library().values()} == {"U", "Autre"}


def test_so_it_is_where_the_deleted_one_was_erased(desk: Desk, colleague: Colleague) -> None:
    key, _other = made(desk, colleague, "T", "U")
    desk.path("t").unlink()
    desk.sync()
    colleague.erase(key)
    desk.sync()
    desk.write("t", 'itemType = "book"\ntitle = "Autre"\n')
    assert desk.sync().exit_code == 0
    assert {d["title"] for d in colleague.library().values()} == {"U", "Autre"}


# What cannot be read


def unreadable_file(desk: Desk) -> Callable[[], None]:
    path = desk.write("illisible", 'itemType = "book"\ntitle = "X"\n' + BROKEN)
    return path.unlink


def not_utf8(desk: Desk) -> Callable[[], None]:
    path = desk.path("latin")
    path.write_bytes('itemType = "book"\ntitle = "été"\n'.encode("latin-1"))
    return path.unlink


def link(desk: Desk) -> Callable[[], None]:
    path = desk.path("lien")
    path.symlink_to(desk.workspace.collections)
    return path.unlink


def no_type(desk: Desk) -> Callable[[], None]:
    path = desk.write("sans-type", 'title = "X"\n')
    return path.unlink


@pytest.mark.parametrize("obstacle", [unreadable_file, not_utf8, link, no_type])
def test_while_something_cannot_be_read_nothing_is_deleted(
    desk: Desk, colleague: Colleague, obstacle: Callable[[Desk], Callable[[], None]]
) -> None:
    gone, gone_there, kept = made(desk, colleague, "Un", "Deux", "Trois")
    desk.file_of(gone).unlink()
    colleague.trash(gone_there)
    desk.edit(kept, '"Trois"', '"Trois, corrigé"')
    clear = obstacle(desk)
    outcome = desk.sync()
    assert outcome.exit_code == 1
    assert not trashed(colleague, gone)
    assert desk.path("deux").exists()
    assert colleague.item(kept)["title"] == "Trois, corrigé"
    put_off = {n.key for n in outcome.notices if n.what is NoticeKind.DELETION_PUT_OFF}
    assert put_off == {gone, gone_there}
    clear()
    assert desk.sync().exit_code == 0
    assert trashed(colleague, gone)
    assert not desk.path("deux").exists()


def test_a_folder_that_cannot_be_read_is_no_deletion(desk: Desk, colleague: Colleague) -> None:
    key, other = made(desk, colleague, "T", "U")
    folder = desk.path("sous/t").parent
    folder.mkdir()
    desk.path("t").rename(folder / "t.toml")
    desk.sync()
    folder.rename(desk.root / "ailleurs")
    folder.symlink_to(desk.root / "ailleurs")  # a link is not followed
    desk.path("u").unlink()
    assert desk.sync().exit_code == 1
    assert not trashed(colleague, key)
    assert not trashed(colleague, other)


def test_a_broken_file_stops_that_item_with_file_line_and_reason(
    desk: Desk, colleague: Colleague
) -> None:
    one, two = made(desk, colleague, "Un", "Deux")
    path = desk.file_of(one)
    good = text_of(path)
    path.write_text(good + BROKEN, encoding="utf-8")
    colleague.change(one, place="Lyon")
    colleague.change(two, place="Lyon")
    outcome = desk.sync()
    (problem,) = outcome.problems
    assert (problem.place.file, problem.place.line) == ("bibliography/items/un.toml", 4)
    assert 'Put quotes around it: "1 2"' in problem.hint
    assert text_of(path) == good + BROKEN
    assert '"Lyon"' in text_of(desk.file_of(two))
    path.write_text(good.replace('"Un"', '"Un, ici"'), encoding="utf-8")
    assert desk.sync().exit_code == 0
    assert (colleague.item(one)["title"], desk.fields()[one]["place"]) == ("Un, ici", "Lyon")


def test_a_bad_field_waits_and_the_rest_of_the_item_goes(desk: Desk, colleague: Colleague) -> None:
    (key,) = made(desk, colleague, "T")
    desk.edit(key, '"T"\n', '"T2"\npublicationTitle = "Revue"\ntags = "x"\n')
    outcome = desk.sync()
    assert outcome.exit_code == 1
    assert {p.place.field for p in outcome.problems} == {"publicationTitle", "tags"}
    assert {p.place.line for p in outcome.problems} == {4, 5}
    assert colleague.item(key)["title"] == "T2"
    assert 'publicationTitle = "Revue"' in text_of(desk.path("t"))
    assert desk.sync().requests == 1


# The folder is looked at again


class Meanwhile(httpx2.BaseTransport):
    """Does something once, right before a write reaches the server."""

    def __init__(self, desk: Desk, then: Callable[[], object]) -> None:
        self._inner = httpx2.WSGITransport(app=desk.sandbox.app)
        self._then: Callable[[], object] | None = then
        self.writes = 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            self.writes += 1
            if self._then:
                self._then()
                self._then = None
        return self._inner.handle_request(request)


def test_before_trashing_the_folder_is_looked_at_again(desk: Desk, colleague: Colleague) -> None:
    gone, back, kept = made(desk, colleague, "Un", "Deux", "Trois")
    text = text_of(desk.path("deux"))
    desk.path("un").unlink()
    desk.path("deux").unlink()
    desk.edit(kept, '"Trois"', '"Trois, corrigé"')
    desk.transport = Meanwhile(desk, lambda: desk.write("deux", text))
    desk.sync()
    assert trashed(colleague, gone)
    assert not trashed(colleague, back)
    assert desk.sync().exit_code == 0
    assert not trashed(colleague, back)


def test_a_file_that_breaks_meanwhile_stops_the_trashing(desk: Desk, colleague: Colleague) -> None:
    gone, kept = made(desk, colleague, "Un", "Deux")
    desk.path("un").unlink()
    desk.edit(kept, '"Deux"', '"Deux, corrigé"')
    desk.transport = Meanwhile(desk, lambda: desk.write("trois", BROKEN))
    desk.sync()
    assert not trashed(colleague, gone)


def test_a_folder_that_goes_meanwhile_stops_the_trashing(desk: Desk, colleague: Colleague) -> None:
    gone, kept = made(desk, colleague, "Un", "Deux")
    desk.path("un").unlink()
    desk.edit(kept, '"Deux"', '"Deux, corrigé"')
    desk.transport = Meanwhile(desk, lambda: desk.workspace.items.rename(desk.root / "ailleurs"))
    with pytest.raises(UnsafeError):
        desk.sync()
    assert not trashed(colleague, gone)


# Forms of text


def test_numbers_and_dates_without_quotes_are_the_text_typed(
    desk: Desk, colleague: Colleague
) -> None:
    text = 'itemType = "book"\ntitle = "T"\ndate = 2020-01-31\nvolume = 1.10\nnumPages = 012\n'
    path = desk.write("t", text.replace("012", "12"))
    assert desk.sync().exit_code == 0
    (item,) = colleague.library().values()
    assert (item["date"], item["volume"], item["numPages"]) == ("2020-01-31", "1.10", "12")
    before = path.read_bytes()
    assert b"date = 2020-01-31\nvolume = 1.10\n" in before
    outcome = desk.sync()
    assert (outcome.run, path.read_bytes()) == (0, before)


def test_a_boolean_waits(desk: Desk, colleague: Colleague) -> None:
    desk.write("t", 'itemType = "book"\ntitle = "T"\nvolume = true\n')
    outcome = desk.sync()
    (problem,) = outcome.problems
    assert (problem.place.line, problem.place.field) == (3 + 1, "volume")
    (item,) = colleague.library().values()
    assert item["volume"] == ""


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_crlf_and_bom_are_accepted_and_kept(desk: Desk, colleague: Colleague, bom: bytes) -> None:
    (key,) = made(desk, colleague, "T")
    path = desk.path("t")
    path.write_bytes(bom + path.read_bytes().replace(b"\n", b"\r\n"))
    outcome = desk.sync()
    assert (outcome.run, outcome.requests) == (0, 1)
    colleague.change(key, place="Lyon")
    desk.sync()
    raw = path.read_bytes()
    assert raw.startswith(bom)
    assert b'place = "Lyon"\r\n' in raw
    assert raw.count(b"\n") == raw.count(b"\r\n")


def test_a_difference_of_form_alone_is_no_edit(desk: Desk, colleague: Colleague) -> None:
    key = colleague.make(
        title="T",
        abstractNote="Un\nDeux",
        tags=[{"tag": "b"}, {"tag": "a", "type": 1}],
        creators=[{"creatorType": "author", "lastName": "Adenot", "firstName": ""}],
    )
    desk.sync()
    path = desk.file_of(key)
    text = (
        f'title = " T "\nabstractNote = "Un\\r\\nDeux\\u0007"\nkey = "{key}"\n'
        'tags = [{ tag = "a", type = 1 }, "b", "b"]\nitemType = "book"\nplace = ""\n'
        'creators = [{ lastName = "Adenot", creatorType = "author" }]\n'
    )
    path.write_text(text, encoding="utf-8")
    outcome = desk.sync()
    assert (outcome.run, outcome.requests, outcome.exit_code) == (0, 1, 0)
    assert text_of(path) == text


# The trash, and restore


def test_a_file_moved_back_from_the_trash_restores_the_item(
    desk: Desk, colleague: Colleague
) -> None:
    (key,) = made(desk, colleague, "T")
    colleague.trash(key)
    desk.sync()
    (file,) = desk.workspace.trash.glob("*.toml")
    file.rename(desk.path("t"))
    outcome = desk.sync()
    assert Decision.RESTORE_IN_ZOTERO in {s.decision for s in outcome.steps}
    assert not trashed(colleague, key)
    assert desk.path("t").exists()


def test_two_files_of_one_name_share_the_trash(desk: Desk, colleague: Colleague) -> None:
    for _time in range(3):
        (key,) = made(desk, colleague, "T")
        colleague.trash(key)
        desk.sync()
    assert len(list(desk.workspace.trash.glob("*.toml"))) == 3


def restore(desk: Desk, key: str) -> str:
    with desk.engine(None) as engine:
        restored = engine.restore(key)
    assert restored.file.exists()
    return restored.what


def test_restore_brings_a_file_out_of_the_trash_to_where_it_was(
    desk: Desk, colleague: Colleague
) -> None:
    (key,) = made(desk, colleague, "T")
    target = desk.path("sous/là")
    target.parent.mkdir()
    desk.path("t").rename(target)
    desk.sync()
    colleague.trash(key)
    desk.sync()
    assert restore(desk, key) == "trash"
    assert target.exists()
    desk.sync()
    assert not trashed(colleague, key)


def test_restore_brings_back_what_was_deleted_here(desk: Desk, colleague: Colleague) -> None:
    shelf = colleague.collection("Alpha")
    key = colleague.make(title="T", collections=[shelf], tags=[{"tag": "x"}])
    made(desk, colleague, "U")
    before = text_of(desk.path("t"))
    desk.path("t").unlink()
    desk.sync()
    assert trashed(colleague, key)
    assert restore(desk, key) == "memory"
    assert text_of(desk.path("t")) == before
    desk.sync()
    assert not trashed(colleague, key)
    assert colleague.item(key)["collections"] == [shelf]


def test_restore_brings_back_what_is_not_synced_yet(desk: Desk, colleague: Colleague) -> None:
    (key,) = made(desk, colleague, "T")
    desk.path("t").unlink()
    assert restore(desk, key) == "memory"
    assert desk.sync().exit_code == 0
    assert not trashed(colleague, key)


def test_restore_overwrites_nothing(desk: Desk, colleague: Colleague) -> None:
    (key,) = made(desk, colleague, "T")
    colleague.trash(key)
    desk.sync()
    desk.write("t", 'itemType = "book"\ntitle = "Autre"\n')
    assert restore(desk, key) == "trash"
    assert '"Autre"' in text_of(desk.path("t"))
    desk.sync()
    assert {d["title"] for d in colleague.library().values()} == {"T", "Autre"}


def test_restore_of_a_present_item_brings_back_what_a_run_wrote_over(
    desk: Desk, colleague: Colleague
) -> None:
    (key,) = made(desk, colleague, "T")
    colleague.change(key, title="Gâché")
    desk.sync()
    assert restore(desk, key) == "journal"
    assert '"T"' in text_of(desk.path("t"))
    desk.sync()
    assert colleague.item(key)["title"] == "T"


def test_restore_brings_back_what_was_erased(desk: Desk, colleague: Colleague) -> None:
    (key,) = made(desk, colleague, "T")
    colleague.erase(key)
    desk.sync()
    shutil.rmtree(desk.workspace.trash)
    assert restore(desk, key) == "journal"
    assert '"T"' in text_of(desk.path("t"))


def test_restore_finds_the_collections_whatever_they_are_called_now(
    desk: Desk, colleague: Colleague
) -> None:
    shelf = colleague.collection("Ouvrages")
    key = colleague.make(title="Un livre", collections=[shelf])
    colleague.make(title="Un autre", collections=[shelf])
    desk.sync()
    desk.edit(key, 'title = "Un livre"', 'title = "Un livre de plus"')
    desk.sync()
    colleague.trash(key)
    desk.sync()
    desk.workspace.collections.write_text(f'"Livres" = "{shelf}"\n', encoding="utf-8")
    desk.sync()
    assert restore(desk, key) == "trash"
    assert desk.sync().exit_code == 0
    assert desk.collections() == {"Livres": shelf}
    assert colleague.item(key)["collections"] == [shelf]
    assert desk.fields()[key]["collections"] == ["Livres"]
    assert desk.sync().requests == 1


def test_restore_of_what_was_never_here_says_so(desk: Desk, colleague: Colleague) -> None:
    made(desk, colleague, "T")
    with pytest.raises(ZotsyncError, match="ZZZZZZZZ"), desk.engine(None) as engine:
        engine.restore("ZZZZZZZZ")


def test_an_item_is_found_by_file_stem_or_key(desk: Desk, colleague: Colleague) -> None:
    (key,) = made(desk, colleague, "T")
    with desk.engine(None) as engine:
        for name in (key, "t", "t.toml", "bibliography/items/t.toml"):
            assert engine.find(name) == key


# state.db


def test_state_db_uses_a_rollback_journal(desk: Desk, colleague: Colleague) -> None:
    made(desk, colleague, "T")
    with desk.engine(None) as engine:
        assert list(engine.state.rows("PRAGMA journal_mode")) == [("delete",)]


def test_a_lost_state_db_loses_nothing(desk: Desk, colleague: Colleague) -> None:
    key, other = made(desk, colleague, "T", "U")
    desk.edit(key, '"T"', '"T, ici"')
    colleague.change(other, title="U, là")
    desk.workspace.state.unlink()
    outcome = desk.sync()
    assert {c.key for c in outcome.conflicts} == {key, other}
    assert colleague.item(key)["title"] == "T"
    assert "T, ici" in text_of(desk.path("t"))
