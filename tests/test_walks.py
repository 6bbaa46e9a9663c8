"""Two longer walks in a real browser, with script and without, and one with the keyboard alone."""

from __future__ import annotations

import pytest

from kneadwork.common.tenancy import acting_in
from kneadwork.network import connections
from kneadwork.network.models import Connection, Touch
from kneadwork.practice.models import Member, Practice
from tests.builders import a_connection, an_owner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def therapist():
    return an_owner()


@pytest.mark.parametrize("javascript", [True, False])
def test_setting_up_on_a_phone_is_a_row_of_small_steps(page_at, therapist, javascript):
    page = page_at(390, javascript=javascript, member=therapist)
    page.goto("/practice/setup")
    answers = [
        {"name": "Quiet Hands", "line1": "12 Elm St", "city": "Seattle", "postal": "98107"},
        {"name": "Robin Hale", "credential": "LMT", "licence_number": "MA 555"},
        {}, {"phone": "206 555 0100", "directions": "Call 206 555 0100 and say who sent you."}, {}, {"outreach_minutes": "90"},
    ]  # fmt: skip
    for fields in answers:
        for name, value in fields.items():
            page.locator(f"main form [name={name}]").first.fill(value)
        page.get_by_role("button", name="Keep, and next").click()
        page.wait_for_load_state()
    page.get_by_role("button", name="Skip").click()
    page.wait_for_url("**/")
    practice = Practice.objects.get(pk=therapist.practice_id)
    assert practice.name == "Quiet Hands" and practice.postal == "98107" and practice.outreach_minutes == 90
    assert practice.philosophy and practice.place  # the starting text was kept; the ZIP code has a place
    with acting_in(practice.pk):
        assert Member.objects.get().credential == "LMT"


def test_setting_up_can_be_left_and_goes_on_where_it_stopped(page_at, therapist):
    page = page_at(390, member=therapist)
    page.goto("/practice/setup")
    page.get_by_role("button", name="Keep, and next").click()
    page.wait_for_load_state()
    page.get_by_role("button", name="Skip").click()
    page.wait_for_load_state()
    page.goto("/practice")
    page.get_by_role("link", name="Go on").click()
    page.wait_for_url("**/practice/setup/law")


@pytest.mark.parametrize("javascript", [True, False])
def test_letters_are_chosen_edited_made_and_posted(page_at, therapist, javascript):
    with acting_in(therapist.practice_id):
        for name in ("Amara Lindqvist, DC", "Kofi Osei, DC"):
            made = a_connection(name)
            connections.add_address(
                made, line1=f"{len(name)} Main St", city="Seattle", region="WA", postal="98107", by=None
            )
    page = page_at(1280, javascript=javascript, member=therapist)
    page.goto("/network/letters")
    text = page.locator("textarea").first
    text.fill("I would like to learn about your work, {nonsense}.")
    if javascript:
        page.get_by_text("nonsense", exact=False).nth(1).wait_for()
    else:
        page.get_by_role("button", name="Look again").click()
    assert page.locator("[id^=look-] .errors, [id^=look-] [role=alert]").count()
    page.locator("textarea").first.fill("I would like to learn about your work. Whom do you help best?")
    page.get_by_role("button", name="Make the letters").click()
    page.wait_for_url("**/posted")
    pdf = page.request.get(page.get_by_role("link", name="Open the letters").get_attribute("href"))
    assert pdf.body().startswith(b"%PDF")
    page.get_by_role("button", name="They are posted").click()
    page.wait_for_url("**/")
    with acting_in(therapist.practice_id):
        assert Touch.objects.filter(channel="letter").count() == 2


def test_somebody_is_added_and_found_with_the_keyboard_alone(page_at, therapist):
    page = page_at(1280, member=therapist)
    page.goto("/network")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.goto("/network/add")
    assert page.evaluate("document.activeElement.name") == "name", "the first field is ready for typing"
    page.keyboard.type("Amara Lindqvist")
    page.keyboard.press("Enter")
    page.get_by_text("is in your network").wait_for()
    page.goto("/network")
    reach(page, "q")
    page.keyboard.type("lindq")
    page.locator("#people").get_by_text("Amara Lindqvist").wait_for()
    reach(page, text="Amara Lindqvist")
    page.keyboard.press("Enter")
    page.wait_for_url("**/connections/*")
    with acting_in(therapist.practice_id):
        assert Connection.objects.get().name == "Amara Lindqvist"


