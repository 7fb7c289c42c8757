"""Zotero's rules: what may be written, and what becomes of it. Pure."""
