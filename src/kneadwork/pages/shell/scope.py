"""Who asks, in whose practice, on which day: set on each request before a view runs, with the tenant's scope."""

from __future__ import annotations

import zoneinfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kneadwork.common.tenancy import acting_in
from kneadwork.practice import people
from kneadwork.practice.models import Member
from kneadwork.practice.setting_up import today

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


class PracticeScope:
    """Middleware: `request.member`, `request.practice`, `request.today`; everything inside the practice's scope."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within the scope of the member's practice, or outside of any."""
        request.member = request.practice = None
        if request.path.startswith(("/static/", "/api/", "/healthz")) or not request.user.is_authenticated:
            return self.get_response(request)
        member = chosen_membership(request)
        if member is None:
            return self.get_response(request)
        return self.answer_in(request, member)

    def answer_in(self, request: HttpRequest, member: Member) -> HttpResponse:
        """Run the view in the practice's scope and time zone; a change that ends in an error is taken back."""
        request.member, request.practice = member, member.practice
        request.today = today(member.practice)
        with timezone.override(zoneinfo.ZoneInfo(member.practice.time_zone)):
            with acting_in(member.practice_id, writing=request.method not in SAFE):
                return self.get_response(request)


def chosen_membership(request: HttpRequest) -> Member | None:
    """The membership chosen in this session, else the first one."""
    working = people.memberships(request.user)
    wanted = request.session.get("practice")
    return next((m for m in working if m.practice_id == wanted), working[0] if working else None)
