"""Walks through the neighbourhood: whom to see, planned within their hours, kept so that the phone finds them again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import yaml
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.common.models import Act
from kneadwork.common.tenancy import current_practice_id
from kneadwork.facts.zips import metres
from kneadwork.network import hours, listing, places, touching
from kneadwork.network.models import (
    Address,
    Connection,
    Place,
    RedFlag,
    Retirement,
    Stage,
    Stream,
    Touch,
    Walk,
    WalkStop,
)
from kneadwork.planning import walking
from kneadwork.practice.models import Practice

LEAST_MINUTES, MOST_MINUTES = 5, 720
#: So many places at most are looked at, those nearest to the start.
MOST_PLACES = 1500


class WalkRefused(Exception):
    """A walk that cannot be planned, in words for the user."""


@lru_cache(maxsize=1)
def data() -> dict:
    """The shipped numbers: pace, detour, minutes."""
    return yaml.safe_load(files("kneadwork.planning").joinpath("data/walk.yaml").read_text("utf-8"))


def pace() -> walking.Pace:
    """How one walks."""
    return walking.Pace(data()["metres_a_minute"] / 60, data()["detour"])


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop: whom, where, when (local time without zone), the hours of that day as text (None where not known)."""

    connection: Connection
    lat: float
    lon: float
    arrive: datetime
    leave: datetime
    open: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned walk: its stops, how long it takes, how far it is; how many were left out because their place is not exact."""

    stops: list[Stop]
    start: datetime
    near: tuple[float, float]
    minutes: int
    metres: int
    inexact: int


def plan(
    practice: Practice, *, minutes: int, start: datetime | None = None, near: tuple[float, float] | None = None,
    query: str = "", all_streams: bool = True,
) -> Plan:  # fmt: skip
    """Plan a walk through those that match the query, else through whom one could see; refuses with words.

    start: local time without zone, else now; near: degrees, else the practice's own place.
    """
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise WalkRefused(
            _("A walk takes from %(least)d to %(most)d minutes.") % {"least": LEAST_MINUTES, "most": MOST_MINUTES}
        )
    near = near or practice.place
    if near is None:
        raise WalkRefused(_("Kneadwork does not know where the walk begins. Give your ZIP code first."))
    start = start or _now(practice)
    found, inexact = _candidates(query, near, minutes, start.date(), all_streams)
    spots = {c.pk: _spot(c, at, place, start, minutes, country) for c, at, place, country in found}
    route = walking.plan(near, list(spots.values()), minutes * 60, pace(), limit=data()["seconds"])
    people = {c.pk: (c, place, country) for c, _at, place, country in found}
    stops = [_stop(people[s.spot.key], s, start) for s in route]
    taken = -(-route[-1].leave // 60) if route else 0
    return Plan(stops, start, near, taken, round(walking.length(route)), inexact)


def _now(practice: Practice) -> datetime:
    """Now in the practice's time zone, at the next whole minute."""
    now = timezone.now().astimezone(ZoneInfo(practice.time_zone)).replace(tzinfo=None)
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def welcome(query: str, *, on: date, all_streams: bool = True):
    """Rows of the list that may stand on a walk: those that match, else the planner's own choice.

    Nobody who asked to be left alone, rests, declined (a verdict `no` is that), carries an open red flag or has closed;
    no clients.
    """
    filters = listing.read_query(query)
    rows = listing.found(filters, on=on, all_streams=all_streams).exclude(stream=Stream.CLIENTS)
    mine = OuterRef("connection")
    rows = rows.exclude(stage__in=(Stage.DECLINED, Stage.RESTING)).exclude(stopped=True)
    rows = rows.exclude(Exists(RedFlag.objects.filter(connection=mine, resolved_on=None)))
    rows = rows.exclude(Exists(Retirement.objects.filter(connection=mine)))
    if query:
        return rows
    lately = on - timedelta(days=data()["leave_out_days"])
    rows = rows.filter(stream__in=(Stream.BUSINESS, Stream.MEDICAL))
    return rows.exclude(Exists(Touch.objects.filter(connection=mine, on__gt=lately)))


Found = tuple[Connection, tuple[float, float], Place | None, str]


def _candidates(
    query: str, near: tuple[float, float], minutes: int, on: date, all_streams: bool
) -> tuple[list[Found], int]:
    """Who can be reached on foot, one for each office, with their exact place, hours and country; how many have none."""
    rows = welcome(query, on=on, all_streams=all_streams)
    far = minutes * data()["metres_a_minute"] / data()["detour"]
    north, east = far / 110_000, far / 110_000 / max(0.05, abs(_cos(near[0])))
    rows = rows.filter(
        connection__practice=current_practice_id(),  # so that the index of places serves
        connection__latitude__range=(near[0] - north, near[0] + north),
        connection__longitude__range=(near[1] - east, near[1] + east),
    )
    told = rows.order_by().values_list("connection_id", "connection__latitude", "connection__longitude")
    nearest = sorted((metres(*near, lat, lon), pk) for pk, lat, lon in told)[:MOST_PLACES]
    by_id = Connection.objects.in_bulk([pk for _far, pk in nearest])
    people = [by_id[pk] for _far, pk in nearest if pk in by_id]
    known, addresses = places.of(c.pk for c in people), addresses_of(people)
    found, inexact, offices = [], 0, set()
    for c in sorted(people, key=lambda c: c.kind != "organisation"):
        at = places.exact(c, known.get(c.pk, []), addresses.get(c.pk))
        if at is None:
            inexact += 1
            continue
        office = c.office_key or str(c.pk)
        if office not in offices:
            offices.add(office)
            address = addresses.get(c.pk)
            found.append((c, at, places.with_hours(known.get(c.pk, [])), address.country if address else ""))
    return found, inexact


