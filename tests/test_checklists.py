"""Checklists as the practice keeps them: its own questions, what a yes needs, taken back, and what was answered before."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kneadwork.api.tests.program import Program
from kneadwork.common import undo
from kneadwork.common.models import Act
from kneadwork.network import checklists, vetting
from kneadwork.network.models import Checklist, FitAnswer
from kneadwork.practice.models import Role
from kneadwork.practice.rights import NotAllowed
from tests.builders import TODAY, a_connection, a_member, judge
from tests.test_crossing import signed_in

MOTHER = {"key": "mother", "question": "Would I send my mother there?", "required": True}
STAIRS = {"key": "", "question": "Can somebody with a walking frame get in?", "required": True}


@pytest.fixture
def page(client, owner):
    client.force_login(owner.user)
    return client


def decide(here, **checks):
    return vetting.decide(here, "yes", reason="I was there", checks=checks, on=TODAY, by_name="test")


def test_a_yes_needs_what_the_practices_own_list_says(owner):
    here, friend = a_connection(), a_connection(stream="personal")
    kept = checklists.keep("medical", [MOTHER, STAIRS], [], by=owner)
    with pytest.raises(vetting.ChecksMissing, match="walking frame"):
        decide(here, mother="yes")
    assert decide(here, **{"mother": "yes", kept.checks[1]["key"]: "yes"}) and decide(friend, mother="yes")
    with pytest.raises(vetting.VettingRefused, match="no such check"):
        vetting.check(here, "website", "yes", on=TODAY, by_name="test")


def test_a_yes_that_stands_is_not_touched_by_a_longer_list(owner):
    here = a_connection(verdict="yes")
    checklists.keep("medical", [MOTHER, STAIRS], [], by=owner)
    assert vetting.is_trusted(here) and [c.question for c in vetting.missing_checks(here)] == [STAIRS["question"]]


def test_an_answer_keeps_the_words_it_was_asked_in(page, owner):
    here = a_connection("Kofi Osei")
    vetting.check(here, "mother", "yes", on=TODAY, by=owner)
    vetting.check(here, "website", "partly", on=TODAY, words="No prices", by=owner)
    checklists.keep("medical", [MOTHER | {"question": "Would I send my father there?"}], [], by=owner)
    text = page.get(reverse("network:vetting", args=[here.pk])).content.decode()
    assert "Would I send my father there?" in text and "asked then: Would I send my mother there?" in text
    gone = text[text.index("not on this list") :]
    assert "Does their website give" in gone and "No prices" in gone
    asked = {c["check"]: c["asked"] for c in Program(owner).get("/vetting/checks").json()["checks"]}
    assert asked["mother"] == "Would I send my mother there?"


def test_a_question_that_was_taken_out_leaves_its_answers_to_nobody(owner):
    here = a_connection()
    first = checklists.keep("medical", [MOTHER, STAIRS], [], by=owner).checks[1]["key"]
    vetting.check(here, first, "yes", on=TODAY, by=owner)
    checklists.keep("medical", [MOTHER], [], by=owner)
    again = checklists.keep("medical", [MOTHER, STAIRS | {"key": first, "question": "Is it quiet?"}], [], by=owner)
    assert again.checks[1]["key"] != first and "Is it quiet?" in str([c.question for c in vetting.missing_checks(here)])


def test_the_list_goes_back_to_the_default_and_an_edit_is_taken_back(owner):
    shipped = checklists.checks("business")
    checklists.keep("business", [MOTHER], ["Who sits at the window"], by=owner)
    assert checklists.first_visit("business") == ["Who sits at the window"]
    checklists.back_to_default("business", by=owner)
    assert checklists.checks("business") == shipped and not Checklist.objects.exists()
    undo.undo(Act.objects.filter(kind="checklist").latest("at"), by=owner)
    assert [check.key for check in checklists.checks("business")] == ["mother"]


@pytest.mark.parametrize("stream", ["medical", "business", "personal", "clients"])
def test_every_shipped_list_can_be_kept_as_it_is(owner, stream):
    shipped = checklists.checks(stream)
    rows = [{"key": c.key, "question": c.question, "required": c.required} for c in shipped]
    checklists.keep(stream, rows, checklists.first_visit(stream), by=owner)
    assert checklists.checks(stream) == shipped


@pytest.mark.parametrize("listed, words", [
    ([], "A yes needs one"), ([MOTHER | {"required": False}], "A yes needs one"), ([MOTHER, MOTHER], "twice"),
    ([MOTHER, STAIRS | {"question": "would i send my MOTHER there?"}], "twice"), ([MOTHER, STAIRS | {"question": " "}], "without words"),
    ([MOTHER | {"question": "x" * 201}], "too long"),
    ([MOTHER, *({"key": "", "question": f"Question {n}?"} for n in range(30))], "Thirty"),
], ids=str)  # fmt: skip
def test_a_list_that_cannot_be_is_refused_in_words(owner, listed, words):
    with pytest.raises(checklists.ChecklistRefused, match=words):
        checklists.keep("medical", listed, [], by=owner)
    with pytest.raises(checklists.ChecklistRefused, match="four streams"):
        checklists.keep("nowhere", [MOTHER], [], by=owner)
    assert not Checklist.objects.exists()


@pytest.mark.parametrize("role", [Role.THERAPIST, Role.FRONT_DESK, Role.HELPER])
def test_only_the_owner_says_what_a_yes_needs(owner, role):
    member = a_member(owner, role)
    address, page = reverse("practice:checklist", args=["medical"]), signed_in(member.user)
    page.post(address, {"question-0": "Are they nice?", "required-0": "1"})
    with pytest.raises(NotAllowed):
        checklists.keep("medical", [MOTHER], [], by=member)
    assert page.get(address).status_code == 403 and not Checklist.objects.exists()
    listed = page.get(reverse("practice:checklists"))
    assert listed.status_code == (200 if role == Role.THERAPIST else 403) and b"Edit" not in listed.content


def test_the_page_edits_adds_removes_and_goes_back(page, practice):
    address = reverse("practice:checklist", args=["personal"])
    assert "came with Kneadwork" in page.get(address).content.decode()
    given = {"key-0": "mother", "question-0": "Would I send my mother there?", "key-1": "promises", "question-1": "",
             "question-2": "Do they listen?", "required-2": "1", "first_visit": "The door\n\nThe light"}  # fmt: skip
    page.post(address, given)
    kept = Checklist.objects.get()
    assert [(c["question"], c["required"]) for c in kept.checks] == [
        ("Do they listen?", True), ("Would I send my mother there?", False),
    ]  # fmt: skip
    assert kept.first_visit == ["The door", "The light"]
    shown = page.post(address, {"question-0": "Do they listen?", "first_visit": "The stairs"}).content.decode()
    assert "A yes needs one" in shown and "Do they listen?" in shown and "The stairs" in shown
    assert "Your own." in page.get(reverse("practice:checklists")).content.decode()
    page.post(address, {"default": "1"})
    assert not Checklist.objects.exists()
    assert page.get(reverse("practice:checklist", args=["nowhere"])).status_code == 404


def test_the_form_of_somebody_goes_by_the_practices_list(page, owner):
    here = a_connection("Kofi Osei")
    own = checklists.keep("medical", [STAIRS], ["The stairs"], by=owner).checks[0]["key"]
    text = page.get(reverse("network:vetting", args=[here.pk])).content.decode()
    assert "walking frame" in text and "The stairs" in text and "check-mother" not in text
    page.post(
        reverse("network:record", args=[here.pk, "verdicts"]),
        {f"check-{own}": "yes", "answer": "yes", "reason": "Seen"},
    )
    assert vetting.is_trusted(here) and FitAnswer.objects.get().asked == STAIRS["question"]


def test_other_practices_keep_their_own(owner):
    from kneadwork.common.tenancy import acting_in
    from tests.builders import an_owner

    checklists.keep("medical", [STAIRS], [], by=owner)
    with acting_in(an_owner().practice_id):
        assert [c.key for c in checklists.required("medical")] == ["mother", "own_eyes"]
        judge(a_connection(), "yes")
