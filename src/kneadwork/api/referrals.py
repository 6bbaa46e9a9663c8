"""Referrals in: who was sent, by whom, when. Whether they came is not said here."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from kneadwork.api import records, seeing
from kneadwork.api.routes import route
from kneadwork.api.shapes import About, Day, Page, RecordQuery, Ref, Said200, Strict, Text5000, past
from kneadwork.practice.rights import Right
from kneadwork.referrals import referring
from kneadwork.referrals.models import Referral

router = Router()


class NewReferral(Strict):
    """A person sent by a connection; a first name is enough. Without a day it was today."""

    connection: Ref
    person: Said200
    words: Text5000 = ""
    on: Day | None = None


class ReferralOut(About):
    """A referral as recorded; `day_known` says whether `on` is the day itself or a guess."""

    person: str
    words: str
    on: str
    day_known: bool
    origin: str


class ReferralPage(Page):
    """One page of referrals."""

    referrals: list[ReferralOut]


@route(router, "GET", "/referrals", Right.REFERRALS, gives=ReferralPage, single=True)
def list_all(request: HttpRequest, given: Query[RecordQuery]) -> HttpResponse:
    """Referrals in, newest first."""
    return records.listed(request, "referrals", Referral, document, given)


@route(router, "POST", "/referrals", Right.REFERRALS, gives=ReferralOut, status=201)
def record(request: HttpRequest, given: NewReferral) -> HttpResponse:
    """Record that a connection sent somebody."""
    here, on = seeing.connection(request, given.connection), past(given.on, request.today)
    made = referring.record(
        here, given.person, on=on, today=request.today, origin="api", words=given.words, by=request.member
    )
    return records.made("referrals", document(made))


@route(router, "GET", "/referrals/{ref}", Right.REFERRALS, gives=ReferralOut, single=True)
def get(request: HttpRequest, ref: str) -> HttpResponse:
    """One referral."""
    return records.one(request, Referral, document, ref)


def document(row: Referral) -> dict:
    """A referral as programs get it."""
    return records.about(row) | {
        "person": row.person, "words": row.words, "on": row.on.isoformat(), "day_known": row.day_known,
        "origin": row.origin,
    }  # fmt: skip
