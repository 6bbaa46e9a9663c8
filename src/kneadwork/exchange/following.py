"""The provider registry is right about its own values: who moved or was renamed there follows its newer row.

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
from kneadwork.exchange.neutral import Record
from kneadwork.network.addresses import address_key
from kneadwork.network.folding import as_said
from kneadwork.network.models import Address, Connection, ContactPoint, Provenance

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
    files = Import.objects.exclude(act=None).filter(Q(kind=NEAR) | Q(mapping__has_key="header"))
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
