"""Carrying a plan out: files, collections, Zotero; every object accounted for."""
