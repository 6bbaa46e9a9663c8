"""vCard 2.1, 3.0 and 4.0, and jCard: every card becomes a record or is returned with a reason.

Each card is cut out, its encoding and folding mended, and read line by line by vobject's own line parser; so one bad
card or line costs only itself.
"""

from __future__ import annotations

import base64
import binascii
import json
import quopri
import re
from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _

from kneadwork.exchange.neutral import Address, Email, Phone, Record, Rejected, Unreadable
from kneadwork.exchange.normal import clean

MOST_BYTES = 200 * 1024 * 1024
CARD_BYTES = 30 * 1024 * 1024
RAW = 500_000
LINE = re.compile(
    r"^(?:(?P<group>[\w-]+)\.)?(?P<name>[\w-]+)(?P<params>(?:;(?:\"[^\"]*\"|[^:;\"]|\"[^\"]*)*)*):(?P<value>.*)$",
    re.S,
)
KEPT_EXTRA = {
    "ROLE",
    "IMPP",
    "X-AIM",
    "X-ICQ",
    "X-SKYPE",
    "X-SPOUSE",
    "X-ASSISTANT",
    "X-MANAGER",
    "RELATED",
    "TZ",
    "LANG",
}


def read(data: bytes) -> Iterator[Record | Rejected]:
    """One item for each card of the file; Unreadable where it holds none at all."""
    if len(data) > MOST_BYTES:
        raise Unreadable(_("This file is larger than 200 MB. Export fewer contacts at a time, without pictures."))
    if data.lstrip()[:1] == b"[":
        yield from _jcards(data)
        return
    text = _unify(data)
    cards = list(_cut(text))
    if not cards:
        raise Unreadable(_("There is no contact card in this file. Export your contacts as vCard once more."))
    for number, card in enumerate(cards, 1):
        where = _("card %(n)d") % {"n": number}
        yield _read_card(where, card)


def _unify(data: bytes) -> bytes:
    """UTF-16 to UTF-8, line ends to LF; other encodings are judged card by card."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:64].count(b"\0") > 16:
        data = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-16-le", "replace").encode()
    return data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _cut(text: bytes) -> Iterator[bytes]:
    """Each outermost BEGIN:VCARD … END:VCARD; a card without an end reaches to the next one's begin."""
    depth, start, position = 0, 0, 0
    for line in text.split(b"\n"):
        mark = line.strip().upper()
        if mark == b"BEGIN:VCARD":
            depth += 1
            if depth == 1:
                start = position
        elif mark == b"END:VCARD" and depth:
            depth -= 1
            if depth == 0:
                yield text[start : position + len(line)]
        position += len(line) + 1
    if depth:
        yield text[start:]


def _read_card(where: str, card: bytes) -> Record | Rejected:
    raw = card[:RAW].decode("utf-8", "replace")
    if len(card) > CARD_BYTES:
        return Rejected(where, _("This card is larger than 30 MB."), raw)
    try:
        record = _record(where, _properties(card))
    except (ValueError, LookupError, RecursionError) as fault:
        return Rejected(where, _("This card cannot be read: %(why)s.") % {"why": type(fault).__name__}, raw)
    return record or Rejected(
        where, _("This card names nobody: it has no name, organisation, e-mail or telephone."), raw
    )


Property = tuple[str, dict[str, list[str]], str, str]


def _properties(card: bytes) -> list[Property]:
    """(name, parameters, value, group) of each property of the outermost card."""
    charset = _charset(card)
    found, depth = [], 0
    for line in _unfold(card):
        mark = line.strip().upper()
        if mark.startswith(b"BEGIN:"):
            depth += 1
            continue
        if mark.startswith(b"END:"):
            depth -= 1
            continue
        if depth == 1:
            one = _property(line, charset)
            if one:
                found.append(one)
    return found


def _charset(card: bytes) -> str:
    try:
        card.decode("utf-8")
    except UnicodeDecodeError:
        named = re.search(rb"CHARSET=\"?([\w-]+)", card, re.I)
        if named:
            return _known(named[1].decode())
        from charset_normalizer import from_bytes

        best = from_bytes(card[:50_000], cp_isolation=["cp1252", "shift_jis", "cp1250", "gb18030", "euc_kr"]).best()
        return best.encoding if best else "cp1252"
    return "utf-8"


def _known(charset: str) -> str:
    import codecs

    try:
        return codecs.lookup(charset).name
    except LookupError:
        return "cp1252"


