"""What a plugin does while it is tried: it may work, and do nothing else."""

from __future__ import annotations

import builtins
import io
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar
from unittest.mock import patch

from zotsync.plugins.apart import Apart, HangingError, RaisedError

T = TypeVar("T")
SECONDS = 60.0
"""How long one call may take."""
_NETWORK, _FILES = "reached for the network", "wrote to a file"
_PROGRAMS, _FOLDERS = "started another program", "changed files or folders"
_FORBIDDEN = (
    *((socket.socket, name, _NETWORK) for name in ("connect", "connect_ex", "sendto", "bind")),
    *((socket, name, _NETWORK) for name in ("getaddrinfo", "gethostbyname")),
    *((os, name, _PROGRAMS) for name in ("system", "popen", "posix_spawn", "startfile")),
    (subprocess, "Popen", _PROGRAMS),
    *((os, name, _FOLDERS) for name in ("remove", "unlink", "rename", "replace", "mkdir", "rmdir")),
)
"""What must not be called: where it is, its name, and what that would be."""


class ContractError(AssertionError):
    """A plugin does not keep to the contract."""


def called(
    what: str,
    function: Callable[[], T],
    *,
    passing: type[Exception] | tuple[()] = (),
    seconds: float | None = None,
) -> T:
    """Return what a plugin's function gives. ContractError where it does not, or does more than that.

    Args:
        what: what is done, for the message: "an empty library".
        function: what to call.
        passing: what it may raise.
        seconds: how long it may take; SECONDS where nothing is said.

    """
    apart, done = Apart(), list[str]()
    limit = SECONDS if seconds is None else seconds
    try:
        with _watched(done):
            return apart.call(function, limit)
    except HangingError as exc:
        raise ContractError(f"{what}: not done after {limit:g} seconds") from exc
    except RaisedError as exc:
        if isinstance(exc.error, passing) and not done:
            raise exc.error from None
        if isinstance(exc.error, ContractError) and not done:
            raise exc.error from None
        if not done:
            raised = f"{type(exc.error).__name__}: {exc.error}"
            raise ContractError(f"{what}: raised {raised}") from exc.error
    finally:
        _complain(what, done, apart.said())
    raise ContractError(what)  # not reached: it was complained of


def _complain(what: str, done: list[str], said: str) -> None:
    if done:
        raise ContractError(f"{what}: {done[0]}")
    if said:
        raise ContractError(f"{what}: printed something: {said[:80]!r}; a plugin prints nothing")


@contextmanager
def _watched(done: list[str]) -> Iterator[None]:
    """Note what is forbidden, and refuse it."""

    def refusing(what: str) -> Callable[..., Any]:
        def refuse(*_args: Any, **_settings: Any) -> Any:
            done.append(what)
            raise ContractError(what)

        return refuse

    with ExitStack() as stack:
        for where, name, what in _FORBIDDEN:
            if hasattr(where, name):
                stack.enter_context(patch.object(where, name, refusing(what)))
        for module in (builtins, io):
            stack.enter_context(patch.object(module, "open", _reading_alone(refusing(_FILES))))
        yield


def _reading_alone(refuse: Callable[..., Any]) -> Callable[..., Any]:
    """Return an `open` that only reads."""
    plain = io.open

    def reading(file: Any, mode: str = "r", *args: Any, **settings: Any) -> Any:
        return refuse() if set(mode) & set("wax+") else plain(file, mode, *args, **settings)

    return reading
