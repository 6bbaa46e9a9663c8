"""Events: where people are met; made by hand or from a calendar file, each with the cards collected there."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from kneadwork.common.ids import number_of
from kneadwork.exchange.neutral import Unreadable
from kneadwork.exchange.readers import ics
from kneadwork.network import cards, events
from kneadwork.network.models import Connection, Event, Standing
from kneadwork.network.searching import matching
from kneadwork.pages.network.cards import shown
from kneadwork.pages.shell import visible
from kneadwork.pages.shell.members import for_member
from kneadwork.practice.rights import Right

#: How many of those found by a name are offered, and how many events of a file are shown.
OFFERED, SHOWN = 8, 100


class EventForm(forms.ModelForm):
    """What, when, where, what for, and whom one hopes to meet."""

    class Meta:
        model = Event
        fields = ("title", "kind", "on", "begins", "ends", "place", "purpose", "hoped", "uid")
        labels = {
            "title": lazy("What is it?"), "kind": lazy("Kind"), "on": lazy("Day"), "begins": lazy("From"), "ends": lazy("Until"),
            "place": lazy("Where"), "purpose": lazy("What for"), "hoped": lazy("Whom do you hope to meet?"),
        }  # fmt: skip
        help_texts = {
            "purpose": lazy("One sentence: what you would like to learn there."),
            "hoped": lazy("In words: “a dentist who sees jaw pain”. People you know are chosen on the event's page."),
        }
        widgets = {
            "on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "begins": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "ends": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "purpose": forms.Textarea({"rows": 3}), "hoped": forms.Textarea({"rows": 3}), "uid": forms.HiddenInput(),
        }  # fmt: skip

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("begins", "ends", "place", "purpose", "hoped", "uid"):
            self.fields[name].required = False
        for name in ("purpose", "hoped"):
            self.fields[name].max_length = 2000
            self.fields[name].widget.attrs["maxlength"] = 2000


@for_member(Right.NETWORK)
def page(request: HttpRequest) -> HttpResponse:
    """What comes, what was, and how many cards wait."""
    context = {
        "place": "network", "coming": events.coming(request.today), "past": events.past(request.today),
        "waiting": cards.waiting(request.today).count(),
    }  # fmt: skip
    return render(request, "network/events.html", context)


@for_member(Right.NETWORK)
def new(request: HttpRequest) -> HttpResponse:
    """Make an event; its address may already say what a calendar file told."""
    told = {name: request.GET[name] for name in EventForm.Meta.fields if name in request.GET}
    form = EventForm(request.POST or None, initial={"on": request.today} | told)
    if request.method == "POST" and form.is_valid():
        try:
            made = events.make(**form.cleaned_data, by=request.member)
        except events.EventRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("It is on your list."))
            return redirect("network:event", made.pk)
    return render(request, "network/event_new.html", {"place": "network", "form": form})


@require_POST
@for_member(Right.NETWORK)
def bring(request: HttpRequest) -> HttpResponse:
    """What a calendar file holds; nothing is kept before it was looked at."""
    file = request.FILES.get("file")
    if file is None:
        messages.warning(request, _("Choose a file first: an event exported as .ics."))
        return redirect("network:event_new")
    try:
        if (file.size or 0) > ics.MOST_BYTES:
            raise Unreadable(_("This calendar is larger than 2 MB. Export the one event, or a shorter time."))
        found = ics.read(file.read(), zone=request.practice.time_zone, on=request.today)
    except Unreadable as fault:
        messages.warning(request, str(fault))
        return redirect("network:event_new")
    known = events.known_uids(event.uid for event in found.events)
    context = {
        "place": "network",
        "rows": rows_of(found.events[:SHOWN], known),
        "unread": found.unread,
        "more": max(len(found.events) - SHOWN, 0),
    }
    return render(request, "network/events_found.html", context)


def rows_of(found: list[ics.Found], known: dict) -> list[tuple]:
    """Entries of a calendar, each with the event that it is already, and the address of a form filled in with it."""
    return [(event, known.get((event.uid, event.on)), _address(event)) for event in found]


def _address(event: ics.Found) -> str:
    """The address of a form that is filled in with what the file told."""
    told = {
        "title": event.title, "on": event.on.isoformat(), "begins": f"{event.begins:%H:%M}" if event.begins else "",
        "ends": f"{event.ends:%H:%M}" if event.ends else "", "place": event.place, "purpose": event.purpose[:500],
        "uid": event.uid,
    }  # fmt: skip
    return f"{reverse('network:event_new')}?{urlencode({k: v for k, v in told.items() if v})}"


@for_member(Right.NETWORK)
def event(request: HttpRequest, event_id: int) -> HttpResponse:
    """One event: what for, whom one hopes to meet, and the cards collected there."""
    here = get_object_or_404(Event, pk=event_id)
    people = visible.connections(request)
    query = request.GET.get("q", "").strip()[:100]
    hoped_for = people.filter(hoped_for__event=here).select_related("standing").order_by("name").distinct()
    collected = cards.with_decision().filter(event=here).order_by("captured_at", "pk").select_related("reading")
    context = {
        "place": "network", "here": here, "hoped_for": hoped_for,
        "query": query, "found": _named(request, query), "rows": shown(collected, request),
        "waiting": cards.waiting(request.today).filter(event=here).count(), "is_today": here.on == request.today,
    }  # fmt: skip
    return render(request, "network/event.html", context)


def _named(request: HttpRequest, query: str) -> list[Connection]:
    """A few of those whom the words find."""
    condition = matching(query) if query else None
    if condition is None:
        return []
    ids = Standing.objects.filter(condition, connection__in=visible.connections(request)).order_by("name")
    return [row.connection for row in ids.select_related("connection")[:OFFERED]]


@require_POST
@for_member(Right.NETWORK)
def hope(request: HttpRequest, event_id: int) -> HttpResponse:
    """Hope to meet somebody known there, or no longer."""
    here = get_object_or_404(Event, pk=event_id)
    named = request.POST.get("no_longer") or request.POST.get("to", "")
    known = get_object_or_404(visible.connections(request), pk=number_of(named))
    verb = events.hope_no_longer if request.POST.get("no_longer") else events.hope_for
    verb(here, known, by=request.member)
    return redirect("network:event", here.pk)


@for_member(Right.NETWORK)
def edit(request: HttpRequest, event_id: int) -> HttpResponse:
    """Change what is known of an event."""
    here = get_object_or_404(Event, pk=event_id)
    form = EventForm(request.POST or None, instance=here)
    if request.method == "POST" and form.is_valid():
        here.refresh_from_db()
        try:
            events.change(here, form.cleaned_data, by=request.member)
            return redirect("network:event", here.pk)
        except events.EventRefused as refused:
            form.add_error(None, str(refused))
    return render(request, "network/event_new.html", {"place": "network", "form": form, "here": here})


@require_POST
@for_member(Right.NETWORK)
def remove(request: HttpRequest, event_id: int) -> HttpResponse:
    """Remove an event; its cards stay."""
    here = get_object_or_404(Event, pk=event_id)
    act = events.remove(here, by=request.member)
    words = _("“%(title)s” is removed. Its cards stay.") % {"title": here.title}
    messages.success(request, words, extra_tags=f"undo:{act.ref}" if act else "")
    return redirect("network:events")
