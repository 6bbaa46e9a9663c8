"""The *Undo* beside what was just noted takes back that, and nothing else."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from kneadwork.common.models import Act
from kneadwork.network import touching
from kneadwork.network.models import Connection, ContactPoint, Touch
from tests.builders import TODAY, a_connection


@pytest.fixture
def browser(client, owner):
    """Signed in as the owner."""
    client.force_login(owner.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def undo_on(page: str) -> str:
    """Where the page's Undo leads; "" where it has none."""
    found = re.search(r'action="(/practice/undo/[^"]+)"', page)
    return found[1] if found else ""


CHANGES_NOTHING = [
    ("contacts", {"kind": "email", "value": "JANE@roe.example"}),
    ("tags", {"tag": "swimmers"}),
    ("tags", {"remove": "no such tag"}),
    ("stream", {"stream": "medical"}),
    ("rests", {"wake": "1"}),
]


@pytest.mark.parametrize(("what", "given"), CHANGES_NOTHING)
def test_what_changed_nothing_has_no_undo(browser, owner, what, given):
    jane = a_connection("Jane Roe", emails=["jane@roe.example"])
    browser.post(reverse("network:record", args=[jane.pk, "tags"]), {"tag": "swimmers"}, follow=True)
    touching.log(a_connection("Nora Reach"), "meeting", on=TODAY, today=TODAY, words="precious words", by=owner)
    acts = Act.objects.count()
    page = browser.post(reverse("network:record", args=[jane.pk, what]), given, follow=True).content.decode()
    assert undo_on(page) == "" and "nothing changed" in page
    assert Touch.objects.get().words == "precious words" and Act.objects.count() == acts


def test_the_undo_takes_back_what_was_noted_though_another_device_did_more_since(browser, owner):
    jane = a_connection("Jane Roe")
    given = {"kind": "phone", "value": "206 555 0101"}
    page = browser.post(reverse("network:record", args=[jane.pk, "contacts"]), given, follow=True).content.decode()
    touching.log(a_connection("Nora Reach"), "meeting", on=TODAY, today=TODAY, by=owner)
    browser.post(undo_on(page))
    assert not ContactPoint.objects.exists() and Touch.objects.count() == 1


def test_a_wish_not_to_be_written_to_has_no_undo(browser):
    jane = a_connection("Jane Roe")
    answer = browser.post(reverse("network:record", args=[jane.pk, "stops"]), {"how": "by telephone"}, follow=True)
    assert undo_on(answer.content.decode()) == "" and jane.stops.exists()


def test_after_an_undo_one_is_back_on_the_page_where_one_was(browser):
    jane = a_connection("Jane Roe")
    here = reverse("network:connection", args=[jane.ref])
    page = browser.post(f"{here}/touches", {"channel": "call"}, follow=True).content.decode()
    came = f"http://testserver{here}"
    assert browser.post(undo_on(page), headers={"Referer": came}).url == here
    page = browser.post(f"{here}/tags", {"tag": "swimmers"}, follow=True).content.decode()
    assert browser.post(undo_on(page), headers={"Referer": f"{came}/edit"}).url == f"{here}/edit"
    page = browser.post(f"{here}/tags", {"tag": "runners"}, follow=True).content.decode()
    assert browser.post(undo_on(page), headers={"Referer": f"{came}/tags"}).url == here


def test_after_an_undo_nobody_is_sent_to_somebody_who_is_gone(browser):
    page = browser.post("/network/add", {"name": "Dana Whitfield"}, follow=True).content.decode()
    gone = reverse("network:connection", args=[Connection.objects.get().ref])
    answer = browser.post(undo_on(page), headers={"Referer": f"http://testserver{gone}"})
    assert answer.url == "/network"


@pytest.mark.parametrize(
    "came", ["http://elsewhere.example/network", "http://testserver/nowhere", "nonsense", "http://[", ""]
)
def test_after_an_undo_one_stays_in_this_house(browser, came):
    page = browser.post("/network/add", {"name": "Dana Whitfield"}, follow=True).content.decode()
    assert browser.post(undo_on(page), headers={"Referer": came}).url == "/network"
