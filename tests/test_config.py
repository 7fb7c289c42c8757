"""zotsync.toml: what it says, and every way in which it can be wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from zotsync.check_table import Checking
from zotsync.config import (
    Centre,
    Config,
    Workspace,
    find_workspace,
    load_config,
    make_private,
    new_config_text,
    parse_api_url,
    parse_config,
    parse_group,
)
from zotsync.errors import ConfigError, FileError, UsageError
from zotsync.handout.proxies import Proxies

CHECKOUT = Path(__file__).parents[1]
KEY = "P9NiFoyLeZu2bZNvvuQPDWsd"


def wrong(text: str) -> ConfigError:
    """Return the error that the configuration `text` meets."""
    with pytest.raises(ConfigError) as caught:
        parse_config(text, "zotsync.toml")
    return caught.value


EXAMPLES = ("config.example.toml", "config.example.fr.toml")


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_documents_the_defaults(name: str) -> None:
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    assert parse_config(text) == Config(group=1234567)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_names_every_setting(name: str) -> None:
    data = tomllib.loads((CHECKOUT / name).read_text(encoding="utf-8"))
    assert set(data) == set(Config.__dataclass_fields__)
    assert set(data["centre"]) == set(Centre.__dataclass_fields__)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_line_of_the_example_is_explained(name: str) -> None:
    lines = (CHECKOUT / name).read_text(encoding="utf-8").splitlines()
    settings = [n for n, line in enumerate(lines) if line and not line.startswith("#")]
    assert all(lines[n - 1].startswith("#") for n in settings)


def test_everything_is_read() -> None:
    config = parse_config(
        'group = 7\napi_url = "http://127.0.0.1:8080/"\non_conflict = "keep"\ntheme = "sobre"\n'
        'after_sync = ["render --all"]\n[centre]\ninstitution = "IRTS"\n'
        '[access]\n"shs.cairn.info" = "Cairn"\n[proxy]\n"a.org" = "b.org"\n'
        '[open_access]\n"tag:libre" = "free"\n"b.org" = ""\n'
        '[check]\nignore = ["last-stop"]\n'
    )
    assert config == Config(
        group=7,
        api_url="http://127.0.0.1:8080",
        on_conflict="keep",
        theme="sobre",
        after_sync=("render --all",),
        centre=Centre(institution="IRTS"),
        access={"shs.cairn.info": "Cairn"},
        proxy={"a.org": "b.org"},
        open_access={"tag:libre": "free", "b.org": ""},
        check=Checking(("last-stop",)),
    )


@pytest.mark.parametrize(
    "text",
    [
        "7",
        " 7 ",
        "https://www.zotero.org/groups/7",
        "https://www.zotero.org/groups/7/centre_doc/library",
        "zotero.org/groups/7/centre_doc?x=1",
        "https://www.zotero.org/groups/7/centre_doc/collections/ABCD2345/items/BCDE3456/library",
        "https://www.zotero.org/groups/7/centre_doc/settings/members#who",
        "HTTPS://WWW.Zotero.org/groups/7/",
        "https://api.zotero.org/groups/7/items",
        "zotero://select/groups/7/items/ABCD2345",
        "« https://www.zotero.org/groups/7/centre_doc »",
        "<https://www.zotero.org/groups/7>",
        " '7'\n",
        "\u200b7\u00a0",
    ],
)
def test_a_group_is_a_number_or_the_address_of_its_page(text: str) -> None:
    assert parse_group(text) == 7


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "-7",
        "7.0",
        "7/8",
        "٧",
        "centre_doc",
        "https://www.zotero.org/user/7",
        "https://example.org/groups/7",
        "https://www.zotero.org.example.org/groups/7",
    ],
)
def test_anything_else_is_no_group(text: str) -> None:
    with pytest.raises(UsageError, match=r"zotero\.org/groups"):
        parse_group(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("https://www.zotero.org/groups/centre_doc", "without its number"),
        ("https://www.zotero.org/camille/library", "personal library"),
        ("zotero.org", "personal library"),
        ("zotero://select/library/items/ABCD2345", "personal library"),
    ],
)
def test_an_address_that_is_nearly_one_is_explained(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        parse_group(text)


def test_a_key_in_the_place_of_a_group_is_known_and_not_repeated() -> None:
    key = "abcdEFGH2345abcdEFGH2345"
    with pytest.raises(UsageError, match="an API key, not a group") as caught:
        parse_group(f" {key} ")
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.zotero.org",
        "http://localhost:8080",
        "http://127.0.0.1:23119/api",
        "http://[::1]:80",
    ],
)
def test_an_api_address_is_https_or_loopback(url: str) -> None:
    assert parse_api_url(url + "/") == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.zotero.org",
        "http://api.zotero.org",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "http://10.0.0.1",
        "https://",
        "https://api.zotero.org:port",
        "https://[api",
        "https://someone@api.zotero.org",
        "https://api.zotero.org/?a=b",
        "file:///etc/passwd",
    ],
)
def test_any_other_api_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        parse_api_url(url)


@pytest.mark.parametrize(
    ("text", "line", "field", "says"),
    [
        ("", None, "", "number of the Zotero group is missing"),
        ("group = 0", 1, "group", "not a group's number"),
        ("\ngroup = true", 2, "group", "whole number"),
        ("group = 1.5", 1, "group", "whole number"),
        ('group = "centre"', 1, "group", "zotero.org/groups"),
        ("group = 7\ngroup = 8", 2, "", "A name stands here twice"),
        ("group = 7\ntheme = ", 2, "", "This value cannot be read"),
        ('group = 7\ntheme = """', 2, "", "A text is not closed"),
        ("group = 7\n\ntheme = 3", 3, "theme", "text in quotes"),
        ('group = 7\non_conflict = "mine"', 2, "on_conflict", "ask, local, remote, keep"),
        ('group = 7\napi_url = "http://zotero.org"', 2, "api_url", "https://"),
        ('group = 7\nafter_sync = "render"', 2, "after_sync", "list of texts"),
        ("group = 7\nafter_sync = [1]", 2, "after_sync", "list of texts"),
        ('group = 7\nthem = "x"', 2, "them", "Did you mean theme?"),
        ("group = 7\nzzz = 1", 2, "zzz", "Known here: group, api_url"),
        ('group = 7\ncentre = "IRTS"', 2, "centre", "[centre]"),
        ("group = 7\n[centre]\nlogo = 1", 3, "centre.logo", "text in quotes"),
        ('group = 7\n[centre]\nadress = ""', 3, "centre.adress", "Did you mean address?"),
        ('group = 7\n[centre]\ntheme = "x"', 3, "centre.theme", "above the first line"),
        ('group = 7\nlogo = "x"', 2, "logo", "below the line [centre]"),
        ("group = 7\n[access]\ncairn.info = 'x'", 3, "access.cairn", "in quotes"),
        ('group = 7\n[open_access]\n"a.org" = "oui"', 3, "open_access.a.org", "not known"),
        ('group = 7\n[proxy]\n"https://a.org/" = "b.org"', 3, "proxy.https://a.org/", "not a host"),
        ('group = 7\n[proxy]\n"a.org" = "http://b.org/"', 3, "proxy.a.org", "no way to write"),
        ('group = 7\n[proxy]\n"a.org" = "b"', 3, "proxy.a.org", "no way to write"),
        (
            'group = 7\n[proxy]\n"a.org" = "c.b.org"\n"d.org" = "C.b.org"',
            4,
            "proxy.d.org",
            "a.org already",
        ),
        ("group = 7\ncentre.logo = 1", 2, "centre.logo", "text in quotes"),
        ("group = 7\n[sections]\n", 2, "sections", "Unknown setting"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(
    text: str, line: int | None, field: str, says: str
) -> None:
    error = wrong(text)
    assert error.problem.place.file == "zotsync.toml"
    assert (error.problem.place.line, error.problem.place.field) == (line, field)
    assert says in str(error)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f'group = 7\napi_key = "{KEY}"', 2),
        ('group = 7\nkey = "short"', 2),
        ('group = 7\nZOTERO_API_KEY = ""', 2),
        ('group = 7\n[centre]\napikey = "x"', 3),
        (f'group = 7\ntheme = "{KEY}"', 2),
        (f'group = 7\nafter_sync = ["{KEY}"]', 2),
        (f'group = 7\n[access]\n"a.org" = "{KEY}"', 3),
        (f"group = 7\n{KEY} = 1", 2),
        (f"group = 7\n# key: {KEY}", 2),
        (f"group = 7\napi_key = {KEY}", 2),
        (f'group = 7\napi_url = "https://api.zotero.org/?key={KEY}"', 2),
        (f'group = 7\n[[x]]\ny = {{ z = "{KEY}" }}', None),
    ],
)
def test_an_api_key_is_refused_and_never_repeated(text: str, line: int | None) -> None:
    error = wrong(text)
    assert error.problem.place.line == line
    assert "zotsync login" in error.problem.hint
    assert KEY not in str(error)
    assert KEY not in repr(error)


