"""The two scores: what raises them, what lowers them, and when they change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneadwork.facts.professions import all_professions
from kneadwork.planning.score import MILE_M, Row, changes_on, in_hospital, priors, reasons, score

ON = date(2026, 11, 23)
STAGES = ("declined", "resting", "referring", "trusted", "met", "reached", "found")
days = st.dates(date(2023, 1, 1), date(2027, 6, 30))
fits = st.lists(st.sampled_from(["yes", "partly", "no"]), max_size=5).map(
    lambda a: tuple(zip("abcde", a, strict=False))
)
rows = st.builds(
    Row, stream=st.sampled_from(["clients", "personal", "medical", "business"]),
    profession=st.sampled_from(["", "chiropractor", "psychiatrist", "gym"]),
    distance_m=st.none() | st.floats(0, 200_000), stage=st.sampled_from(STAGES), last_touch_on=st.none() | days,
    answered=st.booleans(), gifts=st.integers(0, 8), fit=fits,
    referrals=st.lists(days, max_size=5).map(tuple), known_since=st.none() | days,
)  # fmt: skip


@given(rows, days)
def test_one_more_referral_never_lowers_the_rate(row, day):
    more = replace(row, referrals=(*row.referrals, day))
    assert score(more, on=ON).likely >= score(row, on=ON).likely - 1e-12


def test_an_older_referral_beside_a_new_one_does_not_count_against_them():
    new = Row("medical", "chiropractor", referrals=(ON - timedelta(days=10),))
    both = replace(new, referrals=(*new.referrals, ON - timedelta(days=700)))
    assert score(both, on=ON).likely >= score(new, on=ON).likely


@given(rows, st.floats(0, 200_000), st.floats(0, 200_000))
def test_farther_is_never_likelier(row, one, other):
    near, far = sorted((one, other))
    assert score(replace(row, distance_m=far), on=ON).likely <= score(replace(row, distance_m=near), on=ON).likely


@given(rows, st.sampled_from(["partly", "no"]))
def test_a_yes_in_place_of_another_answer_raises_good(row, answer):
    before, after = (replace(row, fit=(*row.fit, ("new", a))) for a in (answer, "yes"))
    assert score(after, on=ON).good > score(before, on=ON).good


@given(rows)
def test_one_more_yes_never_lowers_good_nor_the_rank(row):
    before, after = score(row, on=ON), score(replace(row, fit=(*row.fit, ("new", "yes"))), on=ON)
    assert after.good >= (before.good or 0) - 1e-12
    assert after.rank >= before.rank - 1e-12


@given(rows)
def test_giving_and_being_answered_never_lower_the_rate(row):
    before = score(replace(row, answered=False), on=ON).likely
    after = score(replace(row, answered=True, gifts=row.gifts + 1), on=ON).likely
    assert after >= before


@given(rows, st.sampled_from(STAGES[2:]))
def test_who_declined_ranks_below_who_rests_and_both_below_the_others(row, stage):
    declined, resting, other = (score(replace(row, stage=s), on=ON).rank for s in ("declined", "resting", stage))
    assert declined <= resting <= other


@given(rows)
def test_good_stays_between_0_and_1_and_unknown_while_nobody_answered(row):
    found = score(row, on=ON)
    assert (found.good is None) == (not row.fit)
    assert found.good is None or 0 < found.good < 1
    assert found.likely > 0


@given(rows, days)
def test_a_score_stands_still_until_the_day_it_names(row, on):
    change, now = changes_on(row, on=on), score(row, on=on)
    until = change or on + timedelta(days=1500)
    assert until > on
    last = until - timedelta(days=1)
    assert [score(row, on=d) for d in (on + (last - on) / 3, on + (last - on) / 2, last)] == [now] * 3


@given(rows)
def test_the_reasons_add_up_to_what_moved_the_rate(row):
    moved = [r.effect for r in reasons(row, on=ON) if r.axis == "likely"]
    table = priors()["professions"].get(row.profession) or priors()["streams"][row.stream]
    assert sum(moved) == pytest.approx(score(row, on=ON).likely - table["a_year"], abs=0.005 * 6)


@given(rows)
def test_reasons_are_sentences_with_the_strongest_first(row):
    told = reasons(row, on=ON)
    sizes = [abs(r.effect) for r in told]
    assert sizes == sorted(sizes, reverse=True)
    assert all(r.text for r in told)


def test_of_a_stranger_of_whom_little_is_known_it_is_said_where_the_reckoning_begins():
    told = [r.text for r in reasons(Row("medical", "chiropractor"), on=ON) if r.axis == "likely"]
    assert told == ["Chiropractor: the reckoning begins with 0.90 a year, an assumption"]
    told = [r.text for r in reasons(Row("personal"), on=ON) if r.axis == "likely"]
    assert told[-1] == "People you know: the reckoning begins with 0.35 a year, an assumption"


def test_a_years_silence_counts_against_somebody_long_known():
    new = Row("medical", "chiropractor", known_since=ON)
    old = replace(new, known_since=ON - timedelta(days=365))
    assert score(old, on=ON).likely == pytest.approx(0.9 * 2 / 3)
    assert score(new, on=ON).likely == pytest.approx(0.9)
    assert "Has not sent anybody so far" in [r.text for r in reasons(old, on=ON)]


def test_a_referral_counts_for_24_months_like_the_stage():
    row = Row("medical", "chiropractor", referrals=(date(2024, 11, 24),))
    assert changes_on(row, on=date(2026, 11, 23)) == date(2026, 11, 24)
    assert score(row, on=date(2026, 11, 24)).likely == score(Row("medical", "chiropractor"), on=ON).likely


def test_distances_are_told_in_the_practices_own_unit():
    near = Row("medical", "chiropractor", distance_m=1000.0)
    assert reasons(near, on=ON, unit="km")[0].text == "1.0 km away"
    assert reasons(near, on=ON, unit="mi")[0].text == "0.6 miles away"
    assert (
        reasons(replace(near, distance_rough=True), on=ON)[0].text
        == "0.6 miles away, measured from the middle of a town or ZIP area"
    )


def test_every_profession_has_a_first_guess_marked_as_an_assumption():
    assert set(priors()["professions"]) == set(all_professions())
    assert priors()["source"] == "assumption"


@given(rows, st.sampled_from(sorted(all_professions())), st.sampled_from(sorted(all_professions())))
def test_two_thousand_miles_rank_below_seventy_whatever_the_profession(row, one, other):
    stranger = replace(row, referrals=(), fit=(), stage="found", last_touch_on=None, answered=False, gifts=0)
    near, far = (replace(stranger, profession=p, distance_m=miles * MILE_M) for p, miles in ((one, 70), (other, 2095)))
    assert score(far, on=ON).rank < score(near, on=ON).rank


@pytest.mark.parametrize("miles", [51, 70, 100, 300, 1000])
def test_beyond_fifty_miles_it_falls_and_keeps_falling(miles):
    near, far, farther = (Row("medical", "chiropractor", distance_m=m * MILE_M) for m in (50, miles, 2 * miles))
    assert score(far, on=ON).likely < score(near, on=ON).likely
    assert score(farther, on=ON).likely <= score(far, on=ON).likely / 3


def test_who_sent_people_from_far_away_still_counts():
    far = Row(
        "medical", "chiropractor", distance_m=500 * MILE_M, referrals=(ON - timedelta(days=40), ON - timedelta(days=9))
    )
    assert score(far, on=ON).likely > 0.5


@pytest.mark.parametrize(("days", "said"), [
    (0, "In touch in the last 30 days"), (30, "In touch in the last 30 days"), (31, "In touch in the last three months"),
    (90, "In touch in the last three months"), (91, "Last in touch more than three months ago"),
    (180, "Last in touch more than three months ago"), (198, "Last in touch more than half a year ago"),
    (365, "Last in touch more than half a year ago"), (366, "Not in touch for over a year"),
])  # fmt: skip
def test_how_long_ago_the_last_contact_was_is_said_truly(days, said):
    told = reasons(Row("medical", "chiropractor", last_touch_on=ON - timedelta(days=days)), on=ON)
    assert said in [r.text for r in told]


@pytest.mark.parametrize("rough", [True, False])
def test_nobody_is_said_to_be_around_the_corner_of_whom_only_the_zip_code_is_known(rough):
    told = reasons(Row("medical", "chiropractor", distance_m=0.0, distance_rough=rough), on=ON)[0].text
    assert told == ("Nearby, measured from the middle of a town or ZIP area" if rough else "Nearby")


@pytest.mark.parametrize(("texts", "hospital"), [
    (("Swedish Hospital",), True), (("", "Hospitalist"), True), (("Harbor Medical Center",), True),
    (("Hospitality Spine",), False), (("Ballard Family Practice", "Physician"), False),
])  # fmt: skip
def test_a_hospitals_doctors_are_no_family_practice(texts, hospital):
    assert in_hospital("medical", *texts) is hospital and not in_hospital("business", *texts)
    here = Row("medical", "general_physician", hospital=in_hospital("medical", *texts))
    practice = Row("medical", "general_physician")
    assert (score(here, on=ON).likely < score(practice, on=ON).likely) is hospital
    assert any("hospital" in r.text for r in reasons(here, on=ON)) is hospital
