"""What programs send and get of connections."""

from typing import Annotated, Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from ninja import Schema
from pydantic import AfterValidator, Field

from kneadwork.api.shapes import Page, Profession, StreamName, Strict, text
from kneadwork.network.connections import EDITABLE

__all__ = ["ADDRESS", "EDITABLE", "ConnectionDetail", "ConnectionPage", "Edit", "NewConnection"]
ADDRESS = ("line1", "line2", "city", "region", "postal", "country")


def _an_email(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError:
        raise ValueError("no e-mail address")
    return value


Email = Annotated[text(254), AfterValidator(_an_email), Field(examples=["pat@example.com"])]


class Address(Strict):
    """A postal address; from its ZIP code the distance is found."""

    line1: text(200) = ""
    line2: text(200) = ""
    city: text(100) = ""
    region: text(60) = ""
    postal: text(20) = ""
    country: text(60) = ""


class Edit(Strict):
    """What of a connection can be changed; what is not sent stays."""

    name: text(200, least=1) = ""
    given: text(100) = ""
    middle: text(100) = ""
    family: text(100) = ""
    prefix: text(40) = ""
    suffix: text(40) = ""
    credentials: text(80) = ""
    nickname: text(100) = ""
    organisation: text(200) = ""
    title: text(200) = ""
    profession: Profession = ""
    note: text(20_000) = ""
    how_known: text(200) = ""
    met_through: text(200) = ""
    stream: StreamName = "personal"


class NewConnection(Strict):
    """A connection to add. Without a stream it goes where its profession belongs, else to the people you know."""

    name: text(200, least=1)
    kind: Literal["person", "organisation"] = "person"
    stream: StreamName | None = None
    profession: Profession = ""
    organisation: text(200) = ""
    title: text(200) = ""
    credentials: text(80) = ""
    note: text(20_000) = ""
    how_known: text(200) = ""
    met_through: text(200) = ""
    phones: list[text(100)] = Field([], max_length=20)
    emails: list[Email] = Field([], max_length=20)
    address: Address | None = None


class Reason(Schema):
    """What moved a score, and by how much."""

    axis: Literal["likely", "good"]
    text: str
    effect: float


class ConnectionRow(Schema):
    """A connection as the list shows it. likely: referrals a year; good: 0 to 1, null while not known."""

    id: str
    name: str
    kind: Literal["person", "organisation"]
    stream: StreamName
    stage: str
    profession: str
    distance_m: int | None
    distance_rough: bool
    likely: float
    good: float | None
    reasons: list[Reason]


class ConnectionDetail(ConnectionRow):
    """One connection with what can be edited, how it is reached, and what an ask of it still lacks."""

    given: str
    middle: str
    family: str
    prefix: str
    suffix: str
    credentials: str
    nickname: str
    organisation: str
    title: str
    note: str
    how_known: str
    met_through: str
    npi: str
    phones: list[str]
    emails: list[str]
    websites: list[str]
    addresses: list[Address]
    tags: list[str]
    blocked_by: list[str]


class ConnectionPage(Page):
    """One page of the list."""

    connections: list[ConnectionRow]
    total: int
