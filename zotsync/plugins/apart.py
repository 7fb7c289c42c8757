"""Other people's code at work, apart from what goes on here: in a thread, with its own output, for a time.

What hangs cannot be ended from outside in Python. It is left behind, and ends with the process.
"""

from __future__ import annotations

import io
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, TextIO, TypeVar, cast

T = TypeVar("T")
_SLICE = 0.2
"""Seconds of waiting at a time: on Windows, Ctrl-C is heard only in between."""
_MOST_SAID = 10_000
"""Letters of what is printed that are kept."""


class HangingError(Exception):
    """It has not come to an end in time."""


class RaisedError(Exception):
    """What was called raised something: `error`."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(repr(type(error)))
        self.error = error


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a call: what it gave, or what it raised."""

    value: Any = None
    error: BaseException | None = None


class _Ear:
    """Stands in for stdout: keeps what other threads print, and lets this one's through."""

    def __init__(self) -> None:
        self._ours = threading.get_ident()
        self._stdout = sys.stdout
        self._heard: list[str] = []

    def listen(self) -> None:
        """Take the place of stdout as it is now."""
        self._ours, self._stdout = threading.get_ident(), sys.stdout
        sys.stdout = cast("TextIO", self)

    def cease(self) -> None:
        """Give stdout back its place."""
        sys.stdout = self._stdout

    def write(self, text: str) -> int:
        """Keep a text, or hand it on."""
        if self._is_ours:
            return self._stdout.write(text)
        if sum(map(len, self._heard)) < _MOST_SAID:
            self._heard.append(text[:_MOST_SAID])
        return len(text)

    def taken(self) -> str:
        """Return what was kept, and keep it no longer."""
        text = "".join(self._heard)
        self._heard.clear()
        return text

    @property
    def buffer(self) -> Any:
        """Return what takes bytes."""
        return self._stdout.buffer if self._is_ours else _Bytes(self)

    @property
    def _is_ours(self) -> bool:
        return threading.get_ident() == self._ours

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stdout, name)


class _Bytes(io.BytesIO):
    """Takes bytes for an ear."""

    def __init__(self, ear: _Ear) -> None:
        super().__init__()
        self._ear = ear

    def write(self, data: Any, /) -> int:
        """Keep bytes as a text."""
        return self._ear.write(bytes(data).decode("utf-8", "replace"))


@dataclass
class Apart:
    """Calls functions, one after the other. After one that hangs it calls no more."""

    hangs: bool = False
    _asked: SimpleQueue[Callable[[], Any] | None] = field(default_factory=SimpleQueue)
    _done: SimpleQueue[Done] = field(default_factory=SimpleQueue)
    _said: _Ear = field(default_factory=_Ear)
    _started: bool = False

    def call(
        self,
        function: Callable[[], T],
        seconds: float,
        *,
        patience: float | None = None,
        late: Callable[[], object] = lambda: None,
    ) -> T:
        """Return what a function gives.

        Args:
            function: what to call. What it prints is kept for `said`, and it finds nothing to read.
            seconds: how long it may take.
            patience: seconds after which `late` is called, once.
            late: says that it takes long.

        Raises:
            RaisedError: it raised anything at all.
            HangingError: it took too long, or what was called before did.

        """
        if self.hangs:
            raise HangingError
        self._start()
        with self._listening():
            self._asked.put(function)
            self.hangs = True  # until it is done: also where somebody stops waiting
            done = self._waited(seconds, patience, late)
        if done.error is not None:
            raise RaisedError(done.error) from done.error
        result: T = done.value
        return result

    def said(self) -> str:
        """Return what was printed since it was asked last."""
        return self._said.taken()

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Keep what is printed meanwhile, and for good where what was called hangs: it may print later."""
        stdin = sys.stdin
        sys.stdin = io.StringIO()
        self._said.listen()
        try:
            yield
        finally:
            sys.stdin = stdin
            if not self.hangs:
                self._said.cease()

    def _start(self) -> None:
        if not self._started:
            self._started = True
            work = threading.Thread(target=_work, args=(self._asked, self._done), daemon=True)
            work.start()
            weakref.finalize(self, self._asked.put, None)

    def _waited(self, seconds: float, patience: float | None, late: Callable[[], object]) -> Done:
        begun, is_told = monotonic(), patience is None
        while (waited := monotonic() - begun) < seconds:
            try:
                done = self._done.get(timeout=min(_SLICE, seconds - waited))
            except Empty:
                if not is_told and patience is not None and monotonic() - begun >= patience:
                    is_told = True
                    late()
            else:
                self.hangs = False
                return done
        raise HangingError


def _work(asked: SimpleQueue[Callable[[], Any] | None], done: SimpleQueue[Done]) -> None:
    """Call what is asked for until there is nothing more. No reference to the asker is held."""
    while (function := asked.get()) is not None:
        try:
            done.put(Done(function()))
        except BaseException as exc:  # noqa: BLE001 - it is raised again where it was asked for
            done.put(Done(error=exc))
        del function
