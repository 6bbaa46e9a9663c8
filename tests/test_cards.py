"""Cards: collected once, decided one at a time; let go, later, or yes with when and how."""

from __future__ import annotations

import io
from datetime import time, timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from kneadwork.common import storage, undo
from kneadwork.common.models import Attachment, Change
from kneadwork.exchange import collecting, reading_cards
from kneadwork.exchange.collecting import Step
from kneadwork.network import cards, connections, events, merging, planned, resting, touching
from kneadwork.network.cards import CardRefused
from kneadwork.network.models import Card, CardDecision, Connection, MergeProposal, PlannedStep, Touch
from kneadwork.planning import today
from tests.builders import TODAY, a_connection, a_member, do_jobs
from tests.pictures import a_picture, an_upload
from tests.test_crossing import signed_in

pytestmark = pytest.mark.django_db

INES = {"name": "Ines Halvorsen", "title": "Licensed acupuncturist", "organisation": "Willow & Stone",
        "phone": "206-555-0143", "email": "ines@willow.example", "address": "12 Pine St, Seattle, WA 98101"}  # fmt: skip


def a_card(owner, *, event: bool = True, **more) -> Card:
    here = events.make("Library talk", on=TODAY, by=owner) if event else None
    return cards.collect(typed=more.pop("typed", INES), event=here, by=owner, **more)


def yes(card: Card, owner, **more) -> collecting.Met:
    step = more.pop("step", Step("call", TODAY + timedelta(days=2)))
    return collecting.say_yes(card, step, on=TODAY, by=owner, **more)


# Collecting


def test_a_card_waits_until_it_is_decided(owner):
    card = a_card(owner)
    assert list(cards.waiting(TODAY)) == [card] and cards.is_waiting(card, on=TODAY)
    cards.let_go(card, on=TODAY, by=owner)
    assert not cards.waiting(TODAY).exists() and not cards.is_waiting(card, on=TODAY)


def test_a_card_sent_twice_under_its_key_arrives_once(owner):
    first = cards.collect(words="treats jaw pain", key="k" * 32, by=owner)
    assert cards.collect(words="treats jaw pain", key="k" * 32, by=owner) == first
    assert Card.objects.count() == 1


def test_a_card_with_nothing_on_it_is_refused(owner):
    with pytest.raises(CardRefused, match="nothing on this card"):
        cards.collect(words="  ", by=owner)


def test_cards_wait_in_the_order_in_which_they_were_collected(owner):
    late = cards.collect(words="second", captured_at=cards.timezone.now(), by=owner)
    early = cards.collect(words="first", captured_at=cards.timezone.now() - timedelta(hours=1), by=owner)
    assert list(cards.waiting(TODAY)) == [early, late]


def with_place(kind: str) -> bytes:
    """A photograph that says where it was taken."""
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (47.0, 36.0, 0.0), 3: "W", 4: (122.0, 20.0, 0.0)}
    return a_picture(kind=kind, exif=exif)


def test_of_a_photograph_only_the_picture_is_kept_and_it_is_sealed(owner):
    given = with_place("JPEG")
    assert Image.open(io.BytesIO(given)).getexif().get_ifd(0x8825)
    card = cards.collect(front=SimpleUploadedFile("IMG_1.jpg", given), by=owner)
    kept = Image.open(io.BytesIO(storage.read(card.front)))
    assert kept.format == "JPEG" and not dict(kept.getexif())
    assert b"JFIF" not in (settings.HOME / "files" / card.front.stored_as).read_bytes()


def test_a_heic_picture_of_a_phone_is_taken(owner):
    from pillow_heif import register_heif_opener

    register_heif_opener()
    card = cards.collect(front=an_upload(kind="HEIF", name="IMG_1.HEIC"), by=owner)
    assert Image.open(io.BytesIO(storage.read(card.front))).size == (900, 520)


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"%PDF-1.7", b"\xff\xd8\xff" + b"0" * 400, bytes(2000)])
def test_what_is_no_picture_is_refused_and_nothing_is_kept(owner, data):
    with pytest.raises(storage.FileRefused):
        cards.collect(front=SimpleUploadedFile("card.jpg", data), words="x", by=owner)
    assert not Card.objects.exists() and not Attachment.objects.exists()


# Letting go


def test_a_card_let_go_never_becomes_a_connection_and_can_be_taken_back(owner):
    card = a_card(owner)
    act = cards.let_go(card, on=TODAY, by=owner)
    assert not Connection.objects.exists()
    with pytest.raises(CardRefused, match="decided already"):
        yes(card, owner)
    undo.undo(act, by=owner)
    assert list(cards.waiting(TODAY)) == [card]
    cards.let_go(card, on=TODAY, by=owner)
    cards.take_back(card, by=owner)
    assert list(cards.waiting(TODAY)) == [card]


