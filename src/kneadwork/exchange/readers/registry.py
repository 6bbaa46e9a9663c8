"""The national provider registry's file, as .csv or inside its .zip, any of its header versions, read by column name."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from kneadwork.exchange.neutral import AboutFile, Address, Item, OutOfScope, Phone, Record, Rejected, Unreadable
from kneadwork.exchange.normal import clean, e164, is_npi, natural_case, natural_name
from kneadwork.exchange.readers import registry_cut, registry_workers
from kneadwork.facts.credentials import words
from kneadwork.facts.professions import all_professions, medical_professions, professions_of
from kneadwork.facts.zips import areas_within, centroids, is_here, metres, place_of_zip, towns

MAIN_FILE = re.compile(r"npidata_pfile[^/]*\.csv$")
ZIP_BYTES = 60 * 1024**3
ZIP_COLUMN = "Provider Business Practice Location Address Postal Code"
CITY_COLUMN = "Provider Business Practice Location Address City Name"
COUNTRY_COLUMN = "Provider Business Practice Location Address Country Code (If outside U.S.)"
STATE_COLUMN = "Provider Business Practice Location Address State Name"
TAXONOMY_COLUMN = "Healthcare Provider Taxonomy Code_1"


class Scope:
    """What is wanted: professions, a place with a distance in metres (or neither), and the numbers known here.

    areas: the first three digits of the ZIP codes in reach.
    """

    def __init__(
        self,
        professions: frozenset[str],
        near: tuple[float, float] | None,
        within_m: float | None,
        known: frozenset[str],
    ) -> None:
        self.professions, self.near, self.within_m, self.known = professions, near, within_m, known
        self.areas: frozenset[str] | None = None
        if near is not None and within_m is not None:
            self.areas = areas_within(*near, within_m)


def read(
    path: Path, *, near: tuple[float, float] | None, within_m: float | None, professions: frozenset[str],
    known: frozenset[str],
) -> Iterator[Item]:  # fmt: skip
    """Every row of the file: a record, a rejection, or counted as out of scope."""
    scope = Scope(professions or medical_professions(), near, within_m, known)
    member = _member(path)
    try:
        with _opened(path, member) as file:
            head = file.readline(registry_cut.LINE_BYTES)
            columns = _columns(head)
            if TAXONOMY_COLUMN not in columns:
                yield AboutFile(_without_taxonomy())
            wanted = wanted_of(columns, scope)
            yield from _rows(columns, registry_workers.lines(path, member, file, len(head), wanted), scope)
    except (zipfile.BadZipFile, zlib.error, EOFError) as fault:
        raise Unreadable(_("This zip is damaged or cut off. Fetch it once more.")) from fault


def _member(path: Path) -> str | None:
    """The provider file's name within a zip; None for a file that is none."""
    if not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as archive:
        names = [i for i in archive.infolist() if MAIN_FILE.search(i.filename) and "header" not in i.filename]
    if not names:
        raise Unreadable(_("There is no provider file (npidata_pfile….csv) in this zip."))
    if names[0].file_size > ZIP_BYTES or names[0].flag_bits & 1:
        raise Unreadable(_("This zip is larger than any registry file, or locked. Fetch it once more."))
    return names[0].filename


def _opened(path: Path, member: str | None) -> IO[bytes]:
    return open(path, "rb", buffering=1 << 20) if member is None else zipfile.ZipFile(path).open(member)


def titles_of(header: str) -> list[str]:
    """The columns that a header line names; none where it is no header at all."""
    try:
        return [title.strip() for title in next(csv.reader([header]), [])]
    except csv.Error:
        return []


def _columns(head: bytes) -> list[str]:
    columns = titles_of(head.decode("utf-8-sig", "replace"))
    if ZIP_COLUMN not in columns or "NPI" not in columns:
        raise Unreadable(_("This file has not the columns of the provider registry."))
    return columns


def _without_taxonomy() -> str:
    return _(
        "This file has no columns for taxonomy codes, so that nobody in it can be found by profession. Take the registry's whole "
        "file (npidata_pfile), with the column “%(title)s”."
    ) % {"title": TAXONOMY_COLUMN}  # fmt: skip


def _rows(columns: list[str], lines: Iterator[tuple[int, bytes] | int], scope: Scope) -> Iterator[Item]:
    skipped, places = 0, {column: at for at, column in enumerate(columns)}
    for found in lines:
        if isinstance(found, int):
            skipped += found
            continue
        number, line = found
        item = _item(len(columns), places, line, _("line %(n)d") % {"n": number}, scope)
        if item is None:
            skipped += 1
        else:
            yield item
    if skipped:
        yield OutOfScope(skipped)


