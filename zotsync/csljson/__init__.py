"""Zotero items as CSL-JSON, the way the Zotero client makes it of them. Pure."""
