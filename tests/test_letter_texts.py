"""What the shipped texts say: interested in them, true of what was between us, and never an ask or a direction for referrals."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from kneadwork.common.acts import act
from kneadwork.network import connections, touching
from kneadwork.outreach import emails, letter_text, letters
from kneadwork.practice.models import Role
from kneadwork.referrals import referring
from tests.builders import TODAY, a_connection, a_member


def a_doctor(name="Amara Lindqvist, DC", **more):
    made = a_connection(name, **more)
    connections.add_address(made, line1="1 Main St", city="Seattle", region="WA", postal="98107", by=None)
    return made


def touched(made, channel: str, **more) -> None:
    touching.log(made, channel, on=TODAY - timedelta(days=9), today=TODAY, by_name="test", **more)


def happened(made, what: str) -> None:
    """One thing between us."""
    if what == "referral":
        referring.record(made, "June P.", on=TODAY, today=TODAY, by_name="test")
    elif what == "they write":
        touched(made, "email", from_them=True)
    elif what == "call nobody answered":
        touched(made, "call", answered=False)
    else:
        touched(made, what)


def template_of(*people) -> str:
    return letters.templates_for(people)[people[0].pk]


@pytest.mark.parametrize("what", ["visit", "meeting", "call", "event", "they write", "referral"])
@pytest.mark.parametrize("stream", ["medical", "business"])
def test_somebody_met_is_not_written_to_as_a_stranger(practice, owner, what, stream):
    made = a_doctor(stream=stream)
    happened(made, what)
    assert template_of(made) == "stay_in_touch"
    mail = emails.draft(made, practice, owner)
    assert "massage practice" not in mail.body and mail.subject == letters.shipped()["stay_in_touch"]["subject"]


@pytest.mark.parametrize("what, template", [("letter", "after_letter"), ("email", "after_letter"),
                                            ("call nobody answered", "first_medical")])  # fmt: skip
def test_one_who_never_answered_gets_the_question_again_or_the_first_letter(practice, what, template):
    made = a_doctor()
    happened(made, what)
    assert template_of(made) == template


def test_an_office_where_one_is_known_gets_no_strangers_letter(practice):
    people = [a_doctor("Ana Ruiz, DC"), a_doctor("Kofi Osei, DC")]
    happened(people[1], "visit")
    for one in people:
        one.office_key = "one desk"
    assert set(letters.by_template(letters.offices(people)[0])) == {"stay_in_touch"}


def test_whether_somebody_was_sent_does_not_choose_a_helpers_text(practice, owner):
    made, helper = a_doctor(emails=["a@b.org"]), a_member(owner, Role.HELPER)
    before = emails.draft(made, practice, helper)
    happened(made, "referral")
    assert emails.draft(made, practice, helper) == before
    batch = letters.prepare([made], practice=practice, by=helper)
    assert batch.template == "first_medical"


@pytest.mark.parametrize("stream", ["clients", "personal", "medical", "business"])
def test_an_email_says_in_its_subject_what_its_text_is(practice, owner, stream):
    mail = emails.draft(a_doctor(stream=stream), practice, owner)
    asks = "question" in mail.subject
    assert mail.subject and asks == (stream in ("medical", "business"))


def test_no_text_says_nearby_where_nobody_knows_how_far_it_is(practice, owner):
    unknown = a_connection("Nora Reach, DC")
    assert "in Seattle" in emails.draft(unknown, practice, owner).body
    with act("change practice", by_name="test"):
        practice.city = ""
        practice.save()
    body = emails.draft(unknown, practice, owner).body
    assert "nearby" not in body and "I have a massage practice, and" in body
    far = a_doctor("Far One, DC")
    far.latitude, far.longitude = 40.7, -74.0
    assert "I have a massage practice, and" in emails.draft(far, practice, owner).body


def test_a_place_known_only_roughly_is_not_said_to_be_close(practice, owner):
    rough = a_doctor()
    rough.place_rough = True
    assert letters.values(letters.offices([rough])[0][0], practice, owner)["distance"] == "in Seattle"


@pytest.mark.parametrize("text, filled", [
    ("A practice {distance}, and", "A practice, and"), ("{distance} I am", " I am"), ("Here. {reach}\n\nKind", "Here.\n\nKind"),
    ("{distance}{distance}.", "."), ("Known {city}", "Known Seattle"),
])  # fmt: skip
def test_a_word_that_is_empty_leaves_no_gap(text, filled):
    assert letter_text.fill(text, {"distance": "", "reach": "", "city": "Seattle"}) == filled


@pytest.mark.parametrize("phone, email, said", [
    ("(206) 555-0100", "me@here.org", "You can reach me at (206) 555-0100 or me@here.org."),
    ("(206) 555-0100", "", "You can reach me at (206) 555-0100."), ("", "me@here.org", "You can reach me at me@here.org."),
    ("", "", ""),
])  # fmt: skip
def test_how_to_reach_the_practice_is_one_sentence_without_the_directions_for_referrals(
    practice, owner, phone, email, said
):
    practice.phone, practice.email, practice.directions = phone, email, "Call us; say who sent you."
    desk = letters.offices([a_doctor()])[0][0]
    assert letters.values(desk, practice, owner)["reach"] == said


@pytest.mark.parametrize("key", sorted(letters.shipped()))
@pytest.mark.parametrize("near", [True, False])
def test_a_shipped_text_reads_whole_and_neither_sells_nor_asks(practice, owner, key, near):
    practice.directions = "Call us; say who sent you."
    made = a_doctor() if near else a_connection("Nora Reach, DC")
    body = letters.filled(letters.template_text(key), made, practice, owner)
    assert not re.search(r"[{}]| [,.?]|\.\.|  |reach me like this|who sent you", body)
    assert not re.search(
        r"\b(refer|referral|offer|discount|free|appointment|book|nearby|send you|sent you|your patients to)\b",
        body,
        re.I,
    )
    assert letter_text.problems(letters.template_text(key)) == []
    assert letters.shipped()[key]["subject"] and letters.shipped()[key]["name"]
    assert "?" in body or key in ("note_to_client", "thank_you")


def test_a_thank_you_names_nobody_and_says_of_nobody_that_they_came(practice, owner):
    text = letters.template_text("thank_you")
    assert set(re.findall(r"{(\w+)}", text)) <= {"reach"}
    assert not re.search(r"\b(came|come|client|patient|visit|session|saw|seen|met|them|him|her)\b", text, re.I)
