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


@pytest.mark.parametrize(("given", "middle", "family", "name"), [
    ("THANH", "", "DO", "Thanh Do"), ("CW", "PA", "NG", "CW Pa Ng"), ("TJ", "AJ", "O'BRIEN-SC", "TJ AJ O'Brien-Sc"), ("JO", "ED", "PT", "Jo Ed Pt"),
    ("ST JOHN", "J", "MCKAY III", "St John J McKay III"), ("DEE DEE", "", "DE LA CRUZ", "Dee Dee De la Cruz"), ("Kim", "", "DeVries", "Kim DeVries"),
    ("ANN", "", "O'BRIEN-MCDONALD", "Ann O'Brien-McDonald"), ("ANN", "", "MCDONALD", "Ann McDonald"),
])  # fmt: skip
def test_a_name_in_capitals_is_written_as_people_write_it(given, middle, family, name):
    parts = {"First": given, "Middle": middle, "Last": family}
    columns = {f"Provider {k} Name{' (Legal Name)' if k == 'Last' else ''}": v for k, v in parts.items()}
    found = read(**columns, **{"Provider Credential Text": "D.O."})
    assert (found.name, found.credentials) == (name, "DO")


@pytest.mark.parametrize(("written", "natural"), [
    ("136 N 3RD ST", "136 N 3rd St"), ("425 W 20TH ST STE.6", "425 W 20th St Ste.6"), ("1 1ST AVE NE", "1 1st Ave NE"),
    ("22ND FLOOR", "22nd Floor"), ("12 A-4TH RD", "12 A-4th Rd"), ("PO BOX 3RDS", "PO Box 3Rds"), ("5 3Rd St", "5 3Rd St"),
    ("RM 1TB03 ELLSWORTH AFB", "Rm 1TB03 Ellsworth AFB"), ("4879 US HIGHWAY 68 S", "4879 US Highway 68 S"), ("US HWY 1", "US Hwy 1"),
    ("100LL MAIN ST", "100LL Main St"), ("12A 5TH ST,STE 3", "12A 5th St, Ste 3"), ("1,000 OAK ST", "1,000 Oak St"), ("9 FM 1960 W", "9 FM 1960 W"),
    ("3 MCKAY-MCDONALD WAY", "3 McKay-McDonald Way"),
])  # fmt: skip
def test_a_street_in_capitals_is_written_as_people_write_it(written, natural):
    found = read(**{"Provider First Line Business Practice Location Address": written})
    assert found.addresses[0].line1 == natural


def test_a_second_slot_that_says_hospitalist_is_their_occupation():
    assert read(**{"Healthcare Provider Taxonomy Code_2": "208M00000X"}).title == "Hospitalist"
    assert read().title == ""


@pytest.mark.parametrize(("written", "natural"), [
    ("PLEASANT HILL FAMILY PRACTICE,PC", "Pleasant Hill Family Practice, PC"), ("PINE SPINE, P.C.", "Pine Spine, P.C."),
    ("US SPINE GROUP,LLC", "US Spine Group, LLC"), ("TRUST US DENTAL", "Trust Us Dental"), ("MCKAY AND SONS LP", "McKay and Sons LP"),
])  # fmt: skip
def test_an_office_in_capitals_is_written_as_people_write_it(written, natural):
    found = read(**{"Entity Type Code": "2", "Provider Organization Name (Legal Business Name)": written})
    assert found.name == natural


def test_a_file_without_taxonomy_codes_says_why_nobody_is_found(tmp_path):
    path = tmp_path / "npidata_pfile.csv"
    titles = [title for title in row() if "Taxonomy" not in title]
    path.write_text(f"{','.join(titles)}\n{','.join(row()[title] for title in titles)}\n")
    said, left_out = registry.read(path, near=None, within_m=None, professions=frozenset(), known=frozenset())
    assert "no columns for taxonomy codes" in said.words and "npidata_pfile" in said.words
    assert left_out.count == 1
