"""The pages that matter, in a practice with 100,000 made-up connections, against an empty page of the same shell.

    python bench/bench_pages.py [CONNECTIONS] [FOLDER]

Prints the median server time of each page and its ratio to the empty page in the same run, with the number of queries.
FOLDER keeps the practice for the next run; without it everything is made anew in a folder that is thrown away.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
os.environ["DJANGO_SETTINGS_MODULE"] = "kneadwork.settings"
os.environ["KNEADWORK_HOME"] = sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp(prefix="kneadwork-bench-")
ROUNDS, PIECE, BUSY = 40, 2_000, 200
OFTEN, SELDOM = "harbor", "quillwick"
SYLLABLES = (
    "ba",
    "dor",
    "fen",
    "gal",
    "hul",
    "jas",
    "kem",
    "lor",
    "mip",
    "nav",
    "ost",
    "pel",
    "rud",
    "sib",
    "tov",
    "wen",
)
SURNAMES = ("ander", "brook", "cald", "dunmo", "esk", "farrow", "glen", "hollo", "iver", "keld", "lund", "marl")
ROOMS = ("Harbor", "Meadow", "Cedar", "Lantern", "Paper Crane", "Bell Street", "Tidewater", "Juniper")
ZIPS = ("98101", "98103", "98105", "98109", "98112", "98115", "98118", "98122", "98144", "98004", "98033", "98052")
STREAMS = (("medical", ("chiropractor", "physical_therapist", "acupuncturist", "dentist", "psychologist")),
           ("clients", ("",)), ("personal", ("",)), ("business", ("gym", "yoga_studio", "realtor", "salon")))  # fmt: skip


def person(number: int, chance: random.Random) -> dict:
    """One made-up connection as `network.adding.add_all` takes it."""
    stream, professions = chance.choices(STREAMS, (6, 2, 1, 1))[0]
    given = "".join(chance.choices(SYLLABLES, k=2)).capitalize()
    family = (chance.choice(SURNAMES) + "".join(chance.choices(SYLLABLES, k=1))).capitalize()
    return {
        "name": f"{given} {family}", "stream": stream, "profession": chance.choice(professions),
        "organisation": f"{chance.choice(ROOMS)} {number % 4000}" if stream in ("medical", "business") else "",
        "phones": [f"(206) 555-{number % 10_000:04d}"], "emails": [f"p{number}@people.example"],
        "address": {"line1": f"{number % 900 + 1} Sample Street", "city": "Seattle", "region": "WA",
                    "postal": chance.choice(ZIPS)},
    }  # fmt: skip


def build(people: int):
    """The practice of the bench; answers its owner, and makes it where it is not there yet."""
    from kneadwork.common.tenancy import acting_in
    from kneadwork.practice.models import Member
    from kneadwork.practice.people import found

    member = Member.everywhere.filter(user__email="bench@practice.example").first()
    if member is not None:
        return member
    member = found("Bench", owner_email="bench@practice.example", owner_name="Robin Hale", region="WA", postal="98101",
                   city="Seattle", latitude=47.61, longitude=-122.33, time_zone="America/Los_Angeles")  # fmt: skip
    begun, chance = time.perf_counter(), random.Random(11)
    with acting_in(member.practice_id, writing=False):
        for start in range(0, people, PIECE):
            add_piece(range(start, min(start + PIECE, people)), chance)
            print(f"\r{start + PIECE} of {people}, {time.perf_counter() - begun:.0f} s", end="", file=sys.stderr)
    return member


def add_piece(numbers: range, chance: random.Random) -> None:
    """Some connections with their histories, and what is kept about them, in one transaction."""
    from django.db import transaction

    from kneadwork.common import bulk, derived
    from kneadwork.network import adding, connections

    made, points, addresses = [], [], []
    for number in numbers:
        given = person(number, chance)
        if number == 7:
            given["name"] = f"Orla {SELDOM.capitalize()}"
        reach = {"phone": given.pop("phones"), "email": given.pop("emails")}
        address = given.pop("address")
        made.append(connections.unsaved(**given))
        points += adding._points(made[-1], reach)
        addresses.append(adding._address(made[-1], address))
    rows = [made, points, addresses, *histories(made, numbers, chance)]
    for row in (one for many in rows for one in many):
        row.practice_id = derived.current_practice_id()
    with transaction.atomic():
        for many in rows:
            bulk.insert(many)
        derived.refresh({c.pk for c in made})


def histories(made: list, numbers: range, chance: random.Random) -> tuple[list, list, list]:
    """Touches, promises and referrals: every third has some, one is busy."""
    from django.utils import timezone

    from kneadwork.network.models import Promise, Touch
    from kneadwork.referrals.models import Referral

    now, day = timezone.now(), timezone.localdate()
    touches, promises, referrals = [], [], []
    for number, one in zip(numbers, made, strict=True):
        for _turn in range(BUSY if number == 3 else (number % 3 == 0) * chance.randint(1, 4)):
            touches.append(Touch(connection=one, channel=chance.choice(("letter", "call", "visit", "email")), on=day
                                 - timedelta(days=chance.randint(0, 700)), words="Talked about the week", noted_at=now,
                                 minutes=0))  # fmt: skip
        if number % 500 == 0:
            due = day + timedelta(days=chance.randint(-5, 30))
            promises.append(Promise(connection=one, words="Send the article", due_on=due))
        if number % 40 == 0:
            referrals.append(
                Referral(connection=one, person="June P.", on=day - timedelta(days=chance.randint(1, 600)))
            )
    return touches, promises, referrals


def addresses(member) -> dict[str, str]:
    """What is measured: words and address. The thousandth page's cursor is taken from the rows before it."""
    from kneadwork.common.tenancy import acting_in
    from kneadwork.network import listing
    from kneadwork.network.models import Touch

    everyone = listing.Filters()
    with acting_in(member.practice_id):
        rows = listing.found(everyone, on=None, all_streams=True)
        last = rows[min(listing.PAGE * 999, rows.count() - listing.PAGE) - 1]
        cursor = listing._cursor(everyone, True, last)
        busy = Touch.objects.filter(connection__in=Touch.objects.order_by("pk").values("connection")[:40])
        counted: dict = {}
        for touch in busy.select_related("connection"):
            counted[touch.connection.ref] = counted.get(touch.connection.ref, 0) + 1
    return {
        "empty page": "/network/removed", "list": "/network", "list, 1000th page": f"/network?cursor={cursor}",
        "list by name": "/network?order=name", "list, one stream": "/network?stream=medical",
        "search, rare word": f"/network?q={SELDOM}", "search, common word": f"/network?q={OFTEN}",
        "search, two letters": "/network?q=ba", "typing, rare word": f"/network?q={SELDOM}", "typing, common word": f"/network?q={OFTEN}",
        "typing, two letters": "/network?q=ba",
        "search, two words": f"/network?q={OFTEN}+chiropractor",
        "map": "/network/map", "map, wide": "/network/map?at=47.6,-122.3&span=60000", "walks": "/network/walks",
        "search, digits": "/network?q=555-0142", "connection, 200 touches": f"/connections/{max(counted, key=counted.get)}",
        "Today": "/", "referrals": "/referrals",
    }  # fmt: skip


