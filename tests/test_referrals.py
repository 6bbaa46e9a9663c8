"""Referrals in, as they are noted: one tap for a known source, a choice where the name leaves a doubt, nobody made twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from kneadwork.common import undo
from kneadwork.common.models import Act
from kneadwork.network.models import Connection
from kneadwork.referrals import referring
from kneadwork.referrals.models import Referral
from tests.browser import axe
from tests.builders import TODAY, a_connection, an_owner

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def note(client, owner):
    """Send the form; answers the page."""
    client.force_login(owner.user, backend=BACKEND)

    def send(person: str, source: str, **more):
        given = {"person": person, "source": source, "on": "2026-11-01"} | more
        return client.post(reverse("referrals:list"), given, follow=True)

    return send


@pytest.mark.django_db
def test_the_only_one_of_that_name_is_taken(note, owner):
    susan = a_connection("Susan van der Berg")
    a_connection("Susan Other")
    note("Jane Q.", "susan VAN der Berg")
    referral = Referral.objects.get()
    assert referral.connection == susan and str(referral.on) == "2026-11-01" and Connection.objects.count() == 2


@pytest.mark.django_db
def test_a_part_of_a_name_is_asked_about_before_anybody_is_made(note, owner):
    susan = a_connection("Dr. Susan van der Berg-Lee", insights_=1)
    a_connection("Ana Ruiz", note="knows Susan well")
    page = note("Jane Q.", "Susan")
    assert [c.name for c in page.context["choices"]] == ["Dr. Susan van der Berg-Lee"] and not Referral.objects.exists()
    note("Jane Q.", "Susan", who=susan.ref)
    assert Referral.objects.get().connection == susan
    note("Ben O.", "Susan", who="new")
    assert Referral.objects.latest("pk").connection.name == "Susan"


@pytest.mark.django_db
def test_two_of_the_same_name_are_both_offered(note, owner):
    first, second = a_connection("John Smith"), a_connection("John Smith", profession="physical_therapist")
    assert set(note("Jane Q.", "John Smith").context["choices"]) == {first, second} and not Referral.objects.exists()


@pytest.mark.django_db
def test_somebody_unknown_is_made_in_the_same_act(note, owner):
    note("Jane Q.", "Nora Unknown")
    undo.undo(Act.objects.filter(kind="referral").latest("pk"), by=owner)
    assert not Connection.objects.exists() and not Referral.objects.exists()


@pytest.mark.django_db
def test_a_day_to_come_is_refused_and_nothing_typed_is_lost(note, owner, time_machine):
    time_machine.move_to(f"{TODAY} 20:00:00+00:00", tick=False)
    page = note("Jane Q.", "Susan", on=str(TODAY + timedelta(days=2))).content.decode()
    assert "still to come" in page and 'value="Jane Q."' in page and not Referral.objects.exists()


@pytest.mark.django_db
def test_one_noted_by_mistake_is_taken_away_and_comes_back(note, client, owner):
    a_connection("Susan Berg")
    note("Jane Q.", "Susan Berg")
    client.post(reverse("referrals:remove", args=[Referral.objects.get().pk]))
    assert not Referral.objects.exists()
    undo.undo(Act.objects.filter(kind="referral").latest("pk"), by=owner)
    assert Referral.objects.get().person == "Jane Q."


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("javascript", [True, False])
def test_on_a_phone(page_at, javascript):
    from kneadwork.common.tenancy import acting_in

    member = an_owner()
    with acting_in(member.practice_id):
        a_connection("Dr. Susan Berg")
    page = page_at(390, member=member, javascript=javascript)
    page.goto("/referrals")
    page.get_by_label("Who was sent?").fill("Jane Q.")
    page.get_by_label("Who sent them?").fill("Susan")
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("Which “Susan” sent them?").wait_for()
    if javascript:
        axe(page)
    page.get_by_label("Dr. Susan Berg").check()
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("Noted: sent by Dr. Susan Berg").wait_for()


def test_nobody_sends_themselves(practice):
    ana = a_connection("Ana Ruiz, DC")
    with pytest.raises(referring.ReferralRefused, match="Nobody sends themselves"):
        referring.record(ana, "ana ruiz", on=TODAY, today=TODAY, by_name="test")
    assert referring.record(ana, "Ana", on=TODAY, today=TODAY, by_name="test")


@pytest.mark.django_db
def test_all_referrals_can_be_reached_from_the_newest_to_the_first(client, owner):
    here = a_connection("Kofi Osei")
    for number in range(60):
        person, on = f"Person no. {number:02}", TODAY - timedelta(days=number // 3)
        referring.record(here, person, on=on, today=TODAY, by=owner)
    client.force_login(owner.user, backend=BACKEND)
    address, seen = reverse("referrals:list"), []
    while address:
        page = client.get(address)
        seen += [referral.person for referral in page.context["newest"].rows]
        earlier = page.context["newest"].earlier
        address = f"{reverse('referrals:list')}?before={earlier}" if earlier else ""
    assert len(seen) == 60 and sorted(seen) == [f"Person no. {number:02}" for number in range(60)]
    assert b"Person no. 00" in client.get(reverse("referrals:list") + "?before=nonsense").content
