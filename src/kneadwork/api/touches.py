"""Touches: every contact with a connection, in either direction."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from kneadwork.api import records, seeing
from kneadwork.api.routes import route
from kneadwork.api.shapes import About, Channel, Day, Page, RecordQuery, Ref, Strict, Text60, Text5000, moment, past
from kneadwork.network import touching
from kneadwork.network.models import Touch
from kneadwork.practice.rights import Right

router = Router()


class NewTouch(Strict):
    """A touch to record; without a day it was today. `step` is the step of Today that it was, by its key."""

    connection: Ref
    channel: Channel
    on: Day | None = None
    from_them: bool = False
    answered: bool = True
    words: Text5000 = ""
    step: Text60 = ""
    minutes: int = Field(0, ge=0, le=600)


class TouchOut(About):
    """A touch as recorded."""

    channel: Channel
    on: str
    from_them: bool
    answered: bool
    words: str
    step: str
    minutes: int
    noted_at: str


class TouchPage(Page):
    """One page of touches."""

    touches: list[TouchOut]


@route(router, "GET", "/touches", Right.NETWORK, gives=TouchPage, single=True)
def list_all(request: HttpRequest, given: Query[RecordQuery]) -> HttpResponse:
    """Touches, newest first."""
    return records.listed(request, "touches", Touch, document, given)


@route(router, "POST", "/touches", Right.NETWORK, gives=TouchOut, status=201)
def log(request: HttpRequest, given: NewTouch) -> HttpResponse:
    """Record one contact."""
    here = seeing.connection(request, given.connection)
    values = given.dict(exclude={"connection", "channel", "on"})
    on = past(given.on, request.today)
    touch, _act = touching.log(here, given.channel, on=on, today=request.today, by=request.member, **values)
    return records.made("touches", document(touch))


@route(router, "GET", "/touches/{ref}", Right.NETWORK, gives=TouchOut, single=True)
def get(request: HttpRequest, ref: str) -> HttpResponse:
    """One touch."""
    return records.one(request, Touch, document, ref)


def document(row: Touch) -> dict:
    """A touch as programs get it."""
    return records.about(row) | {
        "channel": row.channel, "on": row.on.isoformat(), "from_them": row.from_them, "answered": row.answered,
        "words": row.words, "step": row.step, "minutes": row.minutes, "noted_at": moment(row.noted_at),
    }  # fmt: skip
