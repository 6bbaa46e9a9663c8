"""What a REF names: an id, or a name that only one has."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

from kneadwork.cli.program import CommandFailed
from kneadwork.common.ids import number_of

Row = TypeVar("Row", bound=Model)


def one(rows: QuerySet[Row], ref: str, what: str) -> Row:
    """The row with this id, or the only one of this name; CommandFailed in words otherwise."""
    number = number_of(ref)
    found = list(rows.filter(pk=number)) if number is not None else []
    found = found or list(rows.filter(name__iexact=ref.strip())[:6])
    if len(found) > 1:
        raise CommandFailed(f"Several are called “{ref[:60]}”. Name one by its id: {', '.join(r.ref for r in found)}.")
    if not found:
        raise CommandFailed(f"There is no {what} “{ref[:60]}”. Write the whole name, or the id.")
    return found[0]
