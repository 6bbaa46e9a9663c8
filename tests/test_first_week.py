"""A first week through the pages: add somebody, see them on Today and in the list, log a touch, take it back."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kneadwork.network.models import Connection, Standing, Touch
from kneadwork.planning.keeping import KEPT, compute, views
from kneadwork.practice.setting_up import today
from tests.builders import a_connection, a_member


@pytest.fixture
def browser(owner, client: Client) -> Client:
    """A browser signed in as the owner."""
    client.force_login(owner.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("address", ["/", "/network", "/network/add", "/referrals", "/practice", "/practice/history",
                                     "/practice/people", "/practice/setup/place", "/practice/setup/philosophy",
                                     "/network/removed"])  # fmt: skip
def test_each_place_opens(browser, address):
    assert browser.get(address).status_code == 200


def test_a_name_is_enough_to_add_somebody_and_today_proposes_a_step(browser):
    answer = browser.post("/network/add", {"name": "Amara Lindqvist", "profession": "chiropractor"}, follow=True)
    assert "Amara Lindqvist" in answer.content.decode()
    assert "Amara Lindqvist" in browser.get("/network?q=lindq").content.decode()


def test_a_look_alike_is_offered_before_it_is_made_twice(browser, practice):
    a_connection("Amara Lindqvist")
    page = browser.post("/network/add", {"name": "Amara Lindquist"}).content.decode()
    assert "Perhaps you know them already" in page
    assert Connection.objects.count() == 1
    browser.post("/network/add", {"name": "Amara Lindquist", "anyway": "1"})
    assert Connection.objects.count() == 2


def test_an_identical_name_is_called_the_same(browser, practice):
    a_connection("Amara Lindqvist, DC")
    page = browser.post("/network/add", {"name": "Amara Lindqvist"}).content.decode()
    assert "(the same name)" in page and "almost" not in page


def test_whoever_was_added_is_one_tap_away_and_can_be_taken_back(browser, practice):
    page = browser.post("/network/add", {"name": "Dana <b>Whitfield"}, follow=True).content.decode()
    made = Connection.objects.get()
    assert f'<a href="/connections/{made.ref}">Dana &lt;b&gt;Whitfield</a>' in page
    browser.post(re.search(r'action="(/practice/undo/[^"]+)"', page)[1])
    assert not Connection.objects.exists()


@pytest.mark.parametrize(("field", "typed"), [("phone", "12"), ("email", "not an email")])
def test_what_reaches_nobody_is_said_beside_the_field_and_stays_typed(browser, field, typed):
    page = browser.post("/network/add", {"name": "Dana Whitfield", field: typed}).content.decode()
    assert not Connection.objects.exists() and f'value="{typed}"' in page and "Dana Whitfield" in page
    assert f'id="id_{field}_error"' in page


def test_logging_a_touch_takes_one_tap_and_can_be_undone(browser, practice):
    here = a_connection()
    answer = browser.post(f"/connections/{here.ref}/touches", {"channel": "call"}, follow=True)
    assert Touch.objects.count() == 1
    act = next(m.extra_tags for m in answer.context["messages"]).removeprefix("undo:")
    browser.post(f"/practice/undo/{act}")
    assert Touch.objects.count() == 0


def test_kept_values_equal_a_fresh_computation(practice):
    here = a_connection(insights_=2, met=True, verdict="yes", gifts=1)
    on = today(practice)
    fresh = compute(views([here.pk], practice, on=on)[here.pk], on=on)
    kept = Standing.objects.get(connection=here)
    assert {k: getattr(kept, k) for k in KEPT} == fresh
    assert kept.stage == "trusted"


def test_nobody_else_may_see_the_people_page(practice, owner, client):
    helper = a_member(owner, "helper")
    client.force_login(helper.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/practice/people").status_code == 403
    hidden = a_connection("A Client", stream="clients")
    assert client.get(f"/connections/{hidden.ref}").status_code == 404


@pytest.mark.django_db
def test_where_there_is_no_practice_every_address_leads_to_the_first_start(client):
    assert client.get("/").headers["Location"] == "/welcome"
    answer = client.post("/welcome", {"practice": "Quiet Hands", "name": "Robin", "email": "r@q.example", "region": "WA",
                                      "password": "quiet rivers run deeply"})  # fmt: skip
    assert answer.headers["Location"] == "/practice/setup"
    assert Client().get("/").headers["Location"].startswith("/account/login/")
    assert Client().get("/welcome").headers["Location"] == "/"  # this door is closed now
