"""Nobody is asked before the conditions of their stream hold (PRODUCT.md, Before an ask)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneadwork.referrals.asking_rules import AskFacts, Missing, missing_before_ask, words_for

ON = date(2026, 11, 23)
READY = AskFacts("medical", insights=2, conversation=True, trusted=True, gifts=1)
days = st.dates(ON - timedelta(days=800), ON)
facts_of = st.builds(
    AskFacts, st.sampled_from(["medical", "business", "personal", "clients"]), st.integers(0, 4), st.booleans(),
    st.booleans(), st.integers(0, 3), st.integers(0, 2), st.booleans(), st.booleans(), st.booleans(),
    st.lists(days, max_size=4).map(tuple), st.integers(0, 365), st.integers(1, 5),
)  # fmt: skip


def lacking(facts: AskFacts) -> set[Missing]:
    return set(missing_before_ask(facts, on=ON))


@pytest.mark.parametrize("stream", ["medical", "business"])
def test_a_professional_is_asked_after_two_insights_a_conversation_a_yes_and_a_gift(stream):
    stranger = AskFacts(stream)
    assert missing_before_ask(stranger, on=ON) == (
        Missing.INSIGHTS, Missing.CONVERSATION, Missing.VERDICT, Missing.GIFT,
    )  # fmt: skip
    assert missing_before_ask(replace(READY, stream=stream), on=ON) == ()


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"insights": 1}, Missing.INSIGHTS), ({"conversation": False}, Missing.CONVERSATION),
        ({"trusted": False}, Missing.VERDICT), ({"gifts": 0}, Missing.GIFT), ({"stopped": True}, Missing.STOP),
        ({"resting": True}, Missing.REST), ({"declined": True}, Missing.DECLINED),
    ],
)  # fmt: skip
def test_an_ask_waits_for_each_condition_alone(change, missing):
    assert lacking(replace(READY, **change)) == {missing}


def test_a_friend_needs_a_conversation_and_no_open_promise():
    friend = AskFacts("personal", conversation=True)
    assert lacking(friend) == set()
    assert lacking(replace(friend, open_promises=1)) == {Missing.PROMISES}
    assert lacking(replace(friend, conversation=False)) == {Missing.CONVERSATION}


@given(facts_of)
def test_no_client_is_asked_until_readiness_is_known(facts):
    assert Missing.READINESS in lacking(replace(facts, stream="clients"))


def test_the_quiet_period_ends_on_its_last_day():
    asked = replace(READY, asks=(ON - timedelta(days=89),), quiet_days=90)
    assert lacking(asked) == {Missing.QUIET}
    assert lacking(replace(asked, asks=(ON - timedelta(days=90),))) == set()


def test_the_years_maximum_counts_the_last_365_days():
    asked = replace(READY, asks=tuple(ON - timedelta(days=n) for n in (120, 240, 364)), asks_a_year=3)
    assert lacking(asked) == {Missing.YEARLY}
    assert lacking(replace(asked, asks=tuple(ON - timedelta(days=n) for n in (120, 240, 365)))) == set()


@given(facts_of)
def test_learning_talking_trusting_and_giving_never_make_more_missing(facts):
    better = replace(facts, insights=facts.insights + 1, conversation=True, trusted=True, gifts=facts.gifts + 1)
    assert lacking(better) <= lacking(facts)


@given(facts_of)
def test_a_stop_always_stands_in_the_way(facts):
    assert Missing.STOP in lacking(replace(facts, stopped=True))


def test_everything_missing_can_be_said():
    assert all(words_for(m) for m in Missing)
