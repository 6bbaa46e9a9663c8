"""Events and cards through the API."""

import base64

import pytest

from kneadwork.api.tests.program import Program, is_problem
from kneadwork.common.models import Job
from kneadwork.exchange import collecting
from kneadwork.network import cards
from kneadwork.network.models import Card
from tests.builders import TODAY, a_connection, a_member
from tests.pictures import a_picture

EVENT = {"title": "Library talk", "on": "2026-11-23", "kind": "lecture", "begins": "19:00", "place": "Ballard Library"}


@pytest.fixture
def evening(program) -> str:
    return program.post("/events", EVENT).json()["id"]


def test_an_event_is_made_found_and_listed(program):
    hoped = a_connection("Kofi Adeyemi")
    answer = program.post("/events", EVENT | {"hoped_for": [hoped.ref]})
    assert answer.status_code == 201, answer.content
    document = answer.json()
    assert document | EVENT == document and document["hoped_for"] == [hoped.ref]
    assert program.get(f"/events/{document['id']}").json() == document
    assert program.get("/events").json() == {"events": [document], "next": None}


def test_an_event_that_ends_before_it_begins_is_refused(program):
    assert is_problem(program.post("/events", EVENT | {"begins": "12:00", "ends": "10:00"}), 422)


def test_a_card_is_brought_in_once_and_read_in_the_background(program, evening):
    body = {"event": evening, "words": "treats jaw pain", "name": "Ines Halvorsen",
            "front": base64.b64encode(a_picture()).decode(), "captured_at": "2026-11-23T20:15:00-08:00"}  # fmt: skip
    first = program.post("/cards", body, Idempotency_Key="card-1")
    again = program.post("/cards", body, Idempotency_Key="card-1")
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    document = first.json()
    assert document["state"] == "waiting" and document["pictures"] == ["front"] and document["event"] == evening
    assert Card.objects.count() == 1 and Job.objects.filter(kind="card.read").count() == 1
    assert program.get(f"/cards/{document['id']}").json() == document
    assert program.get(f"/cards?event={evening}").json() == {"cards": [document], "next": None}


@pytest.mark.parametrize("front", ["no base64 at all", base64.b64encode(b"%PDF-1.7").decode()])
def test_what_is_no_picture_is_refused(program, front):
    assert is_problem(program.post("/cards", {"front": front}), 422) and not Card.objects.exists()


def test_a_card_with_nothing_on_it_is_refused(program):
    assert is_problem(program.post("/cards", {}), 422)


def test_a_helper_collects_too_and_is_told_of_no_client(program, owner, evening):
    client = a_connection("Ines Halvorsen", stream="clients", phones=["206-555-0143"], by=owner)
    helper = Program(a_member(owner, "helper"))
    made = helper.post("/cards", {"name": "Ines Halvorsen", "phone": "206-555-0143", "event": evening}).json()
    card = Card.objects.get()
    met = collecting.say_yes(card, None, on=TODAY, by=owner)
    assert met.connection == client
    assert program.get(f"/cards/{made['id']}").json()["connection"] == client.ref
    told = helper.get(f"/cards/{made['id']}").json()
    assert told["state"] == "yes" and told["connection"] is None


def test_what_was_decided_is_told(program, owner, evening):
    ref = program.post("/cards", {"words": "sells windows"}).json()["id"]
    cards.let_go(Card.objects.get(), on=TODAY, by=owner)
    assert program.get(f"/cards/{ref}").json()["state"] == "let go"
