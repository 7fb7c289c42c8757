"""A kit for those who write plugins: each function tries one on what libraries hold, and on worse.

from zotsync.plugins.testing import check_exporter

def test_the_contract_holds() -> None:
    check_exporter(ENDNOTE)

They raise ContractError, an AssertionError that says in plain words what is wrong.
"""

from zotsync.plugins.testing.checks import check_check, facts
from zotsync.plugins.testing.exporters import check_exporter
from zotsync.plugins.testing.importers import check_importer, read_with
from zotsync.plugins.testing.installed import find_plugin
from zotsync.plugins.testing.samples import samples
from zotsync.plugins.testing.themes import check_theme
from zotsync.plugins.testing.watched import ContractError

__all__ = [
    "ContractError",
    "check_check",
    "check_exporter",
    "check_importer",
    "check_theme",
    "facts",
    "find_plugin",
    "read_with",
    "samples",
]
