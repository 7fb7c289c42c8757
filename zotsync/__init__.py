"""zotsync keeps a bibliography in plain files in sync with a Zotero group library."""

__version__ = "0.1.0"
