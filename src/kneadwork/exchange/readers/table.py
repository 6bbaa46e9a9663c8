"""Contact tables: one record for each row, by the table's layout; health fields of booking files are dropped."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

from django.utils.translation import gettext as _

from kneadwork.common import numbers
from kneadwork.exchange.formulas import original
from kneadwork.exchange.neutral import AboutFile, Address, ClientFacts, Email, Item, Phone, Record, Rejected
from kneadwork.exchange.normal import clean, is_npi
from kneadwork.exchange.reachable import keep_reachable
from kneadwork.exchange.readers import health
from kneadwork.exchange.readers.columns import BOOKING_FIELDS, MENDED, Layout, plain, synonyms
from kneadwork.exchange.readers.referrer import named_source

RAW = 100_000
#: A cell is read to this length, so that what is longer than what is kept is noticed.
LONGEST = 100_000
#: Fields that say what somebody works as. A connection has no place for the department.
WORK = ("title", "department", "organisation", "credentials")
ADDRESS = ("line1", "line2", "city", "region", "postal", "country")
DAYS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d %b %Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y", "%Y/%m/%d", "%d.%m.%Y",
        "%m-%d-%Y", "%d %B %Y")  # fmt: skip


def read(table: Layout, *, keep_health: bool = False) -> Iterator[Item]:
    """What was left out of the table as a whole, then one item for each row with anything in it."""
    out = health.left_out(table, keep_health)
    yield from map(AboutFile, filter(None, [health.in_words(table, out)]))
    for name in table.others:
        told = {"sheet": name[:60]}
        yield AboutFile(
            _("The sheet “%(sheet)s” was left out; save it as a file of its own and import that too.") % told
        )
    for line in table.lines:
        if line.fault:  # which of its cells are about health cannot be told
            yield Rejected(_where(table, line.number), line.fault, "" if out.columns else line.cells[0])
        elif any(cell.strip() for cell in line.cells):
            yield Row(table, out, line.cells, _where(table, line.number)).item()


def _where(table: Layout, number: int) -> str:
    if table.sheet.name:
        return _("row %(n)d of sheet %(sheet)s") % {"n": number, "sheet": table.sheet.name[:60]}
    return _("line %(n)d") % {"n": number}


class Row:
    """One row while it becomes a record."""

    def __init__(self, table: Layout, out: health.LeftOut, cells: list[str], where: str) -> None:
        self.table, self.out = table, out
        self.cells = ["" if i in out.columns else cell for i, cell in enumerate(cells)]
        self.record = Record(where=where, client=ClientFacts() if table.kind == "booking" else None)
        self.addresses: dict[str, dict[str, str]] = defaultdict(dict)
        self.filed = ""

    def item(self) -> Record | Rejected:
        """The record of this row, or why there is none: nobody writes to the dead."""
        if self.died():
            reason = _("The file says that this person has died, so they are left out.")
            return Rejected(self.record.where, reason, _as_csv(self.cells))
        for i, cell in enumerate(self.cells):
            value = unquoted(clean(cell, LONGEST))
            title = self.table.titles[i] if i < len(self.table.titles) else ""
            if value:
                self.take(self.table.columns.get(i, ""), title, value, i)
        for group, parts in self.addresses.items():
            kind = (
                group if group in ("home", "work", "other", "mailing") else "work" if group == "business" else "other"
            )
            self.record.addresses.append(Address(**parts, kind=kind))
        keep_reachable(self.record)
        self.record.phones.sort(key=lambda phone: not phone.preferred)
        self.record.emails.sort(key=lambda email: not email.preferred)
        return self.finished()

    def died(self) -> bool:
        """Whether a column for it holds a day or a yes."""
        said = (
            cell
            for title, cell in zip(self.table.titles, self.cells, strict=False)
            if plain(title) in synonyms()["death"]
        )
        return any(
            re.sub(r"[\W_0]", "", cell.casefold()) not in ("", "no", "n", "na", "none", "false") for cell in said
        )

    def take(self, field: str, title: str, value: str, i: int) -> None:
        """Put one cell where it belongs; what has no place there stays under its own title."""
        record = self.record
        if field in ADDRESS:
            taken = self.addresses[_group(title)].setdefault(field, value) == value
        elif field in TAKERS:
            taken = TAKERS[field](record, title, value, self.label(i)) is not False
        elif field in BOOKING_FIELDS:
            taken = _visit(record, field, value)
        elif field == "filed":
            self.filed, taken = self.filed or value, True
        elif field == "note":
            record.add_note(value)
            taken = True
        else:
            taken = field == "skip" or title == MENDED or bool(field) and _fill(record, field, value)
        if not taken:
            self.keep_extra(title, value, i)

    def label(self, i: int) -> str:
        """What the column before says of this one ("Phone 1 - Label"), else its own title."""
        title = self.table.titles[i]
        if i and re.search(r" - (label|type)$", plain(self.table.titles[i - 1])) and i - 1 < len(self.cells):
            return self.cells[i - 1]
        return title

    def keep_extra(self, title: str, value: str, i: int) -> None:
        """An unknown column stays, under its own title; a pair of label and value under its label."""
        if re.search(r" - (label|type|formatted)$", plain(title)) or re.fullmatch(r"0+/0+/0+", value):
            return
        if plain(title).startswith("custom field"):
            title = self.label(i)
        if title and not self.out.title(title):
            self.record.keep(title, value)

    def finished(self) -> Record | Rejected:
        """The record with a name, or a rejection where nobody is named."""
        record = self.record
        if _is_number(record.given) and not record.family:  # some products write a caller's number as first name
            record.phones.append(Phone(record.given))
            record.given = ""
        parts = (record.prefix, record.given, record.middle, record.family, record.suffix)
        record.name = record.name or " ".join(p for p in parts if p) or self.filed
        if not record.name and record.organisation:
            record.name, record.kind = record.organisation, "organisation"
        if record.name:
            return record
        known = [e.value for e in record.emails] + [p.value for p in record.phones]
        if not known:
            reason = _("This row names nobody: no name, organisation, e-mail or telephone.")
            return Rejected(record.where, reason, _as_csv(self.cells))
        record.name = known[0][:200]
        record.warnings.append(_("no name; named by what is known"))
        return record


def unquoted(value: str) -> str:
    """Without the apostrophe by which products keep spreadsheets from taking a value for a number or a formula."""
    return value[1:].strip() if re.match(r"'[\d(]", value) else original(value).strip()


def _fill(record: Record, field: str, value: str) -> bool:
    """Set a field that is empty; False where it says something else already. What says their work is read all the same."""
    before = getattr(record, field)
    if not before:
        setattr(record, field, value)
    elif field in WORK and before != value:
        record.work.append(value)
    return (not before or before == value) and field != "department"


def _as_csv(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()[:RAW]


def _group(title: str) -> str:
    words_ = plain(title)
    number = re.match(r"address (\d+) - ", words_)
    return number[1] if number else next((g for g in synonyms()["address_groups"] if words_.startswith(g)), "")


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"\+?[\d\s().-]{7,}", text))


def _values(value: str) -> list[str]:
    return [v.strip() for v in value.split(" ::: ") if v.strip()]


def _kind(label: str) -> str:
    told = label.casefold()
    kinds = (
        ("fax", "fax"),
        ("mobile", "mobile"),
        ("cell", "mobile"),
        ("work", "work"),
        ("business", "work"),
        ("home", "home"),
    )
    return next((kind for word, kind in kinds if word in told), "other")


def _emails(record: Record, title: str, value: str, label: str) -> None:
    record.emails += [Email(v, _kind(label), label.startswith("*")) for v in _values(value)]


def _phones(record: Record, title: str, value: str, label: str) -> None:
    kind, preferred = _kind(f"{label} {title}"), label.startswith("*")
    record.phones += [Phone(v[:100], kind, preferred=preferred) for v in _values(value)]


def _urls(record: Record, title: str, value: str, label: str) -> None:
    record.urls += [v[:400] for v in _values(value)]


def _tags(record: Record, title: str, value: str, label: str) -> None:
    found = (t.strip("* ") for t in re.split(r" ::: |[;,]", value))
    record.tags += [t[:60] for t in found if t and t not in ("myContacts", "starred")]


def _referred_by(record: Record, title: str, value: str, label: str) -> bool:
    """An answer that names somebody outweighs one that does not, whichever column it stands in."""
    if record.client is None:
        record.met_through = record.met_through or value[:200]
        return record.met_through == value
    name = named_source(value)
    if name and not record.referred_by_is_source:
        if record.referred_by:
            record.keep(_("Referral source"), record.referred_by)
        record.referred_by, record.referred_by_is_source = name[:200], True
    elif not record.referred_by:
        record.referred_by = value[:200]
    else:
        return False
    return True


def _referrer_email(record: Record, title: str, value: str, label: str) -> bool:
    record.referred_by_email = record.referred_by_email or value
    return record.client is not None and record.referred_by_email == value


def _referrer_phone(record: Record, title: str, value: str, label: str) -> bool:
    record.referred_by_phone = record.referred_by_phone or value
    return record.client is not None and record.referred_by_phone == value


def _npi(record: Record, title: str, value: str, label: str) -> bool:
    """Ten digits whose check digit is right; anything else is kept as it came, as a column of its own."""
    if is_npi(value.strip()):
        record.npi = record.npi or value.strip()
    return record.npi == value.strip()


TAKERS = {"email": _emails, "phone": _phones, "url": _urls, "tags": _tags, "referred_by": _referred_by,
          "npi": _npi, "referrer_email": _referrer_email, "referrer_phone": _referrer_phone}  # fmt: skip


def _visit(record: Record, field: str, value: str) -> bool:
    """Take what a booking product says of visits; False where it has no place."""
    if record.client is None:
        return False
    if re.fullmatch(r"0+/0+/0+", value):
        return True
    found = _fact(field, value)
    if found is None and field != "visits":
        record.warnings.append(_("the day “%(value)s” cannot be read and was left out") % {"value": value[:40]})
    if found is not None and getattr(record.client, field) in (None, ""):
        setattr(record.client, field, found)
    return found is not None and getattr(record.client, field) == found


def _fact(field: str, value: str) -> str | int | date | None:
    if field == "number":
        return value[:60]
    if field == "visits":
        return numbers.whole(value) if len(value) < 7 else None
    return day_of(value)


def day_of(value: str) -> date | None:
    """A day in one of the forms that products write; a time of day behind it is passed over."""
    whole = re.sub(r"[T ]\d{1,2}:\d{2}.*$", "", value.strip())[:20]
    for form in DAYS:
        try:
            return datetime.strptime(whole, form).date()
        except ValueError:
            continue
    return None
