"""Vetting: the checks with what shows them, and whether the practice would send its own family there. The newest stands."""

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from kneadwork.api import records, seeing
from kneadwork.api.routes import route
from kneadwork.api.shapes import (
    About,
    Day,
    Page,
    RecordQuery,
    Ref,
    Said5000,
    Strict,
    Text40,
    Text400,
    Text2000,
    Text5000,
    past,
)
from kneadwork.network import vetting
from kneadwork.network.models import FitAnswer, Verdict
from kneadwork.practice.rights import Right

router = Router()
Answer = Literal["yes", "not yet", "no"]
Said = Literal["yes", "partly", "no"]
Key = Annotated[Text40, Field(description="A check of the list of the connection's stream.", examples=["mother"])]


class NewVerdict(Strict):
    """A verdict with its reason, and answers to checks that are kept with it; without a day it is of today."""

    connection: Ref
    answer: Answer
    reason: Said5000
    checks: dict[Key, Said] = Field({}, max_length=50, description="Answers to checks of the stream's list, by key.")
    override: Text2000 = Field("", description="The owner's reason for a yes without its required checks; it is kept.")
    on: Day | None = None


class VerdictOut(About):
    """A verdict as recorded."""

    answer: Answer
    reason: str
    override: str | None = Field(
        description="Why the owner went on without the required checks; null where nobody did."
    )
    on: str


class NewCheck(Strict):
    """An answer to one check, with what shows it; without a day it is of today."""

    connection: Ref
    check: Key
    answer: Said
    words: Text5000 = ""
    link: Text400 = Field("", description="Begins with https:// or http://.")
    on: Day | None = None


class CheckOut(About):
    """An answer as recorded; the newest to a check stands."""

    check: str
    asked: str = Field(description="The words in which it was asked; empty for answers older than those.")
    answer: Said
    words: str
    link: str
    picture: bool = Field(description="Whether a picture shows it.")
    on: str


class CheckPage(Page):
    """One page of answers to checks."""

    checks: list[CheckOut]


class VerdictPage(Page):
    """One page of verdicts."""

    vetting: list[VerdictOut]


@route(router, "GET", "/vetting", Right.VERDICTS, gives=VerdictPage, single=True)
def list_all(request: HttpRequest, given: Query[RecordQuery]) -> HttpResponse:
    """Verdicts, newest first."""
    return records.listed(request, "vetting", Verdict, document, given, joined="override")


@route(router, "POST", "/vetting", Right.VERDICTS, gives=VerdictOut, status=201)
def decide(request: HttpRequest, given: NewVerdict) -> HttpResponse:
    """Record a verdict; yes is refused while a red flag is open or a required check is missing."""
    here, on = seeing.connection(request, given.connection), past(given.on, request.today)
    made = vetting.decide(
        here, given.answer, reason=given.reason, checks=given.checks, override_reason=given.override, on=on,
        by=request.member,
    )  # fmt: skip
    return records.made("vetting", document(made))


@route(router, "GET", "/vetting/checks", Right.VERDICTS, gives=CheckPage, single=True)
def list_checks(request: HttpRequest, given: Query[RecordQuery]) -> HttpResponse:
    """Answers to checks, newest first."""
    return records.listed(request, "checks", FitAnswer, check_document, given)


@route(router, "POST", "/vetting/checks", Right.VERDICTS, gives=CheckOut, status=201)
def check(request: HttpRequest, given: NewCheck) -> HttpResponse:
    """Answer one check of the list of the connection's stream."""
    here, on = seeing.connection(request, given.connection), past(given.on, request.today)
    made = vetting.check(here, given.check, given.answer, on=on, words=given.words, link=given.link, by=request.member)
    return records.made("vetting/checks", check_document(made))


@route(router, "GET", "/vetting/checks/{ref}", Right.VERDICTS, gives=CheckOut, single=True)
def get_check(request: HttpRequest, ref: str) -> HttpResponse:
    """One answer to a check."""
    return records.one(request, FitAnswer, check_document, ref)


@route(router, "GET", "/vetting/{ref}", Right.VERDICTS, gives=VerdictOut, single=True)
def get(request: HttpRequest, ref: str) -> HttpResponse:
    """One verdict."""
    return records.one(request, Verdict, document, ref)


def document(row: Verdict) -> dict:
    """A verdict as programs get it."""
    override = row.override.why if row.override else None
    return records.about(row) | {
        "answer": row.answer, "reason": row.reason, "override": override, "on": row.on.isoformat(),
    }  # fmt: skip


def check_document(row: FitAnswer) -> dict:
    """An answer to a check as programs get it."""
    return records.about(row) | {
        "check": row.question, "asked": row.asked, "answer": row.answer, "words": row.words, "link": row.link,
        "picture": row.photo_id is not None, "on": row.on.isoformat(),
    }  # fmt: skip
