"""May it be told? Every purpose and recipient against the facts, with and without papers; deny by default."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneadwork.api.app import api
from kneadwork.api.tests.program import Program, is_problem
from kneadwork.common import acts
from kneadwork.facts.privacy_rules import shipped
from kneadwork.guard.disclosure import (
    ALLOWED,
    DENIED,
    PUBLIC,
    SOURCE,
    STRICTNESS,
    THE_PERSON,
    WITH_AGREEMENT,
    WITH_AUTHORIZATION,
    Agreement,
    Authorization,
    Disclosure,
    may_disclose,
)
from kneadwork.network.models import Client
from kneadwork.practice.models import Role
from tests.builders import a_connection, a_member
from tests.sampling import examples

ON = date(2026, 11, 25)
RULES = shipped()
BY_KEY = {rule.key: rule for rule in RULES.rules}
RELATIONS = [r for r in RULES.recipients if r not in (PUBLIC, THE_PERSON, SOURCE)]


def asked(purpose: str, recipient: str, **given_: str) -> Disclosure:
    """A disclosure about one client to somebody who is this to them."""
    to = recipient if recipient in (PUBLIC, THE_PERSON) else "somebody"
    relations = frozenset({recipient}) if recipient in RELATIONS else frozenset()
    return Disclosure("client", to, purpose, relations, given_)


def paper(request: Disclosure, **other) -> Authorization:
    """A paper that authorizes exactly this, for a year."""
    holds = RULES.elements | {"marketing_payment"}
    made = Authorization(request.about, request.to, request.purpose, holds, ON, ON + timedelta(365))
    return replace(made, **other)


def agreement(request: Disclosure, agreed: bool = True, on: date = ON) -> Agreement:
    return Agreement(request.about, request.to, request.purpose, agreed, on)


def case_of(rule) -> Disclosure:
    """The case that a rule is about: its condition given, what it requires named."""
    given_ = dict([rule.condition] if rule.condition else []) | dict.fromkeys(rule.requires, "RCW 1.2.3")
    return asked(rule.purpose, rule.recipient, **given_)


# The facts, rule by rule


def test_the_facts_speak_in_words_that_the_guard_knows():
    assert len(RULES.rules) == len(BY_KEY) == 77 and len(RULES.elements) == 9
    for rule in RULES.rules:
        assert rule.purpose in RULES.purposes and rule.recipient in RULES.recipients and rule.answer in STRICTNESS
        assert rule.citation and rule.note and rule.confidence in ("verified", "background")
        assert rule.condition is None or rule.condition[1] in RULES.facts_asked[rule.condition[0]]
        assert set(rule.blocked_by) <= set(RULES.facts_asked)


@pytest.mark.parametrize("key", BY_KEY)
def test_each_rule_answers_its_case_with_its_citation(key):
    rule, request = BY_KEY[key], case_of(BY_KEY[key])
    bare = may_disclose(request, [], on=ON)
    signed = may_disclose(request, [paper(request)], on=ON)
    agreed = may_disclose(request, [agreement(request)], on=ON)
    for found in (bare, signed, agreed):
        assert (found.rule, found.citation, found.confidence) == (key, rule.citation, rule.confidence)
    assert bare.allowed is (rule.answer == ALLOWED)
    assert signed.allowed is (rule.answer != DENIED)
    assert agreed.allowed is (rule.answer in (ALLOWED, WITH_AGREEMENT))
    own = "house rule" if rule.by_policy else "law"
    assert bare.basis == own
    assert signed.basis == ("authorization" if rule.answer in (WITH_AUTHORIZATION, WITH_AGREEMENT) else own)
    needs = {WITH_AUTHORIZATION: ("authorization",), WITH_AGREEMENT: ("agreement",)}
    assert bare.needs == needs.get(rule.answer, ()) and signed.needs == ()


@pytest.mark.parametrize("purpose", RULES.purposes)
@pytest.mark.parametrize("recipient", RULES.recipients)
def test_where_no_rule_is_left_it_is_denied(purpose, recipient):
    request = asked(purpose, recipient)
    found = may_disclose(request, [paper(request), agreement(request)], on=ON)
    there = [rule for rule in RULES.of(purpose, recipient) if rule.condition is None]
    if not there:
        assert (
            not found.allowed and found.rule == "deny by default" and found.basis == "house rule" and found.needs == ()
        )
    else:
        assert found.rule == there[0].key


@pytest.mark.parametrize("purpose", RULES.purposes)
@pytest.mark.parametrize("recipient", RULES.recipients)
def test_outside_hipaa_the_same_answers_hold_as_a_house_rule(purpose, recipient):
    within, outside = asked(purpose, recipient), asked(purpose, recipient, practice_is_covered_entity="false")
    before, after = may_disclose(within, [], on=ON), may_disclose(outside, [], on=ON)
    if (purpose, recipient) == ("treatment", "treating_provider"):
        assert before.allowed and not after.allowed and after.needs == ("agreement",)
        assert may_disclose(outside, [agreement(outside)], on=ON).basis == "agreement"
    else:
        assert (before.allowed, before.rule) == (after.allowed, after.rule)
    assert after.basis == "house rule"


# Who the recipient is


def test_what_is_about_no_client_is_no_disclosure():
    assert may_disclose(Disclosure("", PUBLIC, "anything"), [], on=ON).basis == "no disclosure"


def test_whoever_is_nothing_to_the_client_is_a_source_whatever_their_profession():
    found = may_disclose(Disclosure("client", "doctor", "treatment"), [], on=ON)
    assert found.rule == "treatment_referral_source" and found.needs == ("authorization",)


def test_of_several_relations_the_one_that_fits_the_purpose_counts():
    both = frozenset({"treating_provider", "friend_or_family", "payer"})
    assert may_disclose(Disclosure("c", "x", "treatment", both), [], on=ON).rule == "treatment_treating_provider"
    assert may_disclose(Disclosure("c", "x", "payment", both), [], on=ON).rule == "payment_payer"


def test_of_several_relations_none_of_which_fits_the_strictest_answer_stands():
    request = Disclosure("c", "x", "treatment", frozenset({"friend_or_family", "employer"}))
    assert may_disclose(request, [agreement(request)], on=ON).rule == "treatment_employer"
    assert may_disclose(request, [paper(request)], on=ON).allowed
    absolute = Disclosure("c", "x", "reward", frozenset({"friend_or_family", "employer"}))
    assert not may_disclose(absolute, [paper(absolute)], on=ON).allowed


def test_the_person_is_the_person_whatever_else_they_are():
    request = Disclosure("c", "x", "to_the_person", frozenset({"the_person", "employer"}))
    assert may_disclose(request, [], on=ON).allowed


# Facts of the case


def test_what_was_paid_for_in_full_is_kept_from_the_payer():
    assert may_disclose(asked("payment", "payer"), [], on=ON).allowed
    kept = asked("payment", "payer", paid_in_full_by_person="true")
    assert not may_disclose(kept, [paper(kept)], on=ON).allowed


@pytest.mark.parametrize("statute", ["", "  "])
def test_what_the_law_orders_goes_only_with_the_statute_that_orders_it(statute):
    found = may_disclose(asked("required_by_law", "lawyer", statute=statute), [], on=ON)
    assert not found.allowed and found.needs == ("statute",)
    assert may_disclose(asked("required_by_law", "lawyer", statute="RCW 1.2.3"), [], on=ON).allowed


def test_a_lawyer_with_a_court_order_is_another_case_than_one_without():
    assert not may_disclose(asked("legal", "lawyer"), [], on=ON).allowed
    assert may_disclose(asked("legal", "lawyer", process="court_order"), [], on=ON).rule == "legal_court_order"
    assert may_disclose(asked("legal", "lawyer", process="none"), [], on=ON).rule == "legal_lawyer"


# Papers


THANKS = asked("thanks_or_courtesy", SOURCE)


@pytest.mark.parametrize("element", sorted(RULES.elements))
def test_a_paper_that_lacks_a_part_authorizes_nothing(element):
    lacking = paper(THANKS, holds=RULES.elements - {element})
    assert not may_disclose(THANKS, [lacking], on=ON).allowed


@pytest.mark.parametrize("other", [
    {"about": "another client"}, {"to": "somebody else"}, {"purpose": "marketing"}, {"signed_on": ON + timedelta(1)},
    {"expires_on": ON - timedelta(1)}, {"revoked_on": ON}, {"revoked_on": ON - timedelta(1)},
])  # fmt: skip
def test_a_paper_for_somebody_or_something_else_or_not_in_force_authorizes_nothing(other):
    assert may_disclose(THANKS, [paper(THANKS)], on=ON).allowed
    assert not may_disclose(THANKS, [paper(THANKS, **other)], on=ON).allowed


def test_a_paper_holds_on_its_last_day_and_ends_at_once_when_it_is_taken_back():
    signed = paper(THANKS, expires_on=ON + timedelta(9), revoked_on=ON + timedelta(5))
    assert may_disclose(THANKS, [signed], on=ON + timedelta(4)).allowed
    assert not may_disclose(THANKS, [signed], on=ON + timedelta(5)).allowed
    assert may_disclose(THANKS, [replace(signed, revoked_on=None)], on=ON + timedelta(9)).allowed


def test_marketing_that_a_third_party_pays_for_says_so_on_the_paper():
    request = asked("marketing", THE_PERSON, third_party_pays="true")
    assert not may_disclose(request, [paper(request, holds=RULES.elements)], on=ON).allowed
    assert may_disclose(request, [paper(request)], on=ON).allowed


def test_a_no_is_final_until_a_later_yes():
    request = asked("treatment", "treating_provider", practice_is_covered_entity="false")
    yes, no = agreement(request, True, ON - timedelta(9)), agreement(request, False, ON - timedelta(5))
    assert not may_disclose(request, [no, yes], on=ON).allowed
    assert may_disclose(request, [no, yes], on=ON - timedelta(6)).allowed
    assert may_disclose(request, [no, yes, agreement(request)], on=ON).allowed
    assert not may_disclose(request, [replace(yes, on=no.on), no], on=ON).allowed


# Laws


REQUESTS = st.builds(
    Disclosure, st.just("client"), st.sampled_from(["somebody", PUBLIC, THE_PERSON]),
    st.sampled_from([*RULES.purposes, "curiosity"]), st.frozensets(st.sampled_from([*RELATIONS, SOURCE, "stranger"])),
    st.dictionaries(st.sampled_from([*RULES.facts_asked, "statute"]), st.sampled_from(
        ["", "true", "false", "x", *(v for values in RULES.facts_asked.values() for v in values)])),
)  # fmt: skip


@examples(300)
@given(REQUESTS, st.booleans(), st.sampled_from([None, True, False]))
def test_whatever_is_asked_there_is_an_answer_and_what_goes_has_a_rule(request, signed, agreed):
    papers = [paper(request)] * signed + ([agreement(request, agreed)] if agreed is not None else [])
    found = may_disclose(request, papers, on=ON)
    assert found.basis in ("law", "house rule", "authorization", "agreement") and found.citation and found.confidence
    if found.allowed:
        rule = BY_KEY[found.rule]
        assert (rule.purpose, rule.answer != DENIED, found.needs) == (request.purpose, True, ())
    if not papers:
        assert found.basis in ("law", "house rule")


@examples(300)
@given(REQUESTS)
def test_a_paper_never_makes_an_answer_stricter_and_one_for_another_purpose_changes_nothing(request):
    bare = may_disclose(request, [], on=ON)
    assert may_disclose(request, [paper(request)], on=ON).allowed >= bare.allowed
    assert may_disclose(request, [paper(request, purpose="another")], on=ON) == bare


# Command and API


@pytest.fixture
def people(owner) -> dict[str, str]:
    """A client with a connection of their own, and a doctor, by their ids."""
    own = a_connection("Zelda Quagmire", stream="clients", by=owner)
    client = Client(connection=own, name="Zelda Quagmire")
    with acts.act("client", by=owner):
        client.save()
    return {"client": client.ref, "own": own.ref, "doctor": a_connection("Amara Lindqvist", by=owner).ref}


@pytest.fixture
def command(owner, in_process):
    """`kneadwork check disclosure` with what else is said."""
    return partial(in_process, "check", "disclosure")


CASES = [
    ("doctor", "treatment", {}, "denied", "treatment_referral_source", ["authorization"]),
    ("doctor", "thanks_or_courtesy", {}, "denied", "thanks_referral_source", ["authorization"]),
    ("own", "to_the_person", {}, "allowed", "to_the_person", []),
    ("the_person", "marketing", {"third_party_pays": "false"}, "allowed", "marketing_the_person", []),
    ("the_person", "marketing", {}, "denied", "deny by default", []),
    ("public", "reward", {}, "denied", "reward_public", []),
    ("public", "thanks_or_courtesy", {"practice_is_covered_entity": "false"}, "denied", "thanks_public", ["authorization"]),
]  # fmt: skip


@pytest.mark.parametrize(("to", "purpose", "facts", "answer", "rule", "needs"), CASES)
def test_command_and_api_say_the_same_byte_for_byte(command, owner, people, to, purpose, facts, answer, rule, needs):
    named = {"to": people.get(to, to), "about": people["client"], "purpose": purpose}
    words = [w for name, value in named.items() for w in (f"--{name}", value)]
    given_ = ["--given", *(f"{name}={value}" for name, value in facts.items())] if facts else []
    status, told, complained = command(*words, *given_, "--json")
    got = Program(owner).get(f"/checks/disclosure?{urlencode(named | facts)}")
    assert (status, complained, got.status_code) == (0, "", 200) and told.strip().encode() == got.content
    document = got.json()
    assert set(document) == {"answer", "rule", "basis", "citation", "confidence", "needs", "note"}
    assert (document["answer"], document["rule"], document["needs"]) == (answer, rule, needs)


def test_the_command_takes_names_and_speaks_to_people(command, people):
    status, told, _complained = command(
        "--to", "amara lindqvist", "--about", "Zelda Quagmire", "--purpose", "treatment"
    )
    assert status == 0 and told.startswith("Answer: denied, by treatment referral source (law).")
    assert "45 CFR 164.508(a)(1) (text read)" in told and "It would need: the person's signed authorization" in told


@pytest.mark.parametrize(("change", "status"), [
    ({"--to": "Nobody Known"}, 1), ({"--about": "Amara Lindqvist"}, 1), ({"--purpose": "curiosity"}, 2),
    ({"--given": "process=prayer"}, 2), ({"--given": "weather=fine"}, 2), ({"--given": "statute="}, 2), ({"--given": "x"}, 2),
])  # fmt: skip
def test_what_is_wrong_is_refused_in_one_sentence(command, people, change, status):
    words = {"--to": "public", "--about": "Zelda Quagmire", "--purpose": "treatment"} | change
    ended, told, complained = command(*(w for pair in words.items() for w in pair))
    assert (ended, told) == (status, "") and complained and "Traceback" not in complained


def test_a_name_that_two_have_names_nobody(command, people, owner):
    other = a_connection("Amara Lindqvist", by=owner)
    status, _told, complained = command(
        "--to", "Amara Lindqvist", "--about", people["client"], "--purpose", "treatment"
    )
    assert status == 1 and other.ref in complained and people["doctor"] in complained


def test_one_fact_has_one_value(command, people):
    words = ("--to", "public", "--about", people["client"], "--purpose", "legal")
    assert command(*words, "--given", "process=none", "process=court_order")[0] == 2
    assert command(*words, "--given", "process=none", "--given", "third_party_pays=false")[0] == 0


def test_the_api_knows_every_purpose_and_fact_and_refuses_others(owner, people):
    program, about = Program(owner), people["client"]
    parameters = {
        p["name"]: p["schema"]
        for p in api.get_openapi_schema()["paths"]["/api/v1/checks/disclosure"]["get"]["parameters"]
    }
    assert tuple(parameters["purpose"]["enum"]) == RULES.purposes
    assert set(parameters) == {"to", "about", "purpose", *RULES.facts_given}
    for name, values in RULES.facts_asked.items():
        assert parameters[name]["enum"] == ["", *values] or set(values) == {"true", "false"}
    assert is_problem(program.get(f"/checks/disclosure?to=public&about={about}&purpose=curiosity"), 422)
    assert is_problem(program.get(f"/checks/disclosure?to=public&about={about}&purpose=legal&process=prayer"), 422)
    assert is_problem(program.get("/checks/disclosure?to=public&about=0000000000000&purpose=legal"), 404)
    assert is_problem(program.get(f"/checks/disclosure?to=0000000000000&about={about}&purpose=legal"), 404)


@pytest.mark.parametrize("role", Role.values)
def test_the_check_is_not_for_who_may_not_see_clients(owner, people, role):
    member = owner if role == Role.OWNER else a_member(owner, role)
    got = Program(member).get(f"/checks/disclosure?to=public&about={people['client']}&purpose=legal")
    assert got.status_code == (403 if role == Role.HELPER else 200)
