"""The network as a map: a window on the world, whoever matches the list's filters in clusters of a grid, counted in SQL."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.core.cache import cache
from django.db.models import Avg, Count, F, FloatField, IntegerField, Min, QuerySet
from django.db.models.functions import Cast

from kneadwork.common.models import Act
from kneadwork.common.tenancy import current_practice_id
from kneadwork.network.listing import Filters, found
from kneadwork.network.models import Connection, Place, Standing

#: The drawing's size and its grid: a cluster for each square.
WIDTH, HEIGHT, SQUARE = 480, 400, 40
LEAST_M, MOST_M = 300.0, 8_000_000.0
DEGREE_M = 111_195.0
#: Rows of the list beside the map.
BESIDE = 20
#: Of more rows within a window the best are sooner found by going through all in their order.
MANY = 2_000


@dataclass(frozen=True, slots=True)
class Window:
    """What the map shows: its middle in degrees, and how many metres it is wide."""

    lat: float
    lon: float
    span: float

    @property
    def metres_a_pixel(self) -> float:
        """The scale."""
        return self.span / WIDTH

    @property
    def degrees(self) -> tuple[float, float]:
        """Half the height and half the width in degrees."""
        shrinks = max(0.05, math.cos(math.radians(self.lat)))
        return self.span * HEIGHT / WIDTH / 2 / DEGREE_M, self.span / 2 / DEGREE_M / shrinks

    def pixel(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a place stands in the drawing."""
        north, east = self.degrees
        return (lon - self.lon + east) / (2 * east) * WIDTH, (self.lat + north - lat) / (2 * north) * HEIGHT

    def moved(self, *, lat: float = 0.0, lon: float = 0.0, times: float = 1.0) -> Window:
        """Another window: moved by so many of its own widths and heights, `times` as wide."""
        north, east = self.degrees
        middle = max(-85.0, min(85.0, self.lat + lat * 2 * north)), (self.lon + lon * 2 * east + 180) % 360 - 180
        return Window(*middle, max(LEAST_M, min(MOST_M, self.span * times)))

    def query(self) -> str:
        """The window as it stands in an address."""
        return f"at={self.lat:.5f},{self.lon:.5f}&span={self.span:.0f}"


def window_of(at: str, span: str, home: tuple[float, float] | None, rows: QuerySet) -> Window | None:
    """The window that an address names, else two miles around the practice, else the middle of whoever matches."""
    given = _pair(at)
    wide = _number(span)
    if given:
        return Window(*given, max(LEAST_M, min(MOST_M, wide or 6500.0)))
    if home is None:
        middle = rows.order_by().aggregate(lat=Avg("connection__latitude"), lon=Avg("connection__longitude"))
        home = (middle["lat"], middle["lon"]) if middle["lat"] is not None else None
    return Window(*home, max(LEAST_M, min(MOST_M, wide or 6500.0))) if home else None


def _pair(text: str) -> tuple[float, float] | None:
    latitude, longitude = ([_number(part) for part in text.split(",")] + [None, None])[:2]
    if text.count(",") != 1 or latitude is None or longitude is None or abs(latitude) > 85 or abs(longitude) > 180:
        return None
    return latitude, longitude


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and len(text) < 30 else None


@dataclass(frozen=True, slots=True)
class Cluster:
    """Those of one square: how many, their middle in pixels and degrees; of one alone who it is."""

    count: int
    x: float
    y: float
    lat: float
    lon: float
    only: Connection | None

    @property
    def radius(self) -> float:
        """How large it is drawn: more are larger, never larger than the square."""
        return 6.0 if self.count == 1 else min(SQUARE / 2, 11 + 5 * math.log10(self.count))


@dataclass(frozen=True, slots=True)
class View:
    """What one window shows: clusters, the first rows of the list within it, how many there are, whether the map is credited."""

    window: Window
    clusters: list[Cluster]
    rows: list[Standing]
    total: int
    nowhere: int
    credit: bool


