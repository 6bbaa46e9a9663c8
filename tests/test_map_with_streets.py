"""The map over streets: where an installation names tiles they are shown, and only then, there and from there."""

from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kneadwork.common import tiles
from kneadwork.common.tenancy import acting_in
from kneadwork.pages.shell.headers import POLICY
from kneadwork.practice.models import Practice, Role
from tests.browser import axe
from tests.builders import a_member, an_owner
from tests.test_walk import a_shop
from tests.tile_server import serving_tiles

MAP = "/network/map"
TILES = "https://tiles.example/{z}/{x}/{y}.png"


# Which addresses are tiles


@pytest.mark.parametrize(
    "address, origin",
    [
        (TILES, "https://tiles.example"),
        ("https://Tiles.example:8443/{z}/{y}/{x}{r}.png?key=a-b", "https://tiles.example:8443"),
        ("http://10.0.0.2:8080/tile/{z}/{x}/{y}", "http://10.0.0.2:8080"),
    ],
)
def test_an_address_of_tiles_is_taken_and_its_host_let_in(settings, address, origin):
    settings.TILES_URL = address
    assert tiles.refusal(address) == "" and tiles.named().origin == origin


@pytest.mark.parametrize(
    "address",
    [
        "tiles.example/{z}/{x}/{y}.png",
        "ftp://tiles.example/{z}/{x}/{y}.png",
        "https://tiles.example/{z}/{x}.png",
        "https://{s}.tiles.example/{z}/{x}/{y}.png",
        "https://tiles.example/{z}/{x}/{y}/{y}.png",
        "https://tiles.example/{z}/{x}/{y}/{style}.png",
        "https://tiles.example;script-src *;/{z}/{x}/{y}.png",
        "https://tiles.example /{z}/{x}/{y}.png",
        "https://me:secret@tiles.example/{z}/{x}/{y}.png",
        'https://tiles.example/{z}/{x}/{y}.png"onload="',
        "https:///{z}/{x}/{y}.png",
    ],
)
def test_any_other_is_refused_in_one_sentence_and_the_drawing_stays(client, owner, settings, address):
    settings.TILES_URL = address
    assert tiles.refusal(address).startswith("KNEADWORK_TILES_URL is an address with {z}, {x} and {y}")
    client.force_login(owner.user)
    answer = client.get(MAP)
    assert answer["Content-Security-Policy"] == POLICY and "leaflet" not in answer.content.decode()


def test_a_public_page_shows_nothing_that_came_in_clear(settings):
    settings.TILES_URL, settings.PUBLIC_URL = TILES.replace("https", "http"), "https://hands.example"
    assert tiles.named() is None and "https://" in tiles.refusal(settings.TILES_URL, public=True)


# The page


@pytest.fixture
def therapist(client, owner):
    client.force_login(owner.user)
    return client


def test_without_the_setting_no_leaflet_comes_and_the_policy_is_the_usual_one(therapist, practice):
    a_shop("Inn of Ewes")
    answer = therapist.get(MAP)
    page = answer.content.decode()
    assert answer["Content-Security-Policy"] == POLICY
    assert "leaflet" not in page and "streets.js" not in page and "data-at" not in page and "Inn of Ewes" in page


def test_only_the_map_lets_in_pictures_and_only_from_there(therapist, practice, settings):
    settings.TILES_URL = TILES
    a_shop("Inn of Ewes")
    told = therapist.get(MAP)["Content-Security-Policy"]
    assert told.replace(" https://tiles.example", "", 1) == POLICY
    assert re.search(r"img-src [^;]*https://tiles\.example[ ;]", told)
    for address in ("/network", "/network/walks", "/", "/nowhere", f"{MAP}?stage=nonsense"):
        assert therapist.get(address)["Content-Security-Policy"] == POLICY, address


def test_words_of_the_setting_are_words_on_the_page(therapist, practice, settings):
    settings.TILES_URL, settings.TILES_CREDIT = TILES, "<b>Example</b> & Sons"
    a_shop("Inn of Ewes", hours="24/7")
    page = therapist.get(MAP).content.decode()
    assert "<template>&lt;b&gt;Example&lt;/b&gt; &amp; Sons</template>" in page
    assert "© OpenStreetMap contributors" in page  # places of it show, whoever drew the streets
    settings.TILES_CREDIT = ""
    assert page.count("OpenStreetMap") < therapist.get(MAP).content.decode().count("OpenStreetMap")


