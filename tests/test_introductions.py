"""Introducing two people with both asked first; through whom somebody was met; what went both ways."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kneadwork.common import undo
from kneadwork.common.models import Act
from kneadwork.network import giving, introducing, merging, vetting
from kneadwork.network.models import Gift, Introduction, IntroductionSide, Override
from kneadwork.practice.models import Role
from kneadwork.referrals import referring
from tests.builders import TODAY, a_connection, a_member
from tests.test_crossing import signed_in


@pytest.fixture
def two(practice):
    return a_connection("Kofi Osei", verdict="yes"), a_connection("Ana Ruiz", stream="business", verdict="yes")


def record(page, here, what="introductions", **given):
    return page.post(reverse("network:record", args=[here.pk, what]), given)


def test_both_are_asked_before_an_introduction_is_made(owner, two):
    meant = introducing.begin(*two, on=TODAY, words="Both look after runners", by=owner)
    first, second = meant.sides.all()
    for not_yet in (lambda: None, lambda: introducing.note(first, "agreed", on=TODAY, by=owner)):
        not_yet()
        with pytest.raises(giving.GiftRefused, match="Ask both first"):
            introducing.make(meant, on=TODAY, by=owner)
    introducing.note(second, "asked", on=TODAY, by=owner)
    introducing.note(second, "agreed", on=TODAY, by=owner)
    introducing.make(meant, on=TODAY, by=owner)
    assert {gift.connection for gift in Gift.objects.filter(form="introduction")} == set(two)
    with pytest.raises(giving.GiftRefused, match="over"):
        introducing.make(meant, on=TODAY, by=owner)


def test_who_would_rather_not_is_not_introduced(owner, two):
    meant = introducing.begin(*two, on=TODAY, by=owner)
    for side, said in zip(meant.sides.all(), ("agreed", "declined"), strict=True):
        introducing.note(side, said, on=TODAY, by=owner)
    with pytest.raises(giving.GiftRefused):
        introducing.make(meant, on=TODAY, by=owner)
    introducing.let_go(meant, on=TODAY, by=owner)
    assert not Gift.objects.exists() and introducing.begin(*two, on=TODAY, by=owner)


def test_nobody_is_introduced_twice_at_once_nor_to_themselves(owner, two):
    introducing.begin(*two, on=TODAY, by=owner)
    for pair in (two, two[::-1], (two[0], two[0])):
        with pytest.raises(giving.GiftRefused):
            introducing.begin(*pair, on=TODAY, by=owner)


def test_either_of_the_two_needs_a_yes_also_on_the_day_it_is_made(owner, two):
    stranger = a_connection("Eva Untested")
    for pair in ((two[0], stranger), (stranger, two[0])):
        with pytest.raises(vetting.NotTrusted, match="Eva Untested"):
            introducing.begin(*pair, on=TODAY, by=owner)
    meant = introducing.begin(*two, on=TODAY, by=owner)
    for side in meant.sides.all():
        introducing.note(side, "agreed", on=TODAY, by=owner)
    vetting.raise_flag(two[1], "Promises a cure", on=TODAY, by=owner)
    with pytest.raises(vetting.NotTrusted):
        introducing.make(meant, on=TODAY, by=owner)
    assert not Gift.objects.exists() and Introduction.objects.get().made_on is None


def test_what_the_owner_decided_at_the_beginning_holds_to_the_end(owner, two):
    stranger = a_connection("Eva Untested")
    meant = introducing.begin(two[0], stranger, on=TODAY, override_reason="Old friends of mine", by=owner)
    for side in meant.sides.all():
        introducing.note(side, "agreed", on=TODAY, by=owner)
    introducing.make(meant, on=TODAY, by=owner)
    assert Gift.objects.get(connection=stranger).override == Override.objects.get()
    assert Gift.objects.get(connection=two[0]).override is None


def test_the_page_finds_introduces_and_takes_back(client, owner, two):
    client.force_login(owner.user)
    here, other = two
    shown = client.get(reverse("network:introduce", args=[here.pk])).content.decode()
    assert "Ana Ruiz" in shown, "whom one trusts stands there without looking"
    assert "Ana Ruiz" in client.get(reverse("network:introduce", args=[here.pk]), {"q": "ruiz"}).content.decode()
    record(client, here, other=other.ref)
    for side in IntroductionSide.objects.all():
        record(client, here, side=side.pk, said="agreed")
    record(client, here, introduction=Introduction.objects.get().pk, said="made")
    text = client.get(reverse("network:connection", args=[here.pk])).content.decode()
    assert "Introduction to" in text and "Made" in text
    for act in Act.objects.filter(kind="introduction").order_by("-pk"):
        undo.undo(act, by=owner)
    assert not Introduction.objects.exists() and not Gift.objects.exists()


def test_the_guard_names_the_one_without_a_yes_and_lets_the_owner_decide(client, owner, two):
    client.force_login(owner.user)
    stranger = a_connection("Eva Untested")
    answer = record(client, two[0], other=stranger.ref)
    assert answer.status_code == 409 and "Eva Untested" in answer.content.decode()
    record(client, two[0], other=stranger.ref, override="They are cousins")
    assert Introduction.objects.count() == 1 and Override.objects.get().connection == stranger


def test_met_through_leads_from_one_to_the_next(client, owner, two):
    client.force_login(owner.user)
    here, other = two
    third = a_connection("Ben Osei", stream="personal")
    record(client, here, "through", other=other.ref)
    record(client, other, "through", other=third.ref)
    text = client.get(reverse("network:connection", args=[here.pk])).content.decode()
    assert text.index("Ana Ruiz") < text.index("Ben Osei")
    assert "Kofi Osei" in client.get(reverse("network:connection", args=[other.pk])).content.decode()
    record(client, third, "through", other=here.ref)
    third.refresh_from_db()
    assert third.through is None, "nobody is met through themselves, in however many steps"
    record(client, here, "through")
    here.refresh_from_db()
    assert here.through is None


def test_a_helper_is_led_to_no_client(owner, two):
    here = two[0]
    zelda = a_connection("Zelda Quagmire", stream="clients", verdict="yes")
    introducing.met_through(here, zelda, by=owner)
    introducing.met_through(zelda, two[1], by=owner)
    meant = introducing.begin(here, zelda, on=TODAY, by=owner)
    page = signed_in(a_member(owner, Role.HELPER).user)
    for one in two:
        for name in ("network:connection", "network:introduce"):
            assert "Quagmire" not in page.get(reverse(name, args=[one.pk]), {"q": "zelda"}).content.decode().replace(
                'value="zelda"', ""
            )
    assert record(page, here, other=zelda.ref).status_code == 404
    assert record(page, here, side=meant.sides.get(connection=zelda).pk, said="agreed").status_code == 404


def test_merging_keeps_the_chain_and_never_makes_a_ring(owner, two):
    here, other = two
    third, twin = a_connection("Ben Osei", stream="personal"), a_connection("Anna Ruiz", stream="business")
    introducing.met_through(third, twin, by=owner)
    introducing.met_through(other, twin, by=owner)
    introducing.met_through(twin, here, by=owner)
    merging.merge(other, twin, by=owner)
    for one in (other, third):
        one.refresh_from_db()
    assert third.through == other and other.through == here


def test_what_went_both_ways_stands_side_by_side_for_who_may_see_it(owner, two):
    here = two[0]
    giving.give(here, "information", on=TODAY, by=owner)
    referring.record(here, "June P.", on=TODAY, today=TODAY, by=owner)
    introducing.met_through(two[1], here, by=owner)
    for role, sees in ((Role.THERAPIST, True), (Role.HELPER, False)):
        text = signed_in(a_member(owner, role).user).get(reverse("network:connection", args=[here.pk])).content.decode()
        assert "Useful information" in text and "Ana Ruiz" in text and ("June P." in text) is sees
