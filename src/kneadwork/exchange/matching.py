"""Recognising people twice seen: certain rules join, the rest is proposed with its reason.

Certain: the same registry number; the same e-mail or telephone with a fitting name; the same name at the same place where
nothing speaks against it. Names are compared as people say them, however they are written. Candidates for a chunk of
records come in a fixed number of queries, however many connections there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from kneadwork.exchange import matching_places
from kneadwork.exchange.models import KeptRecord
from kneadwork.exchange.neutral import Record, digest
from kneadwork.network.addresses import street_of, town_of
from kneadwork.network.folding import as_said
from kneadwork.network.models import Address, Client, Connection, ContactPoint, Place, SearchWord
from kneadwork.network.reaching import in_pieces, who_has
from kneadwork.network.searching import whole_name


@dataclass(slots=True)
class Index:
    """Known connections by what they are recognised by; grows with the records of the same file."""

    by_npi: dict[str, int] = field(default_factory=dict)
    by_reach: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_name_place: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    names: dict[int, tuple[str, ...]] = field(default_factory=dict)
    npis: dict[int, str] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    reaches: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    streets: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    numbers: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_osm: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_name: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    sites: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    spots: dict[int, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    towns: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def learn(self, key: int, record: Record) -> None:
        """Know a record from now on."""
        said = as_said(record.name)
        self.names[key] = tuple(dict.fromkeys((*self.names.get(key, ()), said)))
        if record.npi:
            self.by_npi[record.npi] = key
            self.npis[key] = record.npi
        for reach in reaches(record):
            self.by_reach[reach].add(key)
            self.reaches[key].add(reach)
        for place in places(record):
            self.by_name_place[said, place].add(key)
        self.by_name[said].add(key)
        self.towns[key] |= places(record) - {""}
        if record.place:
            self.by_osm[record.place.osm].add(key)
            self.spots[key].append((record.place.lat, record.place.lon))
            for site in {matching_places.site_of(url) for url in record.urls} - {""}:
                self.by_reach[site].add(key)
                self.sites[key].add(site)
        self.streets[key] |= streets(record)
        if record.client and record.client.number:
            self.numbers[key].add(record.client.number)

    def place(self, key: int, place: str) -> None:
        """Know each of a connection's names at a place."""
        for name in self.names.get(key, ()):
            self.by_name_place[name, place].add(key)
        if place:
            self.towns[key].add(place)


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
    return {town_of(a) for a in record.addresses if a.postal or a.city} or {""}


def streets(record: Record) -> set[str]:
    """Streets with their house numbers."""
    return {street_of(a) for a in record.addresses} - {""}


def load(records: Sequence[Record], index: Index) -> None:
    """Bring the known connections that these records may be into the index."""
    for chunk in in_pieces([digest(r) for r in records]):
        kept = KeptRecord.objects.filter(digest__in=chunk).order_by("-pk")
        index.kept.update(kept.values_list("digest", "connection_id"))
    wanted: set[int] = set()
    for chunk in in_pieces([r.npi for r in records if r.npi]):
        for pk, npi in Connection.objects.filter(npi__in=chunk).values_list("pk", "npi"):
            index.by_npi[npi] = pk
            wanted.add(pk)
    for normal, pk in who_has(reach for r in records for reach in reaches(r)):
        index.by_reach[normal].add(pk)
        wanted.add(pk)
    wanted |= _load_places([r for r in records if r.place], index)
    for chunk in in_pieces(sorted({whole_name(r.name) for r in records} - {""})):
        wanted |= set(SearchWord.objects.filter(word__in=chunk).values_list("connection_id", flat=True))
    for chunk in in_pieces(sorted(wanted - index.names.keys())):
        _load_known(index, chunk)


def _load_places(records: Sequence[Record], index: Index) -> set[int]:
    """Those known by the same object of the map, or by the same website."""
    wanted: set[int] = set()
    for chunk in in_pieces(sorted({r.place.osm for r in records})):
        for pk, osm in Place.objects.filter(osm__in=chunk).values_list("connection_id", "osm"):
            index.by_osm[osm].add(pk)
            wanted.add(pk)
    said = {way for r in records for url in r.urls for way in _spellings(url)}
    for chunk in in_pieces(sorted(said)):
        rows = ContactPoint.objects.filter(normal__in=chunk, kind="url")
        for pk, normal in rows.values_list("connection_id", "normal"):
            index.by_reach[matching_places.site_of(normal)].add(pk)
            wanted.add(pk)
    return wanted


def _spellings(url: str) -> list[str]:
    """How a web address may be written in the network."""
    bare = matching_places.site_of(url).removeprefix("//")
    starts = ("", "http://", "https://", "www.", "http://www.", "https://www.")
    return [f"{start}{bare}{end}" for start in starts for end in ("", "/")] if bare else []


