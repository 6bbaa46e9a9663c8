"""What of `network.seeing` a request names: rows by their ids, 404 where they may not be seen."""

from __future__ import annotations

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
