"""Every effect of a run below one folder and on one server, one by one: any of them can go wrong.

An effect is what changes something outside the process: a call of the operating system on a file or
folder, a commit of state.db, a request. They are met at the edge of Python (`os`, `io.open`,
`sqlite3.connect`, a transport), so that none of zotsync's own code is replaced. Once they are counted,
a test can let each in turn fail, or be the last thing that ever happens.
"""

from __future__ import annotations

import errno
import io
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any
from unittest import mock

import httpx2


class PowerCutError(BaseException):
    """Nothing happens any more in this run."""


class Nature(Enum):
    """What kind of effect it is."""

    FILE = "file"
    STATE = "state"
    REQUEST = "request"


@dataclass(frozen=True)
class Effect:
    """One effect of a run."""

    nature: Nature
    what: str
    """What is done to what: "replace a.toml"."""


Act = Callable[[], Any]
Mishap = Callable[[int, Effect, Act, Act], Any]
"""(number of the effect, the effect, do it, do half of it) -> what it returns."""


def none(_number: int, _effect: Effect, act: Act, _half: Act) -> Any:
    """Let everything go well."""
    return act()


def power_cut(at: int, when: str) -> Mishap:
    """Stop everything `before`, `half` way through or `after` an effect: no cleaning up either."""

    def mishap(number: int, _effect: Effect, act: Act, half: Act) -> Any:
        if number != at:
            return act()
        if when != "before":
            (half if when == "half" else act)()
        raise PowerCutError

    return mishap


def refusal(at: int, error: int, *, lasting: bool = False) -> Mishap:
    """Refuse an effect on the disk, or all of them from there on; what frees space still works."""

    def mishap(number: int, effect: Effect, act: Act, half: Act) -> Any:
        hit = number >= at if lasting else number == at
        frees = effect.what.startswith(("unlink", "remove"))
        if not hit or effect.nature is Nature.REQUEST or (frees and lasting):
            return act()
        if effect.nature is Nature.STATE:
            raise _full()
        half()
        raise OSError(error, os.strerror(error))

    return mishap


def _full() -> sqlite3.OperationalError:
    failure = sqlite3.OperationalError("database or disk is full")
    failure.sqlite_errorname = "SQLITE_FULL"
    return failure


def bad_line(at: int, kind: str, *, lasting: bool = False) -> Mishap:
    """Let something be wrong with a request, or with all of them from there on: see `LINES`."""

    def mishap(number: int, effect: Effect, act: Act, half: Act) -> Any:
        hit = number >= at if lasting else number == at
        if not hit or effect.nature is not Nature.REQUEST:
            return act()
        return LINES[kind](act, half)

    return mishap


def _failing(error: type[httpx2.RequestError], after: str) -> Callable[[Act, Act], Any]:
    def answer(act: Act, half: Act) -> Any:
        if after != "nothing":
            (half if after == "half" else act)()
        raise error(f"the line failed after {after}")

    return answer


