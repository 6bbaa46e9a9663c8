"""Events in a calendar file (RFC 5545): what, when, where. What cannot be read in it is counted, never guessed.

Of a repeated event the next time from the day asked for counts, else the last one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from kneadwork.exchange.neutral import Unreadable
from kneadwork.exchange.normal import clean
from kneadwork.exchange.readers import calendar_lines

MOST_BYTES, MOST_EVENTS = 2 * 1024**2, 2000
#: How far ahead a repeated event is looked for; finer rules than by the day are not followed.
AHEAD = timedelta(days=400)
FOLLOWED = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}


@dataclass(frozen=True, slots=True)
class Found:
    """One event of a file, in the practice's own time."""

    title: str
    on: date
    begins: time | None
    ends: time | None
    place: str
    purpose: str
    uid: str


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """The events of a file, the next ones first, then past ones, newest first; and how many could not be read."""

    events: list[Found]
    unread: int


def read(data: bytes, *, zone: str, on: date) -> CalendarFile:
    """The events of a calendar file; Unreadable where it is none, with what to do."""
    if len(data) > MOST_BYTES:
        raise Unreadable(too_large())
    found, cancelled = [], 0
    unread: list[int] = []
    for component in _components(data, unread):
        if str(component.get("STATUS", "")).upper() == "CANCELLED":
            cancelled += 1
            continue
        try:
            found.append(_event(component, ZoneInfo(zone), on))
        except (ValueError, TypeError, AttributeError, KeyError, OverflowError, ArithmeticError, LookupError):
            unread.append(1)
    known = {(event.uid or event.title, event.on): event for event in found}
    coming = sorted((e for e in known.values() if e.on >= on), key=_when)
    past = sorted((e for e in known.values() if e.on < on), key=_when, reverse=True)
    if not known:
        raise Unreadable(
            _("The events in this file are all cancelled.") if cancelled and not unread
            else _("There is no event in this file that can be read. Make it by hand; a title and a day are enough.")
        )  # fmt: skip
    return CalendarFile([*coming, *past], len(unread))


def too_large() -> str:
    """Why a calendar is not read, and what to do."""
    return _("This calendar is larger than 2 MB. Export the one event, or a shorter time.")


def _when(event: Found) -> tuple[date, time, str]:
    return (event.on, event.begins or time.min, event.title)


def _components(data: bytes, unread: list[int]) -> Iterator:
    """The event components of a file, a limited number of them; one that the library cannot read is counted."""
    from icalendar import Calendar

    lines = calendar_lines.read(data, names=calendar_lines.WHEN | calendar_lines.WHAT)
    entries = [entry for entry in lines.entries if entry.kind == "VEVENT"]
    if not lines.holds_calendar and not entries:
        raise Unreadable(_("This is no calendar file. Export the event as .ics; most calendars call it so."))
    for entry in entries[:MOST_EVENTS]:
        try:
            yield Calendar.from_ical(lines.calendar([entry])).walk("VEVENT")[0]
        except Exception:  # the library raises what its parts raise
            unread.append(1)


def _event(component, zone: ZoneInfo, on: date) -> Found:
    start, end = component.decoded("DTSTART"), _end_of(component)
    begins = start
    if component.get("RRULE") is not None:
        begins = _next_time(component, start, on)
    length = (end - start) if end is not None and type(end) is type(start) else None
    day, begin_time = _local(begins, zone)
    end_day, end_time = _local(begins + length, zone) if length and begin_time else (day, None)
    return Found(
        title=" ".join(clean(str(component.get("SUMMARY", "")), 200).split()) or _("An event without a title"),
        on=day, begins=begin_time, ends=end_time if end_day - day <= timedelta(days=1) else None,
        place=" ".join(clean(str(component.get("LOCATION", "")), 300).split()),
        purpose=clean(str(component.get("DESCRIPTION", "")), 1000), uid=clean(str(component.get("UID", "")), 255),
    )  # fmt: skip


def _end_of(component) -> date | datetime | None:
    if component.get("DTEND") is not None:
        return component.decoded("DTEND")
    if component.get("DURATION") is not None:
        return component.decoded("DTSTART") + component.decoded("DURATION")
    return None


def _local(moment: date | datetime, zone: ZoneInfo) -> tuple[date, time | None]:
    """The day and the time that a moment has here; a day is a day everywhere."""
    if not isinstance(moment, datetime):
        return moment, None
    here = moment.astimezone(zone) if moment.tzinfo else moment
    return here.date(), here.time().replace(second=0, microsecond=0)


def _next_time(component, start: date | datetime, on: date) -> date | datetime:
    """The next time of a repeated event from a day on, else the time at which it began."""
    import recurring_ical_events

    rule = component.get("RRULE")
    rules = rule if isinstance(rule, list) else [rule]
    first = start.date() if isinstance(start, datetime) else start
    if first >= on or not all(set(map(str, r.get("FREQ", []))) <= FOLLOWED for r in rules):
        return start
    times = recurring_ical_events.of(component).between(on, on + AHEAD)
    return min((t.decoded("DTSTART") for t in times), key=str, default=start)
