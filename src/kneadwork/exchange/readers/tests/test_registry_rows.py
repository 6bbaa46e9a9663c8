"""Single rows of the registry's file: names as people write them, and places that are in reach."""

import pytest

from kneadwork.exchange.readers import registry

SEATTLE = (47.61, -122.33)
LOCATION = "Provider Business Practice Location Address"


def row(**more: str) -> dict[str, str]:
    return {
        "NPI": "1679576722", "Entity Type Code": "1", "Healthcare Provider Taxonomy Code_1": "111N00000X",
        "Provider First Name": "ADA", "Provider Last Name (Legal Name)": "STONE", registry.ZIP_COLUMN: "98101",
        "Provider First Line Business Practice Location Address": "1 MAIN ST",
    } | more  # fmt: skip


def read(near=None, within_m=None, **more: str):
    return registry.record_of(
        row(**more), "line 2", registry.Scope(frozenset({"chiropractor"}), near, within_m, frozenset())
    )


@pytest.mark.parametrize(("country", "near"), [("DE", False), ("", True), ("US", True)])
def test_a_place_abroad_is_not_near_though_its_postal_code_looks_like_one_here(country, near):
    found = read(SEATTLE, 10_000, **{registry.COUNTRY_COLUMN: country})
    assert (found is not None) is near
    assert read(**{registry.COUNTRY_COLUMN: "KH", registry.ZIP_COLUMN: "120"}).addresses[0].postal == "120"
