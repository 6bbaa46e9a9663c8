"""Asks: requests for referrals, refused while something is still missing, and what they answered."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from kneadwork.api import records, seeing, versions
from kneadwork.api.problems import Refused
from kneadwork.api.routes import route
from kneadwork.api.shapes import About, Channel, Day, Page, RecordQuery, Ref, Strict, Text5000, past
from kneadwork.network.models import Connection
from kneadwork.planning.keeping import views
from kneadwork.practice.rights import Right
from kneadwork.referrals import asking, asking_rules
from kneadwork.referrals.models import Ask

router = Router()
Word = Literal["yes", "later", "no"]


class NewAsk(Strict):
    """That somebody was asked; without a day it was today."""

    connection: Ref
    channel: Channel = "call"
    words: Text5000 = ""
    on: Day | None = None


class Answer(Strict):
    """What they answered; without a day it was today."""

    answer: Word
    on: Day | None = None


class AskOut(About):
    """An ask as recorded; answer is "" until there is one."""

    channel: str
    words: str
    on: str
    answer: Literal["", "yes", "later", "no"]
    answered_on: str | None


class AskPage(Page):
    """One page of asks."""

    asks: list[AskOut]


@route(router, "GET", "/asks", Right.REFERRALS, gives=AskPage, single=True)
def list_all(request: HttpRequest, given: Query[RecordQuery]) -> HttpResponse:
    """Asks, newest first."""
    return records.listed(request, "asks", Ask, document, given)


@route(router, "POST", "/asks", Right.REFERRALS, gives=AskOut, status=201)
def record(request: HttpRequest, given: NewAsk) -> HttpResponse:
    """Record an ask; too early is refused with what is missing."""
    here, on = seeing.connection(request, given.connection, to_change=True), past(given.on, request.today)
    missing = lacking(request, here)
    words = [asking_rules.words_for(m) for m in missing]
    try:
        made = asking.record(here, given.channel, on=on, missing=words, words=given.words, by=request.member)
    except asking.AskTooEarly as early:
        raise Refused(422, str(early), missing=[str(m) for m in missing])
    return records.made("asks", document(made))


def lacking(request: HttpRequest, here: Connection) -> list[asking_rules.Missing]:
    """What an ask of this connection lacks today: a day before today makes no ask earlier than it is."""
    seen = views([here.pk], request.practice, on=request.today)
    return [asking_rules.Missing(m) for m in seen[here.pk].missing]


@route(router, "GET", "/asks/{ref}", Right.REFERRALS, gives=AskOut, single=True)
def get(request: HttpRequest, ref: str) -> HttpResponse:
    """One ask."""
    return records.one(request, Ask, document, ref)


@route(router, "PATCH", "/asks/{ref}", Right.REFERRALS, gives=AskOut, single=True)
def answer(request: HttpRequest, ref: str, given: Answer) -> HttpResponse:
    """Record what they answered."""
    asked = seeing.found(seeing.records(request, Ask).select_for_update(), ref)
    versions.require_match(request, document(asked))
    said = asking.answer(asked, given.answer, on=past(given.on, request.today), by=request.member)
    return versions.respond(document(said))


def document(row: Ask) -> dict:
    """An ask as programs get it."""
    return records.about(row) | {
        "channel": row.channel, "words": row.words, "on": row.on.isoformat(), "answer": row.answer,
        "answered_on": row.answered_on.isoformat() if row.answered_on else None,
    }  # fmt: skip
