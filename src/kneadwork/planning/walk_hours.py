"""When somebody may be seen on a walk: their drop-in times where those are known, else their opening hours, else a guess.

An office's drop-in times are its hours for a walk: on other days nobody goes there. Local times without zone throughout.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files

import yaml
from django.db.models import Q

from kneadwork.network import dropping_in, hours
from kneadwork.network.hours import DAY, Span
from kneadwork.network.models import Connection, OpenHours, Place


@lru_cache(maxsize=1)
def data() -> dict:
    """The shipped numbers of a walk: pace, detour, minutes, hours where none are known."""
    return yaml.safe_load(files("kneadwork.planning").joinpath("data/walk.yaml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody's hours: drop-in times of the office, the place with its opening hours, the country."""

    drop_in: tuple[OpenHours, ...] = ()
    place: Place | None = None
    country: str = ""


def drop_in_times(people: Iterable[Connection]) -> dict[int, tuple[OpenHours, ...]]:
    """The drop-in times of each (by id), also those kept with somebody else behind the same door: one query."""
    people = list(people)
    keys = {c.office_key for c in people if c.office_key}
    mine = Q(connection__in=[c.pk for c in people]) | Q(connection__office_key__in=keys)
    own: dict[int, dict[int, OpenHours]] = {}
    office: dict[str, dict[int, OpenHours]] = {}
    for row in OpenHours.objects.filter(mine).select_related("connection").order_by("weekday", "pk"):
        own.setdefault(row.connection_id, {}).setdefault(row.weekday, row)
        if row.connection.office_key:
            office.setdefault(row.connection.office_key, {}).setdefault(row.weekday, row)
    found = {c.pk: own.get(c.pk) or office.get(c.office_key or "") for c in people}
    return {pk: tuple(rows.values()) for pk, rows in found.items() if rows}


def spans(known: Known, start: datetime, end: datetime) -> list[Span]:
    """When they may be seen between two moments."""
    if known.drop_in:
        return _within([span for day in _days(start, end) for span in _dropping_in(known, day)], start, end)
    found = hours.open_spans(known.place.hours, start, end, country=known.country) if known.place else None
    if found is not None:
        return found
    weekdays = data()["unknown_hours"]["weekdays"]
    return _within([_guessed(day) for day in _days(start, end) if day.weekday() in weekdays], start, end)


def said(known: Known, at: datetime) -> str | None:
    """The hours of that day as text ("09:00–12:00"); None where they are not known."""
    told = dropping_in.on_day(known.drop_in, at.date())
    if told and (told.begins or told.ends):
        day = datetime.combine(at.date(), time())
        return ", ".join(f"{a:%H:%M}–{b:%H:%M}" for a, b in _dropping_in(known, day))
    return hours.of_day(known.place.hours, at, country=known.country) if known.place else None


def _dropping_in(known: Known, day: datetime) -> list[Span]:
    """The drop-in times of a day; where only one end is known the other is that of their opening hours."""
    told = dropping_in.on_day(known.drop_in, day.date())
    if told is None:
        return []
    begins = datetime.combine(day.date(), told.begins) if told.begins else None
    ends = datetime.combine(day.date(), told.ends) if told.ends else None
    if begins and ends:
        return [(begins, ends)]
    usual = hours.open_spans(known.place.hours, day, day + DAY, country=known.country) if known.place else None
    cut = _within(usual or [_guessed(day)], begins or day, ends or day + DAY)
    if cut:
        return cut
    alone = timedelta(minutes=data()["drop_in_minutes"])
    return [(begins, begins + alone) if begins else ((ends or day) - alone, ends or day)]


def _guessed(day: datetime) -> Span:
    """When a place without known hours is planned for."""
    told = data()["unknown_hours"]
    first, last = (datetime.combine(day.date(), time.fromisoformat(told[name])) for name in ("from", "until"))
    return first, last


def _days(start: datetime, end: datetime) -> list[datetime]:
    """The midnights with which the days between two moments begin."""
    first = datetime.combine(start.date(), time())
    return [first + DAY * n for n in range((end.date() - start.date()).days + 1)]


def _within(found: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    """The parts of spans that lie between two moments."""
    cut = [(max(a, start), min(b, end)) for a, b in found]
    return [(a, b) for a, b in cut if a < b]
