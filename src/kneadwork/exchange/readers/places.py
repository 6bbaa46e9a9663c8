"""Places of the open map (OpenStreetMap): named nodes, ways by their centroid and relations, from .osm.pbf or .osm, also
packed, read by osmium.

Which tags mean which profession is data (facts/professions.yaml). A place without a name, and one of another trade, is
out of scope.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from kneadwork.exchange import formats
from kneadwork.exchange.neutral import Address, Email, Item, OnMap, OutOfScope, Phone, Record, Rejected, Unreadable
from kneadwork.exchange.normal import clean, e164
from kneadwork.facts.professions import all_professions, map_keys, professions_of_tags
from kneadwork.facts.zips import metres, writes_number_first

#: The label of addresses that came from the map, by which a newer map is followed.
LABEL = "map"
KINDS = {"n": "node", "w": "way", "r": "relation"}
#: Where the map keeps each way to reach somebody.
PHONES = {"phone": "work", "contact:phone": "work", "mobile": "mobile", "contact:mobile": "mobile", "fax": "fax",
          "contact:fax": "fax"}  # fmt: skip
EMAILS, URLS = ("email", "contact:email"), ("website", "contact:website", "url")
OTHER_NAMES = ("alt_name", "official_name", "short_name", "old_name", "name:en")


@dataclass(frozen=True, slots=True)
class Scope:
    """What is wanted: professions, a place in degrees with a distance in metres (or neither)."""

    professions: frozenset[str]
    near: tuple[float, float] | None = None
    within_m: float | None = None

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a place is near enough."""
        return self.near is None or self.within_m is None or metres(*self.near, lat, lon) <= self.within_m


@dataclass(frozen=True, slots=True)
class Thing:
    """One object of the map: its kind (node, way, relation), number, version, tags; `members` are a relation's ways."""

    kind: str
    number: int
    version: int
    tags: Mapping[str, str]
    members: tuple[int, ...] = ()

    @property
    def osm(self) -> str:
        """The object as the map names it."""
        return f"{self.kind}/{self.number}"


def read(path: Path, scope: Scope) -> Iterator[Item]:
    """Every named place of these professions: a record, a rejection, or counted as out of scope."""
    try:
        yield from _read(path, scope)
    except (RuntimeError, OSError, ValueError) as fault:
        raise Unreadable(
            _("This map file is damaged or cut off (%(why)s). Fetch it once more.") % {"why": clean(str(fault), 120)}
        ) from fault


def _read(path: Path, scope: Scope) -> Iterator[Item]:
    import osmium

    with open(path, "rb") as begun:
        file = osmium.io.File(str(path), formats.map_format(begun.read(65_536)))
    related = list(_relations(file))
    needed = {number for thing in related for number in thing.members}
    middles: dict[int, tuple[float, float]] = {}
    skipped = 0
    rows = osmium.FileProcessor(file, osmium.osm.NODE | osmium.osm.WAY).with_locations()
    if not needed:
        rows = rows.with_filter(osmium.filter.KeyFilter(*map_keys()))
    for row in rows:
        if row.is_way() and row.id in needed:
            middle = _middle(row)
            if middle:
                middles[row.id] = middle
        thing = _thing(row)
        if not thing.tags.get("name") or not map_keys() & thing.tags.keys():
            continue
        item = record_of(thing, _middle(row) if row.is_way() else (row.location.lat, row.location.lon), scope)
        skipped += item is None
        if item is not None:
            yield item
    for thing in related:
        ways = [middles[number] for number in thing.members if middles.get(number)]
        middle = (sum(w[0] for w in ways) / len(ways), sum(w[1] for w in ways) / len(ways)) if ways else None
        item = record_of(thing, middle, scope)
        skipped += item is None
        if item is not None:
            yield item
    if skipped:
        yield OutOfScope(skipped)


def _relations(file) -> Iterator[Thing]:
    """The named relations of any trade, with their ways."""
    import osmium

    rows = osmium.FileProcessor(file, osmium.osm.RELATION).with_filter(osmium.filter.KeyFilter(*map_keys()))
    for row in rows:
        thing = _thing(row)
        if thing.tags.get("name"):
            ways = tuple(m.ref for m in row.members if m.type == "w")
            yield Thing(thing.kind, thing.number, thing.version, thing.tags, ways)


def _thing(row) -> Thing:
    tags = {tag.k: tag.v for tag in row.tags}
    return Thing(KINDS[row.type_str()], row.id, max(row.version or 0, 0), tags)


