"""Secrets in addresses and keys for programs: 256 bits of chance, only their hash is kept."""

import hashlib
import secrets


def make() -> tuple[str, str]:
    """A new token and the hash under which it is kept."""
    token = secrets.token_urlsafe(32)
    return token, hashed(token)


def hashed(token: str) -> str:
    """The hash of a token (chance enough that no salt is needed)."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