def test_a_part_for_another_window_is_the_part_of_the_page(therapist, practice, settings):
    settings.TILES_URL = TILES
    a_shop("Inn of Ewes")
    a_shop("Far away", metres_north=90_000)
    at = {"at": "48.41,-122.33", "span": "4000"}
    part = therapist.get(MAP, at, headers={"HX-Request": "true"})
    text = part.content.decode()
    assert part["Content-Security-Policy"] != POLICY and "<html" not in text and text.lstrip().startswith("<div")
    assert "Far away" in text and "Inn of Ewes" not in text and text.strip() in therapist.get(MAP, at).content.decode()


def test_a_helper_is_told_of_no_client_by_the_part(client, owner, settings):
    settings.TILES_URL = TILES
    a_shop("A client", stream="clients")
    a_shop("Barbell", metres_north=4)
    client.force_login(a_member(owner, Role.HELPER).user)
    page = client.get(MAP, headers={"HX-Request": "true"}).content.decode()
    assert "A client" not in page and "Barbell" in page and "One here" in page


def test_where_nothing_is_on_the_map_no_script_comes_either(therapist, practice, settings):
    settings.TILES_URL = TILES
    Practice.objects.filter(pk=practice.pk).update(latitude=None, longitude=None)
    for headers in ({}, {"HX-Request": "true"}):
        page = therapist.get(MAP, headers=headers).content.decode()
        assert "Nothing is on the map yet" in page and "leaflet" not in page


def test_the_part_asks_as_often_for_many_as_for_few(therapist, practice, settings):
    settings.TILES_URL = TILES

    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert therapist.get(MAP, headers={"HX-Request": "true"}).status_code == 200
        return len(queries)

    a_shop("Few 0"), a_shop("Few 1", metres_north=2400)
    counted()
    before = counted()
    for n in range(25):
        a_shop(f"Shop {n}", metres_north=n * 60, hours="24/7")
    counted()
    assert counted() == before


def test_two_files_of_leaflet_are_served_and_no_other(client, db):
    assert all(client.get(f"/static/leaflet/leaflet.{kind}").status_code == 200 for kind in ("js", "css"))
    for name in ("leaflet.forms.js", "draw/leaflet.draw.js", "images/layers.png", "../__init__.py"):
        assert client.get(f"/static/leaflet/{name}").status_code == 404 and not finders.find(f"leaflet/{name}")


# In a browser


@pytest.fixture
def streets(settings):
    with serving_tiles() as server:
        settings.TILES_URL, settings.TILES_CREDIT = server.address, ""
        yield server


@pytest.fixture
def in_town(transactional_db):
    """The owner of a practice with a crowd near it, one person a little farther, and one a long way north."""
    member = an_owner()
    with acting_in(member.practice_id):
        for n in range(30):
            a_shop(f"Shop {n}", metres_north=200 + n * 3)
        a_shop("Inn of Ewes", metres_north=-1500, hours="24/7")
        a_shop("Northern Gym", metres_north=6500)
    return member


class Asked(list):
    """The hosts a page asks."""

    def listen(self, page) -> None:
        page.on("request", lambda r: self.append(re.match(r"\w+://[^/]+|\w+:", r.url)[0]))


def brought(page, act) -> None:
    """Do something that moves the map, and wait until the server has told of the new window."""
    with page.expect_response(lambda a: reverse("network:map") in a.url and a.request.headers.get("hx-request")):
        act()
    page.wait_for_function("document.querySelector('#streets [role=status]').textContent !== ''")


def opened(page) -> None:
    brought(page, lambda: page.goto(MAP))
    page.wait_for_function("document.querySelectorAll('.leaflet-tile-loaded').length > 3")


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_streets_are_shown_and_moving_brings_who_is_there(page_at, live_server, in_town, streets, width):
    page, asked = page_at(width, member=in_town), Asked()
    asked.listen(page)
    page.emulate_media(reduced_motion="reduce")  # so that the map stops where it is let go
    opened(page)
    assert streets.asked and all(re.fullmatch(r"/\d+/\d+/\d+\.png", path) for path, _from in streets.asked)
    assert {sent for _path, sent in streets.asked} <= {
        "",
        f"{live_server.url}/",
    }  # where the page is, never which it is
    assert page.locator("#drawing").is_hidden() and page.locator(".streets .pin a").count() >= 2
    assert "© OpenStreetMap contributors" in page.locator(".leaflet-control-attribution").inner_text()
    assert "Northern Gym" not in page.locator("#beside").inner_text()
    box = page.locator(".streets")
    box.scroll_into_view_if_needed()
    at = box.bounding_box()
    middle = at["x"] + at["width"] / 2
    page.mouse.move(middle, at["y"] + 20)
    page.mouse.down()
    page.mouse.move(middle, at["y"] + at["height"] - 20, steps=8)
    brought(page, page.mouse.up)
    page.locator("#beside", has_text="Northern Gym").wait_for()
    page.get_by_role("link", name="Northern Gym, ").wait_for()
    assert (
        "One here" in page.locator("#beside").inner_text() and "One here" in page.locator("[role=status]").inner_text()
    )
    assert (
        "at=47.6" in page.url
        and page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    )
    axe(page)
    page.emulate_media(color_scheme="dark")
    axe(page, "color-contrast")
    page.reload()
    page.get_by_role("link", name="Northern Gym, ").wait_for()  # where one was is where one is again
    assert set(asked) <= {live_server.url, streets.origin}


