"""People in a real browser: a pasted list, a correction in place, a search that *Back* finds again, an Undo that stays."""

from __future__ import annotations

import re

import pytest

from kneadwork.common.tenancy import acting_in
from kneadwork.network.models import Connection, ContactPoint, Touch
from tests.browser import axe
from tests.builders import a_connection, an_owner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "Peter Quill 607-555-0101\nMaria Lopez, LCSW, maria@lopez.example\n- Ken (barber)\n607-555-0199\n"


@pytest.fixture
def therapist():
    return an_owner()


@pytest.mark.parametrize(("width", "javascript"), [(390, True), (1280, False)])
def test_a_pasted_list_is_looked_at_before_it_is_kept(page_at, therapist, width, javascript):
    with acting_in(therapist.practice_id):
        a_connection("Maria Lopez")
    page = page_at(width, javascript=javascript, member=therapist)
    page.goto("/network/add")
    page.locator("textarea[name=names]").fill(LIST)
    page.get_by_role("button", name="Look at them").click()
    page.get_by_role("heading", name="Look at the list").wait_for()
    if javascript:
        axe(page)
    assert page.locator("input[name=take]:checked").count() == 2
    page.get_by_role("button", name="Add the ticked ones").click()
    page.get_by_text("2 added").wait_for()
    with acting_in(therapist.practice_id):
        assert set(Connection.objects.values_list("name", flat=True)) == {"Peter Quill", "Ken", "Maria Lopez"}
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Taken back").wait_for()
    with acting_in(therapist.practice_id):
        assert Connection.objects.get().name == "Maria Lopez"


@pytest.mark.parametrize(("width", "javascript"), [(390, True), (1280, False)])
def test_a_wrong_telephone_is_corrected_where_it_stands(page_at, therapist, width, javascript):
    with acting_in(therapist.practice_id):
        here = a_connection("Ana Ruiz", phones=["206 555 0101"], address={"line1": "1 Main St", "city": "Seattle"})
    page = page_at(width, javascript=javascript, member=therapist)
    page.goto(f"/connections/{here.ref}/edit")
    if javascript:
        axe(page)
    page.get_by_label("Telephone").fill("12")
    page.get_by_role("button", name="Keep the correction").click()
    page.get_by_role("status").get_by_text("is no telephone number").wait_for()
    page.get_by_role("alert").get_by_text("is no telephone number").wait_for()
    if javascript:
        axe(page)
    assert page.get_by_label("Telephone").input_value() == "12"
    page.get_by_label("Telephone").fill("206 555 0102")
    page.get_by_role("button", name="Keep the correction").click()
    page.get_by_text("Noted").wait_for()
    with acting_in(therapist.practice_id):
        assert ContactPoint.objects.get().normal == "+12065550102"


def test_an_undo_on_somebodys_page_stays_there(page_at, therapist):
    with acting_in(therapist.practice_id):
        here = a_connection("Ana Ruiz", phones=["206 555 0101"])
    page = page_at(390, member=therapist)
    page.goto(f"/connections/{here.ref}")
    axe(page)
    page.get_by_role("button", name="Call", exact=True).click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Taken back").wait_for()
    assert page.url.endswith(f"/connections/{here.ref}")
    with acting_in(therapist.practice_id):
        assert not Touch.objects.exists()


def test_what_was_looked_for_is_there_again_after_back(page_at, therapist):
    with acting_in(therapist.practice_id):
        for name in ("Priya Shah", "Kofi Osei"):
            a_connection(name)
    page = page_at(390, member=therapist)
    page.goto("/network?stream=medical")
    page.locator("#q").press_sequentially("priya")
    page.wait_for_url(re.compile(r"/network\?q=priya&stream=medical$"))
    page.locator("#people").get_by_text("Priya Shah").click()
    page.wait_for_url("**/connections/*")
    page.go_back()
    page.wait_for_url(re.compile(r"/network\?q=priya"))
    assert page.locator("#q").input_value() == "priya"
    assert page.locator("#people li.person").count() == 1
    page.locator("#q").fill("")
    page.wait_for_url(re.compile(r"/network\?stream=medical$"))
    assert page.locator("#people li.person").count() == 2
