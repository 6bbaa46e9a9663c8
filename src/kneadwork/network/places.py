"""Where somebody is found exactly, and when they are open: what the map says, and what a hand wrote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kneadwork.facts.zips import metres, place_of_zip
from kneadwork.network import hours
from kneadwork.network.models import Address, Connection, Place

#: A place on the map so far from where the address says they are is where they were.
MOVED_M = 5000.0


def of(ids: Iterable[int]) -> dict[int, list[Place]]:
    """The places of these connections, the newest first; one query."""
    grouped: dict[int, list[Place]] = {}
    for place in Place.objects.filter(connection__in=sorted(ids)).order_by("-noted_at", "-pk"):
        grouped.setdefault(place.connection_id, []).append(place)
    return grouped


def on_map(ids: Iterable[int]) -> bool:
    """Whether anything of these connections comes from the open map, so that it is credited."""
    return Place.objects.filter(connection__in=sorted(ids)).exclude(osm="").exists()


def exact(c: Connection, known: Sequence[Place], address: Address | None) -> tuple[float, float] | None:
    """Where one stands before their door: their place on the map, else a place that is more than a ZIP code's middle."""
    if c.latitude is None or c.longitude is None:
        return None
    for place in known:
        if place.latitude is None or place.longitude is None:
            continue
        if metres(place.latitude, place.longitude, c.latitude, c.longitude) < MOVED_M:
            return place.latitude, place.longitude
    middle = place_of_zip(address.postal, address.city, address.region, address.country) if address else None
    if c.place_rough or (middle and metres(middle.lat, middle.lon, c.latitude, c.longitude) < 1):
        return None
    return c.latitude, c.longitude


def with_hours(known: Sequence[Place]) -> Place | None:
    """The place whose hours count: those that a hand wrote before the map's; None where none are known."""
    told = [p for p in known if hours.is_readable(p.hours)]
    return next((p for p in told if not p.osm), told[0] if told else None)
