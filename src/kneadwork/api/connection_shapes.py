"""What programs send and get of connections."""

from typing import Annotated, Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from ninja import Schema
from pydantic import AfterValidator, Field

from kneadwork.api.shapes import (
    Page,
    Profession,
    Said200,
    StreamName,
    Strict,
    Text20,
    Text40,
    Text60,
    Text80,
    Text100,
    Text200,
    Text254,
    Text20000,
)
from kneadwork.network.connections import EDITABLE

__all__ = ["ADDRESS", "EDITABLE", "ConnectionDetail", "ConnectionPage", "Edit", "NewConnection"]
ADDRESS = ("line1", "line2", "city", "region", "postal", "country")


def _an_email(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError:
        raise ValueError("no e-mail address")
    return value


Email = Annotated[Text254, AfterValidator(_an_email), Field(examples=["pat@example.com"])]


class Address(Strict):
    """A postal address; from its ZIP code the distance is found."""

    line1: Text200 = ""
    line2: Text200 = ""
    city: Text100 = ""
    region: Text60 = ""
    postal: Text20 = ""
    country: Text60 = ""


class Edit(Strict):
    """What of a connection can be changed; what is not sent stays."""

    name: Said200 = ""
    given: Text100 = ""
    middle: Text100 = ""
    family: Text100 = ""
    prefix: Text40 = ""
    suffix: Text40 = ""
    credentials: Text80 = ""
    nickname: Text100 = ""
    organisation: Text200 = ""
    title: Text200 = ""
    profession: Profession = ""
    note: Text20000 = ""
    how_known: Text200 = ""
    met_through: Text200 = ""
    stream: StreamName = "personal"
    phones: list[Text100] = Field([], max_length=20, description="All of them: one that is not sent is forgotten.")
    emails: list[Email] = Field([], max_length=20, description="All of them: one that is not sent is forgotten.")
    tags: list[Text60] = Field([], max_length=50, description="All of them: one that is not sent is taken away.")


class NewConnection(Strict):
    """A connection to add. Without a stream it goes where its profession belongs, else to the people you know."""

    name: Said200
    kind: Literal["person", "organisation"] = "person"
    stream: StreamName | None = None
    profession: Profession = ""
    organisation: Text200 = ""
    title: Text200 = ""
    credentials: Text80 = ""
    note: Text20000 = ""
    how_known: Text200 = ""
    met_through: Text200 = ""
    phones: list[Text100] = Field([], max_length=20)
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
