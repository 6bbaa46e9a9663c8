"""The page of today, and what became of a step."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kneadwork.common import acts, numbers
from kneadwork.network import cards, events, insights, resting, touching
from kneadwork.network.models import Connection, Touch
from kneadwork.pages.shell import visible
from kneadwork.pages.shell.members import for_member
from kneadwork.planning import today
from kneadwork.practice.rights import Right, sees_clients


@for_member(Right.NETWORK)
def page(request: HttpRequest) -> HttpResponse:
    """The next three to six steps."""
    now = today.page(request.practice, on=request.today, all_streams=sees_clients(request.member))
    context = {
        "place": "today", "now": now, "week_most": max(now.weeks) or 1, "events": events.of_day(request.today),
        "cards": cards.waiting(request.today).count(),
    }  # fmt: skip
    return render(request, "today/page.html", context)


@require_POST
@for_member(Right.NETWORK)
def outcome(request: HttpRequest, connection_id: int, step: str) -> HttpResponse:
    """One tap on a step: done, later, not this step, not this person."""
    connection = visible.connection(request, connection_id)
    said, by, on = request.POST.get("outcome", ""), request.member, request.today
    if said in ("done", "missed") and request.POST.get("channel") in Touch.Channel.values:
        _happened(request, connection, step, answered=said == "done")
    elif said == "later":
        _put_off(request, connection, step)
    elif said == "not_this_step":
        with acts.act("not this step", connection.name, by=by) as doing:
            resting.postpone(connection, step, until=None, on=on, by=by)
        _tell(request, _("This step will not be proposed again for %(name)s.") % {"name": connection.name}, doing)
    elif said == "not_this_person":
        with acts.act("rest", connection.name, by=by) as doing:
            resting.rest(connection, since=on, reason=_("Not this person, said on Today"), by=by)
        _tell(request, _("%(name)s is left in peace.") % {"name": connection.name}, doing)
    return redirect("today:page")


def _happened(request: HttpRequest, connection: Connection, step: str, *, answered: bool) -> None:
    """Log the touch, and with it what was learned: one act, so that one *Undo* takes back both."""
    given, on, by = request.POST, request.today, request.member
    minutes = min(numbers.whole(given.get("minutes", "")) or 0, 600)
    with acts.act("touch", connection.name, by=by) as doing:
        touch, _act = touching.log(
            connection, given["channel"], on=on, today=on, step=step, answered=answered, by=by, minutes=minutes,
            words=given.get("words", "").strip()[:5000],
        )  # fmt: skip
        insights.learn_from(touch, given.get("learned", "")[:20_000], by=by)
        act = doing.row()
    messages.success(request, _("Noted: %(name)s.") % {"name": connection.name}, extra_tags=f"undo:{act.ref}")


def _tell(request: HttpRequest, words: str, doing: acts.OpenAct) -> None:
    """Say what was done, with the tap that takes it back."""
    messages.info(request, words, extra_tags=f"undo:{doing.saved.ref}" if doing.saved else "")


def _put_off(request: HttpRequest, connection: Connection, step: str) -> None:
    """Later: in so many days, or on a day of one's own, which counts wherever one is given."""
    on, given = request.today, request.POST.get("day", "")
    until = on + timedelta(days={"tomorrow": 1, "week": 7, "month": 30}.get(request.POST.get("until", ""), 7))
    try:
        if request.POST.get("until") == "day" and not given:
            raise resting.RestRefused(_("Choose the day until which it waits."))
        until = date.fromisoformat(given) if given else until
        with acts.act("later", connection.name, by=request.member) as doing:
            resting.postpone(connection, step, until=until, on=on, by=request.member)
    except ValueError:
        messages.warning(request, _("This is no day. Write it like 2026-12-01."))
    except resting.RestRefused as refused:
        messages.warning(request, str(refused))
    else:
        words = _("Put off until %(day)s. It comes back by itself.")
        _tell(request, words % {"day": formats.date_format(until, "j F" if until.year == on.year else "j F Y")}, doing)


@for_member(Right.NETWORK)
def week(request: HttpRequest) -> HttpResponse:
    """What was done this week, and what could come."""
    shown = today.week(request.practice, on=request.today, all_streams=sees_clients(request.member))
    return render(request, "today/week.html", {"place": "today", "week": shown})
