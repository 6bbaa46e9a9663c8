"""Recognising people twice seen: across files as within one, however a name is written; certain only where it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from kneadwork.exchange import importing
from kneadwork.network.models import Connection, MergeProposal
from tests.builders import a_connection

HOME = {"line1": "100 Main St", "city": "Seattle", "region": "WA", "postal": "98101"}


@pytest.fixture
def bring(practice, tmp_path):
    """Import one address book, given as its lines."""

    def run(*lines: str, header: str = "Name,Email,Phone,Address,City,State,ZIP") -> dict:
        path = Path(tmp_path / "people.csv")
        path.write_text("\n".join([header, *lines, ""]))
        return importing.import_file(path, practice=practice, by_name="test")

    return run


@pytest.mark.parametrize(("first", "second"), [
    ("José Alvarez", "Jose Alvarez"), ("JANE ROE", "Jane Roe"), ("Amy Poe", "Amy Poe DC"), ("Amy Poe DC", "Dr. Amy Poe"),
])  # fmt: skip
@pytest.mark.parametrize("files", [1, 2])
def test_a_name_at_a_place_is_recognised_however_it_is_written(bring, first, second, files):
    lines = [f"{first},,,100 Main St,Seattle,WA,98101", f"{second},,,100 Main St,Seattle,WA,98101"]
    if files == 1:
        bring(*lines)
    else:
        bring(lines[0])
        bring(lines[1])
    assert Connection.objects.count() == 1 and not MergeProposal.objects.exists()


def test_two_given_names_of_one_family_are_two(bring):
    bring('"Smith, John",,,100 Main St,Seattle,WA,98101')
    bring('"Smith, Jane",,,100 Main St,Seattle,WA,98101')
    assert Connection.objects.count() == 2


def test_a_former_name_at_a_place_is_recognised(bring):
    a_connection("Jane Roe-Smith", other_names=["Jané Roe"], address=HOME)
    bring("jane roe,,,9 Other St,Seattle,WA,98101")
    assert Connection.objects.count() == 1


BOOKED = "First Name,Last Name,Client ID,Email,Phone,ZIP,Visits"


@pytest.mark.parametrize(("one", "other"), [
    ("Maria,Garcia,1,maria@a.example,206-555-0111,98118,4", "Maria,Garcia,2,mg@b.example,206-555-0112,98118,9"),
    ("John,Lee,1,,,,4", "John,Lee,2,,,,9"),
    ("Maria,Garcia,1,desk@a.example,,98118,4", "Maria,Garcia,2,desk@a.example,,98118,9"),
])  # fmt: skip
@pytest.mark.parametrize("files", [1, 2])
def test_two_client_numbers_are_two_clients_to_be_looked_at(bring, one, other, files):
    if files == 1:
        bring(one, other, header=BOOKED)
    else:
        bring(one, header=BOOKED)
        bring(other, header=BOOKED)
    assert sorted(c.clients.get().visits for c in Connection.objects.all()) == [4, 9]
    assert MergeProposal.objects.count() == 1


def test_two_of_one_name_in_one_town_with_other_telephones_are_a_doubt_but_not_at_one_street(bring):
    bring("Amy Poe,,206-555-0111,,,,98101", "Ben Ray,,206-555-0113,1 Main Street,,,98101")
    bring("Amy Poe,,206-555-0112,,,,98101", "Ben Ray,,206-555-0114,1 Main St.,,,98101")
    assert sorted(Connection.objects.values_list("name", flat=True)) == ["Amy Poe", "Amy Poe", "Ben Ray"]
    assert MergeProposal.objects.count() == 1


def test_a_bare_first_name_is_a_doubt(bring):
    bring("Chris,chris@a.example,,,,,")
    bring("Chris,,,,,,", "Chris Woo,chris@a.example,,,,,")
    assert Connection.objects.count() == 3 and MergeProposal.objects.count() == 2


def test_a_household_is_not_one_person(bring):
    home = "206-555-0111"
    bring(f"Smith,,{home},,,,", f"Ann Smith,,{home},,,,", f"Bob Smith,,{home},,,,")
    assert sorted(Connection.objects.values_list("name", flat=True)) == ["Ann Smith", "Bob Smith", "Smith"]
