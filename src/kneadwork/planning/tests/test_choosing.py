"""Which steps Today proposes: what is owed first, never over the minutes, the same whatever the order."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kneadwork.planning.plan import Candidate, Step, choose

ON = date(2026, 11, 23)
STREAMS = ["medical", "business", "personal", "clients"]


def a_candidate(id=1, *, key="call", minutes=10, value=0.1, stream="medical", place="", due=0) -> Candidate:
    step = Step(key, "promise" if key == "promise" else "call", ON + timedelta(days=due), minutes, key)
    return Candidate(id, f"Name {id}", stream, place, step, value)


many = st.lists(
    st.builds(
        a_candidate, st.integers(1, 40), key=st.sampled_from(["promise", "answer", "call", "visit"]),
        minutes=st.integers(1, 60), value=st.floats(0, 1), stream=st.sampled_from(STREAMS),
        place=st.sampled_from(["", "a", "b", "7"]), due=st.integers(-9, 3),
    ), max_size=20, unique_by=lambda c: c.id,
)  # fmt: skip
neglected = st.frozensets(st.sampled_from(STREAMS))


@given(many, st.integers(0, 90), neglected)
def test_never_over_the_minutes_but_for_one_smallest_step(candidates, minutes, streams):
    chosen = choose(candidates, minutes=minutes, on=ON, neglected=streams)
    if minutes and sum(c.step.minutes for c in chosen) > minutes:
        assert len(chosen) == 1
        assert all(chosen[0].step.minutes <= c.step.minutes for c in candidates if c.step.due_on <= ON)
    assert len(chosen) <= 6


@given(st.data(), many, st.integers(0, 90), neglected)
def test_the_order_of_the_candidates_does_not_matter(data, candidates, minutes, streams):
    other = data.draw(st.permutations(candidates))
    assert choose(candidates, minutes=minutes, on=ON, neglected=streams) == choose(
        other, minutes=minutes, on=ON, neglected=streams
    )


@given(many, st.integers(1, 90), neglected)
def test_one_step_per_connection_and_office_and_none_before_its_day(candidates, minutes, streams):
    chosen = choose(candidates, minutes=minutes, on=ON, neglected=streams)
    places = [c.place for c in chosen if c.place]
    assert len(set(places)) == len(places)
    assert len({c.id for c in chosen}) == len(chosen)
    assert all(c.step.due_on <= ON for c in chosen)


@given(many, st.integers(1, 90))
def test_something_is_offered_whenever_something_is_due(candidates, minutes):
    due = [c for c in candidates if c.step.due_on <= ON]
    assert bool(choose(candidates, minutes=minutes, on=ON)) == bool(due)


@given(many, neglected)
def test_in_a_holiday_only_promises_stand(candidates, streams):
    assert all(c.step.key == "promise" for c in choose(candidates, minutes=0, on=ON, neglected=streams))


def test_what_somebody_waits_for_comes_first_and_the_oldest_promise_leads():
    worth, answer = a_candidate(1, value=9.0), a_candidate(2, key="answer", value=0.0, due=-8)
    late, later = (a_candidate(n, key="promise", value=0.0, due=due) for n, due in ((3, -1), (4, -3)))
    assert [c.id for c in choose([worth, answer, late, later], minutes=60, on=ON)] == [4, 3, 2, 1]


def test_a_short_step_with_the_same_value_goes_before_a_long_one():
    assert [c.id for c in choose([a_candidate(1, minutes=20), a_candidate(2, minutes=5)], minutes=60, on=ON)] == [2, 1]


def test_a_stream_that_was_left_alone_gets_one_step():
    rest = [a_candidate(n, value=1.0) for n in range(1, 9)]
    chosen = choose([*rest, a_candidate(9, stream="personal", value=0.01)], minutes=60, on=ON, neglected={"personal"})
    assert "personal" in {c.stream for c in chosen}


def test_a_long_step_gives_way_where_three_short_ones_fit():
    coffee = a_candidate(1, minutes=45, value=9.0)
    short = [a_candidate(n, minutes=15, value=0.1) for n in (2, 3, 4)]
    assert [c.id for c in choose([coffee, *short], minutes=45, on=ON)] == [2, 3, 4]


def test_an_office_is_not_taken_for_a_connection_with_the_same_number():
    chosen = choose([a_candidate(7), a_candidate(8, place="7")], minutes=60, on=ON)
    assert {c.id for c in chosen} == {7, 8}
