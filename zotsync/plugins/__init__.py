"""What others can add to zotsync: the contract, how plugins are found, and a kit to test them with.

A plugin is an entry point of a Python package that is installed beside zotsync. The built-in ones are
registered the same way, in zotsync's own pyproject.toml.
"""

from zotsync.plugins.contract import Export, Exporter
from zotsync.plugins.incoming import Importer, Reference, Source, Unread, UnreadableError

__all__ = [
    "Export",
    "Exporter",
    "Importer",
    "Reference",
    "Source",
    "Unread",
    "UnreadableError",
]
