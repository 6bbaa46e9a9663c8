"""One office: who shares a door and a telephone or a name there; it follows everybody who comes, moves or leaves."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kneadwork.common import undo
from kneadwork.common.models import Act
from kneadwork.exchange import importing
from kneadwork.network import connections, merging, offices
from kneadwork.network.models import Address, Connection
from kneadwork.outreach import letters
from tests.builders import a_connection

DOOR = {"line1": "100 Main St", "city": "Seattle", "region": "WA", "postal": "98101"}
DESK = "206-555-0100"


def together() -> list[list[str]]:
    """The offices of more than one, each as the names of its people."""
    found: dict[str, list[str]] = {}
    for key, name in Connection.objects.exclude(office_key="").order_by("name").values_list("office_key", "name"):
        found.setdefault(key, []).append(name)
    return sorted(names for names in found.values() if len(names) > 1)


def kept_as_computed() -> bool:
    """Whether every key kept is what a fresh computation says."""
    fresh = offices.keys_of(offices.desks(Connection.objects.values_list("pk", flat=True)))
    return all(key == fresh.get(pk, "") for pk, key in Connection.objects.values_list("pk", "office_key"))


@pytest.mark.parametrize(("one", "other", "same"), [
    ({"phones": [DESK]}, {"phones": [DESK]}, True),
    ({"organisation": "Ballard Spine, LLC"}, {"organisation": "ballard spine"}, True),
    ({"phones": [DESK]}, {"phones": ["206-555-0199"]}, False),
    ({}, {}, False),
    ({"phones": [DESK]}, {"phones": [DESK], "stream": "clients"}, False),
    ({"phones": [DESK], "stream": "clients"}, {"phones": [DESK], "stream": "clients"}, True),
    ({"phones": [DESK]}, {"phones": [DESK], "address": DOOR | {"line1": "100 Main Street, Suite 5"}}, True),
    ({"phones": [DESK]}, {"phones": [DESK], "address": DOOR | {"line1": "100 Main St", "line2": "Ste 5"}}, True),
    ({"phones": [DESK]}, {"phones": [DESK], "address": DOOR | {"line1": "101 Main St"}}, False),
    ({"phones": [DESK]}, {"phones": [DESK], "address": DOOR | {"postal": "98107"}}, False),
])  # fmt: skip
def test_an_office_is_a_door_with_a_telephone_or_a_name_in_common(practice, one, other, same):
    a_connection("Ana Ruiz", **({"address": DOOR} | one))
    a_connection("Ben Osei", **({"address": DOOR} | other))
    assert together() == ([["Ana Ruiz", "Ben Osei"]] if same else [])


def test_people_tied_by_a_third_are_one_office_as_long_as_the_third_is_there(practice, owner):
    a_connection("Ana Ruiz", address=DOOR, phones=[DESK])
    a_connection("Ben Osei", address=DOOR, organisation="Ballard Spine")
    clinic = a_connection("Ballard Spine", kind="organisation", address=DOOR, phones=[DESK])
    assert together() == [["Ana Ruiz", "Ballard Spine", "Ben Osei"]]
    act = connections.remove([clinic], by=owner)
    assert together() == [] and kept_as_computed()
    undo.undo(act, by=owner)
    assert together() == [["Ana Ruiz", "Ballard Spine", "Ben Osei"]] and kept_as_computed()


def test_who_moves_leaves_the_office_and_the_others_letter_goes_to_the_old_door(practice, owner):
    ana, ben = (a_connection(n, address=DOOR, phones=[DESK]) for n in ("Ana Ruiz", "Ben Osei"))
    cy = a_connection("Cy Lee", address=DOOR, phones=[DESK])
    connections.remove_address(Address.objects.get(connection=ana), by=owner)
    connections.add_address(ana, by=owner, line1="77 New Rd", city="Tacoma", region="WA", postal="98402")
    assert together() == [["Ben Osei", "Cy Lee"]] and kept_as_computed()
    everyone = list(Connection.objects.filter(pk__in=[ana.pk, ben.pk, cy.pk]))
    desks, _left = letters.offices(everyone)
    assert {tuple(p.name for p in d.people): d.address.line1 for d in desks} == {
        ("Ana Ruiz",): "77 New Rd", ("Ben Osei", "Cy Lee"): "100 Main St",
    }  # fmt: skip
    for act in Act.objects.filter(kind="edit", undoes=None).order_by("-pk")[:2]:
        undo.undo(act, by=owner)
    assert together() == [["Ana Ruiz", "Ben Osei", "Cy Lee"]] and kept_as_computed()


def test_a_telephone_added_or_forgotten_makes_and_ends_an_office(practice, owner):
    ana, _ben = a_connection("Ana Ruiz", address=DOOR), a_connection("Ben Osei", address=DOOR, phones=[DESK])
    connections.add_contact(ana, "phone", DESK, by=owner)
    assert together() == [["Ana Ruiz", "Ben Osei"]]
    connections.remove_contact(ana.contactpoints.get(), by=owner)
    assert together() == [] and kept_as_computed()


def test_two_that_are_merged_and_taken_apart_have_the_offices_of_then(practice, owner):
    ana, ben = a_connection("Ana Ruiz", address=DOOR, phones=[DESK]), a_connection("Ben Osei")
    a_connection("Cy Lee", address=DOOR, phones=[DESK])
    act = merging.merge(ben, ana, by=owner)
    assert together() == [["Ben Osei", "Cy Lee"]] and kept_as_computed()
    undo.undo(act, by=owner)
    assert together() == [["Ana Ruiz", "Cy Lee"]] and kept_as_computed()


@pytest.mark.corpus
def test_an_organisation_of_the_registry_and_its_people_are_one_office(practice, corpus, tmp_path):
    with open(corpus / "nppes/npidata_pfile_330col_500rows_a.csv", newline="") as file:
        titles = next(csv.reader(file))
    file = registry(
        titles, tmp_path, [("1588667638", "1", "", "ROE", "JANE"), ("1679576722", "2", "MAIN STREET CHIRO", "", "")]
    )
    answer = importing.import_file(file, practice=practice, by_name="test")
    assert answer["created"] == 2
    assert together() == [["Jane Roe", "Main Street Chiro"]]
    importing.undo(answer["import"], by_name="test")
    a_connection("Ana Ruiz", address=DOOR, phones=[DESK])
    importing.import_file(file, practice=practice, by_name="test")
    assert together() == [["Ana Ruiz", "Jane Roe", "Main Street Chiro"]] and kept_as_computed()


def registry(titles: list[str], folder: Path, rows, **more) -> Path:
    """A file of the registry in which all are chiropractors at one door: (number, kind, organisation, family, given)."""
    where = "Provider Business Practice Location Address "
    path = folder / "npidata_pfile.csv"
    with open(path, "w", newline="") as file:
        out = csv.DictWriter(file, titles, restval="", quoting=csv.QUOTE_ALL)
        out.writeheader()
        for npi, kind, organisation, family, given in rows:
            out.writerow({
                "NPI": npi, "Entity Type Code": kind, "Provider Organization Name (Legal Business Name)": organisation,
                "Provider Last Name (Legal Name)": family, "Provider First Name": given,
                "Provider First Line Business Practice Location Address": "100 MAIN ST", f"{where}City Name": "SEATTLE",
                f"{where}State Name": "WA", f"{where}Postal Code": "98101", f"{where}Telephone Number": "2065550100",
                "Healthcare Provider Taxonomy Code_1": "111N00000X",
                "Healthcare Provider Primary Taxonomy Switch_1": "Y",
            } | more)  # fmt: skip
    return path
