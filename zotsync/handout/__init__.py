"""Handouts: which items, in which order, laid out as lines with roles, written as documents.

`select`, `layout` and what they rest on are pure; `theming` reads a theme's folder, `writers` write the
document, `keeping` gives it its place, `readback` reads a corrected one; `render` brings them together.
"""
