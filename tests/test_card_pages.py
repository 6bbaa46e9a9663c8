"""Triage on its pages: one card at a time, with script or without; doubtful fields beside the picture they came from."""

from __future__ import annotations

import base64
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from PIL import Image

from kneadwork.exchange import reading_cards
from kneadwork.network import cards, events, resting
from kneadwork.network.models import Card, CardReading, Connection, PlannedStep
from kneadwork.outreach.models import Release
from kneadwork.practice.setting_up import today
from tests import card_pictures
from tests.builders import a_connection, do_jobs
from tests.card_people import misses, people
from tests.pictures import a_picture, an_upload
from tests.test_cards import INES

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
VCARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Ines Halvorsen\nTEL;TYPE=WORK:206-555-0143\nEMAIL:ines@willow.example\nEND:VCARD"


@pytest.fixture
def desk(client, owner):
    """A signed-in browser."""
    client.force_login(owner.user, backend=BACKEND)
    return client


@pytest.fixture
def card(owner) -> Card:
    """A card from an event of today."""
    evening = events.make("Library talk", on=today(owner.practice), by=owner)
    return cards.collect(typed=INES, front=an_upload(), words="treats jaw pain", event=evening, by=owner)


def decide(desk, card: Card, answer: str, **fields):
    return desk.post(reverse("network:card_decision", args=[card.pk]), {"answer": answer, **fields})


def say_yes(desk, card: Card, **given):
    on = today(card.practice) + timedelta(days=1)
    return desk.post(reverse("network:card_yes", args=[card.pk]), {"how": "call", "on": on.isoformat(), **given})


def test_a_picture_uploaded_by_hand_waits_for_a_decision(desk, owner):
    answer = desk.post(reverse("network:card_new"), {"front": an_upload(), "words": "laughed about parking"})
    card = Card.objects.get()
    assert answer.headers["Location"] == reverse("network:card", args=[card.pk])
    page = desk.get(reverse("network:cards"))
    assert page.context["here"] == card and b"laughed about parking" in page.content
    picture = desk.get(reverse("network:card_picture", args=[card.pk, "front"]))
    assert picture["Content-Type"] == "image/jpeg" and Image.open(io.BytesIO(picture.content)).size == (900, 520)
    assert desk.get(reverse("network:card_picture", args=[card.pk, "back"])).status_code == 404


def test_what_cannot_be_read_as_a_picture_is_said_beside_the_field_and_the_words_stay(desk):
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = desk.post(
        reverse("network:card_new"), {"front": SimpleUploadedFile("a.jpg", b"hello"), "words": "jaw pain"}
    )
    assert b"not a picture that can be read" in answer.content and b"jaw pain" in answer.content


def test_cards_come_one_after_the_other_until_none_waits(desk, owner, card):
    second = cards.collect(words="sells windows", event=card.event, by=owner)
    page = desk.get(reverse("network:cards"))
    assert (page.context["here"], page.context["number"], page.context["waiting"]) == (card, 1, 2)
    following = decide(desk, card, "later").headers["Location"]
    assert desk.get(following).context["here"] == second
    following = decide(desk, second, "let go").headers["Location"]
    assert b"No card waits" in desk.get(following).content


def test_letting_go_is_undone_by_one_tap_or_from_its_page(desk, card):
    following = decide(desk, card, "let go").headers["Location"]
    page = desk.get(following).content.decode()
    assert "can be taken back" in page and "/undo" in page
    assert "Ines Halvorsen" in desk.get(reverse("network:cards_let_go")).content.decode()
    decide(desk, card, "take back")
    assert cards.is_waiting(card, on=today(card.practice)) and not Connection.objects.exists()


def test_what_was_corrected_is_kept_with_the_decision(desk, card):
    answer = decide(desk, card, "yes", **INES | {"name": "Inés Halvorsen", "noted": "treats jaw pain"})
    assert answer.headers["Location"] == reverse("network:card_yes", args=[card.pk])
    say_yes(desk, card)
    assert Connection.objects.get().name == "Inés Halvorsen"


def test_a_yes_with_a_call_leads_to_the_next_card(desk, card):
    answer = say_yes(desk, card, purpose="hear about jaw pain")
    assert answer.headers["Location"] == f"{reverse('network:cards')}?event={card.event.ref}"
    made, step = Connection.objects.get(), PlannedStep.objects.get()
    assert (step.how, step.connection) == ("call", made)
    assert b"hear about jaw pain" in desk.get(reverse("network:connection", args=[made.pk])).content


def test_a_yes_without_a_day_is_asked_for_one_and_only_keeping_them_needs_none(desk, card):
    assert b"Choose a day" in say_yes(desk, card, on="").content
    say_yes(desk, card, how="", on="")
    assert Connection.objects.exists() and not PlannedStep.objects.exists()


def test_a_meeting_has_an_invitation_that_names_two_people_a_place_and_a_time(desk, owner, card):
    address = say_yes(desk, card, how="meeting", at="10:30", where="Blue Door Cafe", purpose="hear about jaw pain")
    answer = desk.post(address.headers["Location"])
    assert answer["Content-Type"].startswith("text/calendar") and "Ines" in answer["Content-Disposition"]
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(event["ATTENDEE"]) == "mailto:ines@willow.example" and str(event["LOCATION"]) == "Blue Door Cafe"
    assert event.decoded("DTSTART").astimezone(timezone.get_fixed_timezone(-480)).hour == 10
    assert b"jaw pain" not in answer.content and Release.objects.get().what == "invitation"


def test_who_says_stop_before_the_invitation_gets_none(desk, owner, card):
    address = say_yes(desk, card, how="meeting", at="10:30").headers["Location"]
    resting.stop(Connection.objects.get(), on=today(owner.practice), how="by letter", by=owner)
    assert "asked not to be written to" in desk.post(address, follow=True).content.decode()
    assert not Release.objects.exists()


