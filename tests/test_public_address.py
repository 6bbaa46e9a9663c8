"""A public address: HTTPS through Caddy with its own local authority, cookies that stay with it, and what is said without one."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from kneadwork.network.models import Stop
from kneadwork.outreach import emails
from kneadwork.practice import setting_up
from tests.builders import a_connection
from tests.installation import Installation, opened, ready

ROOT = Path(__file__).resolve().parents[1]


def free_ports(count: int) -> list[int]:
    """Ports that are free just now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _n in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@pytest.fixture
def served(tmp_path):
    """`kneadwork start --public` on this machine; answers its address, the one it prints for the first start, and how to trust it."""
    inner, outer = free_ports(2)
    made = Installation(tmp_path / "home", ready())
    made.environment["KNEADWORK_CADDY_INTERNAL"] = "1"
    made.environment["KNEADWORK_SECURITY_CONTACT"] = "https://hands.example/contact"
    address = f"https://localhost:{outer}"
    process = made.begin("start", "--no-browser", "--port", str(inner), "--public", address)
    authority = made.home / "caddy/pki/authorities/local/root.crt"
    until = time.monotonic() + 90
    try:
        first = opened(process)
        while time.monotonic() < until:
            assert process.poll() is None, process.communicate()[1]
            with contextlib.suppress(OSError, ssl.SSLError):
                trust = ssl.create_default_context(cafile=authority)
                with urllib.request.urlopen(f"{address}/readyz", context=trust, timeout=2):
                    break
            time.sleep(0.1)
        yield address, first, trust
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.mark.database
def test_https_is_served_under_the_public_name_with_cookies_of_that_name_only(served):
    address, first, trust = served
    assert first.startswith(f"{address}/welcome/")
    with pytest.raises(urllib.error.HTTPError, match="403"):  # without the key that was printed
        urllib.request.urlopen(f"{address}/welcome", context=trust, timeout=10)
    with urllib.request.urlopen(first, context=trust, timeout=10) as page:
        headers, text = page.headers, page.read().decode()
    assert headers["Strict-Transport-Security"] and headers["Content-Security-Policy"].startswith("default-src 'none'")
    cookie = headers["Set-Cookie"]
    assert cookie.startswith("__Host-csrf=") and "Secure" in cookie and "HttpOnly" in cookie
    assert "<form" in text
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{address}/healthz", timeout=5)  # nobody else vouches for it
    foreign = urllib.request.Request(f"{address}/welcome", headers={"Host": "evil.example"})
    with urllib.request.urlopen(foreign, context=trust, timeout=5) as page:
        assert b"Kneadwork" not in page.read()
    for path in ("/healthz", "/.well-known/security.txt"):
        with urllib.request.urlopen(f"{address}{path}", context=trust, timeout=5) as page:
            assert page.status == 200


def test_security_txt_names_somebody_who_reads_it_or_nobody(client, owner, settings):
    settings.SECURITY_CONTACT = ""
    assert client.get("/.well-known/security.txt").status_code == 404
    setting_up.change(owner.practice, {"email": "hello@hands.example"}, by=owner)
    assert "Contact: mailto:hello@hands.example\n" in client.get("/.well-known/security.txt").content.decode()
    for given, told in (
        ("it@hands.example", "mailto:it@hands.example"),
        ("https://hands.example/x", "https://hands.example/x"),
    ):
        settings.SECURITY_CONTACT = given
        page = client.get("/.well-known/security.txt").content.decode()
        assert f"Contact: {told}\n" in page and "Expires: 20" in page


def test_without_an_address_an_invitation_says_that_it_works_here_only(client, owner, settings):
    client.force_login(owner.user)
    settings.PUBLIC_URL = ""
    given = {"email": "ana@practice.example", "role": "therapist"}
    page = client.post(reverse("practice:people"), given).content.decode()
    assert "works on this machine only" in page and "A public address would add" in page
    settings.PUBLIC_URL = "https://hands.example"
    Authenticator.objects.create(user=owner.user, type=Authenticator.Type.TOTP, data={})  # demanded from now on
    given["email"] = "ben@practice.example"
    page = client.post(reverse("practice:people"), given).content.decode()
    assert "https://hands.example/join/" in page and "this machine only" not in page


def test_nothing_for_people_outside_carries_a_link_here_while_there_is_no_address(practice, owner, client, settings):
    settings.PUBLIC_URL = ""
    doctor = a_connection("Amara Lindqvist, DC", emails=["amara@spine.example"])
    assert "http" not in emails.hand_over(doctor, "Hello", "Whom do you help best?", by=owner).body
    settings.PUBLIC_URL = "https://hands.example"
    body = emails.hand_over(doctor, "Hello", "Whom do you help best?", by=owner).body
    link = re.search(r"https://hands\.example(/stop/\S+)", body)
    client.post(link[1])
    assert Stop.objects.filter(connection=doctor).exists()


def test_what_deploy_holds_names_commands_and_files_that_exist():
    from kneadwork.cli.program import COMMANDS

    texts = [f.read_text() for f in sorted((ROOT / "deploy").iterdir())]
    texts.append((ROOT / "docs/manual/running-on-a-server.md").read_text())
    named = {word for text in texts for word in re.findall(r"\bkneadwork (start|backup|restore|verify|doctor)\b", text)}
    assert named and named <= set(COMMANDS)
    for file in re.findall(r"deploy/([\w.-]+\.(?:service|timer))", texts[-1]):
        assert (ROOT / "deploy" / file).exists()
