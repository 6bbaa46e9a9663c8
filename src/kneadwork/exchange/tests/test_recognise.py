"""What somebody does is recognised by credentials and whole words, never by how they are filed."""

import pytest

from kneadwork.exchange.neutral import ClientFacts, Record
from kneadwork.exchange.recognise import recognise


def recognised(**said) -> tuple[str, str]:
    record = Record("line 2", **({"name": "Alice Client"} | said))
    recognise(record)
    return record.stream, record.profession


@pytest.mark.parametrize("client, stream", [(ClientFacts(), "clients"), (None, "personal")])
@pytest.mark.parametrize("tag", ["deep tissue massage", "Massage clients", "gym", "dentist's friends"])
def test_a_tag_makes_nobody_a_professional(client, stream, tag):
    assert recognised(client=client, tags=["VIP", tag]) == (stream, "")


@pytest.mark.parametrize("title, profession", [
    ("General Counsel", ""), ("Gymnastics teacher", ""), ("Hotelier", ""), ("Salonniere", ""), ("Counsellor", "counsellor"),
    ("Licensed Mental Health Counselor", "counsellor"), ("Chiropractic Physician", "chiropractor"), ("Dentistry", "dentist"),
    ("Massage Therapist", "massage_therapist"), ("Physiotherapist", "physical_therapist"), ("Personal Trainers", "gym"),
    ("Attorneys at Law", "office"), ("Realtor®", "realtor"), ("Yoga, Pilates", "yoga_studio"),
])  # fmt: skip
def test_words_count_whole_and_stems_where_they_are_stems(title, profession):
    assert recognised(title=title)[1] == profession


@pytest.mark.parametrize("said", [
    {"title": "DO NOT CALL"}, {"name": "Alice Client DO NOT CALL"}, {"name": "Alice Client, DO NOT CALL"}, {"suffix": "DO NOT USE"},
    {"title": "CALL OD DESK"}, {"title": "DO CALL AGAIN"}, {"work": ["DO NOT CALL"]},
])  # fmt: skip
def test_capitals_that_are_no_credentials_make_nobody_medical(said):
    assert recognised(**said)[0] == "personal"


@pytest.mark.parametrize("said", [
    {"title": "Staff RN"}, {"title": "DPT"}, {"title": "Owner, D.C."}, {"title": "Medical Director, MD PhD"}, {"suffix": "DO"},
    {"name": "Alice Client MD FACS"}, {"credentials": "M.D., FACS"}, {"title": "MD/PhD"}, {"work": ["DC"]},
])  # fmt: skip
def test_credentials_in_a_title_are_recognised(said):
    assert recognised(**said)[0] == "medical"
