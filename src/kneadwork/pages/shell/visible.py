"""The connections a member may see."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from kneadwork.network.models import Connection, Stream
from kneadwork.practice.rights import sees_clients


def connections(request: HttpRequest) -> QuerySet:
    """All of the practice, for a member without the right to see clients all but those."""
    rows = Connection.objects.all()
    return rows if sees_clients(request.member) else rows.exclude(stream=Stream.CLIENTS)


def connection(request: HttpRequest, connection_id: int) -> Connection:
    """One of them; what may not be seen is not there."""
    return get_object_or_404(connections(request), pk=connection_id)


def chosen(rows: QuerySet, given: str):
    """The row that a form names by its number; 404 where it names none of these."""
    if not given.isdecimal() or len(given) > 19:
        raise Http404
    return get_object_or_404(rows, pk=int(given))
