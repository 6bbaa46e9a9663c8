"""What docs/security.md says is not there, and what no line of the source may say."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver

from kneadwork.cli.starting import server_command
from kneadwork.common import environment

ROOT = Path(__file__).resolve().parents[1]
SOURCES = [f for f in (ROOT / "src/kneadwork").rglob("*") if f.suffix in (".py", ".html") and "tests" not in f.parts]
#: Chapters and requirements of ASVS that are about these.
FEATURES = {
    "OAuth, OpenID, SAML (V10, 6.8, 7.6)": "oauth|openid|social|saml|jwt", "WebRTC (V17)": "webrtc|aiortc|turn",
    "GraphQL (4.3)": "graphene|graphql|strawberry|ariadne", "WebSocket (4.4)": "channels|websocket|daphne|socketio",
    "LDAP, XPath, LaTeX (1.2.6-1.2.8)": "ldap|xpath|lxml|latex", "memcached (1.3.9)": "pymemcache|pylibmc",
    "JNDI and other such look-ups (1.3.8)": "jndi|java|jpype",
}  # fmt: skip


@pytest.mark.parametrize("feature", FEATURES)
def test_the_feature_is_neither_installed_nor_needed(feature):
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    parts = [*needed, *settings.INSTALLED_APPS, *settings.MIDDLEWARE, settings.CACHES["default"]["BACKEND"]]
    assert [part for part in parts if re.search(FEATURES[feature], part, re.I)] == []


def test_the_server_speaks_no_websocket_and_no_address_is_one():
    assert "--no-ws" in server_command(8765)
    assert not re.search(r"\bwss?://|graphql|oauth", str(get_resolver().url_patterns))


@pytest.mark.parametrize("words", [
    r"\bmark_safe\b", r"\|\s*safe\b", r"autoescape off", r"\.extra\(", r"\.raw\(", r"RawSQL", r"shell=True", r"os\.system",
    r"yaml\.load\(", r"(?<![\w.\"'])eval\(", r"(?<![\w.])exec\(", r"verify=False", r"<script(?![^>]*\bsrc=)",
    r"\son(click|load|error|submit)=", r"DEBUG = True",
])  # fmt: skip
def test_no_line_says(words):
    assert [f"{f.relative_to(ROOT)}" for f in SOURCES if re.search(words, f.read_text())] == []


def test_passwords_are_hashed_with_argon2id_and_older_hashes_understood(monkeypatch):
    monkeypatch.delenv("KNEADWORK_FAST_PASSWORDS", raising=False)
    assert environment.read().password_hashers() == [
        "django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]  # fmt: skip
    assert settings.DEBUG is False and settings.SESSION_COOKIE_AGE <= 14 * 24 * 3600
