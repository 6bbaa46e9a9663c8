"""Interested in them: what a talk taught, sorted; a step said in full; open hours for colleagues; taking it slowly."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.urls import reverse

from kneadwork.common import undo
from kneadwork.common.models import Act
from kneadwork.network import connections, dropping_in, insights, resting, touching
from kneadwork.network.models import Insight, OpenHours, Standing, Touch
from kneadwork.planning import keeping, sentences
from kneadwork.planning.plan import Step
from kneadwork.practice.setting_up import today
from tests.builders import TODAY, a_connection

ADDRESS = {"line1": "1 Main St", "city": "Seattle", "region": "WA", "postal": "98107"}
TUESDAY, MONDAY = 1, 0


@pytest.fixture
def page(client, owner):
    client.force_login(owner.user)
    return client


def sentence(practice, here, kind, on):
    history = keeping.view_of(here, practice, on=on).history
    return sentences.in_a_sentence(Step(kind, kind, on, 10, ""), history, on=on)


def test_the_page_of_a_call_takes_what_was_learned(page, practice, owner):
    here = a_connection("Kofi Osei", phones=["206-555-0101"])
    shown = page.get(reverse("today:step", args=[here.pk, "call"]) + "?by=call").content.decode()
    assert shown.index("Be curious about") < shown.index('name="learned"')
    said = "Runs with her patients on Sundays\n\n- Needs: somebody patient with necks\nvalues:short plans\n"
    page.post(reverse("today:outcome", args=[here.pk, "call"]), {"outcome": "done", "channel": "call", "learned": said})
    touch = Touch.objects.get()
    found = {(i.about, i.words, i.origin, i.touch) for i in Insight.objects.all()}
    assert found == {("other", "Runs with her patients on Sundays", "call", touch), ("values", "short plans", "call", touch),
                     ("needs", "somebody patient with necks", "call", touch)}  # fmt: skip
    undo.undo(Act.objects.latest("at"), by=owner)
    assert not Insight.objects.exists() and not Touch.objects.exists()


def test_a_talk_that_taught_nothing_is_a_talk_all_the_same(page, practice):
    here = a_connection()
    page.post(
        reverse("today:outcome", args=[here.pk, "call"]), {"outcome": "missed", "channel": "call", "learned": " \n"}
    )
    assert Touch.objects.count() == 1 and not Insight.objects.exists()


def test_an_insight_says_when_and_where_it_was_learned_and_is_sorted_later(page, practice, owner):
    here = a_connection("Kofi Osei")
    touch, _act = touching.log(here, "visit", on=TODAY, today=TODAY, by=owner)
    learned = insights.learn_from(touch, "Likes short letters", by=owner)[0]
    page.post(reverse("network:record", args=[here.pk, "insights"]), {"insight": learned.pk, "about": "reached"})
    page.post(reverse("network:record", args=[here.pk, "insights"]), {"words": "Sees runners", "origin": "website"})
    text = page.get(reverse("network:connection", args=[here.pk])).content.decode()
    assert "Likes to be reached · Visit" in text and "Also · Website" in text
    with pytest.raises(insights.InsightRefused):
        insights.learn(here, "Kind", origin="a dream", on=TODAY, by=owner)


def test_a_step_is_said_in_full(practice, owner):
    here = a_connection("Kofi Osei", phones=["206-555-0101"], address=ADDRESS)
    assert sentence(practice, here, "visit", TODAY) == (
        "Today: visit Kofi Osei at 1 Main St, Seattle, WA 98107, to hear whom they help best and what they wish for the "
        "people they treat."
    )
    assert "at 206-555-0101" in sentence(practice, here, "call", TODAY)
    insights.learn(here, "Sees runners", on=TODAY, by=owner)
    assert "what has changed" in sentence(practice, here, "meeting", TODAY)
    assert sentence(practice, here, "letter", TODAY) == ""


def test_a_visit_is_due_on_a_day_when_colleagues_may_drop_in(practice, owner):
    here = a_connection("Kofi Osei", profession="gym", stream="business", address=ADDRESS)
    on = today(practice)
    touching.log(here, "letter", on=on - timedelta(days=60), today=on, by=owner)
    weekday = (on.weekday() + 2) % 7
    dropping_in.keep(here, weekday, begins=time(10), ends=time(12), ask_for="Mia", by=owner)
    kept = Standing.objects.get(connection=here)
    assert (kept.next_kind, kept.next_due) == ("visit", on + timedelta(days=2))
    assert kept.changes_on <= kept.next_due + timedelta(days=1), "missed, it is due again a week later"
    later = keeping.view_of(here, practice, on=on + timedelta(days=3))
    assert later.step.due_on == on + timedelta(days=9)
    said = sentence(practice, here, "visit", on + timedelta(days=2))
    assert "between" in said and "Ask for Mia" in said
    dropping_in.forget(here, weekday, by=owner)
    assert Standing.objects.get(connection=here).next_due <= on


def test_open_hours_are_those_of_the_whole_office(page, practice, owner):
    desk = {"organisation": "Ballard Spine", "address": ADDRESS}
    here, colleague, elsewhere = a_connection("Kofi Osei", **desk), a_connection("Ana Ruiz", **desk), a_connection()
    given = {"weekday": TUESDAY, "begins": "10:00", "ends": "11:30", "ask_for": "Mia"}
    page.post(reverse("network:record", args=[here.pk, "open-hours"]), given)
    assert {h.connection for h in OpenHours.objects.all()} == {here, colleague}
    shown = page.get(reverse("network:connection", args=[colleague.pk])).content.decode()
    assert "Tuesday between" in shown and "ask for Mia" in shown
    page.post(reverse("network:record", args=[here.pk, "open-hours"]), {"forget": TUESDAY})
    assert not OpenHours.objects.exists() and elsewhere.open_hours.count() == 0


@pytest.mark.parametrize(
    "wrong", [{"weekday": "9"}, {"weekday": "x"}, {"begins": "12:00", "ends": "10:00"}, {"begins": "noon"}]
)
def test_hours_that_cannot_be_are_refused(page, practice, wrong):
    here = a_connection()
    page.post(reverse("network:record", args=[here.pk, "open-hours"]), {"weekday": "1"} | wrong)
    assert not OpenHours.objects.exists()


def test_a_first_visit_has_a_list_of_what_to_look_at(page, practice, owner):
    here = a_connection("Kofi Osei", address=ADDRESS)
    address = reverse("today:step", args=[here.pk, "visit"]) + "?by=visit"
    assert "On a first visit" in page.get(address).content.decode()
    touching.log(here, "visit", on=TODAY, today=TODAY, by=owner)
    assert "On a first visit" not in page.get(address).content.decode()


def test_somebody_taken_slowly_waits_twice_as_long(page, practice, owner):
    here, on = a_connection("Kofi Osei", phones=["206-555-0101"]), today(practice)
    connections.add_address(here, by=owner, **ADDRESS)
    touching.log(here, "letter", on=on, today=on, by=owner)
    usual = Standing.objects.get(connection=here).next_due - on
    page.post(reverse("network:record", args=[here.pk, "pace"]), {"slowly": "1"})
    assert Standing.objects.get(connection=here).next_due - on == 2 * usual
    resting.as_usual(here, on=on, by=owner)
    assert Standing.objects.get(connection=here).next_due - on == usual
