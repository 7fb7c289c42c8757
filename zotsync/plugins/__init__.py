"""What others can add to zotsync: the contract, how plugins are found, and a kit to test them with.

A plugin is an entry point of a Python package that is installed beside zotsync. The built-in ones are
registered the same way, in zotsync's own pyproject.toml.
"""

from zotsync.curating.finding import Check, Facts, Finding, Severity
from zotsync.plugins.contract import Export, Exporter
from zotsync.plugins.incoming import (
    Beside,
    Evidence,
    Importer,
    Reference,
    Source,
    Trust,
    Unread,
    UnreadableError,
)

__all__ = [
    "Beside",
    "Check",
    "Evidence",
    "Export",
    "Exporter",
    "Facts",
    "Finding",
    "Importer",
    "Reference",
    "Severity",
    "Source",
    "Trust",
    "Unread",
    "UnreadableError",
]
