"""What of `network.seeing` a request names: rows by their ids, 404 where they may not be seen."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from kneadwork.common.ids import number_of
from kneadwork.network import seeing
from kneadwork.network.models import Connection


def connections(request: HttpRequest) -> QuerySet:
    """The connections this member may see."""
    return seeing.connections(request.member)


def connection(request: HttpRequest, ref: str, *, to_change: bool = False) -> Connection:
    """One of them; what may not be seen is not there. `to_change` holds it until the end of the transaction."""
    rows = connections(request)
    return found(rows.select_for_update() if to_change else rows, ref)


def connections_named(request: HttpRequest, refs: Iterable[str]) -> dict[str, Connection]:
    """Those of many that this member may see, by the id that names each."""
    numbers = {ref: number for ref in refs if (number := number_of(ref)) is not None}
    wanted, rows = sorted(set(numbers.values())), {}
    for start in range(0, len(wanted), 500):
        rows |= connections(request).in_bulk(wanted[start : start + 500])
    return {ref: rows[number] for ref, number in numbers.items() if number in rows}


def records(request: HttpRequest, model) -> QuerySet:
    """Records about connections this member may see."""
    return seeing.records(request.member, model)


def found(rows: QuerySet, ref: str):
    """The row with this id, or 404."""
    number = number_of(ref)
    row = rows.filter(pk=number).first() if number is not None else None
    if row is None:
        raise Http404
    return row


def refuse_hidden_stream(request: HttpRequest, stream: str) -> None:
    """403 for a member who would put somebody where they may not look."""
    seeing.refuse_hidden_stream(request.member, stream)
