"""Places of the open map: read from its files, kept once, followed where the map is newer, joined where they are certain."""

from __future__ import annotations

import bz2
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneadwork.exchange import importing
from kneadwork.exchange.neutral import Unreadable
from kneadwork.facts.professions import all_professions, professions_of_tags, professions_on_map
from kneadwork.network import connections, merging
from kneadwork.network.models import Connection, MergeProposal, Place
from tests.builders import a_connection
from tests.places import HOURS, a_map, a_place
from tests.sampling import examples

GYM = {"leisure": "fitness_centre"}


def brought(path, practice, **options) -> dict:
    answer = importing.import_file(path, practice=practice, by_name="test", **options)
    return {name: answer[name] for name in ("created", "updated", "unchanged", "merged", "out_of_scope")}


# What a file says


def test_a_place_brings_all_that_the_map_knows_of_it(practice, tmp_path):
    place = a_place(
        7, "Ballard Barbell", leisure="fitness_centre", phone="+1 206 555 0101; +1 206 555 0102", website="barbell.example",
        contact__email="desk@barbell.example", opening_hours=HOURS, addr__housenumber="12", addr__street="Main Street",
        addr__city="Seattle", addr__state="WA", addr__postcode="98101",
    )  # fmt: skip
    assert brought(a_map(tmp_path / "m.osm", place), practice)["created"] == 1
    gym = Connection.objects.get()
    assert (gym.kind, gym.stream, gym.profession) == ("organisation", "business", "gym")
    assert (gym.latitude, gym.longitude, gym.place_rough) == (47.61, -122.33, False)
    assert sorted(gym.contactpoints.values_list("kind", "normal")) == [
        ("email", "desk@barbell.example"), ("phone", "+12065550101"), ("phone", "+12065550102"),
        ("url", "https://barbell.example"),
    ]  # fmt: skip
    assert gym.addresses.get().lines() == ["12 Main Street", "Seattle, WA 98101"]
    place = gym.places.get()
    assert (place.osm, place.hours) == ("node/7", HOURS)


def test_a_house_stands_at_its_centroid_and_one_of_several_buildings_between_them(practice, tmp_path):
    corners = [(1, 47.60, -122.30), (2, 47.60, -122.28), (3, 47.62, -122.28), (4, 47.62, -122.30)]
    nodes = [f'<node id="{n}" lat="{lat}" lon="{lon}"/>' for n, lat, lon in corners]
    ring = "".join(f'<nd ref="{n}"/>' for n in (1, 2, 3, 4, 1))
    hotel = f'<way id="9" version="1">{ring}<tag k="name" v="Hotel Ewe"/><tag k="tourism" v="hotel"/></way>'
    whole = '<relation id="5" version="1"><member type="way" ref="9" role="outer"/><tag k="name" v="Spa Hotel"/><tag k="tourism" v="hotel"/></relation>'
    assert brought(a_map(tmp_path / "m.osm", *nodes, hotel, whole), practice)["created"] == 2
    for one in Connection.objects.all():
        assert (one.latitude, one.longitude) == pytest.approx((47.61, -122.29))


def test_what_has_no_name_another_trade_or_is_too_far_is_out_of_scope(practice, tmp_path):
    path = a_map(
        tmp_path / "m.osm", a_place(1, **GYM), a_place(2, "Fish", shop="seafood"), a_place(3, "Near", **GYM),
        a_place(4, "Far", lat=48.2, **GYM), a_place(5, "Our own trade", shop="massage"), a_place(6, "Main Street", highway="path"),
    )  # fmt: skip
    assert brought(path, practice, within_miles=5) == {
        "created": 1, "updated": 0, "unchanged": 0, "merged": 0, "out_of_scope": 3,
    }  # fmt: skip
    assert Connection.objects.get().name == "Near"


def test_only_the_professions_asked_for_come(practice, tmp_path):
    path = a_map(tmp_path / "m.osm", a_place(1, "Gym", **GYM), a_place(2, "Inn", lat=47.7, tourism="hotel"))
    brought(path, practice, professions={"hotel"})
    assert Connection.objects.get().name == "Inn"


@pytest.mark.parametrize(
    "tags, shown",
    [
        ({"amenity": "doctors"}, ("general_physician",)),
        (
            {"amenity": "doctors", "healthcare:speciality": "orthopaedics"},
            ("orthopaedic_physician", "general_physician"),
        ),
        ({"amenity": "doctors", "healthcare:speciality": "psychiatry; general"}, ("psychiatrist", "general_physician")),
        ({"healthcare": "physiotherapist;chiropractor"}, ("physical_therapist", "chiropractor")),
        ({"leisure": "fitness_centre", "sport": "fitness;yoga"}, ("yoga_studio", "gym")),
        ({"shop": "Hairdresser"}, ("salon",)),
        ({"shop": "seafood"}, ()),
    ],
)
def test_of_several_tags_the_closest_says_what_somebody_does(tags, shown):
    assert professions_of_tags(tags, professions_on_map()) == shown


