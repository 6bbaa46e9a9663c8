"""The provider registry is right about its own values, and so is the open map: who moved there follows the newer row.

A value follows where it came from the registry and stands as it came; what a hand edited, or another file brought, stays.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from kneadwork.exchange.finding import NEAR
from kneadwork.exchange.models import Import
from kneadwork.exchange.neutral import OnMap, Record
from kneadwork.network.addresses import address_key
from kneadwork.network.folding import as_said
from kneadwork.network.models import Address, Connection, ContactPoint, Place, Provenance

#: The label of the one place of practice that the registry's main file names, and of its telephone and fax.
PRACTICE, REACHES = "practice", {"phone": "work", "fax": "fax"}
NAMED = ("name", "given", "middle", "family", "suffix")


@dataclass(slots=True)
class Told:
    """What the registry told of one connection before: (field, value) pairs, and the day of the newest file that did."""

    values: set[tuple[str, str]] = field(default_factory=set)
    day: str = ""


def of_registry(record: Record) -> bool:
    """Whether a record is a row of the registry's main file, or of its answer over the network."""
    return bool(record.npi) and any(a.kind == PRACTICE for a in record.addresses)


def told_before(ids: Iterable[int], chunk: int = 900) -> dict[int, Told]:
    """What the registry told of these connections, by where each value came from."""
    return _told(ids, Q(kind=NEAR) | Q(mapping__has_key="header"), chunk)


def told_by_map(ids: Iterable[int]) -> dict[int, Told]:
    """What the open map told of these connections."""
    return _told(ids, Q(mapping__has_key="map"))


def _told(ids: Iterable[int], whose: Q, chunk: int = 900) -> dict[int, Told]:
    files = Import.objects.exclude(act=None).filter(whose)
    origins = tuple({f"{name}, " for name in files.values_list("name", flat=True)})
    found: dict[int, Told] = defaultdict(Told)
    wanted = sorted(ids) if origins else []
    for start in range(0, len(wanted), chunk):
        rows = Provenance.objects.filter(connection__in=wanted[start : start + chunk])
        for pk, name, value, origin in rows.values_list("connection_id", "field", "value", "origin"):
            if origin.startswith(origins):
                found[pk].values.add((name, value))
                found[pk].day = max(found[pk].day, day_of(origin))
    return found


def day_of(name: str) -> str:
    """The last day that a registry file's name covers ("npidata_pfile_20251103-20251109.csv"); "" where it names none."""
    return max(re.findall(r"(?<!\d)20\d{6}(?!\d)", name.rsplit(", ", 1)[0]), default="")


def followed(
    c: Connection, r: Record, told: Told, addresses: list[Address], points: list[ContactPoint], file: str
) -> dict:
    """What of the connection follows the registry's row: fields with their new values, addresses and contacts to forget."""
    if told.day and day_of(file) and day_of(file) < told.day:
        return {}
    mine = told.values
    now = {address_key(a) for a in r.addresses}
    reached = {kind for kind in REACHES for p in r.phones if (p.kind == "fax") == (kind == "fax") and p.e164}
    numbers = {p.e164 for p in r.phones if p.e164}
    found = {
        "fields": _fields(c, r, mine),
        "addresses": [a.pk for a in addresses
                      if a.label == PRACTICE and ("address", a.line1) in mine and address_key(a) not in now],
        "contacts": [p.pk for p in points
                     if p.kind in reached and p.label == REACHES[p.kind] and (p.kind, p.value) in mine
                     and p.normal not in numbers],
    }  # fmt: skip
    return {key: value for key, value in found.items() if value}


def _fields(c: Connection, r: Record, mine: set[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    if ("name", c.name) in mine and as_said(c.name) != as_said(r.name):
        found |= {name: getattr(r, name) for name in NAMED if getattr(r, name) != getattr(c, name)}
    for name in ("organisation", "credentials"):
        value = getattr(r, name)
        if value and value != getattr(c, name) and (name, getattr(c, name)) in mine:
            found[name] = value
    return found


#: How many degrees a place of the map may be redrawn without having moved (about eleven metres).
REDRAWN = 1e-4


def is_news(place: OnMap, known: list[Place]) -> bool:
    """Whether an object of the map says something that is not known, and is not older than what is."""
    same = next((p for p in known if p.osm == place.osm), None)
    if same is None:
        return True
    if place.version and place.version < same.version:
        return False
    moved = abs((same.latitude or 0) - place.lat) > REDRAWN or abs((same.longitude or 0) - place.lon) > REDRAWN
    return moved or same.hours != place.hours


def followed_on_map(
    c: Connection, r: Record, told: Told, known: list[Place], addresses: list[Address], points: list[ContactPoint]
) -> dict:
    """What of a connection follows its object on the map: addresses and contacts of that object that it names no more."""
    same = next((p for p in known if p.osm == r.place.osm), None)
    if same is None or (r.place.version and r.place.version < same.version):
        return {}
    now, mine = {address_key(a) for a in r.addresses}, told.values
    named = {"phone": {p.e164 or p.value for p in r.phones if p.kind != "fax"}, "fax": {p.e164 or p.value for p in r.phones if p.kind == "fax"},
             "email": {e.value.casefold() for e in r.emails}, "url": {u.casefold() for u in r.urls}}  # fmt: skip
    renamed = ("name", c.name) in mine and as_said(c.name) != as_said(r.name)
    found = {
        "fields": {"name": r.name} if renamed else {},
        "addresses": [a.pk for a in addresses
                      if now and a.label == "map" and ("address", a.line1) in mine and address_key(a) not in now],
        "contacts": [p.pk for p in points
                     if named.get(p.kind) and (p.kind, p.value) in mine and p.normal not in named[p.kind]],
    }  # fmt: skip
    return {key: value for key, value in found.items() if value}
