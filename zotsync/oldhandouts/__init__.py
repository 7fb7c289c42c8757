"""Handouts that people made by hand, years ago: read into what could be Zotero items."""