def test_a_long_word_is_no_key() -> None:
    text = 'group = 7\n[centre]\ninstitution = "documentationprofessions"'
    assert parse_config(text).centre.institution == "documentationprofessions"


def test_a_file_that_is_not_utf8_is_named_with_its_line(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.config_file.write_bytes("group = 7\n# é".encode("latin-1"))
    with pytest.raises(ConfigError, match="UTF-8") as caught:
        load_config(workspace)
    assert caught.value.problem.place.line == 2


def test_a_file_of_windows_notepad_is_read(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.config_file.write_bytes("\ufeffgroup = 7\r\n[centre]\r\n".encode())
    assert load_config(workspace) == Config(group=7)


def test_a_missing_file_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read") as caught:
        load_config(Workspace(tmp_path))
    assert caught.value.problem.place.file.endswith("zotsync.toml")


def test_a_workspace_is_found_from_any_folder_in_it(tmp_path: Path) -> None:
    (tmp_path / "zotsync.toml").touch()
    inside = tmp_path / "bibliography" / "items"
    inside.mkdir(parents=True)
    workspace = find_workspace(inside)
    assert workspace == Workspace(tmp_path.resolve())
    assert workspace.items == inside.resolve()


def test_outside_a_workspace_init_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="zotsync init"):
        find_workspace(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        find_workspace(tmp_path / "nowhere")


def test_a_new_configuration_is_read_back() -> None:
    centre = Centre(institution='IRTS "Sud"\n\x7f', contact="doc@example.org")
    text = new_config_text(7, "https://example.org", group_name="Doc\n[x]", centre=centre)
    assert parse_config(text) == Config(group=7, api_url="https://example.org", centre=centre)
    assert parse_config(new_config_text(8)) == Config(group=8)


def test_the_private_folder_explains_itself_and_keeps_out_of_git(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    make_private(workspace)
    (workspace.private / "README").write_text("mine", encoding="utf-8")
    make_private(workspace)
    assert (workspace.private / "README").read_text(encoding="utf-8") == "mine"
    assert (workspace.private / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_the_trash_is_there_from_the_beginning(tmp_path: Path) -> None:
    make_private(Workspace(tmp_path))
    assert list(Workspace(tmp_path).trash.iterdir()) == []


def test_a_private_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".zotsync").touch()
    with pytest.raises(FileError, match=r"\.zotsync"):
        make_private(Workspace(tmp_path))


@pytest.mark.parametrize(
    "way",
    [
        "cairn.proxy.example.org",
        ".proxy.example.org",
        "http://proxy.example.org/login?url=",
        "https://proxy.example.org:2443/login?auth=cas&qurl=",
        "",
    ],
)
def test_every_form_of_a_proxy_is_read_and_works(way: str) -> None:
    config = parse_config(f'group = 7\n[proxy]\n"www.a.org" = "{way}"\n"a.org" = "{way}"\n')
    _own, wrapped = Proxies.of(config.proxy).ways("https://a.org/x")
    assert ("example.org" in wrapped) == bool(way)
    assert Proxies.of(config.proxy).unwrap(wrapped).endswith("a.org/x")
