"""The first start: one practice comes of it, made by whoever is at this machine or was given its key."""

from __future__ import annotations

import pytest
from django.test import Client

from kneadwork.practice import first_start
from kneadwork.practice.models import Practice, User
from tests.together import at_once

SIGN_UP = {"practice": "Quiet Hands", "name": "Robin", "email": "robin@practice.example", "region": "WA",
           "password": "quiet rivers run deeply"}  # fmt: skip


@pytest.fixture
def public(settings, tmp_path):
    """A data directory of its own, and a public address."""
    settings.HOME, settings.PUBLIC_URL = tmp_path, "https://hands.example"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
def test_of_two_who_sign_up_at_once_one_owns_the_practice(_round):
    both = [SIGN_UP, SIGN_UP | {"practice": "Other Hands", "email": "ana@practice.example"}]
    clients = [Client(), Client()]
    answers = at_once(*[lambda c=c, g=g: c.post("/welcome", g) for c, g in zip(clients, both, strict=True)])
    assert sorted(a["Location"] for a in answers) == ["/", "/practice/setup"], answers
    assert Practice.objects.count() == 1 and User.objects.count() == 1


def test_with_a_public_address_the_first_start_needs_the_key(client, db, public):
    right = first_start.key()
    for given in ("", "/x", f"/{right[:-1]}", f"/{right}x"):
        for answer in (client.get(f"/welcome{given}"), client.post(f"/welcome{given}", SIGN_UP)):
            assert answer.status_code == 403 and b"<form" not in answer.content
            assert b"kneadwork start" in answer.content
    assert not Practice.objects.exists()
    assert client.get(f"/welcome/{right}").status_code == 200
    assert client.post(f"/welcome/{right}", SIGN_UP)["Location"] == "/practice/setup"
    assert Client().post(f"/welcome/{right}", SIGN_UP)["Location"] == "/", "the door is closed now"
    assert Practice.objects.count() == 1


def test_where_no_key_was_printed_nobody_is_let_in(client, db, public):
    assert client.post("/welcome", SIGN_UP).status_code == 403
    assert client.post("/welcome/None", SIGN_UP).status_code == 403


def test_the_key_stays_the_same_until_it_is_used_and_is_its_owners_only(db, public, tmp_path):
    right = first_start.key()
    assert first_start.key() == right and (tmp_path / "set_up_key").stat().st_mode & 0o077 == 0
    first_start.is_over()
    assert first_start.key() != right


def test_at_this_machine_no_key_is_asked_for(client, db, settings):
    settings.PUBLIC_URL = ""
    assert client.get("/welcome").status_code == 200
