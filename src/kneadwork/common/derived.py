"""Derived values, kept where speed needs it: written by one function, in the transaction of their causes.

The apps above register here, so that nothing imports upward: what a row is about (`about`), and what keeps a
connection's derived row true (`keeper`, one function over a set of connection ids).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kneadwork.common.tenancy import current_practice_id

__all__ = ["about", "current_practice_id", "keeper", "refresh"]

Keeper = Callable[[set[int]], None]
_keepers: list[Keeper] = []


def keeper(function: Keeper) -> Keeper:
    """Register what keeps derived rows of connections true; called in the order of registering."""
    if function not in _keepers:
        _keepers.append(function)
    return function


def about(row) -> Iterable[int]:
    """The connections a row is about: itself, the one it belongs to, or those it names."""
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
