"""Many connections at once: all of them or none, in one transaction."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from kneadwork.api import versions
from kneadwork.api.connection_shapes import NewConnection
from kneadwork.api.connections import make
from kneadwork.api.problems import Refused
from kneadwork.api.routes import route
from kneadwork.api.shapes import Strict
from kneadwork.common import acts
from kneadwork.network.connections import ConnectionRefused
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
    ids = []
    words = _("%(count)d connections") % {"count": len(given.connections)}
    with acts.act("add", words, by=request.member):
        for number, new in enumerate(given.connections):
            try:
                ids.append(make(request, new).ref)
            except ConnectionRefused as refused:
                errors = [{"where": f"connections.{number}", "reason": str(refused)}]
                raise Refused(422, str(refused), errors=errors)
    return versions.plain({"created": len(ids), "ids": ids}, status=201)
