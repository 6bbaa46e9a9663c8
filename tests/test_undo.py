"""Taking back: once, by whoever still may, however often and by whomever it is pressed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from kneadwork.common.models import Act
from kneadwork.common.tenancy import acting_in
from kneadwork.network import connections
from kneadwork.network.models import Connection
from tests.builders import a_connection, an_owner
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
