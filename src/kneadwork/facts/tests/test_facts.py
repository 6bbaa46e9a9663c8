"""The shipped facts: where places lie, what the files hold, and that they are the collected ones."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneadwork.facts import zips

DATA = files("kneadwork.facts").joinpath("data")
COLLECTED = ("contact_columns", "coverage", "outcome_measures", "privacy_rules", "professions", "referral_rules")


def test_a_zip_code_with_an_area_lies_where_the_table_says():
    place = zips.place_of_zip("98101-1234", "Nowhere", "ZZ")
    assert (place.basis, place.rough) == ("zip", False)
    assert zips.metres(place.lat, place.lon, 47.61, -122.33) < 2_000


def test_a_post_box_lies_in_its_town_and_is_marked_rough():
    place = zips.place_of_zip("98111", "Seattle", "wa")
    assert (place.basis, place.rough) == ("town", True)
    assert zips.metres(place.lat, place.lon, 47.61, -122.33) < 10_000


def test_without_a_known_town_the_wider_area_stands_in():
    assert zips.place_of_zip("98111").basis == "prefix"
    assert zips.place_of_zip("", "Seattle", "WA").basis == "town"
    assert zips.place_of_zip("", "Nowhere", "ZZ") is None and zips.place_of_zip("9810") is None


@given(st.sampled_from(sorted(zips.centroids())), st.sampled_from(sorted(zips.centroids())))
def test_distance_is_the_same_both_ways_and_nought_only_at_home(one, other):
    here, there = zips.centroids()[one], zips.centroids()[other]
    assert zips.metres(*here, *there) == pytest.approx(zips.metres(*there, *here))
    assert (zips.metres(*here, *there) == 0) == (here == there)


@given(st.sampled_from(sorted(zips.centroids())), st.floats(1_000, 60_000))
def test_the_codes_within_a_distance_are_exactly_those(code, within):
    place = zips.centroids()[code]
    found = zips.zips_within(*place, within)
    assert code in found
    some = sorted(zips.centroids())[:: len(zips.centroids()) // 300]
    assert all((c in found) == (zips.metres(*place, *zips.centroids()[c]) <= within) for c in some)


@pytest.mark.corpus
@pytest.mark.parametrize("name", COLLECTED)
def test_collected_facts_are_as_they_were_collected(name, corpus):
    collected = corpus.folder.resolve().parent / "facts" / f"{name}.yaml"
    assert DATA.joinpath(f"{name}.yaml").read_bytes() == collected.read_bytes()


@pytest.mark.parametrize("country", ["Germany", "DE", "Deutschland", "CA", "Mexico", "United Kingdom"])
def test_a_postal_code_of_another_country_is_no_zip_code(country):
    assert zips.place_of_zip("10115", "Berlin", "MD", country) is None


@pytest.mark.parametrize(
    "country", ["", " ", "US", "usa", "U.S.A.", "United States", "united states of america", "PR", "Puerto Rico"]
)
def test_a_postal_code_of_this_country_is_a_zip_code_however_the_country_is_written(country):
    assert zips.place_of_zip("10115", "New York", "NY", country) is not None


@pytest.mark.parametrize("where", ["999,999", "98101-junk", "123456789a", "98,101,7", "", "Seattle 98101"])
def test_nonsense_is_no_place(where):
    with pytest.raises(zips.NoSuchPlace):
        zips.parse_where(where)


@pytest.mark.parametrize("where", ["98101", " 98101-1234 ", "981011234", "47.61,-122.33", "-33.9, 151.2"])
def test_a_zip_code_or_latitude_and_longitude_is_a_place(where):
    assert abs(zips.parse_where(where)[0]) < 90
