"""Walks through the neighbourhood: whom to see, planned within their hours, kept so that the phone finds them again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.common.models import Act
from kneadwork.common.tenancy import current_practice_id
from kneadwork.facts.zips import metres
from kneadwork.network import dropping_in, listing, places, touching
from kneadwork.network.models import (
    Address,
    Connection,
    RedFlag,
    Retirement,
    Stage,
    Stream,
    Touch,
    Walk,
    WalkStop,
)
from kneadwork.planning import walk_hours, walking
from kneadwork.planning.walk_hours import Known, data
from kneadwork.practice.models import Practice

LEAST_MINUTES, MOST_MINUTES = 5, 720
#: So many places at most are looked at, those nearest to the start.
MOST_PLACES = 1500


Found = tuple[Connection, tuple[float, float], Known]


class WalkRefused(Exception):
    """A walk that cannot be planned, in words for the user."""


def pace() -> walking.Pace:
    """How one walks."""
    return walking.Pace(data()["metres_a_minute"] / 60, data()["detour"])


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop: whom, where, when (local time without zone), the hours of that day as text (None where not known), and
    whom colleagues ask for."""

    connection: Connection
    lat: float
    lon: float
    arrive: datetime
    leave: datetime
    open: str | None
    ask_for: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned walk: its stops, how long it takes, how far it is; how many were left out because their place is not exact.

    `flagged` names whom the query meant and a red flag keeps off it, where that left nobody.
    """

    stops: list[Stop]
    start: datetime
    near: tuple[float, float]
    minutes: int
    metres: int
    inexact: int
    flagged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Near:
    """Who is near the beginning of a walk and may be seen on it, with all that finding an order needs."""

    found: list[Found]
    start: datetime
    near: tuple[float, float]
    minutes: int
    inexact: int
    flagged: tuple[str, ...]


def plan(
    practice: Practice, *, minutes: int, start: datetime | None = None, near: tuple[float, float] | None = None,
    query: str = "", all_streams: bool = True,
) -> Plan:  # fmt: skip
    """Plan a walk through those that match the query, else through whom one could see; refuses with words.

    start: local time without zone, else now; near: degrees, else the practice's own place.
    """
    return order(look(practice, minutes=minutes, start=start, near=near, query=query, all_streams=all_streams))


def look(
    practice: Practice, *, minutes: int, start: datetime | None, near: tuple[float, float] | None, query: str,
    all_streams: bool,
) -> Near:  # fmt: skip
    """The first half of planning: who is near, and when they may be seen."""
    near = begins_at(practice, minutes, near)
    start = start or _now(practice)
    found, inexact = _candidates(query, near, minutes, start.date(), all_streams)
    flags = _flagged(query, start.date(), all_streams) if query else ()
    return Near(found, start, near, minutes, inexact, flags)


def order(seen: Near) -> Plan:
    """The second half: the order in which one sees them. It asks the database nothing."""
    spots = [_spot(c, at, known, seen.start, seen.minutes) for c, at, known in seen.found]
    route = walking.plan(seen.near, spots, seen.minutes * 60, pace(), limit=data()["seconds"])
    people = {c.pk: (c, known) for c, _at, known in seen.found}
    stops = [_stop(*people[s.spot.key], s, seen.start) for s in route]
    taken = -(-route[-1].leave // 60) if route else 0
    metres = round(walking.length(route))
    return Plan(stops, seen.start, seen.near, taken, metres, seen.inexact, () if stops else seen.flagged)


def _flagged(query: str, on: date, all_streams: bool) -> tuple[str, ...]:
    """The first of those who match the query and about whom a red flag is open."""
    rows = listing.found(listing.read_query(query), on=on, all_streams=all_streams).exclude(stream=Stream.CLIENTS)
    flags = RedFlag.objects.filter(connection=OuterRef("connection"), resolved_on=None)
    return tuple(rows.filter(Exists(flags)).order_by("pk").values_list("connection__name", flat=True)[:3])


def begins_at(practice: Practice, minutes: int, near: tuple[float, float] | None = None) -> tuple[float, float]:
    """Where a walk of so many minutes begins; refuses minutes that are none, and a practice that knows no place."""
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise WalkRefused(
            _("A walk takes from %(least)d to %(most)d minutes.") % {"least": LEAST_MINUTES, "most": MOST_MINUTES}
        )
    near = near or practice.place
    if near is None:
        raise WalkRefused(_("Kneadwork does not know where the walk begins. Give your ZIP code first."))
    return near


def next_start(now: datetime) -> datetime:
    """When a walk may sensibly begin, local times: now, at the next quarter hour, while that lies within the working hours
    of a weekday; else the next weekday morning."""
    told = data()["proposed"]
    first, last, morning = (time.fromisoformat(told[name]) for name in ("from", "until", "morning"))
    whole = now.replace(second=0, microsecond=0)
    begun = whole if whole == now else whole + timedelta(minutes=1)
    soon = begun + timedelta(minutes=-begun.minute % 15)
    if now.weekday() in told["weekdays"] and soon.date() == now.date() and first <= soon.time() < last:
        return soon
    day = now.date() if now.time() < first else now.date() + timedelta(days=1)
    while day.weekday() not in told["weekdays"]:
        day += timedelta(days=1)
    return datetime.combine(day, morning)


def last_minutes(by) -> int:
    """How long the walk was that this member planned last, else a usual one."""
    last = Walk.objects.filter(made_by=by).order_by("-made_at", "-pk").values_list("minutes", flat=True).first()
    return last or data()["usual_minutes"]


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


def _candidates(
    query: str, near: tuple[float, float], minutes: int, on: date, all_streams: bool
) -> tuple[list[Found], int]:
    """Who can be reached on foot, one for each office, with their exact place and hours; how many have no exact place."""
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
    known, addresses, drop_in = places.of(c.pk for c in people), addresses_of(people), walk_hours.drop_in_times(people)
    found, inexact, offices = [], 0, set()
    for c in sorted(people, key=lambda c: c.kind != "organisation"):
        at = places.exact(c, known.get(c.pk, []), addresses.get(c.pk))
        if at is None:
            inexact += 1
            continue
        office = c.office_key or str(c.pk)
        if office not in offices:
            offices.add(office)
            country = addresses[c.pk].country if c.pk in addresses else ""
            found.append((c, at, Known(drop_in.get(c.pk, ()), places.with_hours(known.get(c.pk, [])), country)))
    return found, inexact


def _cos(degrees: float) -> float:
    from math import cos, radians

    return cos(radians(degrees))


def addresses_of(people: Iterable[Connection]) -> dict[int, Address]:
    rows = Address.objects.filter(connection__in=[c.pk for c in people]).order_by("preferred", "-pk")
    return {a.connection_id: a for a in rows}


def _spot(c: Connection, at: tuple[float, float], known: Known, start: datetime, minutes: int) -> walking.Spot:
    """A place as the planner takes it."""
    spans = walk_hours.spans(known, start, start + timedelta(minutes=minutes))
    seconds = tuple((int((a - start).total_seconds()), int((b - start).total_seconds())) for a, b in spans)
    return walking.Spot(c.pk, *at, data()["minutes_a_stop"] * 60, seconds)


def _stop(c: Connection, known: Known, stop: walking.Stop, start: datetime) -> Stop:
    arrive, leave = (start + timedelta(seconds=s) for s in (stop.arrive, stop.leave))
    told = dropping_in.on_day(known.drop_in, arrive.date())
    said = walk_hours.said(known, arrive)
    return Stop(c, stop.spot.lat, stop.spot.lon, arrive, leave, said, told.ask_for if told else "")


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
    if planned.flagged:
        return _("Nobody can be seen on this walk. A red flag is open about %(names)s, and no walk leads there until it is resolved.") % {
            "names": ", ".join(planned.flagged)
        }  # fmt: skip
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
    drop_in = walk_hours.drop_in_times(row.connection for row in shown)
    for row in shown:
        row.visited = row.connection_id in were_there
        row.drop_in = dropping_in.on_day(drop_in.get(row.connection_id, ()), timezone.localtime(row.arrive).date())
    return shown


def flagged_since(walk: Walk, *, all_streams: bool) -> list[Connection]:
    """Whom a red flag, raised since, keeps off a kept walk."""
    flags = RedFlag.objects.filter(resolved_on=None, connection=OuterRef("pk"))
    found = Connection.objects.filter(Exists(flags), walkstops__walk=walk).select_related("standing").distinct()
    return [c for c in found.order_by("name") if all_streams or c.stream != Stream.CLIENTS]


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
