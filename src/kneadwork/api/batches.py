"""Many records at once: all of them or none, in one transaction."""

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from kneadwork.api import seeing, versions
from kneadwork.api.connection_shapes import NewConnection
from kneadwork.api.connections import values_of
from kneadwork.api.insights import NewInsight
from kneadwork.api.problems import Refused
from kneadwork.api.routes import route
from kneadwork.api.shapes import Strict, past
from kneadwork.api.touches import NewTouch
from kneadwork.network import adding, insights, touching
from kneadwork.practice.rights import Right

router = Router()
MOST = 10_000


class Batch(Strict):
    """Connections to add."""

    connections: list[NewConnection] = Field(min_length=1, max_length=MOST)


class TouchBatch(Strict):
    """Touches to record."""

    touches: list[NewTouch] = Field(min_length=1, max_length=MOST)


class InsightBatch(Strict):
    """Insights to keep."""

    insights: list[NewInsight] = Field(min_length=1, max_length=MOST)


class Batched(Schema):
    """The new ids, in the order sent."""

    created: int
    ids: list[str]


@route(router, "POST", "/connections:batch", Right.NETWORK, gives=Batched, status=201)
def add_all(request: HttpRequest, given: Batch) -> HttpResponse:
    """Add up to ten thousand connections; one that is refused refuses all, by its place in the list."""
    for stream in {new.stream or "" for new in given.connections}:
        seeing.refuse_hidden_stream(request, stream)
    people = [values_of(new) for new in given.connections]
    return all_or_none("connections", lambda: adding.add_all(people, by=request.member))


@route(router, "POST", "/touches:batch", Right.NETWORK, gives=Batched, status=201)
def log_each(request: HttpRequest, given: TouchBatch) -> HttpResponse:
    """Record up to ten thousand contacts; one that is refused refuses all, by its place in the list."""
    records = about_connections(request, "touches", given.touches)
    return all_or_none("touches", lambda: touching.log_each(records, today=request.today, by=request.member))


@route(router, "POST", "/insights:batch", Right.NETWORK, gives=Batched, status=201)
def learn_each(request: HttpRequest, given: InsightBatch) -> HttpResponse:
    """Keep up to ten thousand insights; one that is refused refuses all, by its place in the list."""
    records = about_connections(request, "insights", given.insights)
    return all_or_none("insights", lambda: insights.learn_each(records, by=request.member))


def about_connections(request: HttpRequest, name: str, new: Sequence[NewTouch] | Sequence[NewInsight]) -> list[dict]:
    """The records with their connections and days; 404 where one is about nobody whom this member may see."""
    known, records = seeing.connections_named(request, {one.connection for one in new}), []
    for number, one in enumerate(new):
        if one.connection not in known:
            raise one_refused(404, name, number, _("There is nothing here."))
        try:
            on = past(one.on, request.today)
        except Refused as refused:
            raise one_refused(422, name, number, str(refused)) from refused
        records.append(one.dict() | {"connection": known[one.connection], "on": on})
    return records


def all_or_none(name: str, keep: Callable[[], Sequence]) -> HttpResponse:
    """Keep them; the new ids, or 422 naming the one that is refused."""
    try:
        made = keep()
    except adding.OneRefused as refused:
        raise one_refused(422, name, refused.number, str(refused)) from refused
    return versions.plain({"created": len(made), "ids": [row.ref for row in made]}, status=201)


def one_refused(status: int, name: str, number: int, words: str) -> Refused:
    """The refusal of all because of one, named by its place, from 0."""
    return Refused(status, words, errors=[{"where": f"{name}.{number}", "reason": words}])
