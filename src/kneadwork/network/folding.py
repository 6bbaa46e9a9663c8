"""Words and names made comparable: small letters, without accents; names as people say them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from kneadwork.facts import credentials

_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> list[str]:
    """The words of a text as they are compared: small letters, without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return [w[:60] for w in _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))]


@lru_cache(maxsize=50_000)
def as_said(name: str) -> str:
    """A name for comparing: as people say it, without title and credentials, folded."""
    return " ".join(fold(credentials.bare(name)))