def _cos(degrees: float) -> float:
    from math import cos, radians

    return cos(radians(degrees))


def addresses_of(people: Iterable[Connection]) -> dict[int, Address]:
    rows = Address.objects.filter(connection__in=[c.pk for c in people]).order_by("preferred", "-pk")
    return {a.connection_id: a for a in rows}


def _spot(
    c: Connection, at: tuple[float, float], place: Place | None, start: datetime, minutes: int, country: str
) -> walking.Spot:
    """A place as the planner takes it."""
    end = start + timedelta(minutes=minutes)
    spans = hours.open_spans(place.hours, start, end, country=country) if place else None
    spans = _unknown(start, end) if spans is None else spans
    stay = data()["minutes_a_stop"] * 60
    seconds = tuple((int((a - start).total_seconds()), int((b - start).total_seconds())) for a, b in spans)
    return walking.Spot(c.pk, *at, stay, seconds)


def _unknown(start: datetime, end: datetime) -> list[hours.Span]:
    """When a place without known hours is planned for."""
    told, spans = data()["unknown_hours"], []
    day = start.date()
    while day <= end.date():
        first, last = (datetime.combine(day, time.fromisoformat(told[name])) for name in ("from", "until"))
        if day.weekday() in told["weekdays"] and max(first, start) < min(last, end):
            spans.append((max(first, start), min(last, end)))
        day += timedelta(days=1)
    return spans


def _stop(found: tuple[Connection, Place | None, str], stop: walking.Stop, start: datetime) -> Stop:
    c, place, country = found
    arrive, leave = (start + timedelta(seconds=s) for s in (stop.arrive, stop.leave))
    said = hours.of_day(place.hours, arrive, country=country) if place else None
    return Stop(c, stop.spot.lat, stop.spot.lon, arrive, leave, said)


def keep(planned: Plan, practice: Practice, *, minutes: int, query: str, by) -> Walk:
    """Keep a planned walk, so that the phone finds it again."""
    zone = ZoneInfo(practice.time_zone)
    if not planned.stops:
        raise WalkRefused(nothing_words(planned))
    with acts.act("walk", _("%(count)d stops") % {"count": len(planned.stops)}, by=by):
        walk = Walk(
            starts_at=planned.start.replace(tzinfo=zone), minutes=minutes, latitude=planned.near[0],
            longitude=planned.near[1], query=query[:400], metres=planned.metres, made_at=timezone.now(), made_by=by,
        )  # fmt: skip
        walk.save()
        acts.add_all([
            WalkStop(walk=walk, connection=s.connection, position=n, latitude=s.lat, longitude=s.lon,
                     arrive=s.arrive.replace(tzinfo=zone), leave=s.leave.replace(tzinfo=zone), hours=(s.open or "")[:100])
            for n, s in enumerate(planned.stops, start=1)
        ])  # fmt: skip
    return walk


def nothing_words(planned: Plan) -> str:
    """Why there is no stop."""
    if planned.inexact:
        return _(
            "Nobody can be seen on this walk. Of %(count)d only the ZIP code is known, so nobody can walk to them: bring the map's places first."
        ) % {"count": planned.inexact}
    return _("Nobody can be seen on this walk: nobody is open then, or near enough. Try another time or more minutes.")


def stops_of(walk: Walk, *, all_streams: bool) -> list[WalkStop]:
    """The stops of a kept walk, without those who asked since to be left alone, rest, declined, or carry a red flag."""
    rows = list(walk.stops.select_related("connection").order_by("position"))
    ids = [row.connection_id for row in rows]
    still = welcome("order=name", on=timezone.localdate()).filter(connection__in=ids)
    may = set(still.values_list("connection_id", flat=True))
    shown = [row for row in rows if row.connection_id in may]
    if not all_streams:
        shown = [row for row in shown if row.connection.stream != Stream.CLIENTS]
    since = min(timezone.localdate(walk.starts_at), timezone.localdate(walk.made_at))
    seen = Touch.objects.filter(connection__in=ids, channel=Touch.Channel.VISIT, on__gte=since)
    were_there = set(seen.values_list("connection_id", flat=True))
    for row in shown:
        row.visited = row.connection_id in were_there
    return shown


def visited(stop: WalkStop, *, on: date, by) -> Act:
    """One tap at a stop: a visit on that day."""
    minutes = round((stop.leave - stop.arrive).total_seconds() / 60)
    _touch, act = touching.log(stop.connection, Touch.Channel.VISIT, on=on, today=on, by=by, minutes=minutes)
    return act


def remove(walk: Walk, *, by) -> Act | None:
    """Forget a walk; what was logged on it stays."""
    with acts.act("walk", _("Forgotten"), by=by) as doing:
        acts.remove_all([walk])
    return doing.saved


def recent() -> list[Walk]:
    """The newest walks, each with its number of stops."""
    from django.db.models import Count

    return list(Walk.objects.annotate(count=Count("stops")).order_by(F("starts_at").desc(), "-pk")[:10])
