"""For those who run Kneadwork: is it alive, is it ready, whom to tell of a fault."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from kneadwork.pages.shell.members import for_everyone
from kneadwork.practice.models import Practice


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
    """Whom to tell of a fault (RFC 9116); 404 while nobody is named, since a dead address is worse than none."""
    contact = security_contact()
    if not contact:
        raise Http404
    until = (timezone.now() + timedelta(days=300)).strftime("%Y-%m-%dT00:00:00Z")
    return HttpResponse(f"Contact: {contact}\nExpires: {until}\n", content_type="text/plain; charset=utf-8")


def security_contact() -> str:
    """As configured, else the e-mail of the first practice here that has one; "" where nobody is named."""
    own = Practice.objects.filter(sample=False).exclude(email="").order_by("made_at").values_list("email", flat=True)
    named = settings.SECURITY_CONTACT or own.first() or ""
    return named if "://" in named or not named else f"mailto:{named}"
