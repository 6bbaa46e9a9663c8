"""Text that a spreadsheet would run as a formula is written so that it stays text, and read back as it was."""

from __future__ import annotations

import re
import unicodedata

#: A whole number, or a country's code with a gap behind it: no spreadsheet can compute either.
_TELEPHONE = re.compile(r"\+(?:[0-9]{7,15}|[0-9]{1,3} \(?[0-9]{2,}[0-9 ().-]*)")


def harmless(text: str) -> str:
    """The text with a leading apostrophe where it could be taken for a formula; telephones stay as they are."""
    return "'" + text if _runs(text.lstrip("'")) else text


def original(text: str) -> str:
    """The text that `harmless` was given."""
    return text[1:] if text.startswith("'") and _runs(text.lstrip("'")) else text


def _runs(text: str) -> bool:
    """Whether a spreadsheet would compute this, once it has passed over gaps, quotes and what cannot be seen."""
    start = next((i for i, c in enumerate(text) if c != '"' and unicodedata.category(c)[0] not in "ZC"), len(text))
    if any(c in "\t\r\0" for c in text[:start]):
        return True
    if unicodedata.normalize("NFKC", text[start : start + 1]) not in ("=", "+", "-", "@"):
        return False
    return not _TELEPHONE.fullmatch(text)
