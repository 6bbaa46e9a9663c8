"""When somebody is busy, as a calendar says (RFC 5545): spans of time within a window, and nothing of what they are for.

What repeats is followed by the day and coarser, within bounds; what is cancelled, free or declined takes no time. An entry that
cannot be read is counted, never guessed, and costs nobody else.
"""

from __future__ import annotations

import re
import time as clock
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from kneadwork.exchange.neutral import Unreadable
from kneadwork.exchange.normal import clean
from kneadwork.exchange.readers import calendar_lines
from kneadwork.exchange.readers.calendar_lines import WHAT, WHEN, Entry, Lines
from kneadwork.exchange.readers.ics import FOLLOWED, Found

#: The most that is kept of one calendar, how long reading may take, and how many times a rule may be counted through.
MOST_SPANS, MOST_SECONDS, MOST_TIMES = 5_000, 30.0, 300_000
#: Entries that we wrote ourselves, in an invitation or the own feed.
OURS = "@kneadwork"
REPEATING = ("RRULE", "RDATE", "RECURRENCE-ID")
_DIGITS = re.compile(r"\d{8}")


@dataclass(frozen=True, slots=True)
class Window:
    """From when until when (with time zone) a calendar is read, and whose hours count where it names no zone."""

    begins: datetime
    ends: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A time that is taken, in UTC; all_day: it was written as days."""

    begins: datetime
    ends: datetime
    all_day: bool


@dataclass(slots=True)
class Busy:
    """What was read: the spans by time, how many entries could not be read, and whether there was more than is read."""

    spans: list[Span] = field(default_factory=list)
    unread: int = 0
    cut: bool = False


def busy(
    files: Iterable[bytes], window: Window, *, own: Collection[str] = (), beat: Callable[[], None] = lambda: None
) -> Busy:
    """The busy times of a calendar's files; Unreadable where they are none. own: addresses whose declining frees.

    beat is called while it goes on.
    """
    found, spans = Busy(), set()
    for piece, span in _pieces(files, window, found, WHEN, own, beat):
        if takes_time(piece):
            spans.add(span)
        if len(spans) >= MOST_SPANS:
            found.cut = True
            break
    found.spans = sorted(spans)
    return found


def coming(files: Iterable[bytes], window: Window, *, beat: Callable[[], None] = lambda: None) -> list[Found]:
    """The entries of a window with title and place, the next one first; what they say beyond that is not read."""
    titles, found = [], Busy()
    for piece, span in _pieces(files, window, found, WHEN | (WHAT - {"DESCRIPTION"}), (), beat):
        if str(piece.get("STATUS", "")).upper() != "CANCELLED":
            titles.append(_titled(piece, span, window.zone))
        if len(titles) >= MOST_SPANS:
            break
    return sorted(titles, key=lambda one: (one.on, one.begins or time.min, one.title))


def _titled(piece, span: Span, zone: ZoneInfo) -> Found:
    begins, ends = span.begins.astimezone(zone), span.ends.astimezone(zone)
    told = {name: " ".join(clean(str(piece.get(name, "")), 200).split()) for name in ("SUMMARY", "LOCATION")}
    within_a_day = not span.all_day and ends - begins < timedelta(days=1)
    return Found(
        title=told["SUMMARY"] or _("An event without a title"), on=begins.date(),
        begins=None if span.all_day else begins.time().replace(second=0, microsecond=0),
        ends=ends.time().replace(second=0, microsecond=0) if within_a_day else None, place=told["LOCATION"], purpose="",
        uid=clean(str(piece.get("UID", "")), 255),
    )  # fmt: skip


def takes_time(piece) -> bool:
    """Whether an occurrence takes the time it names."""
    return str(piece.get("TRANSP", "")).upper() != "TRANSPARENT" and str(piece.get("STATUS", "")).upper() != "CANCELLED"


# From entries to occurrences


def _pieces(files, window: Window, found: Busy, names, own, beat) -> Iterator[tuple]:
    """Every occurrence within the window, each as the library's component and its time."""
    ends, seen_calendar = clock.monotonic() + MOST_SECONDS, False
    for data in files:
        lines = calendar_lines.read(data, names=names, own=own)
        seen_calendar |= lines.holds_calendar or bool(lines.entries)
        found.cut |= len(lines.entries) >= calendar_lines.MOST_ENTRIES
        found.unread += sum(entry.broken for entry in lines.entries)
        if lines.method == "CANCEL":
            continue
        for series in _series(lines):
            beat()
            if clock.monotonic() > ends:
                found.cut = True
                return
            yield from _occurrences(lines, series, window, found)
    if not seen_calendar:
        raise Unreadable(
            _("This is no calendar. It should begin with BEGIN:VCALENDAR; look for an address that ends in .ics.")
        )


