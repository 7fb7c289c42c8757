"""What stands in for a font where it is missing: families of the same widths, or of the same kind. Pure."""

from __future__ import annotations

import re

_NOT_A_NAME = re.compile(r"[^\w \-]")
_SANS = '"Helvetica Neue",Helvetica,Arial,"Liberation Sans",sans-serif'
_SERIF = '"Times New Roman",Times,"Liberation Serif",serif'
_STACKS = {
    "aptos": '"Segoe UI",Carlito,' + _SANS,
    "arial": 'Helvetica,"Liberation Sans",Arimo,sans-serif',
    "arial narrow": '"Liberation Sans Narrow",' + _SANS,
    "bookman old style": '"URW Bookman",' + _SERIF,
    "book antiqua": 'Palatino,"Palatino Linotype","URW Palladio L",' + _SERIF,
    "calibri": 'Carlito,"Segoe UI",' + _SANS,
    "cambria": "Caladea,Georgia," + _SERIF,
    "candara": "Calibri,Carlito," + _SANS,
    "century": _SERIF,
    "constantia": "Georgia,Gelasio," + _SERIF,
    "corbel": "Calibri,Carlito," + _SANS,
    "courier new": '"Liberation Mono",Cousine,Courier,monospace',
    "eb garamond": "Garamond,Georgia," + _SERIF,
    "garamond": '"EB Garamond","Adobe Garamond Pro",Georgia,' + _SERIF,
    "georgia": "Gelasio," + _SERIF,
    "palatino linotype": 'Palatino,"Book Antiqua","URW Palladio L",' + _SERIF,
    "times new roman": '"Liberation Serif",Tinos,Times,serif',
    "verdana": '"DejaVu Sans",Geneva,sans-serif',
}
"""Behind a font, those of its widths or its kind; Carlito, Caladea and Liberation have the very widths."""


def font_stack(font: str) -> str:
    """Return a font's name and its stand-ins, as CSS wants them; whatever the name, it is a name."""
    name = _NOT_A_NAME.sub("", font)
    serif = any(word in name.lower() for word in ("serif", "roman", "roma", "garamond", "bodoni"))
    rest = _STACKS.get(name.lower(), _SERIF if serif and "sans" not in name.lower() else _SANS)
    return f'"{name}",{rest}' if name else rest