def test_what_was_decided_is_not_written_over(owner, client):
    card = a_card(owner)
    cards.let_go(card, on=TODAY, by=owner)
    client.force_login(owner.user)
    client.post(reverse("network:card_decision", args=[card.pk]), {"answer": "later", "name": "Somebody Else"})
    card.refresh_from_db()
    assert cards.fields_of(card)["name"] == "Ines Halvorsen"


CODE = """BEGIN:VCARD
VERSION:3.0
FN:Amara Lindqvist
TEL;TYPE=fax:206-555-0199
TEL;TYPE=cell:206-555-0101
EMAIL:amara@spine.example
EMAIL:desk@spine.example
NOTE:Mornings only
END:VCARD
"""


def test_nothing_that_a_card_says_is_lost_and_a_fax_is_no_telephone(owner):
    card = cards.collect(code=CODE, by=owner)
    reading_cards.ask(card, by=owner)
    do_jobs()
    assert cards.fields_of(card)["phone"] == "206-555-0101"
    made = yes(card, owner).connection
    points = set(made.contactpoints.values_list("kind", "value", "label"))
    assert {kind for kind, value, _label in points if value.endswith("0199")} == {"fax"}
    assert {value for kind, value, _label in points if kind == "email"} == {"amara@spine.example", "desk@spine.example"}
    assert [kind for kind, value, _label in points if "0101" in value] == ["phone"] and made.note == "Mornings only"


def test_thirty_days_after_it_was_let_go_nothing_of_a_card_is_left(owner, django_capture_on_commit_callbacks):
    card = a_card(owner, front=an_upload(), words="laughed about parking")
    file = settings.HOME / "files" / card.front.stored_as
    cards.let_go(card, on=TODAY, by=owner)
    kept = a_card(owner, event=False, typed={"name": "Kofi Adeyemi"})
    assert cards.forget(TODAY + timedelta(days=29)) == 0 and file.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert cards.forget(TODAY + timedelta(days=30)) == 1
    assert list(Card.objects.all()) == [kept] and not CardDecision.objects.exists()
    assert not file.exists() and not Attachment.objects.exists()
    said = repr(list(Change.objects.values_list("before", "after")))
    assert "parking" not in said and "Halvorsen" not in said


def test_a_card_put_off_waits_again_tomorrow(owner):
    card = a_card(owner)
    cards.later(card, on=TODAY, by=owner)
    assert not cards.waiting(TODAY).exists()
    assert list(cards.waiting(TODAY + timedelta(days=1))) == [card]
    cards.let_go(card, on=TODAY + timedelta(days=1), by=owner)
    assert not cards.waiting(TODAY + timedelta(days=2)).exists()


# Yes


def test_a_yes_makes_a_connection_that_was_met_at_the_event(owner):
    card = a_card(owner, words="treats jaw pain")
    met = yes(card, owner)
    made = met.connection
    assert (made.name, made.profession, made.stream) == ("Ines Halvorsen", "acupuncturist", "medical")
    assert made.organisation == "Willow & Stone" and made.how_known == "met at Library talk"
    assert set(made.contactpoints.values_list("normal", flat=True)) == {"+12065550143", "ines@willow.example"}
    assert made.addresses.get().postal == "98101" and made.latitude is not None
    touch = made.touches.get()
    assert (touch.channel, touch.on) == ("event", TODAY) and "treats jaw pain" in touch.words
    assert not met.known and card.decisions.get().connection == made


def test_a_card_that_matches_a_known_connection_joins_it(owner):
    known = a_connection("Ines Halvorsen", phones=["(206) 555-0143"], by=owner)
    met = yes(a_card(owner), owner)
    assert met.known and met.connection == known and Connection.objects.count() == 1
    assert known.contactpoints.filter(kind="email").get().value == "ines@willow.example"
    assert known.touches.get().channel == "event"


def test_the_one_it_would_join_may_be_somebody_else(owner):
    known = a_connection("Ines Halvorsen", phones=["(206) 555-0143"], by=owner)
    met = yes(a_card(owner), owner, somebody_else=True)
    assert met.connection != known and not met.known and Connection.objects.count() == 2


def test_a_yes_is_taken_back_as_a_whole(owner):
    card = a_card(owner)
    met = yes(card, owner)
    undo.undo(met.act, by=owner)
    assert not Connection.objects.exists() and not Touch.objects.exists() and not PlannedStep.objects.exists()
    assert list(cards.waiting(TODAY)) == [card]


def test_what_joins_somebody_who_said_stop_plans_nothing(owner):
    known = a_connection("Ines Halvorsen", phones=["(206) 555-0143"], by=owner)
    resting.stop(known, on=TODAY, how="by letter", by=owner)
    met = yes(a_card(owner), owner)
    assert met.known and met.step is None and not PlannedStep.objects.exists()


