"""Bringing a record's news to a connection that is known: in pieces, with a fixed number of queries for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.exchange.comparing import Parts, news, not_taken, parts_of
from kneadwork.exchange.gatherer import Gatherer
from kneadwork.exchange.models import StagedRow
from kneadwork.exchange.neutral import Record
from kneadwork.exchange.staging import from_json
from kneadwork.network.addresses import address_key
from kneadwork.network.connections import set_place
from kneadwork.network.models import Address, Connection, ContactPoint, Retirement
from kneadwork.network.visits import better, first_day

PIECE = 500


@dataclass(slots=True)
class Known:
    """A connection that a staged row is about, as it is now, with its parts."""

    connection: Connection
    parts: Parts


def keep_news(work: Gatherer, rows) -> None:
    """Keep what the rows of an import bring to connections known already, or made by earlier rows of the same file."""
    brought = set(work.made.values())
    numbers = list(rows.filter(outcome__in=("updated", "merged", "retired")).values_list("pk", flat=True))
    for start in range(0, len(numbers), PIECE):
        staged = [r for r in rows.filter(pk__in=numbers[start : start + PIECE]) if not r.choice.get("leave_out")]
        for row, record, known in _with_news(work, staged, brought):
            _keep_one(work, row, record, known)
        work.insert()


def _with_news(
    work: Gatherer, staged: list[StagedRow], brought: set[int]
) -> Iterator[tuple[StagedRow, Record, Known | None]]:
    """Each row with whom it is about; compared anew where an earlier row of the file brought them something already."""
    whom = {row.pk: work.made.get(row.match, row.match) for row in staged}
    people = Connection.objects.in_bulk(set(whom.values()))
    parts, records = parts_of(people), {row.pk: from_json(row.record) for row in staged}
    again = {pk: (people[c], records[pk]) for pk, c in whom.items() if c in people and c in brought}
    anew, seen = news(again, set(), work.batch.name) if again else {}, set()
    for row in staged:
        pk = work.made.get(row.match or 0, row.match or 0)
        c = people.get(pk)
        if pk in seen or (c is None and row.match in work.made):
            work.insert()
            c = Connection.objects.filter(pk=pk).first()
            known = Known(c, parts_of([pk])) if c else None
            row.changes = news({0: (c, records[row.pk])}, set(), work.batch.name)[0] if c else {}
        else:
            known = Known(c, parts) if c else None
            row.changes = anew.get(row.pk, row.changes)
        yield row, records[row.pk], known
        seen.add(work.made.get(row.match, row.match))
        brought.add(work.made.get(row.match, row.match))


def _keep_one(work: Gatherer, row: StagedRow, record: Record, known: Known | None) -> None:
    if known is None:
        if row.outcome == "merged" and record.name != record.npi:  # the row it would have joined was left out
            work.create(row, record)
            work.made[row.match or 0] = work.made[row.pk]
    elif row.outcome == "retired":
        Retirement(connection=known.connection, on=record.retired_on, origin=work.batch.name[:200]).save()
    else:
        work.remember(known.connection.pk, record)
        if row.changes:
            update(work, row, record, known)


def update(work: Gatherer, row: StagedRow, record: Record, known: Known) -> None:
    """What is new about a known connection."""
    c, changes = known.connection, row.changes
    _set_fields(work, row, record, c)
    points, addresses = _without_outdated(known, changes.get("follow", {}))
    have = {p.kind for p in points if p.preferred} | {"address" for a in addresses if a.preferred}
    made = work.add_parts(
        c.pk,
        record,
        row.place,
        changes.get("contacts", []),
        changes.get("addresses", []),
        changes.get("tags", []),
        have,
    )
    _place_anew(record, c, [*addresses, *made], moved="addresses" in changes.get("follow", {}))
    if changes.get("place"):
        _bring_place(work, record, known)
    work.change(c)
    _keep_client(work, row, record, known)
    if "alive" in changes:
        acts.remove_all(list(Retirement.objects.filter(connection=c)))


def _set_fields(work: Gatherer, row: StagedRow, record: Record, c: Connection) -> None:
    changes = row.changes
    for name in work.fields:
        if changes.get(name) and not getattr(c, name):
            setattr(c, name, changes[name])
            work.source(c.pk, name, changes[name], row.place)
    for name, value in changes.get("follow", {}).get("fields", {}).items():
        setattr(c, name, value)
        work.source(c.pk, name, value, row.place)
    for name, value in changes.get("differs", {}).items():
        work.source(c.pk, name, not_taken(value), row.place)
    if "note_added" in changes:
        c.note = f"{c.note}\n\n{changes['note_added']}"
        work.source(c.pk, "note", changes["note_added"], row.place)
    c.other_names = [*c.other_names, *changes.get("other_names", [])]
    if "profession" in changes and c.profession == changes["profession"]:
        c.professions = record.professions
    c.professions = [*c.professions, *(p for p in changes.get("professions", []) if p not in c.professions)]
    for title, said in changes.get("extra", {}).items():
        if title in c.extra:
            work.source(c.pk, title, _("%(value)s (before)") % {"value": c.extra[title]}, row.place)
            work.source(c.pk, title, said, row.place)
    c.extra = {**c.extra, **changes.get("extra", {})}


def _without_outdated(known: Known, follow: dict) -> tuple[list[ContactPoint], list[Address]]:
    """The contacts and addresses that stay; what the registry names no longer goes."""
    c, parts = known.connection, known.parts
    points = {p.pk: p for p in parts.points[c.pk]}
    addresses = {a.pk: a for a in parts.addresses[c.pk]}
    acts.remove_all([points.pop(pk) for pk in follow.get("contacts", []) if pk in points])
    acts.remove_all([addresses.pop(pk) for pk in follow.get("addresses", []) if pk in addresses])
    return list(points.values()), list(addresses.values())


def _place_anew(record: Record, c: Connection, addresses: list[Address], *, moved: bool) -> None:
    """Where they are: found from the first address with a place, or anew where the registry says that they moved."""
    if moved and addresses and not any(a.preferred for a in addresses):
        now = {address_key(a) for a in record.addresses}
        heir = next((a for a in addresses if address_key(a) in now), addresses[0])
        acts.set_all([heir], preferred=True)
    if not record.place and (c.latitude is None or moved):
        preferred = sorted(addresses, key=lambda a: not a.preferred)
        set_place(c, *(preferred[:1] if moved else preferred))


def _bring_place(work: Gatherer, record: Record, known: Known) -> None:
    """Where they stand on the map, and when they are open there: exact, so it counts before the place of an address."""
    c, place = known.connection, record.place
    c.latitude, c.longitude, c.place_rough = place.lat, place.lon, False
    same = next((row for row in known.parts.places[c.pk] if row.osm == place.osm), None)
    if same is None:
        work.add_place(c.pk, place)
        return
    same.latitude, same.longitude, same.hours, same.version = place.lat, place.lon, place.hours, place.version
    same.noted_at = work.now
    work.change(same)


def _keep_client(work: Gatherer, row: StagedRow, record: Record, known: Known) -> None:
    c = known.connection
    client = known.parts.clients.get(c.pk)
    day = first_day(client, record.client)
    if "client" in row.changes and client is None:
        client = work.add_client(c.pk, record)
    elif "client" in row.changes:
        for name, value in better(client, record.client).items():
            setattr(client, name, value)
        client.number = client.number or record.client.number[:60]
        work.change(client)
    if "referral" in row.changes:
        work.sent.append((record, c.pk, client.pk if client else None, day))
