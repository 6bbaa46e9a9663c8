"""Letters: interested in them, one for each office, tagged, and never with anybody's text as markup."""

from __future__ import annotations

import io

import pikepdf
import pytest

from kneadwork.network import connections, resting
from kneadwork.outreach import delivery, letter_text, letters, typesetting
from kneadwork.outreach.models import Release
from tests.builders import TODAY, a_connection

NASTY = '#eval("1") $x$ @ref <label> `raw` *bold* // comment #import "x" <img src=file:///etc/passwd>'


def a_doctor(name="Amara Lindqvist, DC", **more):
    made = a_connection(name, **more)
    connections.add_address(made, line1="1 Main St", city="Seattle", region="WA", postal="98107", by=None)
    return made


@pytest.fixture
def text(practice) -> str:
    return letters.template_text("first_medical")


def test_a_letter_is_a_tagged_pdf_with_title_and_language(practice, owner, text):
    batch = letters.prepare([a_doctor()], text, template="first_medical", practice=practice, by=owner)
    pdf = pikepdf.open(io.BytesIO(letters.pdf(batch, practice, on=TODAY)))
    assert len(pdf.pages) == 1
    assert pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang) == "en"
    assert batch.letters.get().salutation == "Dear Dr. Lindqvist,"


def test_one_office_gets_one_letter(practice, owner, text):
    people = [a_doctor(), a_doctor("Kofi Osei, DC")]
    for person in people:
        person.office_key = "same desk"
    desks, _left = letters.offices(people)
    assert len(desks) == 1


def test_a_stop_keeps_a_connection_out_of_letters_and_the_gate_refuses(practice, owner, text):
    doctor = a_doctor()
    resting.stop(doctor, on=TODAY, how="by telephone", by_name="test")
    with pytest.raises(letters.LettersRefused):
        letters.prepare([doctor], text, template="first_medical", practice=practice, by=owner)
    with pytest.raises(delivery.NotReleased) as refused:
        delivery.release("letter", doctor, purpose="outreach", says="")
    assert refused.value.rule == "stop" and not Release.objects.exists()


def test_text_can_never_become_markup():
    sender = typesetting.Sender(("P",), NASTY, "", "today")
    sheet = typesetting.LetterSheet((NASTY,), NASTY, (NASTY,))
    assert typesetting.letters_pdf([sheet], sender=sender).startswith(b"%PDF")


def test_words_in_braces_are_filled_literally():
    assert (
        letter_text.fill("{name} {0.__class__} %(x)s {{ secret }}", {"name": "{city}"})
        == "{city} {0.__class__} %(x)s {{ secret }}"
    )
    assert [p.position for p in letter_text.problems("{nobody} {name")] == [0, 9]


def test_letters_are_pdf_ua_and_carry_what_was_typed_as_text(practice, owner):
    doctor = a_doctor(f"Amara {NASTY[:60]}")
    text = "{name} — " + NASTY.replace("{", "").replace("}", "") + " שלום\n\nsecond"
    batch = letters.prepare([doctor], text, template="first_medical", practice=practice, by=owner)
    pdf = pikepdf.open(io.BytesIO(letters.pdf(batch, practice, on=TODAY)))
    assert pdf.Root.ViewerPreferences.DisplayDocTitle and "/StructTreeRoot" in pdf.Root
    with pdf.open_metadata() as told:
        assert told["{http://www.aiim.org/pdfua/ns/id/}part"] == "1" and practice.name in told["dc:title"]
    assert not pdf.attachments and "/Annots" not in pdf.pages[0]


def test_each_gets_the_text_that_suits_unless_one_is_chosen_for_all(practice, owner):
    people = [
        a_doctor(),
        a_doctor("Corner Gym", stream="business", kind="organisation"),
        a_doctor("Ana Ruiz", stream="personal"),
    ]
    groups = letters.by_template(letters.offices(people)[0])
    assert set(groups) == {"first_medical", "first_business", "hello"}
    batch = letters.prepare(people, texts={"hello": "Just for {name}"}, practice=practice, by=owner)
    assert batch.letters.get(connection=people[2]).body == "Just for Ana Ruiz"
    assert "practice" in batch.letters.get(connection=people[1]).body
    assert set(letters.by_template(letters.offices(people)[0], "after_letter")) == {"after_letter"}


def test_nobody_far_away_is_told_of_the_same_neighbourhood(practice, owner):
    far = a_doctor("Far Gym", stream="business", kind="organisation")
    far.latitude, far.longitude = 40.7, -74.0
    body = letters.values(letters.offices([far])[0][0], practice, owner)["distance"]
    assert body == "in Seattle"
    assert not any("neighbourhood" in t["text"] for t in letters.shipped().values())


def test_an_edited_text_is_kept_and_the_original_comes_back(practice, owner):
    letters.keep_text("first_medical", "Hello {name}", by=owner)
    assert letters.template_text("first_medical") == "Hello {name}"
    with pytest.raises(letters.LettersRefused):
        letters.keep_text("first_medical", "Hello {nobody}", by=owner)
    letters.original_text("first_medical", by=owner)
    assert letters.template_text("first_medical") == letters.shipped()["first_medical"]["text"]
    assert not letters.has_own_text("first_medical")


def test_labels_carry_the_addresses_but_of_those_who_said_stop(practice, owner, text):
    people = [a_doctor(), a_doctor("Kofi Osei, DC")]
    batch = letters.prepare(people, text, template="first_medical", practice=practice, by=owner)
    assert len(pikepdf.open(io.BytesIO(letters.labels(batch, practice))).pages) == 1
    for person in people:
        resting.stop(person, on=TODAY, how="asked", by=owner)
    with pytest.raises(letters.LettersRefused):
        letters.labels(batch, practice)


def test_while_typing_the_faults_and_the_first_letter_are_shown(practice, owner, client):
    from django.urls import reverse

    doctor = a_doctor()
    client.force_login(owner.user)
    given = {"to": doctor.ref, "text-first_medical": "Dear {nam}, {city}"}
    shown = client.post(reverse("network:letters_look", args=["first_medical"]), given).content.decode()
    assert "“nam” is not known" in shown and "Seattle" in shown


def test_making_letters_costs_the_same_queries_for_few_and_for_many(practice, owner):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (5, 60):
        people = [a_doctor(f"Doctor Number{number}{n}, DC") for n in range(number)]
        with CaptureQueriesContext(connection) as queries:
            letters.prepare(people, practice=practice, by=owner)
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 3
