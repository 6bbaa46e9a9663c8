"""The second factor: with a public address nothing opens without it, and every way in asks for it."""

from __future__ import annotations

import argparse
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse

from kneadwork.cli import members
from kneadwork.common.tenancy import acting_in
from kneadwork.practice import people, signing_in
from tests.builders import an_owner

PASSWORD = "quiet rivers run deeply"


@pytest.fixture
def therapist(db):
    member = an_owner()
    member.user.set_password(PASSWORD)
    member.user.save()
    return member


@pytest.fixture
def public(settings):
    """The practice can be reached from everywhere."""
    settings.PUBLIC_URL = "https://hands.example"


def sign_in(client, member):
    given = {"login": member.user.email, "password": PASSWORD}
    return client.post(reverse("account_login"), given, follow=True)


def code_of(secret: str, *, later: int = 0) -> str:
    """What the phone shows, `later` periods from now."""
    at = int(time.time()) // configured_period() + later
    return totp.format_hotp_value(totp.hotp_value(secret, at))


def configured_period() -> int:
    return getattr(configured, "MFA_TOTP_PERIOD", 30)


def set_up(client, member) -> str:
    """Walk through enrolment; answers the secret."""
    sign_in(client, member)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)[1]
    codes = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}, follow=True)
    assert codes.redirect_chain[-1][0] == reverse("mfa_view_recovery_codes")
    return secret


@pytest.mark.parametrize("name", ["today:page", "network:list", "practice:home", "practice:people", "referrals:list"])
def test_with_a_public_address_a_password_alone_reaches_only_the_enrolment(client, therapist, public, name):
    sign_in(client, therapist)
    answer = client.get(reverse(name))
    assert answer.status_code == 302 and answer["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_activate_totp"), follow=True).status_code == 200


def test_on_this_machine_only_a_password_is_enough(client, therapist):
    assert sign_in(client, therapist).redirect_chain[-1][0] == "/"
    assert client.get(reverse("today:page")).status_code == 200


def test_the_page_says_that_all_can_reach_the_practice_only_where_it_is_so(client, therapist, settings):
    sign_in(client, therapist)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    said = "can be reached from everywhere"
    assert said not in client.get(reverse("mfa_activate_totp")).content.decode()
    settings.PUBLIC_URL = "https://hands.example"
    assert said in client.get(reverse("mfa_activate_totp")).content.decode()


def test_once_set_up_the_code_is_asked_for_and_opens_the_practice(client, therapist, public):
    secret = set_up(client, therapist)
    assert client.get(reverse("today:page")).status_code == 200
    fresh = Client()
    page = sign_in(fresh, therapist)
    assert page.redirect_chain[-1][0] == reverse("mfa_authenticate")
    assert fresh.get(reverse("today:page")).status_code == 302  # not in yet
    assert "Incorrect" in fresh.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    fresh.post(reverse("mfa_authenticate"), {"code": code_of(secret, later=1)})
    assert fresh.get(reverse("today:page")).status_code == 200


def test_a_code_works_once(client, therapist, public):
    code = code_of(set_up(client, therapist), later=1)
    first, second = Client(), Client()
    for other in (first, second):
        sign_in(other, therapist)
        other.post(reverse("mfa_authenticate"), {"code": code})
    assert first.get(reverse("today:page")).status_code == 200
    assert second.get(reverse("today:page")).status_code == 302


def test_a_recovery_code_opens_once(client, therapist, public):
    set_up(client, therapist)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    code = re.findall(r"<code>(\d+)</code>", page)[0]
    opened = []
    for other in (Client(), Client()):
        sign_in(other, therapist)
        other.post(reverse("mfa_authenticate"), {"code": code})
        opened.append(other.get(reverse("today:page")).status_code == 200)
    assert opened == [True, False]


def test_a_sign_in_address_asks_for_the_code_too(client, therapist, public):
    set_up(client, therapist)
    other = Client()
    token = signing_in.sign_in_address(therapist.user)
    answer = other.post(reverse("public:sign_in", args=[token]))
    assert answer["Location"] == reverse("mfa_authenticate")
    assert other.get(reverse("today:page")).status_code == 302


def test_the_secret_is_not_readable_in_the_database(client, therapist, public):
    secret = set_up(client, therapist)
    kept = " ".join(str(a.data) for a in Authenticator.objects.all())
    assert kept and secret not in kept


def test_who_lost_the_phone_sets_it_up_anew_by_the_machines_command(client, therapist, public):
    set_up(client, therapist)
    args = argparse.Namespace(email=therapist.user.email, second_factor=True)
    assert "/sign-in/" in members.run(args)["sign_in_url"]
    fresh = Client()
    sign_in(fresh, therapist)
    assert fresh.get(reverse("today:page"))["Location"] == reverse("mfa_activate_totp")


def test_an_invitation_does_not_open_an_account_that_has_no_password(client, therapist):
    """Otherwise an owner could invite another practice's owner and follow the link in their place."""
    other = an_owner("Other Hands")
    other.user.set_unusable_password()
    other.user.save()
    with acting_in(therapist.practice_id):
        _invitation, token = people.invite(other.user.email, "therapist", by=therapist)
    page = client.post(reverse("public:join", args=[token]), {"name": "Not her", "password": PASSWORD})
    assert page.status_code == 200 and "_auth_user_id" not in client.session


def an_invitation_to(member, by) -> str:
    """The address of a link by which another practice's owner invites this person."""
    with acting_in(by.practice_id):
        _invitation, token = people.invite(member.user.email, "helper", by=by)
    return reverse("public:join", args=[token])


def test_an_invitation_asks_for_the_code_too(client, therapist, public):
    """Else whoever learned a password could invite its owner elsewhere and open all their practices with it."""
    secret = set_up(client, therapist)
    stranger = an_owner("Other Hands")
    other = Client()
    answer = other.post(an_invitation_to(therapist, stranger), {"name": "Robin", "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert other.get(reverse("today:page")).status_code == 302
    other.post(reverse("mfa_authenticate"), {"code": code_of(secret, later=1)})
    page = other.get(reverse("today:page"))
    assert page.status_code == 200 and page.wsgi_request.practice == stranger.practice


def test_wrong_passwords_at_an_invitation_count_as_at_the_sign_in_page(client, therapist):
    door = an_invitation_to(therapist, an_owner("Other Hands"))
    for _n in range(6):
        page = client.post(door, {"name": "Robin", "password": "not this one at all"})
        assert page.status_code == 200 and "_auth_user_id" not in client.session
    sign_in(client, therapist)
    assert "_auth_user_id" not in client.session, "after so many wrong ones the right one waits too"
    client.post(door, {"name": "Robin", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_who_has_an_account_joins_with_its_password(client, therapist):
    stranger = an_owner("Other Hands")
    page = client.post(an_invitation_to(therapist, stranger), {"name": "Robin", "password": PASSWORD}, follow=True)
    assert page.wsgi_request.practice == stranger.practice and page.wsgi_request.user == therapist.user


def test_no_page_of_the_sign_in_library_stands_there_in_its_own_dress(client, therapist, public):
    set_up(client, therapist)
    names = ["account_change_password", "account_reset_password", "mfa_index", "mfa_view_recovery_codes",
             "mfa_generate_recovery_codes", "mfa_deactivate_totp", "account_reauthenticate", "mfa_reauthenticate"]  # fmt: skip
    for name in names:
        assert 'href="/static/css/' in client.get(reverse(name)).content.decode(), name
    for name in ("account_email", "account_email_verification_sent", "account_confirm_login_code"):
        assert client.get(reverse(name)).status_code == 404
