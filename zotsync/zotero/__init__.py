"""The remote side: a Zotero group library, reached through pyzotero and httpx2."""
