"""Where a connection stands: the first line of PRODUCT.md's table that holds, on each day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneadwork.network.stage_rules import (
    StageFacts,
    changes_on,
    had_conversation,
    leaves_window_on,
    months_before,
    stage_of,
)

ON = date(2026, 11, 23)
DAY = timedelta(days=1)
days = st.dates(date(2023, 1, 1), date(2029, 12, 31))
rests = st.lists(st.tuples(days, st.none() | days), max_size=3)
facts_of = st.builds(
    StageFacts, st.sampled_from(["", "yes", "not yet", "no"]), st.booleans(), st.booleans(), rests,
    st.lists(days, max_size=3), st.booleans(), st.booleans(),
)  # fmt: skip
EVERYTHING = StageFacts("yes", False, True, ((ON, None),), (ON,), True, True)


def test_the_first_line_that_holds_is_the_stage():
    facts, seen = EVERYTHING, []
    for change in ({"refused_ask": False}, {"rests": ()}, {"referrals": ()}, {"verdict": ""}, {"conversation": False}):
        seen.append(stage_of(facts, on=ON))
        facts = replace(facts, **change)
    seen += [stage_of(facts, on=ON), stage_of(StageFacts(), on=ON)]
    assert seen == ["declined", "resting", "referring", "trusted", "met", "reached", "found"]


@pytest.mark.parametrize("no", [StageFacts("no"), StageFacts("yes", refused_ask=True)])
def test_a_no_of_either_side_declines(no):
    assert stage_of(no, on=ON) == "declined"


def test_an_open_red_flag_outlives_a_yes():
    assert stage_of(StageFacts("yes", open_flag=True, conversation=True), on=ON) == "met"


def test_a_rest_holds_through_its_last_day_and_without_an_end_for_good():
    resting = StageFacts(rests=((ON, ON + DAY * 3),))
    assert [stage_of(resting, on=ON + DAY * n) for n in (-1, 0, 3, 4)] == ["found", "resting", "resting", "found"]
    assert stage_of(StageFacts(rests=((ON, None),)), on=ON + DAY * 9999) == "resting"


def test_a_referral_makes_a_source_for_24_months_without_a_yes():
    facts = StageFacts(referrals=(date(2024, 11, 24),))
    assert stage_of(facts, on=date(2026, 11, 23)) == "referring"
    assert stage_of(facts, on=date(2026, 11, 24)) == "found"
    assert changes_on(facts, on=date(2026, 11, 23)) == date(2026, 11, 24)


def test_a_referral_on_a_leap_day_leaves_on_the_first_of_march():
    facts = StageFacts(referrals=(date(2024, 2, 29),))
    assert [stage_of(facts, on=d) for d in (date(2026, 2, 28), date(2026, 3, 1))] == ["referring", "found"]


def test_months_are_counted_by_the_calendar():
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 24) == date(2024, 1, 15)


@given(days)
def test_a_referral_leaves_on_the_first_day_that_no_longer_counts_it(day):
    leaves = leaves_window_on(day)
    assert months_before(leaves - DAY, 24) < day <= months_before(leaves, 24)


@given(facts_of, days)
def test_a_stage_stands_until_the_day_it_names(facts, on):
    change = changes_on(facts, on=on)
    last = change - DAY if change else on + DAY * 3000
    assert last >= on
    between = [on + (last - on) * n / 5 for n in range(6)]
    assert {stage_of(facts, on=d) for d in between} == {stage_of(facts, on=on)}


@pytest.mark.parametrize(
    ("touches", "talked"),
    [
        ([("visit", False, False)], True), ([("call", False, True)], True), ([("call", False, False)], False),
        ([("letter", False, False), ("email", True, False)], True),
        ([("letter", False, False), ("email", False, False)], False), ([("event", False, False)], False), ([], False),
    ],
)  # fmt: skip
def test_a_conversation_goes_both_ways(touches, talked):
    assert had_conversation(touches) is talked
