"""`/calendar/TOKEN.ics`: a member's own feed, for the calendar program that holds its secret address."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kneadwork.common import limits
from kneadwork.outreach import own_feed
from kneadwork.pages.shell.members import for_everyone


@for_everyone
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The feed, or the same 404 for whatever opens nothing; an unchanged one is not sent again."""
    return _answer(request, token)


@require_safe
def _answer(request: HttpRequest, token: str) -> HttpResponse:
    if not limits.allows("feed", limits.caller_of(request)):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    found = own_feed.answer(token)
    if found is None:
        raise Http404
    data, mark = found
    known = mark in [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]
    response = HttpResponse(status=304) if known else HttpResponse(data, content_type="text/calendar; charset=utf-8")
    response["ETag"], response["Cache-Control"] = mark, "private, no-cache"
    return response
