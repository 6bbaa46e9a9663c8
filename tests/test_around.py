"""What is around the practice, asked of the map service: its answer an import like any, its refusals in words."""

from __future__ import annotations

import json

import pytest

from kneadwork.common import outside
from kneadwork.exchange import background, finding, importing
from kneadwork.exchange.keeping import keep
from kneadwork.exchange.models import Import
from kneadwork.exchange.neutral import Record, Rejected, Unreadable
from kneadwork.exchange.readers import overpass, places
from kneadwork.facts.professions import professions_on_map
from kneadwork.network.models import Connection
from tests.builders import TODAY, do_jobs
from tests.map_server import BUSY_PAGE, elements_of, serving

HELSINKI, SEATTLE = (60.1685, 24.938), (47.61, -122.33)


def a_gym(number: int, lat: float = SEATTLE[0], **tags) -> dict:
    return {"type": "node", "id": number, "version": 2, "lat": lat, "lon": SEATTLE[1],
            "tags": {"name": f"Gym {number}", "leisure": "fitness_centre"} | tags}  # fmt: skip


def asked(server, near=SEATTLE, within_m=1500.0) -> list:
    def fetch(question):
        answer = outside.get(server.url, {"data": question}, trusted=server.url)
        return answer.status, answer.text

    return list(overpass.ask(fetch, places.Scope(professions_on_map(), near, within_m), lambda seconds: None))


def test_one_question_brings_what_is_around_and_nothing_farther():
    with serving(
        [a_gym(1), a_gym(2, lat=47.62), a_gym(3, lat=47.7), a_gym(4, shop="seafood", leisure="park")]
    ) as server:
        found = asked(server)
    assert sorted(r.name for r in found if isinstance(r, Record)) == ["Gym 1", "Gym 2"]
    assert len(server.asked) == 1 and "(around:1500,47.61000,-122.33000)" in server.asked[0]


@pytest.mark.corpus
def test_the_service_and_the_file_say_the_same_of_helsinki(corpus):
    path = corpus / "osm/Helsinki.osm.pbf"
    scope = places.Scope(professions_on_map(), HELSINKI, 800.0)
    with serving(elements_of(path)) as server:
        there = {r.place.osm: r for r in asked(server, HELSINKI, 800.0) if isinstance(r, Record)}
    file = {r.place.osm: r for r in places.read(path, scope) if isinstance(r, Record)}
    nodes = [osm for osm in file if osm.startswith("node/")]
    assert len(nodes) > 150 and {osm: there[osm] for osm in nodes} == {osm: file[osm] for osm in nodes}


def test_a_busy_service_is_asked_again_and_then_it_is_said():
    with serving([a_gym(1)]) as server:
        server.moods = [429, 504]
        assert len(asked(server)) == 1
        server.moods = [429] * 9
        with pytest.raises(Unreadable, match="asked too much just now"):
            asked(server)


@pytest.mark.parametrize(
    "mood, words",
    [
        (json.dumps({"elements": [], "remark": 'runtime error: Query timed out in "query" at line 1 after 26 seconds.'}), "smaller distance"),
        (json.dumps({"elements": [], "remark": "runtime error: Query run out of memory using about 2048 MB of RAM."}), "smaller distance"),
        ('{"elements": [{"type": "no', "cut short"), (BUSY_PAGE, "Dispatcher_Client"), (400, "refused the question"),
        ("[]", "cut short"), ('{"elements": 7}', "something else"), ("[" * 100_000, "cut short"),
    ],
)  # fmt: skip
def test_whatever_else_comes_back_is_said_in_words(mood, words):
    with serving([]) as server:
        server.moods = [mood]
        with pytest.raises(Unreadable, match=words):
            asked(server)


def test_one_broken_element_does_not_lose_the_others():
    broken = [{"type": "node"}, {"type": "area", "id": 1}, "x", a_gym(2) | {"lat": "north"}, a_gym(2)]
    found = list(overpass.items({"elements": broken}, places.Scope(professions_on_map())))
    assert [type(i) for i in found] == [Rejected] * 4 + [Record]


def test_what_is_around_me_is_an_import_like_any(practice, owner, settings):
    with serving([a_gym(1), a_gym(2, lat=48.0)]) as server:
        settings.OVERPASS_URL = server.url
        batch = finding.find_around(practice, set(), 1, by=owner)
        do_jobs()
        batch.refresh_from_db()
        assert importing.answer(batch)["created"] == 1 and not Connection.objects.exists()
        keep(batch, on=TODAY, by=owner)
        again = finding.find_around(practice, {"gym"}, 1, by=owner)
        do_jobs()
        again.refresh_from_db()
    assert Connection.objects.get().places.get().osm == "node/1" and again.counts == {"unchanged": 1}


def test_a_kept_answer_is_a_file_like_any(practice, tmp_path):
    path = tmp_path / "around.json"
    path.write_text(json.dumps({"generator": "Overpass API", "elements": [a_gym(1)]}))
    assert importing.import_file(path, practice=practice, by_name="test")["created"] == 1


def test_without_the_network_it_says_what_to_do_instead(practice, owner, settings, monkeypatch):
    monkeypatch.setattr(overpass, "WAITS", ())
    settings.OVERPASS_URL = "http://127.0.0.1:9/api/interpreter"
    batch = finding.find_around(practice, set(), 1, by=owner)
    do_jobs()
    batch.refresh_from_db()
    assert "drop a map file" in batch.trouble and background.job_of(batch).trouble == batch.trouble


def test_a_practice_without_a_place_is_asked_for_it_first(practice, owner):
    practice.latitude = practice.longitude = None
    with pytest.raises(finding.NowhereYet):
        finding.find_around(practice, set(), 1, by=owner)
    assert not Import.objects.exists()
