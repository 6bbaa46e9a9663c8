"""A card becomes a connection, or joins a known one, by the one way in: the same record, matching and keeping as an import.

A member who may not see clients learns nothing of whom a card matches among them: the card becomes somebody new, and the
two are proposed as one to those who may see both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time

from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.common.models import Act
from kneadwork.exchange import keeping, matching, staging
from kneadwork.exchange.models import Import, KeptRecord, StagedRow
from kneadwork.exchange.neutral import Email, Phone, Record, digest
from kneadwork.exchange.normal import e164
from kneadwork.exchange.readers.card import postal
from kneadwork.network import cards, planned, seeing, touching
from kneadwork.network.cards import CardRefused
from kneadwork.network.models import Card, CardReading, Connection, PlannedStep, Stream
from kneadwork.practice.models import Member
from kneadwork.practice.rights import sees_clients

#: The kind of an import that is one card; the page of imports does not list them.
KIND = "card"


@dataclass(frozen=True, slots=True)
class Step:
    """When and how one means to be in touch."""

    how: str
    on: date
    at: time | None = None
    place: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Met:
    """What a yes did: the connection, whether they were known, the step planned (None where they said stop), the act."""

    connection: Connection
    known: bool
    step: PlannedStep | None
    act: Act


def record_of(card: Card) -> Record:
    """The neutral record of what is known from a card, cleaned and recognised: what a hand wrote down stands, what it does
    not speak of (of which kind a number is, a fax, a note of the code) is as it was read."""
    reading = CardReading.objects.filter(card=card).first()
    told, read = cards.told(card, reading), reading.fields if reading else {}
    record = Record(where=_("a card"), name=told["name"] or told["organisation"])
    record.kind = "person" if told["name"] else "organisation"
    record.organisation = told["organisation"] if told["name"] else ""
    record.title = told["title"]
    record.note = "\n".join(one["text"] for one in read.get("note", []))
    record.other_names = [one["text"] for one in read.get("other_name", [])]
    record.phones = _phones(_several(told["phone"], "[;/]"), read.get("phone", []))
    record.emails = [Email(one, "work") for one in _several(told["email"], ";")]
    record.urls = [told["url"]] if told["url"] else []
    record.addresses = [postal.parts(told["address"])] if told["address"] else []
    staging.tidy(record)
    return record


def _several(text: str, between: str) -> list[str]:
    return [one.strip() for one in re.split(between, text) if one.strip()]


def _phones(known: list[str], read: list[dict]) -> list[Phone]:
    """The numbers that stand, each of the kind that was read beside it, and the faxes."""
    kinds = {e164(one["text"]) or one["text"]: one.get("kind", "") for one in read}
    phones = [Phone(one, kinds.get(e164(one) or one) or "work") for one in known]
    there = {e164(one) or one for one in known}
    faxes = [text for text, kind in ((one["text"], one.get("kind")) for one in read) if kind == cards.FAX]
    return phones + [Phone(one, cards.FAX) for one in faxes if (e164(one) or one) not in there]


def match_of(record: Record, *, by: Member | None) -> tuple[Connection | None, str]:
    """Whom a card certainly joins and why, as far as this member may see them; (None, "") where it is somebody new."""
    index = matching.Index()
    matching.load([record], index)
    found = matching.match(record, index)
    known = seeing.connections(by).filter(pk=found.joins).first() if found.joins else None
    return known, found.reason if known else ""


def say_yes(
    card: Card, step: Step | None, *, on: date, by: Member | None = None, stream: str = "", profession: str = "",
    somebody_else: bool = False,
) -> Met:  # fmt: skip
    """Take a card up: a connection, met at its event, with the next step; as one act, which can be undone.

    step: None where they are only to be kept. somebody_else: not the one whom the card would join.
    """
    cards.refuse_decided(card)
    record = record_of(card)
    if not record.name:
        raise CardRefused(_("Whose card is it? Write down a name, or the name of the place."))
    seeing.refuse_hidden_stream(by, stream)
    if profession:
        record.profession, record.professions, record.stream = profession, [profession], ""
        staging.tidy(record)
    with acts.act("card yes", record.name, by=by) as doing:
        try:
            connection, known = _keep(card, record, stream=stream, apart=somebody_else, on=on, by=by)
        except keeping.NotReady as refused:  # somebody was added in this very moment
            raise CardRefused(str(refused)) from refused
        _say_where(card, connection, on=on, by=by)
        cards.say_yes(card, connection, on=on, by=by)
        may_plan = step is not None and not connection.stops.exists()
        made = _planned(connection, step, on=on, by=by) if may_plan else None
        act = doing.row()
    return Met(connection, known, made, act)


def _keep(
    card: Card, record: Record, *, stream: str, apart: bool, on: date, by: Member | None
) -> tuple[Connection, bool]:
    """The connection that the record makes or joins, through staging and keeping; and whether it was known."""
    name = _("Card from %(event)s") % {"event": card.event.title} if card.event else _("A card")
    batch = Import(name=name[:200], kind=KIND, asked_at=timezone.now(), asked_by=by)
    batch.save()
    staging.stage(batch, iter([record]))
    row = StagedRow.objects.get(batch=batch)
    hidden = row.match and not seeing.connections(by).filter(pk=row.match).exists()
    if row.match and (apart or hidden):
        row.outcome, row.likeness_of, row.match, row.changes = "created", row.match, None, {}
        row.choice = {"other": True} if apart else {}
    if stream:
        row.choice = {**row.choice, "stream": stream}
    row.save()
    keeping.keep(batch, on=on, by=by)
    kept = row.match or KeptRecord.objects.filter(digest=digest(record)).order_by("-pk").first().connection_id
    return Connection.objects.get(pk=kept), row.match is not None


def _say_where(card: Card, connection: Connection, *, on: date, by: Member | None) -> None:
    """That they were met: a touch on the event's day, and how they are known where nothing is said yet."""
    event = card.event
    day = min(event.on if event else timezone.localtime(card.captured_at).date(), on)
    words = _("Met at %(event)s.") % {"event": event.title} if event else _("They gave us their card.")
    touching.log(connection, "event", on=day, today=on, words="\n".join(filter(None, (words, card.words))), by=by)
    if event and not connection.how_known:
        connection.how_known = (_("met at %(event)s") % {"event": event.title})[:200]
        connection.save()


def _planned(connection: Connection, step: Step, *, on: date, by: Member | None) -> PlannedStep:
    return planned.plan(
        connection, step.how, on=step.on, today=on, at=step.at, place=step.place, purpose=step.purpose, by=by
    )


def streams_for(by: Member | None) -> list[tuple[str, str]]:
    """The streams into which this member may put somebody."""
    return [(key, str(label)) for key, label in Stream.choices if key != Stream.CLIENTS or sees_clients(by)]
