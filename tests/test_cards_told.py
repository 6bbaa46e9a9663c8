"""What the lines and the codes of a business card are told to be, without any picture."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneadwork.exchange.readers.card import codes, fields, picture, postal, reading
from kneadwork.exchange.readers.card.picture import Box
from kneadwork.exchange.readers.card.text import Line


def a_line(text: str, place: int = 0, size: float = 0.04, score: float = 0.99) -> Line:
    return Line(text, score, Box("front", 0.06, 0.08 + 0.1 * place, 0.5, 0.07), size)


def told(*texts: str, first: float = 0.06) -> dict:
    """The fields of a card with these lines, the first set larger than the others."""
    lines = [a_line(text, n, first if n == 0 else 0.04) for n, text in enumerate(texts)]
    return reading.document(reading.CardReading(fields=fields.assigned(lines)))


@pytest.mark.parametrize(("line", "numbers"), [
    ("206-555-0101", [("206-555-0101", "work")]),
    ("Cell: (206) 555-0101", [("(206) 555-0101", "mobile")]),
    ("T 206.555.0101  F 206.555.0102", [("206.555.0101", "work"), ("206.555.0102", "fax")]),
    ("M206-555-0101", [("206-555-0101", "mobile")]),
    ("206-555-0101 (fax)", [("206-555-0101", "fax")]),
    ("+1 206 555 0101 mobile | +1 206 555 0102 office", [("+1 206 555 0101", "mobile"), ("+1 206 555 0102", "work")]),
    ("Office 206-555-0101 ext. 12", [("206-555-0101 ext. 12", "work")]),
    ("Phone: 555-0101", [("555-0101", "work")]),
    ("2O6-555-O1O1", [("206-555-0101", "work")]),
    ("Seattle, WA 98107-1234", []), ("Since 1987", []), ("NPI 1234567893", []),
])  # fmt: skip
def test_telephones_and_their_kinds(line, numbers):
    found = told("Amara Lindqvist", line)
    assert list(zip(found["phones"], found["phone_kinds"], strict=True)) == numbers


def test_a_japanese_card_has_its_own_telephones():
    found = told(
        "佐藤 健太",
        "みどり整骨院 院長",
        "TEL 03-5550-0173 FAX 03-5550-0130",
        "携帯：090-5550-0142",
        "〒150-0001 東京都渋谷区神宮前1-2-3",
    )
    assert (found["name"], found["organisation"], found["title"]) == ("佐藤 健太", "みどり整骨院", "院長")
    assert list(zip(found["phones"], found["phone_kinds"], strict=True)) == [
        ("03-5550-0173", "work"), ("03-5550-0130", "fax"), ("090-5550-0142", "mobile")]  # fmt: skip
    assert found["address"] == "〒150-0001 東京都渋谷区神宮前1-2-3"


@pytest.mark.parametrize(("line", "address"), [
    ("amara@spine.example", "amara@spine.example"), ("E: amara@spine.example", "amara@spine.example"),
    ("Email amara.lindqvist @ spine. example", "amara.lindqvist@spine.example"), ("AMARA@SPINE.EXAMPLE", "amara@spine.example"),
    ("amára@spine.example", "amara@spine.example"), ("Eamara@spine.example", "amara@spine.example"),
    ("amara(at)spine.example", "amara@spine.example"), ("amara@spine.example • www.spine.example", "amara@spine.example"),
])  # fmt: skip
def test_an_email_is_told_however_it_was_read(line, address):
    assert told("Amara Lindqvist", line)["emails"] == [address]


def test_an_email_whose_sign_was_misread_is_mended_by_the_web_address_and_doubted():
    found = told("Amara Lindqvist", "amaraQspine.example", "www.spine.example")
    assert found["emails"] == ["amara@spine.example"] and found["confidence"]["emails"] < reading.DOUBTFUL


@pytest.mark.parametrize(("lines", "name", "credentials", "organisation", "title"), [
    (("Amara Lindqvist, DC, CCSP", "Chiropractor", "Ballard Spine Clinic"), "Amara Lindqvist", "DC, CCSP", "Ballard Spine Clinic", "Chiropractor"),
    (("BALLARD SPINE CLINIC", "AMARA LINDQVIST", "Office Manager"), "Amara Lindqvist", "", "Ballard Spine Clinic", "Office Manager"),
    (("Dr. Amara Lindqvist", "MD, MPH Family Medicine", "City of Perry"), "Dr. Amara Lindqvist", "MD, MPH", "City of Perry", "Family Medicine"),
    (("Open Imaging, LLC", "Kofi Osei", "Vice President of Sales"), "Kofi Osei", "", "Open Imaging, LLC", "Vice President of Sales"),
    (("AmaraLindqvist", "Owner", "Ballard Yoga"), "Amara Lindqvist", "", "Ballard Yoga", "Owner"),
    (("Gail McAllister, M.D.", "Westfall & Partners"), "Gail McAllister", "M.D.", "Westfall & Partners", ""),
    (("Richard Barber", "Realtor", "North Country Realty"), "Richard Barber", "", "North Country Realty", "Realtor"),
    (("María José de la Cruz", "Directora", "Clínica del Puerto"), "María José de la Cruz", "", "Clínica del Puerto", ""),
])  # fmt: skip
def test_who_they_are_and_where_they_work(lines, name, credentials, organisation, title):
    found = told(*lines, "206-555-0101")
    assert (found["name"], found["credentials"], found["organisation"]) == (name, credentials, organisation)
    assert found["title"] == title


def test_a_name_below_itself_is_one_name():
    lines = [
        a_line("Amara", 0, 0.07),
        a_line("Lindqvist, DC", 1, 0.07),
        a_line("Chiropractor", 2),
        a_line("Ballard Spine Clinic", 4),
    ]
    found = fields.assigned(lines)
    assert (found.name.value, found.credentials.value, found.organisation.value) == (
        "Amara Lindqvist",
        "DC",
        "Ballard Spine Clinic",
    )
    assert found.name.box.height > 0.16, "the crop shows both lines"


def test_the_email_says_who_the_person_is_where_the_firm_is_called_like_one():
    found = told("Hudson Campbell", "Emil Nylander", "emil@hudsoncampbell.example", first=0.08)
    assert (found["name"], found["organisation"]) == ("Emil Nylander", "Hudson Campbell")


def test_a_mark_read_with_doubt_is_doubtful_in_its_field():
    found = fields.assigned([a_line("Amara Lindqvist", 0, 0.06, 0.62), a_line("206-555-0101", 1)])
    assert found.name.confidence < reading.DOUBTFUL < found.phones[0].confidence


@pytest.mark.parametrize(("text", "parts"), [
    ("1664 Foundry Road, Suite 3, Tampa, FL 33606", ("1664 Foundry Road", "Suite 3", "Tampa", "FL", "33606")),
    ("9 Elm St, St. Paul, MN 55101-1234", ("9 Elm St", "", "St. Paul", "MN", "55101-1234")),
    ("〒150-0001 東京都渋谷区神宮前1-2-3", ("渋谷区神宮前1-2-3", "", "", "東京都", "150-0001")),
    ("12 rue des Lilas, 75011 Paris", ("12 rue des Lilas, 75011 Paris", "", "", "", "")),
])  # fmt: skip
def test_a_postal_address_in_its_parts(text, parts):
    found = postal.parts(text)
    assert (found.line1, found.line2, found.city, found.region, found.postal) == parts


def test_the_lines_of_an_address_are_found_together():
    found = told(
        "Amara Lindqvist", "Ballard Spine Clinic", "1664 Foundry Road", "Suite 300", "Tampa, FL 33606", "206-555-0101"
    )
    assert found["address"] == "1664 Foundry Road, Suite 300, Tampa, FL 33606"


CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Amara Lindqvist DC\nORG:Ballard Spine\nTEL;TYPE=cell:206-555-0101\nEND:VCARD"


@pytest.mark.parametrize(("said", "name", "organisation", "phones", "emails", "urls"), [
    (CARD, "Amara Lindqvist", "Ballard Spine", ["206-555-0101"], [], []),
    ("MECARD:N:Lindqvist,Amara;TEL:2065550101;EMAIL:a@spine.example;ORG:Ballard\\; Spine;;", "Amara Lindqvist", "Ballard; Spine", ["2065550101"], ["a@spine.example"], []),
    ("MECARD:N:Desk 411,;TEL:12065550101;;", "Desk 411", "", ["12065550101"], [], []),
    ("BIZCARD:N:Amara;X:Lindqvist;C:Ballard Spine;B:+12065550101;M:+12065550102;E:a@spine.example;;", "Amara Lindqvist", "Ballard Spine", ["+12065550102", "+12065550101"], ["a@spine.example"], []),
    ("https://spine.example/amara", "", "", [], [], ["https://spine.example/amara"]),
    ("mailto:a@spine.example?subject=Hello", "", "", [], ["a@spine.example"], []),
    ("MATMSG:TO:a@spine.example;SUB:Hello;BODY:;;", "", "", [], ["a@spine.example"], []),
    ("tel:+1-206-555-0101", "", "", ["+1-206-555-0101"], [], []), ("a@spine.example", "", "", [], ["a@spine.example"], []),
])  # fmt: skip
def test_what_a_code_says(said, name, organisation, phones, emails, urls):
    found = reading.document(reading.read_code(said))
    assert (found["name"], found["organisation"]) == (name, organisation)
    assert (found["phones"], found["emails"], found["urls"]) == (phones, emails, urls)


def test_plain_words_in_a_code_are_kept_as_a_note():
    assert reading.read_code("Ask for Amara").note == "Ask for Amara"


@pytest.mark.parametrize(
    "said",
    ["WIFI:S:guest;T:WPA;P:secret;;", "4006381333931", "geo:47.6,-122.3", "", "BEGIN:VCARD\nEND:VCARD", "MECARD:;;"],
)
def test_a_code_about_nobody_tells_of_nobody(said):
    assert reading.read_code(said).is_empty


@given(st.lists(st.text(max_size=60), max_size=12))
def test_no_text_breaks_the_telling(texts):
    found = told(*texts)
    assert all(0 <= sure <= 1 for sure in found["confidence"].values())


@given(
    st.sampled_from(["", "MECARD:", "BIZCARD:", "BEGIN:VCARD\n", "mailto:", "tel:", "MATMSG:", "https://"]),
    st.text(max_size=200),
)
def test_no_code_breaks_the_telling(head, said):
    reading.document(reading.read_code(head + said))


def test_nothing_heavy_is_loaded_before_a_card_is_read():
    heavy = {"cv2", "numpy", "onnxruntime", "rapidocr", "zxingcpp", "pillow_heif"}
    program = f"""
import django, sys
django.setup()
import kneadwork.cli.scanning, kneadwork.exchange.readers.card.reading
print(sorted({heavy} & set(sys.modules)))"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "kneadwork.settings", "PYTHONPATH": "src"},
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.corpus
def test_every_code_of_the_corpus_says_its_text(corpus):
    pictures = sorted((corpus / "cards_qr").rglob("*.png"))
    assert len(pictures) == 25
    for file in pictures:
        said = codes.found(picture.opened(file.read_bytes()))
        assert said == [file.with_suffix(".txt").read_text("utf-8").rstrip("\n")], file.name
        assert codes.meaning(said[0]).phones