def reach(page, name: str = "", *, text: str = "", at_most: int = 80) -> None:
    """Press Tab until this field or link has the focus, which must show wherever it stands."""
    for _press in range(at_most):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e);"
            " return {name: e.name || '', text: e.innerText || '', tag: e.tagName, outline: parseFloat(s.outlineWidth)} })()"
        )
        if here["tag"] != "BODY":
            assert here["outline"] > 0, f"the focus does not show on {here}"
        if (name and here["name"] == name) or (text and here["tag"] == "A" and text in here["text"]):
            return
    raise AssertionError(f"{name or text} is not reached with Tab")


def test_a_practice_that_moves_is_elsewhere_from_then_on(page_at, therapist):
    page = page_at(390, member=therapist)
    before = Practice.objects.get(pk=therapist.practice_id)
    page.goto("/practice")
    page.get_by_role("link", name="Place and time zone").click()
    page.locator("main form [name=postal]").fill("9720")
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("A ZIP code has five digits").wait_for()
    page.locator("main form [name=city]").fill("Portland")
    page.locator("main form [name=region]").select_option("OR")
    page.locator("main form [name=postal]").fill("97201")
    page.get_by_role("button", name="Keep").click()
    page.wait_for_url("**/practice")  # not on to the next step: it was changed by itself
    after = Practice.objects.get(pk=therapist.practice_id)
    assert before.latitude - after.latitude > 1 and after.city == "Portland"


def test_a_step_back_is_one_tap(page_at, therapist):
    page = page_at(390, member=therapist)
    page.goto("/practice/setup/law")
    page.get_by_role("link", name="Back").click()
    page.wait_for_url("**/practice/setup/therapist")
    page.get_by_role("link", name="Back").click()
    page.wait_for_url("**/practice/setup/place")
    assert page.get_by_role("link", name="Back", exact=True).count() == 0


def test_what_has_the_focus_is_never_behind_the_places(page_at, therapist):
    with acting_in(therapist.practice_id):
        for number in range(14):
            a_connection(f"Person {number}")
    page = page_at(390, member=therapist)
    page.goto("/network")
    hidden = "e => e.getBoundingClientRect().bottom > document.querySelector('.places').getBoundingClientRect().top + 1"
    seen = 0
    for _press in range(70):
        page.keyboard.press("Tab")
        focus = page.locator("main :focus")
        if focus.count():
            seen += 1
            assert not focus.evaluate(hidden), focus.evaluate("e => e.outerHTML.slice(0, 120)")
    assert seen > 30


@pytest.mark.parametrize("javascript", [True, False])
def test_ticked_people_get_letters_from_the_list(page_at, therapist, javascript):
    address = {"line1": "1 Elm St", "city": "Seattle", "region": "WA", "postal": "98107"}
    with acting_in(therapist.practice_id):
        for name in ("Amara Lindqvist, DC", "Kofi Osei, DC", "Nora Left-Out"):
            a_connection(name, address=address | {"line1": f"{len(name)} Elm St"})
    page = page_at(390, member=therapist, javascript=javascript)
    page.goto("/network")
    for name in ("Amara", "Kofi"):
        page.locator("#people li", has_text=name).get_by_role("checkbox").check()
    page.get_by_text("Do something with the ticked ones").click()
    page.get_by_role("button", name="Write letters").click()
    page.get_by_role("heading", name="2 letters").wait_for()
    page.get_by_role("button", name="Make the letters").click()
    page.wait_for_url("**/posted")
    assert page.get_by_text("Nora").count() == 0


def test_ticked_people_are_removed_and_come_back(page_at, therapist):
    with acting_in(therapist.practice_id):
        a_connection("Nora Gone")
    page = page_at(1280, member=therapist)
    page.goto("/network")
    page.get_by_role("checkbox", name="Nora Gone").check()
    page.get_by_text("Do something with the ticked ones").click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("Removed: 1.").wait_for()
    assert page.get_by_text("Nora Gone").count() == 0
    page.get_by_role("button", name="Undo").click()
    page.locator("#people").get_by_text("Nora Gone").wait_for()
