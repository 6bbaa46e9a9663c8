"""Rows of a table as plain text, from CSV in any usual encoding or from an .xlsx workbook."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from kneadwork.exchange.neutral import Unreadable

MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 60 * 1024 * 1024, 200_000, 600
#: What stands in Western European text besides ASCII.
WESTERN = frozenset("áéíóúýàèìòùâêîôûäëïöüÿãõñåøæœçßÁÉÍÓÚÝÀÈÌÒÙÂÊÎÔÛÄËÏÖÜÃÕÑÅØÆŒÇ‘’“”–—…•·®™©°½¼ª«»€£\xa0")
UNPACKED_BYTES, PARTS = 400 * 1024 * 1024, 2_000


class Line(NamedTuple):
    """One row of a table: its number as the user counts it, and its cells."""

    number: int
    cells: list[str]


class Sheet(NamedTuple):
    """A table: the sheet's name ("" for CSV) and its rows."""

    name: str
    lines: list[Line]


def sheets(path: Path) -> list[Sheet]:
    """Every table of a file; Unreadable where it is empty, too large, locked or damaged."""
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(_("This file is larger than 60 MB. Export it in parts."))
    data = path.read_bytes()
    if not data.strip(b"\0 \r\n\t"):
        raise Unreadable(_("This file is empty. Export it once more."))
    return _workbook(data) if data.startswith(b"PK") else [Sheet("", _csv(data))]


def _csv(data: bytes) -> list[Line]:
    text = _text(data)
    csv.field_size_limit(4_000_000)
    delimiter = _delimiter("\n".join(text.splitlines()[:20])[:200_000])
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    found, before = [], 0
    try:
        for row in reader:
            found.append(Line(before + 1, row[:MOST_COLUMNS]))
            before = reader.line_num
            if len(found) > MOST_ROWS:
                raise Unreadable(_("This table has more than 200,000 rows. Import it in parts."))
    except csv.Error as fault:
        raise Unreadable(_("This table cannot be read near line %(n)d: %(why)s.") % {"n": before + 1, "why": fault})
    return found


def _delimiter(sample: str) -> str:
    """The one that cuts the most rows into the same number of cells; among equals the more frequent."""

    def alike(delimiter: str) -> int:
        try:
            widths = Counter(len(row) for row in csv.reader(io.StringIO(sample.replace("\0", "")), delimiter=delimiter))
        except csv.Error:
            return 0
        return max((rows for width, rows in widths.items() if width > 1), default=0)

    return max(",;\t|", key=lambda delimiter: (alike(delimiter), sample.count(delimiter)))


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        western = data.decode("cp1252", "replace")
        if WESTERN.issuperset(c for c in western if not c.isascii()):
            return western  # a guesser takes short texts of this, the usual one, for others
    from charset_normalizer import from_bytes

    best = from_bytes(data[:200_000]).best()
    return data.decode(best.encoding if best else "cp1252", "replace")


def _workbook(data: bytes) -> list[Sheet]:
    from openpyxl import load_workbook

    _check_size(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        found = [Sheet(sheet.title, _rows(sheet)) for sheet in book.worksheets[:20]]
    except Unreadable:
        raise
    except Exception as fault:  # openpyxl lets many kinds of error through
        raise Unreadable(
            _("This workbook is damaged or locked. Save it once more as .xlsx without a password, or as CSV.")
        ) from fault
    if not any(sheet.lines for sheet in found):
        raise Unreadable(_("Every sheet of this workbook is empty."))
    return found


def _check_size(data: bytes) -> None:
    """A zip cannot inflate a part beyond the size it declares, so the declared sizes are the ones to judge."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile as fault:
        raise Unreadable(_("This workbook is cut off. Export it once more.")) from fault
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED_BYTES:
        raise Unreadable(_("This workbook is too large when unpacked. Save the one sheet with your contacts as CSV."))


def _rows(sheet) -> list[Line]:
    found: list[Line] = []
    sheet.reset_dimensions()  # the size a file declares may be wrong
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [_cell(value) for value in row[:MOST_COLUMNS]]
        if any(cells):
            found.append(Line(number, cells))
        if number > MOST_ROWS:
            raise Unreadable(_("This table has more than 200,000 rows. Import it in parts."))
    return found


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
