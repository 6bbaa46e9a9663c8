"""The registry's further files: other names of organisations, secondary places of practice, electronic addresses.

Each lies in the monthly zip beside the main file, or comes on its own, and speaks only of registry numbers. So each row
of a number that is known here becomes one record that carries the number and the one thing the row adds; whom it belongs
to is found by the number. Rows of other numbers are counted. Columns are found by name; the gaps and hyphens in their titles are
not the same everywhere.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from kneadwork.exchange.neutral import Address, Item, OutOfScope, Record, Rejected, Unreadable
from kneadwork.exchange.normal import clean, e164, natural_case
from kneadwork.exchange.readers import registry, registry_cut

INSIDE = re.compile(r"(?:^|/)(?:othername|pl|endpoint)_pfile[^/]*\.csv$", re.I)
NOTHING = re.compile(rb"(?!)")
#: What an endpoint's type asks of its value; of the other types (SOAP, CONNECT …) no person has a use.
ENDPOINT_FORMS = {"DIRECT": r"[^@\s]+@[^@\s]+\.\w+", "FHIR": r"https?://\S+"}

Row = dict[str, str]


def read(path: Path, known: frozenset[str]) -> Iterator[Item]:
    """Every row of a further file, or of all that lie in a zip: a record, a rejection, or counted as out of scope.

    known: the registry numbers (ten digits) that something may be added to. Unreadable where no such file is there.
    """
    if zipfile.is_zipfile(path):
        if not names_inside(path):
            raise Unreadable(_("There are no other names, locations or endpoints in this zip."))
        yield from read_inside(path, known)
        return
    with open(path, "rb", buffering=1 << 20) as file:
        yield from _rows(file, known)


def names_inside(path: Path) -> list[str]:
    """The further files of a zip, but not the ones that hold a header alone."""
    with zipfile.ZipFile(path) as archive:
        return [n for n in archive.namelist() if INSIDE.search(n) and "header" not in n.lower()]


def read_inside(path: Path, known: frozenset[str]) -> Iterator[Item]:
    """The rows of every further file of a zip, streamed; where one stands is told with its file's name."""
    names = names_inside(path)
    with zipfile.ZipFile(path) as archive:
        for name in names:
            about = archive.getinfo(name)
            if about.file_size > registry.ZIP_BYTES or about.flag_bits & 1:
                raise Unreadable(_("This zip is larger than any registry file, or locked. Fetch it once more."))
            with archive.open(about) as file:
                yield from _rows(file, known, name.rsplit("/", 1)[-1])


def _rows(file: IO[bytes], known: frozenset[str], name: str = "") -> Iterator[Item]:
    header = file.readline(registry_cut.LINE_BYTES).decode("utf-8-sig", "replace")
    titles = [_title(t) for t in registry.titles_of(header)]
    add = _adding(titles)
    skipped = 0
    for found in registry_cut.lines(file, _wanted(len(titles), known)):
        if isinstance(found, int):
            skipped += found
            continue
        item = _item(titles, found[1], _where(found[0], name), known, add)
        if item is None:
            skipped += 1
        else:
            yield item
    if skipped:
        yield OutOfScope(skipped)


def _wanted(columns: int, known: frozenset[str]) -> registry_cut.Wanted:
    """Of lines in the registry's own form, those of known numbers; no ZIP code and no taxonomy code counts here."""
    none: frozenset[str] = frozenset()
    numbers = frozenset(number.encode() for number in known)
    return registry_cut.Wanted(
        separators=columns - 1, zip_at=0, areas=None, reach=none, placed=none, codes=NOTHING, known=numbers
    )


def _where(number: int, name: str) -> str:
    if name:
        return _("line %(n)d of %(file)s") % {"n": number, "file": name[:70]}
    return _("line %(n)d") % {"n": number}


def _title(text: str) -> str:
    """A column's title without its gaps and hyphens, which vary."""
    return " ".join(re.findall(r"[a-z0-9().]+", text.casefold()))


def _adding(titles: list[str]) -> Callable[[Row, Record], bool]:
    """What a row of this file adds, told by its columns."""
    if "npi" in titles:
        for column, add in _ADDING.items():
            if column in titles:
                return add
    raise Unreadable(_("This file has not the columns of the registry's other names, locations or endpoints."))


def _item(titles: list[str], line: bytes, where: str, known: frozenset[str], add) -> Item | None:
    """The record of a line; None where its number is not known here, or the row says nothing of use."""
    text = line.decode("utf-8", "replace").rstrip("\r\n")
    try:
        values = [v.strip() for v in next(csv.reader([text], strict=True))]
    except (csv.Error, StopIteration):
        return Rejected(where, _("This line is broken: its quotes do not close."), text[:4000])
    if len(values) != len(titles):
        told = {"found": len(values), "wanted": len(titles)}
        return Rejected(where, _("This line has %(found)d fields, the header %(wanted)d.") % told, text[:4000])
    row = dict(zip(titles, values, strict=True))
    try:
        return _record(row, where, known, add)
    except registry.Damaged as damage:
        return Rejected(where, str(damage), text[:4000])


def _record(row: Row, where: str, known: frozenset[str], add) -> Record | None:
    notes: list[str] = []
    npi = registry.whole_number(row["npi"], notes)
    if npi not in known:
        return None
    record = Record(where=where, name=npi, npi=npi, stream="medical", warnings=notes)
    return record if add(row, record) else None


def _other_name(row: Row, record: Record) -> bool:
    name = natural_case(clean(row["provider other organization name"], 200))
    record.kind = "organisation"
    record.other_names = [name] if name else []
    return bool(name)


_PLACE = "provider secondary practice location address "


def _place(row: Row, record: Record) -> bool:
    def part(title: str, limit: int) -> str:
        return clean(row.get(_PLACE + title, ""), limit)

    line1, line2, city = (natural_case(part(t, 200)) for t in ("address line 1", "address line 2", "city name"))
    country = part("country code (if outside u.s.)", 2) or "US"
    written = part("postal code", 20)
    postal, padded = registry_cut.postal(written) if country == "US" and written else (written, False)
    if padded:
        record.warnings.append(_("the ZIP code's leading nought was put back"))
    place = Address(line1, line2, city, part("state name", 40), registry.shown_postal(postal), country, "secondary")
    place.phone = _phone(row, record.warnings)
    record.addresses = [place]
    return bool(line1 or line2 or city or postal)


def _phone(row: Row, notes: list[str]) -> str:
    """The telephone of a place in international form, else as written."""
    value = registry.whole_number(clean(row.get(_PLACE + "telephone number", ""), 30), notes)
    return e164(value) or value


def _endpoint(row: Row, record: Record) -> bool:
    """A Direct address, or the web address of a FHIR server."""
    form = ENDPOINT_FORMS.get(row.get("endpoint type", "").upper())
    value = clean(row["endpoint"], 400)
    if form is None or not value:
        return False
    if not re.fullmatch(form, value, re.I):
        raise registry.Damaged(_("“%(value)s” is no address of the kind it says it is.") % {"value": value[:80]})
    record.endpoints = [value]
    return True


_ADDING: dict[str, Callable[[Row, Record], bool]] = {
    "provider other organization name": _other_name,
    _PLACE + "address line 1": _place,
    "endpoint": _endpoint,
}
