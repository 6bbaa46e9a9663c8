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
#: So many lines whose quotes are never closed are told one by one.
MOST_OPEN = 100
UNPACKED_BYTES, PARTS = 400 * 1024 * 1024, 2_000


class Line(NamedTuple):
    """One row of a table: its number as the user counts it, its cells, and why it cannot be read where it cannot."""

    number: int
    cells: list[str]
    fault: str = ""


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
    text = _text(data).replace("\0", "")
    csv.field_size_limit(4_000_000)
    delimiter = _delimiter("\n".join(text.splitlines()[:20])[:200_000])
    lines, found = list(io.StringIO(text, newline="")), []
    for _try in range(MOST_OPEN):
        begins = found[-1].number if found else 0
        found += _rows_from(lines, begins, delimiter)
        if not found or found[-1].fault or not _stays_open(lines[found[-1].number - 1 :], delimiter):
            return found
        found.append(_open(lines, found.pop().number))
    raise Unreadable(_("In this table many quotes are never closed. Export it once more."))


def _rows_from(lines: list[str], begins: int, delimiter: str) -> list[Line]:
    """The rows of the lines from a place on, numbered by the line at which each begins."""
    reader, found, before = csv.reader(lines[begins:], delimiter=delimiter), [], begins
    try:
        for row in reader:
            found.append(Line(before + 1, row[:MOST_COLUMNS]))
            before = begins + reader.line_num
            if len(found) > MOST_ROWS:
                raise Unreadable(_("This table has more than 200,000 rows. Import it in parts."))
    except csv.Error as fault:
        raise Unreadable(_("This table cannot be read near line %(n)d: %(why)s.") % {"n": before + 1, "why": fault})
    return found


def _stays_open(lines: list[str], delimiter: str) -> bool:
    """Whether a row that goes to the end of the file has a quote which is never closed."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as fault:
        return "unexpected end" in str(fault)
    return False


def _open(lines: list[str], number: int) -> Line:
    return Line(number, [lines[number - 1].rstrip("\r\n")], _("A quote in this line is never closed."))


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
