"""Make the pictures of the documentation: commands in a terminal, and the first page that the demo prints.

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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from rich.console import Console
from rich.text import Text

from zotsync import i18n
from zotsync.i18n import _
from zotsync.sandbox import demo as story
from zotsync.sandbox.server import Sandbox

CHECKOUT = Path(__file__).resolve().parents[1]
DOCS = CHECKOUT / "docs"
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


FINDS_SOMETHING = {0, 1, 3}
"""How commands may end that tell of something wrong, or of conflicts."""
ELSEWHERE = {
    r"127\.0\.0\.1:\d+ (\w+, \w+) \d+ ms": r"api.zotero.org \1 120 ms",
    r"(Python [\d.]+), .*": r"\1, Linux",
    r"filekeyring FileKeyring": "SecretService Keyring",
}
"""What `init` and `doctor` find here -> what they find on the computer of whoever begins with it."""


def in_terminal(
    command: list[str],
    folder: Path,
    *,
    may_fail: bool = False,
    answers: Sequence[tuple[str, str]] = (),
) -> str:
    """Return what a command prints in a terminal of `WIDTH` columns, colours included.

    Each answer is typed as soon as its question stands there.
    """
    environment = {**os.environ, "COLUMNS": str(WIDTH), "TERM": "xterm-256color"}
    near, far = pty.openpty()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=far, stdout=far, stderr=far
    )
    os.close(far)
    printed = bytearray()
    asked, waiting = 0, list(answers)
    while True:
        try:
            part = os.read(near, 4096)
        except OSError:  # how Linux says that the other end is closed
            break
        if not part:
            break
        printed += part
        if waiting and waiting[0][0].encode() in printed[asked:]:
            asked = len(printed)
            os.write(near, waiting.pop(0)[1].encode() + b"\n")
    os.close(near)
    if process.wait() not in (FINDS_SOMETHING if may_fail else {0}):
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


def beginnings(language: str, folder: Path) -> None:
    """Draw how somebody begins with a group, and looks whether all is well: `init` and `doctor`."""
    port = story.free_port(story.PORT)
    url = f"http://127.0.0.1:{port}"
    filled = story.make_workspace(folder / "filled", url, port)
    sandbox = Sandbox(filled.sandbox)
    story.people(sandbox)
    zotsync = [sys.executable, "-m", "zotsync", "--lang", language]
    begun = folder / _("bibliography")
    begun.mkdir()
    with sandbox.serve(port), keyring(folder / "keys.json"):
        subprocess.run([*zotsync, "-C", str(filled.root), "-q", "sync"], check=True)
        init = [*zotsync, "init", "--api-url", url]
        for name, command, answers in (
            ("init", init, first_answers()),
            ("doctor", [*zotsync, "doctor"], ()),
        ):
            shown = settled(in_terminal(command, begun, answers=answers))
            for here, there in {re.escape(str(folder)): "/home/camille", **ELSEWHERE}.items():
                shown = re.sub(here, there, shown)
            file = DOCS / f"shown-{name}{'.fr' if language == 'fr' else ''}.svg"
            draw(shown, file, f"zotsync {name}")
    sandbox.close()


def first_answers() -> list[tuple[str, str]]:
    """Return what somebody types who begins: question -> answer."""
    return [
        (_("Folder of the workspace"), ""),
        (_("Address or number of the Zotero group"), f"zotero.org/groups/{story.GROUP}/centre"),
        (_("Open the page in the browser?"), "n"),
        (_("Zotero API key (not shown while you type)"), story.DEMO_KEY),
        (_("Institution, as handouts print it (may stay empty)"), "ITES"),
        (_("Fetch them as files now?"), ""),
        (_("Your choice"), ""),
    ]


@contextmanager
def keyring(file: Path) -> Iterator[None]:
    """Give the commands a keyring in a file: this computer's own stays as it is."""
    file.touch()
    mine = {
        "PYTHON_KEYRING_BACKEND": "cli.filekeyring.FileKeyring",
        "PYTHONPATH": str(CHECKOUT / "tests"),
        "TESTS_KEYRING": str(file),
    }
    with patch.dict(os.environ, mine):
        yield


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
            i18n.install(language)
            beginnings(language, folder / f"begun-{language}")
            scenes(language, folder / f"scenes-{language}" / "bibliographie")
        document = folder / "fr" / "zotsync-demo" / "handouts" / "pair-aidance.docx"
        soffice = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", name, str(document)]
        subprocess.run(soffice, check=True, capture_output=True)
        pages = ["pdftoppm", "-r", str(RESOLUTION), "-png", "-f", "1", "-l", "1", "-singlefile"]
        subprocess.run([*pages, f"{name}/pair-aidance.pdf", f"{name}/page"], check=True)
        shutil.copyfile(folder / "page.png", DOCS / "handout.png")


if __name__ == "__main__":
    main()
