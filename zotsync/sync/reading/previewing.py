"""What a look ahead says of a sync that would be refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from zotsync.errors import Problem, UnsafeError, ZotsyncError
from zotsync.sync.applying.barrier import Barrier
from zotsync.sync.applying.guarding import guard
from zotsync.sync.reading.planning import Options, Planned, Planner
from zotsync.sync.trees import Plan


def why_refused(
    planner: Planner, planned: Planned, options: Options, barrier: Barrier
) -> ZotsyncError | None:
    """Return what a sync would be refused with; looked at only where a sync is what is asked about."""
    if not options.dry_run:
        return None
    if barrier.stands(planned.plan):
        return barrier.told
    try:
        guard(planner, planned, options)
    except UnsafeError as exc:
        return exc
    return None


def stopped(plan: Plan, before: Iterable[Problem], stop: ZotsyncError | None) -> Plan:
    """Return a plan with what the pull has told, and with what stops it."""
    after = (stop.problem,) if stop else ()
    return replace(plan, problems=(*before, *plan.problems, *after), stop=stop)
