"""What a newer file says of somebody known: taken, added, or shown as not taken; nothing is dropped without a word."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse

from kneadwork.exchange import importing
from kneadwork.network import connections
from kneadwork.network.models import Address, Connection, ContactPoint, Provenance
from tests.test_imports import pictures
from tests.test_offices import kept_as_computed, registry

MAIL = "ada@stone.example"


@pytest.fixture
def bring(practice, tmp_path):
    """Import an address book with one person, given as columns."""

    def run(**columns: str) -> dict:
        path = Path(tmp_path / "people.csv")
        path.write_text(",".join(columns) + "\n" + ",".join(columns.values()) + "\n")
        return importing.import_file(path, practice=practice, by_name="test")

    return run


def sources_of(c: Connection) -> set[tuple[str, str]]:
    return set(Provenance.objects.filter(connection=c).values_list("field", "value"))


def test_another_form_of_the_name_is_one_of_their_names(bring):
    bring(Name="Ada Stone", Email=MAIL)
    assert bring(Name="Ada B. Stone", Email=MAIL)["updated"] == 1
    ada = Connection.objects.get()
    assert (ada.name, ada.other_names) == ("Ada Stone", ["Ada B. Stone"])
    assert bring(Name="ADA STONE", Email=MAIL)["unchanged"] == 1


def test_another_note_is_added_below_and_the_same_is_not(practice, tmp_path):
    for note, town in (("Likes mornings", ""), ("Has a dog", ""), ("Likes mornings", "Seattle")):
        path = tmp_path / "ada.vcf"
        path.write_text(
            f"BEGIN:VCARD\nVERSION:3.0\nFN:Ada Stone\nEMAIL:{MAIL}\nNOTE:{note}\nADR:;;;{town};;;\nEND:VCARD\n"
        )
        importing.import_file(path, practice=practice, by_name="test")
    assert Connection.objects.get().note == "Likes mornings\n\nHas a dog"


def test_columns_unknown_to_kneadwork_are_merged_one_by_one_and_the_old_value_is_told(bring):
    bring(Name="Ada Stone", Email=MAIL, Colour="blue")
    assert bring(Name="Ada Stone", Email=MAIL, Colour="red", Shoe="39")["updated"] == 1
    ada = Connection.objects.get()
    assert ada.extra == {"Colour": "red", "Shoe": "39"}
    assert {("Colour", "blue (before)"), ("Colour", "red")} <= sources_of(ada)


def test_what_a_file_says_otherwise_is_not_taken_but_said(client, owner, practice, bring, tmp_path):
    bring(Name="Ada Stone", Email=MAIL, Company="Stone Gym")
    path = Path(tmp_path / "newer.csv")
    path.write_text(f"Name,Email,Company\nAda Stone,{MAIL},Other Gym\n")
    batch = importing.begin(practice, path)
    importing.read_in(batch, practice)
    client.force_login(owner.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("network:import_preview", args=[batch.pk])).content.decode()
    assert "not taken" in page and "Other Gym" in page
    client.post(reverse("network:import_keep", args=[batch.pk]))
    ada = Connection.objects.get()
    assert ada.organisation == "Stone Gym" and ("organisation", "Other Gym (not taken)") in sources_of(ada)
    page = client.get(reverse("network:sources", args=[ada.pk])).content.decode()
    assert "Other Gym" in page and "not taken" in page
    assert bring(Name="Ada Stone", Email=MAIL, Company="Other Gym", Phone="")["unchanged"] == 1


TITLES = [
    "NPI", "Entity Type Code", "Provider Organization Name (Legal Business Name)", "Provider Last Name (Legal Name)",
    "Provider First Name", "Provider Middle Name", "Provider Credential Text",
    "Provider First Line Business Practice Location Address", "Provider Second Line Business Practice Location Address",
    "Provider Business Practice Location Address City Name", "Provider Business Practice Location Address State Name",
    "Provider Business Practice Location Address Postal Code",
    "Provider Business Practice Location Address Telephone Number",
    "Provider Business Practice Location Address Fax Number", "Healthcare Provider Taxonomy Code_1",
    "Healthcare Provider Primary Taxonomy Switch_1", "Healthcare Provider Taxonomy Code_2",
    "Healthcare Provider Primary Taxonomy Switch_2", "NPI Deactivation Date", "NPI Reactivation Date",
]  # fmt: skip
WHERE = "Provider Business Practice Location Address "
JANE = ("1588667638", "1", "", "ROE", "JANE")
MARRIED = ("1588667638", "1", "", "ROE-SMITH", "JANE")
MOVED = {
    "Provider First Line Business Practice Location Address": "9 OCEAN AVE", f"{WHERE}City Name": "PORTLAND",
    f"{WHERE}State Name": "OR", f"{WHERE}Postal Code": "97201", f"{WHERE}Telephone Number": "5035550177",
}  # fmt: skip


@pytest.fixture
def month(practice, tmp_path):
    """Import a file of the registry with one person, under the name of its days."""

    def run(row=JANE, days: str = "20260301-20260307", **more) -> dict:
        path = registry(TITLES, tmp_path, [row], **more)
        path = path.rename(tmp_path / f"npidata_pfile_{days}.csv")
        return importing.import_file(path, practice=practice, by_name="test")

    return run


def stands() -> tuple:
    """Name, addresses and telephones (the preferred one first), and whether they are near."""
    jane = Connection.objects.get(npi="1588667638")
    lines = list(jane.addresses.order_by("-preferred", "pk").values_list("line1", flat=True))
    phones = list(jane.contactpoints.filter(kind="phone").order_by("-preferred", "pk").values_list("normal", flat=True))
    return jane.name, lines, phones, round(jane.latitude)


def test_who_moved_and_was_renamed_follows_the_newer_row_of_the_registry(month):
    month()
    before = pictures()
    answer = month(MARRIED, "20260401-20260407", **MOVED)
    assert answer["updated"] == 1
    assert stands() == ("Jane Roe-Smith", ["9 Ocean Ave"], ["+15035550177"], 46)
    jane = Connection.objects.get()
    assert (jane.family, jane.other_names) == ("Roe-Smith", ["Jane Roe"])
    assert Address.objects.get().preferred and ContactPoint.objects.get(kind="phone").preferred
    assert jane.standing.distance_m > 100_000 and kept_as_computed()
    importing.undo(answer["import"], by_name="test")
    assert pictures() == before and stands()[3] == 48 and kept_as_computed()


def test_the_same_row_again_changes_nothing_and_an_older_file_takes_nothing_back(month):
    month()
    month(MARRIED, "20260401-20260407", **MOVED)
    there = stands()
    assert month(MARRIED, "20260501-20260507", **MOVED)["unchanged"] == 1
    month(JANE, "20260201-20260207", **{f"{WHERE}Fax Number": "2065550188"})
    assert stands()[0] == there[0] and stands()[1][0] == "9 Ocean Ave" and stands()[3] == there[3]


def test_what_a_hand_wrote_stays(month, owner):
    month()
    jane = Connection.objects.get()
    connections.edit(jane, {"name": "Jane R. Roe"}, by=owner)
    connections.add_contact(jane, "phone", "206-555-0123", by=owner)
    connections.add_address(jane, by=owner, line1="5 Home St", city="Seattle", region="WA", postal="98107")
    month(MARRIED, "20260401-20260407", **MOVED)
    name, lines, phones, _near = stands()
    assert name == "Jane R. Roe" and "Jane Roe-Smith" in Connection.objects.get().other_names
    assert set(lines) == {"5 Home St", "9 Ocean Ave"} and set(phones) == {"+12065550123", "+15035550177"}


def test_a_place_chosen_by_hand_stays_preferred(month, owner):
    month()
    jane = Connection.objects.get()
    connections.remove_address(jane.addresses.get(), by=owner)
    connections.add_address(jane, by=owner, line1="5 Home St", city="Seattle", region="WA", postal="98107")
    month(JANE, "20260401-20260407", **MOVED)
    assert stands()[1] == ["5 Home St", "9 Ocean Ave"] and stands()[3] == 48


def test_a_second_profession_told_later_is_one_of_theirs(month):
    month()
    month(JANE, "20260401-20260407", **{"Healthcare Provider Taxonomy Code_2": "225100000X"})
    jane = Connection.objects.get()
    assert jane.profession == "chiropractor" and set(jane.professions) == {"chiropractor", "physical_therapist"}


def test_many_updates_ask_the_database_a_fixed_number_of_times(practice, tmp_path, django_assert_max_num_queries):
    path = tmp_path / "many.csv"
    path.write_text("Name,Email\n" + "".join(f"Ada Stone{n},a{n}@stone.example\n" for n in range(120)))
    importing.import_file(path, practice=practice, by_name="test")
    path.write_text(
        "Name,Email,Company,Phone\n"
        + "".join(f"Ada Stone{n},a{n}@stone.example,Gym {n},206-555-{n:04}\n" for n in range(120))
    )
    with django_assert_max_num_queries(200):
        importing.import_file(path, practice=practice, by_name="test")
    assert Connection.objects.exclude(organisation="").count() == 120
