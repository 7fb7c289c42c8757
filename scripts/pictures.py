"""Make the pictures of the documentation: the demo in a terminal, and the first page it prints.

    python scripts/pictures.py

Wants LibreOffice (soffice) and pdftoppm; run it after a change that shows (`make pictures`).
"""

from __future__ import annotations

import io
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

DOCS = Path(__file__).resolve().parents[1] / "docs"
WIDTH = 100
RESOLUTION = 80


def in_terminal(command: list[str], folder: Path) -> str:
    """Return what a command prints in a terminal of `WIDTH` columns, colours included."""
    environment = {**os.environ, "COLUMNS": str(WIDTH), "TERM": "xterm-256color"}
    near, far = pty.openpty()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=far, stdout=far, stderr=far
    )
    os.close(far)
    printed = bytearray()
    while True:
        try:
            part = os.read(near, 4096)
        except OSError:  # how Linux says that the other end is closed
            break
        if not part:
            break
        printed += part
    os.close(near)
    if process.wait():
        raise SystemExit(printed.decode())
    return printed.decode().replace("\r\n", "\n")


def settled(printed: str) -> str:
    """Return the lines as they stay: what a progress bar drew is left out."""
    plain = re.sub(r"\x1b\[\?25[lh]|\x1b\[1A", "", printed)
    lines = []
    for line in plain.split("\n"):
        left = re.split(r"\r|\x1b\[2K", line)[-1]
        if left or left == line:
            lines.append(left)
    return "\n".join(lines)


def demo(language: str, folder: Path) -> str:
    """Return what the demo prints, and leave what it made in `folder`."""
    folder.mkdir()
    command = [sys.executable, "-m", "zotsync", "--lang", language, "demo"]
    return settled(in_terminal(command, folder)).replace(f"{folder}/", "")


def draw(printed: str, picture: Path) -> None:
    """Draw a terminal. No font is fetched from anywhere: the reader's own will do."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(printed))
    console.save_svg(str(picture), title="zotsync demo", unique_id="demo")
    svg = re.sub(r"@font-face \{.*?\}\s*", "", picture.read_text(encoding="utf-8"), flags=re.DOTALL)
    picture.write_text(svg, encoding="utf-8")


def main() -> None:
    """Make all pictures."""
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        draw(demo("en", folder / "en"), DOCS / "demo.svg")
        draw(demo("fr", folder / "fr"), DOCS / "demo.fr.svg")
        document = folder / "fr" / "zotsync-demo" / "handouts" / "pair-aidance.docx"
        soffice = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", name, str(document)]
        subprocess.run(soffice, check=True, capture_output=True)
        pages = ["pdftoppm", "-r", str(RESOLUTION), "-png", "-f", "1", "-l", "1", "-singlefile"]
        subprocess.run([*pages, f"{name}/pair-aidance.pdf", f"{name}/page"], check=True)
        shutil.copyfile(folder / "page.png", DOCS / "handout.png")


if __name__ == "__main__":
    main()
