"""What a member may see: all of the practice, or all but clients; the same line as on pages."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from kneadwork.common.ids import number_of
from kneadwork.network.models import Connection, Stream
from kneadwork.practice.rights import NotAllowed, Right, sees_clients


def connections(request: HttpRequest) -> QuerySet:
    """The connections this member may see."""
    rows = Connection.objects.all()
    return rows if sees_clients(request.member) else rows.exclude(stream=Stream.CLIENTS)


def connection(request: HttpRequest, ref: str, *, to_change: bool = False) -> Connection:
    """One of them; what may not be seen is not there. `to_change` holds it until the end of the transaction."""
    rows = connections(request)
    return found(rows.select_for_update() if to_change else rows, ref)


def records(request: HttpRequest, model) -> QuerySet:
    """Records about connections this member may see."""
    rows = model.objects.all()
    return rows if sees_clients(request.member) else rows.exclude(connection__stream=Stream.CLIENTS)


def found(rows: QuerySet, ref: str):
    """The row with this id, or 404."""
    number = number_of(ref)
    row = rows.filter(pk=number).first() if number is not None else None
    if row is None:
        raise Http404
    return row


def refuse_hidden_stream(request: HttpRequest, stream: str) -> None:
    """403 for a member who would put somebody where they may not look."""
    if stream == Stream.CLIENTS and not sees_clients(request.member):
        raise NotAllowed(Right.CLIENTS)
