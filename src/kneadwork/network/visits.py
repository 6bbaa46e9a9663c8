"""What two tellings of one client's visits come to: the one rule of imports and merges."""

from __future__ import annotations

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
