"""Acting on Today: a call with questions, an e-mail in one's own mail program, a visit with place and time, later until a day."""

from __future__ import annotations

import email
from datetime import timedelta
from email import policy
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from kneadwork.network import connections, resting, touching
from kneadwork.network.models import Postponement, Standing, Touch
from kneadwork.outreach import emails
from kneadwork.outreach.models import Release
from kneadwork.planning import curiosity
from tests.builders import TODAY, a_connection


@pytest.fixture
def page(client, owner):
    client.force_login(owner.user)
    return client


@pytest.fixture
def doctor(owner):
    made = a_connection("Amara Lindqvist, DC", phones=["206-555-0101"], emails=["amara@spine.example"])
    connections.add_address(made, line1="1 Main St", city="Seattle", region="WA", postal="98107", by=owner)
    return made


def step(doctor, by: str) -> str:
    return reverse("today:step", args=[doctor.pk, "call"]) + f"?by={by}"


def outcome(page, doctor, **given):
    return page.post(reverse("today:outcome", args=[doctor.pk, "call"]), given)


def test_a_call_shows_what_to_be_curious_about_and_dials(page, doctor):
    shown = page.get(step(doctor, "call")).content.decode()
    assert "tel:+12065550101" in shown
    assert all(question.split("'")[0] in shown for question in curiosity.questions("medical", "chiropractor"))


def test_every_profession_and_stream_has_questions_of_its_own_or_of_its_stream():
    from kneadwork.facts.professions import all_professions

    for key, profession in all_professions().items():
        assert len(curiosity.questions(profession.stream, key)) >= 3
    assert set(curiosity.words()["professions"]) <= set(all_professions())


def test_a_visit_says_where_and_when(page, doctor):
    shown = page.get(step(doctor, "visit")).content.decode()
    assert "1 Main St" in shown and "geo:47." in shown and curiosity.when("medical").split(",")[0] in shown


def test_an_email_opens_in_ones_own_mail_program_once_it_passed_the_gate(page, doctor, practice):
    assert "mailto:" not in page.get(step(doctor, "email")).content.decode()
    assert not Release.objects.exists()
    text = "Dear Dr. Lindqvist,\n\nwhom do you help best? #&=%\n"
    shown = page.post(step(doctor, "email"), {"subject": "A question & more", "body": text}).context["email"]
    parts = urlsplit(shown.link)
    said = parse_qs(parts.query, keep_blank_values=True)
    assert parts.path == "amara@spine.example" and said["subject"] == ["A question & more"]
    assert said["body"][0].replace("\r\n", "\n") == text.strip()
    assert Release.objects.get().what == "email"


def test_the_same_email_as_a_file_is_a_draft_without_any_link_here(page, doctor, practice):
    given = {"subject": "Grüße\r\nBcc: x@y.example", "body": "Whom do you help best?", "as": "file"}
    answer = page.post(step(doctor, "email"), given)
    assert answer["Content-Type"] == "message/rfc822" and ".eml" in answer["Content-Disposition"]
    message = email.message_from_bytes(answer.content, policy=policy.default)
    assert message["To"].addresses[0].addr_spec == "amara@spine.example" and message["Bcc"] is None
    assert message["Subject"] == "Grüße Bcc: x@y.example" and message["X-Unsent"] == "1"
    assert "testserver" not in answer.content.decode() and "kneadwork" not in answer.content.decode().casefold()


def test_nobody_who_said_stop_gets_an_email_or_a_call(page, doctor, owner):
    resting.stop(doctor, on=TODAY, how="asked", by=owner)
    with pytest.raises(emails.EmailRefused):
        emails.hand_over(doctor, "Hello", "A word", by=owner)
    shown = page.get(step(doctor, "call")).content.decode()
    assert "tel:" not in shown
    assert "mailto:" not in page.post(step(doctor, "email"), {"subject": "x", "body": "y"}).content.decode()
    assert not Release.objects.exists()


@pytest.mark.parametrize("said, answered", [("done", True), ("missed", False)])
def test_one_tap_and_optional_words_log_the_touch(page, doctor, said, answered):
    outcome(page, doctor, outcome=said, channel="call", minutes="10", words="They like mornings")
    touch = Touch.objects.get()
    assert (touch.channel, touch.answered, touch.minutes, touch.words) == ("call", answered, 10, "They like mornings")


@pytest.mark.parametrize("until, day, days", [("week", "", 7), ("tomorrow", "", 1), ("month", "", 30), ("day", 45, 45)])
def test_later_is_until_a_day(page, doctor, owner, until, day, days):
    from kneadwork.practice.setting_up import today

    on = today(owner.practice)
    outcome(page, doctor, outcome="later", until=until, day=(on + timedelta(days=day)).isoformat() if day else "")
    assert Postponement.objects.get().until == on + timedelta(days=days)


@pytest.mark.parametrize("day", ["2020-01-01", "soon"])
def test_later_never_means_a_day_that_has_passed_or_none(page, doctor, day):
    outcome(page, doctor, outcome="later", until="day", day=day)
    assert not Postponement.objects.exists()


def test_the_week_shows_what_was_done_and_what_could_come(page, doctor, owner):
    from kneadwork.practice.setting_up import today

    on = today(owner.practice)
    touching.log(a_connection("Kofi Osei"), "visit", on=on, today=on, minutes=30, words="Saw the rooms", by=owner)
    shown = page.get(reverse("today:week"))
    text = shown.content.decode()
    assert "Saw the rooms" in text and "Kofi Osei" in text and "Amara Lindqvist" in text
    assert shown.context["week"].minutes_used == 30


def test_no_step_page_opens_for_what_is_no_contact(page, doctor):
    assert page.get(step(doctor, "vet")).status_code == 404
    assert Standing.objects.get(connection=doctor).next_kind == "letter"
