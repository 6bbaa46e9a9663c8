"""Contact tables (CSV): the header row found, columns mapped by their titles, health fields of booking files dropped."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import yaml
from django.utils.translation import gettext as _

from kneadwork.exchange.neutral import Address, ClientFacts, Email, Item, Phone, Record, Rejected, Unreadable
from kneadwork.exchange.normal import clean

MOST_BYTES, MOST_ROWS = 60 * 1024 * 1024, 200_000
SYNONYMS = {
    "given": "first name|given name|firstname", "middle": "middle name|additional name", "family": "last name|family name|surname|lastname",
    "name": "name|display name|full name|contact name|client name|file as", "prefix": "name prefix|title prefix",
    "suffix": "suffix|name suffix", "nickname": "nickname|preferred name|preferred first name",
    "organisation": "company|organization|organisation|organization name|organization 1 - name|company name|business name|employer",
    "title": "job title|organization title|position|organization 1 - title|occupation|role",
    "line1": "street|street address|address|address 1|street address 1|business street|home street|address 1 - street|address 1 - formatted",
    "line2": "street address 2|address 2|address line 2", "city": "city|town|business city|home city|address 1 - city",
    "region": "state|province|region|business state|home state|address 1 - region",
    "postal": "zip|zip code|postal|postal code|post code|postcode|business postal code|home postal code|address 1 - postal code",
    "note": "notes|note|memo|comments", "tags": "labels|categories|tags|group membership",
    "last_visit": "last visit|last appointment", "first_visit": "first visit|first appointment", "visits": "transaction count|check-ins|visits|visit count|appointments",
    "since": "customer since|member since|client since", "number": "patient number|client id|patient id|square customer id",
    "url": "web page|website|url|website 1 - value",
}  # fmt: skip
BOOKING_SIGNS = {"last_visit", "first_visit", "visits", "since", "number"}


@lru_cache(maxsize=1)
def facts() -> dict:
    """The columns of known products."""
    return yaml.safe_load(files("kneadwork.facts").joinpath("data/contact_columns.yaml").read_text("utf-8"))


def read(path: Path, kind: str = "auto") -> Iterator[Item]:
    """One item for each row with anything in it; Unreadable where there is no table. kind: address_book, booking, auto."""
    data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
    if not data:
        raise Unreadable(_("This file is empty, or larger than 60 MB."))
    if data.startswith(b"PK"):
        raise Unreadable(_(".xlsx files are not read yet. Save the sheet as CSV, then import that."))
    rows = _table(data)
    start, mapping = _header(rows)
    titles = rows[start][1]
    booking = kind == "booking" or (kind == "auto" and is_booking(mapping, titles))
    for line, row in rows[start + 1 :]:
        if any(cell.strip() for cell in row):
            yield _row(_("line %(n)d") % {"n": line}, titles, mapping, row, booking)


def _table(data: bytes) -> list[tuple[int, list[str]]]:
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(data[:200_000]).best()
        text = data.decode(best.encoding if best else "cp1252", "replace")
    sample = "\n".join(text.splitlines()[:20])
    delimiter = max(",;\t|", key=sample.count)
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    found, before = [], 0
    try:
        for row in reader:
            found.append((before + 1, row))
            before = reader.line_num
            if len(found) > MOST_ROWS:
                raise Unreadable(_("This table has more than 200,000 rows. Import it in parts."))
    except csv.Error as fault:
        raise Unreadable(_("This table cannot be read near line %(n)d: %(why)s.") % {"n": before + 1, "why": fault})
    return found


def _plain(title: str) -> str:
    return re.sub(r"\s+", " ", title.replace("_", " ").strip().casefold())


def _header(rows: list[tuple[int, list[str]]]) -> tuple[int, dict[int, str]]:
    """The row whose titles are known best, among the first thirty."""
    best, mapping = -1, {}
    for number, (_line, row) in enumerate(rows[:30]):
        found = {i: f for i, f in ((i, field_of(t)) for i, t in enumerate(row)) if f}
        if len(found) > len(mapping):
            best, mapping = number, found
    if not {"name", "given", "family", "organisation", "email"} & set(mapping.values()):
        raise Unreadable(_("No column here says a name. The first row must hold titles such as First Name and E-mail."))
    return best, mapping


@lru_cache(maxsize=2000)
def field_of(title: str) -> str:
    """What a column of this title holds, "" where that is not known."""
    plain = _plain(title)
    if plain in {_plain(t) for t in facts()["referrer_titles"]}:
        return "referred_by"
    for field, titles in SYNONYMS.items():
        if plain in titles.split("|"):
            return field
    if re.search(r"e-?mail", plain) and not re.search(
        r"label|type|status|opt|market|display|doctor|referring|subscription", plain
    ):
        return "email"
    if re.search(r"phone|mobile|cell|fax|^tel", plain) and not re.search(
        r"label|type|doctor|referring|emergency|assistant", plain
    ):
        return "phone"
    return ""


def is_booking(mapping: dict[int, str], titles: list[str]) -> bool:
    """Whether a file looks like an export of a booking product: visits, client numbers, or a birth date without a company."""
    if BOOKING_SIGNS & set(mapping.values()):
        return True
    plain = {_plain(t) for t in titles}
    known_book = {
        "labels",
        "group membership",
        "file as",
        "connected on",
        "display name",
        "sensitivity",
    } & plain
    return bool({"birth date", "date of birth", "birthday", "medical alert"} & plain) and not known_book


def _row(where: str, titles: list[str], mapping: dict[int, str], cells: list[str], booking: bool) -> Record | Rejected:
    record, parts = Record(where=where), dict.fromkeys(("line1", "line2", "city", "region", "postal"), "")
    record.client = ClientFacts() if booking else None
    dropped = {_plain(t) for t in facts()["health_fields_dropped_unless_asked"]} if booking else set()
    for i, cell in enumerate(cells):
        value = clean(cell, 4000).lstrip("'")
        title = titles[i] if i < len(titles) else ""
        if not value or _plain(title) in dropped:
            continue
        field = mapping.get(i, "")
        if field in parts:
            parts[field] = parts[field] or value
        elif field:
            _set(record, field, title, value)
        elif title and not re.search(r" - (label|type)$", _plain(title)):
            record.extra[title[:60]] = value[:400]
    if any(parts.values()):
        record.addresses.append(Address(**parts))
    return _finish(record, cells)


def _set(record: Record, field: str, title: str, value: str) -> None:
    if field == "email":
        record.emails += [Email(v.strip()[:254]) for v in value.split(" ::: ") if "@" in v]
    elif field == "phone":
        kind = next((k for k in ("fax", "mobile", "work", "home") if k in title.casefold()), "other")
        record.phones += [Phone(v.strip()[:100], kind) for v in value.split(" ::: ")]
    elif field == "url":
        record.urls.append(value[:400])
    elif field == "tags":
        record.tags += [
            t.strip("* ")[:60] for t in re.split(r" ::: |[;,]", value) if t.strip("* ") not in ("", "myContacts")
        ]
    elif field == "referred_by":
        _referrer(record, value)
    elif field in BOOKING_SIGNS:
        _visit(record, field, value)
    elif not getattr(record, field):
        setattr(record, field, value)


NO_PERSON = re.compile(
    r"\b(web|search|google|yelp|facebook|instagram|social|internet|online|walk|drive|sign|ad|advert|flyer|event|other|none|n/a|"
    r"friend|family|word of mouth|website|gift|groupon|newspaper|radio)\b", re.I,
)  # fmt: skip


def _referrer(record: Record, value: str) -> None:
    if record.client is None:
        record.met_through = value[:200]
    else:
        record.referred_by = value[:200]
        record.referred_by_is_source = not NO_PERSON.search(value)


def _visit(record: Record, field: str, value: str) -> None:
    if record.client is None:
        return
    if field == "number":
        record.client.number = value[:60]
    elif field == "visits":
        record.client.visits = int(value) if value.isdigit() else None
    else:
        day = day_of(value)
        if day is None:
            record.warnings.append(_("the day “%(value)s” cannot be read and was left out") % {"value": value[:40]})
        setattr(record.client, field, day)


def day_of(value: str) -> date | None:
    """A day in one of the forms that products write."""
    for form in (
        "%Y-%m-%d",
        "%m/%d/%Y",
        "%m/%d/%y",
        "%d %b %Y",
        "%d-%b-%y",
        "%b %d, %Y",
        "%B %d, %Y",
        "%Y/%m/%d",
    ):
        try:
            return datetime.strptime(value[:20].strip(), form).date()
        except ValueError:
            continue
    return None


def _finish(record: Record, cells: list[str]) -> Record | Rejected:
    if not record.name:
        record.name = " ".join(
            p for p in (record.prefix, record.given, record.middle, record.family, record.suffix) if p
        )
    if not record.name and record.organisation:
        record.name, record.kind = record.organisation, "organisation"
    if not record.name:
        first = [e.value for e in record.emails] + [p.value for p in record.phones]
        if not first:
            return Rejected(
                record.where,
                _("This row names nobody: no name, organisation, e-mail or telephone."),
                ",".join(cells)[:4000],
            )
        record.name = first[0]
        record.warnings.append(_("no name; named by what is known"))
    record.name = record.name[:200]
    return record
