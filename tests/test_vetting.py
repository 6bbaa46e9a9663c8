"""Would I send my mother there: checks, the verdict, red flags, the guards that go by them, and the owner's word against them."""

from __future__ import annotations

import io
from datetime import time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from kneadwork.api.tests.program import Program, is_problem
from kneadwork.network import checklists, giving, overriding, planned, vetting
from kneadwork.network.models import FitAnswer, Gift, Override, Standing, Verdict
from kneadwork.outreach import emails, invitations, letters
from kneadwork.planning import today
from kneadwork.practice.models import Role
from kneadwork.practice.rights import NotAllowed
from tests.builders import TODAY, a_connection, a_member, judge
from tests.test_crossing import signed_in

SEEN = {"mother": "yes", "own_eyes": "yes"}


@pytest.fixture
def page(client, owner):
    client.force_login(owner.user)
    return client


def decide(here, answer, **more):
    return vetting.decide(here, answer, **{"reason": "I was there", "on": TODAY, "by_name": "test"} | more)


def post(page, here, what, **given):
    return page.post(reverse("network:record", args=[here.pk, what]), given)


def test_a_yes_names_the_checks_it_still_needs(practice):
    here = a_connection()
    with pytest.raises(vetting.ChecksMissing) as refused:
        decide(here, "yes")
    assert [check.key for check in refused.value.missing] == ["mother", "own_eyes"]
    assert "Would I send my mother there?" in str(refused.value)
    assert not Verdict.objects.exists()


def test_checks_answered_before_or_with_it_make_way_for_a_yes(practice):
    here, other = a_connection(), a_connection()
    vetting.check(here, "mother", "yes", on=TODAY, by_name="test")
    vetting.check(here, "own_eyes", "partly", on=TODAY, by_name="test")
    assert decide(here, "yes").override is None and decide(other, "yes", checks=SEEN)
    assert vetting.is_trusted(here) and vetting.is_trusted(other)


def test_the_newest_answer_stands_and_the_earlier_ones_are_kept(practice):
    here = a_connection()
    vetting.check(here, "mother", "yes", on=TODAY - timedelta(days=9), words="At first", by_name="test")
    vetting.check(here, "mother", "no", on=TODAY, words="They rushed everybody", by_name="test")
    with pytest.raises(vetting.ChecksMissing):
        decide(here, "yes", checks={"own_eyes": "yes"})
    assert [given.answer for given in vetting.answers(here)["mother"]] == ["no", "yes"]


@pytest.mark.parametrize("answer", ["not yet", "no"])
def test_only_a_yes_needs_checks(practice, answer):
    assert decide(a_connection(), answer).answer == answer


@pytest.mark.parametrize("stream", ["medical", "business", "personal", "clients"])
def test_every_stream_needs_few_checks_and_each_has_its_words(practice, stream):
    listed = checklists.checks(stream)
    assert 1 <= len(checklists.required(stream)) <= 2 and all(check.question.endswith("?") for check in listed)
    assert len({check.key for check in listed}) == len(listed)


def test_a_check_that_is_an_ideal_client_question_moves_the_ranking_and_no_other_does(practice):
    here = a_connection()
    vetting.check(here, "billing", "yes", on=TODAY, by_name="test")
    assert Standing.objects.get(connection=here).good is None
    vetting.check(here, "values_massage", "yes", on=TODAY, by_name="test")
    assert Standing.objects.get(connection=here).good > 0.5


@pytest.mark.parametrize("wrong", [
    {"key": "horoscope"}, {"answer": "maybe"}, {"link": "javascript:alert(1)"}, {"link": "https://x.example/" + "a" * 400},
])  # fmt: skip
def test_a_check_that_cannot_be_is_refused(practice, wrong):
    given = {"key": "website", "answer": "yes", "link": ""} | wrong
    with pytest.raises(vetting.VettingRefused):
        vetting.check(a_connection(), given["key"], given["answer"], link=given["link"], on=TODAY, by_name="test")
    assert not FitAnswer.objects.exists()


def test_the_owner_says_yes_without_checks_with_a_reason_that_is_kept(owner):
    here = a_connection()
    verdict = decide(here, "yes", override_reason="My own dentist for twenty years", by=owner)
    kept = Override.objects.get()
    assert verdict.override == kept and (kept.what, kept.by) == ("verdict", owner)
    assert kept.why == "My own dentist for twenty years" and overriding.overrides(here) == [kept]


def test_a_red_flag_is_resolved_with_a_reason_and_not_overridden(owner):
    here = a_connection()
    flag = vetting.raise_flag(here, "Sells packages of forty visits", on=TODAY, by=owner)
    with pytest.raises(vetting.OpenRedFlag):
        decide(here, "yes", checks=SEEN, override_reason="All the same", by=owner)
    vetting.resolve_flag(flag, "They stopped doing that", on=TODAY, by=owner)
    assert decide(here, "yes", checks=SEEN) and not Override.objects.exists()


