"""How much a file may be: what is just within is taken, what is just above is refused in words, before it is unpacked."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from kneadwork.common import storage
from kneadwork.exchange.neutral import Unreadable
from kneadwork.exchange.readers import registry, sheets


def table(folder: Path, rows: int) -> Path:
    file = folder / "people.csv"
    file.write_text("Name,Phone\n" * rows)
    return file


def workbook(folder: Path, *, padding: int = 0, parts: int = 0) -> Path:
    """A sound workbook, with an unused part of zeros of this size, or with so many parts more."""
    out, file = io.BytesIO(), folder / "people.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["Name", "Phone"])
    book.save(out)
    file.write_bytes(out.getvalue())
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/media/none.bin", "w") as part:
            for _n in range(padding >> 20):
                part.write(bytes(1 << 20))
        for number in range(parts):
            archive.writestr(f"xl/media/{number}.bin", b"")
    return file


def read(file: Path) -> list:
    return [line for sheet in sheets.sheets(file) for line in sheet.lines]


def refused(file: Path) -> str:
    with pytest.raises(Unreadable) as why:
        sheets.sheets(file)
    return str(why.value)


def test_a_table_has_so_many_rows_and_no_more(tmp_path):
    assert len(read(table(tmp_path, sheets.MOST_ROWS))) == sheets.MOST_ROWS
    assert "200,000 rows" in refused(table(tmp_path, sheets.MOST_ROWS + 1))


def test_a_table_has_so_many_bytes_and_no_more(tmp_path):
    file = tmp_path / "people.csv"
    with open(file, "wb") as sparse:
        sparse.write(b"Name,Phone\n")
        sparse.truncate(sheets.MOST_BYTES + 1)
    assert "60 MB" in refused(file)
    with open(file, "r+b") as sparse:
        sparse.truncate(sheets.MOST_BYTES)
    assert len(read(file)) >= 1


def test_a_sound_workbook_is_refused_for_what_it_would_be_unpacked(tmp_path):
    assert len(read(workbook(tmp_path, padding=1 << 20))) == 1
    file = workbook(tmp_path, padding=sheets.UNPACKED_BYTES)
    assert file.stat().st_size < sheets.MOST_BYTES / 10
    assert "too large when unpacked" in refused(file)


def test_a_sound_workbook_is_refused_for_the_number_of_its_parts(tmp_path):
    assert len(read(workbook(tmp_path, parts=100))) == 1
    assert "too large when unpacked" in refused(workbook(tmp_path, parts=sheets.PARTS))


def test_a_registry_zip_that_declares_more_than_any_registry_file_is_refused(tmp_path):
    file = tmp_path / "npi.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("npidata_pfile_20250101.csv", b'"NPI","Entity Type Code"\n')

    def why() -> str:
        with pytest.raises(Unreadable) as refused:
            list(registry.read(file, near=None, within_m=None, professions=frozenset(), known=frozenset()))
        return str(refused.value)

    assert "columns" in why()  # looked into, and found to be no registry file
    with zipfile.ZipFile(file, "a") as archive:
        archive.infolist()[0].file_size = registry.ZIP_BYTES + 1  # as its directory at the end declares
        archive.comment = b"rewritten"
    assert "larger than any registry file" in why()


def test_a_picture_has_so_many_bytes_and_no_more(owner):
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "white").save(out, "PNG")
    within = out.getvalue().ljust(storage.PICTURE_BYTES, b"\0")  # what follows the picture's end is nobody's
    assert storage.keep_picture(SimpleUploadedFile("s.png", within), by=owner).size < 1000
    with pytest.raises(storage.FileRefused, match="Ten megabytes"):
        storage.keep_picture(SimpleUploadedFile("s.png", within + b"\0"), by=owner)


@pytest.mark.parametrize("kind", ["TIFF", "BMP", "ICO"])
def test_a_picture_of_another_kind_is_not_opened(owner, kind):
    out = io.BytesIO()
    Image.new("RGB", (32, 32), "white").save(out, kind)
    with pytest.raises(storage.FileRefused):
        storage.keep_picture(SimpleUploadedFile("s.png", out.getvalue()), by=owner)
