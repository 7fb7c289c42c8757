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

from zotsync.sandbox import demo as story
from zotsync.sandbox.server import Sandbox

DOCS = Path(__file__).resolve().parents[1] / "docs"
WIDTH = 100
RESOLUTION = 80
SCENES = {
    "waiting": [],
    "status": ["status"],
    "diff": ["diff", "descamps-2019-pairs-aidants-des-tiers-de-confiance"],
    "handout": ["handout", "show", "pair-aidance"],
    "log": ["log"],
    "undo": ["undo", "--dry-run"],
    "list": ["list", "--collection", "Pair-aidance/Ouvrages", "--sort", "newest"],
    "check": ["check"],
}
"""Name of a picture -> what is typed after `zotsync`."""


def in_terminal(command: list[str], folder: Path, *, may_fail: bool = False) -> str:
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
    if process.wait() and not may_fail:
        raise SystemExit(printed.decode())
    return printed.decode().replace("\r\n", "\n")


def settled(printed: str) -> str:
    """Return the lines as they stay: progress bars, which come and go by the clock, are left out."""
    plain = re.sub(r"\x1b\[\?25[lh]", "", printed)
    plain = re.sub(r"[^\n]*\n\r?\x1b\[1A\r?\x1b\[2K", "", plain)  # drawn, and taken away again
    plain = plain.replace("\x1b[1A", "")
    lines = []
    for line in plain.split("\n"):
        left = re.split(r"\r|\x1b\[2K", line)[-1]
        if (left or left == line) and "━" not in left:
            lines.append(left)
    return "\n".join(lines)


def demo(language: str, folder: Path) -> str:
    """Return what the demo prints, and leave what it made in `folder`."""
    folder.mkdir()
    command = [sys.executable, "-m", "zotsync", "--lang", language, "demo"]
    shown = settled(in_terminal(command, folder)).replace(f"{folder}/", "")
    return re.sub(r"(127\.0\.0\.1):\d+", rf"\1:{story.PORT}", shown)  # it may be taken just now


def draw(printed: str, picture: Path, title: str) -> None:
    """Draw a terminal. No font is fetched from anywhere: the reader's own will do."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(printed.rstrip("\n")))
    console.save_svg(str(picture), title=title, unique_id=picture.name.partition(".")[0])
    svg = re.sub(r"@font-face \{.*?\}\s*", "", picture.read_text(encoding="utf-8"), flags=re.DOTALL)
    picture.write_text(svg, encoding="utf-8")


def scenes(language: str, folder: Path) -> None:
    """Draw what some commands show in the workspace of the demo, while two people work on it."""
    port = story.free_port(story.PORT)
    url = f"http://127.0.0.1:{port}"
    workspace = story.make_workspace(folder, url, port)
    story.write_facts(workspace, port, story.snapshot(workspace))
    zotsync = [sys.executable, "-m", "zotsync", "--lang", language, "-C", str(folder)]
    sandbox = Sandbox(workspace.sandbox)
    story.people(sandbox)
    with sandbox.serve(port):
        subprocess.run([*zotsync, "-q", "sync"], check=True)
        story.colleague_works(url)
        story.edit_here(workspace)
        for name, words in SCENES.items():
            if name == "log":  # what a sync did, the conflict aside
                subprocess.run([*zotsync, "-q", "sync"], check=False)
            printed = settled(in_terminal([*zotsync, *words], folder, may_fail=True))
            file = DOCS / f"shown-{name}{'.fr' if language == 'fr' else ''}.svg"
            shown = printed.replace(str(folder.parent) + "/", "")
            draw(shown, file, " ".join(["zotsync", *(quoted(word) for word in words)]))
    sandbox.close()


def quoted(word: str) -> str:
    """Return a word as it is typed."""
    return f'"{word}"' if " " in word else word


def main() -> None:
    """Make all pictures."""
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        draw(demo("en", folder / "en"), DOCS / "demo.svg", "zotsync demo")
        draw(demo("fr", folder / "fr"), DOCS / "demo.fr.svg", "zotsync demo")
        for language in ("en", "fr"):
            scenes(language, folder / f"scenes-{language}" / "bibliographie")
        document = folder / "fr" / "zotsync-demo" / "handouts" / "pair-aidance.docx"
        soffice = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", name, str(document)]
        subprocess.run(soffice, check=True, capture_output=True)
        pages = ["pdftoppm", "-r", str(RESOLUTION), "-png", "-f", "1", "-l", "1", "-singlefile"]
        subprocess.run([*pages, f"{name}/pair-aidance.pdf", f"{name}/page"], check=True)
        shutil.copyfile(folder / "page.png", DOCS / "handout.png")


if __name__ == "__main__":
    main()