@pytest.mark.parametrize("role", [Role.THERAPIST, Role.FRONT_DESK, Role.HELPER])
def test_nobody_but_the_owner_goes_against_a_guard(owner, role):
    here, member = a_connection(), a_member(owner, role)
    with pytest.raises(NotAllowed):
        decide(here, "yes", override_reason="I know them", by=member)
    with pytest.raises(NotAllowed):
        giving.give(here, "introduction", on=TODAY, override_reason="I know them", by=member)
    signed_in(member.user).post(
        reverse("network:record", args=[here.pk, "gifts"]), {"form": "introduction", "override": "x"}
    )
    assert is_problem(
        Program(member).post("/gifts", {"connection": here.ref, "form": "introduction", "override": "x"}), 403
    )
    assert not Gift.objects.exists() and not Verdict.objects.exists() and not Override.objects.exists()


def test_one_form_keeps_checks_and_verdict(page, practice):
    here = a_connection("Kofi Osei")
    given = {"check-mother": "yes", "words-mother": "Gentle with old people", "check-own_eyes": "yes", "answer": "yes",
             "link-own_eyes": "https://spine.example/visit", "reason": "Two visits", "back": "vetting"}  # fmt: skip
    answer = post(page, here, "verdicts", **given)
    assert answer["Location"] == reverse("network:vetting", args=[here.pk])
    shown = page.get(answer["Location"]).content.decode()
    assert "Gentle with old people" in shown and "https://spine.example/visit" in shown and "Two visits" in shown
    assert vetting.is_trusted(here) and FitAnswer.objects.count() == 2
    post(page, here, "verdicts", **{"check-mother": "yes", "check-own_eyes": "yes", "back": "vetting"})
    assert FitAnswer.objects.count() == 2, "what was answered before and stands is not kept once more"


def test_a_refused_verdict_keeps_what_was_typed_and_changes_nothing(page, practice):
    here = a_connection("Kofi Osei")
    answer = post(
        page, here, "verdicts", answer="yes", reason="I like them", **{"check-mother": "yes", "words-mother": "Kind"}
    )
    text = answer.content.decode()
    assert answer.status_code == 200 and "Have I seen it with my own eyes?" in text
    assert "I like them" in text and "Kind" in text and not FitAnswer.objects.exists() and not Verdict.objects.exists()


def test_a_picture_shows_a_check_without_where_and_when(page, practice):
    here, out, hidden = a_connection(), io.BytesIO(), Image.Exif()
    hidden[0x010F] = "A camera"
    Image.new("RGB", (40, 30), "green").save(out, "JPEG", exif=hidden)
    photo = SimpleUploadedFile("wall.jpg", out.getvalue(), content_type="image/jpeg")
    post(page, here, "verdicts", **{"check-website": "partly", "photo-website": photo, "back": "vetting"})
    given = FitAnswer.objects.get()
    picture = page.get(reverse("network:photo", args=[here.pk, given.pk]))
    assert (
        picture["Content-Type"] == "image/png"
        and picture.content.startswith(b"\x89PNG")
        and b"A camera" not in picture.content
    )
    post(
        page, here, "verdicts", **{"check-website": "yes", "photo-website": SimpleUploadedFile("x.jpg", b"no picture")}
    )
    assert FitAnswer.objects.count() == 1


def test_who_may_not_see_verdicts_is_led_back_without_a_word_of_them(owner):
    here = a_connection("Kofi Osei")
    judge(here, "yes", reason="canary-reason", by=owner)
    vetting.check(here, "billing", "no", on=TODAY, words="canary-words", by=owner)
    for role in (Role.FRONT_DESK, Role.HELPER):
        member = a_member(owner, role)
        page = signed_in(member.user)
        answer = page.get(reverse("network:vetting", args=[here.pk]), follow=True)
        assert "canary" not in answer.content.decode() and "looks at this and decides" in answer.content.decode()
        assert is_problem(Program(member).get("/vetting/checks"), 403)


def test_what_a_yes_needs_is_answered_by_those_who_decide(owner):
    here = a_connection("Kofi Osei")
    for role, kept in ((Role.HELPER, 0), (Role.FRONT_DESK, 0), (Role.THERAPIST, 1)):
        page = signed_in(a_member(owner, role).user)
        page.post(reverse("network:record", args=[here.pk, "fit"]), {"question": "mother", "answer": "yes"})
        assert FitAnswer.objects.filter(question="mother").count() == kept
        page.post(reverse("network:record", args=[here.pk, "fit"]), {"question": "values_massage", "answer": "yes"})
        page.post(reverse("network:record", args=[here.pk, "fit"]), {"question": "own_eyes", "answer": "yes"})
    assert FitAnswer.objects.filter(question="values_massage").count() == 3
    assert not FitAnswer.objects.filter(question="own_eyes").exists()


