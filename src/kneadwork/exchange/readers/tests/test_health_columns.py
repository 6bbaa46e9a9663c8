"""Columns that may say something about health: left out of a booking file whatever they are called, unless asked for."""

from __future__ import annotations

import csv

import pytest

from kneadwork.exchange.neutral import AboutFile, Record, Rejected
from kneadwork.exchange.readers import columns, health, sheets, table

OF_HEALTH = [
    "DOB", "D.O.B.", "DoB", "Birthdate", "Birth_Date", "Date of birth", "Birthday 1", "Client Notes", "Notes 1", "NOTES", "clientnotes",
    "Appointment notes", "Comments", "Remarks", "Memo 2", "Medical History", "medicalHistory", "Medical Alerts", "Allergy", "Allergies (food)",
    "Current Medications", "Medication list", "Pronouns", "Sex", "Gender identity", "Age", "Reason for visit", "Pregnant", "Pregnancy?",
    "Diagnosis Code", "Health conditions", "Conditions", "Chief complaint", "Symptoms", "Injuries", "Recent injury", "Pain level",
    "Areas of pain", "Surgeries", "Past surgery", "Treatment goals", "Intake form", "Insurance company", "Insurance ID", "Policy Number",
    "Policy #", "Claim number", "Claim #", "Health card no", "Blood pressure", "Due date", "Headaches", "What brings you in?",
    "Anything else we should know?", "Contraindications", "Precautions", "Liability Waiver", "Personal Health Number", "SOAP notes", "Meds",
]  # fmt: skip
OF_NOBODYS_HEALTH = [
    "Shoe", "Membership", "Archived At", "Discharged At", "Amount Paid", "Online Booking", "Marketing Email Opt-In", "Location", "Language", "Package",
    "Preferred therapist", "Emergency Contact Name", "Creation Source", "No Shows/Cancel", "Paint colour", "Notification by text", "Agent",
    "Family Doctor Name", "Active/Inactive", "Sussex",
]  # fmt: skip


def read(tmp_path, titles: list[str], row: list[str], kind: str = "booking", **options) -> list:
    path = tmp_path / "table.csv"
    with path.open("w", newline="") as out:
        csv.writer(out).writerows([["Name", *titles], ["Ana Ruiz", *row]])
    return list(table.read(columns.layout(sheets.sheets(path), kind, options.pop("columns", None)), **options))


@pytest.mark.parametrize("kind", ["booking", "auto"])
@pytest.mark.parametrize("title", OF_HEALTH)
def test_in_a_booking_file_and_in_doubt_it_is_left_out_and_said(tmp_path, title, kind):
    said, one = read(tmp_path, [title], ["asthma"], kind)
    assert "asthma" not in repr(one)
    assert title in said.words and "tick" in said.words


@pytest.mark.parametrize("title", OF_HEALTH)
def test_it_is_kept_where_it_was_asked_for(tmp_path, title):
    (one,) = read(tmp_path, [title], ["asthma"], keep_health=True)
    assert "asthma" in (one.note, *one.extra.values())


@pytest.mark.parametrize("title", OF_NOBODYS_HEALTH)
def test_other_columns_stay(tmp_path, title):
    (one,) = read(tmp_path, [title], ["something"])
    assert one.extra == {title: "something"}


@pytest.mark.parametrize(("title", "stays"), [
    ("Notes", True), ("Birthday", True), ("Gender", True), ("Medical specialty", True), ("Health System", True), ("Medical Group", True),
    ("Conditions treated", True), ("Allergies", False), ("Medical History", False), ("Health notes", False), ("Diagnosis 2", False),
    ("Medications", False), ("Pregnant", False),
])  # fmt: skip
def test_an_address_book_keeps_the_therapists_own_words_but_not_what_is_plainly_of_health(tmp_path, title, stays):
    *said, one = read(tmp_path, [title], ["asthma"], "address_book")
    assert ("asthma" in (one.note, *one.extra.values())) is stays
    assert bool(said) is not stays
    assert "asthma" in repr(read(tmp_path, [title], ["asthma"], "address_book", keep_health=True))


def test_every_title_of_health_that_was_collected_is_left_out(tmp_path):
    for title in columns.products()["health_fields_dropped_unless_asked"]:
        assert health.may_say_health(title), title


def test_no_column_that_known_products_need_for_reaching_people_is_left_out():
    for name, product in columns.products()["products"].items():
        titles = (*product.get("columns", ()), *product.get("maybe", ()))
        dropped = {t for t in titles if columns.field_of(t) not in ("", "note") and health.may_say_health(t)}
        assert not dropped, name


def test_a_column_that_is_a_note_because_somebody_said_so_is_left_out_too(tmp_path):
    _said, one = read(tmp_path, ["Custom 1"], ["asthma"], columns={"1": "note"})
    assert not one.note and not one.extra
    (one,) = read(tmp_path, ["Custom 1"], ["asthma"], columns={"1": "note"}, keep_health=True)
    assert one.note == "asthma"


def test_sentences_below_an_unknown_title_are_notes(tmp_path):
    said, one = read(
        tmp_path, ["Custom 1", "Where"], ["has had a stiff neck since the fall", "1 Main St, Apt 4, Seattle, WA 98101"]
    )
    assert one.extra == {"Where": "1 Main St, Apt 4, Seattle, WA 98101"} and "Custom 1" in said.words


def test_a_title_of_health_that_stands_in_a_cell_counts_as_one(tmp_path):
    titles = [
        "Company",
        "Custom Field 1 - Label",
        "Custom Field 1 - Value",
        "Custom Field 2 - Label",
        "Custom Field 2 - Value",
    ]
    one = read(tmp_path, titles, ["Osei Ltd", "Allergies", "nuts", "Shoe", "39"], "address_book")[-1]
    assert one.extra == {"Shoe": "39"}


def test_a_row_that_is_given_back_to_be_mended_has_none_of_it_either(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("Name,Last Visit,Allergies,City\n,,nuts,Seattle\n")
    said, back = table.read(columns.layout(sheets.sheets(path)))
    assert isinstance(said, AboutFile) and isinstance(back, Rejected)
    assert "nuts" not in back.raw and "Seattle" in back.raw


def test_columns_with_nothing_in_them_are_not_spoken_of(tmp_path):
    (one,) = read(tmp_path, ["Allergies", "Shoe"], ["", "39"])
    assert isinstance(one, Record)
