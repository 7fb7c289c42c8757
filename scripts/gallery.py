"""Make a picture of each theme for the documentation: the first pages of the demo's handout.

    python scripts/gallery.py

Wants LibreOffice (soffice) and pdftoppm; run it after a change of a theme (`make gallery`).
"""

from __future__ import annotations

import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

from zotsync.handout.theming.themes import list_themes

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = {"rapport": 3, "colonnes": 1}
"""How many pages a picture shows; two of the other themes."""
RESOLUTION = {"colonnes": 75}
GAP, GROUND = 8, b"\x9a\xa0\xa6"
PALETTE = 32
"""Steps of each colour that are left: enough for text, and a third of the size."""


def pages_of(pdf: Path, theme: str) -> list[tuple[int, int, bytes]]:
    """Return the first pages as pictures: width, height, three bytes a pixel."""
    count, resolution = PAGES.get(theme, 2), RESOLUTION.get(theme, 55)
    command = [
        "pdftoppm",
        "-r",
        str(resolution),
        "-l",
        str(count),
        str(pdf),
        str(pdf.with_suffix("")),
    ]
    subprocess.run(command, check=True)
    found = []
    for file in sorted(pdf.parent.glob(f"{pdf.stem}-*.ppm")):
        data = file.read_bytes()
        width, height = (int(number) for number in data.split(maxsplit=3)[1:3])
        found.append((width, height, data[-width * height * 3 :]))
    return found


def beside(pages: list[tuple[int, int, bytes]]) -> tuple[int, int, bytes]:
    """Return pages side by side, on a ground."""
    height = max(page[1] for page in pages) + 2 * GAP
    width = sum(page[0] + GAP for page in pages) + GAP
    rows = []
    for y in range(-GAP, height - GAP):
        row = bytearray(GROUND * GAP)
        for wide, tall, pixels in pages:
            inside = 0 <= y < tall
            row += pixels[y * wide * 3 : (y + 1) * wide * 3] if inside else GROUND * wide
            row += GROUND * GAP
        rows.append(bytes(row))
    return width, height, b"".join(rows)


def png(width: int, height: int, pixels: bytes) -> bytes:
    """Return a PNG."""
    step = 256 // PALETTE
    coarse = pixels.translate(bytes(min(255, round(n / step) * step) for n in range(256)))
    stride = width * 3
    rows = b"".join(b"\0" + coarse[y * stride : (y + 1) * stride] for y in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = chunk(b"IDAT", zlib.compress(rows, 9))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + packed + chunk(b"IEND", b"")


def main() -> None:
    """Make all pictures."""
    zotsync = [sys.executable, "-m", "zotsync", "--lang", "fr", "--quiet"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([*zotsync, "demo"], cwd=folder, check=True, capture_output=True)
        workspace = folder / "zotsync-demo"
        for info in list_themes():
            pdf = folder / f"{info.name}.pdf"
            wanted = ["--theme", info.name, "--format", "pdf", "-o", str(pdf)]
            subprocess.run(
                [*zotsync, "-C", str(workspace), "render", *wanted],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            picture = DOCS / f"theme-{info.name}.png"
            picture.write_bytes(png(*beside(pages_of(pdf, info.name))))
            print(picture.name)


if __name__ == "__main__":
    main()
