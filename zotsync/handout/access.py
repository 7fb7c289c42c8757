"""Where a text can be had: the label above a link, and whether everybody may read it. Pure.

Both are looked up in tables: by the host of the address, else by Zotero's library catalogue. They see
the publisher's own address, never a proxy's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from unicodedata import normalize

from zotsync.handout import links

FREE, SIGN_IN = "free", "sign-in"
OPEN_ACCESS = (FREE, SIGN_IN)
"""What a table may say of a host; "" takes back what an earlier one said."""

FREE_HOSTS = dict.fromkeys(
    (
        "archives-ouvertes.fr",
        "arxiv.org",
        "biomedcentral.com",
        "doaj.org",
        "dumas.ccsd.cnrs.fr",
        "gallica.bnf.fr",
        "gouv.fr",
        "hal.science",
        "has-sante.fr",
        "hypotheses.org",
        "insee.fr",
        "irdes.fr",
        "journals.openedition.org",
        "mdpi.com",
        "persee.fr",
        "plos.org",
        "pmc.ncbi.nlm.nih.gov",
        "santepubliquefrance.fr",
        "scielo.br",
        "scielo.org",
        "unesdoc.unesco.org",
        "vie-publique.fr",
        "who.int",
    ),
    FREE,
)
"""Hosts whose texts are free throughout. One that has both (Cairn, Érudit, OpenEdition Books) is not here,
nor is one that also describes what it does not have (theses.fr): silence is better than a mistake."""
_TAG = "tag:"


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
        found = self.find(url, catalogue)
        return catalogue if found is None else found

    def find(self, url: str, catalogue: str) -> str | None:
        """Return what the tables say of an address, else of a catalogue; None where they say nothing."""
        for name in links.domains(links.host_of(url)):
            if name in self.exact:
                return self.exact[name]
        wanted = catalogue.lower()
        if wanted in self.exact:
            return self.exact[wanted]
        return next((label for name, label in self.wild if fnmatchcase(wanted, name)), None)


@dataclass(frozen=True)
class OpenAccess:
    """Host, catalogue or tag (`tag:accès libre`) -> `OPEN_ACCESS`."""

    places: AccessLabels
    tags: Mapping[str, str]

    @classmethod
    def of(cls, *tables: Mapping[str, str]) -> OpenAccess:
        """Return what several tables say beside `FREE_HOSTS`; a later one has the last word."""
        merged = {name: kind for table in (FREE_HOSTS, *tables) for name, kind in table.items()}
        places = {name: kind for name, kind in merged.items() if not name.startswith(_TAG)}
        tags = {_folded(n.removeprefix(_TAG)): k for n, k in merged.items() if n.startswith(_TAG)}
        return cls(AccessLabels.of(places), tags)

    def kind(self, url: str, catalogue: str, tags: Iterable[str], *, proxied: bool) -> str:
        """Return `FREE`, `SIGN_IN`, or "" where it is not known.

        A tag that somebody gave the item says most; what goes through a proxy needs signing in.
        """
        if self.tags:
            told = (self.tags.get(_folded(tag)) for tag in tags)
            if by_tag := next((kind for kind in told if kind is not None), None):
                return by_tag
        return SIGN_IN if proxied else self.places.find(url, catalogue) or ""


def _folded(tag: str) -> str:
    return normalize("NFC", tag.strip()).casefold()
