"""Which letters of a batch go out: what cannot be printed, who is gone or said stop, posted once, and what the gate keeps."""

from __future__ import annotations

import io
from argparse import Namespace
from datetime import timedelta

import pikepdf
import pytest
from django.urls import reverse

from kneadwork.cli import lettering
from kneadwork.common import undo
from kneadwork.common.acts import act as doing
from kneadwork.common.models import Act
from kneadwork.network import connections, resting
from kneadwork.network.models import Retirement, Touch
from kneadwork.outreach import glyphs, letters
from kneadwork.outreach.models import LetterBatch, Release
from kneadwork.planning.today import minutes_left
from tests.builders import TODAY, a_connection

ABROAD = "Yuki 日本"


def a_doctor(name="Amara Lindqvist, DC", *, line1="1 Main St", **more):
    made = a_connection(name, **more)
    connections.add_address(made, line1=line1, city="Seattle", region="WA", postal="98107", by=None)
    return made


def pages(data: bytes) -> int:
    return len(pikepdf.open(io.BytesIO(data)).pages)


@pytest.fixture
def page(client, owner):
    client.force_login(owner.user)
    return client


def test_every_character_that_is_taken_for_printable_is():
    assert glyphs.unprintable([*glyphs.PLAIN, "".join(sorted(glyphs.PLAIN))]) == {}


@pytest.mark.parametrize("text, cannot", [(ABROAD, "日本"), ("Joy 😀", "😀"), ("Ｆｕｌｌ", "Ｆｕｌ"), ("한글", "한글")])
def test_characters_without_a_picture_in_the_font_are_found_beforehand(text, cannot):
    assert glyphs.unprintable([text, "Ana Ruiz"]) == {text: cannot}


@pytest.mark.parametrize("text", ["Жанна Αθηνά שלום سلام ★ ❤", "Bo\ufeffbby", "e\u0301 \u200b\u00ad\u2028x", ""])
def test_other_scripts_that_the_fonts_hold_are_printed(text):
    assert glyphs.unprintable([text]) == {}


@pytest.mark.parametrize("where", ["name", "street", "organisation"])
def test_one_whose_name_or_address_cannot_be_printed_is_left_out_by_name_and_nobody_else(practice, owner, page, where):
    odd = a_doctor(**{"name": {"name": ABROAD}, "street": {"name": "Odd One", "line1": "日 St"},
                      "organisation": {"name": "Odd One", "organisation": "日本"}}[where])  # fmt: skip
    people = [a_doctor(), odd]
    desks, left_out = letters.offices(people)
    assert [d.people[0].name for d in desks] == ["Amara Lindqvist, DC"]
    assert left_out[0][0] == odd and "日" in left_out[0][1]
    made = page.post(reverse("network:letters"), {"to": [p.ref for p in people], "make": "1"}, follow=True)
    assert odd.name in made.content.decode()
    batch = LetterBatch.objects.get()
    assert pages(page.get(reverse("network:letters_pdf", args=[batch.pk])).content) == 1


def test_a_name_that_became_unprintable_leaves_the_others_letters(practice, owner):
    odd, other = a_doctor("Odd One"), a_doctor()
    batch = letters.prepare([odd, other], practice=practice, by=owner)
    connections.edit(odd, {"name": ABROAD}, by=owner)
    assert pages(letters.pdf(batch, practice, on=TODAY)) == 1
    assert pages(letters.labels(batch, practice)) == 1
    letters.posted(batch, on=TODAY, by=owner)
    assert [t.connection for t in Touch.objects.all()] == [other]


@pytest.mark.parametrize("text", ["Dear 日 {name}", "{philosophy}"])
def test_a_text_that_cannot_be_printed_is_refused_in_words(practice, owner, text):
    practice.philosophy = "I believe in 日"
    with pytest.raises(letters.LettersRefused, match="日"):
        letters.prepare([a_doctor()], text, template="hello", practice=practice, by=owner)
    assert not LetterBatch.objects.exists() and not Release.objects.exists()


def test_a_practice_whose_own_name_cannot_be_printed_is_told_so(practice, owner):
    practice.name = "気 Massage"
    with pytest.raises(letters.LettersRefused, match="気"):
        letters.prepare([a_doctor()], practice=practice, by=owner)


def test_the_page_of_a_text_that_cannot_be_printed_says_so_while_one_types(practice, page):
    doctor = a_doctor()
    given = {"to": doctor.ref, "text-first_medical": "Dear 😀 {name}"}
    assert (
        "😀” cannot be printed"
        in page.post(reverse("network:letters_look", args=["first_medical"]), given).content.decode()
    )


def test_a_provider_who_retired_gets_no_letter(practice, owner):
    gone = a_doctor()
    with doing("import", by_name="test"):
        Retirement(connection=gone, on=TODAY, origin="registry").save()
    desks, left_out = letters.offices([gone])
    assert desks == [] and left_out[0][0] == gone


