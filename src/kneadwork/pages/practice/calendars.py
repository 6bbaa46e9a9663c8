"""Calendars: those a member keeps elsewhere, read for busy times, and the own feed for the calendar they use anyway."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from kneadwork.common import storage
from kneadwork.exchange import reading_calendars
from kneadwork.network import events
from kneadwork.pages.network.events import rows_of
from kneadwork.pages.shell import once
from kneadwork.pages.shell.members import for_member
from kneadwork.practice import calendar_feeds, calendars
from kneadwork.practice.calendars import Access, CalendarRefused, Kind
from kneadwork.practice.models import CalendarSource
from kneadwork.practice.rights import Right

#: How far ahead busy times are shown, to see that the right calendar is read.
SHOWN = timedelta(days=14)


class SourceForm(forms.Form):
    """Where the calendar is, and how it is opened."""

    kind = forms.ChoiceField(
        label=lazy("How is it reached?"), choices=Kind.choices, initial=Kind.FEED, widget=forms.RadioSelect
    )
    address = forms.CharField(
        label=lazy("Address"), max_length=2000, strip=True,
        help_text=lazy("For a feed the secret address in iCal format; for an account the address of its server, such as caldav.icloud.com."),
    )  # fmt: skip
    user = forms.CharField(label=lazy("Name there (account only)"), max_length=200, required=False)
    password = forms.CharField(
        label=lazy("Password there (account only)"), max_length=500, required=False, strip=False, widget=forms.PasswordInput
    )  # fmt: skip
    name = forms.CharField(label=lazy("What do you call it?"), max_length=100, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("user", "password"):
            self.fields[name].widget.attrs["autocomplete"] = "off"


@for_member(Right.NETWORK)
def page(request: HttpRequest) -> HttpResponse:
    """One's own calendars with how they are doing, and the own feed."""
    return _page(request)


def _page(request: HttpRequest, secret: str = "") -> HttpResponse:
    now = timezone.now()
    mine = list(calendars.of(request.member))
    taken = calendars.counted(request.member, now, now + SHOWN)
    address = settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
    context = {
        "place": "practice", "sources": [(one, taken.get(one.pk, 0)) for one in mine],
        "feed": calendar_feeds.standing(request.member), "once": once.mark(),
        "address": address + reverse("public:calendar", args=[secret]) if secret else "",
    }  # fmt: skip
    return render(request, "practice/calendars.html", context)


@for_member(Right.NETWORK)
def new(request: HttpRequest) -> HttpResponse:
    """Add a calendar; it is read at once, in the background."""
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        access = Access(given["address"], given["user"], given["password"])
        try:
            made = calendars.add(given["kind"], access, name=given["name"], by=request.member)
        except CalendarRefused as refused:
            form.add_error("address", str(refused))
        else:
            reading_calendars.ask(made, by=request.member)
            return redirect("practice:calendar", made.pk)
    return render(request, "practice/calendar_new.html", {"place": "practice", "form": form})


def _mine(request: HttpRequest, source_id: int) -> CalendarSource:
    """One of one's own; another member's is not there."""
    return get_object_or_404(calendars.of(request.member), pk=source_id)


@for_member(Right.NETWORK)
def source(request: HttpRequest, source_id: int) -> HttpResponse:
    """One calendar: when it was read, what it said, which of an account's calendars count."""
    here, now = _mine(request, source_id), timezone.now()
    context = {
        "place": "practice", "here": here, "reading": reading_calendars.job_of(here), "is_account": here.kind == Kind.ACCOUNT,
        "taken": calendars.busy(request.member, now, now + SHOWN, source=here),
    }  # fmt: skip
    return render(request, "practice/calendar.html", context)


@require_POST
@for_member(Right.NETWORK)
def read(request: HttpRequest, source_id: int) -> HttpResponse:
    """Read it now."""
    reading_calendars.ask(_mine(request, source_id), by=request.member)
    return redirect("practice:calendar", source_id)


@require_POST
@for_member(Right.NETWORK)
def choose(request: HttpRequest, source_id: int) -> HttpResponse:
    """Which calendars of an account are read."""
    here = _mine(request, source_id)
    return _changed(request, here, lambda: calendars.choose(here, request.POST.getlist("calendar"), by=request.member))


@require_POST
@for_member(Right.NETWORK)
def password(request: HttpRequest, source_id: int) -> HttpResponse:
    """Another password for an account."""
    here = _mine(request, source_id)
    return _changed(
        request,
        here,
        lambda: calendars.change_password(here, request.POST.get("password", "")[:500], by=request.member),
    )


def _changed(request: HttpRequest, here: CalendarSource, verb) -> HttpResponse:
    """Do it and read the calendar anew, or say why not."""
    try:
        verb()
    except (CalendarRefused, storage.FileRefused) as refused:
        messages.warning(request, str(refused))
    else:
        reading_calendars.ask(here, by=request.member)
    return redirect("practice:calendar", here.pk)


@require_POST
@for_member(Right.NETWORK)
def remove(request: HttpRequest, source_id: int) -> HttpResponse:
    """Forget a calendar, its password and its busy times."""
    here = _mine(request, source_id)
    calendars.remove(here, by=request.member)
    messages.success(
        request, _("“%(name)s” is no longer read. Its address and its busy times are gone here.") % {"name": here.name}
    )
    return redirect("practice:calendars")


@for_member(Right.NETWORK)
def entries(request: HttpRequest, source_id: int) -> HttpResponse:
    """The coming entries by their titles, to make an event of one; read when asked for, gone after a day."""
    here = _mine(request, source_id)
    if request.method == "POST":
        reading_calendars.ask(here, "titles", by=request.member)
        return redirect("practice:calendar_entries", here.pk)
    found, reading = reading_calendars.entries_of(here), reading_calendars.job_of(here, "titles")
    failed = None if found is not None or reading else reading_calendars.failure_of(here)
    known = events.known_uids(one.uid for one in found or [])
    context = {"place": "practice", "here": here, "rows": rows_of(found or [], known), "found": found, "reading": reading,
               "failed": failed}  # fmt: skip
    return render(request, "practice/calendar_entries.html", context)


@require_POST
@for_member(Right.NETWORK)
def feed(request: HttpRequest) -> HttpResponse:
    """A new secret address for the own feed, shown this once; the one before ends."""
    secret = calendar_feeds.make(by=request.member) if once.is_first(request) else ""
    return _page(request, secret)


@require_POST
@for_member(Right.NETWORK)
def end_feed(request: HttpRequest) -> HttpResponse:
    """End the own feed at once."""
    calendar_feeds.end(by=request.member)
    messages.success(request, _("The address of your feed opens nothing any more."))
    return redirect("practice:calendars")
