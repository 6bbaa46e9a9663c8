"""A connection's own details, corrected in place; each correction can be taken back."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from kneadwork.common import undo
from kneadwork.common.models import Act
from kneadwork.network import connections
from kneadwork.network.models import Address, ContactPoint
from kneadwork.outreach.salutation import salutation
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


def test_a_letter_greets_the_corrected_name(owner):
    here = a_connection("Jane Roe, DC")
    assert salutation([here]) == "Dear Dr. Roe,"
    connections.edit(here, {"name": "Jane Poe, DC"}, by=owner)
    assert salutation([here]) == "Dear Dr. Poe,"
    connections.edit(here, {"name": "Jane Poe-Smith", "family": "Smith", "credentials": "DC"}, by=owner)
    assert (here.family, here.credentials) == ("Smith", "DC")


def test_the_edit_page_keeps_the_greeting_true_to_the_name(record, client, person):
    form = client.get(reverse("network:edit", args=[person.pk])).context["form"]
    client.post(reverse("network:edit", args=[person.pk]), form.initial | {"name": "Ana Rios, DC"})
    person.refresh_from_db()
    assert (person.name, person.family, person.credentials) == ("Ana Rios, DC", "Rios", "DC")
    assert salutation([person]) == "Dear Dr. Rios,"
    page = client.get(reverse("network:connection", args=[person.pk])).content.decode()
    (title,) = re.findall(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert " ".join(re.sub(r"<[^>]+>", "", title).split()) == "Ana Rios, DC"


def test_credentials_that_the_name_does_not_say_stand_beside_it(record, client, person, owner):
    connections.edit(person, {"credentials": "DC, CCSP"}, by=owner)
    page = client.get(reverse("network:connection", args=[person.pk])).content.decode()
    assert "DC, CCSP</span></h1>" in page


def test_an_edit_is_said_and_can_be_taken_back_from_there(client, owner, person):
    client.force_login(owner.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    text = client.get(reverse("network:edit", args=[person.pk])).content.decode()
    values = dict(re.findall(r'<input[^>]*name="(given|family|name)"[^>]*value="([^"]*)"', text)) | {"kind": "person"}
    answer = client.post(reverse("network:edit", args=[person.pk]), values | {"name": "Ana Maria Ruiz"}, follow=True)
    undo_at = re.search(r'action="(/history/[^"]+/undo|[^"]*undo[^"]*)"', answer.content.decode())[1]
    person.refresh_from_db()
    assert person.name == "Ana Maria Ruiz" and "Noted." in answer.content.decode()
    client.post(undo_at)
    person.refresh_from_db()
    assert person.name == "Ana Ruiz"


@pytest.mark.parametrize(("what", "typed"), [
    ("referrals", {"person": "Ana Ruiz", "on": "2026-11-02"}), ("rests", {"until": "2020-05-04"}),
    ("promises", {"words": "the article on sleep", "due_on": "1999-01-01"}),
    ("touches", {"channel": "call", "words": "spoke of the knee", "on": "2199-01-01"}),
    ("gifts", {"form": "nonsense", "words": "a book on scars"}), ("insights", {"words": "   ", "about": "needs"}),
])  # fmt: skip
def test_what_was_refused_stays_in_its_form_beside_the_reason(record, what, typed):
    answer = record(what, **typed)
    text = answer.content.decode()
    assert answer.status_code == 200 and 'class="errors"' in text and "notice warning" in text
    for value in typed.values():
        if value.strip() and value not in ("nonsense", "call"):
            assert value in text