def wanted_of(columns: list[str], scope: Scope) -> registry_cut.Wanted:
    """What a line of this file must contain to be in scope."""
    known = all_professions()
    codes = {c for key in scope.professions for c in (*known[key].prefixes, *known[key].exact)}
    pattern = re.compile(rb'"[ \t]*(?:' + b"|".join(sorted(re.escape(c.encode()) for c in codes)) + b")")

    limited, areas = scope.areas is not None, scope.areas or frozenset()
    reach = (
        frozenset(code for code in centroids() if code[:3] in areas and _near(code, "", "", "", scope))
        if limited
        else frozenset()
    )
    towns_near = frozenset(key for key, place in towns().items() if _within(*place, scope)) if limited else frozenset()

    def at(title: str) -> int:
        return columns.index(title) if title in columns else -1

    return registry_cut.Wanted(
        len(columns) - 1, columns.index(ZIP_COLUMN), scope.areas, reach, frozenset(centroids()) if limited else reach,
        pattern, frozenset(number.encode() for number in scope.known), at(CITY_COLUMN), at(STATE_COLUMN), towns_near,
    )  # fmt: skip


def _item(width: int, places: dict[str, int], line: bytes, where: str, scope: Scope) -> Item | None:
    text = line.decode("utf-8", "replace").rstrip("\r\n")
    try:
        values = next(csv.reader(io.StringIO(text), strict=True))
    except (csv.Error, StopIteration):
        return Rejected(where, _("This line is broken: its quotes do not close."), text[:4000])
    if len(values) != width:
        told = {"found": len(values), "wanted": width}
        return Rejected(where, _("This line has %(found)d fields, the header %(wanted)d.") % told, text[:4000])
    try:
        return record_of(Cells(places, values), where, scope)
    except Damaged as damage:
        return Rejected(where, str(damage), text[:4000])


class Cells(Mapping[str, str]):
    """The cells of a row by column, without the gaps around them: of three hundred few are looked at.

    places: where each column stands.
    """

    def __init__(self, places: dict[str, int], values: list[str]) -> None:
        self._places, self._values = places, values

    def __getitem__(self, column: str) -> str:
        return self._values[self._places[column]].strip(" \t")

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class Damaged(Exception):
    """A value that cannot be mended."""


def whole_number(value: str, notes: list[str]) -> str:
    """Digits that a spreadsheet turned into a fraction, mended with a note."""
    if re.fullmatch(r"\d+\.0", value):
        notes.append(_("a number was written as a fraction and was mended"))
        return value[:-2]
    if re.fullmatch(r"\d(\.\d+)?[eE]\+?\d+", value):
        raise Damaged(
            _("The number %(value)s was rounded by a spreadsheet. Fetch the file once more.") % {"value": value}
        )
    return value


def _near(postal: str, city: str, state: str, country: str, scope: Scope) -> bool:
    """Whether an address is in reach: by its ZIP code, else by its town, else by the code's wider area."""
    if scope.near is None or scope.within_m is None:
        return True
    place = place_of_zip(postal[:5], *registry_cut.town_in(city, state), country)
    return place is not None and _within(place.lat, place.lon, scope)


def _within(lat: float, lon: float, scope: Scope) -> bool:
    return scope.near is None or scope.within_m is None or metres(*scope.near, lat, lon) <= scope.within_m


def record_of(row: Mapping[str, str], where: str, scope: Scope) -> Record | None:
    """The record of a row given by column; None where it is out of scope; Damaged where a value cannot be mended."""
    notes: list[str] = []
    npi = whole_number(row["NPI"], notes)
    if not is_npi(npi):
        raise Damaged(_("“%(npi)s” is no registry number: its check digit is wrong.") % {"npi": npi[:20]})
    ended = _retired(row)
    if ended:
        return Record(where=where, name=npi, npi=npi, retired_on=ended) if npi in scope.known else None
    shown, every = professions_of(_slots(row), scope.professions)
    country = row.get(COUNTRY_COLUMN, "")
    postal, padded = registry_cut.postal(row[ZIP_COLUMN]) if is_here(country) else (row[ZIP_COLUMN], False)
    if not shown or not _near(postal, row.get(CITY_COLUMN, ""), row.get(STATE_COLUMN, ""), country, scope):
        return None
    if padded:
        notes.append(_("the ZIP code's leading nought was put back"))
    record = _person(row) if whole_number(row.get("Entity Type Code", "1"), notes) == "1" else _office(row)
    record.where, record.npi, record.stream = where, npi, "medical"
    record.profession, record.professions = shown, list(every)
    titles = words()["taxonomy_titles"]
    record.title = next((titles[code] for code, _primary in _slots(row) if code in titles), "")
    record.addresses = [_address(row, "Practice Location", "practice", postal)]
    record.phones = _phones(row, notes)
    record.warnings = list(dict.fromkeys(notes))
    if not record.name:
        raise Damaged(_("There is no name in this line."))
    return record


