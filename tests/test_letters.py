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
        delivery.release("letter", doctor, purpose="outreach")
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
