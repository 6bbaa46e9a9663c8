"""One way to make a route: its right, its scope, its answers and problems, and what it says of itself in OpenAPI."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from kneadwork.api import scope
from kneadwork.api.keys import MemberKey
from kneadwork.api.once import once
from kneadwork.api.problems import MEDIA_TYPE, Refused
from kneadwork.practice.rights import Right

View = Callable[..., HttpResponse]
PROBLEM = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
PROBLEM_WORDS = {
    400: "Not readable", 401: "No key, or one that opens nothing", 403: "The role does not include this",
    404: "Not here", 409: "Not now", 412: "Changed since", 413: "Too large", 415: "Of a kind that is not taken",
    422: "Refused, with the words why", 428: "If-Match is missing", 429: "Too many requests; Retry-After says when",
    503: "Busy keeping a large import; Retry-After says when",
}  # fmt: skip
IDEMPOTENCY = {
    "name": "Idempotency-Key", "in": "header", "required": False, "schema": {"type": "string", "maxLength": 200},
    "description": "The same key with the same request is done once; the answer is given again for seven days.",
}  # fmt: skip
IF_MATCH = {
    "name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"},
    "description": "The ETag of the version that is changed.",
}  # fmt: skip


def route(
    router: Router, method: str, path: str, right: Right, *, gives: Any, status: int = 200, media_type: str = "",
    single: bool = False, takes_json: bool | None = None, in_steps: bool = False, extra: dict | None = None,
) -> Callable[[View], View]:  # fmt: skip
    """Register a view for members with this right.

    gives: the schema of its answer, or None. single: it names a resource by its id, so 404 is among its answers.
    extra: what it says of its body in OpenAPI, where that is no JSON.
    in_steps: the view opens its own short transactions and honours Idempotency-Key itself.
    """
    json = method in ("POST", "PATCH", "PUT") if takes_json is None else takes_json

    def register(view: View) -> View:
        answer = in_scope(view, method, in_steps=in_steps)
        router.api_operation(
            [method], path, auth=MemberKey(right, takes_json=json), response={status: gives},
            operation_id=f"{view.__module__.rpartition('.')[2]}.{view.__name__}", summary=first_sentence(view),
            openapi_extra=described(method, path, status, media_type, single=single, body=json or bool(extra))
            | (extra or {}),
        )(answer)  # fmt: skip
        return view

    return register


def in_scope(view: View, method: str, *, in_steps: bool) -> View:
    """The view within its member's practice; a POST once under one key, all of a change or nothing of it."""

    @functools.wraps(view)
    def answer(request: HttpRequest, **given) -> HttpResponse:
        refuse_unknown(request, query_names(answer._ninja_operation))
        if in_steps:
            with scope.speaking(request):
                return view(request, **given)
        with scope.acting(request, writing=method != "GET"):
            if method == "POST":
                return once(request, lambda: view(request, **given))
            return view(request, **given)

    return answer


def query_names(operation) -> frozenset[str]:
    """The names that an operation takes in its address."""
    models = [m for m in operation.models if m.__ninja_param_source__ == "query"]
    return frozenset(name for m in models for name in m.__ninja_flatten_map__)


def refuse_unknown(request: HttpRequest, allowed: frozenset[str]) -> None:
    """422 for a name in the address that means nothing here, or that stands there twice: neither must be silence."""
    twice = sorted(name for name, values in request.GET.lists() if len(values) > 1)
    if twice:
        raise Refused(422, _("“%(name)s” stands in the address more than once.") % {"name": twice[0][:40]})
    unknown = sorted(set(request.GET) - allowed)
    if unknown:
        words = _("There is no “%(name)s” here. There are: %(names)s.")
        raise Refused(422, words % {"name": unknown[0][:40], "names": ", ".join(sorted(allowed)) or "—"})


def first_sentence(view: View) -> str:
    """What a view says of itself."""
    return (view.__doc__ or view.__name__).strip().split("\n")[0].rstrip(".")


def described(method: str, path: str, status: int, media_type: str, *, single: bool, body: bool) -> dict:
    """The problems and headers of a route, for OpenAPI."""
    codes = {401, 403, 422, 429, 503}
    codes |= {404} if single or method == "POST" else set()
    codes |= {400, 413, 415} if body else set()
    codes |= {409} if method == "POST" else set()
    codes |= {412, 428} if method in ("PATCH", "PUT", "DELETE") else set()
    answers: dict = {c: {"description": PROBLEM_WORDS[c], **PROBLEM} for c in sorted(codes)}
    if media_type:
        answers[status] = {"content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}
    if method == "GET" and "{ref}" in path:
        answers[304] = {"description": "The version named by If-None-Match is the present one"}
    headers = [IDEMPOTENCY] if method == "POST" else [IF_MATCH] if method in ("PATCH", "PUT", "DELETE") else []
    return {"responses": answers, "parameters": headers}
