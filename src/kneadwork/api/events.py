"""Events: where people are met."""

from datetime import time
from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from kneadwork.api import records, seeing, versions
from kneadwork.api.routes import route
from kneadwork.api.shapes import Day, Page, PageQuery, Ref, Said200, Strict, Text254, Text2000
from kneadwork.network import events
from kneadwork.network.models import Event
from kneadwork.practice.rights import Right

router = Router()
Kind = Literal["workshop", "lecture", "class", "networking", "walk", "other"]


class NewEvent(Strict):
    """An event; times are the practice's own. hoped_for: connections one hopes to meet there."""

    title: Said200
    on: Day
    kind: Kind = "other"
    begins: time | None = None
    ends: time | None = None
    place: Text254 = ""
    purpose: Text2000 = ""
    hoped: Text2000 = ""
    hoped_for: list[Ref] = Field([], max_length=100)


class EventOut(Schema):
    """An event as recorded."""

    id: str
    title: str
    on: str
    kind: Kind
    begins: str | None
    ends: str | None
    place: str
    purpose: str
    hoped: str
    hoped_for: list[str]


class EventPage(Page):
    """One page of events."""

    events: list[EventOut]


@route(router, "GET", "/events", Right.NETWORK, gives=EventPage)
def list_all(request: HttpRequest, given: Query[PageQuery]) -> HttpResponse:
    """Events, the newest made first."""
    rows = Event.objects.order_by("-pk").prefetch_related("hopes")
    return records.paged("events", rows, lambda row: document(request, row), given)


@route(router, "POST", "/events", Right.NETWORK, gives=EventOut, status=201)
def make(request: HttpRequest, given: NewEvent) -> HttpResponse:
    """Make an event."""
    hoped_for = [seeing.connection(request, ref) for ref in dict.fromkeys(given.hoped_for)]
    times = {
        name: moment.replace(tzinfo=None) if (moment := getattr(given, name)) else None for name in ("begins", "ends")
    }
    more = {name: getattr(given, name) for name in ("kind", "place", "purpose", "hoped")}
    made = events.make(given.title, on=given.on, hoped_for=hoped_for, by=request.member, **more, **times)
    return records.made("events", document(request, made))


@route(router, "GET", "/events/{ref}", Right.NETWORK, gives=EventOut, single=True)
def get(request: HttpRequest, ref: str) -> HttpResponse:
    """One event."""
    return versions.respond_unless_known(request, document(request, seeing.found(Event.objects.all(), ref)))


def document(request: HttpRequest, row: Event) -> dict:
    """An event as programs get it; of those hoped for the ones this member may see."""
    hoped_for = seeing.connections(request).filter(pk__in=[hope.connection_id for hope in row.hopes.all()])
    return {
        "id": row.ref, "title": row.title, "on": row.on.isoformat(), "kind": row.kind,
        "begins": f"{row.begins:%H:%M}" if row.begins else None, "ends": f"{row.ends:%H:%M}" if row.ends else None,
        "place": row.place, "purpose": row.purpose, "hoped": row.hoped,
        "hoped_for": [one.ref for one in hoped_for.order_by("pk")] if row.hopes.all() else [],
    }  # fmt: skip