@given(st.dictionaries(st.sampled_from(["amenity", "shop", "sport", "healthcare", "healthcare:speciality", "office"]),
                       st.lists(st.sampled_from(["dentist", "yoga", "doctors", "it", "beauty", "x", ""])).map(";".join)))  # fmt: skip
def test_whatever_the_tags_each_profession_found_is_wanted_and_named_by_one_of_them(tags):
    wanted = frozenset({"dentist", "salon", "yoga_studio"})
    found = professions_of_tags(tags, wanted)
    assert set(found) <= wanted and len(set(found)) == len(found)
    said = {(key, value) for key, values in tags.items() for value in values.split(";")}
    assert all(said & set(all_professions()[key].tags) for key in found)


@pytest.mark.parametrize("name, pack", [("m.osm.gz", gzip.compress), ("m.osm.bz2", bz2.compress), ("m", bytes)])
def test_packed_or_wrongly_named_files_are_read_by_what_is_in_them(practice, tmp_path, name, pack):
    plain = a_map(tmp_path / "plain", a_place(1, "Gym", **GYM)).read_bytes()
    (tmp_path / name).write_bytes(pack(plain))
    assert brought(tmp_path / name, practice, kind="places")["created"] == 1


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
def test_a_file_that_is_cut_off_is_said_and_nothing_is_kept(practice, tmp_path, cut):
    whole = a_map(tmp_path / "whole", *[a_place(n, f"Gym {n}", **GYM) for n in range(1, 40)]).read_bytes()
    (tmp_path / "m.osm").write_bytes(whole[: int(len(whole) * cut)])
    with pytest.raises(Unreadable, match="cut off"):
        brought(tmp_path / "m.osm", practice)
    assert not Connection.objects.exists()


def test_a_map_that_names_entities_is_refused(practice, tmp_path):
    laughs = '<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    place = a_place(1, "Gym", **GYM).replace("Gym", "&b;")
    (tmp_path / "m.osm").write_text(f'{laughs}<osm version="0.6">{place}</osm>')
    with pytest.raises(Unreadable):
        brought(tmp_path / "m.osm", practice, kind="places")
    assert not Connection.objects.exists()