def _series(lines: Lines) -> Iterator[list[Entry]]:
    """Entries that belong together by their name, an exception with what it is one of; those of ours left out."""
    together: dict[str, list[Entry]] = {}
    for number, entry in enumerate(lines.entries):
        uid = entry.value("UID")
        if not entry.broken and not entry.free and not uid.endswith(OURS):
            together.setdefault(uid or str(number), []).append(entry)
        elif entry.free and entry.value("RECURRENCE-ID"):  # it stands for its own time, and frees it
            entry.lines = [*(line for line in entry.lines if line[0] != "TRANSP"), ("TRANSP", "TRANSP:TRANSPARENT")]
            together.setdefault(uid or str(number), []).append(entry)
    yield from together.values()


def _occurrences(lines: Lines, series: list[Entry], window: Window, found: Busy) -> list[tuple]:
    """What of a series lies in the window; a series that cannot be followed is counted."""
    if _is_elsewhere(series, window):
        return []
    try:
        if series[0].kind == "VFREEBUSY":
            pieces = _told_free_busy(series)
        elif all(_can_be_followed(entry, window) for entry in series):
            pieces = _followed(lines.calendar(series), window)
        else:
            raise Unreadable("finer than by the day")
        timed = [(piece, _span(piece, window)) for piece in pieces]
        return [(piece, span) for piece, span in timed if span is not None]
    except Exception:  # the libraries raise what their parts raise
        found.unread += len(series)
        return []


def _followed(text: str, window: Window) -> list:
    import recurring_ical_events
    from icalendar import Calendar

    calendar = Calendar.from_ical(text)
    events = calendar.walk("VEVENT")
    if any(not event.get("DTSTART") for event in events):
        raise Unreadable("an entry without a day")
    if len(events) == 1 and not any(events[0].get(name) for name in REPEATING):
        return events
    begins, ends = (moment.astimezone(window.zone) for moment in (window.begins, window.ends))
    return recurring_ical_events.of(calendar).between(begins - timedelta(days=1), ends + timedelta(days=1))


def _is_elsewhere(series: list[Entry], window: Window) -> bool:
    """Whether a single entry surely lies outside the window, by its days alone: most of a long calendar does."""
    if len(series) > 1 or any(series[0].value(name) for name in ("DURATION", *REPEATING)):
        return False
    start, end = (_DIGITS.match(series[0].value(name)) for name in ("DTSTART", "DTEND"))
    if start is None:
        return False
    first, last = start[0], (end or start)[0]
    return last < f"{window.begins - timedelta(days=3):%Y%m%d}" or first > f"{window.ends + timedelta(days=3):%Y%m%d}"


def _can_be_followed(entry: Entry, window: Window) -> bool:
    """Whether its rules can be counted through from its beginning: by the day or coarser, and not too many times a day."""
    rules = [line.upper() for name, line in entry.lines if name in ("RRULE", "EXRULE")]
    begun = _DIGITS.match(entry.value("DTSTART"))
    days = (window.ends.date() - date(int(begun[0][:4]), 1, 1)).days if begun and begun[0] >= "0001" else 366
    for rule in rules:
        parts = dict(part.partition("=")[::2] for part in rule.partition(":")[2].split(";"))
        times = 1
        for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            times *= max(len(parts.get(name, "").split(",")), 1)
        if parts.get("FREQ") not in FOLLOWED or times * max(days, 1) > MOST_TIMES:
            return False
    return len(rules) <= 4


def _told_free_busy(series: list[Entry]) -> list:
    """The busy times that a free/busy list names (RFC 5545, 3.6.4), as if each were an event."""
    from icalendar import Event, vPeriod

    pieces = []
    for name, line in (line for entry in series for line in entry.lines):
        head, _colon, value = line.partition(":")
        if name != "FREEBUSY" or "FBTYPE=FREE" in head.upper():
            continue
        for period in value.split(","):
            begins, told = vPeriod.from_ical(period.strip())
            piece = Event()
            piece.add("DTSTART", begins)
            piece.add("DTEND", begins + told if isinstance(told, timedelta) else told)
            pieces.append(piece)
    return pieces


# From an occurrence to a span


def _span(piece, window: Window) -> Span | None:
    """The time of an occurrence, cut to the window; None where it has no length, or lies outside."""
    start = piece.decoded("DTSTART")
    end = piece.decoded("DTEND") if piece.get("DTEND") is not None else None
    if end is None and piece.get("DURATION") is not None:
        end = start + piece.decoded("DURATION")
    all_day = not isinstance(start, datetime)
    if all_day and (end is None or _moment(end, window.zone) <= _moment(start, window.zone)):
        end = start + timedelta(days=1)
    begins, ends = _moment(start, window.zone), _moment(start if end is None else end, window.zone)
    begins, ends = max(begins, window.begins), min(ends, window.ends)
    return Span(begins, ends, all_day) if begins < ends else None


def _moment(value: date | datetime, zone: ZoneInfo) -> datetime:
    """A moment in UTC: a day begins here, and a time without a zone is one of here."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time.min)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
