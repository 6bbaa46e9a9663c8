"""What a member may see, of connections and of what is about them."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from kneadwork.common import numbers
from kneadwork.common.ids import number_of
from kneadwork.common.models import Act
from kneadwork.network import seeing
from kneadwork.network.models import Connection, Stream
from kneadwork.outreach.models import LetterBatch
from kneadwork.practice.rights import sees_clients


def connections(request: HttpRequest) -> QuerySet:
    """All of the practice, for a member without the right to see clients all but those."""
    return seeing.connections(request.member)


def connection(request: HttpRequest, connection_id: int) -> Connection:
    """One of them; what may not be seen is not there."""
    return get_object_or_404(connections(request), pk=connection_id)


def named(request: HttpRequest, refs: list[str]) -> QuerySet:
    """Those of them that a form names by their ids; what is no id names nobody."""
    return connections(request).filter(pk__in={number_of(ref) for ref in refs} - {None})


def refuse_hidden_stream(request: HttpRequest, stream: str) -> None:
    """Refuse a member who would put somebody where they may not look."""
    seeing.refuse_hidden_stream(request.member, stream)


def letter_batch(request: HttpRequest, batch_id: int) -> LetterBatch:
    """A batch of letters; one with a letter to somebody who may not be seen is not there."""
    batch = get_object_or_404(LetterBatch.objects.select_related("made_by__signature"), pk=batch_id)
    if not sees_clients(request.member) and batch.letters.filter(connection__stream=Stream.CLIENTS).exists():
        raise Http404
    return batch


def refuse_hidden_act(request: HttpRequest, act: Act) -> None:
    """404 for an act about clients, for a member who may not see them (any more)."""
    if sees_clients(request.member):
        return
    about: set[int] = set()
    for row, model, *images in act.changes.values_list("row", "model", "before", "after"):
        about.add(row if model == Connection._meta.label else 0)
        for image in filter(None, images):
            about.add(image.get("connection_id") or 0)
            if model == Connection._meta.label and image.get("stream") == Stream.CLIENTS:
                raise Http404
    if Connection.objects.filter(pk__in=about, stream=Stream.CLIENTS).exists():
        raise Http404


def chosen(rows: QuerySet, given: str, column: str = "pk"):
    """The row that a form names by its number (or by that of another column); 404 where it names none of these."""
    number = numbers.whole(given)
    if number is None:
        raise Http404
    return get_object_or_404(rows, **{column: number})
