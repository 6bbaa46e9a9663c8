"""Cards: collected, waiting for a decision, and decided: let go, later, or yes with when and how."""

import base64
import binascii
from datetime import UTC, datetime, time
from typing import Literal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from kneadwork.api import records, seeing, versions
from kneadwork.api.problems import Refused
from kneadwork.api.routes import route
from kneadwork.api.shapes import (
    Day,
    Page,
    PageQuery,
    Profession,
    StreamName,
    Strict,
    Text13,
    Text200,
    Text254,
    Text5000,
    moment,
)
from kneadwork.common.ids import show
from kneadwork.exchange import collecting, reading_cards
from kneadwork.network import cards
from kneadwork.network.models import Card, Event, PlannedStep
from kneadwork.practice.rights import Right

router = Router()
State = Literal["waiting", "later", "let go", "yes"]
How = Literal["call", "email", "meeting", "visit"]
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
#: Ten megabytes as base64.
MOST_LETTERS = 14_000_000


class NewCard(Strict):
    """A card: pictures as base64, the text of its code, words, or what stands on it. Without a moment it is now."""

    event: Text13 = ""
    front: str = Field("", max_length=MOST_LETTERS, description="A picture as base64: JPEG, PNG or HEIC.")
    back: str = Field("", max_length=MOST_LETTERS)
    code: Text5000 = ""
    words: Text5000 = ""
    name: Text200 = ""
    title: Text200 = ""
    organisation: Text200 = ""
    phone: Text200 = ""
    email: Text254 = ""
    url: Text254 = ""
    address: Text254 = ""
    captured_at: AwareDatetime | None = None


class CardOut(Schema):
    """A card: what is known from it, and what was decided. connection: whom a yes made or joined."""

    id: str
    event: str | None
    captured_at: str
    state: State
    connection: str | None
    pictures: list[Literal["front", "back"]]
    code: str
    words: str
    name: str
    title: str
    organisation: str
    phone: str
    email: str
    url: str
    address: str


class CardPage(Page):
    """One page of cards."""

    cards: list[CardOut]


class Decision(Strict):
    """What is decided, with what a hand corrected of the card first (null leaves a field as it was read).

    For `yes`: how and on plan the next step, left out they are only kept; `somebody_else` says they are not the one whom the
    card would join. `take back` is for a card that was let go.
    """

    answer: Literal["let go", "later", "yes", "take back"]
    how: How | None = None
    on: Day | None = None
    at: time | None = Field(None, description="With a time the step can be sent as an invitation.")
    where: Text254 = ""
    purpose: Text254 = ""
    stream: StreamName | None = None
    profession: Profession = ""
    somebody_else: bool = False
    words: Text5000 | None = None
    name: Text200 | None = None
    title: Text200 | None = None
    organisation: Text200 | None = None
    phone: Text200 | None = None
    email: Text254 | None = None
    url: Text254 | None = None
    address: Text254 | None = None


class PlannedOut(Schema):
    """The step that a yes planned; times are the practice's own."""

    how: How
    on: str
    at: str | None
    where: str
    purpose: str


class DecidedOut(CardOut):
    """A card as decided. known: whether a yes joined somebody who was known; planned: null where nothing is, or they said stop."""

    known: bool
    planned: PlannedOut | None


class CardQuery(PageQuery):
    """Which page, and of which event (left out: of all)."""

    event: Text13 = Field("", description="Only cards of this event, by its id.")


@route(router, "GET", "/cards", Right.NETWORK, gives=CardPage, single=True)
def list_all(request: HttpRequest, given: Query[CardQuery]) -> HttpResponse:
    """Cards, the newest first."""
    rows = cards.with_decision().select_related("reading").order_by("-pk")
    if given.event:
        rows = rows.filter(event=seeing.found(Event.objects.all(), given.event))
    seen = set(seeing.connections(request).filter(cards__isnull=False).values_list("pk", flat=True))
    return records.paged("cards", rows, lambda row: document(row, seen), given)


