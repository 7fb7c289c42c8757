"""What a check-up finds: a line each, with a mark, what it is, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from zotsync.errors import Problem, ZotsyncError


class Area(Enum):
    """What was looked at."""

    INSTALLATION = "installation"
    KEYRING = "keyring"
    NETWORK = "network"
    KEY = "key"
    WORKSPACE = "workspace"
    HANDOUTS = "handouts"
    PROGRAMS = "programs"


class Mark(Enum):
    """How it is."""

    WELL = "well"
    NOTE = "note"
    """Nothing is wrong, and it is worth knowing."""
    WRONG = "wrong"
    SKIPPED = "skipped"
    """It could not be looked at."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check-up."""

    area: Area
    mark: Mark
    text: str
    hint: str = ""
    code: int = 0
    """What a command ends with that meets this; 0 where nothing is wrong."""


def well(area: Area, text: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(area, Mark.WELL, text)


def note(area: Area, text: str, hint: str = "") -> Finding:
    """Return what is worth knowing, and nothing more."""
    return Finding(area, Mark.NOTE, text, hint)


def skipped(area: Area, text: str) -> Finding:
    """Return that something could not be looked at."""
    return Finding(area, Mark.SKIPPED, text)


def wrong(area: Area, text: str, hint: str = "", code: int = 1) -> Finding:
    """Return what is wrong."""
    return Finding(area, Mark.WRONG, text, hint, code)


def failed(area: Area, error: ZotsyncError, hint: str = "") -> Finding:
    """Return what an error says; `hint`: what to do, where that is known better."""
    problem = replace(error.problem, hint=hint) if hint else error.problem
    return of_problem(area, problem, error.exit_code)


def of_problem(area: Area, problem: Problem, code: int = 1) -> Finding:
    """Return a problem as a finding."""
    place = f"{problem.place}: " if str(problem.place) else ""
    return wrong(area, f"{place}{problem.message}", problem.hint, code)


def exit_code(findings: Iterable[Finding]) -> int:
    """Return the code of the whole: what is wrong here comes before rights, and these before the network."""
    codes = {finding.code for finding in findings} - {0}
    return next((code for code in (1, 4, 5, 6) if code in codes), max(codes, default=0))
