"""What the one way in promises, on real files: every row accounted for, the same again nothing, undo restores."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.apps import apps

from kneadwork.common import acts, undo
from kneadwork.common.models import Act
from kneadwork.common.tenancy import PracticeModel
from kneadwork.exchange import importing
from kneadwork.exchange.neutral import AboutFile, Record, Rejected, Unreadable
from kneadwork.exchange.normal import is_npi
from kneadwork.exchange.readers import columns, sheets, table, vcard
from kneadwork.network import connections, resting, touching
from kneadwork.network.models import Connection, Stop
from tests.builders import TODAY, a_connection

COUNTS = ("created", "updated", "unchanged", "merged", "retired", "out_of_scope")

CARDS = """BEGIN:VCARD
VERSION:3.0
FN:Amara Lindqvist DC
N:Lindqvist;Amara;;Dr.;DC
ORG:Ballard Spine
TEL;TYPE=WORK:206-555-0101
ADR;TYPE=WORK:;;1 Main St;Seattle;WA;98107;US
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Ben Osei
EMAIL:ben@osei.example
END:VCARD
"""


def pictures() -> str:
    """Every tracked row of the practice, as text."""
    kept = {}
    for model in apps.get_models():
        if issubclass(model, PracticeModel) and model.tracked:
            kept[model._meta.label] = [acts.image(r) for r in model.objects.order_by("pk")]
    return json.dumps(kept, sort_keys=True)


def accounted(answer: dict) -> bool:
    return answer["read"] == sum(answer[c] for c in COUNTS) + len(answer["rejected"])


@pytest.fixture
def cards(tmp_path) -> Path:
    path = tmp_path / "cards.vcf"
    path.write_text(CARDS)
    return path


def bring(practice, path, **options) -> dict:
    return importing.import_file(path, practice=practice, by_name="test", **options)


def test_a_card_becomes_a_connection_with_its_profession(practice, cards):
    answer = bring(practice, cards)
    assert answer["created"] == 2 and accounted(answer)
    doctor = Connection.objects.get(family="Lindqvist")
    assert (doctor.stream, doctor.profession) == ("medical", "chiropractor")
    assert doctor.latitude is not None


def test_a_dry_run_keeps_nothing(practice, cards):
    before = pictures()
    assert bring(practice, cards, dry_run=True)["created"] == 2
    assert pictures() == before


def test_the_same_file_twice_changes_nothing(practice, cards):
    bring(practice, cards)
    again = bring(practice, cards)
    assert again["unchanged"] == 2 and again["created"] == again["updated"] == 0


def test_undo_restores_every_byte(practice, cards):
    before = pictures()
    answer = bring(practice, cards)
    importing.undo(answer["import"], by_name="test")
    assert pictures() == before


def test_undo_leaves_what_was_used_since_and_a_stop_survives(practice, cards):
    answer = bring(practice, cards)
    ben = Connection.objects.get(name="Ben Osei")
    touching.log(ben, "call", on=TODAY, today=TODAY, by_name="test")
    doctor = Connection.objects.get(family="Lindqvist")
    resting.stop(doctor, on=TODAY, how="by telephone", by_name="test")
    done = importing.undo(answer["import"], by_name="test")
    assert {s["name"] for s in done["stays"]} == {"Ben Osei", "Amara Lindqvist DC"}
    assert Stop.objects.filter(connection=doctor).exists()


def test_merge_of_undo_is_an_act_that_can_be_seen(practice, cards):
    answer = bring(practice, cards)
    importing.undo(answer["import"], by_name="test")
    act = Act.objects.get(kind="import")
    assert undo.is_undone(act)


def test_a_booking_file_makes_clients_and_links_the_source(practice, tmp_path):
    path = tmp_path / "clients.csv"
    path.write_text("First Name,Last Name,Email,Last Visit,Referred By,Medical Alert\n"
                    "Ana,Ruiz,ana@ruiz.example,2026-10-01,Ben Osei,asthma\nCy,Lee,cy@lee.example,2026-10-02,web search,\n")  # fmt: skip
    answer = bring(practice, path)
    assert answer["created"] == 2
    ana = Connection.objects.get(family="Ruiz")
    assert ana.stream == "clients" and "asthma" not in pictures()
    assert Connection.objects.get(name="Ben Osei").referrals.get().person == "Ana Ruiz"
    assert not Connection.objects.filter(name="web search").exists()


@pytest.mark.corpus
def test_every_row_of_the_registry_is_accounted_for_and_the_same_again_is_nothing(practice, corpus):
    path = corpus / "nppes/npidata_pfile_330col_500rows_a.csv"
    first, second = bring(practice, path), bring(practice, path)
    assert first["read"] == second["read"] == 500 and accounted(first) and accounted(second)
    assert first["created"] > 100
    assert second["created"] == second["updated"] == second["merged"] == second["retired"] == 0


@pytest.mark.corpus
def test_damaged_numbers_are_mended_and_never_wrong(practice, corpus):
    bring(practice, corpus / "nppes/npidata_pfile_330col_500rows_a.csv")
    answer = bring(practice, corpus / "nppes/npidata_330col_500rows_a_float_damaged.csv")
    assert accounted(answer) and answer["created"] == answer["updated"] == 0
    assert answer["warnings"]


@pytest.mark.corpus
def test_no_card_of_the_corpus_is_lost(corpus):
    files = [f for f in sorted((corpus / "vcard").rglob("*")) if f.suffix in (".vcf", ".json")]
    assert len(files) >= 50
    for file in files:
        data = file.read_bytes()
        items = list(vcard.read(data))
        begun = data.replace(b"\0", b"").upper().count(b"BEGIN:VCARD") or 1
        assert len(items) == begun, file.name
        assert all(isinstance(i, Record | Rejected) for i in items)


@pytest.mark.corpus
def test_no_contact_table_of_the_corpus_ends_in_a_traceback(corpus):
    for file in sorted((corpus / "contacts_csv").rglob("*.csv")):
        try:
            items = list(table.read(columns.layout(sheets.sheets(file))))
        except Unreadable as refused:
            raise AssertionError(f"{file.name}: {refused}")
        assert all(isinstance(i, Record | Rejected | AboutFile) for i in items)


@pytest.mark.parametrize("number, good", [("1679576722", True), ("1679576723", False), ("167957672", False)])
def test_the_check_digit_of_a_registry_number_is_checked(number, good):
    assert is_npi(number) is good


def test_a_thousand_nested_cards_are_one_reported_row():
    items = list(vcard.read(b"BEGIN:VCARD\n" * 1200 + b"FN:X\n" + b"END:VCARD\n" * 1200))
    assert len(items) == 1


BOOKED = "First Name,Last Name,Email,Last Visit,Referred By,Referred By Phone\n"


def test_who_sent_a_client_is_recognised_by_telephone_and_linked_even_if_the_client_was_known(practice, tmp_path):
    path = tmp_path / "clients.csv"
    path.write_text(BOOKED.replace(",Referred By,Referred By Phone", "") + "Ana,Ruiz,ana@ruiz.example,2026-10-01\n")
    bring(practice, path)
    bring_cards = tmp_path / "doctor.vcf"
    bring_cards.write_text(CARDS)
    bring(practice, bring_cards)
    path.write_text(BOOKED + "Ana,Ruiz,ana@ruiz.example,2026-10-01,Dr. Lindqvist,(206) 555-0101\n")
    assert bring(practice, path)["updated"] == 1
    assert [r.person for r in Connection.objects.get(family="Lindqvist").referrals.all()] == ["Ana Ruiz"]
    again = bring(practice, path)
    assert again["unchanged"] == 1 and Connection.objects.count() == 3


def test_a_row_twice_in_a_file_is_not_lost_when_the_first_of_them_is_left_out(practice, tmp_path):
    from kneadwork.exchange import choosing
    from kneadwork.exchange.keeping import keep
    from kneadwork.exchange.models import StagedRow

    path = tmp_path / "twice.vcf"
    path.write_text(CARDS + CARDS)
    batch = importing.begin(practice, path)
    importing.read_in(batch, practice)
    for row in StagedRow.objects.filter(batch=batch, outcome="created"):
        choosing.leave_out(batch, row, True)
    keep(batch, on=TODAY, by_name="test")
    assert Connection.objects.count() == 2


def test_what_was_merged_by_hand_stays_merged_when_the_same_file_comes_again(practice, owner, tmp_path):
    from kneadwork.network import merging

    path = tmp_path / "two.vcf"
    path.write_text("".join(f"BEGIN:VCARD\nVERSION:3.0\nFN:{n}\nADR:;;1 Main St;Seattle;WA;98107;US\nEND:VCARD\n"
                            for n in ("Amara Lindqvist", "Amy Lindqvist-Osei")))  # fmt: skip
    assert bring(practice, path)["created"] == 2
    merging.merge(*Connection.objects.order_by("pk"), by=owner)
    again = bring(practice, path)
    assert again["created"] == 0 and again["unchanged"] + again["merged"] == 2


@pytest.fixture
def month(corpus, tmp_path) -> Path:
    """A monthly zip as the registry makes it: the main file and its further files, about the same numbers."""
    import csv
    import zipfile

    folder = corpus / "nppes"
    with open(folder / "npidata_pfile_330col_500rows_a.csv", newline="") as file:
        someone = [
            r["NPI"] for r in csv.DictReader(file) if r["Healthcare Provider Taxonomy Code_1"].startswith("207Q")
        ]
    path = tmp_path / "NPPES_Data_Dissemination.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(folder / "npidata_pfile_330col_500rows_a.csv", "npidata_pfile_20250101-20250107.csv")
        for name in ("othername", "pl", "endpoint"):
            lines = (folder / f"{name}_pfile_20251103-20251109_a.csv").read_text().splitlines(keepends=True)
            ours = [f'"{someone[0]}"{lines[1][12:]}', f'"{someone[1]}"{lines[2][12:]}']
            archive.writestr(f"{name}_pfile_20250101-20250107.csv", "".join([lines[0], *ours, *lines[1:50]]))
    return path


@pytest.mark.corpus
def test_the_months_zip_enriches_whom_it_brings_and_twice_is_nothing(practice, month):
    first = bring(practice, month)
    assert accounted(first) and first["merged"] >= 4
    places = [a.label for c in Connection.objects.all() for a in c.addresses.all()]
    assert places.count("secondary") == 2
    assert all(
        c.addresses.filter(preferred=True).count() == 1 for c in Connection.objects.all() if c.addresses.exists()
    )
    assert Connection.objects.exclude(other_names=[]).count() >= 2
    again = bring(practice, month)
    assert accounted(again)
    assert again["created"] == again["updated"] == again["retired"] == 0


@pytest.mark.parametrize(("name", "kind", "stream", "profession"), [
    ("Amara Lindqvist DC", "person", "medical", "chiropractor"),
    ("Amara Lindqvist, D.C.", "person", "medical", "chiropractor"),
    ("Amara B. Lindqvist D.C.", "person", "medical", "chiropractor"),
    ("Kofi Osei MD", "person", "medical", ""),
    ("Amara Lindqvist III", "person", "personal", ""),
    ("DC Comics Store", "organisation", "personal", ""),
    ("JOHN VAN DO", "person", "personal", ""),
    ("Kim DO", "person", "personal", ""),
])  # fmt: skip
def test_a_credential_makes_somebody_medical_with_a_comma_or_without(name, kind, stream, profession):
    from kneadwork.exchange.neutral import Record
    from kneadwork.exchange.recognise import recognise

    record = Record("card 1", name=name, kind=kind)
    recognise(record)
    assert (record.stream, record.profession) == (stream, profession)


@pytest.mark.parametrize("said", ["Kofi Adeyemi", "Dr. Kofi Adeyemi", "kofi adeyemi DPT"])
def test_who_sent_somebody_is_recognised_as_people_say_the_name(practice, owner, tmp_path, said):
    from kneadwork.referrals.models import Referral

    doctor = a_connection("Kofi Adeyemi, DPT")
    file = tmp_path / "clients.csv"
    file.write_text(f"First Name,Last Name,Phone,Last Visit,Referred By\nMia,Lund,206 555 0161,2026-10-01,{said}\n")
    importing.import_file(file, practice=practice, by=owner)
    assert Referral.objects.get().connection_id == doctor.pk
    assert Connection.objects.count() == 2


BROKEN = ["tom@@broken", "tom broken@post.example", "tom@post.example\u2028Bcc: x@y.example", "tom<at>post.example"]


@pytest.mark.parametrize("kind", ["csv", "vcf"])
def test_what_is_no_address_or_telephone_is_left_out_and_said(practice, tmp_path, kind):
    from kneadwork.network.models import ContactPoint

    path = tmp_path / f"people.{kind}"
    if kind == "csv":
        rows = [f'Tom {n},{value},"12, ext. 3",Osei' for n, value in enumerate(BROKEN)]
        path.write_text("\n".join(["Name,Email,Phone,Company", *rows]), "utf-8")
    else:
        path.write_text("".join(f"BEGIN:VCARD\nFN:Tom {n}\nEMAIL:{value}\nTEL:12\nEND:VCARD\n" for n, value in enumerate(BROKEN)), "utf-8")  # fmt: skip
    answer = bring(practice, path)
    assert answer["created"] == len(BROKEN) and not ContactPoint.objects.exists()
    assert sum("left out" in w for w in answer["warnings"]) == 2 * len(BROKEN)
    assert {c.extra["E-mail"] for c in Connection.objects.all()} >= {"tom@@broken", "tom<at>post.example"}


@pytest.mark.parametrize("kind", ["csv", "vcf"])
def test_an_address_with_something_about_it_is_mended(practice, tmp_path, kind):
    from kneadwork.network.models import ContactPoint

    given, path = (
        ["<a@post.example>", "mailto:b@post.example", "Cy Lee <c@post.example>", "d@post.example, e@post.example"],
        tmp_path / f"people.{kind}",
    )
    if kind == "csv":
        path.write_text("Name,Email,Company\n" + "".join(f'Person {n},"{v}",Osei {n}\n' for n, v in enumerate(given)))
    else:
        path.write_text("".join(f"BEGIN:VCARD\nFN:Person {n}\nEMAIL:{v}\nEND:VCARD\n" for n, v in enumerate(given)))
    assert not bring(practice, path)["warnings"]
    assert sorted(ContactPoint.objects.values_list("value", flat=True)) == [f"{c}@post.example" for c in "abcde"]
    assert ContactPoint.objects.filter(preferred=True).count() == 4


def test_a_row_that_says_nothing_but_nonsense_is_returned(practice, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Name,Email,Phone,Company\n,n/a,12,\nAda,a@post.example,,Osei\n")
    answer = bring(practice, path)
    assert answer["created"] == 1 and len(answer["rejected"]) == 1


VISITS = "First Name,Last Name,Email,Client Since,First Visit,Last Visit,Visits\nAna,Ruiz,ana@ruiz.example,{}\n"


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0), (1, 0, 1)])
def test_in_whatever_order_booking_files_come_the_earliest_and_the_latest_visit_stand(practice, tmp_path, order):
    files = ["2024-01-05,2024-01-05,2026-03-03,8", "2025-02-01,2024-02-01,2026-06-03,12"]
    path = tmp_path / "clients.csv"
    for number in order:
        path.write_text(VISITS.format(files[number]))
        bring(practice, path)
    client = Connection.objects.get().clients.get()
    assert (str(client.first_visit), str(client.last_visit), client.visits) == ("2024-01-05", "2026-06-03", 12)
    assert str(client.since) == "2024-01-05"


@pytest.mark.parametrize(("country", "known"), [("Germany", False), ("", True), ("USA", True)])
def test_only_an_address_of_this_country_is_placed_by_its_zip_code(practice, owner, tmp_path, country, known):
    from kneadwork.network import adding, connections

    path = tmp_path / "one.vcf"
    path.write_text(f"BEGIN:VCARD\nFN:Ada Stone\nADR:;;Teststr. 1;Berlin;;10115;{country}\nEND:VCARD\n")
    bring(practice, path)
    address = {"line1": "Teststr. 1", "city": "Berlin", "postal": "10115", "country": country}
    connections.add("Bo Stone", address=address, by=owner)
    adding.add_all([{"name": "Cy Stone", "address": address}], by=owner)
    assert [c.latitude is not None for c in Connection.objects.all()] == [known] * 3


@pytest.mark.parametrize(("said", "taken"), [("2025-02-02", 1), ("Yes", 1), ("", 2), ("No", 2), ("0000-00-00", 2)])
def test_whoever_has_died_is_left_out_and_said(practice, tmp_path, said, taken):
    path = tmp_path / "clients.csv"
    path.write_text(f"First Name,Last Name,Last Visit,Deceased At\nAda,Stone,2024-01-05,{said}\nBo,Lee,2026-01-05,\n")
    answer = bring(practice, path)
    assert answer["created"] == taken and len(answer["rejected"]) == 2 - taken
    assert all("has died" in r["reason"] for r in answer["rejected"])


@pytest.mark.parametrize(
    ("city", "postal", "rough"), [("Seattle", "98107", False), ("Seattle", "98111", True), ("Nowhere", "", None)]
)
def test_by_hand_and_by_file_the_same_address_is_the_same_place(practice, tmp_path, city, postal, rough):
    path = tmp_path / "people.csv"
    path.write_text(f"Name,Company,Street,City,State,ZIP\nAna Ruiz,Osei,1 Main St,{city},WA,{postal}\n")
    bring(practice, path)
    where = {"line1": "1 Main St", "city": city, "region": "WA", "postal": postal}
    by_hand, by_file = a_connection("Bo Li", address=where), Connection.objects.get(name="Ana Ruiz")
    places = {(c.latitude, c.longitude, c.place_rough) for c in (by_hand, by_file)}
    assert len(places) == 1
    assert places.pop()[2] is bool(rough) and (by_file.latitude is None) is (rough is None)


def test_by_hand_and_by_file_the_same_profession_is_the_same_stream(practice, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Name,Company,Job Title\nAna Ruiz,Osei,Realtor\n")
    bring(practice, path)
    by_hand = connections.add("Bo Li", profession="realtor", by_name="test")
    assert Connection.objects.get(name="Ana Ruiz").stream == by_hand.stream == "business"


def test_a_quote_that_is_never_closed_costs_its_own_line_alone(practice, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text('Name,Email\nAna Ruiz,a@people.example\n"Kofi Osei,k@people.example\nIda Ek,i@people.example\n')
    told = bring(practice, path)
    assert told["created"] == 2 and [one["where"] for one in told["rejected"]] == ["line 3"]
    assert set(Connection.objects.values_list("name", flat=True)) == {"Ana Ruiz", "Ida Ek"}