def test_a_card_without_a_name_is_the_place_or_nobody_yet(owner):
    place = yes(a_card(owner, typed={"organisation": "Willow & Stone", "phone": "206-555-0143"}), owner).connection
    assert place.kind == "organisation"
    with pytest.raises(CardRefused, match="Whose card"):
        yes(a_card(owner, typed={}, words="red hair, dentist?"), owner)


def test_a_helper_learns_of_no_client_from_a_card(owner):
    client = a_connection("Ines Halvorsen", stream="clients", phones=["(206) 555-0143"], by=owner)
    helper, card = a_member(owner, "helper"), a_card(owner)
    assert collecting.match_of(collecting.record_of(card), by=helper) == (None, "")
    met = yes(card, helper)
    assert not met.known and met.connection != client and met.connection.stream != "clients"
    assert MergeProposal.objects.count() == 1  # for those who may see both
    assert not client.touches.exists()


def test_a_hand_corrects_what_stands_on_a_card(owner):
    card = a_card(owner, typed={"name": "Ines Halvorse"})
    cards.write_down(card, INES, "knows the library", by=owner)
    assert cards.fields_of(card)["name"] == "Ines Halvorsen" and card.words == "knows the library"


# The step planned


@pytest.mark.parametrize("how, said", [
    ("call", "Call Kofi Osei on Monday, 23 November, 206 555 0101: to hear"), ("email", "Write to Kofi Osei on Monday, 23 November: to hear"),
    ("visit", "Visit Kofi Osei in their open hours on Monday, 23 November, 1 Main St, Seattle, WA 98107: to hear"),
])  # fmt: skip
def test_what_was_planned_says_whom_when_where_and_what_for(client, owner, how, said):
    address = {"line1": "1 Main St", "city": "Seattle", "region": "WA", "postal": "98107"}
    here = a_connection("Kofi Osei", phones=["206 555 0101"], emails=["kofi@people.example"], address=address)
    planned.plan(here, how, on=TODAY, today=TODAY, by=owner)
    (action,) = today.actions(owner.practice, on=TODAY, minutes=200, all_streams=True)
    assert said in action.reason and "to hear whom they help best" in action.reason
    client.force_login(owner.user)
    page = client.get(reverse("network:connection", args=[here.ref])).content.decode()
    assert "to hear whom they help best" in page


def test_what_was_planned_is_the_next_step_on_its_day_and_done_by_a_contact(owner):
    met = yes(a_card(owner), owner, step=Step("meeting", TODAY, time(10, 30), "Blue Door", "hear about jaw pain"))
    [action] = [
        a
        for a in today.actions(owner.practice, on=TODAY, minutes=200, all_streams=True)
        if a.connection == met.connection
    ]
    assert (action.step.key, action.step.kind) == ("planned", "meeting")
    assert f"Have a coffee with {met.connection.name} on Monday, 23 November at 10:30" in action.reason
    assert "Blue Door" in action.reason and action.sentence == "", "it is said once"
    client = signed_in(owner.user)
    page = client.get(reverse("today:step", args=[met.connection.ref, "planned"])).content.decode()
    assert "<strong>Blue Door</strong>" in page and "10:30 a.m.</a>" in page
    touching.log(met.connection, "meeting", on=TODAY, today=TODAY, step="planned", by=owner)
    after = today.actions(owner.practice, on=TODAY, minutes=200, all_streams=True)
    assert "planned" not in {a.step.key for a in after}


def test_an_earlier_not_this_step_says_nothing_of_a_new_plan(owner):
    met = yes(a_card(owner), owner, step=Step("call", TODAY))
    resting.postpone(met.connection, "planned", until=None, on=TODAY, by=owner)
    assert "planned" not in {a.step.key for a in today.actions(owner.practice, on=TODAY, minutes=200, all_streams=True)}
    planned.plan(met.connection, "email", on=TODAY, today=TODAY, by=owner)
    assert "planned" in {a.step.key for a in today.actions(owner.practice, on=TODAY, minutes=200, all_streams=True)}


def test_two_that_become_one_keep_cards_and_plans(owner):
    met = yes(a_card(owner), owner)
    other = a_connection("I. Halvorsen", by=owner)
    merging.merge(other, met.connection, by=owner)
    assert CardDecision.objects.get().connection == other and PlannedStep.objects.get().connection == other


def test_removing_a_connection_leaves_the_card(owner):
    met = yes(a_card(owner), owner)
    connections.remove([met.connection], by=owner)
    assert Card.objects.count() == 1 and CardDecision.objects.get().connection is None
