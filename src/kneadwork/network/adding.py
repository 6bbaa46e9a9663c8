"""Many connections at once by hand of a program: what `connections.add` does for one, in a few statements for all."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.network.connections import ConnectionRefused, contact_point, set_place, unsaved
from kneadwork.network.models import Address, Connection, ContactPoint
from kneadwork.practice.models import Member


class OneRefused(ConnectionRefused):
    """One of many was refused, so that none was made; `number` is its place, from 0."""

    def __init__(self, number: int, words: str) -> None:
        super().__init__(words)
        self.number = number


def add_all(people: Sequence[dict], *, by: Member | None = None, by_name: str = "") -> list[Connection]:
    """Make connections, all or none, as one act; each of `people` holds what `connections.add` takes, by name."""
    made, points, addresses = [], [], []
    for number, given in enumerate(people):
        values = dict(given)
        reach = {"phone": values.pop("phones", ()), "email": values.pop("emails", ())}
        address = values.pop("address", None)
        try:
            connection = unsaved(**values)
            points += _points(connection, reach)
        except ConnectionRefused as refused:
            raise OneRefused(number, str(refused)) from refused
        made.append(connection)
        if address:
            addresses.append(_address(connection, address))
    with acts.act("add", _("%(count)d connections") % {"count": len(made)}, by=by, by_name=by_name):
        for rows in (made, points, addresses):
            acts.add_all(rows)
    return made


def _points(connection: Connection, reach: dict[str, Sequence[str]]) -> list[ContactPoint]:
    """The first of each kind is the preferred one; one given twice is kept once."""
    rows: dict[tuple[str, str], ContactPoint] = {}
    for kind, values in reach.items():
        first = True
        for value in filter(None, (v.strip() for v in values)):
            point = contact_point(connection, kind, value, preferred=first)
            if rows.setdefault((kind, point.normal), point) is point:
                first = False
    return list(rows.values())


def _address(connection: Connection, parts: dict[str, str]) -> Address:
    """The postal address; the connection's place is found from it."""
    address = Address(connection=connection, preferred=True, **parts)
    set_place(connection, address)
    return address
