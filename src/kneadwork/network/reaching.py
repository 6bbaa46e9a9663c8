"""Who is reached by a telephone or an e-mail: the one look-up of look-alikes, imports and of who sent somebody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from kneadwork.network.models import ContactPoint

#: So many values fit into one query on every database.
IN_ONE_QUERY = 900


def who_has(normals: Iterable[str], *, most: int | None = None) -> Iterator[tuple[str, int]]:
    """(telephone or e-mail, connection) for each of these, as they are compared; at most so many, the oldest first.

    Faxes do not count: one stands in a corridor for everybody behind it.
    """
    return islice(_who_has(sorted(set(normals)), most), most)


def _who_has(normals: list[str], most: int | None) -> Iterator[tuple[str, int]]:
    for chunk in in_pieces(normals):
        rows = ContactPoint.objects.filter(normal__in=chunk).exclude(kind=ContactPoint.Kind.FAX).order_by("pk")
        yield from rows.values_list("normal", "connection_id")[:most]


def in_pieces(values: list) -> Iterator[list]:
    """The values in pieces small enough for one query."""
    return (values[start : start + IN_ONE_QUERY] for start in range(0, len(values), IN_ONE_QUERY))
