"""Where a ZIP code lies: the Census table's centroids, with rougher answers for codes that have no area of their own."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

EARTH_M = 6_371_008.8  # mean radius, IUGG
MILE_M = 1609.344
#: The country and the territories that have ZIP codes, in small letters alone.
HERE = frozenset({
    "", "us", "usa", "unitedstates", "unitedstatesofamerica", "theunitedstates", "america", "estadosunidos", "pr", "puertorico",
    "vi", "usvirginislands", "gu", "guam", "as", "americansamoa", "mp", "northernmarianaislands",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Degrees north and east; `rough` where only a wider area is known, and `basis` which: zip, town, prefix."""

    lat: float
    lon: float
    rough: bool
    basis: str


class NoSuchPlace(ValueError):
    """A WHERE that names no place, in words for the user."""


@lru_cache(maxsize=1)
def centroids() -> dict[str, tuple[float, float]]:
    """Every ZIP code of the table with its latitude and longitude."""
    text = files("kneadwork.facts").joinpath("data/zcta_centroids.csv").read_text("ascii")
    rows = (line.split(",") for line in text.splitlines()[1:] if line)
    return {row[0]: (float(row[1]), float(row[2])) for row in rows}


@lru_cache(maxsize=1)
def _prefixes() -> dict[str, tuple[float, float]]:
    grouped: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for code, place in centroids().items():
        grouped[code[:3]].append(place)
    return {
        p: (sum(x for x, _ in found) / len(found), sum(y for _, y in found) / len(found))
        for p, found in grouped.items()
    }


def town_key(city: str, state: str) -> tuple[str, str]:
    """A town as it is compared: letters and digits in capitals, and its state's two letters."""
    return " ".join(re.findall(r"[A-Z0-9]+", city.upper())), state.strip().upper()


@lru_cache(maxsize=1)
def towns() -> dict[tuple[str, str], tuple[float, float]]:
    """Where towns lie, for ZIP codes without an area of their own (post boxes, single firms)."""
    text = files("kneadwork.facts").joinpath("data/city_centroids.csv").read_text("utf-8")
    rows = (line.split(",") for line in text.splitlines()[1:] if line)
    return {(row[0], row[1]): (float(row[2]), float(row[3])) for row in rows}


def is_here(country: str) -> bool:
    """Whether a country, as a code or as written, is the United States or one of its territories, or is not said."""
    return re.sub(r"[^a-z]", "", country.casefold()) in HERE


def place_of_zip(zip_code: str, city: str = "", state: str = "", country: str = "") -> Place | None:
    """The place of a ZIP code (five or nine digits); where it has none, marked rough, the town's or its three-digit area's.

    None for other countries: their postal codes look alike and mean other places.
    """
    if not is_here(country):
        return None
    digits = re.sub(r"\D", "", zip_code)[:5]
    exact = centroids().get(digits)
    if exact:
        return Place(*exact, rough=False, basis="zip")
    town = towns().get(town_key(city, state)) if city and state else None
    if town:
        return Place(*town, rough=True, basis="town")
    wide = _prefixes().get(digits[:3]) if len(digits) == 5 else None
    return Place(*wide, rough=True, basis="prefix") if wide else None


def metres(a_lat: float, a_lon: float, b_lat: float, b_lon: float) -> float:
    """The great-circle distance in metres (haversine formula on a sphere of the mean radius)."""
    p, q = math.radians(a_lat), math.radians(b_lat)
    h = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(math.radians(b_lon - a_lon) / 2) ** 2
    return 2 * EARTH_M * math.asin(math.sqrt(min(1.0, h)))


@lru_cache(maxsize=1)
def _squares() -> frozenset[tuple[int, int]]:
    return frozenset((math.floor(lat), math.floor(lon)) for lat, lon in centroids().values())


def writes_number_first(lat: float, lon: float) -> bool:
    """Whether house numbers stand before the street there: in every square degree with a ZIP code."""
    return (math.floor(lat), math.floor(lon)) in _squares()


def zips_within(lat: float, lon: float, within_m: float) -> set[str]:
    """The ZIP codes whose centroid lies within a distance."""
    span = within_m / 111_000 * 1.05
    near = ((c, p) for c, p in centroids().items() if abs(p[0] - lat) <= span)
    return {c for c, p in near if metres(lat, lon, *p) <= within_m}


def areas_within(lat: float, lon: float, within_m: float) -> frozenset[str]:
    """The three-digit areas that have a ZIP code, or their own middle, within a distance."""
    middles = {area for area, place in _prefixes().items() if metres(lat, lon, *place) <= within_m}
    return frozenset({code[:3] for code in zips_within(lat, lon, within_m)} | middles)


def parse_where(where: str) -> tuple[float, float]:
    """Latitude and longitude of a WHERE: a ZIP code or `LAT,LON`; NoSuchPlace otherwise."""
    pair = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*", where)
    if pair:
        lat, lon = float(pair[1]), float(pair[2])
        if abs(lat) <= 90 and abs(lon) <= 180:
            return lat, lon
    place = place_of_zip(where) if re.fullmatch(r"\s*\d{5}(?:-?\d{4})?\s*", where, re.ASCII) else None
    if place is None:
        raise NoSuchPlace(f"“{where}” is neither a ZIP code nor latitude and longitude such as 47.61,-122.33.")
    return place.lat, place.lon
