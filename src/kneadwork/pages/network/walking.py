"""Walks: plan one, take it along on the phone or on paper, log each stop with one tap."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kneadwork.common import jobs, numbers
from kneadwork.common.models import Job
from kneadwork.facts.zips import NoSuchPlace, parse_where
from kneadwork.network import listing
from kneadwork.network.models import Walk, WalkStop
from kneadwork.outreach import offers, walk_paper
from kneadwork.pages.shell.members import for_member
from kneadwork.pages.templatetags.words import on_foot
from kneadwork.planning import curiosity, walk_jobs, walks
from kneadwork.practice import calendars
from kneadwork.practice.models import Member
from kneadwork.practice.rights import Right, sees_clients

WEEK, MOST_MINUTES = timedelta(days=7), 24 * 60
CREDIT = "© OpenStreetMap contributors"


@for_member(Right.NETWORK)
def page(request: HttpRequest) -> HttpResponse:
    """Plan a walk; those planned before."""
    if request.method == "POST":
        try:
            return redirect("network:walk_planning", _ask(request).pk)
        except (walks.WalkRefused, listing.FilterRefused, NoSuchPlace) as refused:
            messages.warning(request, str(refused))
    return _form(request, request.POST if request.method == "POST" else request.GET)


def _form(request: HttpRequest, typed: Mapping[str, str]) -> HttpResponse:
    """The form, with what was typed or what is proposed."""
    minutes = typed.get("minutes") or walks.last_minutes(request.member)
    free = _free_slot(request.member, min(numbers.whole(str(minutes)) or 0, MOST_MINUTES))
    context = {
        "place": "network", "before": walks.recent(), "to": typed.get("to", "")[:400], "near": typed.get("near", "")[:60],
        "minutes": minutes, "numbers": walks.data(),
        "start": typed.get("start") or free.strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip
    return render(request, "network/walks.html", context)


def _free_slot(member: Member, minutes: int) -> datetime:
    """The next time for a walk at which this member's calendar has nothing for so long, as local time; within a week of none the next."""
    now = timezone.localtime()
    taken = calendars.taken(member, now, now + WEEK)
    slot = first = walks.next_start(now.replace(tzinfo=None))
    while slot < first + WEEK:
        free = timezone.make_naive(calendars.free_from(taken, timezone.make_aware(slot), minutes))
        if free == slot:
            return slot
        slot = walks.next_start(free)
    return first


def _ask(request: HttpRequest) -> Job:
    """Have a walk planned as the form says."""
    given = request.POST
    return walk_jobs.ask(
        request.practice, minutes=numbers.whole(given.get("minutes", "")) or 0, start=_moment(given.get("start", "")),
        near=_near(given), query=given.get("to", "").strip()[:400], by=request.member,
    )  # fmt: skip


