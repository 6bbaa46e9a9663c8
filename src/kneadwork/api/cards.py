"""Cards: collected, waiting for a decision or decided. A program may bring them in; deciding is a person's."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Literal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from kneadwork.api import records, seeing, versions
from kneadwork.api.problems import Refused
from kneadwork.api.routes import route
from kneadwork.api.shapes import Page, PageQuery, Strict, Text13, Text60, Text200, Text254, Text5000, moment
from kneadwork.common.ids import show
from kneadwork.exchange import reading_cards
from kneadwork.network import cards
from kneadwork.network.models import Card, Event
from kneadwork.practice.rights import Right

router = Router()
State = Literal["waiting", "later", "let go", "yes"]
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
    phone: Text60 = ""
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
    row = one(ref)
    seen = set(seeing.connections(request).filter(pk=row.became).values_list("pk", flat=True)) if row.became else set()
    return versions.respond_unless_known(request, document(row, seen))


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
