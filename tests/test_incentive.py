"""May a reward be given for a referral? The law's words place by place, the laws of the check itself, command and API."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneadwork.api.tests.program import Program, is_problem
from kneadwork.facts.referral_rules import FEDERAL, Jurisdiction, Rules, Statute, shipped
from kneadwork.guard import incentive
from kneadwork.guard.incentive import Advice, may_be_turned_on
from kneadwork.guard.incentive_rules import FEDERAL_PAYERS, INSURERS, OWN_MONEY, PAYERS, Kind, Provider, Reward
from kneadwork.practice.models import Role
from tests.builders import a_member
from tests.sampling import examples

CHECKED = date(2026, 11, 23)
ORDER = {answer: place for place, answer in enumerate(shipped().strictness)}
PLACES = sorted(shipped().jurisdictions)
SUBSETS = st.frozensets(st.sampled_from(PAYERS))


def reward(
    place: str, *payers: str, kind: Kind = Kind.COUPON, value: int | str = 20, provider=Provider.UNSURE
) -> Reward:
    return Reward(place, kind, Decimal(value), provider, frozenset(payers))


def answer(place: str, *payers: str, **given_) -> str:
    return incentive.check(reward(place, *payers, **given_), on=CHECKED).answer


def said(place: str, *payers: str, on: date = CHECKED, **given_) -> str:
    return " ".join(incentive.check(reward(place, *payers, **given_), on=on).reasons)


def would(place: str, *payers: str, **given_) -> str:
    return " ".join(incentive.check(reward(place, *payers, **given_), on=CHECKED).would_change)


def cited(place: str, *payers: str) -> list[str]:
    return [c.citation for c in incentive.check(reward(place, *payers), on=CHECKED).citations]


# Place by place


#: What holds where clients pay themselves, where an insurer pays too, and where nobody is named (a programme may pay).
EXPECTED = {
    "AK": "restricted", "AL": "unclear", "AR": "unclear", "AZ": "unclear", "CA": "restricted", "CO": "unclear",
    "CT": "unclear", "DC": "prohibited", "DE": "unclear", "FL": "prohibited", "GA": "unclear", "HI": "unclear",
    "IA": "unclear", "ID": "unclear", "IL": "unclear", "IN": "unclear", "KS": "unclear", "KY": "unclear", "LA": "unclear",
    "MA": "unclear", "MD": "prohibited", "ME": "unclear", "MI": "restricted", "MN": "restricted", "MO": "unclear",
    "MS": "unclear", "MT": "unclear", "NC": "restricted", "ND": "no_known_rule", "NE": "restricted", "NH": "unclear",
    "NJ": "unclear", "NM": "unclear", "NV": "unclear", "NY": "prohibited", "OH": "unclear", "OK": "restricted",
    "OR": "unclear", "PA": "restricted", "RI": "restricted", "SC": "restricted", "SD": "no_known_rule", "TN": "unclear",
    "TX": "restricted", "US": "unclear", "UT": "unclear", "VA": "unclear", "VT": "no_known_rule", "WA": "restricted",
    "WI": "unclear", "WV": "unclear", "WY": "unclear",
}  # fmt: skip
STRICTER_WITH_AN_INSURER = {"GA", "ID", "IL", "MA", "NJ", "OH", "UT"}


@pytest.mark.parametrize("place", PLACES)
def test_where_clients_pay_themselves(place):
    assert answer(place, "cash") == answer(place, "hsa_fsa") == EXPECTED[place]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("payer", sorted(INSURERS))
def test_where_an_insurer_pays(place, payer):
    expected = "restricted" if place in STRICTER_WITH_AN_INSURER else EXPECTED[place]
    assert answer(place, payer) == answer(place, payer, "cash") == expected


@pytest.mark.parametrize("place", [*PLACES, "PR", "Atlantis"])
@pytest.mark.parametrize("payer", sorted(FEDERAL_PAYERS))
def test_for_a_federal_programme_that_is_named_it_is_prohibited(place, payer):
    assert answer(place, payer) == answer(place, payer, "cash", kind=Kind.GIFT, value=1) == "prohibited"
    assert "42 U.S.C. 1320a-7b(b)" in cited(place, payer)


@pytest.mark.parametrize("place", PLACES)
def test_where_no_payer_is_named_all_of_them_count_the_federal_programmes_too(place):
    assert answer(place) == ("prohibited" if EXPECTED[place] == "prohibited" else "restricted")
    assert "42 U.S.C. 1320a-7b(b)" in cited(place) and "No payers are named" in said(place)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("payers", [(), ("cash",), ("auto",), ("medicaid",)])
def test_each_answer_has_a_citation_with_its_day_or_is_honestly_unclear(place, payers):
    found = incentive.check(reward(place, *payers), on=CHECKED)
    if not found.citations:
        assert found.answer == "unclear" and not shipped().jurisdictions[place].statutes
    assert all(c.checked_on == CHECKED and c.confidence == "verified" for c in found.citations)
    assert found.reasons and found.alternatives and found.would_change and "not legal advice" in found.notice


def test_a_place_that_the_facts_do_not_know_is_unclear():
    assert answer("PR", "cash") == "unclear" and answer("PR") == "restricted"
    assert "nothing is known here" in said("PR", "cash") and cited("PR", "cash") == []


# Which rules count


def test_a_rule_for_insurers_counts_only_where_one_pays():
    assert "N.J.S.A. 2C:21-22.1" in cited("NJ", "auto") and answer("NJ", "auto") == "restricted"
    assert answer("NJ", "cash") == "unclear" and "does not hold for the payers that are named" in said("NJ", "cash")
    assert "If an insurer paid for anybody concerned, the answer would be: restricted." in would("NJ", "cash")


def test_a_rule_for_medicaid_counts_where_a_programme_pays():
    assert "MCL 400.604" in cited("MI", "medicaid") and "MCL 400.604" not in cited("MI", "cash")


def test_a_rule_of_the_licensing_board_counts_whoever_pays():
    assert cited("NY", "cash") == ["8 NYCRR 29.1(b)(3)"] == cited("NY", "auto")


def test_words_that_do_not_reach_clients_do_not_count_but_are_told_where_nothing_else_is():
    assert "RCW 18.108.085" not in cited("WA", "cash")
    assert cited("ND", "cash") == ["N.D.C.C. 43-25-10"]
    assert "do not cover a reward to a client" in said("ND", "cash")


def test_the_federal_part_alone():
    assert answer(FEDERAL) == "restricted" and answer(FEDERAL, "va") == "prohibited"
    assert answer(FEDERAL, "cash") == "unclear" and "The law of a state may be stricter" in said(FEDERAL, "cash")
    assert all(c.startswith(("42 ", "OIG ")) for c in cited(FEDERAL))


def test_the_strictest_answer_stands():
    assert answer("ND", "cash") == "no_known_rule" and answer("ND", "cash", "tricare") == "prohibited"
    assert answer("FL") == "prohibited"  # the federal part alone would be restricted


# What is said beside the rules


def test_of_a_two_sided_reward_the_newcomers_side_is_judged_too():
    both = said("NY", "cash", kind=Kind.TWO_SIDED)
    assert "The newcomer's side is judged too" in both and "prohibited" in both
    assert "newcomer's side" not in said("NY", "cash", kind=Kind.COUPON)


def test_small_gifts_are_told_but_allow_nothing():
    assert "within the 15 USD each" in said("ND", kind=Kind.GIFT, value=15)
    assert "above the 15 USD" in said("ND", kind=Kind.GIFT, value="15.01")
    assert "Cash is never a gift of nominal value" in said("ND", kind=Kind.CASH, value=1)
    assert "nominal value" not in said("ND", "cash", kind=Kind.GIFT, value=1)
    assert answer("ND", "medicare", kind=Kind.GIFT, value=1) == "prohibited"


@pytest.mark.parametrize("place", [*PLACES, "PR"])
def test_what_the_therapist_says_of_being_a_provider_changes_reasons_and_not_the_answer(place):
    found = [incentive.check(reward(place, "cash", provider=p), on=CHECKED) for p in Provider]
    assert len({f.answer for f in found}) == 1
    assert len({f.reasons for f in found}) == len({f.would_change for f in found}) == len(Provider)
    assert incentive.check(reward(place, "cash"), on=CHECKED) == found[list(Provider).index(Provider.UNSURE)]


def test_a_no_is_not_taken_where_the_law_says_that_therapists_are_providers():
    assert "Florida counts massage therapists among them" in said("FL", "cash", provider=Provider.NO)
    assert "is for a lawyer to say" in said("TX", "cash", provider=Provider.NO)


def test_what_was_never_looked_up_is_said_to_be_unverified():
    assert "New Hampshire: not verified." in said("NH", "cash") and "not verified" not in said("WA", "cash")


def test_a_rule_that_was_checked_long_ago_says_so():
    assert "more than a year ago" not in said("WA", on=CHECKED + timedelta(days=365))
    aged = said("WA", on=CHECKED + timedelta(days=366))
    assert "Washington: last checked on 2026-11-23, more than a year ago" in aged and "Federal: last checked" in aged


def test_a_reward_that_might_be_allowed_hangs_on_the_mention_and_never_on_coming():
    assert "never from whether the person came" in said("ND", "cash")
    assert "never from whether the person came" not in said("FL", "cash")


# Turning one on


def test_what_is_prohibited_cannot_be_turned_on_whatever_was_advised():
    found = incentive.check(reward("FL", "cash"), on=CHECKED)
    assert not may_be_turned_on(found, Advice("Dana Reed, attorney", "FL", CHECKED), on=CHECKED)


@pytest.mark.parametrize("place", ["WA", "NH"])
def test_what_is_restricted_or_unclear_waits_for_advice_for_that_place(place):
    found = incentive.check(reward(place, "cash"), on=CHECKED)
    advice = Advice("Dana Reed, attorney", place, CHECKED)
    assert may_be_turned_on(found, advice, on=CHECKED)
    for lacking in (
        None,
        replace(advice, whose=" "),
        replace(advice, place="OR"),
        replace(advice, on=CHECKED + timedelta(1)),
    ):
        assert not may_be_turned_on(found, lacking, on=CHECKED)


def test_where_no_rule_is_known_the_owner_may_turn_it_on_and_an_unknown_answer_never_is():
    found = incentive.check(reward("ND", "cash"), on=CHECKED)
    assert may_be_turned_on(found, None, on=CHECKED)
    assert not may_be_turned_on(replace(found, answer="fine"), Advice("Dana Reed", "ND", CHECKED), on=CHECKED)


# Laws of the check, over the shipped facts and over made-up ones


STATUTES = st.builds(
    Statute, st.text("ABC 123", min_size=1), st.just("A title"),
    st.sampled_from(["all_payer", "licensee", "medicare_medicaid", "insurer", "of a newer kind"]),
    st.sampled_from(["yes", "no", "unclear"]), st.just("A note."),
)  # fmt: skip


def entries(code: str) -> st.SearchStrategy[Jurisdiction]:
    return st.builds(
        Jurisdiction, st.just(code), st.just(f"The land of {code}"), st.sampled_from(["yes", "no", "unclear"]),
        st.lists(STATUTES, max_size=3).map(tuple), st.sampled_from([*ORDER, "a newer stance"]),
        st.sampled_from(["verified", "background"]), st.just(CHECKED),
    )  # fmt: skip


MADE_UP = st.tuples(entries("WA"), entries(FEDERAL)).map(lambda two: Rules({e.code: e for e in two}, tuple(ORDER)))
RULES = st.one_of(st.just(shipped()), MADE_UP)
REWARDS = st.builds(
    Reward, st.sampled_from([*PLACES, *["WA"] * 20, "PR"]), st.sampled_from(list(Kind)),
    st.decimals(0, 999_999, places=2), st.sampled_from(list(Provider)), SUBSETS,
)  # fmt: skip
#: From what is least like cash to cash itself.
CASH_LIKE = [Kind.GIFT, Kind.EXTRA_TIME, Kind.COUPON, Kind.TWO_SIDED, Kind.CASH]
#: From one's own money to a federal programme.
FEDERAL_LIKE = [*sorted(OWN_MONEY), *sorted(INSURERS), *sorted(FEDERAL_PAYERS)]


def strictness(asked: Reward, rules: Rules) -> int:
    return ORDER[incentive.check(asked, on=CHECKED, rules=rules).answer]


@examples(200)
@given(REWARDS, RULES, st.decimals(0, 999_999, places=2))
def test_a_larger_reward_is_never_judged_more_leniently(asked, rules, more):
    assert strictness(replace(asked, value=asked.value + more), rules) >= strictness(asked, rules)


@examples(200)
@given(REWARDS, RULES, st.sampled_from(CASH_LIKE))
def test_a_reward_more_like_cash_is_never_judged_more_leniently(asked, rules, kind):
    less, more = sorted((asked.kind, kind), key=CASH_LIKE.index)
    assert strictness(replace(asked, kind=more), rules) >= strictness(replace(asked, kind=less), rules)


@examples(300)
@given(REWARDS, RULES, st.sampled_from(PAYERS), st.sampled_from(PAYERS))
def test_a_payer_more_federal_is_never_judged_more_leniently(asked, rules, one, other):
    groups = (OWN_MONEY, INSURERS, FEDERAL_PAYERS)
    less, more = sorted((one, other), key=lambda p: next(n for n, g in enumerate(groups) if p in g))
    before = replace(asked, payers=asked.payers | {less})
    if less in OWN_MONEY or more in FEDERAL_PAYERS:
        assert strictness(replace(asked, payers=asked.payers | {more}), rules) >= strictness(before, rules)
    assert strictness(replace(before, payers=before.payers | {more}), rules) >= strictness(before, rules)


@examples(200)
@given(REWARDS, RULES, st.sampled_from(sorted(FEDERAL_PAYERS)))
def test_naming_a_federal_programme_is_never_more_lenient_even_than_naming_nobody(asked, rules, payer):
    assert strictness(replace(asked, payers=asked.payers | {payer}), rules) >= strictness(asked, rules)


@examples(200)
@given(REWARDS, RULES, st.sampled_from(list(Provider)))
def test_being_a_provider_or_not_moves_no_answer(asked, rules, provider):
    assert strictness(replace(asked, provider=provider), rules) == strictness(asked, rules)


@examples(200)
@given(REWARDS, RULES)
def test_a_payer_that_nobody_knows_is_judged_as_if_anybody_might_pay(asked, rules):
    unknown = replace(asked, payers=asked.payers | {"a new programme"})
    assert strictness(unknown, rules) >= strictness(replace(asked, payers=frozenset()), rules)
    assert strictness(unknown, rules) >= strictness(asked, rules)


@examples(200)
@given(REWARDS, RULES)
def test_no_citation_is_invented_and_an_allowance_is_never_made_of_nothing(asked, rules):
    found = incentive.check(asked, on=CHECKED, rules=rules)
    there = {(s.citation, s.title, e.confidence) for e in rules.jurisdictions.values() for s in e.statutes}
    assert {(c.citation, c.title, c.confidence) for c in found.citations} <= there
    entry = rules.jurisdictions.get(asked.place)
    if found.answer == "no_known_rule":
        assert entry is not None and entry.stance == "no_known_rule"


@examples(100)
@given(REWARDS, RULES)
def test_what_would_change_the_answer_is_what_the_check_then_answers(asked, rules):
    found = incentive.check(asked, on=CHECKED, rules=rules)
    own = incentive.check(replace(asked, payers=OWN_MONEY), on=CHECKED, rules=rules).answer
    told = [w for w in found.would_change if w.startswith("If only clients were concerned")]
    assert len(told) == (own != found.answer)
    assert all(own.replace("_", " ") in words for words in told)


# Command and API


SHAPE = {"answer", "reasons", "citations", "alternatives", "would_change"}


@pytest.fixture
def command(db, in_process):
    """`kneadwork check incentive` with what else is said."""
    return partial(in_process, "check", "incentive")


@pytest.mark.parametrize("place", [*PLACES, "PR"])
def test_command_and_api_say_the_same_byte_for_byte(command, owner, place):
    asked = {"state": place, "kind": "two_sided", "value": "12.50", "provider": "no", "payers": "cash,auto"}
    status, told, complained = command(*(w for n, v in asked.items() for w in (f"--{n}", v)), "--json")
    got = Program(owner).get(f"/checks/incentive?{urlencode(asked)}")
    assert (status, complained, got.status_code) == (0, "", 200)
    assert told.strip().encode() == got.content
    document = json.loads(told)
    assert set(document) == SHAPE | {"notice"}
    assert all(set(c) == {"citation", "title", "checked_on", "confidence"} for c in document["citations"])


def test_what_may_be_left_out_means_anybody_pays_and_unsure(command, owner):
    least = {"state": "wa", "kind": "gift", "value": "0"}
    _status, told, _complained = command(*(w for n, v in least.items() for w in (f"--{n}", v)), "--json")
    full = {**least, "state": "WA", "provider": "unsure", "payers": ""}
    assert command(*(f"--{n}={v}" for n, v in full.items()), "--json")[1] == told
    assert told.strip().encode() == Program(owner).get(f"/checks/incentive?{urlencode(full)}").content


def test_the_command_speaks_to_people_too(command):
    status, told, _complained = command("--state", "NH", "--kind", "coupon", "--value", "10", "--payers", "cash")
    assert status == 0 and told.startswith("Answer: unclear. This is not legal advice.")
    assert "None: no rule of this place is known here." in told and "What you can do instead" in told
    _status, told, _complained = command("--state", "md", "--kind", "cash", "--value", "10")
    assert told.startswith("Answer: prohibited.")
    assert (
        "COMAR 10.65.03.04B(2), Massage Therapy Code of Ethics: relationship with client (text read, checked on 2026-11-23)"
        in told
    )


WRONG = {"state": ["", "XX", "Washington"], "kind": ["", "cheque"], "value": ["", "-5", "nan", "inf", "12.345", "1000000"],
         "provider": ["maybe"], "payers": ["gold", "cash,", "cash auto"]}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in WRONG.items() for v in values])
def test_what_is_wrong_is_refused_in_words_by_both(command, owner, name, value):
    asked = {"state": "WA", "kind": "gift", "value": "10", name: value}
    status, told, complained = command(*(f"--{n}={v}" for n, v in asked.items()))
    assert status == 2 and told == "" and f"--{name}" in complained
    got = Program(owner).get(f"/checks/incentive?{urlencode(asked)}")
    assert is_problem(got, 422)


@pytest.mark.parametrize("missing", ["state", "kind", "value"])
def test_what_must_be_said_is_asked_for(command, owner, missing):
    asked = {n: v for n, v in {"state": "WA", "kind": "gift", "value": "10"}.items() if n != missing}
    assert command(*(f"--{n}={v}" for n, v in asked.items()))[0] == 2
    assert is_problem(Program(owner).get(f"/checks/incentive?{urlencode(asked)}"), 422)


@pytest.mark.parametrize("role", Role.values)
def test_the_check_is_for_those_who_run_the_practice(owner, role):
    member = owner if role == Role.OWNER else a_member(owner, role)
    got = Program(member).get("/checks/incentive?state=WA&kind=gift&value=10")
    assert got.status_code == (200 if role in (Role.OWNER, Role.THERAPIST) else 403)
