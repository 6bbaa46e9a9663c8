"""What a therapist does, in a real browser: on a phone and at a desk, light and dark, with script and without."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from kneadwork.common.tenancy import acting_in
from kneadwork.network.models import Connection, Touch
from tests.browser import axe, do_waiting_jobs
from tests.builders import a_connection, an_owner
from tests.test_crossing import GUARDED, filled, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Amara Lindqvist DC\nTEL;TYPE=WORK:206-555-0101\nEND:VCARD\n"


@pytest.fixture
def therapist():
    """The owner of a practice with one person in it."""
    member = an_owner()
    with acting_in(member.practice_id):
        a_connection("Kofi Adeyemi", insights_=1)
    return member


def everyone(member) -> list[str]:
    with acting_in(member.practice_id):
        return sorted(Connection.objects.values_list("name", flat=True))


@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_is_fit_for_everybody(page_at, width):
    """All pages of the map, with one of everything in them; in the dark, where nothing but colours is other, the contrast."""
    member = an_owner("Hidden Hands")
    ids = filled(member)
    page = page_at(width, member=member)
    for address in [*looked_at(ids), reverse("mfa_activate_totp"), reverse("account_change_password")]:
        page.emulate_media(color_scheme="light")
        page.goto(address)
        axe(page)
        page.emulate_media(color_scheme="dark")
        axe(page, "color-contrast")
        assert beyond(page) <= 0, f"{address} is {beyond(page)} px wider than a screen of {width}"


def test_every_page_can_be_read_at_four_hundred_percent(page_at):
    """WCAG 2.2, 1.4.10: at 320 px, which is 1280 px enlarged four times, nothing lies beside the screen."""
    member = an_owner("Hidden Hands")
    ids = filled(member)
    page = page_at(320, member=member)
    for address in looked_at(ids):
        page.goto(address)
        assert beyond(page) <= 0, f"{address} is {beyond(page)} px too wide"


def test_every_page_can_be_read_with_letters_twice_as_large(page_at):
    """WCAG 2.2, 1.4.4."""
    member = an_owner("Hidden Hands")
    ids = filled(member)
    page = page_at(1280, member=member)
    for address in looked_at(ids):
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert beyond(page) <= 0, f"{address} is {beyond(page)} px too wide"


def looked_at(ids: dict) -> list[str]:
    """The addresses of all pages that can be looked at."""
    files = {
        "network:letters_pdf",
        "network:letters_labels",
        "network:import_rejects",
        "network:walk_pdf",
        "network:leaflet",
        "network:photo",
        "network:gather_session",
    }
    client = signed_in(ids["user"])
    addresses = [p.address(ids) for p in GUARDED if p.name not in files]
    return [a for a in addresses if client.get(a).status_code == 200]


def beyond(page) -> int:
    """How many pixels of the page lie beside the screen."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_an_invitation_shown_on_a_phone_stays_on_the_screen(page_at, therapist):
    page = page_at(390, member=therapist)
    page.goto("/practice/people")
    page.locator("input[name=email]").fill("helper@practice.example")
    page.get_by_role("button", name="Make a link").click()
    page.locator(".notice code").wait_for()
    assert len(page.locator(".notice code").inner_text()) > 60 and beyond(page) <= 0
    axe(page)


def test_the_doors_are_fit_for_everybody(page_at, db):
    page = page_at()
    for address in ("/welcome", "/account/login/"):
        page.goto(address)
        axe(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_is_added_with_a_name(page_at, therapist, javascript):
    page = page_at(javascript=javascript, member=therapist)
    page.goto("/network/add")
    page.locator("input[name=name]").first.fill("Amara Lindqvist")
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    assert everyone(therapist) == ["Amara Lindqvist", "Kofi Adeyemi"]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_file_is_seen_before_it_is_kept_and_can_be_taken_back(page_at, therapist, javascript):
    page = page_at(1280, javascript=javascript, member=therapist)
    page.goto("/network/import")
    card = {"name": "cards.vcf", "mimeType": "text/vcard", "buffer": CARD.encode()}
    page.set_input_files("input[type=file]", card)
    page.get_by_role("button", name="Look inside").click()
    page.wait_for_url(re.compile("/network/import/"))
    do_waiting_jobs()
    page.reload()
    assert everyone(therapist) == ["Kofi Adeyemi"]
    if javascript:
        axe(page)
    page.get_by_role("button", name="Keep them").click()
    page.locator("form[action$='/undo'] button").first.wait_for()
    assert len(everyone(therapist)) == 2
    page.locator("form[action$='/undo'] button").first.click()
    page.wait_for_load_state()
    assert everyone(therapist) == ["Kofi Adeyemi"]


def test_search_answers_as_one_types(page_at, therapist):
    with acting_in(therapist.practice_id):
        a_connection("Amara Lindqvist")
    page = page_at(1280, member=therapist)
    page.goto("/network")
    page.locator("input[name=q]").press_sequentially("lindq")
    page.locator("#people", has_not_text="Kofi").wait_for()
    assert "Amara Lindqvist" in page.locator("#people").inner_text()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_touch_is_one_tap_and_can_be_undone(page_at, therapist, javascript):
    with acting_in(therapist.practice_id):
        person = Connection.objects.get()
    page = page_at(javascript=javascript, member=therapist)
    page.goto(f"/connections/{person.ref}")
    page.locator("form[action$='/touches'] button").first.click()
    page.get_by_role("button", name="Undo").first.click()
    page.wait_for_load_state()
    with acting_in(therapist.practice_id):
        assert not Touch.objects.exists()
