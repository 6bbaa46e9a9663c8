"""Today says what is so: how to reach somebody first, thanks that betray nobody, what was put off and how to take it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template import Context, Template
from django.urls import reverse

from kneadwork.common.acts import act
from kneadwork.network import giving, resting
from kneadwork.network.models import Client, Postponement, Rest, Standing, Touch
from kneadwork.planning import today as planning
from kneadwork.planning.keeping import view_of
from kneadwork.practice import setting_up
from kneadwork.practice.models import Role
from kneadwork.practice.setting_up import today
from kneadwork.referrals import referring
from kneadwork.referrals.models import Referral
from tests.builders import a_connection, a_member


@pytest.fixture
def on(owner):
    return today(owner.practice)


@pytest.fixture
def page(client, owner):
    client.force_login(owner.user)
    return client


def shown(page, name: str, *args) -> str:
    return page.get(reverse(name, args=args)).content.decode()


def actions(practice, on) -> list:
    return planning.actions(practice, on=on, minutes=90, all_streams=True)


@pytest.mark.parametrize("stream", ["medical", "business", "personal"])
def test_for_a_stranger_whom_nobody_can_reach_the_first_step_is_to_find_out_how(page, practice, on, stream):
    nora = a_connection("Nora Reach", stream=stream)
    text = shown(page, "today:page")
    assert "Find out how to reach Nora Reach" in text and f"/connections/{nora.ref}?step=reach#reach" in text
    assert "You have talked" not in text and "Note what you learned" not in text
    there = page.get(f"/connections/{nora.ref}?step=reach").content.decode()
    assert '<section class="sheet pad tight" id="reach">' in there and '<details class="more" open>' in there
    page.post(f"/connections/{nora.ref}/contacts", {"kind": "phone", "value": "206 555 0101"})
    assert [a.step.kind for a in actions(practice, on)] == ["call"]


def test_a_verdict_of_not_yet_is_not_called_trust(page, owner, on):
    a_connection(
        "Jane Roe, DC", insights_=2, met=True, verdict="not yet", on=on - timedelta(days=60), phones=["206 555 0101"]
    )
    text = shown(page, "today:page")
    assert "Give Jane Roe, DC something" in text and "You trust them" not in text


def sent(source, on, **more) -> Referral:
    return referring.record(source, "Marcus T.", on=on, today=on, by_name="test", **more)


@pytest.fixture
def source(on):
    """Somebody of whom everything is known that an ask needs."""
    made = a_connection("Kofi Osei, DPT", insights_=2, met=True, verdict="yes", gifts=1, on=on - timedelta(days=50),
                        emails=["kofi@harbor.example"])  # fmt: skip
    assert Standing.objects.get(connection=made).next_kind == "ask"
    return made


def test_who_sent_somebody_is_thanked_before_any_further_ask(page, practice, source, on):
    sent(source, on - timedelta(days=2))
    assert [(a.step.kind, a.step.key) for a in actions(practice, on)] == [("thanks", "thanks")]
    for where in (shown(page, "today:page"), shown(page, "network:list"), shown(page, "today:week"),
                  shown(page, "network:connection", source.pk)):  # fmt: skip
        assert "Ask, with directions" not in where and ("Say thanks" in where or "Thank Kofi" in where)
    text = shown(page, "today:step", source.pk, "thanks")
    assert "Marcus" not in text and "Name nobody" in text
    draft = page.get(reverse("today:step", args=[source.pk, "thanks"]) + "?by=email").content.decode()
    assert "Marcus" not in draft and "thank you for your trust" in draft
    page.post(
        reverse("today:outcome", args=[source.pk, "thanks"]), {"outcome": "done", "channel": "message", "minutes": "5"}
    )
    assert Touch.objects.filter(step="thanks", channel="message").exists()
    assert "thanks" not in [a.step.kind for a in actions(practice, on)]


def test_thanks_do_not_depend_on_whether_the_person_came(page, practice, source, on):
    referral = sent(source, on - timedelta(days=2))
    address = reverse("today:step", args=[source.pk, "thanks"]) + "?by=email"
    before = view_of(source, practice, on=on).step_all, page.get(address).context["body"]
    with act("test", by_name="test"):
        client = Client(name="Marcus T.", first_visit=on, last_visit=on, visits=4)
        client.save()
        referral.client = client
        referral.save()
    assert (view_of(source, practice, on=on).step_all, page.get(address).context["body"]) == before


def test_a_referral_known_only_from_a_booking_is_not_thanked_for(practice, source, on):
    sent(source, on - timedelta(days=2), origin="import")
    assert [a.step.kind for a in actions(practice, on)] == ["ask"]


def test_a_helper_sees_no_thanks(source, owner, on, client):
    client.force_login(a_member(owner, Role.HELPER).user)
    addresses = ["/", "/week", "/network", f"/connections/{source.ref}", f"/steps/{source.ref}/thanks/do"]
    before = [client.get(a).status_code for a in addresses]
    sent(source, on - timedelta(days=2))
    assert [client.get(a).status_code for a in addresses] == before == [200, 200, 200, 200, 404]
    assert not any("hank" in client.get(a).content.decode() for a in addresses[:4])


def test_a_gift_and_somebody_sent_count_as_being_in_touch(practice, owner, on):
    made = a_connection("Kofi Osei, DPT", met=True, on=on - timedelta(days=200))
    giving.give(made, "information", on=on - timedelta(days=100), by_name="test")
    assert Standing.objects.get(connection=made).last_touch_on == on - timedelta(days=100)
    sent(made, on - timedelta(days=20))
    view = view_of(made, practice, on=on)
    assert view.row.last_touch_on == on - timedelta(days=20)
    assert (
        view.row_open.last_touch_on == Standing.objects.get(connection=made).last_touch_on == on - timedelta(days=100)
    )


@pytest.mark.parametrize("said", ["later", "not_this_step", "not_this_person"])
def test_what_is_put_off_is_taken_back_with_one_tap(page, said):
    doctor = a_connection("Amara Lindqvist, DC", phones=["206-555-0101"])
    given = {"outcome": said, "until": "week"}
    answer = page.post(reverse("today:outcome", args=[doctor.pk, "first_letter"]), given, follow=True)
    undo = next(m.extra_tags for m in answer.context["messages"]).removeprefix("undo:")
    assert (Postponement.objects.exists(), Rest.objects.exists()) == (
        said != "not_this_person",
        said == "not_this_person",
    )
    page.post(f"/practice/undo/{undo}")
    assert not Postponement.objects.exists() and not Rest.objects.exists()


def test_what_was_put_off_stands_on_the_persons_page(page, on, practice):
    doctor = a_connection("Amara Lindqvist, DC", phones=["206-555-0101"])
    page.post(reverse("today:outcome", args=[doctor.pk, "first_letter"]), {"outcome": "later", "until": "month"})
    until = on + timedelta(days=30)
    text = shown(page, "network:connection", doctor.pk)
    assert f"Put off: Write the letter, until {until.day} {until:%B}" in text
    page.post(reverse("today:outcome", args=[doctor.pk, "call"]), {"outcome": "not_this_step"})
    assert "Not proposed any more: Call, with questions." in shown(page, "network:connection", doctor.pk)


def test_later_is_offered_from_the_nearest_day_to_the_farthest(page, owner):
    a_connection("Amara Lindqvist, DC", phones=["206-555-0101"])
    text = shown(page, "today:page")
    places = [text.index(words) for words in ("until tomorrow", "for a week", "for a month", "until a day I choose")]
    assert places == sorted(places) and "on the day beside" not in text


def test_a_weekday_says_whether_it_was_or_will_be(on):
    from django.utils import timezone

    day = timezone.localdate()
    said = Template("{% load words %}{{ a|near }} {{ b|near }} {{ c|near }} {{ d|promised }} {{ e|due }}").render(
        Context({"a": day - timedelta(days=3), "b": day + timedelta(days=3), "c": day, "d": day - timedelta(days=1),
                 "e": day - timedelta(days=90)})
    )  # fmt: skip
    before, after = (day + timedelta(days=n) for n in (-3, 3))
    assert said == f"last {before:%A} on {after:%A} today due since yesterday now"


def test_nobody_who_said_stop_is_on_today_whatever_was_promised(page, owner, on):
    priya = a_connection("Priya Nair", phones=["206-555-0101"], met=True)
    giving.promise(priya, "Send her my card", due_on=on, by=owner)
    assert "Send her my card" in page.get("/").content.decode() and "your word" in page.get("/week").content.decode()
    resting.stop(priya, on=on, how="She said so", by=owner)
    assert "Priya" not in page.get("/").content.decode() and "your word" not in page.get("/week").content.decode()
    assert "Send her my card" in page.get(f"/connections/{priya.ref}").content.decode(), "it is not forgotten either"


@pytest.mark.parametrize(("kind", "shown"), [
    ("insight", "Write down what you learned"), ("gift", "What you gave"),
    ("promise", "Promised"), ("ask", "Before you ask"),
])  # fmt: skip
def test_a_step_that_is_no_contact_leads_to_its_form(page, owner, on, kind, shown):
    here = a_connection("Ana Ruiz", met=True)
    giving.promise(here, "A card", due_on=on, by=owner)
    text = page.get(f"/connections/{here.ref}?do={kind}").content.decode()
    part = text.partition(f'id="do-{kind}"')[2]
    assert shown in part[:900]
    assert kind in ("promise", "ask") or part.startswith(" open>")


def test_an_ask_shows_the_exact_directions(page, owner):
    here = a_connection("Ana Ruiz", stream="personal", met=True, phones=["206 555 0101"])
    setting_up.change(owner.practice, {"directions": "Ring the blue door."}, by=owner)
    assert "Ring the blue door." in page.get(f"/connections/{here.ref}?do=ask").content.decode()


def test_a_connections_page_leads_to_its_next_step(page, owner, on):
    here = a_connection("Kofi Osei", met=True, insights_=2, verdict="yes", phones=["206 555 0101"])
    referring.record(here, "June P.", on=on, today=on, by=owner)
    text = page.get(f"/connections/{here.ref}").content.decode()
    assert f'<a class="button main" href="/steps/{here.ref}/thanks/do">' in text and text.count("button main") >= 1


def test_a_referral_known_from_a_file_alone_is_no_contact(page, owner, on):
    here = a_connection("Priya Nair", phones=["206 555 0101"])
    referring.record(here, "June P.", on=on, today=on, origin="import", by=owner)
    text = page.get(f"/connections/{here.ref}").content.decode()
    assert "In touch in the last 30 days" not in text and "Sent somebody, recorded within two years" in text


def test_a_refused_telephone_is_said_above_the_page_and_its_address_opens_again(page, owner):
    here = a_connection("Priya Nair")
    answer = page.post(f"/connections/{here.ref}/contacts", {"kind": "phone", "value": "12"})
    assert 'class="notice warning' in answer.content.decode() and 'value="12"' in answer.content.decode()
    assert page.get(f"/connections/{here.ref}/contacts")["Location"] == f"/connections/{here.ref}"
