"""Offers to businesses: in the practice's own words, what suits whom, a leaflet of exactly one page."""

from __future__ import annotations

import io

import pikepdf
import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from kneadwork.facts.professions import all_professions
from kneadwork.outreach import offers
from kneadwork.outreach.models import Offer
from tests.builders import TODAY, a_connection, a_member
from tests.sampling import examples

SHIPPED = sorted(offers.shipped())


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def test_every_offer_that_suits_a_profession_is_shipped_with_words():
    named = {key for p in all_professions().values() for key in p.offers}
    assert named <= set(SHIPPED) and all(o.words and o.name for o in offers.shipped().values())


def test_what_suits_whom_follows_the_data_and_what_the_practice_says(owner):
    assert [o.key for o in offers.suited()("realtor")] == ["gift_certificates"]
    assert [o.key for o in offers.suited()("office")] == ["chair_massage", "research_study"]
    offers.keep("", "Evening class", "How to sit.", ["office"], by=owner)
    offers.put_away("chair_massage", on=TODAY, by=owner)
    assert [o.name for o in offers.suited()("office")] == ["A small study together", "Evening class"]
    offers.as_shipped("chair_massage", by=owner)
    assert "chair_massage" in [o.key for o in offers.suited()("office")] and offers.suited()("") == []


def test_words_of_ones_own_stand_until_the_original_comes_back(owner):
    offers.keep("introductions", "Meet people", "I know\r\nmany.", ["salon"], by=owner)
    own = offers.one("introductions")
    assert (own.name, own.words, own.changed, own.own) == ("Meet people", "I know\nmany.", True, False)
    offers.as_shipped("introductions", by=owner)
    assert offers.one("introductions") == offers.shipped()["introductions"]


@pytest.mark.parametrize(
    "name, words, why",
    [("", "x", "needs a name"), ("x", " ", "needs a name"), ("x", "y" * 1501, "Say it shorter"), ("x", "ab 山", "cannot be printed")],
)  # fmt: skip
def test_an_offer_that_cannot_be_printed_on_a_page_is_refused_with_words(owner, name, words, why):
    with pytest.raises(offers.OfferRefused, match=why):
        offers.keep("", name, words, [], by=owner)
    assert not Offer.objects.exists()


@pytest.mark.parametrize("key", SHIPPED)
def test_a_leaflet_is_one_tagged_page_with_the_exact_directions_and_no_link(practice, key):
    practice.directions, practice.phone = "Call (206) 555-0110.\nI call back the same day.", "(206) 555-0110"
    with opened(offers.leaflet(offers.one(key), practice)) as pdf:
        assert len(pdf.pages) == 1 and bool(pdf.Root.MarkInfo.Marked) and str(pdf.Root.Lang) == "en"
        assert "/Annots" not in pdf.pages[0]


def test_the_longest_leaflet_is_still_one_page(practice, owner):
    practice.directions = "Go along the river, then left. " * 40
    offer = offers.keep("", "n" * 80, "\n\n".join(["word " * 10] * 26), [], by=owner)
    with opened(offers.leaflet(offer, practice)) as pdf:
        assert len(pdf.pages) == 1


@examples(8)
@given(st.text("#$*_`@<>[]{}\\/~=-+'\"ab \n", min_size=1, max_size=80).filter(str.strip))
def test_words_never_become_markup(practice, words):
    offer = offers.Offered("x", words.replace("\n", " ").strip(), words.strip(), ())
    with opened(offers.leaflet(offer, practice)) as pdf:
        assert len(pdf.pages) == 1


# Pages


def test_a_business_is_shown_what_suits_it(client, owner):
    client.force_login(owner.user)
    hotel = a_connection("Inn of Ewes", stream="business", profession="hotel")
    page = client.get(reverse("network:connection", args=[hotel.ref])).content.decode()
    assert "What suits them" in page and reverse("network:leaflet", args=["gift_certificates"]) in page


def test_an_offer_is_written_put_away_and_printed_on_its_pages(client, owner):
    client.force_login(owner.user)
    client.post(
        reverse("network:offer", args=["new"]),
        {"name": "Evening class", "words": "How to sit.", "profession": "office"},
    )
    made = Offer.objects.get()
    assert made.professions == ["office"] and "Evening class" in client.get(reverse("network:offers")).content.decode()
    assert client.get(reverse("network:leaflet", args=[made.key])).content.startswith(b"%PDF")
    refused = client.post(reverse("network:offer", args=[made.key]), {"name": "Evening class", "words": "x" * 1600})
    assert (
        refused.status_code == 200
        and "x" * 1600 in refused.content.decode()
        and "Say it shorter" in refused.content.decode()
    )
    client.post(reverse("network:offer", args=[made.key]), {"away": "1"})
    made.refresh_from_db()
    assert made.away_on and client.get(reverse("network:offer", args=["nothing"])).status_code == 404


def test_a_helper_hands_out_leaflets_and_changes_no_words(client, owner):
    client.force_login(a_member(owner, "helper").user)
    assert client.get(reverse("network:leaflet", args=["introductions"])).status_code == 200
    assert client.get(reverse("network:offer", args=["introductions"])).status_code == 403
