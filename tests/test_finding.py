"""Professionals near the practice, from the registry's public API: asked as it can be asked, read as its files are."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest

from kneadwork.exchange import background, finding, importing
from kneadwork.exchange.models import Import
from kneadwork.exchange.neutral import OutOfScope, Record, Rejected, Unreadable
from kneadwork.exchange.normal import is_npi
from kneadwork.exchange.readers import registry, registry_api
from kneadwork.network.models import Connection
from tests.builders import do_jobs
from tests.registry_server import serving

SEATTLE = (47.61, -122.33)
NO_SCOPE = registry.Scope(frozenset({"massage_therapist", "general_physician"}), None, None, frozenset())
LUHN_FREE = [n for n in range(1_000_000_000, 1_000_060_000) if is_npi(str(n))]


def a_provider(
    number: int, postal: str = "981011234", code: str = "111N00000X", desc: str = "Chiropractor", **basic
) -> dict:
    """A provider in the form of the API's answers."""
    place = {"address_purpose": "LOCATION", "address_1": "1 MAIN ST", "address_2": "", "city": "SEATTLE", "state": "WA",
             "postal_code": postal, "country_code": "US", "telephone_number": "206-555-0101"}  # fmt: skip
    return {
        "enumeration_type": "NPI-1", "number": LUHN_FREE[number], "other_names": [], "identifiers": [], "addresses": [place],
        "basic": {"first_name": f"ROBIN{number}", "last_name": "HALE", "credential": "D.C.", "status": "A"} | basic,
        "taxonomies": [{"code": code, "desc": desc, "primary": True}], "practiceLocations": [],
    }  # fmt: skip


def asked(server, **options) -> list:
    """All items of a search in Seattle."""
    from kneadwork.common import outside

    def fetch(parameters):
        answer = outside.get(server.url, parameters, trusted=server.url)
        return answer.status, answer.text

    options = {"near": SEATTLE, "within_m": 8_000.0, "professions": frozenset({"chiropractor"}), "known": frozenset(),
               "wait": lambda seconds: None} | options  # fmt: skip
    return list(registry_api.read(fetch, **options))


def numbers(items) -> list[str]:
    return sorted(i.npi for i in items if isinstance(i, Record))


@pytest.mark.corpus
def test_recorded_answers_become_records_with_places_and_names(corpus):
    folder = corpus / "nppes/api_v2_json"
    items = []
    for file in sorted(folder.glob("*.json")):
        text = file.read_text()
        if "Errors" in json.loads(text):
            with pytest.raises(Unreadable, match="additional search criteria"):
                registry_api.document(200, text)
        else:
            items += registry_api.records(registry_api.document(200, text), NO_SCOPE)
    found = {i.npi: i for i in items if isinstance(i, Record)}
    sharee = found["1003142399"]
    assert (sharee.name, sharee.profession, sharee.credentials) == ("Sharee Rowell", "massage_therapist", "MT")
    assert [a.kind for a in sharee.addresses] == ["practice", "secondary", "secondary"]
    assert sharee.addresses[0].postal == "99654-6569" and sharee.phones[0].e164 == "+12563926234"
    assert not [i for i in items if isinstance(i, Rejected)]
    assert sum(i.count for i in items if isinstance(i, OutOfScope)) > 10


def test_everyone_in_reach_is_found_once_however_many_there_are():
    crowd = [a_provider(n, postal="981011234") for n in range(1500)] + [
        a_provider(2000, "981220000"),
        a_provider(2001, "99201"),
    ]
    with serving(crowd) as server:
        found = asked(server)
    near = {str(p["number"]) for p in crowd if p["addresses"][0]["postal_code"].startswith("981")}
    assert set(numbers(found)) <= near and len(numbers(found)) == len(set(numbers(found)))
    assert len(numbers(found)) >= 1201, "a question that reaches its bound is asked anew for smaller areas"
    assert max(int(q["skip"]) for q in server.asked) == 1000


def test_where_no_bound_is_reached_nobody_is_missing():
    crowd = [a_provider(n, postal=f"9810{n % 4 + 1}0000") for n in range(900)]
    with serving(crowd) as server:
        found = asked(server)
    assert numbers(found) == sorted(str(p["number"]) for p in crowd)


def test_a_busy_registry_is_asked_again_and_a_dead_one_is_said():
    with serving([a_provider(1)]) as server:
        server.moods = [503, 429]
        assert len(numbers(asked(server))) == 1
        server.moods = [503] * 9
        with pytest.raises(Unreadable, match="weekly file"):
            asked(server)


@pytest.mark.parametrize(
    "text", ['{"result_count": 3, "results": [{"num', "[]", "<html>", "[" * 100_000, '{"results": 7}']
)
def test_an_answer_cut_short_is_said_in_words(text):
    with serving([]) as server:
        server.moods = [text]
        with pytest.raises(Unreadable):
            asked(server)


def test_one_broken_provider_does_not_lose_the_others():
    broken = deepcopy(a_provider(5))
    broken["basic"] = None
    wrong = deepcopy(a_provider(6)) | {"number": 1234567890}
    with serving([broken, a_provider(7), wrong]) as server:
        items = asked(server)
    assert len(numbers(items)) == 1 and len([i for i in items if isinstance(i, Rejected)]) == 2


def test_what_the_registry_answers_is_an_import_like_any(practice, owner, settings):
    with serving(
        [a_provider(1), a_provider(2, postal="99201"), a_provider(3, "981010000", "207Q00000X", "Family Medicine")]
    ) as server:
        settings.REGISTRY_URL = server.url
        batch = finding.find_near(practice, {"chiropractor"}, 5, by=owner)
        do_jobs()
        batch.refresh_from_db()
        assert importing.answer(batch)["created"] == 1 and not Connection.objects.exists()
        from kneadwork.exchange.keeping import keep
        from tests.builders import TODAY

        keep(batch, on=TODAY, by=owner)
        again = finding.find_near(practice, {"chiropractor"}, 5, by=owner)
        do_jobs()
        again.refresh_from_db()
    one = Connection.objects.get()
    assert (one.name, one.profession, one.stream) == ("Robin1 Hale", "chiropractor", "medical")
    assert again.counts == {"unchanged": 1}


def test_without_the_network_it_says_what_to_do_instead(practice, owner, settings, monkeypatch):
    monkeypatch.setattr(registry_api, "WAITS", ())
    settings.REGISTRY_URL = "http://127.0.0.1:9/api/"
    batch = finding.find_near(practice, set(), 5, by=owner)
    do_jobs()
    batch.refresh_from_db()
    assert "weekly file" in batch.trouble and background.job_of(batch).trouble == batch.trouble


def test_a_practice_without_a_place_is_asked_for_it_first(practice, owner, client):
    practice.latitude = practice.longitude = None
    with pytest.raises(finding.NowhereYet):
        finding.find_near(practice, set(), 5, by=owner)
    assert not Import.objects.exists()
