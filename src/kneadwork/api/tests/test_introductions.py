"""Introductions through the API: meant, both asked, made or let go; refused without a standing yes."""

import pytest

from kneadwork.api.tests.program import Program, is_problem
from kneadwork.network import introducing, vetting
from kneadwork.network.models import Gift, Introduction, Override
from tests.builders import TODAY, a_connection, a_member


@pytest.fixture
def two(practice):
    return a_connection("Kofi Osei", verdict="yes"), a_connection("Ana Ray", verdict="yes")


def meant(program, two, **more) -> dict:
    answer = program.post("/introductions", {"connection": two[0].ref, "other": two[1].ref, **more})
    assert answer.status_code == 201, answer.content
    return answer.json()


def say(program, ref: str, here, said: str):
    return program.post(f"/introductions/{ref}/answers", {"connection": here.ref, "said": said})


def test_both_are_asked_then_it_is_made_and_is_a_gift_to_each(program, two):
    begun = meant(program, two, words="Both work with runners")
    assert [side["connection"] for side in begun["sides"]] == [one.ref for one in two] and begun["made_on"] is None
    ref = begun["id"]
    early = program.call("PATCH", f"/introductions/{ref}", {"ended": "made"}, If_Match="*")
    assert is_problem(early, 422) and "Ask both first" in early.json()["detail"] and not Gift.objects.exists()
    say(program, ref, two[0], "asked")
    for one in two:
        assert say(program, ref, one, "agreed").status_code == 201
    now = program.get(f"/introductions/{ref}")
    assert all(side["agreed_on"] for side in now.json()["sides"])
    assert is_problem(program.call("PATCH", f"/introductions/{ref}", {"ended": "made"}, If_Match='"old"'), 412)
    made = program.call("PATCH", f"/introductions/{ref}", {"ended": "made"}, If_Match=now["ETag"])
    assert made.status_code == 200 and made.json()["made_on"]
    assert {g.connection_id for g in Gift.objects.filter(form="introduction")} == {one.pk for one in two}
    assert program.get("/introductions").json() == {"introductions": [made.json()], "next": None}
    assert program.get(f"/introductions?connection={two[1].ref}").json()["introductions"] == [made.json()]


def test_one_who_would_rather_not_ends_in_letting_it_go(program, two):
    ref = meant(program, two)["id"]
    say(program, ref, two[0], "declined")
    assert is_problem(program.call("PATCH", f"/introductions/{ref}", {"ended": "made"}, If_Match="*"), 422)
    gone = program.call("PATCH", f"/introductions/{ref}", {"ended": "let go"}, If_Match="*").json()
    assert gone["let_go_on"] and not Gift.objects.exists()
    assert is_problem(say(program, ref, two[0], "agreed"), 422)


def test_nobody_is_introduced_without_a_yes_but_by_the_owners_reason(program, owner, two):
    stranger = a_connection("Pat Roe")
    body = {"connection": two[0].ref, "other": stranger.ref}
    refused = program.post("/introductions", body)
    assert is_problem(refused, 422) and "Pat Roe" in refused.json()["detail"] and not Introduction.objects.exists()
    therapist = Program(a_member(owner, "therapist"))
    assert is_problem(therapist.post("/introductions", body | {"override": "I know them"}), 403)
    kept = meant(program, (two[0], stranger), override="My neighbour for ten years")
    assert [side["overridden"] for side in kept["sides"]] == [False, True]
    assert Override.objects.get().why == "My neighbour for ten years"


def test_a_yes_that_falls_before_it_is_made_stops_it(program, owner, two):
    ref = meant(program, two)["id"]
    for one in two:
        say(program, ref, one, "agreed")
    vetting.raise_flag(two[1], "Treats everybody the same", on=TODAY, by=owner)
    assert is_problem(program.call("PATCH", f"/introductions/{ref}", {"ended": "made"}, If_Match="*"), 422)
    assert not Gift.objects.exists()


@pytest.mark.parametrize("wrong", [{"said": "maybe"}, {"connection": "nobody"}, {"on": "2999-01-01"}])
def test_answers_that_cannot_be_are_refused(program, two, wrong):
    ref = meant(program, two)["id"]
    given = {"connection": two[0].ref, "said": "agreed"} | wrong
    assert program.post(f"/introductions/{ref}/answers", given).status_code in (404, 422)
    assert is_problem(say(program, ref, a_connection("Somebody Else"), "agreed"), 422)


def test_an_introduction_of_a_client_is_nothing_for_a_helper(program, owner, two):
    client = a_connection("June Pardo", stream="clients", verdict="yes")
    hidden = introducing.begin(two[0], client, on=TODAY, words="canary", by=owner)
    helper = Program(a_member(owner, "helper"))
    seen = meant(helper, two)
    assert helper.get("/introductions").json()["introductions"] == [seen]
    assert helper.get(f"/introductions?connection={two[0].ref}").json()["introductions"] == [seen]
    assert is_problem(helper.get(f"/introductions/{hidden.ref}"), 404)
    assert is_problem(say(helper, hidden.ref, two[0], "agreed"), 404)
    assert is_problem(helper.call("PATCH", f"/introductions/{hidden.ref}", {"ended": "let go"}, If_Match="*"), 404)
    assert is_problem(helper.post("/introductions", {"connection": two[0].ref, "other": client.ref}), 404)
    assert len(program.get("/introductions").json()["introductions"]) == 2