@for_member(Right.NETWORK)
def planning(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far the planning is; then the walk, or the form once more with the reason why there is none."""
    job = _asked(request, job_id)
    if job.ended_at is None:
        return render(request, "network/walk_planning.html", {"place": "network", "job": job})
    if job.outcome:
        return redirect("network:walk", job.outcome["walk"])
    messages.warning(request, job.trouble)
    told = job.arguments
    return _form(request, {
        "to": told["query"], "near": ",".join(f"{part:.5f}" for part in told["near"]), "minutes": str(told["minutes"]),
        "start": told["start"][:16],
    })  # fmt: skip


@require_POST
@for_member(Right.NETWORK)
def stop_planning(request: HttpRequest, job_id: int) -> HttpResponse:
    """Plan no further; nothing is kept."""
    jobs.wish_stop(_asked(request, job_id))
    return redirect("network:walk_planning", job_id)


def _asked(request: HttpRequest, job_id: int) -> Job:
    """A planning that this member asked for: what was typed is nobody else's to read."""
    return get_object_or_404(Job, pk=job_id, kind=walk_jobs.KIND, asked_by=request.member)


def _near(given) -> tuple[float, float] | None:
    """Where it begins: where the phone is, else the place that was typed, else the practice's own."""
    if given.get("latitude") and given.get("longitude"):
        return parse_where(f"{given['latitude'][:20]},{given['longitude'][:20]}")
    return parse_where(given["near"][:60]) if given.get("near", "").strip() else None


def _moment(text: str) -> datetime | None:
    """The local time of the form; None for now."""
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None or not 2000 <= found.year <= 2199:
        raise walks.WalkRefused(_("“%(text)s” is no time. Write it like 2026-11-24T10:00.") % {"text": text[:40]})
    return found


@for_member(Right.NETWORK)
def one(request: HttpRequest, walk_id: int) -> HttpResponse:
    """A walk as a list for the phone."""
    walk = get_object_or_404(Walk, pk=walk_id)
    context = {
        "place": "network", "walk": walk, "stops": _stops(request, walk), "numbers": walks.data(),
        "flagged": walks.flagged_since(walk, all_streams=sees_clients(request.member)),
        "busy": calendars.busy(request.member, walk.starts_at, walk.starts_at + timedelta(minutes=walk.minutes)),
    }  # fmt: skip
    return render(request, "network/walk.html", context)


def _stops(request: HttpRequest, walk: Walk) -> list[WalkStop]:
    """The stops with what the page says of each: address, what to offer, what to ask."""
    stops = walks.stops_of(walk, all_streams=sees_clients(request.member))
    addresses, suits = walks.addresses_of([s.connection for s in stops]), offers.suited()
    for stop in stops:
        here = stop.connection
        stop.address = addresses.get(here.pk)
        stop.offers = suits(here.profession)
        stop.questions = curiosity.questions(here.stream, here.profession)[:3]
    return stops


@for_member(Right.NETWORK)
def pdf(request: HttpRequest, walk_id: int) -> HttpResponse:
    """The walk on paper, with room for notes."""
    walk = get_object_or_404(Walk, pk=walk_id)
    day, practice = timezone.localtime(walk.starts_at), request.practice
    try:
        data = walk_paper.paper(
            [_sheet(stop) for stop in _stops(request, walk)], summary=_summary(walk, practice.unit),
            title=_("Walk on %(day)s") % {"day": formats.date_format(day, "j F Y")},
            credit=_("Places: %(credit)s") % {"credit": CREDIT}, language=practice.language[:2],
        )  # fmt: skip
    except walk_paper.PaperRefused as refused:
        return render(request, "network/refused.html", {"place": "network", "words": str(refused)}, status=409)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="walk.pdf"'
    return response


def _summary(walk: Walk, unit: str) -> str:
    return _("%(minutes)d minutes from %(time)s, %(far)s on foot (straight lines times %(times)s; the way back is not counted)") % {
        "minutes": walk.minutes, "time": formats.date_format(timezone.localtime(walk.starts_at), "H:i"),
        "far": on_foot(walk.metres, unit), "times": walks.data()["detour"],
    }  # fmt: skip


def _sheet(stop: WalkStop) -> walk_paper.WalkSheet:
    times = "–".join(formats.date_format(timezone.localtime(at), "H:i") for at in (stop.arrive, stop.leave))
    opened = _("Open %(hours)s") % {"hours": stop.hours} if stop.hours else _("Hours not known")
    if stop.drop_in and stop.drop_in.ask_for:
        opened = _("%(hours)s; ask for %(name)s") % {"hours": opened, "name": stop.drop_in.ask_for}
    offer = _("Offer: %(what)s") % {"what": ", ".join(o.name for o in stop.offers)} if stop.offers else ""
    facts = (*(stop.address.lines() if stop.address else ()), opened)
    return walk_paper.WalkSheet(times, stop.connection.name, facts, offer, tuple(stop.questions))


@require_POST
@for_member(Right.NETWORK)
def visited(request: HttpRequest, walk_id: int, stop_id: int) -> HttpResponse:
    """One tap at a stop."""
    walk = get_object_or_404(Walk, pk=walk_id)
    stops = {s.pk: s for s in walks.stops_of(walk, all_streams=sees_clients(request.member))}
    stop = stops.get(stop_id)
    if stop is None:
        messages.warning(request, _("This stop is no longer on the walk."))
    elif stop.visited:
        messages.info(request, _("Noted already."))
    else:
        act = walks.visited(stop, on=request.today, by=request.member)
        messages.success(request, _("Noted: %(name)s.") % {"name": stop.connection.name}, extra_tags=f"undo:{act.ref}")
    return redirect("network:walk", walk.pk)


@require_POST
@for_member(Right.NETWORK)
def forget(request: HttpRequest, walk_id: int) -> HttpResponse:
    """Forget a walk; what was logged on it stays."""
    act = walks.remove(get_object_or_404(Walk, pk=walk_id), by=request.member)
    messages.success(request, _("The walk is forgotten."), extra_tags=f"undo:{act.ref}" if act else "")
    return redirect("network:walks")
