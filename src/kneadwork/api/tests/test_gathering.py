"""Events and cards through the API."""

import base64

import pytest

from kneadwork.api.tests.program import Program, is_problem
from kneadwork.common.models import Job
from kneadwork.exchange import collecting
from kneadwork.network import cards
from kneadwork.network.models import Card, Connection, PlannedStep
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


# Deciding


def decide(program, ref: str, **given):
    return program.call("PATCH", f"/cards/{ref}", given, If_Match="*")


def test_a_card_is_let_go_taken_back_and_put_off(program):
    ref = program.post("/cards", {"words": "sells windows"}).json()["id"]
    assert decide(program, ref, answer="let go").json()["state"] == "let go"
    assert is_problem(decide(program, ref, answer="yes", name="Ines Halvorsen"), 422), "decided already"
    assert decide(program, ref, answer="take back").json()["state"] == "waiting"
    assert decide(program, ref, answer="later").json()["state"] == "later"
    assert not Connection.objects.exists()


def test_a_yes_makes_a_connection_with_the_next_step(program, evening):
    ref = program.post("/cards", {"name": "Ines Halvorson", "phone": "206-555-0143", "event": evening}).json()["id"]
    coffee = {
        "how": "meeting",
        "on": "2199-01-05",
        "at": "10:30",
        "where": "Corner cafe",
        "purpose": "Hear about her work",
    }
    answer = decide(program, ref, answer="yes", name="Ines Halvorsen", profession="dentist", **coffee)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert told["planned"] == coffee and told["state"] == "yes" and told["known"] is False
    here = Connection.objects.get()
    assert (here.name, here.profession, here.ref) == ("Ines Halvorsen", "dentist", told["connection"])
    assert PlannedStep.objects.get().connection == here and here.how_known == "met at Library talk"


def test_a_yes_joins_whom_the_card_matches_unless_it_is_somebody_else(program):
    known = a_connection("Ines Halvorsen", phones=["206-555-0143"])
    body = {"name": "Ines Halvorsen", "phone": "206-555-0143"}
    first, second = (program.post("/cards", body).json()["id"] for _n in range(2))
    joined = decide(program, first, answer="yes").json()
    assert (joined["connection"], joined["known"], joined["planned"]) == (known.ref, True, None)
    assert decide(program, second, answer="yes", somebody_else=True).json()["connection"] != known.ref


@pytest.mark.parametrize("given", [
    {"answer": "maybe"}, {"answer": "yes"}, {"answer": "yes", "name": "Ana", "how": "call"}, {"answer": "take back"},
    {"answer": "yes", "name": "Ana", "how": "fax", "on": "2199-01-05"}, {"answer": "yes", "name": "Ana", "how": "call", "on": "2000-01-05"},
], ids=str)  # fmt: skip
def test_a_decision_that_cannot_be_changes_nothing(program, given):
    ref = program.post("/cards", {"words": "no name on it"}).json()["id"]
    assert is_problem(decide(program, ref, **given), 422)
    told = program.get(f"/cards/{ref}").json()
    assert (told["state"], told["name"]) == ("waiting", "") and not Connection.objects.exists()


def test_a_decision_names_the_version_it_was_made_about(program):
    ref = program.post("/cards", {"words": "sells windows"}).json()["id"]
    assert is_problem(program.call("PATCH", f"/cards/{ref}", {"answer": "later"}), 428)
    assert is_problem(program.call("PATCH", f"/cards/{ref}", {"answer": "later"}, If_Match='"old"'), 412)


def test_a_helper_puts_nobody_among_the_clients(owner, program):
    ref = program.post("/cards", {"name": "Ines Halvorsen"}).json()["id"]
    assert is_problem(decide(Program(a_member(owner, "helper")), ref, answer="yes", stream="clients"), 403)