def _slots(row: Mapping[str, str]) -> list[tuple[str, str]]:
    return [
        (row[f"Healthcare Provider Taxonomy Code_{n}"], row.get(f"Healthcare Provider Primary Taxonomy Switch_{n}", ""))
        for n in range(1, 16) if row.get(f"Healthcare Provider Taxonomy Code_{n}")
    ]  # fmt: skip


def _retired(row: Mapping[str, str]) -> date | None:
    ended, again = _day(row.get("NPI Deactivation Date", "")), _day(row.get("NPI Reactivation Date", ""))
    return ended if ended and not (again and again >= ended) else None


def _day(value: str) -> date | None:
    for form in ("%m/%d/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(value, form).date()
        except ValueError:
            continue
    return None


def _person(row: Mapping[str, str]) -> Record:
    def part(name: str, given: bool = False) -> str:
        return natural_name(clean(row.get(f"Provider {name}", ""), 100), given=given)

    given, middle, family = part("First Name", True), part("Middle Name", True), part("Last Name (Legal Name)")
    suffix = part("Name Suffix Text")
    record = Record(where="", given=given, middle=middle, family=family, suffix=suffix, prefix=part("Name Prefix Text"))
    record.name = " ".join(p for p in (given, middle, family, suffix) if p)
    record.credentials = clean(row.get("Provider Credential Text", ""), 80).replace(".", "")
    other = " ".join((part("Other First Name", True), part("Other Last Name"))).strip()
    record.other_names = [other] if other else []
    return record


def _office(row: Mapping[str, str]) -> Record:
    name = natural_case(clean(row.get("Provider Organization Name (Legal Business Name)", ""), 200))
    other = natural_case(clean(row.get("Provider Other Organization Name", ""), 200))
    record = Record(where="", kind="organisation", name=name or other, organisation=name or other)
    record.other_names = [other] if other and other != name else []
    names = [row.get(f"Authorized Official {n} Name", "") for n in ("First", "Last")]
    official = " ".join(natural_name(n, given=i == 0) for i, n in enumerate(names) if n)
    record.extra = {k: v for k, v in {
        "Authorised official": official, "Official's title": natural_case(row.get("Authorized Official Title or Position", "")),
        "Parent organisation": natural_case(row.get("Parent Organization LBN", "")),
    }.items() if v and v != "<UNAVAIL>"}  # fmt: skip
    return record


def _address(row: Mapping[str, str], which: str, kind: str, postal: str) -> Address:
    def part(before: str, after: str) -> str:
        return natural_case(clean(row.get(f"Provider {before}Business {which} Address{after}", ""), 200))

    line1, line2 = part("First Line ", ""), part("Second Line ", "")
    city = natural_case(clean(row.get(f"Provider Business {which} Address City Name", ""), 100))
    region = clean(row.get(f"Provider Business {which} Address State Name", ""), 40)
    country = clean(row.get(f"Provider Business {which} Address Country Code (If outside U.S.)", ""), 2)
    return Address(line1, line2, city, region, shown_postal(postal), country or "US", kind)


def shown_postal(postal: str) -> str:
    """Nine digits with their hyphen."""
    return f"{postal[:5]}-{postal[5:]}" if len(postal) == 9 and postal.isdigit() else postal


def reachable(endpoints: Iterable[str]) -> list[str]:
    """Electronic addresses that can be one: a Direct or e-mail address, or a web address; each once."""
    given = (clean(e, 400) for e in endpoints)
    return list(dict.fromkeys(e for e in given if re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+|https?://\S+", e)))


def _phones(row: Mapping[str, str], notes: list[str]) -> list[Phone]:
    found = []
    for name, kind in (("Telephone", "work"), ("Fax", "fax")):
        value = whole_number(row.get(f"Provider Business Practice Location Address {name} Number", ""), notes)
        if value:
            number = e164(value)
            found.append(Phone(_spoken(value), kind, number))
    return found


def _spoken(value: str) -> str:
    """A ten-digit number with its gaps."""
    return f"({value[:3]}) {value[3:6]}-{value[6:]}" if re.fullmatch(r"\d{10}", value) else value