def _middle(way) -> tuple[float, float] | None:
    """The centroid of a way: of the area that it encloses, else the mean of its nodes; None where none has a place.

    The area's centroid by the shoelace formula, in degrees: buildings are small enough for that.
    """
    points = [(node.lat, node.lon) for node in way.nodes if node.location.valid()]
    if not points:
        return None
    lat0, lon0 = points[0]
    local = [(lat - lat0, lon - lon0) for lat, lon in points]
    edges = list(zip(local, local[1:], strict=False)) if points[0] == points[-1] else []
    crosses = [(a[0] * b[1] - b[0] * a[1], a, b) for a, b in edges]
    area = sum(cross for cross, _a, _b in crosses)
    if abs(area) < 1e-14:
        distinct = points[:-1] if len(points) > 1 and points[0] == points[-1] else points
        return sum(p[0] for p in distinct) / len(distinct), sum(p[1] for p in distinct) / len(distinct)
    lat = sum(cross * (a[0] + b[0]) for cross, a, b in crosses) / (3 * area)
    lon = sum(cross * (a[1] + b[1]) for cross, a, b in crosses) / (3 * area)
    return lat0 + lat, lon0 + lon


def record_of(thing: Thing, middle: tuple[float, float] | None, scope: Scope) -> Record | Rejected | None:
    """The record of a place; None where it is out of scope, a rejection where its place is not told."""
    name = clean(" ".join(thing.tags.get("name", "").split()), 200)
    found = professions_of_tags(thing.tags, scope.professions)
    if not name or not found:
        return None
    where = f"{thing.kind} {thing.number}"
    if middle is None or not (-90 <= middle[0] <= 90 and -180 <= middle[1] <= 180):
        return Rejected(where, _("The file does not say where “%(name)s” is.") % {"name": name})
    if not scope.holds(*middle):
        return None
    record = Record(
        where, name, "organisation", profession=found[0], professions=list(found),
        stream=all_professions()[found[0]].stream,
    )  # fmt: skip
    record.place = OnMap(thing.osm, thing.version, round(middle[0], 7), round(middle[1], 7))
    _fill(record, thing.tags)
    return record


def _fill(record: Record, tags: Mapping[str, str]) -> None:
    """Telephones, e-mails, websites, address, hours and further names of a place."""
    for key, kind in PHONES.items():
        for value in _values(tags, key):
            if value not in [p.value for p in record.phones]:
                record.phones.append(Phone(value, kind, e164(value)))
    record.emails = [Email(v, "work") for v in dict.fromkeys(v for key in EMAILS for v in _values(tags, key))]
    record.urls = list(dict.fromkeys(url for key in URLS for v in _values(tags, key) if (url := _url(v))))
    record.other_names = [
        clean(value, 200) for key in OTHER_NAMES for value in _values(tags, key) if clean(value, 200) != record.name
    ]
    address = _address(tags, record.place)
    record.addresses = [address] if address else []
    _keep_hours(record, tags.get("opening_hours", ""))
    for key, title in (("operator", _("Operator")), ("brand", _("Brand")), ("description", _("Description"))):
        if tags.get(key) and tags[key] != record.name:
            record.keep(title, clean(tags[key]))


def _keep_hours(record: Record, hours: str) -> None:
    """The hours as they stand; those that are longer than any place's are no hours, and stand among the further values."""
    hours = clean(" ".join(hours.split()))
    if len(hours) <= 400:
        record.place.hours = hours
    else:
        record.keep(_("Opening hours"), hours)


def _values(tags: Mapping[str, str], key: str) -> list[str]:
    return [value for part in tags.get(key, "").split(";") if (value := clean(part, 400))]


def _url(value: str) -> str:
    """A web address with its scheme; "" where it is none."""
    if value.casefold().startswith(("http://", "https://")):
        return value
    return f"https://{value}" if "." in value and ":" not in value and " " not in value else ""


def _address(tags: Mapping[str, str], place: OnMap) -> Address | None:
    number, street = tags.get("addr:housenumber", ""), tags.get("addr:street") or tags.get("addr:place", "")
    parts = (number, street) if writes_number_first(place.lat, place.lon) else (street, number)
    line1 = clean(" ".join(filter(None, parts)), 200) if street else ""
    unit = clean(tags.get("addr:unit", ""), 60)
    said = [clean(tags.get(f"addr:{key}", ""), 100) for key in ("city", "state", "postcode", "country")]
    if not line1 and not any(said[:3]):
        return None
    return Address(line1, _("Unit %(unit)s") % {"unit": unit} if unit else "", *said, kind=LABEL)
