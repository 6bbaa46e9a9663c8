"""Events: made by hand or from a calendar file, with whom one hopes to meet; on their day Today says so."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kneadwork.common import undo
from kneadwork.exchange import importing
from kneadwork.exchange.neutral import Unreadable
from kneadwork.exchange.readers import ics
from kneadwork.network import cards, events
from kneadwork.network.events import EventRefused
from kneadwork.network.models import Card, Event
from kneadwork.practice.setting_up import today
from tests.builders import TODAY, a_connection, a_member

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HEAD, END = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\n", "END:VCALENDAR\r\n"


def an_ics(*entries: str) -> bytes:
    """A calendar file with these entries' lines."""
    inside = "".join(f"BEGIN:VEVENT\r\nUID:{n}@example\r\n{lines}\r\nEND:VEVENT\r\n" for n, lines in enumerate(entries))
    return f"{HEAD}{inside}{END}".encode()


def read(*entries: str, zone: str = "America/Los_Angeles") -> ics.CalendarFile:
    return ics.read(an_ics(*entries), zone=zone, on=TODAY)


TALK = "SUMMARY:Library talk\r\nDTSTART:20261124T030000Z\r\nDTEND:20261124T050000Z\r\nLOCATION:Ballard Library"


# By hand


def test_an_event_is_kept_with_whom_one_hopes_to_meet(owner):
    kofi = a_connection("Kofi Adeyemi", by=owner)
    made = events.make("Library talk", on=TODAY, kind="lecture", hoped="a dentist", hoped_for=[kofi], by=owner)
    assert [hope.connection for hope in made.hopes.all()] == [kofi] and events.of_day(TODAY) == [made]
    events.hope_for(made, kofi, by=owner)
    assert made.hopes.count() == 1
    events.hope_no_longer(made, kofi, by=owner)
    assert not made.hopes.exists()


@pytest.mark.parametrize("wrong", [{"title": " "}, {"kind": "party"}, {"begins": time(12), "ends": time(10)}])
def test_what_is_no_event_is_refused_in_words(owner, wrong):
    with pytest.raises(EventRefused):
        events.make(**{"title": "Library talk", "on": TODAY, "by": owner} | wrong)


def test_an_evening_may_end_after_midnight(owner):
    assert events.make("Dance", on=TODAY, begins=time(21), ends=time(1), by=owner).ends == time(1)


def test_an_event_that_is_removed_leaves_its_cards_and_comes_back_with_them(owner):
    made = events.make("Library talk", on=TODAY, by=owner)
    cards.collect(words="treats jaw pain", event=made, by=owner)
    act = events.remove(made, by=owner)
    assert Card.objects.get().event is None
    undo.undo(act, by=owner)
    assert Card.objects.get().event == Event.objects.get()


# From a calendar file


def test_an_event_of_a_file_stands_in_the_time_of_the_practice():
    [found] = read(TALK).events
    assert (found.title, found.on, found.begins, found.ends) == ("Library talk", TODAY, time(19), time(21))
    assert found.place == "Ballard Library" and found.uid == "0@example"


def test_a_day_is_a_day_everywhere():
    [found] = read("SUMMARY:Fair\r\nDTSTART;VALUE=DATE:20261128", zone="Pacific/Auckland").events
    assert (found.on, found.begins) == (date(2026, 11, 28), None)


def test_of_a_repeated_event_the_next_time_counts():
    [found] = read("SUMMARY:Class\r\nDTSTART:20260107T180000\r\nRRULE:FREQ=WEEKLY;BYDAY=WE").events
    assert found.on == date(2026, 11, 25) and found.begins == time(18)


def test_a_rule_that_never_ends_is_not_followed_by_the_second():
    [found] = read("SUMMARY:Bomb\r\nDTSTART:19000107T180000\r\nRRULE:FREQ=SECONDLY").events
    assert found.on == date(1900, 1, 7)


def test_the_next_events_come_first_cancelled_ones_not_and_what_has_no_day_is_counted():
    found = read("SUMMARY:Past\r\nDTSTART:20260101T100000", "SUMMARY:Later\r\nDTSTART:20270101T100000", TALK,
                 "SUMMARY:Off\r\nDTSTART:20261201T100000\r\nSTATUS:CANCELLED", "SUMMARY:Nowhen")  # fmt: skip
    assert [e.title for e in found.events] == ["Library talk", "Later", "Past"] and found.unread == 1


