"""Today: the next steps with their reasons, for a day and the minutes there are."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from kneadwork.api import versions
from kneadwork.api.routes import route
from kneadwork.api.shapes import Day
from kneadwork.planning import today
from kneadwork.practice.rights import Right, sees_clients

router = Router()


class When(Schema):
    """The day asked for (left out: today), and the minutes there are (left out: those left of the week)."""

    on: Day | None = None
    minutes: int | None = Field(None, ge=0, le=10_080)


class ActionOut(Schema):
    """A step proposed. expected_value: good referrals within twelve months; blocked_by: what the next ask lacks."""

    id: str
    kind: Literal["letter", "email", "call", "visit", "meeting", "message", "ask", "gift", "promise", "review",
                  "thanks", "insight", "vet"]  # fmt: skip
    connection: str
    name: str
    reason: str
    minutes: int
    expected_value: float | None
    blocked_by: list[str]


class TodayOut(Schema):
    """The steps, the first one first."""

    actions: list[ActionOut]


@route(router, "GET", "/today", Right.NETWORK, gives=TodayOut)
def get(request: HttpRequest, given: Query[When]) -> HttpResponse:
    """The next three to six steps."""
    on, practice = given.on or request.today, request.practice
    minutes = today.minutes_left(practice, on=on) if given.minutes is None else given.minutes
    steps = today.actions(practice, on=on, minutes=minutes, all_streams=sees_clients(request.member))
    return versions.respond({"actions": [today.document(step) for step in steps]})
