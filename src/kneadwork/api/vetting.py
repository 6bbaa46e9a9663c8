"""Vetting: whether the practice would send its own family there. The newest verdict stands."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from kneadwork.api import records, seeing
from kneadwork.api.routes import route
from kneadwork.api.shapes import About, Day, Page, RecordQuery, Ref, Said5000, Strict, past
from kneadwork.network import vetting
from kneadwork.network.models import Verdict
from kneadwork.practice.rights import Right

router = Router()
Answer = Literal["yes", "not yet", "no"]


class NewVerdict(Strict):
    """A verdict with its reason; without a day it is of today."""

    connection: Ref
    answer: Answer
    reason: Said5000
    on: Day | None = None


class VerdictOut(About):
    """A verdict as recorded."""

    answer: Answer
    reason: str
    on: str


class VerdictPage(Page):
    """One page of verdicts."""

    vetting: list[VerdictOut]


@route(router, "GET", "/vetting", Right.VERDICTS, gives=VerdictPage, single=True)
def list_all(request: HttpRequest, given: Query[RecordQuery]) -> HttpResponse:
    """Verdicts, newest first."""
    return records.listed(request, "vetting", Verdict, document, given)


@route(router, "POST", "/vetting", Right.VERDICTS, gives=VerdictOut, status=201)
def decide(request: HttpRequest, given: NewVerdict) -> HttpResponse:
    """Record a verdict; yes is refused while a red flag is open."""
    here, on = seeing.connection(request, given.connection), past(given.on, request.today)
    made = vetting.decide(here, given.answer, reason=given.reason, on=on, by=request.member)
    return records.made("vetting", document(made))


@route(router, "GET", "/vetting/{ref}", Right.VERDICTS, gives=VerdictOut, single=True)
def get(request: HttpRequest, ref: str) -> HttpResponse:
    """One verdict."""
    return records.one(request, Verdict, document, ref)


def document(row: Verdict) -> dict:
    """A verdict as programs get it."""
    return records.about(row) | {"answer": row.answer, "reason": row.reason, "on": row.on.isoformat()}
