"""Files nobody asked for: bombs, disguises, damage. Each ends with words for the user, quickly, and keeps nothing."""

from __future__ import annotations

import io
import random
import time
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kneadwork.common import storage
from kneadwork.exchange import importing
from kneadwork.network.models import Connection

SECONDS = 20
HEAD = b'"NPI","Entity Type Code"\n'


def zipped(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def zeros(size: int) -> bytes:
    """A zip with one entry of this many unpacked bytes, made without holding them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("npidata_pfile_20250101.csv", "w", force_zip64=True) as entry:
            block = b"0" * (1 << 20)
            for _number in range(size >> 20):
                entry.write(block)
    return out.getvalue()


def xlsx_bomb() -> bytes:
    """A workbook whose one sheet unpacks to 600 MB."""
    import openpyxl

    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Name", "Phone"])
    book.save(out)
    made, small = io.BytesIO(), zipfile.ZipFile(out)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in small.namelist():
            if "sheet1" not in name:
                archive.writestr(name, small.read(name))
                continue
            with archive.open(name, "w", force_zip64=True) as entry:
                entry.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
                row = b'<row><c t="inlineStr"><is><t>' + b"x" * (1 << 20) + b"</t></is></c></row>"
                for _number in range(600):
                    entry.write(row)
    return made.getvalue()


def damaged(data: bytes) -> bytes:
    """With a few bytes changed in the middle of what is packed."""
    middle = len(data) // 2
    return data[:middle] + bytes(b ^ 0x5A for b in data[middle : middle + 8]) + data[middle + 8 :]


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row><c t="inlineStr"><is><t>&b;&f;</t></is></c></row></sheetData></worksheet>"""


def xlsx_with_entities() -> bytes:
    import openpyxl

    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Name", "Phone"])
    book.save(out)
    small = zipfile.ZipFile(out)
    return zipped({n: ENTITIES if "sheet1" in n else small.read(n) for n in small.namelist()})


FILES = {
    "bomb.xlsx": xlsx_bomb, "entities.xlsx": xlsx_with_entities, "words.xlsx": lambda: b"these are words",
    "empty.vcf": lambda: b"", "empty.csv": lambda: b"", "picture.csv": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "letter.vcf": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40, "zeros.csv": lambda: bytes(100_000),
    "nothing.zip": lambda: zipped({}), "other.zip": lambda: zipped({"readme.txt": b"hello"}),
    "zip-in-zip.zip": lambda: zipped({"npidata_pfile.csv.zip": zipped({"npidata_pfile.csv": HEAD})}),
    "climbing.zip": lambda: zipped({"../../etc/npidata_pfile_1-2.csv": b"\x00" * 1000}),
    "cut.zip": lambda: zipped({"npidata_pfile_20250101.csv": HEAD * 1000})[:-40], "zeros.zip": lambda: zeros(400 << 20),
    "damaged.zip": lambda: damaged(zipped({"npidata_pfile_20250101.csv": HEAD + random.Random(1).randbytes(200_000)})),
    "one-line.csv": lambda: b"Name," + b"x" * 5_000_000, "one-field.csv": lambda: b'Name,Phone\n"' + b"x" * 5_000_000,
    "endless.vcf": lambda: b"BEGIN:VCARD\nVERSION:3.0\nNOTE:" + b"x\n " * 1_000_000,
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_what_it_seems_is_refused_in_words_and_keeps_nothing(practice, owner, tmp_path, name):
    file = tmp_path / name
    file.write_bytes(FILES[name]())
    begun, words = time.monotonic(), ""
    try:
        document = importing.import_file(file, practice=practice, by=owner)
    except Exception as refused:  # told apart below: only our own refusals count
        assert type(refused).__module__.startswith("kneadwork."), repr(refused)
        words = str(refused)
    else:
        words = " ".join(r["reason"] for r in document["rejected"]) + " ".join(document["warnings"])
        assert document["created"] == document["updated"] == 0
    assert time.monotonic() - begun < SECONDS
    assert len(words) > 10 and "root:" not in words, words
    assert not Connection.objects.exists()


def test_a_table_of_titles_alone_says_that_nothing_was_in_it(practice, owner, tmp_path):
    file = tmp_path / "titles.csv"
    file.write_text("Name,Phone,Email\n")
    document = importing.import_file(file, practice=practice, by=owner)
    assert document["read"] == 0 and any("nothing" in w for w in document["warnings"])


def png(width: int, height: int) -> bytes:
    """A valid PNG of one colour, as small as its size on the screen is large."""
    raw = zlib.compress(b"\x00" * ((width // 8 + 2) * height), 9)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([1, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", raw) + chunk(b"IEND", b"")


@pytest.mark.parametrize("data", [
    pytest.param(png(8000, 8000), id="64 million points"), pytest.param(png(30_000, 30_000), id="900 million points"),
    pytest.param(b"%PDF-1.7", id="a PDF"), pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", id="an SVG"),
    pytest.param(b"GIF89a" + b"\x00" * 50, id="half a GIF"), pytest.param(b"", id="nothing"),
])  # fmt: skip
def test_a_picture_that_is_none_or_too_large_is_refused(owner, data):
    with pytest.raises(storage.FileRefused) as refused:
        storage.keep_picture(SimpleUploadedFile("signature.png", data), by=owner)
    assert len(str(refused.value)) > 10


def test_a_picture_is_kept_without_what_the_camera_wrote_into_it(owner):
    from PIL import Image

    picture, out = Image.new("RGB", (40, 20), "white"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at 1 Main St"
    picture.save(out, "JPEG", exif=exif)
    kept = storage.keep_picture(SimpleUploadedFile("signature.jpg", out.getvalue()), by=owner)
    assert b"Main St" in out.getvalue() and b"Main St" not in storage.read(kept)


def test_a_registry_zip_damaged_in_its_middle_is_refused_with_the_remedy(practice, owner, tmp_path):
    from kneadwork.exchange.neutral import Unreadable
    from kneadwork.exchange.readers import registry

    head = ",".join(f'"{title}"' for title in ("NPI", "Entity Type Code", registry.ZIP_COLUMN)).encode() + b"\n"
    file = tmp_path / "damaged.zip"
    rows = b"".join(b'"%d","1","98101"\n' % random.Random(n).getrandbits(60) for n in range(20_000))
    file.write_bytes(damaged(zipped({"npidata_pfile_20250101.csv": head + rows})))
    with pytest.raises(Unreadable, match="damaged"):
        importing.import_file(file, practice=practice, by=owner)
    assert not Connection.objects.exists()


def test_a_vcard_file_that_is_too_large_is_refused_before_it_is_read(practice, owner, tmp_path):
    from kneadwork.exchange.neutral import Unreadable
    from kneadwork.exchange.readers import vcard

    file = tmp_path / "large.vcf"
    with open(file, "wb") as out:
        out.write(b"BEGIN:VCARD\n")
        out.truncate(20 * vcard.MOST_BYTES)  # a file with a hole, larger than what there is of memory to read it into
    begun = time.monotonic()
    with pytest.raises(Unreadable, match="200 MB"):
        importing.import_file(file, practice=practice, by=owner)
    assert time.monotonic() - begun < 2
