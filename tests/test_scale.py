"""A page asks the database a fixed number of times, whether the practice knows ten people or three hundred."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kneadwork.network import adding, cards, events, listing, touching
from kneadwork.network.models import Connection, Event
from kneadwork.referrals import referring
from tests.builders import TODAY

pytestmark = pytest.mark.django_db
BUSY = "Amara Busy"


def grow(owner, first: int, last: int) -> None:
    """People with these numbers in all streams; every tenth has been talked with and has sent somebody."""
    streams = (("medical", "chiropractor"), ("clients", ""), ("personal", ""), ("business", "gym"))
    people = []
    for number in range(first, last):
        stream, profession = streams[number % 4]
        people.append({
            "name": BUSY if number == 0 else f"Person {number:03}", "stream": stream, "profession": profession,
            "organisation": f"Harbor {number}", "phones": [f"206-555-{number:04}"],
            "address": {"line1": f"{number} Way", "city": "Seattle", "region": "WA", "postal": "98101"},
        })  # fmt: skip
    for made in adding.add_all(people, by=owner)[::10]:
        busy(owner, made, 2)
        gather(owner, made)


def busy(owner, here, times: int) -> None:
    """Touches on as many days, and one referral."""
    for day in range(times):
        touching.log(here, "call", on=TODAY - timedelta(days=day), today=TODAY, words="Talked", by=owner)
    referring.record(here, "June P.", on=TODAY, today=TODAY, by=owner)


def gather(owner, here) -> None:
    """An event with somebody hoped for, and two cards, of which one is let go."""
    evening = Event.objects.filter(title=BUSY).first() or events.make(BUSY, on=TODAY, by=owner)
    events.hope_for(evening, here, by=owner)
    events.make(f"Talk of {here.name}", on=TODAY - timedelta(days=3), by=owner)
    for name in ("Waits", "Goes"):
        card = cards.collect(typed={"name": f"{name} {here.name}"}, event=evening, by=owner)
    cards.let_go(card, on=TODAY, by=owner)


def pages(owner) -> dict[str, str]:
    """The addresses that are counted; the cursor is that of the last row but a few."""
    everyone = listing.Filters()
    rows = list(listing.found(everyone, on=TODAY, all_streams=True))
    cursor = listing._cursor(everyone, True, rows[-5])
    here = Connection.objects.get(name=BUSY)
    return {
        "list": "/network", "deep": f"/network?cursor={cursor}", "name": "/network?order=name",
        "common": "/network?q=harbor", "rare": "/network?q=amara", "digits": "/network?q=555-0003",
        "map": "/network/map", "connection": f"/connections/{here.ref}", "today": "/", "referrals": "/referrals",
        "events": "/events", "event": f"/events/{Event.objects.get(title=BUSY).ref}", "cards": "/cards", "let go": "/cards/let-go",
    }  # fmt: skip


def counted(client, owner) -> dict[str, int]:
    """Queries per page, each asked once before."""
    numbers = {}
    for name, address in pages(owner).items():
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        numbers[name] = len(queries)
    return numbers


def test_pages_ask_as_often_for_three_hundred_as_for_ten(client, owner):
    client.force_login(owner.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    grow(owner, 0, 10)
    few = counted(client, owner)
    grow(owner, 10, 300)
    busy(owner, Connection.objects.get(name=BUSY), 40)
    many = counted(client, owner)
    assert many == few
