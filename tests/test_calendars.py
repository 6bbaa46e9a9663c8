"""Calendars that members keep elsewhere: added, read in the background, shown as busy times, forgotten."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from kneadwork.common.models import Change, Job
from kneadwork.exchange import reading_calendars
from kneadwork.practice import calendars, people
from kneadwork.practice.calendars import Access, CalendarRefused
from kneadwork.practice.models import BusyTime, CalendarLook, CalendarSource
from tests.builders import a_member, do_jobs
from tests.calendar_server import PASSWORD, USER, feeds, radicale
from tests.test_files_that_leave import whole_database

SEATTLE = ZoneInfo("America/Los_Angeles")
HEAD, END = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\n", "END:VCALENDAR\r\n"


def soon(days: int = 1, hour: int = 10) -> datetime:
    """An hour of a day that is coming, where the practice is."""
    return datetime.now(SEATTLE).replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=days)


def entry(begins: datetime, hours: int = 1, *more: str, uid: str = "") -> str:
    """The lines of an entry; with a uid the whole entry."""
    times = [f"{name};TZID=America/Los_Angeles:{at:%Y%m%dT%H%M%S}"
             for name, at in (("DTSTART", begins), ("DTEND", begins + timedelta(hours=hours)))]  # fmt: skip
    lines = "\r\n".join([*times, *more])
    return f"BEGIN:VEVENT\r\nUID:{uid}\r\n{lines}\r\nEND:VEVENT\r\n" if uid else lines


def a_feed(*entries: str) -> bytes:
    return (HEAD + "".join(entries) + END).encode()


def answering(body: bytes, status: int = 200, kind: str = "text/calendar"):
    return lambda path: (status, {"Content-Type": kind}, body)


def added(owner, url: str, *, kind: str = "feed", user: str = "", password: str = "") -> CalendarSource:
    """A calendar added and read for the first time."""
    source = calendars.add(kind, Access(url, user, password), name="Work", by=owner)
    return read(source)


def read(source: CalendarSource) -> CalendarSource:
    """The calendar after one more reading."""
    reading_calendars.ask(source)
    do_jobs()
    source.refresh_from_db()
    return source


def taken(owner) -> list[tuple[datetime, datetime]]:
    now = timezone.now()
    return [(b.begins, b.ends) for b in calendars.busy(owner, now, now + timedelta(days=120))]


@pytest.fixture
def server(tmp_path, settings):
    """A calendar server that the operator named as their own."""
    with radicale(tmp_path) as running:
        settings.CALENDAR_SERVER = running.url
        yield running


# A feed


def test_a_feed_is_read_for_busy_times_and_nothing_of_what_they_are_for_is_kept(owner, settings):
    body = a_feed(entry(soon(), 1, "SUMMARY:Massage for Jo Secretive", "LOCATION:12 Hidden Way", uid="1"))
    with feeds(answering(body)) as there:
        settings.CALENDAR_SERVER = there.url
        source = added(owner, f"{there.url}/private-0123/basic.ics")
    assert source.read_at and not source.trouble and taken(owner) == [(soon(), soon() + timedelta(hours=1))]
    everything = whole_database()
    assert "Secretive" not in everything and "Hidden Way" not in everything


def test_each_reading_takes_the_place_of_the_one_before(owner, settings):
    answers = [a_feed(entry(soon(day), uid="1")) for day in (1, 2)]
    with feeds(lambda path: (200, {"Content-Type": "text/calendar"}, answers[0])) as there:
        settings.CALENDAR_SERVER = there.url
        source = added(owner, f"{there.url}/a.ics")
        answers.pop(0)
        read(source)
    assert [begins for begins, _ends in taken(owner)] == [soon(2)]


def test_a_failed_reading_leaves_what_was_known_and_says_why(owner, settings):
    state = {"status": 200}
    body = a_feed(entry(soon(), uid="1"))
    with feeds(lambda path: (state["status"], {"Content-Type": "text/calendar"}, body)) as there:
        settings.CALENDAR_SERVER = there.url
        source = added(owner, f"{there.url}/a.ics")
        state["status"] = 500
        read(source)
        assert "(500)" in source.trouble and not source.waits and len(taken(owner)) == 1
        state["status"] = 404
        read(source)
        assert "no calendar at this address any more" in source.trouble and source.waits
        state["status"] = 200
        assert not read(source).trouble and not source.waits


@pytest.mark.parametrize("body, kind, words", [
    (b"<!doctype html><p>Sign in", "text/html", "shows a web page"), (b"hello", "text/plain", "no calendar"),
    (b"", "text/calendar", "no calendar"), (b"\x89PNG\r\n\x1a\n", "image/png", "no calendar"),
])  # fmt: skip
def test_what_is_no_calendar_is_said_in_words(owner, settings, body, kind, words):
    with feeds(answering(body, kind=kind)) as there:
        settings.CALENDAR_SERVER = there.url
        assert words in added(owner, f"{there.url}/a.ics").trouble


def test_a_redirect_is_followed_a_few_times_and_no_more(owner, settings):
    body = a_feed(entry(soon(), uid="1"))
    kinds = {"/old": (301, {"Location": "/new.ics"}, b""), "/round": (302, {"Location": "/round"}, b"")}
    with feeds(lambda path: kinds.get(path, (200, {"Content-Type": "text/calendar"}, body))) as there:
        settings.CALENDAR_SERVER = there.url
        added(owner, f"{there.url}/old")
        assert len(taken(owner)) == 1
        source = added(owner, f"{there.url}/round")
        assert "sends on and on" in source.trouble and [s[1] for s in there.seen].count("/round") == 6


def test_nothing_inside_is_called_whoever_enters_it_and_wherever_a_redirect_leads(owner, settings):
    with (
        socket.create_server(("127.0.0.1", 0)) as canary,
        feeds(lambda path: (302, {"Location": f"http://127.0.0.1:{canary.getsockname()[1]}/"}, b"")) as there,
    ):
        port = canary.getsockname()[1]
        for address in (f"http://127.0.0.1:{port}/a.ics", f"https://localhost:{port}/", f"webcal://127.1:{port}/"):
            assert "does not call this address" in added(owner, address).trouble
        source = added(owner, f"https://127.0.0.1:{port}", kind="account", user=USER, password=PASSWORD)
        assert "does not call this address" in source.trouble
        settings.CALENDAR_SERVER = there.url
        assert "does not call this address" in added(owner, there.url).trouble and len(there.seen) == 1
        canary.setblocking(False)
        with pytest.raises(BlockingIOError):
            canary.accept()
    assert not BusyTime.objects.exists()


@pytest.mark.parametrize("given, meant", [
    ("webcal://x.example/a.ics", "https://x.example/a.ics"), ("WEBCAL://x.example/", "https://x.example/"),
    (" x.example/a.ics ", "https://x.example/a.ics"), ("http://x.example/a.ics", "http://x.example/a.ics"),
])  # fmt: skip
def test_an_address_is_taken_as_people_copy_it(given, meant):
    assert calendars.tidy(given) == meant


@pytest.mark.parametrize("kind, access", [
    ("feed", Access("")), ("feed", Access("file:///etc/passwd")), ("feed", Access("https://[::1/")), ("feed", Access("ftp://x.example/")),
    ("feed", Access("https://me:secret@x.example/a.ics")), ("account", Access("https://x.example", "me")), ("other", Access("x.example")),
])  # fmt: skip
def test_what_is_no_calendar_address_is_refused_in_words(owner, kind, access):
    with pytest.raises(CalendarRefused):
        calendars.add(kind, access, by=owner)


# An account


def test_an_account_with_one_calendar_is_read_at_once(owner, server):
    server.calendar("Work", entry(soon()))
    source = added(owner, server.url, kind="account", user=USER, password=PASSWORD)
    assert not source.trouble and [one["name"] for one in source.found] == ["Work"]
    assert taken(owner) == [(soon(), soon() + timedelta(hours=1))]


def test_of_several_calendars_its_owner_chooses_and_tasks_are_none(owner, server):
    server.calendar("Work", entry(soon(1)))
    server.calendar("Family", entry(soon(2)))
    server.calendar("Tasks", holds="VTODO")
    source = added(owner, server.url, kind="account", user=USER, password=PASSWORD)
    assert sorted(one["name"] for one in source.found) == ["Family", "Work"] and not source.chosen and not taken(owner)
    calendars.choose(source, [one["address"] for one in source.found if one["name"] == "Work"], by=owner)
    read(source)
    assert [begins for begins, _ends in taken(owner)] == [soon(1)]
    with pytest.raises(CalendarRefused):
        calendars.choose(source, ["https://elsewhere.example/"], by=owner)


def test_calendars_that_come_and_go_are_seen_when_one_reads_it_oneself(owner, server):
    path = server.calendar("Work", entry(soon(1)))
    source = added(owner, server.url, kind="account", user=USER, password=PASSWORD)
    server.calendar("Family", entry(soon(2)))
    assert sorted(one["name"] for one in read(source).found) == ["Family", "Work"]
    assert [begins for begins, _ends in taken(owner)] == [soon(1)]
    server.delete(path)
    assert not read(source).trouble and [begins for begins, _ends in taken(owner)] == [soon(2)]


def test_what_repeats_is_moved_or_left_out_in_an_account_is_followed(owner, server):
    path = server.calendar("Work")
    times = [soon(day) for day in (1, 8, 15, 22)]
    moved = times[2] + timedelta(hours=3)
    zone = "TZID=America/Los_Angeles"
    server.put(
        path, "weekly",
        entry(times[0], 1, "RRULE:FREQ=WEEKLY;COUNT=4", f"EXDATE;{zone}:{times[1]:%Y%m%dT%H%M%S}"),
        entry(moved, 2, f"RECURRENCE-ID;{zone}:{times[2]:%Y%m%dT%H%M%S}"),
        entry(times[3], 1, f"RECURRENCE-ID;{zone}:{times[3]:%Y%m%dT%H%M%S}", "STATUS:CANCELLED"),
    )  # fmt: skip
    added(owner, server.url, kind="account", user=USER, password=PASSWORD)
    assert taken(owner) == [(times[0], times[0] + timedelta(hours=1)), (moved, moved + timedelta(hours=2))]


def test_a_wrong_password_is_not_tried_again_by_itself(owner, server):
    server.calendar("Work", entry(soon()))
    source = added(owner, server.url, kind="account", user=USER, password="wrong")
    assert "app password" in source.trouble and source.waits
    CalendarSource.objects.update(asked_at=timezone.now() - timedelta(hours=2))
    assert reading_calendars.ask_due() == 0
    calendars.change_password(source, PASSWORD, by=owner)
    assert not read(source).trouble and len(taken(owner)) == 1


def test_a_password_goes_to_no_other_server(owner, settings):
    with feeds(answering(b"")) as other, feeds(lambda path: (301, {"Location": f"{other.url}/dav/"}, b"")) as there:
        settings.CALENDAR_SERVER = there.url
        source = added(owner, f"{there.url}/dav/", kind="account", user=USER, password=PASSWORD)
        assert "sends on to 127.0.0.1" in source.trouble and source.waits and other.seen == [] and len(there.seen) == 1


def naming(home: str) -> bytes:
    """What a server says whose calendars are kept somewhere else."""
    return f"""<multistatus xmlns="DAV:"><response><href>/dav/</href><propstat><prop>
      <current-user-principal><href>/dav/</href></current-user-principal>
      <calendar-home-set xmlns="urn:ietf:params:xml:ns:caldav"><href xmlns="DAV:">{home}</href></calendar-home-set>
      </prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>""".encode()


def test_a_server_that_names_another_one_does_not_have_the_password_sent_there(owner, settings):
    with feeds(answering(b"")) as other:
        for home, words in (
            (f"{other.url}/", "does not understand"),
            ("https://elsewhere.example/", "names another one"),
        ):
            with feeds(answering(naming(home), 207, "text/xml")) as there:
                settings.CALENDAR_SERVER = there.url
                source = added(owner, f"{there.url}/dav/", kind="account", user=USER, password=PASSWORD)
            assert words in source.trouble
    assert other.seen == []


@pytest.mark.parametrize("body", [
    b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><x>&b;</x>", b"<html><body>hello", b"<x>" * 20_000, b"<multistatus xmlns='DAV:'/>",
])  # fmt: skip
def test_an_answer_that_is_none_of_a_calendar_server_is_said_in_words(owner, settings, body):
    with feeds(lambda path: (207, {"Content-Type": "text/xml"}, body)) as there:
        settings.CALENDAR_SERVER = there.url
        source = added(owner, f"{there.url}/dav/", kind="account", user=USER, password=PASSWORD)
    assert source.trouble and "Traceback" not in source.trouble


def test_a_password_is_not_sent_in_clear(owner):
    source = added(owner, "http://calendar.example/dav", kind="account", user=USER, password=PASSWORD)
    assert "not encrypted" in source.trouble


# Kept and forgotten


def test_no_address_and_no_password_stands_in_the_database_in_clear(owner, settings):
    with feeds(answering(a_feed(entry(soon(), uid="1")))) as there:
        settings.CALENDAR_SERVER = there.url
        source = added(owner, f"{there.url}/private-5ec7e7/basic.ics")
        account = calendars.add("account", Access(there.url, "somebody@x.example", "5ec7e7 words"), by=owner)
        calendars.change_password(account, "5ec7e7 other", by=owner)
    assert calendars.access_of(source).address.endswith("private-5ec7e7/basic.ics")
    everything = whole_database()
    assert "5ec7e7" not in everything and "somebody@x" not in everything
    assert all("sealed" not in (image or {}) for c in Change.objects.all() for image in (c.before, c.after))


def test_a_sealed_address_put_in_the_place_of_another_opens_nothing(owner):
    one, other = (calendars.add("feed", Access(f"https://{n}.example/"), by=owner) for n in "ab")
    CalendarSource.objects.filter(pk=one.pk).update(sealed=CalendarSource.objects.get(pk=other.pk).sealed)
    assert "damaged" in read(one).trouble


def test_a_calendar_that_is_removed_takes_its_busy_times_along(owner, settings):
    with feeds(answering(a_feed(entry(soon(), uid="1")))) as there:
        settings.CALENDAR_SERVER = there.url
        source = added(owner, f"{there.url}/a.ics")
        reading_calendars.ask(source)
    calendars.remove(source, by=owner)
    do_jobs()
    assert not BusyTime.objects.exists() and not CalendarSource.objects.exists()


def test_who_leaves_takes_their_calendars_along(owner):
    member = a_member(owner)
    calendars.add("feed", Access("https://x.example/a.ics"), by=member)
    people.leave(member, by=owner)
    assert not CalendarSource.objects.exists() and reading_calendars.ask_due() == 0


def test_every_half_hour_a_calendar_is_read_once_whoever_asks(owner):
    calendars.add("feed", Access("https://x.example/a.ics"), by=owner)
    assert [reading_calendars.ask_due() for _time in range(3)] == [1, 0, 0]
    Job.objects.update(ended_at=timezone.now())
    CalendarSource.objects.update(asked_at=timezone.now() - timedelta(minutes=31))
    assert reading_calendars.ask_due() == 1


def test_ten_calendars_are_enough(owner):
    for number in range(calendars.MOST):
        calendars.add("feed", Access(f"https://x{number}.example/"), by=owner)
    with pytest.raises(CalendarRefused, match="Ten"):
        calendars.add("feed", Access("https://one.more.example/"), by=owner)


# Titles, for who asks to see them


def test_titles_are_shown_to_who_asks_and_are_gone_after_a_day(owner, settings):
    body = a_feed(
        entry(soon(3), 2, "SUMMARY:Chamber breakfast", "LOCATION:Harbor Hall", "DESCRIPTION:private words", uid="1"),
        entry(soon(1), 1, "SUMMARY:Off", "STATUS:CANCELLED", uid="2"),
    )
    with feeds(answering(body)) as there:
        settings.CALENDAR_SERVER = there.url
        source = added(owner, f"{there.url}/a.ics")
        assert reading_calendars.entries_of(source) is None
        reading_calendars.ask(source, "titles")
        do_jobs()
    [found] = reading_calendars.entries_of(source)
    assert (found.title, found.place, found.on, found.purpose) == (
        "Chamber breakfast",
        "Harbor Hall",
        soon(3).date(),
        "",
    )
    assert "Chamber" not in whole_database()
    CalendarLook.objects.update(at=timezone.now() - timedelta(hours=25))
    assert reading_calendars.entries_of(source) is None
    reading_calendars.ask_due()
    assert not CalendarLook.objects.exists()


# Use


def test_the_first_free_time_lies_behind_what_is_taken(owner):
    source = calendars.add("feed", Access("https://x.example/a.ics"), by=owner)
    hour = timedelta(hours=1)
    start = soon(1).astimezone(UTC)
    from kneadwork.exchange.readers.calendar import Span

    calendars.keep_busy(
        source, [Span(start, start + hour, False), Span(start + 2 * hour, start + 3 * hour, False)], unread=0, cut=False
    )
    taken = calendars.taken(owner, start - 2 * hour, start + 9 * hour)
    assert calendars.free_from(taken, start, 60) == start + hour
    assert calendars.free_from(taken, start, 90) == start + 3 * hour
    assert calendars.free_from(taken, start - 2 * hour, 60) == start - 2 * hour
    local = start.astimezone(SEATTLE)
    assert len(calendars.busy_at(owner, local.date(), local.time(), 30)) == 1
    assert calendars.busy_at(owner, local.date(), None, 30) == []


def test_nobody_sees_another_members_busy_times(owner):
    source = calendars.add("feed", Access("https://x.example/a.ics"), by=owner)
    from kneadwork.exchange.readers.calendar import Span

    calendars.keep_busy(source, [Span(soon(), soon() + timedelta(hours=1), False)], unread=0, cut=False)
    other = a_member(owner)
    assert taken(owner) and not taken(other) and not calendars.of(other).exists()
