"""A connection's own details, corrected in place; each correction can be taken back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kneadwork.common import undo
from kneadwork.common.models import Act
from kneadwork.network import connections
from kneadwork.network.models import Address, ContactPoint
from tests.builders import a_connection


@pytest.fixture
def person(owner):
    """Somebody with two telephones and an address."""
    made = a_connection("Ana Ruiz", phones=["206 555 0101", "206 555 0102"])
    connections.add_address(made, line1="1 Main St", city="Seattle", region="WA", postal="98107", by=owner)
    return made


@pytest.fixture
def record(client, owner, person):
    """Post one of the small forms of the edit page."""
    client.force_login(owner.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return lambda what, **given: client.post(reverse("network:record", args=[person.pk, what]), given)


def test_a_wrong_telephone_is_removed_and_the_other_is_preferred(record, person, owner):
    first = person.contactpoints.get(preferred=True)
    record("contacts", remove=first.pk)
    (left,) = ContactPoint.objects.filter(connection=person)
    assert left.pk != first.pk and left.preferred
    undo.undo(Act.objects.latest("pk"), by=owner)
    assert ContactPoint.objects.get(preferred=True).pk == first.pk and ContactPoint.objects.count() == 2


def test_without_an_address_there_is_no_place_and_undo_brings_both_back(record, person, owner):
    record("addresses", remove=Address.objects.get().pk)
    person.refresh_from_db()
    assert not Address.objects.exists() and person.latitude is None
    undo.undo(Act.objects.latest("pk"), by=owner)
    person.refresh_from_db()
    assert Address.objects.exists() and person.latitude is not None


def test_a_tag_comes_and_goes_and_the_stream_is_set(record, person):
    record("tags", tag="swimmers")
    assert person.tags.get().name == "swimmers"
    record("tags", remove="swimmers")
    assert not person.tags.exists()
    record("stream", stream="business")
    person.refresh_from_db()
    assert person.stream == "business"


def test_a_contact_of_somebody_else_is_not_removed_through_this_page(record, person):
    other = a_connection("Ben Osei", phones=["206 555 0109"]).contactpoints.get()
    assert record("contacts", remove=other.pk).status_code == 404
    assert ContactPoint.objects.filter(pk=other.pk).exists()
