"""Handouts: which items, in which order, laid out as lines with roles, written as a Word document.

`select`, `layout` and what they rest on are pure; `themes` reads a theme's folder, `word` and `ooxml`
write the document, `render` brings them together.
"""
