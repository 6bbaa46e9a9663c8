"""The own feed: planned steps and events for the calendar one uses anyway, without a word about clients."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from kneadwork.common import acts
from kneadwork.network import events, planned, resting, touching
from kneadwork.network.models import Client
from kneadwork.outreach import invitations, own_feed
from kneadwork.practice import calendar_feeds, people
from kneadwork.practice.models import CalendarFeed
from kneadwork.practice.setting_up import today
from tests.builders import TODAY, a_connection, a_member, an_owner
from tests.sampling import examples


def entries(member, on: date = TODAY) -> list:
    return list(Calendar.from_ical(own_feed.of(member, on=on)).walk("VEVENT"))


def titles(member, on: date = TODAY) -> list[str]:
    return [str(entry["SUMMARY"]) for entry in entries(member, on)]


def a_client(connection, name: str = "") -> None:
    with acts.act("add", by_name="test"):
        Client(connection=connection, name=name or connection.name).save()


def plan(connection, how: str = "visit", *, days: int = 1, at: time | None = time(10), **more):
    return planned.plan(connection, how, on=TODAY + timedelta(days=days), today=TODAY, at=at, by_name="test", **more)


# What stands in it


def test_a_visit_says_who_when_and_where_and_not_what_for(owner):
    plan(a_connection("Harbor Chiropractic"), place="12 Pier Way", purpose="ask about knees")
    [entry] = entries(owner)
    assert (str(entry["SUMMARY"]), str(entry["LOCATION"])) == ("Visit: Harbor Chiropractic", "12 Pier Way")
    assert entry.decoded("DTSTART") == datetime(2026, 11, 24, 18, tzinfo=UTC)
    assert entry.decoded("DTEND") - entry.decoded("DTSTART") == timedelta(minutes=30)
    assert b"knees" not in own_feed.of(owner, on=TODAY)


def test_without_a_time_it_is_a_day_that_nobody_is_busy_for(owner):
    plan(a_connection("Harbor Chiropractic"), "call", at=None)
    [entry] = entries(owner)
    assert entry.decoded("DTSTART") == TODAY + timedelta(days=1) and str(entry["TRANSP"]) == "TRANSPARENT"


def test_an_evening_event_that_ends_after_midnight_keeps_its_length(owner):
    events.make(
        "Chamber dance", on=TODAY, begins=time(21), ends=time(1), place="Harbor Hall", hoped="a dentist", by=owner
    )
    [entry] = entries(owner)
    assert entry.decoded("DTEND") - entry.decoded("DTSTART") == timedelta(hours=4) and "dentist" not in str(entry)


def test_hours_follow_the_clock_of_the_practice_through_its_change(owner):
    here = a_connection("Harbor Chiropractic")
    planned.plan(here, "visit", on=date(2027, 3, 15), today=TODAY, at=time(10), by_name="test")
    assert entries(owner)[0].decoded("DTSTART") == datetime(2027, 3, 15, 17, tzinfo=UTC)


def test_what_was_done_or_planned_anew_or_stopped_or_removed_is_gone(owner):
    done, moved, stopped = (a_connection(f"Harbor {n}") for n in ("One", "Two", "Three"))
    for one in (done, moved, stopped):
        plan(one)
    event = events.make("Chamber dance", on=TODAY, by=owner)
    touching.log(done, "visit", on=TODAY, today=TODAY, by_name="test")
    plan(moved, "call", days=3)
    resting.stop(stopped, on=TODAY, how="said so", by_name="test")
    assert titles(owner) == ["Call: Harbor Two", "Chamber dance"]
    events.remove(event, by=owner)
    assert titles(owner) == ["Call: Harbor Two"]


def test_a_changed_event_is_the_same_one_told_anew(owner):
    event = events.make("Chamber dance", on=TODAY, by=owner)
    [before] = entries(owner)
    events.change(event, {"on": TODAY + timedelta(days=1)}, by=owner)
    [after] = entries(owner)
    assert before["UID"] == after["UID"] and (int(before["SEQUENCE"]), int(after["SEQUENCE"])) == (0, 1)
    assert after.decoded("LAST-MODIFIED") >= before.decoded("LAST-MODIFIED")


def test_the_feed_and_the_invitation_are_of_one_entry(owner):
    step = plan(a_connection("Harbor Chiropractic"))
    [invited] = Calendar.from_ical(invitations.invite(step, owner.practice, by=owner)).walk("VEVENT")
    assert invited["UID"] == entries(owner)[0]["UID"] and invited.decoded("DTSTART") == entries(owner)[0].decoded(
        "DTSTART"
    )


# What does not


def test_a_step_towards_a_client_has_a_plain_title(owner):
    plan(a_connection("Jo Marsh", stream="clients"), "call", place="at Jo's")
    also = a_connection("Ana Ruiz")
    a_client(also, "A. Ruiz")
    plan(also)
    assert titles(owner) == ["Kneadwork: a call", "Kneadwork: a visit"]
    assert not any("LOCATION" in entry for entry in entries(owner))


def test_an_event_that_names_a_client_has_a_plain_title(owner):
    a_client(None, "Jo Marsh")
    events.make("Birthday of Jo Marsh", on=TODAY, by=owner)
    events.make("Dinner", on=TODAY, place="with Jo Marsh", by=owner)
    assert titles(owner) == ["Kneadwork: an event"] * 2


def test_a_helper_gets_plain_titles_and_nothing_towards_clients(owner):
    plan(a_connection("Jo Marsh", stream="clients"), "call")
    plan(a_connection("Harbor Chiropractic"))
    events.make("Chamber dance", on=TODAY, by=owner)
    assert titles(a_member(owner, "helper")) == ["Kneadwork: a visit", "Kneadwork: an event"]


WORD = st.text("abcdefghijklmnop", min_size=4, max_size=9).map(str.title)
NAME = st.tuples(WORD, WORD).map(" ".join)


@examples(12)
@given(
    data=st.data(),
    names=st.lists(NAME, min_size=1, max_size=4, unique_by=str.casefold),
    note=NAME.map("zz{} note".format),
)
def test_nothing_in_a_feed_names_a_client_or_tells_a_note(db, data, names, note):
    from kneadwork.common.tenancy import acting_in

    owner = an_owner()
    with acting_in(owner.practice_id):
        for name in names:
            stream = data.draw(st.sampled_from(["clients", "medical", "personal", "business"]))
            here = a_connection(name, stream=stream)
            if stream != "clients":
                a_client(here if data.draw(st.booleans()) else None, name)
            how = data.draw(st.sampled_from(["call", "email", "meeting", "visit"]))
            plan(here, how, place=f"at {name}'s", purpose=note)
            events.make(
                f"Lunch with {name}",
                on=TODAY,
                place=data.draw(st.sampled_from(["", name])),
                purpose=note,
                hoped=note,
                by=owner,
            )
        said = own_feed.of(owner, on=TODAY).replace(b"\r\n ", b"").decode().casefold()
    assert said.count("begin:vevent") == 2 * len(names)
    assert [word for word in (*names, note) if word.casefold() in said] == []


# The address


def address(secret: str) -> str:
    return reverse("public:calendar", args=[secret])


def test_the_secret_address_opens_the_feed_until_it_is_replaced_or_ended(owner, client):
    plan_on = today(owner.practice)
    planned.plan(a_connection("Harbor Chiropractic"), "visit", on=plan_on, today=plan_on, by_name="test")
    first = calendar_feeds.make(by=owner)
    answer = client.get(address(first))
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/calendar")
    assert b"Harbor Chiropractic" in answer.content and answer["Cache-Control"] == "private, no-cache"
    second = calendar_feeds.make(by=owner)
    assert [client.get(address(s)).status_code for s in (first, second)] == [404, 200]
    calendar_feeds.end(by=owner)
    gone, unknown = client.get(address(second)), client.get(address("x" * 43))
    assert gone.status_code == unknown.status_code == 404 and gone.content == unknown.content


def test_the_feed_of_somebody_who_left_opens_nothing(owner, client):
    member = a_member(owner)
    secret = calendar_feeds.make(by=member)
    assert client.get(address(secret)).status_code == 200
    people.leave(member, by=owner)
    assert client.get(address(secret)).status_code == 404


def test_an_unchanged_feed_is_not_sent_again(owner, client):
    secret = calendar_feeds.make(by=owner)
    first = client.get(address(secret))
    again = client.get(address(secret), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and again.content == b"" and again["ETag"] == first["ETag"]
    events.make("Chamber dance", on=today(owner.practice), by=owner)
    assert client.get(address(secret), headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_secret_is_chance_of_256_bits_and_only_its_digest_is_kept(owner):
    secret = calendar_feeds.make(by=owner)
    assert len(secret) >= 43 and CalendarFeed.objects.get().token_hash != secret


def test_guessing_addresses_is_slowed(owner, client, settings):
    settings.LIMITS = settings.LIMITS | {"feed": 5}
    codes = [client.get(address(f"{n:043}")).status_code for n in range(7)]
    assert codes == [404] * 5 + [429] * 2


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_feed_is_only_looked_at(owner, client, method):
    assert getattr(client, method)(address(calendar_feeds.make(by=owner))).status_code == 405
