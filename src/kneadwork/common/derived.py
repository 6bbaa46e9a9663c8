"""Derived values, kept where speed needs it: written by one function, in the transaction of their causes.

The apps above register here, so that nothing imports upward: what a row is about (`about`), what keeps a
connection's derived row true (`keeper`, one function over a set of connection ids), and what is done when something
changes on which the derived rows of all depend (`keeper_of_all`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kneadwork.common.tenancy import current_practice_id

__all__ = ["about", "concerns_all", "current_practice_id", "keeper", "keeper_of_all", "refresh", "refresh_all"]

Keeper = Callable[[set[int]], None]
_keepers: list[Keeper] = []
_keepers_of_all: list[Callable[[], None]] = []


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


def refresh(connections: set[int]) -> None:
    """Compute anew what is kept about these connections, in the transaction of the caller."""
    if connections:
        for keep in _keepers:
            keep(connections)


def refresh_all() -> None:
    """See to it that what is kept about everyone is computed anew."""
    for keep in _keepers_of_all:
        keep()
