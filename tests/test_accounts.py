"""Getting back in: a forgotten password by mail over a real mail server, or by command; limits on trying."""

from __future__ import annotations

import email
import re
from email import policy

import pytest
from aiosmtpd.controller import Controller
from django.urls import reverse

from kneadwork.common.tenancy import acting_in
from tests.builders import an_owner
from tests.test_public_address import free_ports


class Kept:
    """What a mail server took, read as mail programs do."""

    def __init__(self) -> None:
        self.messages: list = []

    async def handle_DATA(self, server, session, envelope) -> str:
        """Keep one message."""
        self.messages.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def mail_server(settings):
    """A real mail server on this machine, and the settings that lead to it."""
    kept = Kept()
    (port,) = free_ports(1)
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_USE_TLS = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.DEFAULT_FROM_EMAIL = "kneadwork@hands.example"
    yield kept
    controller.stop()


@pytest.fixture
def therapist(db):
    member = an_owner()
    member.user.set_password("an old password that is long")
    member.user.save()
    return member


def ask_for_reset(client, address: str):
    return client.post(reverse("account_reset_password"), {"email": address})


def test_a_forgotten_password_is_set_anew_by_mail_and_the_link_works_once(client, therapist, mail_server):
    ask_for_reset(client, therapist.user.email)
    (message,) = mail_server.messages
    assert message["To"] == therapist.user.email and message["From"] == "kneadwork@hands.example"
    link = re.search(r"http://\S+", message.get_content())[0]
    page = client.get(link, follow=True)
    new = {"password1": "quiet rivers run deeply", "password2": "quiet rivers run deeply"}
    client.post(page.redirect_chain[-1][0], new)
    assert client.login(email=therapist.user.email, password="quiet rivers run deeply")
    client.logout()
    again = client.get(link, follow=True).content.decode()
    assert 'name="password1"' not in again


def test_who_has_no_account_learns_nothing_and_gets_no_link(client, therapist, mail_server):
    known, unknown = ask_for_reset(client, therapist.user.email), ask_for_reset(client, "nobody@post.example")
    assert known.status_code == unknown.status_code and known["Location"] == unknown["Location"]
    assert not any("nobody" in m["To"] and "reset/key" in m.get_content() for m in mail_server.messages)


def test_without_a_mail_server_the_page_names_the_command(client, therapist, settings):
    settings.EMAIL_HOST = ""
    page = client.get(reverse("account_reset_password")).content.decode()
    assert "kneadwork member reset" in page and 'name="email"' not in page, "no form that sends nothing"
    asked = client.post(
        reverse("account_reset_password"), {"email": therapist.user.email}, follow=True
    ).content.decode()
    assert "kneadwork member reset" in asked and "on its way" not in asked


def test_with_a_mail_server_the_page_speaks_of_mail_only(client, therapist, mail_server):
    page = client.get(reverse("account_reset_password")).content.decode()
    done = client.post(reverse("account_reset_password"), {"email": therapist.user.email}, follow=True).content.decode()
    assert 'name="email"' in page and "on its way" in done and "member reset" not in page + done


def test_the_sign_in_page_speaks_as_the_rest_does_and_leads_once_to_a_new_password(client, therapist):
    page = client.get(reverse("account_login")).content.decode()
    assert page.count(reverse("account_reset_password")) == 1
    assert ">E-mail<" in page and ">Stay signed in on this machine<" in page
    wrong = {"login": therapist.user.email, "password": "not this one at all"}
    answer = client.post(reverse("account_login"), wrong).content.decode()
    assert "This e-mail and this password do not belong together." in answer
    for words in ("Remember Me", ">Email<", "email address"):
        assert words not in page + answer


def test_a_used_sign_in_address_leads_whoever_is_in_to_today(client, therapist):
    from kneadwork.practice import signing_in

    door = reverse("public:sign_in", args=[signing_in.sign_in_address(therapist.user)])
    client.post(door)
    assert client.get(door)["Location"] == reverse("today:page")
    fresh = reverse("public:sign_in", args=[signing_in.sign_in_address(therapist.user)])
    assert "works once" in client.get(fresh).content.decode(), "one that still works is not passed over"
    client.logout()
    assert client.post(door).status_code == 410


def test_by_command_an_address_signs_in_once(client, therapist):
    from kneadwork.practice import signing_in

    with acting_in(therapist.practice_id):
        token = signing_in.sign_in_address(therapist.user)
    address = f"/sign-in/{token}"
    assert client.post(address, follow=True).wsgi_request.user.pk == therapist.user.pk
    client.logout()
    assert client.post(address).status_code == 410


def test_wrong_passwords_are_soon_refused_with_a_calm_page(client, therapist):
    given = {"login": therapist.user.email, "password": "not this one at all"}
    answers = [client.post(reverse("account_login"), given).status_code for _n in range(12)]
    assert answers[0] == 200
    right = given | {"password": "an old password that is long"}
    client.post(reverse("account_login"), right)
    assert "_auth_user_id" not in client.session, "after so many wrong ones the right one waits too"


@pytest.mark.parametrize("door", ["/stop/AAAA", "/sign-in/AAAA", "/join/AAAA"])
def test_a_door_without_password_cannot_be_tried_without_end(client, therapist, door):
    answers = [client.post(door, {"name": "x", "password": "y"}).status_code for _n in range(25)]
    assert answers[0] != 429 and answers[-1] == 429
    assert client.get(door).status_code != 429


def test_a_program_is_asked_to_wait_and_told_how_long(client, therapist, settings, time_machine):
    time_machine.move_to("2026-11-24 12:00:01+00:00", tick=False)
    from kneadwork.practice import keys

    settings.LIMITS = settings.LIMITS | {"api": 3, "api_door": 2}
    with acting_in(therapist.practice_id):
        _key, secret = keys.make("test", member=therapist, by=therapist)
    headers = {"Authorization": f"Bearer {secret}"}
    answers = [client.get("/api/v1/today", headers=headers) for _n in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert answers[-1]["Retry-After"] == "60" and answers[-1]["Content-Type"] == "application/problem+json"
    guesses = [client.get("/api/v1/today", headers={"Authorization": f"Bearer x{n}"}).status_code for n in range(3)]
    assert guesses == [401, 401, 429]


def test_an_address_from_the_command_lets_a_new_password_be_chosen(client, therapist):
    from kneadwork.practice import signing_in

    token = signing_in.sign_in_address(therapist.user, purpose="reset")
    door = reverse("public:sign_in", args=[token])
    assert "Sign in" in client.get(door).content.decode()  # looking does not use it up
    answer = client.post(door)
    assert answer["Location"] == reverse("account_set_password")
    new = {"password1": "quiet rivers run deeply", "password2": "quiet rivers run deeply"}
    client.post(answer["Location"], new)
    client.logout()
    assert client.login(email=therapist.user.email, password="quiet rivers run deeply")
    assert not client.login(email=therapist.user.email, password="an old password that is long")
    assert client.post(door).status_code == 410


def test_the_sample_practice_opens_with_today(client, db):
    from kneadwork.practice import signing_in

    owner = an_owner(sample=True)
    owner.user.set_unusable_password()
    owner.user.save()
    answer = client.post(reverse("public:sign_in", args=[signing_in.sign_in_address(owner.user)]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("today:page") and answer.status_code == 200
    assert b"Successfully" not in answer.content
