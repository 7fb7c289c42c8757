"""What reading a zip raises where the file is none, or is damaged: documents are zips from anywhere."""

from __future__ import annotations

import zipfile
import zlib

BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,  # what is packed is damaged
    EOFError,  # it ends too early
    NotImplementedError,  # packed in a way that zipfile does not know
    RuntimeError,  # a password protects it
    ValueError,  # names, dates or lengths that cannot be
)
"""Python has no one type for it. No code of ours runs where these are caught: zipfile's own does."""
