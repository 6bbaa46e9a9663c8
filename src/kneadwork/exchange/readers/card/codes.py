"""QR codes on a card, and what they say: vCard, MECARD, BIZCARD, an address on the web, mailto, tel, or plain words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from kneadwork.common.reaches import email_address, is_telephone
from kneadwork.exchange.neutral import Address, Email, Phone, Record, Unreadable
from kneadwork.exchange.normal import clean
from kneadwork.exchange.readers import vcard

if TYPE_CHECKING:
    import numpy as np

#: More than a card carries; a code holds three thousand letters at most.
MOST_CODES, MOST_TEXT = 4, 8000
WHERE = "QR code"


def found(picture: np.ndarray) -> list[str]:
    """What the codes in a picture say, each once, in the order in which they are found."""
    import zxingcpp

    formats = [zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.DataMatrix, zxingcpp.BarcodeFormat.Aztec]
    read = zxingcpp.read_barcodes(picture, formats=formats, text_mode=zxingcpp.TextMode.Plain)
    return list(dict.fromkeys(clean_text for one in read[:MOST_CODES] if (clean_text := one.text[:MOST_TEXT])))


def meaning(text: str) -> Record | None:
    """The person that a code tells of; None where it says nothing about one (a Wi-Fi key, a product)."""
    said = text.strip()
    head = said[:12].casefold()
    if head.startswith("begin:vcard"):
        return _vcard(said)
    if head.startswith("mecard:"):
        return _mecard(said[7:])
    if head.startswith("bizcard:"):
        return _bizcard(said[8:])
    if head.startswith(("mailto:", "matmsg:", "smtp:")):
        return _mail(said)
    if head.startswith(("tel:", "sms:", "smsto:")):
        return _telephone(said.partition(":")[2])
    if re.match(r"(?i)(?:https?://|urlto:|www\.)\S+$", said):
        return Record(where=WHERE, urls=[clean(re.sub(r"(?i)^urlto:", "", said), 400)])
    if head.startswith(("wifi:", "geo:", "otpauth:", "begin:vevent", "bitcoin:")) or said.isdigit():
        return None
    return _words(said)


def _vcard(text: str) -> Record | None:
    try:
        first = next(iter(vcard.read(text.encode())))
    except Unreadable:
        return None
    return first if isinstance(first, Record) else None


def _fields(text: str) -> list[tuple[str, str]]:
    """The fields of a MECARD or BIZCARD: `KEY:value;`, a backslash before what belongs to the value."""
    pairs = re.findall(r"([A-Za-z-]+):((?:\\.|[^;\\])*)", text)
    return [(key.upper(), value) for key, value in pairs if value.strip()]


def _unescaped(text: str) -> str:
    return clean(re.sub(r"\\(.)", r"\1", text), 400)


def _mecard(text: str) -> Record | None:
    """MECARD:N:Owen,Sean;TEL:+1212…;EMAIL:…;ADR:…;URL:…;; as cameras of Japanese telephones made it."""
    record = Record(where=WHERE)
    for key, value in _fields(text):
        said = _unescaped(value)
        if key == "N":
            _add_name(record, value)
        elif key in ("TEL", "TEL-AV"):
            record.phones.append(Phone(said))
        elif key == "EMAIL":
            record.emails.append(Email(said))
        elif key == "URL":
            record.urls.append(said)
        elif key == "ADR":
            record.addresses.append(Address(line1=", ".join(filter(None, re.split(r"\s*,\s*", said)))[:200]))
        elif key in ("ORG", "TITLE"):
            setattr(record, "organisation" if key == "ORG" else "title", said[:200])
        elif key in ("NOTE", "MEMO"):
            record.add_note(said)
    return _checked(record)


def _add_name(record: Record, value: str) -> None:
    """The family name stands before the comma; without one the whole is the name."""
    family, _comma, given = (_unescaped(part) for part in re.sub(r"(?<!\\),", "\0", value).partition("\0"))
    if given:
        record.family, record.given = family[:100], given[:100]
    record.name = " ".join(filter(None, (given, family)))[:200]


def _bizcard(text: str) -> Record | None:
    """BIZCARD:N:Sean;X:Owen;T:Engineer;C:Firm;A:Street 1;B:+1212…;F:+1…;M:+1…;E:mail;; as telephones of old wrote it."""
    said = {key: _unescaped(value) for key, value in reversed(_fields(text))}
    record = Record(
        where=WHERE,
        given=said.get("N", ""),
        family=said.get("X", ""),
        title=said.get("T", ""),
        organisation=said.get("C", ""),
    )
    record.name = " ".join(filter(None, (record.given, record.family)))
    record.phones = [
        Phone(said[key], kind) for key, kind in (("M", "mobile"), ("B", "work"), ("F", "fax")) if key in said
    ]
    record.emails = [Email(said["E"])] if "E" in said else []
    record.addresses = [Address(line1=said["A"])] if "A" in said else []
    return _checked(record)


def _mail(text: str) -> Record | None:
    """mailto:a@b.org?subject=…, SMTP:a@b.org:… or MATMSG:TO:a@b.org;…"""
    to = re.search(r"(?i)^matmsg:(?:.*;)?TO:([^;]+)", text)
    bare = text.partition(":")[2]
    query = parse_qs(urlsplit(text).query).get("to", [""])
    tried = (to[1] if to else "", unquote(re.split(r"[?:]", bare)[0]), query[0])
    address = next(filter(None, map(email_address, tried)), "")
    return Record(where=WHERE, emails=[Email(address)]) if address else None


def _telephone(text: str) -> Record | None:
    number = clean(re.split(r"[?;:]", text, maxsplit=1)[0], 60)
    return Record(where=WHERE, phones=[Phone(number)]) if is_telephone(number) else None


def _words(text: str) -> Record | None:
    """Words that are one address or telephone are that; others are kept as a note."""
    said = clean(text, 4000)
    if email_address(said):
        return Record(where=WHERE, emails=[Email(email_address(said))])
    if re.fullmatch(r"\+?[\d\s().-]{7,20}", said) and is_telephone(said):
        return Record(where=WHERE, phones=[Phone(said)])
    return Record(where=WHERE, note=said) if said else None


def _checked(record: Record) -> Record | None:
    """Without what is no telephone or e-mail; None where nothing is left."""
    record.phones = [phone for phone in record.phones if is_telephone(phone.value)]
    record.emails = [Email(email_address(one.value)) for one in record.emails if email_address(one.value)]
    if not record.name and record.organisation:
        record.name, record.kind = record.organisation, "organisation"
    told = (record.name, record.phones, record.emails, record.urls, record.addresses, record.note)
    return record if any(told) else None
