"""Many connections at once by hand of a program: what `connections.add` does for one, in a few statements for all."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.common.ids import new_id
from kneadwork.facts.zips import Place, place_of_zip
from kneadwork.network.connections import ConnectionRefused, name_parts, normal_of, stream_of
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
        connection = _connection(number, values)
        made.append(connection)
        points += _points(connection, reach)
        if address:
            addresses.append(_address(connection, address))
    with acts.act("add", _("%(count)d connections") % {"count": len(made)}, by=by, by_name=by_name):
        for rows in (made, points, addresses):
            acts.add_all(rows)
    return made


def _connection(number: int, values: dict) -> Connection:
    name = " ".join(values.pop("name").split())
    if not name:
        raise OneRefused(number, _("A connection needs a name."))
    profession, kind = values.pop("profession", ""), values.pop("kind", "person")
    return Connection(
        id=new_id(), name=name[:200], kind=kind, stream=values.pop("stream", "") or stream_of(profession),
        profession=profession, professions=[profession] if profession else [], added_at=timezone.now(),
        **(name_parts(name) if kind == "person" else {}) | values,
    )  # fmt: skip


def _points(connection: Connection, reach: dict[str, Sequence[str]]) -> list[ContactPoint]:
    """The first of each kind is the preferred one; one given twice is kept once."""
    rows: dict[str, ContactPoint] = {}
    for kind, values in reach.items():
        first = True
        for value in filter(None, (v.strip() for v in values)):
            normal = normal_of(kind, value)[:400]
            if normal not in rows:
                rows[normal] = ContactPoint(
                    connection=connection, kind=kind, value=value[:400], normal=normal, preferred=first
                )
                first = False
    return list(rows.values())


def _address(connection: Connection, parts: dict[str, str]) -> Address:
    """The postal address; the connection's place is found from it."""
    address = Address(connection=connection, preferred=True, **parts)
    place = _place(address)
    if place is not None:
        connection.latitude, connection.longitude, connection.place_rough = place.lat, place.lon, place.rough
    return address


def _place(address: Address) -> Place | None:
    return place_of_zip(address.postal, address.city, address.region)
