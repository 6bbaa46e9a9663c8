"""Other names, further places and electronic addresses of those who are known here; everyone else's are counted."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest

from kneadwork.exchange.neutral import Item, OutOfScope, Record, Rejected, Unreadable
from kneadwork.exchange.normal import is_npi
from kneadwork.exchange.readers import registry, registry_extras

NPIS = [str(n) for n in range(1_000_000_000, 1_000_000_400) if is_npi(str(n))]
ONE, TWO, THREE = NPIS[:3]
NAMES = ["NPI", "Provider Other Organization Name", "Provider Other Organization Name Type Code"]
PLACES = [
    "NPI", "Provider Secondary Practice Location Address- Address Line 1",
    "Provider Secondary Practice Location Address-  Address Line 2",
    "Provider Secondary Practice Location Address - City Name",
    "Provider Secondary Practice Location Address - State Name",
    "Provider Secondary Practice Location Address - Postal Code",
    "Provider Secondary Practice Location Address - Country Code (If outside U.S.)",
    "Provider Secondary Practice Location Address - Telephone Number",
]  # fmt: skip
ENDPOINTS = ["NPI", "Endpoint Type", "Endpoint Type Description", "Endpoint"]
MAIN = [
    "NPI", "Entity Type Code", "Provider Last Name (Legal Name)", "Provider First Name", registry.ZIP_COLUMN,
    "NPI Deactivation Date", "Healthcare Provider Taxonomy Code_1", "Healthcare Provider Primary Taxonomy Switch_1",
]  # fmt: skip


def a_file(path: Path, titles: list[str], *rows: tuple[str, ...]) -> Path:
    """A file in the registry's own form."""
    with path.open("w", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([titles, *rows])
    return path


def records(items: list[Item]) -> list[Record]:
    return [i for i in items if isinstance(i, Record)]


def rejected(items: list[Item]) -> list[Rejected]:
    return [i for i in items if isinstance(i, Rejected)]


def count(items: list[Item]) -> int:
    return sum(i.count if isinstance(i, OutOfScope) else 1 for i in items)


def test_a_known_office_gets_its_other_names_each_row_one_record(tmp_path):
    path = a_file(tmp_path / "n.csv", NAMES, (ONE, "BALLARD SPINE", "3"), (TWO, "x", "3"), (ONE, 'The "Old" Mill', "4"))
    items = list(registry_extras.read(path, frozenset({ONE})))
    assert [(r.where, r.npi, r.other_names) for r in records(items)] == [
        ("line 2", ONE, ["Ballard Spine"]), ("line 4", ONE, ['The "Old" Mill']),
    ]  # fmt: skip
    assert count(items) == 3 and OutOfScope(1) in items


def test_a_known_provider_gets_a_further_place_with_its_telephone(tmp_path):
    path = a_file(
        tmp_path / "p.csv", PLACES, (ONE, "1 MAIN ST", "STE 5", "BOSTON", "MA", "21010000", "US", "2065550101"),
        (ONE, "7 Street 63", "", "Phnom Penh", "", "120", "KH", "23 555 123"), (THREE, "", "", "", "", "", "", ""),
    )  # fmt: skip
    items = list(registry_extras.read(path, frozenset({ONE, THREE})))
    here, abroad = (r.addresses[0] for r in records(items))
    assert (here.line1, here.city, here.postal, here.kind) == ("1 Main St", "Boston", "02101-0000", "secondary")
    assert here.phone == "+12065550101" and "leading nought" in records(items)[0].warnings[0]
    assert (abroad.postal, abroad.country, abroad.phone) == ("120", "KH", "23 555 123")
    assert count(items) == 3


def test_only_direct_and_fhir_addresses_count_and_a_wrong_one_is_said(tmp_path):
    path = a_file(
        tmp_path / "e.csv", ENDPOINTS, (ONE, "DIRECT", "", "ann.hale@direct.example.org"),
        (ONE, "FHIR", "", "https://fhir.example.org/R4/"), (ONE, "FHIR", "", "https:/fhir.example.org"),
        (ONE, "SOAP", "", "https://soap.example.org"), (ONE, "DIRECT", "", "javascript:alert(1)"), (TWO, "DIRECT", "", "no"),
    )  # fmt: skip
    items = list(registry_extras.read(path, frozenset({ONE})))
    assert [r.endpoints for r in records(items)] == [["ann.hale@direct.example.org"], ["https://fhir.example.org/R4/"]]
    assert [r.where for r in rejected(items)] == ["line 4", "line 6"]
    assert count(items) == 6


@pytest.mark.parametrize("wrong", [b'"%b","cut', b'"%b"\n', b'"%b","a","b","c"\n', b'"%b","a "quoted" b","3"\n'])
def test_a_broken_row_is_given_back_and_costs_no_other(tmp_path, wrong):
    path = a_file(tmp_path / "n.csv", NAMES, (TWO, "Ballard Spine", "3"), (ONE, "Fremont Feet", "3"))
    path.write_bytes(path.read_bytes() + wrong.replace(b"%b", ONE.encode()))
    items = list(registry_extras.read(path, frozenset({ONE})))
    assert [r.other_names for r in records(items)] == [["Fremont Feet"]]
    assert [r.where for r in rejected(items)] == ["line 4"] and count(items) == 3


def test_numbers_a_spreadsheet_made_fractions_of_are_mended_with_a_note(tmp_path):
    path = tmp_path / "n.csv"
    path.write_text(",".join(NAMES) + f"\n{ONE}.0,Fremont Feet,3.0\n1.2E9,Nobody,3\n")
    items = list(registry_extras.read(path, frozenset({ONE})))
    assert [(r.npi, r.other_names) for r in records(items)] == [(ONE, ["Fremont Feet"])]
    assert "mended" in records(items)[0].warnings[0] and "rounded" in rejected(items)[0].reason


@pytest.mark.parametrize("text", ["", "NPI\n1\n", "name,town\nA,B\n", "NPI,Entity Type Code\n1,2\n"])
def test_another_file_is_refused_in_words(tmp_path, text):
    path = tmp_path / "x.csv"
    path.write_text(text)
    with pytest.raises(Unreadable, match="columns"):
        list(registry_extras.read(path, frozenset()))


@pytest.fixture
def month(tmp_path) -> Path:
    """A monthly zip: a main file of three rows with one in scope, and two of its further files."""
    main = a_file(
        tmp_path / "npidata_pfile_20251103.csv", MAIN, (ONE, "1", "HALE", "ANN", "981010000", "", "111N00000X", "Y"),
        (TWO, "1", "OSEI", "BEN", "992010000", "", "111N00000X", "Y"), (THREE, "1", "LI", "MEI", "98101", "", "1", "Y"),
    )  # fmt: skip
    names = a_file(tmp_path / "othername_pfile_20251103.csv", NAMES, (ONE, "HALE SPINE", "3"), (TWO, "OSEI SPINE", "3"))
    ends = a_file(tmp_path / "endpoint_pfile_20251103.csv", ENDPOINTS, (THREE, "DIRECT", "", "mei@direct.example.org"))
    path = tmp_path / "month.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in (names, main, ends):
            archive.write(file, f"folder/{file.name}")
        archive.writestr("folder/pl_pfile_20251103_fileheader.csv", '"NPI"\n')
    return path


def test_a_zip_of_further_files_tells_in_which_one_a_row_stands(month):
    items = list(registry_extras.read(month, frozenset({ONE, THREE})))
    assert [(r.where, r.npi) for r in records(items)] == [
        ("line 2 of othername_pfile_20251103.csv", ONE), ("line 2 of endpoint_pfile_20251103.csv", THREE),
    ]  # fmt: skip
    assert count(items) == 3


def test_a_zip_without_them_is_refused(tmp_path):
    path = tmp_path / "empty.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "")
    with pytest.raises(Unreadable, match="zip"):
        list(registry_extras.read(path, frozenset()))


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "rows", "npi", "wanted"),
    [("othername", 1228, "1093090342", 62), ("pl", 4912, "1851336432", 59), ("endpoint", 1317, "1386267037", 11)],
)
def test_the_real_files_of_a_week_are_accounted_for_row_by_row(corpus, name, rows, npi, wanted):
    path = corpus / f"nppes/{name}_pfile_20251103-20251109_a.csv"
    with path.open(newline="") as file:
        everyone = frozenset(row["NPI"] for row in csv.DictReader(file))
    assert count(list(registry_extras.read(path, everyone))) == rows
    items = list(registry_extras.read(path, frozenset({npi})))
    assert count(items) == rows and len(records(items)) == wanted
    assert {r.npi for r in records(items)} == {npi}
