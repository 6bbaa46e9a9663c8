"""Reading members' calendars as a job: at once when one is added, then every half hour; and their titles for who asks to see them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from kneadwork.common import jobs, storage
from kneadwork.common.models import Job
from kneadwork.common.tenancy import acting_in
from kneadwork.exchange import calendar_doors
from kneadwork.exchange.calendar_doors import Trip, Trouble
from kneadwork.exchange.neutral import Unreadable
from kneadwork.exchange.readers.ics import Found
from kneadwork.practice import calendars
from kneadwork.practice.calendars import Access
from kneadwork.practice.models import CalendarSource, Practice

KINDS = {"busy": "calendar.read", "titles": "calendar.titles"}
#: How far ahead titles are shown, how many of them, and how often a job says that it is alive.
TITLES_AHEAD, MOST_TITLES, BEAT = timedelta(days=60), 200, 5.0


def ask(source: CalendarSource, what: str = "busy", *, by=None) -> None:
    """Have a calendar read in the background, in the caller's transaction; one that is about to be read is not asked for twice."""
    if job_of(source, what) is None:
        CalendarSource.objects.filter(pk=source.pk).update(asked_at=timezone.now())
        jobs.ask(KINDS[what], by=by, source=source.pk, **({"look": True} if what == "busy" else {}))


def job_of(source: CalendarSource, what: str = "busy") -> Job | None:
    """The job that reads it now, or soon."""
    return Job.objects.filter(kind=KINDS[what], ended_at=None, arguments__source=source.pk).first()


def failure_of(source: CalendarSource) -> str:
    """Why its titles could not be read the last time, or ""."""
    last = Job.objects.filter(kind=KINDS["titles"], arguments__source=source.pk).order_by("-asked_at").first()
    return last.trouble if last else ""


def ask_due() -> int:
    """Have every calendar read whose time has come, of every practice, and forget titles after their day; answers how many.
    Opens its own scopes.
    """
    now, asked = timezone.now(), 0
    for practice in Practice.objects.all():
        with acting_in(practice.pk):
            calendars.forget_looks(now)
            for source in calendars.due(now):
                if calendars.claim(source, now):
                    jobs.ask(KINDS["busy"], source=source.pk)
                    asked += 1
    return asked


@jobs.kind("calendar.read")
def read(running: jobs.Running, source: int, look: bool = False) -> dict:
    """Put what a calendar says now in the place of what was known; where it cannot be read, the reason stands on its page.

    look: see anew which calendars an account holds, since its member asked.
    """
    found = _begun(running, source)
    if found is None:
        return {"read": False}
    here, practice, beat = found
    try:
        files = _files(running, here, practice, Trip(beat), ahead=calendars.AHEAD, back=calendars.BACK, look=look)
        if files is None:  # of an account with several calendars its owner chooses first
            return {"read": False}
        return _kept(running, here, practice, files, beat)
    except (Trouble, Unreadable, storage.FileRefused) as trouble:
        with acting_in(practice.pk):
            calendars.keep_trouble(here, str(trouble), waits=getattr(trouble, "waits", False))
        return {"read": False}


@jobs.kind("calendar.titles")
def titles(running: jobs.Running, source: int) -> dict:
    """Show the coming entries of a calendar to its owner, for a day."""
    from kneadwork.exchange.readers import calendar

    found = _begun(running, source)
    if found is None:
        return {"read": False}
    here, practice, beat = found
    try:
        files = _files(running, here, practice, Trip(beat), ahead=TITLES_AHEAD, back=timedelta(0)) or []
        entries = calendar.coming(files, _window(practice, timedelta(0), TITLES_AHEAD), beat=beat) if files else []
    except (Trouble, Unreadable, storage.FileRefused) as trouble:
        raise jobs.JobFailed(str(trouble))
    with acting_in(practice.pk):
        running.progress(1, 1)
        calendars.keep_look(here, [_plain(entry) for entry in entries[:MOST_TITLES]])
    return {"read": True}


def entries_of(source: CalendarSource) -> list[Found] | None:
    """The coming entries that were asked for within the last day; None where there are none."""
    look = calendars.look_of(source)
    if look is None:
        return None
    return [Found(**one | {"on": date.fromisoformat(one["on"]), "begins": _hour(one["begins"]), "ends": _hour(one["ends"])})
            for one in look]  # fmt: skip


def _plain(entry: Found) -> dict:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in asdict(entry).items()}


def _hour(text: str | None):
    return datetime.strptime(text, "%H:%M:%S").time() if text else None


def _begun(running: jobs.Running, source: int) -> tuple[CalendarSource, Practice, Callable[[], None]] | None:
    """The calendar to be read, unless it or its member is gone, and what says that the work goes on."""
    running.progress(0)
    with acting_in(running.practice_id, writing=False):
        here = CalendarSource.objects.select_related("member__user").filter(pk=source, member__left_at=None).first()
    return (here, Practice.objects.get(pk=running.practice_id), _beating(running)) if here else None


def _beating(running: jobs.Running) -> Callable[[], None]:
    """What says now and then that the work goes on."""
    last = time.monotonic()

    def beat() -> None:
        nonlocal last
        if time.monotonic() - last > BEAT:
            last = time.monotonic()
            running.progress(0)

    return beat


def _window(practice: Practice, back: timedelta, ahead: timedelta):
    from kneadwork.exchange.readers.calendar import Window

    now = datetime.now(UTC)
    return Window(now - back, now + ahead, ZoneInfo(practice.time_zone))


def _files(
    running, here: CalendarSource, practice: Practice, trip: Trip, *, ahead, back, look=False
) -> list[bytes] | None:
    """What the calendar's server answers; of an account what stands in the chosen calendars, None while none is chosen."""
    access = calendars.access_of(here)
    if here.kind == calendars.Kind.FEED:
        return [calendar_doors.feed(access, trip)]
    from kneadwork.exchange import caldav_account

    if look or not here.chosen:
        _look_into(here, access, practice, trip)
    window, files = _window(practice, back, ahead), []
    for address in here.chosen:
        files += caldav_account.entries(access, address, window.begins, window.ends, trip)
    return files if here.chosen else None


def _look_into(here: CalendarSource, access: Access, practice: Practice, trip: Trip) -> None:
    """See which calendars an account holds."""
    from kneadwork.exchange import caldav_account

    found = caldav_account.calendars(access, trip)
    with acting_in(practice.pk):
        calendars.keep_found(here, found)


def _kept(running: jobs.Running, here: CalendarSource, practice: Practice, files: list[bytes], beat) -> dict:
    from kneadwork.exchange.readers import calendar

    access = calendars.access_of(here)
    own = {one for one in (here.member.user.email, practice.email, access.user) if "@" in one}
    window = _window(practice, calendars.BACK, calendars.AHEAD)
    read_ = calendar.busy(files, window, own=own, beat=beat) if files else calendar.Busy()
    with acting_in(practice.pk):
        running.progress(1, 1)
        calendars.keep_busy(here, read_.spans, unread=read_.unread, cut=read_.cut)
    return {"read": True, "busy": len(read_.spans)}
