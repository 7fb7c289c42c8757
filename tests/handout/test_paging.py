"""The pages of headings: asked of LibreOffice, within reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from zotsync.handout import paging


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return a file that stands once LibreOffice was run: one that does nothing else, and fails."""
    program, told = tmp_path / "soffice", tmp_path / "asked"
    program.write_text(f'#!/bin/sh\n: > "{told}"\nexit 1\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return told


def test_a_libreoffice_that_does_not_work_leaves_it_to_the_estimate(asked: Path) -> None:
    assert paging.heading_pages(lambda: b"some", 1) is None
    assert asked.exists()


def test_very_long_documents_are_not_laid_out_for_their_contents(
    asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "_LARGEST", 3)
    assert paging.heading_pages(lambda: b"long", 1) is None
    assert not asked.exists()


def test_without_headings_nothing_is_asked(asked: Path) -> None:
    assert paging.heading_pages(lambda: b"some", 0) is None
    assert not asked.exists()
