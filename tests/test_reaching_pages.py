"""Telephones, e-mails and addresses on the pages: what is refused stays typed, what is wrong is corrected in place."""

from __future__ import annotations

import html
import re

import pytest
from django.urls import reverse

from kneadwork.network import connections
from kneadwork.network.models import Address, ContactPoint
from tests.builders import a_connection


@pytest.fixture
def person(owner):
    """Somebody with a telephone, an e-mail and an address."""
    return a_connection(
        "Ana Ruiz", phones=["607.555.0188"], emails=["ana@ruiz.example"],
        address={"line1": "1 Main St", "city": "Seattle", "region": "WA", "postal": "98107"},
    )  # fmt: skip


@pytest.fixture
def record(client, owner, person):
    """Post one of the small forms; answers the page that follows."""
    client.force_login(owner.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return lambda what, **given: client.post(reverse("network:record", args=[person.pk, what]), given, follow=True)


def text(answer) -> str:
    """What is read on a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


@pytest.mark.parametrize(("kind", "typed"), [("email", "not an email"), ("phone", "12"), ("fax", "none")])
def test_what_reaches_nobody_is_refused_and_stays_typed(record, kind, typed):
    answer = record("contacts", kind=kind, value=typed)
    page = answer.content.decode()
    assert "is no" in text(answer) and ContactPoint.objects.count() == 2
    assert f'value="{typed}"' in page and f'<option value="{kind}" selected>' in page and "Ana Ruiz" in page


def test_an_address_without_a_line_is_refused_on_the_same_page(record):
    answer = record("addresses", line1="  ")
    assert "at least one line" in text(answer) and Address.objects.count() == 1


def test_a_telephone_is_corrected_in_place_and_the_correction_can_be_taken_back(record, client, person):
    point = person.contactpoints.get(kind="phone")
    answer = record("contacts", point=point.pk, value="607 555 0199")
    point.refresh_from_db()
    assert (point.value, point.preferred, ContactPoint.objects.count()) == ("607 555 0199", True, 2)
    assert answer.redirect_chain == [(reverse("network:edit", args=[person.pk]), 302)]
    client.post(re.search(r'action="(/practice/undo/[^"]+)"', answer.content.decode())[1])
    point.refresh_from_db()
    assert point.value == "607.555.0188"


def test_a_wrong_correction_is_said_beside_what_was_typed(record, person):
    point = person.contactpoints.get(kind="email")
    answer = record("contacts", point=point.pk, value="ana at ruiz")
    point.refresh_from_db()
    assert point.value == "ana@ruiz.example"
    page = answer.content.decode()
    assert 'value="ana at ruiz"' in page and 'value="607.555.0188"' in page and "<h1>Edit</h1>" in page


def test_an_address_is_corrected_in_place(record, person):
    record("addresses", address=Address.objects.get().pk, line1="2 Main St", line2="Suite 4", city="Tacoma", region="WA", postal="98402")  # fmt: skip
    address, before = Address.objects.get(), person.latitude
    person.refresh_from_db()
    assert address.lines() == ["2 Main St", "Suite 4", "Tacoma, WA 98402"] and person.latitude != before


def test_one_of_somebody_else_is_not_corrected_through_this_page(record):
    other = a_connection("Ben Osei", phones=["206 555 0109"]).contactpoints.get()
    assert record("contacts", point=other.pk, value="206 555 0110").status_code == 404
    assert ContactPoint.objects.get(pk=other.pk).value == "206 555 0109"


def test_a_telephone_reads_as_people_write_it(record, client, person, owner):
    ContactPoint.objects.update(label="other")
    connections.add_contact(person, "phone", "+44 20 7946 0018", label="work", by=owner)
    page = text(client.get(reverse("network:connection", args=[person.pk])))
    assert "Call (607) 555-0188" in page and "(607) 555-0188 Telephone" in page and "+44 20 7946 0018 work" in page
    assert "ana@ruiz.example E-mail" in page and "other" not in page.partition("Reach them")[2].partition("Add a")[0]


@pytest.mark.parametrize(("value", "shown"), [
    ("607.555.0188", "(607) 555-0188"), ("+1 607 555 0188", "(607) 555-0188"), ("6075550188 x4", "(607) 555-0188 ext. 4"),
    ("555-0101", "555-0101"), ("12", "12"), ("call the desk", "call the desk"), ("+49 30 1234567", "+49 30 1234567"),
])  # fmt: skip
def test_telephones_are_shown_in_their_national_form(value, shown):
    from kneadwork.pages.templatetags.words import telephone

    assert telephone(value) == shown
