"""Shapes that several resources share: text, ids, days, pages of records. Units and limits are part of the schema."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from kneadwork.api.problems import Refused
from kneadwork.common import days
from kneadwork.common.texts import HONEST
from kneadwork.facts.professions import all_professions


def _in_reach(day: date) -> date:
    if not days.is_known(day):
        raise ValueError("a day from 1900-01-01 to 2199-12-31")
    return day


def _known_profession(key: str) -> str:
    if key and key not in all_professions():
        raise ValueError("no such profession")
    return key


def _text(most: int, least: int = 0) -> StringConstraints:
    return StringConstraints(max_length=most, min_length=least, pattern=HONEST)


#: Texts of at most so many characters; those that are `Said` need at least one.
Said200 = Annotated[str, _text(200, 1)]
Said5000 = Annotated[str, _text(5_000, 1)]
Text13 = Annotated[str, _text(13)]
Text20 = Annotated[str, _text(20)]
Text40 = Annotated[str, _text(40)]
Text60 = Annotated[str, _text(60)]
Text80 = Annotated[str, _text(80)]
Text100 = Annotated[str, _text(100)]
Text200 = Annotated[str, _text(200)]
Text254 = Annotated[str, _text(254)]
Text400 = Annotated[str, _text(400)]
Text1000 = Annotated[str, _text(1_000)]
Text2000 = Annotated[str, _text(2_000)]
Text5000 = Annotated[str, _text(5_000)]
Text20000 = Annotated[str, _text(20_000)]

Ref = Annotated[str, Field(description="An opaque id.", examples=["0123456789abc"])]
Day = Annotated[date, AfterValidator(_in_reach), Field(description="ISO 8601, from 1900-01-01 to 2199-12-31.")]
Profession = Annotated[
    Text40, AfterValidator(_known_profession), Field(description="A key of the profession table.", examples=[""])
]
StreamName = Literal["clients", "personal", "medical", "business"]
StageName = Literal["declined", "resting", "referring", "trusted", "met", "reached", "found"]
Channel = Literal["letter", "email", "call", "visit", "meeting", "message", "event"]


class Strict(Schema):
    """What a program sends: a name that is not in the schema is an error, not silence."""

    model_config = ConfigDict(extra="forbid")


class PageQuery(Schema):
    """Which page of a list."""

    cursor: Text2000 = Field("", description="The `next` of the page before.")
    limit: int = Field(50, ge=1, le=200)


class RecordQuery(PageQuery):
    """Which page, and the records of which connection (left out: of all)."""

    connection: Text13 = Field("", description="Only records about this connection, by its id.")


class Page(Schema):
    """What every page of a list carries besides its rows."""

    next: str | None = Field(description="The cursor of the next page, null at the end.")


class About(Schema):
    """What every record about a connection carries."""

    id: str
    connection: str


class Problem(Schema):
    """RFC 9457. `errors` names each value that is wrong; `missing` what an ask or a yes lacks; `right` what the role lacks."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] | None = None
    missing: list[str] | None = None
    right: str | None = None


def past(day: date | None, today: date) -> date:
    """The day given, else today; a day still to come is refused: what is to come is a plan, not a record."""
    if day is not None and day > today:
        raise Refused(422, _("That day is still to come."))
    return day or today


def moment(at: datetime) -> str:
    """A moment as ISO 8601 in UTC."""
    from datetime import UTC

    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