def test_an_entry_that_can_be_no_event_is_told_and_the_others_are_taken(owner, tmp_path):
    path = tmp_path / "events.ics"
    path.write_bytes(
        an_ics(
            "SUMMARY:Talk\r\nDTSTART:21270101T100000",
            "SUMMARY:Odd\r\nDTSTART:21270101T120000\r\nDTEND:21270101T100000",
        )
    )
    told = importing.import_file(path, practice=owner.practice)
    assert (told["read"], told["created"], Event.objects.get().title) == (2, 1, "Talk")
    assert "before it begins" in told["rejected"][0]["reason"]


@pytest.mark.parametrize("data", [b"", b"hello", b"\x89PNG\r\n", HEAD.encode() + END.encode(), b"BEGIN:VCALENDAR\n" * 5,
                                  b"x" * (ics.MOST_BYTES + 1)])  # fmt: skip
def test_what_is_no_calendar_is_refused_in_words(data):
    with pytest.raises(Unreadable, match="Export|by hand|Make it"):
        ics.read(data, zone="UTC", on=TODAY)


@pytest.mark.corpus
def test_every_calendar_of_the_corpus_is_read_or_refused_in_words(corpus):
    files = [f for f in sorted((corpus / "ical").rglob("*")) if f.suffix != ".md" and f.is_file()]
    assert len(files) > 120
    read_, refused = 0, 0
    for file in files:
        try:
            read_ += len(ics.read(file.read_bytes(), zone="America/Los_Angeles", on=TODAY).events)
        except Unreadable as fault:
            refused += bool(str(fault))
    assert read_ > 100 and refused < 60


# The pages


@pytest.fixture
def desk(client, owner):
    """A signed-in browser."""
    client.force_login(owner.user, backend=BACKEND)
    return client


def test_a_calendar_file_is_looked_at_before_anything_is_kept(desk, owner):
    file = SimpleUploadedFile("talk.ics", an_ics(TALK, "SUMMARY:Later\r\nDTSTART:20270101T100000"))
    shown = desk.post(reverse("network:events_file"), {"file": file})
    assert b"Library talk" in shown.content and not Event.objects.exists()
    event = next(e for e, _known, _address in shown.context["rows"] if e.title == "Library talk")
    address = next(a for e, _known, a in shown.context["rows"] if e is event)
    form = desk.get(address).context["form"]
    given = {name: form.initial.get(name, "") for name in ("title", "on", "begins", "ends", "place", "uid")}
    desk.post(reverse("network:event_new"), given | {"kind": "lecture"})
    assert Event.objects.get().uid == event.uid
    file.seek(0)
    assert b"On your list already" in desk.post(reverse("network:events_file"), {"file": file}).content


def test_a_file_that_is_no_calendar_is_refused_in_words(desk):
    answer = desk.post(reverse("network:events_file"), {"file": SimpleUploadedFile("a.ics", b"hello")}, follow=True)
    assert b"no calendar file" in answer.content


def test_on_its_day_today_says_so_and_on_no_other(desk, owner):
    on = today(owner.practice)
    events.make("Library talk", on=on, begins=time(19), by=owner)
    events.make("Next week", on=on + timedelta(days=7), by=owner)
    page = desk.get("/").content.decode()
    assert "Tonight" in page and "Library talk" in page and "Collect their cards" in page and "Next week" not in page


def test_a_helper_sees_no_client_hoped_for(client, owner):
    hidden = a_connection("Hidden Client", stream="clients", by=owner)
    made = events.make("Library talk", on=TODAY, hoped_for=[hidden], by=owner)
    client.force_login(a_member(owner, "helper").user, backend=BACKEND)
    address = reverse("network:event", args=[made.pk])
    assert b"Hidden" not in client.get(address).content
    assert b"Hidden" not in client.get(f"{address}?q=hidden").content.replace(b'value="hidden"', b"")
    assert client.post(reverse("network:event_hopes", args=[made.pk]), {"to": hidden.ref}).status_code == 404


def test_the_page_has_one_main_button_whatever_is_there(client, owner):
    """Nothing yet, a card that waits, an event, both."""
    client.force_login(owner.user)

    def main() -> list[str]:
        page = client.get(reverse("network:events")).content.decode()
        return [
            words.strip() for words in re.findall(r'class="button main"[^>]*>([^<]*)<', page[page.index("<main") :])
        ]

    assert main() == ["New event"]
    card = cards.collect(words="sells windows", by=owner)
    assert main() == ["Decide about one card"]
    events.make("Library talk", on=TODAY, by=owner)
    assert main() == ["Decide about one card"]
    cards.let_go(card, on=TODAY, by=owner)
    assert main() == ["New event"]