def view(filters: Filters, window: Window, *, on: date, all_streams: bool) -> View:
    """Whoever matches within the window, always in the same number of queries."""
    everyone = found(filters, on=on, all_streams=all_streams)
    here = inside(everyone, window)
    clusters = clustered(_squares_kept(here, window, f"{on}:{all_streams}:{filters.query()}:{window.query()}"), window)
    total = sum(c.count for c in clusters)
    best = here if total <= MANY else inside(everyone, window, by_place=False)
    rows = list(best.select_related("connection")[:BESIDE])
    nowhere = _by_place(everyone.order_by()).filter(connection__latitude=None).count()
    credit = Place.objects.exclude(osm="").exists()
    return View(window, clusters, rows, total, nowhere, credit)


def inside(rows: QuerySet, window: Window, *, by_place: bool = True) -> QuerySet:
    """The rows within a window; by_place: looked for by where they are, else in the order of the rows."""
    north, east = window.degrees
    return (_by_place(rows) if by_place else rows).filter(
        connection__latitude__range=(window.lat - north, window.lat + north),
        connection__longitude__range=(window.lon - east, window.lon + east),
    )


def _by_place(rows: QuerySet) -> QuerySet:
    """The same rows, so that the index of places serves."""
    return rows.filter(connection__practice=current_practice_id())


Square = tuple[int, float, float, int]


def _squares_kept(rows: QuerySet, window: Window, asked: str) -> list[Square]:
    """The squares of a window, counted anew after each act of the practice."""
    newest = Act.objects.order_by("-at").values_list("pk", flat=True).first()
    place = f"map:{current_practice_id()}:{newest}:{hashlib.sha256(asked.encode()).hexdigest()}"
    squares = cache.get(place)
    if squares is None:
        squares = squares_of(rows, window)
        cache.set(place, squares, timeout=60)
    return squares


def squares_of(rows: QuerySet, window: Window) -> list[Square]:
    """The rows by squares of the grid: how many, the mean of their places in degrees, and one of them."""
    north, east = window.degrees
    south, west = window.lat - north, window.lon - east
    high, wide = 2 * north * SQUARE / HEIGHT, 2 * east * SQUARE / WIDTH
    squares = (
        rows.order_by()
        .annotate(
            row=Cast((F("connection__latitude") - south) / high, IntegerField()),
            column=Cast((F("connection__longitude") - west) / wide, IntegerField()),
        )
        .values("row", "column")
        .annotate(
            n=Count("pk"), lat=Avg("connection__latitude", output_field=FloatField()),
            lon=Avg("connection__longitude", output_field=FloatField()), one=Min("connection_id"),
        )
    )  # fmt: skip
    return list(squares.values_list("n", "lat", "lon", "one"))


def clustered(squares: Sequence[Square], window: Window) -> list[Cluster]:
    """The squares as they are drawn, the largest first."""
    alone = Connection.objects.defer("note", "extra").in_bulk([one for n, _lat, _lon, one in squares if n == 1])
    made = [
        Cluster(n, *window.pixel(lat, lon), lat, lon, alone.get(one) if n == 1 else None)
        for n, lat, lon, one in squares
    ]
    return sorted(made, key=lambda c: (-c.count, c.y, c.x))


def rings(window: Window, home: tuple[float, float], unit_m: float) -> list[tuple[float, float]]:
    """Circles around the practice in so many units: (units, radius in pixels), those that fit the window."""
    steps = [n * 10**power for power in range(-1, 5) for n in (1, 2, 5)]
    drawn = [(units, units * unit_m / window.metres_a_pixel) for units in steps]
    return [(units, radius) for units, radius in drawn if 45 <= radius <= HEIGHT / 2][-2:]


def anchored(filters: Filters) -> Filters:
    """The filters as a map takes them: an order makes no difference there."""
    return replace(filters, order="rank")