@route(router, "POST", "/cards", Right.NETWORK, gives=CardOut, status=201)
def collect(request: HttpRequest, given: NewCard) -> HttpResponse:
    """Bring a card in; it waits for somebody to decide, and its pictures are read in the background."""
    event = seeing.found(Event.objects.all(), given.event) if given.event else None
    made = cards.collect(
        front=picture(given.front, "front"), back=picture(given.back, "back"), code=given.code, words=given.words,
        typed={name: getattr(given, name) for name in cards.TYPED}, event=event,
        captured_at=max(given.captured_at, EARLIEST) if given.captured_at else None, by=request.member,
    )  # fmt: skip
    reading_cards.ask(made, by=request.member)
    return records.made("cards", document(one(made.ref), set()))


@route(router, "GET", "/cards/{ref}", Right.NETWORK, gives=CardOut, single=True)
def get(request: HttpRequest, ref: str) -> HttpResponse:
    """One card."""
    return versions.respond_unless_known(request, shown(request, one(ref)))


def shown(request: HttpRequest, row: Card) -> dict:
    """One card as this member may see it."""
    seen = set(seeing.connections(request).filter(pk=row.became).values_list("pk", flat=True)) if row.became else set()
    return document(row, seen)


@route(router, "PATCH", "/cards/{ref}", Right.NETWORK, gives=DecidedOut, single=True)
def decide(request: HttpRequest, ref: str, given: Decision) -> HttpResponse:
    """Decide about a card, once; a later waits again from tomorrow on, and what was let go can be taken back for thirty days."""
    card = seeing.found(Card.objects.select_for_update(), ref)
    versions.require_match(request, shown(request, one(ref)))
    write_down(request, card, given)
    met = None
    if given.answer == "yes":
        met = say_yes(request, card, given)
    elif given.answer == "take back":
        cards.take_back(card, by=request.member)
    else:
        verb = cards.later if given.answer == "later" else cards.let_go
        verb(card, on=request.today, by=request.member)
    more = {"known": bool(met and met.known), "planned": planned(met.step) if met and met.step else None}
    return versions.respond(shown(request, one(ref)) | more)


def write_down(request: HttpRequest, card: Card, given: Decision) -> None:
    """Keep what was corrected; what was not sent stays."""
    corrected = {name: value for name in cards.TYPED if (value := getattr(given, name)) is not None}
    if corrected or given.words is not None:
        words = card.words if given.words is None else given.words
        cards.write_down(card, cards.fields_of(card) | corrected, words, by=request.member)


def say_yes(request: HttpRequest, card: Card, given: Decision) -> collecting.Met:
    """Take a card up, with the next step where one is planned."""
    if given.how and not given.on:
        raise Refused(422, _("Say on which day: a small step soon is better than a large one some day."))
    at = given.at.replace(tzinfo=None) if given.at else None
    step = collecting.Step(given.how, given.on, at, given.where, given.purpose) if given.how and given.on else None
    return collecting.say_yes(
        card, step, on=request.today, by=request.member, stream=given.stream or "", profession=given.profession,
        somebody_else=given.somebody_else,
    )  # fmt: skip


def planned(step: PlannedStep) -> dict:
    """The step as programs get it."""
    return {
        "how": step.how, "on": step.on.isoformat(), "at": f"{step.at:%H:%M}" if step.at else None, "where": step.place,
        "purpose": step.purpose,
    }  # fmt: skip


def one(ref: str) -> Card:
    """The card with this id, with its decision."""
    return seeing.found(cards.with_decision().select_related("reading"), ref)


def picture(letters: str, side: str) -> SimpleUploadedFile | None:
    """The picture in base64, as an upload."""
    try:
        data = base64.b64decode(letters, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(422, _("The picture of the %(side)s is no base64.") % {"side": side}) from None
    return SimpleUploadedFile(f"{side}.jpg", data) if data else None


def document(row: Card, seen: set[int]) -> dict:
    """A card as programs get it; seen: the connections this member may see."""
    return {
        "id": row.ref, "event": show(row.event_id) if row.event_id else None, "captured_at": moment(row.captured_at),
        "state": row.answer or "waiting", "connection": show(row.became) if row.became in seen else None,
        "pictures": [side for side in ("front", "back") if getattr(row, f"{side}_id")], "code": row.code,
        "words": row.words, **cards.told(row, getattr(row, "reading", None)),
    }  # fmt: skip
