"""Walks: within hours and minutes, never behind a simple walk to the nearest, and never to somebody who is left in peace."""

from __future__ import annotations

import json
import math
import random
import time
from datetime import date, datetime, timedelta
from datetime import time as clock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneadwork.cli import program
from kneadwork.exchange import importing
from kneadwork.network import connections, dropping_in, hours, listing, resting, vetting
from kneadwork.network.models import Connection, Place, RedFlag, Walk
from kneadwork.planning import walk_hours, walking, walks
from tests.builders import TODAY, a_connection, now
from tests.sampling import examples

START = datetime(2026, 11, 24, 10)  # a Tuesday
PACE = walking.Pace(80 / 60, 1.3)
MINUTE = 1 / 111_320  # a metre's degrees of latitude


def a_shop(name: str, *, metres_north: float = 100, hours: str = "", stream: str = "business", **more) -> Connection:
    """Somebody with an exact place so far north of the practice, and hours where some are given."""
    made = a_connection(
        name, stream=stream, kind="organisation", latitude=47.61 + metres_north * MINUTE, longitude=-122.33, **more
    )
    if hours:
        from kneadwork.common import acts

        with acts.act("edit", by_name="test"):
            Place(
                connection=made,
                osm=f"node/{made.pk % 10**9}",
                latitude=made.latitude,
                longitude=made.longitude,
                hours=hours,
                noted_at=now(),
            ).save()
    return made


def names(practice, minutes: int = 90, start: datetime = START, **options) -> list[str]:
    return [s.connection.name for s in walks.plan(practice, minutes=minutes, start=start, **options).stops]


# The law, for any places


@st.composite
def spots(draw) -> list[walking.Spot]:
    """Places within a kilometre or two, each with up to two spans of hours."""
    made = []
    for key in range(draw(st.integers(0, 14))):
        lat, lon = draw(st.floats(-0.012, 0.012)), draw(st.floats(-0.012, 0.012))
        cuts = sorted(draw(st.lists(st.integers(-600, 9000), min_size=2, max_size=4, unique=True)))
        spans = tuple((cuts[i], cuts[i + 1]) for i in range(0, len(cuts) - 1, 2))
        made.append(walking.Spot(key, lat, lon, draw(st.sampled_from([300, 600, 900])), spans))
    return made


def to_the_nearest(places: list[walking.Spot], seconds: int, start: walking.Point = (0.0, 0.0)) -> tuple[int, float]:
    """Written once more, from the words of the promise: always to the nearest at which a stop is still possible."""
    here, clock, metres, count, left = start, 0, 0.0, 0, list(places)
    while left:
        near = sorted(left, key=lambda s: (PACE.metres(here, (s.lat, s.lon)), s.key))
        for spot in near:
            way = PACE.metres(here, (spot.lat, spot.lon))
            arrive = clock + math.ceil(way * 60 / 80)
            starts = [max(arrive, a) for a, b in spot.spans if max(arrive, a) + spot.stay <= b]
            if starts and min(starts) + spot.stay <= seconds:
                here, clock = (spot.lat, spot.lon), min(starts) + spot.stay
                metres, count = metres + way, count + 1
                left.remove(spot)
                break
        else:
            break
    return count, metres


@examples(20)
@given(spots(), st.integers(5, 150))
def test_a_walk_keeps_to_hours_and_minutes_and_beats_going_to_the_nearest(places, minutes):
    route = walking.plan((0.0, 0.0), places, minutes * 60, PACE, limit=0.2)
    here, clock = (0.0, 0.0), 0
    for stop in route:
        way = PACE.metres(here, (stop.spot.lat, stop.spot.lon))
        assert (
            stop.arrive >= clock + way * 60 / 80 - 1e-6 and stop.leave == stop.arrive + stop.spot.stay <= minutes * 60
        )
        assert any(a <= stop.arrive and stop.leave <= b for a, b in stop.spot.spans)
        here, clock = (stop.spot.lat, stop.spot.lon), stop.leave
    assert len({s.spot.key for s in route}) == len(route)
    count, metres = to_the_nearest(places, minutes * 60)
    assert len(route) >= count
    if len(route) == count:
        assert walking.length(route) <= metres + 1e-6


