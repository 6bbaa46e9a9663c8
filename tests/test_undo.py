"""Taking back: once, by whoever still may, however often and by whomever it is pressed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from kneadwork.common import undo
from kneadwork.common.models import Act
from kneadwork.common.tenancy import acting_in
from kneadwork.network import connections, touching, vetting
from kneadwork.network.models import Connection
from kneadwork.practice import people, setting_up
from kneadwork.practice.kinds import UNDOABLE
from kneadwork.practice.models import Practice, Role
from kneadwork.practice.rights import RIGHTS
from kneadwork.referrals import referring
from tests.builders import TODAY, a_connection, a_member, an_owner
from tests.together import at_once

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(member) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(member.user, backend=BACKEND)
    return client


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
def test_a_removal_taken_back_twice_at_once_is_taken_back_once(_round):
    owner = an_owner()
    with acting_in(owner.practice_id):
        people = [a_connection(f"Given{n} Family") for n in range(40)]
        connections.remove(people, by=owner)
        removal = Act.objects.latest("pk")
    presses = [signed_in(owner) for _n in range(2)]
    address = reverse("practice:undo", args=[removal.pk])
    answers = at_once(*[lambda client=client: client.post(address) for client in presses])
    assert [a.status_code for a in answers] == [302, 302], answers
    with acting_in(owner.practice_id):
        assert Act.objects.filter(undoes=removal).count() == 1
        assert Connection.objects.count() == len(people)
    told = " ".join(client.get("/network").content.decode() for client in presses)
    assert told.count("That was taken back already.") == 1 and told.count("Taken back.") == 1


def take_back(member, act) -> bool:
    """Whether this member's tap takes the act back."""
    signed_in(member).post(reverse("practice:undo", args=[act.pk]))
    return Act.objects.filter(undoes=act).exists()


def test_a_change_of_the_practice_itself_is_taken_back(owner):
    before = owner.practice.postal, owner.practice.latitude
    setting_up.change(owner.practice, {"postal": "10001"}, by=owner)
    undo.undo(of_kind("change practice", owner), by=owner)
    after = Practice.objects.get(pk=owner.practice_id)
    assert (after.postal, after.latitude) == before


def of_kind(kind: str, by) -> Act:
    return Act.objects.filter(kind=kind, by=by).latest("pk")


@pytest.fixture
def demoted(owner):
    """Somebody who did many things as a therapist, and is a helper now: the acts by kind."""
    member = a_member(owner, Role.THERAPIST)
    doctor, client = a_connection("Kofi Osei", by=member), a_connection("Zelda Client", stream="clients", by=member)
    vetting.raise_flag(doctor, "said something", on=TODAY, by=member)
    referring.record(doctor, "Jo", on=TODAY, today=TODAY, by=member)
    touching.log(client, "call", on=TODAY, today=TODAY, by=member)
    acts = {kind: of_kind(kind, member) for kind in ("red flag", "referral", "touch", "add")}
    connections.remove([a_connection("Yan Client", stream="clients", by=member)], by=member)
    acts["remove"] = of_kind("remove", member)
    connections.tag([doctor], "kind", by=member)
    acts["tag"] = of_kind("tag", member)
    people.change_role(member, Role.HELPER, by=owner)
    return member, acts


@pytest.mark.parametrize("kind", ["red flag", "referral", "touch", "add", "remove"])
def test_who_lost_a_right_takes_back_nothing_that_needs_it(demoted, owner, kind):
    member, acts = demoted
    assert not take_back(member, acts[kind])
    assert take_back(owner, acts[kind])


def test_who_lost_rights_takes_back_what_they_could_still_do(demoted):
    member, acts = demoted
    assert take_back(member, acts["tag"])


@pytest.mark.parametrize("role", Role.values)
def test_a_role_takes_back_only_kinds_that_it_may_do(owner, role):
    member = a_member(owner, role)
    for kind, right in UNDOABLE.items():
        act = Act(kind=kind, by=member, by_name="test", at=owner.joined_at)
        act.save()
        assert take_back(member, act) == (right in RIGHTS[role]), kind