def _status(status: int, **headers: str) -> Callable[[Act, Act], Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _act, _half: httpx2.Response(status, headers=named, text="no")


def _cut(act: Act, _half: Act) -> Any:
    answer = act()
    body = answer.content
    return httpx2.Response(
        answer.status_code,
        headers={"Last-Modified-Version": answer.headers.get("Last-Modified-Version", "")},
        content=body[: len(body) // 2],
    )


LINES: Mapping[str, Callable[[Act, Act], Any]] = {
    "refused": _failing(httpx2.ConnectError, "nothing"),
    "timeout": _failing(httpx2.ConnectTimeout, "nothing"),
    "lost": _failing(httpx2.ReadError, "all"),
    "slow": _failing(httpx2.ReadTimeout, "all"),
    "some": _failing(httpx2.RemoteProtocolError, "half"),
    "cut": _cut,
    "500": _status(500),
    "502": _status(502),
    "503": _status(503),
    "503 later": _status(503, Retry_After="2"),
    "429": _status(429, Retry_After="1"),
    "412": _status(412),
}
"""What may be wrong with a request: name -> what answers it."""


@dataclass
class Effects:
    """Counts the effects of a run, and lets a mishap happen to one of them."""

    root: Path
    mishap: Mishap = none
    log: list[Effect] = field(default_factory=list)
    over: bool = False
    """The power is gone."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._files: dict[int, str] = {}

    def meet(self, nature: Nature, what: str, act: Act, half: Act = lambda: None) -> Any:
        """Carry an effect out, or what the mishap makes of it."""
        with self._lock:
            if self.over:
                raise PowerCutError
            number, effect = len(self.log), Effect(nature, what)
            self.log.append(effect)
        try:
            return self.mishap(number, effect, act, half)
        except PowerCutError:
            self.over = True
            raise

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Meet every effect on files and on state.db inside."""
        ways = {name: self._on_path(getattr(os, name), name) for name in _ON_PATHS}
        ways |= {"open": self._opening(os.open), "write": self._writing(os.write)}
        ways |= {"fsync": self._syncing, "sync": lambda: self._file("sync", _nothing)}
        with ExitStack() as stack:
            for name, way in ways.items():
                stack.enter_context(mock.patch.object(os, name, way))
            stack.enter_context(mock.patch.object(io, "open", self._io_opening(io.open)))
            stack.enter_context(mock.patch.object(sqlite3, "connect", self._connecting()))
            yield

    # Files

    def _file(self, what: str, act: Act, half: Act = lambda: None) -> Any:
        return self.meet(Nature.FILE, what, act, half)

    def _opened(self, what: str, act: Act, close: Callable[[Any], object]) -> Any:
        """Open a file; one whose opening was the last thing that happened is closed here."""
        made: list[Any] = []

        def opening() -> Any:
            made.append(act())
            return made[0]

        try:
            return self._file(what, opening)
        except PowerCutError:
            for one in made:
                close(one)
            raise

    def _ours(self, path: Any) -> str | None:
        """Return what a file is called in the log; None if it is none of ours."""
        if not isinstance(path, str | os.PathLike):
            return None
        path = Path(path)
        ours = path.is_relative_to(self.root) and path.name not in {"lock", "state.db-journal"}
        return path.relative_to(self.root).as_posix() if ours else None

    def _on_path(self, real: Callable[..., Any], name: str) -> Callable[..., Any]:
        def call(path: Any, *args: Any, **kwargs: Any) -> Any:
            ours = self._ours(path)
            if ours is None:
                return real(path, *args, **kwargs)
            to = self._ours(args[0]) if args else None
            what = f"{name} {ours} -> {to}" if to else f"{name} {ours}"
            return self._file(what, lambda: real(path, *args, **kwargs))

        return call

    def _opening(self, real: Callable[..., int]) -> Callable[..., int]:
        def call(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
            def act() -> int:
                return real(path, flags, *args, **kwargs)

            ours = self._ours(path)
            made: int = (
                self._opened(f"create {ours}", act, os.close)
                if ours and flags & os.O_CREAT
                else act()
            )
            self._files.pop(made, None)
            if ours:
                self._files[made] = ours
            return made

        return call

    def _writing(self, real: Callable[..., int]) -> Callable[..., int]:
        def call(handle: int, data: Any) -> Any:
            if handle not in self._files:
                return real(handle, data)
            what = f"write {self._files[handle]}"
            half = bytes(data)[: len(data) // 2]
            return self._file(what, lambda: real(handle, data), lambda: real(handle, half))

        return call

    def _syncing(self, handle: int) -> None:
        # A disk need not be waited for here: no power goes in earnest.
        self._file(f"fsync {self._files.get(handle, '')}", _nothing)

    def _io_opening(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            ours = self._ours(path) if set(mode) & set("wxa+") else None
            if ours is None:
                return real(path, mode, *args, **kwargs)
            what = f"open {ours}"
            return self._opened(what, lambda: real(path, mode, *args, **kwargs), _close)

        return call

    # state.db

    def _connecting(self) -> Callable[..., sqlite3.Connection]:
        real: Callable[..., sqlite3.Connection] = sqlite3.connect
        effects = self

        class Connection(sqlite3.Connection):
            """A connection whose commits are effects."""

            def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
                if sql == "COMMIT" or (not self.in_transaction and sql.startswith(_CHANGING)):
                    what = " ".join(sql.split()[:4])
                    run = super().execute
                    cursor: sqlite3.Cursor = effects.meet(
                        Nature.STATE, what, lambda: run(sql, *args)
                    )
                    return cursor
                return super().execute(sql, *args)

        def connect(path: Any, *args: Any, **kwargs: Any) -> sqlite3.Connection:
            ours = self._ours(path)
            factory = {"factory": Connection} if ours else {}
            return real(path, *args, **kwargs, **factory)

        return connect


@dataclass
class Watched(httpx2.BaseTransport):
    """A line to the server whose requests are effects."""

    inner: httpx2.BaseTransport
    effects: Effects

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Meet one request."""

        def send(whole: bool = True) -> httpx2.Response:  # noqa: FBT001, FBT002
            sent = request if whole else _half_of(request)
            answer = self.inner.handle_request(sent)
            answer.read()
            return answer

        what = f"{request.method} {request.url.path}"
        answer: httpx2.Response = self.effects.meet(
            Nature.REQUEST, what, send, lambda: send(whole=False)
        )
        answer.request = request
        return answer


def _half_of(request: httpx2.Request) -> httpx2.Request:
    """Return a write of the first half of the objects: the server went down over the others."""
    if request.method != "POST":
        return request
    objects = json.loads(request.read())
    body = json.dumps(objects[: (len(objects) + 1) // 2]).encode()
    headers = {n: v for n, v in request.headers.items() if n.lower() != "content-length"}
    return httpx2.Request("POST", request.url, headers=headers, content=body)


def _close(file: Any) -> None:
    file.close()


def _nothing() -> None:
    pass


_ON_PATHS = ("replace", "rename", "link", "unlink", "remove", "mkdir", "chmod")
_CHANGING = ("INSERT", "UPDATE", "DELETE", "REPLACE")
FULL, BROKEN, FORBIDDEN = errno.ENOSPC, errno.EIO, errno.EACCES
