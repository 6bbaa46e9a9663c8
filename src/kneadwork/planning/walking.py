"""A walk: in which order to see which places, within their hours and the minutes there are. Plain places in, a route out.

No database, no clock. Distances are straight lines times a detour, times in seconds from the start. A route goes from the
start from stop to stop and ends with the last; every stop lies wholly within one span of its hours. It has never fewer
stops than always going to the nearest that is possible, and with as many stops it is never longer: both are computed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kneadwork.facts.zips import EARTH_M

#: Of more places than these the solver gets the nearest; a stop needs minutes, so no walk sees a quarter of them.
LEAST_POOL = 90
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that may be a stop: degrees, seconds that a stop takes, and its open spans in seconds from the start."""

    key: int
    lat: float
    lon: float
    stay: int
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of a route: which spot, when one arrives and leaves, and the metres walked to it."""

    spot: Spot
    arrive: int
    leave: int
    metres: float


@dataclass(frozen=True, slots=True)
class Pace:
    """How one walks: metres a second, and streets per straight line."""

    metres_a_second: float
    detour: float

    def metres(self, a: Point, b: Point) -> float:
        """Metres on foot between two places (the equirectangular approximation: exact enough for a walk)."""
        middle = math.radians((a[0] + b[0]) / 2)
        east = math.radians(b[1] - a[1]) * math.cos(middle)
        return EARTH_M * math.hypot(math.radians(b[0] - a[0]), east) * self.detour

    def seconds(self, metres: float) -> int:
        """Whole seconds for so many metres, rounded up."""
        return math.ceil(metres / self.metres_a_second)


def begins(spot: Spot, at: int) -> int | None:
    """When a stop that is reached at a moment can begin: then, or when it opens; None where it fits into no span."""
    for first, last in spot.spans:
        begin = max(at, first)
        if begin + spot.stay <= last:
            return begin
    return None


def walked(start: Point, order: Sequence[Spot], seconds: int, pace: Pace) -> list[Stop] | None:
    """The stops of an order as early as can be; None where one of them is not possible."""
    stops, here, now = [], start, 0
    for spot in order:
        metres = pace.metres(here, (spot.lat, spot.lon))
        begin = begins(spot, now + pace.seconds(metres))
        if begin is None or begin + spot.stay > seconds:
            return None
        here, now = (spot.lat, spot.lon), begin + spot.stay
        stops.append(Stop(spot, begin, now, metres))
    return stops


def nearest_next(start: Point, spots: Sequence[Spot], seconds: int, pace: Pace, *, wait: bool) -> list[Stop]:
    """Always to the nearest place where a stop is still possible; `wait`: also where one stands before a closed door."""
    left, here, now, stops = list(spots), start, 0, []
    while True:
        found = None
        for metres, spot in sorted(((pace.metres(here, (s.lat, s.lon)), s) for s in left), key=_by_distance):
            arrive = now + pace.seconds(metres)
            if arrive > seconds:
                break
            begin = begins(spot, arrive)
            if begin is not None and begin + spot.stay <= seconds and (wait or begin == arrive):
                found = Stop(spot, begin, begin + spot.stay, metres)
                break
        if found is None:
            return stops
        stops.append(found)
        left.remove(found.spot)
        here, now = (found.spot.lat, found.spot.lon), found.leave


def _by_distance(pair: tuple[float, Spot]) -> tuple[float, int]:
    return pair[0], pair[1].key


def length(stops: Sequence[Stop]) -> float:
    """The metres of a route."""
    return sum(stop.metres for stop in stops)


def plan(start: Point, spots: Sequence[Spot], seconds: int, pace: Pace, *, limit: float = 1.0) -> list[Stop]:
    """The route with the most stops, of those the shortest; `limit` in seconds of looking for a better one."""
    possible = [s for s in spots if walked(start, [s], seconds, pace)]
    routes = [nearest_next(start, possible, seconds, pace, wait=wait) for wait in (False, True)]
    best = min(routes, key=_worth)
    if len(possible) > 1 and len(best) < len(possible):
        routes.append(_solved(start, _pool(start, possible, best, seconds, pace), best, seconds, pace, limit))
    elif len(possible) > 1:
        routes.append(_solved(start, possible, best, seconds, pace, limit))
    return min(routes, key=_worth)


def _worth(stops: Sequence[Stop]) -> tuple[int, float]:
    return -len(stops), length(stops)


def _pool(start: Point, spots: list[Spot], best: list[Stop], seconds: int, pace: Pace) -> list[Spot]:
    """The places that the solver looks at: the nearest to the start, and those of the route that is known already."""
    most = max(LEAST_POOL, 4 * seconds // min(s.stay + 60 for s in spots))
    near = sorted(spots, key=lambda s: (pace.metres(start, (s.lat, s.lon)), s.key))[:most]
    return list(dict.fromkeys([*(stop.spot for stop in best), *near]))


def _solved(start: Point, spots: list[Spot], best: list[Stop], seconds: int, pace: Pace, limit: float) -> list[Stop]:
    """The best order that PyVRP finds: places are optional, each worth more than any detour; nobody walks back."""
    import pyvrp
    from pyvrp.stop import MaxRuntime, MultipleCriteria, NoImprovement

    model = pyvrp.Model()
    begin, end = model.add_location(0, 0), model.add_location(0, 0)
    first, last = model.add_depot(begin), model.add_depot(end)
    model.add_vehicle_type(
        1, start_depot=first, end_depot=last, tw_late=seconds, shift_duration=seconds, unit_distance_cost=1
    )
    places = [model.add_location(s.lon, s.lat) for s in spots]
    points = [(s.lat, s.lon) for s in spots]
    prize = 10 * math.ceil(seconds * pace.metres_a_second)
    whose: list[int] = []
    for number, spot in enumerate(spots):
        spans = [(a, min(b, seconds) - spot.stay) for a, b in spot.spans if min(b, seconds) - spot.stay >= max(a, 0)]
        group = model.add_client_group(required=False) if len(spans) > 1 else None
        for early, late in spans:
            model.add_client(
                places[number], service_duration=spot.stay, tw_early=max(early, 0), tw_late=late, prize=prize,
                required=False, group=group,
            )  # fmt: skip
            whose.append(number)
    for i, here in enumerate(points):
        metres = pace.metres(start, here)
        model.add_edge(begin, places[i], math.ceil(metres), pace.seconds(metres))
        model.add_edge(places[i], end, 0, 0)
        for j in range(i + 1, len(points)):
            metres = pace.metres(here, points[j])
            for a, b in ((i, j), (j, i)):
                model.add_edge(places[a], places[b], math.ceil(metres), pace.seconds(metres))
    model.add_edge(begin, end, 0, 0)
    result = model.solve(
        MultipleCriteria([MaxRuntime(limit), NoImprovement(800)]), seed=1, display=False, collect_stats=False
    )
    order = [spots[whose[n]] for n in _visited(result)]
    return walked(start, order, seconds, pace) or best


def _visited(result) -> list[int]:
    """The numbers of the clients in the order of the route."""
    if not result.is_feasible():
        return []
    return [activity.idx for route in result.best.routes() for activity in route if activity.is_client()]
