"""vCard 2.1, 3.0 and 4.0, and jCard: every card becomes a record or is returned with a reason.

Each card is cut out and its lines are read one by one (`vcard_lines`), so that one bad card or line costs only itself;
a line that cannot be read is said, and a property that nobody here knows is kept under its own name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from kneadwork.exchange.neutral import Address, Email, Phone, Record, Rejected, Unreadable
from kneadwork.exchange.normal import clean
from kneadwork.exchange.reachable import keep_reachable
from kneadwork.exchange.readers import vcard_lines
from kneadwork.exchange.readers.vcard_lines import Property

MOST_BYTES = 200 * 1024 * 1024
CARD_BYTES = 30 * 1024 * 1024
RAW = 500_000
#: What says nothing about the person: pictures, the card's own, labels read with their property, sorting and looks.
PASSED_OVER = vcard_lines.PASSED_OVER | frozenset({
    "VERSION", "PRODID", "UID", "REV", "CLASS", "MAILER", "SOURCE", "PROFILE", "SORT-STRING", "AGENT", "CLIENTPIDMAP", "XML",
    "X-ABLABEL", "X-ABADR", "X-ABUID", "X-ABSHOWAS", "X-ABORDER", "X-IMAGEHASH", "X-IMAGETYPE", "X-KNEADWORK-REASON",
    "X-PHONETIC-FIRST-NAME", "X-PHONETIC-LAST-NAME", "X-PHONETIC-MIDDLE-NAME", "X-EVOLUTION-FILE-AS", "X-ETAG", "X-THUNDERBIRD-ETAG",
    "X-MS-OL-DESIGN", "X-MS-OL-DEFAULT-POSTAL-ADDRESS", "X-MS-CARDPICTURE",
})  # fmt: skip


def read_file(path: Path) -> Iterator[Record | Rejected]:
    """As `read`; a file that is too large is refused before it fills the memory."""
    _check_size(path.stat().st_size)
    return read(path.read_bytes())


def _check_size(size: int) -> None:
    if size > MOST_BYTES:
        raise Unreadable(_("This file is larger than 200 MB. Export fewer contacts at a time, without pictures."))


def read(data: bytes) -> Iterator[Record | Rejected]:
    """One item for each card of the file; Unreadable where it holds none at all."""
    _check_size(len(data))
    if data.lstrip()[:1] == b"[":
        yield from _jcards(data)
        return
    cards = list(vcard_lines.cut(vcard_lines.unify(data)))
    if not cards:
        raise Unreadable(_("There is no contact card in this file. Export your contacts as vCard once more."))
    for number, card in enumerate(cards, 1):
        where = _("card %(n)d") % {"n": number}
        yield _read_card(where, card)


def _read_card(where: str, card: bytes) -> Record | Rejected:
    raw = card[:RAW].decode("utf-8", "replace")
    if len(card) > CARD_BYTES:
        return Rejected(where, _("This card is larger than 30 MB."), raw)
    try:
        found = vcard_lines.lines(card)
        record = _record(where, found.properties)
    except (ValueError, LookupError, RecursionError) as fault:
        return Rejected(where, _("This card cannot be read: %(why)s.") % {"why": type(fault).__name__}, raw)
    if record:
        record.warnings += _said(found)
    return record or Rejected(
        where, _("This card names nobody: it has no name, organisation, e-mail or telephone."), raw
    )


def _said(found: vcard_lines.Lines) -> list[str]:
    """Sentences about what of a card could not be read."""
    said = [
        _("the line “%(line)s” could not be read and was left out") % {"line": clean(line, 60)} for line in found.unread
    ]
    if found.holds_card:
        said.append(_("the card inside this card was left out"))
    if not found.ends:
        said.append(_("the end of this card is missing"))
    return said


def _split(value: str, separator: str = ";") -> list[str]:
    """The parts of a structured value, unescaped."""
    parts = re.split(rf"(?<!\\){separator}", value)
    return [_plain(p) for p in parts]


def _plain(value: str, limit: int = 4000) -> str:
    text = re.sub(r"\\([nN,;:\\])", lambda m: "\n" if m[1] in "nN" else m[1], value)
    return clean(text, limit)


def _record(where: str, properties: list[Property]) -> Record | None:
    record = Record(where=where)
    labels = {p.group: _plain(p.value).strip("_$!<>") for p in properties if p.name == "X-ABLABEL" and p.group}
    postal = any(p.name == "ADR" for p in properties)
    for name, params, value, group in sorted(properties, key=_rank):
        reader, label = READERS.get(name), labels.get(group, "")
        if reader:
            reader(record, params, value, label)
        elif name not in PASSED_OVER and not (name == "LABEL" and postal):
            _keep(record, label or _title(name), _plain(value))
        if name == "ROLE":
            record.work.append(_plain(value))
    keep_reachable(record)
    return _named(record)


def _rank(found: Property) -> int:
    """What a card prefers comes first: 1 to 100 as ranked (version 4), or said to be preferred at all."""
    said = found.params.get("PREF", [""])[0]
    if re.fullmatch(r"[0-9]{1,3}", said):
        return int(said)
    return 1 if _preferred(found.params) else 101


def _title(name: str) -> str:
    """Under what a property is kept."""
    said = {"BDAY": _("Birthday"), "ORG": _("Organisation"), "LABEL": _("Address")}
    return said.get(name, name.title())


def _keep(record: Record, title: str, value: str) -> None:
    """Keep a value without a place of its own, unless it says nothing to people."""
    if value.strip("; ,") and not value.startswith("urn:uuid:"):
        record.keep(title, value)


def _named(record: Record) -> Record | None:
    parts = (record.prefix, record.given, record.middle, record.family, record.suffix)
    if not record.name:
        record.name = " ".join(p for p in parts if p)
    if not record.name or (not any(parts) and record.name == record.organisation):
        record.kind = "organisation" if record.organisation else record.kind
        record.name = record.name or record.organisation
    if not record.name:
        first = [e.value for e in record.emails] + [p.value for p in record.phones]
        if record.nickname or first:
            record.name = record.nickname or first[0]
            record.warnings.append(_("no name; named by what is known"))
    record.name = record.name[:200]
    return record if record.name else None


def _types(params: dict[str, list[str]]) -> set[str]:
    return {t.casefold() for t in params.get("TYPE", [])}


def _kind(params: dict[str, list[str]], label: str) -> str:
    types = _types(params) | {label.casefold()}
    for kind, words in (("fax", {"fax", "homefax", "workfax"}), ("mobile", {"cell", "mobile", "iphone"})):
        if types & words:
            return kind
    return "work" if "work" in types else "home" if "home" in types else "other"


def _preferred(params: dict[str, list[str]]) -> bool:
    return "pref" in _types(params) or params.get("PREF", [""])[0] == "1"


def _name(record: Record, params, value: str, label: str) -> None:
    parts = [*_split(value), "", "", "", "", ""]
    record.family, record.given, record.middle, record.prefix, record.suffix = (p[:100] for p in parts[:5])


def _telephone(record: Record, params, value: str, label: str) -> None:
    number = _plain(value.removeprefix("tel:"))
    if number:
        record.phones.append(Phone(number[:100], _kind(params, label), preferred=_preferred(params)))


def _email(record: Record, params, value: str, label: str) -> None:
    address = _plain(value.removeprefix("mailto:"))
    if address:
        record.emails.append(Email(address, _kind(params, label), _preferred(params)))


def _address(record: Record, params, value: str, label: str) -> None:
    box, more, street, city, region, postal, country = [*_split(value), *[""] * 7][:7]
    lines = [part for part in (*street.split("\n"), more, box) if part]
    if not any((lines, city, region, postal)):
        return
    record.addresses.append(
        Address(
            "".join(lines[:1])[:200], ", ".join(lines[1:])[:200], city[:100], region[:60], postal[:20], country[:60],
            _kind(params, label),
        )
    )  # fmt: skip


def _organisation(record: Record, params, value: str, label: str) -> None:
    first, *rest = _split(value)
    if record.organisation:
        _keep(record, _title("ORG"), ", ".join(filter(None, (first, *rest))))
        record.work.append(first)
        return
    record.organisation, record.department = first[:200], ", ".join(filter(None, rest))[:200]
    _keep(record, "Department", record.department)


def _tags(record: Record, params, value: str, label: str) -> None:
    record.tags += [t[:60] for t in _split(value, ",") if t and t not in record.tags]


def _text(field: str, limit: int = 200):
    def reader(record: Record, params, value: str, label: str) -> None:
        text, before = _plain(value), getattr(record, field)
        if not before:
            setattr(record, field, text[:limit])
        elif text != before:
            _keep(record, field.title(), text)
            if field == "title":
                record.work.append(text)

    return reader


def _whole_name(record: Record, params, value: str, label: str) -> None:
    name = _plain(value)[:200]
    if not record.name:
        record.name = name
    elif name not in ("", record.name, *record.other_names):
        record.other_names.append(name)


def _note(record: Record, params, value: str, label: str) -> None:
    record.add_note(_plain(value, 100_000))


def _web(record: Record, params, value: str, label: str) -> None:
    if _plain(value):
        record.urls.append(_plain(value)[:400])


def _of_kind(record: Record, params, value: str, label: str) -> None:
    if value.strip().casefold() in ("org", "organization", "group"):
        record.kind = "organisation"


READERS = {
    "FN": _whole_name, "N": _name, "NICKNAME": _text("nickname", 100), "TITLE": _text("title"), "NOTE": _note,
    "TEL": _telephone, "EMAIL": _email, "ADR": _address, "ORG": _organisation, "CATEGORIES": _tags, "URL": _web,
    "KIND": _of_kind, "X-ADDRESSBOOKSERVER-KIND": _of_kind,
}  # fmt: skip


def _jcards(data: bytes) -> Iterator[Record | Rejected]:
    """jCard (RFC 7095): the same properties as JSON."""
    try:
        loaded = json.loads(data)
    except (ValueError, RecursionError):
        raise Unreadable(_("This file looks like jCard, but it is damaged. Export it once more, as vCard."))
    cards = [loaded] if loaded[:1] == ["vcard"] else loaded
    for number, card in enumerate(cards, 1):
        where = _("card %(n)d") % {"n": number}
        try:
            record = _record(where, [_from_json(p) for p in card[1]])
        except (TypeError, ValueError, IndexError, KeyError, AttributeError):
            record = None
        yield record or Rejected(where, _("This card cannot be read."), json.dumps(card)[:4000])


def _from_json(row: list) -> Property:
    name, params, _type, *values = row
    types = {k.upper(): v if isinstance(v, list) else [str(v)] for k, v in params.items()}

    def text(value) -> str:
        if isinstance(value, list):
            return ";".join(text(v) for v in value)
        return re.sub(r"([\\;,])", r"\\\1", str(value))

    return Property(name.upper(), types, ",".join(map(text, values)), "")
