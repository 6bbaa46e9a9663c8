"""Insights: what was learned about a connection."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from kneadwork.api import records, seeing
from kneadwork.api.routes import route
from kneadwork.api.shapes import About, Day, Page, RecordQuery, Ref, Said5000, Strict, past
from kneadwork.common.ids import show
from kneadwork.network import insights
from kneadwork.network.models import Insight
from kneadwork.practice.rights import Right

router = Router()
Subject = Literal["does", "serves", "values", "needs", "reached", "massage", "other"]
Origin = Literal["", "letter", "email", "call", "visit", "meeting", "message", "event", "card", "website", "others"]


class NewInsight(Strict):
    """Something learned; without a day it was today."""

    connection: Ref
    words: Said5000
    about: Subject = "other"
    origin: Origin = Field("", description="Where it was learned; left out: not said.")
    on: Day | None = None


class InsightOut(About):
    """An insight as recorded."""

    words: str
    about: Subject
    origin: Origin
    touch: str | None = Field(description="The touch it came from, by its id; null where it came from none.")
    on: str


class InsightPage(Page):
    """One page of insights."""

    insights: list[InsightOut]


@route(router, "GET", "/insights", Right.NETWORK, gives=InsightPage, single=True)
def list_all(request: HttpRequest, given: Query[RecordQuery]) -> HttpResponse:
    """Insights, newest first."""
    return records.listed(request, "insights", Insight, document, given)


@route(router, "POST", "/insights", Right.NETWORK, gives=InsightOut, status=201)
def learn(request: HttpRequest, given: NewInsight) -> HttpResponse:
    """Keep something learned about a connection."""
    here, on = seeing.connection(request, given.connection), past(given.on, request.today)
    made = insights.learn(here, given.words, on=on, about=given.about, origin=given.origin, by=request.member)
    return records.made("insights", document(made))


@route(router, "GET", "/insights/{ref}", Right.NETWORK, gives=InsightOut, single=True)
def get(request: HttpRequest, ref: str) -> HttpResponse:
    """One insight."""
    return records.one(request, Insight, document, ref)


def document(row: Insight) -> dict:
    """An insight as programs get it."""
    return records.about(row) | {
        "words": row.words, "about": row.about, "origin": row.origin,
        "touch": show(row.touch_id) if row.touch_id else None, "on": row.on.isoformat(),
    }  # fmt: skip
