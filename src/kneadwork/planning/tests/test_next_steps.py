"""The next step of a connection: easy first, giving before asking, never against a stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneadwork.planning.plan import OUTGOING, StepFacts, next_step, playbooks, reason_words, value

ON = date(2026, 11, 23)
STREAMS = ("medical", "business", "personal", "clients")
KINDS = OUTGOING | {"gift", "promise", "review", "thanks", "insight", "vet", "reach"}
ALL_WAYS = frozenset({"post", "email", "phone"})
KEYS = sorted(
    {row["key"] for stream in STREAMS for row in playbooks()[stream]}
    | {"promise", "answer", "review", "thanks", "find_reach"}
)
day = st.dates(date(2026, 1, 1), date(2027, 1, 31))
facts_of = st.builds(
    StepFacts, stream=st.sampled_from(STREAMS),
    stage=st.sampled_from(["declined", "resting", "referring", "trusted", "met", "reached", "found"]),
    reach=st.frozensets(st.sampled_from(sorted(ALL_WAYS))), stopped=st.booleans(), retired=st.booleans(),
    flagged=st.booleans(),
    first_touch_on=st.none() | day, last_touch_on=st.none() | day, they_wrote_on=st.none() | day,
    we_wrote_on=st.none() | day, tried=st.frozensets(st.sampled_from(sorted(OUTGOING))), conversation=st.booleans(),
    sent_on=st.none() | day, trusted=st.booleans(),
    insights=st.integers(0, 3), verdict=st.sampled_from(["", "yes", "not yet", "no"]), review_on=st.none() | day,
    gifts=st.integers(0, 2), asked=st.booleans(), promise=st.none() | st.tuples(st.just("Call back"), day),
    missing=st.sampled_from([(), ("gift",), ("readiness",)]),
    postponed=st.dictionaries(st.sampled_from(KEYS), st.none() | day, max_size=4), added_on=st.just(date(2026, 1, 1)),
)  # fmt: skip


def a_doctor(**facts) -> StepFacts:
    return StepFacts(**{"stream": "medical", "stage": "found", "reach": ALL_WAYS, "added_on": ON, **facts})


def touched(days_ago: int, **facts) -> StepFacts:
    on = ON - timedelta(days=days_ago)
    return a_doctor(**{"stage": "reached", "first_touch_on": on, "last_touch_on": on, "we_wrote_on": on, **facts})


@given(facts_of)
def test_no_ask_while_something_is_missing(facts):
    step = next_step(facts, on=ON)
    assert step is None or step.kind != "ask" or not facts.missing


@given(facts_of)
def test_nobody_is_sought_out_while_a_red_flag_is_open(facts):
    step = next_step(replace(facts, flagged=True), on=ON)
    assert step is None or step.key in ("promise", "answer", "planned", "thanks")


@given(facts_of)
def test_a_stop_never_yields_a_step_towards_them(facts):
    assert next_step(replace(facts, stopped=True), on=ON) is None
    for quiet in (replace(facts, stage="resting"), replace(facts, stage="declined")):
        step = next_step(quiet, on=ON)
        assert step is None or step.key == "promise"


@given(facts_of)
def test_a_channel_is_only_proposed_where_it_is_known(facts):
    step = next_step(facts, on=ON)
    needs = {"letter": {"post"}, "email": {"email"}, "call": {"phone"}, "visit": {"post"}}
    for_all = {"meeting", "message", "ask", "thanks"}
    if step:
        assert needs.get(step.kind, facts.reach) & facts.reach or step.kind not in needs
        assert facts.reachable or step.kind not in for_all | set(needs)
        assert not facts.reachable or step.kind != "reach"


@given(facts_of)
def test_nothing_is_learned_judged_or_given_before_anybody_talked(facts):
    step = next_step(replace(facts, conversation=False), on=ON)
    assert step is None or step.kind not in ("insight", "vet", "gift")


@given(facts_of)
def test_reasons_say_only_what_is_so(facts):
    step = next_step(facts, on=ON)
    if step is None:
        return
    words = reason_words(step.reason, on=ON, facts_on=facts.last_touch_on, words="Call back")
    assert facts.trusted or "You trust them" not in words
    assert facts.conversation or not words.startswith("You have talked") and "conversation" not in words
    assert facts.first_touch_on is None or "not been in touch yet" not in words
    assert facts.first_touch_on or "It has been a while" not in words
    assert not facts.reachable or "is known" not in words
    assert facts.sent_on or "sent somebody" not in words


@given(facts_of)
def test_no_ask_before_who_sent_somebody_was_thanked(facts):
    step = next_step(replace(facts, missing=(), sent_on=ON - timedelta(days=3), we_wrote_on=None), on=ON)
    assert step is None or step.kind != "ask" or facts.postponed.get("thanks", ON) is None


@given(facts_of)
def test_a_step_that_was_refused_is_not_proposed_and_one_put_off_waits(facts):
    step = next_step(facts, on=ON)
    if step and step.key in facts.postponed:
        assert facts.postponed[step.key] is not None
        assert step.due_on >= facts.postponed[step.key]


@given(facts_of)
def test_every_step_has_a_known_kind_minutes_and_a_reason_in_words(facts):
    step = next_step(facts, on=ON)
    if step:
        assert step.kind in KINDS
        assert step.minutes > 0
        assert reason_words(step.reason, on=ON, facts_on=facts.last_touch_on, words="Call back")


@given(facts_of)
def test_nothing_of_a_client_is_asked(facts):
    step = next_step(replace(facts, stream="clients", missing=("readiness",)), on=ON)
    assert step is None or step.kind != "ask"


def test_a_stranger_gets_a_letter_first():
    assert next_step(a_doctor(), on=ON).key == "first_letter"


@pytest.mark.parametrize(("reach", "kind"), [({"email", "phone"}, "email"), ({"phone"}, "call"), ({"post"}, "letter")])
def test_without_an_address_the_first_letter_takes_the_next_way(reach, kind):
    step = next_step(a_doctor(reach=frozenset(reach)), on=ON)
    assert (step.kind, step.reason) == (kind, f"first_{kind}")


def test_a_call_follows_a_letter_without_answer_after_14_days():
    step = next_step(touched(5, tried=frozenset({"letter"})), on=ON)
    assert (step.kind, step.due_on) == ("call", ON + timedelta(days=9))
    assert "5 days ago" in reason_words(step.reason, on=ON, facts_on=ON - timedelta(days=5))


def test_any_contact_resets_the_clock():
    early, late = touched(40), replace(touched(40), last_touch_on=ON)
    assert next_step(late, on=ON).due_on - next_step(early, on=ON).due_on == timedelta(days=40)


def test_the_medical_playbook_gives_before_it_asks():
    told = touched(30, conversation=True, tried=frozenset({"letter", "call", "visit"}))
    assert next_step(told, on=ON).kind == "insight"
    assert next_step(replace(told, insights=2), on=ON).kind == "vet"
    vetted = replace(told, insights=2, verdict="yes", trusted=True, missing=("gift",))
    assert next_step(vetted, on=ON).kind == "gift"
    assert next_step(replace(vetted, gifts=1, missing=()), on=ON).kind == "ask"


def test_who_waits_for_an_answer_and_cannot_be_reached_is_looked_for():
    step = next_step(touched(9, they_wrote_on=ON, reach=frozenset()), on=ON)
    assert (step.key, step.kind) == ("answer", "reach")


@pytest.mark.parametrize("stream", ["medical", "business", "personal"])
def test_without_any_way_to_reach_them_the_step_is_to_find_one(stream):
    stranger = StepFacts(stream=stream, stage="found", reach=frozenset({"url", "fax"}), added_on=ON)
    step = next_step(stranger, on=ON)
    assert (step.key, step.kind, step.due_on) == ("find_reach", "reach", ON)
    assert next_step(replace(stranger, reach=frozenset({"phone"})), on=ON).kind == "call"
    assert next_step(replace(stranger, postponed={"find_reach": None}), on=ON) is None


def test_who_sent_somebody_is_thanked_first_and_once():
    sent = touched(
        60, conversation=True, insights=2, verdict="yes", trusted=True, gifts=1, sent_on=ON - timedelta(days=2)
    )
    step = next_step(sent, on=ON)
    assert (step.key, step.kind, step.due_on) == ("thanks", "thanks", ON - timedelta(days=2))
    assert next_step(replace(sent, we_wrote_on=ON - timedelta(days=1)), on=ON).kind == "ask"
    assert next_step(replace(sent, reach=frozenset()), on=ON).kind == "reach"


def test_a_gift_has_its_true_reason():
    known = touched(60, conversation=True, insights=2, verdict="not yet", missing=("verdict", "gift"))
    assert (next_step(known, on=ON).kind, next_step(known, on=ON).reason) == ("gift", "gift_before_trust")
    assert next_step(replace(known, verdict="yes", trusted=True), on=ON).reason == "gift"


def test_a_promise_for_later_does_not_keep_an_answer_waiting():
    both = touched(9, they_wrote_on=ON, promise=("Send the leaflet", ON + timedelta(days=30)))
    assert next_step(both, on=ON).key == "answer"
    assert next_step(replace(both, they_wrote_on=None), on=ON).key == "promise"


def test_a_promise_that_is_not_to_be_proposed_makes_room_for_the_playbook():
    step = next_step(a_doctor(promise=("Send the leaflet", ON), postponed={"promise": None}), on=ON)
    assert step.key == "first_letter"


def test_a_promise_stands_through_a_rest_but_not_through_a_stop():
    promised = a_doctor(promise=("Send the leaflet", ON))
    assert next_step(replace(promised, stage="resting"), on=ON).kind == "promise"
    assert next_step(replace(promised, stopped=True), on=ON) is None


def test_a_verdict_is_looked_at_again_on_its_day_and_not_before():
    known = touched(3, conversation=True, insights=2, verdict="yes", gifts=1, asked=True, review_on=ON)
    assert next_step(known, on=ON).key == "review"
    assert next_step(known, on=ON - timedelta(days=1)).key == "stay_in_touch"


def test_a_client_without_a_recorded_contact_gets_no_step():
    assert next_step(StepFacts(stream="clients", stage="found", reach=ALL_WAYS), on=ON) is None


@pytest.mark.parametrize("stream", STREAMS)
def test_a_playbook_is_made_of_known_words(stream):
    for row in playbooks()[stream]:
        assert row["kind"] in KINDS
        assert row["wait"] >= 0
        assert 0 < row["minutes"] <= 60
    assert len({row["key"] for row in playbooks()[stream]}) == len(playbooks()[stream])


def test_every_kind_of_step_has_a_chance_and_better_sources_are_worth_more():
    assert set(playbooks()["chances"]) == KINDS
    step = next_step(a_doctor(), on=ON)
    assert value(step.kind, 0.54) > value(step.kind, 0.18) > value(step.kind, 0.06)


@pytest.mark.parametrize(("metres", "touched", "proposed"), [(None, False, True), (5_000, False, True), (2_000_000, False, False),
                                                            (2_000_000, True, True)])  # fmt: skip
def test_a_stranger_too_far_to_send_anybody_is_not_written_to(metres, touched, proposed):
    known = {"first_touch_on": ON, "last_touch_on": ON} if touched else {}
    assert (next_step(a_doctor(distance_m=metres, **known), on=ON) is not None) is proposed
