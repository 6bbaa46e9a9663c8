"""Gifts: what was given first."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from kneadwork.api import records, seeing
from kneadwork.api.routes import route
from kneadwork.api.shapes import About, Day, Page, RecordQuery, Ref, Strict, Text200, Text2000, Text5000, past
from kneadwork.network import giving
from kneadwork.network.models import Gift
from kneadwork.practice.rights import Right, require

router = Router()
Form = Literal["referral", "introduction", "information", "client", "recommendation", "help"]


class NewGift(Strict):
    """Something given; without a day it was today."""

    connection: Ref
    form: Form
    words: Text5000 = ""
    person: Text200 = Field("", description="Who was sent, of a referral.")
    override: Text2000 = Field("", description="The owner's reason to give without a standing yes; it is kept.")
    on: Day | None = None


class GiftOut(About):
    """A gift as recorded."""

    form: Form
    words: str
    person: str
    overridden: bool = Field(description="Whether the owner gave it without a standing yes.")
    on: str


class GiftPage(Page):
    """One page of gifts."""

    gifts: list[GiftOut]


@route(router, "GET", "/gifts", Right.NETWORK, gives=GiftPage, single=True)
def list_all(request: HttpRequest, given: Query[RecordQuery]) -> HttpResponse:
    """Gifts, newest first."""
    return records.listed(request, "gifts", Gift, document, given)


@route(router, "POST", "/gifts", Right.NETWORK, gives=GiftOut, status=201)
def give(request: HttpRequest, given: NewGift) -> HttpResponse:
    """Record something given; a referral, an introduction and a recommendation need a standing yes."""
    here, on = seeing.connection(request, given.connection), past(given.on, request.today)
    if given.form == "referral":
        require(request.member, Right.REFERRALS)
    made = giving.give(
        here, given.form, on=on, words=given.words, person=given.person, override_reason=given.override,
        by=request.member,
    )  # fmt: skip
    return records.made("gifts", document(made))


@route(router, "GET", "/gifts/{ref}", Right.NETWORK, gives=GiftOut, single=True)
def get(request: HttpRequest, ref: str) -> HttpResponse:
    """One gift."""
    return records.one(request, Gift, document, ref)


def document(row: Gift) -> dict:
    """A gift as programs get it."""
    return records.about(row) | {
        "form": row.form, "words": row.words, "person": row.person, "overridden": row.override_id is not None,
        "on": row.on.isoformat(),
    }  # fmt: skip
