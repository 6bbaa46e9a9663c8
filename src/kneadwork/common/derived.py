"""Derived values, kept where speed needs it: written by one function, in the transaction of their causes.

The apps above register here, so that nothing imports upward: what a row is about (`about`), what keeps a
connection's derived row true (`keeper`, one function over a set of connection ids), what is done when something
changes on which the derived rows of all depend (`keeper_of_all`), and how those of many follow later (`follower`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kneadwork.common.tenancy import current_practice_id

__all__ = ["about", "catch_up", "concerns_all", "current_practice_id", "follower", "keeper", "keeper_of_all",
           "refresh", "refresh_all"]  # fmt: skip

#: Of more connections than this the derived rows of an act that may be followed are computed after it, in pieces.
MANY = 1000
Keeper = Callable[[set[int]], None]
_keepers: list[Keeper] = []
_keepers_of_all: list[Callable[[], None]] = []
_followers: list[tuple[Keeper, Callable[[int], None]]] = []


def keeper(function: Keeper) -> Keeper:
    """Register what keeps derived rows of connections true; called in the order of registering."""
    if function not in _keepers:
        _keepers.append(function)
    return function


def keeper_of_all(function: Callable[[], None]) -> Callable[[], None]:
    """Register what sees to it that the derived rows of all connections are computed anew."""
    if function not in _keepers_of_all:
        _keepers_of_all.append(function)
    return function


def concerns_all(row, before: dict | None, after: dict | None) -> bool:
    """Whether a change of this row moves the derived rows of all: its model names the columns that do, or says that a
    row that comes or goes does."""
    if before is None or after is None:
        return getattr(row, "coming_moves_all", False)
    return any(before[name] != after[name] for name in getattr(row, "moves_all", ()))


def about(row) -> Iterable[int]:
    """The connections whose derived rows a row may move: itself, the one it belongs to, those it names; or none."""
    if not getattr(row, "moves_standing", True):
        return []
    named = getattr(row, "connections_touched", None)
    if named is not None:
        return [one for one in named() if one]
    connection_id = getattr(row, "connection_id", None)
    return [connection_id] if connection_id else []


def follower(put_off: Keeper, catch_up: Callable[[int], None]) -> None:
    """Register how derived rows of many are marked as due, and how all that is due in a practice is computed."""
    if (put_off, catch_up) not in _followers:
        _followers.append((put_off, catch_up))


def catch_up(practice_id: int) -> None:
    """Compute what is due in a practice, in pieces; opens its own scopes, so call it outside of any transaction."""
    for _put_off, compute in _followers:
        compute(practice_id)


def refresh(connections: set[int], *, may_follow: bool = False) -> None:
    """Compute anew what is kept about these connections, in the transaction of the caller; or, of many, soon after it."""
    if may_follow and len(connections) > MANY:
        for put_off, _compute in _followers:
            put_off(connections)
    elif connections:
        for keep in _keepers:
            keep(connections)


def refresh_all() -> None:
    """See to it that what is kept about everyone is computed anew."""
    for keep in _keepers_of_all:
        keep()
