"""Introductions of two connections: meant, both asked, then made or let go. A made one is a gift to each."""

from typing import Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from kneadwork.api import records, seeing, versions
from kneadwork.api.problems import Refused
from kneadwork.api.routes import route
from kneadwork.api.shapes import Day, Page, RecordQuery, Ref, Strict, Text2000, Text5000, past
from kneadwork.common.ids import show
from kneadwork.network import introducing
from kneadwork.network.models import Introduction, IntroductionSide
from kneadwork.practice.rights import Right

router = Router()
Said = Literal["asked", "agreed", "declined"]


class NewIntroduction(Strict):
    """That two are to be introduced; both need a standing yes, or the owner's reason, which is kept."""

    connection: Ref
    other: Ref
    words: Text5000 = ""
    override: Text2000 = Field("", description="The owner's reason to go on without a standing yes; it is kept.")
    on: Day | None = None


class NewAnswer(Strict):
    """What one of the two was asked or said; without a day it was today."""

    connection: Ref
    said: Said
    on: Day | None = None


class End(Strict):
    """How it ended: made, once both agreed, or let go; without a day it was today."""

    ended: Literal["made", "let go"]
    on: Day | None = None


class SideOut(Schema):
    """One of the two, and what they said."""

    connection: str
    asked_on: str | None
    agreed_on: str | None
    declined_on: str | None
    overridden: bool = Field(description="Whether the owner went on without a standing yes of theirs.")


class IntroductionOut(Schema):
    """An introduction as recorded."""

    id: str
    words: str
    begun_on: str
    made_on: str | None
    let_go_on: str | None
    sides: list[SideOut]


class IntroductionPage(Page):
    """One page of introductions."""

    introductions: list[IntroductionOut]


@route(router, "GET", "/introductions", Right.NETWORK, gives=IntroductionPage, single=True)
def list_all(request: HttpRequest, given: Query[RecordQuery]) -> HttpResponse:
    """Introductions, newest first; none that names somebody this member may not see."""
    rows = seen(request).order_by("-pk").prefetch_related("sides")
    if given.connection:
        rows = rows.filter(sides__connection=seeing.connection(request, given.connection))
    return records.paged("introductions", rows, document, given)


@route(router, "POST", "/introductions", Right.NETWORK, gives=IntroductionOut, status=201)
def begin(request: HttpRequest, given: NewIntroduction) -> HttpResponse:
    """Mean to introduce two; refused without a standing yes of both."""
    one, other = seeing.connection(request, given.connection), seeing.connection(request, given.other)
    made = introducing.begin(
        one,
        other,
        on=past(given.on, request.today),
        words=given.words,
        override_reason=given.override,
        by=request.member,
    )
    return records.made("introductions", document(made))


@route(router, "GET", "/introductions/{ref}", Right.NETWORK, gives=IntroductionOut, single=True)
def get(request: HttpRequest, ref: str) -> HttpResponse:
    """One introduction."""
    return versions.respond_unless_known(request, document(seeing.found(seen(request), ref)))


@route(router, "POST", "/introductions/{ref}/answers", Right.NETWORK, gives=IntroductionOut, status=201)
def answer(request: HttpRequest, ref: str, given: NewAnswer) -> HttpResponse:
    """Note of one of the two that they were asked, agreed or would rather not."""
    meant, here = held(request, ref), seeing.connection(request, given.connection)
    side = meant.sides.select_related("connection", "introduction").filter(connection=here).first()
    if side is None:
        raise Refused(422, _("They are none of the two who are to be introduced."))
    introducing.note(side, given.said, on=past(given.on, request.today), by=request.member)
    return records.made("introductions", document(meant))


@route(router, "PATCH", "/introductions/{ref}", Right.NETWORK, gives=IntroductionOut, single=True)
def end(request: HttpRequest, ref: str, given: End) -> HttpResponse:
    """Say how it ended: made is refused before both agreed, and where a yes no longer stands."""
    meant, on = held(request, ref), past(given.on, request.today)
    versions.require_match(request, document(meant))
    verb = introducing.make if given.ended == "made" else introducing.let_go
    verb(meant, on=on, by=request.member)
    return versions.respond(document(meant))


def seen(request: HttpRequest) -> QuerySet:
    """The introductions of which this member may see both sides."""
    hidden = IntroductionSide.objects.exclude(connection__in=seeing.connections(request))
    return Introduction.objects.exclude(sides__in=hidden)


def held(request: HttpRequest, ref: str) -> Introduction:
    """One of them, held until the end of the transaction."""
    return seeing.found(Introduction.objects.filter(pk__in=seen(request).values("pk")).select_for_update(), ref)


def document(row: Introduction) -> dict:
    """An introduction as programs get it."""
    return {
        "id": row.ref, "words": row.words, "begun_on": row.begun_on.isoformat(), "made_on": _day(row.made_on),
        "let_go_on": _day(row.let_go_on),
        "sides": [
            {"connection": show(side.connection_id), "asked_on": _day(side.asked_on), "agreed_on": _day(side.agreed_on),
             "declined_on": _day(side.declined_on), "overridden": side.override_id is not None}
            for side in sorted(row.sides.all(), key=lambda side: side.pk)
        ],
    }  # fmt: skip


def _day(day) -> str | None:
    return day.isoformat() if day else None