def test_a_walk_finds_what_going_to_the_nearest_misses():
    """The nearest opens all day; one a little farther closes soon."""
    closes, stays = walking.Spot(1, 0.0030, 0.0, 600, ((0, 1200),)), walking.Spot(2, 0.0010, 0.0, 600, ((0, 9000),))
    assert to_the_nearest([closes, stays], 5400)[0] == 1
    assert [s.spot.key for s in walking.plan((0.0, 0.0), [closes, stays], 5400, PACE)] == [1, 2]


# Hours


@pytest.mark.parametrize(
    "text, day, said",
    [
        ("Mo-Fr 09:00-12:00,13:00-17:00", 24, "09:00–12:00, 13:00–17:00"), ("Sa 09:00-12:00", 24, ""),
        ("24/7", 24, "00:00–24:00"), ("Mo-Fr 09:00-17:00; PH off", 26, ""), ("whenever I feel like it", 24, None),
        ('"by appointment"', 24, None), ("", 24, None),
    ],
)  # fmt: skip
def test_hours_of_a_day_are_said_as_text(text, day, said):
    assert hours.of_day(text, datetime(2026, 11, day, 10), country="US") == said


@given(st.text(max_size=40))
def test_whatever_stands_as_hours_is_hours_or_not_known(text):
    spans = hours.open_spans(text, START, START + timedelta(days=1))
    assert spans is None or all(START <= a < b <= START + timedelta(days=1) for a, b in spans)


def test_nobody_is_visited_outside_their_hours(practice):
    a_shop("Closed today", hours="Sa 09:00-17:00")
    a_shop("Opens at eleven", metres_north=200, hours="Tu 11:00-17:00")
    a_shop("Lunch", metres_north=150, hours="Tu 09:00-10:05,12:00-17:00")
    planned = walks.plan(practice, minutes=90, start=START)
    assert [(s.connection.name, s.arrive, s.open) for s in planned.stops] == [
        ("Opens at eleven", datetime(2026, 11, 24, 11), "11:00–17:00")
    ]
    assert planned.minutes == 70 and planned.metres == pytest.approx(260, abs=2)


def test_a_place_without_known_hours_is_planned_for_a_weekday_from_ten_to_four(practice):
    a_shop("Nobody knows", hours="ask Sam")
    planned = walks.plan(practice, minutes=60, start=START)
    assert [s.open for s in planned.stops] == [None]
    assert names(practice, 60, datetime(2026, 11, 28, 10)) == []  # a Saturday
    assert names(practice, 60, datetime(2026, 11, 24, 16)) == [] == names(practice, 60, datetime(2026, 11, 24, 8, 30))


def test_hours_that_a_hand_wrote_count_before_the_maps(practice, owner):
    shop = a_shop("Shop", hours="Tu 09:00-17:00")
    connections.set_hours(shop, "Sa 09:00-12:00", by=owner)
    assert names(practice) == []
    connections.set_hours(shop, "", by=owner)
    assert names(practice) == ["Shop"]
    with pytest.raises(connections.ConnectionRefused, match="Mo-Fr 09:00-17:00"):
        connections.set_hours(shop, "whenever", by=owner)


def test_an_offices_drop_in_times_are_its_hours_for_a_walk(practice, owner):
    shop = a_shop("Ray Chiropractic", stream="medical", hours="Mo-Fr 08:00-18:00")
    dropping_in.keep(shop, 1, begins=clock(10, 40), ends=clock(11), ask_for="Dana", by=owner)
    (stop,) = walks.plan(practice, minutes=90, start=START).stops
    assert (stop.arrive, stop.open, stop.ask_for) == (datetime(2026, 11, 24, 10, 40), "10:40–11:00", "Dana")
    assert (
        names(practice, 90, datetime(2026, 11, 25, 10)) == []
    )  # a Wednesday, on which they are open, but not to colleagues


@pytest.mark.parametrize(
    "kept, hours, said",
    [
        ({"begins": clock(13)}, "Tu 09:00-12:00,14:00-17:00", "14:00–17:00"), ({"ends": clock(10, 30)}, "Tu 09:00-17:00", "09:00–10:30"),
        ({"begins": clock(13)}, "", "13:00–16:00"), ({"begins": clock(17)}, "", "17:00–18:00"), ({"ends": clock(9)}, "", "08:00–09:00"),
        ({}, "Tu 09:00-17:00", "09:00–17:00"), ({}, "", None),
    ],
)  # fmt: skip
def test_half_a_drop_in_time_is_completed_by_the_opening_hours(practice, owner, kept, hours, said):
    shop = a_shop("Ray Chiropractic", hours=hours)
    dropping_in.keep(shop, 1, **kept, by=owner)
    known = walk_hours.Known(walk_hours.drop_in_times([shop])[shop.pk], shop.places.first(), "US")
    assert walk_hours.said(known, START) == said
    spans = walk_hours.spans(known, datetime(2026, 11, 23), datetime(2026, 11, 27))
    assert ", ".join(f"{a:%H:%M}–{b:%H:%M}" for a, b in spans) == (said or "10:00–16:00")
    assert {a.date() for a, _b in spans} == {START.date()}


