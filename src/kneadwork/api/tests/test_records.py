"""Touches, insights, verdicts, gifts, referrals and asks through the API."""

from datetime import timedelta

import pytest

from kneadwork.api.tests.program import is_problem
from kneadwork.network import vetting
from kneadwork.practice.setting_up import today
from kneadwork.referrals.models import Ask
from tests.builders import TODAY, a_connection

BODIES = {
    "touches": {"channel": "visit", "words": "Coffee", "minutes": 20},
    "insights": {"words": "Treats runners", "about": "serves"},
    "vetting": {"answer": "not yet", "reason": "Not met yet"},
    "gifts": {"form": "information", "words": "A leaflet"},
    "referrals": {"person": "Jo"},
}


@pytest.mark.parametrize("name", BODIES)
def test_a_record_is_made_found_and_listed(program, practice, name):
    here, other = a_connection("Ann Here"), a_connection("Bo Other")
    answer = program.post(f"/{name}", {"connection": here.ref, **BODIES[name]})
    assert answer.status_code == 201, answer.content
    document = answer.json()
    assert document["connection"] == here.ref and document["on"] == today(practice).isoformat()
    assert all(document[k] == v for k, v in BODIES[name].items())
    one = program.get(f"/{name}/{document['id']}")
    assert one.json() == document and one["ETag"] == answer["ETag"]
    assert program.get(f"/{name}?connection={here.ref}").json() == {name: [document], "next": None}
    assert program.get(f"/{name}?connection={other.ref}").json()[name] == []


@pytest.mark.parametrize("name", BODIES)
def test_a_day_to_come_is_no_record(program, practice, name):
    here = a_connection("Ann Here")
    tomorrow = (today(practice) + timedelta(days=1)).isoformat()
    for day in (tomorrow, "9999-12-31", "0001-01-01", "soon"):
        assert is_problem(program.post(f"/{name}", {"connection": here.ref, "on": day, **BODIES[name]}), 422)
    assert program.get(f"/{name}").json()[name] == []


@pytest.mark.parametrize("name", BODIES)
def test_somebody_who_is_not_there_has_no_records(program, name):
    for ref in ("0000000000000", "nobody", ""):
        assert is_problem(program.post(f"/{name}", {"connection": ref, **BODIES[name]}), 404)


def test_pages_of_records_go_back_in_time(program):
    here = a_connection("Ann Here", insights_=5)
    first = program.get("/insights?limit=3").json()
    second = program.get(f"/insights?limit=3&cursor={first['next']}").json()
    words = [i["words"][-1] for i in first["insights"] + second["insights"]]
    assert words == ["4", "3", "2", "1", "0"] and second["next"] is None
    assert {i["connection"] for i in first["insights"]} == {here.ref}


def test_yes_is_refused_while_a_red_flag_is_open(program, owner):
    here = a_connection("Ann Flag")
    vetting.raise_flag(here, "Rude to a client", on=TODAY, by=owner)
    answer = program.post("/vetting", {"connection": here.ref, "answer": "yes", "reason": "Nice"})
    assert is_problem(answer, 422) and "red flag" in answer.json()["detail"]


def test_nobody_is_sent_where_there_is_no_yes(program):
    here = a_connection("Ann Unknown")
    assert is_problem(program.post("/gifts", {"connection": here.ref, "form": "referral"}), 422)


def test_an_ask_too_early_says_what_is_missing(program):
    here = a_connection("Ann Early")
    answer = program.post("/asks", {"connection": here.ref})
    assert is_problem(answer, 422)
    assert answer.json()["missing"] == program.get(f"/connections/{here.ref}").json()["blocked_by"] != []
    assert Ask.objects.count() == 0


def test_an_ask_in_order_is_recorded_and_answered(program):
    here = a_connection("Ann Ready", insights_=2, met=True, verdict="yes", gifts=1)
    assert program.get(f"/connections/{here.ref}").json()["blocked_by"] == []
    made = program.post("/asks", {"connection": here.ref, "channel": "meeting"})
    assert made.status_code == 201 and made.json()["answer"] == ""
    path = f"/asks/{made.json()['id']}"
    assert is_problem(program.call("PATCH", path, {"answer": "no"}), 428)
    answered = program.call("PATCH", path, {"answer": "no"}, If_Match=made["ETag"])
    assert answered.status_code == 200 and answered.json()["answer"] == "no" and answered.json()["answered_on"]
    assert is_problem(program.call("PATCH", path, {"answer": "yes"}, If_Match=made["ETag"]), 412)
    assert program.get(f"/connections/{here.ref}").json()["stage"] == "declined"
    assert is_problem(program.post("/asks", {"connection": here.ref}), 422)
