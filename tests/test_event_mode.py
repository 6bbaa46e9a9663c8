"""Event mode in a real browser: cards are collected without a network, outlive the browser, and arrive once and in order."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.contrib.sessions.models import Session

from kneadwork.common.tenancy import acting_in
from kneadwork.network import events
from kneadwork.network.models import Card
from kneadwork.practice.setting_up import today
from tests.browser import CHROMIUM, QUIET, axe, signed_in
from tests.builders import a_member, an_owner
from tests.pictures import a_picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STORED = """async () => {
  const names = (await indexedDB.databases()).map((one) => one.name);
  return {databases: names, caches: await caches.keys(), workers: (await navigator.serviceWorker.getRegistrations()).length};
}"""


@pytest.fixture
def therapist():
    """The owner of a practice with an event today."""
    member = an_owner()
    with acting_in(member.practice_id):
        events.make("Library talk", on=today(member.practice), by=member)
    return member


@pytest.fixture
def phone(chromium, live_server, no_faults, tmp_path) -> Callable:
    """`with phone(member) as page`: a phone that keeps what it has between two times the browser is opened."""
    program = next(filter(None, map(shutil.which, CHROMIUM)))

    @contextmanager
    def opened(member=None, *, offline: bool = False) -> Iterator:
        context = chromium.browser_type.launch_persistent_context(
            tmp_path / "phone", executable_path=program, args=QUIET, base_url=live_server.url,
            viewport={"width": 390, "height": 844},
        )  # fmt: skip
        context.set_default_timeout(15_000)
        if member is not None:
            context.add_cookies([signed_in(member, live_server.url) | {"expires": 4_000_000_000}])
        context.set_offline(offline)
        page = context.new_page()
        page.on("pageerror", lambda error: no_faults.append(f"script: {error}"))
        page.on("response", lambda a: no_faults.append(f"{a.status}: {a.url}") if a.status >= 500 else None)
        try:
            yield page
        finally:
            context.close()

    return opened


def ready(page, address: str = "/gather/") -> None:
    """Open event mode and wait until the phone keeps it."""
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.locator("#event option", has_text="Library talk").wait_for(state="attached")


def collect(page, number: int) -> None:
    """One card: a photograph and a few words, next; done when it is counted."""
    picture = {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": a_picture(f"Person {number}")}
    page.set_input_files("#pick", picture)
    page.locator("#taken img").first.wait_for()
    page.fill("#words", f"number\x0b{number}")
    page.get_by_role("button", name="Keep, and next").click()
    page.locator(f"#waiting[data-count='{number}']").wait_for()


def arrived(member) -> list[str]:
    with acting_in(member.practice_id):
        return list(Card.objects.order_by("captured_at", "pk").values_list("words", flat=True))


def test_twenty_cards_collected_without_a_network_arrive_once_and_in_order(phone, therapist):
    with phone(therapist) as page:
        ready(page)
        page.context.set_offline(True)
        page.reload()
        for number in range(1, 21):
            collect(page, number)
        assert "20 cards wait" in page.locator("#state").inner_text()
        assert "no network" in page.locator("#why").inner_text()
    assert arrived(therapist) == []
    with phone(offline=True) as page:
        page.goto("/gather/")
        page.locator("#waiting[data-count='20']").wait_for()
        assert page.locator("#unsent li").count() == 20
        page.context.set_offline(False)
        page.locator("#state", has_text="All are sent").wait_for(timeout=60_000)
        left = page.evaluate("import('/static/js/gather/store.js').then((store) => store.all())")
    assert left == []
    assert arrived(therapist) == [f"number {number}" for number in range(1, 21)]
    with acting_in(therapist.practice_id):
        assert {c.event.title for c in Card.objects.all()} == {"Library talk"}
        assert all(c.front for c in Card.objects.all())
        made = [c.pk for c in Card.objects.order_by("captured_at")]
    assert made == sorted(made)


def test_a_card_whose_answer_was_lost_arrives_once(chromium, live_server, therapist):
    context = chromium.new_context(base_url=live_server.url, service_workers="block")
    context.add_cookies([signed_in(therapist, live_server.url)])
    page, lost = context.new_page(), []

    def lose(route) -> None:
        """The server takes the card, and the answer never comes back."""
        lost.append(route.fetch().status)
        route.abort("connectionreset")

    page.route("**/gather/cards", lose, times=2)
    page.goto("/gather/")
    page.fill("#words", "laughed about parking")
    page.get_by_role("button", name="Keep, and next").click()
    page.locator("#why", has_text="no network").wait_for()
    page.evaluate("dispatchEvent(new Event('online'))")
    while len(lost) < 2:
        page.wait_for_timeout(50)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator("#state", has_text="All are sent").wait_for()
    context.close()
    assert lost == [201, 201] and arrived(therapist) == ["laughed about parking"]


def test_cards_wait_for_a_session_that_ended_and_for_whoever_collected_them(phone, therapist):
    with phone(therapist) as page:
        ready(page)
        Session.objects.all().delete()
        collect(page, 1)
        page.locator("#why", has_text="Sign in to send").wait_for()
        assert page.get_by_role("link", name="Sign in").is_visible()
        axe(page)
    with acting_in(therapist.practice_id):
        colleague = a_member(therapist, "helper")
    with phone(colleague) as page:
        page.goto("/gather/")
        page.locator("#why", has_text="somebody else").wait_for()
    assert arrived(therapist) == []
    with phone(therapist) as page:
        page.goto("/gather/")
        page.locator("#state", has_text="All are sent").wait_for()
    assert arrived(therapist) == ["number 1"]


def test_after_signing_out_nothing_is_left_on_the_phone(phone, therapist):
    with phone(therapist) as page:
        ready(page)
        page.context.set_offline(True)
        collect(page, 1)
        page.context.set_offline(False)
        Session.objects.all().delete()  # so that it cannot be sent before
    with phone(therapist, offline=False) as page:
        page.route("**/gather/cards", lambda route: route.abort())
        page.goto("/account/logout/")
        told = page.locator("#unsent-told")
        told.wait_for()
        assert "Signing out throws them away" in told.inner_text() and told.locator("b").inner_text() == "1"
        axe(page)
        page.locator("form[data-leaving] button.main").click()
        page.wait_for_url("**/account/login/**")
        assert page.evaluate(STORED) == {"databases": [], "caches": [], "workers": 0}
    assert arrived(therapist) == []


def test_the_phone_keeps_the_shell_and_no_page_with_anybody_in_it(phone, therapist):
    with phone(therapist) as page:
        ready(page)
        page.goto("/network")
        page.goto("/cards")
        page.goto("/gather/")
        kept = page.evaluate("""async () => {
          const names = await caches.keys(), found = [];
          for (const name of names) for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname);
          return found;
        }""")
        shell = page.evaluate("fetch('/gather/').then((answer) => answer.text())")
    assert "/gather/" in kept and all(
        path == "/gather/" or path.startswith(("/static/", "/gather/manifest")) for path in kept
    )
    assert therapist.name not in shell and "csrf" not in shell and "Library talk" not in shell
    assert "my card" not in shell.lower() and "share" not in shell.lower()  # take none, collect theirs


@pytest.mark.parametrize("width, dark", [(390, False), (390, True), (1280, False)])
def test_event_mode_is_fit_for_everybody(page_at, therapist, width, dark):
    page = page_at(width, dark=dark, member=therapist)
    page.goto("/gather/")
    page.fill("#words", "treats jaw pain")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    for _press in range(12):  # by keyboard: from the words to the button that keeps them
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('next')"):
            break
    page.keyboard.press("Enter")
    page.locator("#state", has_text="All are sent").wait_for()
    assert arrived(therapist) == ["treats jaw pain"]
