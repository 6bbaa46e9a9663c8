"""Telephones, e-mails and addresses: what can be kept, what is refused, what becomes of the place."""

import pytest

from kneadwork.network import connections, reaching
from kneadwork.network.connections import ConnectionRefused
from kneadwork.network.likeness import look_alikes
from kneadwork.network.models import ContactPoint
from tests.builders import a_connection

SEATTLE = {"line1": "1 Main St", "city": "Seattle", "region": "WA", "postal": "98107"}


@pytest.mark.parametrize(("kind", "value"), [
    ("email", "not an email"), ("email", "a@b"), ("email", "a@b.example, c@d.example"), ("email", "Ana <a@b.example>"),
    ("email", "a@b.example\u2028c"), ("email", '"a,b"@c.example'), ("email", '"<b>"@c.example'),
    ("phone", "12"), ("phone", "no number"), ("fax", "555"),
])  # fmt: skip
def test_what_reaches_nobody_is_refused(owner, kind, value):
    here = a_connection()
    with pytest.raises(ConnectionRefused, match="is no"):
        connections.add_contact(here, kind, value, by=owner)
    assert not ContactPoint.objects.exists()


@pytest.mark.parametrize(("kind", "value"), [
    ("email", "Ana.Ruiz+work@ruiz.example"), ("phone", "555-0101"), ("phone", "+44 20 7946 0018"),
    ("phone", "(206) 555-0101 ext. 4"), ("url", "ruiz.example"),
])  # fmt: skip
def test_what_reaches_somebody_is_kept_as_written(owner, kind, value):
    here = a_connection()
    connections.add_contact(here, kind, value, by=owner)
    assert ContactPoint.objects.get().value == value


def test_a_fax_may_have_the_number_of_the_telephone(owner):
    here = a_connection(phones=["206 555 0101"])
    for _twice in range(2):
        connections.add_contact(here, "fax", "(206) 555-0101", by=owner)
    assert sorted(ContactPoint.objects.values_list("kind", "preferred")) == [("fax", True), ("phone", True)]


def test_what_an_import_brought_stays_among_the_telephones_sent(owner):
    here = a_connection(phones=["206 555 0101"])
    ContactPoint.objects.update(value="12", normal="+112")
    connections.set_contacts(here, "phone", ["12", "206 555 0102"], by=owner)
    assert set(ContactPoint.objects.values_list("value", flat=True)) == {"12", "206 555 0102"}


def test_a_telephone_is_corrected_where_it_stands(owner):
    here = a_connection(phones=["206 555 0101", "206 555 0102"])
    point = here.contactpoints.get(preferred=True)
    act = connections.correct_contact(point, "206 555 0199", by=owner)
    assert act and here.contactpoints.get(preferred=True).normal == "+12065550199"
    for wrong in ("12", "(206) 555-0102", " "):
        with pytest.raises(ConnectionRefused):
            connections.correct_contact(here.contactpoints.get(preferred=True), wrong, by=owner)
    assert here.contactpoints.count() == 2 and connections.correct_contact(point, "206 555 0199", by=owner) is None


def test_the_place_follows_the_address_that_is_left(owner):
    here = a_connection(address=SEATTLE)
    connections.add_address(here, by=owner, line1="1 Strand", city="London", postal="WC2N 5HR")
    assert here.latitude is not None
    connections.remove_address(here.addresses.get(preferred=True), by=owner)
    here.refresh_from_db()
    assert here.addresses.get().preferred and here.latitude is None and not here.place_rough


def test_the_place_follows_a_corrected_address(owner):
    here = a_connection(address=SEATTLE)
    before = here.latitude
    connections.correct_address(here.addresses.get(), by=owner, city="Tacoma", postal="98402")
    here.refresh_from_db()
    assert here.latitude != before and here.addresses.get().line1 == "1 Main St"


def test_a_fax_that_two_share_makes_them_nobody_alike(owner):
    """Not among look-alikes, not in an import, not of somebody who sent a client."""
    first = a_connection("Adam Stone", emails=["adam@stone.example"])
    connections.add_contact(first, "fax", "206-555-0150", by=owner)
    assert list(reaching.who_has(["+12065550150"])) == []
    assert look_alikes("Beth Ray", phone="206-555-0150", all_streams=True) == []
    assert [(c, why) for c, why in look_alikes("Beth Ray", email="ADAM@stone.example", all_streams=True)] == [
        (first, "the same e-mail")
    ]


def test_who_has_a_telephone_is_found_however_many_are_asked_for(owner, django_assert_num_queries):
    adam, beth = (
        a_connection("Adam Stone", phones=["206-555-0150"]),
        a_connection("Beth Ray", phones=["(206) 555-0150"]),
    )
    many = [f"+1206555{number:04d}" for number in range(1000)]
    with django_assert_num_queries(2):
        assert list(reaching.who_has(many)) == [("+12065550150", adam.pk), ("+12065550150", beth.pk)]
    assert list(reaching.who_has(many, most=1)) == [("+12065550150", adam.pk)]
    assert list(reaching.who_has([])) == []
