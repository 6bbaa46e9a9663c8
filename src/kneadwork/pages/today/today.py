"""The page of today, and what became of a step."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kneadwork.network import resting, touching
from kneadwork.network.models import Touch
from kneadwork.pages.shell import visible
from kneadwork.pages.shell.members import for_member
from kneadwork.planning import today
from kneadwork.practice.rights import Right, sees_clients


@for_member(Right.NETWORK)
def page(request: HttpRequest) -> HttpResponse:
    """The next three to six steps."""
    now = today.page(request.practice, on=request.today, all_streams=sees_clients(request.member))
    return render(request, "today/page.html", {"place": "today", "now": now, "week_most": max(now.weeks) or 1})


@require_POST
@for_member(Right.NETWORK)
def outcome(request: HttpRequest, connection_id: int, step: str) -> HttpResponse:
    """One tap on a step: done, later, not this step, not this person."""
    connection = visible.connection(request, connection_id)
    said, by, on = request.POST.get("outcome", ""), request.member, request.today
    if said == "done" and request.POST.get("channel") in Touch.Channel.values:
        minutes = int(request.POST.get("minutes", "0") or 0) if request.POST.get("minutes", "0").isdigit() else 0
        _touch, act = touching.log(
            connection, request.POST["channel"], on=on, today=on, step=step, minutes=min(minutes, 600), by=by
        )
        messages.success(request, _("Noted: %(name)s.") % {"name": connection.name}, extra_tags=f"undo:{act.ref}")
    elif said == "later":
        days = {"tomorrow": 1, "week": 7, "month": 30}.get(request.POST.get("until", ""), 7)
        resting.postpone(connection, step, until=on + timedelta(days=days), on=on, by=by)
        messages.info(request, _("Put off. It comes back by itself."))
    elif said == "not_this_step":
        resting.postpone(connection, step, until=None, on=on, by=by)
        messages.info(request, _("This step will not be proposed again."))
    elif said == "not_this_person":
        resting.rest(connection, since=on, reason=_("Not this person, said on Today"), by=by)
        messages.info(request, _("%(name)s is left in peace.") % {"name": connection.name})
    return redirect("today:page")
