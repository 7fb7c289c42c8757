"""A real browser that looks at web pages: how wide they are, and whether everybody can read them."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import TOOLS

LISTENING = """<!DOCTYPE html><body><script>
const told = {};
function tell(name, value) {
  told[name] = value;
  document.body.dataset.told = JSON.stringify(told);
}
</script>"""
MEASURE = """
addEventListener("load", () => {
  const root = document.documentElement;
  parent.tell(frameElement.title, root.scrollWidth - root.clientWidth);
});
"""
AXE = """
axe.run(document, {resultTypes: ["violations"]}).then(found => {
  const told = found.violations.map(v => [v.id, v.nodes.map(n => n.html + n.failureSummary)]);
  parent.tell(frameElement.title, told);
});
"""


def chromium(folder: Path, *arguments: str) -> str:
    command = next(found for found in map(shutil.which, TOOLS["chromium"][0]) if found)
    quiet = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             f"--user-data-dir={folder / 'profile'}")  # fmt: skip
    done = subprocess.run(
        [command, *quiet, *arguments], check=True, capture_output=True, timeout=120
    )
    return done.stdout.decode("utf-8")


def told(folder: Path, pages: Mapping[str, tuple[int, str]], *scripts: str) -> dict[str, Any]:
    """Return what scripts tell of pages, each shown in a frame of its width."""
    added = "".join(f"<script>{script}</script>" for script in scripts)
    frames = (
        f'<iframe title="{name}" style="width:{width}px;height:800px;border:0"'
        f' srcdoc="{html.escape(page.replace("</body>", f"{added}</body>"))}"></iframe>'
        for name, (width, page) in pages.items()
    )
    file = folder / "x.html"
    file.write_text("".join((LISTENING, *frames, "</body>")), "utf-8")
    dump = chromium(folder, "--virtual-time-budget=60000", "--dump-dom", file.as_uri())
    file.unlink()
    found = re.search(r'<body data-told="([^"]*)"', dump)
    assert found
    results: dict[str, Any] = json.loads(html.unescape(found[1]))
    assert results.keys() == pages.keys()
    return results


def axe_core() -> str:
    """Return the accessibility engine axe-core: a text of JavaScript."""
    npm = shutil.which("npm")
    root = (
        npm
        and subprocess.run(
            [npm, "root", "--global"], check=True, capture_output=True, text=True
        ).stdout.strip()
    )
    file = Path(root or ".") / "axe-core" / "axe.min.js"
    if not file.is_file():
        pytest.skip("axe-core is not installed (npm install --global axe-core)")
    return file.read_text("utf-8").replace("</script", "<\\/script")