def _load_known(index: Index, chunk: list[int]) -> None:
    rows = Connection.objects.filter(pk__in=chunk).values_list("pk", "name", "other_names", "npi")
    for pk, name, others, npi in rows:
        index.names[pk] = tuple(dict.fromkeys(map(as_said, (name, *others))))
        for said in index.names[pk]:
            index.by_name[said].add(pk)
        if npi:
            index.npis[pk] = npi
    with_place: set[int] = set()
    for address in Address.objects.filter(connection__in=chunk).order_by("pk"):
        with_place.add(address.connection_id)
        index.place(address.connection_id, town_of(address))
        index.streets[address.connection_id].add(street_of(address))
    for pk in set(chunk) - with_place:
        index.place(pk, "")
    points = ContactPoint.objects.filter(connection__in=chunk, kind__in=("phone", "email", "url")).exclude(normal="")
    for pk, kind, normal in points.values_list("connection_id", "kind", "normal"):
        if kind == "url":
            index.sites[pk].add(matching_places.site_of(normal))
        else:
            index.reaches[pk].add(normal)
    for place in Place.objects.filter(connection__in=chunk).exclude(latitude=None):
        index.spots[place.connection_id].append((place.latitude, place.longitude))
    clients = Client.objects.filter(connection__in=chunk).exclude(number="")
    for pk, number in clients.values_list("connection_id", "number"):
        index.numbers[pk].add(number)


def match(record: Record, index: Index) -> Match:
    """Whom this record is certainly, or may be."""
    kept = index.kept.get(digest(record)) if index.kept else None
    if kept is not None and not record.retired_on:
        return Match(joins=kept, seen=True, reason=_("the same entry as imported before"))
    if record.place:
        joins, like, why = matching_places.match(record, index)
        return Match(joins=joins, like=like, reason=why)
    if record.npi:
        known = index.by_npi.get(record.npi)
        if known is not None:
            return Match(joins=known, reason=_("the same registry number"))
    said, reached = as_said(record.name), sorted(reaches(record))
    for reach in reached:
        for pk in sorted(index.by_reach.get(reach, ())):
            if not _two_numbers(record, pk, index) and any(fits(said, name) for name in index.names.get(pk, ())):
                return Match(joins=pk, reason=_("the same %(what)s, and the name fits") % {"what": _kind(reach)})
    return _by_name(record, said, index) or _by_reach(record, reached, index)


def _by_name(record: Record, said: str, index: Index) -> Match | None:
    """The same name at the same place is certain where exactly one is so called there and nothing speaks against it."""
    like = None
    for place in sorted(places(record)):
        those = [pk for pk in sorted(index.by_name_place.get((said, place), ())) if not _other_npi(record, pk, index)]
        fitting = [pk for pk in those if not _contradicts(record, pk, index)]
        certain = place or (not reaches(record) and " " in said)
        if len(fitting) == 1 and certain:
            return Match(joins=fitting[0], reason=_("the same name and place") if place else _("the same name"))
        like = like or next(iter(fitting or those), None)
    return Match(like=like, reason=_("the same name")) if like is not None else None


def _by_reach(record: Record, reached: list[str], index: Index) -> Match:
    """Somebody else at the same telephone or e-mail may be the same; two providers of one desk never are."""
    for reach in reached:
        for pk in sorted(index.by_reach.get(reach, ())):
            if not record.npi:
                return Match(like=pk, reason=_("the same %(what)s, another name") % {"what": _kind(reach)})
    return Match()


def _kind(reach: str) -> str:
    return _("e-mail") if "@" in reach else _("telephone")


def _other_npi(record: Record, pk: int, index: Index) -> bool:
    """Two registry numbers are two providers, whatever else they share."""
    return bool(record.npi and index.npis.get(pk) and index.npis[pk] != record.npi)


def _two_numbers(record: Record, pk: int, index: Index) -> bool:
    """Two registry numbers, or two client numbers of one booking product, are two people."""
    number = record.client.number if record.client else ""
    known = index.numbers.get(pk)
    return _other_npi(record, pk, index) or bool(number and known and number not in known)


def _contradicts(record: Record, pk: int, index: Index) -> bool:
    """Whether something says that two of one name in one town are two: their numbers, or no telephone, e-mail or street
    in common although both have some."""
    if _two_numbers(record, pk, index):
        return True
    if streets(record) & index.streets.get(pk, set()):
        return False
    mine, theirs = reaches(record), index.reaches.get(pk, set())
    return bool(mine and theirs) and not mine & theirs


def fits(one: str, other: str) -> bool:
    """Whether two names, as they are said, are certainly one person's if a telephone or e-mail agrees: the same, or all
    words of the shorter one, a given and a family name at least, in the longer one."""
    if one == other:
        return bool(one)
    a, b = set(one.split()), set(other.split())
    return min(len(a), len(b)) > 1 and (a <= b or b <= a)


def may_be_called(said: str, name: str) -> bool:
    """Whether somebody of this name may be meant by what was said ("Dr. Ray" for Beth Ray); both as names are said."""
    a, b = set(said.split()), set(name.split())
    return bool(a and b) and (a <= b or b <= a)