def test_a_list_of_people_is_no_map_and_a_map_no_list_of_people(practice, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("Name,Phone\nAna,206 555 0101\n")
    with pytest.raises(Unreadable, match="no file of the open map"):
        brought(people, practice, kind="places")
    with pytest.raises(Unreadable, match="as places, not as people"):
        brought(a_map(tmp_path / "m.osm", a_place(1, "Gym", **GYM)), practice, kind="contacts")


@examples(30)
@given(st.text(max_size=60), st.text(max_size=30), st.text(max_size=60))
def test_no_tag_of_a_file_ends_in_a_traceback(name, phone, hours):
    from kneadwork.exchange.neutral import Record, Rejected
    from kneadwork.exchange.readers.places import Scope, Thing, record_of
    from kneadwork.exchange.staging import as_json, from_json, tidy

    tags = {
        "name": name,
        "phone": phone,
        "opening_hours": hours,
        "website": phone,
        "shop": "beauty",
        "addr:street": name,
    }
    item = record_of(Thing("node", 1, 1, tags), (47.6, -122.3), Scope(professions_on_map()))
    assert item is None or isinstance(item, Record | Rejected)
    if isinstance(item, Record):
        tidy(item)
        assert from_json(as_json(item)) == item


# The same once more, and newer


def test_the_same_file_twice_changes_nothing(practice, tmp_path):
    path = a_map(
        tmp_path / "m.osm", a_place(1, "Gym", opening_hours=HOURS, **GYM), a_place(2, "Inn", lat=47.7, tourism="hotel")
    )
    brought(path, practice)
    assert brought(path, practice) == {"created": 0, "updated": 0, "unchanged": 2, "merged": 0, "out_of_scope": 0}
    assert Place.objects.count() == 2


def test_a_newer_map_is_followed_and_an_older_one_is_not(practice, tmp_path):
    def said(version, phone, hours, street, name="Barbell Gym"):
        place = a_place(
            1, name, version=version, phone=phone, opening_hours=hours, addr__street=street, addr__city="Seattle", **GYM
        )
        return a_map(tmp_path / f"{version}.osm", place)

    brought(said(3, "206 555 0101", HOURS, "Main St"), practice)
    assert brought(said(4, "206 555 0102", "24/7", "Oak St", "Barbell Gym Ballard"), practice)["updated"] == 1
    gym = Connection.objects.get()
    assert (gym.name, gym.other_names) == ("Barbell Gym Ballard", ["Barbell Gym"])
    assert [p.normal for p in gym.contactpoints.all()] == ["+12065550102"]
    assert gym.addresses.get().line1 == "Oak St" and gym.addresses.get().preferred
    assert (gym.places.get().hours, gym.places.get().version) == ("24/7", 4)
    brought(said(3, "206 555 0101", HOURS, "Main St"), practice)
    assert Connection.objects.get().places.get().hours == "24/7"


def test_what_a_hand_changed_stays_when_the_map_says_otherwise(practice, owner, tmp_path):
    brought(a_map(tmp_path / "1.osm", a_place(1, "Barbell Gym", phone="206 555 0101", **GYM)), practice)
    gym = Connection.objects.get()
    connections.edit(gym, {"name": "Sam's gym"}, by=owner)
    connections.correct_contact(gym.contactpoints.get(), "206 555 0199", by=owner)
    newer = a_place(1, "Barbell Gym & Spa", version=2, phone="206 555 0102", **GYM)
    brought(a_map(tmp_path / "2.osm", newer), practice)
    gym.refresh_from_db()
    assert gym.name == "Sam's gym" and "+12065550199" in gym.contactpoints.values_list("normal", flat=True)


def test_an_import_of_places_is_taken_back_to_the_last_byte(practice, tmp_path):
    path = a_map(tmp_path / "m.osm", a_place(1, "Gym", opening_hours=HOURS, **GYM))
    kept = importing.import_file(path, practice=practice, by_name="test")
    importing.undo(kept["import"], by_name="test")
    assert not Connection.objects.exists() and not Place.objects.exists()
    assert brought(path, practice)["created"] == 1


# Known from elsewhere


@pytest.mark.parametrize(
    "known, tags",
    [
        ({"phones": ["206 555 0101"]}, {"phone": "+1-206-555-0101"}),
        ({"address": {"line1": "12 Main St", "city": "Seattle", "postal": "98101"}},
         {"addr__housenumber": "12", "addr__street": "Main Street", "addr__postcode": "98101"}),
    ],
)  # fmt: skip
def test_a_place_known_by_telephone_or_door_is_joined_and_gets_its_exact_place(practice, tmp_path, known, tags):
    a_connection("Barbell Gym", stream="business", kind="organisation", **known)
    assert (
        brought(a_map(tmp_path / "m.osm", a_place(1, "Barbell Gym", lat=47.615, **tags, **GYM)), practice)["updated"]
        == 1
    )
    one = Connection.objects.get()
    assert one.latitude == 47.615 and one.places.get().osm == "node/1" and one.profession == "gym"


def test_a_place_known_by_its_website_is_joined(practice, owner, tmp_path):
    gym = a_connection("Barbell Gym", stream="business", kind="organisation")
    connections.add_contact(gym, "url", "http://www.barbell.example/", by=owner)
    place = a_place(1, "Barbell Gym Ballard", website="https://barbell.example", **GYM)
    assert brought(a_map(tmp_path / "m.osm", place), practice)["updated"] == 1


def test_the_same_telephone_under_another_name_is_proposed(practice, tmp_path):
    a_connection("Sam Okafor", stream="business", phones=["206 555 0101"])
    brought(a_map(tmp_path / "m.osm", a_place(1, "Barbell Gym", phone="206 555 0101", **GYM)), practice)
    assert MergeProposal.objects.get().reason == "the same telephone, another name"


def test_two_branches_of_one_name_are_two_and_a_shop_in_its_house_is_one(practice, tmp_path):
    path = a_map(
        tmp_path / "m.osm", a_place(1, "Cut and Go", shop="hairdresser", phone="206 555 0101"),
        a_place(2, "Cut and Go", lat=47.63, shop="hairdresser", phone="206 555 0101"),
        a_place(3, "Cut and Go", lat=47.6301, shop="hairdresser"),
    )  # fmt: skip
    assert brought(path, practice)["created"] == 2
    assert sorted(c.places.count() for c in Connection.objects.all()) == [1, 2] and not MergeProposal.objects.exists()


def test_another_business_at_the_same_object_of_the_map_is_another(practice, tmp_path):
    brought(a_map(tmp_path / "1.osm", a_place(1, "Cut and Go", shop="hairdresser")), practice)
    brought(a_map(tmp_path / "2.osm", a_place(1, "Inn of Ewes", version=2, tourism="hotel")), practice)
    assert {c.name for c in Connection.objects.all()} == {"Cut and Go", "Inn of Ewes"}
    assert MergeProposal.objects.get().reason == "the same place on the map, another name"


def test_of_two_made_one_each_object_of_the_map_stays(practice, owner, tmp_path):
    things = [a_place(1, "Barbell", **GYM), a_place(2, "Barbell Shop", lat=47.7, **GYM)]
    brought(a_map(tmp_path / "m.osm", *things), practice)
    one, other = Connection.objects.order_by("pk")
    merging.merge(one, other, by=owner)
    assert set(one.places.values_list("osm", flat=True)) == {"node/1", "node/2"}
    assert brought(tmp_path / "m.osm", practice)["unchanged"] == 2


# Real files


@pytest.mark.corpus
@pytest.mark.parametrize("name, least", [("andorra.osm.pbf", 40), ("Helsinki.osm.pbf", 280), ("beatty_nevada.osm", 3)])
def test_real_extracts_come_once_and_stay_as_they_are(practice, corpus, name, least):
    first = brought(corpus / "osm" / name, practice)
    assert first["created"] >= least and first["out_of_scope"] > first["created"] / 2
    again = brought(corpus / "osm" / name, practice)
    assert again["created"] == again["updated"] == 0 and Place.objects.count() >= least
    assert not Connection.objects.filter(latitude=None).exists() and MergeProposal.objects.count() <= least / 20
