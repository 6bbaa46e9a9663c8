"""For those who run Kneadwork: is it alive, is it ready, whom to tell of a fault."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kneadwork.pages.shell.members import for_everyone


@for_everyone
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


@for_everyone
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse("ready\n", content_type="text/plain; charset=utf-8")


@for_everyone
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a fault (RFC 9116)."""
    until = (timezone.now() + timedelta(days=300)).strftime("%Y-%m-%dT00:00:00Z")
    contact = settings.DEFAULT_FROM_EMAIL
    return HttpResponse(f"Contact: mailto:{contact}\nExpires: {until}\n", content_type="text/plain; charset=utf-8")