def _unfold(card: bytes) -> Iterator[bytes]:
    """Lines with their continuations: folded by a blank, by quoted-printable's soft break, or bare base64."""
    pending: list[bytes] = []
    for line in card.split(b"\n"):
        last = pending[-1] if pending else b""
        quoted = pending and b"QUOTED-PRINTABLE" in pending[0].upper().split(b":", 1)[0]
        if pending and quoted and last.endswith(b"="):
            pending.append(line)
        elif pending and line[:1] in (b" ", b"\t"):
            pending.append(line[1:])
        elif pending and _is_base64(pending[0]) and line and b":" not in line:
            pending.append(line.strip())
        else:
            if pending:
                yield b"\n".join(pending) if quoted else b"".join(pending)
            pending = [line]
    if pending:
        yield b"".join(pending)


def _is_base64(line: bytes) -> bool:
    head = line.split(b":", 1)[0].upper()
    return b"BASE64" in head or b"ENCODING=B" in head


def _property(line: bytes, charset: str) -> Property | None:
    if not line.strip():
        return None
    match = LINE.match(line.decode(charset, "replace"))
    if match is None:
        return None
    name, params = match["name"].upper(), _params(match["params"])
    if name in ("PHOTO", "LOGO", "SOUND", "KEY"):
        return None
    value, coding = match["value"], {c.upper() for c in params.get("ENCODING", [])}
    if "QUOTED-PRINTABLE" in coding:
        body = line.split(b":", 1)[1] if b":" in line else b""
        named = params.get("CHARSET", [charset])[0]
        value = quopri.decodestring(body.replace(b"=\n", b"")).decode(_known(named), "replace")
    elif coding & {"B", "BASE64"}:
        try:
            value = base64.b64decode(value).decode(_known(params.get("CHARSET", ["utf-8"])[0]), "replace")
        except (binascii.Error, ValueError):
            return None
    return name, params, value, (match["group"] or "").casefold()


def _params(text: str) -> dict[str, list[str]]:
    """Parameters; a bare word of version 2.1 is a TYPE or an ENCODING."""
    found: dict[str, list[str]] = defaultdict(list)
    for part in re.findall(r";((?:\"[^\"]*\"|[^;])*)", text):
        key, equals, value = part.partition("=")
        if not equals:
            key, value = ("ENCODING", key) if key.upper() in ("QUOTED-PRINTABLE", "BASE64") else ("TYPE", key)
        found[key.strip().upper()] += [v.strip().strip('"') for v in value.split(",")]
    return found


def _split(value: str, separator: str = ";") -> list[str]:
    """The parts of a structured value, unescaped."""
    parts = re.split(rf"(?<!\\){separator}", value)
    return [_plain(p) for p in parts]


def _plain(value: str) -> str:
    text = re.sub(r"\\([nN,;:\\])", lambda m: "\n" if m[1] in "nN" else m[1], value)
    return clean(text, 4000)


def _record(where: str, properties: list[Property]) -> Record | None:
    record = Record(where=where)
    labels = {group: _plain(value) for name, _p, value, group in properties if name == "X-ABLABEL" and group}
    for name, params, value, group in properties:
        reader = READERS.get(name)
        if reader:
            reader(record, params, value, labels.get(group, "").strip("_$!<>"))
        elif name in KEPT_EXTRA and _plain(value):
            record.extra.setdefault(name.title(), _plain(value)[:400])
    return _named(record)


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
        record.emails.append(Email(address[:254], _kind(params, label), _preferred(params)))


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
    parts = _split(value)
    record.organisation, record.department = parts[0][:200], ", ".join(parts[1:])[:200]


def _tags(record: Record, params, value: str, label: str) -> None:
    record.tags += [t[:60] for t in _split(value, ",") if t and t not in record.tags]


def _text(field: str, limit: int = 200):
    def reader(record: Record, params, value: str, label: str) -> None:
        if not getattr(record, field):
            setattr(record, field, _plain(value)[:limit])

    return reader


def _web(record: Record, params, value: str, label: str) -> None:
    if _plain(value):
        record.urls.append(_plain(value)[:400])


def _of_kind(record: Record, params, value: str, label: str) -> None:
    if value.strip().casefold() in ("org", "organization", "group"):
        record.kind = "organisation"


READERS = {
    "FN": _text("name"), "N": _name, "NICKNAME": _text("nickname", 100), "TITLE": _text("title"), "NOTE": _text("note", 4000),
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

    return name.upper(), types, ",".join(text(v) for v in values) if len(values) > 1 else text(values[0]), ""
