"""The HTTP API under /api/v1 (CONTRACTS.md, HTTP API): its parts together, and whatever no route answers."""

from __future__ import annotations

import functools
import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from kneadwork.api import (
    asks,
    batches,
    bodies,
    cards,
    checks,
    connections,
    events,
    exports,
    gifts,
    imports,
    insights,
    introductions,
    letters,
    problems,
    referrals,
    today,
    touches,
    vetting,
)
from kneadwork.api.shapes import Problem
from kneadwork.common import busy

log = logging.getLogger("kneadwork.api")


class Api(NinjaAPI):
    """The API and its description."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict | None = None) -> OpenAPISchema:
        """The description, with the shape of every problem in it."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schema["components"]["schemas"]["Problem"] = shape
        return schema


api = Api(title="Kneadwork", version="1", urls_namespace="api", docs_url=None, parser=bodies.StrictParser(),
          description="Connections and what is recorded about them, for programs. Keys act as the member they are of.")  # fmt: skip
problems.register(api)
for part in (
    connections,
    batches,
    touches,
    insights,
    vetting,
    gifts,
    introductions,
    events,
    cards,
    referrals,
    asks,
    checks,
    imports,
    today,
    letters,
    exports,
):
    api.add_router("", part.router, tags=[part.__name__.rpartition(".")[2]])


def with_problems(view):
    """A view whose every error is a problem: no such address, no such method, and faults of ours (which are logged)."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args, **given) -> HttpResponse:
        try:
            response = view(request, *args, **given)
        except Http404:
            return problems.not_found()
        except Exception as fault:
            if busy.is_busy(fault):
                return problems.problem(503, busy.words(), headers={"Retry-After": str(busy.AGAIN)})
            log.exception("a fault while answering %s %s", request.method, request.path)
            return problems.problem(500, _("Something went wrong here, and nothing half-done was kept."))
        if response.status_code == 405:
            return problems.problem(405, _("This cannot be done here."), headers={"Allow": response["Allow"]})
        return response

    answer.csrf_exempt = True  # only keys in a header let in, which no other site can make a browser send
    answer.right = None  # each operation names its own
    return answer


@with_problems
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """An address that no route has."""
    raise Http404


def patterns() -> list[URLPattern]:
    """The API's addresses, to be included once."""
    own = api.urls[0]
    for pattern in own:
        pattern.callback = with_problems(pattern.callback)
    return [*own, path("<path:rest>", nothing)]
