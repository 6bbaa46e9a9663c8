"""What two tellings of one client's visits come to: the one rule of imports and merges."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

#: How each value grows when another telling of the same client comes; an older file never takes anything back.
BETTER = {"since": min, "first_visit": min, "last_visit": max, "visits": max}


class Visits(Protocol):
    """Whatever tells of a client's visits: the kept record, or what a file says."""

    since: Any
    first_visit: Any
    last_visit: Any
    visits: Any


def better(known: Visits, told: Visits) -> dict[str, Any]:
    """The values that the second telling improves: an earlier beginning, a later last visit, more visits."""
    found = {}
    for name, choose in BETTER.items():
        mine, theirs = getattr(known, name), getattr(told, name)
        if theirs is not None and (mine is None or choose(mine, theirs) != mine):
            found[name] = theirs
    return found


def first_day(*tellings: Visits | None) -> tuple[date | None, bool]:
    """The earliest day of which any of these tells, and whether that is the client's beginning, not some later visit."""
    told = [one for one in tellings if one is not None]
    begun = [day for one in told for day in (one.since, one.first_visit) if day]
    days = [*begun, *(one.last_visit for one in told if one.last_visit)]
    earliest = min(days, default=None)
    return earliest, earliest in begun
