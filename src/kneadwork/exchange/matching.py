"""Recognising people twice seen: certain rules join, the rest is proposed with its reason.

Certain: the same registry number; the same e-mail or telephone with a compatible name; the same name at the same place.
Candidates for a chunk of records come in a fixed number of queries, however many connections there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from kneadwork.exchange.models import KeptRecord
from kneadwork.exchange.neutral import Record, digest
from kneadwork.exchange.normal import fold_name
from kneadwork.network.models import Address, Connection, ContactPoint, SearchWord


@dataclass(slots=True)
class Index:
    """Known connections by what they are recognised by; grows with the records of the same file."""

    by_npi: dict[str, int] = field(default_factory=dict)
    by_reach: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_name_place: dict[tuple[str, str], int] = field(default_factory=dict)
    names: dict[int, tuple[str, ...]] = field(default_factory=dict)
    npis: dict[int, str] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)

    def learn(self, key: int, record: Record) -> None:
        """Know a record from now on."""
        self.names[key] = tuple(dict.fromkeys((*self.names.get(key, ()), fold_name(record.name))))
        if record.npi:
            self.by_npi[record.npi] = key
            self.npis[key] = record.npi
        for reach in reaches(record):
            self.by_reach[reach].add(key)
        for place in places(record):
            self.by_name_place.setdefault((fold_name(record.name), place), key)

    def place(self, key: int, place: str) -> None:
        """Know each of a connection's names at a place."""
        for name in self.names.get(key, ()):
            self.by_name_place.setdefault((name, place), key)


@dataclass(frozen=True, slots=True)
class Match:
    """joins: the certain one (None where there is none), seen: by the very same record; like: one it may be; reason: why."""

    joins: int | None = None
    like: int | None = None
    reason: str = ""
    seen: bool = False


def reaches(record: Record) -> set[str]:
    """E-mails and telephones as they are compared."""
    found = {e.value.casefold() for e in record.emails}
    return found | {p.e164 for p in record.phones if p.e164 and p.kind != "fax"}


def places(record: Record) -> set[str]:
    """ZIP codes (five digits) or towns of a record."""
    return {(a.postal[:5] or fold_name(a.city)) for a in record.addresses if a.postal or a.city} or {""}


def load(records: Sequence[Record], index: Index) -> None:
    """Bring the known connections that these records may be into the index."""
    digests = [digest(r) for r in records]
    for start in range(0, len(digests), 900):
        kept = KeptRecord.objects.filter(digest__in=digests[start : start + 900]).order_by("-pk")
        index.kept.update(kept.values_list("digest", "connection_id"))
    npis = [r.npi for r in records if r.npi]
    normals = sorted({reach for r in records for reach in reaches(r)})
    wanted: set[int] = set()
    for pk, npi in Connection.objects.filter(npi__in=npis).values_list("pk", "npi"):
        index.by_npi[npi] = pk
        wanted.add(pk)
    for start in range(0, len(normals), 900):
        rows = ContactPoint.objects.filter(normal__in=normals[start : start + 900]).exclude(kind="fax")
        for pk, normal in rows.values_list("connection_id", "normal"):
            index.by_reach[normal].add(pk)
            wanted.add(pk)
    names = sorted({r.name for r in records})
    for start in range(0, len(names), 900):
        same = Connection.objects.filter(standing__name__in=names[start : start + 900]).values_list("pk", flat=True)
        wanted.update(same)
    wanted |= _with_other_names(names)
    _load_places(index, wanted - index.names.keys())


def _with_other_names(names: list[str]) -> set[int]:
    """Connections that have other names too and share a word with one of these: a name may be one given up in a merge."""
    words = sorted({word for name in names for word in fold_name(name).split()[-1:]})
    found: set[int] = set()
    for start in range(0, len(words), 900):
        rows = SearchWord.objects.filter(word__in=words[start : start + 900]).exclude(connection__other_names=[])
        found.update(rows.values_list("connection_id", flat=True))
    return found


def _load_places(index: Index, wanted: set[int]) -> None:
    ids = sorted(wanted)
    for start in range(0, len(ids), 900):
        chunk = ids[start : start + 900]
        rows = Connection.objects.filter(pk__in=chunk).values_list("pk", "name", "other_names", "npi")
        for pk, name, others, npi in rows:
            index.names[pk] = tuple(dict.fromkeys(map(fold_name, (name, *others))))
            if npi:
                index.npis[pk] = npi
        with_place: set[int] = set()
        places = (
            Address.objects.filter(connection__in=chunk).order_by("pk").values_list("connection_id", "postal", "city")
        )
        for pk, postal, city in places:
            with_place.add(pk)
            index.place(pk, postal[:5] or fold_name(city))
        for pk in set(chunk) - with_place:
            index.place(pk, "")


def match(record: Record, index: Index) -> Match:
    """Whom this record is certainly, or may be."""
    kept = index.kept.get(digest(record)) if index.kept else None
    if kept is not None and not record.retired_on:
        return Match(joins=kept, seen=True, reason=_("the same entry as imported before"))
    if record.npi:
        known = index.by_npi.get(record.npi)
        if known is not None:
            return Match(joins=known, reason=_("the same registry number"))
    folded = fold_name(record.name)
    for reach in sorted(reaches(record)):
        for pk in sorted(index.by_reach.get(reach, ())):
            if not _other_npi(record, pk, index) and any(compatible(folded, name) for name in index.names.get(pk, ())):
                return Match(joins=pk, reason=_("the same %(what)s, and the name fits") % {"what": _kind(reach)})
    for place in sorted(places(record)):
        pk = index.by_name_place.get((folded, place))
        if pk is not None and not _other_npi(record, pk, index):
            if place or not reaches(record):
                return Match(joins=pk, reason=_("the same name and place") if place else _("the same name"))
            return Match(like=pk, reason=_("the same name"))
    for reach in sorted(reaches(record)):
        for pk in sorted(index.by_reach.get(reach, ())):
            if not record.npi:
                return Match(like=pk, reason=_("the same %(what)s, another name") % {"what": _kind(reach)})
    return Match()


def _kind(reach: str) -> str:
    return _("e-mail") if "@" in reach else _("telephone")


def _other_npi(record: Record, pk: int, index: Index) -> bool:
    """Two registry numbers are two providers, whatever else they share."""
    return bool(record.npi and index.npis.get(pk) and index.npis[pk] != record.npi)


def compatible(one: str, other: str) -> bool:
    """Whether two folded names may be one person's: equal, or the shorter one's words are all in the longer one."""
    if not one or not other:
        return False
    a, b = set(one.split()), set(other.split())
    return a <= b or b <= a


def may_be_called(said: str, name: str) -> bool:
    """Whether somebody of this name may be meant by what was said ("Dr. Ray" for Beth Ray); both as names are said."""
    return compatible(said, name)
