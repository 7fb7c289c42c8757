"""Where a text can be had: the label above a link, from its host or from Zotero's library catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from zotsync.handout import links


@dataclass(frozen=True)
class AccessLabels:
    """Host or catalogue (`Cairn.info`, `Library Catalog*`) -> label; "" prints none.

    A host stands for its subdomains too: `cairn.info` also labels `shs.cairn.info`.
    """

    exact: Mapping[str, str]
    wild: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, *tables: Mapping[str, str]) -> AccessLabels:
        """Return the labels of several tables; a later one has the last word."""
        merged = {
            name.lower().removeprefix("www."): label
            for table in tables
            for name, label in table.items()
        }
        wild = tuple((n, label) for n, label in merged.items() if "*" in n)
        return cls({n: label for n, label in merged.items() if "*" not in n}, wild)

    def label(self, url: str, catalogue: str) -> str:
        """Return the label for an address: by its host, else by `libraryCatalog`, else that as typed."""
        for name in links.domains(links.host_of(url)):
            if name in self.exact:
                return self.exact[name]
        wanted = catalogue.lower()
        if wanted in self.exact:
            return self.exact[wanted]
        return next((label for name, label in self.wild if fnmatchcase(wanted, name)), catalogue)