def test_whom_the_card_joins_is_said_before(desk, owner, card):
    known = a_connection("Ines Halvorsen", phones=["206-555-0143"], by=owner)
    page = desk.get(reverse("network:card_yes", args=[card.pk])).content.decode()
    assert "You know them" in page and reverse("network:connection", args=[known.pk]) in page
    say_yes(desk, card)
    assert Connection.objects.get() == known


def test_a_doubtful_field_stands_beside_the_piece_of_its_picture_until_it_is_corrected(desk, card):
    Card.everywhere.filter(pk=card.pk).update(typed={})
    piece = base64.b64encode(a_picture()).decode()
    value = {"text": "206-555-0I43", "confidence": 0.4, "piece": piece}
    CardReading(card=card, fields={"phone": [value]}, at=timezone.now()).save()
    crop = reverse("network:card_crop", args=[card.pk, "phone"])
    assert crop in desk.get(reverse("network:card", args=[card.pk])).content.decode()
    assert desk.get(crop).content == a_picture() and desk.get(crop)["Content-Type"] == "image/jpeg"
    assert desk.get(reverse("network:card_crop", args=[card.pk, "name"])).status_code == 404
    decide(desk, card, "", phone="206-555-0143", noted=card.words)
    page = desk.get(reverse("network:card", args=[card.pk])).content.decode()
    assert crop not in page and "206-555-0143" in page


def test_a_photographed_card_is_read_in_the_background_and_becomes_a_connection(desk, owner):
    who = people(60)[0]
    front = SimpleUploadedFile("card.jpg", card_pictures.clean(who)[0], "image/jpeg")
    desk.post(reverse("network:card_new"), {"front": front})
    do_jobs()
    card = Card.objects.get()
    told = cards.fields_of(card)
    assert (
        misses(who, {"name": told["name"].partition(",")[0], "phones": [told["phone"]], "emails": [told["email"]]})
        == []
    )
    say_yes(desk, card)
    made = Connection.objects.get()
    assert made.contactpoints.filter(kind="email", normal=who.email.casefold()).exists()


def test_a_code_of_another_form_is_understood_too(desk, owner):
    card = cards.collect(code="MECARD:N:Halvorsen,Ines;TEL:2065550143;EMAIL:ines@willow.example;;", by=owner)
    reading_cards.ask(card, by=owner)
    do_jobs()
    assert cards.fields_of(card)["name"] == "Ines Halvorsen" and cards.fields_of(card)["email"] == "ines@willow.example"


def test_a_card_is_read_as_a_job_and_what_no_reader_read_is_typed(desk):
    desk.post(reverse("network:card_new"), {"front": an_upload()})
    card = Card.objects.get()
    assert reading_cards.not_read() in desk.get(reverse("network:card", args=[card.pk])).content.decode()


def test_a_code_that_the_phone_read_fills_the_card(desk, owner):
    card = cards.collect(code=VCARD, by=owner)
    reading_cards.ask(card, by=owner)
    do_jobs()
    assert cards.fields_of(card)["name"] == "Ines Halvorsen"
    say_yes(desk, card)
    assert Connection.objects.get().contactpoints.filter(normal="+12065550143").exists()


def test_a_card_that_is_gone_before_its_job_is_nothing_to_read(owner):
    card = cards.collect(words="x", by=owner)
    reading_cards.ask(card, by=owner)
    Card.everywhere.filter(pk=card.pk).delete()
    do_jobs()
    assert not CardReading.objects.exists()


# What a phone sends


def send(browser, owner, **given):
    fields = {"key": "k" * 36, "member": owner.ref, "words": "jaw pain", "captured_at": timezone.now().isoformat()}
    return browser.post(reverse("network:gather_take"), fields | given)


def test_a_card_from_a_phone_arrives_once_however_often_it_is_sent(desk, owner):
    first, again = send(desk, owner, front=an_upload()), send(desk, owner, front=an_upload())
    assert first.status_code == again.status_code == 201 and first.json()["id"] == again.json()["id"]
    assert Card.objects.count() == 1


@pytest.mark.parametrize("wrong, status", [
    ({"member": "0000000000000"}, 409), ({"key": ""}, 422), ({"words": ""}, 422), ({"front": "no file"}, 201),
    ({"captured_at": "soon"}, 201), ({"captured_at": "2026-99-99T10:00:00Z"}, 201), ({"event": "nonsense"}, 201),
])  # fmt: skip
def test_what_a_phone_sends_amiss_is_refused_in_words_or_taken_without_it(desk, owner, wrong, status):
    answer = send(desk, owner, **wrong)
    assert answer.status_code == status
    assert status == 201 or answer.json()["refused"]


def test_a_phone_without_a_session_or_from_elsewhere_keeps_its_cards(db, owner):
    assert send(Client(), owner).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner.user, backend=BACKEND)
    assert send(strict, owner).status_code == 403
    token = strict.get(reverse("network:gather_session")).json()["csrf"]
    answer = strict.post(
        reverse("network:gather_take"),
        {"key": "k" * 36, "member": owner.ref, "words": "x"},
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 201


def test_signing_out_tells_the_browser_to_forget(desk):
    assert desk.post(reverse("account_logout"))["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in desk.get(reverse("account_login"))


def test_pictures_are_of_the_practice_alone_and_never_kept_by_the_browser(desk, owner, card):
    answer = desk.get(reverse("network:card_picture", args=[card.pk, "front"]))
    assert answer["Cache-Control"] == "no-store" and answer.content[:3] == a_picture()[:3]
