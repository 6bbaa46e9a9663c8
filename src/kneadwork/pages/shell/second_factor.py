"""The second factor: a code from the phone besides the password, demanded as soon as the practice has a public address.

Source of the rule: ASVS 5.0.0, 6.3.3. The codes themselves (RFC 6238), their page and their limits are the sign-in library's.
"""

from __future__ import annotations

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the shared secrets encrypted at rest, under a key that is not in the database."""

    def encrypt(self, text: str) -> str:
        """For the database."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Counterpart of `encrypt`; cryptography's InvalidToken where a single bit was changed."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def missing(user: AbstractBaseUser) -> bool:
    """Whether this person must set up a second factor before anything else. One query with a public address, else none."""
    from allauth.mfa.models import Authenticator

    if not settings.PUBLIC_URL:
        return False
    return not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def _cipher():
    from cryptography.fernet import Fernet

    key = hashlib.sha256(b"second factor:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