@pytest.mark.parametrize("form", ["referral", "introduction", "recommendation"])
def test_a_guarded_gift_waits_for_a_yes_and_says_what_else_there_is(page, practice, form):
    here = a_connection("Kofi Osei")
    answer = post(page, here, "gifts", form=form, words="A long letter")
    text = answer.content.decode()
    assert answer.status_code == 409 and "rule 4" in text.casefold() and "A long letter" in text
    assert "useful information" in text and not Gift.objects.exists()
    post(page, here, "gifts", form=form, words="A long letter", override="They asked me to, and I know the family")
    gift = Gift.objects.get()
    assert gift.override.why.startswith("They asked") and gift.words == "A long letter"


def test_a_red_flag_shuts_the_guards_again(owner):
    here = a_connection(verdict="yes")
    giving.give(here, "referral", on=TODAY, person="June P.", by=owner)
    vetting.raise_flag(here, "Treats everybody the same", on=TODAY, by=owner)
    with pytest.raises(vetting.NotTrusted):
        giving.give(here, "referral", on=TODAY, by=owner)


def test_somebody_sent_is_no_sight_for_a_helper(owner):
    here, helper = a_connection("Kofi Osei", verdict="yes"), a_member(owner, Role.HELPER)
    giving.give(here, "referral", on=TODAY, person="Zelda Quagmire", words="canary-words", by=owner)
    page = signed_in(helper.user)
    text = page.get(reverse("network:connection", args=[here.pk])).content.decode()
    listed = Program(helper).get("/gifts").json()["gifts"]
    assert "Quagmire" not in text and "canary" not in text and "Sent somebody" not in text and listed == []
    page.post(reverse("network:record", args=[here.pk, "gifts"]), {"form": "referral"})
    assert is_problem(Program(helper).post("/gifts", {"connection": here.ref, "form": "referral"}), 403)
    assert Gift.objects.count() == 1
    assert "Zelda Quagmire" in signed_in(owner.user).get(reverse("network:connection", args=[here.pk])).content.decode()


def test_programs_answer_checks_decide_and_override(owner):
    program = Program(owner)
    here = a_connection()
    refused = program.post("/vetting", {"connection": here.ref, "answer": "yes", "reason": "Nice"})
    assert is_problem(refused, 422) and refused.json()["missing"] == ["mother", "own_eyes"]
    made = program.post(
        "/vetting/checks", {"connection": here.ref, "check": "mother", "answer": "yes", "words": "Kind"}
    )
    assert made.status_code == 201 and program.get(made["Location"].removeprefix("/api/v1")).json() == made.json()
    given = {"connection": here.ref, "answer": "yes", "reason": "Nice", "checks": {"own_eyes": "yes"}}
    assert program.post("/vetting", given).json()["override"] is None
    assert {c["check"] for c in program.get("/vetting/checks").json()["checks"]} == {"mother", "own_eyes"}
    other = a_connection()
    kept = program.post("/gifts", {"connection": other.ref, "form": "introduction", "override": "My neighbour"})
    assert kept.json()["overridden"] is True and Override.objects.get().why == "My neighbour"


def test_a_year_after_a_yes_looking_again_is_a_step_and_the_yes_stands_meanwhile(owner):
    here = a_connection("Kofi Osei", phones=["206 555 0101"])
    judge(here, "yes", on=TODAY - timedelta(days=366), by=owner)
    (action,) = today.actions(owner.practice, on=TODAY, minutes=200, all_streams=True)
    assert (action.step.kind, action.step.due_on) == ("review", TODAY - timedelta(days=1)) and vetting.is_trusted(here)
    judge(here, "not yet", reason="New people work there", on=TODAY, by=owner)
    left = today.actions(owner.practice, on=TODAY, minutes=200, all_streams=True)
    assert "review" not in {one.step.kind for one in left}
    assert [verdict.answer for verdict in here.verdicts.order_by("-on")] == ["not yet", "yes"], (
        "what was thought is kept"
    )


def test_a_verdict_leaves_in_nothing_that_others_get(page, owner):
    """Letter, e-mail, invitation: what goes out says nothing of what we think of anybody."""
    here = a_connection(
        "Kofi Osei",
        emails=["kofi@people.example"],
        address={"line1": "1 Main St", "city": "Seattle", "postal": "98101"},
    )
    judge(here, "no", reason="canary reason", by=owner)
    vetting.check(here, "billing", "no", on=TODAY, words="canary note", by=owner)
    step = planned.plan(
        here, "meeting", on=TODAY, today=TODAY, at=time(10), place="Blue Door", purpose="canary purpose", by=owner
    )
    letter = letters.prepare([here], practice=owner.practice, by=owner).letters.get()
    told = [
        letter.body, emails.draft(here, owner.practice, owner).body, invitations.invite(step, owner.practice, by=owner).decode(),
    ]  # fmt: skip
    assert all("canary" not in text for text in told)
