"""Opaque ids: 63-bit, ordered by the time of making, unique without asking a database.

41 bits of milliseconds since 2024 and 22 bits of chance; within one process they only grow. They are shown to people and
programs as thirteen letters and digits (Crockford's alphabet: no i, l, o, u).
"""

import secrets
import threading
import time

_EPOCH_MS = 1_704_067_200_000
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """A new id, greater than any made before in this process."""
    global _last
    with _lock:
        fresh = (int(time.time() * 1000) - _EPOCH_MS << 22) | secrets.randbits(22)
        _last = max(_last + 1, fresh)
        return _last


def show(number: int) -> str:
    """The id as people and programs see it."""
    letters = ""
    for _ in range(13):
        number, rest = divmod(number, 32)
        letters = _ALPHABET[rest] + letters
    return letters


def read(text: str) -> int:
    """The number of a shown id; ValueError where the text is none."""
    if len(text) != 13 or any(letter not in _ALPHABET for letter in text):
        raise ValueError(text)
    number = 0
    for letter in text:
        number = number * 32 + _ALPHABET.index(letter)
    if number >= 1 << 63:
        raise ValueError(text)
    return number


def number_of(text: str) -> int | None:
    """The number of a shown id, or None where it can be nobody's."""
    try:
        return read(text)
    except ValueError:
        return None


class Converter:
    """The path converter `<ref:...>`: a shown id in an address."""

    regex = "[0-9a-hjkmnp-tv-z]{13}"

    def to_python(self, value: str) -> int:
        """The number of the id in an address."""
        return read(value)

    def to_url(self, value: int) -> str:
        """The id as it stands in an address."""
        return value if isinstance(value, str) else show(value)
