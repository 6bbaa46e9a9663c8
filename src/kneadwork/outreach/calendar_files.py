"""Calendar files (RFC 5545) as we write them: an invitation that goes along in a mail, and a member's own feed."""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

MAKER = "-//Kneadwork//EN"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: days, or moments in UTC; `changed` and `sequence` say which telling of it this is."""

    uid: str
    title: str
    begins: date | datetime
    ends: date | datetime
    changed: datetime
    sequence: int = 0
    place: str = ""
    #: Who asks whom: ("organizer" or "attendee", e-mail, name).
    people: tuple[tuple[str, str, str], ...] = ()


def times(
    on: date, begins: time | None, ends: time | None, minutes: int, zone: str
) -> tuple[date | datetime, date | datetime]:
    """From when until when something lasts that stands on a day here: moments in UTC, without a time the whole day."""
    if begins is None:
        return on, on + timedelta(days=1)
    there = zoneinfo.ZoneInfo(zone)
    start = datetime.combine(on, begins, there).astimezone(UTC)
    if ends is None:
        return start, start + timedelta(minutes=minutes or 30)
    last = on + timedelta(days=1) if ends <= begins else on
    return start, datetime.combine(last, ends, there).astimezone(UTC)


def invitation(entry: Entry) -> bytes:
    """A request to one meeting (RFC 5546)."""
    return _calendar([entry], {"method": "REQUEST"})


def feed(entries: Sequence[Entry], *, name: str) -> bytes:
    """What a calendar program subscribes to: the same entries are the same bytes."""
    return _calendar(entries, {"x-wr-calname": name, "x-published-ttl": "PT1H", "refresh-interval": timedelta(hours=1)})


def everything(entries: Sequence[Entry]) -> bytes:
    """The practice's own copy of its entries, for the export."""
    return _calendar(entries, {})


def _calendar(entries: Sequence[Entry], more: dict) -> bytes:
    from icalendar import Calendar

    calendar = Calendar()
    for key, value in {"prodid": MAKER, "version": "2.0", **more}.items():
        calendar.add(key, value, {"VALUE": "DURATION"} if isinstance(value, timedelta) else None)
    for entry in entries:
        calendar.add_component(_event(entry))
    return calendar.to_ical()


def _event(entry: Entry):
    from icalendar import Event, vCalAddress, vText

    event = Event()
    changed = entry.changed.astimezone(UTC)
    for key, value in (
        ("uid", entry.uid), ("dtstamp", changed), ("last-modified", changed), ("sequence", entry.sequence),
        ("dtstart", entry.begins), ("dtend", entry.ends), ("summary", entry.title),
    ):  # fmt: skip
        event.add(key, value)
    if entry.place:
        event.add("location", entry.place)
    if not isinstance(entry.begins, datetime):
        event.add("transp", "TRANSPARENT")
    for what, address, name in entry.people:
        who = vCalAddress(f"mailto:{address}")
        who.params["CN"] = vText(" ".join(name.replace('"', "").split()))
        event.add(what, who)
    return event
