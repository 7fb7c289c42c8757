"""LibreOffice from outside: found, run, and told about in words when it fails; stand-ins are scripts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from zotsync.errors import FileError
from zotsync.handout import libreoffice
from zotsync.handout.theming.themes import templates_folder

scripts = pytest.mark.skipif(os.name != "posix", reason="the stand-ins are shell scripts")
CONVERTING = textwrap.dedent("""
    from zotsync import interrupts
    from zotsync.handout.libreoffice import convert
    interrupts.listen()
    try:
        convert(b"document", "docx", "pdf")
    except KeyboardInterrupt:
        print("interrupted")
""")
TARGET = 'for last; do :; done; made="$(dirname "$last")/made/handout.pdf"'


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the path of a `soffice` that is found first; the test writes it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "tmp").mkdir()
    return folder / "soffice"


def write(program: Path, script: str) -> None:
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)


def convert(**more: float) -> bytes:
    return libreoffice.convert(b"document", "docx", "pdf", options="filter", **more)


def failure(**more: float) -> str:
    with pytest.raises(FileError) as caught:
        convert(**more)
    assert caught.value.problem.hint
    return caught.value.problem.message


@pytest.mark.needs("soffice")
def test_a_document_is_converted_and_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    base = (templates_folder() / "classique" / "base.docx").read_bytes()
    assert libreoffice.convert(base, "docx", "pdf").startswith(b"%PDF-")
    assert list(tmp_path.iterdir()) == []
    assert not (home / "config" / "libreoffice").exists()  # the user's own profile is not touched


@pytest.mark.needs("soffice")
def test_a_file_that_cannot_be_read_is_told_in_its_words() -> None:
    base = (templates_folder() / "classique" / "base.docx").read_bytes()
    with pytest.raises(FileError, match=r"LibreOffice failed: .*could not be loaded"):
        libreoffice.convert(base[:2000], "docx", "pdf")


@scripts
def test_it_is_run_without_macros_in_a_profile_of_its_own(program: Path, tmp_path: Path) -> None:
    write(program, f'{TARGET}; mkdir -p "$(dirname "$made")"; printf "%s\\n" "$@" > "$made"')
    asked = convert().decode().splitlines()
    (profile,) = (word for word in asked if word.startswith("-env:UserInstallation="))
    assert profile.startswith(f"-env:UserInstallation={(tmp_path / 'tmp').as_uri()}/")
    assert asked[asked.index("--convert-to") + 1] == "pdf:filter"
    write(
        program,
        f'{TARGET}; mkdir -p "$(dirname "$made")"; '
        'cat "$(dirname "$last")/profile/user/registrymodifications.xcu" > "$made"',
    )
    assert b'"DisableMacrosExecution" oor:op="fuse"><value>true' in convert()
    assert list((tmp_path / "tmp").iterdir()) == []


@scripts
@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("exit 0", "LibreOffice failed and did not say why."),
        ("echo one; echo Error: two >&2", "LibreOffice failed: Error: two"),
        (
            f'{TARGET}; mkdir -p "$(dirname "$made")"; echo half > "$made"; exit 1',
            "LibreOffice failed and did not say why.",
        ),
        ("kill -9 $$", "LibreOffice was killed (signal 9)."),
    ],
)
def test_a_failure_is_told(program: Path, script: str, message: str) -> None:
    write(program, script)
    assert failure() == message


@scripts
def test_a_program_that_cannot_be_started_is_told(program: Path) -> None:
    program.write_text("#!/nowhere/at/all\n", encoding="utf-8")
    program.chmod(0o755)
    with pytest.raises(FileError, match="LibreOffice cannot be run: No such file or directory"):
        convert()


@scripts
def test_a_program_that_hangs_is_stopped_with_its_children(program: Path, tmp_path: Path) -> None:
    write(program, f"sleep 300 & {said(tmp_path, '$!')}; wait")
    assert failure(timeout=3) == "LibreOffice took too long (3 s) and was stopped."
    assert is_gone(int((tmp_path / "child").read_text()))
    assert list((tmp_path / "tmp").iterdir()) == []


@scripts
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, 1])
def test_whatever_stops_us_stops_it_with_its_children(
    program: Path, tmp_path: Path, number: int
) -> None:
    write(program, f"sleep 300 & {said(tmp_path, '$!')}; wait")
    with subprocess.Popen([sys.executable, "-c", CONVERTING], stdout=subprocess.PIPE) as process:
        while not (tmp_path / "child").exists():
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(number)
        told, _ = process.communicate(timeout=60)
    assert told == b"interrupted\n"
    assert is_gone(int((tmp_path / "child").read_text()))
    assert list((tmp_path / "tmp").iterdir()) == []


@scripts
def test_one_that_is_stopped_while_it_is_started_is_ended_too(
    program: Path, tmp_path: Path
) -> None:
    write(program, f"kill -INT $PPID; {said(tmp_path, '$$')}; exec sleep 300")
    for _ in range(5):
        told = subprocess.run(
            [sys.executable, "-c", CONVERTING], capture_output=True, check=False, timeout=60
        )
        assert told.stdout == b"interrupted\n", told.stderr
        if (tmp_path / "child").exists():  # else it was ended before it could say who it is
            assert is_gone(int((tmp_path / "child").read_text()))
            (tmp_path / "child").unlink()


def said(folder: Path, process: str) -> str:
    """Return what a script does to say who a process of it is, all at once."""
    return f"echo {process} > {folder}/new; mv {folder}/new {folder}/child"


def is_gone(pid: int) -> bool:
    """Return whether a process ends within some seconds (a zombie has ended)."""
    for _ in range(500):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            os.kill(pid, 0)
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False


def test_where_it_is_missing_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(libreoffice, "_FOLDERS", {"linux": (str(tmp_path / "a" / "b"),)})
    with pytest.raises(FileError, match="LibreOffice is needed") as caught:
        convert()
    word = "libreoffice-writer" if sys.platform == "linux" else "https://www.libreoffice.org"
    assert word in caught.value.problem.hint


def test_it_is_found_in_the_usual_folders_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("ZZ_FOLDER", str(tmp_path))
    folders = (str(tmp_path / "none" / "there"), "$ZZ_FOLDER/opt/office*/program")
    monkeypatch.setattr(libreoffice, "_FOLDERS", {sys.platform: folders})
    assert libreoffice.find() is None
    program = tmp_path / "opt" / "office25.8" / "program" / libreoffice._PROGRAMS[0]
    program.parent.mkdir(parents=True)
    program.write_bytes(b"")
    assert libreoffice.find() == program
