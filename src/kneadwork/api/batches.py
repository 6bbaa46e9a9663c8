"""Many connections at once: all of them or none, in one transaction."""

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from kneadwork.api import seeing, versions
from kneadwork.api.connection_shapes import NewConnection
from kneadwork.api.connections import values_of
from kneadwork.api.problems import Refused
from kneadwork.api.routes import route
from kneadwork.api.shapes import Strict
from kneadwork.network import adding
from kneadwork.practice.rights import Right

router = Router()
MOST = 10_000


class Batch(Strict):
    """Connections to add."""

    connections: list[NewConnection] = Field(min_length=1, max_length=MOST)


class Batched(Schema):
    """The new ids, in the order sent."""

    created: int
    ids: list[str]


@route(router, "POST", "/connections:batch", Right.NETWORK, gives=Batched, status=201)
def add_all(request: HttpRequest, given: Batch) -> HttpResponse:
    """Add up to ten thousand connections; one that is refused refuses all, by its place in the list."""
    for stream in {new.stream or "" for new in given.connections}:
        seeing.refuse_hidden_stream(request, stream)
    try:
        made = adding.add_all([values_of(new) for new in given.connections], by=request.member)
    except adding.OneRefused as refused:
        errors = [{"where": f"connections.{refused.number}", "reason": str(refused)}]
        raise Refused(422, str(refused), errors=errors)
    return versions.plain({"created": len(made), "ids": [c.ref for c in made]}, status=201)
