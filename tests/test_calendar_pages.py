"""The pages of calendars: adding one, how it is doing, what it says, an event from an entry, the own feed."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from kneadwork.exchange import importing
from kneadwork.exchange.neutral import Unreadable
from kneadwork.exchange.readers.calendar import Span
from kneadwork.network import planned
from kneadwork.network.models import Event
from kneadwork.practice import calendars
from kneadwork.practice.models import CalendarSource
from kneadwork.practice.setting_up import today
from tests.builders import a_connection, a_member, do_jobs
from tests.calendar_server import PASSWORD, USER, feeds, radicale
from tests.test_calendars import END, HEAD, SEATTLE, a_feed, answering, entry, soon

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def desk(client, owner):
    """A signed-in browser."""
    client.force_login(owner.user, backend=BACKEND)
    return client


def follow(desk, name: str, source, **given) -> str:
    """The page after a form was sent."""
    return desk.post(reverse(f"practice:{name}", args=[source.pk]), given, follow=True).content.decode()


def test_a_feed_is_added_read_and_shown(desk, owner, settings):
    with feeds(answering(a_feed(entry(soon(2, 14), uid="1")))) as there:
        settings.CALENDAR_SERVER = there.url
        page = desk.post(
            reverse("practice:calendar_new"),
            {"kind": "feed", "address": f"{there.url}/a.ics", "name": "Work"},
            follow=True,
        )
        assert "It is being read" in page.content.decode() and "data-reload-after" in page.content.decode()
        do_jobs()
    source = CalendarSource.objects.get()
    page = desk.get(reverse("practice:calendar", args=[source.pk])).content.decode()
    assert "2 p.m.–3 p.m." in page and "It is being read" not in page
    assert "One busy time in the next two weeks" in desk.get(reverse("practice:calendars")).content.decode()


def test_of_an_account_one_chooses_on_its_page(desk, owner, settings, tmp_path):
    with radicale(tmp_path) as server:
        settings.CALENDAR_SERVER = server.url
        server.calendar("Work", entry(soon(2, 14)))
        server.calendar("Family", entry(soon(2, 18)))
        given = {"kind": "account", "address": server.url, "user": USER, "password": PASSWORD}
        desk.post(reverse("practice:calendar_new"), given)
        do_jobs()
        source = CalendarSource.objects.get()
        page = desk.get(reverse("practice:calendar", args=[source.pk])).content.decode()
        assert "Which calendars say when you are busy?" in page and PASSWORD not in page
        [work] = [one["address"] for one in source.found if one["name"] == "Work"]
        follow(desk, "calendar_choose", source, calendar=work)
        do_jobs()
    page = desk.get(reverse("practice:calendar", args=[source.pk])).content.decode()
    assert "2 p.m.–3 p.m." in page and "6 p.m." not in page


def test_what_is_wrong_stands_beside_the_field_and_the_address_is_kept(desk):
    given = {"kind": "account", "address": "caldav.x.example", "user": "me", "password": "quiet words"}
    page = desk.post(reverse("practice:calendar_new"), given | {"password": ""}).content.decode()
    assert "An account needs the name and the password" in page and 'value="caldav.x.example"' in page
    assert (
        "quiet words"
        not in desk.post(reverse("practice:calendar_new"), given | {"address": "ftp://x"}).content.decode()
    )


def test_trouble_is_said_with_its_remedy_and_a_new_password_tried(desk, owner):
    source = calendars.add("account", calendars.Access("x.example", "me", "old words"), by=owner)
    calendars.keep_trouble(source, "The calendar's server does not let us in.", waits=True)
    page = desk.get(reverse("practice:calendar", args=[source.pk])).content.decode()
    assert "does not let us in" in page and "not tried again by itself" in page
    assert "It is being read" in follow(desk, "calendar_password", source, password="new words")
    assert calendars.access_of(CalendarSource.objects.get()).password == "new words"
    assert "Write the new password first" in follow(desk, "calendar_password", source, password="")


def test_a_calendar_is_no_longer_read_after_one_tap(desk, owner):
    source = calendars.add("feed", calendars.Access("x.example/a.ics"), name="Work", by=owner)
    assert "is no longer read" in follow(desk, "calendar_remove", source) and not CalendarSource.objects.exists()


def test_a_colleague_finds_nobody_elses_calendar(client, owner):
    source = calendars.add("feed", calendars.Access("x.example/a.ics"), name="Hidden work", by=owner)
    client.force_login(a_member(owner).user, backend=BACKEND)
    for name in (
        "calendar",
        "calendar_entries",
        "calendar_read",
        "calendar_choose",
        "calendar_password",
        "calendar_remove",
    ):
        address = reverse(f"practice:{name}", args=[source.pk])
        assert {client.get(address).status_code, client.post(address).status_code} <= {404, 405}
    assert b"Hidden work" not in client.get(reverse("practice:calendars")).content and CalendarSource.objects.exists()


def test_an_entry_of_ones_calendar_becomes_an_event(desk, owner, settings):
    body = a_feed(entry(soon(3, 8), 2, "SUMMARY:Chamber breakfast", "LOCATION:Harbor Hall", uid="1"))
    with feeds(answering(body)) as there:
        settings.CALENDAR_SERVER = there.url
        source = calendars.add("feed", calendars.Access(f"{there.url}/a.ics"), by=owner)
        assert "It is being read" in follow(desk, "calendar_entries", source)
        do_jobs()
    page = desk.get(reverse("practice:calendar_entries", args=[source.pk]))
    assert b"Chamber breakfast" in page.content and not Event.objects.exists()
    [(_entry, known, address)] = page.context["rows"]
    form = desk.get(address).context["form"]
    given = {name: form.initial.get(name, "") for name in ("title", "on", "begins", "ends", "place", "uid")}
    desk.post(reverse("network:event_new"), given | {"kind": "networking"})
    made = Event.objects.get()
    assert known is None and (made.title, made.on, made.begins, made.ends) == (
        "Chamber breakfast",
        soon(3).date(),
        time(8),
        time(10),
    )
    assert b"On your list already" in desk.get(reverse("practice:calendar_entries", args=[source.pk])).content


def test_titles_that_cannot_be_read_are_explained(desk, owner, settings):
    with feeds(answering(b"", 404)) as there:
        settings.CALENDAR_SERVER = there.url
        source = calendars.add("feed", calendars.Access(f"{there.url}/a.ics"), by=owner)
        follow(desk, "calendar_entries", source)
        do_jobs()
    assert b"no calendar at this address" in desk.get(reverse("practice:calendar_entries", args=[source.pk])).content


def test_the_secret_address_is_shown_once(desk, client):
    first = desk.post(reverse("practice:calendar_feed"), {"once": "a mark"})
    address = first.context["address"]
    assert address in first.content.decode() and desk.get(address).status_code == 200
    again = desk.post(reverse("practice:calendar_feed"), {"once": "a mark"})
    assert not again.context["address"] and desk.get(address).status_code == 200
    assert "made on" in desk.get(reverse("practice:calendars")).content.decode()
    desk.post(reverse("practice:calendar_feed_end"))
    assert desk.get(address).status_code == 404


# Use


def test_a_meeting_on_top_of_something_says_so(desk, owner):
    source = calendars.add("feed", calendars.Access("x.example/a.ics"), by=owner)
    calendars.keep_busy(source, [Span(soon(), soon() + timedelta(hours=1), False)], unread=0, cut=False)
    here = a_connection("Kofi Adeyemi", by=owner)
    for at, said in ((time(10, 30), True), (time(11), False), (None, False)):
        step = planned.plan(here, "visit", on=soon().date(), today=today(owner.practice), at=at, by=owner)
        page = desk.get(reverse("network:planned", args=[step.pk])).content.decode()
        assert ("Your calendar has something then" in page) is said and ("10 a.m.–11 a.m." in page) is said


@pytest.mark.parametrize(("hours", "proposed"), [(5, "2026-11-24T15:00"), (8, "2026-11-25T10:00")])
def test_a_walk_is_proposed_for_working_hours_in_which_one_is_free(client, owner, hours, proposed):
    with time_machine.travel(datetime(2026, 11, 24, 10, tzinfo=SEATTLE), tick=False):
        now = timezone.now()
        source = calendars.add("feed", calendars.Access("x.example/a.ics"), by=owner)
        calendars.keep_busy(source, [Span(now, now + timedelta(hours=hours), False)], unread=0, cut=False)
        client.force_login(owner.user, backend=BACKEND)
        assert client.get(reverse("network:walks")).context["start"] == proposed


# A file


def a_file(tmp_path, *entries: str):
    path = tmp_path / "events.ics"
    path.write_text(HEAD + "".join(entries) + END, newline="")
    return path


def test_a_calendar_file_brings_its_coming_events_once_and_can_be_taken_back(owner, tmp_path):
    talk, past = entry(soon(3, 19), 2, "SUMMARY:Library talk", uid="1"), entry(soon(-9), 1, "SUMMARY:Past", uid="2")
    bad = "BEGIN:VEVENT\r\nUID:3\r\nSUMMARY:No day\r\nEND:VEVENT\r\n"
    path = a_file(tmp_path, talk, past, bad)
    look = importing.import_file(path, practice=owner.practice, dry_run=True, by=owner)
    assert look["import"] is None and not Event.objects.exists()
    first = importing.import_file(path, practice=owner.practice, by=owner)
    assert (first["read"], first["created"], first["out_of_scope"], len(first["rejected"])) == (3, 1, 1, 1)
    again = importing.import_file(path, practice=owner.practice, by=owner)
    assert (again["created"], again["unchanged"]) == (0, 1)
    later = importing.import_file(
        a_file(tmp_path, talk.replace("Library", "Evening")), practice=owner.practice, kind="calendar", by=owner
    )
    assert later["updated"] == 1 and Event.objects.get().title == "Evening talk"
    importing.undo(later["import"], by=owner)
    assert Event.objects.get().title == "Library talk"
    assert importing.undo(first["import"], by=owner)["removed"] == 1 and not Event.objects.exists()


def test_a_calendar_among_contacts_is_refused_with_the_way_to_go(desk, owner, tmp_path):
    with pytest.raises(Unreadable, match="New event"):
        importing.import_file(
            a_file(tmp_path, entry(soon(3), uid="1")), practice=owner.practice, kind="contacts", by=owner
        )
    file = SimpleUploadedFile("events.ics", a_feed(entry(soon(3), uid="1")))
    page = desk.post(reverse("network:import"), {"file": file}, follow=True)
    do_jobs()
    assert "Events, New event" in desk.get(page.request["PATH_INFO"]).content.decode()
    assert not Event.objects.exists()
