"""What is kept for the list and Today equals a fresh computation, whatever happened and in whatever order."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from kneadwork.common import undo
from kneadwork.common.models import Act
from kneadwork.exchange import collecting, importing
from kneadwork.network import (
    cards,
    connections,
    dropping_in,
    giving,
    insights,
    introducing,
    merging,
    offices,
    planned,
    resting,
    searching,
    touching,
    vetting,
)
from kneadwork.network.models import Connection, Introduction, Postponement, SearchWord, Standing
from kneadwork.planning import keeping, playbooks, rules, turning
from kneadwork.planning import today as planning
from kneadwork.practice import setting_up
from kneadwork.practice.models import Practice
from kneadwork.practice.setting_up import today as day_of
from kneadwork.referrals import asking, referring
from tests.builders import TODAY, a_connection, do_jobs, judge
from tests.sampling import examples
from tests.test_imports import CARDS

DAY = timedelta(days=1)


def the_words() -> set[tuple[int, str]]:
    return set(SearchWord.objects.values_list("connection_id", "word"))


class World:
    """A practice in which things happen."""

    def __init__(self, practice, owner, folder) -> None:
        self.practice, self.owner, self.file = practice, owner, folder / "cards.vcf"
        self.file.write_text(CARDS)
        self.begun = Act.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        a_connection(phones=["206-555-0101"])
        a_connection(stream="personal", profession="", phones=["206-555-0101"])

    def do(self, what: str, number: int) -> None:
        """One thing happens to one of the connections there are."""
        everyone = list(Connection.objects.order_by("pk"))
        here = everyone[number % len(everyone)] if everyone else a_connection()
        on = TODAY - DAY * (number % 400)
        getattr(self, f"_{what}")(here, everyone, on)

    def _touch(self, here, everyone, on) -> None:
        touching.log(here, "call", on=on, today=TODAY, from_them=on.day % 2 == 0, by=self.owner)

    def _insight(self, here, everyone, on) -> None:
        insights.learn(here, "They value time", on=on, by=self.owner)

    def _fit(self, here, everyone, on) -> None:
        question = next(iter(keeping.score.priors()["fit"]))
        insights.answer_fit(here, question, "partly", on=on, by=self.owner)

    def _verdict(self, here, everyone, on) -> None:
        if not here.redflags.filter(resolved_on=None).exists():
            judge(here, ("yes", "not yet", "no")[on.day % 3], on=on, by=self.owner)

    def _check(self, here, everyone, on) -> None:
        vetting.check(here, "mother", ("yes", "partly", "no")[on.day % 3], on=on, by=self.owner)

    def _flag(self, here, everyone, on) -> None:
        vetting.raise_flag(here, "Rushed", on=on, by=self.owner)

    def _gift(self, here, everyone, on) -> None:
        form = ("information", "referral", "introduction")[on.day % 3]
        giving.give(here, form, on=on, override_reason="For the test", by=self.owner)

    def _introduce(self, here, everyone, on) -> None:
        if len(everyone) > 1 and not Introduction.objects.exists():
            introducing.begin(*everyone[:2], on=on, override_reason="For the test", by=self.owner)

    def _through(self, here, everyone, on) -> None:
        with suppress(giving.GiftRefused):  # nobody is met through themselves, in however many steps
            introducing.met_through(here, (everyone or [here])[0], by=self.owner)

    def _hours(self, here, everyone, on) -> None:
        dropping_in.keep(here, on.day % 7, by=self.owner)

    def _slow(self, here, everyone, on) -> None:
        resting.slow(here, on=on, by=self.owner)

    def _playbook(self, here, everyone, on) -> None:
        steps = [{"kind": ("visit", "call", "ask")[on.day % 3], "wait": on.day, "minutes": 5}]
        playbooks.keep(here.stream, "", steps, by=self.owner)

    def _promise(self, here, everyone, on) -> None:
        giving.promise(here, "A card", due_on=TODAY + DAY, by=self.owner)

    def _plan(self, here, everyone, on) -> None:
        if not here.stops.exists():
            planned.plan(here, "call", on=TODAY + DAY, today=TODAY, by=self.owner)

    def _card(self, here, everyone, on) -> None:
        card = cards.collect(typed={"name": here.name, "phone": "206-555-0101"}, by=self.owner)
        collecting.say_yes(card, collecting.Step("email", TODAY), on=TODAY, by=self.owner)

    def _rest(self, here, everyone, on) -> None:
        resting.rest(here, since=on, until=on + DAY * 30, by=self.owner)

    def _later(self, here, everyone, on) -> None:
        resting.postpone(here, "first_letter", until=TODAY + DAY, on=TODAY, by=self.owner)

    def _stop(self, here, everyone, on) -> None:
        resting.stop(here, on=on, how="asked", by=self.owner)

    def _referral(self, here, everyone, on) -> None:
        referring.record(here, "Somebody", on=on, today=TODAY, by=self.owner)

    def _ask(self, here, everyone, on) -> None:
        asking.record(here, "call", on=on, missing=(), by=self.owner)

    def _edit(self, here, everyone, on) -> None:
        connections.edit(here, {"name": f"Renamed {on.day}", "profession": "family_physician"}, by=self.owner)

    def _address(self, here, everyone, on) -> None:
        connections.add_address(here, by=self.owner, line1="1 Main St", city="Seattle", region="WA", postal="98107")

    def _tag(self, here, everyone, on) -> None:
        connections.tag(everyone, f"word{on.day % 3}", by=self.owner)

    def _remove(self, here, everyone, on) -> None:
        if not here.stops.exists():
            connections.remove([here], by=self.owner)

    def _merge(self, here, everyone, on) -> None:
        if len(everyone) > 1:
            merging.merge(*everyone[:2], by=self.owner)

    def _bring(self, here, everyone, on) -> None:
        importing.import_file(self.file, practice=self.practice, by=self.owner)

    def _move(self, here, everyone, on) -> None:
        setting_up.change(self.practice, {"postal": "98101" if on.day % 2 else "10001"}, by=self.owner)

    def _undo(self, here, everyone, on) -> None:
        act = (
            Act.objects.filter(undoes=None, undone_by=None, pk__gt=self.begun)
            .exclude(kind="stop")
            .order_by("-pk")
            .first()
        )
        if act is not None:
            undo.undo(act, by=self.owner)


THINGS = sorted(name[1:] for name in vars(World) if name.startswith("_") and not name.startswith("__"))
HAPPENINGS = st.lists(st.tuples(st.sampled_from(THINGS), st.integers(0, 1000)), max_size=12)


@examples(20)
@given(happenings=HAPPENINGS)
def test_kept_values_equal_a_fresh_computation_after_anything(practice, owner, tmp_path, happenings):
    with transaction.atomic():
        world = World(practice, owner, tmp_path)
        for what, number in happenings:
            world.do(what, number)
        do_jobs()
        practice.refresh_from_db()
        assert keeping.differing(practice) == []
        for one in Connection.objects.select_related("standing"):
            whole = keeping.view_of(one, practice, on=TODAY)
            assert keeping.view_of(one, practice, on=TODAY, kept=one.standing) == whole, "nothing there is passed over"
        words = the_words()
        searching.keep_words(set(Connection.objects.values_list("pk", flat=True)))
        assert the_words() == words
        everyone = dict(Connection.objects.values_list("pk", "office_key"))
        fresh = offices.keys_of(offices.desks(everyone))
        assert everyone == {pk: fresh.get(pk, "") for pk in everyone}
        transaction.set_rollback(True)


def test_a_practice_that_moves_is_as_far_from_everyone_as_it_is(practice, owner, monkeypatch):
    monkeypatch.setattr(turning, "AT_ONCE", 2)
    for _number in range(5):
        connections.add_address(a_connection(), by=owner, line1="1 Main St", postal="98107")
    near = set(Standing.objects.values_list("distance_m", flat=True))
    setting_up.change(practice, {"postal": "10001", "city": "New York", "region": "NY"}, by=owner)
    do_jobs()
    far = set(Standing.objects.values_list("distance_m", flat=True))
    assert min(far) > 3_000_000 > max(near)
    assert keeping.differing(practice) == []


def test_a_row_that_was_not_kept_true_is_found(practice):
    wrong = a_connection()
    Standing.objects.filter(connection=wrong).update(stage="trusted")
    assert keeping.differing(practice) == [wrong.pk]


@pytest.mark.parametrize("days", [31, 400])
def test_when_days_pass_what_depends_on_them_is_computed_anew(practice, owner, monkeypatch, days):
    resting.rest(a_connection(met=True), since=TODAY, until=TODAY + DAY * 20, by=owner)
    resting.postpone(a_connection(), "first_letter", until=TODAY + DAY * 10, on=TODAY, by=owner)
    later = TODAY + DAY * days
    for module in (keeping, turning):
        monkeypatch.setattr(module, "today", lambda practice: later)
    while turning.turn(later):
        pass
    assert Postponement.objects.count() == 1
    for row in Standing.objects.all():
        view = keeping.views([row.connection_id], practice, on=later)[row.connection_id]
        fresh = keeping.compute(view, on=later) | {"as_of": row.as_of}
        assert {name: getattr(row, name) for name in fresh} == fresh


def proposed(practice, on) -> list[tuple[str, str, float]]:
    practice.refresh_from_db()
    found = planning.actions(practice, on=on, minutes=600, all_streams=True)
    return [(a.id, a.reason, a.value) for a in found]


@examples(10)
@given(happenings=HAPPENINGS, days=st.integers(1, 500))
def test_today_asked_for_a_later_day_says_what_it_will_say_on_that_day(practice, owner, tmp_path, happenings, days):
    with transaction.atomic():
        world = World(practice, owner, tmp_path)
        for what, number in happenings:
            world.do(what, number)
        do_jobs()
        later = day_of(practice) + DAY * days
        before = proposed(practice, later)
        with time_machine.travel(datetime.combine(later, time(20), UTC), tick=False):
            while turning.turn(later):
                pass
            assert proposed(practice, later) == before
        transaction.set_rollback(True)


def test_a_rest_that_ends_by_then_is_over_in_what_today_says_of_that_day(practice, owner):
    here, on = a_connection(phones=["206-555-0101"], on=TODAY), day_of(practice)
    resting.rest(here, since=on, until=on + DAY * 10, by=owner)
    assert proposed(practice, on + DAY * 5) == []
    assert [one for one, _why, _value in proposed(practice, on + DAY * 20)] == [f"{here.ref}-first_letter"]


def test_a_newer_version_with_other_rules_computes_anew_by_itself(practice, owner, monkeypatch):
    monkeypatch.setattr(turning, "AT_ONCE", 2)
    for _number in range(5):
        here = a_connection()
    right = Standing.objects.values_list("likely", flat=True).get(connection=here)
    rules.follow()
    assert rules.follow() == 0, "the rules of this version are followed already"
    Standing.objects.update(likely=-1)
    Practice.objects.update(rules="of an older version")
    assert rules.follow() == 1
    do_jobs()
    assert not Standing.objects.filter(likely=-1).exists()
    assert Standing.objects.values_list("likely", flat=True).get(connection=here) == right