def as_typed(name: str) -> dict[str, str]:
    """The headers of a search while one types, which asks for the rows alone; none for whole pages."""
    return {"HX-Request": "true"} if name.startswith("typing") else {}


def measure(member, wanted: dict[str, str]) -> dict[str, tuple[float, int, int]]:
    """Per page: the median of its seconds, its queries, its bytes; the pages take turns, so that all share the weather."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.ALLOWED_HOSTS = ["*"]
    client, took, facts = Client(), {name: [] for name in wanted}, {}
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for name, address in wanted.items():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.get(address, headers=as_typed(name))
        assert answer.status_code == 200, (name, answer.status_code)
        facts[name] = (len(queries), len(answer.content))
    for _round in range(ROUNDS):
        for name, address in wanted.items():
            begun = time.perf_counter()
            client.get(address, headers=as_typed(name))
            took[name].append(time.perf_counter() - begun)
    return {name: (statistics.median(took[name]), *facts[name]) for name in wanted}


def main() -> None:
    """Make the practice, measure the pages, print the ratios; a ratio over its bound ends with status 1."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    member = build(people)
    measured = measure(member, addresses(member))
    floor, over = measured["empty page"][0], []
    print(f"\n{people} connections, median of {ROUNDS}, in milliseconds; bound 5 times the empty page, Today 10 times")
    for name, (seconds, queries, size) in measured.items():
        ratio, bound = seconds / floor, 10 if name == "Today" else 5
        print(f"{name:26} {seconds * 1000:8.1f} ms {ratio:6.2f} x {queries:4} queries {size / 1024:6.0f} KiB")
        over += [name] if ratio > bound else []
    if over:
        sys.exit(f"over the bound: {', '.join(over)}")


if __name__ == "__main__":
    main()
