"""Oneself and one's keys: another e-mail, another practice, keys and invitations on the page; all of it in the history."""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse

from kneadwork.common.models import Act
from kneadwork.common.tenancy import acting_in
from kneadwork.practice import keys, people, signing_in
from kneadwork.practice.models import Role
from tests.builders import a_member, an_owner

pytestmark = pytest.mark.django_db
PASSWORD = "quiet rivers run deeply"


@pytest.fixture
def robin(client, owner):
    """The owner, with a password, signed in."""
    owner.user.set_password(PASSWORD)
    owner.user.save()
    client.post(reverse("account_login"), {"login": owner.user.email, "password": PASSWORD})
    return owner


def kept(practice_id: int, kind: str) -> list[Act]:
    with acting_in(practice_id, writing=False):
        return list(Act.objects.filter(kind=kind).order_by("pk"))


def test_another_email_signs_in_and_the_old_one_no_longer_does(client, robin, settings):
    settings.EMAIL_HOST = "localhost"
    old = robin.user.email
    wrong = client.post(reverse("practice:you"), {"email": "robin@new.example", "password": "not it"})
    assert "not your password" in wrong.content.decode()
    client.post(reverse("practice:you"), {"email": "Robin@New.example", "password": PASSWORD})
    assert [m.to for m in mail.outbox] == [[old]], "who had the old address learns of it"
    client.logout()
    assert not client.login(email=old, password=PASSWORD)
    assert client.login(email="robin@new.example", password=PASSWORD)
    client.logout()
    client.post(reverse("account_login"), {"login": old, "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    [act] = kept(robin.practice_id, "sign-in e-mail")
    assert act.by_id == robin.pk and old in act.summary and "robin@new.example" in act.summary


def test_an_email_of_somebody_else_is_refused(client, robin):
    other = an_owner()
    page = client.post(reverse("practice:you"), {"email": other.user.email, "password": PASSWORD}).content.decode()
    assert "cannot be used" in page
    robin.user.refresh_from_db()
    assert robin.user.email != other.user.email


def test_a_changed_password_and_a_reset_stand_in_the_history(client, robin):
    new = "slow rivers run deeper still"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    signing_in.reset(robin.user, second_factor=True, by_name="command line")
    assert [a.summary for a in kept(robin.practice_id, "password")] == ["changed"]
    assert [a.by_name for a in kept(robin.practice_id, "second factor")] == ["command line"]
    assert [a.by_name for a in kept(robin.practice_id, "sign-in address")] == ["command line"]


def test_who_works_in_two_practices_goes_from_one_to_the_other(client, robin):
    other = an_owner("Quiet Hands")
    with acting_in(other.practice_id):
        _invitation, token = people.invite(robin.user.email, Role.HELPER, by=other)
    people.accept(token, name="Robin", password=PASSWORD)
    assert "Quiet Hands" in client.get(reverse("practice:you")).content.decode()
    client.post(reverse("practice:switch"), {"practice": other.practice.ref})
    assert "Quiet Hands" in client.get(reverse("practice:home")).content.decode()
    strange = an_owner("Strange Hands")
    assert client.post(reverse("practice:switch"), {"practice": strange.practice.ref}).status_code == 404
    assert client.post(reverse("practice:switch"), {"practice": "nonsense"}).status_code == 404


def test_a_key_is_shown_once_opens_the_api_and_is_ended(client, robin):
    page = client.post(reverse("practice:keys"), {"name": "the till"})
    secret = page.context["secret"]
    assert secret in page.content.decode() and secret not in client.get(reverse("practice:keys")).content.decode()
    header = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/connections", headers=header).status_code == 200
    with acting_in(robin.practice_id):
        [key] = keys.standing()
    client.post(reverse("practice:end_key", args=[key.pk]))
    assert client.get("/api/v1/connections", headers=header).status_code == 401


def test_a_therapist_sees_and_ends_their_own_keys_only(client, robin, practice):
    therapist = a_member(robin, Role.THERAPIST)
    key, _secret = keys.make("the owner's till", member=robin, by=robin)
    client.force_login(therapist.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "till" not in client.get(reverse("practice:keys")).content.decode()
    assert client.post(reverse("practice:end_key", args=[key.pk])).status_code == 404
    key.refresh_from_db()
    assert key.revoked_at is None


def test_an_invitation_is_listed_and_withdrawn(client, robin, practice):
    invitation, token = people.invite("kofi@practice.example", Role.THERAPIST, by=robin)
    assert "kofi@practice.example" in client.get(reverse("practice:people")).content.decode()
    client.post(reverse("practice:withdraw", args=[invitation.pk]))
    client.get(reverse("practice:people"))  # says that it was withdrawn
    assert "kofi@practice.example" not in client.get(reverse("practice:people")).content.decode()
    with pytest.raises(people.PeopleError):
        people.accept(token, name="Kofi", password=PASSWORD)


def test_a_form_that_shows_a_secret_sent_again_makes_no_second_one(client, robin):
    mark = client.get(reverse("practice:keys")).context["once"]
    given = {"name": "the till", "once": mark}
    assert client.post(reverse("practice:keys"), given).context["secret"]
    again = client.post(reverse("practice:keys"), given)
    assert not again.context["secret"] and "done already" in again.content.decode()
    with acting_in(robin.practice_id):
        assert len(keys.standing()) == 1