def test_drop_in_times_are_those_of_the_whole_office(practice, owner):
    address = {"line1": "12 Main St", "city": "Seattle", "postal": "98101"}
    ana = a_connection("Ana Ray", phones=["206 555 0101"], address=address)
    dropping_in.keep(ana, 1, begins=clock(10, 40), ends=clock(11), ask_for="Dana", by=owner)
    a_connection("Ray Chiropractic", kind="organisation", phones=["206 555 0101"], address=address)
    Connection.objects.update(latitude=47.611, longitude=-122.331)
    assert [(s.connection.name, s.ask_for) for s in walks.plan(practice, minutes=90, start=START).stops] == [
        ("Ray Chiropractic", "Dana")
    ]


# Whom


def test_who_is_left_in_peace_or_flagged_stands_on_no_walk(practice, owner):
    for name in ("Stopped", "Resting", "No", "Flagged", "Fine"):
        a_shop(name)
    every = {c.name: c for c in Connection.objects.all()}
    resting.stop(every["Stopped"], on=TODAY, how="said so", by=owner)
    resting.rest(every["Resting"], since=TODAY, by=owner)
    vetting.decide(every["No"], "no", reason="Seen", on=TODAY, by=owner)
    vetting.raise_flag(every["Flagged"], "over-treating", on=TODAY, by=owner)
    assert names(practice) == ["Fine"] == names(practice, query="stream=business")
    for name in ("Stopped", "Resting", "No", "Flagged"):
        assert names(practice, query=f"q={name}") == []
    assert walks.plan(practice, minutes=90, start=START, query="q=Flagged").flagged == ("Flagged",)


def test_who_is_flagged_after_the_walk_was_planned_leaves_it(practice, owner):
    a_shop("Fine")
    other = a_shop("Flagged", metres_north=150)
    walk = walks.keep(walks.plan(practice, minutes=90, start=START), practice, minutes=90, query="", by=owner)
    assert [s.connection.name for s in walks.stops_of(walk, all_streams=True)] == ["Fine", "Flagged"]
    vetting.raise_flag(other, "over-treating", on=TODAY, by=owner)
    assert RedFlag.objects.exists() and [s.connection.name for s in walks.stops_of(walk, all_streams=True)] == ["Fine"]


def test_an_office_is_one_stop(practice):
    address = {"line1": "12 Main St", "city": "Seattle", "postal": "98101"}
    for name in ("Ana Ray", "Kofi Ray"):
        a_connection(name, phones=["206 555 0101"], address=address)
    house = a_connection("Ray Chiropractic", kind="organisation", phones=["206 555 0101"], address=address)
    Connection.objects.update(latitude=47.611, longitude=-122.331)
    assert house.pk and names(practice) == ["Ray Chiropractic"]


def test_clients_are_never_on_a_walk_and_whom_one_saw_lately_only_when_asked_for(practice):
    a_shop("A client", stream="clients")
    a_shop("Seen last week", met=True, on=date(2026, 11, 18))
    assert names(practice) == [] and names(practice, query="q=client") == []
    assert names(practice, query="q=seen") == ["Seen last week"]


def test_the_middle_of_a_zip_code_is_no_place_to_walk_to(practice):
    a_connection(
        "Somewhere in 98101", stream="business", address={"line1": "1 Main St", "city": "Seattle", "postal": "98101"}
    )
    planned = walks.plan(practice, minutes=200, start=START)
    assert planned.stops == [] and planned.inexact == 1


def test_refusals_are_said_in_words(practice, owner):
    with pytest.raises(walks.WalkRefused, match="from 5 to 720 minutes"):
        walks.plan(practice, minutes=2, start=START)
    with pytest.raises(listing.FilterRefused, match="no filter “foo”"):
        walks.plan(practice, minutes=90, start=START, query="foo=bar")
    with pytest.raises(walks.WalkRefused, match="nobody is open"):
        walks.keep(walks.plan(practice, minutes=90, start=START), practice, minutes=90, query="", by=owner)
    practice.latitude = practice.longitude = None
    with pytest.raises(walks.WalkRefused, match="ZIP code"):
        walks.plan(practice, minutes=90, start=START)
    assert not Walk.objects.exists()


