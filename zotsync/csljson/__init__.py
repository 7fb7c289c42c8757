"""Zotero items as CSL-JSON, as the Zotero client and the server make it of them. Pure."""
