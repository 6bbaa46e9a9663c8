"""Lists and single answers of records about connections: the same paging for each kind, newest first."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kneadwork.api import seeing, versions
from kneadwork.api.problems import Refused
from kneadwork.api.shapes import PageQuery, RecordQuery
from kneadwork.common.ids import number_of, show

Document = Callable[..., dict]


def listed(
    request: HttpRequest, name: str, model, document: Document, given: RecordQuery, *, joined: str = ""
) -> HttpResponse:  # fmt: skip
    """One page: `{name: [documents], "next": cursor or null}`; joined: what else the document reads."""
    rows = seeing.records(request, model).order_by("-pk")
    rows = rows.select_related(joined) if joined else rows
    if given.connection:
        rows = rows.filter(connection=seeing.connection(request, given.connection))
    return paged(name, rows, document, given)


def paged(name: str, rows: QuerySet, document: Document, given: PageQuery) -> HttpResponse:
    """One page of rows that are ordered the newest first."""
    if given.cursor:
        after = number_of(given.cursor)
        if after is None:
            raise Refused(422, _("This cursor belongs to no list. Begin without one."))
        rows = rows.filter(pk__lt=after)
    taken = list(rows[: given.limit + 1])
    following = taken[given.limit - 1].ref if len(taken) > given.limit else None
    return versions.plain({name: [document(row) for row in taken[: given.limit]], "next": following})


def one(request: HttpRequest, model, document: Document, ref: str) -> HttpResponse:
    """One record, with its version."""
    return versions.respond_unless_known(request, document(seeing.found(seeing.records(request, model), ref)))


def made(name: str, document: dict) -> HttpResponse:
    """A record just made, and where it is."""
    return versions.respond(document, status=201, location=place(name, document["id"]))


def place(name: str, ref: str) -> str:
    """The address of one resource."""
    return f"{reverse('api:api-root')}{name}/{ref}"


def about(row) -> dict:
    """What the document of every record begins with."""
    return {"id": row.ref, "connection": show(row.connection_id)}
