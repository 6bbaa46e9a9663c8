"""The rows of one import while they are kept, gathered by model, with where every value came from."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from kneadwork.common import acts
from kneadwork.common.ids import new_id
from kneadwork.exchange import sources
from kneadwork.exchange.comparing import contact_rows
from kneadwork.exchange.matching import reaches
from kneadwork.exchange.models import Import, KeptRecord, StagedRow
from kneadwork.exchange.neutral import OnMap, Record, digest
from kneadwork.network.connections import name_parts, set_place
from kneadwork.network.merging import remember_two
from kneadwork.network.models import (
    Address,
    Client,
    Connection,
    ContactPoint,
    MergeProposal,
    Place,
    Provenance,
    Tag,
)
from kneadwork.network.visits import first_day
from kneadwork.referrals.models import Referral

PART_FIELDS = ("given", "middle", "family", "prefix", "suffix", "credentials", "nickname", "organisation", "title",
               "profession", "npi", "note", "met_through")  # fmt: skip
#: Said by the name as it came.
NAME_PARTS = frozenset({"given", "middle", "family", "prefix", "suffix"})
#: The columns of where a value came from.
TOLD = ("connection_id", "field", "value", "origin", "noted_at")


class Gatherer:
    """The rows of one import, gathered by model so that they are inserted in bulk."""

    fields = PART_FIELDS

    def __init__(self, batch: Import, on: date) -> None:
        self.batch, self.on, self.now, self.read_at = batch, on, timezone.now(), batch.read_at
        self.new: dict[type, list] = {
            m: [] for m in (Connection, ContactPoint, Address, Tag, Client, Place, KeptRecord, Referral)
        }
        self.changed: dict[type, dict[int, Any]] = {}
        self.made: dict[int, int] = {}
        self.laid = acts.Laid()
        self.told: list[tuple[int, str, str, str]] = []
        self.proposals: list[tuple[int, int, str]] = []
        self.apart: list[tuple[int, int]] = []
        self.sent: list[tuple[Record, int, int | None, tuple[date | None, bool]]] = []
        self.names: list[tuple[int, list[str], set[str]]] = []

    def create(self, row: StagedRow, record: Record) -> None:
        """A new connection of a staged row."""
        stream = row.choice.get("stream") or record.stream
        c = Connection(
            id=new_id(), kind=record.kind, name=record.name, stream=stream, professions=record.professions,
            other_names=record.other_names, extra=record.extra, added_at=self.now,
            **{f: getattr(record, f) for f in PART_FIELDS},
        )  # fmt: skip
        if record.place:
            c.latitude, c.longitude = record.place.lat, record.place.lon
            self.add_place(c.pk, record.place)
        else:
            set_place(c, *record.addresses)
        self.new[Connection].append(c)
        self.made[row.pk] = c.pk
        self.remember(c.pk, record)
        self.add_parts(c.pk, record, row.place, contact_rows(record), range(len(record.addresses)), record.tags)
        client = self.add_client(c.pk, record) if record.client is not None else None
        self.names.append((c.pk, [c.name, *c.other_names], reaches(record)))
        if record.referred_by_is_source:
            self.sent.append((record, c.pk, client.pk if client else None, first_day(record.client)))
        elif record.referred_by:
            c.met_through = c.met_through or record.referred_by
        for name in PART_FIELDS:
            if getattr(record, name) and name not in NAME_PARTS:
                self.source(c.pk, name, getattr(record, name), row.place)
        if row.likeness_of and row.choice.get("other"):
            self.apart.append((c.pk, row.likeness_of))
        elif row.likeness_of:
            self.proposals.append((c.pk, row.likeness_of, row.likeness))

    def add_parts(
        self, pk: int, record: Record, place: str, contacts, addresses, tags, have=frozenset()
    ) -> list[Address]:
        """Contact points, addresses and tags of a connection, with where they came from; answers the addresses.

        have: the kinds (and "address") of which there is a preferred one already.
        """
        first, made = set(have), []
        for kind, value, normal, label in contacts:
            self.new[ContactPoint].append(
                ContactPoint(id=new_id(), connection_id=pk, kind=kind, value=value[:400], normal=normal[:400],
                             label=label[:40], preferred=kind not in first)
            )  # fmt: skip
            first.add(kind)
            self.source(pk, kind, value, place)
        for number in addresses:
            a = record.addresses[number]
            made.append(
                Address(id=new_id(), connection_id=pk, label=a.kind, line1=a.line1[:200], line2=a.line2[:200],
                        city=a.city[:100], region=a.region[:60], postal=a.postal[:20], country=a.country[:60],
                        phone=a.phone[:40], preferred="address" not in first)
            )  # fmt: skip
            first.add("address")
            self.source(pk, "address", a.line1, place)
        self.new[Tag] += [Tag(id=new_id(), connection_id=pk, name=t[:60]) for t in dict.fromkeys(tags) if t]
        if record.name != record.npi:  # the registry's further files know the number alone
            self.source(pk, "name", record.name, place)
        self.new[Address] += made
        return made

    def remember(self, pk: int, record: Record) -> None:
        """That this very record is this connection."""
        self.new[KeptRecord].append(KeptRecord(id=new_id(), connection_id=pk, digest=digest(record)))

    def source(self, pk: int, field: str, value: str, place: str) -> None:
        """Where one value came from."""
        self.told.append((pk, field[:40], value[:400], f"{self.batch.name}, {place}"[:200]))

    def add_client(self, pk: int, record: Record) -> Client:
        """The client's own record."""
        facts = record.client
        client = Client(
            id=new_id(), connection_id=pk, name=record.name, number=facts.number[:60], since=facts.since,
            first_visit=facts.first_visit, last_visit=facts.last_visit, visits=facts.visits,
        )  # fmt: skip
        self.new[Client].append(client)
        return client

    def add_place(self, pk: int, place: OnMap) -> None:
        """Where a connection stands on the map, with its hours."""
        row = Place(id=new_id(), connection_id=pk, osm=place.osm, version=place.version, latitude=place.lat,
                    longitude=place.lon, hours=place.hours, noted_at=self.now)  # fmt: skip
        self.new[Place].append(row)

    def change(self, row) -> None:
        """A row that was there and has other values now."""
        self.changed.setdefault(type(row), {})[row.pk] = row

    def lay_ready(self) -> None:
        """Lay what was gathered of new connections ready to be written."""
        for model, rows in self.new.items():
            self.laid.add(rows, with_owner=model.goes_silently)
            rows.clear()
        self.laid.add_values(Provenance, TOLD, [(*row, self.now) for row in self.told])
        self.told.clear()

    def add_rows(self) -> None:
        """Write what was laid ready, and what was gathered since."""
        self.laid.write()
        self.laid = acts.Laid()
        for changed in self.changed.values():
            acts.save_all(list(changed.values()))
        self.changed.clear()
        made = set(self.made.values())
        for model, rows in self.new.items():
            if model.goes_silently:
                acts.add_all([row for row in rows if row.connection_id in made], with_owner=True)
                acts.add_all([row for row in rows if row.connection_id not in made], keep_images=False)
            else:
                acts.add_all(rows)
            rows.clear()
        self._add_told(made)

    def _add_told(self, made: set[int]) -> None:
        """Write where values came from; of connections that this import made, the history does not tell it one by one."""
        told = [(row[0] in made, (*row, self.now)) for row in self.told]
        acts.add_values(Provenance, TOLD, [row for new, row in told if new])
        rows = [Provenance(id=new_id(), **dict(zip(TOLD, row, strict=True))) for new, row in told if not new]
        acts.add_all(rows, keep_images=False)
        self.told.clear()

    def insert(self) -> None:
        """Insert what was gathered, then what refers to it."""
        self.add_rows()
        pairs = {
            tuple(sorted((pk, other))): reason
            for pk, like, reason in reversed(self.proposals)
            if (other := self.made.get(like, like)) != pk
        }
        there = acts.rows_by_id(Connection, {pk for pair in pairs for pk in pair})
        acts.add_all([
            MergeProposal(id=new_id(), low_id=low, high_id=high, reason=reason[:200], proposed_at=self.now)
            for (low, high), reason in pairs.items() if low in there and high in there
        ])  # fmt: skip
        for pk, like in self.apart:
            remember_two(pk, self.made.get(like, like))
        self.proposals, self.apart = [], []

    def link_sources(self) -> None:
        """The booking file's *referred by*: a referral in by the person or office it names.

        Its day is when the client began, else no later than any visit of theirs that is known; where nothing is, the
        day on which it came in, which is then not known.
        """
        known = sources.load(record for record, _pk, _client, _day in self.sent)
        for pk, names, reached in self.names:
            known.learn(pk, names, reached)
        for record, pk, client, (day, is_known) in self.sent:
            found = known.find(record, pk)
            source = found.meant or self.new_source(record, found, known)
            in_time = day is not None and day <= self.on
            self.new[Referral].append(
                Referral(connection_id=source, person=record.name, client_id=client, on=day if in_time else self.on,
                         day_known=in_time and is_known, origin="import")
            )  # fmt: skip
        self.sent.clear()
        self.insert()

    def new_source(self, record: Record, found: sources.Found, known: sources.Known) -> int:
        """A connection for somebody who sent a client and is not known yet, or of whom it is open who is meant."""
        guess = sources.somebody_new(record)
        parts = name_parts(guess.name) if guess.kind == "person" else {}
        source = Connection(id=new_id(), name=guess.name, kind=guess.kind, stream=guess.stream, added_at=self.now,
                            profession=guess.profession, professions=guess.professions, **parts)  # fmt: skip
        self.new[Connection].append(source)
        self.add_parts(source.pk, guess, record.where, contact_rows(guess), (), ())
        self.proposals += [(source.pk, other, found.reason) for other in found.alike]
        known.learn(source.pk, (guess.name,), sources.reaches_said(record))
        known.stands_for[source.pk] |= set(found.alike)
        return source.pk
