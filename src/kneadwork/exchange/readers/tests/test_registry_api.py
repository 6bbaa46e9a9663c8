"""An answer of the registry's HTTP API in pieces: each provider becomes one item, however broken the others are."""

from __future__ import annotations

import pytest

from kneadwork.exchange.neutral import OutOfScope, Record, Rejected
from kneadwork.exchange.normal import is_npi
from kneadwork.exchange.readers import registry, registry_api

SCOPE = registry.Scope(frozenset({"chiropractor"}), None, None, frozenset())

OTHER = next(str(n) for n in range(1_000_000_005, 1_000_000_100) if is_npi(str(n)))


def a_provider(**other) -> dict:
    """A chiropractor as the API tells of one."""
    place = {
        "address_purpose": "LOCATION",
        "address_1": "1 MAIN ST",
        "city": "SEATTLE",
        "state": "WA",
        "postal_code": "98101",
    }
    return {
        "number": "1000000004", "enumeration_type": "NPI-1", "basic": {"first_name": "ANN", "last_name": "HALE"},
        "addresses": [place], "taxonomies": [{"code": "111N00000X", "primary": True}],
    } | other  # fmt: skip


def items(*providers) -> list:
    return list(registry_api.records({"results": list(providers)}, SCOPE))


@pytest.mark.parametrize(
    "other",
    [{"addresses": []}, {"addresses": None}, {"basic": None}, {"taxonomies": [7]}, {"number": "12"}, {"number": None}],
)
def test_a_provider_in_another_form_is_given_back_with_a_reason(other):
    broken, whole = items(a_provider(**other), a_provider(number=OTHER))
    assert isinstance(broken, Rejected) and broken.reason and isinstance(whole, Record)


def test_those_without_a_number_are_not_taken_for_one():
    assert [type(i) for i in items({}, {}, "x", None)] == [Rejected] * 4


def test_the_same_number_twice_is_one_and_another_profession_is_counted():
    assert [type(i) for i in items(a_provider(), a_provider())] == [Record]
    assert items(a_provider(taxonomies=[{"code": "207Q00000X", "primary": True}])) == [OutOfScope(1)]


def test_what_the_answer_tells_beside_the_provider_enriches_the_record():
    found = items(a_provider(
        other_names=[{"organization_name": "HALE SPINE"}, {"first_name": "ANNE", "last_name": "HALE"}],
        practiceLocations=[{"address_1": "2 PINE ST", "city": "TACOMA", "state": "WA", "postal_code": "98402-1234"}],
        endpoints=[{"endpoint": "ann@direct.example.org"}, {"endpoint": "no address"}],
    ))[0]  # fmt: skip
    assert found.other_names == ["Hale Spine", "Anne Hale"] and found.endpoints == ["ann@direct.example.org"]
    assert [(a.kind, a.city, a.postal) for a in found.addresses] == [
        ("practice", "Seattle", "98101"), ("secondary", "Tacoma", "98402-1234"),
    ]  # fmt: skip
