"""What a file is, by its content; and the reader for it."""

from __future__ import annotations

import bz2
import re
import zlib
from pathlib import Path

from django.utils.translation import gettext as _

from kneadwork.exchange.neutral import Unreadable


def kind_of(path: Path) -> str:
    """vcard, calendar, table, providers, registry extras, map or overpass; Unreadable where it is none of those."""
    with open(path, "rb") as file:
        head = file.read(65_536)
    if not head.strip(b"\0 \r\n\t"):
        raise Unreadable(_("This file is empty. Export it once more."))
    if map_format(head):
        return "map"
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe\r\n\t ")
    if re.match(rb"BEGIN:VCALENDAR", plain, re.I):
        return "calendar"
    if (
        re.match(rb"BEGIN:VCARD", plain, re.I)
        or re.search(rb"(?im)^BEGIN:VCARD", plain)
        or plain.startswith(b'["vcard"')
    ):
        return "vcard"
    if plain.startswith(b"{") and (b'"elements"' in plain or b"Overpass" in plain):
        return "overpass"
    if head.startswith(b"PK\x03\x04"):
        return _inside(path)
    first = plain.split(b"\n", 1)[0]
    if re.match(rb'"?NPI"?,', first):
        return "providers" if b"Entity Type Code" in first else "registry extras"
    if plain.startswith((b"%PDF", b"\x89PNG", b"\xd0\xcf\x11\xe0")) or plain[:6].lower().startswith(
        (b"<html", b"<!doct")
    ):
        raise Unreadable(_("This kind of file cannot be read. Export as vCard, CSV or .xlsx; the page says how."))
    return "table"


def map_format(head: bytes) -> str:
    """How a file of the open map is written, as osmium calls it: pbf, osm, osm.gz, osm.bz2; "" where it is none."""
    if b"OSMHeader" in head[:32]:
        return "pbf"
    packed = {b"\x1f\x8b": ("osm.gz", _gunzip), b"BZ": ("osm.bz2", _bunzip)}.get(head[:2])
    try:
        inside = packed[1](head) if packed else head
    except (zlib.error, OSError, EOFError):
        return ""
    if re.match(rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<osm[\s>]", inside.lstrip(b"\xef\xbb\xbf")[:4096], re.S):
        return packed[0] if packed else "osm"
    return ""


def _gunzip(head: bytes) -> bytes:
    return zlib.decompressobj(31).decompress(head, 4096)


def _bunzip(head: bytes) -> bytes:
    return bz2.BZ2Decompressor().decompress(head, max_length=4096)


def first_line(path: Path) -> str:
    """The header of a registry file, also within its zip; "" where there is none."""
    import zipfile

    if not zipfile.is_zipfile(path):
        with open(path, "rb") as file:
            return file.readline(1_000_000).decode("utf-8-sig", "replace").rstrip("\r\n")
    with zipfile.ZipFile(path) as archive:
        names = [n for n in archive.namelist() if "npidata_pfile" in n and n.endswith(".csv") and "header" not in n]
        if not names:
            return ""
        with archive.open(names[0]) as inner:
            return inner.readline(1_000_000).decode("utf-8-sig", "replace").rstrip("\r\n")


def _inside(path: Path) -> str:
    import zipfile

    try:
        names = zipfile.ZipFile(path).namelist()
    except zipfile.BadZipFile:
        raise Unreadable(_("This zip is damaged or cut off. Fetch it once more."))
    if any("npidata_pfile" in n and n.endswith(".csv") for n in names):
        return "providers"
    if "xl/workbook.xml" in names:
        return "table"
    raise Unreadable(_("Nothing in this zip can be read here. The registry's zip and .xlsx files can."))
