"""Whom a member may see: all of the practice, or without the right to see clients all but those. Pages and API ask alike."""

from __future__ import annotations

from django.db.models import QuerySet

from kneadwork.network.models import Connection, Gift, Stream
from kneadwork.practice.models import Member
from kneadwork.practice.rights import NotAllowed, Right, sees_clients


def connections(member: Member | None) -> QuerySet:
    """The connections this member may see."""
    rows = Connection.objects.all()
    return rows if sees_clients(member) else rows.exclude(stream=Stream.CLIENTS)


def shows(member: Member | None, connection: Connection) -> bool:
    """Whether this member may see that connection."""
    return connection.stream != Stream.CLIENTS or sees_clients(member)


def records(member: Member | None, model) -> QuerySet:
    """Records about connections this member may see."""
    rows = model.objects.all()
    if sees_clients(member):
        return rows
    rows = rows.exclude(connection__stream=Stream.CLIENTS)
    return rows.exclude(form=Gift.Form.REFERRAL) if model is Gift else rows  # somebody sent is a referral


def refuse_hidden_stream(member: Member | None, stream: str) -> None:
    """NotAllowed for a member who would put somebody where they may not look."""
    if stream == Stream.CLIENTS and not sees_clients(member):
        raise NotAllowed(Right.CLIENTS)
