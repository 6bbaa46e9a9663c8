"""The lines of vCards: each card cut out, its encoding and folding mended, each line cut into name, parameters, value.

Cut by hand and not by vobject's parser: one bad line costs that the whole card, and the pattern by which it cuts a
line takes twice as long for each further "=a" of a damaged one.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

#: Never read: pictures, sounds and keys.
PASSED_OVER = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
#: A name with more parameters than this many characters is damage.
HEAD = 10_000


class Property(NamedTuple):
    """One line: its name in capitals, its parameters by name, its value still escaped, its group ("item1")."""

    name: str
    params: dict[str, list[str]]
    value: str
    group: str


class Lines(NamedTuple):
    """What stands in the outermost card: properties, lines that are none, whether it holds a card, whether it ends."""

    properties: list[Property]
    unread: list[str]
    holds_card: bool
    ends: bool


def unify(data: bytes) -> bytes:
    """UTF-16 to UTF-8, line ends to LF; other encodings are judged card by card."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:64].count(b"\0") > 16:
        data = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-16-le", "replace").encode()
    data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\r\n", b"\n")  # ends that were turned twice
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def cut(text: bytes) -> Iterator[bytes]:
    """Each outermost card; one without an end reaches to the next one's begin. Only an AGENT holds a card."""
    depth, start, position, before = 0, 0, 0, b""
    for line in text.split(b"\n"):
        mark = line.strip().upper()
        if mark == b"BEGIN:VCARD":
            if depth and before.startswith(b"AGENT") and before.endswith(b":"):
                depth += 1
            else:
                if depth and before != b"BEGIN:VCARD":
                    yield text[start:position]
                depth, start = 1, position
        elif mark == b"END:VCARD" and depth:
            depth -= 1
            if depth == 0:
                yield text[start : position + len(line)]
        before = mark or before
        position += len(line) + 1
    if depth:
        yield text[start:]


def lines(card: bytes) -> Lines:
    """The lines of a card, those of a card within it left out."""
    charset = _charset(card)
    found, unread, depth, deepest = [], [], 0, 0
    for line in _unfold(card):
        mark = line.strip().upper()
        if mark.startswith(b"BEGIN:"):
            depth += 1
            deepest = max(depth, deepest)
        elif mark.startswith(b"END:"):
            depth -= 1
        elif depth == 1 and mark:
            one = _property(line, charset)
            if one is None:
                unread.append(line.decode(charset, "replace"))
            elif one.name not in PASSED_OVER:
                found.append(one)
    return Lines(found, unread, deepest > 1, depth == 0)


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
    try:
        return codecs.lookup(charset).name
    except LookupError:
        return "cp1252"


def _unfold(card: bytes) -> Iterator[bytes]:
    """Lines with their continuations: folded by a blank, by quoted-printable's soft break, bare base64, or broken after a
    backslash."""
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
        elif last.endswith(b"\\") and line and not re.match(rb"[\w.-]+[;:]", line):
            pending[-1:] = [last[:-1], b"\n", line]
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
    """One line cut up; None where it is no property, or its base64 is damaged."""
    head, colon, value = _halves(line.decode(charset, "replace"))
    name, _semicolon, rest = head.partition(";")
    named = re.fullmatch(r"(?:([\w-]+)\.)?([\w-]+)", name.strip())
    if not colon or named is None or len(head) > HEAD:
        return None
    name, group, params = named[2].upper(), (named[1] or "").casefold(), _params(rest)
    coding = {c.upper() for c in params.get("ENCODING", [])}
    if name in PASSED_OVER:
        value = ""
    elif "QUOTED-PRINTABLE" in coding:
        body = line.split(b":", 1)[1]
        value = quopri.decodestring(body.replace(b"=\n", b"")).decode(
            _known(params.get("CHARSET", [charset])[0]), "replace"
        )
    elif coding & {"B", "BASE64"}:
        try:
            value = base64.b64decode("".join(value.split()), validate=True).decode(
                _known(params.get("CHARSET", ["utf-8"])[0]), "replace"
            )
        except (binascii.Error, ValueError):
            return None
    return Property(name, params, value, group)


def _halves(line: str) -> tuple[str, str, str]:
    """Before and after the first colon outside of quotes; after the first of all where a quote does not close."""
    pieces, length = line.split('"'), 0
    for number, piece in enumerate(pieces):
        if number % 2 == 0 and ":" in piece:
            end = length + piece.index(":")
            return line[:end], ":", line[end + 1 :]
        length += len(piece) + 1
    return line.partition(":")


def _params(text: str) -> dict[str, list[str]]:
    """Parameters; a bare word of version 2.1 is a TYPE or an ENCODING."""
    found: dict[str, list[str]] = defaultdict(list)
    for part in _parts(text):
        key, equals, value = part.partition("=")
        if not equals:
            key, value = ("ENCODING", key) if key.upper() in ("QUOTED-PRINTABLE", "BASE64") else ("TYPE", key)
        found[key.strip().upper()] += [v.strip().strip('"') for v in value.split(",")]
    return found


def _parts(text: str) -> list[str]:
    """Cut at semicolons outside of quotes."""
    parts: list[list[str]] = [[]]
    quoted = False
    for piece in re.split(r'([";])', text):
        quoted ^= piece == '"'
        if piece == ";" and not quoted:
            parts.append([])
        else:
            parts[-1].append(piece)
    return ["".join(part) for part in parts if any(part)]
