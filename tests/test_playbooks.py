"""Playbooks as the practice keeps them: edited, followed by everyone's next step, taken back, per profession."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kneadwork.api.tests.program import Program
from kneadwork.cli import program
from kneadwork.common import undo
from kneadwork.common.models import Act
from kneadwork.network.models import Standing
from kneadwork.outreach.models import LetterBatch
from kneadwork.planning import keeping, plan, playbooks, today
from kneadwork.planning.models import Playbook
from kneadwork.practice import setting_up
from tests.builders import a_connection, do_jobs

CALL_FIRST = {
    "kind": "call",
    "wait": 0,
    "minutes": 15,
    "until": "conversation",
    "purpose": "Hear how they like to be called",
}
LATER = {"kind": "message", "wait": 40, "minutes": 5, "needs": "touched"}


@pytest.fixture
def page(client, owner):
    client.force_login(owner.user)
    return client


def next_kinds() -> dict[str, str]:
    return dict(Standing.objects.values_list("name", "next_kind"))


def test_the_next_steps_of_all_follow_an_edited_playbook_and_go_back_with_it(practice, owner):
    a_connection("Kofi Osei", phones=["206-555-0101"], address={"line1": "1 Main St", "postal": "98107"})
    a_connection("Ben Osei", stream="personal", phones=["206-555-0102"])
    before = next_kinds()
    playbooks.keep("medical", "", [CALL_FIRST, LATER], by=owner)
    do_jobs()
    assert before["Kofi Osei"] == "letter" and next_kinds() == before | {"Kofi Osei": "call"}
    assert keeping.differing(practice) == []
    undo.undo(Act.objects.filter(kind="playbook").latest("at"), by=owner)
    do_jobs()
    assert next_kinds() == before and keeping.differing(practice) == []


def test_a_profession_goes_by_its_own_steps(practice, owner):
    reach = {"phones": ["206-555-0101"], "address": {"line1": "1 Main St", "postal": "98107"}}
    a_connection("Kofi Osei", profession="dentist", **reach)
    a_connection("Ana Ruiz", profession="chiropractor", **reach)
    playbooks.keep("medical", "dentist", [CALL_FIRST], by=owner)
    assert next_kinds() == {"Kofi Osei": "call", "Ana Ruiz": "letter"}
    playbooks.back_to_default("medical", "dentist", by=owner)
    assert next_kinds() == {"Kofi Osei": "letter", "Ana Ruiz": "letter"} and not Playbook.objects.exists()


def test_what_a_step_is_for_is_said_in_the_practices_words(practice, owner):
    a_connection("Kofi Osei", phones=["206-555-0101"])
    playbooks.keep("medical", "", [CALL_FIRST], by=owner)
    action = today.actions(practice, on=setting_up.today(practice), minutes=100, all_streams=True)[0]
    assert (action.step.kind, action.reason) == ("call", "Hear how they like to be called")


def test_a_letter_of_ones_own_choice_is_the_one_that_is_written(page, practice, owner):
    here = a_connection("Kofi Osei", address={"line1": "1 Main St", "postal": "98107"})
    playbooks.keep("medical", "", [{"kind": "letter", "wait": 0, "minutes": 8, "template": "stay_in_touch"}], by=owner)
    assert f"?to={here.ref}&amp;template=stay_in_touch" in page.get("/").content.decode()


def test_the_letters_that_today_proposes_are_those_of_the_playbook(page, practice, owner, tmp_path):
    """By page, API and command alike; who is named by hand gets the one that suits, and a chosen text goes before both."""
    here = a_connection("Kofi Osei", address={"line1": "1 Main St", "postal": "98107"})
    playbooks.keep("medical", "", [{"kind": "letter", "wait": 0, "minutes": 8, "template": "stay_in_touch"}], by=owner)
    address = reverse("network:letters")
    shown = page.get(address).content.decode()
    assert 'name="text-stay_in_touch"' in shown and f'name="own-{here.ref}" value="stay_in_touch"' in shown
    page.post(address, {"to": here.ref, f"own-{here.ref}": "stay_in_touch", "make": "1"})
    assert made() == "stay_in_touch"
    page.post(address, {"to": here.ref, f"own-{here.ref}": "no_such_letter", "make": "1"})
    assert made() == "first_medical"
    assert Program(owner).post("/letters", {}).status_code == 200 and made() == "stay_in_touch"
    assert Program(owner).post("/letters", {"to": [here.ref]}).status_code == 200 and made() == "first_medical"
    assert Program(owner).post("/letters", {"template": "after_letter"}).status_code == 200 and made() == "after_letter"
    assert program.run(["letters", "--out", str(tmp_path / "letters.pdf")]) == 0 and made() == "stay_in_touch"


def test_an_e_mail_begins_with_the_text_that_the_playbook_names(page, practice, owner):
    from kneadwork.outreach import letters

    here = a_connection("Kofi Osei", emails=["kofi@people.example"])
    playbooks.keep("medical", "", [{"kind": "email", "wait": 0, "minutes": 8, "template": "stay_in_touch"}], by=owner)
    shown = page.get(reverse("today:step", args=[here.ref, "email-1"])).content.decode()
    assert letters.shipped()["stay_in_touch"]["subject"] in shown


def made() -> str:
    """The template of the newest batch."""
    return LetterBatch.objects.latest("made_at").template


def test_no_playbook_asks_before_it_is_time(practice, owner):
    a_connection("Kofi Osei", phones=["206-555-0101"])
    playbooks.keep("medical", "", [{"kind": "ask", "wait": 0, "minutes": 5}, LATER], by=owner)
    assert today.actions(practice, on=setting_up.today(practice), minutes=100, all_streams=True) == []


def test_every_shipped_playbook_can_be_kept_as_it_is(practice, owner):
    for stream in ("medical", "business", "personal", "clients"):
        book = playbooks.keep(stream, "", plan.playbooks()[stream], by=owner)
        assert [step["key"] for step in book.steps] == [row["key"] for row in plan.playbooks()[stream]]


@pytest.mark.parametrize("wrong", [
    {"kind": "fax"}, {"until": "noon"}, {"needs": "money"}, {"wait": -1}, {"wait": 5000}, {"wait": None}, {"minutes": 0},
    {"template": "no_such_letter"},
], ids=str)  # fmt: skip
def test_a_step_that_cannot_be_is_named_by_its_number(practice, owner, wrong):
    with pytest.raises(playbooks.PlaybookRefused, match="Step 2"):
        playbooks.keep("medical", "", [CALL_FIRST, LATER | wrong], by=owner)
    for none in ([], [LATER] * 21):
        with pytest.raises(playbooks.PlaybookRefused):
            playbooks.keep("medical", "", none, by=owner)
    assert not Playbook.objects.exists()


def test_the_page_edits_orders_and_goes_back(page, practice):
    address = reverse("practice:playbook", args=["business"])
    assert "came with Kneadwork" in page.get(address).content.decode()
    given = {"kind-0": "visit", "wait-0": "10", "minutes-0": "20", "until-0": "conversation", "place-0": "2",
             "kind-1": "call", "wait-1": "0", "minutes-1": "5", "until-1": "touched", "place-1": "1"}  # fmt: skip
    page.post(address, given)
    assert [step["kind"] for step in Playbook.objects.get().steps] == ["call", "visit"]
    shown = page.post(address, given | {"wait-0": "soon", "purpose-0": "See how they sit"}).content.decode()
    assert "Step 2" in shown and "See how they sit" in shown
    assert "Your own." in page.get(reverse("practice:playbooks")).content.decode()
    page.post(address, {"default": "1"})
    assert not Playbook.objects.exists()
    assert page.get(reverse("practice:playbook", args=["nowhere"])).status_code == 404