# The command


def said(capsys, *argv: str) -> tuple[int, str, str]:
    status = program.run(argv)
    out = capsys.readouterr()
    return status, out.out, out.err


def test_the_command_says_the_route_as_the_contract_shapes_it(practice, capsys):
    shop = a_shop("Inn of Ewes", profession="hotel", hours="Mo-Su 09:00-17:00")
    status, out, _err = said(capsys, "walk", "--start", "2026-11-24T10:00", "--minutes", "60", "--json")
    answer = json.loads(out)
    assert status == 0 and set(answer) == {"stops", "minutes", "metres"}
    (stop,) = answer["stops"]
    assert (stop["connection"], stop["open"], stop["offer"]) == (shop.ref, "09:00–17:00", "gift_certificates")
    assert stop["arrive"].startswith("2026-11-24T10:0") and (stop["lat"], stop["lon"]) == (
        shop.latitude,
        shop.longitude,
    )


@pytest.mark.parametrize("argv", [["--minutes", "90", "--to", "foo=bar"], ["--minutes", "90", "--near", "nowhere"]])
def test_a_query_or_place_that_is_none_is_wrong_usage(practice, capsys, argv):
    status, out, err = said(capsys, "walk", *argv)
    assert (status, out) == (2, "") and err.count("\n") == 1


@pytest.mark.parametrize("argv", [[], ["--minutes", "x"], ["--minutes", "90", "--start", "noon"], ["--minutes", "0"]])
def test_options_that_are_none_end_with_two(practice, capsys, argv):
    with pytest.raises(SystemExit) as ended:
        program.run(["walk", *argv])
    assert ended.value.code == 2


# Real towns


@pytest.mark.corpus
@pytest.mark.parametrize(
    "name, near, beaten",
    [("andorra.osm.pbf", (42.5075, 1.5218), False), ("Helsinki.osm.pbf", (60.1685, 24.938), True)],
)
def test_in_a_real_town_ninety_minutes_are_planned_within_five_seconds(practice, corpus, capsys, name, near, beaten):
    importing.import_file(corpus / "osm" / name, practice=practice, by_name="test")
    chance = random.Random(7)
    for place in Place.objects.filter(hours=""):
        if chance.random() < 0.8:
            first = chance.choice(["08:00", "09:30", "10:15", "10:40"])
            Place.objects.filter(pk=place.pk).update(
                hours=f"Mo-Fr {first}-{chance.choice(['10:55', '11:20', '17:00'])}"
            )
    before = time.monotonic()
    where = f"{near[0]},{near[1]}"
    status, out, _err = said(
        capsys, "walk", "--near", where, "--start", "2026-11-24T10:00", "--minutes", "90", "--json"
    )
    assert status == 0 and time.monotonic() - before < 5
    answer = json.loads(out)
    assert answer["stops"] and answer["minutes"] <= 90
    for stop in answer["stops"]:
        arrive, leave = (datetime.fromisoformat(stop[name]) for name in ("arrive", "leave"))
        text = (
            Connection.objects.get(pk=listing_id(stop["connection"]))
            .places.exclude(hours="")
            .order_by("-noted_at", "-pk")
            .first()
        )
        spans = (
            hours.open_spans(text.hours, START, START + timedelta(minutes=90))
            if text
            else [(START, datetime(2026, 11, 24, 16))]
        )
        assert START <= arrive < leave <= START + timedelta(minutes=90) and any(
            a <= arrive and leave <= b for a, b in spans
        )
    found, _inexact = walks._candidates("", near, 90, START.date(), True)
    places = [walks._spot(c, at, known, START, 90) for c, at, known in found]
    count, metres = to_the_nearest(places, 5400, near)
    ours, nearest_first = (-len(answer["stops"]), answer["metres"]), (-count, metres + 1)  # ours in whole metres
    assert ours <= nearest_first, "never fewer stops; of as many, no longer way"
    assert not beaten or ours < (-count, metres - 1), "there going to the nearest is not the best"


def listing_id(ref: str) -> int:
    from kneadwork.common.ids import read

    return read(ref)
