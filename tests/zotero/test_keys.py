"""The API key: where it is found, where it is kept, and what is said when it cannot be."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import keyring.backend
import keyring.errors
import pytest
from keyring.backends import fail, null

from zotsync.errors import RightsError
from zotsync.zotero.keys import (
    SERVICE,
    ApiKey,
    KeySource,
    account,
    cleaned,
    find_key,
    forget_key,
    require_keyring,
    store_key,
    stored_key,
)

URL = "https://api.zotero.org"
SECRET = "Qz7vBcD9eFgH2jKlMnPqRs3T"  # noqa: S105 - nobody's


class Memory(keyring.backend.KeyringBackend):
    """A keyring that lives as long as the test."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Broken(Memory):
    """A keyring that answers every call with an error."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service: str, username: str) -> str | None:  # noqa: ARG002
        raise self.error


@pytest.fixture
def memory() -> Iterator[Memory]:
    before = keyring.get_keyring()
    backend = Memory()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.fixture(autouse=True)
def _after(memory: Memory) -> None:
    """Have every test end with the keyring there was before."""


def test_the_environment_comes_first(memory: Memory) -> None:
    store_key(URL, 12, "other")
    key = find_key(URL, 12, {"ZOTERO_API_KEY": f" {SECRET}\n"}, lambda: pytest.fail("asked"))
    assert (key.secret, key.source) == (SECRET, KeySource.ENVIRONMENT)
    assert memory.kept


def test_then_the_keyring_then_the_prompt() -> None:
    asked = find_key(URL, 12, {"ZOTERO_API_KEY": " "}, lambda: f"{SECRET} ")
    assert (asked.secret, asked.source) == (SECRET, KeySource.PROMPT)
    store_key(URL, 12, SECRET)
    kept = find_key(URL, 12, {}, lambda: pytest.fail("asked"))
    assert (kept.secret, kept.source) == (SECRET, KeySource.KEYRING)


def test_asking_keeps_nothing(memory: Memory) -> None:
    find_key(URL, 12, {}, lambda: SECRET)
    assert memory.kept == {}


@pytest.mark.parametrize("prompt", [None, lambda: "  "])
def test_without_any_key_the_way_to_one_is_named(prompt: None) -> None:
    with pytest.raises(RightsError) as caught:
        find_key(URL, 12, {}, prompt)
    for way in ("settings/keys/new", "zotsync login", "ZOTERO_API_KEY"):
        assert way in caught.value.problem.hint


def test_each_server_and_group_has_a_key_of_its_own(memory: Memory) -> None:
    store_key(URL, 12, SECRET)
    assert list(memory.kept) == [(SERVICE, "api.zotero.org/groups/12")]
    assert stored_key(URL, 13) is None
    assert stored_key("http://127.0.0.1:8080/api/", 12) is None
    assert account("http://127.0.0.1:8080/api/", 12) == "127.0.0.1:8080/api/groups/12"
    assert account(URL + "/", 12) == account(URL, 12)


def test_a_key_can_be_forgotten_once(memory: Memory) -> None:
    store_key(URL, 12, SECRET)
    assert forget_key(URL, 12)
    assert memory.kept == {}
    assert not forget_key(URL, 12)


def test_a_key_shows_itself_nowhere() -> None:
    key = ApiKey(SECRET, KeySource.PROMPT)
    assert SECRET not in f"{key} {key!r}"


@pytest.mark.parametrize(
    ("secret", "usual"), [(SECRET, True), (SECRET[1:], False), ("é" * 24, False)]
)
def test_an_unusual_key_is_noticed_and_not_refused(secret: str, usual: bool) -> None:  # noqa: FBT001
    assert find_key(URL, 12, {"ZOTERO_API_KEY": secret}).looks_right is usual


def test_a_keyring_that_keeps_nothing_is_found_out() -> None:
    keyring.set_keyring(null.Keyring())
    with pytest.raises(RightsError, match="keyring") as caught:
        store_key(URL, 12, SECRET)
    assert "ZOTERO_API_KEY" in caught.value.problem.hint
    assert stored_key(URL, 12) is None
    assert not forget_key(URL, 12)


ERRORS = [
    keyring.errors.NoKeyringError("none"),
    keyring.errors.KeyringLocked("locked"),
    keyring.errors.InitError("no D-Bus"),
    keyring.errors.PasswordSetError("full"),
    RuntimeError("odd"),
    OSError("gone"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
def test_a_keyring_that_fails_is_explained_with_the_way_out(error: Exception) -> None:
    keyring.set_keyring(Broken(error))
    for call in (stored_key, forget_key, lambda u, g: store_key(u, g, SECRET)):
        with pytest.raises(RightsError) as caught:
            call(URL, 12)
        assert "ZOTERO_API_KEY" in caught.value.problem.hint
        assert SECRET not in repr(caught.value)


def test_without_a_keyring_one_may_still_be_asked_and_is_told_otherwise() -> None:
    keyring.set_keyring(fail.Keyring())
    assert find_key(URL, 12, {}, lambda: SECRET).secret == SECRET
    with pytest.raises(RightsError, match="none on this computer"):
        find_key(URL, 12, {})


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_on_linux_the_packages_are_named(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr("sys.platform", platform)
    keyring.set_keyring(fail.Keyring())
    with pytest.raises(RightsError) as caught:
        stored_key(URL, 12)
    assert ("gnome-keyring" in caught.value.problem.hint) == (platform == "linux")


@pytest.mark.parametrize("name", ["nowhere.Keyring", "keyring.backends.null.Nothing", "x"])
def test_a_keyring_that_is_configured_wrongly_is_explained(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with monkeypatch.context() as patched:
        patched.setenv("PYTHON_KEYRING_BACKEND", name)
        patched.setattr("keyring.core._keyring_backend", None)
        with pytest.raises(RightsError, match="keyring"):
            stored_key(URL, 12)


@pytest.mark.parametrize(
    ("copied", "meant"),
    [
        (SECRET, SECRET),
        (f" {SECRET}\n", SECRET),
        (f"\u200b{SECRET}\u00a0", SECRET),
        (f"{SECRET[:8]} {SECRET[8:]}", SECRET),
        (f"“{SECRET}”", SECRET),
        (f"Your key: {SECRET}.", SECRET),
        (f"{SECRET} {SECRET}", f"{SECRET} {SECRET}"),
        (" short ", "short"),
        ("", ""),
    ],
)
def test_a_key_is_taken_without_what_was_copied_with_it(copied: str, meant: str) -> None:
    assert cleaned(copied) == meant


def test_a_keyring_is_looked_for_before_it_is_needed(memory: Memory) -> None:
    assert require_keyring()
    assert not memory.kept
    keyring.set_keyring(null.Keyring())
    with pytest.raises(RightsError, match="does not keep what it is given"):
        require_keyring()