def test_posting_counts_only_what_could_be_printed(practice, owner):
    stays, stopped = a_doctor(), a_doctor("Nora Reach")
    batch = letters.prepare([stays, stopped], practice=practice, by=owner)
    resting.stop(stopped, on=TODAY, how="asked", by=owner)
    letters.posted(batch, on=TODAY, by=owner)
    assert [t.connection for t in Touch.objects.all()] == [stays]


def test_posting_what_nobody_may_get_any_more_is_refused(practice, owner):
    doctor = a_doctor()
    batch = letters.prepare([doctor], practice=practice, by=owner)
    resting.stop(doctor, on=TODAY, how="asked", by=owner)
    with pytest.raises(letters.LettersRefused):
        letters.posted(batch, on=TODAY, by=owner)
    assert not Touch.objects.exists()


def test_a_batch_is_posted_once_however_often_its_page_was_open(practice, owner):
    batch = letters.prepare([a_doctor()], practice=practice, by=owner)
    here, there = (LetterBatch.objects.get(pk=batch.pk) for _ in range(2))
    letters.posted(here, on=TODAY, by=owner)
    with pytest.raises(letters.LettersRefused):
        letters.posted(there, on=TODAY, by=owner)
    assert Touch.objects.count() == 1


def test_posting_costs_the_minutes_of_one_letter_for_each_office(practice, owner):
    people = [a_doctor(), a_doctor("Kofi Osei, DC"), a_doctor("Ana Ruiz", stream="personal")]
    for person in people[:2]:
        person.office_key = "one desk"
        with doing("edit", by_name="test"):
            person.save()
    before = minutes_left(practice, on=TODAY)
    letters.posted(letters.prepare(people, practice=practice, by=owner), on=TODAY, by=owner)
    assert Touch.objects.count() == 3
    assert before - minutes_left(practice, on=TODAY) == 2 * letters.MINUTES


def test_letters_are_counted_and_not_people(practice, owner, page, tmp_path):
    desk = {"phones": ["206 555 0101"]}
    people = [a_doctor(**desk), a_doctor("Kofi Osei, DC", **desk), a_doctor("Ana Ruiz"), a_doctor("Bo Lee")]
    batch = letters.prepare(people, practice=practice, by=owner)
    shown = page.get(reverse("network:letters_posted", args=[batch.pk]))
    assert shown.context["count"] == 3 and "3 letters" in shown.content.decode()
    connections.edit(people[3], {"name": ABROAD}, by=owner)
    wanted = Namespace(practice=practice.name, to="stream=medical", template="", out=tmp_path / "letters.pdf")
    told = lettering.run(wanted)
    assert told["letters"] == 2
    assert [left["name"] for left in told["left_out"]] == [ABROAD] and "日" in told["left_out"][0]["why"]


def test_taking_letters_back_keeps_the_gates_log(practice, owner):
    batch = letters.prepare([a_doctor()], practice=practice, by=owner)
    letters.pdf(batch, practice, on=TODAY)
    made = Act.objects.get(kind="letters")
    done = undo.undo(made, by=owner)
    assert not LetterBatch.objects.exists() and not done.stays
    assert Release.objects.get().what == "letter"
    assert undo.undo(Act.objects.get(undoes=made), by=owner)
    assert LetterBatch.objects.exists() and Release.objects.count() == 1


@pytest.mark.parametrize("names, greeting", [
    (["Jane Roe, DC", "Thanh Do, MD"], "Dear Dr. Roe and Dr. Do,"),
    (["Jane Roe, DC", "Kim Lee"], "Dear Dr. Roe and Kim Lee,"),
    (["Jane Roe, DC", "Thanh Do, MD", "Kim Lee"], "Dear Dr. Roe, Dr. Do and colleagues,"),
    (["Ana Ruiz", "Bo Lee", "Kim Lee"], "Dear colleagues,"),
])  # fmt: skip
def test_an_office_is_greeted_by_those_who_are_there(practice, owner, names, greeting):
    people = [a_doctor(name) for name in names]
    for person in people:
        person.office_key = "one desk"
    desk = letters.offices(people)[0][0]
    assert letters.salutation(desk.people) == greeting


@pytest.mark.parametrize(
    "stream, greeting", [("business", "Dear all at Bell Street,"), ("medical", "Dear colleagues at Bell Street,")]
)
def test_a_gym_is_no_colleague(practice, stream, greeting):
    assert letters.salutation([a_doctor("Bell Street", stream=stream, kind="organisation")]) == greeting


def test_minutes_are_those_of_the_week_posted_in(practice, owner):
    batch = letters.prepare([a_doctor()], practice=practice, by=owner)
    letters.posted(batch, on=TODAY - timedelta(days=14), by=owner)
    assert minutes_left(practice, on=TODAY) == practice.outreach_minutes
