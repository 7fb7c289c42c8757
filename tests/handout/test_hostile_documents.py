"""Documents that are no handouts, damaged ones, and ones made to do harm: a clear error, and nothing else."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zotsync.errors import FileError
from zotsync.handout.readback import packages
from zotsync.handout.readback.reading import read_document

RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def body(text: str) -> str:
    return f'<w:document xmlns:w="{W}"><w:body>{text}</w:body></w:document>'


def package(folder: Path, document: str, **others: str) -> Path:
    path = folder / "document.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("_rels/.rels", RELATIONS)
        bundle.writestr("word/document.xml", document)
        for name, text in others.items():
            bundle.writestr(name, text)
    return path


def test_a_document_without_styles_is_read(tmp_path: Path) -> None:
    path = package(tmp_path, body("<w:p><w:r><w:t>mot</w:t></w:r></w:p>"))
    assert [p.text for p in read_document(path).paragraphs] == ["mot"]


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", b"%PDF-1.7", b"\xd0\xcf\x11\xe0" * 300])
def test_what_is_no_document_is_told(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "document.docx"
    path.write_bytes(raw)
    with pytest.raises(FileError, match="damaged, or of another kind"):
        read_document(path)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.docx"):
        with pytest.raises(FileError, match="No such file"):
            read_document(path)


@pytest.mark.parametrize("document", ["", "<broken", "<other/>", body("<w:p>")[:-5]])
def test_damaged_xml_is_told(tmp_path: Path, document: str) -> None:
    with pytest.raises(FileError, match="damaged, or of another kind"):
        read_document(package(tmp_path, document))


def test_entities_are_refused_and_never_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("geheim", encoding="utf-8")
    outside = f'<!DOCTYPE a [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    laughs = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY e "&b;&b;&b;">]>'
    for declared in (outside, laughs):
        text = declared + body("<w:p><w:r><w:t>&e;</w:t></w:r></w:p>")
        with pytest.raises(FileError, match="declares entities") as caught:
            read_document(package(tmp_path, text))
        assert "geheim" not in str(caught.value)


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_LARGEST_PART", 1_000_000)
    bomb = package(tmp_path, body(" " * 2_000_000))
    assert bomb.stat().st_size < 10_000
    with pytest.raises(FileError, match="unpacks to more"):
        read_document(bomb)


def test_thousands_of_parts_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_MOST_PARTS", 10)
    parts = {f"word/part{n}.xml": "" for n in range(20)}
    with pytest.raises(FileError, match="unpacks to more"):
        read_document(package(tmp_path, body(""), **parts))


def test_deeply_nested_xml_is_refused(tmp_path: Path) -> None:
    deep = "<w:sdt>" * 100_000 + "</w:sdt>" * 100_000
    with pytest.raises(FileError, match="damaged"):
        read_document(package(tmp_path, body(deep)))


def test_a_relation_that_leads_out_of_the_package_leads_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "document.docx"
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr("_rels/.rels", RELATIONS.replace("word/", "../../../../etc/"))
    with pytest.raises(FileError, match="damaged"):
        read_document(path)


@given(st.data())
def test_damaged_files_end_in_an_error_or_in_paragraphs(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    path = package(folder, body("<w:p><w:r><w:t>mot</w:t></w:r></w:p>" * 3))
    raw = bytearray(path.read_bytes())
    for at in data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=5)):
        raw[at] = data.draw(st.integers(0, 255))
    path.write_bytes(raw)
    with suppress(FileError):
        read_document(path)
