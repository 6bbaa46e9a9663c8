"""E-mails: one recipient whatever the address holds, a refusal in words where it is none, the text that suits what was between us."""

from __future__ import annotations

import email
from email import policy
from urllib.parse import unquote, urlsplit

import pytest
from django.urls import reverse

from kneadwork.common.acts import act
from kneadwork.network.models import ContactPoint
from kneadwork.outreach import emails
from kneadwork.outreach.models import Release
from tests.builders import a_connection


@pytest.fixture
def page(client, owner):
    client.force_login(owner.user)
    return client


def somebody(address: str, name: str = "Amara Lindqvist, DC", **more):
    """A connection with this e-mail as an import may have left it."""
    made = a_connection(name, **more)
    with act("import", by_name="test"):
        ContactPoint(connection=made, kind="email", value=address, normal=address.casefold(), preferred=True).save()
    return made


def as_file(page, to) -> bytes:
    address = reverse("today:step", args=[to.pk, "first_letter"]) + "?by=email"
    return page.post(address, {"subject": "Hello", "body": "Whom do you help best?", "as": "file"})


@pytest.mark.parametrize("written, meant", [
    ("amara@spine.example", "amara@spine.example"), ("<amara@spine.example>", "amara@spine.example"),
    (" mailto:amara@spine.example ", "amara@spine.example"), ("josé@exämple.com", None), ("jo@exämple.com", "jo@xn--exmple-cua.com"),
    ("a@b.org, c@d.org", None), ("a@b.org;c@d.org", None), ("a@b.org\u2028Bcc: x@y.org", None), ("a@b.org\r\nBcc: x@y.org", None),
    ("tom@@broken", None), ("not an email", None), ("a b@c.org", None), ('"a,b"@c.org', None), ("A <a@b.org>", "a@b.org"),
    ("x" * 300 + "@b.org", None), ("a@b..org", None), ("@b.org", None), ("a@", None), ("a@b.org%0aBcc:x@y.org", None), ("", None),
])  # fmt: skip
def test_an_email_has_one_recipient_or_is_refused_in_words(page, written, meant):
    to = somebody(written) if written else a_connection("Amara Lindqvist, DC")
    answer = as_file(page, to)
    assert answer.status_code == 200
    if meant is None:
        assert answer["Content-Type"].startswith("text/html") and not Release.objects.exists()
        assert "e-mail address" in answer.content.decode()
        return
    message = email.message_from_bytes(answer.content, policy=policy.default)
    assert [one.addr_spec for one in message["To"].addresses] == [meant]
    assert message["Bcc"] is None and message["Cc"] is None and not message.defects
    assert Release.objects.get().connection == to


@pytest.mark.parametrize(
    "name", ["Müller, Jörg", 'Ann "The Neck" Roe', "Eve\u2028Bcc: x@y.org", "日本 <x@y.org>, Bo", "A" * 190]
)
def test_whatever_the_name_holds_the_recipient_stays_one(page, name):
    message = email.message_from_bytes(as_file(page, somebody("a@b.org", name)).content, policy=policy.default)
    assert [one.addr_spec for one in message["To"].addresses] == ["a@b.org"]
    assert message["Bcc"] is None


def test_the_link_has_one_recipient_too(practice, owner):
    sent = emails.hand_over(somebody("<o'neil+x@b.org>"), "Hello", "A word", by=owner)
    assert unquote(urlsplit(sent.link).path) == "o'neil+x@b.org"


def test_a_practice_whose_own_address_is_none_still_gets_its_draft(page, practice):
    with act("change practice", by_name="test"):
        practice.email = "me@here.org, you@there.org"
        practice.save()
    message = email.message_from_bytes(as_file(page, somebody("a@b.org")).content, policy=policy.default)
    assert message["From"] is None and message["To"].addresses[0].addr_spec == "a@b.org"