@pytest.mark.browser
def test_a_cluster_opens_and_somebody_is_reached(page_at, in_town, streets):
    page = page_at(1280, member=in_town)
    opened(page)
    before = page.url
    cluster = page.locator(".streets .pin a", has=page.locator(".many")).first
    brought(page, lambda: cluster.dispatch_event("click"))
    assert page.url != before and page.evaluate("document.activeElement.className").startswith("sheet streets")
    page.get_by_role("link", name="Wider").click()
    page.wait_for_url(re.compile("at="))
    page.goto(MAP)
    page.locator(".streets").get_by_role("link", name="Inn of Ewes, ").click()
    page.wait_for_url(re.compile("/connections/"))


@pytest.mark.browser
def test_a_map_pulled_by_somebody_on_it_opens_nobody(page_at, in_town, streets):
    page = page_at(1280, member=in_town)
    opened(page)
    before = page.url
    pin = page.locator(".streets").get_by_role("link", name="Inn of Ewes, ").locator("circle").first
    pin.scroll_into_view_if_needed()
    at = pin.bounding_box()
    x, y = at["x"] + at["width"] / 2, at["y"] + at["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 120, y - 60, steps=6)
    brought(page, page.mouse.up)
    page.wait_for_url(lambda url: url != before)
    assert "/network/map?" in page.url


@pytest.mark.browser
def test_the_map_is_moved_by_the_keyboard_alone(page_at, in_town, streets):
    page = page_at(1280, member=in_town)
    opened(page)
    page.get_by_role("link", name="East").focus()
    brought(page, lambda: page.keyboard.press("Enter"))
    assert page.evaluate("document.activeElement.textContent") == "East"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className").startswith("sheet streets")
    east = page.url
    brought(page, lambda: page.keyboard.press("ArrowLeft"))
    assert page.url != east
    wide = float(re.search(r"span=(\d+)", page.url)[1])
    brought(page, lambda: page.keyboard.press("+"))
    page.wait_for_url(lambda url: float(re.search(r"span=(\d+)", url)[1]) < wide * 0.6)
    brought(page, lambda: page.keyboard.press("-"))
    page.wait_for_url(lambda url: abs(float(re.search(r"span=(\d+)", url)[1]) / wide - 1) < 0.05)


@pytest.mark.browser
def test_without_script_the_drawing_is_there_and_nobody_is_asked_for_streets(page_at, in_town, streets):
    page = page_at(1280, member=in_town, javascript=False)
    page.goto(MAP)
    assert page.locator("#drawing svg.map").is_visible() and page.locator("#streets").is_hidden()
    page.get_by_role("link", name="North").click()
    page.get_by_role("heading", name="Map").wait_for()
    assert streets.asked == []


@pytest.mark.browser
def test_a_server_that_is_away_is_said_and_the_map_stays(page_at, in_town, streets, no_faults):
    page = page_at(1280, member=in_town)
    opened(page)
    page.context.set_offline(True)
    page.locator(".streets").focus()
    page.keyboard.press("ArrowUp")
    page.get_by_text("could not be brought up to date").wait_for()
    page.context.set_offline(False)
    brought(page, lambda: page.keyboard.press("ArrowDown"))
    page.locator("#streets .notice").wait_for(state="hidden")
    no_faults[:] = [fault for fault in no_faults if "ERR_INTERNET_DISCONNECTED" not in fault]


@pytest.mark.browser
def test_who_has_signed_out_elsewhere_is_shown_the_door(page_at, in_town, streets):
    page = page_at(1280, member=in_town)
    opened(page)
    page.context.clear_cookies()
    page.locator(".streets").focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_url(re.compile("/account/login/"))
